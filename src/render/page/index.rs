//! `/`: is anything wrong, for whom, since when, what still works, and when will I hear again?

mod recent;

use std::sync::Arc;

use serde::Serialize;

use super::component::{Part, Parts};
use super::entry::{Entry, Row};
use super::frame::{Live, Nav, Place, Shared, outside};
use super::lead::{Lead, Subject, joined};
use super::mark::Mark;
use super::pen::{About, Link, Page, Pen, anchor};
use super::{All, print};
use crate::derive::Moment;
use crate::model::{ComponentState, Impact, Slug};
use crate::render::Html;
use crate::render::i18n::T;
use crate::render::output::{Class, Output, RenderError};
use crate::render::time::Own;
use recent::Day;

/// How much of what is planned stands on the front page.
const PLANNED_MAX: usize = 5;

/// How many days, today among them, stand on the front page with what began on them.
const RECENT_DAYS: usize = 7;

#[derive(Serialize)]
struct View {
    page: Page,
    lead: Lead,
    latest: Option<Latest>,
    meanwhile: Option<Html>,
    also: Vec<Row>,
    maintenance: Vec<Row>,
    announcements: Vec<Row>,
    parts: Vec<Parts>,
    unnamed: Vec<Html>,
    planned: Vec<Row>,
    calendar: String,
    maintenance_link: Link,
    recent_title: String,
    recent: Vec<Day>,
    history: Link,
}

/// The newest word about what the page's headline says.
#[derive(Serialize)]
struct Latest {
    mark: Mark,
    when: Html,
    body: Html,
    links: Vec<Link>,
}

pub(super) fn output<'a>(shared: &Arc<Shared<'a>>, all: All<'a>) -> Option<Output<'a>> {
    let shared = Arc::clone(shared);
    super::page("index.html", Class::Front, move || make(&shared, all))
}

fn make(shared: &Shared<'_>, all: All<'_>) -> Result<Vec<u8>, RenderError> {
    let pen = Pen::new(shared, "");
    let derived = all.derived;
    let live = Live { now: derived.now, commit: all.site.commit.as_deref() };
    let today = pen.clock.day_of(Moment::At(live.now));
    // The headline is the worst disturbance, or else maintenance under way.
    let headline = derived.open.first().or(derived.maintenance_active.first()).and_then(|&index| all.entry(index));
    let calm = derived.open.is_empty();
    let lead = match headline {
        Some(entry) => lead(&pen, all, entry, &live),
        None => quiet(&pen, all, &live),
    };
    let also = derived.open.get(1..).unwrap_or_default();
    let maintenance = derived.maintenance_active.get(usize::from(calm)..).unwrap_or_default();
    let planned = derived.maintenance_upcoming.get(..PLANNED_MAX).unwrap_or(&derived.maintenance_upcoming);
    let description = match (headline, &lead.mark) {
        (Some(entry), Some(mark)) => {
            pen.open_description(&mark.label, entry.incident, entry.facts.started, entry.facts.next_update)
        }
        _ => {
            let names: Vec<_> = pen.config().components.iter().map(|component| component.id.clone()).collect();
            pen.text(T::description_quiet, &[("components", &pen.names(&names))])
        }
    };
    let latest = headline.and_then(|entry| latest(&pen, entry, today));
    let meanwhile = headline.and_then(|entry| {
        let text = entry.incident.meanwhile.as_ref()?;
        Some(pen.told(entry.incident, text))
    });
    let state = lead.mark.as_ref().map_or("none", |mark| mark.state);
    let view = View {
        latest,
        meanwhile,
        also: all.entries(also).map(|entry| pen.open_row(entry, today)).collect(),
        maintenance: all.entries(maintenance).map(|entry| pen.planned_row(entry)).collect(),
        announcements: all.entries(&derived.announcements).map(|entry| pen.announcement_row(entry)).collect(),
        parts: parts(&pen, all),
        unnamed: unnamed(&pen, all),
        planned: all.entries(planned).map(|entry| pen.planned_row(entry)).collect(),
        calendar: pen.url("calendar.ics"),
        maintenance_link: Link::new(pen.url("maintenance/"), Html::text(&pen.word(T::all_maintenance))),
        recent_title: pen.count(T::last_days, RECENT_DAYS, &[]),
        recent: recent::days(&pen, all, today, RECENT_DAYS),
        history: Link::new(pen.url("history/"), Html::text(&pen.word(T::all_history))),
        page: pen.page(About {
            frame: pen.frame(Nav::Status, Place::Itself)?,
            title: &lead.title,
            description,
            path: "",
            state,
            og_type: "website",
            live: Some(&live),
            feed: None,
        }),
        lead,
    };
    print(shared, "pages/index.html", &view)
}

fn lead(pen: &Pen<'_>, all: All<'_>, entry: Entry<'_>, live: &Live<'_>) -> Lead {
    let facts = entry.facts;
    let subject = Subject {
        incident: entry.incident,
        stage: facts.stage,
        started: facts.started,
        ended: facts.ended,
        states: &facts.states,
        next_update: facts.next_update,
        report: None,
    };
    let mut lead = pen.lead_open(subject, live);
    let others = all.derived.open.len().saturating_sub(1);
    if others > 0 {
        lead.title = pen.count(T::headline_more, others, &[("title", &entry.incident.title)]);
    }
    if all.derived.overall != ComponentState::Operational {
        lead.mark = Some(pen.state(all.derived.overall));
    }
    lead
}

fn quiet(pen: &Pen<'_>, all: All<'_>, live: &Live<'_>) -> Lead {
    let mut first = vec![pen.as_of(live.now)];
    let ended = all.derived.components.iter().filter_map(|component| component.last_trouble_ended);
    if let Some(ended) = ended.max_by_key(|ended| ended.timestamp(pen.config())) {
        let today = pen.clock.day_of(Moment::At(live.now));
        first.push(pen.html(T::no_trouble_since, &[("time", &pen.clock.near(ended, today, Own::No))]));
    }
    let mut lines = vec![joined(&first)];
    if let Some(support) = &pen.config().support {
        let link = anchor(&outside(pen.root, support), &Html::text(&pen.word(T::tell_support)));
        lines.push(pen.html(T::broken_for_you, &[("link", &link)]));
    }
    Lead {
        mark: Some(pen.state(ComponentState::Operational)),
        title: pen.word(T::all_operational),
        works: None,
        lines,
        facts: Vec::new(),
    }
}

fn latest(pen: &Pen<'_>, entry: Entry<'_>, today: jiff::civil::Date) -> Option<Latest> {
    let update = entry.incident.updates.last()?;
    let time = pen.clock.near(entry.facts.updated, today, Own::No);
    let path = entry.path();
    let all = Html::text(&pen.count(T::all_updates, entry.incident.updates.len(), &[]));
    Some(Latest {
        mark: pen.entry_stage(entry),
        when: pen.html(T::latest_update, &[("time", &time)]),
        body: pen.told(entry.incident, &update.body),
        links: vec![
            Link::new(pen.url(&path), all),
            Link::new(pen.url(&format!("{path}feed.atom")), Html::text(&pen.word(T::follow_incident))),
        ],
    })
}

/// The components by group, those without one first.
fn parts(pen: &Pen<'_>, all: All<'_>) -> Vec<Parts> {
    let config = pen.config();
    let of_group = |group: Option<&Slug>| -> Vec<Part> {
        let components = config.components.iter().zip(&all.derived.components);
        let inside = components.filter(|(component, _)| component.group.as_ref() == group);
        inside.map(|(component, facts)| pen.part(component, facts, all)).collect()
    };
    let mut parts = vec![Parts { title: None, parts: of_group(None) }];
    parts.extend(config.groups.iter().map(|group| {
        let title = Link::new(pen.url(&format!("groups/{}/", group.id)), Html::text(&group.name));
        Parts { title: Some(title), parts: of_group(Some(&group.id)) }
    }));
    parts.retain(|parts| !parts.parts.is_empty());
    parts
}

/// Why the headline is worse than every component: what is open and names none.
fn unnamed(pen: &Pen<'_>, all: All<'_>) -> Vec<Html> {
    let of_no_component = |entry: &Entry<'_>| entry.facts.states.is_empty() && entry.incident.impact != Impact::None;
    let entries = all.entries(&all.derived.open).filter(of_no_component);
    let line = |entry: Entry<'_>| {
        let title = anchor(&pen.url(&entry.path()), &Html::text(&entry.incident.title));
        pen.html(T::names_no_component, &[("title", &title)])
    };
    entries.map(line).collect()
}
