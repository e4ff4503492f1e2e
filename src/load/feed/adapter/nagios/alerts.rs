//! `archivejson.cgi`: what the log says has changed, as `alertlist` or `statechangelist`.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::load::feed::json::{self, Tally, get};
use crate::load::feed::{ReadResult, ReadSpan, Reading};
use crate::model::{CheckStatus, MonitorId, Span};

/// Each line is a result; lines of one state in a row are a span up to the next change. What is bad now is open, what is
/// good is known until the query (`until_ms`) and no longer.
pub(super) fn read(list: &Value, until_ms: i64, reading: &mut Reading, tally: &mut Tally) {
    let mut by_monitor: BTreeMap<MonitorId, Vec<Alert>> = BTreeMap::new();
    for record in list.as_array().into_iter().flatten() {
        if is_pseudo(record) {
            continue;
        }
        let Some(monitor) = monitor(record, tally) else { continue };
        let alert = tally.need(Alert::of(record), "an alert without a known time, state or `state_type`");
        by_monitor.entry(monitor).or_default().extend(alert);
    }
    for (monitor, mut alerts) in by_monitor {
        alerts.sort_by_key(|alert| alert.at_ms);
        reading.spans.extend(spans(&monitor, &alerts, until_ms));
        reading.results.extend(alerts.into_iter().map(|alert| alert.result(monitor.clone())));
    }
}

/// A line of the log.
struct Alert {
    at_ms: i64,
    status: CheckStatus,
    hard: bool,
    message: Option<String>,
}

impl Alert {
    fn of(record: &Value) -> Option<Alert> {
        Some(Alert {
            at_ms: json::millis_ms(get(record, "timestamp"))?,
            status: status(get(record, "state"))?,
            hard: hard(get(record, "state_type"))?,
            message: json::text(get(record, "plugin_output")).filter(|&text| text != "(null)").and_then(json::message),
        })
    }

    fn result(self, monitor: MonitorId) -> ReadResult {
        let Alert { at_ms, status, hard, message } = self;
        let confirmed = hard || !status.fails();
        ReadResult { monitor, at_ms, status, confirmed, latency_us: None, location: None, message, rev: 0 }
    }
}

/// From change to change. Confirmed once one of its lines is hard.
fn spans(monitor: &MonitorId, alerts: &[Alert], until_ms: i64) -> Vec<ReadSpan> {
    let runs: Vec<&[Alert]> = alerts.chunk_by(|a, b| a.status == b.status).collect();
    let nexts = runs.iter().skip(1).map(|run| run.first().map(|alert| alert.at_ms)).chain([None]);
    let spans = runs.iter().zip(nexts).filter_map(|(run, next_ms)| {
        let first = run.first()?;
        let good = first.status == CheckStatus::Up;
        let to_ms = next_ms.or_else(|| good.then(|| until_ms.max(first.at_ms)));
        let confirmed = good || run.iter().any(|alert| alert.hard);
        let span = Span { from_ms: first.at_ms, to_ms, status: first.status, confirmed, rev: 0 };
        (to_ms != Some(first.at_ms)).then(|| ReadSpan { monitor: monitor.clone(), span })
    });
    spans.collect()
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
