//! Fingerprints of what outputs are made from: each incident and report is hashed once, on every core, however many
//! pages, feeds and lists depend on it.

use std::hash::{Hash, Hasher};

use rayon::prelude::*;

use super::links::may_name_files;
use super::output::Key;
use crate::derive::{Derived, IncidentFacts, Moment, Phase, RfoFacts};
use crate::model::{Incident, Markdown, PostedAt, Rfo, Site};

/// One fingerprint for each incident and report of a site.
pub(in crate::render) struct Keys {
    incidents: Vec<Of>,
    rfos: Vec<Of>,
}

/// What one incident or report contributes to the key of whatever shows it.
#[derive(Clone, Copy)]
struct Of {
    key: Key,
    /// Whether a link in its text may lead to another file, so that it depends on what other files there are.
    names_files: bool,
}

impl Keys {
    pub(in crate::render) fn of(site: &Site, derived: &Derived) -> Keys {
        let rfos: Vec<Of> =
            site.rfos.par_iter().zip(&derived.rfos).map(|(rfo, facts)| of_rfo(rfo, facts, site, derived)).collect();
        let incidents = site.incidents.par_iter().zip(&derived.incidents);
        let incidents = incidents.map(|(incident, facts)| of_incident(incident, facts, &rfos, site, derived)).collect();
        Keys { incidents, rfos }
    }

    /// Of an incident, all its facts, and its report.
    pub(in crate::render) fn incident(&self, index: usize) -> Option<Key> {
        self.incidents.get(index).map(|of| of.key)
    }

    /// Of a report and its facts, without the incident's.
    pub(in crate::render) fn rfo(&self, index: usize) -> Option<Key> {
        self.rfos.get(index).map(|of| of.key)
    }

    /// Whether a text of the incident or of its report may name another file.
    pub(in crate::render) fn incident_names_files(&self, index: usize) -> bool {
        self.incidents.get(index).is_none_or(|of| of.names_files)
    }

    /// Whether a text of the report may name another file.
    pub(in crate::render) fn rfo_names_files(&self, index: usize) -> bool {
        self.rfos.get(index).is_none_or(|of| of.names_files)
    }
}

/// A value that is hashed by a fingerprint of it which is known already.
pub(in crate::render) struct Keyed<T> {
    pub value: T,
    pub key: Option<Key>,
}

impl<T> Hash for Keyed<T> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.key.hash(state);
    }
}

fn of_rfo(rfo: &Rfo, facts: &RfoFacts, site: &Site, derived: &Derived) -> Of {
    let RfoFacts { incident: _, published, follow_ups } = facts;
    let day = (rfo.published == PostedAt::Unknown).then(|| today(site, derived));
    let texts = rfo.follow_ups.iter().map(|follow_up| &follow_up.what).chain([&rfo.body]);
    Of { key: Key::of(&(rfo, published, follow_ups, day)), names_files: texts.into_iter().any(names_files) }
}

/// Facts are named one by one, so that a new one must be thought of; the report counts by its own key and not by its
/// place in the site, which another report may move.
fn of_incident(incident: &Incident, facts: &IncidentFacts, rfos: &[Of], site: &Site, derived: &Derived) -> Of {
    let IncidentFacts {
        phase,
        stage,
        started,
        ended,
        changes,
        states,
        worst,
        rfo,
        next_update,
        updated,
        detections,
        measured,
        taken_over,
        response,
        owed,
        length,
    } = facts;
    let rfo = rfo.and_then(|rfo| rfos.get(rfo));
    let undated = incident.updates.iter().any(|update| update.posted == PostedAt::Unknown);
    let day = undated.then(|| today(site, derived));
    let facts = (
        phase,
        stage,
        started,
        ended,
        changes,
        states,
        worst,
        next_update,
        updated,
        detections.is_empty(),
        (measured, taken_over),
        // What is open is measured against the clock, and its page is made every time.
        ((*phase == Phase::Over).then_some((response, length)), owed),
    );
    let texts = [&incident.works, &incident.meanwhile, &incident.intro].into_iter().flatten();
    let mut texts = texts.chain(incident.updates.iter().map(|update| &update.body));
    Of {
        key: Key::of(&(incident, facts, rfo.map(|of| of.key), day)),
        names_files: texts.any(names_files) || rfo.is_some_and(|of| of.names_files),
    }
}

fn names_files(text: &Markdown) -> bool {
    !text.definitions.is_empty() || may_name_files(&text.text)
}

/// What nothing dates has the day of the build.
fn today(site: &Site, derived: &Derived) -> jiff::civil::Date {
    Moment::At(derived.now).day(&site.config)
}
