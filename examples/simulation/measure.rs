//! What a rule made of a year, held against what really happened.

use upfront::derive::detect::{Episode, Rules, episodes};
use upfront::model::Series;

use crate::rule::Rule;
use crate::year::{MINUTE_MS, Real, RealKind, YEAR_MS, Year};

/// How far before a moment results can matter to what was decided at it: relapses, instability and their holds.
const MEMORY_MS: i64 = 24 * 60 * MINUTE_MS;

#[derive(Default)]
pub struct Tally {
    /// Notices without any outage.
    false_notices: usize,
    total: Found,
    most: Found,
    some: Found,
    /// Notices that have to do with an outage that was found.
    notices: usize,
    /// Time of outages after their first notice, and how much of it the page said that they were over. In ms.
    told_ms: i64,
    gap_ms: i64,
}

#[derive(Default)]
struct Found {
    outages: usize,
    found: usize,
    delays_ms: Vec<i64>,
}

/// From an opening until it was closed.
struct Told {
    notice: usize,
    from_ms: i64,
    to_ms: i64,
}

impl Tally {
    pub fn of(year: &Year, rule: &Rule) -> Tally {
        let rules = Rules {
            limits: &rule.limits,
            detect_after: rule.limits.detect_after,
            slow_after_us: None,
            expires_ms: None,
        };
        let found = episodes(&year.series, &rules, YEAR_MS);
        let is_false = |episode: &&Episode| {
            let end_ms = episode.end_ms.unwrap_or(YEAR_MS);
            !year.outages.iter().any(|real| real.start_ms < end_ms && episode.start_ms < real.end_ms)
        };
        let mut tally = Tally { false_notices: found.iter().filter(is_false).count(), ..Tally::default() };
        let told = told(&year.series, &rules, &found);
        for real in &year.outages {
            tally.add_outage(real, &told);
        }
        tally
    }

    /// Two tallies of the same rule together.
    pub fn and(mut self, other: Tally) -> Tally {
        self.false_notices += other.false_notices;
        self.total.add(other.total);
        self.most.add(other.most);
        self.some.add(other.some);
        self.notices += other.notices;
        self.told_ms += other.told_ms;
        self.gap_ms += other.gap_ms;
        self
    }

    fn add_outage(&mut self, real: &Real, told: &[Told]) {
        let during = |one: &&Told| one.from_ms < real.end_ms && real.start_ms < one.to_ms;
        let about: Vec<&Told> = told.iter().filter(during).collect();
        let kind = match real.kind {
            RealKind::Total => &mut self.total,
            RealKind::Most => &mut self.most,
            RealKind::Some => &mut self.some,
        };
        kind.outages += 1;
        let Some(first) = about.first() else { return };
        kind.found += 1;
        // What was told already, because of something else, says nothing about how soon it is noticed.
        if first.from_ms >= real.start_ms {
            kind.delays_ms.push(first.from_ms - real.start_ms);
        }
        let mut notices: Vec<usize> = about.iter().map(|one| one.notice).collect();
        notices.dedup();
        self.notices += notices.len();
        let from_ms = first.from_ms.max(real.start_ms);
        let said_ms: i64 = about.iter().map(|one| one.to_ms.min(real.end_ms) - one.from_ms.max(from_ms)).sum();
        self.told_ms += real.end_ms - from_ms;
        self.gap_ms += real.end_ms - from_ms - said_ms;
    }

    /// The columns of the table.
    pub fn row(&self, years: u64) -> String {
        let found = self.total.found + self.most.found + self.some.found;
        format!(
            "{} | {} ({:.1}) | {} | {} | {:.2} | {:.1} %",
            per_year(self.false_notices, years),
            self.total.said(),
            self.total.delay_min(90),
            self.most.said(),
            self.some.said(),
            self.notices as f64 / found.max(1) as f64,
            100.0 * self.gap_ms as f64 / self.told_ms.max(1) as f64,
        )
    }
}

impl Found {
    fn add(&mut self, other: Found) {
        self.outages += other.outages;
        self.found += other.found;
        self.delays_ms.extend(other.delays_ms);
    }

    fn said(&self) -> String {
        let share = 100.0 * self.found as f64 / self.outages.max(1) as f64;
        format!("{share:.0} %, {:.1}", self.delay_min(50))
    }

    fn delay_min(&self, percent: usize) -> f64 {
        let mut delays = self.delays_ms.clone();
        delays.sort_unstable();
        let index = (delays.len() * percent / 100).min(delays.len().saturating_sub(1));
        delays.get(index).map_or(f64::NAN, |&delay| delay as f64 / MINUTE_MS as f64)
    }
}

/// How many a year, and by how much that may be off (one standard deviation of a count).
fn per_year(count: usize, years: u64) -> String {
    let (a_year, off) = (count as f64 / years as f64, (count as f64).sqrt() / years as f64);
    if a_year < 10.0 { format!("{a_year:.2} ± {off:.2}") } else { format!("{a_year:.0}") }
}

/// Every opening with its closing. An episode keeps only its last closing, so the others are asked for as of the moment
/// before it opened again.
fn told(series: &Series, rules: &Rules<'_>, found: &[Episode]) -> Vec<Told> {
    let mut told = Vec::new();
    for (notice, episode) in found.iter().enumerate() {
        for (index, &from_ms) in episode.openings.iter().enumerate() {
            let to_ms = match episode.openings.get(index + 1) {
                Some(&again_ms) => closed_before(series, rules, from_ms, again_ms),
                None => episode.closed_ms.unwrap_or(YEAR_MS),
            };
            told.push(Told { notice, from_ms, to_ms });
        }
    }
    told
}

fn closed_before(series: &Series, rules: &Rules<'_>, from_ms: i64, again_ms: i64) -> i64 {
    let first = series.checks.partition_point(|check| check.at_ms < from_ms - MEMORY_MS);
    let last = series.checks.partition_point(|check| check.at_ms < again_ms);
    let then = Series {
        interval_ms: series.interval_ms,
        places: series.places.clone(),
        checks: series.checks[first..last].to_vec(),
        ..Series::default()
    };
    episodes(&then, rules, again_ms - 1).last().and_then(|episode| episode.closed_ms).unwrap_or(again_ms)
}
