//! Each of the last 90 days: a mark with its date and its text, and a list of those that were not quiet.

use serde::Serialize;

use crate::derive::uptime::{Bar, BarClass, Uptime};
use crate::render::Html;
use crate::render::i18n::T;
use crate::render::page::All;
use crate::render::page::bars::{Stretch, is_marked, is_sparse, stretches};
use crate::render::page::mark::{Mark, day_state};
use crate::render::page::pen::Pen;

/// What a template prints of the days.
#[derive(Serialize)]
pub(super) struct Days {
    /// A list item each, oldest first.
    marks: Vec<Html>,
    first: Html,
    not_quiet: String,
    rows: Vec<Row>,
}

/// A day that was not quiet, or several in a row without data.
#[derive(Serialize)]
struct Row {
    day: Html,
    mark: Mark,
    note: Html,
}

/// `None` where there are no days.
pub(super) fn days(pen: &Pen<'_>, all: All<'_>, uptime: &Uptime) -> Option<Days> {
    let bars = uptime.bars.as_slice();
    let first = bars.first()?;
    let stretches = stretches(bars);
    let rows: Vec<Row> =
        stretches.iter().rev().filter(|stretch| stretch.is_told()).map(|stretch| row(pen, all, stretch)).collect();
    let quiet = bars.iter().filter(|bar| bar.class == BarClass::Ok).count();
    let not_quiet = match bars.iter().any(is_marked) {
        true => pen.count(T::days_not_quiet, quiet, &[]),
        false => pen.word(T::days_all_quiet),
    };
    Some(Days {
        marks: bars.iter().map(|bar| item(pen, bar)).collect(),
        first: pen.clock.date_short(first.day),
        not_quiet,
        rows,
    })
}

/// Printed here and not in the template, for there are ninety.
fn item(pen: &Pen<'_>, bar: &Bar) -> Html {
    let words = Html::text(&pen.day_words(&Stretch::of(bar)));
    let day = pen.clock.date_short(bar.day);
    let line = pen.html(T::day_line, &[("day", &day), ("what", &words)]);
    let title = pen.html(T::day_line, &[("day", &Html::text(&pen.clock.date_short_text(bar.day))), ("what", &words)]);
    let sparse = if is_sparse(bar) { " class=\"sparse\"" } else { "" };
    Html::trusted(format!(
        "<li data-state=\"{}\"{sparse} title=\"{title}\"><span class=\"hide\">{line}</span></li>",
        day_state(bar.class)
    ))
}

fn row(pen: &Pen<'_>, all: All<'_>, stretch: &Stretch<'_>) -> Row {
    let (first, last) = stretch.ends();
    Row {
        day: if first == last { pen.clock.date_weekday(last) } else { pen.days_of(stretch) },
        mark: pen.day(stretch.class(), label(pen, stretch)),
        note: pen.notes(&[Html::text(&pen.day_words(stretch)), pen.day_links(stretch, all)]),
    }
}

fn label(pen: &Pen<'_>, stretch: &Stretch<'_>) -> String {
    let sum = stretch.sum();
    pen.word(match stretch.class() {
        BarClass::None => T::no_data,
        BarClass::Maintenance => T::mark_maintenance,
        BarClass::Ok => T::state_operational,
        BarClass::Minor | BarClass::Partial | BarClass::Major => {
            match (sum.down_minutes_up(), sum.trouble_minutes_up()) {
                (0, 0) => T::mark_reported,
                (0, _) => T::mark_degraded,
                _ => T::mark_disturbed,
            }
        }
    })
}
