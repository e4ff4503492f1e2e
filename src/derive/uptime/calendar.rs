//! Days as the site's zone has them, of 23, 24 or 25 hours, and the stretches of days that numbers are about.

use std::ops::Range;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};

use super::Span;
use crate::derive::Month;

/// A UTC day in ms.
pub(super) const DAY_MS: i64 = 86_400_000;

/// How many days the longest stretch up to now has.
const RECENT_DAYS_MAX: i64 = 365;

/// A day of the site's zone, the last one only as far as it has passed. Empty where the zone skipped it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Day {
    pub date: Date,
    pub from_ms: i64,
    pub to_ms: i64,
}

/// Every day from the first one that was measured, or 364 days ago, up to today.
pub(super) struct Calendar {
    pub days: Vec<Day>,
    pub now_ms: i64,
}

impl Calendar {
    /// `first` is a UTC day.
    pub fn new(first: Date, now: Timestamp, tz: &TimeZone) -> Calendar {
        let now_ms = now.as_millisecond();
        let today = now.to_zoned_datetime(tz.clone()).date();
        let year_ago = today.checked_sub((RECENT_DAYS_MAX - 1).days()).unwrap_or(today);
        // A zone may be a day behind UTC.
        let mut date = first.yesterday().unwrap_or(first).min(year_ago);
        let mut from_ms = start_ms(date, tz);
        let mut days = Vec::new();
        while date <= today {
            let Ok(next) = date.tomorrow() else { break };
            let to_ms = start_ms(next, tz).max(from_ms);
            days.push(Day { date, from_ms, to_ms: to_ms.min(now_ms).max(from_ms) });
            (date, from_ms) = (next, to_ms);
        }
        Calendar { days, now_ms }
    }

    /// The last so many days.
    pub fn recent(&self, days: usize) -> Range<usize> {
        self.days.len().saturating_sub(days)..self.days.len()
    }

    /// The place of the day that holds a moment; the first or last one for what is outside.
    pub fn place_of(&self, at_ms: i64) -> usize {
        self.days.partition_point(|day| day.from_ms <= at_ms).saturating_sub(1)
    }

    /// When a range of days begins and ends, in ms.
    pub fn limits(&self, range: &Range<usize>) -> Option<(i64, i64)> {
        let days = self.days.get(range.clone())?;
        Some((days.first()?.from_ms, days.last()?.to_ms))
    }

    /// Runs of days that are the same month, quarter or year, newest first.
    pub fn runs(&self, span: fn(Date) -> Span) -> Vec<(Span, Range<usize>)> {
        let mut runs: Vec<(Span, Range<usize>)> = Vec::new();
        for (place, day) in self.days.iter().enumerate() {
            let this = span(day.date);
            match runs.last_mut() {
                Some((last, range)) if *last == this => range.end = place + 1,
                _ => runs.push((this, place..place + 1)),
            }
        }
        runs.reverse();
        runs
    }
}

/// When a UTC day begins, in ms.
pub(super) fn day_start_ms(day: Date) -> i64 {
    day.duration_since(Date::constant(1970, 1, 1)).as_hours().saturating_mul(3_600_000)
}

/// When a day of a zone begins, in ms.
pub(super) fn start_ms(day: Date, tz: &TimeZone) -> i64 {
    day.to_zoned_datetime(tz.clone()).map_or_else(|_| day_start_ms(day), |at| at.timestamp().as_millisecond())
}

pub(super) fn month(day: Date) -> Span {
    Span::Month(Month::of(day))
}

pub(super) fn quarter(day: Date) -> Span {
    Span::Quarter(day.year(), (day.month() - 1) / 3 + 1)
}

pub(super) fn year(day: Date) -> Span {
    Span::Year(day.year())
}
