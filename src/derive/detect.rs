//! When results are an outage: one pure function of the results of one monitor and the thresholds.
//!
//! `docs/detection.md` states the rules and the simulation behind the defaults.

use jiff::SignedDuration;

use crate::model::{DetectionKind, DetectionLimits, Places, Series};

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
    /// One for each opening.
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
    /// The first good result after its last failing one; `None` where none has come.
    pub end_ms: Option<i64>,
    pub kind: DetectionKind,
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
pub fn episodes(_series: &Series, _rules: &Rules<'_>, _now_ms: i64) -> Vec<Episode> {
    Vec::new()
}

/// How the monitor stands at `now_ms`.
pub fn standing(_series: &Series, _rules: &Rules<'_>, _now_ms: i64) -> Standing {
    Standing { last_ms: None, stale: false, checking: false }
}
