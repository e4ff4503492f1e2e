//! What a stretch of time came to, as columns of a table.

use crate::derive::accounts::AccountMinutes;
use crate::derive::response::record::Stretch;
use crate::derive::response::{Count, Stats};
use crate::render::Html;
use crate::render::i18n::T;
use crate::render::page::pen::Pen;
use crate::render::page::tables::Column;

type Cell<'a> = Box<dyn Fn(&Stretch) -> Option<String> + 'a>;

/// One row for each stretch.
pub(in crate::render::page) fn columns(pen: &Pen<'_>, stretches: &[&Stretch]) -> Vec<Column> {
    let columns: [(T, Cell<'_>); 9] = [
        (T::response_incidents, Box::new(|stretch| Some(pen.number(stretch.incidents.len())))),
        (T::response_unposted_column, Box::new(|stretch| number(pen, stretch.unposted.len()))),
        (T::response_word_median, Box::new(|stretch| length(pen, stretch.first_word.as_ref(), |stats| stats.median))),
        (T::response_word_worst, Box::new(|stretch| length(pen, stretch.first_word.as_ref(), |stats| stats.worst))),
        (T::response_in_time, Box::new(|stretch| share(pen, stretch.first_word.as_ref()?.in_time?))),
        (T::response_notice, Box::new(|stretch| length(pen, stretch.notice.as_ref(), |stats| stats.median))),
        (T::response_silence, Box::new(|stretch| length(pen, stretch.silence.as_ref(), |stats| stats.worst))),
        (T::record_late, Box::new(|stretch| share(pen, stretch.late))),
        (T::response_reports, Box::new(|stretch| reports(pen, stretch))),
    ];
    columns
        .into_iter()
        .map(|(title, cell)| Column {
            title: pen.word(title),
            cells: stretches.iter().map(|stretch| cell(stretch).map(|text| Html::text(&text))).collect(),
        })
        .collect()
}

fn number(pen: &Pen<'_>, number: usize) -> Option<String> {
    (number > 0).then(|| pen.number(number))
}

fn length(pen: &Pen<'_>, stats: Option<&Stats>, of: fn(&Stats) -> jiff::SignedDuration) -> Option<String> {
    Some(pen.short_length(of(stats?)))
}

/// `3 of 5`
pub(super) fn share(pen: &Pen<'_>, count: Count) -> Option<String> {
    (count.of > 0).then(|| {
        pen.count(T::record_late_of, count.of as usize, &[("late", &pen.clock.i18n.number(u64::from(count.n)))])
    })
}

/// `1 of 2`, and what is overdue.
pub(super) fn reports(pen: &Pen<'_>, stretch: &Stretch) -> Option<String> {
    let share = share(pen, stretch.reports_in_time)?;
    Some(match stretch.reports_overdue {
        0 => share,
        overdue => {
            format!("{share}{}{}", pen.word(T::list_separator), pen.count(T::promises_overdue, overdue as usize, &[]))
        }
    })
}

impl Pen<'_> {
    /// `21.2 to 22.8 million account-minutes`, and of how many incidents nothing is known; `None` where it is of all.
    pub(in crate::render::page) fn account_minutes(&self, sum: &AccountMinutes) -> Option<(String, Option<String>)> {
        if sum.counted == 0 {
            return None;
        }
        let (least, most) = (self.large(sum.least), self.large(sum.most));
        let text = if least == most {
            self.text(T::account_minutes, &[("number", &least)])
        } else {
            self.text(T::account_minutes_between, &[("least", &least), ("most", &most)])
        };
        let unsaid = (sum.unsaid > 0).then(|| self.count(T::account_minutes_unsaid, sum.unsaid as usize, &[]));
        Some((text, unsaid))
    }

    /// A length in a narrow cell: `< 1 min`.
    pub(in crate::render::page) fn short_length(&self, length: jiff::SignedDuration) -> String {
        if length.as_mins() < 1 { self.word(T::minute_short) } else { self.clock.duration(length) }
    }

    /// `48 200`, `21.2 million`: three figures of what is large, rounded down.
    fn large(&self, number: u64) -> String {
        if number < 1_000_000 {
            return self.clock.i18n.number(number);
        }
        let tenths = number / 100_000;
        let (whole, tenth) = (self.clock.i18n.number(tenths / 10), tenths % 10);
        let number = if tenth == 0 { whole } else { format!("{whole}{}{tenth}", self.word(T::number_decimal)) };
        self.text(T::million, &[("number", &number)])
    }
}
