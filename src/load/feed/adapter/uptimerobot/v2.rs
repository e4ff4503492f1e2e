//! UptimeRobot's API, version 2: `getMonitors`.

use serde_json::Value;

use crate::load::feed::adapter::gather::{Gather, State, bare, interval_ms, items, named, plain};
use crate::load::feed::{Payload, ReadMonitor, Request, json};
use crate::model::{CheckStatus, MonitorId};

const LIMIT: i64 = 50;

/// The next page, where the last one says that there is more.
pub(super) fn next(answers: &[Payload]) -> Option<Request> {
    let offset = match answers.last() {
        None => 0,
        Some(last) => {
            let answer: Value = serde_json::from_slice(&last.bytes).ok()?;
            let page = answer.get("pagination")?;
            let number = |key| json::integer(json::get(page, key));
            let next = number("offset")?.checked_add(number("limit")?.max(1))?;
            (next < number("total")?).then_some(next)?
        }
    };
    let body = format!(
        "api_key={{token}}&format=json&logs=1&logs_limit=50&response_times=1&response_times_limit=50&limit={LIMIT}&offset={offset}"
    );
    Some(Request { name: format!("monitors {offset}"), path: String::new(), body: Some(body) })
}

pub(super) fn read(gather: &mut Gather<'_>, payload: &Payload, monitor: &Value) {
    let number = plain(json::get(monitor, "id")).unwrap_or_default();
    let Some(id) = gather.id(payload, &[&number]) else { return };
    let Some(state) = state(json::get(monitor, "status")) else {
        return gather.unknown_word(payload, json::get(monitor, "status"), &["0", "1", "2", "8", "9"]);
    };
    let read = ReadMonitor {
        interval_ms: interval_ms(json::get(monitor, "interval"), 1000),
        paused: state.is_some_and(|(status, _)| status == CheckStatus::Paused),
        ..named(&id, json::text(json::get(monitor, "friendly_name")))
    };
    if !gather.monitor(payload, read) {
        return;
    }
    read_latencies(gather, payload, &id, items(monitor, "response_times"));
    read_logs(gather, payload, &id, items(monitor, "logs"), state);
    if let Some(state) = state {
        gather.result(payload, bare(&id, payload.asked_ms, state));
    }
}

/// `Some(None)` for "not checked yet".
fn state(status: &Value) -> Option<Option<State>> {
    match json::integer(status)? {
        0 => Some(Some((CheckStatus::Paused, true))),
        1 => Some(None),
        2 => Some(Some((CheckStatus::Up, true))),
        8 => Some(Some((CheckStatus::Down, false))),
        9 => Some(Some((CheckStatus::Down, true))),
        _ => None,
    }
}

/// Good answers, each with its own time: seconds; the value is milliseconds.
fn read_latencies(gather: &mut Gather<'_>, payload: &Payload, id: &MonitorId, times: &[Value]) {
    for time in times {
        let at_ms = json::seconds_ms(json::get(time, "datetime"));
        let latency_us = json::latency_us(json::get(time, "value"), 1e3);
        if let (Some(at_ms), Some(_)) = (at_ms, latency_us) {
            let mut result = bare(id, at_ms, (CheckStatus::Up, true));
            result.latency_us = latency_us;
            gather.result(payload, result);
        }
    }
}

/// What it went through, in whatever order: 1 down, 2 up, 98 started, 99 paused. Each lasts until the next one; the last
/// one goes on. Durations say the same, except that the last one's is cut at the moment of asking.
fn read_logs(gather: &mut Gather<'_>, payload: &Payload, id: &MonitorId, logs: &[Value], now: Option<State>) {
    let mut changes: Vec<(i64, i64)> = Vec::new();
    for log in logs {
        let change = json::seconds_ms(json::get(log, "datetime")).zip(json::integer(json::get(log, "type")));
        match change {
            Some(change) => changes.push(change),
            None => gather.leave_out(payload, "a line of a log without a time or a type", Some(id)),
        }
    }
    changes.sort_unstable();
    for (place, &(from_ms, kind)) in changes.iter().enumerate() {
        let status = match kind {
            1 => CheckStatus::Down,
            99 => CheckStatus::Paused,
            _ => continue,
        };
        // Two changes within a second are a stretch of no length.
        match changes.get(place + 1) {
            Some(&(to_ms, _)) if to_ms == from_ms => {}
            Some(&(to_ms, _)) => gather.span_ended(payload, id, (from_ms, to_ms), status),

            None if now == Some((status, true)) => gather.span_seen(payload, id, from_ms, (status, true)),
            // The log is older than the state, which tells another story.
            None => {}
        }
    }
}
