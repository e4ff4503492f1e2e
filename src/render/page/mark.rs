//! A state as readers see it: a colour, a shape and a word, always together.

use serde::Serialize;

use super::pen::Pen;
use crate::derive::FollowUpState;
use crate::derive::uptime::BarClass;
use crate::model::{ComponentState, Impact, Incident, IncidentStatus, Kind, MaintenanceStatus, Stage};
use crate::render::Html;
use crate::render::i18n::T;

/// What a template prints as `<state>`, or [`Pen::printed`] for it.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Mark {
    /// The value of `data-state`, from which the style sheet takes the colour.
    pub state: &'static str,
    pub shape: &'static str,
    pub label: String,
}

/// The shapes of a theme, in the order in which a page's sprite lists them.
pub(super) const SHAPES: [&str; 13] = [
    "announcement",
    "degraded_performance",
    "detected",
    "due",
    "identified",
    "investigating",
    "major_outage",
    "monitoring",
    "no_data",
    "operational",
    "overdue",
    "partial_outage",
    "under_maintenance",
];

impl Pen<'_> {
    /// The mark as it is printed, for lists that have many.
    pub(super) fn printed(&self, mark: &Mark) -> Html {
        self.shared.theme.state(mark.state, mark.shape, &mark.label)
    }

    /// How a component is.
    pub(super) fn state(&self, state: ComponentState) -> Mark {
        self.mark(state.word(), state.word(), component_word(state))
    }

    /// How bad it is or was.
    pub(super) fn impact(&self, impact: Impact) -> Mark {
        let shape = match impact {
            Impact::None => "no_data",
            Impact::Minor | Impact::Major | Impact::Critical => impact.state().word(),
        };
        self.mark(impact.word(), shape, impact_word(impact))
    }

    /// The stage of an update, or where something stands.
    pub(super) fn stage(&self, stage: Stage, kind: &Kind) -> Mark {
        let word = stage_word(stage, kind);
        match stage {
            // No person says these words.
            Stage::Incident(IncidentStatus::Investigating | IncidentStatus::Identified) if *kind == Kind::Notice => {
                self.noticed()
            }
            Stage::Incident(status) => match status {
                IncidentStatus::Investigating | IncidentStatus::Identified | IncidentStatus::Monitoring => {
                    self.mark(status.word(), status.word(), word)
                }
                IncidentStatus::Resolved => self.mark("resolved", "operational", word),
            },
            Stage::Maintenance(status) => match status {
                MaintenanceStatus::Scheduled => self.mark("scheduled", "due", word),
                MaintenanceStatus::InProgress => self.mark("under_maintenance", "identified", word),
                MaintenanceStatus::Verifying => self.mark("under_maintenance", "monitoring", word),
                MaintenanceStatus::Completed => self.mark("completed", "operational", word),
                MaintenanceStatus::Cancelled => self.mark("none", "no_data", word),
            },
            Stage::Note => match kind {
                Kind::FalseAlarm => self.mark("none", "no_data", word),
                Kind::Info | Kind::Incident | Kind::Notice | Kind::Maintenance(_) => {
                    self.mark("none", "announcement", word)
                }
            },
        }
    }

    /// What something in the past was: its impact, or its kind.
    pub(super) fn kind(&self, incident: &Incident) -> Mark {
        match incident.kind {
            Kind::Incident => self.impact(incident.impact),
            Kind::Notice => self.unexplained(),
            Kind::Maintenance(_) => self.mark("under_maintenance", "under_maintenance", T::kind_maintenance),
            Kind::Info => self.mark("none", "announcement", T::kind_info),
            Kind::FalseAlarm => self.mark("none", "no_data", T::kind_false_alarm),
        }
    }

    /// What monitors saw, while nobody has confirmed it.
    pub(super) fn noticed(&self) -> Mark {
        self.mark("detected", "detected", T::noticed)
    }

    /// What monitors saw and nobody has written about, once it is over.
    pub(super) fn unexplained(&self) -> Mark {
        self.mark("detected", "detected", T::unexplained)
    }

    /// A check fails, not long enough to say more.
    pub(super) fn checking(&self) -> Mark {
        self.mark("detected", "detected", T::checking)
    }

    /// No monitor is heard of.
    pub(super) fn no_data(&self) -> Mark {
        self.mark("no_data", "no_data", T::no_data)
    }

    /// How a day was, in its own words.
    pub(super) fn day(&self, class: BarClass, label: String) -> Mark {
        let state = day_state(class);
        self.drawn(state);
        Mark { state, shape: state, label }
    }

    /// A report that is out.
    pub(super) fn published(&self, label: T) -> Mark {
        self.mark("done", "operational", label)
    }

    /// A promise that was not kept in time.
    pub(super) fn overdue(&self, label: String) -> Mark {
        self.drawn("overdue");
        Mark { state: "overdue", shape: "overdue", label }
    }

    /// How a promise stands.
    pub(super) fn follow_up(&self, state: FollowUpState, label: String) -> Mark {
        let (state, shape) = match state {
            FollowUpState::Overdue => ("overdue", "overdue"),
            FollowUpState::Due | FollowUpState::Open => ("due", "due"),
            FollowUpState::DoneLate(_) | FollowUpState::Done => ("done", "operational"),
            FollowUpState::Dropped => ("no_data", "no_data"),
        };
        self.drawn(shape);
        Mark { state, shape, label }
    }

    fn mark(&self, state: &'static str, shape: &'static str, label: T) -> Mark {
        self.drawn(shape);
        Mark { state, shape, label: self.word(label) }
    }
}

/// The value of `data-state` of a day, whose shape has the same name.
pub(super) fn day_state(class: BarClass) -> &'static str {
    match class {
        BarClass::None => "no_data",
        BarClass::Maintenance => ComponentState::UnderMaintenance.word(),
        BarClass::Ok => ComponentState::Operational.word(),
        BarClass::Minor => ComponentState::DegradedPerformance.word(),
        BarClass::Partial => ComponentState::PartialOutage.word(),
        BarClass::Major => ComponentState::MajorOutage.word(),
    }
}

pub(super) fn component_word(state: ComponentState) -> T {
    match state {
        ComponentState::Operational => T::state_operational,
        ComponentState::UnderMaintenance => T::state_under_maintenance,
        ComponentState::DegradedPerformance => T::state_degraded_performance,
        ComponentState::PartialOutage => T::state_partial_outage,
        ComponentState::MajorOutage => T::state_major_outage,
    }
}

pub(super) fn impact_word(impact: Impact) -> T {
    match impact {
        Impact::None => T::impact_none,
        Impact::Minor => T::impact_minor,
        Impact::Major => T::impact_major,
        Impact::Critical => T::impact_critical,
    }
}

pub(super) fn stage_word(stage: Stage, kind: &Kind) -> T {
    match stage {
        Stage::Incident(IncidentStatus::Investigating) => T::stage_investigating,
        Stage::Incident(IncidentStatus::Identified) => T::stage_identified,
        Stage::Incident(IncidentStatus::Monitoring) => T::stage_monitoring,
        Stage::Incident(IncidentStatus::Resolved) => T::stage_resolved,
        Stage::Maintenance(MaintenanceStatus::Scheduled) => T::stage_scheduled,
        Stage::Maintenance(MaintenanceStatus::InProgress) => T::stage_in_progress,
        Stage::Maintenance(MaintenanceStatus::Verifying) => T::stage_verifying,
        Stage::Maintenance(MaintenanceStatus::Completed) => T::stage_completed,
        Stage::Maintenance(MaintenanceStatus::Cancelled) => T::stage_cancelled,
        Stage::Note => match kind {
            Kind::Incident | Kind::Notice => T::kind_incident,
            Kind::Maintenance(_) => T::kind_maintenance,
            Kind::Info => T::kind_info,
            Kind::FalseAlarm => T::kind_false_alarm,
        },
    }
}
