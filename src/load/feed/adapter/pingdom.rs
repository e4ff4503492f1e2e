//! Pingdom, its API, version 3.1 (<https://docs.pingdom.com/api/>).
//!
//! `url` is `https://api.pingdom.com/api/3.1`, the token goes with it as `Bearer`. Option `checks` names checks by their
//! numbers, with commas between them: each one's results are asked for as well, and its sums of days when nothing has been
//! known for more than a day. Without it the list of checks alone is asked for, which is one request: Pingdom answers
//! about four hundred an hour. A file with the results of one check does not say of which: `checks` must name that one.
//! A monitor's id is Pingdom's number.
//!
//! What detection gets: of the list a result at the last test, and the stretch since `lastdownstart` while it is down; of
//! results each with its probe as its place. `unconfirmed_down` fails, unconfirmed. `resolution` is in **minutes**, times
//! are Unix seconds, response times milliseconds. Pingdom alone says how long it did not look (`unmonitored`): that is no
//! part of what a day measured.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde_json::Value;

use super::gather::{Gather, State, bare, interval_ms, items, named, option, plain};
use crate::diag::Loaded;
use crate::load::feed::{Adapter, Auth, Payload, ReadDay, ReadMonitor, Reading, Request, json};
use crate::model::{CheckStatus, Feed, MonitorId};

pub(super) const ADAPTER: Adapter = Adapter { requests, auth: Auth::Bearer, read };

/// Checks whose results are asked for. Each may need a second request, and the first one is for the list.
const CHECKS_MAX: usize = 45;

const DAY_MS: i64 = 86_400_000;

/// How far back days are asked for.
const DAYS_BACK_MS: i64 = 90 * DAY_MS;

const WORDS: [&str; 5] = ["up", "down", "unconfirmed_down", "unknown", "paused"];

fn requests(feed: &Feed, answers: &[Payload], since_ms: i64, now_ms: i64) -> Vec<Request> {
    if !answers.is_empty() {
        return Vec::new();
    }
    let mut requests = vec![request("checks", "/checks".to_owned())];
    let now_s = now_ms / 1000;
    for check in checks(feed).take(CHECKS_MAX) {
        let id = json::encode(check);
        // Results are given for a week at most, a thousand at a time.
        let from_s = since_ms.max(now_ms.saturating_sub(7 * DAY_MS)) / 1000;
        let path = format!("/results/{id}?from={from_s}&to={now_s}&limit=1000");
        requests.push(request(&format!("results {check}"), path));
        if now_ms.saturating_sub(since_ms) > DAY_MS {
            let from_s = now_ms.saturating_sub(DAYS_BACK_MS) / 1000;
            let query = format!("from={from_s}&to={now_s}&resolution=day&includeuptime=true");
            requests.push(request(&format!("days {check}"), format!("/summary.performance/{id}?{query}")));
        }
    }
    requests
}

fn request(name: &str, path: String) -> Request {
    Request { name: name.to_owned(), path, body: None }
}

fn checks(feed: &Feed) -> impl Iterator<Item = &str> {
    option(feed, "checks").unwrap_or_default().split(',').map(str::trim).filter(|check| !check.is_empty())
}

fn read(feed: &Feed, payloads: &[Payload]) -> Loaded<Reading> {
    let mut gather = Gather::new(feed);
    for payload in payloads {
        let Some(answer) = gather.parse(payload) else { continue };
        let of_one = json::get(&answer, "check");
        if let Some(checks) = json::get(&answer, "checks").as_array() {
            for check in checks {
                read_check(&mut gather, payload, check);
            }
        } else if of_one.is_object() {
            read_check(&mut gather, payload, of_one);
        } else if let Some(why) = json::text(json::get(json::get(&answer, "error"), "errormessage")) {
            gather.refused(payload, why);
        } else if json::get(&answer, "results").is_array() || json::get(&answer, "summary").is_object() {
            read_of_one(&mut gather, payload, &answer);
        } else {
            gather.shape(payload, "a list of `checks`, the `results` of one, or its `summary`", &answer);
        }
    }
    gather.finish()
}

fn read_check(gather: &mut Gather<'_>, payload: &Payload, check: &Value) {
    let number = plain(json::get(check, "id")).unwrap_or_default();
    let Some(id) = gather.id(payload, &[&number]) else { return };
    let Some(state) = state(json::get(check, "status")) else {
        return gather.unknown_word(payload, json::get(check, "status"), &WORDS);
    };
    let time = |key| json::seconds_ms(json::get(check, key));
    let is_paused = state.0 == CheckStatus::Paused;
    let monitor = ReadMonitor {
        interval_ms: interval_ms(json::get(check, "resolution"), 60_000),
        paused: is_paused,
        ..named(&id, json::text(json::get(check, "name")))
    };
    if !gather.monitor(payload, monitor) {
        return;
    }
    // The last test of what is paused was made before that.
    let tested_ms = time("lasttesttime").filter(|_| !is_paused).unwrap_or(payload.asked_ms);
    let mut result = bare(&id, tested_ms, state);
    if state.0.is_good() {
        result.latency_us = json::latency_us(json::get(check, "lastresponsetime"), 1e3);
    }
    gather.result(payload, result);
    match (time("lastdownstart"), time("lastdownend")) {
        (Some(from_ms), _) if state == (CheckStatus::Down, true) => gather.span_seen(payload, &id, from_ms, state),
        (Some(from_ms), Some(to_ms)) if to_ms > from_ms => {
            gather.span_ended(payload, &id, (from_ms, to_ms), CheckStatus::Down);
        }
        _ => {}
    }
}

fn state(status: &Value) -> Option<State> {
    match status.as_str()? {
        "up" => Some((CheckStatus::Up, true)),
        "down" => Some((CheckStatus::Down, true)),
        "unconfirmed_down" | "unconfirmed" => Some((CheckStatus::Down, false)),
        "unknown" => Some((CheckStatus::Unknown, true)),
        "paused" => Some((CheckStatus::Paused, true)),
        _ => None,
    }
}

/// What does not say which check it is about: the request does, or the one that the config names.
fn read_of_one(gather: &mut Gather<'_>, payload: &Payload, answer: &Value) {
    let asked = payload.request.split_once(' ').map(|(_, check)| check);
    let mut named_checks = checks(gather.feed);
    let only = named_checks.next().filter(|_| named_checks.next().is_none());
    let Some(check) = asked.or(only) else {
        let cure = "name that one in the option `checks` of the feed";
        gather.warn(payload, "this is about one check, but does not say which".to_owned(), cure);
        return;
    };
    let Some(id) = gather.id(payload, &[check]) else { return };
    if !gather.monitor(payload, named(&id, None)) {
        return;
    }
    for result in items(answer, "results") {
        read_result(gather, payload, &id, result);
    }
    read_summary(gather, payload, &id, json::get(answer, "summary"));
}

fn read_result(gather: &mut Gather<'_>, payload: &Payload, id: &MonitorId, read: &Value) {
    let Some(state) = state(json::get(read, "status")) else {
        return gather.unknown_word(payload, json::get(read, "status"), &WORDS);
    };
    let mut result = bare(id, json::seconds_ms(json::get(read, "time")).unwrap_or(0), state);
    result.location = plain(json::get(read, "probeid"));
    if state.0.is_good() {
        result.latency_us = json::latency_us(json::get(read, "responsetime"), 1e3);
    } else {
        result.message = json::text(json::get(read, "statusdesclong")).and_then(json::message);
    }
    gather.result(payload, result);
}

/// Hours or days with seconds up, down and unmonitored, as UTC days. Weeks are too long to say which day it was.
fn read_summary(gather: &mut Gather<'_>, payload: &Payload, id: &MonitorId, summary: &Value) {
    let mut days: BTreeMap<Date, (i64, i64)> = BTreeMap::new();
    for stretch in items(summary, "hours").iter().chain(items(summary, "days")) {
        let seconds = |key| json::integer(json::get(stretch, key)).filter(|seconds| (0..=86_400).contains(seconds));
        let start = json::seconds_ms(json::get(stretch, "starttime")).and_then(utc_day);
        let (Some(day), Some(up_s), Some(down_s)) = (start, seconds("uptime"), seconds("downtime")) else {
            gather.leave_out(payload, "a sum without its start, `uptime` or `downtime`", Some(id));
            continue;
        };
        let sum = days.entry(day).or_default();
        sum.0 = (sum.0 + down_s * 1000).min(DAY_MS);
        sum.1 = (sum.1 + (up_s + down_s) * 1000).min(DAY_MS);
    }
    for (day, (down_ms, measured_ms)) in days {
        gather.day(payload, ReadDay { monitor: id.clone(), day, down_ms, measured_ms });
    }
}

fn utc_day(ms: i64) -> Option<Date> {
    Timestamp::from_millisecond(ms).ok().map(|at| TimeZone::UTC.to_datetime(at).date())
}

#[cfg(test)]
mod tests;
