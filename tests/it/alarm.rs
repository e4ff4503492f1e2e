//! Staff are called when nobody acts, through the real program.

use snapbox::{assert_data_eq, str};

use crate::site_test::TestSite;

const CONFIG: &str = r#"
title = "Fjordpost status"
url = "https://status.fjordpost.example"

[[component]]
id = "imap"
name = "IMAP"

[[component]]
id = "smtp"
name = "Sending"

[[feed]]
id = "own"
file = "feed.ndjson"

[[channel]]
id = "pager"
kind = "command"
audience = "staff"
when = "unconfirmed"
after = "5m"
command = "echo \"$UPFRONT_TEXT\" >> pager.txt"

[[channel]]
id = "boss"
kind = "command"
audience = "staff"
when = ["unconfirmed", "update_overdue"]
after = "15m"
command = "echo \"$UPFRONT_SUBJECT\" >> boss.txt"
"#;

fn site() -> TestSite {
    let site = TestSite::new(&[]);
    site.write("upfront.toml", CONFIG);
    site
}

/// Both fail from 11:00 on, from two places.
fn record(site: &TestSite, until: &str) {
    let minutes: u32 = until.split_once(':').unwrap().1.parse().unwrap();
    let mut feed = String::new();
    for minute in 0..=minutes {
        for (monitor, place) in [("imap", "osl"), ("imap", "fra"), ("smtp", "osl"), ("smtp", "fra")] {
            feed += &format!(
                "{{\"monitor\": \"{monitor}\", \"at\": \"2026-11-24T11:{minute:02}:00Z\", \"status\": \"down\", \"location\": \"{place}\"}}\n"
            );
        }
    }
    site.write("feed.ndjson", feed);
    assert_eq!(site.run(&format!("record --now 2026-11-24T{until}:00Z")).status, Some(0));
}

fn announce(site: &TestSite, minutes: &[&str]) -> String {
    let mut all = String::new();
    for minute in minutes {
        record(site, minute);
        let ran = site.run(&format!("announce --wait 0s --now 2026-11-24T{minute}:00Z"));
        all += &format!("{minute} {}", ran.stdout);
        assert_eq!((ran.status, ran.stderr.as_str()), (Some(0), ""), "{minute}");
    }
    all
}

#[test]
fn a_wave_calls_once_then_louder_and_is_silent_once_somebody_posts() {
    let site = site();
    assert_data_eq!(
        announce(&site, &["11:05", "11:08", "11:09", "11:09"]),
        str![[r#"
11:05 Nothing new to announce.
11:08 Nothing new to announce.
11:09 pager      sent     IMAP and Sending: nobody has confirmed it
11:09 Nothing new to announce.

"#]]
    );
    assert_data_eq!(
        site.read("pager.txt"),
        str![[r#"
IMAP and Sending: nobody has confirmed it

IMAP: our checks fail, since 24 November 2026, 11:00 UTC.
Sending: our checks fail, since 24 November 2026, 11:00 UTC.

What to do:
upfront new "…" -c imap,smtp

https://status.fjordpost.example/

"#]]
    );
    let posted = site.run("new Mail -c imap,smtp -m Looking. --now 2026-11-24T11:10:00Z");
    assert_eq!(posted.status, Some(0));
    assert_data_eq!(
        announce(&site, &["11:11", "11:20", "11:40"]),
        str![[r#"
11:11 pager      sent     2 alarms: somebody is on it
11:20 Nothing new to announce.
11:40 Nothing new to announce.

"#]]
    );
    assert_data_eq!(
        site.read("pager.txt").split("2 alarms").nth(1).unwrap_or("nothing").to_owned(),
        str![[r#"
: somebody is on it

IMAP: our checks fail: a person posted, 24 November 2026, 11:10 UTC.
Sending: our checks fail: a person posted, 24 November 2026, 11:10 UTC.

https://status.fjordpost.example/incidents/2026-11-24-mail/

"#]]
    );
    assert!(!site.path("boss.txt").exists(), "it was never told");
    // What staff are told is nobody else's business.
    assert!(!site.path("history/deliveries.ndjson").exists());
    assert!(site.path("history/log/alarms.ndjson").exists());
}

#[test]
fn nobody_posts_and_the_next_one_is_called() {
    let site = site();
    announce(&site, &["11:05", "11:10", "11:19", "11:21"]);
    assert_data_eq!(
        site.read("boss.txt"),
        str![[r#"
IMAP and Sending: nobody has confirmed it

"#]]
    );
}

#[test]
fn a_dry_run_shows_the_call_and_makes_none() {
    let site = site();
    record(&site, "11:09");
    let ran = site.run("announce pager --dry-run --now 2026-11-24T11:09:00Z");
    assert_data_eq!(
        ran.stdout,
        str![[r#"
== pager (command): IMAP and Sending: nobody has confirmed it

sh -c 'echo "$UPFRONT_TEXT" >> pager.txt'
UPFRONT_IDEMPOTENCY_KEY=7aba8dec8fcf06b501fdc29db4ee5d55
UPFRONT_IMPACT=critical
UPFRONT_KIND=alarm
UPFRONT_LINK=https://status.fjordpost.example/
UPFRONT_SHORT=IMAP and Sending: nobody has confirmed it https://status.fjordpost.example/
UPFRONT_STAGE=unconfirmed
UPFRONT_SUBJECT=IMAP and Sending: nobody has confirmed it
UPFRONT_TEST=
UPFRONT_TEXT=IMAP and Sending: nobody has confirmed it
  
  IMAP: our checks fail, since 24 November 2026, 11:00 UTC.
  Sending: our checks fail, since 24 November 2026, 11:00 UTC.
  
  What to do:
  upfront new "…" -c imap,smtp
  
  https://status.fjordpost.example/

{
  "page": {
    "title": "Fjordpost status",
    "url": "https://status.fjordpost.example"
  },
  "kind": "alarm",
  "slug": "2026-11-24-1100-imap",
  "title": "IMAP and Sending",
  "stage": "unconfirmed",
  "stage_name": "nobody has confirmed it",
  "impact": "critical",
  "impact_name": "Critical impact",
  "components": [
    "IMAP",
    "Sending"
  ],
  "component_ids": [
    "imap",
    "smtp"
  ],
  "link": "https://status.fjordpost.example/",
  "body": "IMAP: our checks fail, since 24 November 2026, 11:00 UTC./nSending: our checks fail, since 24 November 2026, 11:00 UTC./n/nWhat to do:/nupfront new /"…/" -c imap,smtp",
  "sentence": "IMAP: our checks fail, since 24 November 2026, 11:00 UTC.",
  "posted": "2026-11-24T11:03:30Z",
  "posted_text": "24 November 2026, 11:03 UTC",
  "late": null,
  "next_update": null,
  "next_update_at": null,
  "is_over": false,
  "is_notice": false,
  "is_test": false,
  "version": 1,
  "id": "7aba8dec8fcf06b501fdc29db4ee5d55",
  "subject": "IMAP and Sending: nobody has confirmed it",
  "text": "IMAP and Sending: nobody has confirmed it/n/nIMAP: our checks fail, since 24 November 2026, 11:00 UTC./nSending: our checks fail, since 24 November 2026, 11:00 UTC./n/nWhat to do:/nupfront new /"…/" -c imap,smtp/n/nhttps://status.fjordpost.example/"
}

== Nothing was sent. It would be:

pager  1 message

"#]]
    );
    assert!(!site.path("pager.txt").exists() && !site.path("history/log/alarms.ndjson").exists());
}
