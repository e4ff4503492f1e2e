//! What is due next: the moment at which the site changes without anybody writing.

use jiff::civil::Date;
use jiff::{Timestamp, ToSpan as _};

use super::promises::Owed;
use super::{FollowUpState, IncidentFacts, Phase, RfoFacts, timeline};
use crate::model::{Config, Kind, Site};

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
    /// The report is owed by then.
    Rfo,
}

/// The nearest moment after `now`.
pub(super) fn next(site: &Site, incidents: &[IncidentFacts], rfos: &[RfoFacts], now: Timestamp) -> Option<Due> {
    let of_incidents =
        incidents.iter().enumerate().flat_map(|(index, facts)| incident_dues(site, index, facts)).flatten();
    let of_reports = rfos.iter().enumerate().flat_map(|(index, facts)| follow_up_dues(site, index, facts));
    of_incidents.chain(of_reports).filter(|due| due.at > now).min()
}

fn incident_dues(site: &Site, index: usize, facts: &IncidentFacts) -> [Option<Due>; 4] {
    let incident = &site.incidents[index];
    let due = |reason: DueReason| move |at: Timestamp| Due { at, reason, index };
    let starts = match incident.kind {
        Kind::Maintenance(window) if facts.phase == Phase::Upcoming => window.starts,
        Kind::Maintenance(_) | Kind::Incident | Kind::Notice | Kind::Info | Kind::FalseAlarm => None,
    };
    let rfo = match facts.owed {
        Owed::Due(day) => Some(day),
        Owed::No | Owed::Waived(_) | Owed::Running | Owed::Overdue(_) | Owed::Published { .. } => None,
    };
    let ends = (facts.phase != Phase::Over).then(|| timeline::planned_end(incident)).flatten();
    [
        starts.map(due(DueReason::MaintenanceStarts)),
        ends.map(due(DueReason::MaintenanceEnds)),
        facts.next_update.map(|next| next.at).map(due(DueReason::NextUpdate)),
        rfo.and_then(|day| end_of(day, &site.config)).map(due(DueReason::Rfo)),
    ]
}

/// A promise becomes overdue when its day is over.
fn follow_up_dues(site: &Site, index: usize, facts: &RfoFacts) -> impl Iterator<Item = Due> {
    let follow_ups = site.rfos[index].follow_ups.iter().zip(&facts.follow_ups);
    follow_ups.filter(|(_, state)| **state == FollowUpState::Due).filter_map(move |(follow_up, _)| {
        let at = end_of(follow_up.due?, &site.config)?;
        Some(Due { at, reason: DueReason::FollowUp, index })
    })
}

fn end_of(day: Date, config: &Config) -> Option<Timestamp> {
    let next = day.checked_add(1.day()).ok()?;
    Some(next.to_zoned_datetime(config.zone.tz.clone()).ok()?.timestamp())
}
