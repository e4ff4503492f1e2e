//! Uptime Kuma, versions 1 and 2: the JSON behind a public status page, which needs no key
//! (<https://github.com/louislam/uptime-kuma/wiki/Status-Page>; read in its source and recorded from 2.5.3).
//!
//! `url` is the page's own address, `https://kuma.example/status/mail`; or the server's, with the option `slug`
//! (`default` by default). Two answers are joined: the page names its monitors, the heartbeats are their newest hundred
//! results each, cached by Kuma for a minute. A monitor's id is Kuma's number.
//!
//! What detection gets is results alone, since Kuma keeps each of them. `time` is UTC though it does not say so. Status 2,
//! *pending*, is a failing result that Kuma still retries: it fails here, unconfirmed, so that Kuma's own retries and our
//! persistence do not add up to a late notice. Beats in a maintenance window are all 3; the real result is lost. Kuma's own
//! uptime ratios, its incidents (`incident` or null in version 1, a list `incidents` in 2) and its windows are not read.

use serde_json::Value;

use super::gather::{Gather, State, address, bare, items, named, option, plain};
use crate::diag::Loaded;
use crate::load::feed::{Adapter, Auth, Payload, Reading, Request, json};
use crate::model::{CheckStatus, Feed};

pub(super) const ADAPTER: Adapter = Adapter { requests, auth: Auth::Basic, read };

const SLUG_DEFAULT: &str = "default";

fn requests(feed: &Feed, answers: &[Payload], _: i64, _: i64) -> Vec<Request> {
    if !answers.is_empty() {
        return Vec::new();
    }
    // The whole address is given where it isn't the configured one with something behind it.
    let (server, slug) = match address(feed).split_once("/status/") {
        Some((server, slug)) => (server, slug.to_owned()),
        None => ("", json::encode(option(feed, "slug").unwrap_or(SLUG_DEFAULT))),
    };
    let request = |name: &str, path: &str| Request {
        name: name.to_owned(),
        path: format!("{server}/api/status-page/{path}{slug}"),
        body: None,
    };
    vec![request("page", ""), request("heartbeats", "heartbeat/")]
}

fn read(feed: &Feed, payloads: &[Payload]) -> Loaded<Reading> {
    let mut gather = Gather::new(feed);
    for payload in payloads {
        let Some(answer) = gather.parse(payload) else { continue };
        if json::get(&answer, "publicGroupList").is_array() {
            read_page(&mut gather, payload, &answer);
        } else if let Some(beats) = json::get(&answer, "heartbeatList").as_object() {
            for (monitor, beats) in beats {
                read_beats(&mut gather, payload, monitor, beats);
            }
        } else if let (Some(why), false) =
            (json::text(json::get(&answer, "msg")), json::get(&answer, "ok") == &Value::Bool(true))
        {
            gather.refused(payload, why);
        } else {
            gather.shape(payload, "a status page (`publicGroupList`) or its heartbeats (`heartbeatList`)", &answer);
        }
    }
    gather.finish()
}

fn read_page(gather: &mut Gather<'_>, payload: &Payload, page: &Value) {
    for monitor in items(page, "publicGroupList").iter().flat_map(|group| items(group, "monitorList")) {
        let number = plain(json::get(monitor, "id")).unwrap_or_default();
        if let Some(id) = gather.id(payload, &[&number]) {
            gather.monitor(payload, named(&id, json::text(json::get(monitor, "name"))));
        }
    }
}

fn read_beats(gather: &mut Gather<'_>, payload: &Payload, monitor: &str, beats: &Value) {
    let Some(id) = gather.id(payload, &[monitor]) else { return };
    let Some(beats) = beats.as_array() else {
        gather.leave_out(payload, "a monitor whose heartbeats are no list", Some(&id));
        return;
    };
    if !gather.monitor(payload, named(&id, None)) {
        return;
    }
    for beat in beats {
        let Some(state) = state(json::get(beat, "status")) else {
            gather.unknown_word(payload, json::get(beat, "status"), &["0", "1", "2", "3"]);
            continue;
        };
        let mut result = bare(&id, json::civil_utc_ms(json::get(beat, "time")).unwrap_or(0), state);
        result.latency_us = json::latency_us(json::get(beat, "ping"), 1e3).filter(|_| state.0.is_good());
        result.message = json::text(json::get(beat, "msg")).and_then(json::message);
        gather.result(payload, result);
    }
}

fn state(status: &Value) -> Option<State> {
    match json::integer(status)? {
        0 => Some((CheckStatus::Down, true)),
        1 => Some((CheckStatus::Up, true)),
        2 => Some((CheckStatus::Down, false)),
        3 => Some((CheckStatus::Maintenance, true)),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
