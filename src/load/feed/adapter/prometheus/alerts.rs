//! Alerts of Prometheus, from `/api/v1/alerts` or from within `/api/v1/rules`.

use serde_json::Value;

use super::id_of;
use crate::load::feed::adapter::gather::{Gather, items, named};
use crate::load::feed::adapter::labels::severity;
use crate::load::feed::{Payload, json};

pub(super) fn read(gather: &mut Gather<'_>, payload: &Payload, data: &Value) {
    let rules = items(data, "groups").iter().flat_map(|group| items(group, "rules"));
    for alert in items(data, "alerts").iter().chain(rules.flat_map(|rule| items(rule, "alerts"))) {
        read_alert(gather, payload, alert);
    }
    gather.heartbeat(payload);
}

fn read_alert(gather: &mut Gather<'_>, payload: &Payload, alert: &Value) {
    let confirmed = match json::get(alert, "state").as_str() {
        Some("firing") => true,
        Some("pending") => false,
        Some("inactive") => return,
        _ => return gather.unknown_word(payload, json::get(alert, "state"), &["firing", "pending", "inactive"]),
    };
    let labels = json::get(alert, "labels");
    let Some(status) = severity(gather.feed, labels) else { return };
    let Some(id) = id_of(gather, payload, labels) else { return };
    let name = json::text(json::get(labels, "alertname"));
    if gather.monitor(payload, named(&id, name)) {
        let from_ms = json::rfc3339_ms(json::get(alert, "activeAt")).unwrap_or(0);
        gather.span_seen(payload, &id, from_ms, (status, confirmed));
    }
}
