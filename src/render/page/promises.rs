//! `/promises/`: everything that reports promised, newest trouble first, and how each quarter's promises ended.

use std::sync::Arc;

use serde::Serialize;

use super::frame::{Nav, Place, Shared};
use super::lead::Lead;
use super::mark::Mark;
use super::pen::{About, Link, Page, Pen, anchor};
use super::tables::{Column, Table};
use super::{All, print};
use crate::derive::promises::{Entry, Owed, Tally};
use crate::derive::response::Standing;
use crate::derive::{FollowUpState, Moment};
use crate::model::FollowUp;
use crate::render::Html;
use crate::render::i18n::T;
use crate::render::markdown;
use crate::render::output::{Class, Output, RenderError};

/// So many stand on the front page.
const FRONT_MAX: usize = 5;

#[derive(Serialize)]
struct View {
    page: Page,
    lead: Lead,
    /// Reports that should be there.
    reports: Vec<Overdue>,
    rows: Vec<PromiseRow>,
    caption: String,
    quarters: Option<Table>,
    feeds: Vec<Link>,
}

/// Something that should be done by now.
#[derive(Serialize)]
pub(super) struct Overdue {
    title: Html,
    mark: Mark,
    note: Html,
}

/// A promise in a table.
#[derive(Serialize)]
pub(super) struct PromiseRow {
    what: Html,
    mark: Mark,
    due: Html,
    /// What the day was before, who does it, why it was dropped.
    notes: Vec<Html>,
    evidence: Option<String>,
    /// The report that made it.
    report: Option<Html>,
}

pub(super) fn add<'a>(outputs: &mut Vec<Output<'a>>, shared: &Arc<Shared<'a>>, all: All<'a>) {
    let shared = Arc::clone(shared);
    outputs.extend(super::page("promises/index.html", Class::Index, move || make(&shared, all)));
}

fn make(shared: &Shared<'_>, all: All<'_>) -> Result<Vec<u8>, RenderError> {
    let pen = Pen::new(shared, "../");
    let title = pen.word(T::promises_title);
    let ledger = &all.derived.promises;
    let line = match ledger.all.count() {
        0 => pen.word(T::promises_none),
        _ => pen.word(T::promises_lead),
    };
    let rows = ledger.entries.iter().filter_map(|entry| {
        let (report, facts) = (all.site.rfos.get(entry.rfo)?, all.derived.rfos.get(entry.rfo)?);
        let follow_up = report.follow_ups.get(entry.follow_up)?;
        let path = format!("rfo/{}/", report.slug);
        let what = pen.with_links(&path, &report.source, |links| markdown::inline(&follow_up.what, links));
        let day = pen.clock.date(pen.clock.day_of(facts.published));
        let link = pen.link(&path, &pen.html(T::promise_report_of, &[("day", &day)]));
        Some(PromiseRow { report: Some(link), ..pen.promise_row(follow_up, entry.state, what) })
    });
    let feeds = [
        ("promises/feed.atom", T::feed_atom),
        ("promises/feed.rss", T::feed_rss),
        ("promises/feed.json", T::feed_json),
    ];
    let view = View {
        reports: reports(&pen, all),
        rows: rows.collect(),
        caption: pen.tally(ledger.all, true),
        quarters: quarters(&pen, &all.derived.record.quarters),
        feeds: feeds.into_iter().map(|(path, key)| Link::new(pen.url(path), Html::text(&pen.word(key)))).collect(),
        page: pen.page(About {
            frame: pen.frame(Nav::Response, Place::Below)?,
            title: &title,
            description: line.clone(),
            path: "promises/",
            state: "none",
            og_type: "website",
            live: None,
            feed: Some("feed.atom".to_owned()),
        }),
        lead: Lead { title: title.clone(), lines: vec![Html::text(&line)], ..Lead::default() },
    };
    print(shared, "pages/promises.html", &view)
}

fn reports(pen: &Pen<'_>, all: All<'_>) -> Vec<Overdue> {
    let report = |&index: &usize| {
        let entry = all.entry(index)?;
        let Owed::Overdue(due) = entry.facts.owed else { return None };
        let title = anchor(&pen.url(&entry.path()), &Html::text(&entry.incident.title));
        let day = pen.clock.date(pen.clock.day_of(entry.facts.started));
        Some(Overdue {
            title: pen.html(T::report_on, &[("title", &title), ("day", &day)]),
            mark: pen.overdue(pen.word(T::promise_overdue)),
            note: pen.html(T::was_due, &[("day", &pen.clock.date(due))]),
        })
    };
    all.derived.promises.reports_overdue.iter().filter_map(report).collect()
}

/// Reports that are owed and not there, the overdue ones first, then by the day on which they are due.
pub(super) fn owed(pen: &Pen<'_>, all: All<'_>) -> Vec<Overdue> {
    let due = |index: usize| match all.derived.incidents.get(index).map(|facts| &facts.owed) {
        Some(Owed::Due(day)) => Some((*day, index)),
        Some(Owed::No | Owed::Waived(_) | Owed::Running | Owed::Overdue(_) | Owed::Published { .. }) | None => None,
    };
    let mut dues: Vec<_> = (0..all.derived.incidents.len()).filter_map(due).collect();
    dues.sort_unstable();
    let row = |(due, index)| {
        let entry = all.entry(index)?;
        let title = anchor(&pen.url(&entry.path()), &Html::text(&entry.incident.title));
        let day = pen.clock.date(pen.clock.day_of(entry.facts.started));
        Some(Overdue {
            title: pen.html(T::report_on, &[("title", &title), ("day", &day)]),
            mark: pen.follow_up(FollowUpState::Due, pen.word(T::promise_due)),
            note: pen.html(T::rfo_due, &[("day", &pen.clock.date(due))]),
        })
    };
    reports(pen, all).into_iter().chain(dues.into_iter().filter_map(row)).collect()
}

/// What should be done by now, for the front page: reports, then promises, the longest overdue first.
pub(super) fn overdue(pen: &Pen<'_>, all: All<'_>) -> Vec<Overdue> {
    let promises = all.derived.promises.entries.iter().filter(|entry| entry.state == FollowUpState::Overdue);
    let promise = |entry: &Entry| {
        let (report, facts) = (all.site.rfos.get(entry.rfo)?, all.derived.rfos.get(entry.rfo)?);
        let follow_up = report.follow_ups.get(entry.follow_up)?;
        let path = format!("rfo/{}/", report.slug);
        let day = pen.clock.date(pen.clock.day_of(facts.published));
        let link = pen.link(&path, &pen.html(T::promise_report_of, &[("day", &day)]));
        let due = pen.html(T::was_due, &[("day", &pen.clock.date(follow_up.due?))]);
        Some(Overdue {
            title: pen.with_links(&path, &report.source, |links| markdown::inline(&follow_up.what, links)),
            mark: pen.overdue(pen.word(T::promise_overdue)),
            note: pen.notes(&[due, link]),
        })
    };
    reports(pen, all).into_iter().chain(promises.filter_map(promise)).take(FRONT_MAX).collect()
}

type Of = fn(&Tally) -> u32;

/// How the promises of each quarter ended, by the day on which they fell due.
fn quarters(pen: &Pen<'_>, quarters: &[Standing]) -> Option<Table> {
    let told: Vec<&Standing> = quarters.iter().filter(|standing| standing.all.promises.count() > 0).collect();
    if told.is_empty() {
        return None;
    }
    let number = |of: Of| -> Vec<Option<Html>> {
        let cell = |standing: &&Standing| {
            let number = of(&standing.all.promises);
            (number > 0).then(|| Html::text(&pen.clock.i18n.number(u64::from(number))))
        };
        told.iter().map(cell).collect()
    };
    let columns: [(T, Of); 5] = [
        (T::column_kept, |tally| tally.kept),
        (T::column_late, |tally| tally.late),
        (T::column_overdue, |tally| tally.overdue),
        (T::column_open, |tally| tally.open),
        (T::column_dropped, |tally| tally.dropped),
    ];
    let columns = columns.into_iter().map(|(title, of)| Column { title: pen.word(title), cells: number(of) });
    let heads = told
        .iter()
        .map(|standing| pen.link(&format!("response/{}/", standing.period), &Html::text(&pen.period(standing.period))));
    Some(Table::new(
        pen.word(T::promises_by_quarter),
        pen.word(T::response_quarter),
        heads.collect(),
        columns.collect(),
    ))
}

impl Pen<'_> {
    /// A promise, without the report that made it.
    pub(super) fn promise_row(&self, follow_up: &FollowUp, state: FollowUpState, what: Html) -> PromiseRow {
        let done = follow_up.done.map(|day| self.clock.date_text(day)).unwrap_or_default();
        let label = match state {
            FollowUpState::Overdue => self.word(T::promise_overdue),
            FollowUpState::Due => self.word(T::promise_due),
            FollowUpState::Open => self.word(T::promise_open),
            FollowUpState::DoneLate(days) => {
                self.count(T::promise_done_late, usize::try_from(days).unwrap_or(0), &[("day", &done)])
            }
            FollowUpState::Done => self.text(T::promise_done, &[("day", &done)]),
            FollowUpState::Dropped => self.word(T::promise_dropped),
        };
        let due = match follow_up.due {
            Some(day) => self.clock.date(day),
            None => Html::text(&self.word(T::promise_no_date)),
        };
        let before = follow_up.due_before.first().map(|(day, at)| {
            let changes = follow_up.due_before.len();
            let since = self.clock.date(self.clock.day_of(Moment::At(*at)));
            let first = self.clock.date(*day);
            let text = self.html(T::promise_first_for, &[("day", &first), ("since", &since)]);
            match changes {
                1 => text,
                _ => self.notes(&[text, Html::text(&self.count(T::promise_put_off, changes, &[]))]),
            }
        });
        let owner = follow_up.owner.as_ref().map(|owner| Html::text(&self.text(T::promise_owner, &[("owner", owner)])));
        let dropped = follow_up.dropped.as_deref().filter(|_| state == FollowUpState::Dropped).map(Html::text);
        PromiseRow {
            what,
            mark: self.follow_up(state, label),
            due,
            notes: [owner, before, dropped].into_iter().flatten().collect(),
            evidence: follow_up.link.as_deref().map(|url| super::frame::outside(self.root, url)),
            report: None,
        }
    }
}
