//! When results are an outage: one pure function of the results of one monitor and the thresholds.
//!
//! `docs/detection.md` states the rules and the simulation behind the defaults.
//!
//! One pass in time order, at a constant cost a result. What it decides at a moment rests on nothing that came later, so
//! that it makes no difference how often, or when, a site was built: [`episodes`] as of ten o'clock is [`episodes`] as of
//! noon, cut off at ten.

mod evidence;
mod limits;
mod open;
mod pass;
mod places;
mod silence;
mod spans;

use jiff::SignedDuration;

use crate::model::{Check, CheckStatus, DetectionKind, DetectionLimits, Places, Series};

/// What decides about one monitor.
#[derive(Clone, Copy, Debug)]
pub struct Rules<'a> {
    pub limits: &'a DetectionLimits,
    /// `detect_after`, or `fast_detect_after`.
    pub detect_after: SignedDuration,
    /// Good results that took at least so long are degraded.
    pub slow_after_us: Option<u32>,
    /// From this moment on nothing in the feed holds any more (Unix ms).
    pub expires_ms: Option<i64>,
}

/// One outage of one monitor, from its first opening to its end, relapses included. Times in Unix ms.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Episode {
    /// The worst that it was.
    pub kind: DetectionKind,
    /// What opened it.
    pub rule: Rule,
    /// The first failing result.
    pub start_ms: i64,
    /// When the rule first held: the time of the result that made it so, or of the moment that a span was old enough.
    pub detected_ms: i64,
    /// By start, at least one for each opening: where it turned worse or milder, or failed again after enough good results,
    /// another begins. They do not overlap.
    pub stretches: Vec<Stretch>,
    /// When each opening was decided.
    pub openings: Vec<i64>,
    /// When there were enough good results in a row; `None` while there are not.
    pub recovering_ms: Option<i64>,
    /// The first good result after the last failing one; only once it is closed.
    pub end_ms: Option<i64>,
    /// When it was taken to be over.
    pub closed_ms: Option<i64>,
    pub unstable: bool,
    pub places: Places,
}

/// A stretch of failure within an episode.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stretch {
    pub start_ms: i64,
    /// The first good result after its last failing one; `None` where none has come. Where it turned into another kind,
    /// the start of that.
    pub end_ms: Option<i64>,
    pub kind: DetectionKind,
    /// Results that were as bad as its kind says, or worse: with [`DetectionKind::Degraded`] also the degraded ones.
    pub fails: u32,
    pub results: u32,
}

/// Which rule opened an episode.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rule {
    /// Nothing but failing results for long enough.
    Total,
    /// Enough of the last results failed.
    Brownout,
    /// A source that reports only changes has said so for long enough.
    Declared,
    /// Nothing but degraded or slow results for long enough.
    Degraded,
}

impl Rule {
    /// The word in data.
    pub fn word(self) -> &'static str {
        match self {
            Rule::Total => "total",
            Rule::Brownout => "brownout",
            Rule::Declared => "declared",
            Rule::Degraded => "degraded",
        }
    }
}

/// What a monitor is like at one moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// The newest result, Unix ms.
    pub last_ms: Option<i64>,
    /// Nothing is known any more.
    pub stale: bool,
    /// Enough failing results in a row that its row says "checking", and no episode.
    pub checking: bool,
}

/// All episodes, by start. Only what came up to `now_ms` counts.
pub fn episodes(series: &Series, rules: &Rules<'_>, now_ms: i64) -> Vec<Episode> {
    watch(series, rules, now_ms).0
}

/// How the monitor stands at `now_ms`.
pub fn standing(series: &Series, rules: &Rules<'_>, now_ms: i64) -> Standing {
    watch(series, rules, now_ms).1
}

/// [`episodes`] and [`standing`] at the price of one.
pub fn watch(series: &Series, rules: &Rules<'_>, now_ms: i64) -> (Vec<Episode>, Standing) {
    pass::Pass::new(series, rules, now_ms).run(&series.checks, now_ms)
}

/// What one result means, once slow answers are told from quick ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Word {
    /// It says nothing: neither counts nor resets anything.
    Neutral,
    Good,
    Trouble(DetectionKind),
}

impl Word {
    fn of(status: CheckStatus) -> Word {
        match status {
            CheckStatus::Up => Word::Good,
            CheckStatus::Degraded => Word::Trouble(DetectionKind::Degraded),
            CheckStatus::Partial => Word::Trouble(DetectionKind::Partial),
            CheckStatus::Down => Word::Trouble(DetectionKind::Down),
            CheckStatus::Unknown | CheckStatus::Paused | CheckStatus::Maintenance => Word::Neutral,
        }
    }

    fn of_check(check: &Check, slow_after_us: Option<u32>) -> Word {
        let is_slow = || slow_after_us.zip(check.latency_us).is_some_and(|(limit, took)| took >= limit);
        match Word::of(check.status) {
            Word::Good if is_slow() => Word::Trouble(DetectionKind::Degraded),
            word => word,
        }
    }

    /// How bad it is; `None` where it is not.
    fn trouble(self) -> Option<DetectionKind> {
        match self {
            Word::Trouble(kind) => Some(kind),
            Word::Good | Word::Neutral => None,
        }
    }
}

#[cfg(test)]
mod recorded;
#[cfg(test)]
mod tests;
