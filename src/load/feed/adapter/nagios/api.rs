//! What the daemon "nagios-api" makes of `status.dat`: <https://github.com/zorkian/nagios-api>. Every value is text, times
//! are seconds, and states are the numbers of plugins (0 OK, 1 warning, 2 critical, 3 unknown).

use serde_json::Value;

use super::{Current, perf_latency_us};
use crate::load::feed::Reading;
use crate::load::feed::json::{self, Tally, get};
use crate::model::CheckStatus;

/// `content`: host → record, which has `services`: service → record.
pub(super) fn read(content: &Value, reading: &mut Reading, tally: &mut Tally) {
    for (host, record) in content.as_object().into_iter().flatten() {
        give(host, None, record, reading, tally);
        for (service, record) in get(record, "services").as_object().into_iter().flatten() {
            give(host, Some(service), record, reading, tally);
        }
    }
}

fn give(host: &str, service: Option<&str>, record: &Value, reading: &mut Reading, tally: &mut Tally) {
    let state = json::integer(get(record, "current_state"));
    let status = match (service, state) {
        (_, Some(0)) => Some(CheckStatus::Up),
        (Some(_), Some(1)) => Some(CheckStatus::Degraded),
        (Some(_), Some(2)) | (None, Some(1)) => Some(CheckStatus::Down),
        (Some(_), Some(3)) | (None, Some(2)) => Some(CheckStatus::Unknown),
        _ => None,
    };
    let Some(status) = tally.need(status, "a host or service whose `current_state` is no known number") else {
        return;
    };
    let perf_data = get(record, "performance_data").as_object().into_iter().flatten();
    let perf_data: String =
        perf_data.filter_map(|(key, value)| Some(format!("{key}={} ", json::text(value)?))).collect();
    let last_check_ms = json::seconds_ms(get(record, "last_check"));
    let current = Current {
        host,
        service,
        status: Some(status).filter(|_| last_check_ms.is_some()),
        // There is no `state_type`: what is not yet the hard state is soft.
        hard: json::integer(get(record, "last_hard_state")) == state,
        in_downtime: json::integer(get(record, "scheduled_downtime_depth")).is_some_and(|depth| depth > 0),
        last_check_ms,
        began_ms: json::seconds_ms(get(record, "last_state_change")),
        latency_us: perf_latency_us(&perf_data),
        message: json::text(get(record, "plugin_output")),
        ..Current::default()
    };
    current.give(reading, tally);
}
