//! `checks`: what is checked, how often, below what, and how it is now.

use serde_json::Value;

use super::results::interval_ms;
use crate::load::feed::json::{self, Tally, get};
use crate::load::feed::{Payload, ReadMonitor, ReadResult, ReadSpan, Reading};
use crate::model::{CheckStatus, MonitorId, Span};

/// The ids of the checks that are switched on, in the order of the answer; none where it is no list of checks.
pub(super) fn active(answer: &Payload) -> Vec<String> {
    let Some(document) = json::parse(answer, &mut Vec::new()) else { return Vec::new() };
    let members = document.as_object().into_iter().flatten();
    let active = members.filter(|(_, check)| check.is_object() && is_active(check));
    active.map(|(id, _)| id.clone()).collect()
}

/// One check. How it is now counts only where its results were not asked for.
pub(super) fn give(check: &Value, asked_ms: i64, with_results: &[MonitorId], reading: &mut Reading, tally: &mut Tally) {
    let id = tally.need(json::text(get(check, "_id")), "a check without `_id`");
    let Some(monitor) = id.and_then(|id| tally.id(&[id])) else { return };
    let parent = json::text(get(check, "dep")).and_then(|parent| MonitorId::escaped(&[parent]));
    reading.monitors.push(ReadMonitor {
        id: monitor.clone(),
        name: json::text(get(check, "label")).and_then(json::message),
        interval_ms: interval_ms(get(check, "interval")),
        parents: parent.into_iter().collect(),
        paused: !is_active(check),
    });
    if !is_active(check) || with_results.contains(&monitor) {
        return;
    }
    let status = match json::integer(get(check, "state")) {
        Some(0) => CheckStatus::Down,
        Some(1) => CheckStatus::Up,
        // A new check has none yet.
        _ => return,
    };
    reading.results.push(ReadResult {
        monitor: monitor.clone(),
        at_ms: asked_ms,
        status,
        confirmed: true,
        latency_us: None,
        location: None,
        message: None,
        rev: 0,
    });
    if let Some(from_ms) = json::millis_ms(get(check, "firstdown")).filter(|_| status.fails()) {
        let span = Span { from_ms, to_ms: None, status, confirmed: true, rev: 0 };
        reading.spans.push(ReadSpan { monitor, span });
    }
}

/// Anything but "active" is switched off: "inactive", "disabled", "inuse".
fn is_active(check: &Value) -> bool {
    json::text(get(check, "enable")).is_none_or(|enable| enable == "active")
}
