//! `statusjson.cgi`: how hosts and services are now, with `details=true`.

use serde_json::Value;

use super::{Current, began_ms, hard, perf_latency_us};
use crate::load::feed::Reading;
use crate::load::feed::json::{self, Tally, get};
use crate::model::CheckStatus;

/// `servicelist`: host → service → record.
pub(super) fn services(list: &Value, reading: &mut Reading, tally: &mut Tally) {
    for (host, services) in list.as_object().into_iter().flatten() {
        for (service, record) in services.as_object().into_iter().flatten() {
            give(host, Some(service), record, reading, tally);
        }
    }
}

/// `hostlist`: host → record.
pub(super) fn hosts(list: &Value, reading: &mut Reading, tally: &mut Tally) {
    for (host, record) in list.as_object().into_iter().flatten() {
        give(host, None, record, reading, tally);
    }
}

fn give(host: &str, service: Option<&str>, record: &Value, reading: &mut Reading, tally: &mut Tally) {
    if record.is_null() {
        // It had a key twice, which was told.
        return;
    }
    if !record.is_object() {
        return tally.count("a host or service with its state alone: ask with `details=true`");
    }
    let status = if service.is_some() { service_status(record) } else { host_status(record) };
    let Some(status) = tally.need(status, "a host or service whose `status` is no known word or number") else {
        return;
    };
    let hard = tally.need(hard(get(record, "state_type")), "a host or service without a known `state_type`");
    let Some(hard) = hard else { return };
    // Pending ones look like good ones in every other key.
    let checked = json::flag(get(record, "has_been_checked")).unwrap_or(true);
    let off = |key: &str| json::flag(get(record, key)) == Some(false);
    let current = Current {
        host,
        service,
        name: None,
        status: status.filter(|_| checked),
        hard,
        in_downtime: json::integer(get(record, "scheduled_downtime_depth")).is_some_and(|depth| depth > 0),
        paused: off("checks_enabled") && off("accept_passive_checks"),
        last_check_ms: json::millis_ms(get(record, "last_check")),
        began_ms: status.and_then(|status| began_ms(status, |key| json::millis_ms(get(record, key)))),
        interval_ms: None,
        latency_us: json::text(get(record, "perf_data")).and_then(perf_latency_us),
        message: json::text(get(record, "plugin_output")),
    };
    current.give(reading, tally);
}

/// `Some(None)` is pending. Numbers are bits, and not those of `archivejson.cgi`.
fn service_status(record: &Value) -> Option<Option<CheckStatus>> {
    let status = get(record, "status");
    Some(match (json::integer(status), json::text(status)) {
        (Some(1), _) | (_, Some("pending")) => None,
        (Some(2), _) | (_, Some("ok")) => Some(CheckStatus::Up),
        (Some(4), _) | (_, Some("warning")) => Some(CheckStatus::Degraded),
        (Some(8), _) | (_, Some("unknown")) => Some(CheckStatus::Unknown),
        (Some(16), _) | (_, Some("critical")) => Some(CheckStatus::Down),
        _ => return None,
    })
}

/// As [`service_status`]. A host that cannot be reached is not known to be down: what stands before it is.
fn host_status(record: &Value) -> Option<Option<CheckStatus>> {
    let status = get(record, "status");
    Some(match (json::integer(status), json::text(status)) {
        (Some(1), _) | (_, Some("pending")) => None,
        (Some(2), _) | (_, Some("up")) => Some(CheckStatus::Up),
        (Some(4), _) | (_, Some("down")) => Some(CheckStatus::Down),
        (Some(8), _) | (_, Some("unreachable")) => Some(CheckStatus::Unknown),
        _ => return None,
    })
}
