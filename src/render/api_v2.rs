//! Atlassian Statuspage's public API v2, as files: `/api/v2/*.json`.
//!
//! Every Statuspage documents it at `<page>/api` (for example <https://status.atlassian.com/api>); the order of keys
//! follows recorded answers. Clients know closed lists of words, so what Statuspage lacks is told in its nearest word:
//! called-off work is `completed`, an announcement and a withdrawn alarm are `resolved` without impact. Not here: subscribers (a
//! POST), metrics, and pages of history by query string.

mod entry;
mod status;

use std::cmp::Reverse;
use std::collections::BTreeSet;

use jiff::Timestamp;
use serde::Serialize;

use super::feed::clean;
use super::json_feed::json;
use super::machine::{Source, rfc3339, text};
use super::output::{Class, Output};
use crate::derive::Phase;
use crate::model::{Component, ComponentState, Group, Incident, Kind};

pub(in crate::render) use status::indicator;

/// The most incidents of a list.
const INCIDENTS_MAX: usize = 50;

/// All files of the API that can be files.
pub(in crate::render) fn outputs<'a>(source: Source<'a>) -> Vec<Output<'a>> {
    let file = |name: &str, make: fn(&Api<'_>) -> String| {
        text(format!("api/v2/{name}.json"), Class::Index, None, move || make(&Api::new(source)))
    };
    [
        file("summary", |api| json(&summary(api))),
        file("status", |api| json(&Status { page: page(api), status: indicator(api.source.derived) })),
        file("components", |api| json(&Components { page: page(api), components: components(api) })),
        file("incidents", |api| incidents(api, &api.newest(false))),
        file("incidents/unresolved", |api| incidents(api, &api.source.derived.open)),
        file("scheduled-maintenances", |api| maintenance(api, &api.newest(true))),
        file("scheduled-maintenances/upcoming", |api| maintenance(api, &api.source.derived.maintenance_upcoming)),
        file("scheduled-maintenances/active", |api| maintenance(api, &api.source.derived.maintenance_active)),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// The body that Statuspage posts to webhooks when there is an update
/// (<https://support.atlassian.com/statuspage/docs/enable-webhook-notifications>): the page's indicator, and the incident whole.
pub(in crate::render) fn webhook(source: Source<'_>, incident: usize, at: Timestamp) -> serde_json::Value {
    let api = Api::new(source);
    let status = serde_json::to_value(indicator(source.derived)).unwrap_or_default();
    let mut entry = match entry::entries(&api, &[incident]).into_iter().next().map(serde_json::to_value) {
        Some(Ok(serde_json::Value::Object(entry))) => entry,
        Some(_) | None => return serde_json::Value::Null,
    };
    // What its documentation shows besides and a client may look for.
    for key in ["impact_override", "postmortem_body", "postmortem_body_last_updated_at", "postmortem_published_at"] {
        entry.insert(key.to_owned(), serde_json::Value::Null);
    }
    for key in ["backfilled", "postmortem_ignored", "postmortem_notified_subscribers", "postmortem_notified_twitter"] {
        entry.insert(key.to_owned(), false.into());
    }
    serde_json::json!({
        "meta": {
            "unsubscribe": source.url("subscribe/"),
            "documentation": "https://support.atlassian.com/statuspage/docs/enable-webhook-notifications",
            "generated_at": millis(at),
        },
        "page": {
            "id": api.page_id,
            "status_indicator": status["indicator"],
            "status_description": status["description"],
        },
        "incident": entry,
    })
}

#[derive(Serialize)]
struct Page {
    id: String,
    name: String,
    url: String,
    time_zone: String,
    updated_at: String,
}

#[derive(Serialize)]
struct Status {
    page: Page,
    status: status::Indicator,
}

#[derive(Serialize)]
struct Components {
    page: Page,
    components: Vec<ApiComponent>,
}

#[derive(Serialize)]
struct Summary {
    page: Page,
    components: Vec<ApiComponent>,
    incidents: Vec<entry::ApiIncident>,
    scheduled_maintenances: Vec<entry::ApiIncident>,
    status: status::Indicator,
}

/// A component, or a group of them.
#[derive(Clone, Serialize)]
struct ApiComponent {
    id: String,
    name: String,
    status: &'static str,
    created_at: String,
    updated_at: String,
    position: usize,
    description: Option<String>,
    showcase: bool,
    start_date: Option<String>,
    group_id: Option<String>,
    page_id: String,
    group: bool,
    only_show_if_degraded: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    components: Option<Vec<String>>,
}

/// What the parts of one file share, worked out once.
struct Api<'a> {
    source: Source<'a>,
    page_id: String,
    /// In the order of the config.
    components: Vec<ApiComponent>,
}

impl<'a> Api<'a> {
    fn new(source: Source<'a>) -> Api<'a> {
        let mut api = Api { source, page_id: id("page", source.site.config.url.as_str()), components: Vec::new() };
        let first = millis(first_word(source));
        let config = &source.site.config;
        for (at, component) in config.components.iter().enumerate() {
            let before = config.components.get(..at).unwrap_or_default();
            let position = match component.group.as_ref() {
                Some(group) => before.iter().filter(|other| other.group.as_ref() == Some(group)).count(),
                None => top_level(before),
            };
            let made = one(&api, at, position + 1, &first);
            api.components.extend(made);
        }
        api
    }

    /// The newest incidents, or the newest maintenance.
    fn newest(&self, maintenance: bool) -> Vec<usize> {
        let is_wanted = |incident: &Incident| matches!(incident.kind, Kind::Maintenance(_)) == maintenance;
        let all = self.source.site.incidents.iter().enumerate();
        let mut newest: Vec<_> = all.filter(|(_, incident)| is_wanted(incident)).map(|(index, _)| index).collect();
        newest.sort_by_cached_key(|&index| (Reverse(entry::created(self.source, index)), index));
        newest.truncate(INCIDENTS_MAX);
        newest
    }
}

fn summary(api: &Api<'_>) -> Summary {
    let derived = api.source.derived;
    let planned = [&derived.maintenance_upcoming[..], &derived.maintenance_active].concat();
    Summary {
        page: page(api),
        components: components(api),
        incidents: entry::entries(api, &derived.open),
        scheduled_maintenances: entry::entries(api, &planned),
        status: indicator(derived),
    }
}

fn incidents(api: &Api<'_>, indexes: &[usize]) -> String {
    #[derive(Serialize)]
    struct Incidents {
        page: Page,
        incidents: Vec<entry::ApiIncident>,
    }
    json(&Incidents { page: page(api), incidents: entry::entries(api, indexes) })
}

fn maintenance(api: &Api<'_>, indexes: &[usize]) -> String {
    #[derive(Serialize)]
    struct Maintenances {
        page: Page,
        scheduled_maintenances: Vec<entry::ApiIncident>,
    }
    json(&Maintenances { page: page(api), scheduled_maintenances: entry::entries(api, indexes) })
}

fn page(api: &Api<'_>) -> Page {
    let config = &api.source.site.config;
    Page {
        id: api.page_id.clone(),
        name: clean(&config.title),
        url: config.url.to_string(),
        time_zone: config.zone.name.clone(),
        updated_at: millis(changed(api.source)),
    }
}

/// When something on the page last changed, not when it was built: an update, a report, or planned work that began or ended.
fn changed(source: Source<'_>) -> Timestamp {
    let Source { site, derived, .. } = source;
    let updates = derived.incidents.iter().map(|facts| facts.updated.timestamp(&site.config));
    let reports = derived.rfos.iter().map(|facts| facts.published.timestamp(&site.config));
    let by_clock = site.incidents.iter().zip(&derived.incidents).filter_map(|(incident, facts)| match incident.kind {
        Kind::Maintenance(window) => match facts.phase {
            Phase::Upcoming => None,
            Phase::Ongoing => window.starts,
            Phase::Over => window.ends,
        },
        Kind::Incident | Kind::Notice | Kind::Info | Kind::FalseAlarm => None,
    });
    let past = updates.chain(reports).chain(by_clock).filter(|&at| at <= derived.now);
    past.max().unwrap_or(Timestamp::UNIX_EPOCH)
}

/// The oldest post: nothing says when a component was first listed, but it was hardly later.
fn first_word(source: Source<'_>) -> Timestamp {
    let created = (0..source.site.incidents.len()).map(|index| entry::created(source, index));
    created.min().unwrap_or(Timestamp::UNIX_EPOCH)
}

/// Groups stand before their components, and hold their ids, as in recorded answers.
fn components(api: &Api<'_>) -> Vec<ApiComponent> {
    let config = &api.source.site.config;
    let mut list: Vec<ApiComponent> = Vec::new();
    for (at, (component, made)) in config.components.iter().zip(&api.components).enumerate() {
        let before = config.components.get(..at).unwrap_or_default();
        match component.group.as_ref().and_then(|id| config.group(id)) {
            None => list.push(made.clone()),
            Some(group) if before.iter().any(|other| other.group.as_ref() == Some(&group.id)) => {}
            Some(group) => list.extend(with_group(api, group, made, top_level(before) + 1)),
        }
    }
    list
}

/// The group, and then its components. `first` is the first of them.
fn with_group(api: &Api<'_>, group: &Group, first: &ApiComponent, position: usize) -> Vec<ApiComponent> {
    let Source { site, derived, .. } = api.source;
    let is_member = |component: &Component| component.group.as_ref() == Some(&group.id);
    let all = site.config.components.iter().zip(&derived.components).zip(&api.components);
    let members: Vec<_> = all.filter(|((component, _), _)| is_member(component)).collect();
    let worst = members.iter().map(|((_, facts), _)| facts.state).max().unwrap_or(ComponentState::Operational);
    let updated = members.iter().map(|(_, made)| &made.updated_at).max().unwrap_or(&first.updated_at);
    let whole = ApiComponent {
        id: id("component", group.id.as_str()),
        name: clean(&group.name),
        status: worst.word(),
        updated_at: updated.clone(),
        position,
        description: group.description.as_deref().map(clean),
        group_id: None,
        group: true,
        components: Some(members.iter().map(|(_, made)| made.id.clone()).collect()),
        ..first.clone()
    };
    [whole].into_iter().chain(members.into_iter().map(|(_, made)| made.clone())).collect()
}

/// How many stand on the page's first level: components without a group, and groups.
fn top_level(components: &[Component]) -> usize {
    let alone = components.iter().filter(|component| component.group.is_none()).count();
    let groups: BTreeSet<_> = components.iter().filter_map(|component| component.group.as_ref()).collect();
    alone + groups.len()
}

/// The component at that place of the config, as the `position`th on its level.
fn one(api: &Api<'_>, at: usize, position: usize, first: &str) -> Option<ApiComponent> {
    let Source { site, derived, .. } = api.source;
    let component = site.config.components.get(at)?;
    let facts = derived.components.get(at)?;
    let touched = facts.history.iter().filter_map(|&index| derived.incidents.get(index));
    let touched = touched.map(|facts| facts.updated.timestamp(&site.config)).max();
    Some(ApiComponent {
        id: component_id(component),
        name: clean(&component.name),
        status: facts.state.word(),
        created_at: first.to_owned(),
        updated_at: touched.map_or_else(|| first.to_owned(), millis),
        position,
        description: component.description.as_deref().map(clean),
        showcase: false,
        start_date: None,
        group_id: component.group.as_ref().map(|group| id("component", group.as_str())),
        page_id: api.page_id.clone(),
        group: false,
        only_show_if_degraded: false,
        components: None,
    })
}

fn component_id(component: &Component) -> String {
    id("component", component.id.as_str())
}

/// Twelve lower-case letters and digits, for ever the same for the same thing.
fn id(kind: &str, name: &str) -> String {
    const DIGITS: [char; 32] = [
        '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'j', 'k', 'm', 'n',
        'p', 'q', 'r', 's', 't', 'v', 'w', 'x', 'y', 'z',
    ];
    let hash = blake3::hash(format!("{kind}/{name}").as_bytes());
    hash.as_bytes().iter().take(12).filter_map(|byte| DIGITS.get(usize::from(byte % 32))).collect()
}

/// With milliseconds, as Statuspage writes them.
fn millis(at: Timestamp) -> String {
    format!("{}.000Z", rfc3339(at).trim_end_matches('Z'))
}

#[cfg(test)]
mod tests;
