//! The response record: how fast people spoke, how long they were silent, which times they named and kept. Of one incident
//! here, of a component and a quarter in [`record`].
//!
//! Four times are kept apart: *started* (the impact), *detected* (a monitor), *posted* (what evidence there is that an
//! update was public) and *written* (its heading). Nothing claims more than its evidence: an update counts as posted at the later of what
//! its evidence says and what its heading says, and where there is no evidence it is marked as written.

mod incident;
pub mod record;
mod stats;

use jiff::{SignedDuration, Timestamp};

use super::Moment;

pub use record::{Record, Standing};
pub use stats::{Count, Stats};

pub(super) use incident::{length, response};

/// A heading earlier than its evidence by more than this is shown with both times.
pub const TOLERANCE: SignedDuration = SignedDuration::from_mins(10);

/// How one incident was answered. Of disturbances alone: planned work and announcements have none.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Response {
    pub started: Moment,
    /// The first detection by monitors; `None` where they saw nothing.
    pub detected: Option<Timestamp>,
    /// When the automatic notice was published, where there was one.
    pub notice: Option<Timestamp>,
    /// From where the first word is counted: [`detected`](Self::detected), else [`started`](Self::started) where its
    /// minute is known; never later than the first word.
    pub from: Option<Timestamp>,
    /// The first post by a person; `None` as long as nobody has written (a notice).
    pub first_word: Option<Posted>,
    /// From `from` to the first word; while there is none, until now (or the end of the outage, where it is over).
    pub first_after: Option<SignedDuration>,
    /// One for each of the incident's updates, in their order.
    pub posted: Vec<Posted>,
    /// The stretches between updates by people while it was open, oldest first; the last one runs until now where it is open
    /// still. Before the first word there is none: that is [`first_after`](Self::first_after).
    pub gaps: Vec<Gap>,
    /// The longest of `gaps`, by index; the first of several.
    pub longest: Option<usize>,
    pub resolved: Option<Moment>,
}

/// When an update was public, as far as is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Posted {
    /// The later of what the evidence and the heading say.
    pub at: Moment,
    pub by: PostedBy,
    /// What its heading says, where that is earlier than its evidence by more than [`TOLERANCE`].
    pub written: Option<Timestamp>,
}

/// What shows that it was public then.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PostedBy {
    /// A publishing receipt: posted no later than.
    Receipt,
    /// First committed.
    Commit,
    /// As written. `Some`: the file came into git only then, whole.
    Written(Option<Timestamp>),
}

/// From one update to the next while an incident was open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Gap {
    /// The update before it, by index.
    pub update: usize,
    pub from: Timestamp,
    /// `None` while it goes on.
    pub to: Option<Timestamp>,
    pub length: SignedDuration,
    /// By when the next word was promised: as the update itself named it, else by the operator's interval.
    pub promised: Option<Promised>,
    /// How long after that the word came, or has not come; `None` where it was kept or nothing was promised. Whole minutes
    /// count: a word in the promised minute is kept.
    pub late: Option<SignedDuration>,
}

/// A promised next word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Promised {
    pub at: Timestamp,
    /// Named by the writer for this update; otherwise it follows from `[promise] next_update`.
    pub named: bool,
}

impl Response {
    pub fn longest_silence(&self) -> Option<&Gap> {
        self.gaps.get(self.longest?)
    }

    /// How many next words were promised whose time has come, and how many of them came late or have not come.
    pub fn kept(&self) -> Count {
        let due = self.gaps.iter().filter(|gap| gap.promised.is_some() && (gap.to.is_some() || gap.late.is_some()));
        let (mut of, mut late) = (0, 0);
        for gap in due {
            of += 1;
            late += u32::from(gap.late.is_some());
        }
        Count { n: late, of }
    }
}
