//! How components are: the worst of what people say about them and what monitors say. No data makes nothing better or
//! worse.

use super::{ComponentFacts, IncidentFacts, Phase, watched};
use crate::model::{ComponentState, Incident, Kind, Site, Slug};

/// One for each component of the config. `newest_first` orders each component's history.
pub(super) fn components(
    site: &Site,
    incidents: &[IncidentFacts],
    newest_first: &[usize],
    now: jiff::Timestamp,
) -> Vec<ComponentFacts> {
    let config = &site.config;
    let mut watched = watched::watched(site, now).into_iter();
    let mut all: Vec<ComponentFacts> = config
        .components
        .iter()
        .map(|_| ComponentFacts {
            state: ComponentState::Operational,
            because: Vec::new(),
            history: Vec::new(),
            last_trouble_ended: None,
            watched: watched.next().flatten(),
            uptime: None,
        })
        .collect();
    for &index in newest_first {
        let (incident, facts) = (&site.incidents[index], &incidents[index]);
        if facts.phase == Phase::Upcoming || matches!(incident.kind, Kind::Info) {
            continue;
        }
        for (component, known) in config.components.iter().zip(&mut all) {
            if names(incident, facts, &component.id) {
                add(known, index, incident, facts, &component.id, config);
            }
        }
    }
    for known in &mut all {
        if let Some(watched) = &known.watched {
            known.state = known.state.max(watched.state);
        }
        let trouble = |&index: &usize| is_trouble(&site.incidents[index]);
        if known.because.iter().any(trouble) {
            known.last_trouble_ended = None;
        }
    }
    all
}

/// The worst state of any component, or of a disturbance that names none.
pub(super) fn overall(site: &Site, incidents: &[IncidentFacts], components: &[ComponentFacts]) -> ComponentState {
    let of_components = components.iter().map(|component| component.state);
    let of_unnamed = site
        .incidents
        .iter()
        .zip(incidents)
        .filter(|(incident, facts)| facts.phase == Phase::Ongoing && facts.states.is_empty() && is_trouble(incident))
        .map(|(incident, _)| incident.impact.state());
    of_components.chain(of_unnamed).max().unwrap_or(ComponentState::Operational)
}

/// How bad an open incident is now: the worst state it holds a component in, or its impact where it names none.
pub(super) fn severity(incident: &Incident, facts: &IncidentFacts) -> ComponentState {
    facts.states.iter().map(|(_, state)| *state).max().unwrap_or(incident.impact.state())
}

fn add(
    known: &mut ComponentFacts,
    index: usize,
    incident: &Incident,
    facts: &IncidentFacts,
    id: &Slug,
    config: &crate::model::Config,
) {
    known.history.push(index);
    if facts.phase == Phase::Ongoing {
        known.because.push(index);
        let holds = facts.states.iter().filter(|(other, _)| other == id).map(|(_, state)| *state);
        known.state = holds.fold(known.state, ComponentState::max);
    } else if is_trouble(incident)
        && let Some(ended) = facts.ended
    {
        let later = |before: super::Moment| before.timestamp(config) < ended.timestamp(config);
        if known.last_trouble_ended.is_none_or(later) {
            known.last_trouble_ended = Some(ended);
        }
    }
}

fn names(incident: &Incident, facts: &IncidentFacts, id: &Slug) -> bool {
    incident.components.contains(id) || facts.changes.iter().flatten().any(|(other, _)| other == id)
}

fn is_trouble(incident: &Incident) -> bool {
    matches!(incident.kind, Kind::Incident | Kind::Notice)
}
