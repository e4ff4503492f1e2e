//! What is due next.

use jiff::Timestamp;

/// A moment at which the site changes by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Due {
    pub at: Timestamp,
    pub reason: DueReason,
    /// The incident (or, for a follow-up, the report) that it concerns, by index.
    pub index: usize,
}

/// Why.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DueReason {
    MaintenanceStarts,
    MaintenanceEnds,
    NextUpdate,
    FollowUp,
}
