//! One day of one monitor as one collector saw it: facts, never verdicts.

use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::{Histogram, MonitorRef};

/// How many seconds a UTC day has.
pub const DAY_S: u32 = 86_400;

/// The same in ms.
pub const DAY_MS: i64 = 86_400_000;

/// Midnight UTC of a day, in Unix ms. `None` where no moment is that early or late.
pub fn day_start_ms(day: Date) -> Option<i64> {
    Some(day.to_zoned_datetime(TimeZone::UTC).ok()?.timestamp().as_millisecond())
}

/// The UTC day of a moment, in Unix ms. `None` where no calendar knows it.
pub fn day_of_ms(at_ms: i64) -> Option<Date> {
    Some(TimeZone::UTC.to_datetime(Timestamp::from_millisecond(at_ms).ok()?).date())
}

/// A row of `history/days/<yyyy>/<mm>/<dd>.ndjson`. Which of its failing stretches count as an outage is not in it:
/// detections say so.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct DayRow {
    /// UTC.
    pub day: Date,
    pub monitor: MonitorRef,
    /// The one collector that wrote it.
    pub shard: Arc<str>,
    /// Distinct results.
    pub results: u32,
    /// How many of them failed.
    pub failing: u32,
    /// By start; they do not overlap and none is empty. What is in none of them is up.
    pub intervals: Vec<DayInterval>,
    /// Of good results. Left out for days older than anything that shows it.
    pub latency: Option<Histogram>,
    /// From another system's own sums, not from results.
    pub imported: bool,
}

/// A stretch of a UTC day, in seconds from its midnight: from `from_s` up to, not including, `to_s` (at most 86 400).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DayInterval {
    pub from_s: u32,
    pub to_s: u32,
    pub state: DayState,
    /// The share that failed, in thousandths: 1000 unless the source itself said less.
    pub weight: u16,
}

/// What was the case in a stretch of a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DayState {
    /// `n`: switched off, or before the first result.
    NotMonitored,
    /// `x`: its own system had announced work.
    Maintenance,
    /// `?`: no result.
    Unknown,
    /// `g`.
    Degraded,
    /// `p`: the source said that part of it fails.
    Partial,
    /// `d`: from the first failing result to the first good one.
    Down,
}

impl DayState {
    /// The letter in the files.
    pub fn code(self) -> &'static str {
        match self {
            DayState::NotMonitored => "n",
            DayState::Maintenance => "x",
            DayState::Unknown => "?",
            DayState::Degraded => "g",
            DayState::Partial => "p",
            DayState::Down => "d",
        }
    }

    /// What a letter means.
    pub fn from_code(code: &str) -> Option<DayState> {
        match code {
            "n" => Some(DayState::NotMonitored),
            "x" => Some(DayState::Maintenance),
            "?" => Some(DayState::Unknown),
            "g" => Some(DayState::Degraded),
            "p" => Some(DayState::Partial),
            "d" => Some(DayState::Down),
            _ => None,
        }
    }

    /// Whether something was lost in it.
    pub fn is_trouble(self) -> bool {
        matches!(self, DayState::Degraded | DayState::Partial | DayState::Down)
    }
}
