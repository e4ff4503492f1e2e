//! Our own data: `/status.json` (now and the last 90 days), `/data/<yyyy>.json` (the archive) and `/status.schema.json`,
//! which describes both in JSON Schema.
//!
//! The format has a version; within one, fields are added and never change their meaning. Times are RFC 3339 in UTC; where
//! only the day is known it stands alone (`2022-03-29`), in the page's zone. Texts are plain. Only `status.json` says when it was
//! built: a year of the archive changes only with its incidents.

use std::collections::{BTreeMap, BTreeSet};

use jiff::SignedDuration;
use schemars::JsonSchema;
use serde::Serialize;

use super::feed::clean;
use super::json_feed::json;
use super::keys::Keys;
use super::machine::{Source, rfc3339, text};
use super::output::{Class, Key, Output};
use super::{markdown, uptime_data};
use crate::derive::uptime::{Span, Uptime};
use crate::derive::{IncidentFacts, Moment, Phase};
use crate::model::{Incident, Kind, PostedAt, Update};

/// How long what is over stays in `status.json`, in hours: 90 days.
const PAST_MAX: SignedDuration = SignedDuration::from_hours(90 * 24);

/// The version of the format.
const VERSION: u32 = 1;

/// `status.json`, the archive by year, and their schema.
pub(in crate::render) fn outputs<'a>(source: Source<'a>, keys: &Keys) -> Vec<Output<'a>> {
    let mut years: BTreeMap<i16, Vec<usize>> = BTreeMap::new();
    for (month, indexes) in source.derived.months.iter().rev() {
        years.entry(month.year).or_default().extend(indexes);
    }
    let archive = years.into_iter().filter_map(|(year, indexes)| {
        let key = year_key(source, keys, &indexes);
        text(format!("data/{year:04}.json"), Class::Index, Some(key), move || compact(&archive(source, year, &indexes)))
    });
    let status = text("status.json", Class::Index, None, move || json(&status(source)));
    let schema = text("status.schema.json", Class::Asset, None, || json(&schemars::schema_for!(Status)));
    status.into_iter().chain(schema).chain(archive).collect()
}

/// Without white space: these files are the largest there are.
fn compact(value: &impl Serialize) -> String {
    serde_json::to_string(value).unwrap_or_default() + "\n"
}

/// The status of the site: `status.json`, or a year of the archive.
#[derive(Serialize, JsonSchema)]
#[schemars(title = "Status of a site made with upfront")]
struct Status {
    /// Of this format.
    version: u32,
    page: Page,
    /// When this file was made; only in `status.json`.
    #[serde(skip_serializing_if = "Option::is_none")]
    built: Option<String>,
    /// The year whose incidents this file holds; only in `data/<yyyy>.json`.
    #[serde(skip_serializing_if = "Option::is_none")]
    year: Option<i16>,
    /// The worst state of all: `operational`, `under_maintenance`, `degraded_performance`, `partial_outage` or
    /// `major_outage`; only in `status.json`.
    #[serde(skip_serializing_if = "Option::is_none")]
    state: Option<&'static str>,
    /// In the order of the page; only in `status.json`.
    #[serde(skip_serializing_if = "Option::is_none")]
    components: Option<Vec<Component>>,
    /// Other copies of the site, which serve the same; only in `status.json`, where there are any.
    #[serde(skip_serializing_if = "Option::is_none")]
    mirrors: Option<Vec<Copy>>,
    /// Disturbances, announcements and withdrawn alarms: those under way first, then newest first.
    incidents: Vec<Entry>,
    /// Planned work: under way, then to come, then past.
    maintenance: Vec<Entry>,
}

#[derive(Serialize, JsonSchema)]
struct Page {
    title: String,
    url: String,
    /// Of the IANA database, such as `Europe/Oslo`.
    time_zone: String,
}

#[derive(Serialize, JsonSchema)]
struct Copy {
    url: String,
    name: Option<String>,
}

#[derive(Serialize, JsonSchema)]
struct Component {
    id: String,
    name: String,
    /// The id of its group.
    group: Option<String>,
    state: &'static str,
    url: String,
    /// Only where anything was ever measured.
    #[serde(skip_serializing_if = "Option::is_none")]
    uptime: Option<UptimeOf>,
}

/// How much of the time it was up.
#[derive(Serialize, JsonSchema)]
struct UptimeOf {
    /// Where all that stands behind these numbers is.
    url: String,
    /// The last 24 hours, and 7, 30 and 90 days.
    windows: Vec<Recent>,
}

#[derive(Serialize, JsonSchema)]
struct Recent {
    /// `24h`, `7d`, `30d` or `90d`.
    window: String,
    /// As it is printed, without a sign: `99.98`. Null where less than half of the window was measured.
    percent: Option<String>,
    /// How much of it was measured, in thousandths.
    coverage_permille: u16,
    /// What was lost, in minutes of full outage, rounded up.
    lost_minutes: u64,
}

/// An incident, maintenance, announcement or withdrawn alarm.
#[derive(Serialize, JsonSchema)]
struct Entry {
    /// For ever the same.
    id: String,
    /// The last part of its address; changes when it is renamed.
    slug: String,
    url: String,
    /// `incident`, `notice` (what monitors saw, and no person has written yet), `maintenance`, `info` or `false_alarm`.
    kind: &'static str,
    title: String,
    /// `none`, `minor`, `major` or `critical`.
    impact: &'static str,
    /// The stage it is in, such as `investigating`; `note` where there are none.
    stage: &'static str,
    /// Ids of the components it touches.
    components: Vec<String>,
    /// When it began; of planned work to come, when it will.
    started: String,
    ended: Option<String>,
    /// When the next word was promised.
    next_update: Option<String>,
    /// For planned work.
    #[serde(skip_serializing_if = "Option::is_none")]
    planned: Option<Planned>,
    /// Oldest first.
    updates: Vec<Said>,
    /// The report's address.
    rfo: Option<String>,
}

#[derive(Serialize, JsonSchema)]
struct Planned {
    starts: Option<String>,
    ends: Option<String>,
}

/// One update.
#[derive(Serialize, JsonSchema)]
struct Said {
    /// Unique in its incident; `u-` and this is its anchor on the page.
    id: String,
    stage: &'static str,
    posted: String,
    /// How its time is known: `written` by its author, the minute of its commit in `git`, or only the `day`.
    posted_from: &'static str,
    text: String,
}

fn status(source: Source<'_>) -> Status {
    let Source { site, derived, .. } = source;
    let components = site.config.components.iter().zip(&derived.components).map(|(component, facts)| Component {
        id: component.id.to_string(),
        name: clean(&component.name),
        group: component.group.as_ref().map(ToString::to_string),
        state: facts.state.word(),
        url: source.url(&format!("components/{}/", component.id)),
        uptime: facts.uptime.as_ref().map(|uptime| UptimeOf {
            url: source.url(&format!("components/{}/uptime.json", component.id)),
            windows: recent(uptime),
        }),
    });
    let under_way = derived.open.iter().chain(&derived.maintenance_active).chain(&derived.maintenance_upcoming);
    let past = derived.months.values().rev().flatten().filter(|&&index| is_recently_over(source, index));
    let mut taken = BTreeSet::new();
    let all: Vec<_> = under_way.chain(past).copied().filter(|&index| taken.insert(index)).collect();
    Status {
        built: Some(rfc3339(derived.now)),
        state: Some(derived.overall.word()),
        components: Some(components.collect()),
        mirrors: mirrors(source),
        ..empty(source).with(source, &all)
    }
}

fn mirrors(source: Source<'_>) -> Option<Vec<Copy>> {
    let mirrors = &source.site.config.publishing.mirrors;
    let copies =
        mirrors.iter().map(|mirror| Copy { url: mirror.url.to_string(), name: mirror.name.as_deref().map(clean) });
    (!mirrors.is_empty()).then(|| copies.collect())
}

fn recent(uptime: &Uptime) -> Vec<Recent> {
    let recent = [Span::Hours24, Span::Days7, Span::Days30, Span::Days90];
    let windows = recent.into_iter().filter_map(|span| uptime.window(span));
    let recent = windows.map(|window| Recent {
        window: uptime_data::span(window.span),
        percent: uptime_data::printed(&window.sum),
        coverage_permille: window.sum.coverage_permille(),
        lost_minutes: window.sum.down_minutes_up(),
    });
    recent.collect()
}

fn archive(source: Source<'_>, year: i16, indexes: &[usize]) -> Status {
    Status { year: Some(year), ..empty(source).with(source, indexes) }
}

fn empty(source: Source<'_>) -> Status {
    let config = &source.site.config;
    Status {
        version: VERSION,
        page: Page { title: clean(&config.title), url: config.url.to_string(), time_zone: config.zone.name.clone() },
        built: None,
        year: None,
        state: None,
        mirrors: None,
        components: None,
        incidents: Vec::new(),
        maintenance: Vec::new(),
    }
}

impl Status {
    fn with(mut self, source: Source<'_>, indexes: &[usize]) -> Status {
        for &index in indexes {
            let Some((incident, facts)) = source.site.incidents.get(index).zip(source.derived.incidents.get(index))
            else {
                continue;
            };
            let list = match incident.kind {
                Kind::Maintenance(_) => &mut self.maintenance,
                Kind::Incident | Kind::Notice | Kind::Info | Kind::FalseAlarm => &mut self.incidents,
            };
            list.push(entry(source, incident, facts));
        }
        self
    }
}

fn is_recently_over(source: Source<'_>, index: usize) -> bool {
    source.derived.incidents.get(index).is_some_and(|facts| {
        let last = facts.ended.unwrap_or(facts.updated).timestamp(&source.site.config);
        facts.phase == Phase::Over && source.derived.now.duration_since(last) <= PAST_MAX
    })
}

fn entry(source: Source<'_>, incident: &Incident, facts: &IncidentFacts) -> Entry {
    let rfo = facts.rfo.and_then(|rfo| source.site.rfos.get(rfo));
    Entry {
        id: incident.first_slug().to_string(),
        slug: incident.slug.to_string(),
        url: source.url(&format!("incidents/{}/", incident.slug)),
        kind: kind(&incident.kind),
        title: clean(&incident.title),
        impact: incident.impact.word(),
        stage: facts.stage.word(),
        components: incident.components.iter().map(ToString::to_string).collect(),
        started: moment(facts.started),
        ended: facts.ended.map(moment),
        next_update: facts.next_update.map(|next| rfc3339(next.at)),
        planned: match incident.kind {
            Kind::Maintenance(window) => {
                Some(Planned { starts: window.starts.map(rfc3339), ends: window.ends.map(rfc3339) })
            }
            Kind::Incident | Kind::Notice | Kind::Info | Kind::FalseAlarm => None,
        },
        updates: incident.updates.iter().map(|update| said(source, update)).collect(),
        rfo: rfo.map(|rfo| source.url(&format!("rfo/{}/", rfo.slug))),
    }
}

fn said(source: Source<'_>, update: &Update) -> Said {
    Said {
        id: update.id.clone(),
        stage: update.stage.word(),
        posted: moment(Moment::of(update.posted, source.derived.now, &source.site.config)),
        posted_from: match update.posted {
            PostedAt::Written(_) => "written",
            PostedAt::FromGit(_) => "git",
            PostedAt::Day(_) | PostedAt::Unknown => "day",
        },
        text: markdown::plain(&update.body),
    }
}

fn kind(kind: &Kind) -> &'static str {
    match kind {
        Kind::Incident => "incident",
        Kind::Notice => "notice",
        Kind::Maintenance(_) => "maintenance",
        Kind::Info => "info",
        Kind::FalseAlarm => "false_alarm",
    }
}

fn moment(moment: Moment) -> String {
    match moment {
        Moment::At(at) => rfc3339(at),
        Moment::Day(day) => day.to_string(),
    }
}

/// The fingerprint of everything that a year of the archive is made from.
fn year_key(source: Source<'_>, keys: &Keys, indexes: &[usize]) -> Key {
    let parts: Vec<_> = indexes.iter().map(|&index| keys.incident(index)).collect();
    Key::of(&(VERSION, &source.site.config, parts))
}

#[cfg(test)]
mod tests;
