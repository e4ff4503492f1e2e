//! `[detection]`: the numbers by which outages are told from noise, and what becomes of what is found.
//!
//! A key for each field of [`DetectionLimits`]. A number that cannot be used stops the build: with another one in its
//! place the page would tell outages that the operator did not want told, or would not tell those that they did.

use std::ops::RangeInclusive;

use jiff::SignedDuration;

use super::reader::{Reader, Section};
use super::{numbers, words};
use crate::model::{DetectionLimits, Notices};

/// A key that is a length of time, where it is kept, and from which to which second it may be.
struct Duration {
    key: &'static str,
    of: fn(&mut DetectionLimits) -> &mut SignedDuration,
    bounds_s: RangeInclusive<i64>,
}

/// A key that is a whole number.
struct Count {
    key: &'static str,
    of: fn(&mut DetectionLimits) -> &mut u32,
    bounds: RangeInclusive<u32>,
}

/// A key that is a share of all.
struct Share {
    key: &'static str,
    of: fn(&mut DetectionLimits) -> &mut u32,
}

const HOUR_S: i64 = 3600;
const DAY_S: i64 = 24 * HOUR_S;

/// Down to a second: a recording at many times its speed can then be replayed.
const DURATIONS: [Duration; 14] = [
    Duration { key: "detect_after", of: |limits| &mut limits.detect_after, bounds_s: 1..=DAY_S },
    Duration { key: "fast_detect_after", of: |limits| &mut limits.fast_detect_after, bounds_s: 1..=DAY_S },
    Duration { key: "brownout_window", of: |limits| &mut limits.brownout.window, bounds_s: 1..=DAY_S },
    Duration { key: "hold", of: |limits| &mut limits.hold, bounds_s: 1..=DAY_S },
    Duration { key: "hold_max", of: |limits| &mut limits.hold_max, bounds_s: 1..=DAY_S },
    Duration { key: "relapse", of: |limits| &mut limits.relapse, bounds_s: 0..=DAY_S },
    Duration { key: "unstable_window", of: |limits| &mut limits.unstable_window, bounds_s: 1..=7 * DAY_S },
    Duration { key: "unstable_hold", of: |limits| &mut limits.unstable_hold, bounds_s: 1..=DAY_S },
    Duration { key: "stale_min", of: |limits| &mut limits.stale_min, bounds_s: 1..=DAY_S },
    Duration { key: "maintenance_grace", of: |limits| &mut limits.maintenance_grace, bounds_s: 0..=DAY_S },
    Duration { key: "incident_before", of: |limits| &mut limits.incident_before, bounds_s: 0..=DAY_S },
    Duration { key: "group_wait", of: |limits| &mut limits.group_wait, bounds_s: 0..=HOUR_S },
    Duration { key: "group_window", of: |limits| &mut limits.group_window, bounds_s: 0..=DAY_S },
    Duration { key: "suspect_window", of: |limits| &mut limits.suspect_window, bounds_s: 1..=HOUR_S },
];

const COUNTS: [Count; 11] = [
    Count { key: "fails", of: |limits| &mut limits.fails, bounds: 1..=1000 },
    Count { key: "locations", of: |limits| &mut limits.locations, bounds: 1..=100 },
    Count { key: "brownout_results", of: |limits| &mut limits.brownout.results, bounds: 1..=10_000 },
    Count { key: "brownout_fails", of: |limits| &mut limits.brownout.fails, bounds: 1..=10_000 },
    Count { key: "brownout_locations", of: |limits| &mut limits.brownout.locations, bounds: 1..=100 },
    Count { key: "good_results", of: |limits| &mut limits.good_results, bounds: 1..=1000 },
    Count { key: "unstable_openings", of: |limits| &mut limits.unstable_openings, bounds: 2..=100 },
    Count { key: "stale_intervals", of: |limits| &mut limits.stale_intervals, bounds: 1..=1000 },
    Count { key: "checking_fails", of: |limits| &mut limits.checking_fails, bounds: 1..=1000 },
    Count { key: "per_day", of: |limits| &mut limits.per_day, bounds: 0..=1000 },
    Count { key: "suspect_monitors", of: |limits| &mut limits.suspect_monitors, bounds: 2..=5000 },
];

const SHARES: [Share; 3] = [
    Share { key: "brownout_share", of: |limits| &mut limits.brownout.share },
    Share { key: "brownout_share_of_one", of: |limits| &mut limits.brownout.share_of_one },
    Share { key: "suspect_share", of: |limits| &mut limits.suspect_share },
];

/// Every key of the table.
pub(in crate::load) fn keys() -> Vec<&'static str> {
    let durations = DURATIONS.iter().map(|duration| duration.key);
    let counts = COUNTS.iter().map(|count| count.key);
    let shares = SHARES.iter().map(|share| share.key);
    durations.chain(counts).chain(shares).chain(["notices"]).collect()
}

pub(super) fn read(reader: &mut Reader<'_>, site: &Section<'_, '_>) -> (DetectionLimits, Notices) {
    let mut limits = DetectionLimits::default();
    let Some(table) = reader.table(site, "detection", &keys()) else { return (limits, Notices::default()) };
    for Duration { key, of, bounds_s } in &DURATIONS {
        let bounds = SignedDuration::from_secs(*bounds_s.start())..=SignedDuration::from_secs(*bounds_s.end());
        if let Some(duration) = numbers::duration(reader, &table, key, bounds) {
            *of(&mut limits) = duration;
        }
    }
    for Count { key, of, bounds } in &COUNTS {
        if let Some(count) = numbers::count(reader, &table, key, bounds.clone()) {
            *of(&mut limits) = count;
        }
    }
    for Share { key, of } in &SHARES {
        if let Some(share) = numbers::thousandths(reader, &table, key) {
            *of(&mut limits) = share;
        }
    }
    hold_fits(reader, &table, &mut limits);
    (limits, words::notices(reader, &table).unwrap_or_default())
}

/// A longer `hold` lifts the most that relapses may double it to, unless somebody has set both.
fn hold_fits(reader: &mut Reader<'_>, table: &Section<'_, '_>, limits: &mut DetectionLimits) {
    if limits.hold_max >= limits.hold {
        return;
    }
    match reader.any(table, "hold_max") {
        Some(value) => {
            let cure = "relapses double `hold` up to `hold_max`: make it the larger of the two";
            reader.value_error(&value.span(), "`hold_max` is shorter than `hold`".to_owned(), cure);
        }
        None => limits.hold_max = limits.hold,
    }
}
