//! Detection over a year of one monitor, a check a minute: `cargo bench --bench detect`.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a benchmark that fails should stop")]

#[path = "../examples/simulation/dice.rs"]
mod dice;
#[path = "../examples/simulation/year.rs"]
#[allow(dead_code, reason = "what was true in that year is of no use here")]
mod year;

use divan::Bencher;
use divan::counter::ItemsCount;
use jiff::SignedDuration;
use upfront::derive::detect::{Rules, episodes};
use upfront::model::{Check, CheckStatus, DetectionLimits, Series};

fn main() {
    divan::main();
}

/// With the noise and the outages of the simulation, for each threshold that `upfront replay` tries by itself.
#[divan::bench(args = [2, 3, 5])]
fn a_monitor_year(bencher: Bencher<'_, '_>, detect_after_min: i64) {
    let year = year::Year::of(1);
    bench(bencher, &year.series, detect_after_min);
}

/// Nothing but coming and going: every second check fails, all year long.
#[divan::bench]
fn a_year_of_flapping(bencher: Bencher<'_, '_>) {
    let mut year = year::Year::of(1);
    for (index, check) in year.series.checks.iter_mut().enumerate() {
        *check = Check { status: if index % 2 == 0 { CheckStatus::Up } else { CheckStatus::Down }, ..*check };
    }
    bench(bencher, &year.series, 3);
}

fn bench(bencher: Bencher<'_, '_>, series: &Series, detect_after_min: i64) {
    let limits = DetectionLimits::default();
    let detect_after = SignedDuration::from_mins(detect_after_min);
    let rules = Rules { limits: &limits, detect_after, slow_after_us: None, expires_ms: None };
    bencher.counter(ItemsCount::new(series.checks.len())).bench(|| episodes(series, &rules, i64::MAX));
}
