//! `upfront explain`: what a state rests on, down to the line.

use std::fmt::Write as _;

use snapbox::{assert_data_eq, str};

use crate::site_test::TestSite;

const CONFIG: &str = "title = \"Test\"\nurl = \"https://status.example\"\ntime_zone = \"Europe/Oslo\"\n\
                      [[component]]\nid = \"imap\"\nname = \"IMAP\"\n[[component]]\nid = \"pop\"\n[[feed]]\nid = \"own\"\n";

/// IMAP fails from 11:02 on, from both places; recorded up to 11:05.
fn site() -> TestSite {
    let mut results = String::new();
    for minute in 50..66 {
        let status = if minute >= 62 { "down" } else { "up" };
        let (hour, of_hour) = (10 + minute / 60, minute % 60);
        let place = ["osl", "ber"][minute % 2];
        let _ = writeln!(
            results,
            "{{\"monitor\":\"imap\",\"at\":\"2026-11-24T{hour}:{of_hour:02}:00Z\",\"status\":\"{status}\",\
             \"location\":\"{place}\"}}"
        );
    }
    let site = TestSite::new(&[("upfront.toml", CONFIG)]);
    let file = site.outside("results.ndjson", &results);
    let mut command = site.command("record own --quiet --now 2026-11-24T11:05:30Z");
    command.stdin(std::fs::File::open(file).expect("it was written"));
    assert_eq!(site.ended(&mut command).status, Some(0));
    site
}

#[test]
fn a_state_is_explained_down_to_the_lines_of_the_log() {
    assert_data_eq!(
        site().run("explain imap --now 2026-11-24T11:05:30Z").all(),
        str![[r#"
status 0
stdout:
imap: major_outage (IMAP)
  the notice 2026-11-24-1102-imap says major_outage
  monitor own:imap: down at 12:05:00 CET from ber (history/log/main/own/2026-11-24.ndjson:17)
    fails since 12:02:00 CET, 4 results in a row
2026-11-24-1102-imap: down of imap, from 12:02:00 CET, still failing
  detected 12:05:00 CET, from 2 of 2 places, by: 180 s, 2 places, hold 900 s
  own:imap: nothing but failing results for long enough
    12:02:00 CET down from osl  history/log/main/own/2026-11-24.ndjson:14
    12:03:00 CET down from ber  history/log/main/own/2026-11-24.ndjson:15
    12:04:00 CET down from osl  history/log/main/own/2026-11-24.ndjson:16
    12:05:00 CET down from ber  history/log/main/own/2026-11-24.ndjson:17
  the ledger holds it: it is gone on with, and not computed again
  notice published 12:05:30 CET

"#]]
    );
}

#[test]
fn what_covers_an_outage_and_what_does_not_is_said_with_the_reason() {
    let site = site();
    let stale = "+++\ncomponents = [\"imap\"]\n+++\n## Monitoring · 2026-11-20 09:00\nWe watch it.\n";
    site.write("incidents/2026-11-20-old.md", stale);
    let passed_over = site.run("explain 2026-11-24-1102-imap --now 2026-11-24T11:05:30Z").stdout;
    assert!(passed_over.contains("not covered by incidents/2026-11-20-old.md: its last word"), "{passed_over}");

    let post = "+++\ncomponents = [\"imap\"]\n+++\n## Investigating · 2026-11-24 12:05\nWe look into it.\n";
    site.write("incidents/2026-11-24-imap.md", post);
    let covered = site.run("explain 1102 --now 2026-11-24T11:06Z").stdout;
    assert!(covered.contains("covered by incidents/2026-11-24-imap.md: it began while the outage"), "{covered}");
}

#[test]
fn a_component_without_monitors_is_said_to_have_none_and_a_wrong_name_is_put_right() {
    let site = site();
    let pop = site.run("explain pop --now 2026-11-24T11:05:30Z").stdout;
    assert!(pop.contains("pop: operational") && pop.contains("no monitor speaks for it"), "{pop}");
    let ran = site.run("explain imp --now 2026-11-24T11:05:30Z");
    assert_eq!(ran.status, Some(2));
    assert!(ran.stderr.contains("did you mean `imap`?"), "{}", ran.stderr);
}

#[test]
fn a_program_reads_the_same_as_json() {
    let ran = site().run("explain --json --now 2026-11-24T11:05:30Z");
    let report: serde_json::Value = serde_json::from_str(&ran.stdout).expect("it is JSON");
    assert_eq!(report["components"][0]["id"], "imap");
    assert_eq!(report["detections"][0]["evidence"][0]["rule"], "total");
    assert_eq!(report["detections"].as_array().map(Vec::len), Some(1));
}

/// A workflow stays and looks again until this is 0.
#[test]
fn what_monitors_say_is_undecided_until_it_is_an_outage_or_over() {
    let site = TestSite::new(&[("upfront.toml", CONFIG)]);
    let undecided = |minute: u32, status: &str| {
        let mut results = String::new();
        for second in [5, 25] {
            let place = if second == 5 { "osl" } else { "ber" };
            let _ = writeln!(
                results,
                "{{\"monitor\":\"imap\",\"at\":\"2026-11-24T11:{minute:02}:{second:02}Z\",\"status\":\"{status}\",\"location\":\"{place}\"}}"
            );
        }
        let file = site.outside("results.ndjson", &results);
        let mut command = site.command(&format!("record own --json --now 2026-11-24T11:{minute:02}:30Z"));
        command.stdin(std::fs::File::open(file).expect("it was written"));
        let report: serde_json::Value = serde_json::from_str(&site.ended(&mut command).stdout).unwrap();
        report["undecided"].as_bool().unwrap()
    };
    assert!((0..2).all(|minute| !undecided(minute, "up")));
    let said: Vec<bool> = (2..7).map(|minute| undecided(minute, "down")).collect();
    assert_eq!(
        said,
        [true, true, true, true, false],
        "decided when it has failed for three minutes and was put together"
    );
    // Is it over? That is known when nothing has failed for a quarter of an hour, from 11:06:25 on.
    let said: Vec<u32> = (7..30).filter(|minute| undecided(*minute, "up")).collect();
    assert_eq!(said, (9..21).collect::<Vec<_>>());
    assert!(undecided(30, "down"));
    assert!(!undecided(31, "up"), "over before it was an outage");
}
