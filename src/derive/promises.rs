//! What is promised beyond the next word: reports that are owed, and the follow-ups in them.

mod owed;

use jiff::civil::Date;

pub(super) use owed::{ledger, owed};

/// How the report on an incident stands.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub enum Owed {
    /// None is owed: nothing is promised, or it was not serious enough.
    #[default]
    No,
    /// None will come, and why.
    Waived(String),
    /// It will be owed: the incident is still open.
    Running,
    /// It is owed by the end of that day.
    Due(Date),
    /// It was owed by the end of that day.
    Overdue(Date),
    /// It is published.
    Published {
        on: Date,
        /// By when it was promised; `None` where it was not owed.
        due: Option<Date>,
        /// So many days after that.
        late_days: Option<u32>,
    },
}

/// The ledger of follow-ups: every one of every report.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Ledger {
    /// Newest trouble first: overdue (the longest first), due (the nearest first), open without a date, then done late, done and dropped
    /// (each the newest first).
    pub entries: Vec<Entry>,
    pub all: Tally,
    /// Incidents whose report is overdue, the longest first, by index.
    pub reports_overdue: Vec<usize>,
}

/// A follow-up, by the index of its report and its place in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Entry {
    pub rfo: usize,
    pub follow_up: usize,
    pub state: super::FollowUpState,
}

/// How promises stand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Tally {
    /// Done by their day, or done without one.
    pub kept: u32,
    pub late: u32,
    pub overdue: u32,
    /// Not due yet, or without a day.
    pub open: u32,
    pub dropped: u32,
}

impl Tally {
    pub fn count(self) -> u32 {
        self.kept + self.late + self.overdue + self.open + self.dropped
    }

    pub fn add(&mut self, state: super::FollowUpState) {
        use super::FollowUpState::{Done, DoneLate, Dropped, Due, Open, Overdue};
        match state {
            Done => self.kept += 1,
            DoneLate(_) => self.late += 1,
            Overdue => self.overdue += 1,
            Due | Open => self.open += 1,
            Dropped => self.dropped += 1,
        }
    }
}
