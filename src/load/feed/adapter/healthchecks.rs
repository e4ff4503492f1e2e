//! Healthchecks.io, its management API, versions 1 to 3 (<https://healthchecks.io/docs/api/>).
//!
//! `url` is the server's address (`https://healthchecks.io`), the token a **read-only** key: with such a key checks have a
//! `unique_key` and no `uuid`. Whoever knows a `uuid` can ping, so it is never used: not as a name, not in an address.
//! Option `version` is the API's, 3 by default; a server of one's own may be older. A monitor's id is the check's `slug`,
//! or its `unique_key` or name where no slug is its own.
//!
//! What detection gets: a check is a heartbeat of somebody's job, so nothing is measured. *up* is a result at the last
//! ping; *grace*, which is late, a degraded one from when the ping was due. *down* is a stretch, and what the flips tell
//! of earlier ones: they are asked for of checks with a `unique_key`, those that are down first, and not of more than a
//! minute's allowance holds. Without flips it begins when the grace ended; where even that cannot be told (a cron
//! schedule), each answer is a failing result. *new* says nothing, *paused* is not monitored.

use std::collections::BTreeMap;

use serde_json::Value;

use super::gather::{Gather, bare, interval_ms, items, named, option};
use crate::diag::Loaded;
use crate::load::feed::{Adapter, Auth, Payload, ReadMonitor, Reading, Request, json};
use crate::model::{CheckStatus, Feed, MonitorId};

pub(super) const ADAPTER: Adapter = Adapter { requests, auth: Auth::Header("X-Api-Key"), read };

/// Healthchecks.io answers a hundred requests a minute.
const FLIPS_MAX: usize = 40;

/// So far before what is known already: the end of an outage is of use only together with its start.
const FLIPS_BACK_MS: i64 = 7 * 86_400_000;

const WORDS: [&str; 6] = ["up", "down", "grace", "new", "paused", "started"];

fn requests(feed: &Feed, answers: &[Payload], since_ms: i64, now_ms: i64) -> Vec<Request> {
    let version = option(feed, "version").filter(|version| matches!(*version, "1" | "2")).unwrap_or("3");
    let path = format!("/api/v{version}/checks/");
    match answers {
        [] => vec![Request { name: "checks".to_owned(), path, body: None }],
        [checks] => flips(checks, &path, since_ms, now_ms),
        _ => Vec::new(),
    }
}

fn flips(checks: &Payload, checks_path: &str, since_ms: i64, now_ms: i64) -> Vec<Request> {
    let Ok(answer) = serde_json::from_slice::<Value>(&checks.bytes) else { return Vec::new() };
    let mut keys: Vec<(bool, &str)> = items(&answer, "checks")
        .iter()
        .filter_map(|check| {
            let key = json::text(json::get(check, "unique_key"))?;
            Some((json::get(check, "status") != "down", key))
        })
        .collect();
    // Those that are down come first; otherwise as listed.
    keys.sort_by_key(|(is_well, _)| *is_well);
    let (start_s, end_s) = (since_ms.saturating_sub(FLIPS_BACK_MS).max(0) / 1000, now_ms / 1000);
    let request = |(_, key): (bool, &str)| {
        let path = format!("{checks_path}{}/flips/?start={start_s}&end={end_s}", json::encode(key));
        Request { name: format!("flips {key}"), path, body: None }
    };
    keys.into_iter().take(FLIPS_MAX).map(request).collect()
}

fn read(feed: &Feed, payloads: &[Payload]) -> Loaded<Reading> {
    let mut gather = Gather::new(feed);
    let answers: Vec<(&Payload, Value)> =
        payloads.iter().filter_map(|payload| gather.parse(payload).map(|answer| (payload, answer))).collect();
    let flips = flips_of(&mut gather, &answers);
    for (payload, answer) in &answers {
        let checks = items(answer, "checks");
        let slugs = slugs(checks);
        for check in checks {
            read_check(&mut gather, payload, check, &slugs, &flips);
        }
        if answer.get("checks").is_some_and(Value::is_array) {
            gather.heartbeat(payload);
        }
    }
    gather.finish()
}

/// A flip: when, and whether up from then on.
type Flip = (i64, bool);

/// What answers say about flips, by `unique_key`, oldest first. A file does not say whose they are.
fn flips_of(gather: &mut Gather<'_>, answers: &[(&Payload, Value)]) -> BTreeMap<String, Vec<Flip>> {
    let mut all = BTreeMap::new();
    for (payload, answer) in answers {
        if let Some(why) = json::text(json::get(answer, "error")) {
            gather.refused(payload, why);
            continue;
        }
        let Some(list) = answer.as_array() else {
            if !json::get(answer, "checks").is_array() {
                gather.shape(payload, "a list of `checks`, or a list of flips", answer);
            }
            continue;
        };
        let Some(key) = payload.request.strip_prefix("flips ") else {
            gather.leave_out(payload, "a list of flips that does not say of which check", None);
            continue;
        };
        let mut flips: Vec<Flip> = list.iter().filter_map(flip).collect();
        if flips.len() < list.len() {
            gather.leave_out(payload, "a flip without a time, or that does not say whether it is up", None);
        }
        flips.sort_unstable();
        all.insert(key.to_owned(), flips);
    }
    all
}

fn flip(flip: &Value) -> Option<Flip> {
    Some((json::rfc3339_ms(json::get(flip, "timestamp"))?, json::flag(json::get(flip, "up"))?))
}

/// How many checks have each slug.
fn slugs(checks: &[Value]) -> BTreeMap<&str, usize> {
    let mut counts = BTreeMap::new();
    for slug in checks.iter().filter_map(|check| json::text(json::get(check, "slug"))) {
        *counts.entry(slug).or_default() += 1;
    }
    counts
}

fn read_check(
    gather: &mut Gather<'_>,
    payload: &Payload,
    check: &Value,
    slugs: &BTreeMap<&str, usize>,
    flips: &BTreeMap<String, Vec<Flip>>,
) {
    let (name, key) = (json::text(json::get(check, "name")), json::text(json::get(check, "unique_key")));
    let own_slug = json::text(json::get(check, "slug")).filter(|slug| slugs.get(slug) == Some(&1));
    let Some(id) = gather.id(payload, &[own_slug.or(key).or(name).unwrap_or_default()]) else { return };
    let status = json::get(check, "status").as_str().unwrap_or_default();
    let times = Times::of(check);
    let monitor = ReadMonitor { interval_ms: times.period_ms, paused: status == "paused", ..named(&id, name) };
    if !WORDS.contains(&status) {
        gather.unknown_word(payload, json::get(check, "status"), &WORDS);
    } else if gather.monitor(payload, monitor) {
        let flips = key.and_then(|key| flips.get(key)).map_or(&[][..], Vec::as_slice);
        read_flips(gather, payload, &id, flips);
        read_status(gather, payload, &id, status, &times, flips);
    }
}

/// The times of a check, in ms.
struct Times {
    last_ping_ms: Option<i64>,
    next_ping_ms: Option<i64>,
    /// How far apart pings should be: stated, or as far as the next one is from the last.
    period_ms: Option<i64>,
    grace_ms: Option<i64>,
    /// Of version 1 and 2 as well as 3: not a cron schedule.
    is_regular: bool,
}

impl Times {
    fn of(check: &Value) -> Times {
        let time = |key| json::rfc3339_ms(json::get(check, key)).filter(|&ms| ms > 0);
        let (last_ping_ms, next_ping_ms) = (time("last_ping"), time("next_ping"));
        let stated = interval_ms(json::get(check, "timeout"), 1000);
        let apart = || next_ping_ms?.checked_sub(last_ping_ms?).filter(|&apart| apart > 0);
        Times {
            last_ping_ms,
            next_ping_ms,
            period_ms: stated.or_else(apart),
            grace_ms: interval_ms(json::get(check, "grace"), 1000),
            is_regular: stated.is_some(),
        }
    }

    /// When it was down, as far as it can be worked out.
    fn down_ms(&self) -> Option<i64> {
        let period_ms = self.period_ms.filter(|_| self.is_regular)?;
        self.last_ping_ms?.checked_add(period_ms)?.checked_add(self.grace_ms.unwrap_or(0))
    }
}

/// Outages that are over.
fn read_flips(gather: &mut Gather<'_>, payload: &Payload, id: &MonitorId, flips: &[Flip]) {
    for pair in flips.windows(2) {
        if let [(from_ms, false), (to_ms, true)] = *pair {
            gather.span_ended(payload, id, (from_ms, to_ms), CheckStatus::Down);
        }
    }
}

fn read_status(
    gather: &mut Gather<'_>,
    payload: &Payload,
    id: &MonitorId,
    status: &str,
    times: &Times,
    flips: &[Flip],
) {
    let last_down = flips.last().filter(|(_, is_up)| !is_up).map(|(at_ms, _)| *at_ms);
    match (status, times.last_ping_ms) {
        // Version 1 says "started" of a job that has begun and not ended: its last ping was a good one.
        ("up" | "started", Some(at_ms)) => gather.result(payload, bare(id, at_ms, (CheckStatus::Up, true))),
        ("up", None) => gather.result(payload, bare(id, payload.asked_ms, (CheckStatus::Up, true))),
        ("grace", last_ping_ms) => {
            if let Some(at_ms) = last_ping_ms {
                gather.result(payload, bare(id, at_ms, (CheckStatus::Up, true)));
            }
            let late_ms = times.next_ping_ms.unwrap_or(payload.asked_ms).min(payload.asked_ms);
            gather.result(payload, bare(id, late_ms, (CheckStatus::Degraded, true)));
        }
        ("down", _) => {
            let down = (CheckStatus::Down, true);
            // A job that says itself that it failed is down before its time is over.
            let known_ms = last_down.or_else(|| times.down_ms()).filter(|&from_ms| from_ms <= payload.asked_ms);
            match known_ms {
                Some(from_ms) => gather.span_seen(payload, id, from_ms, down),
                None => gather.result(payload, bare(id, payload.asked_ms, down)),
            }
        }
        ("paused", _) => gather.result(payload, bare(id, payload.asked_ms, (CheckStatus::Paused, true))),
        _ => {}
    }
}

#[cfg(test)]
mod tests;
