//! Atlassian Statuspage, public API, version 2 (<https://www.githubstatus.com/api>): an upstream provider. Pages of
//! Status.io (<https://kb.status.io/developers/public-status-api/>) are read as well, since a provider may use either.
//!
//! `url` is the page's address, of which `/api/v2/summary.json` is asked; for Status.io the whole address of its JSON
//! (`https://<host>/1.0/status/<page>`). A monitor's id is the component's own (`b13yz5g2cw10`); groups are none.
//!
//! What detection gets: a page says how a component is, not when it looked. So there is a result at the moment of asking,
//! and while it is not well a stretch since `updated_at`, which is when the page turned it red: minutes before an incident
//! is written. Incidents are not read. They come later, and name components that were not hit or none.
//! An upstream provider's word is that of its people; it fails here like any other result.

mod status_io;

use serde_json::Value;

use super::gather::{Gather, address, bare, items, named, plain};
use crate::diag::Loaded;
use crate::load::feed::{Adapter, Auth, Payload, Reading, Request, json};
use crate::model::{CheckStatus, Feed};

pub(super) const ADAPTER: Adapter = Adapter { requests, auth: Auth::Basic, read };

const WORDS: [&str; 5] = ["operational", "degraded_performance", "partial_outage", "major_outage", "under_maintenance"];

fn requests(feed: &Feed, answers: &[Payload], _: i64, _: i64) -> Vec<Request> {
    if !answers.is_empty() {
        return Vec::new();
    }
    let address = address(feed);
    let is_whole = address.ends_with(".json") || address.contains("/1.0/status/");
    let path = if is_whole { "" } else { "/api/v2/summary.json" };
    vec![Request { name: "summary".to_owned(), path: path.to_owned(), body: None }]
}

fn read(feed: &Feed, payloads: &[Payload]) -> Loaded<Reading> {
    let mut gather = Gather::new(feed);
    for payload in payloads {
        let Some(answer) = gather.parse(payload) else { continue };
        if json::get(&answer, "components").is_array() {
            for component in items(&answer, "components") {
                read_component(&mut gather, payload, component);
            }
        } else if json::get(json::get(&answer, "result"), "status").is_array() {
            status_io::read(&mut gather, payload, json::get(&answer, "result"));
        } else {
            gather.shape(payload, "a summary with `components`", &answer);
        }
    }
    gather.finish()
}

fn read_component(gather: &mut Gather<'_>, payload: &Payload, component: &Value) {
    if json::flag(json::get(component, "group")) == Some(true) {
        return;
    }
    let id = plain(json::get(component, "id")).unwrap_or_default();
    let Some(id) = gather.id(payload, &[&id]) else { return };
    let status = match json::get(component, "status").as_str().unwrap_or_default() {
        "operational" => CheckStatus::Up,
        "degraded_performance" => CheckStatus::Degraded,
        "partial_outage" => CheckStatus::Partial,
        "major_outage" => CheckStatus::Down,
        "under_maintenance" => CheckStatus::Maintenance,
        _ => return gather.unknown_word(payload, json::get(component, "status"), &WORDS),
    };
    if !gather.monitor(payload, named(&id, json::text(json::get(component, "name")))) {
        return;
    }
    gather.result(payload, bare(&id, payload.asked_ms, (status, true)));
    let since_ms = json::rfc3339_ms(json::get(component, "updated_at")).filter(|&since| since <= payload.asked_ms);
    if let Some(since_ms) = since_ms.filter(|_| status != CheckStatus::Up) {
        gather.span_seen(payload, &id, since_ms, (status, true));
    }
}

#[cfg(test)]
mod tests;
