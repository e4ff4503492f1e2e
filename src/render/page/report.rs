//! `/rfo/<slug>/`: the report afterwards. When, how long, for whom and why in three facts; then the author's words; then
//! what was promised and how that stands. Prints like a report.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;
use serde::Serialize;

use super::edits::Edited;
use super::frame::{Nav, Place, Shared};
use super::lead::{Lead, joined};
use super::pen::{About, Fact, Link, Page, Pen, anchor};
use super::promises::PromiseRow;
use super::{All, keyed, print};
use crate::derive::accounts::AccountMinutes;
use crate::derive::promises::Owed;
use crate::derive::response::record::cause_key;
use crate::derive::{FollowUpState, Moment};
use crate::model::{Accounts, ComponentState, Kind, Rfo, Slug};
use crate::render::Html;
use crate::render::i18n::T;
use crate::render::keys::{Keyed, Keys};
use crate::render::markdown;
use crate::render::output::{Class, Key, Output, RenderError};
use crate::render::phrase::phrase;
use crate::render::time::Own;

/// So many earlier incidents are listed.
const BEFORE_MAX: usize = 8;

/// All that the page may look at.
#[derive(Hash)]
struct Input<'a> {
    report: Keyed<&'a Rfo>,
    published: Moment,
    /// One for each follow-up.
    follow_ups: &'a [FollowUpState],
    about: Option<Explained<'a>>,
    /// Newest first.
    before: Vec<Before<'a>>,
    /// Where a link in its text may lead to another file.
    targets: Option<Key>,
}

/// What the page tells of the incident that it explains.
#[derive(Hash)]
struct Explained<'a> {
    slug: &'a Slug,
    title: &'a str,
    started: Moment,
    ended: Option<Moment>,
    affected: Option<&'a str>,
    accounts: Option<&'a Accounts>,
    updates: usize,
    owed: &'a Owed,
    account_minutes: AccountMinutes,
    /// What monitors measured: from when to when.
    measured: Option<(jiff::Timestamp, Option<jiff::Timestamp>)>,
}

/// An incident before it that touched the same components or had the same cause.
#[derive(Hash)]
struct Before<'a> {
    slug: &'a Slug,
    title: &'a str,
    started: Moment,
    length: Option<jiff::SignedDuration>,
    worst: ComponentState,
    same_cause: bool,
    report: Option<&'a Slug>,
}

#[derive(Serialize)]
struct View {
    page: Page,
    lead: Lead,
    sections: Vec<Section>,
    promised: Option<Promised>,
    edits: Vec<Edited>,
    before: Vec<Earlier>,
    keep: Vec<Link>,
}

#[derive(Serialize)]
struct Section {
    heading: Option<Heading>,
    body: Html,
}

#[derive(Serialize)]
struct Heading {
    id: String,
    title: Html,
}

/// An incident before it.
#[derive(Serialize)]
struct Earlier {
    title: Html,
    note: Html,
}

#[derive(Serialize)]
struct Promised {
    caption: String,
    rows: Vec<PromiseRow>,
}

pub(super) fn add<'a>(outputs: &mut Vec<Output<'a>>, shared: &Arc<Shared<'a>>, all: All<'a>, keys: &Keys) {
    let alike = Alike::of(all);
    for (index, (report, facts)) in all.site.rfos.iter().zip(&all.derived.rfos).enumerate() {
        let about = facts.incident.and_then(|index| {
            let (incident, facts) = (all.site.incidents.get(index)?, all.derived.incidents.get(index)?);
            Some(Explained {
                slug: &incident.slug,
                title: &incident.title,
                started: facts.started,
                ended: facts.ended,
                affected: incident.affected.as_deref(),
                accounts: incident.accounts.as_ref(),
                updates: incident.updates.len(),
                owed: &facts.owed,
                account_minutes: account_minutes(all, incident.accounts.as_ref(), facts.length),
                measured: facts.measured.as_ref().map(|measured| (measured.start, measured.end)),
            })
        });
        let before = alike.before(index);
        let targets = keys.rfo_names_files(index).then(|| shared.targets.key());
        let report = Keyed { value: report, key: keys.rfo(index) };
        let input = Input { report, published: facts.published, follow_ups: &facts.follow_ups, about, before, targets };
        let path = format!("rfo/{}/index.html", input.report.value.slug);
        outputs.extend(keyed(&path, Class::Leaf, shared, input, make));
    }
}

fn account_minutes(all: All<'_>, accounts: Option<&Accounts>, length: Option<jiff::SignedDuration>) -> AccountMinutes {
    let mut sum = AccountMinutes::default();
    if let Some(length) = length {
        sum.add(accounts, length, &all.site.config);
    }
    sum
}

/// Disturbances by what they have in common, each newest first.
struct Alike<'a> {
    all: All<'a>,
    /// One for each incident.
    started: Vec<Timestamp>,
    by_component: BTreeMap<&'a Slug, Vec<usize>>,
    by_cause: BTreeMap<String, Vec<usize>>,
}

impl<'a> Alike<'a> {
    fn of(all: All<'a>) -> Alike<'a> {
        let config = &all.site.config;
        let started: Vec<Timestamp> =
            all.derived.incidents.iter().map(|facts| facts.started.timestamp(config)).collect();
        let mut newest: Vec<usize> = (0..started.len()).collect();
        newest.sort_by_key(|&index| std::cmp::Reverse(started.get(index)));
        let mut alike = Alike { all, started, by_component: BTreeMap::new(), by_cause: BTreeMap::new() };
        for index in newest {
            let Some(entry) = all.entry(index).filter(|entry| entry.incident.kind == Kind::Incident) else { continue };
            for id in &entry.incident.components {
                alike.by_component.entry(id).or_default().push(index);
            }
            if let Some(cause) = entry.report.and_then(|(rfo, _)| rfo.cause.as_deref()) {
                alike.by_cause.entry(cause_key(cause)).or_default().push(index);
            }
        }
        alike
    }

    /// Incidents before the one that a report explains, of the same cause first, then of the same components; newest first.
    fn before(&self, report: usize) -> Vec<Before<'a>> {
        let of = self.all.derived.rfos.get(report).and_then(|facts| facts.incident);
        let Some((own, started)) = of.and_then(|own| Some((self.all.entry(own)?, *self.started.get(own)?))) else {
            return Vec::new();
        };
        let earlier = |indexes: &'_ Vec<usize>| -> Vec<usize> {
            let first = indexes.partition_point(|&index| self.started.get(index).is_some_and(|at| *at >= started));
            indexes.get(first..).unwrap_or_default().iter().copied().take(BEFORE_MAX).collect()
        };
        let cause = self.all.site.rfos.get(report).and_then(|rfo| rfo.cause.as_deref()).map(cause_key);
        let of_cause = cause.and_then(|cause| self.by_cause.get(&cause)).map(earlier).unwrap_or_default();
        let of_components = own.incident.components.iter().filter_map(|id| self.by_component.get(id)).flat_map(earlier);
        let mut others: Vec<usize> = of_components.filter(|index| !of_cause.contains(index)).collect();
        others.sort_by_key(|&index| std::cmp::Reverse((self.started.get(index), index)));
        others.dedup();
        let same = of_cause.iter().map(|&index| (index, true));
        let all = same.chain(others.iter().map(|&index| (index, false))).take(BEFORE_MAX);
        all.filter_map(|(index, same_cause)| self.one(index, same_cause)).collect()
    }

    fn one(&self, index: usize, same_cause: bool) -> Option<Before<'a>> {
        let entry = self.all.entry(index)?;
        Some(Before {
            slug: &entry.incident.slug,
            title: &entry.incident.title,
            started: entry.facts.started,
            length: entry.facts.length,
            worst: entry.facts.worst,
            same_cause,
            report: entry.report.map(|(rfo, _)| &rfo.slug),
        })
    }
}

fn earlier(pen: &Pen<'_>, before: &Before<'_>) -> Earlier {
    let when = pen.clock.full(before.started, Own::No);
    let length = before.length.map(|length| Html::text(&pen.clock.duration(length)));
    let cause = before.same_cause.then(|| Html::text(&pen.word(T::report_same_cause)));
    let state = (before.worst > ComponentState::Operational)
        .then(|| Html::text(&pen.word(super::mark::component_word(before.worst))));
    let report = before.report.map(|slug| pen.link(&format!("rfo/{slug}/"), &Html::text(&pen.word(T::report))));
    Earlier {
        title: anchor(&pen.url(&format!("incidents/{}/", before.slug)), &Html::text(before.title)),
        note: pen.notes(&[Some(when), length, state, cause, report].into_iter().flatten().collect::<Vec<_>>()),
    }
}

fn make(shared: &Shared<'_>, input: &Input<'_>) -> Result<Vec<u8>, RenderError> {
    let pen = Pen::new(shared, "../../");
    let report = input.report.value;
    let path = format!("rfo/{}/", report.slug);
    let sections = pen.with_links(&path, &report.source, |links| markdown::sections(&report.body, links));
    let description = match &report.cause {
        Some(cause) => format!("{}. {cause}.", report.title),
        None => report.title.clone(),
    };
    let lead = lead(&pen, input);
    let promised = promised(&pen, input, &path);
    let view = View {
        sections: sections
            .into_iter()
            .map(|section| Section { heading: section.heading.map(Heading::from), body: section.body })
            .collect(),
        promised,
        edits: pen.edits(&report.edits, pen.clock.day_of(input.published)),
        before: input.before.iter().map(|before| earlier(&pen, before)).collect(),
        keep: keep(&pen, input, &path),
        page: pen.page(About {
            frame: shared.frame("../../", Nav::Reports, Place::Below)?,
            title: &report.title,
            description,
            path: &path,
            state: "none",
            og_type: "article",
            live: None,
            feed: None,
        }),
        lead,
    };
    print(shared, "pages/report.html", &view)
}

impl From<markdown::SectionHeading> for Heading {
    fn from(heading: markdown::SectionHeading) -> Heading {
        Heading { id: heading.id, title: heading.title }
    }
}

fn lead(pen: &Pen<'_>, input: &Input<'_>) -> Lead {
    let report = input.report.value;
    let day = pen.clock.date(pen.clock.day_of(input.published));
    let mut line = vec![match report.authors.as_slice() {
        [] => pen.html(T::report_published_on, &[("day", &day)]),
        [first, others @ ..] => {
            let authors = Html::text(&people(pen, first, others));
            pen.html(T::report_published_by, &[("day", &day), ("authors", &authors)])
        }
    }];
    line.extend(
        input
            .about
            .as_ref()
            .and_then(|about| pen.kept_day(about.owed))
            .map(|kept| pen.html(T::report_kept, &[("kept", &kept)])),
    );
    line.extend(corrected(pen, input));
    line.extend(input.about.as_ref().map(|about| {
        let link = pen.link(&format!("incidents/{}/", about.slug), &Html::text(about.title));
        pen.html(T::report_about, &[("incident", &link)])
    }));
    Lead {
        mark: Some(pen.published(T::report)),
        title: report.title.clone(),
        lines: vec![joined(&line)],
        facts: facts(pen, input),
        ..Lead::default()
    }
}

/// `Corrected once, 6 April.`
fn corrected(pen: &Pen<'_>, input: &Input<'_>) -> Option<Html> {
    let edits = &input.report.value.edits;
    let last = pen.clock.date_near(pen.clock.day_of(Moment::At(edits.last()?.at)), pen.clock.day_of(input.published));
    let times = Html::text(&pen.count(T::report_corrected_times, edits.len(), &[]));
    Some(pen.html(T::report_corrected, &[("times", &times), ("day", &last)]))
}

/// `A`, `A and B`, `A, B and C`
fn people(pen: &Pen<'_>, first: &str, others: &[String]) -> String {
    let Some((last, between)) = others.split_last() else { return first.to_owned() };
    let separator = pen.word(T::list_separator);
    let list = between.iter().fold(first.to_owned(), |list, name| list + &separator + name);
    pen.text(T::list_last, &[("list", &list), ("last", last)])
}

fn facts(pen: &Pen<'_>, input: &Input<'_>) -> Vec<Fact> {
    let mut facts = Vec::new();
    if let Some(about) = &input.about {
        facts.push(when(pen, about));
        let minutes = pen.account_minutes(&about.account_minutes).map(|(text, _)| Html::text(&text));
        let accounts = about.accounts.map(|accounts| Html::text(&pen.accounts(accounts)));
        let accounts =
            accounts.map(|accounts| pen.notes(&[Some(accounts), minutes].into_iter().flatten().collect::<Vec<_>>()));
        facts.extend(match (about.affected.map(phrase), accounts) {
            (Some(affected), accounts) => Some(pen.fact(T::report_for_whom, affected, accounts)),
            (None, Some(accounts)) => Some(pen.fact(T::report_for_whom, accounts, None)),
            (None, None) => None,
        });
    }
    facts.extend(input.report.value.cause.as_ref().map(|cause| pen.fact(T::report_cause, phrase(cause), None)));
    facts
}

fn when(pen: &Pen<'_>, about: &Explained<'_>) -> Fact {
    let Some(ended) = about.ended.filter(|ended| *ended != about.started) else {
        return pen.fact(T::report_when, pen.clock.full(about.started, Own::No), None);
    };
    let range = pen.clock.range_full(about.started, ended);
    let measured = about.measured.and_then(|(start, end)| {
        let day = pen.clock.day_of(about.started);
        let range = pen.clock.range_near(Moment::At(start), Moment::At(end?), day);
        Some(pen.html(T::report_measured, &[("range", &range)]))
    });
    let range = pen.notes(&[Some(range), measured].into_iter().flatten().collect::<Vec<_>>());
    match pen.clock.between(about.started, ended) {
        Some(length) => pen.fact(T::report_when, Html::text(&length), Some(range)),
        None => pen.fact(T::report_when, range, None),
    }
}

fn promised(pen: &Pen<'_>, input: &Input<'_>, path: &str) -> Option<Promised> {
    let states = input.follow_ups;
    if states.is_empty() {
        return None;
    }
    let done = states.iter().all(|state| matches!(state, FollowUpState::Done | FollowUpState::DoneLate(_)));
    let caption = pen.promises(if done { T::report_table_done } else { T::report_table }, states);
    let rows = input.report.value.follow_ups.iter().zip(states).map(|(follow_up, state)| {
        let source = &input.report.value.source;
        let what = pen.with_links(path, source, |links| markdown::inline(&follow_up.what, links));
        pen.promise_row(follow_up, *state, what)
    });
    Some(Promised { caption, rows: rows.collect() })
}

fn keep(pen: &Pen<'_>, input: &Input<'_>, path: &str) -> Vec<Link> {
    let mut keep = vec![Link::new(pen.url(path), Html::text(&pen.word(T::permanent_link)))];
    keep.extend(input.about.as_ref().map(|about| {
        let text = pen.count(T::the_incident, about.updates, &[]);
        Link::new(pen.url(&format!("incidents/{}/", about.slug)), Html::text(&text))
    }));
    keep.push(Link::new(pen.url("rfo/"), Html::text(&pen.word(T::all_reports))));
    keep.push(Link::new(pen.url("rfo/feed.atom"), Html::text(&pen.word(T::reports_feed))));
    keep
}
