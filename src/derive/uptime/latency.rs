//! How long good answers took, by UTC day: the histograms of all monitors of a component, added.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::LatencyDay;
use super::calendar::{DAY_MS, day_start_ms};
use super::rows::Monitor;
use crate::model::Histogram;

/// How many days are looked back.
const DAYS: i64 = 90;

/// The last 90 days that have any, oldest first.
pub(super) fn days(monitors: &[Monitor<'_>], now_ms: i64) -> Vec<LatencyDay> {
    let from_ms = (now_ms.div_euclid(DAY_MS) - (DAYS - 1)).saturating_mul(DAY_MS);
    let mut days: BTreeMap<Date, Histogram> = BTreeMap::new();
    for row in monitors.iter().flat_map(|(_, rows)| *rows).filter(|row| day_start_ms(row.day) >= from_ms) {
        if let Some(latency) = &row.latency {
            days.entry(row.day).or_default().add(latency);
        }
    }
    days.into_iter().filter_map(|(day, histogram)| latency_day(day, &histogram)).collect()
}

fn latency_day(day: Date, histogram: &Histogram) -> Option<LatencyDay> {
    Some(LatencyDay {
        day,
        count: histogram.count,
        p50_us: histogram.percentile(500)?,
        p95_us: histogram.percentile(950)?,
        p99_us: histogram.percentile(990)?,
    })
}
