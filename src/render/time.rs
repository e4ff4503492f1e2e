//! Dates, times and lengths of time in words.
//!
//! Every time carries its zone: the zone's letters (`14:18 CEST`) where it has some, else the offset (`14:18 UTC+03:00`).
//! In HTML each stands in a `<time>` whose `datetime` is a "global date and time" or a "date" of the HTML standard
//! (<https://html.spec.whatwg.org/multipage/text-level-semantics.html#the-time-element>), to the minute. `data-own` asks
//! the script for the reader's own time beside it. Of a moment known only by its day, only the day is said.
//!
//! Seconds are cut off before anything is subtracted, so that a length agrees with the times that it stands between.

use std::fmt::Write as _;

use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use super::Html;
use super::escape::html_into;
use super::i18n::{I18n, T};
use crate::derive::{Moment, Month};
use crate::model::Window;

/// Says times in one zone and one language.
#[derive(Clone, Copy)]
pub(in crate::render) struct Clock<'a> {
    pub i18n: &'a I18n,
    pub tz: &'a TimeZone,
}

/// Whether the reader's own time is to stand beside one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::render) enum Own<'a> {
    Beside,
    /// Beside the end of a range, for the whole of it; with the `datetime` of its start.
    Range(&'a str),
    No,
}

/// How much of the date stands with a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    /// `14:18 CEST`
    Time,
    /// `29 March 14:18 CEST`
    Day,
    /// `29 March 2022, 14:18 CEST`
    Year,
    /// `Tuesday 29 March 2022, 14:18 CEST`
    Weekday,
    /// `14:18 CEST, Tuesday 29 March 2022`
    TimeFirst,
}

/// A moment as the clock on the wall shows it.
struct Local {
    at: DateTime,
    offset_s: i32,
    zone: String,
}

const MONTHS: [T; 12] = [
    T::month_1,
    T::month_2,
    T::month_3,
    T::month_4,
    T::month_5,
    T::month_6,
    T::month_7,
    T::month_8,
    T::month_9,
    T::month_10,
    T::month_11,
    T::month_12,
];

const WEEKDAYS: [T; 7] =
    [T::weekday_1, T::weekday_2, T::weekday_3, T::weekday_4, T::weekday_5, T::weekday_6, T::weekday_7];

impl Clock<'_> {
    /// The day of a moment.
    pub(in crate::render) fn day_of(&self, moment: Moment) -> Date {
        match moment {
            Moment::At(at) => self.local(at).at.date(),
            Moment::Day(day) => day,
        }
    }

    /// `14:18 CEST, Tuesday 29 March 2022`
    pub(in crate::render) fn as_of(&self, at: Timestamp) -> Html {
        self.html(at, Form::TimeFirst, Own::Beside)
    }

    /// `29 March 2022, 14:18 CEST`, or the day.
    pub(in crate::render) fn full(&self, moment: Moment, own: Own<'_>) -> Html {
        self.moment(moment, Form::Year, own)
    }

    /// `Tuesday 29 March 2022, 14:18 CEST`, or the day.
    pub(in crate::render) fn weekday(&self, moment: Moment, own: Own<'_>) -> Html {
        self.moment(moment, Form::Weekday, own)
    }

    /// `29 March 14:18 CEST`, or the day: where the year is known from what stands above.
    pub(in crate::render) fn short(&self, moment: Moment) -> Html {
        self.moment(moment, Form::Day, Own::No)
    }

    /// When work is planned for, as exactly as it is known; `None` where nothing is.
    pub(in crate::render) fn window(&self, window: Window) -> Option<Html> {
        match (window.starts.map(Moment::At), window.ends.map(Moment::At)) {
            (Some(starts), Some(ends)) => Some(self.range(starts, ends)),
            (Some(starts), None) => Some(self.weekday(starts, Own::Beside)),
            (None, Some(ends)) => Some(self.i18n.html(T::window_until, &[("time", &self.weekday(ends, Own::Beside))])),
            (None, None) => None,
        }
    }

    /// As little as is clear beside a text about `day`: the time, with the day and the year only where they are others.
    pub(in crate::render) fn near(&self, moment: Moment, day: Date, own: Own<'_>) -> Html {
        let date = self.day_of(moment);
        let form = match moment {
            Moment::At(_) if date == day => Form::Time,
            _ if date.year() == day.year() => Form::Day,
            _ => Form::Year,
        };
        self.moment(moment, form, own)
    }

    /// `29 March 2022`
    pub(in crate::render) fn date(&self, day: Date) -> Html {
        date_element(day, &self.date_text(day))
    }

    /// `29 March`, with the year where it is not that of `near`.
    pub(in crate::render) fn date_near(&self, day: Date, near: Date) -> Html {
        if day.year() == near.year() { self.date_short(day) } else { self.date(day) }
    }

    /// `Tuesday 29 March`
    pub(in crate::render) fn date_weekday(&self, day: Date) -> Html {
        let text = self.i18n.text(
            T::day_weekday,
            &[
                ("weekday", &self.weekday_word(day)),
                ("day", &day.day().to_string()),
                ("month", &self.month_word(day.month())),
            ],
        );
        date_element(day, &text)
    }

    /// `29 March`
    pub(in crate::render) fn date_short(&self, day: Date) -> Html {
        date_element(day, &self.day_text(day))
    }

    /// `29 March`, as plain text.
    pub(in crate::render) fn date_short_text(&self, day: Date) -> String {
        self.day_text(day)
    }

    /// `29 March` of a moment, as plain text.
    pub(in crate::render) fn day_of_text(&self, at: Timestamp) -> String {
        self.day_text(self.local(at).at.date())
    }

    /// `14:18`, as plain text, where the zone is said beside it.
    pub(in crate::render) fn time_text(&self, at: Timestamp) -> String {
        self.hour_minute(&self.local(at))
    }

    /// `CEST`: the zone that holds at a moment.
    pub(in crate::render) fn zone_text(&self, at: Timestamp) -> String {
        self.local(at).zone
    }

    /// `29`, where the month is said beside it.
    pub(in crate::render) fn date_day_only(&self, day: Date) -> Html {
        date_element(day, &self.i18n.text(T::day_only, &[("day", &*day.day().to_string())]))
    }

    /// `29 March 2022`, as plain text.
    pub(in crate::render) fn date_text(&self, day: Date) -> String {
        let args = [
            ("day", &*day.day().to_string()),
            ("month", &*self.month_word(day.month())),
            ("year", &*day.year().to_string()),
        ];
        self.i18n.text(T::day_year, &args)
    }

    /// `29 March 2022, 14:18 CEST`, or the day, as plain text.
    pub(in crate::render) fn full_text(&self, moment: Moment) -> String {
        match moment {
            Moment::At(at) => self.text(&self.local(at), Form::Year),
            Moment::Day(day) => self.date_text(day),
        }
    }

    /// `March 2022`
    pub(in crate::render) fn month(&self, month: Month) -> String {
        let args = [("month", &*self.month_word(month.month)), ("year", &*month.year.to_string())];
        self.i18n.text(T::month_year, &args)
    }

    /// `March`
    pub(in crate::render) fn month_word(&self, month: i8) -> String {
        let index = usize::try_from(month).unwrap_or(1).clamp(1, 12) - 1;
        MONTHS.get(index).map_or_else(String::new, |&key| self.i18n.word(key))
    }

    /// `Tuesday 29 March 2022, 11:04–23:10 CEST` within a day, otherwise both in full with `to` between.
    pub(in crate::render) fn range(&self, from: Moment, to: Moment) -> Html {
        if let Some((start, end)) = self.within_a_day(from, to) {
            let from = self.time_without_zone(&start, Form::Weekday);
            let to = element(&iso(&end), Own::Range(&iso(&start)), &self.text(&end, Form::Time));
            return self.i18n.html(T::range_day, &[("from", &from), ("to", &to)]);
        }
        if self.day_of(from) == self.day_of(to) && matches!(from, Moment::Day(_)) {
            return self.weekday(to, Own::Beside);
        }
        let (from, to) = (self.weekday(from, Own::Beside), self.weekday(to, Own::Beside));
        self.i18n.html(T::range, &[("from", &from), ("to", &to)])
    }

    /// The same as short as it is clear beside a text about `day`: `02:00–02:40 CET`.
    pub(in crate::render) fn range_near(&self, from: Moment, to: Moment, day: Date) -> Html {
        if let Some((start, end)) = self.within_a_day(from, to) {
            let date = start.at.date();
            let form = match () {
                () if date == day => Form::Time,
                () if date.year() == day.year() => Form::Day,
                () => Form::Year,
            };
            let from = self.time_without_zone(&start, form);
            let to = element(&iso(&end), Own::No, &self.text(&end, Form::Time));
            return self.i18n.html(T::range_day, &[("from", &from), ("to", &to)]);
        }
        let (from, to) = (self.near(from, day, Own::No), self.near(to, day, Own::No));
        self.i18n.html(T::range, &[("from", &from), ("to", &to)])
    }

    /// `29 March 2022, 11:00–14:00 CEST` within a day, otherwise `29 March 2022, 11:00 CEST to 30 March 2022, 00:05 CEST`.
    pub(in crate::render) fn range_full(&self, from: Moment, to: Moment) -> Html {
        if let Some((from, to)) = self.within_a_day(from, to) {
            let from = self.time_without_zone(&from, Form::Year);
            let to = element(&iso(&to), Own::No, &self.text(&to, Form::Time));
            return self.i18n.html(T::range_day, &[("from", &from), ("to", &to)]);
        }
        if self.day_of(from) == self.day_of(to) && matches!(from, Moment::Day(_)) {
            return self.full(to, Own::No);
        }
        self.i18n.html(T::range, &[("from", &self.full(from, Own::No)), ("to", &self.full(to, Own::No))])
    }

    /// `29 March 2022, 11:04–23:10 CEST` within a day, otherwise both in full with `to` between; as plain text.
    pub(in crate::render) fn range_text(&self, from: Moment, to: Moment) -> String {
        let (key, from, to) = match self.within_a_day(from, to) {
            Some((start, end)) => {
                let from = self.with_date(&start, Form::Year, &self.hour_minute(&start));
                (T::range_day, from, self.text(&end, Form::Time))
            }
            None if self.day_of(from) == self.day_of(to) && matches!(from, Moment::Day(_)) => {
                return self.full_text(to);
            }
            None => (T::range, self.full_text(from), self.full_text(to)),
        };
        self.i18n.text(key, &[("from", &from), ("to", &to)])
    }

    /// How long it was between two moments; `None` where that is not known to the minute, or nothing.
    pub(in crate::render) fn between(&self, from: Moment, to: Moment) -> Option<String> {
        match (from, to) {
            (Moment::At(from), Moment::At(to)) if from < to => Some(self.length(minutes_between(from, to))),
            _ => None,
        }
    }

    /// `18 min`, `3 h 18 min`, `2 days 4 h`, `13 days`.
    pub(in crate::render) fn length(&self, minutes: u64) -> String {
        let (hours, days) = (minutes / 60, minutes / (24 * 60));
        let unit = |key, count| self.i18n.count(key, count, &[]);
        let two = |long: String, short: String| self.i18n.text(T::length_two, &[("long", &long), ("short", &short)]);
        match minutes {
            0 => self.i18n.word(T::minute_less),
            1..60 => unit(T::minutes, minutes),
            60..2880 if minutes.is_multiple_of(60) => unit(T::hours, hours),
            60..2880 => two(unit(T::hours, hours), unit(T::minutes, minutes % 60)),
            _ if days < 7 && hours % 24 > 0 => two(unit(T::days, days), unit(T::hours, hours % 24)),
            _ => unit(T::days, days),
        }
    }

    /// A length that is a whole setting, such as an interval: `5 min`.
    pub(in crate::render) fn duration(&self, duration: SignedDuration) -> String {
        self.length(u64::try_from(duration.as_mins()).unwrap_or(0))
    }

    /// `in 12 min` or `11 min ago`, which the script keeps true.
    pub(in crate::render) fn relative(&self, at: Timestamp, now: Timestamp) -> Html {
        let text = match minutes_between(at.min(now), at.max(now)) {
            0 => self.i18n.word(T::now),
            minutes if at > now => self.i18n.text(T::in_length, &[("length", &self.length(minutes))]),
            minutes => self.i18n.text(T::length_ago, &[("length", &self.length(minutes))]),
        };
        self.kept(at, "rel", &text)
    }

    /// `3 h 18 min` from `since` to now, which the script keeps true.
    pub(in crate::render) fn lasting(&self, since: Timestamp, now: Timestamp) -> Html {
        self.kept(since, "for", &self.length(minutes_between(since.min(now), now)))
    }

    /// `2022-03-29T14:18+02:00`
    pub(in crate::render) fn iso(&self, at: Timestamp) -> String {
        iso(&self.local(at))
    }

    fn kept(&self, at: Timestamp, kind: &str, text: &str) -> Html {
        let mut html = format!("<span data-at=\"{}\" data-kept=\"{kind}\">", self.iso(at));
        html_into(&mut html, text);
        html.push_str("</span>");
        Html::trusted(html)
    }

    fn moment(&self, moment: Moment, form: Form, own: Own<'_>) -> Html {
        match (moment, form) {
            (Moment::At(at), form) => self.html(at, form, own),
            (Moment::Day(day), Form::Time | Form::Day) => date_element(day, &self.day_text(day)),
            (Moment::Day(day), Form::Year) => self.date(day),
            (Moment::Day(day), Form::Weekday | Form::TimeFirst) => date_element(day, &self.weekday_text(day)),
        }
    }

    fn html(&self, at: Timestamp, form: Form, own: Own<'_>) -> Html {
        let local = self.local(at);
        element(&iso(&local), own, &self.text(&local, form))
    }

    fn time_without_zone(&self, local: &Local, form: Form) -> Html {
        element(&iso(local), Own::No, &self.with_date(local, form, &self.hour_minute(local)))
    }

    fn text(&self, local: &Local, form: Form) -> String {
        let time = self.i18n.text(T::time_zone, &[("time", &self.hour_minute(local)), ("zone", &local.zone)]);
        self.with_date(local, form, &time)
    }

    fn with_date(&self, local: &Local, form: Form, time: &str) -> String {
        let (key, day) = match form {
            Form::Time => return time.to_owned(),
            Form::Day => (T::day_time, self.day_text(local.at.date())),
            Form::Year => (T::day_year_time, self.date_text(local.at.date())),
            Form::Weekday => (T::day_year_time, self.weekday_text(local.at.date())),
            Form::TimeFirst => (T::time_day, self.weekday_text(local.at.date())),
        };
        self.i18n.text(key, &[("day", &day), ("time", time)])
    }

    fn hour_minute(&self, local: &Local) -> String {
        let (hour, minute) = (format!("{:02}", local.at.hour()), format!("{:02}", local.at.minute()));
        self.i18n.text(T::time, &[("hour", &hour), ("minute", &minute)])
    }

    fn day_text(&self, day: Date) -> String {
        self.i18n.text(T::day, &[("day", &day.day().to_string()), ("month", &self.month_word(day.month()))])
    }

    fn weekday_text(&self, day: Date) -> String {
        let args = [
            ("weekday", &*self.weekday_word(day)),
            ("day", &*day.day().to_string()),
            ("month", &*self.month_word(day.month())),
            ("year", &*day.year().to_string()),
        ];
        self.i18n.text(T::day_weekday_year, &args)
    }

    fn weekday_word(&self, day: Date) -> String {
        let index = usize::try_from(day.weekday().to_monday_zero_offset()).unwrap_or(0);
        WEEKDAYS.get(index).map_or_else(String::new, |&key| self.i18n.word(key))
    }

    /// Both as the clock on the wall shows them, where they are times of one day in one zone: the day and the zone's
    /// letters are then said once.
    fn within_a_day(&self, from: Moment, to: Moment) -> Option<(Local, Local)> {
        let (Moment::At(from), Moment::At(to)) = (from, to) else { return None };
        let (from, to) = (self.local(from), self.local(to));
        (from.at.date() == to.at.date() && from.offset_s == to.offset_s).then_some((from, to))
    }

    fn local(&self, at: Timestamp) -> Local {
        let info = self.tz.to_offset_info(at);
        let offset = info.offset();
        let letters = info.abbreviation();
        let zone = match letters.bytes().all(|byte| byte.is_ascii_alphabetic()) && !letters.is_empty() {
            true => letters.to_owned(),
            false => self.i18n.text(T::utc_offset, &[("offset", &offset_text(offset.seconds()))]),
        };
        Local { at: offset.to_datetime(at), offset_s: offset.seconds(), zone }
    }
}

/// Whole minutes from the minute of `from` to the minute of `to`.
pub(in crate::render) fn minutes_between(from: Timestamp, to: Timestamp) -> u64 {
    let minute = |at: Timestamp| at.as_second().div_euclid(60);
    u64::try_from(minute(to) - minute(from)).unwrap_or(0)
}

fn iso(local: &Local) -> String {
    let at = local.at;
    let mut text = String::with_capacity(22);
    let _ = write!(text, "{}T{:02}:{:02}{}", at.date(), at.hour(), at.minute(), offset_text(local.offset_s));
    text
}

fn offset_text(seconds: i32) -> String {
    let minutes = seconds.abs() / 60;
    format!("{}{:02}:{:02}", if seconds < 0 { '-' } else { '+' }, minutes / 60, minutes % 60)
}

fn element(datetime: &str, own: Own<'_>, text: &str) -> Html {
    let mut html = String::with_capacity(datetime.len() + text.len() + 40);
    html.push_str("<time datetime=\"");
    html.push_str(datetime);
    match own {
        Own::Beside => html.push_str("\" data-own>"),
        Own::Range(from) => {
            html.push_str("\" data-own=\"");
            html.push_str(from);
            html.push_str("\">");
        }
        Own::No => html.push_str("\">"),
    }
    html_into(&mut html, text);
    html.push_str("</time>");
    Html::trusted(html)
}

fn date_element(day: Date, text: &str) -> Html {
    element(&day.to_string(), Own::No, text)
}

#[cfg(test)]
mod tests;
