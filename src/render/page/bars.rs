//! The last 90 days of a component: a row of marks, and the same in words.
//!
//! Height says how bad a day was and colour says it again; a good day is a short tick, so that a quiet row is low. The
//! drawing is one path for each kind of day, in relative steps, so that a hundred rows cost little on the line. Its label
//! sums it up; each marked day is text with links to what happened.

use std::fmt::Write as _;

use jiff::civil::Date;
use serde::Serialize;

use super::All;
use super::entry::Entry;
use super::mark::day_state;
use super::pen::{Pen, anchor};
use crate::derive::Month;
use crate::derive::uptime::{Bar, BarClass, Figure, Span, Sum, Uptime};
use crate::model::Kind;
use crate::render::Html;
use crate::render::i18n::T;

/// From one mark to the next, and the height of the drawing, in its own units.
const STEP: usize = 5;
const HEIGHT: usize = 30;

/// So many incidents of one day are named.
const LINKS_MAX: usize = 3;

/// So many marked days stand in the list; a row that has more says so by its looks.
const DAYS_MAX: usize = 30;

/// From the best to the worst, as they are counted in words.
const CLASSES: [(BarClass, T); 6] = [
    (BarClass::Major, T::bars_major),
    (BarClass::Partial, T::bars_partial),
    (BarClass::Minor, T::bars_minor),
    (BarClass::None, T::bars_none),
    (BarClass::Maintenance, T::bars_maintenance),
    (BarClass::Ok, T::bars_ok),
];

/// What a template prints of a component's days.
#[derive(Serialize)]
pub(super) struct Bars {
    /// An `svg role="img"`.
    drawing: Html,
    /// `99.43 % in 90 days, 7 days marked`
    summary: Html,
    /// Each marked day in words, newest first.
    days: Vec<Html>,
}

impl Pen<'_> {
    /// `None` where there are no days.
    pub(super) fn bars(&self, name: &str, uptime: &Uptime, all: All<'_>) -> Option<Bars> {
        let bars = uptime.bars.as_slice();
        let stretches = stretches(bars);
        let days = stretches.iter().rev().filter(|stretch| stretch.is_told()).take(DAYS_MAX);
        (!bars.is_empty()).then(|| Bars {
            drawing: drawing(&self.bars_label(name, bars), bars),
            summary: self.bars_summary(uptime),
            days: days.map(|stretch| self.day_line(stretch, all)).collect(),
        })
    }

    /// `IMAP, the last 90 days: 1 day with maintenance, 89 operational`
    fn bars_label(&self, name: &str, bars: &[Bar]) -> String {
        let counted =
            CLASSES.into_iter().map(|(class, key)| (key, bars.iter().filter(|bar| bar.class == class).count()));
        let told: Vec<String> =
            counted.filter(|(_, count)| *count > 0).map(|(key, count)| self.count(key, count, &[])).collect();
        let list = match bars.iter().all(|bar| bar.class == BarClass::Ok) {
            true => self.word(T::bars_all_ok),
            false => told.join(&self.word(T::list_separator)),
        };
        self.count(T::bars_label, bars.len(), &[("component", name), ("list", &list)])
    }

    fn bars_summary(&self, uptime: &Uptime) -> Html {
        let marked = uptime.bars.iter().filter(|bar| is_marked(bar)).count();
        let marked = match marked {
            0 => self.word(T::bars_unmarked),
            marked => self.count(T::bars_marked, marked, &[]),
        };
        let marked = Html::text(&marked);
        let sum = uptime.window(Span::Days90).map(|window| window.sum).unwrap_or_default();
        match (sum.figure(), self.uptime(&sum)) {
            (Figure::NoData, _) | (_, None) => self.html(T::bars_summary_none, &[("marked", &marked)]),
            (Figure::TooLittle, _) => {
                let share = Html::text(&self.permille(sum.coverage_permille()));
                self.html(T::bars_summary_part, &[("share", &share), ("marked", &marked)])
            }
            (Figure::Known { .. }, Some(number)) => {
                self.html(T::bars_summary, &[("uptime", &Html::text(&number)), ("marked", &marked)])
            }
        }
    }

    /// `29 March: down 21 min: Calendar is slow`
    fn day_line(&self, stretch: &Stretch<'_>, all: All<'_>) -> Html {
        let (day, what) = (self.days_of(stretch), Html::text(&self.day_words(stretch)));
        let links = self.day_links(stretch, all);
        match links.is_empty() {
            true => self.html(T::day_line, &[("day", &day), ("what", &what)]),
            false => self.html(T::day_line_of, &[("day", &day), ("what", &what), ("links", &links)]),
        }
    }

    /// `29 March`, or `1 to 2 February`.
    pub(super) fn days_of(&self, stretch: &Stretch<'_>) -> Html {
        let (first, last) = stretch.ends();
        if first == last {
            return self.clock.date_short(last);
        }
        let same_month = Month::of(first) == Month::of(last);
        let from = if same_month { self.clock.date_day_only(first) } else { self.clock.date_short(first) };
        self.html(T::range, &[("from", &from), ("to", &self.clock.date_short(last))])
    }

    /// What a day was, in plain words without its date.
    pub(super) fn day_words(&self, stretch: &Stretch<'_>) -> String {
        let sum = stretch.sum();
        let length = |key: T, ms: i64| self.text(key, &[("length", &self.length_up(ms))]);
        match stretch.class() {
            BarClass::None if stretch.is_before_all() => self.word(T::day_not_monitored),
            BarClass::None => length(T::day_no_data, sum.unknown_ms),
            BarClass::Maintenance if sum.maintenance_ms > 0 => length(T::day_maintenance, sum.maintenance_ms),
            BarClass::Maintenance => self.word(T::day_maintenance_only),
            BarClass::Ok => self.word(T::day_ok),
            BarClass::Minor | BarClass::Partial | BarClass::Major => {
                let disturbed = sum.trouble_minutes_up();
                match sum.down_minutes_up() {
                    0 if disturbed == 0 => self.word(T::day_reported),
                    0 => length(T::day_degraded, sum.trouble_ms),
                    down if down < disturbed => self.text(
                        T::day_partly,
                        &[("length", &self.clock.length(disturbed)), ("lost", &self.clock.length(down))],
                    ),
                    down => self.text(T::day_down, &[("length", &self.clock.length(down))]),
                }
            }
        }
    }

    /// Links to what happened on those days, the first ones where there were many.
    pub(super) fn day_links(&self, stretch: &Stretch<'_>, all: All<'_>) -> Html {
        let mut indexes: Vec<usize> = stretch.bars.iter().flat_map(|bar| bar.incidents.iter().copied()).collect();
        indexes.dedup();
        let entries = indexes.iter().take(LINKS_MAX).filter_map(|&index| all.entry(index));
        let links: Vec<String> = entries.map(|entry| self.day_link(entry).as_str().to_owned()).collect();
        Html::trusted(links.join(Html::text(&self.word(T::list_separator)).as_str()))
    }

    fn day_link(&self, entry: Entry<'_>) -> Html {
        let text = match (&entry.incident.kind, entry.ongoing()) {
            (Kind::Notice, true) => self.word(T::day_noticed),
            (Kind::Notice, false) => self.word(T::day_unexplained),
            _ => entry.incident.title.clone(),
        };
        anchor(&self.url(&entry.path()), &Html::text(&text))
    }
}

/// One day, or several in a row without data, which are told as one.
#[derive(Clone, Copy)]
pub(super) struct Stretch<'a> {
    bars: &'a [Bar],
}

impl<'a> Stretch<'a> {
    /// Of one day.
    pub(super) fn of(bar: &'a Bar) -> Stretch<'a> {
        Stretch { bars: std::slice::from_ref(bar) }
    }

    pub(super) fn class(&self) -> BarClass {
        self.bars.first().map_or(BarClass::None, |bar| bar.class)
    }

    /// The first and the last day.
    pub(super) fn ends(&self) -> (Date, Date) {
        match (self.bars.first(), self.bars.last()) {
            (Some(first), Some(last)) => (first.day, last.day),
            _ => (Date::MIN, Date::MIN),
        }
    }

    /// Whether there is something to tell of it.
    pub(super) fn is_told(&self) -> bool {
        self.class() != BarClass::Ok
    }

    /// Whether nothing was measured yet.
    fn is_before_all(&self) -> bool {
        self.bars.iter().all(is_before_all)
    }

    /// All days together.
    pub(super) fn sum(&self) -> Sum {
        let mut sum = Sum::default();
        self.bars.iter().for_each(|bar| sum += bar.sum);
        sum
    }
}

/// Days in the order of `bars`; those without data are joined where they follow each other.
pub(super) fn stretches(bars: &[Bar]) -> Vec<Stretch<'_>> {
    let joins = |a: &Bar, b: &Bar| {
        a.class == BarClass::None && b.class == BarClass::None && is_before_all(a) == is_before_all(b)
    };
    bars.chunk_by(joins).map(|bars| Stretch { bars }).collect()
}

/// Whether a day is to be seen among quiet ones. Time before anything was measured is not a mark.
pub(super) fn is_marked(bar: &Bar) -> bool {
    bar.class != BarClass::Ok && !is_before_all(bar)
}

fn is_before_all(bar: &Bar) -> bool {
    let sum = &bar.sum;
    bar.class == BarClass::None && sum.not_monitored_ms >= sum.unknown_ms
}

fn drawing(label: &str, bars: &[Bar]) -> Html {
    let width = (bars.len() * STEP).saturating_sub(1);
    let mut svg = String::with_capacity(1024);
    let _ = write!(
        svg,
        "<svg viewBox=\"0 0 {width} {HEIGHT}\" preserveAspectRatio=\"none\" role=\"img\" aria-label=\"{}\">",
        Html::text(label)
    );
    for (class, _) in CLASSES.iter().rev() {
        for sparse in [false, true] {
            let at = bars.iter().enumerate().filter(|(_, bar)| bar.class == *class && is_sparse(bar) == sparse);
            path(&mut svg, *class, sparse, at.map(|(at, _)| at));
        }
    }
    svg.push_str("</svg>");
    Html::trusted(svg)
}

/// A day without data is a dot anyway.
pub(super) fn is_sparse(bar: &Bar) -> bool {
    bar.sparse && bar.class != BarClass::None
}

/// The marks of one kind: from one to the next by relative steps, which repeat and so are small once compressed.
fn path(svg: &mut String, class: BarClass, sparse: bool, at: impl Iterator<Item = usize>) {
    let (mark, height) = match class {
        BarClass::None => ("v-2", 2),
        BarClass::Ok => ("v-8", 8),
        BarClass::Maintenance => ("v-6m0-3v-6", 15),
        BarClass::Minor => ("v-15", 15),
        BarClass::Partial => ("v-22", 22),
        BarClass::Major => ("v-30", HEIGHT),
    };
    let mut before = None;
    for at in at {
        let _ = match before {
            None => {
                let class_name = if sparse { " class=\"sparse\"" } else { "" };
                write!(
                    svg,
                    "<path data-state=\"{}\"{class_name} d=\"M{} {HEIGHT}{mark}",
                    day_state(class),
                    at * STEP + 2
                )
            }
            Some(before) => write!(svg, "m{} {height}{mark}", (at - before) * STEP),
        };
        before = Some(at);
    }
    if before.is_some() {
        svg.push_str("\"/>");
    }
}
