//! What is understood of NodePing's answers.

use snapbox::{assert_data_eq, str};

use super::*;
use crate::load::feed::adapter::sample;
use crate::model::{FeedKind, Origin};

fn check(name: &str, request: &str, text: &str, expected: impl snapbox::IntoData) {
    assert_data_eq!(sample::summary(FeedKind::Nodeping, &[(name, request, text.as_bytes())]), expected);
}

fn check_recorded(file: &str, request: &str, expected: impl snapbox::IntoData) {
    if let Some(bytes) = sample::recorded(&format!("nodeping/{file}")) {
        assert_data_eq!(sample::summary(FeedKind::Nodeping, &[(file, request, &bytes)]), expected);
    }
}

#[test]
fn a_result_says_its_time_its_place_and_how_long_it_took() {
    let text = r#"[{"_id":"A-1-1345313038648","th":"5","i":"0.5","ra":"1345313029252","s":1345313038648,"sc":"Success","su":true,"rt":"77","l":{"1345313038648":"ca"}},
 {"doc":{"_id":"A-1-1345313098648","i":1,"s":"1345313098648","su":false,"rt":5000,"sc":"","m":"timed out","l":{"1345313098648":"ca","1345313104000":"ny","1345313110000":"ro"}}},
 {"_id":"A-1-1345313158648","s":1345313158648,"su":true,"rt":80,"l":{"1345313164000":"ny","1345313158648":"ca"}}]"#;
    check(
        "r.json",
        "",
        text,
        str![[r#"
monitor A-1, every 30000 ms
2012-08-18T18:03:58.648Z A-1 up, 77000 us, from ca: Success
2012-08-18T18:04:58.648Z A-1 down, from ca: timed out
2012-08-18T18:05:04Z A-1 down, from ny: timed out
2012-08-18T18:05:10Z A-1 down, from ro: timed out
2012-08-18T18:05:58.648Z A-1 up, 80000 us, from ny

"#]],
    );
}

#[test]
fn results_that_cannot_be_used_are_told() {
    let text = r#"[{"s":1,"su":true},{"_id":"A-5","s":1345313038648},{"_id":"A-5","su":false},{"_id":"A-5","su":true,"s":0},7]"#;
    check(
        "r.json",
        "",
        text,
        str![[r#"
monitor A
r.json:1:1: warning[feed-shape]: 2 left out: a result that does not say which check it is of; the rest is used
r.json:1:1: warning[feed-shape]: 1 left out: a result without `su`; the rest is used
r.json:1:1: warning[feed-shape]: 2 left out: a result without the time of its start; the rest is used

"#]],
    );
}

#[test]
fn a_check_without_results_is_how_the_list_says_that_it_is() {
    let text = r#"{"A":{"_id":"A","label":"Site 1","interval":"0.25","enable":"active","state":0,"firstdown":1345313000000,"dep":"B"},
 "B":{"_id":"B","label":"Gateway","interval":5,"enable":"active","state":1,"firstdown":0},
 "C":{"_id":"C","enable":"inactive","state":0,"firstdown":1345313000000},"D":{"_id":"D","enable":"active"}}"#;
    check(
        "c.json",
        "",
        text,
        str![[r#"
monitor A "Site 1", every 15000 ms, below B
monitor B "Gateway", every 300000 ms
monitor C, paused
monitor D
2026-11-24T10:20:00Z A down
2026-11-24T10:20:00Z B up
2012-08-18T18:03:20Z – now A down

"#]],
    );
    let results = r#"[{"_id":"A-1345313038648","s":1345313038648,"su":false}]"#;
    let both = [("c.json", "checks", text.as_bytes()), ("r.json", "results/A", results.as_bytes())];
    let summary = sample::summary(FeedKind::Nodeping, &both);
    assert!(!summary.contains("2026-11-24T10:20:00Z A down"), "{summary}");
    assert!(summary.contains("2012-08-18T18:03:58.648Z A down"), "{summary}");
}

#[test]
fn days_are_taken_that_are_over_and_were_watched() {
    let text = r#"{"2026-11-22":{"enabled":86400000,"down":140740,"uptime":99.837},"2026-11-23":{"enabled":0,"down":0,"uptime":0},
 "2026-11-24":{"enabled":37200000,"down":0,"uptime":100},"2026-11-21":{"enabled":5,"down":6},"total":{"enabled":1,"down":0,"uptime":100}}"#;
    check(
        "uptime-A.json",
        "",
        text,
        str![[r#"
day A 2026-11-22: down 140740 of 86400000 ms
uptime-A.json:1:1: warning[feed-shape]: 1 left out: a day whose sums are none; the rest is used

"#]],
    );
    check(
        "x.json",
        "uptime/A",
        r#"{"2026-10":{"enabled":1,"down":0}}"#,
        str![[r#"
x.json:1:1: error[feed-shape]: these are sums of months, and only days can be used (ask with `interval=days`); nothing of it is used

"#]],
    );
    check(
        "x.json",
        "",
        r#"{"2026-11-22":{"enabled":1,"down":0}}"#,
        str![[r#"
x.json:1:1: error[feed-shape]: nothing says which check this is the uptime of (call the file `uptime-<id of the check>.json`); nothing of it is used

"#]],
    );
}

#[test]
fn errors_and_other_answers_are_told() {
    check(
        "x",
        "",
        r#"{"error":"Invalid token"}"#,
        str![[r#"
x:1:1: error[feed-shape]: NodePing answers with an error: Invalid token (check the token and the address); nothing of it is used

"#]],
    );
    check(
        "x",
        "",
        r#"{"jobs":[{"_id":"A","status":"paused"},{"status":"up"}]}"#,
        str![[r#"
monitor A
x:1:1: warning[feed-shape]: 1 left out: a check whose `status` is neither `up` nor `down`; the rest is used
x:1:1: warning[feed-shape]: 1 left out: a check without `_id`; the rest is used

"#]],
    );
    check(
        "x",
        "",
        r#"{"a":1}"#,
        str![[r#"
x:1:1: error[feed-shape]: this is JSON, but no answer of NodePing that says something of results (check the kind of the feed, and its address); nothing of it is used

"#]],
    );
    check(
        "x",
        "",
        "5",
        str![[r#"
x:1:1: error[feed-shape]: this is a number, and no answer of NodePing (check the kind of the feed, and its address); nothing of it is used

"#]],
    );
    check(
        "x",
        "",
        "<html>",
        str![[r#"
x:1:1: error[feed-syntax]: this is a web page, not JSON (the address leads to a page for people, often one to log in at: check `url` and the secrets); nothing of it is used

"#]],
    );
}

/// What is asked for, given what was answered so far.
fn asked(url: &str, options: &[(&str, &str)], answers: &[&str]) -> String {
    let Some(mut feed) = sample::feed(FeedKind::Nodeping, options) else { return String::new() };
    feed.from = Origin::Url(url.to_owned());
    let answers: Vec<Payload> = answers
        .iter()
        .map(|text| Payload {
            name: String::new(),
            request: String::new(),
            bytes: text.as_bytes().to_vec(),
            asked_ms: 0,
        })
        .collect();
    let requests = requests(&feed, &answers, 1_795_515_000_000, sample::ASKED_MS);
    requests.iter().map(|request| format!("{} {}\n", request.name, request.path)).collect()
}

#[test]
fn the_checks_are_asked_for_and_then_the_results_of_each() {
    const API: &str = "https://api.nodeping.com/api/1/";
    const CHECKS: &str = r#"{"A-1":{"enable":"active"},"B":{"enable":"inactive"},"C":{"enable":"active"}}"#;

    assert_eq!(asked(API, &[], &[]), "checks checks\n");
    assert_data_eq!(
        asked(API, &[], &[CHECKS]),
        str![[r#"
results/A-1 results/A-1?clean=true&limit=43201&start=1795515000000
results/C results/C?clean=true&limit=43201&start=1795515000000

"#]]
    );
    assert_data_eq!(
        asked(API, &[("checks", "C, D"), ("backfill", "on")], &[CHECKS]),
        str![[r#"
results/C results/C?clean=true&limit=43201&start=1795515000000
uptime/C results/uptime/C?interval=days&start=1787739600000

"#]]
    );
    assert_eq!(asked(API, &[], &[CHECKS, "[]"]), "");
    assert_eq!(asked(API, &[], &["<html>"]), "");
}

#[test]
fn a_report_needs_no_more_than_its_id() {
    let report = "report /reports/statusevents/ABC/listchecks\n";
    assert_eq!(asked("https://nodeping.com", &[("report", "ABC")], &[]), report);
    assert_eq!(asked("https://nodeping.com", &[("report", "ABC")], &["{}"]), "");
    assert_eq!(asked("https://nodeping.com/reports/statusevents/ABC/listchecks", &[], &[]), " \n");
}

#[test]
fn the_recorded_answers_are_understood() {
    check_recorded(
        "results-dns.json",
        "",
        str![[r#"
monitor 201205050153W2Q4C-0J2HSIRF, every 300000 ms
2012-08-18T18:03:58.648Z 201205050153W2Q4C-0J2HSIRF up, 77000 us, from ca: Success

"#]],
    );
    check_recorded(
        "checks-list.json",
        "",
        str![[r#"
monitor 201205050153W2Q4C-0J2HSIRF "Site 1", every 60000 ms
2026-11-24T10:20:00Z 201205050153W2Q4C-0J2HSIRF down
2012-05-05T02:44:28.566Z – now 201205050153W2Q4C-0J2HSIRF down

"#]],
    );
    check_recorded(
        "results-uptime-daily.json",
        "uptime/A",
        str![[r#"
day A 2019-07-01: down 0 of 86400000 ms
day A 2019-07-02: down 0 of 86400000 ms
day A 2019-07-03: down 0 of 86400000 ms
day A 2019-07-04: down 0 of 86400000 ms
day A 2019-07-05: down 140740 of 86400000 ms
day A 2019-07-06: down 417545 of 86400000 ms
day A 2019-07-07: down 0 of 86400000 ms
day A 2019-07-08: down 144979 of 86400000 ms
day A 2019-07-09: down 0 of 86400000 ms
day A 2019-07-10: down 0 of 86400000 ms
day A 2019-07-11: down 0 of 86400000 ms
day A 2019-07-12: down 699479 of 86400000 ms
day A 2019-07-13: down 0 of 86400000 ms
day A 2019-07-14: down 0 of 86400000 ms

"#]],
    );
    check_recorded(
        "results-uptime-monthly.json",
        "uptime/A",
        str![[r#"
results-uptime-monthly.json:1:1: error[feed-shape]: these are sums of months, and only days can be used (ask with `interval=days`); nothing of it is used

"#]],
    );
    check_recorded(
        "statusevents-listchecks.json",
        "",
        str![[r#"
monitor check001 "My Website"
monitor check002 "My API"
2026-11-24T10:20:00Z check001 up, 145000 us: Connection accepted
2026-11-24T10:20:00Z check002 down: Connection refused
day check001 2025-01-15: down 86400 of 86400000 ms
day check002 2025-01-15: down 4320000 of 86400000 ms

"#]],
    );
}
