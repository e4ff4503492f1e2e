//! How long nothing may be heard until nothing is known: from how often the monitor ran so far.

use super::limits::Limits;

/// How often a monitor is taken to run where neither its source nor its results say, in ms.
const INTERVAL_DEFAULT_MS: i64 = 60_000;
/// Intervals are never taken to be shorter, in ms.
const INTERVAL_MIN_MS: i64 = 1000;
/// How many distances between results are looked at.
const GAPS: usize = 15;

/// The distances of the last results, as far as they had come at each moment: the median of the whole series would let
/// what comes later change what was decided before.
#[derive(Clone, Debug)]
pub(super) struct Rhythm {
    stated_ms: Option<i64>,
    gaps: [i64; GAPS],
    /// How many there were in all; the newest stands at `seen - 1`, modulo the length.
    seen: usize,
}

impl Rhythm {
    pub fn new(stated_ms: Option<i64>) -> Rhythm {
        Rhythm { stated_ms, gaps: [0; GAPS], seen: 0 }
    }

    /// Two results at different moments, that long apart.
    pub fn add(&mut self, gap_ms: i64) {
        if let Some(slot) = self.gaps.get_mut(self.seen % GAPS) {
            *slot = gap_ms;
        }
        self.seen = self.seen.wrapping_add(1);
    }

    /// So long after the last result nothing is known any more, in ms.
    pub fn stale_after(&self, limits: &Limits) -> i64 {
        let interval = self.stated_ms.unwrap_or_else(|| self.median()).max(INTERVAL_MIN_MS);
        interval.saturating_mul(limits.stale_intervals).max(limits.stale_min)
    }

    fn median(&self) -> i64 {
        let mut known = self.gaps;
        let Some(known) = known.get_mut(..self.seen.min(GAPS)) else { return INTERVAL_DEFAULT_MS };
        known.sort_unstable();
        known.get(known.len() / 2).copied().unwrap_or(INTERVAL_DEFAULT_MS)
    }
}
