//! The thresholds in whole milliseconds, so that the pass over the results has nothing to convert.

use jiff::SignedDuration;

use super::Rules;

/// Nothing is longer: sums of a time and a few of these stay far from the ends of `i64`.
const LONGEST_MS: i64 = 1 << 50;

/// [`Rules`], made ready. Times in ms; counts and shares (thousandths) as they were.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limits {
    pub detect_after: i64,
    pub fails: u32,
    pub locations: u32,
    pub brownout_window: i64,
    pub brownout_results: usize,
    pub brownout_fails: u32,
    pub brownout_share: u32,
    pub brownout_share_of_one: u32,
    pub brownout_locations: u32,
    pub hold: i64,
    pub hold_max: i64,
    pub good_results: u32,
    pub relapse: i64,
    pub unstable_openings: usize,
    pub unstable_window: i64,
    pub unstable_hold: i64,
    pub stale_intervals: i64,
    pub stale_min: i64,
    pub checking_fails: u32,
    pub slow_after_us: Option<u32>,
    pub expires: i64,
}

impl Limits {
    pub fn new(rules: &Rules<'_>) -> Limits {
        let limits = rules.limits;
        Limits {
            detect_after: ms(rules.detect_after),
            fails: limits.fails,
            locations: limits.locations,
            brownout_window: ms(limits.brownout.window),
            brownout_results: usize::try_from(limits.brownout.results).unwrap_or(usize::MAX),
            brownout_fails: limits.brownout.fails,
            brownout_share: limits.brownout.share,
            brownout_share_of_one: limits.brownout.share_of_one,
            brownout_locations: limits.brownout.locations,
            hold: ms(limits.hold),
            hold_max: ms(limits.hold_max),
            good_results: limits.good_results,
            relapse: ms(limits.relapse),
            unstable_openings: usize::try_from(limits.unstable_openings).unwrap_or(usize::MAX),
            unstable_window: ms(limits.unstable_window),
            unstable_hold: ms(limits.unstable_hold),
            stale_intervals: i64::from(limits.stale_intervals),
            stale_min: ms(limits.stale_min),
            checking_fails: limits.checking_fails,
            slow_after_us: rules.slow_after_us,
            expires: rules.expires_ms.unwrap_or(i64::MAX),
        }
    }

    /// The hold after a relapse: twice as long, up to a limit, and never shorter than before.
    pub fn doubled(&self, hold: i64) -> i64 {
        hold.saturating_mul(2).min(self.hold_max).max(hold)
    }
}

fn ms(duration: SignedDuration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(LONGEST_MS).clamp(0, LONGEST_MS)
}
