//! Sums of time and the numbers made of them: integers only, rounded against ourselves.

use std::fmt;

use super::{Percent, Sum};

/// Below this share of a window, in percent, a number says how much of it was measured.
const COVERAGE_TOLD_PERCENT: i128 = 95;
/// Below this share of a window there is no number at all.
const COVERAGE_MIN_PERCENT: i128 = 50;
/// Below this share of a day its bar is sparse.
const SPARSE_PERCENT: i128 = 90;

const MINUTE_MS: i128 = 60_000;

impl Sum {
    /// Time of which is known how it was, in ms: what the percentage is a share of.
    pub fn measured_ms(&self) -> i64 {
        self.up_ms.saturating_add(self.trouble_ms)
    }

    /// How much of the window was measured, in thousandths, rounded down; 0 of an empty window.
    pub fn coverage_permille(&self) -> u16 {
        let (measured, window) = (i128::from(self.measured_ms()), i128::from(self.window_ms));
        if window <= 0 { 0 } else { u16::try_from(measured * 1000 / window).unwrap_or(1000).min(1000) }
    }

    /// What was lost, in minutes of full outage, rounded up: a lost millisecond is a minute.
    pub fn down_minutes_up(&self) -> u64 {
        minutes_up(self.lost, 1000 * MINUTE_MS)
    }

    /// Time in which anything was wrong, whatever it weighs, in minutes, rounded up.
    pub fn trouble_minutes_up(&self) -> u64 {
        minutes_up(i128::from(self.trouble_ms), MINUTE_MS)
    }

    /// Less than 90 % of it was measured.
    pub fn is_sparse(&self) -> bool {
        self.covers_less_than(SPARSE_PERCENT)
    }

    /// What may be printed of it.
    pub fn figure(&self) -> Figure {
        let Some(percent) = Percent::of(self) else { return Figure::NoData };
        if self.covers_less_than(COVERAGE_MIN_PERCENT) {
            return Figure::TooLittle;
        }
        let measured_percent = self.covers_less_than(COVERAGE_TOLD_PERCENT).then(|| self.coverage_permille() / 10);
        let any_up = i128::from(self.measured_ms()) * 1000 > self.lost;
        Figure::Known { printed: Printed::of(percent, any_up), measured_percent }
    }

    pub(super) fn covers_less_than(&self, percent: i128) -> bool {
        i128::from(self.measured_ms()) * 100 < i128::from(self.window_ms) * percent
    }
}

impl std::ops::AddAssign for Sum {
    fn add_assign(&mut self, other: Sum) {
        self.window_ms = self.window_ms.saturating_add(other.window_ms);
        self.up_ms = self.up_ms.saturating_add(other.up_ms);
        self.trouble_ms = self.trouble_ms.saturating_add(other.trouble_ms);
        self.maintenance_ms = self.maintenance_ms.saturating_add(other.maintenance_ms);
        self.unknown_ms = self.unknown_ms.saturating_add(other.unknown_ms);
        self.not_monitored_ms = self.not_monitored_ms.saturating_add(other.not_monitored_ms);
        self.lost = self.lost.saturating_add(other.lost);
        self.results = self.results.saturating_add(other.results);
        self.failing = self.failing.saturating_add(other.failing);
    }
}

impl Percent {
    /// The share of the measured time that was not lost; `None` where nothing was measured.
    pub fn of(sum: &Sum) -> Option<Percent> {
        let measured = i128::from(sum.measured_ms()) * 1000;
        if measured <= 0 {
            return None;
        }
        let thousandths = 100_000 * (measured - sum.lost).max(0) / measured;
        u32::try_from(thousandths).ok().map(Percent)
    }
}

/// What may be printed of a stretch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Figure {
    /// Nothing was measured.
    NoData,
    /// Less than half of it was measured: a number would promise more than is known.
    TooLittle,
    Known {
        printed: Printed,
        /// How much of it was measured, in percent, where that is so little that it is told.
        measured_percent: Option<u16>,
    },
}

/// A percentage as it is printed. Its [`Display`](fmt::Display) is what data files say: no sign, and a point before the decimals.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Printed {
    /// Nothing at all was lost: "100".
    Whole,
    /// With two decimals, in hundredths of a percent: "99.98".
    Hundredths(u32),
    /// From 99.990 on with three, in thousandths of a percent: "99.999".
    Thousandths(u32),
    /// More than nothing, and less than a hundredth: "< 0.01".
    Below,
}

impl Printed {
    fn of(Percent(thousandths): Percent, any_up: bool) -> Printed {
        match thousandths {
            100_000 => Printed::Whole,
            99_990.. => Printed::Thousandths(thousandths),
            0..10 if any_up => Printed::Below,
            _ => Printed::Hundredths(thousandths / 10),
        }
    }

    /// The whole percent and the decimals; what stands between them is the language's.
    pub fn parts(self) -> (u32, String) {
        match self {
            Printed::Whole => (100, String::new()),
            Printed::Hundredths(hundredths) => (hundredths / 100, format!("{:02}", hundredths % 100)),
            Printed::Thousandths(thousandths) => (thousandths / 1000, format!("{:03}", thousandths % 1000)),
            Printed::Below => (0, "01".to_owned()),
        }
    }
}

impl fmt::Display for Printed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (whole, decimals) = self.parts();
        match self {
            Printed::Whole => write!(f, "{whole}"),
            Printed::Hundredths(_) | Printed::Thousandths(_) => write!(f, "{whole}.{decimals}"),
            Printed::Below => write!(f, "< {whole}.{decimals}"),
        }
    }
}

fn minutes_up(amount: i128, per_minute: i128) -> u64 {
    u64::try_from((amount.max(0) + per_minute - 1) / per_minute).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Of a window of so many ms, of which so many are unknown, with so much lost in thousandths of ms.
    fn sum(window_ms: i64, unknown_ms: i64, lost: i128) -> Sum {
        let trouble_ms = i64::try_from((lost + 999) / 1000).unwrap_or(i64::MAX);
        Sum { window_ms, unknown_ms, trouble_ms, up_ms: window_ms - unknown_ms - trouble_ms, lost, ..Sum::default() }
    }

    #[track_caller]
    fn check(sum: Sum, printed: &str) {
        let said = match sum.figure() {
            Figure::NoData => "no data".to_owned(),
            Figure::TooLittle => "too little".to_owned(),
            Figure::Known { printed, measured_percent: None } => printed.to_string(),
            Figure::Known { printed, measured_percent: Some(measured) } => format!("{printed} of {measured}"),
        };
        assert_eq!(said, printed);
    }

    const DAYS_90_MS: i64 = 90 * 86_400_000;

    #[test]
    fn only_what_lost_nothing_is_100() {
        check(sum(DAYS_90_MS, 0, 0), "100");
        check(sum(DAYS_90_MS, 0, 1), "99.999");
        check(sum(i64::MAX, 0, 1), "99.999");
    }

    #[test]
    fn a_percentage_is_rounded_down() {
        check(sum(100_000, 0, 9_000), "99.991");
        check(sum(100_000, 0, 10_000), "99.990");
        check(sum(100_000, 0, 10_001), "99.98");
        check(sum(100_000, 0, 50_000_000), "50.00");
        check(sum(3_000, 0, 1_000_000), "66.66");
    }

    #[test]
    fn a_little_is_not_nothing() {
        check(sum(100_000, 0, 99_990_000), "0.01");
        check(sum(100_000, 0, 99_990_001), "< 0.01");
        check(sum(100_000, 0, 99_999_999), "< 0.01");
        check(sum(100_000, 0, 100_000_000), "0.00");
    }

    #[test]
    fn how_much_was_measured_is_said_below_95_and_no_number_below_50() {
        check(sum(1000, 50, 0), "100");
        check(sum(1000, 51, 0), "100 of 94");
        check(sum(1000, 500, 0), "100 of 50");
        check(sum(1000, 501, 0), "too little");
        check(sum(1000, 1000, 0), "no data");
        check(Sum::default(), "no data");
    }

    #[test]
    fn minutes_round_up() {
        let minutes = |lost| sum(DAYS_90_MS, 0, lost).down_minutes_up();
        assert_eq!([0, 1, 60_000_000, 60_000_001, 240_000_000].map(minutes), [0, 1, 1, 2, 4]);
    }
}
