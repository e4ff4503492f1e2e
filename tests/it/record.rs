//! `upfront record`: killed, side by side, merged by git, the facts in `history/` are those of an undisturbed run.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::thread;
use std::time::Instant;

use snapbox::{assert_data_eq, str};

use crate::site_test::TestSite;

const CONFIG: &str = "\
title = \"Test\"
url = \"https://status.example\"
[[component]]
id = \"imap\"
name = \"IMAP\"
[[component]]
id = \"web\"
name = \"Webmail\"
[[feed]]
id = \"own\"
file = \"own.ndjson\"
[[feed]]
id = \"hand\"
";

/// When five days of results are there, of which three are to be sealed.
const NOW: &str = "2026-11-25T00:00Z";

/// A result a minute of each monitor from the 20th to the 24th of November; out for ten minutes each day at that hour.
fn results(monitors: &[(&str, u32)]) -> String {
    let mut text = String::new();
    for minute in 0..5 * 24 * 60 {
        let (day, hour, minute) = (20 + minute / 1440, minute / 60 % 24, minute % 60);
        for (monitor, bad_hour) in monitors {
            let status = if hour == *bad_hour && minute < 10 { "down" } else { "up" };
            let _ = writeln!(
                text,
                "{{\"monitor\":\"{monitor}\",\"at\":\"2026-11-{day}T{hour:02}:{minute:02}:00Z\",\"status\":\"{status}\"}}"
            );
        }
    }
    text
}

fn site(monitors: &[(&str, u32)]) -> TestSite {
    let site = TestSite::new(&[]);
    site.write("upfront.toml", CONFIG);
    site.write("own.ndjson", results(monitors));
    site
}

fn record(site: &TestSite) -> BTreeMap<String, Vec<u8>> {
    let ran = site.run(&format!("record own --now {NOW}"));
    assert_eq!((ran.status, ran.stderr.as_str()), (Some(0), ""));
    history(site)
}

/// All files but those that only writers look at, the log with its lines in order: when each came is no fact.
fn history(site: &TestSite) -> BTreeMap<String, Vec<u8>> {
    let mut files = site.files("history");
    files.retain(|path, _| path.ends_with(".ndjson"));
    for (_, bytes) in files.iter_mut().filter(|(path, _)| path.starts_with("log/")) {
        let mut lines: Vec<&[u8]> = bytes.split_inclusive(|&byte| byte == b'\n').collect();
        lines.sort_unstable();
        *bytes = lines.concat();
    }
    files
}

#[test]
fn a_run_says_what_came_what_opened_and_what_was_sealed() {
    let site = site(&[("imap", 11)]);
    assert_data_eq!(
        site.run(&format!("record --now {NOW}")).all(),
        str![[r#"
status 0
stdout:
own: 7200 new results, newest 23:59
hand: not asked, it comes on standard input when it is named
closed 2026-11-20-1100-imap: IMAP: our checks fail
closed 2026-11-21-1100-imap: IMAP: our checks fail
closed 2026-11-22-1100-imap: IMAP: our checks fail
closed 2026-11-23-1100-imap: IMAP: our checks fail
closed 2026-11-24-1100-imap: IMAP: our checks fail
sealed 2026-11-20 to 2026-11-22

"#]]
    );
    assert_data_eq!(
        site.run(&format!("record nodeping --now {NOW}")).all(),
        str![[r#"
status 2
stderr:
error: no feed is called `nodeping`
 |
 = one of own, hand

"#]]
    );
    assert_data_eq!(
        site.run(&format!("record own --collector ../oslo --now {NOW}")).all(),
        str![[r#"
status 2
stderr:
error: `../oslo` cannot be the name of a collector, which names its folder
 |
 = write `--collector oslo`

"#]]
    );
}

#[test]
fn a_feed_that_cannot_be_read_is_told_and_the_others_are_recorded() {
    let site = site(&[("imap", 11)]);
    site.write("upfront.toml", CONFIG.replace("id = \"hand\"", "id = \"gone\"\nfile = \"gone.ndjson\""));
    let ran = site.run(&format!("record --now {NOW}"));
    assert_eq!(ran.status, Some(1), "{}", ran.all());
    let recorded = history(&site).into_keys().filter(|path| path.starts_with("log/main/own/")).count();
    assert_eq!(recorded, 6, "{:?}", site.files("history").keys());
}

#[test]
fn history_that_cannot_be_written_ends_it_with_status_2() {
    let site = site(&[("imap", 11)]);
    site.write("history", "a file");
    let ran = site.run(&format!("record own --now {NOW}"));
    assert_eq!(ran.status, Some(2), "{}", ran.all());
}

#[test]
fn killed_at_any_moment_it_loses_nothing() {
    let monitors = [("imap", 11), ("web", 12)];
    let undisturbed = site(&monitors);
    let started = Instant::now();
    let expected = record(&undisturbed);
    let whole = started.elapsed();
    let killed = site(&monitors);
    for moment in 0..24 {
        let mut child = killed.command(&format!("record own --now {NOW}"));
        let mut child = child.stdout(std::process::Stdio::null()).stderr(std::process::Stdio::null()).spawn().unwrap();
        thread::sleep(whole * moment / 20);
        child.kill().unwrap();
        child.wait().unwrap();
        if moment % 6 == 5 {
            assert_eq!(record(&killed), expected, "after moment {moment}");
            std::fs::remove_dir_all(killed.path("history")).unwrap();
        }
    }
    assert_eq!(record(&killed), expected);
}

#[test]
fn four_at_once_are_as_one() {
    let monitors = [("imap", 11), ("web", 12)];
    let expected = record(&site(&monitors));
    let busy = site(&monitors);
    let spawn =
        |_| busy.command(&format!("record own --now {NOW}")).stdout(std::process::Stdio::null()).spawn().unwrap();
    let children: Vec<_> = (0..4).map(spawn).collect();
    for mut child in children {
        assert!(child.wait().unwrap().success());
    }
    assert_eq!(history(&busy), expected);
}

#[test]
fn two_branches_that_recorded_can_be_merged_by_git_line_by_line() {
    let base = site(&[]);
    base.write(".gitattributes", "history/**/*.ndjson merge=union\n");
    base.git_init();
    base.commit_at("2026-11-20T00:00:00Z");
    for (collector, monitor) in [("oslo", ("imap", 11)), ("bergen", ("web", 12))] {
        base.git(&["checkout", "--quiet", "-b", collector, "main"]);
        base.write("own.ndjson", results(&[monitor]));
        let ran = base.run(&format!("record own --collector {collector} --now {NOW}"));
        assert_eq!(ran.status, Some(0), "{}", ran.all());
        base.git(&["checkout", "--quiet", "own.ndjson"]);
        base.commit_at("2026-11-25T00:00:00Z");
        // The log of each collector stays on its own machine.
        std::fs::remove_dir_all(base.path("history/log")).unwrap();
    }
    base.git(&["merge", "--quiet", "--message", "Merge", "oslo"]);
    let ledger = base.read("history/notices.ndjson");
    let day = base.read("history/days/2026/11/21.ndjson");
    for (monitor, hour) in [("imap", 11), ("web", 12)] {
        assert!(ledger.contains(&format!("\"id\":\"2026-11-24-{hour}00-{monitor}\"")), "{ledger}");
        assert!(day.contains(&format!("\"m\":\"own:{monitor}\"")), "{day}");
    }
    // And nobody finds anything to say about it.
    let ran = base.run(&format!("check --now {NOW}"));
    assert!(!ran.stderr.contains("history"), "{}", ran.stderr);
}

#[test]
fn a_line_that_cannot_be_read_is_told_with_its_number_and_not_shown() {
    let site = site(&[("imap", 11)]);
    record(&site);
    let day = "history/days/2026/11/21.ndjson";
    site.write(day, format!("{}secret\n", site.read(day)));
    let ran = site.run(&format!("check --format concise --now {NOW}"));
    assert!(ran.stdout.contains("history/days/2026/11/21.ndjson:2:1"), "{}", ran.all());
    assert!(!ran.all().contains("secret"));
}

#[test]
fn standard_input_is_read_for_the_feed_that_was_named() {
    use std::io::Write as _;

    let site = site(&[]);
    let mut child = site.command(&format!("record hand --json --now {NOW}"));
    let mut child = child.stdin(std::process::Stdio::piped()).stdout(std::process::Stdio::piped()).spawn().unwrap();
    let line = b"{\"monitor\":\"imap\",\"at\":\"2026-11-24T23:59:00Z\",\"status\":\"up\"}\n";
    child.stdin.take().unwrap().write_all(line).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(String::from_utf8_lossy(&output.stdout).contains("\"new\": 1"));
    assert_eq!(site.files("history/log/main/hand")["2026-11-24.ndjson"], line);
}
