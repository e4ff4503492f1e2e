//! Prometheus, its HTTP API (<https://prometheus.io/docs/prometheus/latest/querying/api/>): samples of a probe, and alerts.
//!
//! `url` is the server's address. Options, besides those of [`labels`](super::labels):
//!
//! - `query`: what is 1 while a target is well and 0 while it is not; `probe_success` by default, `up` is another.
//! - `latency`: how long that took, in seconds, with the same labels; `probe_duration_seconds` by default where `query` is
//!   not given. A latency joins the result of the same monitor and moment.
//! - `step`: how far apart samples are taken (`30s`, `1m`, `60`); by default the feed's interval, else a minute.
//! - `ask`: `results` (default), `alerts`, or `both`.
//! - `place`: the label that names where a probe runs from.
//!
//! A monitor's id is `<job>/<instance>`, both of samples and of alerts, so that the two are about the same monitor.
//!
//! What detection gets is results, from `query_range` or `query`. Their times are those at which the query was worked out,
//! a whole number of steps since 1970, so that asking twice gives the same results; Prometheus repeats a sample for up to
//! five minutes after its target is gone. Values are **text**. `NaN`, `+Inf` and anything else that is neither 0 nor 1 is
//! no result: an average says neither. Alerts are stretches from `activeAt`, the first failing evaluation; a *pending* one
//! is unconfirmed. The list is silent about what is well: a stretch is known up to the moment of asking, and a heartbeat
//! says that the list was read.

mod alerts;
mod samples;

use serde_json::Value;

use super::gather::{Gather, option, option_s};
use crate::diag::Loaded;
use crate::load::feed::{Adapter, Auth, Payload, Reading, Request, json};
use crate::model::{Feed, MonitorId};

pub(super) const ADAPTER: Adapter = Adapter { requests, auth: Auth::Bearer, read };

/// A day of minutes: 500 monitors of it are an answer of 14 MB. Prometheus itself refuses more than 11 000.
const POINTS_MAX: i64 = 1440;

/// How far back is asked: as long as the raw log is kept, if that is not more than so many stretches.
const BACK_MS_MAX: i64 = 14 * 86_400_000;
const STRETCHES_MAX: i64 = 40;

const STEP_DEFAULT_S: i64 = 60;

fn requests(feed: &Feed, answers: &[Payload], since_ms: i64, now_ms: i64) -> Vec<Request> {
    if !answers.is_empty() {
        return Vec::new();
    }
    let ask = option(feed, "ask").unwrap_or("results");
    let mut requests = Vec::new();
    if ask != "alerts" {
        let query = option(feed, "query").unwrap_or("probe_success");
        requests.extend(ranges("success", query, step_s(feed), since_ms, now_ms));
        let usual = if option(feed, "query").is_none() { Some("probe_duration_seconds") } else { None };
        if let Some(latency) = option(feed, "latency").or(usual) {
            requests.extend(ranges("latency", latency, step_s(feed), since_ms, now_ms));
        }
    }
    if matches!(ask, "alerts" | "both") {
        requests.push(Request { name: "alerts".to_owned(), path: "/api/v1/alerts".to_owned(), body: None });
    }
    requests
}

/// From `since_ms`, or from as far back as is asked at all, to `now_ms`, newest first.
fn ranges(name: &str, query: &str, step_s: i64, since_ms: i64, now_ms: i64) -> Vec<Request> {
    let since_s = since_ms.max(now_ms.saturating_sub(BACK_MS_MAX)) / 1000;
    let stretch_s = step_s * (POINTS_MAX - 1);
    let mut end_s = (now_ms / 1000).div_euclid(step_s) * step_s;
    let mut requests = Vec::new();
    while end_s >= since_s && (requests.len() as i64) < STRETCHES_MAX {
        let start_s = (end_s - stretch_s).max(since_s.div_euclid(step_s) * step_s);
        let query = json::encode(query);
        let path = format!("/api/v1/query_range?query={query}&start={start_s}&end={end_s}&step={step_s}");
        requests.push(Request { name: format!("{name} {start_s}"), path, body: None });
        end_s = start_s - step_s;
    }
    requests
}

/// At least a second, at most an hour.
fn step_s(feed: &Feed) -> i64 {
    let interval = || feed.interval.map(|interval| interval.as_secs());
    option_s(feed, "step").or_else(interval).unwrap_or(STEP_DEFAULT_S).clamp(1, 3600)
}

fn read(feed: &Feed, payloads: &[Payload]) -> Loaded<Reading> {
    let mut gather = Gather::new(feed);
    let mut samples = samples::Samples::default();
    for payload in payloads {
        let Some(answer) = gather.parse(payload) else { continue };
        let data = json::get(&answer, "data");
        if json::get(&answer, "status") == "error" {
            let (kind, why) = (json::text(json::get(&answer, "errorType")), json::text(json::get(&answer, "error")));
            gather
                .refused(payload, &format!("{}: {}", kind.unwrap_or("error"), why.unwrap_or("it does not say which")));
        } else if json::get(data, "result").is_array()
            && matches!(json::get(data, "resultType").as_str(), Some("matrix" | "vector"))
        {
            samples.read(&mut gather, payload, data);
        } else if json::get(data, "alerts").is_array() || json::get(data, "groups").is_array() {
            alerts::read(&mut gather, payload, data);
        } else {
            gather.shape(
                payload,
                "a matrix, a vector, alerts or rules of Prometheus",
                if data.is_null() { &answer } else { data },
            );
        }
    }
    samples.join(&mut gather);
    gather.finish()
}

/// The monitor that labels name.
fn id_of(gather: &mut Gather<'_>, payload: &Payload, labels: &Value) -> Option<MonitorId> {
    let names = super::labels::names(gather.feed, "job,instance", labels);
    if names.is_empty() {
        gather.leave_out(payload, "a series without the labels that name its monitor", None);
        return None;
    }
    gather.id(payload, &names)
}

#[cfg(test)]
mod tests;
