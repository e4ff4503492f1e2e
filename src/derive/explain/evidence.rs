//! The results that decided.

use jiff::Timestamp;

use crate::derive::detect::{self, Episode, Rule};
use crate::derive::observe::Watchers;
use crate::model::{CheckStatus, Detection, MonitorRef, Series, Site};

/// So many results of the beginning, and as many of the end, are told.
const TOLD: usize = 4;

/// What one monitor contributed. Times in Unix ms.
#[derive(Clone, Debug)]
pub struct Evidence {
    pub monitor: MonitorRef,
    pub rule: Rule,
    pub start_ms: i64,
    pub detected_ms: i64,
    /// From the first failing one to the one that decided, by time; of many the first and the last few. Empty where the
    /// source only says when things change.
    pub results: Vec<Result>,
    /// How many of them are left out in the middle.
    pub left_out: usize,
}

/// One result as it is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Result {
    /// Unix ms.
    pub at_ms: i64,
    pub status: CheckStatus,
    /// Its source had not confirmed it yet.
    pub confirmed: bool,
    pub latency_us: Option<u32>,
    pub place: Option<String>,
}

/// What each monitor of a detection whose results are still there contributed, in the order in which they were decided.
pub(super) fn of(site: &Site, detection: &Detection, now: Timestamp) -> Vec<Evidence> {
    let watchers = Watchers::of(site);
    let mut monitors: Vec<&MonitorRef> = detection.outages.iter().map(|outage| &outage.monitor).collect();
    monitors.sort_unstable();
    monitors.dedup();
    let of = |monitor: &MonitorRef| {
        let series = site.monitoring.series.get(monitor)?;
        let episodes = detect::episodes(series, &watchers.rules(monitor), now.as_millisecond());
        let episode = episodes.iter().find(|episode| is_part(episode, detection))?;
        Some(evidence(monitor, series, episode))
    };
    let mut all: Vec<Evidence> = monitors.into_iter().filter_map(of).collect();
    all.sort_by(|a, b| (a.detected_ms, &a.monitor).cmp(&(b.detected_ms, &b.monitor)));
    all
}

fn is_part(episode: &Episode, detection: &Detection) -> bool {
    let end_ms = detection.closed.map_or(i64::MAX, Timestamp::as_millisecond);
    let begins_ms = detection.start.as_millisecond();
    episode.start_ms <= end_ms && episode.end_ms.is_none_or(|ended_ms| ended_ms >= begins_ms)
}

fn evidence(monitor: &MonitorRef, series: &Series, episode: &Episode) -> Evidence {
    let first = series.checks.partition_point(|check| check.at_ms < episode.start_ms);
    let last = series.checks.partition_point(|check| check.at_ms <= episode.detected_ms);
    let all = series.checks.get(first..last).unwrap_or_default();
    let left_out = all.len().saturating_sub(2 * TOLD);
    let told = |at: usize| left_out == 0 || at < TOLD || at >= TOLD + left_out;
    let results = all.iter().enumerate().filter(|(at, _)| told(*at)).map(|(_, check)| Result {
        at_ms: check.at_ms,
        status: check.status,
        confirmed: check.confirmed,
        latency_us: check.latency_us,
        place: check.place.and_then(|place| series.places.get(usize::from(place))).map(|place| place.to_string()),
    });
    Evidence {
        monitor: monitor.clone(),
        rule: episode.rule,
        start_ms: episode.start_ms,
        detected_ms: episode.detected_ms,
        results: results.collect(),
        left_out,
    }
}
