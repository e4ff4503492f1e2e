//! Upptime: the files that it keeps in a repository (<https://upptime.js.org/docs/>), for moving in.
//!
//! `url` is where the repository's files are, `https://raw.githubusercontent.com/<owner>/<repository>/<branch>`: its
//! `history/summary.json` is asked, then `history/<slug>.yml` of each site. A folder `history/` works as well. A
//! monitor's id is the site's slug.
//!
//! What there is are days. `dailyMinutesDown` has those in which a site was down for some minutes; the other days since
//! the site's `startTime` are good ones, and known only with its YAML. Minutes come from how long an issue was open; issues
//! that were closed within a quarter of an hour are deleted, so short outages are not among them. The summary has no time,
//! and a file in a repository may be as old as it likes, so its `status` is no result; that of the YAML is one, at
//! `lastUpdated`. Percentages are not read: they are rounded up.

mod site;

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde_json::Value;

use self::site::Site;
use super::gather::{Gather, bare, named};
use crate::diag::Loaded;
use crate::load::feed::{Adapter, Auth, Payload, ReadDay, Reading, Request, json};
use crate::model::{CheckStatus, Feed, MonitorId};

pub(super) const ADAPTER: Adapter = Adapter { requests, auth: Auth::Bearer, read };

/// Sites whose YAML is asked for.
const SITES_MAX: usize = 90;

const DAY_MS: i64 = 86_400_000;

/// How far back a site's good days go: ten years.
const DAYS_MAX: i64 = 3660;

fn requests(_: &Feed, answers: &[Payload], _: i64, _: i64) -> Vec<Request> {
    let file = |name: String| Request { path: format!("/history/{name}"), name, body: None };
    match answers {
        [] => vec![file("summary.json".to_owned())],
        [summary] => {
            let Ok(Value::Array(sites)) = serde_json::from_slice(&summary.bytes) else { return Vec::new() };
            let slugs = sites.iter().filter_map(|site| json::text(json::get(site, "slug")));
            slugs.take(SITES_MAX).map(|slug| file(format!("{}.yml", json::encode(slug)))).collect()
        }
        _ => Vec::new(),
    }
}

fn read(feed: &Feed, payloads: &[Payload]) -> Loaded<Reading> {
    let mut gather = Gather::new(feed);
    let mut sites: BTreeMap<&str, (&Payload, Site)> = BTreeMap::new();
    for (payload, slug) in payloads.iter().filter_map(|payload| Some((payload, slug(payload)?))) {
        match Site::read(&payload.bytes) {
            Some(site) => drop(sites.insert(slug, (payload, site))),
            None => gather.leave_out(payload, "a site's file without `status`", None),
        }
    }
    for payload in payloads.iter().filter(|payload| slug(payload).is_none()) {
        match gather.parse(payload) {
            None => {}
            Some(Value::Array(summaries)) => {
                for summary in &summaries {
                    read_summary(&mut gather, payload, summary, &sites);
                }
            }
            Some(other) => gather.shape(payload, "a list of sites, `history/summary.json`", &other),
        }
    }
    for (slug, (payload, site)) in &sites {
        read_site(&mut gather, payload, slug, site);
    }
    gather.finish()
}

/// The slug that a YAML file's name says, whether it was asked for or lies in a folder.
fn slug(payload: &Payload) -> Option<&str> {
    let file = if payload.request.is_empty() { &payload.name } else { &payload.request };
    let name = file.rsplit(['/', '\\']).next()?;
    name.strip_suffix(".yml").or_else(|| name.strip_suffix(".yaml"))
}

fn read_summary(gather: &mut Gather<'_>, payload: &Payload, summary: &Value, sites: &BTreeMap<&str, (&Payload, Site)>) {
    let slug = json::text(json::get(summary, "slug")).unwrap_or_default();
    let Some(id) = gather.id(payload, &[slug]) else { return };
    if !gather.monitor(payload, named(&id, json::text(json::get(summary, "name")))) {
        return;
    }
    let mut days = sites.get(slug).map(|(payload, site)| good_days(site, payload.asked_ms)).unwrap_or_default();
    for (day, minutes) in json::get(summary, "dailyMinutesDown").as_object().into_iter().flatten() {
        let minutes = json::integer(minutes).filter(|minutes| (0..=1440).contains(minutes));
        let (Ok(day), Some(minutes)) = (day.parse::<Date>(), minutes) else {
            gather.leave_out(payload, "a day that is none, or with more minutes down than a day has", Some(&id));
            continue;
        };
        let sum = days.entry(day).or_insert((0, DAY_MS));
        sum.0 = (minutes * 60_000).min(sum.1);
    }
    for (day, (down_ms, measured_ms)) in days {
        gather.day(payload, ReadDay { monitor: id.clone(), day, down_ms, measured_ms });
    }
}

/// The days from the first to the last check, each with nothing lost and how long it was watched, in ms.
fn good_days(site: &Site, asked_ms: i64) -> BTreeMap<Date, (i64, i64)> {
    let mut days = BTreeMap::new();
    let (Some(start_ms), Some(updated_ms)) = (site.start_ms, site.updated_ms) else { return days };
    let end_ms = updated_ms.min(asked_ms);
    let first = start_ms.max(end_ms.saturating_sub(DAY_MS * DAYS_MAX)).div_euclid(DAY_MS);
    for number in first..=end_ms.div_euclid(DAY_MS) {
        let (from_ms, to_ms) = (number * DAY_MS, (number + 1) * DAY_MS);
        let measured_ms = to_ms.min(end_ms) - from_ms.max(start_ms);
        if let (Some(day), true) = (site::utc_day(from_ms), measured_ms > 0) {
            days.insert(day, (0, measured_ms));
        }
    }
    days
}

fn read_site(gather: &mut Gather<'_>, payload: &Payload, slug: &str, site: &Site) {
    let Some(id) = gather.id(payload, &[slug]) else { return };
    let Some(status) = state(gather, payload, site) else { return };
    if gather.monitor(payload, named(&id, None)) {
        read_newest(gather, payload, &id, site, status);
    }
}

fn state(gather: &mut Gather<'_>, payload: &Payload, site: &Site) -> Option<CheckStatus> {
    match site.status.as_str() {
        "up" => Some(CheckStatus::Up),
        "degraded" => Some(CheckStatus::Degraded),
        "down" => Some(CheckStatus::Down),
        other => {
            gather.unknown_word(payload, &Value::from(other), &["up", "degraded", "down"]);
            None
        }
    }
}

fn read_newest(gather: &mut Gather<'_>, payload: &Payload, id: &MonitorId, site: &Site, status: CheckStatus) {
    let mut result = bare(id, site.updated_ms.unwrap_or(0), (status, true));
    if status.is_good() {
        result.latency_us = json::latency_us(&Value::from(site.response_ms.clone()), 1e3);
    }
    gather.result(payload, result);
}

#[cfg(test)]
mod tests;
