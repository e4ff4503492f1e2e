//! `/incidents/<slug>/`: an incident, maintenance, an announcement or a withdrawn alarm.
//!
//! While it runs the newest word comes first; once it is over the story is told from the beginning. A long stretch of
//! one stage is folded in the middle, so that its turning points can be seen; every update keeps its own address.

mod announced;
mod evidence;
mod plot;
mod record;
mod timeline;
mod tracks;

use std::hash::{Hash, Hasher};
use std::sync::Arc;

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;

use super::frame::{Live, Nav, Place, Shared};
use super::lead::{Lead, Subject};
use super::machine;
use super::pen::{About, Link, Page, Pen};
use super::{All, keyed, print};
use crate::derive::promises::Owed;
use crate::derive::response::Response;
use crate::derive::{IncidentFacts, Measured, Moment, NextUpdate, Phase};
use crate::model::{ComponentState, Delivery, Detection, Incident, Kind, MaintenanceStatus, Slug, Stage, Window};
use crate::render::Html;
use crate::render::i18n::T;
use crate::render::keys::Keys;
use crate::render::markdown;
use crate::render::output::{Class, Key, Output, RenderError};
use evidence::Evidence;
use record::Record;
use timeline::Step;

/// What monitors saw so long before it began, and so long after it ended, is held against it.
const BEFORE: SignedDuration = SignedDuration::from_hours(1);
const AFTER: SignedDuration = SignedDuration::from_hours(24);
/// And at most so much of it.
const OUTSIDE_MAX: usize = 50;

/// All that the page may look at.
struct Input<'a> {
    /// Of the incident, its facts and its report: of all below but detections, targets and the last.
    key: Option<Key>,
    incident: &'a Incident,
    phase: Phase,
    stage: Stage,
    started: Moment,
    ended: Option<Moment>,
    changes: &'a [Vec<(Slug, ComponentState)>],
    states: &'a [(Slug, ComponentState)],
    next_update: Option<NextUpdate>,
    report: Option<Report<'a>>,
    worst: ComponentState,
    response: Option<&'a Response>,
    owed: &'a Owed,
    measured: Option<&'a Measured>,
    /// What monitors saw of it …
    detections: Vec<&'a Detection>,
    /// … and what they saw about that time, of the same components, that no post covers.
    outside: Vec<&'a Detection>,
    /// Which channel had which update when: one list for each update, or none at all.
    deliveries: Vec<Vec<(&'a Slug, &'a Delivery)>>,
    /// Where a link in its text may lead to another file.
    targets: Option<Key>,
    /// Only while it is open.
    live: Option<Live<'a>>,
}

impl Hash for Input<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (self.key, &self.detections, &self.outside, &self.deliveries, self.targets, self.live).hash(state);
    }
}

#[derive(Clone, Copy)]
struct Report<'a> {
    slug: &'a Slug,
    title: &'a str,
    published: Moment,
}

#[derive(Serialize)]
struct View {
    page: Page,
    lead: Lead,
    meanwhile: Option<Html>,
    /// `impact-major`: programs that read the page look for it.
    class: String,
    intro: Option<Html>,
    /// No person wrote it.
    machine: bool,
    record: Option<Record>,
    evidence: Option<Evidence>,
    /// The story is told from its beginning.
    newest_last: bool,
    order: String,
    steps: Vec<Step>,
    affected: Option<String>,
    keep: Vec<Link>,
}

pub(super) fn add<'a>(outputs: &mut Vec<Output<'a>>, shared: &Arc<Shared<'a>>, all: All<'a>, keys: &Keys) {
    for (index, (incident, facts)) in all.site.incidents.iter().zip(&all.derived.incidents).enumerate() {
        let input = input(shared, all, keys, index, incident, facts);
        outputs.extend(keyed(&format!("incidents/{}/index.html", incident.slug), Class::Leaf, shared, input, make));
    }
}

fn input<'a>(
    shared: &Shared<'_>,
    all: All<'a>,
    keys: &Keys,
    index: usize,
    incident: &'a Incident,
    facts: &'a IncidentFacts,
) -> Input<'a> {
    let report = facts.rfo.and_then(|index| {
        let (report, facts) = (all.site.rfos.get(index)?, all.derived.rfos.get(index)?);
        Some(Report { slug: &report.slug, title: &report.title, published: facts.published })
    });
    let open = facts.phase == Phase::Ongoing;
    Input {
        key: keys.incident(index),
        incident,
        phase: facts.phase,
        stage: facts.stage,
        started: facts.started,
        ended: machine::ended(incident, facts),
        changes: &facts.changes,
        states: &facts.states,
        next_update: facts.next_update,
        report,
        worst: facts.worst,
        response: facts.response.as_ref(),
        owed: &facts.owed,
        measured: facts.measured.as_ref(),
        detections: facts.detections.iter().filter_map(|&index| all.site.detections.get(index)).collect(),
        outside: outside(all, incident, facts),
        deliveries: announced::deliveries(&all.site.config, &all.site.deliveries, incident),
        targets: keys.incident_names_files(index).then(|| shared.targets.key()),
        live: open.then_some(Live { now: all.derived.now, commit: all.site.commit.as_deref() }),
    }
}

/// What monitors saw of the same components from an hour before it began to a day after it ended, and nobody explains.
fn outside<'a>(all: All<'a>, incident: &Incident, facts: &IncidentFacts) -> Vec<&'a Detection> {
    if incident.kind != Kind::Incident || facts.detections.is_empty() {
        return Vec::new();
    }
    let at = |moment: Moment| moment.timestamp(&all.site.config);
    let from = at(facts.started).saturating_sub(BEFORE).unwrap_or(Timestamp::MIN);
    let to = facts.ended.map_or(all.derived.now, at).saturating_add(AFTER).unwrap_or(Timestamp::MAX);
    let unexplained = all.derived.unexplained.iter().filter_map(|&index| all.site.detections.get(index));
    let near = unexplained.filter(|one| one.start >= from && one.start <= to);
    let mut near: Vec<_> =
        near.filter(|one| one.components.iter().any(|id| incident.components.contains(id))).take(OUTSIDE_MAX).collect();
    near.sort_by_key(|one| one.start);
    near
}

fn make(shared: &Shared<'_>, input: &Input<'_>) -> Result<Vec<u8>, RenderError> {
    let pen = Pen::new(shared, "../../");
    let incident = input.incident;
    let subject = Subject {
        incident,
        stage: input.stage,
        started: input.started,
        ended: input.ended,
        states: input.states,
        next_update: input.next_update,
        report: input.report.map(|report| (report.slug, report.published)),
        measured: input.measured,
        owed: input.owed,
        first_word: input.response.and_then(|response| Some(response.first_word?.at)),
    };
    let lead = match (input.phase, &input.live) {
        (Phase::Upcoming, _) => pen.lead_planned(subject),
        (_, Some(live)) if incident.kind == Kind::Notice => pen.lead_notice(subject, live),
        (_, Some(live)) => pen.lead_open(subject, live),
        (_, None) => match cancelled(input) {
            Some(window) => pen.lead_cancelled(subject, window),
            None => pen.lead_over(subject),
        },
    };
    let meanwhile = incident.meanwhile.as_ref().filter(|_| input.phase != Phase::Over);
    let newest_first = input.phase != Phase::Over;
    let names = pen.names(&incident.components);
    let steps = timeline::steps(&pen, input, subject, newest_first);
    let view = View {
        meanwhile: meanwhile.map(|text| pen.told(incident, text)),
        class: class(incident),
        intro: incident.intro.as_ref().map(|text| pen.told(incident, text)).filter(|html| !html.is_empty()),
        machine: incident.kind == Kind::Notice,
        record: record::record(&pen, input),
        evidence: evidence::evidence(&pen, input),
        order: pen.count(
            if newest_first { T::updates_newest_first } else { T::updates_oldest_first },
            incident.updates.len(),
            &[],
        ),
        newest_last: !newest_first,
        steps,
        affected: affected(&pen, input, &names),
        keep: keep(&pen, input),
        page: page(&pen, input, &lead)?,
        lead,
    };
    print(shared, "pages/incident.html", &view)
}

/// The day that a reader of the page has in mind: times of that day stand alone.
fn first_day(pen: &Pen<'_>, input: &Input<'_>) -> Date {
    pen.clock.day_of(input.live.as_ref().map_or(input.started, |live| Moment::At(live.now)))
}

/// The time for which work was planned that was called off.
fn cancelled(input: &Input<'_>) -> Option<Window> {
    match (&input.incident.kind, input.stage) {
        (Kind::Maintenance(window), Stage::Maintenance(MaintenanceStatus::Cancelled)) => Some(*window),
        _ => None,
    }
}

/// From when to when it was, or should have been.
fn span(input: &Input<'_>) -> (Moment, Option<Moment>) {
    let (started, ended) = match cancelled(input).and_then(|window| Some((window.starts?, window.ends))) {
        Some((starts, ends)) => (Moment::At(starts), ends.map(Moment::At)),
        None => (input.started, input.ended),
    };
    (started, ended.filter(|ended| *ended != started))
}

fn page(pen: &Pen<'_>, input: &Input<'_>, lead: &Lead) -> Result<Page, RenderError> {
    let incident = input.incident;
    let state = lead.mark.as_ref().map_or("none", |mark| mark.state);
    let stage = pen.word(super::mark::stage_word(input.stage, &incident.kind));
    let (started, ended) = span(input);
    let day = pen.clock.date_text(pen.clock.day_of(started));
    let when = match ended {
        Some(ended) => pen.clock.range_text(started, ended),
        None => pen.clock.full_text(started),
    };
    let title = match input.live {
        Some(_) => incident.title.clone(),
        None => pen.text(T::title_with_day, &[("title", &incident.title), ("day", &day)]),
    };
    let description = match (input.live, lead.mark.as_ref()) {
        (Some(_), Some(mark)) => pen.open_description(&mark.label, incident, input.started, input.next_update),
        _ => pen.text(T::description_over, &[("stage", &stage), ("title", &incident.title), ("time", &when)]),
    };
    Ok(pen.page(About {
        frame: pen.shared.frame("../../", Nav::History, Place::Below)?,
        title: &title,
        description,
        path: &format!("incidents/{}/", incident.slug),
        state,
        og_type: "article",
        live: input.live.as_ref(),
        feed: Some("feed.atom".to_owned()),
    }))
}

fn class(incident: &Incident) -> String {
    match incident.kind {
        Kind::Maintenance(_) => "impact-maintenance".to_owned(),
        Kind::Incident | Kind::Notice => format!("impact-{}", incident.impact.word()),
        Kind::Info | Kind::FalseAlarm => "impact-none".to_owned(),
    }
}

/// The sentence that Statuspage's own pages end with; programs that read the page look for it.
fn affected(pen: &Pen<'_>, input: &Input<'_>, names: &str) -> Option<String> {
    // What did not take place touched nothing.
    if cancelled(input).is_some() {
        return None;
    }
    let key = match (&input.incident.kind, input.phase) {
        (Kind::Maintenance(_), Phase::Over) => T::maintenance_affected,
        (Kind::Maintenance(_), Phase::Upcoming | Phase::Ongoing) => T::maintenance_affects,
        (Kind::Incident | Kind::Notice, Phase::Over) => T::incident_affected,
        (Kind::Incident | Kind::Notice, Phase::Upcoming | Phase::Ongoing) => T::incident_affects,
        (Kind::Info | Kind::FalseAlarm, _) => return None,
    };
    (!names.is_empty()).then(|| pen.text(key, &[("components", names)]))
}

fn keep(pen: &Pen<'_>, input: &Input<'_>) -> Vec<Link> {
    let path = format!("incidents/{}/", input.incident.slug);
    let mut keep = vec![
        Link::new(pen.url(&path), Html::text(&pen.word(T::permanent_link))),
        Link::new(pen.url(&format!("{path}feed.atom")), Html::text(&pen.word(T::incident_feed))),
    ];
    if input.phase == Phase::Upcoming {
        keep.push(Link::new(pen.url("calendar.ics"), Html::text(&pen.word(T::add_to_calendar))));
    }
    keep
}

impl Pen<'_> {
    /// What goes on, in words, for search results and link previews. Only times that stay true.
    pub(super) fn open_description(
        &self,
        state: &str,
        incident: &Incident,
        started: Moment,
        next: Option<NextUpdate>,
    ) -> String {
        let mut text = self.text(
            T::description_open,
            &[("state", state), ("title", &incident.title), ("time", &self.clock.full_text(started))],
        );
        let mut add = |key: T, name: &str, value: &str| {
            text.push(' ');
            text.push_str(&self.text(key, &[(name, value)]));
        };
        if let Some(affected) = &incident.affected {
            add(T::description_affected, "affected", affected);
        }
        if let Some(works) = &incident.works {
            add(T::description_works, "works", &markdown::plain(works));
        }
        if let Some(next) = next {
            add(T::description_next, "time", &self.clock.full_text(Moment::At(next.at)));
        }
        text
    }
}
