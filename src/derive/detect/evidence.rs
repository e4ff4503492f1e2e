//! What the last results add up to: unbroken runs, and the share that fails.

use std::collections::VecDeque;

use super::limits::Limits;
use super::places::{PlaceCounts, PlaceSet};
use crate::model::DetectionKind;

/// One result that says something.
#[derive(Clone, Copy, Debug)]
pub(super) struct Entry {
    pub at_ms: i64,
    pub place: Option<u16>,
    /// `None` is good.
    pub trouble: Option<DetectionKind>,
}

impl Entry {
    pub fn fails(&self) -> bool {
        self.trouble >= Some(DetectionKind::Partial)
    }
}

/// A stretch of results that an opening rests on.
#[derive(Clone, Copy, Debug)]
pub(super) struct Found {
    pub start_ms: i64,
    pub fails: u32,
    pub results: u32,
}

/// An unbroken run of results that are at least so bad.
#[derive(Clone, Debug, Default)]
pub(super) struct Run {
    first_ms: Option<i64>,
    last_ms: i64,
    results: u32,
    places: PlaceSet,
}

impl Run {
    pub fn take(&mut self, entry: &Entry) {
        self.first_ms.get_or_insert(entry.at_ms);
        self.last_ms = entry.at_ms;
        self.results = self.results.saturating_add(1);
        self.places.insert(entry.place);
    }

    pub fn clear(&mut self) {
        if self.first_ms.is_some() {
            self.first_ms = None;
            self.results = 0;
            self.places.clear();
        }
    }

    pub fn results(&self) -> u32 {
        self.results
    }

    /// The run, where it is long enough, has enough results, and comes from enough of the places `heard` of.
    pub fn lasts(&self, limits: &Limits, heard: u16) -> Option<Found> {
        let start_ms = self.first_ms?;
        let enough = self.results >= limits.fails
            && self.last_ms.saturating_sub(start_ms) >= limits.detect_after
            && u32::from(self.places.count()) >= limits.locations.min(u32::from(heard));
        enough.then_some(Found { start_ms, fails: self.results, results: self.results })
    }

    /// As [`Run::lasts`], but counting only the part since `since_ms`, of `results`, if it began before.
    pub fn lasts_since(&self, since_ms: i64, results: u32, limits: &Limits, heard: u16) -> Option<Found> {
        let found = self.lasts(limits, heard)?;
        if found.start_ms > since_ms {
            return Some(found);
        }
        let enough = results >= limits.fails && self.last_ms.saturating_sub(since_ms) >= limits.detect_after;
        enough.then_some(Found { start_ms: since_ms, fails: results, results })
    }
}

/// The results that a brown-out is looked for in: the last quarter of an hour, or the last fifteen if those reach
/// further back.
#[derive(Clone, Debug, Default)]
pub(super) struct Window {
    entries: VecDeque<Entry>,
    /// When the failing ones among them were.
    failing_ms: VecDeque<i64>,
    heard: PlaceCounts,
    failing: PlaceCounts,
}

impl Window {
    pub fn push(&mut self, entry: Entry, limits: &Limits) {
        self.entries.push_back(entry);
        self.heard.add(entry.place);
        if entry.fails() {
            self.failing_ms.push_back(entry.at_ms);
            self.failing.add(entry.place);
        }
        let oldest_ms = entry.at_ms.saturating_sub(limits.brownout_window);
        while self.entries.len() > limits.brownout_results
            && self.entries.front().is_some_and(|front| front.at_ms <= oldest_ms)
        {
            self.pop();
        }
    }

    /// How many places were heard of lately. One that no longer reports does not make the others deaf.
    pub fn places(&self) -> u16 {
        self.heard.distinct()
    }

    /// The results since the first failing one, where enough of all of them fail.
    ///
    /// They must last as long as any other outage: a feed that begins with a burst of failures proves nothing yet.
    pub fn brownout(&self, limits: &Limits) -> Option<Found> {
        let fails = u32::try_from(self.failing_ms.len()).unwrap_or(u32::MAX);
        let heard = u32::from(self.heard.distinct());
        let share = if heard <= 1 { limits.brownout_share_of_one } else { limits.brownout_share };
        let results = u64::try_from(self.entries.len()).unwrap_or(u64::MAX);
        let enough = fails >= limits.brownout_fails
            && u64::from(fails).saturating_mul(1000) >= results.saturating_mul(u64::from(share))
            && u32::from(self.failing.distinct()) >= limits.brownout_locations.min(heard);
        let start_ms = *self.failing_ms.front()?;
        let lasted_ms = self.failing_ms.back()?.saturating_sub(start_ms);
        (enough && lasted_ms >= limits.detect_after).then(|| Found {
            start_ms,
            fails,
            results: count(self.since(start_ms), |_| true),
        })
    }

    /// The entries from that moment on.
    pub fn since(&self, start_ms: i64) -> impl Iterator<Item = &Entry> {
        let first = self.entries.partition_point(|entry| entry.at_ms < start_ms);
        self.entries.range(first..)
    }

    pub fn all(&self) -> impl Iterator<Item = &Entry> {
        self.entries.iter()
    }

    /// What an outage was made of makes no second one.
    pub fn forget_failures(&mut self) {
        for entry in self.entries.iter().filter(|entry| entry.fails()) {
            self.heard.remove(entry.place);
            self.failing.remove(entry.place);
        }
        self.entries.retain(|entry| !entry.fails());
        self.failing_ms.clear();
    }

    pub fn clear(&mut self) {
        while !self.entries.is_empty() {
            self.pop();
        }
    }

    fn pop(&mut self) {
        let Some(entry) = self.entries.pop_front() else { return };
        self.heard.remove(entry.place);
        if entry.fails() {
            self.failing_ms.pop_front();
            self.failing.remove(entry.place);
        }
    }
}

/// How many of them are such.
pub(super) fn count<'a>(entries: impl Iterator<Item = &'a Entry>, is: impl Fn(&Entry) -> bool) -> u32 {
    u32::try_from(entries.filter(|entry| is(entry)).count()).unwrap_or(u32::MAX)
}
