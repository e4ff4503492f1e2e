//! Every adapter, given what no source would answer: nothing may panic, and nothing may take long.

use std::fmt::Write as _;

use proptest::prelude::*;
use serde_json::Value;

use super::sample;
use crate::model::FeedKind;

/// Words of the formats, so that what is made up comes near enough to be read.
const WORDS: [&str; 36] = [
    "results",
    "data",
    "servicelist",
    "hostlist",
    "alertlist",
    "jobs",
    "value",
    "extensions",
    "attrs",
    "name",
    "host_name",
    "description",
    "state",
    "state_type",
    "status",
    "last_check",
    "last_state_change",
    "timestamp",
    "object_type",
    "_id",
    "su",
    "s",
    "l",
    "i",
    "rt",
    "uptime",
    "enabled",
    "down",
    "monitor",
    "at",
    "from",
    "to",
    "version",
    "labels",
    "metric",
    "values",
];

fn value() -> impl Strategy<Value = Value> {
    let number = prop_oneof![
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        (0i64..70).prop_map(Value::from),
        (1_795_514_900_000i64..1_795_515_600_000).prop_map(Value::from),
    ];
    let text = prop_oneof![
        proptest::sample::select(WORDS.to_vec()).prop_map(Value::from),
        any::<i64>().prop_map(|number| Value::from(number.to_string())),
        ".{0,8}".prop_map(Value::from),
        Just(Value::from("2026-11-24T10:20:00Z")),
        Just(Value::from("2026-11-24")),
    ];
    let leaf = prop_oneof![Just(Value::Null), any::<bool>().prop_map(Value::from), number, text];
    leaf.prop_recursive(6, 96, 8, |inner| {
        let member =
            (prop_oneof![proptest::sample::select(WORDS.to_vec()).prop_map(str::to_owned), ".{0,6}"], inner.clone());
        prop_oneof![
            proptest::collection::vec(inner, 0..8).prop_map(Value::from),
            proptest::collection::vec(member, 0..8).prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn no_document_makes_an_adapter_panic(document in value(), request in "|results/A|uptime/A|services|hosts|statehist") {
        let text = document.to_string();
        for kind in FeedKind::ALL {
            let _ = sample::summary(kind, &[("feed.json", &request, text.as_bytes())]);
        }
    }

    #[test]
    fn no_bytes_make_an_adapter_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        for kind in FeedKind::ALL {
            let _ = sample::summary(kind, &[("feed.json", "", &bytes)]);
        }
    }
}

#[test]
fn a_web_page_half_a_document_and_a_hundred_thousand_brackets_say_nothing_and_are_told() {
    for kind in FeedKind::ALL {
        for text in
            ["<html></html>", "{\"results\": [1,", "", &"[".repeat(100_000), &"{\"a\":".repeat(100_000), "[NaN]"]
        {
            let summary = sample::summary(kind, &[("feed.json", "", text.as_bytes())]);
            let said = summary.lines().filter(|line| !line.contains("[feed-")).count();
            assert_eq!(said, 0, "{}: {summary}", kind.word());
        }
    }
}

#[test]
fn a_million_flapping_results_are_read() {
    let mut log = String::new();
    for second in 0..1_000_000 {
        let status = if second % 2 == 0 { "up" } else { "down" };
        let (hour, minute, seconds) = (second / 3600 % 24, second / 60 % 60, second % 60);
        let _ = writeln!(
            log,
            r#"{{"monitor":"a","at":"2026-11-24T{hour:02}:{minute:02}:{seconds:02}Z","status":"{status}"}}"#
        );
    }
    let read = super::upfront::read_lines("log.ndjson", log.as_bytes());
    assert_eq!((read.value.results.len(), read.diagnostics.len()), (1_000_000, 0));
}
