//! Figures of monitoring as pages say them: shares of time, lengths that were lost, places, answer times.
//!
//! What a share is and how it is rounded is decided in [`crate::derive::uptime`]; here it gets its words.

use super::pen::Pen;
use crate::derive::uptime::{Figure, Printed, Sum};
use crate::model::Places;
use crate::render::i18n::T;

impl Pen<'_> {
    /// `99.43 %`, with the measured share where that is not nearly all; `None` where nothing was measured.
    pub(super) fn uptime(&self, sum: &Sum) -> Option<String> {
        let share = || self.permille(sum.coverage_permille());
        match sum.figure() {
            Figure::NoData => None,
            Figure::TooLittle => Some(self.text(T::uptime_too_little, &[("share", &share())])),
            Figure::Known { printed, measured_percent: None } => Some(self.percent(printed)),
            Figure::Known { printed, measured_percent: Some(_) } => {
                Some(self.text(T::uptime_of_part, &[("uptime", &self.percent(printed)), ("share", &share())]))
            }
        }
    }

    fn percent(&self, printed: Printed) -> String {
        let (whole, decimals) = printed.parts();
        let whole = self.clock.i18n.number(u64::from(whole));
        let number = match decimals.is_empty() {
            true => whole,
            false => format!("{whole}{}{decimals}", self.word(T::number_decimal)),
        };
        let percent = self.text(T::percent, &[("number", &number)]);
        if printed == Printed::Below { self.text(T::uptime_under, &[("percent", &percent)]) } else { percent }
    }

    /// A share in thousandths, rounded down to whole percent.
    pub(super) fn permille(&self, permille: u16) -> String {
        self.text(T::percent, &[("number", &self.clock.i18n.number(u64::from(permille / 10)))])
    }

    /// A length in ms, rounded up to the minute.
    pub(super) fn length_up(&self, ms: i64) -> String {
        let minutes = ms.max(0).saturating_add(59_999) / 60_000;
        self.clock.length(u64::try_from(minutes).unwrap_or(0))
    }

    /// What was lost of a stretch, rounded up to the minute; `None` where nothing was.
    pub(super) fn lost(&self, sum: &Sum) -> Option<String> {
        let minutes = sum.down_minutes_up();
        (minutes > 0).then(|| self.clock.length(minutes))
    }

    /// `from 3 of 5 places`; `None` where nothing is known of places.
    pub(super) fn seen_from(&self, places: Places) -> Option<String> {
        let of = usize::from(places.of);
        (of > 0).then(|| self.count(T::from_places, of, &[("failing", &self.number(usize::from(places.failing)))]))
    }

    /// `4.2 ms`, `36 ms`, `12.3 s`: about three figures.
    pub(super) fn answer_time(&self, us: u32) -> String {
        let decimal = |tenths: u32| {
            let whole = self.clock.i18n.number(u64::from(tenths / 10));
            format!("{whole}{}{}", self.word(T::number_decimal), tenths % 10)
        };
        let (key, number) = match us {
            0..10_000 => (T::milliseconds, decimal(us / 100)),
            10_000..10_000_000 => (T::milliseconds, self.clock.i18n.number(u64::from(us / 1000))),
            _ => (T::seconds, decimal(us / 100_000)),
        };
        self.text(key, &[("number", &number)])
    }
}
