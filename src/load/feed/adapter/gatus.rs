//! Gatus, the JSON of its dashboard: endpoints and suites (<https://github.com/TwiN/gatus#api>; read in its source).
//!
//! `url` is the dashboard's address. Option `suites = "on"` asks for suites as well, which older versions do not have. A
//! monitor's id is `<group>/<name>`, that of a suite `suite/<group>/<name>`.
//!
//! What detection gets is results: each has its own time. Durations are **nanoseconds**. Within a page results stand
//! oldest first, yet page 1 is the newest: further pages are asked while a monitor's oldest result is newer than what is
//! known already. Gatus keeps a hundred results of each unless told otherwise, so an hour between two runs is enough, a day
//! is not. Events of a single endpoint's answer tell of outages before that. Failing is `success: false`, whichever of its
//! conditions failed. Gatus does not say when it is in maintenance, nor its interval.

use serde_json::Value;

use super::gather::{Gather, bare, items, named, option};
use crate::diag::Loaded;
use crate::load::feed::{Adapter, Auth, Payload, Reading, Request, json};
use crate::model::{CheckStatus, Feed, MonitorId};

pub(super) const ADAPTER: Adapter = Adapter { requests, auth: Auth::Basic, read };

/// As many results as Gatus gives at once.
const PAGE_LEN: usize = 100;

/// Pages of endpoints, and of suites.
const PAGES_MAX: u32 = 20;

fn requests(feed: &Feed, answers: &[Payload], since_ms: i64, _: i64) -> Vec<Request> {
    if answers.is_empty() {
        let mut first = vec![page("endpoints", 1)];
        if matches!(option(feed, "suites"), Some("on" | "true")) {
            first.push(page("suites", 1));
        }
        return first;
    }
    // Only answers to the newest page of each kind ask for another.
    let next = |kind| {
        let pages = answers.iter().filter_map(|answer| number(&answer.request, kind).map(|page| (page, answer)));
        let (number, answer) = pages.max_by_key(|(page, _)| *page)?;
        (number < PAGES_MAX && has_more(answer, since_ms)).then(|| page(kind, number + 1))
    };
    ["endpoints", "suites"].into_iter().filter_map(next).collect()
}

fn page(kind: &str, number: u32) -> Request {
    Request {
        name: format!("{kind} {number}"),
        path: format!("/api/v1/{kind}/statuses?page={number}&pageSize={PAGE_LEN}"),
        body: None,
    }
}

fn number(request: &str, kind: &str) -> Option<u32> {
    request.strip_prefix(kind)?.trim_start().parse().ok()
}

/// Whether some monitor's page is full and begins after `since_ms`.
fn has_more(answer: &Payload, since_ms: i64) -> bool {
    let Ok(Value::Array(monitors)) = serde_json::from_slice(&answer.bytes) else { return false };
    monitors.iter().any(|monitor| {
        let results = items(monitor, "results");
        let oldest = results.first().and_then(|result| json::rfc3339_ms(json::get(result, "timestamp")));
        results.len() >= PAGE_LEN && oldest.is_some_and(|oldest| oldest > since_ms)
    })
}

fn read(feed: &Feed, payloads: &[Payload]) -> Loaded<Reading> {
    let mut gather = Gather::new(feed);
    for payload in payloads {
        match gather.parse(payload) {
            None => {}
            Some(Value::Array(monitors)) => {
                for monitor in &monitors {
                    read_monitor(&mut gather, payload, monitor);
                }
            }
            // The answer about a single endpoint.
            Some(one) if one.get("results").is_some() => read_monitor(&mut gather, payload, &one),
            Some(other) => gather.shape(payload, "a list of endpoints with their `results`", &other),
        }
    }
    gather.finish()
}

fn read_monitor(gather: &mut Gather<'_>, payload: &Payload, monitor: &Value) {
    let (name, group) = (json::text(json::get(monitor, "name")), json::text(json::get(monitor, "group")));
    let results = items(monitor, "results");
    let is_suite = payload.request.starts_with("suites") || results.iter().any(|r| r.get("endpointResults").is_some());
    // An older version's key stands in where there is no name.
    let name = name.or_else(|| json::text(json::get(monitor, "key")));
    let parts = [if is_suite { "suite" } else { "" }, group.unwrap_or_default(), name.unwrap_or_default()];
    let id = if name.is_some() { gather.id(payload, &parts) } else { gather.id(payload, &[]) };
    let Some(id) = id else { return };
    if !gather.monitor(payload, named(&id, name)) {
        return;
    }
    for result in results {
        read_result(gather, payload, &id, result);
    }
    let first_ms = results.iter().filter_map(|result| json::rfc3339_ms(json::get(result, "timestamp"))).min();
    read_events(gather, payload, &id, items(monitor, "events"), first_ms.unwrap_or(payload.asked_ms));
}

fn read_result(gather: &mut Gather<'_>, payload: &Payload, id: &MonitorId, read: &Value) {
    let Some(success) = json::get(read, "success").as_bool() else {
        gather.leave_out(payload, "a result that does not say `success`", Some(id));
        return;
    };
    let status = if success { CheckStatus::Up } else { CheckStatus::Down };
    let mut result = bare(id, json::rfc3339_ms(json::get(read, "timestamp")).unwrap_or(0), (status, true));
    if success {
        result.latency_us = json::latency_us(json::get(read, "duration"), 1e-3);
    } else {
        let errors: Vec<&str> = items(read, "errors").iter().take(10).filter_map(json::text).collect();
        result.message = json::message(&errors.join("; "));
    }
    gather.result(payload, result);
}

/// Outages that were over before the first result; what came later the results tell.
fn read_events(gather: &mut Gather<'_>, payload: &Payload, id: &MonitorId, events: &[Value], first_ms: i64) {
    for pair in events.windows(2) {
        let [from, to] = pair else { continue };
        let times = (json::rfc3339_ms(json::get(from, "timestamp")), json::rfc3339_ms(json::get(to, "timestamp")));
        if let ("UNHEALTHY", (Some(from_ms), Some(to_ms))) =
            (json::text(json::get(from, "type")).unwrap_or_default(), times)
            && to_ms <= first_ms
        {
            gather.span_ended(payload, id, (from_ms, to_ms), CheckStatus::Down);
        }
    }
}

#[cfg(test)]
mod tests;
