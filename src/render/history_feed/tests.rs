//! Feeds of the whole history, page by page.

use snapbox::{IntoData as _, assert_data_eq, str};

use super::*;
use crate::render::fixture::{fixture, made};

#[test]
fn the_history_in_statuspages_shape() {
    let mut fixture = fixture();
    fixture.site.incidents[1].title = "Mail is slow".to_owned();
    fixture.site.incidents[1].updates[0].body = crate::model::Markdown::new("We look.");
    assert_data_eq!(made(&outputs(fixture.source()), "history.atom"), str![[r#"
<?xml version="1.0" encoding="UTF-8"?>
<feed xml:lang="en" xmlns="http://www.w3.org/2005/Atom">
  <id>tag:status.fjordpost.example,2005:/history</id>
  <link rel="alternate" type="text/html" href="https://status.fjordpost.example"/>
  <link rel="self" type="application/atom+xml" href="https://status.fjordpost.example/history.atom"/>
  <title>Fjordpost status - Incident History</title>
  <updated>2022-03-30T10:00:00Z</updated>
  <author>
    <name>Fjordpost status</name>
  </author>
  <entry>
    <id>tag:status.fjordpost.example,2005:Incident/1747735892</id>
    <published>2022-04-02T22:00:00Z</published>
    <updated>2022-03-28T08:00:00Z</updated>
    <link rel="alternate" type="text/html" href="https://status.fjordpost.example/incidents/2022-04-03-disks/"/>
    <title>New disks, faster POP</title>
    <content type="html">&lt;p&gt;&lt;strong&gt;THIS IS A SCHEDULED EVENT Apr &lt;var data-var=&#39;date&#39;&gt; 2&lt;/var&gt;, &lt;var data-var=&#39;time&#39;&gt;22:00&lt;/var&gt; UTC &amp;nbsp;-&amp;nbsp; Apr &lt;var data-var=&#39;date&#39;&gt; 3&lt;/var&gt;, &lt;var data-var=&#39;time&#39;&gt;02:00&lt;/var&gt; UTC&lt;/strong&gt;&lt;/p&gt; &lt;p&gt; &lt;small&gt;Mar &lt;var data-var=&#39;date&#39;&gt;28&lt;/var&gt;, &lt;var data-var=&#39;time&#39;&gt;08:00&lt;/var&gt; UTC&lt;/small&gt;&lt;br&gt; &lt;strong&gt;Scheduled&lt;/strong&gt; - We replace the disks of all POP servers, one after the other; each is away for about five minutes.&lt;br /&gt;&lt;br /&gt;No mail is lost. &lt;/p&gt;</content>
  </entry>
  <entry>
    <id>tag:status.fjordpost.example,2005:Incident/2932477929</id>
    <published>2022-03-30T10:00:00Z</published>
    <updated>2022-03-30T10:00:00Z</updated>
    <link rel="alternate" type="text/html" href="https://status.fjordpost.example/incidents/2022-03-30-slow/"/>
    <title>Mail is slow</title>
    <content type="html">&lt;p&gt; &lt;small&gt;Mar &lt;var data-var=&#39;date&#39;&gt;30&lt;/var&gt;, &lt;var data-var=&#39;time&#39;&gt;10:00&lt;/var&gt; UTC&lt;/small&gt;&lt;br&gt; &lt;strong&gt;Investigating&lt;/strong&gt; - We look. &lt;/p&gt;</content>
  </entry>
  <entry>
    <id>tag:status.fjordpost.example,2005:Incident/2853598358</id>
    <published>2022-03-29T22:05:00Z</published>
    <updated>2022-03-29T22:05:00Z</updated>
    <link rel="alternate" type="text/html" href="https://status.fjordpost.example/incidents/2022-03-29-imap-logins/"/>
    <title>IMAP logins failing</title>
    <content type="html">&lt;p&gt; &lt;small&gt;Mar &lt;var data-var=&#39;date&#39;&gt;29&lt;/var&gt;, &lt;var data-var=&#39;time&#39;&gt;22:05&lt;/var&gt; UTC&lt;/small&gt;&lt;br&gt; &lt;strong&gt;Resolved&lt;/strong&gt; - All logins work. &lt;/p&gt; &lt;p&gt; &lt;small&gt;Mar &lt;var data-var=&#39;date&#39;&gt;29&lt;/var&gt;, &lt;var data-var=&#39;time&#39;&gt;10:12&lt;/var&gt; UTC&lt;/small&gt;&lt;br&gt; &lt;strong&gt;Identified&lt;/strong&gt; - Somebody tries many passwords; see planned work.&lt;br /&gt;&lt;br /&gt;Use webmail &amp;lt; IMAP. &lt;/p&gt; &lt;p&gt; &lt;small&gt;Mar &lt;var data-var=&#39;date&#39;&gt;29&lt;/var&gt;, &lt;var data-var=&#39;time&#39;&gt;09:20&lt;/var&gt; UTC&lt;/small&gt;&lt;br&gt; &lt;strong&gt;Investigating&lt;/strong&gt; - Some of you can&#39;t log in. We look into it. &lt;/p&gt;</content>
  </entry>
  <entry>
    <id>tag:status.fjordpost.example,2005:Incident/4010547866</id>
    <published>2022-03-01T12:00:00Z</published>
    <updated>2022-03-01T12:00:00Z</updated>
    <link rel="alternate" type="text/html" href="https://status.fjordpost.example/incidents/2022-03-01-alarm/"/>
    <title>Website not reached</title>
    <content type="html">&lt;p&gt; &lt;small&gt;Mar &lt;var data-var=&#39;date&#39;&gt; 1&lt;/var&gt;, &lt;var data-var=&#39;time&#39;&gt;12:00&lt;/var&gt; UTC&lt;/small&gt;&lt;br&gt; &lt;strong&gt;Resolved&lt;/strong&gt; - A check was wrong. &lt;/p&gt;</content>
  </entry>
  <entry>
    <id>tag:status.fjordpost.example,2005:Incident/1087709381</id>
    <published>2021-12-31T22:30:00Z</published>
    <updated>2021-12-30T09:00:00Z</updated>
    <link rel="alternate" type="text/html" href="https://status.fjordpost.example/incidents/2021-12-31-move/"/>
    <title>Website moves</title>
    <content type="html">&lt;p&gt;&lt;strong&gt;THIS IS A SCHEDULED EVENT Dec &lt;var data-var=&#39;date&#39;&gt;31&lt;/var&gt;, &lt;var data-var=&#39;time&#39;&gt;22:30&lt;/var&gt; UTC&lt;/strong&gt;&lt;/p&gt; &lt;p&gt; &lt;small&gt;Dec &lt;var data-var=&#39;date&#39;&gt;30&lt;/var&gt;, &lt;var data-var=&#39;time&#39;&gt;09:00&lt;/var&gt; UTC&lt;/small&gt;&lt;br&gt; &lt;strong&gt;Completed&lt;/strong&gt; - Called off. &lt;/p&gt; &lt;p&gt; &lt;small&gt;Dec &lt;var data-var=&#39;date&#39;&gt;20&lt;/var&gt;, &lt;var data-var=&#39;time&#39;&gt;09:00&lt;/var&gt; UTC&lt;/small&gt;&lt;br&gt; &lt;strong&gt;Scheduled&lt;/strong&gt; - We move the website. &lt;/p&gt;</content>
  </entry>
</feed>

"#]].raw());
}

#[test]
fn rss_has_its_addresses_as_ids() {
    let fixture = fixture();
    let rss = made(&outputs(fixture.source()), "history.rss");
    assert!(rss.contains("<guid>https://status.fjordpost.example/incidents/2022-04-03-disks/</guid>"));
    assert!(rss.contains("<pubDate>Sat, 02 Apr 2022 22:00:00 +0000</pubDate>"));
}

#[test]
fn a_stage_that_repeats_is_an_update() {
    let mut fixture = fixture();
    let again = fixture.site.incidents[0].updates[0].clone();
    fixture.site.incidents[0].updates.insert(1, again);
    let html = content(fixture.source(), &fixture.site.incidents[0]);
    let labels: Vec<_> = html.split("<strong>").skip(1).filter_map(|part| part.split('<').next()).collect();
    assert_eq!(labels, ["Resolved", "Identified", "Update", "Investigating"]);
}
