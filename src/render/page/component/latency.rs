//! Answer times of the last 90 days as a drawing, as a sentence and as a table.
//!
//! Three lines: what half of all answers, 19 of 20, and 99 of 100 came within. They differ in their strokes and not in
//! colour. A few very slow answers must not press all else to the ground, so the scale follows the second line; what is
//! beyond the top is drawn at the top, and that is said.

use std::fmt::Write as _;

use jiff::ToSpan as _;
use jiff::civil::Date;
use serde::Serialize;

use crate::derive::uptime::LatencyDay;
use crate::render::Html;
use crate::render::i18n::T;
use crate::render::page::pen::Pen;

const WIDTH: f64 = 640.0;
const HEIGHT: f64 = 220.0;
const LEFT: f64 = 56.0;
const TOP: f64 = 16.0;
const BOTTOM: f64 = 186.0;
/// The drawing shows so many days.
const DAYS: i32 = 90;
/// Distances between lines of the grid, of which there are three above the ground.
const LINES: u32 = 3;
/// Where a date stands below, in days from the first.
const TICKS: [(i32, &str); 3] = [(0, "start"), (45, "middle"), (89, "end")];

/// One of the three values of a day, in µs.
type Percentile = fn(&LatencyDay) -> u32;

/// What a template prints of answer times.
#[derive(Serialize)]
pub(super) struct Latency {
    drawing: Html,
    clipped: bool,
    rows: Vec<Row>,
}

#[derive(Serialize)]
struct Row {
    day: Html,
    p50: String,
    p95: String,
    p99: String,
}

/// `None` where no answer was timed on two days or more.
pub(super) fn latency(pen: &Pen<'_>, days: &[LatencyDay]) -> Option<Latency> {
    let last = days.last()?.day;
    let first = last.saturating_sub(i64::from(DAYS - 1).days());
    let days: Vec<&LatencyDay> = days.iter().filter(|day| day.day >= first && day.day <= last).collect();
    if days.len() < 2 {
        return None;
    }
    let step_us = step_us(&days);
    let top_us = step_us.saturating_mul(LINES);
    let row = |day: &&LatencyDay| Row {
        day: pen.clock.date_short(day.day),
        p50: pen.answer_time(day.p50_us),
        p95: pen.answer_time(day.p95_us),
        p99: pen.answer_time(day.p99_us),
    };
    Some(Latency {
        drawing: drawing(pen, &days, first, step_us)?,
        clipped: days.iter().any(|day| day.p99_us > top_us),
        rows: days.iter().rev().map(row).collect(),
    })
}

fn drawing(pen: &Pen<'_>, days: &[&LatencyDay], first: Date, step_us: u32) -> Option<Html> {
    let mut svg = String::with_capacity(8 * 1024);
    let label = Html::text(&label(pen, days)?);
    let _ = write!(
        svg,
        "<svg class=\"plot\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" role=\"img\" aria-label=\"{label}\"><path class=\"g\" d=\""
    );
    let top_us = step_us.saturating_mul(LINES);
    let lines: Vec<(u32, f64)> =
        (0..=LINES).map(|line| step_us.saturating_mul(line)).map(|us| (us, y(us, top_us))).collect();
    for (_, y) in &lines {
        let _ = write!(svg, "M{LEFT} {y:.0}H{WIDTH}");
    }
    svg.push_str("\"/>");
    for (us, y) in &lines {
        let text = Html::text(&milliseconds(pen, *us));
        let _ = write!(svg, "<text x=\"{}\" y=\"{:.0}\" text-anchor=\"end\">{text}</text>", LEFT - 8.0, y + 4.0);
    }
    for (day, anchor) in TICKS {
        let date = Html::text(&pen.clock.date_short_text(first.saturating_add(i64::from(day).days())));
        let _ = write!(svg, "<text x=\"{:.0}\" y=\"212\" text-anchor=\"{anchor}\">{date}</text>", x(day));
    }
    let percentiles: [(&str, Percentile); 3] =
        [("p99", |day| day.p99_us), ("d", |day| day.p95_us), ("s", |day| day.p50_us)];
    for (class, us) in percentiles {
        let _ = write!(svg, "<path class=\"{class}\" d=\"");
        line(&mut svg, days, first, |day| y(us(day), top_us));
        svg.push_str("\"/>");
    }
    svg.push_str("</svg>");
    Some(Html::trusted(svg))
}

/// A line through the days, which breaks where one is missing; a day alone is a dot.
fn line(svg: &mut String, days: &[&LatencyDay], first: Date, y: impl Fn(&LatencyDay) -> f64) {
    for run in days.chunk_by(|a, b| a.day.saturating_add(1.day()) == b.day) {
        for (at, day) in run.iter().enumerate() {
            let command = if at == 0 { 'M' } else { 'L' };
            let _ = write!(svg, "{command}{:.0} {:.0}", x(days_between(first, day.day)), y(day));
        }
        if run.len() == 1 {
            svg.push_str("h1");
        }
    }
}

/// The whole in a sentence.
fn label(pen: &Pen<'_>, days: &[&LatencyDay]) -> Option<String> {
    let slowest = days.iter().max_by_key(|day| (day.p95_us, day.day))?;
    let text = |name, us| (name, pen.answer_time(us));
    let args = [
        text("half", middle(days, |day| day.p50_us)),
        text("most", middle(days, |day| day.p95_us)),
        ("day", pen.clock.date_short_text(slowest.day)),
        text("worst", slowest.p95_us),
    ];
    let args: Vec<(&str, &str)> = args.iter().map(|(name, value)| (*name, value.as_str())).collect();
    Some(pen.count(T::latency_label, days.len(), &args))
}

fn middle(days: &[&LatencyDay], us: Percentile) -> u32 {
    let mut all: Vec<u32> = days.iter().map(|day| us(day)).collect();
    all.sort_unstable();
    all.get(all.len() / 2).copied().unwrap_or(0)
}

/// The distance of the grid's lines: 1, 2 or 5 times a power of ten.
fn step_us(days: &[&LatencyDay]) -> u32 {
    let p95 = days.iter().map(|day| day.p95_us).max().unwrap_or(0);
    let p99 = days.iter().map(|day| day.p99_us).max().unwrap_or(0);
    let wanted = p99.min(p95.saturating_add(p95 / 2)).max(3);
    let mut power: u32 = 1;
    loop {
        for factor in [1, 2, 5] {
            let step = power.saturating_mul(factor);
            if step.saturating_mul(LINES) >= wanted {
                return step;
            }
        }
        power = power.saturating_mul(10);
    }
}

/// A line's own value, in milliseconds and without needless decimals.
fn milliseconds(pen: &Pen<'_>, us: u32) -> String {
    let number = pen.clock.i18n.number(u64::from(us / 1000));
    match us % 1000 {
        0 => number,
        rest => format!("{number}{}{:03}", pen.word(T::number_decimal), rest).trim_end_matches('0').to_owned(),
    }
}

fn days_between(first: Date, day: Date) -> i32 {
    first.until(day).map_or(0, |span| span.get_days())
}

fn x(day: i32) -> f64 {
    LEFT + f64::from(day.clamp(0, DAYS - 1)) * (WIDTH - LEFT) / f64::from(DAYS - 1)
}

fn y(us: u32, top_us: u32) -> f64 {
    BOTTOM - f64::from(us.min(top_us)) * (BOTTOM - TOP) / f64::from(top_us.max(1))
}
