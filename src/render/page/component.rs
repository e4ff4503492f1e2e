//! `/components/<id>/`, `/components/<id>/<yyyy>/` and `/groups/<id>/`: how it is, since when, what is planned for it,
//! and what was.

mod days;
mod latency;
mod measured;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde::Serialize;

use super::bars::Bars;
use super::entry::{Entry, Row, Rows};
use super::frame::{Nav, Place, Shared};
use super::lead::{Lead, joined};
use super::mark::Mark;
use super::pen::{About, Link, Page, Pen};
use super::{All, keyed, print};
use crate::derive::checks::checks;
use crate::derive::uptime::{Span, Uptime};
use crate::derive::{ComponentFacts, Moment, Phase, Watched};
use crate::model::{Component, ComponentState, Group, Slug};
use crate::render::Html;
use crate::render::i18n::T;
use crate::render::keys::Keys;
use crate::render::output::{Class, Output, RenderError};
use crate::render::time::Own;
use measured::{Measured, Of};

/// The page shows so much of the past; the rest stands on pages of its years.
const HISTORY_MAX: usize = 20;

/// Components under one heading; a template prints it as `<parts>`.
#[derive(Serialize)]
pub(super) struct Parts {
    pub title: Option<Link>,
    /// Of a group: its number.
    pub uptime: Option<String>,
    pub parts: Vec<Part>,
}

impl Parts {
    /// Whether any of them shows its days.
    pub(super) fn has_bars(&self) -> bool {
        self.parts.iter().any(|part| part.bars.is_some())
    }
}

/// A component in a list.
#[derive(Serialize)]
pub(super) struct Part {
    href: String,
    name: String,
    mark: Mark,
    /// What else its checks say: that nothing is heard of them, or that one fails.
    beside: Option<Mark>,
    bars: Option<Bars>,
    /// What it is for, or what ails it.
    about: Html,
}

#[derive(Serialize)]
struct View {
    page: Page,
    lead: Lead,
    /// Of a group.
    parts: Option<Parts>,
    measured: Option<Measured>,
    open: Vec<Row>,
    planned: Vec<Row>,
    history: Vec<Row>,
    years: Vec<Link>,
    follow: String,
    feeds: Vec<Link>,
}

#[derive(Serialize)]
struct YearView {
    page: Page,
    lead: Lead,
    rows: Vec<Row>,
    years: Vec<Link>,
}

/// What is told of: one component, or all of a group.
struct Subject<'a> {
    /// From the site's root, such as `components/imap/`.
    path: String,
    id: &'a str,
    /// Whether it has a calendar of its own, as components have.
    calendar: bool,
    name: &'a str,
    description: Option<&'a str>,
    components: Vec<(&'a Component, &'a ComponentFacts)>,
    group: Option<&'a Group>,
    uptime: Option<&'a Uptime>,
    watched: Option<&'a Watched>,
}

pub(super) fn add<'a>(outputs: &mut Vec<Output<'a>>, shared: &Arc<Shared<'a>>, all: All<'a>, keys: &Keys) {
    let config = &all.site.config;
    for (component, facts) in config.components.iter().zip(&all.derived.components) {
        let path = format!("components/{}/", component.id);
        let made = Arc::clone(shared);
        outputs
            .extend(super::page(&format!("{path}index.html"), Class::Index, move || one(&made, all, component, facts)));
        if facts.history.len() > HISTORY_MAX {
            let of_year = by_year(all, &facts.history);
            let years: Arc<[i16]> = of_year.keys().rev().copied().collect();
            for (year, indexes) in of_year {
                let input =
                    YearInput { component, year, years: Arc::clone(&years), rows: Rows::new(all, keys, &indexes) };
                outputs.extend(keyed(&format!("{path}{year}/index.html"), Class::Index, shared, input, one_year));
            }
        }
    }
    for group in &config.groups {
        let shared = Arc::clone(shared);
        let path = format!("groups/{}/index.html", group.id);
        outputs.extend(super::page(&path, Class::Index, move || of_group(&shared, all, group)));
    }
}

impl Pen<'_> {
    /// A component in a list of them.
    pub(super) fn part(&self, component: &Component, facts: &ComponentFacts, all: All<'_>) -> Part {
        let because: Vec<Html> = all
            .entries(&facts.because)
            .map(|entry| self.link(&entry.path(), &Html::text(&entry.incident.title)))
            .collect();
        let bars = facts.uptime.as_deref().and_then(|uptime| self.bars(&component.name, uptime, all));
        let about = match (because.is_empty(), &bars) {
            (true, None) => component.description.as_deref().map(Html::text).unwrap_or_default(),
            (true, Some(_)) => Html::default(),
            (false, _) => self.notes(&because),
        };
        let (mark, beside) = self.component_marks(facts);
        Part {
            href: self.url(&format!("components/{}/", component.id)),
            name: component.name.clone(),
            mark,
            beside,
            bars,
            about,
        }
    }

    /// How a component is, and what its checks say beside that. Where nobody says that it is disturbed and no check is
    /// heard of, nothing is known, so "operational" is not said.
    fn component_marks(&self, facts: &ComponentFacts) -> (Mark, Option<Mark>) {
        let silent = facts.watched.as_ref().is_some_and(|watched| watched.silent);
        let checking = facts.watched.as_ref().is_some_and(|watched| watched.checking);
        match facts.state {
            ComponentState::Operational if silent => (self.no_data(), None),
            state if silent => (self.state(state), Some(self.no_data())),
            state if checking && state == ComponentState::Operational => (self.state(state), Some(self.checking())),
            state => (self.state(state), None),
        }
    }

    /// `99.98 % in 90 days, the mean of its components`
    pub(super) fn group_uptime(&self, uptime: Option<&Uptime>) -> Option<String> {
        let number = self.uptime(&uptime?.window(Span::Days90)?.sum)?;
        let how = if self.config().monitoring.uptime.group_all { T::group_all } else { T::group_mean };
        Some(self.text(T::group_summary, &[("uptime", &number), ("how", &self.word(how))]))
    }
}

fn one(
    shared: &Shared<'_>,
    all: All<'_>,
    component: &Component,
    facts: &ComponentFacts,
) -> Result<Vec<u8>, RenderError> {
    let pen = Pen::new(shared, "../../");
    let subject = Subject {
        path: format!("components/{}/", component.id),
        id: component.id.as_str(),
        calendar: true,
        name: &component.name,
        description: component.description.as_deref(),
        components: vec![(component, facts)],
        group: component.group.as_ref().and_then(|group| pen.config().group(group)),
        uptime: facts.uptime.as_deref(),
        watched: facts.watched.as_ref(),
    };
    let years = match facts.history.len() > HISTORY_MAX {
        true => by_year(all, &facts.history).keys().rev().map(|year| year_link(&pen, component, *year, None)).collect(),
        false => Vec::new(),
    };
    print(shared, "pages/component.html", &view(&pen, all, &subject, None, &facts.history, years)?)
}

fn of_group(shared: &Shared<'_>, all: All<'_>, group: &Group) -> Result<Vec<u8>, RenderError> {
    let pen = Pen::new(shared, "../../");
    let components = all.site.config.components.iter().zip(&all.derived.components);
    let components: Vec<_> = components.filter(|(component, _)| component.group.as_ref() == Some(&group.id)).collect();
    let parts = components.iter().map(|(component, facts)| pen.part(component, facts, all)).collect();
    // The newest of the group are among the newest of each of its components.
    let newest = components.iter().flat_map(|(_, facts)| facts.history.iter().copied().take(HISTORY_MAX * 2));
    let distinct: BTreeSet<usize> = newest.collect();
    let mut history: Vec<usize> = distinct.into_iter().collect();
    let started = |index: &usize| all.derived.incidents.get(*index).map(|facts| facts.started.timestamp(pen.config()));
    history.sort_by_key(|index| std::cmp::Reverse(started(index)));
    let subject = Subject {
        path: format!("groups/{}/", group.id),
        id: group.id.as_str(),
        calendar: false,
        name: &group.name,
        description: group.description.as_deref(),
        components,
        group: None,
        uptime: of_group_uptime(all, group),
        watched: None,
    };
    let parts = Some(Parts { title: None, uptime: None, parts });
    print(shared, "pages/component.html", &view(&pen, all, &subject, parts, &history, Vec::new())?)
}

fn of_group_uptime<'a>(all: All<'a>, group: &Group) -> Option<&'a Uptime> {
    let at = all.site.config.groups.iter().position(|known| known.id == group.id)?;
    all.derived.group_uptime.get(at)?.as_deref()
}

fn view(
    pen: &Pen<'_>,
    all: All<'_>,
    subject: &Subject<'_>,
    parts: Option<Parts>,
    history: &[usize],
    years: Vec<Link>,
) -> Result<View, RenderError> {
    let ids: Vec<&Slug> = subject.components.iter().map(|(component, _)| &component.id).collect();
    let open: BTreeSet<usize> =
        subject.components.iter().flat_map(|(_, facts)| facts.because.iter().copied()).collect();
    let order = all.derived.open.iter().chain(&all.derived.maintenance_active);
    let open: Vec<Entry<'_>> = order.filter(|index| open.contains(index)).filter_map(|&i| all.entry(i)).collect();
    let planned = all.entries(&all.derived.maintenance_upcoming);
    let planned = planned.filter(|entry| entry.incident.components.iter().any(|id| ids.contains(&id)));
    let past = history.iter().filter_map(|&index| all.entry(index));
    let past = past.filter(|entry| entry.facts.phase == Phase::Over).take(HISTORY_MAX);
    let of = Of {
        uptime: subject.uptime,
        watched: subject.watched,
        checks: checks(&all.site.monitoring, subject.components.iter().map(|(component, _)| *component)),
        group: !subject.calendar,
    };
    let lead = Lead { facts: measured::facts(pen, of), ..lead(pen, subject, &open) };
    let description = lead_description(pen, subject, &lead);
    let feed = |name: &str, key: T| Link::new(format!("feed.{name}"), Html::text(&pen.word(key)));
    Ok(View {
        parts,
        measured: measured::measured(pen, all, of),
        open: open.iter().map(|entry| pen.component_row(*entry)).collect(),
        planned: planned.map(|entry| pen.planned_row(entry)).collect(),
        history: past.map(|entry| pen.component_row(entry)).collect(),
        years,
        follow: pen.text(T::follow_only, &[("component", subject.name)]),
        feeds: [
            Some(feed("atom", T::feed_atom)),
            Some(feed("rss", T::feed_rss)),
            Some(feed("json", T::feed_json)),
            subject.calendar.then(|| Link::new("calendar.ics".to_owned(), Html::text(&pen.word(T::calendar)))),
            (subject.id != "status")
                .then(|| Link::new(pen.url(&format!("badge/{}.svg", subject.id)), Html::text(&pen.word(T::badge)))),
        ]
        .into_iter()
        .flatten()
        .collect(),
        page: pen.page(About {
            frame: pen.frame(Nav::Status, Place::Below)?,
            title: subject.name,
            description,
            path: &subject.path,
            state: lead.mark.as_ref().map_or("none", |mark| mark.state),
            og_type: "website",
            live: None,
            feed: Some("feed.atom".to_owned()),
        }),
        lead,
    })
}

fn lead(pen: &Pen<'_>, subject: &Subject<'_>, open: &[Entry<'_>]) -> Lead {
    let worst = subject.components.iter().max_by_key(|(_, facts)| facts.state);
    let mut first = Vec::new();
    first.extend(subject.description.map(Html::text));
    first.extend(subject.group.map(|group| {
        let link = pen.link(&format!("groups/{}/", group.id), &Html::text(&group.name));
        pen.html(T::part_of, &[("group", &link)])
    }));
    let lines = [joined(&first), trouble(pen, subject, open)];
    Lead {
        mark: Some(match worst {
            Some((_, facts)) if subject.components.len() == 1 => pen.component_marks(facts).0,
            Some((_, facts)) => pen.state(facts.state),
            None => pen.state(ComponentState::Operational),
        }),
        title: subject.name.to_owned(),
        lines: lines.into_iter().filter(|line| !line.is_empty()).collect(),
        ..Lead::default()
    }
}

/// Since when there is trouble, or when the last one ended.
fn trouble(pen: &Pen<'_>, subject: &Subject<'_>, open: &[Entry<'_>]) -> Html {
    let at = |moment: &Moment| moment.timestamp(pen.config());
    if let Some(since) = open.iter().map(|entry| entry.facts.started).min_by_key(at) {
        return pen.html(T::component_since, &[("time", &pen.clock.full(since, Own::Beside))]);
    }
    let ended = subject.components.iter().filter_map(|(_, facts)| facts.last_trouble_ended);
    match ended.max_by_key(at) {
        Some(ended) => pen.html(T::component_last_trouble, &[("time", &pen.clock.full(ended, Own::No))]),
        None => Html::text(&pen.word(T::component_no_trouble)),
    }
}

fn lead_description(pen: &Pen<'_>, subject: &Subject<'_>, lead: &Lead) -> String {
    let state = lead.mark.as_ref().map_or("", |mark| &mark.label);
    let mut text = pen.text(T::component_description, &[("component", subject.name), ("state", state)]);
    if let Some(description) = subject.description {
        text.push(' ');
        text.push_str(description);
    }
    text
}

/// All that the page of a component's year may look at.
#[derive(Hash)]
struct YearInput<'a> {
    component: &'a Component,
    year: i16,
    years: Arc<[i16]>,
    rows: Rows<'a>,
}

fn one_year(shared: &Shared<'_>, input: &YearInput<'_>) -> Result<Vec<u8>, RenderError> {
    let YearInput { component, year, ref years, ref rows } = *input;
    let pen = Pen::new(shared, "../../../");
    let title = pen.text(T::component_year, &[("component", &component.name), ("year", &year.to_string())]);
    let back = pen.link(&format!("components/{}/", component.id), &Html::text(&component.name));
    let view = YearView {
        rows: rows.iter().map(|entry| pen.history_row(entry)).collect(),
        years: years.iter().map(|other| year_link(&pen, component, *other, Some(year))).collect(),
        page: pen.page(About {
            frame: pen.frame(Nav::Status, Place::Below)?,
            title: &title,
            description: title.clone(),
            path: &format!("components/{}/{year}/", component.id),
            state: "none",
            og_type: "website",
            live: None,
            feed: None,
        }),
        lead: Lead {
            title: title.clone(),
            lines: vec![pen.html(T::component_now, &[("component", &back)])],
            ..Lead::default()
        },
    };
    print(shared, "pages/component_year.html", &view)
}

fn year_link(pen: &Pen<'_>, component: &Component, year: i16, here: Option<i16>) -> Link {
    let href = pen.url(&format!("components/{}/{year}/", component.id));
    let current = (here == Some(year)).then_some("page");
    Link { current, ..Link::new(href, Html::text(&year.to_string())) }
}

/// Indexes of incidents by the year in which they began, newest first in each.
fn by_year(all: All<'_>, indexes: &[usize]) -> BTreeMap<i16, Vec<usize>> {
    let mut years: BTreeMap<i16, Vec<usize>> = BTreeMap::new();
    for &index in indexes {
        let Some(facts) = all.derived.incidents.get(index) else { continue };
        years.entry(facts.started.day(&all.site.config).year()).or_default().push(index);
    }
    years
}
