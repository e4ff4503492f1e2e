//! The sentence at the top of a Statuspage, in its own words
//! (<https://support.atlassian.com/statuspage/docs/top-level-status-and-incident-impact-calculations/>).

use serde::Serialize;

use crate::derive::Derived;
use crate::model::ComponentState;

/// How it is altogether.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(in crate::render) struct Indicator {
    /// `none`, `minor`, `major`, `critical` or `maintenance`.
    pub indicator: &'static str,
    pub description: &'static str,
}

/// The worst of the components decides, and whether all are so. Trouble that names no component counts as one more of them.
pub(in crate::render) fn indicator(derived: &Derived) -> Indicator {
    let mut states: Vec<_> = derived.components.iter().map(|facts| facts.state).collect();
    let worst = states.iter().copied().max().unwrap_or(ComponentState::Operational);
    if derived.overall > worst {
        states.push(derived.overall);
    }
    of(&states)
}

fn of(states: &[ComponentState]) -> Indicator {
    let worst = states.iter().copied().max().unwrap_or(ComponentState::Operational);
    let all = states.iter().all(|&state| state == worst);
    let (indicator, description) = match (worst, all) {
        (ComponentState::MajorOutage, true) => ("critical", "Major System Outage"),
        (ComponentState::MajorOutage, false) => ("major", "Partial System Outage"),
        (ComponentState::PartialOutage, true) => ("major", "Partial System Outage"),
        (ComponentState::PartialOutage, false) => ("minor", "Minor Service Outage"),
        (ComponentState::DegradedPerformance, true) => ("minor", "Degraded System Service"),
        (ComponentState::DegradedPerformance, false) => ("minor", "Partially Degraded Service"),
        (ComponentState::UnderMaintenance, _) => ("maintenance", "Service Under Maintenance"),
        (ComponentState::Operational, _) => ("none", "All Systems Operational"),
    };
    Indicator { indicator, description }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ComponentState::{DegradedPerformance, MajorOutage, Operational, PartialOutage, UnderMaintenance};

    #[track_caller]
    fn check(states: &[ComponentState], indicator: &str, description: &str) {
        let found = of(states);
        assert_eq!((found.indicator, found.description), (indicator, description), "{states:?}");
    }

    #[test]
    fn the_sentence_follows_statuspages_table() {
        check(&[], "none", "All Systems Operational");
        check(&[Operational, Operational], "none", "All Systems Operational");
        check(&[MajorOutage, MajorOutage], "critical", "Major System Outage");
        check(&[MajorOutage, Operational], "major", "Partial System Outage");
        check(&[PartialOutage, PartialOutage], "major", "Partial System Outage");
        check(&[PartialOutage, DegradedPerformance], "minor", "Minor Service Outage");
        check(&[DegradedPerformance, DegradedPerformance], "minor", "Degraded System Service");
        check(&[DegradedPerformance, Operational], "minor", "Partially Degraded Service");
        check(&[UnderMaintenance, Operational], "maintenance", "Service Under Maintenance");
    }
}
