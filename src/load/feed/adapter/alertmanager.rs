//! Alertmanager: its API, version 2 (<https://prometheus.io/docs/alerting/latest/alerts_api/>), and what it posts to a
//! webhook, version 4 (<https://prometheus.io/docs/alerting/latest/configuration/#webhook_config>).
//!
//! `url` is the server's address. A webhook's body goes to `upfront record <feed>` on standard input, from a feed without
//! an address. Options: those of [`labels`](super::labels). A monitor's id is `<alertname>/<instance>`, or the alert's name
//! alone where it has no instance.
//!
//! What detection gets is stretches. They begin at `startsAt`, when the alert fired: Alertmanager knows no better. The
//! first failure came earlier by the `for` of the rule, so where all rules have the same, the option `for = "5m"` takes it
//! off again; a Prometheus feed with `ask = "both"` knows it by itself. `endsAt` of an active alert is
//! a time-out in the future, or `0001-01-01`, and no end. The API is silent about what is well: a stretch is known up to the
//! moment of asking, and a heartbeat says that the list was read. So an empty list says that all is well with the alerts
//! that it has named before, and nothing about others. A webhook says both ends itself: *firing* leaves a stretch open,
//! *resolved* ends the one with the same start. What is silenced or inhibited is left out; the stretch before that stays.
//! Of two alerts of one monitor with the same start the worse counts; `fingerprint` tells apart what arrives twice.

use std::collections::BTreeMap;

use serde_json::Value;

use super::gather::{Gather, State, items, named, option_s};
use super::labels::{names, severity};
use crate::diag::Loaded;
use crate::load::feed::{Adapter, Auth, Payload, Reading, Request, json};
use crate::model::{Feed, MonitorId, Span};

pub(super) const ADAPTER: Adapter = Adapter { requests, auth: Auth::Basic, read };

fn requests(_: &Feed, answers: &[Payload], _: i64, _: i64) -> Vec<Request> {
    if !answers.is_empty() {
        return Vec::new();
    }
    let path = "/api/v2/alerts?active=true&silenced=false&inhibited=false&unprocessed=true".to_owned();
    vec![Request { name: "alerts".to_owned(), path, body: None }]
}

fn read(feed: &Feed, payloads: &[Payload]) -> Loaded<Reading> {
    let mut gather = Gather::new(feed);
    // The same alert may stand in several bodies: the newest word about it counts.
    let mut posted: BTreeMap<(String, i64), (&Payload, MonitorId, Span)> = BTreeMap::new();
    for payload in payloads {
        match gather.parse(payload) {
            None => {}
            Some(Value::Array(alerts)) => {
                for alert in &alerts {
                    read_listed(&mut gather, payload, alert);
                }
                gather.heartbeat(payload);
            }
            Some(body) if json::get(&body, "alerts").is_array() && body.get("version").is_some() => {
                for (key, of) in read_webhook(&mut gather, payload, &body) {
                    let older =
                        posted.get(&key).is_some_and(|(_, _, span)| span.to_ms.is_none() || of.2.to_ms > span.to_ms);
                    if older || !posted.contains_key(&key) {
                        posted.insert(key, of);
                    }
                }
            }
            Some(other) => {
                gather.shape(payload, "a list of alerts, or the body of a webhook with `version` and `alerts`", &other);
            }
        }
    }
    for (payload, id, span) in posted.into_values() {
        gather.span(payload, &id, span);
    }
    gather.finish()
}

/// An alert of the API's list.
fn read_listed(gather: &mut Gather<'_>, payload: &Payload, alert: &Value) {
    let confirmed = match json::get(json::get(alert, "status"), "state").as_str() {
        Some("active") => true,
        // It has not been held against silences yet.
        Some("unprocessed") => false,
        Some("suppressed") => return,
        _ => {
            let word = json::get(json::get(alert, "status"), "state");
            return gather.unknown_word(payload, word, &["active", "unprocessed", "suppressed"]);
        }
    };
    let held = ["silencedBy", "inhibitedBy", "mutedBy"];
    if held.iter().any(|by| !items(json::get(alert, "status"), by).is_empty()) {
        return;
    }
    if let Some((id, (status, _))) = monitor(gather, payload, alert) {
        gather.span_seen(payload, &id, starts_ms(gather.feed, alert), (status, confirmed));
    }
}

type Posted<'p> = ((String, i64), (&'p Payload, MonitorId, Span));

/// The alerts of a webhook's body, by fingerprint and start.
fn read_webhook<'p>(gather: &mut Gather<'_>, payload: &'p Payload, body: &Value) -> Vec<Posted<'p>> {
    if json::get(body, "version") != "4" {
        gather.warn(payload, "a webhook's body of another version than 4".to_owned(), "it was read as if it were 4");
    }
    if let Some(cut) = json::integer(json::get(body, "truncatedAlerts")).filter(|&cut| cut > 0) {
        let cure = "set `max_alerts` of the webhook to 0";
        gather.warn(payload, format!("{cut} more alerts were cut off by Alertmanager"), cure);
    }
    let mut posted = Vec::new();
    for alert in items(body, "alerts") {
        let ended = match json::get(alert, "status").as_str() {
            Some("firing") => None,
            Some("resolved") => json::rfc3339_ms(json::get(alert, "endsAt")).filter(|&ends| ends > 0),
            _ => {
                gather.unknown_word(payload, json::get(alert, "status"), &["firing", "resolved"]);
                continue;
            }
        };
        if ended.is_none() && json::get(alert, "status") == "resolved" {
            gather.leave_out(payload, "an alert that is resolved but does not say when", None);
            continue;
        }
        let Some((id, (status, confirmed))) = monitor(gather, payload, alert) else { continue };
        let from_ms = starts_ms(gather.feed, alert);
        let fingerprint = json::text(json::get(alert, "fingerprint")).unwrap_or(id.as_str()).to_owned();
        // An end that was told is better than up to when the API was seen to list it.
        let span = Span { from_ms, to_ms: ended, status, confirmed, rev: u16::from(ended.is_some()) };
        posted.push(((fingerprint, from_ms), (payload, id, span)));
    }
    posted
}

/// The monitor that an alert is about, taken, and how bad it is.
fn monitor(gather: &mut Gather<'_>, payload: &Payload, alert: &Value) -> Option<(MonitorId, State)> {
    let labels = json::get(alert, "labels");
    let status = severity(gather.feed, labels)?;
    let parts = names(gather.feed, "alertname,instance", labels);
    if parts.is_empty() {
        gather.leave_out(payload, "an alert without the labels that name its monitor", None);
        return None;
    }
    let id = gather.id(payload, &parts)?;
    let name = json::text(json::get(labels, "alertname"));
    gather.monitor(payload, named(&id, name)).then_some((id, (status, true)))
}

/// When it fired, without what its rule had waited before; 0 where it does not say.
fn starts_ms(feed: &Feed, alert: &Value) -> i64 {
    let waited_ms = option_s(feed, "for").unwrap_or(0).saturating_mul(1000);
    json::rfc3339_ms(json::get(alert, "startsAt")).unwrap_or(0).saturating_sub(waited_ms)
}

#[cfg(test)]
mod tests;
