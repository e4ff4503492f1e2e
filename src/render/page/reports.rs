//! `/rfo/` and `/rfo/<yyyy>/`: the archive of reports, by the year in which they were published.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Serialize;

use super::frame::{Nav, Place, Shared};
use super::lead::Lead;
use super::mark::Mark;
use super::pen::{About, Link, Page, Pen};
use super::{All, print};
use crate::derive::FollowUpState;
use crate::derive::response::record::cause_key;
use crate::render::Html;
use crate::render::i18n::T;
use crate::render::output::{Class, Output, RenderError};

/// The first page shows so many of the newest.
const NEWEST_MAX: usize = 20;

/// A report in a list.
#[derive(Serialize)]
pub(super) struct ReportRow {
    href: String,
    title: String,
    mark: Mark,
    note: Html,
}

#[derive(Serialize)]
struct View {
    page: Page,
    lead: Lead,
    heading: String,
    /// Reports that should come.
    owed: Vec<super::promises::Overdue>,
    rows: Vec<ReportRow>,
    /// What happened more than once.
    causes: Vec<Cause>,
    years: Vec<Link>,
}

/// A cause, with the reports that name it.
#[derive(Serialize)]
struct Cause {
    name: String,
    reports: Vec<Link>,
}

pub(super) fn add<'a>(outputs: &mut Vec<Output<'a>>, shared: &Arc<Shared<'a>>, all: All<'a>) {
    let years: Arc<BTreeMap<i16, Vec<usize>>> = Arc::new(by_year(all));
    for year in years.keys().copied().map(Some).chain([None]) {
        let path = year.map_or_else(|| "rfo/index.html".to_owned(), |year| format!("rfo/{year}/index.html"));
        let (shared, years) = (Arc::clone(shared), Arc::clone(&years));
        outputs.extend(super::page(&path, Class::Index, move || make(&shared, all, &years, year)));
    }
}

/// The newest, or those of one year.
fn make(
    shared: &Shared<'_>,
    all: All<'_>,
    years: &BTreeMap<i16, Vec<usize>>,
    year: Option<i16>,
) -> Result<Vec<u8>, RenderError> {
    let pen = Pen::new(shared, if year.is_some() { "../../" } else { "../" });
    let reports = &all.derived.reports;
    let (title, shown) = match year.and_then(|year| Some((year, years.get(&year)?))) {
        Some((year, indexes)) => (pen.text(T::reports_of_year, &[("year", &year.to_string())]), indexes.as_slice()),
        None => (pen.word(T::reports), reports.get(..NEWEST_MAX).unwrap_or(reports)),
    };
    let link = |(other, indexes): (&i16, &Vec<usize>)| Link {
        count: Some(pen.number(indexes.len())),
        current: (Some(*other) == year).then_some("page"),
        ..Link::new(pen.url(&format!("rfo/{other}/")), Html::text(&other.to_string()))
    };
    let count = if year.is_some() { shown.len() } else { reports.len() };
    let line = match count {
        0 => pen.word(T::reports_none),
        count => pen.count(T::reports_lead, count, &[]),
    };
    let path = year.map_or_else(|| "rfo/".to_owned(), |year| format!("rfo/{year}/"));
    let place = if year.is_some() { Place::Below } else { Place::Itself };
    let view = View {
        heading: year.map_or_else(|| pen.word(T::reports_newest), |year| year.to_string()),
        rows: shown.iter().filter_map(|&index| pen.report_row(all, index)).collect(),
        owed: if year.is_none() { super::promises::owed(&pen, all) } else { Vec::new() },
        causes: if year.is_none() { causes(&pen, all) } else { Vec::new() },
        years: years.iter().rev().map(link).collect(),
        page: pen.page(About {
            frame: pen.frame(Nav::Reports, place)?,
            title: &title,
            description: pen.text(T::reports_description, &[("site", &pen.config().title)]),
            path: &path,
            state: "none",
            og_type: "website",
            live: None,
            feed: None,
        }),
        lead: Lead { title: title.clone(), lines: vec![Html::text(&line)], ..Lead::default() },
    };
    print(shared, "pages/reports.html", &view)
}

/// Causes that at least two reports name, the newest first.
fn causes(pen: &Pen<'_>, all: All<'_>) -> Vec<Cause> {
    let mut causes: Vec<(String, Vec<usize>)> = Vec::new();
    for &index in &all.derived.reports {
        let Some(cause) = all.site.rfos.get(index).and_then(|rfo| rfo.cause.as_deref()) else { continue };
        let key = cause_key(cause);
        match causes.iter_mut().find(|(known, _)| *known == key) {
            Some((_, indexes)) => indexes.push(index),
            None => causes.push((key, vec![index])),
        }
    }
    causes.retain(|(_, indexes)| indexes.len() > 1);
    let link = |&index: &usize| {
        let (rfo, facts) = (all.site.rfos.get(index)?, all.derived.rfos.get(index)?);
        let day = pen.clock.date(pen.clock.day_of(facts.published));
        Some(Link::new(pen.url(&format!("rfo/{}/", rfo.slug)), day))
    };
    let cause = |(_, indexes): (String, Vec<usize>)| {
        let name = indexes.first().and_then(|&index| all.site.rfos.get(index)?.cause.clone()).unwrap_or_default();
        Cause { name, reports: indexes.iter().filter_map(link).collect() }
    };
    causes.into_iter().map(cause).collect()
}

fn by_year(all: All<'_>) -> BTreeMap<i16, Vec<usize>> {
    let mut years: BTreeMap<i16, Vec<usize>> = BTreeMap::new();
    for &index in &all.derived.reports {
        let Some(facts) = all.derived.rfos.get(index) else { continue };
        years.entry(facts.published.day(&all.site.config).year()).or_default().push(index);
    }
    years
}

impl Pen<'_> {
    /// A report in a list: its day, how long after the end, how its promises stand.
    pub(super) fn report_row(&self, all: All<'_>, index: usize) -> Option<ReportRow> {
        let (report, facts) = (all.site.rfos.get(index)?, all.derived.rfos.get(index)?);
        let published = self.clock.day_of(facts.published);
        let ended = facts.incident.and_then(|incident| all.derived.incidents.get(incident)?.ended);
        let after = ended.and_then(|ended| {
            let days = usize::try_from(published.duration_since(self.clock.day_of(ended)).as_hours() / 24).ok()?;
            (days > 0).then(|| Html::text(&self.count(T::report_after, days, &[])))
        });
        let promises = match facts.follow_ups.as_slice() {
            [] => None,
            states => Some(self.promises(T::report_promises, states)),
        };
        let entry = facts.incident.and_then(|incident| all.entry(incident));
        let names = entry.map(|entry| self.names(&entry.incident.components)).filter(|names| !names.is_empty());
        let length = entry.and_then(|entry| entry.facts.length).map(|length| self.clock.duration(length));
        let told = [names, length, report.cause.clone(), promises].map(|text| text.map(|text| Html::text(&text)));
        let parts = [Some(self.clock.date(published)), after].into_iter().chain(told);
        Some(ReportRow {
            href: self.url(&format!("rfo/{}/", report.slug)),
            title: report.title.clone(),
            mark: self.published(T::report_published),
            note: self.notes(&parts.flatten().collect::<Vec<_>>()),
        })
    }

    /// `5 promises: 2 done, 1 overdue, 2 due`
    pub(super) fn promises(&self, key: T, states: &[FollowUpState]) -> String {
        let mut counts = [0_usize; 6];
        for state in states {
            let at = match state {
                FollowUpState::Done => 0,
                FollowUpState::DoneLate(_) => 1,
                FollowUpState::Overdue => 2,
                FollowUpState::Due => 3,
                FollowUpState::Open => 4,
                FollowUpState::Dropped => 5,
            };
            counts[at] += 1;
        }
        let keys = [
            T::promises_done,
            T::promises_late,
            T::promises_overdue,
            T::promises_due,
            T::promises_open,
            T::promises_dropped,
        ];
        let told = keys.into_iter().zip(counts).filter(|(_, count)| *count > 0);
        let told: Vec<String> = told.map(|(key, count)| self.count(key, count, &[])).collect();
        self.count(key, states.len(), &[("states", &told.join(&self.word(T::list_separator)))])
    }
}
