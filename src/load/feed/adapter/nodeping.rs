//! NodePing, its API 1 and its public reports: <https://nodeping.com/docs-api-overview.html>.
//!
//! `url` is `https://api.nodeping.com/api/1` with the token as `token_env`: the list of checks is asked for, then the results
//! of each that is active since the last time (at most 43 201, which is a month of minutes). `checks = "<id> <id>"` names the
//! only ones that are asked for. `backfill = "on"` asks for the days of the last 90 as well; leave it out once they are
//! recorded. Or, with no secret at all, `report = "<id>"` and `url = "https://nodeping.com"`: the public report, which says
//! only how things are now. A `url` that leads to one answer (`…/results/<id>`, `…/listchecks`) is asked as it stands.
//! Monitors are called by the checks' ids.
//!
//! Results are raw results, with the place that each came from, and all that detection needs. Where a check was repeated from
//! other places before it was called down, each of these is a failing result. The list of checks has no time of a result: it
//! says how things were when it was asked, and `firstdown`; that counts only for checks whose results were not asked for.
//!
//! Traps: times are ms, intervals minutes; numbers may be text; without `clean` each result sits inside `doc`; an error is a
//! body with `error`; `results/current` does not say what is up, and is not asked for.

mod checks;
mod report;
mod results;
mod uptime;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::Value;

use super::{address_has, get, monitors, once};
use crate::diag::{Diagnostic, Loaded};
use crate::load::feed::json::{self, Tally, wrong_shape};
use crate::load::feed::{Adapter, Auth, Payload, Reading, Request};
use crate::model::{Feed, MonitorId};

pub(super) const ADAPTER: Adapter = Adapter { requests, auth: Auth::BasicToken, read };

/// How many results NodePing gives at once.
const RESULTS_MAX: u32 = 43_201;

/// How many days are filled in.
const BACKFILL_MS: i64 = 90 * 86_400_000;

/// More than this many checks are not asked for: a hundred requests are all that are made.
const CHECKS_MAX: usize = 99;

fn requests(feed: &Feed, answers: &[Payload], since_ms: i64, now_ms: i64) -> Vec<Request> {
    if ["/results", "/checks", "/reports/"].iter().any(|part| address_has(feed, part)) {
        return once(feed, answers, since_ms, now_ms);
    }
    if let Some(report) = feed.options.get("report") {
        let path = format!("reports/statusevents/{}/listchecks", json::encode(report));
        return if answers.is_empty() { vec![get(feed, "report", &path)] } else { Vec::new() };
    }
    match answers {
        [] => vec![get(feed, "checks", "checks")],
        [checks] => of_checks(feed, &checks::active(checks), since_ms, now_ms),
        _ => Vec::new(),
    }
}

/// What is asked of each check: its results, and once all have been asked for these, its days.
fn of_checks(feed: &Feed, active: &[String], since_ms: i64, now_ms: i64) -> Vec<Request> {
    let wanted = feed.options.get("checks");
    let is_wanted = |id: &&String| wanted.is_none_or(|wanted| wanted.split([' ', ',']).any(|word| word == *id));
    let ids: Vec<&String> = active.iter().filter(is_wanted).collect();
    let results = ids.iter().map(|id| {
        let path = format!("results/{}?clean=true&limit={RESULTS_MAX}&start={since_ms}", json::encode(id));
        get(feed, format!("results/{id}"), &path)
    });
    let backfill = feed.options.get("backfill").is_some_and(|backfill| backfill == "on");
    let days = ids.iter().filter(|_| backfill).map(|id| {
        let start_ms = now_ms.saturating_sub(BACKFILL_MS);
        let path = format!("results/uptime/{}?interval=days&start={start_ms}", json::encode(id));
        get(feed, format!("uptime/{id}"), &path)
    });
    results.chain(days).take(CHECKS_MAX).collect()
}

fn read(_: &Feed, answers: &[Payload]) -> Loaded<Reading> {
    let mut all = Loaded { value: Reading::default(), diagnostics: Vec::new() };
    let with_results = answers.iter().filter_map(|answer| answer.request.strip_prefix("results/"));
    let with_results: Vec<MonitorId> = with_results.filter_map(|id| MonitorId::escaped(&[id])).collect();
    for answer in answers {
        let Some(document) = json::parse(answer, &mut all.diagnostics) else { continue };
        let mut tally = Tally::default();
        all.diagnostics.extend(read_one(answer, &document, &with_results, &mut all.value, &mut tally));
        tally.tell(answer, &mut all.diagnostics);
    }
    monitors::join(&mut all.value);
    all
}

/// One answer, known by its shape; what is told where nothing of it can be used.
fn read_one(
    answer: &Payload,
    document: &Value,
    with_results: &[MonitorId],
    reading: &mut Reading,
    tally: &mut Tally,
) -> Option<Diagnostic> {
    if let Some(list) = document.as_array() {
        let check = answer.request.strip_prefix("results/");
        results::read(list, check, reading, tally);
        return None;
    }
    if let Some(error) = document.get("error") {
        let error = json::text(error).and_then(json::message).unwrap_or_default();
        let told = wrong_shape(answer, format!("NodePing answers with an error: {error}"));
        return Some(told.cure("check the token and the address"));
    }
    let today = day_of(answer.asked_ms);
    if let Some(jobs) = document.get("jobs").and_then(Value::as_array) {
        report::read(jobs, answer.asked_ms, today, reading, tally);
        return None;
    }
    let Some(members) = document.as_object() else {
        return Some(wrong_shape(answer, format!("this is {}, and no answer of NodePing", json::kind(document))));
    };
    if uptime::is_one(members) {
        let Some(check) = answer.request.strip_prefix("uptime/").or_else(|| uptime::check_of(&answer.name)) else {
            let told = wrong_shape(answer, "nothing says which check this is the uptime of");
            return Some(told.cure("call the file `uptime-<id of the check>.json`"));
        };
        return uptime::read(answer, members, check, today, reading, tally);
    }
    if members.get("_id").is_some() {
        checks::give(document, answer.asked_ms, with_results, reading, tally);
    } else if members.values().all(Value::is_object) {
        members.values().for_each(|check| checks::give(check, answer.asked_ms, with_results, reading, tally));
    } else {
        return Some(wrong_shape(answer, "this is JSON, but no answer of NodePing that says something of results"));
    }
    None
}

/// The day of a moment, which is not over yet. NodePing's days are those of UTC.
fn day_of(ms: i64) -> Option<jiff::civil::Date> {
    Timestamp::from_millisecond(ms).ok().map(|at| TimeZone::UTC.to_datetime(at).date())
}

#[cfg(test)]
mod tests;
