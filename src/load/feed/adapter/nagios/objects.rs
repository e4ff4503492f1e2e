//! `objectjson.cgi`: how hosts and services are set up. Who stands before whom, and how often they are checked.

use serde_json::Value;

use crate::load::feed::json::{self, get};
use crate::load::feed::{ReadMonitor, Reading};
use crate::model::MonitorId;

/// `interval_length`, which `check_interval` counts in: one minute unless somebody changed it.
const INTERVAL_LENGTH_MS: f64 = 60_000.0;

/// `servicelist`: host → service → record.
pub(super) fn services(list: &Value, reading: &mut Reading) {
    for (host, services) in list.as_object().into_iter().flatten() {
        for (service, record) in services.as_object().into_iter().flatten() {
            give(MonitorId::escaped(&[host, service]), record, MonitorId::escaped(&[host]), reading);
        }
    }
}

/// `hostlist`: host → record.
pub(super) fn hosts(list: &Value, reading: &mut Reading) {
    for (host, record) in list.as_object().into_iter().flatten() {
        let parents = get(record, "parent_hosts").as_array().into_iter().flatten();
        let parents = parents.filter_map(|parent| MonitorId::escaped(&[json::text(parent)?]));
        give(MonitorId::escaped(&[host]), record, parents, reading);
    }
}

fn give(id: Option<MonitorId>, record: &Value, parents: impl IntoIterator<Item = MonitorId>, reading: &mut Reading) {
    // What has no id was told with its state.
    let Some(id) = id else { return };
    let interval = json::number(get(record, "check_interval")).filter(|minutes| (0.001..=525_600.0).contains(minutes));
    #[expect(clippy::cast_possible_truncation, reason = "it was checked to be in range")]
    let interval_ms = interval.map(|minutes| (minutes * INTERVAL_LENGTH_MS).round() as i64);
    let parents = parents.into_iter().collect();
    reading.monitors.push(ReadMonitor { id, name: None, interval_ms, parents, paused: false });
}
