//! The last days, newest first; days on which nothing began are merged into one line.

use jiff::ToSpan as _;
use jiff::civil::Date;
use serde::Serialize;

use crate::derive::Month;
use crate::render::Html;
use crate::render::i18n::T;
use crate::render::page::All;
use crate::render::page::entry::{Entry, Row};
use crate::render::page::pen::Pen;

/// A day with what began on it, or a stretch of quiet days.
#[derive(Serialize)]
pub(super) struct Day {
    title: Html,
    rows: Vec<Row>,
}

/// The front page stays small on the worst day.
const ROWS_MAX: usize = 30;

pub(super) fn days(pen: &Pen<'_>, all: All<'_>, today: Date, count: usize) -> Vec<Day> {
    let first = today.saturating_sub(i64::try_from(count).unwrap_or(7).saturating_sub(1).days());
    let recent = recent(pen, all, first);
    let mut days = Vec::new();
    let mut quiet_from = today;
    for of_day in recent.chunk_by(|a, b| a.0 == b.0) {
        let Some((day, _)) = of_day.first() else { continue };
        let day = *day;
        days.extend(quiet(pen, quiet_from, day.saturating_add(1.day()), today));
        let rows = of_day.iter().map(|(_, entry)| pen.recent_row(*entry, day, stands_above(*entry, all))).collect();
        days.push(Day { title: titled(pen, day, today), rows });
        quiet_from = day.saturating_sub(1.day());
    }
    days.extend(quiet(pen, quiet_from, first, today));
    days
}

/// Whether the page says above what there is to say about it.
fn stands_above(entry: Entry<'_>, all: All<'_>) -> bool {
    let announcements = &all.derived.announcements;
    entry.ongoing() || all.entries(announcements).any(|above| above.incident.slug == entry.incident.slug)
}

/// What began on or after `first`, with its day, newest first.
fn recent<'a>(pen: &Pen<'_>, all: All<'a>, first: Date) -> Vec<(Date, Entry<'a>)> {
    let months = all.derived.months.range(Month::of(first)..).rev();
    let entries = months.flat_map(|(_, indexes)| all.entries(indexes));
    let dated = entries.map(|entry| (pen.clock.day_of(entry.facts.started), entry));
    let mut recent: Vec<_> = dated.filter(|(day, _)| *day >= first).take(ROWS_MAX).collect();
    recent.sort_by_key(|(day, _)| std::cmp::Reverse(*day));
    recent
}

fn titled(pen: &Pen<'_>, day: Date, today: Date) -> Html {
    let title = pen.clock.date_weekday(day);
    if day == today { pen.html(T::today, &[("day", &title)]) } else { title }
}

/// From the later day back to the earlier one, all quiet, though written forwards; nothing where there is none.
fn quiet(pen: &Pen<'_>, later: Date, earlier: Date, today: Date) -> Option<Day> {
    let title = match later.cmp(&earlier) {
        std::cmp::Ordering::Less => return None,
        std::cmp::Ordering::Equal => pen.html(T::nothing_reported, &[("day", &titled(pen, later, today))]),
        std::cmp::Ordering::Greater => {
            let same_month = Month::of(later) == Month::of(earlier);
            let from = if same_month { pen.clock.date_day_only(earlier) } else { pen.clock.date_short(earlier) };
            let to = pen.clock.date_short(later);
            pen.html(T::nothing_reported_between, &[("from", &from), ("to", &to)])
        }
    };
    Some(Day { title, rows: Vec::new() })
}
