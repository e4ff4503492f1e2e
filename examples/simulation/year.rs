//! A year of one monitor: what really happened, and what its checks saw.

use std::sync::Arc;

use upfront::model::{Check, CheckStatus, Series};

use crate::dice::Dice;

pub const MINUTE_MS: i64 = 60_000;
pub const YEAR_MS: i64 = 365 * DAY_MS;
const DAY_MS: i64 = 24 * 60 * MINUTE_MS;
const PLACES: usize = 5;

/// One check in a thousand fails by itself.
const STRAY_SHARE: f64 = 0.001;
/// While a place has trouble, so many of its checks fail.
const PLACE_TROUBLE_SHARE: f64 = 0.7;

pub struct Year {
    pub series: Series,
    /// By start; they do not overlap.
    pub outages: Vec<Real>,
}

/// Something that readers should hear of.
#[derive(Clone, Copy)]
pub struct Real {
    pub start_ms: i64,
    pub end_ms: i64,
    pub kind: RealKind,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum RealKind {
    Total,
    /// 60 % of all checks fail.
    Most,
    /// 30 % do.
    Some,
}

impl RealKind {
    fn share(self) -> f64 {
        match self {
            RealKind::Total => 1.0,
            RealKind::Most => 0.6,
            RealKind::Some => 0.3,
        }
    }
}

impl Year {
    pub fn of(number: u64) -> Year {
        let mut dice = Dice::new(number);
        let outages = outages(&mut dice);
        // The server makes everybody wait, twice a day; something blips, every five days.
        let waits = happenings(&mut dice, DAY_MS / 2, |dice| dice.exponential(20_000.0));
        let blips = happenings(&mut dice, 5 * DAY_MS, |dice| dice.between(60_000.0, 120_000.0));
        let places: Vec<Vec<(i64, i64)>> =
            (0..PLACES).map(|_| happenings(&mut dice, 10 * DAY_MS, |dice| dice.exponential(8.0 * 60_000.0))).collect();
        let mut series = Series {
            interval_ms: Some(MINUTE_MS),
            places: (0..PLACES).map(|place| Arc::from(format!("place-{place}"))).collect(),
            ..Series::default()
        };
        let phase_ms = (dice.share() * 60_000.0) as i64;
        for (at_ms, place) in (phase_ms..YEAR_MS).step_by(60_000).zip((0..PLACES).cycle()) {
            let happens = |all: &[(i64, i64)]| within(all, at_ms);
            let share = outages
                .get(outages.partition_point(|outage| outage.end_ms <= at_ms))
                .filter(|outage| outage.start_ms <= at_ms)
                .map_or(0.0, |outage| outage.kind.share());
            let place_share = if happens(&places[place]) { PLACE_TROUBLE_SHARE } else { 0.0 };
            let fails = happens(&waits)
                || happens(&blips)
                || dice.share() < STRAY_SHARE
                || dice.share() < share
                || dice.share() < place_share;
            series.checks.push(Check {
                at_ms,
                latency_us: None,
                place: u16::try_from(place).ok(),
                status: if fails { CheckStatus::Down } else { CheckStatus::Up },
                confirmed: true,
                rev: 0,
            });
        }
        Year { series, outages }
    }
}

/// Two a month, of 5 minutes to 12 hours, half of them 25 minutes or more.
fn outages(dice: &mut Dice) -> Vec<Real> {
    let mut outages = Vec::new();
    let mut at = 0.0;
    loop {
        at += dice.exponential(365.0 / 24.0 * DAY_MS as f64);
        let length = dice.log_normal(25.0 * 60_000.0, 1.2).clamp(5.0 * 60_000.0, 12.0 * 3_600_000.0);
        let kind = match dice.share() {
            share if share < 0.5 => RealKind::Total,
            share if share < 0.8 => RealKind::Most,
            _ => RealKind::Some,
        };
        let (start_ms, end_ms) = (at as i64, (at + length) as i64);
        if end_ms > YEAR_MS {
            return outages;
        }
        outages.push(Real { start_ms, end_ms, kind });
        at += length;
    }
}

/// What happens every so often, for so long.
fn happenings(dice: &mut Dice, every_ms: i64, length_ms: impl Fn(&mut Dice) -> f64) -> Vec<(i64, i64)> {
    let mut all = Vec::new();
    let mut at = 0.0;
    while at < YEAR_MS as f64 {
        at += dice.exponential(every_ms as f64);
        let length = length_ms(dice);
        all.push((at as i64, (at + length) as i64));
        at += length;
    }
    all
}

fn within(all: &[(i64, i64)], at_ms: i64) -> bool {
    all.get(all.partition_point(|(_, end_ms)| *end_ms <= at_ms)).is_some_and(|(start_ms, _)| *start_ms <= at_ms)
}
