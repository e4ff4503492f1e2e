//! Feeds: Atom, RSS and JSON Feed of the same entries.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::collections::BTreeSet;

use quick_xml::events::Event;
use snapbox::{IntoData as _, assert_data_eq, str};

use super::*;
use crate::model::PostedAt;
use crate::model::{IncidentStatus, Stage};
use crate::render::fixture::{HOSTILE, days_after, fixture, incident, made, update};
use crate::render::machine;

/// Every text and attribute of an XML document. Panics where it is not well-formed.
#[track_caller]
fn texts(xml: &str) -> Vec<String> {
    let mut reader = quick_xml::Reader::from_str(xml);
    reader.config_mut().check_end_names = true;
    let mut texts = vec![String::new()];
    let mut depth = 0;
    loop {
        match reader.read_event().unwrap() {
            Event::Eof => break,
            Event::Start(tag) => {
                tag.attributes().for_each(|attribute| drop(attribute.unwrap()));
                depth += 1;
                texts.push(String::new());
            }
            Event::Empty(tag) => tag.attributes().for_each(|attribute| drop(attribute.unwrap())),
            Event::End(_) => {
                depth -= 1;
                texts.push(String::new());
            }
            Event::Text(text) => texts.last_mut().unwrap().push_str(&text),
            Event::GeneralRef(name) => texts.last_mut().unwrap().push_str(match name.as_ref() {
                "amp" => "&",
                "lt" => "<",
                "gt" => ">",
                "quot" => "\"",
                "#39" => "'",
                other => panic!("reference {other}"),
            }),
            Event::Decl(_) => {}
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(depth, 0);
    assert!(!xml.chars().any(escape::is_forbidden));
    texts
}

#[test]
fn an_entry_for_each_update_newest_first() {
    let fixture = fixture();
    let outputs = outputs(fixture.source(), &fixture.keys());
    assert_data_eq!(made(&outputs, "feed.atom"), str![[r#"
<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en">
  <id>https://status.fjordpost.example/feed.atom</id>
  <title>Fjordpost status</title>
  <updated>2022-03-30T10:00:00Z</updated>
  <link rel="self" type="application/atom+xml" href="https://status.fjordpost.example/feed.atom"/>
  <link rel="alternate" type="text/html" href="https://status.fjordpost.example/"/>
  <author><name>Fjordpost status</name></author>
  <entry>
    <id>tag:status.fjordpost.example,2022:rfo/2022-03-29-logins</id>
    <title>Password attack on IMAP: Report</title>
    <published>2022-03-30T10:00:00Z</published>
    <updated>2022-03-30T10:00:00Z</updated>
    <link rel="alternate" type="text/html" href="https://status.fjordpost.example/rfo/2022-03-29-imap-logins/"/>
    <category term="imap" label="IMAP"/>
    <category term="pop" label="POP"/>
    <category term="major" label="Major impact"/>
    <content type="html">&lt;p&gt;It began at night. More below.&lt;/p&gt;
&lt;h3&gt;Cause&lt;/h3&gt;
&lt;p&gt;Weak limits.&lt;/p&gt;</content>
  </entry>
  <entry>
    <id>tag:status.fjordpost.example,2022:2022-03-30-slow/20220330-investigating</id>
    <title>&lt;b&gt;&amp;"']]&gt;; \n, {title} ☃😀: Investigating</title>
    <published>2022-03-30T10:00:00Z</published>
    <updated>2022-03-30T10:00:00Z</updated>
    <link rel="alternate" type="text/html" href="https://status.fjordpost.example/incidents/2022-03-30-slow/#u-20220330-investigating"/>
    <category term="imap" label="IMAP"/>
    <category term="minor" label="Minor impact"/>
    <content type="html">&lt;p&gt;&amp;lt;b&amp;gt;&amp;amp;"']]&amp;gt;; \n, {title} ☃😀&lt;/p&gt;</content>
  </entry>
  <entry>
    <id>tag:status.fjordpost.example,2022:2022-03-29-logins/20220329-2205-resolved</id>
    <title>IMAP logins failing: Resolved</title>
    <published>2022-03-29T22:05:00Z</published>
    <updated>2022-03-29T22:05:00Z</updated>
    <link rel="alternate" type="text/html" href="https://status.fjordpost.example/incidents/2022-03-29-imap-logins/#u-20220329-2205-resolved"/>
    <category term="imap" label="IMAP"/>
    <category term="pop" label="POP"/>
    <category term="major" label="Major impact"/>
    <content type="html">&lt;p&gt;All logins work.&lt;/p&gt;</content>
  </entry>
  <entry>
    <id>tag:status.fjordpost.example,2022:2022-03-29-logins/20220329-1012-identified</id>
    <title>IMAP logins failing: Identified</title>
    <published>2022-03-29T10:12:00Z</published>
    <updated>2022-03-29T10:12:00Z</updated>
    <link rel="alternate" type="text/html" href="https://status.fjordpost.example/incidents/2022-03-29-imap-logins/#u-20220329-1012-identified"/>
    <category term="imap" label="IMAP"/>
    <category term="pop" label="POP"/>
    <category term="major" label="Major impact"/>
    <content type="html">&lt;p&gt;Somebody tries &lt;em&gt;many&lt;/em&gt; passwords; see &lt;a href="https://status.fjordpost.example/maintenance/"&gt;planned work&lt;/a&gt;.&lt;/p&gt;
&lt;p&gt;Use webmail &amp;lt; IMAP.&lt;/p&gt;</content>
  </entry>
  <entry>
    <id>tag:status.fjordpost.example,2022:2022-03-29-logins/20220329-0920-investigating</id>
    <title>IMAP logins failing: Investigating</title>
    <published>2022-03-29T09:20:00Z</published>
    <updated>2022-03-29T09:20:00Z</updated>
    <link rel="alternate" type="text/html" href="https://status.fjordpost.example/incidents/2022-03-29-imap-logins/#u-20220329-0920-investigating"/>
    <category term="imap" label="IMAP"/>
    <category term="pop" label="POP"/>
    <category term="major" label="Major impact"/>
    <content type="html">&lt;p&gt;Some of you can't log in. We look into it.&lt;/p&gt;</content>
  </entry>
  <entry>
    <id>tag:status.fjordpost.example,2022:2022-04-03-disks/20220328-0800-scheduled</id>
    <title>New disks, faster POP: Scheduled</title>
    <published>2022-03-28T08:00:00Z</published>
    <updated>2022-03-28T08:00:00Z</updated>
    <link rel="alternate" type="text/html" href="https://status.fjordpost.example/incidents/2022-04-03-disks/#u-20220328-0800-scheduled"/>
    <category term="pop" label="POP"/>
    <category term="maintenance" label="Maintenance"/>
    <content type="html">&lt;p&gt;We replace the disks of all POP servers, one after the other; each is away for about five minutes.&lt;/p&gt;
&lt;p&gt;No mail is lost.&lt;/p&gt;</content>
  </entry>
  <entry>
    <id>tag:status.fjordpost.example,2022:2022-03-01-alarm/20220301-1200-note</id>
    <title>Website not reached: False alarm</title>
    <published>2022-03-01T12:00:00Z</published>
    <updated>2022-03-01T12:00:00Z</updated>
    <link rel="alternate" type="text/html" href="https://status.fjordpost.example/incidents/2022-03-01-alarm/#u-20220301-1200-note"/>
    <category term="web" label="Website"/>
    <category term="false_alarm" label="False alarm"/>
    <content type="html">&lt;p&gt;A check was wrong.&lt;/p&gt;</content>
  </entry>
  <entry>
    <id>tag:status.fjordpost.example,2021:2021-12-31-move/20211230-0900-cancelled</id>
    <title>Website moves: Cancelled</title>
    <published>2021-12-30T09:00:00Z</published>
    <updated>2021-12-30T09:00:00Z</updated>
    <link rel="alternate" type="text/html" href="https://status.fjordpost.example/incidents/2021-12-31-move/#u-20211230-0900-cancelled"/>
    <category term="web" label="Website"/>
    <category term="maintenance" label="Maintenance"/>
    <content type="html">&lt;p&gt;Called off.&lt;/p&gt;</content>
  </entry>
  <entry>
    <id>tag:status.fjordpost.example,2021:2021-12-31-move/20211220-0900-scheduled</id>
    <title>Website moves: Scheduled</title>
    <published>2021-12-20T09:00:00Z</published>
    <updated>2021-12-20T09:00:00Z</updated>
    <link rel="alternate" type="text/html" href="https://status.fjordpost.example/incidents/2021-12-31-move/#u-20211220-0900-scheduled"/>
    <category term="web" label="Website"/>
    <category term="maintenance" label="Maintenance"/>
    <content type="html">&lt;p&gt;We move the website.&lt;/p&gt;</content>
  </entry>
</feed>

"#]].raw());
}

#[test]
fn rss_says_the_same() {
    let fixture = fixture();
    let outputs = outputs(fixture.source(), &fixture.keys());
    assert_data_eq!(made(&outputs, "components/pop/feed.rss"), str![[r#"
<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom">
<channel>
<title>Fjordpost status: POP</title>
<link>https://status.fjordpost.example/components/pop/</link>
<description>Fjordpost status</description>
<language>en</language>
<lastBuildDate>Wed, 30 Mar 2022 10:00:00 GMT</lastBuildDate>
<atom:link rel="self" type="application/rss+xml" href="https://status.fjordpost.example/components/pop/feed.rss"/>
<item>
<title>Password attack on IMAP: Report</title>
<link>https://status.fjordpost.example/rfo/2022-03-29-imap-logins/</link>
<guid isPermaLink="false">tag:status.fjordpost.example,2022:rfo/2022-03-29-logins</guid>
<pubDate>Wed, 30 Mar 2022 10:00:00 GMT</pubDate>
<category>IMAP</category>
<category>POP</category>
<category>Major impact</category>
<description>&lt;p&gt;It began at night. More below.&lt;/p&gt;
&lt;h3&gt;Cause&lt;/h3&gt;
&lt;p&gt;Weak limits.&lt;/p&gt;</description>
</item>
<item>
<title>IMAP logins failing: Resolved</title>
<link>https://status.fjordpost.example/incidents/2022-03-29-imap-logins/#u-20220329-2205-resolved</link>
<guid isPermaLink="false">tag:status.fjordpost.example,2022:2022-03-29-logins/20220329-2205-resolved</guid>
<pubDate>Tue, 29 Mar 2022 22:05:00 GMT</pubDate>
<category>IMAP</category>
<category>POP</category>
<category>Major impact</category>
<description>&lt;p&gt;All logins work.&lt;/p&gt;</description>
</item>
<item>
<title>IMAP logins failing: Identified</title>
<link>https://status.fjordpost.example/incidents/2022-03-29-imap-logins/#u-20220329-1012-identified</link>
<guid isPermaLink="false">tag:status.fjordpost.example,2022:2022-03-29-logins/20220329-1012-identified</guid>
<pubDate>Tue, 29 Mar 2022 10:12:00 GMT</pubDate>
<category>IMAP</category>
<category>POP</category>
<category>Major impact</category>
<description>&lt;p&gt;Somebody tries &lt;em&gt;many&lt;/em&gt; passwords; see &lt;a href="https://status.fjordpost.example/maintenance/"&gt;planned work&lt;/a&gt;.&lt;/p&gt;
&lt;p&gt;Use webmail &amp;lt; IMAP.&lt;/p&gt;</description>
</item>
<item>
<title>IMAP logins failing: Investigating</title>
<link>https://status.fjordpost.example/incidents/2022-03-29-imap-logins/#u-20220329-0920-investigating</link>
<guid isPermaLink="false">tag:status.fjordpost.example,2022:2022-03-29-logins/20220329-0920-investigating</guid>
<pubDate>Tue, 29 Mar 2022 09:20:00 GMT</pubDate>
<category>IMAP</category>
<category>POP</category>
<category>Major impact</category>
<description>&lt;p&gt;Some of you can't log in. We look into it.&lt;/p&gt;</description>
</item>
<item>
<title>New disks, faster POP: Scheduled</title>
<link>https://status.fjordpost.example/incidents/2022-04-03-disks/#u-20220328-0800-scheduled</link>
<guid isPermaLink="false">tag:status.fjordpost.example,2022:2022-04-03-disks/20220328-0800-scheduled</guid>
<pubDate>Mon, 28 Mar 2022 08:00:00 GMT</pubDate>
<category>POP</category>
<category>Maintenance</category>
<description>&lt;p&gt;We replace the disks of all POP servers, one after the other; each is away for about five minutes.&lt;/p&gt;
&lt;p&gt;No mail is lost.&lt;/p&gt;</description>
</item>
</channel>
</rss>

"#]].raw());
}

#[test]
fn json_feed_says_the_same() {
    let fixture = fixture();
    let outputs = outputs(fixture.source(), &fixture.keys());
    assert_data_eq!(
        made(&outputs, "components/web/feed.json"),
        str![[r#"
{
  "version": "https://jsonfeed.org/version/1.1",
  "title": "Fjordpost status: Website",
  "home_page_url": "https://status.fjordpost.example/components/web/",
  "feed_url": "https://status.fjordpost.example/components/web/feed.json",
  "description": "Fjordpost status",
  "language": "en",
  "authors": [
    {
      "name": "Fjordpost status",
      "url": "https://status.fjordpost.example/components/web/"
    }
  ],
  "items": [
    {
      "id": "tag:status.fjordpost.example,2022:2022-03-01-alarm/20220301-1200-note",
      "url": "https://status.fjordpost.example/incidents/2022-03-01-alarm/#u-20220301-1200-note",
      "title": "Website not reached: False alarm",
      "content_html": "<p>A check was wrong.</p>",
      "date_published": "2022-03-01T12:00:00Z",
      "date_modified": "2022-03-01T12:00:00Z",
      "tags": [
        "Website",
        "False alarm"
      ]
    },
    {
      "id": "tag:status.fjordpost.example,2021:2021-12-31-move/20211230-0900-cancelled",
      "url": "https://status.fjordpost.example/incidents/2021-12-31-move/#u-20211230-0900-cancelled",
      "title": "Website moves: Cancelled",
      "content_html": "<p>Called off.</p>",
      "date_published": "2021-12-30T09:00:00Z",
      "date_modified": "2021-12-30T09:00:00Z",
      "tags": [
        "Website",
        "Maintenance"
      ]
    },
    {
      "id": "tag:status.fjordpost.example,2021:2021-12-31-move/20211220-0900-scheduled",
      "url": "https://status.fjordpost.example/incidents/2021-12-31-move/#u-20211220-0900-scheduled",
      "title": "Website moves: Scheduled",
      "content_html": "<p>We move the website.</p>",
      "date_published": "2021-12-20T09:00:00Z",
      "date_modified": "2021-12-20T09:00:00Z",
      "tags": [
        "Website",
        "Maintenance"
      ]
    }
  ]
}

"#]]
        .raw()
    );
}

#[test]
fn every_incident_component_and_group_has_a_feed() {
    let fixture = fixture();
    let paths: Vec<_> =
        outputs(fixture.source(), &fixture.keys()).iter().map(|output| output.path.to_string()).collect();
    assert_data_eq!(
        paths.join("\n"),
        str![[r#"
feed.atom
feed.rss
feed.json
components/imap/feed.atom
components/imap/feed.rss
components/imap/feed.json
components/pop/feed.atom
components/pop/feed.rss
components/pop/feed.json
components/web/feed.atom
components/web/feed.rss
components/web/feed.json
groups/mail/feed.atom
groups/mail/feed.rss
groups/mail/feed.json
rfo/feed.atom
promises/feed.atom
promises/feed.rss
promises/feed.json
incidents/2022-03-29-imap-logins/feed.atom
incidents/2022-03-30-slow/feed.atom
incidents/2021-12-31-move/feed.atom
incidents/2022-04-03-disks/feed.atom
incidents/2022-03-01-alarm/feed.atom
"#]]
        .raw()
    );
}

#[test]
fn a_feed_of_a_part_holds_only_what_names_it() {
    let fixture = fixture();
    let outputs = outputs(fixture.source(), &fixture.keys());
    let titles = |path: &str| {
        let feed: serde_json::Value = serde_json::from_str(&made(&outputs, path)).unwrap();
        let items = feed["items"].as_array().unwrap().clone();
        items.iter().map(|item| item["title"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(titles("components/web/feed.json").len(), 3);
    assert_eq!(titles("groups/mail/feed.json").len(), 6);
    assert_eq!(titles("feed.json").len(), 9);
}

#[test]
fn an_incidents_own_feed_ends_with_its_report() {
    let fixture = fixture();
    let outputs = outputs(fixture.source(), &fixture.keys());
    let feed = made(&outputs, "incidents/2022-03-29-imap-logins/feed.atom");
    assert_eq!(feed.matches("<entry>").count(), 4);
    assert!(feed.find("Password attack on IMAP: Report") < feed.find("IMAP logins failing: Resolved"));
    assert_eq!(made(&outputs, "rfo/feed.atom").matches("<entry>").count(), 1);
}

#[test]
fn hostile_text_is_only_text() {
    let mut fixture = fixture();
    fixture.site.config.title = HOSTILE.to_owned();
    fixture.site.config.components[0].name = HOSTILE.to_owned();
    let outputs = machine::outputs(fixture.source(), &fixture.keys(), Vec::new(), &[]);
    let shown = clean(HOSTILE);
    for path in ["feed.atom", "feed.rss", "history.atom", "history.rss", "groups/mail/feed.rss"] {
        let texts = texts(&made(&outputs, path));
        assert!(texts.iter().any(|text| text.contains(&shown)), "{path}: {texts:?}");
    }
    let json: serde_json::Value = serde_json::from_str(&made(&outputs, "feed.json")).unwrap();
    assert_eq!(json["title"].as_str().unwrap(), shown);
}

#[test]
fn ids_stay_when_a_file_is_renamed() {
    let ids = |fixture: &crate::render::fixture::Fixture| -> BTreeSet<String> {
        let feed = made(&outputs(fixture.source(), &fixture.keys()), "feed.json");
        let feed: serde_json::Value = serde_json::from_str(&feed).unwrap();
        feed["items"].as_array().unwrap().iter().map(|item| item["id"].to_string()).collect()
    };
    let mut fixture = fixture();
    let before = ids(&fixture);
    let renamed = &mut fixture.site.incidents[1];
    renamed.aliases = vec![renamed.slug.clone()];
    renamed.slug = Slug::new("2022-04-01-mail-is-slow").unwrap();
    let reported = Slug::new("2022-03-29-password-attack").unwrap();
    fixture.site.incidents[0].aliases.push(reported.clone());
    fixture.site.incidents[0].slug = reported.clone();
    fixture.site.rfos[0].slug = reported;
    assert_eq!(ids(&fixture), before);
}

#[test]
fn the_newest_fifty_are_kept_even_if_an_old_incident_was_written_about_last() {
    let mut fixture = fixture();
    let facts = fixture.derived.incidents[1].clone();
    (fixture.site.incidents, fixture.derived.incidents) = (Vec::new(), Vec::new());
    fixture.site.rfos.clear();
    fixture.derived.rfos.clear();
    fixture.derived.reports.clear();
    for n in 0..60 {
        let last = if n == 0 { 1000 } else { n };
        let posted = |days| PostedAt::Written(days_after("2022-01-01T12:00:00Z", days));
        let stage = Stage::Incident(IncidentStatus::Monitoring);
        let updates = vec![update("a", stage, posted(n), "a"), update("b", stage, posted(last), "b")];
        let name = format!("incident-{n}");
        fixture.site.incidents.push(incident(&name, crate::model::Kind::Incident, &name, &["web"], updates));
        let updated = Moment::At(days_after("2022-01-01T12:00:00Z", last));
        fixture.derived.incidents.push(IncidentFactsFor { updated, facts: facts.clone() }.into());
    }
    for path in ["feed.json", "components/web/feed.json"] {
        let feed: serde_json::Value =
            serde_json::from_str(&made(&outputs(fixture.source(), &fixture.keys()), path)).unwrap();
        let items = feed["items"].as_array().unwrap();
        assert_eq!(items.len(), 50, "{path}");
        assert_eq!(items[0]["id"], "tag:status.fjordpost.example,2024:incident-0/b");
        assert_eq!(items[49]["id"], "tag:status.fjordpost.example,2022:incident-35/b");
    }
}

struct IncidentFactsFor {
    updated: Moment,
    facts: crate::derive::IncidentFacts,
}

impl From<IncidentFactsFor> for crate::derive::IncidentFacts {
    fn from(made: IncidentFactsFor) -> Self {
        crate::derive::IncidentFacts { updated: made.updated, rfo: None, ..made.facts }
    }
}

#[test]
fn an_incidents_feed_is_made_again_only_if_its_facts_changed() {
    let key = |fixture: &crate::render::fixture::Fixture| {
        let outputs = outputs(fixture.source(), &fixture.keys());
        let path = "incidents/2022-03-29-imap-logins/feed.atom";
        outputs.iter().find(|output| output.path.as_str() == path).unwrap().key.unwrap()
    };
    let mut fixture = fixture();
    let add_picture = |fixture: &mut crate::render::fixture::Fixture, name: &str| {
        let slug = fixture.site.incidents[0].slug.clone();
        fixture.site.links.add_picture(slug, format!("incidents/{name}"), name.to_owned());
    };
    let before = key(&fixture);
    add_picture(&mut fixture, "graph.png");
    assert_eq!(key(&fixture), before, "no text names a file");
    fixture.derived.now = days_after("2022-03-30T12:00:00Z", 1);
    fixture.site.incidents[1].title = "Other".to_owned();
    assert_eq!(key(&fixture), before);
    fixture.site.incidents[0].updates[0].body = Markdown::new("See [this](other.md).");
    let linked = key(&fixture);
    assert_ne!(linked, before);
    add_picture(&mut fixture, "photo.png");
    assert_ne!(key(&fixture), linked);
}

#[test]
fn no_path_stands_twice() {
    let fixture = fixture();
    let outputs = machine::outputs(fixture.source(), &fixture.keys(), Vec::new(), &[]);
    let paths: BTreeSet<_> = outputs.iter().map(|output| output.path.as_str()).collect();
    assert_eq!(paths.len(), outputs.len());
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(64))]
    #[test]
    fn whatever_is_written_every_document_can_be_read(title: String, text: String, name: String) {
        let mut fixture = fixture();
        fixture.site.config.title = name.clone();
        fixture.site.config.components[0].name = name;
        fixture.site.incidents[0].title = title;
        fixture.site.incidents[0].updates[0].body = Markdown { text: text.clone(), definitions: text };
        for output in machine::outputs(fixture.source(), &fixture.keys(), Vec::new(), &[]) {
            let made = String::from_utf8(crate::write::bytes(&output).unwrap()).unwrap();
            match output.path.as_str().rsplit('.').next() {
                Some("atom" | "rss" | "xml" | "svg") => drop(texts(&made)),
                Some("json") => drop(serde_json::from_str::<serde_json::Value>(&made).unwrap()),
                Some("ics") => assert!(made.split("\r\n").all(|line| line.len() <= 75 && !line.contains(['\r', '\n']))),
                _ => {}
            }
        }
    }
}
