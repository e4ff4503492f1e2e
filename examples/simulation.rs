//! How well detection tells outages from noise: made-up monitors whose truth is known, watched with several thresholds.
//!
//! ```console
//! $ cargo run --release --example simulation -- 60
//! ```
//!
//! One check a minute, from five places in turn. Noise: one check in a thousand fails by itself; twice a day the server
//! makes everybody wait (20 s on average); every five days something fails for one to two minutes; each place has trouble
//! of its own every ten days (8 min on average), in which 70 % of its checks fail. Real outages come twice a month, last
//! from 5 minutes to 12 hours (median 25 minutes), and are total (half of them), or let 60 % (three in ten) or 30 % (two in
//! ten) of the checks fail. `docs/detection.md` says what follows from the table.
#![allow(clippy::unwrap_used, clippy::cast_possible_truncation, clippy::cast_precision_loss, reason = "an example")]
#![allow(clippy::cast_sign_loss, clippy::cast_possible_wrap, reason = "its numbers are small")]

use std::sync::Arc;

use jiff::SignedDuration;
use upfront::derive::detect::{Episode, Rules, episodes};
use upfront::model::{Brownout, Check, CheckStatus, DetectionLimits, Series};

const MINUTE_MS: i64 = 60_000;
const YEAR_MIN: i64 = 365 * 24 * 60;
const PLACES: u16 = 5;

fn main() {
    let years: u64 = std::env::args().nth(1).and_then(|arg| arg.parse().ok()).unwrap_or(60);
    println!("{years} monitor-years, a check a minute from {PLACES} places\n");
    println!(
        "{:<34} {:>6} {:>15} {:>15} {:>15} {:>8} {:>6}",
        "rule", "false", "total: delay", "60 %: found", "30 %: found", "notices", "gap"
    );
    let worlds: Vec<World> = (0..years).map(World::new).collect();
    for (name, limits) in presets() {
        let mut score = Score::default();
        for world in &worlds {
            score.add(world, &limits);
        }
        println!("{name:<34} {}", score.line(years as f64));
    }
}

/// The thresholds that are compared: the defaults, and what happens around them.
fn presets() -> Vec<(&'static str, DetectionLimits)> {
    let default = DetectionLimits::default();
    let minutes = SignedDuration::from_mins;
    let brownout = |fails| Brownout { fails, share: fails * 1000 / 15, ..default.brownout };
    vec![
        ("default: 3 min, 5 of 15, hold 15", default),
        ("fast: 2 min, hold 15", DetectionLimits { detect_after: minutes(2), ..default }),
        ("4 min, hold 15", DetectionLimits { detect_after: minutes(4), ..default }),
        ("3 min, hold 5", DetectionLimits { hold: minutes(5), ..default }),
        (
            "the same, a relapse is a new one",
            DetectionLimits { hold: minutes(5), relapse: SignedDuration::ZERO, ..default },
        ),
        ("3 min, 3 of 15, hold 15", DetectionLimits { brownout: brownout(3), ..default }),
        (
            "the same, from any one place",
            DetectionLimits { brownout: Brownout { locations: 1, ..brownout(3) }, ..default },
        ),
        ("3 min, 4 of 15, hold 15", DetectionLimits { brownout: brownout(4), ..default }),
        ("3 min from one place, hold 15", DetectionLimits { locations: 1, ..default }),
    ]
}

/// A year of one monitor, and what was true in it.
struct World {
    series: Series,
    outages: Vec<Real>,
}

#[derive(Clone, Copy)]
struct Real {
    start_ms: i64,
    end_ms: i64,
    /// How many of a hundred checks fail.
    percent: u32,
}

impl World {
    fn new(seed: u64) -> World {
        let mut dice = Dice(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ 0x5bf0_3635);
        let year_ms = YEAR_MIN * MINUTE_MS;
        let outages: Vec<Real> = times(&mut dice, 365.0 / 24.0)
            .into_iter()
            .map(|start_ms| {
                // Lengths are log-normal around the median, cut off at both ends.
                let minutes = (25.0 * (1.2 * dice.normal()).exp()).clamp(5.0, 720.0);
                let percent = match dice.below(10) {
                    0..5 => 100,
                    5..8 => 60,
                    _ => 30,
                };
                Real { start_ms, end_ms: start_ms + (minutes * MINUTE_MS as f64) as i64, percent }
            })
            .collect();
        let waits = spans(&mut dice, 0.5, |dice| dice.exponential(20.0));
        let blips = spans(&mut dice, 5.0, |dice| 60.0 + 60.0 * dice.unit());
        let trouble: Vec<Vec<(i64, i64)>> =
            (0..PLACES).map(|_| spans(&mut dice, 10.0, |dice| dice.exponential(480.0))).collect();

        let mut checks = Vec::with_capacity(YEAR_MIN as usize);
        let phase = dice.below(60_000) as i64;
        for minute in 0..YEAR_MIN {
            let at_ms = minute * MINUTE_MS + phase;
            let place = (minute % i64::from(PLACES)) as u16;
            let real = outages.iter().filter(|o| o.start_ms <= at_ms && at_ms < o.end_ms).map(|o| o.percent).max();
            let of_place = inside(&trouble[usize::from(place)], at_ms) && dice.below(100) < 70;
            let fails = real.is_some_and(|percent| dice.below(100) < percent)
                || inside(&waits, at_ms)
                || inside(&blips, at_ms)
                || of_place
                || dice.below(1000) == 0;
            let status = if fails { CheckStatus::Down } else { CheckStatus::Up };
            checks.push(Check { at_ms, latency_us: None, place: Some(place), status, confirmed: true, rev: 0 });
        }
        debug_assert!(checks.last().is_some_and(|check| check.at_ms < year_ms));
        let places = (0..PLACES).map(|place| Arc::from(format!("place-{place}"))).collect();
        World { series: Series { interval_ms: Some(MINUTE_MS), places, checks, ..Series::default() }, outages }
    }
}

/// Moments that come every so many days, by chance.
fn times(dice: &mut Dice, every_days: f64) -> Vec<i64> {
    let mut at_ms = 0.0;
    let mut all = Vec::new();
    loop {
        at_ms += dice.exponential(every_days * 86_400_000.0);
        if at_ms >= (YEAR_MIN * MINUTE_MS) as f64 {
            return all;
        }
        all.push(at_ms as i64);
    }
}

fn spans(dice: &mut Dice, every_days: f64, seconds: impl Fn(&mut Dice) -> f64) -> Vec<(i64, i64)> {
    let starts = times(dice, every_days);
    starts.into_iter().map(|start_ms| (start_ms, start_ms + (seconds(dice) * 1000.0) as i64)).collect()
}

fn inside(spans: &[(i64, i64)], at_ms: i64) -> bool {
    let before = spans.partition_point(|&(start_ms, _)| start_ms <= at_ms);
    // A long one may have begun before a short one that is over.
    spans[before.saturating_sub(3)..before].iter().any(|&(_, end_ms)| at_ms < end_ms)
}

/// What a rule made of all worlds.
#[derive(Default)]
struct Score {
    false_notices: usize,
    /// For total outages, those with 60 %, those with 30 %: how many there were, and the delay of each that was found.
    kinds: [(usize, Vec<f64>); 3],
    notices: usize,
    found: usize,
    outage_ms: i64,
    gap_ms: i64,
}

impl Score {
    fn add(&mut self, world: &World, limits: &DetectionLimits) {
        let rules = Rules { limits, detect_after: limits.detect_after, slow_after_us: None, expires_ms: None };
        let seen = episodes(&world.series, &rules, YEAR_MIN * MINUTE_MS);
        let meets = |episode: &Episode, real: &Real| {
            let end_ms = episode.end_ms.unwrap_or(i64::MAX);
            episode.start_ms < real.end_ms + MINUTE_MS && real.start_ms < end_ms
        };
        self.false_notices +=
            seen.iter().filter(|episode| !world.outages.iter().any(|real| meets(episode, real))).count();
        for real in &world.outages {
            let of_it: Vec<&Episode> = seen.iter().filter(|episode| meets(episode, real)).collect();
            let kind = match real.percent {
                100 => 0,
                60 => 1,
                _ => 2,
            };
            self.kinds[kind].0 += 1;
            let Some(first) = of_it.first().filter(|first| first.detected_ms < real.end_ms) else { continue };
            let detected_ms = first.detected_ms.max(real.start_ms);
            self.kinds[kind].1.push((detected_ms - real.start_ms) as f64 / MINUTE_MS as f64);
            self.found += 1;
            self.notices += of_it.len();
            self.outage_ms += real.end_ms - detected_ms;
            self.gap_ms += gaps(&of_it, limits, detected_ms, real.end_ms);
        }
    }

    fn line(&mut self, years: f64) -> String {
        let mut cell = |kind: usize| {
            let (all, delays) = &mut self.kinds[kind];
            delays.sort_by(f64::total_cmp);
            let median = delays.get(delays.len() / 2).copied().unwrap_or(f64::NAN);
            (100.0 * delays.len() as f64 / (*all).max(1) as f64, median)
        };
        let cells: Vec<String> = (0..3)
            .map(|kind| {
                let (found, median) = cell(kind);
                format!("{found:>5.1} % {median:>4.1} min")
            })
            .collect();
        format!(
            "{:>6.2} {} {} {} {:>8.2} {:>4.1} %",
            self.false_notices as f64 / years,
            cells[0],
            cells[1],
            cells[2],
            self.notices as f64 / self.found.max(1) as f64,
            100.0 * self.gap_ms as f64 / self.outage_ms.max(1) as f64,
        )
    }
}

/// For how long after the first notice, while it was still out, the page said that it was over.
fn gaps(of_it: &[&Episode], limits: &DetectionLimits, from_ms: i64, to_ms: i64) -> i64 {
    let hold_ms = limits.hold.as_millis() as i64;
    let within = |start_ms: i64, end_ms: i64| (end_ms.min(to_ms) - start_ms.max(from_ms)).max(0);
    let mut gap_ms = 0;
    for episode in of_it {
        for &opened_ms in episode.openings.iter().skip(1) {
            let before = episode.stretches.iter().filter(|stretch| stretch.start_ms <= opened_ms);
            let ended = before.rev().nth(1).and_then(|stretch| stretch.end_ms);
            gap_ms += ended.map_or(0, |ended_ms| within(ended_ms + hold_ms, opened_ms));
        }
    }
    for pair in of_it.windows(2) {
        gap_ms += pair[0].closed_ms.map_or(0, |closed_ms| within(closed_ms, pair[1].detected_ms));
    }
    if let Some(closed_ms) = of_it.last().and_then(|last| last.closed_ms) {
        gap_ms += within(closed_ms, to_ms);
    }
    gap_ms
}

/// A small generator (SplitMix64), so that every run on every machine is the same.
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// From 0 up to, not including, 1.
    fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    fn below(&mut self, limit: u32) -> u32 {
        (self.unit() * f64::from(limit)) as u32
    }

    fn exponential(&mut self, mean: f64) -> f64 {
        -mean * (1.0 - self.unit()).ln()
    }

    fn normal(&mut self) -> f64 {
        (-2.0 * (1.0 - self.unit()).ln()).sqrt() * (std::f64::consts::TAU * self.unit()).cos()
    }
}
