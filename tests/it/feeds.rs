//! Feeds as operators have them, good and bad: whatever a feed holds, it is bounded in time and memory, told, and no state
//! is made up from it.

mod bad;
mod http;
#[cfg(unix)]
mod livestatus;

use std::io::Write as _;
use std::process::Stdio;

use snapbox::{assert_data_eq, str};

use crate::site_test::TestSite;

/// A moment a little after all results of these tests.
const NOW: &str = "2026-11-24T12:00:00Z";

const GOOD: &str = r#"{"version": 1, "generated": "2026-11-24T11:59:30Z",
 "monitors": [{"id": "imap", "name": "IMAP login", "interval_s": 60}],
 "results": [
  {"monitor": "imap", "at": "2026-11-24T11:58:00Z", "status": "up", "latency_ms": 12, "location": "osl"},
  {"monitor": "imap", "at": "2026-11-24T11:59:00Z", "status": "down", "confirmed": false, "location": "osl"},
  {"monitor": "webmail", "at": "2026-11-24T11:59:10Z", "status": "up", "latency_ms": 340.5}]}"#;

/// A site with one component, `imap`, and what else its config says.
fn site(config: &str) -> TestSite {
    let site = TestSite::new(&[]);
    let base = "title = \"T\"\nurl = \"https://status.example\"\ntime_zone = \"Europe/Oslo\"\n[[component]]\nname = \"IMAP\"\n";
    site.write("upfront.toml", format!("{base}{config}"));
    site
}

fn check(site: &TestSite, arguments: &str) -> String {
    site.run(&format!("record --check --now {NOW} {arguments}")).all()
}

#[test]
fn what_was_understood_is_shown_in_a_table() {
    let site =
        site("monitors = [\"own:imap\", \"own:pop\", \"own:imao\"]\n[[feed]]\nid = \"own\"\nfile = \"feed.json\"\n");
    site.write("feed.json", GOOD);
    assert_data_eq!(
        check(&site, ""),
        str![[r#"
status 0
stdout:
own (upfront): 2 monitors, 3 results, made at 12:59:30, holds until 13:04:30
  monitor  state              newest (CET)         latency  place  every  results  component     name
  imap     down, unconfirmed  12:59:00, 60 s ago            osl     60 s        2  imap          IMAP login
  webmail  up                 12:59:10, 50 s ago  340.5 ms                      1  no component

imap: nobody has heard of `own:pop`
imap: nobody has heard of `own:imao`; did you mean `own:imap`?

"#]]
    );
    assert!(!site.path("history").exists(), "nothing is kept");
}

#[test]
fn what_was_understood_is_there_for_programs_as_well() {
    let site = site("[[feed]]\nid = \"own\"\nfile = \"feed.json\"\n");
    site.write("feed.json", GOOD);
    let ran = site.run(&format!("record --check --json --now {NOW}"));
    let report: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    let imap = &report["feeds"][0]["monitors"][0];
    assert_eq!(
        (&imap["id"], &imap["status"], &imap["confirmed"], &imap["at"]),
        (&"imap".into(), &"down".into(), &false.into(), &"2026-11-24T11:59:00Z".into())
    );
    assert_eq!((&imap["results"], &imap["components"][0]), (&2.into(), &"imap".into()));
}

#[test]
fn a_feed_on_standard_input_is_the_one_that_is_named() {
    let site = site("[[feed]]\nid = \"own\"\n[[feed]]\nid = \"other\"\n");
    let mut command = site.command(&format!("record own --check --now {NOW}"));
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(GOOD.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    let table = String::from_utf8(output.stdout).unwrap();
    assert!(table.starts_with("own (upfront): 2 monitors, 3 results"), "{table}");
    // Of several feeds nobody knows whose standard input it is.
    assert_data_eq!(
        check(&site, ""),
        str![[r#"
status 0
stdout:
own (upfront): was not asked: it has neither `url` nor `file`, so name it alone and pipe it in

other (upfront): was not asked: it has neither `url` nor `file`, so name it alone and pipe it in

"#]]
    );
}

#[test]
fn a_feed_that_nobody_knows_has_a_nearest_one() {
    let none = site("");
    let some = site("[[feed]]\nid = \"nodeping\"\n");
    assert_data_eq!(
        check(&none, "") + &check(&some, "nodepign"),
        str![[r#"
status 2
stderr:
error: no feed can be used
 |
 = add one to upfront.toml: `[[feed]]`, and below it `id = "own"`
status 2
stderr:
error: no feed is called `nodepign`
 |
 = did you mean `nodeping`?

"#]]
    );
}

#[test]
fn all_files_of_a_folder_are_one_feed() {
    let site = site("[[feed]]\nid = \"own\"\nfile = \"feeds\"\n");
    let line = |monitor: &str, minute: u32| {
        format!("{{\"monitor\":\"{monitor}\",\"at\":\"2026-11-24T11:{minute:02}:00Z\",\"status\":\"up\"}}\n")
    };
    site.write("feeds/b.ndjson", line("imap", 58) + &line("pop", 58));
    site.write("feeds/a.json", GOOD);
    site.write("feeds/.c.json.swp", "{");
    site.write("feeds/notes.txt", "{");
    assert_data_eq!(
        check(&site, ""),
        str![[r#"
status 0
stdout:
own (upfront): 3 monitors, 5 results, made at 12:59:30, holds until 13:04:30
  monitor  state              newest (CET)          latency  place  every  results  component     name
  imap     down, unconfirmed  12:59:00, 60 s ago             osl     60 s        3  imap          IMAP login
  pop      up                 12:58:00, 2 min ago                                1  no component
  webmail  up                 12:59:10, 50 s ago   340.5 ms                      1  no component

"#]]
    );
}

#[test]
fn a_build_goes_on_without_a_feed_that_fails() {
    let site = site("[[feed]]\nid = \"own\"\nfile = \"nowhere.json\"\n");
    let ran = site.run(&format!("build --now {NOW}"));
    assert_eq!(ran.status, Some(0), "{}", ran.stderr);
    assert!(ran.stderr.contains("feed `own`: its file is not there"), "{}", ran.stderr);
}
