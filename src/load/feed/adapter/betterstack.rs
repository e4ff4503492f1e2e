//! Better Stack (once Better Uptime): monitors of its API (<https://betterstack.com/docs/uptime/api/monitors/>), and the
//! `index.json` of a public status page.
//!
//! `url` is `https://uptime.betterstack.com/api/v2/monitors`, the token goes with it as `Bearer`; further pages are asked
//! where the answer gives their address. Or it is a page's `https://status.example/index.json`, which needs no token. A
//! monitor's id is Better Stack's number; the page as a whole is `page`.
//!
//! What detection gets is results: of a monitor at its last check, of a page at the moment of asking. *validating* is a
//! failing result that Better Stack still holds against its own waiting times: it fails here, unconfirmed. *pending* has
//! not been checked yet. The regions that a monitor is checked from are told, but not which of them found what.
//! The words `validating`, `pending` and `maintenance` are not from a recorded answer.

use serde_json::Value;

use super::gather::{Gather, State, bare, interval_ms, items, named, plain};
use crate::diag::Loaded;
use crate::load::feed::{Adapter, Auth, Payload, ReadMonitor, Reading, Request, json};
use crate::model::{CheckStatus, Feed};

pub(super) const ADAPTER: Adapter = Adapter { requests, auth: Auth::Bearer, read };

const PAGES_MAX: usize = 50;

const WORDS: [&str; 6] = ["up", "down", "validating", "paused", "pending", "maintenance"];

const PAGE_WORDS: [&str; 5] = ["operational", "degraded", "downtime", "maintenance", "not_monitored"];

fn requests(_: &Feed, answers: &[Payload], _: i64, _: i64) -> Vec<Request> {
    let path = match answers.last() {
        None => Some(String::new()),
        Some(last) if answers.len() < PAGES_MAX => next_page(last),
        Some(_) => None,
    };
    path.map(|path| Request { name: format!("page {}", answers.len() + 1), path, body: None }).into_iter().collect()
}

fn next_page(last: &Payload) -> Option<String> {
    let answer: Value = serde_json::from_slice(&last.bytes).ok()?;
    let next = json::text(json::get(json::get(&answer, "pagination"), "next"))?;
    next.starts_with("https://").then(|| next.to_owned())
}

fn read(feed: &Feed, payloads: &[Payload]) -> Loaded<Reading> {
    let mut gather = Gather::new(feed);
    for payload in payloads {
        let Some(answer) = gather.parse(payload) else { continue };
        let data = json::get(&answer, "data");
        if let Some(monitors) = data.as_array() {
            for monitor in monitors {
                read_monitor(&mut gather, payload, monitor);
            }
        } else if json::get(json::get(data, "attributes"), "aggregate_state").is_string() {
            read_page(&mut gather, payload, &answer);
        } else if let Some(why) = json::text(json::get(&answer, "errors")) {
            gather.refused(payload, why);
        } else {
            gather.shape(payload, "a list of monitors in `data`, or a page with `aggregate_state`", &answer);
        }
    }
    gather.finish()
}

fn read_monitor(gather: &mut Gather<'_>, payload: &Payload, monitor: &Value) {
    let attributes = json::get(monitor, "attributes");
    let number = plain(json::get(monitor, "id")).unwrap_or_default();
    let Some(id) = gather.id(payload, &[&number]) else { return };
    let status = json::get(attributes, "status").as_str().unwrap_or_default();
    // Whatever the word is, what was paused at some time is paused.
    let is_paused = status == "paused" || json::text(json::get(attributes, "paused_at")).is_some();
    let read = ReadMonitor {
        interval_ms: interval_ms(json::get(attributes, "check_frequency"), 1000),
        paused: is_paused,
        ..named(&id, json::text(json::get(attributes, "pronounceable_name")))
    };
    if !gather.monitor(payload, read) {
        return;
    }
    let state: State = match status {
        _ if is_paused => (CheckStatus::Paused, true),
        "up" => (CheckStatus::Up, true),
        "down" => (CheckStatus::Down, true),
        "validating" => (CheckStatus::Down, false),
        "maintenance" => (CheckStatus::Maintenance, true),
        "pending" => return,
        _ => return gather.unknown_word(payload, json::get(attributes, "status"), &WORDS),
    };
    // The last check of what is paused was made before that.
    let checked_ms = json::rfc3339_ms(json::get(attributes, "last_checked_at")).filter(|_| !is_paused);
    gather.result(payload, bare(&id, checked_ms.unwrap_or(payload.asked_ms), state));
}

/// A page as a whole, and each thing on it.
fn read_page(gather: &mut Gather<'_>, payload: &Payload, answer: &Value) {
    let page = json::get(json::get(answer, "data"), "attributes");
    let name = json::text(json::get(page, "company_name"));
    read_shown(gather, payload, "page", name, json::get(page, "aggregate_state"));
    for resource in items(answer, "included") {
        if json::get(resource, "type") == "status_page_resource" {
            let attributes = json::get(resource, "attributes");
            let number = plain(json::get(resource, "id")).unwrap_or_default();
            let name = json::text(json::get(attributes, "public_name"));
            read_shown(gather, payload, &number, name, json::get(attributes, "status"));
        }
    }
}

fn read_shown(gather: &mut Gather<'_>, payload: &Payload, id: &str, name: Option<&str>, word: &Value) {
    let Some(id) = gather.id(payload, &[id]) else { return };
    let status = match word.as_str().unwrap_or_default() {
        "operational" => CheckStatus::Up,
        "degraded" => CheckStatus::Degraded,
        "downtime" => CheckStatus::Down,
        "maintenance" => CheckStatus::Maintenance,
        "not_monitored" => CheckStatus::Paused,
        _ => return gather.unknown_word(payload, word, &PAGE_WORDS),
    };
    if gather.monitor(payload, named(&id, name)) {
        gather.result(payload, bare(&id, payload.asked_ms, (status, true)));
    }
}

#[cfg(test)]
mod tests;
