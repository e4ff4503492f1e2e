//! For tests: whatever stands where an answer should be, nothing is made up from it, and nothing falls over.

use serde_json::{Value, json};

use super::of;
use super::understood::{feed, payload};
use crate::diag::Loaded;
use crate::load::feed::Reading;
use crate::model::FeedKind;

/// A small answer of each kind of source, and the request that it answers.
fn answers() -> Vec<(FeedKind, &'static str, Value)> {
    let at = "2026-11-24T10:10:00Z";
    let labels = json!({"alertname": "A", "job": "j", "instance": "i", "severity": "critical"});
    let alert = json!({"labels": labels, "startsAt": at, "endsAt": at, "status": {"state": "active"}});
    let posted = json!({"labels": labels, "startsAt": at, "endsAt": "2026-11-24T10:12:00Z", "status": "resolved"});
    let samples = json!([{"metric": labels, "values": [[1_795_515_000, "1"]], "value": [1_795_515_060, "0"]}]);
    vec![
        (FeedKind::UptimeKuma, "", json!({"publicGroupList": [{"monitorList": [{"id": 1, "name": "n"}]}]})),
        (
            FeedKind::UptimeKuma,
            "",
            json!({"heartbeatList": {"1": [{"status": 1, "time": "2026-11-24 10:10:00", "ping": 4}]}}),
        ),
        (
            FeedKind::Gatus,
            "",
            json!([{"name": "n", "group": "g", "results": [{"success": true, "timestamp": at, "duration": 5}],
            "events": [{"type": "UNHEALTHY", "timestamp": "2026-11-24T09:00:00Z"}, {"type": "HEALTHY", "timestamp": "2026-11-24T09:10:00Z"}]}]),
        ),
        (FeedKind::Prometheus, "", json!({"status": "success", "data": {"resultType": "matrix", "result": samples}})),
        (
            FeedKind::Prometheus,
            "",
            json!({"data": {"alerts": [{"labels": labels, "state": "firing", "activeAt": at}]}}),
        ),
        (FeedKind::Alertmanager, "", json!([alert])),
        (FeedKind::Alertmanager, "", json!({"version": "4", "truncatedAlerts": 1, "alerts": [posted]})),
        (
            FeedKind::Healthchecks,
            "",
            json!({"checks": [{"name": "n", "slug": "s", "unique_key": "k", "status": "down", "timeout": 60,
            "grace": 60, "last_ping": at, "next_ping": at}]}),
        ),
        (FeedKind::Healthchecks, "flips k", json!([{"timestamp": at, "up": 0}])),
        (
            FeedKind::Uptimerobot,
            "",
            json!({"monitors": [{"id": 1, "status": 9, "interval": 60, "logs": [{"type": 1, "datetime": 1_795_515_000}],
            "response_times": [{"datetime": 1_795_515_000, "value": 5}]}]}),
        ),
        (
            FeedKind::Uptimerobot,
            "",
            json!({"data": [{"id": 1, "status": "UP", "lastIncident": {"startedAt": at, "duration": 60}}]}),
        ),
        (
            FeedKind::Pingdom,
            "",
            json!({"checks": [{"id": 1, "status": "down", "resolution": 1, "lasttesttime": 1_795_515_000, "lastdownstart": 1_795_515_000}]}),
        ),
        (
            FeedKind::Pingdom,
            "results 1",
            json!({"results": [{"probeid": 1, "time": 1_795_515_000, "status": "up", "responsetime": 5}],
            "summary": {"days": [{"starttime": 1_795_478_400, "uptime": 1, "downtime": 1}]}}),
        ),
        (
            FeedKind::Betterstack,
            "",
            json!({"data": [{"id": "1", "attributes": {"status": "up", "last_checked_at": at, "check_frequency": 30}}]}),
        ),
        (
            FeedKind::Betterstack,
            "",
            json!({"data": {"attributes": {"aggregate_state": "operational"}}, "included": [
            {"id": "9", "type": "status_page_resource", "attributes": {"status": "downtime"}}]}),
        ),
        (
            FeedKind::Zabbix,
            "",
            json!({"result": [{"objectid": "1", "severity": "5", "clock": "1795515000", "ns": "5", "r_eventid": "7", "r_clock": "1795515060"}]}),
        ),
        (FeedKind::Statuspage, "", json!({"components": [{"id": "a", "status": "major_outage", "updated_at": at}]})),
        (FeedKind::Statuspage, "", json!({"result": {"status": [{"id": "a", "status_code": 500}]}})),
        (FeedKind::Upptime, "", json!([{"slug": "s", "dailyMinutesDown": {"2026-11-22": 7}}])),
    ]
}

fn read(kind: FeedKind, request: &str, text: &str) -> Loaded<Reading> {
    (of(kind).read)(&feed(kind, &[]), &[payload(request, text.as_bytes())])
}

fn facts(reading: &Reading) -> usize {
    reading.results.len() + reading.spans.len() + reading.days.len()
}

#[test]
fn what_is_no_answer_at_all_is_told_once_and_makes_up_nothing() {
    let texts = [
        "",
        "<!DOCTYPE html><title>Log in</title>",
        "{\"data\":[",
        "nonsense",
        "NaN",
        "5",
        "\"text\"",
        "null",
        "{}",
        "\u{feff}",
    ];
    for (kind, request, _) in answers() {
        for text in texts {
            let loaded = read(kind, request, text);
            assert_eq!(loaded.value, Reading::default(), "{} {request:?} {text:?}", kind.word());
            assert_eq!(loaded.diagnostics.len(), 1, "{} {request:?} {text:?}", kind.word());
        }
    }
}

#[test]
fn a_hundred_thousand_brackets_are_told() {
    for (kind, request, _) in answers() {
        for text in ["[".repeat(100_000), "{\"a\":".repeat(100_000)] {
            assert_eq!(read(kind, request, &text).value, Reading::default(), "{}", kind.word());
        }
    }
}

#[test]
fn each_answer_is_understood_as_long_as_it_is_whole() {
    for (kind, request, answer) in answers() {
        let loaded = read(kind, request, &answer.to_string());
        let understood = facts(&loaded.value) + loaded.value.monitors.len();
        assert!(understood > 0 || request == "flips k", "{} {request:?}", kind.word());
    }
}

#[test]
fn whatever_one_value_becomes_no_fact_is_added_and_no_time_is_made_up() {
    let others = || {
        let deep = (0..100).fold(Value::Null, |inner, _| json!([inner]));
        [
            json!(null),
            json!(true),
            json!(-1),
            json!(1e308),
            json!(i64::MAX),
            json!(""),
            json!("x"),
            json!("é".repeat(700)),
            json!("-009999-01-01T00:00:00Z"),
            json!("9999-12-30T22:00:00Z"),
            json!([]),
            json!({}),
            json!([null]),
            deep,
        ]
    };
    for (kind, request, answer) in answers() {
        let whole = facts(&read(kind, request, &answer.to_string()).value);
        for place in places(&answer, String::new()) {
            for other in others() {
                let mut changed = answer.clone();
                if let Some(value) = changed.pointer_mut(&place) {
                    *value = other.clone();
                }
                let reading = read(kind, request, &changed.to_string()).value;
                assert!(facts(&reading) <= whole + 1, "{} {place} {other}", kind.word());
                let times = reading
                    .results
                    .iter()
                    .map(|result| result.at_ms)
                    .chain(reading.spans.iter().map(|span| span.span.from_ms));
                for at_ms in times {
                    assert!(at_ms > 0, "{} {place} {other}", kind.word());
                }
                for span in &reading.spans {
                    assert!(
                        span.span.to_ms.is_none_or(|to_ms| to_ms > span.span.from_ms),
                        "{} {place} {other}",
                        kind.word()
                    );
                }
            }
        }
    }
}

/// The JSON pointer of every value in a document.
fn places(value: &Value, at: String) -> Vec<String> {
    let mut all = Vec::new();
    match value {
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(n, item)| all.extend(places(item, format!("{at}/{n}"))))
        }
        Value::Object(members) => {
            members.iter().for_each(|(key, item)| all.extend(places(item, format!("{at}/{key}"))))
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
    all.push(at);
    all
}

#[test]
fn a_feed_has_at_most_5000_monitors_and_a_document_a_bounded_number_of_values() {
    let many: Vec<Value> = (0..5002).map(|id| json!({"id": id.to_string(), "status": "operational"})).collect();
    let loaded = read(FeedKind::Statuspage, "", &json!({"components": many}).to_string());
    assert_eq!((loaded.value.monitors.len(), loaded.value.results.len()), (5000, 5000));
    assert_eq!(loaded.diagnostics.len(), 1);

    let beats = vec![r#"{"status":0,"time":"2026-11-24 10:10:00"}"#; 1_000_001].join(",");
    let loaded = read(FeedKind::UptimeKuma, "", &format!(r#"{{"heartbeatList":{{"1":[{beats}]}}}}"#));
    assert_eq!(loaded.value.results.len(), 0);
    assert_eq!(loaded.diagnostics.len(), 1);
}
