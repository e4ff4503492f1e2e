//! Atlassian Statuspage's public API v2, as files: `/api/v2/*.json`.
//!
//! Every Statuspage documents it at `<page>/api` (for example <https://status.atlassian.com/api>); the order of keys
//! follows recorded answers. Clients know closed lists of words, so what Statuspage lacks is told in its nearest word:
//! called-off work is `completed`, an announcement and a withdrawn alarm are `resolved` without impact. Not here: subscribers (a
//! POST), metrics, and pages of history by query string.

mod entry;
mod status;

use jiff::Timestamp;
use serde::Serialize;

use super::feed::clean;
use super::json_feed::json;
use super::machine::{Source, rfc3339, text};
use super::output::{Class, Output};
use crate::derive::Phase;
use crate::model::{Component, ComponentState, Kind};

pub(in crate::render) use status::indicator;

/// The most incidents of a list.
const INCIDENTS_MAX: usize = 50;

/// All files of the API that can be files.
pub(in crate::render) fn outputs<'a>(source: Source<'a>) -> Vec<Output<'a>> {
    let of_kind = move |maintenance: bool| -> Vec<usize> {
        let mut newest: Vec<usize> = (0..source.site.incidents.len())
            .filter(|&index| {
                let kind = source.site.incidents.get(index).map(|incident| &incident.kind);
                matches!(kind, Some(Kind::Maintenance(_))) == maintenance
            })
            .collect();
        newest.sort_by_cached_key(|&index| (std::cmp::Reverse(entry::created(source, index)), index));
        newest.truncate(INCIDENTS_MAX);
        newest
    };
    let file = |name: &str, make: fn(Source<'_>, &dyn Fn(bool) -> Vec<usize>) -> String| {
        text(format!("api/v2/{name}.json"), Class::Index, None, move || make(source, &of_kind))
    };
    [
        file("summary", |source, _| json(&summary(source))),
        file("status", |source, _| json(&Status { page: page(source), status: indicator(source.derived) })),
        file("components", |source, _| json(&Components { page: page(source), components: components(source) })),
        file("incidents", |source, newest| incidents(source, &newest(false))),
        file("incidents/unresolved", |source, _| incidents(source, &source.derived.open)),
        file("scheduled-maintenances", |source, newest| maintenance(source, &newest(true))),
        file("scheduled-maintenances/upcoming", |source, _| maintenance(source, &source.derived.maintenance_upcoming)),
        file("scheduled-maintenances/active", |source, _| maintenance(source, &source.derived.maintenance_active)),
    ]
    .into_iter()
    .flatten()
    .collect()
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

fn summary(source: Source<'_>) -> Summary {
    let derived = source.derived;
    let entries = |indexes: &[usize]| entry::entries(source, indexes);
    Summary {
        page: page(source),
        components: components(source),
        incidents: entries(&derived.open),
        scheduled_maintenances: entries(&[&derived.maintenance_upcoming[..], &derived.maintenance_active].concat()),
        status: indicator(derived),
    }
}

fn incidents(source: Source<'_>, indexes: &[usize]) -> String {
    #[derive(Serialize)]
    struct Incidents {
        page: Page,
        incidents: Vec<entry::ApiIncident>,
    }
    json(&Incidents { page: page(source), incidents: entry::entries(source, indexes) })
}

fn maintenance(source: Source<'_>, indexes: &[usize]) -> String {
    #[derive(Serialize)]
    struct Maintenances {
        page: Page,
        scheduled_maintenances: Vec<entry::ApiIncident>,
    }
    json(&Maintenances { page: page(source), scheduled_maintenances: entry::entries(source, indexes) })
}

fn page(source: Source<'_>) -> Page {
    let config = &source.site.config;
    Page {
        id: page_id(source),
        name: clean(&config.title),
        url: config.url.to_string(),
        time_zone: config.zone.name.clone(),
        updated_at: millis(changed(source)),
    }
}

fn page_id(source: Source<'_>) -> String {
    id("page", source.site.config.url.as_str())
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
        Kind::Incident | Kind::Info | Kind::FalseAlarm => None,
    });
    let past = updates.chain(reports).chain(by_clock).filter(|&at| at <= derived.now);
    past.max().unwrap_or(Timestamp::UNIX_EPOCH)
}

/// Groups hold the ids of their components, and stand among them, as in recorded answers.
fn components(source: Source<'_>) -> Vec<ApiComponent> {
    let Source { site, derived, .. } = source;
    let own = || site.config.components.iter().zip(&derived.components);
    let mut top = 0;
    let mut list = Vec::new();
    for (at, (component, _)) in own().enumerate() {
        let Some(group) = component.group.as_ref().and_then(|id| site.config.group(id)) else {
            top += 1;
            list.extend(one(source, at, top));
            continue;
        };
        let mut members = own().enumerate().filter(|(_, (other, _))| other.group.as_ref() == Some(&group.id));
        if members.clone().next().is_some_and(|(first, _)| first != at) {
            continue;
        }
        top += 1;
        let children: Vec<_> = members.clone().zip(1..).filter_map(|((at, _), nth)| one(source, at, nth)).collect();
        let worst = members.clone().map(|(_, (_, facts))| facts.state).max().unwrap_or(ComponentState::Operational);
        let updated = children.iter().map(|child| child.updated_at.clone()).max();
        if let (Some(first), Some(updated_at)) = (members.next().and_then(|(at, _)| one(source, at, top)), updated) {
            list.push(ApiComponent {
                id: id("component", group.id.as_str()),
                name: clean(&group.name),
                status: worst.word(),
                updated_at,
                description: group.description.as_deref().map(clean),
                group_id: None,
                group: true,
                components: Some(children.iter().map(|child| child.id.clone()).collect()),
                ..first
            });
        }
        list.extend(children);
    }
    list
}

/// The component at that place of the config, as the `position`th on its level.
fn one(source: Source<'_>, at: usize, position: usize) -> Option<ApiComponent> {
    let Source { site, derived, .. } = source;
    let component = site.config.components.get(at)?;
    let facts = derived.components.get(at)?;
    let touched = facts.history.iter().filter_map(|&index| derived.incidents.get(index));
    let touched = touched.map(|facts| facts.updated.timestamp(&site.config)).max();
    Some(ApiComponent {
        id: component_id(component),
        name: clean(&component.name),
        status: facts.state.word(),
        // Nothing says when a component was first listed.
        created_at: millis(Timestamp::UNIX_EPOCH),
        updated_at: millis(touched.unwrap_or(Timestamp::UNIX_EPOCH)),
        position,
        description: component.description.as_deref().map(clean),
        showcase: false,
        start_date: None,
        group_id: component.group.as_ref().map(|group| id("component", group.as_str())),
        page_id: page_id(source),
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
