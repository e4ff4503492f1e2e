//! Which feeds are silent, and since when.

use jiff::{SignedDuration, Timestamp};

use super::Health;
use crate::derive::Derived;
use crate::model::{Feed, FeedReading, FeedState, Site};

/// How often a feed is taken to be asked where nothing says so.
const EVERY_DEFAULT: SignedDuration = SignedDuration::from_mins(1);

/// A feed of which nothing is heard any more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Silent {
    /// By its place in the config.
    pub feed: usize,
    pub since: Timestamp,
    pub why: Option<String>,
}

/// Those that are silent for longer than their results are good for (`stale_intervals`, `stale_min`), or whose last word has
/// expired. A feed that was never heard of counts where somebody has tried to ask it.
pub(super) fn silent(site: &Site, derived: &Derived, health: &Health) -> Vec<Silent> {
    let monitoring = &site.config.monitoring;
    let of = |(index, feed): (usize, &Feed)| {
        let reading = site.monitoring.feeds.iter().find(|reading| reading.feed == feed.id);
        let tried = health.feeds.get(&feed.id);
        let why = match reading.map(|reading| &reading.state) {
            Some(FeedState::Failed(why)) => Some(why.clone()),
            Some(FeedState::Read { .. } | FeedState::FromLog) | None => tried.map(|(_, why)| why.clone()),
        };
        let expired = reading.and_then(expires).filter(|expires| *expires <= derived.now);
        let heard = heard(site, feed, derived.now);
        let stale = heard.filter(|heard| derived.now.duration_since(*heard) > limit(site, feed, reading));
        let never = tried.filter(|_| heard.is_none()).map(|(since, _)| *since);
        let since = expired.or(stale).or(never)?;
        Some(Silent { feed: index, since, why })
    };
    monitoring.feeds.iter().enumerate().filter_map(of).collect()
}

/// When something was last heard of a feed: a result, an answer to its collector, the moment that it says it was made.
pub(super) fn heard(site: &Site, feed: &Feed, now: Timestamp) -> Option<Timestamp> {
    let reading = site.monitoring.feeds.iter().find(|reading| reading.feed == feed.id);
    let series = || site.monitoring.series.iter().filter(|(monitor, _)| monitor.feed == feed.id);
    let checks = series().filter_map(|(_, series)| series.checks.last()).map(|check| check.at_ms);
    let beats = reading.into_iter().flat_map(|reading| &reading.heartbeats).map(|beat| beat.at_ms);
    let known = checks.chain(beats).max().and_then(|ms| Timestamp::from_millisecond(ms).ok());
    let answered = match reading.map(|reading| &reading.state) {
        // What reports only changes says nothing for days while all is well, and has just answered.
        Some(FeedState::Read { generated, .. }) => {
            let has_results = series().any(|(_, series)| !series.checks.is_empty());
            generated.or((!has_results).then_some(now))
        }
        Some(FeedState::FromLog | FeedState::Failed(_)) | None => None,
    };
    known.max(answered)
}

fn expires(reading: &FeedReading) -> Option<Timestamp> {
    match reading.state {
        FeedState::Read { expires, .. } => expires,
        FeedState::FromLog | FeedState::Failed(_) => None,
    }
}

/// How long nothing may be heard of it.
fn limit(site: &Site, feed: &Feed, reading: Option<&FeedReading>) -> SignedDuration {
    let limits = &site.config.monitoring.limits;
    let beat = reading.and_then(|reading| reading.heartbeats.last());
    let asked = beat.map(|beat| SignedDuration::from_secs(i64::from(beat.every_s)));
    let series = site.monitoring.series.iter().filter(|(monitor, _)| monitor.feed == feed.id);
    // Of the monitor that runs most often something is heard most often.
    let runs = series.map(|(_, series)| SignedDuration::from_millis(series.interval_or_observed_ms())).min();
    let every = feed.interval.or(runs).unwrap_or(EVERY_DEFAULT).max(asked.unwrap_or_default());
    every.saturating_mul(i32::try_from(limits.stale_intervals).unwrap_or(i32::MAX)).max(limits.stale_min)
}
