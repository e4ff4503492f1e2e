//! What one monitor said, result by result.

use std::sync::Arc;

use super::MonitorId;

/// What a monitor says of its target. Ordered by how much it weighs where two disagree about the same moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CheckStatus {
    Up,
    /// Switched off on purpose: not monitored.
    Paused,
    /// Its own system has announced work.
    Maintenance,
    Degraded,
    /// The check itself could not be made.
    Unknown,
    /// Part of it fails; only upstream providers say so.
    Partial,
    Down,
}

impl CheckStatus {
    pub const ALL: [CheckStatus; 7] = [
        CheckStatus::Up,
        CheckStatus::Paused,
        CheckStatus::Maintenance,
        CheckStatus::Degraded,
        CheckStatus::Unknown,
        CheckStatus::Partial,
        CheckStatus::Down,
    ];

    /// The word in feeds and logs.
    pub fn word(self) -> &'static str {
        match self {
            CheckStatus::Up => "up",
            CheckStatus::Paused => "paused",
            CheckStatus::Maintenance => "maintenance",
            CheckStatus::Degraded => "degraded",
            CheckStatus::Unknown => "unknown",
            CheckStatus::Partial => "partial",
            CheckStatus::Down => "down",
        }
    }

    /// Whether it fails: nothing but `Down` and `Partial` does.
    pub fn fails(self) -> bool {
        matches!(self, CheckStatus::Down | CheckStatus::Partial)
    }

    /// Whether the target answered. What is neither good nor failing is neutral.
    pub fn is_good(self) -> bool {
        matches!(self, CheckStatus::Up | CheckStatus::Degraded)
    }
}

/// One run of a monitor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Check {
    /// Unix time in ms: when the check was made, never when it arrived.
    pub at_ms: i64,
    /// How long a good answer took, in microseconds.
    pub latency_us: Option<u32>,
    /// Where it was made from, as an index into [`Series::places`].
    pub place: Option<u16>,
    pub status: CheckStatus,
    /// `false` for a failing result that its own source has not confirmed yet (pending, looks down, soft). It fails
    /// all the same.
    pub confirmed: bool,
    /// Of two records of the same run the greater counts.
    pub rev: u16,
}

/// From `from_ms` on the monitor was in that state, up to but not including `to_ms`; `None` is still so.
/// Sources that report only changes say spans.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// Unix time in ms: the first failure, where the source knows it, not when it was declared.
    pub from_ms: i64,
    pub to_ms: Option<i64>,
    pub status: CheckStatus,
    /// `false` while the source itself waits (pending, soft).
    pub confirmed: bool,
    pub rev: u16,
}

/// What one monitor said in the window that is looked at. Made by [`crate::load`], which folds results of any number of
/// feeds and logs; the same results in any order and repetition make the same series.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Series {
    /// What its own system calls it. Private.
    pub name: Option<String>,
    /// How often it runs, where the source says so, in ms.
    pub interval_ms: Option<i64>,
    /// Monitors of the same feed without which this one cannot be up.
    pub parents: Vec<MonitorId>,
    /// Switched off now.
    pub paused: bool,
    /// When it was first heard of, where that is before anything in here (Unix ms).
    pub first_ms: Option<i64>,
    /// The places of `checks`, sorted. Private.
    pub places: Vec<Arc<str>>,
    /// By (time, place), each pair once.
    pub checks: Vec<Check>,
    /// By start, each once.
    pub spans: Vec<Span>,
}

/// How often a monitor is taken to run where neither its source nor its results say, in ms.
const INTERVAL_DEFAULT_MS: i64 = 60_000;

impl Series {
    /// How often it runs, in ms: as stated, else the median distance of its results, else one minute. At least a second.
    pub fn interval_or_observed_ms(&self) -> i64 {
        if let Some(stated) = self.interval_ms {
            return stated.max(1000);
        }
        let mut gaps: Vec<i64> =
            self.checks.windows(2).map(|pair| pair[1].at_ms - pair[0].at_ms).filter(|&gap| gap > 0).collect();
        if gaps.is_empty() {
            return INTERVAL_DEFAULT_MS;
        }
        let middle = gaps.len() / 2;
        let (_, median, _) = gaps.select_nth_unstable(middle);
        (*median).max(1000)
    }
}
