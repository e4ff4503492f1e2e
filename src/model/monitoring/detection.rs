//! Outages that results add up to.

use jiff::Timestamp;

use super::MonitorRef;
use crate::model::{ComponentState, Slug};

/// An outage as monitors saw it: what a notice tells, until an incident covers it.
///
/// A detection that the ledger (`history/notices.ndjson`) holds is never computed again, only gone on with and corrected
/// openly; see [`crate::derive::observe`].
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Detection {
    /// `<UTC yyyy-mm-dd-hhmm of the start>-<component or group>`, minted once; the slug of its notice.
    pub id: Slug,
    /// In the config's order.
    pub components: Vec<Slug>,
    /// The worst that it was.
    pub kind: DetectionKind,
    /// The first failing result.
    pub start: Timestamp,
    /// When the results up to then were enough to say so.
    pub detected: Timestamp,
    /// What was measured: one for each stretch in which a monitor was out, by start, then monitor.
    pub outages: Vec<Outage>,
    /// From how many of how many places it failed at its worst.
    pub places: Places,
    /// When good results in a row said that it may be over; `None` while they don't.
    pub recovering: Option<Timestamp>,
    /// The first good result after the last failing one, once nothing failed for the hold; `None` while it is open.
    pub end: Option<Timestamp>,
    /// When it was taken to be over: end and hold.
    pub closed: Option<Timestamp>,
    /// Each time it opened, the first included.
    pub openings: Vec<Timestamp>,
    /// It came and went so often that it is told as "intermittent".
    pub unstable: bool,
    /// When its notice was first published.
    pub published: Option<Timestamp>,
    /// Why it has no notice of its own.
    pub held_back: Option<HeldBack>,
    /// The first slug of the incident that covers it, once one does; pinned.
    pub covered_by: Option<Slug>,
    /// The covering file withdraws it: it was a false alarm.
    pub withdrawn: bool,
    /// `detect_after`, hold and places that it was decided with: "180 s, 2 places, hold 900 s".
    pub thresholds: String,
    /// Its place in the order of corrections: each line of the ledger about it has a greater one.
    pub revision: u32,
}

impl Detection {
    /// Whether it goes on, as far as the monitors know.
    pub fn is_open(&self) -> bool {
        self.closed.is_none()
    }
}

/// How bad, ordered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DetectionKind {
    /// It answers, but slowly or not as it should.
    Degraded,
    /// Part of the checks fails.
    Partial,
    Down,
}

impl DetectionKind {
    pub const ALL: [DetectionKind; 3] = [DetectionKind::Degraded, DetectionKind::Partial, DetectionKind::Down];

    /// The word in the ledger and in data.
    pub fn word(self) -> &'static str {
        match self {
            DetectionKind::Degraded => "degraded",
            DetectionKind::Partial => "partial",
            DetectionKind::Down => "down",
        }
    }

    /// The state that it puts its components in.
    pub fn state(self) -> ComponentState {
        match self {
            DetectionKind::Degraded => ComponentState::DegradedPerformance,
            DetectionKind::Partial => ComponentState::PartialOutage,
            DetectionKind::Down => ComponentState::MajorOutage,
        }
    }
}

/// A stretch in which one monitor was out.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Outage {
    /// The first failing result.
    pub start: Timestamp,
    /// The first good result after the last failing one; `None` while it goes on.
    pub end: Option<Timestamp>,
    pub monitor: MonitorRef,
    pub kind: DetectionKind,
    /// Failing results among all of the stretch.
    pub fails: u32,
    pub results: u32,
}

/// From how many places it failed, of how many that were heard of meanwhile. Nothing is known where `of` is 0.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Places {
    pub failing: u16,
    pub of: u16,
}

/// Why a detection has no notice.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum HeldBack {
    /// Announced maintenance: the slug of the post.
    Maintenance(Slug),
    /// People had written already: the slug of the incident.
    Incident(Slug),
    /// What it depends on is out: the id of that detection.
    Parent(Slug),
    /// The source itself has trouble: the id of the feed.
    SuspectSource(Slug),
    /// More of them a day than are told one by one.
    TooMany,
    /// `notices = "draft"`: a draft was written.
    Draft,
    /// `notices = "off"`.
    Off,
}
