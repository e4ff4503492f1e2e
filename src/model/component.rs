//! What readers know by name, and how it is.

use super::{Slug, Watch};

/// A part of the service that readers know by name, such as "IMAP".
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Component {
    pub id: Slug,
    pub name: String,
    /// One plain sentence on what it is for.
    pub description: Option<String>,
    /// The id of the [`Group`] that it stands in.
    pub group: Option<Slug>,
    /// Which monitors speak for it, and what becomes of what they say.
    pub watch: Watch,
}

/// Components that readers think of together, such as "Mail". Its id is unique among groups *and* components.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Group {
    pub id: Slug,
    pub name: String,
    pub description: Option<String>,
}

/// How a component is: Statuspage's five words, ordered from best to worst, so that the worst of several is `max`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ComponentState {
    Operational,
    UnderMaintenance,
    DegradedPerformance,
    PartialOutage,
    MajorOutage,
}

impl ComponentState {
    pub const ALL: [ComponentState; 5] = [
        ComponentState::Operational,
        ComponentState::UnderMaintenance,
        ComponentState::DegradedPerformance,
        ComponentState::PartialOutage,
        ComponentState::MajorOutage,
    ];

    /// The word in files, CSS, JSON and Statuspage's API: `degraded_performance` and so on.
    pub fn word(self) -> &'static str {
        match self {
            ComponentState::Operational => "operational",
            ComponentState::UnderMaintenance => "under_maintenance",
            ComponentState::DegradedPerformance => "degraded_performance",
            ComponentState::PartialOutage => "partial_outage",
            ComponentState::MajorOutage => "major_outage",
        }
    }
}
