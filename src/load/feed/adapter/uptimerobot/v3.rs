//! UptimeRobot's API, version 3: `monitors`.

use serde_json::Value;

use crate::load::feed::adapter::gather::{Gather, State, bare, interval_ms, named, plain};
use crate::load::feed::{Payload, ReadMonitor, Request, json};
use crate::model::{CheckStatus, MonitorId};

const WORDS: [&str; 5] = ["UP", "DOWN", "LOOKS_DOWN", "PAUSED", "STARTED"];

/// The next page, whose address the last one gives.
pub(super) fn next(answers: &[Payload]) -> Option<Request> {
    let Some(last) = answers.last() else {
        return Some(Request { name: "monitors 0".to_owned(), path: String::new(), body: None });
    };
    let answer: Value = serde_json::from_slice(&last.bytes).ok()?;
    let link = json::text(json::get(&answer, "nextLink")).filter(|link| link.starts_with("https://"))?;
    Some(Request { name: format!("monitors {}", answers.len()), path: link.to_owned(), body: None })
}

pub(super) fn read(gather: &mut Gather<'_>, payload: &Payload, monitor: &Value) {
    let number = plain(json::get(monitor, "id")).unwrap_or_default();
    let Some(id) = gather.id(payload, &[&number]) else { return };
    let Some(state) = state(json::get(monitor, "status")) else {
        return gather.unknown_word(payload, json::get(monitor, "status"), &WORDS);
    };
    let read = ReadMonitor {
        interval_ms: interval_ms(json::get(monitor, "interval"), 1000),
        paused: state.is_some_and(|(status, _)| status == CheckStatus::Paused),
        ..named(&id, json::text(json::get(monitor, "friendlyName")))
    };
    if !gather.monitor(payload, read) {
        return;
    }
    let is_down = state == Some((CheckStatus::Down, true));
    read_incident(gather, payload, &id, json::get(monitor, "lastIncident"), is_down);
    if let Some(state) = state {
        gather.result(payload, bare(&id, payload.asked_ms, state));
    }
}

/// `Some(None)` for "started", which has not been checked yet.
fn state(status: &Value) -> Option<Option<State>> {
    match status.as_str()? {
        "UP" => Some(Some((CheckStatus::Up, true))),
        "DOWN" => Some(Some((CheckStatus::Down, true))),
        "LOOKS_DOWN" => Some(Some((CheckStatus::Down, false))),
        "PAUSED" => Some(Some((CheckStatus::Paused, true))),
        "STARTED" => Some(None),
        _ => None,
    }
}

/// The last outage: going on, or with its duration in seconds. What says neither is left to the results.
fn read_incident(gather: &mut Gather<'_>, payload: &Payload, id: &MonitorId, incident: &Value, is_down: bool) {
    let Some(from_ms) = json::rfc3339_ms(json::get(incident, "startedAt")) else { return };
    let duration_ms = interval_ms(json::get(incident, "duration"), 1000);
    if is_down {
        gather.span_seen(payload, id, from_ms, (CheckStatus::Down, true));
    } else if let Some(to_ms) = duration_ms.and_then(|duration| from_ms.checked_add(duration)) {
        gather.span_ended(payload, id, (from_ms, to_ms), CheckStatus::Down);
    }
}
