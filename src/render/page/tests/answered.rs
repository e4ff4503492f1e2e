//! What pages say of how people answered: the response, changes to what was published, promises.

use jiff::SignedDuration;

use super::*;
use crate::model::{
    Audience, Channel, ChannelKind, Choice, Delivery, DeliveryState, Edit, Evidence, Impact, NewsKind, PostedAt, Slug,
};

/// The site at that moment, changed.
fn with(now: &str, change: impl Fn(&mut Site)) -> BTreeMap<String, String> {
    let (mut site, _) = site(now);
    change(&mut site);
    let derived = derive(&site, at(now));
    files(&(site, derived))
}

fn bad_tuesday(site: &mut Site) -> &mut Incident {
    site.incidents.iter_mut().find(|incident| incident.slug.as_str() == "2022-03-29-imap-logins-failing").unwrap()
}

fn main(html: &str) -> String {
    seen(html, "<main", "</main>")
}

#[test]
fn each_time_says_by_what_it_is_known() {
    let record = |evidence: fn(jiff::Timestamp) -> Evidence| {
        let files = with(QUIET, |site| {
            for update in &mut bad_tuesday(site).updates {
                let PostedAt::Written(at) = update.posted else { continue };
                update.evidence = evidence(at);
            }
        });
        seen(&files[BAD_TUESDAY], "id=\"record\"", "</section>")
    };
    assert_data_eq!(
        record(|_| Evidence::None),
        str![[r#"
Our response
First word
11:06 CEST
after 6 min
Longest silence
3 h
from 21:05 CEST to 30 March 00:05 CEST
Resolved
30 March 00:05 CEST
after 13 h 5 min
Report
Published 4 April 2022
Times are as written; nothing else shows when each update was posted.
"#]]
    );
    assert_data_eq!(
        record(|at| Evidence::Published(at + SignedDuration::from_mins(2))),
        str![[r#"
Our response
First word
11:08 CEST
after 8 min
Longest silence
3 h
from 21:07 CEST to 30 March 00:07 CEST
Resolved
30 March 00:05 CEST
after 13 h 5 min
Report
Published 4 April 2022
Each update was posted no later than these times: then it was seen live.
"#]]
    );
    assert_data_eq!(
        record(|at| Evidence::Committed(at + SignedDuration::from_mins(30))),
        str![[r#"
Our response
First word
11:36 CEST
after 36 min
Longest silence
3 h
from 21:35 CEST to 30 March 00:35 CEST
Resolved
30 March 00:05 CEST
after 13 h 5 min
Report
Published 4 April 2022
These are the times at which each update was first committed; when it was live is not recorded.
"#]]
    );
    assert_data_eq!(
        record(|_| Evidence::MovedIn { in_git_since: super::at("2022-06-01T10:00:00Z") }),
        str![[r#"
Our response
First word
11:06 CEST
after 6 min
Longest silence
3 h
from 21:05 CEST to 30 March 00:05 CEST
Resolved
30 March 00:05 CEST
after 13 h 5 min
Report
Published 4 April 2022
Times are as written; nothing else shows when each update was posted. This post came into git on 1 June 2022.
"#]]
    );
}

#[test]
fn a_change_is_marked_and_its_words_are_text() {
    let files = with(QUIET, |site| {
        let update = &mut bad_tuesday(site).updates[0];
        let text = |text: &str| Some(Markdown::new(text));
        update.edits = vec![
            Edit { at: at("2022-03-29T10:41:00Z"), before: None, after: None },
            Edit {
                at: at("2022-03-30T10:41:00Z"),
                before: text(
                    "We know of some accounts in *Oslo* and look into it with all hands and eyes that we have tonight.",
                ),
                after: text(
                    "We know of <script>alert(1)</script> 4100 accounts in *Oslo* and look into it with all hands and eyes that we have today.",
                ),
            },
        ];
    });
    let html = &files[BAD_TUESDAY];
    assert!(!html.contains("<script>alert"), "{html}");
    let start = html.find("Edited").unwrap();
    assert_data_eq!(
        seen(&html[start - 1..], "", "</div>"),
        str![[r#"
Edited 12:41 CEST
Edited 30 March 12:41 CEST:
We know of
was some
now &lt;script&gt;alert(1)&lt;/script&gt; 4100
accounts in Oslo and look into … hands and eyes that we have
was tonight.
now today.
"#]]
    );
}

#[test]
fn a_report_that_is_owed_is_said_on_its_incident_in_the_archive_and_when_overdue_on_the_front_page() {
    let promise = |site: &mut Site| {
        site.rfos.clear();
        bad_tuesday(site).rfo_due = "2022-04-06".parse().ok();
    };
    let due = with("2022-04-05T10:00:00Z", promise);
    assert!(main(&due[BAD_TUESDAY]).contains("Owed, due"), "{}", main(&due[BAD_TUESDAY]));
    assert!(main(&due["rfo/index.html"]).contains("Owed, due"));
    assert!(!main(&due["index.html"]).contains("Promises overdue"));
    let overdue = with("2022-04-20T10:00:00Z", promise);
    assert!(main(&overdue[BAD_TUESDAY]).contains("we have not kept our word; this line stays until it is published"));
    assert!(main(&overdue["index.html"]).contains("Promises overdue"));
    assert!(main(&overdue["promises/index.html"]).contains("Reports overdue"));
}

#[test]
fn which_channel_had_an_update_when_is_said_where_the_operator_wants_it() {
    let with_deliveries = |show: bool| {
        with(QUIET, |site| {
            let channel = |id: &str| Channel {
                id: Slug::new(id).unwrap(),
                kind: ChannelKind::Email,
                options: BTreeMap::new(),
                secrets: BTreeMap::new(),
                audience: Audience::Public,
                choice: Choice { components: Vec::new(), impact: Impact::None, news: NewsKind::ALL.to_vec() },
                language: None,
                template: None,
                timeout: SignedDuration::from_secs(30),
                drill: false,
            };
            site.config.show_deliveries = show;
            site.config.channels = ["fediverse", "irc", "mail", "sms"].map(channel).to_vec();
            let incident = bad_tuesday(site);
            let news = format!("incidents/{}/#u-{}", incident.first_slug(), incident.updates[0].id);
            let delivery = |state, link: Option<&str>| Delivery {
                state,
                at: at("2022-03-29T09:07:30Z"),
                tries: 1,
                by: None,
                remote: None,
                link: link.map(str::to_owned),
                why: Some("private: the server said no".to_owned()),
            };
            let by_channel = BTreeMap::from([
                ("fediverse", delivery(DeliveryState::Sent, Some("https://social.example/@x/1"))),
                ("irc", delivery(DeliveryState::Unsure, None)),
                ("mail", delivery(DeliveryState::Sent, None)),
                ("sms", delivery(DeliveryState::Failed, None)),
            ]);
            let by_channel = by_channel.into_iter().map(|(id, delivery)| (Slug::new(id).unwrap(), delivery)).collect();
            site.deliveries.0.insert(news, by_channel);
        })
    };
    let page = &with_deliveries(true)[BAD_TUESDAY];
    assert!(!page.contains("private:"));
    let line = page.lines().find(|line| line.contains("Announced:")).unwrap_or_default();
    assert_data_eq!(
        line,
        str![[
            r#"      <p class="small">Announced: <a href="https://social.example/@x/1">fediverse</a> <time datetime="2022-03-29T11:07+02:00">11:07 CEST</time>, irc (not known whether it arrived), mail <time datetime="2022-03-29T11:07+02:00">11:07 CEST</time></p>"#
        ]]
    );
    assert!(!with_deliveries(false)[BAD_TUESDAY].contains("Announced:"));
}
