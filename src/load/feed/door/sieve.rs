//! What of a reading can be true, and how much of it is kept.
//!
//! A result of the future says that a clock is wrong, and would hide whatever comes until then. What is older than the
//! log is known from its sealed days.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use crate::diag::{Code, Diagnostic};
use crate::load::feed::Reading;
use crate::model::{Feed, MonitorId};

/// How far ahead of us the clock of a source may be.
const AHEAD_MAX_MS: i64 = 5 * 60 * 1000;

/// From which average on that is told.
const AHEAD_TOLD_MS: i64 = 60 * 1000;

const AGE_MAX_MS: i64 = 40 * 24 * 3600 * 1000;

const MONITORS_MAX: usize = 5000;

const RESULTS_MAX: usize = 2_000_000;

/// Takes out what cannot be true or is too much, and tells it. Of what is merely old nothing is said while there is more.
pub(super) fn sieve(feed: &Feed, now: Timestamp, reading: &mut Reading, diagnostics: &mut Vec<Diagnostic>) {
    let now_ms = now.as_millisecond();
    future(feed, now_ms, reading, diagnostics);
    past(feed, now_ms, reading, diagnostics);
    clock(feed, now_ms, reading, diagnostics);
    monitors(feed, reading, diagnostics);
    results(feed, reading, diagnostics);
}

fn future(feed: &Feed, now_ms: i64, reading: &mut Reading, diagnostics: &mut Vec<Diagnostic>) {
    let limit_ms = now_ms.saturating_add(AHEAD_MAX_MS);
    let before = reading.results.len() + reading.spans.len();
    reading.results.retain(|result| result.at_ms <= limit_ms);
    reading.spans.retain(|read| read.span.from_ms <= limit_ms);
    let count = before - reading.results.len() - reading.spans.len();
    if count > 0 {
        let what = if count == 1 { "a result is" } else { "results are" };
        let many = if count == 1 { String::new() } else { format!("{count} ") };
        let message = format!("feed `{}`: {many}{what} more than 5 minutes in the future", feed.id);
        let told = Diagnostic::warning(Code::FEED_CLOCK, message).cure("set the clocks of both machines by NTP");
        diagnostics.push(told.outcome("left out"));
    }
    reading.heartbeats.retain(|beat| beat.at_ms <= limit_ms);
    for read in &mut reading.spans {
        // That it will go on is not known: so far it has.
        read.span.to_ms = read.span.to_ms.map(|to_ms| to_ms.min(limit_ms));
    }
    reading.generated = reading.generated.filter(|generated| generated.as_millisecond() <= limit_ms);
}

/// Where all of it is old, that alone is worth a word: it may be a file that nobody writes any more.
fn past(feed: &Feed, now_ms: i64, reading: &mut Reading, diagnostics: &mut Vec<Diagnostic>) {
    let limit_ms = now_ms.saturating_sub(AGE_MAX_MS).max(0);
    let count = reading.results.len() + reading.spans.len();
    reading.results.retain(|result| result.at_ms >= limit_ms);
    let is_in = |from_ms: i64, to_ms: Option<i64>| from_ms >= 0 && to_ms.is_none_or(|to_ms| to_ms >= limit_ms);
    reading.spans.retain(|read| is_in(read.span.from_ms, read.span.to_ms));
    reading.heartbeats.retain(|beat| beat.at_ms >= limit_ms);
    if count > 0 && reading.results.is_empty() && reading.spans.is_empty() {
        let message = format!("feed `{}`: everything in it is older than 40 days", feed.id);
        diagnostics.push(Diagnostic::note(Code::FEED_OLD, message).cure("is it still written?").outcome("left out"));
    }
}

/// The newest results of a source with a right clock are a little older than now.
fn clock(feed: &Feed, now_ms: i64, reading: &Reading, diagnostics: &mut Vec<Diagnostic>) {
    let mut newest: BTreeMap<&MonitorId, i64> = BTreeMap::new();
    for result in &reading.results {
        let known = newest.entry(&result.monitor).or_insert(result.at_ms);
        *known = (*known).max(result.at_ms);
    }
    let count = i64::try_from(newest.len()).unwrap_or(i64::MAX);
    // At most five minutes ahead and forty days behind each: no sum of so many overflows.
    let sum_ms: i64 = newest.values().map(|at_ms| at_ms - now_ms).sum();
    if count > 0 && sum_ms / count > AHEAD_TOLD_MS {
        let message = format!("feed `{}`: its clock is about {} s ahead of ours", feed.id, sum_ms / count / 1000);
        let told = Diagnostic::warning(Code::FEED_CLOCK, message).cure("set the clocks of both machines by NTP");
        diagnostics.push(told.outcome("its results count as they stand"));
    }
}

fn monitors(feed: &Feed, reading: &mut Reading, diagnostics: &mut Vec<Diagnostic>) {
    let Reading { monitors, results, spans, days, .. } = reading;
    let named = monitors.iter().map(|monitor| &monitor.id).chain(results.iter().map(|result| &result.monitor));
    let named = named.chain(spans.iter().map(|read| &read.monitor)).chain(days.iter().map(|day| &day.monitor));
    let all: BTreeSet<&MonitorId> = named.collect();
    if all.len() <= MONITORS_MAX {
        return;
    }
    let message = format!("feed `{}`: it has {} monitors", feed.id, all.len());
    let kept: BTreeSet<MonitorId> = all.into_iter().take(MONITORS_MAX).cloned().collect();
    monitors.retain(|monitor| kept.contains(&monitor.id));
    results.retain(|result| kept.contains(&result.monitor));
    spans.retain(|read| kept.contains(&read.monitor));
    days.retain(|day| kept.contains(&day.monitor));
    let told =
        Diagnostic::warning(Code::FEED_TOO_LARGE, message).cure("name those that matter, or make two feeds of it");
    diagnostics.push(told.outcome(format!("the first {MONITORS_MAX} by id count")));
}

fn results(feed: &Feed, reading: &mut Reading, diagnostics: &mut Vec<Diagnostic>) {
    let count = reading.results.len().max(reading.spans.len());
    if count <= RESULTS_MAX {
        return;
    }
    reading.results.sort_unstable_by_key(|result| Reverse(result.at_ms));
    reading.results.truncate(RESULTS_MAX);
    reading.spans.sort_unstable_by_key(|read| Reverse(read.span.from_ms));
    reading.spans.truncate(RESULTS_MAX);
    let message = format!("feed `{}`: it holds {count} results", feed.id);
    let told = Diagnostic::warning(Code::FEED_TOO_LARGE, message).cure("give it less at a time");
    diagnostics.push(told.outcome(format!("the newest {RESULTS_MAX} count")));
}

#[cfg(test)]
mod tests;
