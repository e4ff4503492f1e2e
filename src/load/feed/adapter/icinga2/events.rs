//! The event stream (`POST /v1/events`), kept in a file by whatever listens to it: an object a line, of type `StateChange` or
//! `CheckResult`. Others say nothing of results.

use serde_json::Value;

use super::status;
use crate::diag::Diagnostic;
use crate::load::feed::adapter::nagios::{Change, Changes, hard};
use crate::load::feed::json::{self, Tally, get};
use crate::load::feed::{Payload, Reading};
use crate::model::CheckStatus;

/// A longer line is no event, but a whole answer.
const EVENT_BYTES_MAX: usize = 256 << 10;

/// Whether the first line is an event.
pub(super) fn is_stream(answer: &Payload) -> bool {
    let first = answer.bytes.trim_ascii_start().split(|&byte| byte == b'\n').next().unwrap_or_default();
    first.len() <= EVENT_BYTES_MAX
        && serde_json::from_slice::<Value>(first).is_ok_and(|event| json::text(get(&event, "type")).is_some())
}

/// What is good is known until the newest event and no longer: the listener may have gone.
pub(super) fn read(answer: &Payload, reading: &mut Reading, diagnostics: &mut Vec<Diagnostic>) {
    let mut tally = Tally::default();
    let mut changes = Changes::default();
    for line in answer.bytes.split(|&byte| byte == b'\n').map(<[u8]>::trim_ascii).filter(|line| !line.is_empty()) {
        let line = Payload { bytes: line.to_vec(), ..empty_of(answer) };
        let Some(event) = tally.need(json::parse(&line, &mut Vec::new()), "a line that is no event") else { continue };
        take(&event, &mut changes, &mut tally);
    }
    let until_ms = changes.last_ms().unwrap_or(answer.asked_ms);
    changes.give(until_ms, reading);
    tally.tell(answer, diagnostics);
}

fn take(event: &Value, changes: &mut Changes, tally: &mut Tally) {
    let result = get(event, "check_result");
    let state = match json::text(get(event, "type")) {
        Some("StateChange") => event,
        Some("CheckResult") => get(result, "vars_after"),
        _ => return,
    };
    let service = json::text(get(event, "service"));
    let host = json::text(get(event, "host")).unwrap_or_default();
    let Some(monitor) = tally.id(&[host].into_iter().chain(service).collect::<Vec<_>>()) else { return };
    let change = (|| {
        let status = status(service.is_some(), json::integer(get(state, "state"))?)?;
        let reachable = json::flag(get(state, "reachable")) != Some(false);
        let in_downtime = json::number(get(event, "downtime_depth")).is_some_and(|depth| depth > 0.0);
        Some(Change {
            at_ms: json::seconds_ms(get(event, "timestamp"))?,
            status: match (in_downtime, reachable) {
                (true, _) => CheckStatus::Maintenance,
                (false, false) => CheckStatus::Unknown,
                (false, true) => status,
            },
            hard: hard(get(state, "state_type"))?,
            message: json::text(get(result, "output")).and_then(json::message),
        })
    })();
    if let Some(change) = tally.need(change, "an event without a known time, state or `state_type`") {
        changes.add(monitor, change);
    }
}

fn empty_of(answer: &Payload) -> Payload {
    Payload { name: answer.name.clone(), request: String::new(), bytes: Vec::new(), asked_ms: answer.asked_ms }
}
