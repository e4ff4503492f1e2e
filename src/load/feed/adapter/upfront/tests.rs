//! What is understood of feeds and logs, and what is told of bad ones.

use std::fmt::Write as _;

use proptest::prelude::*;
use snapbox::{assert_data_eq, str};

use super::*;
use crate::load::feed::adapter::sample;
use crate::load::feed::{ReadMonitor, ReadResult, ReadSpan};
use crate::model::{CheckStatus, FeedKind, Heartbeat, MonitorId, Span};

fn check(name: &str, text: impl AsRef<[u8]>, expected: impl snapbox::IntoData) {
    assert_data_eq!(sample::summary(FeedKind::Upfront, &[(name, "", text.as_ref())]), expected);
}

#[test]
fn a_feed_says_results_spans_and_monitors() {
    check(
        "feed.json",
        r#"{"version": 1, "generated": "2026-11-24T11:59:00Z", "note": "unknown keys are ignored", "results": [
  {"monitor": "imap", "at": "2026-11-24T11:58:00Z", "status": "up", "latency_ms": 12.5, "message": "OK", "location": "osl"},
  {"monitor": "smtp/25", "at": "2026-11-24T12:58:00.25+01:00", "status": "Down", "confirmed": false, "rev": 2}],
 "monitors": [{"id": "imap", "interval_s": 60, "parents": ["gw"], "paused": true}],
 "spans": [{"monitor": "pop", "from": "2026-11-24T11:00:00Z", "to": null, "status": "degraded", "unconfirmed": true}]}"#,
        str![[r#"
generated 2026-11-24T11:59:00Z
expires 2026-11-24T12:04:00Z
monitor imap, every 60000 ms, below gw, paused
2026-11-24T11:58:00Z imap up, 12500 us, from osl: OK
2026-11-24T11:58:00.25Z smtp/25 down, unconfirmed, rev 2
2026-11-24T11:00:00Z – now pop degraded, unconfirmed

"#]],
    );
}

#[test]
fn a_log_is_read_line_by_line() {
    check(
        "checks.ndjson",
        "{\"monitor\":\"imap\",\"at\":\"2026-11-24T11:58:00Z\",\"status\":\"up\"}\r\n\n\
         {\"monitor\":\"imap\",\"from\":\"2026-11-24T11:59:00Z\",\"to\":\"2026-11-24T12:09:00Z\",\"status\":\"down\"}\n\
         {\"feed\":\"nodeping\",\"at\":\"2026-11-24T12:10:00Z\",\"every_s\":60,\"monitors\":50}\n\
         {\"id\":\"imap\",\"interval_s\":0.5}\n",
        str![[r#"
monitor imap, every 500 ms
2026-11-24T11:58:00Z imap up
2026-11-24T11:59:00Z – 2026-11-24T12:09:00Z imap down
heartbeat 2026-11-24T12:10:00Z every 60 s, 50 monitors

"#]],
    );
}

#[test]
fn a_log_is_known_by_its_first_line() {
    check(
        "-",
        "{\"monitor\":\"a\",\"at\":\"2026-11-24T11:58:00Z\",\"status\":\"up\"}",
        str![[r#"
2026-11-24T11:58:00Z a up

"#]],
    );
    check(
        "-",
        r#"{"version":1,"results":[{"monitor":"a","at":"2026-11-24T11:58:00Z","status":"up"}]}"#,
        str![[r#"
2026-11-24T11:58:00Z a up

"#]],
    );
}

#[test]
fn a_bad_line_is_told_with_its_number_and_the_others_count() {
    check(
        "log.ndjson",
        [
            r#"{"monitor":"a","at":"2026-11-24T11:58:00","status":"up"}"#,
            r#"{"monitor":"a","at":"11:58","status":"up"}"#,
            r#"{"monitor":"a","status":"up"}"#,
            r#"{"monitor":"a","at":"2026-11-24T11:58:00Z","status":"dwon"}"#,
            r#"{"monitor":"a","at":"2026-11-24T11:58:00Z","status":"up","status":"down"}"#,
            r#"{"monitor":"å b","at":"2026-11-24T11:58:00Z","status":"up"}"#,
            r#"{"monitor":"a","at":"2026-11-24T11:58:00Z","status":"up","latency_ms":NaN}"#,
            r#"{"monitor":"a","at":"2026-11-24T11:58:00Z","status":"up","latency_ms":"secret"}"#,
            r#"{"monitor":"a","at":"2026-11-24T11:58:00Z","status":"down","latency_ms":-1}"#,
            r#"["a","2026-11-24T11:58:00Z","up"]"#,
            r#"{"monitor":"a","at":"2026-11-24T11:58:00Z","from":"2026-11-24T11:58:00Z","status":"up"}"#,
            r#"{"monitor":"a","from":"2026-11-24T11:58:00Z","to":"2026-11-24T11:57:00Z","status":"down"}"#,
            r#"{"message":"nothing else"}"#,
            &format!(r#"{{"monitor":"a","message":"{}"}}"#, "x".repeat(4096)),
            r#"{"monitor":"b","at":"2026-11-24T11:58:00Z","status":"up"}"#,
            "",
        ]
        .join("\n"),
        str![[r#"
2026-11-24T11:58:00Z a down
2026-11-24T11:58:00Z b up
log.ndjson:1:1: error[feed-shape]: `at` has no zone (end it with `Z` where it is UTC, or with `+01:00`); this line is skipped
log.ndjson:2:1: error[feed-shape]: `at` is no time (write it like `2026-11-24T11:58:00Z`); this line is skipped
log.ndjson:3:1: error[feed-shape]: `at` is missing (write it like `2026-11-24T11:58:00Z`); this line is skipped
log.ndjson:4:1: error[feed-shape]: `status` is no word that is known (did you mean `down`?); this line is skipped
log.ndjson:5:65: error[feed-shape]: there are two of `status`; this line is skipped
log.ndjson:6:1: error[feed-shape]: `monitor` is no id (an id is up to 128 letters and digits, with `.`, `_`, `/` and `-` between them); this line is skipped
log.ndjson:7:71: error[feed-shape]: this is not JSON: `NaN` is no number in it; this line is skipped
log.ndjson:8:78: error[feed-shape]: found text, expected a number; this line is skipped
log.ndjson:10:1: error[feed-shape]: this is no object of JSON (write `{"monitor": …}`); this line is skipped
log.ndjson:11:1: error[feed-shape]: this has `at` and `from` (a result has `at`, a span has `from` and `to`); this line is skipped
log.ndjson:12:1: error[feed-shape]: this span ends before it begins (`to` is the later time); this line is skipped
log.ndjson:13:1: error[feed-shape]: this is no result: it has no `monitor` (write `monitor`, `at` and `status`); this line is skipped
log.ndjson:14:4096: error[feed-shape]: this line is longer than 4096 bytes (shorten the message); this line is skipped

"#]],
    );
}

#[test]
fn a_torn_last_line_is_told_and_ignored() {
    check(
        "log.ndjson",
        "{\"monitor\":\"a\",\"at\":\"2026-11-24T11:58:00Z\",\"status\":\"up\"}\n{\"monitor\":\"a\",\"at\":\"2026-11-2",
        str![[r#"
2026-11-24T11:58:00Z a up
log.ndjson:2:30: warning[feed-shape]: the last line is not whole: this is cut off: it ends in the middle (end each line with a line feed); it is ignored

"#]],
    );
}

#[test]
fn of_many_mistakes_the_first_twenty_are_told() {
    let summary = sample::summary(FeedKind::Upfront, &[("log.ndjson", "", &b"{}\n".repeat(100_000))]);
    assert_eq!(summary.matches("has no `monitor`").count(), 20);
    assert!(summary.contains("99980 more like these are left out"), "{summary}");
}

#[test]
fn another_version_is_refused() {
    check(
        "feed.json",
        r#"{"version": 2, "results": {"imap": "up"}}"#,
        str![[r#"
feed.json:1:1: error[feed-shape]: this is version 2 of the feed, and only 1 is known (a newer upfront may be able to read it); nothing of it is used

"#]],
    );
    check(
        "feed.json",
        r#"{"version": "1", "results": []}"#,
        str![[r#"
feed.json:1:1: error[feed-shape]: this is version "1" of the feed, and only 1 is known (write `"version": 1`); nothing of it is used

"#]],
    );
}

#[test]
fn what_is_no_feed_is_told_and_says_nothing() {
    check(
        "feed.json",
        "<html>",
        str![[r#"
feed.json:1:1: error[feed-syntax]: this is a web page, not JSON (the address leads to a page for people, often one to log in at: check `url` and the secrets); nothing of it is used

"#]],
    );
    check(
        "feed.json",
        "[".repeat(100_000),
        str![[r#"
feed.json:1:1: error[feed-shape]: this is JSON, but no feed (write `{"version": 1, "results": […]}`, or a result a line in a file named `.ndjson`); nothing of it is used

"#]],
    );
    check(
        "feed.json",
        format!("{{\"version\":1,\"results\":{}", "[".repeat(100_000)),
        str![[r#"
feed.json:1:100023: error[feed-syntax]: this is cut off: it ends in the middle (ask again, or raise `timeout`); nothing of it is used

"#]],
    );
    check(
        "feed.json",
        r#"{"version": 1, "results": [], "results": []}"#,
        str![[r#"
feed.json:1:39: error[feed-syntax]: there are two of `results`; nothing of it is used

"#]],
    );
    check(
        "feed.json",
        "{\"version\": 1,\n \"results\": {\"imap\": \"up\"}}",
        str![[r#"
feed.json:2:13: error[feed-shape]: `results` is no list (put the objects between `[` and `]`); it is left out

"#]],
    );
    check(
        "feed.json",
        r#"{"version": 1, "generated": "yesterday", "results": [{"monitor": 5}]}"#,
        str![[r#"
feed.json:1:1: error[feed-shape]: `generated` is no time (write it like `2026-11-24T11:58:00Z`); it is read as if it did not say
feed.json:1:66: error[feed-shape]: found a number, expected text; it is left out

"#]],
    );
}

#[test]
fn a_bad_object_is_told_with_its_place_and_the_others_count() {
    check(
        "feed.json",
        "{\"version\": 1, \"results\": [\n  {\"monitor\": \"a\", \"at\": \"2026-11-24T11:58:00Z\",\n   \"status\": 5},\n  \
         {\"monitor\": \"a\", \"at\": \"2026-11-24T11:58:00Z\", \"status\": \"up\"}]}",
        str![[r#"
2026-11-24T11:58:00Z a up
feed.json:3:14: error[feed-shape]: found a number, expected text; it is left out

"#]],
    );
}

#[test]
fn a_feed_holds_for_five_minutes_or_three_intervals_of_its_slowest_monitor() {
    let expires = |rest: &str| {
        let text = format!("{{\"version\":1,\"generated\":\"2026-11-24T12:00:00Z\",{rest}}}");
        let summary = sample::summary(FeedKind::Upfront, &[("feed.json", "", text.as_bytes())]);
        summary.lines().find(|line| line.starts_with("expires")).unwrap_or_default().to_owned()
    };
    assert_eq!(expires(r#""results":[]"#), "expires 2026-11-24T12:05:00Z");
    assert_eq!(
        expires(r#""monitors":[{"id":"a","interval_s":60},{"id":"b","interval_s":600}]"#),
        "expires 2026-11-24T12:30:00Z"
    );
    let results =
        ["11:40", "11:50", "11:51"].map(|at| format!(r#"{{"monitor":"a","at":"2026-11-24T{at}:00Z","status":"up"}}"#));
    assert_eq!(expires(&format!(r#""results":[{}]"#, results.join(","))), "expires 2026-11-24T12:30:00Z");
    assert_eq!(expires(r#""expires":"2026-11-24T12:01:00Z""#), "expires 2026-11-24T12:01:00Z");
}

#[test]
fn no_more_than_five_thousand_monitors_are_taken() {
    let mut log = String::new();
    for number in 0..5002 {
        let _ = writeln!(log, r#"{{"monitor":"m{number}","at":"2026-11-24T11:58:00Z","status":"up"}}"#);
    }
    let read = read_lines("log.ndjson", log.as_bytes());
    assert_eq!(read.value.results.len(), 5000);
    assert_data_eq!(
        sample::told(&read.diagnostics),
        str![[r#"
log.ndjson:1:1: error[feed-shape]: there are more than 5000 monitors: 2 objects are left out (make several feeds of it)

"#]]
    );
}

fn monitor() -> impl Strategy<Value = MonitorId> {
    ".{1,12}".prop_filter_map("escapes to nothing", |name| MonitorId::escaped(&[&name]))
}

fn status() -> impl Strategy<Value = CheckStatus> {
    proptest::sample::select(CheckStatus::ALL.to_vec())
}

fn at_ms() -> impl Strategy<Value = i64> {
    prop_oneof![0i64..4_000_000_000_000, (0i64..4_000_000_000).prop_map(|s| s * 1000)]
}

fn line_text() -> impl Strategy<Value = Option<String>> {
    proptest::option::of(".{0,90}").prop_map(|text| text.and_then(|text| crate::load::feed::json::message(&text)))
}

prop_compose! {
    fn result()(
        monitor in monitor(), at_ms in at_ms(), status in status(), confirmed in any::<bool>(),
        latency_us in any::<Option<u32>>(), location in line_text(), message in line_text(), rev in any::<u16>(),
    ) -> ReadResult {
        ReadResult { monitor, at_ms, status, confirmed, latency_us, location, message, rev }
    }
}

prop_compose! {
    fn span()(
        monitor in monitor(), from_ms in at_ms(), length_ms in proptest::option::of(0i64..1_000_000_000),
        status in status(), confirmed in any::<bool>(), rev in any::<u16>(),
    ) -> ReadSpan {
        ReadSpan { monitor, span: Span { from_ms, to_ms: length_ms.map(|ms| from_ms + ms), status, confirmed, rev } }
    }
}

prop_compose! {
    fn read_monitor()(
        id in monitor(), name in line_text(), interval_ms in proptest::option::of(1i64..31_622_400_000),
        parents in proptest::collection::vec(monitor(), 0..3), paused in any::<bool>(),
    ) -> ReadMonitor {
        ReadMonitor { id, name, interval_ms, parents, paused }
    }
}

prop_compose! {
    fn heartbeat()(at_ms in at_ms(), every_s in any::<u32>(), monitors in any::<u32>()) -> Heartbeat {
        Heartbeat { at_ms, every_s, monitors }
    }
}

proptest! {
    #[test]
    fn what_is_written_is_read_again_and_writes_the_same_bytes(
        results in proptest::collection::vec(result(), 0..8), spans in proptest::collection::vec(span(), 0..4),
        monitors in proptest::collection::vec(read_monitor(), 0..3), heartbeats in proptest::collection::vec(heartbeat(), 0..3),
    ) {
        let reading = Reading { results, spans, monitors, heartbeats, ..Reading::default() };
        let log = write(&reading);
        let read = read_lines("log.ndjson", &log);
        prop_assert_eq!(sample::told(&read.diagnostics), "");
        prop_assert_eq!(&read.value, &reading);
        prop_assert_eq!(write(&read.value), log);
    }

    #[test]
    fn no_bytes_do_harm(bytes in proptest::collection::vec(any::<u8>(), 0..300), name in "feed.json|log.ndjson") {
        let _ = sample::summary(FeedKind::Upfront, &[(&name, "", &bytes)]);
    }
}

fn write(reading: &Reading) -> Vec<u8> {
    let mut log = Vec::new();
    reading.results.iter().for_each(|result| write_line(&mut log, Line::Result(result)));
    reading.spans.iter().for_each(|span| write_line(&mut log, Line::Span(span)));
    reading.monitors.iter().for_each(|monitor| write_line(&mut log, Line::Monitor(monitor)));
    reading.heartbeats.iter().for_each(|heartbeat| write_line(&mut log, Line::Heartbeat { feed: "own", heartbeat }));
    log
}

#[test]
fn a_line_has_its_keys_in_one_order_and_says_nothing_twice() {
    let id = |text| MonitorId::escaped(&[text]);
    let Some(monitor) = id("imap") else { return };
    let result = ReadResult {
        monitor: monitor.clone(),
        at_ms: 1_795_521_480_000,
        status: CheckStatus::Down,
        confirmed: false,
        latency_us: Some(12_050),
        location: Some("osl".to_owned()),
        message: Some("say \"no\"".to_owned()),
        rev: 1,
    };
    let span = Span { from_ms: 1_795_521_480_120, to_ms: None, status: CheckStatus::Down, confirmed: true, rev: 0 };
    let reading = Reading {
        results: vec![result],
        spans: vec![ReadSpan { monitor: monitor.clone(), span }],
        monitors: vec![ReadMonitor {
            id: monitor,
            name: None,
            interval_ms: Some(90_500),
            parents: id("gw").into_iter().chain(id("core")).collect(),
            paused: true,
        }],
        heartbeats: vec![Heartbeat { at_ms: 1_795_521_480_000, every_s: 60, monitors: 50 }],
        ..Reading::default()
    };
    let lines = [
        r#"{"monitor":"imap","at":"2026-11-24T11:58:00Z","status":"down","latency_ms":12.05,"location":"osl","message":"say \"no\"","confirmed":false,"rev":1}"#,
        r#"{"monitor":"imap","from":"2026-11-24T11:58:00.120Z","to":null,"status":"down"}"#,
        r#"{"id":"imap","interval_s":90.5,"parents":["gw","core"],"paused":true}"#,
        r#"{"feed":"own","at":"2026-11-24T11:58:00Z","every_s":60,"monitors":50}"#,
    ];
    assert_eq!(String::from_utf8(write(&reading)).unwrap_or_default(), lines.join("\n") + "\n");
}
