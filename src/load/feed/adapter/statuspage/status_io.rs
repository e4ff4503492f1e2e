//! Status.io's public status: components with a number for their state. `updated` is when the page was worked out, so
//! there are results alone.

use serde_json::Value;

use crate::load::feed::adapter::gather::{Gather, bare, items, named, plain};
use crate::load::feed::{Payload, json};
use crate::model::CheckStatus;

pub(super) fn read(gather: &mut Gather<'_>, payload: &Payload, result: &Value) {
    for component in items(result, "status") {
        let id = plain(json::get(component, "id")).unwrap_or_default();
        let Some(id) = gather.id(payload, &[&id]) else { continue };
        let status = match json::integer(json::get(component, "status_code")) {
            Some(100) => CheckStatus::Up,
            Some(200) => CheckStatus::Maintenance,
            Some(300) => CheckStatus::Degraded,
            Some(400) => CheckStatus::Partial,
            Some(500) => CheckStatus::Down,
            // A security event, which says nothing of whether it works.
            Some(600) => CheckStatus::Unknown,
            _ => {
                let known = ["100", "200", "300", "400", "500", "600"];
                gather.unknown_word(payload, json::get(component, "status_code"), &known);
                continue;
            }
        };
        if gather.monitor(payload, named(&id, json::text(json::get(component, "name")))) {
            gather.result(payload, bare(&id, payload.asked_ms, (status, true)));
        }
    }
}
