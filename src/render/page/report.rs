//! `/rfo/<slug>/`: the report afterwards. When, how long, for whom and why in three facts; then the author's words; then
//! what was promised and how that stands. Prints like a report.

use std::sync::Arc;

use serde::Serialize;

use super::frame::{Nav, Place, Shared};
use super::lead::{Lead, joined};
use super::mark::Mark;
use super::pen::{About, Fact, Link, Page, Pen};
use super::{All, keyed, print};
use crate::derive::{FollowUpState, Moment};
use crate::model::{Accounts, FollowUp, Rfo, Slug};
use crate::render::Html;
use crate::render::i18n::T;
use crate::render::keys::{Keyed, Keys};
use crate::render::markdown;
use crate::render::output::{Class, Key, Output, RenderError};
use crate::render::phrase::phrase;
use crate::render::time::Own;

/// All that the page may look at.
#[derive(Hash)]
struct Input<'a> {
    report: Keyed<&'a Rfo>,
    published: Moment,
    /// One for each follow-up.
    follow_ups: &'a [FollowUpState],
    about: Option<Explained<'a>>,
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
}

#[derive(Serialize)]
struct View {
    page: Page,
    lead: Lead,
    sections: Vec<Section>,
    promised: Option<Promised>,
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

#[derive(Serialize)]
struct Promised {
    caption: String,
    rows: Vec<Promise>,
}

#[derive(Serialize)]
struct Promise {
    what: Html,
    mark: Mark,
    due: Html,
    evidence: Option<String>,
}

pub(super) fn add<'a>(outputs: &mut Vec<Output<'a>>, shared: &Arc<Shared<'a>>, all: All<'a>, keys: &Keys) {
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
            })
        });
        let targets = keys.rfo_names_files(index).then(|| shared.targets.key());
        let report = Keyed { value: report, key: keys.rfo(index) };
        let input = Input { report, published: facts.published, follow_ups: &facts.follow_ups, about, targets };
        let path = format!("rfo/{}/index.html", input.report.value.slug);
        outputs.extend(keyed(&path, Class::Leaf, shared, input, make));
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
        let accounts = about.accounts.map(|accounts| Html::text(&pen.accounts(accounts)));
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
        promise(pen, follow_up, *state, what)
    });
    Some(Promised { caption, rows: rows.collect() })
}

fn promise(pen: &Pen<'_>, follow_up: &FollowUp, state: FollowUpState, what: Html) -> Promise {
    let done = follow_up.done.map(|day| pen.clock.date_text(day)).unwrap_or_default();
    let label = match state {
        FollowUpState::Overdue => pen.word(T::promise_overdue),
        FollowUpState::Due => pen.word(T::promise_due),
        FollowUpState::Open => pen.word(T::promise_open),
        FollowUpState::DoneLate(days) => {
            pen.count(T::promise_done_late, usize::try_from(days).unwrap_or(0), &[("day", &done)])
        }
        FollowUpState::Done => pen.text(T::promise_done, &[("day", &done)]),
        FollowUpState::Dropped => pen.word(T::promise_dropped),
    };
    let due = match follow_up.due {
        Some(day) => pen.clock.date(day),
        None => Html::text(&pen.word(T::promise_no_date)),
    };
    Promise {
        what,
        mark: pen.follow_up(state, label),
        due,
        evidence: follow_up.link.as_deref().map(|url| super::frame::outside(pen.root, url)),
    }
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
