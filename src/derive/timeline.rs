//! One incident at one moment: which stage it is in, since when, and what it does to its components.

use jiff::Timestamp;

use super::promises::Owed;
use super::{IncidentFacts, Moment, NextUpdate, Phase};
use crate::model::{ComponentState, Config, Incident, IncidentStatus, Kind, MaintenanceStatus, Slug, Stage, Window};

/// All that holds of `incident` at `now`, without its report.
pub(super) fn facts(incident: &Incident, now: Timestamp, config: &Config) -> IncidentFacts {
    let moment = |index: usize| {
        incident.updates.get(index).map_or(Moment::At(now), |update| Moment::of(update.posted, now, config))
    };
    let last = incident.updates.len().saturating_sub(1);
    let life = match &incident.kind {
        Kind::Incident | Kind::Notice => disturbance(incident, moment),
        Kind::Maintenance(window) => maintenance(incident, *window, now, moment, config),
        Kind::Info => Life { phase: Phase::Over, stage: Stage::Note, started: moment(0), ended: None },
        Kind::FalseAlarm => {
            Life { phase: Phase::Over, stage: Stage::Note, started: moment(0), ended: Some(moment(last)) }
        }
    };
    let (changes, end_states, worst) = states(incident);
    IncidentFacts {
        states: states_now(incident, &life, end_states),
        phase: life.phase,
        stage: life.stage,
        started: incident.started.map_or(life.started, Moment::At),
        ended: life.ended,
        changes,
        worst,
        rfo: None,
        next_update: next_update(incident, life.phase, moment(last).timestamp(config), now),
        updated: moment(last),
        detections: Vec::new(),
        measured: None,
        taken_over: Vec::new(),
        response: None,
        owed: Owed::No,
        length: None,
    }
}

/// When planned work was to end.
pub(super) fn planned_end(incident: &Incident) -> Option<Timestamp> {
    match incident.kind {
        Kind::Maintenance(window) => window.ends,
        Kind::Incident | Kind::Notice | Kind::Info | Kind::FalseAlarm => None,
    }
}

struct Life {
    phase: Phase,
    stage: Stage,
    started: Moment,
    ended: Option<Moment>,
}

/// A disturbance is open until its last update says resolved; it ended with the first of the resolved updates at its
/// end, for people go on writing under that heading.
fn disturbance(incident: &Incident, moment: impl Fn(usize) -> Moment) -> Life {
    let updates = &incident.updates;
    let stage = updates.last().map_or(Stage::Incident(IncidentStatus::Investigating), |update| update.stage);
    let ended = updates.iter().rev().take_while(|update| update.stage.is_end()).count();
    let ended = (ended > 0).then(|| moment(updates.len() - ended));
    let phase = if ended.is_some() { Phase::Over } else { Phase::Ongoing };
    Life { phase, stage, started: moment(0), ended }
}

/// Planned work begins and ends by the clock, unless a person says otherwise: that it is done or called off, that it
/// began early, or, once its end has passed, that it still goes on.
fn maintenance(
    incident: &Incident,
    window: Window,
    now: Timestamp,
    moment: impl Fn(usize) -> Moment,
    config: &Config,
) -> Life {
    use MaintenanceStatus::{Cancelled, Completed, InProgress, Scheduled, Verifying};

    let status_of = |stage: Stage| match stage {
        Stage::Maintenance(status) => status,
        Stage::Incident(_) | Stage::Note => Scheduled,
    };
    let first_with = |wanted: MaintenanceStatus| {
        incident.updates.iter().position(|update| status_of(update.stage) == wanted).map(&moment)
    };
    let last = incident.updates.len().saturating_sub(1);
    let said = incident.updates.last().map_or(Scheduled, |update| status_of(update.stage));
    let said_after_end = window.ends.is_some_and(|ends| moment(last).timestamp(config) >= ends);
    let begun = window.starts.is_some_and(|starts| starts <= now);
    let run_out = window.ends.is_some_and(|ends| ends <= now);
    let status = match said {
        Completed | Cancelled => said,
        InProgress | Verifying if said_after_end => said,
        Scheduled | InProgress | Verifying if run_out => Completed,
        InProgress | Verifying => said,
        Scheduled if begun => InProgress,
        Scheduled => Scheduled,
    };

    let planned_start = window.starts.map(Moment::At);
    let began = first_with(InProgress).or(planned_start).unwrap_or_else(|| moment(0));
    let (phase, ended) = match status {
        Scheduled => (Phase::Upcoming, None),
        InProgress | Verifying => (Phase::Ongoing, None),
        Completed => (Phase::Over, first_with(Completed).or(window.ends.map(Moment::At))),
        Cancelled => (Phase::Over, first_with(Cancelled)),
    };
    // Work that was done or called off before its time is filed under the day that happened.
    let started = match ended {
        Some(ended) if ended.timestamp(config) < began.timestamp(config) => ended,
        _ => began,
    };
    Life { phase, stage: Stage::Maintenance(status), started, ended }
}

type States = Vec<(Slug, ComponentState)>;

/// The changes that each update brought, the states after the last one, and the worst of all.
///
/// A disturbance puts its components in the state of its impact, planned work under maintenance; heading attributes say
/// otherwise, for any component; the end returns all to operational, and an incident that opens again begins anew.
fn states(incident: &Incident) -> (Vec<States>, States, ComponentState) {
    let base = base_state(incident);
    let mut current: States = Vec::new();
    let mut worst = ComponentState::Operational;
    let mut in_force = false;
    let mut changes = Vec::with_capacity(incident.updates.len());
    for update in &incident.updates {
        let mut next = current.clone();
        let takes_effect = match update.stage {
            Stage::Maintenance(status) => status > MaintenanceStatus::Scheduled,
            Stage::Incident(_) | Stage::Note => true,
        };
        if update.stage.is_end() {
            next.iter_mut().for_each(|(_, state)| *state = ComponentState::Operational);
            in_force = false;
        } else if takes_effect && !in_force {
            incident.components.iter().for_each(|id| set(&mut next, id, base));
            in_force = true;
        }
        update.states.iter().for_each(|(id, state)| set(&mut next, id, *state));
        worst = next.iter().map(|(_, state)| *state).fold(worst, ComponentState::max);
        let unchanged = |(id, state): &(Slug, ComponentState)| {
            let before = current.iter().find(|(other, _)| other == id).map(|(_, state)| *state);
            before.unwrap_or(ComponentState::Operational) == *state
        };
        changes.push(next.iter().filter(|change| !unchanged(change)).cloned().collect());
        current = next;
    }
    if incident.components.is_empty() && matches!(incident.kind, Kind::Incident) {
        worst = worst.max(base);
    }
    (changes, current, worst)
}

fn base_state(incident: &Incident) -> ComponentState {
    match incident.kind {
        Kind::Incident | Kind::Notice => incident.impact.state(),
        Kind::Maintenance(_) => ComponentState::UnderMaintenance,
        Kind::Info | Kind::FalseAlarm => ComponentState::Operational,
    }
}

fn set(states: &mut States, id: &Slug, state: ComponentState) {
    match states.iter_mut().find(|(other, _)| other == id) {
        Some((_, current)) => *current = state,
        None => states.push((id.clone(), state)),
    }
}

/// What it does to components now. Planned work that the clock began holds its components without any word from a person.
fn states_now(incident: &Incident, life: &Life, mut states: States) -> States {
    if life.phase != Phase::Ongoing {
        return Vec::new();
    }
    if matches!(incident.kind, Kind::Maintenance(_)) {
        for id in &incident.components {
            if !states.iter().any(|(other, _)| other == id) {
                states.push((id.clone(), ComponentState::UnderMaintenance));
            }
        }
    }
    states
}

/// A promise holds while the incident is under way, until somebody has written at or after the time it names.
fn next_update(incident: &Incident, phase: Phase, updated: Timestamp, now: Timestamp) -> Option<NextUpdate> {
    let at = incident.next_update?;
    (phase == Phase::Ongoing && updated < at).then_some(NextUpdate { at, overdue: at < now })
}
