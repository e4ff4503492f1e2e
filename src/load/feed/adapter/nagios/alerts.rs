//! `archivejson.cgi`: what the log says has changed, as `alertlist` or `statechangelist`.

use serde_json::Value;

use super::changes::{Change, Changes};
use crate::load::feed::Reading;
use crate::load::feed::json::{self, Tally, get};
use crate::model::{CheckStatus, MonitorId};

/// Every line of the log, which was asked at `until_ms`.
pub(super) fn read(list: &Value, until_ms: i64, reading: &mut Reading, tally: &mut Tally) {
    let mut changes = Changes::default();
    for record in list.as_array().into_iter().flatten() {
        if is_pseudo(record) {
            continue;
        }
        let Some(monitor) = monitor(record, tally) else { continue };
        if let Some(change) = tally.need(change(record), "an alert without a known time, state or `state_type`") {
            changes.add(monitor, change);
        }
    }
    changes.give(until_ms, reading);
}

fn change(record: &Value) -> Option<Change> {
    Some(Change {
        at_ms: json::millis_ms(get(record, "timestamp"))?,
        status: status(get(record, "state"))?,
        hard: hard(get(record, "state_type"))?,
        message: json::text(get(record, "plugin_output")).filter(|&text| text != "(null)").and_then(json::message),
    })
}

/// What `statechangelist` puts before the first line of the log: no state of anything.
fn is_pseudo(record: &Value) -> bool {
    json::integer(get(record, "state")) == Some(0) || json::text(get(record, "state")) == Some("nodata")
}

fn monitor(record: &Value, tally: &mut Tally) -> Option<MonitorId> {
    let key = |key| json::text(get(record, key)).unwrap_or_default();
    let service = key("description");
    if service.is_empty() { tally.id(&[key("name")]) } else { tally.id(&[key("host_name"), service]) }
}

/// Bits of hosts and services, which are not those of `statusjson.cgi`, or words.
fn status(state: &Value) -> Option<CheckStatus> {
    match (json::integer(state), json::text(state)) {
        (Some(1 | 8), _) | (_, Some("up" | "ok")) => Some(CheckStatus::Up),
        (Some(2 | 32), _) | (_, Some("down" | "critical")) => Some(CheckStatus::Down),
        (Some(16), _) | (_, Some("warning")) => Some(CheckStatus::Degraded),
        (Some(4 | 64), _) | (_, Some("unreachable" | "unknown")) => Some(CheckStatus::Unknown),
        _ => None,
    }
}

/// 1 hard, 2 soft: not as in `statusjson.cgi`.
fn hard(state_type: &Value) -> Option<bool> {
    match (json::integer(state_type), json::text(state_type)) {
        (Some(1), _) | (_, Some("hard")) => Some(true),
        (Some(2), _) | (_, Some("soft")) => Some(false),
        _ => None,
    }
}
