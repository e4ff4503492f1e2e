//! Monitors and people under one roof: an outage from the first failing check to its end, with a build every minute.

use std::fmt::Write as _;

use crate::site_test::TestSite;

const NOTICE: &str = "2026-11-24-1102-imap";
const INCIDENT: &str = "2026-11-24-imap-logins-fail";

const CONFIG: &str = r#"title = "Fjordpost status"
url = "https://status.fjordpost.example"
time_zone = "Europe/Oslo"

[[component]]
id = "imap"
name = "IMAP"

[[component]]
id = "webmail"
name = "Webmail"

[[feed]]
id = "own"
file = "feed.json"
"#;

/// Failing from 11:02 to 11:33, up before and after.
const FAILING: std::ops::Range<u32> = 2..34;

/// The feed as it is so many minutes after eleven: a result a minute and place.
fn feed(minute: u32) -> String {
    let mut results = Vec::new();
    for past in 0..60 + minute + 1 {
        let at = format!("2026-11-24T{:02}:{:02}:00Z", 10 + past / 60, past % 60);
        for place in ["osl", "fra", "lon"] {
            let status = if past >= 60 && FAILING.contains(&(past - 60)) { "down" } else { "up" };
            for (monitor, status) in [("imap", status), ("webmail", "up")] {
                results
                    .push(format!(r#"{{"monitor":"{monitor}","at":"{at}","status":"{status}","location":"{place}"}}"#));
            }
        }
    }
    format!(r#"{{"version":1,"generated":"{}","results":[{}]}}"#, clock(minute), results.join(","))
}

fn clock(minute: u32) -> String {
    format!("2026-11-24T{:02}:{:02}:00Z", 11 + minute / 60, minute % 60)
}

struct Outage {
    site: TestSite,
}

impl Outage {
    fn new() -> Outage {
        let site = TestSite::new(&[]);
        site.write("upfront.toml", CONFIG);
        Outage { site }
    }

    /// The build of so many minutes after eleven.
    fn build(&self, minute: u32) {
        self.site.write("feed.json", feed(minute));
        let built = self.site.run(&format!("build --strict --now {}", clock(minute)));
        assert_eq!((built.status, built.stderr.as_str()), (Some(0), ""), "at {}", clock(minute));
    }

    fn write(&self, minute: u32, words: &str) {
        let path = format!("incidents/{INCIDENT}.md");
        let mut text = if self.site.path(&path).exists() {
            self.site.read(&path)
        } else {
            "+++\ntitle = \"IMAP logins fail\"\ncomponents = [\"imap\"]\nimpact = \"major\"\n+++\n".to_owned()
        };
        let _ = write!(
            text,
            "\n## {} · 2026-11-24 12:{minute:02}\n{words}\n",
            if minute < 40 { "Investigating" } else { "Resolved" }
        );
        self.site.write(&path, text);
    }

    fn page(&self, path: &str) -> String {
        self.site.read(&format!("public/{path}"))
    }

    fn has(&self, path: &str) -> bool {
        self.site.path(&format!("public/{path}")).exists()
    }

    /// Ids of the entries of the feed, newest first.
    fn entries(&self) -> Vec<String> {
        let feed: serde_json::Value = serde_json::from_str(&self.page("feed.json")).unwrap();
        feed["items"].as_array().unwrap().iter().map(|item| item["id"].as_str().unwrap().to_owned()).collect()
    }
}

#[test]
fn an_outage_is_on_the_page_within_minutes_and_ends_as_one_story() {
    let outage = Outage::new();
    for minute in 0..6 {
        outage.build(minute);
        assert!(!outage.has(&format!("incidents/{NOTICE}/index.html")), "too early at {}", clock(minute));
    }
    // The page of 11:06 at the latest, with no human awake.
    outage.build(6);
    let notice = outage.page(&format!("incidents/{NOTICE}/index.html"));
    for said in ["12:02", "12:05", "from 3 of 3 places"] {
        assert!(notice.contains(said), "no {said} in {notice}");
    }
    assert!(outage.page("index.html").contains("IMAP: our checks fail"));
    let entry = format!("tag:status.fjordpost.example,2026:{NOTICE}/20261124-1105-investigating");
    assert_eq!(outage.entries(), [entry.as_str()]);

    for minute in 7..20 {
        outage.build(minute);
    }
    assert_eq!(outage.entries(), [entry.as_str()], "an outage that goes on is no news");

    // A person writes at 11:20.
    outage.write(20, "Some of you can't log in with IMAP. We are looking into it.");
    for minute in 20..50 {
        outage.build(minute);
    }
    let old = outage.page(&format!("incidents/{NOTICE}/index.html"));
    assert!(old.contains(&format!("../../incidents/{INCIDENT}/")), "{old}");
    let rule = format!("/incidents/{NOTICE}/ /incidents/{INCIDENT}/ 301");
    assert!(outage.page("_redirects").contains(&rule));
    assert_eq!(outage.entries().last(), Some(&entry), "what a reader of the feed has seen stays");
    assert_eq!(outage.entries().len(), 2);

    outage.write(50, "Logins work again.");
    outage.build(55);
    let incident = outage.page(&format!("incidents/{INCIDENT}/index.html"));
    assert!(incident.contains("32\u{a0}min"), "measured from 11:02 to 11:34: {incident}");
    assert!(!outage.page("index.html").contains("IMAP: our checks fail"));
}

#[test]
fn what_nobody_writes_about_is_resolved_by_itself_and_stays_unexplained() {
    let outage = Outage::new();
    for minute in [6, 39, 50] {
        outage.build(minute);
    }
    let stages: Vec<String> =
        outage.entries().iter().map(|id| id.rsplit('-').next().unwrap_or_default().to_owned()).collect();
    assert_eq!(stages, ["resolved", "monitoring", "investigating"]);
    assert!(outage.page(&format!("incidents/{NOTICE}/index.html")).contains("32\u{a0}min"));
}

#[test]
fn confirming_is_one_command() {
    let outage = Outage::new();
    outage.site.write("feed.json", feed(8));
    let ran = outage.site.run("confirm -q --now 2026-11-24T11:08:00Z");
    assert_eq!(
        (ran.status, ran.stdout.as_str()),
        (Some(0), "incidents/2026-11-24-imap-our-checks-fail.md\n"),
        "{}",
        ran.stderr
    );
    let file = outage.site.read("incidents/2026-11-24-imap-our-checks-fail.md");
    snapbox::assert_data_eq!(
        file,
        snapbox::str![[r#"
+++
title = "IMAP: our checks fail"
components = ["imap"]
covers = ["2026-11-24-1102-imap"]
impact = "critical"
started = 2026-11-24T12:02:00+01:00
+++

## Investigating · 2026-11-24 12:08
A person is looking into it.

"#]]
    );
    let again = outage.site.run("confirm 2026-11-24-1102-imap --now 2026-11-24T11:09:00Z");
    assert_eq!(again.status, Some(2));
    assert!(
        again.stderr.contains("`2026-11-24-imap-our-checks-fail` covers `2026-11-24-1102-imap` already"),
        "{}",
        again.stderr
    );
    let none = outage.site.run("confirm --now 2026-11-24T11:09:00Z");
    assert!(none.stderr.contains("no notice waits for a person"), "{}", none.stderr);
}

#[test]
fn a_notice_that_is_almost_named_is_offered() {
    let outage = Outage::new();
    outage.site.write("feed.json", feed(8));
    let ran = outage.site.run("confirm 2026-11-24-1103-imap --now 2026-11-24T11:08:00Z");
    assert_eq!(ran.status, Some(2));
    assert!(ran.stderr.contains("did you mean `2026-11-24-1102-imap`?"), "{}", ran.stderr);
}

#[test]
fn a_monitor_that_nobody_ever_heard_of_is_no_data_and_not_operational() {
    let config = "title = \"Test\"\nurl = \"https://status.example\"\n\
                  [[component]]\nid = \"imap\"\nname = \"IMAP\"\nmonitors = [\"own:imapp\"]\n\
                  [[feed]]\nid = \"own\"\nfile = \"feed.ndjson\"\n";
    let result = "{\"monitor\":\"imap\",\"at\":\"2026-11-24T11:05:00Z\",\"status\":\"up\"}\n";
    let site = TestSite::new(&[("upfront.toml", config), ("feed.ndjson", result)]);
    assert_eq!(site.run("build --quiet --now 2026-11-24T11:06Z").status, Some(0));
    let page = site.read("public/index.html");
    assert!(page.contains("No data"), "{page}");
}
