//! Incidents and scheduled maintenance in Statuspage's shape: two names for nearly one.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::Serialize;

use super::{Api, ApiComponent, component_id, id, millis};
use crate::derive::{IncidentFacts, Moment};
use crate::model::{
    Component, ComponentState, Incident, IncidentStatus, Kind, MaintenanceStatus, PostedAt, Slug, Stage,
};
use crate::render::feed::clean;
use crate::render::machine::Source;
use crate::render::markdown;

#[derive(Serialize)]
pub(super) struct ApiIncident {
    id: String,
    name: String,
    status: &'static str,
    created_at: String,
    updated_at: String,
    monitoring_at: Option<String>,
    resolved_at: Option<String>,
    impact: &'static str,
    shortlink: String,
    started_at: String,
    page_id: String,
    /// Newest first.
    incident_updates: Vec<ApiUpdate>,
    components: Vec<ApiComponent>,
    #[serde(skip_serializing_if = "Option::is_none")]
    scheduled_for: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    scheduled_until: Option<String>,
}

#[derive(Serialize)]
struct ApiUpdate {
    id: String,
    status: &'static str,
    body: String,
    incident_id: String,
    created_at: String,
    updated_at: String,
    display_at: String,
    affected_components: Option<Vec<Affected>>,
    deliver_notifications: bool,
    custom_tweet: Option<String>,
    tweet_id: Option<u64>,
}

#[derive(Serialize)]
struct Affected {
    code: String,
    name: String,
    old_status: &'static str,
    new_status: &'static str,
}

/// Those incidents, in that order.
pub(super) fn entries(api: &Api<'_>, indexes: &[usize]) -> Vec<ApiIncident> {
    let Source { site, derived, .. } = api.source;
    let both = |&index: &usize| site.incidents.get(index).zip(derived.incidents.get(index));
    indexes.iter().filter_map(both).map(|(incident, facts)| entry(api, incident, facts)).collect()
}

/// When its first update was posted.
pub(super) fn created(source: Source<'_>, index: usize) -> Timestamp {
    let first = source.site.incidents.get(index).and_then(|incident| incident.updates.first());
    first.map_or(Timestamp::MIN, |update| posted(source, update.posted))
}

fn entry(api: &Api<'_>, incident: &Incident, facts: &IncidentFacts) -> ApiIncident {
    let source = api.source;
    let config = &source.site.config;
    let own_id = id("incident", incident.first_slug().as_str());
    let at = |moment: Moment| millis(moment.timestamp(config));
    let first = incident.updates.first().map_or(facts.started.timestamp(config), |first| posted(source, first.posted));
    let monitoring = Stage::Incident(IncidentStatus::Monitoring);
    let monitoring = incident.updates.iter().find(|update| update.stage == monitoring);
    let components = config.components.iter().zip(&api.components);
    let components = components.filter(|(component, _)| incident.components.contains(&component.id));
    let (impact, scheduled_for, scheduled_until) = match incident.kind {
        Kind::Maintenance(window) => {
            let starts = window.starts.unwrap_or_else(|| facts.started.timestamp(config));
            // A client expects a time; an end that nobody named is told as no length at all.
            ("maintenance", Some(millis(starts)), Some(millis(window.ends.unwrap_or(starts))))
        }
        Kind::Incident | Kind::Notice => (incident.impact.word(), None, None),
        Kind::Info | Kind::FalseAlarm => ("none", None, None),
    };
    let status = status(facts.stage);
    let reported = facts.rfo.is_some() && status == "resolved";
    ApiIncident {
        name: clean(&incident.title),
        status: if reported { "postmortem" } else { status },
        created_at: millis(first),
        updated_at: at(facts.updated),
        monitoring_at: monitoring.map(|update| millis(posted(source, update.posted))),
        resolved_at: facts.ended.map(at),
        impact,
        shortlink: source.url(&format!("incidents/{}/", incident.slug)),
        started_at: at(facts.started),
        page_id: api.page_id.clone(),
        incident_updates: updates(source, incident, facts, &own_id, reported),
        components: components.map(|(_, made)| made.clone()).collect(),
        scheduled_for,
        scheduled_until,
        id: own_id,
    }
}

fn updates(
    source: Source<'_>,
    incident: &Incident,
    facts: &IncidentFacts,
    incident_id: &str,
    reported: bool,
) -> Vec<ApiUpdate> {
    let make = |name: &str, status: &'static str, body: String, at: Timestamp, affected| ApiUpdate {
        id: id("update", &format!("{}/{name}", incident.first_slug())),
        status,
        // As recorded.
        body: body.replace('\n', "\r\n"),
        incident_id: incident_id.to_owned(),
        created_at: millis(at),
        updated_at: millis(at),
        display_at: millis(at),
        affected_components: affected,
        deliver_notifications: true,
        custom_tweet: None,
        tweet_id: None,
    };
    let mut states = BTreeMap::new();
    let mut list = Vec::new();
    let nothing = Vec::new();
    for (at, update) in incident.updates.iter().enumerate() {
        let affected = affected(source, incident, facts.changes.get(at).unwrap_or(&nothing), &mut states);
        let body = markdown::plain(&update.body);
        list.push(make(&update.id, status(update.stage), body, posted(source, update.posted), affected));
    }
    let report = facts.rfo.filter(|_| reported).and_then(|rfo| source.site.rfos.get(rfo));
    if let Some(rfo) = report {
        let body = markdown::plain(&rfo.body);
        list.push(make("postmortem", "postmortem", body, posted(source, rfo.published), None));
    }
    list.reverse();
    list
}

/// Each component of the incident, with its state before and after an update.
fn affected<'a>(
    source: Source<'a>,
    incident: &'a Incident,
    changes: &'a [(Slug, ComponentState)],
    states: &mut BTreeMap<&'a Slug, ComponentState>,
) -> Option<Vec<Affected>> {
    let components = source.site.config.components.iter().filter(|c| incident.components.contains(&c.id));
    let list: Vec<_> = components
        .map(|component| {
            let old = states.get(&component.id).copied().unwrap_or(ComponentState::Operational);
            let new = changes.iter().find(|(id, _)| *id == component.id).map_or(old, |&(_, state)| state);
            states.insert(&component.id, new);
            Affected {
                code: component_id(component),
                name: full_name(source, component),
                old_status: old.word(),
                new_status: new.word(),
            }
        })
        .collect();
    (!list.is_empty()).then_some(list)
}

fn full_name(source: Source<'_>, component: &Component) -> String {
    match component.group.as_ref().and_then(|id| source.site.config.group(id)) {
        Some(group) => clean(&format!("{} - {}", group.name, component.name)),
        None => clean(&component.name),
    }
}

fn posted(source: Source<'_>, posted: PostedAt) -> Timestamp {
    let config = &source.site.config;
    Moment::of(posted, source.derived.now, config).timestamp(config)
}

/// Statuspage's word. It has none for work that was called off, and none for what has no stages.
fn status(stage: Stage) -> &'static str {
    match stage {
        Stage::Incident(status) => status.word(),
        Stage::Maintenance(MaintenanceStatus::Cancelled) => MaintenanceStatus::Completed.word(),
        Stage::Maintenance(status) => status.word(),
        Stage::Note => IncidentStatus::Resolved.word(),
    }
}
