//! Feeds as a whole: monitors that depend on others, and sources that have trouble of their own.
//!
//! A source is suspect where a good part of its monitors begin to fail at the same time, and either its canary (a target
//! outside the provider) fails as well or another source says that the component is up. Without either it is taken at its
//! word, as one outage of everything.

use std::collections::BTreeMap;

use super::bout::Bout;
use super::cause::Case;
use super::watch::{Episodes, Watchers};
use crate::derive::detect::Episode;
use crate::model::{CheckStatus, MonitorRef, Series, Site, Slug};

/// How far back a failing run is followed, in results.
const RUN_MAX: usize = 10_000;

pub(super) struct Sources<'a> {
    site: &'a Site,
    watchers: &'a Watchers<'a>,
    episodes: &'a Episodes,
    /// The monitors of each feed that count, without its canary and what is switched off.
    monitors: BTreeMap<&'a Slug, Vec<&'a MonitorRef>>,
    canaries: BTreeMap<&'a Slug, MonitorRef>,
}

impl<'a> Sources<'a> {
    pub(super) fn of(site: &'a Site, watchers: &'a Watchers<'a>, episodes: &'a Episodes) -> Sources<'a> {
        let feeds = site.config.monitoring.feeds.iter();
        let canaries: BTreeMap<&Slug, MonitorRef> = feeds
            .filter_map(|feed| Some((&feed.id, MonitorRef { feed: feed.id.clone(), monitor: feed.canary.clone()? })))
            .collect();
        let mut monitors: BTreeMap<&Slug, Vec<&MonitorRef>> = BTreeMap::new();
        for (monitor, series) in &site.monitoring.series {
            if !series.paused && canaries.get(&monitor.feed) != Some(monitor) {
                monitors.entry(&monitor.feed).or_default().push(monitor);
            }
        }
        Sources { site, watchers, episodes, monitors, canaries }
    }

    /// The feed of a bout that is one of many: those that began to fail at about its time, and fail still when it is decided.
    pub(super) fn burst(&self, bout: &Bout<'a>) -> Option<&'a Slug> {
        let limits = &self.site.config.monitoring.limits;
        let (feed, all) = self.monitors.get_key_value(&bout.monitor.feed)?;
        let window_ms = super::ms(limits.suspect_window);
        let together = |monitor: &&&MonitorRef| {
            let since_ms = self.failing_since(monitor, bout.detected_ms);
            since_ms.is_some_and(|since_ms| since_ms.saturating_sub(bout.start_ms).saturating_abs() <= window_ms)
        };
        if all.len() < limits.suspect_monitors as usize {
            return None;
        }
        let failing = all.iter().filter(together).count();
        let enough = failing >= limits.suspect_monitors as usize
            && failing.saturating_mul(1000) >= all.len().saturating_mul(limits.suspect_share as usize);
        enough.then_some(*feed)
    }

    /// Whether the source of a case is suspect: its feed, and the moment (Unix ms) from which it is believed all the
    /// same, where there is one.
    pub(super) fn suspect(&self, case: &Case<'a>) -> Option<(&'a Slug, Option<i64>)> {
        let feed = case.burst?;
        if case.monitors().any(|monitor| monitor.feed != *feed) {
            return None;
        }
        let at_ms = case.detected_ms();
        if let Some(canary) = self.canaries.get(feed)
            && self.failing_since(canary, at_ms).is_some()
        {
            let window_ms = super::ms(self.site.config.monitoring.limits.suspect_window);
            let good_ms = self.good_again(canary, at_ms);
            // What ends with the trouble of the canary was that trouble.
            let outlasts = |good_ms: &i64| case_end_ms(case).is_none_or(|end| end > good_ms.saturating_add(window_ms));
            return Some((feed, good_ms.filter(outlasts)));
        }
        self.another_says_up(case, feed, at_ms).then_some((feed, None))
    }

    /// Whether one of two depends on the other, or both on the same monitor.
    pub(super) fn depend(&self, case: &Case<'a>, bout: &Bout<'a>) -> bool {
        let parents = self.parents(bout.monitor);
        case.monitors().filter(|monitor| monitor.feed == bout.monitor.feed).any(|monitor| {
            let others = self.parents(monitor);
            parents.contains(&monitor.monitor)
                || others.contains(&bout.monitor.monitor)
                || parents.iter().any(|parent| others.contains(parent))
        })
    }

    /// The monitors without which this one cannot be up, by id in its own feed.
    pub(super) fn parents(&self, monitor: &MonitorRef) -> &'a [crate::model::MonitorId] {
        self.site.monitoring.series.get(monitor).map_or(&[], |series| &series.parents)
    }

    fn another_says_up(&self, case: &Case<'a>, feed: &Slug, at_ms: i64) -> bool {
        let components = &case.components;
        let mut others = self.site.monitoring.series.iter().filter(|(monitor, _)| {
            monitor.feed != *feed && self.watchers.components(monitor).iter().any(|index| components.contains(index))
        });
        others.any(|(_, series)| says_up(series, at_ms))
    }

    /// Since when a monitor has failed without a good result, as known at a moment; `None` where it does not fail.
    fn failing_since(&self, monitor: &MonitorRef, at_ms: i64) -> Option<i64> {
        let series = self.site.monitoring.series.get(monitor)?;
        if series.checks.is_empty() && series.spans.is_empty() {
            return self.episode_at(monitor, at_ms).map(|episode| episode.start_ms);
        }
        run_start_ms(series, at_ms).or_else(|| {
            let spans = series.spans.iter().rev().find(|span| span.from_ms <= at_ms);
            spans.filter(|span| span.status.fails() && span.to_ms.is_none_or(|to| to > at_ms)).map(|span| span.from_ms)
        })
    }

    fn good_again(&self, monitor: &MonitorRef, at_ms: i64) -> Option<i64> {
        let series = self.site.monitoring.series.get(monitor)?;
        let check = series.checks.iter().find(|check| check.at_ms > at_ms && check.status.is_good());
        check.map(|check| check.at_ms).or_else(|| self.episode_at(monitor, at_ms)?.end_ms)
    }

    fn episode_at(&self, monitor: &MonitorRef, at_ms: i64) -> Option<&Episode> {
        let goes_on = |episode: &&Episode| episode.start_ms <= at_ms && episode.end_ms.is_none_or(|end| end > at_ms);
        self.episodes.get(monitor)?.iter().find(goes_on)
    }
}

/// When the last of it was good again; `None` while something fails.
fn case_end_ms(case: &Case<'_>) -> Option<i64> {
    case.bouts.iter().map(|bout| bout.end_ms).collect::<Option<Vec<i64>>>()?.into_iter().max()
}

/// Where the run of failing results began that the newest result at `at_ms` stands in.
fn run_start_ms(series: &Series, at_ms: i64) -> Option<i64> {
    let known = series.checks.partition_point(|check| check.at_ms <= at_ms);
    let mut start_ms = None;
    for check in series.checks.get(..known)?.iter().rev().take(RUN_MAX) {
        if check.status.fails() {
            start_ms = Some(check.at_ms);
        } else if check.status != CheckStatus::Unknown {
            break;
        }
    }
    start_ms
}

/// Whether its newest result at that moment is good, and new enough to mean something.
fn says_up(series: &Series, at_ms: i64) -> bool {
    let known = series.checks.partition_point(|check| check.at_ms <= at_ms);
    let newest = known.checked_sub(1).and_then(|at| series.checks.get(at));
    let age_max_ms = series.interval_or_observed_ms().saturating_mul(3);
    newest.is_some_and(|check| check.status.is_good() && at_ms.saturating_sub(check.at_ms) <= age_max_ms)
}
