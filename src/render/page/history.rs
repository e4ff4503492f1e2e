//! `/history/` and `/history/<yyyy-mm>/`: everything that was, by the month in which it began.
//!
//! The first page shows the latest months and leads to all others; its size does not grow with the archive.

use std::sync::Arc;

use serde::Serialize;

use super::entry::{Entry, Row, Rows};
use super::frame::{Nav, Place, Shared};
use super::lead::Lead;
use super::pen::{About, Link, Page, Pen};
use super::reports::ReportRow;
use super::{All, keyed, print};
use crate::derive::Month;
use crate::model::Kind;
use crate::render::Html;
use crate::render::i18n::T;
use crate::render::keys::Keys;
use crate::render::output::{Class, Output, RenderError};

/// The latest months stand on the first page …
const MONTHS_MAX: usize = 3;
/// … with so many rows together …
const ROWS_MAX: usize = 50;
/// … and so many of the newest reports.
const REPORTS_MAX: usize = 5;

#[derive(Serialize)]
struct View {
    page: Page,
    lead: Lead,
    components: Vec<Link>,
    kinds: Vec<Link>,
    filter: Filter,
    months: Vec<Section>,
    years: Vec<Year>,
    reports: Vec<ReportRow>,
    reports_link: Link,
}

#[derive(Serialize)]
struct MonthView {
    page: Page,
    lead: Lead,
    filter: Filter,
    rows: Vec<Row>,
    others: Vec<Link>,
}

/// What the script's filters offer; it shows them only where it runs.
#[derive(Serialize)]
struct Filter {
    components: Vec<Choice>,
    kinds: Vec<Choice>,
}

#[derive(Serialize)]
struct Choice {
    value: String,
    name: String,
}

#[derive(Serialize)]
struct Section {
    id: String,
    title: Link,
    counts: String,
    rows: Vec<Row>,
    /// Where the month has more than is shown.
    all: Option<Link>,
}

#[derive(Serialize)]
struct Year {
    year: i16,
    months: Vec<Link>,
}

pub(super) fn add<'a>(outputs: &mut Vec<Output<'a>>, shared: &Arc<Shared<'a>>, all: All<'a>, keys: &Keys) {
    let made = Arc::clone(shared);
    outputs.extend(super::page("history/index.html", Class::Index, move || index(&made, all)));
    let months: Vec<Month> = all.derived.months.keys().copied().collect();
    for (at, &month) in months.iter().enumerate() {
        let earlier = at.checked_sub(1).and_then(|at| months.get(at)).copied();
        let later = months.get(at + 1).copied();
        let indexes = all.derived.months.get(&month).map_or(&[][..], Vec::as_slice);
        let input = MonthInput { month, earlier, later, rows: Rows::new(all, keys, indexes) };
        outputs.extend(keyed(&format!("{}index.html", path(month)), Class::Index, shared, input, one_month));
    }
}

fn index(shared: &Shared<'_>, all: All<'_>) -> Result<Vec<u8>, RenderError> {
    let pen = Pen::new(shared, "../");
    let mut rows_left = ROWS_MAX;
    let latest = all.derived.months.iter().rev().take(MONTHS_MAX);
    let months = latest.map(|(month, indexes)| section(&pen, all, *month, indexes, &mut rows_left)).collect();
    let reports = all.derived.reports.iter().take(REPORTS_MAX);
    let title = pen.word(T::history);
    let view = View {
        components: by_component(&pen, all),
        kinds: vec![
            counted(&pen, "rfo/", T::reports, all.derived.reports.len()),
            Link::new(pen.url("maintenance/"), Html::text(&pen.word(T::kind_maintenance))),
        ],
        filter: filter(&pen),
        months,
        years: years(&pen, all),
        reports: reports.filter_map(|&index| pen.report_row(all, index)).collect(),
        reports_link: Link::new(pen.url("rfo/"), Html::text(&pen.word(T::all_reports))),
        page: pen.page(About {
            frame: pen.frame(Nav::History, Place::Itself)?,
            title: &title,
            description: pen.text(T::history_description, &[("site", &pen.config().title)]),
            path: "history/",
            state: "none",
            og_type: "website",
            live: None,
            feed: None,
        }),
        lead: Lead { title: title.clone(), lines: vec![first_line(&pen, all)], ..Lead::default() },
    };
    print(shared, "pages/history.html", &view)
}

/// All that a month's page may look at.
#[derive(Hash)]
struct MonthInput<'a> {
    month: Month,
    earlier: Option<Month>,
    later: Option<Month>,
    rows: Rows<'a>,
}

fn one_month(shared: &Shared<'_>, input: &MonthInput<'_>) -> Result<Vec<u8>, RenderError> {
    let MonthInput { month, earlier, later, ref rows } = *input;
    let pen = Pen::new(shared, "../../");
    let (title, counts) = (pen.clock.month(month), counts(&pen, rows.iter()));
    let other = |key, other: Option<Month>| {
        let other = other?;
        let text = pen.text(key, &[("month", &pen.clock.month(other))]);
        Some(Link::new(pen.url(&path(other)), Html::text(&text)))
    };
    let others = [other(T::later_month, later), other(T::earlier_month, earlier)];
    let all_history = Link::new(pen.url("history/"), Html::text(&pen.word(T::all_history)));
    let view = MonthView {
        filter: filter(&pen),
        rows: rows.iter().map(|entry| pen.history_row(entry)).collect(),
        others: others.into_iter().flatten().chain([all_history]).collect(),
        page: pen.page(About {
            frame: pen.frame(Nav::History, Place::Below)?,
            title: &title,
            description: pen.text(T::month_description, &[("month", &title), ("counts", &counts)]),
            path: &path(month),
            state: "none",
            og_type: "website",
            live: None,
            feed: None,
        }),
        lead: Lead {
            title: title.clone(),
            lines: vec![Html::text(&pen.text(T::month_lead, &[("counts", &counts)]))],
            ..Lead::default()
        },
    };
    print(shared, "pages/month.html", &view)
}

fn path(month: Month) -> String {
    format!("history/{month}/")
}

/// Since when, from the oldest thing there is.
fn first_line(pen: &Pen<'_>, all: All<'_>) -> Html {
    let oldest = all.derived.months.values().next().and_then(|indexes| all.entry(*indexes.last()?));
    match oldest {
        Some(entry) => pen.html(T::history_lead, &[("day", &pen.clock.date(pen.clock.day_of(entry.facts.started)))]),
        None => Html::text(&pen.word(T::history_empty)),
    }
}

fn by_component(pen: &Pen<'_>, all: All<'_>) -> Vec<Link> {
    let total = all.derived.months.values().map(Vec::len).sum();
    let everything = Link {
        count: Some(pen.number(total)),
        current: Some("true"),
        ..Link::new("./".to_owned(), Html::text(&pen.word(T::all)))
    };
    let components = pen.config().components.iter().zip(&all.derived.components);
    let components = components.map(|(component, facts)| Link {
        count: Some(pen.number(facts.history.len())),
        ..Link::new(pen.url(&format!("components/{}/", component.id)), Html::text(&component.name))
    });
    std::iter::once(everything).chain(components).collect()
}

fn counted(pen: &Pen<'_>, path: &str, key: T, count: usize) -> Link {
    Link { count: Some(pen.number(count)), ..Link::new(pen.url(path), Html::text(&pen.word(key))) }
}

fn filter(pen: &Pen<'_>) -> Filter {
    let components = pen.config().components.iter();
    let kind = |value: &str, key| Choice { value: value.to_owned(), name: pen.word(key) };
    Filter {
        components: components
            .map(|component| Choice { value: component.id.to_string(), name: component.name.clone() })
            .collect(),
        kinds: vec![
            kind("incident", T::kind_incident),
            kind("notice", T::kind_notice),
            kind("maintenance", T::kind_maintenance),
            kind("info", T::kind_info),
            kind("false_alarm", T::kind_false_alarm),
        ],
    }
}

fn section(pen: &Pen<'_>, all: All<'_>, month: Month, indexes: &[usize], rows_left: &mut usize) -> Section {
    let shown = indexes.get(..*rows_left).unwrap_or(indexes);
    *rows_left -= shown.len();
    let name = pen.clock.month(month);
    let rest = (shown.len() < indexes.len()).then(|| {
        let text = pen.count(T::month_all, indexes.len(), &[("month", &name)]);
        Link::new(pen.url(&path(month)), Html::text(&text))
    });
    Section {
        id: format!("m-{month}"),
        title: Link::new(pen.url(&path(month)), Html::text(&name)),
        counts: counts(pen, all.entries(indexes)),
        rows: all.entries(shown).map(|entry| pen.history_row(entry)).collect(),
        all: rest,
    }
}

/// `2 incidents, 1 maintenance`
fn counts<'a>(pen: &Pen<'_>, entries: impl Iterator<Item = Entry<'a>>) -> String {
    let mut counts = [0_usize; 5];
    for entry in entries {
        let at = match entry.incident.kind {
            Kind::Incident => 0,
            Kind::Notice => 1,
            Kind::Maintenance(_) => 2,
            Kind::Info => 3,
            Kind::FalseAlarm => 4,
        };
        counts[at] += 1;
    }
    let keys = [T::count_incidents, T::count_notices, T::count_maintenance, T::count_info, T::count_false_alarms];
    let told = keys.into_iter().zip(counts).filter(|(_, count)| *count > 0);
    let told: Vec<String> = told.map(|(key, count)| pen.count(key, count, &[])).collect();
    told.join(&pen.word(T::list_separator))
}

/// The months that are not on the page, by year, newest first.
fn years(pen: &Pen<'_>, all: All<'_>) -> Vec<Year> {
    let mut years: Vec<Year> = Vec::new();
    for (month, indexes) in all.derived.months.iter().rev().skip(MONTHS_MAX) {
        let text = Html::text(&pen.clock.month_word(month.month));
        let link = Link { count: Some(pen.number(indexes.len())), ..Link::new(pen.url(&path(*month)), text) };
        match years.last_mut().filter(|year| year.year == month.year) {
            Some(year) => year.months.push(link),
            None => years.push(Year { year: month.year, months: vec![link] }),
        }
    }
    years
}
