//! `results/<id>`: every run of one check.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::load::feed::json::{self, Tally, get};
use crate::load::feed::{ReadMonitor, ReadResult, Reading};
use crate::model::{CheckStatus, MonitorId};

/// `check` is the id that was asked for; without it each result says its own.
pub(super) fn read(list: &[Value], check: Option<&str>, reading: &mut Reading, tally: &mut Tally) {
    let mut intervals: BTreeMap<MonitorId, Option<i64>> = BTreeMap::new();
    for record in list {
        // Without `clean=true`.
        let record = record.get("doc").unwrap_or(record);
        let of = check.or_else(|| check_of(record));
        let Some(of) = tally.need(of, "a result that does not say which check it is of") else { continue };
        let Some(monitor) = tally.id(&[of]) else { continue };
        // The newest result stands first, and is the one that knows how often it runs now.
        let interval = intervals.entry(monitor.clone()).or_default();
        *interval = interval.or_else(|| interval_ms(get(record, "i")));
        give(&monitor, record, reading, tally);
    }
    reading.monitors.extend(intervals.into_iter().map(|(id, interval_ms)| ReadMonitor {
        id,
        name: None,
        interval_ms,
        parents: Vec::new(),
        paused: false,
    }));
}

/// Minutes, possibly with a fraction.
pub(super) fn interval_ms(minutes: &Value) -> Option<i64> {
    let minutes = json::number(minutes).filter(|minutes| (0.01..=525_600.0).contains(minutes))?;
    #[expect(clippy::cast_possible_truncation, reason = "it was checked to be in range")]
    Some((minutes * 60_000.0).round() as i64)
}

/// A result's own id is that of its check and the time: `<check>-<ms>`.
fn check_of(record: &Value) -> Option<&str> {
    let (check, at) = json::text(get(record, "_id"))?.rsplit_once('-')?;
    (!check.is_empty() && at.bytes().all(|byte| byte.is_ascii_digit())).then_some(check)
}

fn give(monitor: &MonitorId, record: &Value, reading: &mut Reading, tally: &mut Tally) {
    let success = json::flag(get(record, "su"));
    let Some(success) = tally.need(success, "a result without `su`") else { return };
    let start_ms = json::millis_ms(get(record, "s")).or_else(|| json::millis_ms(get(record, "ra")));
    let Some(start_ms) = tally.need(start_ms, "a result without the time of its start") else { return };
    let result = ReadResult {
        monitor: monitor.clone(),
        at_ms: start_ms,
        status: if success { CheckStatus::Up } else { CheckStatus::Down },
        confirmed: true,
        latency_us: json::latency_us(get(record, "rt"), 1000.0).filter(|_| success),
        location: None,
        message: ["m", "sc"].into_iter().find_map(|key| json::message(json::text(get(record, key))?)),
        rev: 0,
    };
    let probes = probes(get(record, "l"));
    match probes.as_slice() {
        [] => reading.results.push(result),
        // Good in the end: what counts is the probe that says so.
        [.., (_, place)] if success => reading.results.push(ReadResult { location: Some(place.clone()), ..result }),
        // The run starts with the first probe; each later one failed at its own time.
        [(_, first), rest @ ..] => {
            let again = rest.iter().map(|(at_ms, place)| (*at_ms, place));
            let all = [(start_ms, first)].into_iter().chain(again);
            reading.results.extend(all.map(|(at_ms, place)| ReadResult {
                at_ms,
                location: Some(place.clone()),
                ..result.clone()
            }));
        }
    }
}

/// Which probes were asked, by time: a map of ms to the probe's code.
fn probes(map: &Value) -> Vec<(i64, String)> {
    let members = map.as_object().into_iter().flatten();
    let mut probes: Vec<(i64, String)> = members
        .filter_map(|(at, code)| {
            let at_ms = json::millis_ms(&Value::from(at.as_str()))?;
            Some((at_ms, json::message(json::text(code)?)?))
        })
        .collect();
    probes.sort();
    probes
}
