//! Numbers of a timeline: sums by day, the stretches that they add up to, and the slices behind them.

use std::ops::Range;

use jiff::Timestamp;

use super::calendar::{Calendar, DAY_MS, day_start_ms, month, quarter, year};
use super::piece::Piece;
use super::rows;
use super::state::State;
use super::timeline::{Common, Timeline};
use super::{Slice, SliceKind, Span, Sum, Uptime, Window, bars, latency};
use crate::model::{Interval, Site};

const HOURS_24_MS: i64 = 24 * 3_600_000;

/// All numbers of a component.
pub(super) fn uptime(timeline: &Timeline<'_>, common: &Common<'_>) -> Uptime {
    let days = day_sums(timeline, &common.calendar);
    Uptime {
        windows: windows(timeline, &days, common),
        bars: bars::bars(&days, &timeline.posts, &common.calendar),
        latency: latency::days(&timeline.monitors, common.calendar.now_ms),
        slices: timeline.pieces.iter().filter_map(|piece| slice(piece, common.site)).collect(),
    }
}

/// One for each day of the calendar. What is before the first result was not monitored.
fn day_sums(timeline: &Timeline<'_>, calendar: &Calendar) -> Vec<Sum> {
    let Timeline { first_ms, pieces, monitors, .. } = timeline;
    let mut first = 0;
    let mut sums: Vec<Sum> = Vec::with_capacity(calendar.days.len());
    for day in &calendar.days {
        first += pieces.iter().skip(first).take_while(|piece| piece.to_ms <= day.from_ms).count();
        let rest = pieces.get(first..).unwrap_or_default();
        sums.push(sum(rest, *first_ms, day.from_ms, day.to_ms));
    }
    // A row counts on the day that has its noon: results are kept by UTC day, and cannot be cut.
    for row in monitors.iter().flat_map(|(_, rows)| *rows) {
        let noon_ms = day_start_ms(row.day).saturating_add(DAY_MS / 2);
        if let Some(sum) = sums.get_mut(calendar.place_of(noon_ms)) {
            sum.results += u64::from(row.results);
            sum.failing += u64::from(row.failing);
        }
    }
    sums
}

/// Without results. `pieces` may begin later than the first one that matters, but not earlier than one that does.
fn sum(pieces: &[Piece<State>], first_ms: i64, from_ms: i64, to_ms: i64) -> Sum {
    let mut sum = Sum { window_ms: to_ms - from_ms, ..Sum::default() };
    sum.not_monitored_ms = first_ms.clamp(from_ms, to_ms) - from_ms;
    for piece in pieces.iter().take_while(|piece| piece.from_ms < to_ms) {
        let Some(piece) = piece.within(from_ms, to_ms) else { continue };
        let ms = piece.to_ms - piece.from_ms;
        match piece.value {
            State::Unknown(_) => sum.unknown_ms += ms,
            State::Maintenance(_) => sum.maintenance_ms += ms,
            State::NotMonitored => sum.not_monitored_ms += ms,
            State::Trouble(trouble) => {
                sum.trouble_ms += ms;
                sum.lost += i128::from(trouble.weight) * i128::from(ms);
            }
        }
    }
    sum.up_ms = sum.window_ms - sum.unknown_ms - sum.maintenance_ms - sum.not_monitored_ms - sum.trouble_ms;
    sum
}

fn total(days: &[Sum], range: &Range<usize>) -> Sum {
    let mut total = Sum::default();
    days.get(range.clone()).unwrap_or_default().iter().for_each(|day| total += *day);
    total
}

/// In the order of [`Uptime::windows`].
fn windows(timeline: &Timeline<'_>, days: &[Sum], common: &Common<'_>) -> Vec<Window> {
    let calendar = &common.calendar;
    let of_days = |(span, range): (Span, Range<usize>)| {
        let (from_ms, to_ms) = calendar.limits(&range)?;
        window(span, from_ms, to_ms, total(days, &range))
    };
    let recent = [(Span::Days7, 7), (Span::Days30, 30), (Span::Days90, 90), (Span::Days365, 365)];
    let recent = recent.into_iter().map(|(span, days)| (span, calendar.recent(days)));
    let named = [month, quarter, year].into_iter().flat_map(|span| calendar.runs(span));
    let measured = |window: &Window| window.sum.measured_ms() > 0;
    let named = named.filter_map(of_days).filter(measured);
    let hours = last_24_hours(timeline, common);
    hours.into_iter().chain(recent.filter_map(of_days)).chain(named).chain(all(timeline, days, calendar)).collect()
}

fn last_24_hours(timeline: &Timeline<'_>, common: &Common<'_>) -> Option<Window> {
    let to_ms = common.calendar.now_ms;
    let from_ms = to_ms.saturating_sub(HOURS_24_MS);
    let first = timeline.pieces.partition_point(|piece| piece.to_ms <= from_ms);
    let pieces = timeline.pieces.get(first..).unwrap_or_default();
    let mut sum = sum(pieces, timeline.first_ms, from_ms, to_ms);
    (sum.results, sum.failing) = rows::count(common.site, &timeline.monitors, from_ms, to_ms);
    window(Span::Hours24, from_ms, to_ms, sum)
}

/// From the first result on: what was before it in that day is no part of it.
fn all(timeline: &Timeline<'_>, days: &[Sum], calendar: &Calendar) -> Option<Window> {
    let first = calendar.place_of(timeline.first_ms);
    let before_ms = timeline.first_ms - calendar.days.get(first)?.from_ms;
    let mut sum = total(days, &(first..days.len()));
    sum.window_ms -= before_ms;
    sum.not_monitored_ms -= before_ms;
    window(Span::All, timeline.first_ms, calendar.now_ms, sum)
}

fn window(span: Span, from_ms: i64, to_ms: i64, sum: Sum) -> Option<Window> {
    let (start, end) = (Timestamp::from_millisecond(from_ms).ok()?, Timestamp::from_millisecond(to_ms).ok()?);
    Some(Window { span, start, end, sum })
}

fn slice(piece: &Piece<State>, site: &Site) -> Option<Slice> {
    let at = |ms: i64| Timestamp::from_millisecond(ms).ok();
    let (what, weight, of) = match piece.value {
        State::Unknown(of) => (SliceKind::Unknown, 0, of),
        State::Trouble(trouble) => (SliceKind::Trouble, trouble.weight, trouble.of),
        State::Maintenance(of) => (SliceKind::Maintenance, 0, Some(of)),
        State::NotMonitored => (SliceKind::NotMonitored, 0, None),
    };
    let of = of.and_then(|index| site.incidents.get(index)).map(|incident| incident.slug.clone());
    Some(Slice { interval: Interval::new(at(piece.from_ms)?, at(piece.to_ms)?)?, what, weight, of })
}
