//! Day rows by monitor: those that are sealed, and those of the days that are still open.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use rayon::prelude::*;

use super::calendar::{DAY_MS, day_start_ms};
use crate::derive::day::day_row;
use crate::model::{Component, DayRow, Heartbeat, MonitorRef, Series, Site};

/// How far back a day can be open. The raw log is kept for at most 60 days.
const OPEN_MAX_MS: i64 = 62 * DAY_MS;

/// The shard of rows that are made on the fly; no collector has an empty name.
const OPEN_SHARD: &str = "";

/// A monitor and its rows.
pub(super) type Monitor<'s> = (&'s MonitorRef, &'s [&'s DayRow]);

/// All rows that have begun, by monitor.
pub(super) struct Rows<'a> {
    /// By monitor; the rows of each by shard, then day.
    monitors: Vec<(&'a MonitorRef, Vec<&'a DayRow>)>,
}

impl<'a> Rows<'a> {
    /// Rows of the future and from before 1970 are nobody's, and are left out.
    pub fn new(sealed: &'a [DayRow], open: &'a [DayRow], now_ms: i64) -> Rows<'a> {
        let mut places: BTreeMap<&MonitorRef, usize> = BTreeMap::new();
        let mut monitors: Vec<(&MonitorRef, Vec<&DayRow>)> = Vec::new();
        // The rows of a day come in the order of the monitors, so the next row is nearly always the next monitor's.
        let mut last = 0;
        let begun = |row: &&DayRow| (0..now_ms).contains(&day_start_ms(row.day));
        for row in sealed.iter().chain(open).filter(begun) {
            let next = if last + 1 < monitors.len() { last + 1 } else { 0 };
            let place = match monitors.get(next) {
                Some((monitor, _)) if **monitor == row.monitor => next,
                _ => *places.entry(&row.monitor).or_insert_with(|| {
                    monitors.push((&row.monitor, Vec::new()));
                    monitors.len() - 1
                }),
            };
            if let Some((_, rows)) = monitors.get_mut(place) {
                rows.push(row);
            }
            last = place;
        }
        for (_, rows) in &mut monitors {
            rows.sort_by(|a, b| (&a.shard, a.day).cmp(&(&b.shard, b.day)));
        }
        monitors.sort_unstable_by_key(|&(monitor, _)| monitor);
        Rows { monitors }
    }

    /// The first day of all.
    pub fn first_day(&self) -> Option<Date> {
        self.monitors.iter().flat_map(|(_, rows)| rows).map(|row| row.day).min()
    }

    /// The monitors whose word counts for a component, with their rows; those without any are left out.
    pub fn of(&self, component: &Component) -> Vec<Monitor<'_>> {
        let heard = |wanted: &dyn Fn(&MonitorRef) -> bool| {
            let those = self.monitors.iter().filter(|(monitor, _)| wanted(monitor));
            those.map(|(monitor, rows)| (*monitor, rows.as_slice())).collect()
        };
        match &component.watch.monitors {
            Some(listed) => heard(&|monitor| listed.contains(monitor)),
            None => heard(&|monitor| monitor.monitor.as_str() == component.id.as_str()),
        }
    }
}

/// The rows of days that have no sealed one yet, from the results themselves.
pub(super) fn open(site: &Site, now: Timestamp) -> Vec<DayRow> {
    let monitoring = &site.monitoring;
    let now_ms = now.as_millisecond();
    let sealed = |monitor: &MonitorRef, day: Date| {
        monitoring.days.binary_search_by(|row| (row.day, &row.monitor).cmp(&(day, monitor))).is_ok()
    };
    let shard: Arc<str> = OPEN_SHARD.into();
    let of_monitor = |(monitor, series): (&MonitorRef, &Series)| -> Vec<DayRow> {
        let Some(first_ms) = first_ms(series) else { return Vec::new() };
        let from_ms = first_ms.max(monitoring.since_ms).max(now_ms.saturating_sub(OPEN_MAX_MS));
        let beats = heartbeats(site, monitor);
        let days = days(from_ms, now_ms).filter(|&day| !sealed(monitor, day));
        days.filter_map(|day| day_row(monitor, series, beats, &shard, day, now_ms)).collect()
    };
    monitoring.series.par_iter().flat_map_iter(of_monitor).collect()
}

/// How many results of these monitors came in between, and how many of them failed.
pub(super) fn count(site: &Site, monitors: &[Monitor<'_>], from_ms: i64, to_ms: i64) -> (u64, u64) {
    let mut counts = (0, 0);
    for series in monitors.iter().filter_map(|(monitor, _)| site.monitoring.series.get(*monitor)) {
        let checks = &series.checks;
        let from = checks.partition_point(|check| check.at_ms < from_ms);
        for check in checks.iter().skip(from).take_while(|check| check.at_ms < to_ms) {
            counts.0 += 1;
            counts.1 += u64::from(check.status.fails());
        }
    }
    counts
}

fn first_ms(series: &Series) -> Option<i64> {
    let checks = series.checks.first().map(|check| check.at_ms);
    let spans = series.spans.first().map(|span| span.from_ms);
    checks.into_iter().chain(spans).min()
}

fn heartbeats<'a>(site: &'a Site, monitor: &MonitorRef) -> &'a [Heartbeat] {
    let reading = site.monitoring.feeds.iter().find(|reading| reading.feed == monitor.feed);
    reading.map_or(&[], |reading| reading.heartbeats.as_slice())
}

/// UTC days from that of `from_ms` to that of `to_ms`.
fn days(from_ms: i64, to_ms: i64) -> impl Iterator<Item = Date> {
    let epoch = Date::constant(1970, 1, 1);
    (from_ms.div_euclid(DAY_MS)..=to_ms.div_euclid(DAY_MS))
        .filter_map(move |day| epoch.checked_add(SignedDuration::from_hours(day.checked_mul(24)?)).ok())
}
