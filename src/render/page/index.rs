//! `/`: is anything wrong, for whom, since when, what still works, and when will I hear again?

mod noticed;
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
use crate::model::{ComponentState, Impact, Kind, Slug};
use crate::render::Html;
use crate::render::i18n::T;
use crate::render::output::{Class, Output, RenderError};
use crate::render::time::Own;
use noticed::{Noticed, Unexplained};
use recent::Day;

/// How much of what is planned stands on the front page.
const PLANNED_MAX: usize = 5;

/// How many days, today among them, stand on the front page with what began on them.
const RECENT_DAYS: usize = 7;

#[derive(Serialize)]
struct View {
    page: Page,
    /// Nothing is heard of any monitor.
    silent: Option<Html>,
    lead: Lead,
    /// What the headline says, where no person has said it.
    headline_notice: Option<Noticed>,
    latest: Option<Latest>,
    meanwhile: Option<Html>,
    also: Vec<Row>,
    notices: Vec<Noticed>,
    /// Whether a person has written about something that is under way.
    may_belong: bool,
    unexplained: Vec<Unexplained>,
    more_unexplained: Option<Link>,
    maintenance: Vec<Row>,
    announcements: Vec<Row>,
    parts: Vec<Parts>,
    /// Whether any of them shows its days.
    bars: bool,
    rule: Link,
    unnamed: Vec<Html>,
    /// What should be done by now.
    overdue: Vec<super::promises::Overdue>,
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
    // The headline is the worst disturbance that a person wrote about, or else the worst that monitors see, or else
    // maintenance under way.
    let people = people(all);
    let notices = noticed::under_way(all);
    let headline = people.first().or(notices.first()).or(derived.maintenance_active.first());
    let headline = headline.and_then(|&index| all.entry(index));
    let calm = people.is_empty() && notices.is_empty();
    let by_machine = people.is_empty() && !calm;
    let lead = match headline {
        Some(entry) if by_machine => lead_noticed(&pen, all, entry, &live, notices.len() - 1),
        Some(entry) => lead(&pen, all, entry, &live, (people.len() + notices.len()).saturating_sub(1)),
        None => quiet(&pen, all, &live),
    };
    let also = people.get(1..).unwrap_or_default();
    let unconfirmed = notices.get(usize::from(by_machine)..).unwrap_or_default();
    let maintenance = derived.maintenance_active.get(usize::from(calm)..).unwrap_or_default();
    let planned = derived.maintenance_upcoming.get(..PLANNED_MAX).unwrap_or(&derived.maintenance_upcoming);
    let description = match (headline, &lead.mark) {
        (Some(entry), Some(mark)) => {
            pen.open_description(&mark.label, entry.incident, entry.facts.started, entry.facts.next_update)
        }
        _ => {
            let names: Vec<_> = pen.config().components.iter().map(|component| component.id.clone()).collect();
            match derived.overall {
                ComponentState::Operational if derived.silent_since.is_none() => {
                    pen.text(T::description_quiet, &[("components", &pen.names(&names))])
                }
                _ => lead.title.clone(),
            }
        }
    };
    let told = headline.filter(|_| !by_machine);
    let latest = told.and_then(|entry| latest(&pen, entry, today));
    let meanwhile = headline.and_then(|entry| {
        let text = entry.incident.meanwhile.as_ref()?;
        Some(pen.told(entry.incident, text))
    });
    let state = lead.mark.as_ref().map_or("none", |mark| mark.state);
    let (unexplained, more_unexplained) = noticed::unexplained(&pen, all, today);
    let noticed = |entry| noticed::noticed(&pen, all, entry, today);
    let parts = parts(&pen, all);
    let view = View {
        silent: noticed::silent(&pen, all, today),
        headline_notice: headline.filter(|_| by_machine).map(noticed),
        notices: all.entries(unconfirmed).map(noticed).collect(),
        may_belong: !people.is_empty(),
        unexplained,
        more_unexplained,
        bars: parts.iter().any(Parts::has_bars),
        rule: Link::new(pen.url("uptime/"), Html::text(&pen.word(T::rule_link))),
        latest,
        meanwhile,
        also: all.entries(also).map(|entry| pen.open_row(entry, today)).collect(),
        maintenance: all.entries(maintenance).map(|entry| pen.planned_row(entry)).collect(),
        announcements: all.entries(&derived.announcements).map(|entry| pen.announcement_row(entry)).collect(),
        parts,
        unnamed: unnamed(&pen, all),
        overdue: super::promises::overdue(&pen, all),
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

/// What people wrote about and is under way, the worst first.
fn people(all: All<'_>) -> Vec<usize> {
    let by_a_person = |index: &usize| all.entry(*index).is_some_and(|entry| entry.incident.kind != Kind::Notice);
    all.derived.open.iter().copied().filter(by_a_person).collect()
}

fn lead(pen: &Pen<'_>, all: All<'_>, entry: Entry<'_>, live: &Live<'_>, others: usize) -> Lead {
    let mut lead = pen.lead_open(subject(entry), live);
    lead.lines.extend(noticed::disagreements(pen, all));
    if others > 0 {
        lead.title = pen.count(T::headline_more, others, &[("title", &entry.incident.title)]);
    }
    if all.derived.overall != ComponentState::Operational {
        lead.mark = Some(pen.state(all.derived.overall));
    }
    lead
}

fn subject(entry: Entry<'_>) -> Subject<'_> {
    let facts = entry.facts;
    Subject {
        incident: entry.incident,
        stage: facts.stage,
        started: facts.started,
        ended: facts.ended,
        states: &facts.states,
        next_update: facts.next_update,
        report: None,
        measured: facts.measured.as_ref(),
        owed: &facts.owed,
        first_word: facts.response.as_ref().and_then(|response| Some(response.first_word?.at)),
    }
}

/// Of what monitors see and no person has written about.
fn lead_noticed(pen: &Pen<'_>, all: All<'_>, entry: Entry<'_>, live: &Live<'_>, others: usize) -> Lead {
    let mut lead = pen.lead_notice(subject(entry), live);
    if others > 0 {
        lead.title = pen.count(T::headline_more, others, &[("title", &entry.incident.title)]);
    }
    if all.derived.overall != ComponentState::Operational {
        lead.mark = Some(pen.state(all.derived.overall));
    }
    lead
}

/// Nothing is open. What monitors say all the same is told: that something is disturbed though the post about it is
/// closed, or that nothing is heard of them.
fn quiet(pen: &Pen<'_>, all: All<'_>, live: &Live<'_>) -> Lead {
    let mut first = vec![pen.as_of(live.now)];
    first.extend(noticed::how_often(pen, all));
    let troubled = noticed::troubled(all);
    let ended = all.derived.components.iter().filter_map(|component| component.last_trouble_ended);
    let ended = ended.max_by_key(|ended| ended.timestamp(pen.config())).filter(|_| troubled.is_empty());
    if let Some(ended) = ended {
        let today = pen.clock.day_of(Moment::At(live.now));
        first.push(pen.html(T::no_trouble_since, &[("time", &pen.clock.near(ended, today, Own::No))]));
    }
    let mut lines = vec![joined(&first)];
    if let Some(support) = &pen.config().support {
        let link = anchor(&outside(pen.root, support), &Html::text(&pen.word(T::tell_support)));
        lines.push(pen.html(T::broken_for_you, &[("link", &link)]));
    }
    let (mark, title) = if !troubled.is_empty() {
        let names: Vec<_> = troubled.iter().map(|component| component.id.clone()).collect();
        lines.splice(1..1, noticed::disagreements(pen, all));
        (pen.state(all.derived.overall), pen.text(T::headline_checks, &[("components", &pen.names(&names))]))
    } else if all.derived.silent_since.is_some() {
        (pen.no_data(), pen.word(T::headline_silent))
    } else {
        (pen.state(ComponentState::Operational), pen.word(T::all_operational))
    };
    Lead { mark: Some(mark), title, lines, machine: !troubled.is_empty(), ..Lead::default() }
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
    let mut parts = vec![Parts { title: None, uptime: None, parts: of_group(None) }];
    parts.extend(config.groups.iter().enumerate().map(|(at, group)| {
        let title = Link::new(pen.url(&format!("groups/{}/", group.id)), Html::text(&group.name));
        let uptime = all.derived.group_uptime.get(at).and_then(Option::as_deref);
        Parts { title: Some(title), uptime: pen.group_uptime(uptime), parts: of_group(Some(&group.id)) }
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
