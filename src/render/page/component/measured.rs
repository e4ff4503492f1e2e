//! What monitors measured of one component or group: its figures in the lead, each of its days, the stretches that
//! numbers are given for, and what the checks say now.

use serde::Serialize;

use super::days::{Days, days};
use super::latency::{Latency, latency};
use crate::derive::Moment;
use crate::derive::Watched;
use crate::derive::checks::Checks;
use crate::derive::uptime::{Span, Sum, Uptime, Window};
use crate::model::{ComponentState, IncidentStatus, Kind, Stage};
use crate::render::Html;
use crate::render::i18n::T;
use crate::render::page::All;
use crate::render::page::mark::Mark;
use crate::render::page::pen::{Fact, Link, Pen};
use crate::render::time::Own;

/// So many months, quarters and years stand on the page; the data files have all.
const MONTHS_MAX: usize = 12;
const QUARTERS_MAX: usize = 8;
const YEARS_MAX: usize = 10;

/// What a template prints below the lead.
#[derive(Serialize)]
pub(super) struct Measured {
    now: Vec<Fact>,
    days: Option<Days>,
    windows: Vec<Row>,
    more: Vec<Row>,
    latency: Option<Latency>,
    links: Vec<Link>,
}

/// One stretch of time with its number, and the time that it is made of.
#[derive(Serialize)]
struct Row {
    name: String,
    uptime: String,
    down: String,
    unknown: String,
    checks: String,
}

/// Of whom it is told.
#[derive(Clone, Copy)]
pub(super) struct Of<'a> {
    pub uptime: Option<&'a Uptime>,
    pub watched: Option<&'a Watched>,
    pub checks: Option<Checks>,
    /// Whether it is a group, which has no CSV of its own.
    pub group: bool,
}

/// `None` where nobody monitors it and nothing was measured.
pub(super) fn measured(pen: &Pen<'_>, all: All<'_>, of: Of<'_>) -> Option<Measured> {
    let uptime = of.uptime;
    if uptime.is_none() && of.watched.is_none() {
        return None;
    }
    let windows = uptime.map_or(&[][..], |uptime| uptime.windows.as_slice());
    let row = |window: &Window| row(pen, window);
    Some(Measured {
        now: of.watched.map(|watched| now(pen, all, watched)).unwrap_or_default(),
        days: uptime.and_then(|uptime| days(pen, all, uptime)),
        windows: windows.iter().filter(|window| is_first(window.span)).map(row).collect(),
        more: [months, quarters, years].iter().flat_map(|kind| kind(windows)).map(row).collect(),
        latency: uptime.and_then(|uptime| latency(pen, &uptime.latency)),
        links: links(pen, of),
    })
}

/// 24 hours, 90 days and a year, as facts of the lead.
pub(super) fn facts(pen: &Pen<'_>, of: Of<'_>) -> Vec<Fact> {
    let Some(uptime) = of.uptime else { return Vec::new() };
    let fact = |span: Span, term: String, small: fn(&Pen<'_>, &Sum, Of<'_>) -> String| {
        let sum = uptime.window(span)?.sum;
        let main = pen.uptime(&sum).unwrap_or_else(|| pen.word(T::uptime_never));
        let small = Html::text(&small(pen, &sum, of));
        Some(Fact { term, main: Html::text(&main), small: Some(small).filter(|small| !small.is_empty()), mark: None })
    };
    [
        fact(Span::Hours24, pen.word(T::hours_24), day_small),
        fact(Span::Days90, pen.count(T::span_days, 90, &[]), long_small),
        fact(Span::Days365, pen.word(T::one_year), long_small),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// `down 3 min, 1 440 checks from 5 places`
fn day_small(pen: &Pen<'_>, sum: &Sum, of: Of<'_>) -> String {
    let down = pen.lost(sum).map(|length| pen.text(T::fact_down, &[("length", &length)]));
    let results = usize::try_from(sum.results).unwrap_or(usize::MAX);
    let checks = (results > 0).then(|| {
        let checks = pen.count(T::fact_checks, results, &[]);
        let places = of.checks.map_or(0, |checks| checks.places);
        match places {
            0 => checks,
            places => format!("{checks} {}", pen.count(T::checks_from, places, &[])),
        }
    });
    [down, checks].into_iter().flatten().collect::<Vec<_>>().join(&pen.word(T::list_separator))
}

/// `down 12 h 16 min, 31 h without data`
fn long_small(pen: &Pen<'_>, sum: &Sum, _of: Of<'_>) -> String {
    let down = match pen.lost(sum) {
        Some(length) => Some(pen.text(T::fact_down, &[("length", &length)])),
        None => (sum.up_ms > 0).then(|| pen.word(T::fact_no_loss)),
    };
    let unknown =
        (sum.unknown_ms > 0).then(|| pen.text(T::fact_unknown, &[("length", &pen.length_up(sum.unknown_ms))]));
    [down, unknown].into_iter().flatten().collect::<Vec<_>>().join(&pen.word(T::list_separator))
}

/// How it is as the monitors see it, since when, and when they were last heard of.
fn now(pen: &Pen<'_>, all: All<'_>, watched: &Watched) -> Vec<Fact> {
    let today = pen.clock.day_of(Moment::At(all.derived.now));
    let near = |at| pen.clock.near(Moment::At(at), today, Own::Beside);
    let open = watched.detections.iter().filter_map(|&index| all.site.detections.get(index));
    let open: Vec<_> = open.filter(|detection| detection.recovering.is_none() && detection.end.is_none()).collect();
    let label = |key: T, mark: Mark| (mark, pen.word(key));
    let (mark, label) = match () {
        () if watched.silent => label(T::checks_silent, pen.no_data()),
        () if !open.is_empty() => {
            let mark = pen.state(watched.state);
            (mark.clone(), mark.label)
        }
        () if watched.checking => label(T::checks_checking, pen.checking()),
        // It is good again, and called over only after a while.
        () if watched.state != ComponentState::Operational => {
            label(T::checks_recovering, pen.stage(Stage::Incident(IncidentStatus::Monitoring), &Kind::Notice))
        }
        () => label(T::checks_fine, pen.state(ComponentState::Operational)),
    };
    let mut state = pen.fact(T::checks_state, Html::text(&label), None);
    state.mark = Some(mark);
    let mut facts = vec![state];
    if let Some(since) = open.iter().map(|detection| detection.start).min() {
        let places = open.iter().map(|detection| detection.places).max().unwrap_or_default();
        let places = pen.seen_from(places).map(|places| Html::text(&places));
        facts.push(pen.fact(T::checks_since, near(since), places));
    }
    facts.extend(watched.last_result.map(|at| pen.fact(T::checks_last, near(at), None)));
    facts
}

fn is_first(span: Span) -> bool {
    matches!(span, Span::Hours24 | Span::Days7 | Span::Days30 | Span::Days90 | Span::Days365 | Span::All)
}

fn months(windows: &[Window]) -> Vec<&Window> {
    windows.iter().filter(|window| matches!(window.span, Span::Month(_))).take(MONTHS_MAX).collect()
}

fn quarters(windows: &[Window]) -> Vec<&Window> {
    windows.iter().filter(|window| matches!(window.span, Span::Quarter(..))).take(QUARTERS_MAX).collect()
}

fn years(windows: &[Window]) -> Vec<&Window> {
    windows.iter().filter(|window| matches!(window.span, Span::Year(_))).take(YEARS_MAX).collect()
}

fn row(pen: &Pen<'_>, window: &Window) -> Row {
    let sum = &window.sum;
    let nothing = || pen.word(T::uptime_nothing);
    let number = |number: u64| pen.clock.i18n.number(number);
    Row {
        name: span(pen, window.span),
        uptime: pen.uptime(sum).unwrap_or_else(|| pen.word(T::uptime_never)),
        down: pen.lost(sum).unwrap_or_else(nothing),
        unknown: match sum.unknown_ms {
            ..=0 => nothing(),
            ms => pen.length_up(ms),
        },
        checks: match sum.results {
            0 => nothing(),
            all => pen.text(T::uptime_of_checks, &[("failing", &number(sum.failing)), ("all", &number(all))]),
        },
    }
}

fn span(pen: &Pen<'_>, span: Span) -> String {
    match span {
        Span::Hours24 => pen.word(T::hours_24),
        Span::Days7 => pen.count(T::span_days, 7, &[]),
        Span::Days30 => pen.count(T::span_days, 30, &[]),
        Span::Days90 => pen.count(T::span_days, 90, &[]),
        Span::Days365 => pen.count(T::span_days, 365, &[]),
        Span::Month(month) => pen.clock.month(month),
        Span::Quarter(year, quarter) => {
            pen.text(T::quarter, &[("quarter", &quarter.to_string()), ("year", &year.to_string())])
        }
        Span::Year(year) => year.to_string(),
        Span::All => pen.word(T::span_all),
    }
}

fn links(pen: &Pen<'_>, of: Of<'_>) -> Vec<Link> {
    let mut links = vec![Link::new(pen.url("uptime/"), Html::text(&pen.word(T::rule_link)))];
    if of.uptime.is_some() {
        links.push(Link::new("uptime.json".to_owned(), Html::text(&pen.word(T::uptime_json))));
    }
    if of.uptime.is_some() && !of.group {
        links.push(Link::new("uptime.csv".to_owned(), Html::text(&pen.word(T::uptime_csv))));
    }
    links
}
