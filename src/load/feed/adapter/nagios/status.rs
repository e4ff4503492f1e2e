//! `statusjson.cgi`: how hosts and services are now, with `details=true`.

use serde_json::Value;

use super::{Current, perf_latency_us};
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
        began_ms: status.and_then(|status| began_ms(record, status)),
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

/// 0 soft, 1 hard.
fn hard(state_type: &Value) -> Option<bool> {
    match (json::integer(state_type), json::text(state_type)) {
        (Some(0), _) | (_, Some("soft")) => Some(false),
        (Some(1), _) | (_, Some("hard")) => Some(true),
        _ => None,
    }
}

/// When the present state began. Its own change is moved to the hard one; but the last time of every other state stays, and
/// in 4.4 is that of the first result that was no longer so.
fn began_ms(record: &Value, status: CheckStatus) -> Option<i64> {
    const LAST_TIMES: [(&str, CheckStatus); 7] = [
        ("last_time_ok", CheckStatus::Up),
        ("last_time_up", CheckStatus::Up),
        ("last_time_warning", CheckStatus::Degraded),
        ("last_time_critical", CheckStatus::Down),
        ("last_time_down", CheckStatus::Down),
        ("last_time_unknown", CheckStatus::Unknown),
        ("last_time_unreachable", CheckStatus::Unknown),
    ];
    let of_others = LAST_TIMES.into_iter().filter(|&(_, of)| of != status);
    let last_other_ms = of_others.filter_map(|(key, _)| json::millis_ms(get(record, key))).max();
    let changed_ms = json::millis_ms(get(record, "last_state_change"));
    match (last_other_ms, changed_ms) {
        (Some(other_ms), Some(changed_ms)) => Some(other_ms.min(changed_ms)),
        (other_ms, changed_ms) => other_ms.or(changed_ms),
    }
}
