//! Finds a time in a line of text, in any of the ways in which people write one.
//!
//! ```text
//! 2022-03-29 11:20 · 2022-03-29T11:20:00+02:00[Europe/Oslo] · 29 March 2022, 11.20 · March 29, 2022 11:20 am
//! 29.03.2022 11:20 · Tuesday 11:20 CEST · 11h20 · 1120 UTC
//! ```
//!
//! Words that are no part of it are kept, never lost. Years are 1970 to 2199. Fractions of a second are dropped.

use std::ops::Range;

use jiff::civil::{Date, Time, Weekday};
use jiff::tz::{Offset, TimeZone};

use super::zone;

/// What a text says about when.
#[derive(Clone, Debug, Default)]
pub(in super::super) struct Written {
    pub date: Option<Date>,
    /// A day without its year.
    pub month_day: Option<(i8, i8)>,
    pub time: Option<Time>,
    /// Whether `pm` stands behind it, or `am`.
    pub is_afternoon: Option<bool>,
    /// `24:00`, the end of the day.
    pub is_midnight_after: bool,
    pub zone: ZoneWritten,
    pub weekday: Option<Weekday>,
    /// The text around it, in its order.
    pub unread: String,
    /// Where it stands in the text; empty if there is none.
    pub span: Range<usize>,
    /// A message on what cannot be: the 30th of February.
    pub problem: Option<String>,
    /// The date that was taken where day and month could be swapped.
    pub either_way: Option<Date>,
    broken_date: bool,
}

/// The zone that stands behind a time.
#[derive(Clone, Debug, Default)]
pub(in super::super) enum ZoneWritten {
    #[default]
    None,
    Offset(Offset),
    Named(TimeZone),
    Abbreviation(String),
}

impl Written {
    /// Whether nothing in the text is a day or a time.
    pub(in super::super) fn is_empty(&self) -> bool {
        self.date.is_none() && self.month_day.is_none() && self.time.is_none()
    }

    /// The time as it would be with `pm` behind it; `None` if it says which half of the day it means.
    pub(in super::super) fn in_afternoon(&self) -> Option<Written> {
        let time =
            self.time.filter(|time| self.is_afternoon.is_none() && time.hour() < 12 && !self.is_midnight_after)?;
        Some(Written { time: Some(in_half(time, Some(true))), is_afternoon: Some(true), ..self.clone() })
    }

    pub(in super::super) fn has_day(&self) -> bool {
        self.date.is_some() || self.month_day.is_some()
    }

    /// Whether a date stands there that does not exist: no other day may take its place.
    pub(super) fn is_broken_date(&self) -> bool {
        self.broken_date
    }
}

/// A text of more words than this holds no time that anybody could find.
const TOKENS_MAX: usize = 200;

/// Finds the first stretch of the text that says a time or a day.
pub(in super::super) fn scan(text: &str) -> Written {
    if let Some(written) = scan_plain(text) {
        return written;
    }
    let tokens: Vec<Token<'_>> = tokens(text).take(TOKENS_MAX).collect();
    let mut from = 0;
    while from < tokens.len() {
        let run = Run::of(&tokens[from..]);
        if run.len > 0 && run.says_something() {
            let (start, end) = (tokens[from].at, tokens.get(from + run.len - 1).map_or(text.len(), Token::end));
            return run.finish(text, start..end);
        }
        from += run.len.max(1);
    }
    Written { unread: trim_separators(text).to_owned(), ..Written::default() }
}

/// The way that docs/writing.md shows and our own commands write: `2022-03-29 11:20`, and nothing else.
fn scan_plain(text: &str) -> Option<Written> {
    let bytes = text.as_bytes();
    if bytes.len() != 16 || bytes[10] != b' ' {
        return None;
    }
    let date = iso_date(text.get(..10)?)?.ok()?;
    let clock = clock(text.get(11..)?)?;
    let written = Written { date: Some(date), time: Some(clock.time?), span: 0..16, ..Written::default() };
    (clock.rest.is_empty() && !clock.is_midnight_after).then_some(written)
}

/// A word of the text, with its place.
#[derive(Clone, Copy, Debug)]
struct Token<'a> {
    at: usize,
    text: &'a str,
}

impl Token<'_> {
    fn end(&self) -> usize {
        self.at + self.text.len()
    }
}

fn is_separator(c: char) -> bool {
    c.is_whitespace() || ",()|·•–—@*~;".contains(c)
}

/// What may stand around a time without meaning anything.
pub(in super::super) fn trim_separators(text: &str) -> &str {
    text.trim_matches(|c: char| is_separator(c) || "-:".contains(c))
}

fn tokens(text: &str) -> impl Iterator<Item = Token<'_>> {
    text.split(is_separator).filter(|word| !word.trim_matches(['-', ':', '.']).is_empty()).map(move |word| {
        // Both lie in the same text; the distance of their starts is the word's offset.
        Token { at: word.as_ptr().addr() - text.as_ptr().addr(), text: word }
    })
}

/// What one word can be.
enum Piece<'a> {
    Date(Date, bool),
    BrokenDate,
    Clock(Clock<'a>),
    /// One or two digits, perhaps `29th` or `29.`.
    Day(i8),
    FourDigits(i16),
    Month(i8),
    Weekday(Weekday),
    Afternoon(bool),
    Zone(ZoneWritten),
    Filler,
}

/// Words in a row that belong to a time.
#[derive(Default)]
struct Run<'a> {
    /// In tokens.
    len: usize,
    date: Option<Date>,
    either_way: bool,
    day: Option<i8>,
    month: Option<i8>,
    year: Option<i16>,
    clock: Option<Clock<'a>>,
    four_digits: Option<i16>,
    afternoon: Option<bool>,
    zone: ZoneWritten,
    weekday: Option<Weekday>,
    problem: Option<String>,
    broken_date: bool,
}

impl<'a> Run<'a> {
    fn of(tokens: &[Token<'a>]) -> Run<'a> {
        let mut run = Run::default();
        for (index, token) in tokens.iter().enumerate() {
            let next = tokens.get(index + 1).and_then(|token| piece(token.text));
            if !run.take(token.text, next.as_ref()) {
                break;
            }
            run.len = index + 1;
        }
        run
    }

    /// Adds a word if it can belong to the time, else changes nothing; `next` is what the one after it can be.
    fn take(&mut self, text: &'a str, next: Option<&Piece<'a>>) -> bool {
        // `2022-03-29T11:20:00Z` and `2022-03-29_11:20` are two words in one.
        if let Some((date, clock)) = split_date_time(text) {
            let is_free =
                self.date.is_none() && !self.broken_date && self.clock.is_none() && self.four_digits.is_none();
            let is_clock = match piece(clock) {
                Some(Piece::Clock(clock)) => clock.zone().is_some(),
                Some(Piece::FourDigits(digits)) => is_clock(digits),
                _ => false,
            };
            return is_free && is_clock && self.take(date, None) && self.take(clock, None);
        }
        let Some(piece) = piece(text) else { return false };
        let has_date = self.date.is_some() || self.broken_date;
        let has_clock = self.clock.is_some();
        match piece {
            Piece::Date(date, either_way) if !has_date => {
                self.date = Some(date);
                self.either_way = either_way;
            }
            Piece::BrokenDate if !has_date => {
                self.broken_date = true;
                self.problem = Some(format!("there is no day `{text}`"));
            }
            Piece::Clock(clock) if !has_clock => {
                let Some(zone) = clock.zone() else { return false };
                if clock.time.is_none() {
                    self.problem.get_or_insert_with(|| format!("there is no time `{text}`"));
                }
                self.zone = zone;
                self.clock = Some(clock);
            }
            Piece::Day(day) if self.day.is_none() && !has_date => {
                if self.month.is_none() && !matches!(next, Some(Piece::Month(_))) {
                    return false;
                }
                self.day = Some(day);
            }
            Piece::Month(month) if self.month.is_none() && !has_date => {
                if self.day.is_none() && !matches!(next, Some(Piece::Day(_))) {
                    return false;
                }
                self.month = Some(month);
            }
            Piece::FourDigits(digits) => return self.take_four_digits(digits, next),
            Piece::Weekday(weekday) if self.weekday.is_none() => self.weekday = Some(weekday),
            Piece::Afternoon(afternoon) if has_clock && self.afternoon.is_none() => self.afternoon = Some(afternoon),
            Piece::Zone(zone)
                if (has_clock || self.four_digits.is_some()) && matches!(self.zone, ZoneWritten::None) =>
            {
                self.zone = zone;
            }
            // The name in brackets behind an offset only repeats it.
            Piece::Zone(ZoneWritten::Named(_)) if has_clock => {}
            Piece::Filler => return next.is_some() || has_clock,
            _ => return false,
        }
        true
    }

    /// `2022` behind a day and a month, `1120` beside a date or before a zone.
    fn take_four_digits(&mut self, digits: i16, next: Option<&Piece<'a>>) -> bool {
        let is_year = (1970..2200).contains(&digits);
        if is_year && self.month.is_some() && self.day.is_some() && self.year.is_none() {
            self.year = Some(digits);
            return true;
        }
        let has_date = self.date.is_some() || self.year.is_some();
        if self.clock.is_some()
            || self.four_digits.is_some()
            || !is_clock(digits)
            || !(has_date || matches!(next, Some(Piece::Zone(_))))
        {
            return false;
        }
        self.four_digits = Some(digits);
        true
    }

    fn says_something(&self) -> bool {
        self.date.is_some()
            || self.broken_date
            || self.clock.is_some()
            || self.four_digits.is_some()
            || self.day.is_some() && self.month.is_some()
    }

    fn finish(self, text: &str, span: Range<usize>) -> Written {
        let mut problem = self.problem;
        let mut broken_date = self.broken_date;
        let (mut date, mut month_day) = (self.date, None);
        if let (Some(day), Some(month)) = (self.day, self.month) {
            match self.year {
                Some(year) => date = Date::new(year, month, day).ok(),
                None => month_day = Date::new(2024, month, day).is_ok().then_some((month, day)),
            }
            if date.is_none() && month_day.is_none() {
                broken_date = true;
                problem
                    .get_or_insert_with(|| format!("there is no day `{}`", text.get(span.clone()).unwrap_or_default()));
            }
        }
        let clock_time = self.clock.as_ref().and_then(|clock| clock.time);
        let time = clock_time.or_else(|| {
            let digits = self.four_digits?;
            Time::new(i8::try_from(digits / 100).ok()?, i8::try_from(digits % 100).ok()?, 0, 0).ok()
        });
        let afternoon = self.afternoon.or_else(|| self.clock.as_ref().and_then(|clock| clock.afternoon));
        let before = trim_separators(text.get(..span.start).unwrap_or_default());
        let after = trim_separators(text.get(span.end..).unwrap_or_default());
        let gap = if before.is_empty() || after.is_empty() { "" } else { " " };
        Written {
            either_way: date.filter(|_| self.either_way),
            date,
            month_day,
            time: time.map(|time| in_half(time, afternoon)),
            is_afternoon: afternoon,
            is_midnight_after: self.clock.is_some_and(|clock| clock.is_midnight_after),
            zone: self.zone,
            weekday: self.weekday,
            unread: format!("{before}{gap}{after}"),
            span,
            problem,
            broken_date,
        }
    }
}

/// Whether a clock shows `1120` as 11:20.
fn is_clock(digits: i16) -> bool {
    digits / 100 < 24 && digits % 100 < 60
}

/// The hour on a clock of 24.
fn in_half(time: Time, afternoon: Option<bool>) -> Time {
    let hour = match (afternoon, time.hour()) {
        (Some(true), hour @ 1..=11) => hour + 12,
        (Some(false), 12) => 0,
        (_, hour) => hour,
    };
    Time::new(hour, time.minute(), time.second(), 0).unwrap_or(time)
}

fn piece(word: &str) -> Option<Piece<'_>> {
    let word = word.trim_matches(['[', ']', ':', '“', '”', '"', '\'']);
    let first = word.chars().next()?;
    if first.is_ascii_digit() {
        return piece_of_digits(word);
    }
    if "+-−".contains(first) {
        return offset(word).map(|offset| Piece::Zone(ZoneWritten::Offset(offset)));
    }
    let bare = word.trim_end_matches('.');
    match () {
        () if is_filler(bare) => Some(Piece::Filler),
        () if bare.eq_ignore_ascii_case("am") => Some(Piece::Afternoon(false)),
        () if bare.eq_ignore_ascii_case("pm") => Some(Piece::Afternoon(true)),
        () => month(bare)
            .map(Piece::Month)
            .or_else(|| weekday(bare).map(Piece::Weekday))
            .or_else(|| zone_word(bare).map(Piece::Zone)),
    }
}

fn piece_of_digits(word: &str) -> Option<Piece<'_>> {
    if let Some(date) = iso_date(word) {
        return Some(date.map_or(Piece::BrokenDate, |date| Piece::Date(date, false)));
    }
    if let Some(date) = local_date(word) {
        return Some(date.map_or(Piece::BrokenDate, |(date, either_way)| Piece::Date(date, either_way)));
    }
    let digits = word.bytes().take_while(u8::is_ascii_digit).count();
    let (number, suffix) = word.split_at_checked(digits)?;
    match (digits, suffix) {
        (4, "") => return number.parse().ok().map(Piece::FourDigits),
        (1 | 2, "" | "." | "st" | "nd" | "rd" | "th") => return number.parse().ok().map(Piece::Day),
        _ => {}
    }
    if let Some(clock) = clock(word) {
        return Some(Piece::Clock(clock));
    }
    // `1120Z`, `1120UTC`
    let four: i16 = if digits == 4 { number.parse().ok()? } else { return None };
    let time = Time::new(i8::try_from(four / 100).ok()?, i8::try_from(four % 100).ok()?, 0, 0).ok()?;
    zone_word(suffix)?;
    Some(Piece::Clock(Clock { time: Some(time), is_midnight_after: false, afternoon: None, rest: suffix }))
}

fn is_filler(word: &str) -> bool {
    const FILLERS: [&str; 13] =
        ["at", "on", "the", "of", "kl", "um", "hrs", "hours", "hr", "h", "uhr", "local", "time"];
    FILLERS.iter().any(|filler| filler.eq_ignore_ascii_case(word))
}

/// A time of day, and what is glued to it.
struct Clock<'a> {
    /// `None` for one that no clock shows.
    time: Option<Time>,
    is_midnight_after: bool,
    afternoon: Option<bool>,
    rest: &'a str,
}

impl Clock<'_> {
    /// The zone that is glued to it; `None` if there is none, or what is there is no zone.
    fn zone(&self) -> Option<ZoneWritten> {
        if self.rest.is_empty() {
            return Some(ZoneWritten::None);
        }
        let zone = self.rest.split('[').next().unwrap_or_default();
        if zone.is_empty() {
            return zone_word(self.rest.trim_matches(['[', ']']));
        }
        offset(zone).map(ZoneWritten::Offset).or_else(|| zone_word(zone))
    }
}

/// `11:20`, `11.20`, `11h20`, `11:20:30.5`, `11am`, each perhaps with more behind it.
fn clock(word: &str) -> Option<Clock<'_>> {
    let (hour, rest) = number(word, 2)?;
    let mut time = [hour, 0, 0];
    let mut rest = rest;
    match rest.chars().next()? {
        sign @ (':' | '.' | 'h' | 'H') => {
            let (minute, after) = number(&rest[1..], 2).unwrap_or((0, &rest[1..]));
            let minute_digits = rest.len() - 1 - after.len();
            if minute_digits != 2 && !(sign.eq_ignore_ascii_case(&'h') && minute_digits == 0) {
                return None;
            }
            time[1] = minute;
            rest = after;
            if let Some((second, after)) = rest.strip_prefix(sign).and_then(|rest| number(rest, 2)) {
                time[2] = second;
                rest = after
                    .strip_prefix('.')
                    .map_or(after, |fraction| fraction.trim_start_matches(|c: char| c.is_ascii_digit()));
            }
        }
        'a' | 'p' | 'A' | 'P' => {}
        _ => return None,
    }
    let rest = rest.trim_end_matches('.');
    let half = |name: &str| rest.get(..2).is_some_and(|half| half.eq_ignore_ascii_case(name));
    let afternoon = if half("am") { Some(false) } else { half("pm").then_some(true) };
    let rest = if afternoon.is_some() { &rest[2..] } else { rest };
    if afternoon.is_none() && word.len() - hour_len(word) == rest.len() {
        return None;
    }
    let is_midnight_after = time == [24, 0, 0];
    let hour = if is_midnight_after { 0 } else { time[0] };
    Some(Clock { time: Time::new(hour, time[1], time[2], 0).ok(), is_midnight_after, afternoon, rest })
}

fn hour_len(word: &str) -> usize {
    word.bytes().take_while(u8::is_ascii_digit).count()
}

/// At most `digits_max` digits at the start of a text, and what follows; `None` if there are none, or more.
fn number(text: &str, digits_max: usize) -> Option<(i8, &str)> {
    let len = text.bytes().take_while(u8::is_ascii_digit).count();
    let (digits, rest) = text.split_at_checked(len)?;
    (1..=digits_max).contains(&len).then(|| digits.parse().ok().map(|number| (number, rest)))?
}

/// A date and a time in one word, apart.
fn split_date_time(word: &str) -> Option<(&str, &str)> {
    let word = word.trim_matches(['"', '\'', '“', '”', '[']);
    let (date, rest) = word.split_at_checked(10)?;
    let clock = rest.strip_prefix(['T', 't', '_'])?;
    (iso_date(date).is_some() && clock.starts_with(|c: char| c.is_ascii_digit())).then_some((date, clock))
}

/// `2022-03-29`, `2022/03/29` or `2022.03.29`. `Some(Err)` for a day that does not exist.
fn iso_date(word: &str) -> Option<Result<Date, ()>> {
    let word = word.trim_end_matches('.');
    let sign = *word.as_bytes().get(4)?;
    if !matches!(sign, b'-' | b'/' | b'.') {
        return None;
    }
    let mut parts = word.split(char::from(sign));
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    let is_date = parts.next().is_none() && is_digits(year, 4..=4) && is_digits(month, 1..=2) && is_digits(day, 1..=2);
    is_date.then(|| date(year, month, day))
}

/// `29.03.2022`, `29/03/2022`, `3/29/22`, and whether day and month could be swapped.
fn local_date(word: &str) -> Option<Result<(Date, bool), ()>> {
    let word = word.trim_end_matches('.');
    let sign = word.chars().find(|c| !c.is_ascii_digit()).filter(|c| "./-".contains(*c))?;
    let mut parts = word.split(sign);
    let (first, second, year) = (parts.next()?, parts.next()?, parts.next()?);
    let is_date = parts.next().is_none()
        && is_digits(first, 1..=2)
        && is_digits(second, 1..=2)
        && (is_digits(year, 4..=4) || is_digits(year, 2..=2));
    if !is_date {
        return None;
    }
    let century = if year.len() == 2 { "20" } else { "" };
    let year = format!("{century}{year}");
    let day_first = date(&year, second, first);
    let month_first = date(&year, first, second);
    Some(match (day_first, month_first) {
        // Dots are written where the day comes first.
        (Ok(day_first), Ok(month_first)) => Ok((day_first, sign != '.' && day_first != month_first)),
        (Ok(date), Err(())) => Ok((date, false)),
        (Err(()), Ok(date)) if sign != '.' => Ok((date, false)),
        _ => Err(()),
    })
}

fn is_digits(text: &str, lens: std::ops::RangeInclusive<usize>) -> bool {
    lens.contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn date(year: &str, month: &str, day: &str) -> Result<Date, ()> {
    let year: i16 = year.parse().map_err(|_| ())?;
    let date = Date::new(year, month.parse().map_err(|_| ())?, day.parse().map_err(|_| ())?).map_err(|_| ())?;
    if (1970..2200).contains(&year) { Ok(date) } else { Err(()) }
}

/// `+02:00`, `+0200`, `+2`, `Z`; with `UTC` or `GMT` before it or alone.
fn offset(word: &str) -> Option<Offset> {
    let name_len = ["UTC", "GMT", "UT"]
        .iter()
        .find(|name| word.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name)))
        .map_or(0, |name| name.len());
    let rest = &word[name_len..];
    if name_len > 0 && rest.is_empty() || word.eq_ignore_ascii_case("z") {
        return Some(Offset::UTC);
    }
    let (sign, rest) = match rest.chars().next()? {
        '+' => (1, &rest[1..]),
        '-' => (-1, &rest[1..]),
        '−' => (-1, &rest['−'.len_utf8()..]),
        _ => return None,
    };
    let (hours, minutes) = match rest.split_once(':') {
        Some(parts) => parts,
        None if rest.len() == 4 && rest.is_ascii() => rest.split_at(2),
        None => (rest, "0"),
    };
    if !is_digits(hours, 1..=2) || !is_digits(minutes, 1..=2) {
        return None;
    }
    let (hours, minutes): (i32, i32) = (hours.parse().ok()?, minutes.parse().ok()?);
    (hours <= 14 && minutes < 60).then(|| Offset::from_seconds(sign * (hours * 3600 + minutes * 60)).ok())?
}

fn zone_word(word: &str) -> Option<ZoneWritten> {
    if let Some(offset) = offset(word) {
        return Some(ZoneWritten::Offset(offset));
    }
    if word.contains('/') && word.len() < 40 {
        return TimeZone::get(word).ok().map(ZoneWritten::Named);
    }
    zone::is_abbreviation(word).then(|| ZoneWritten::Abbreviation(word.to_owned()))
}

fn month(word: &str) -> Option<i8> {
    const MONTHS: [&str; 12] = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];
    named(word, &MONTHS).map(|index| index + 1)
}

fn weekday(word: &str) -> Option<Weekday> {
    const DAYS: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
    named(word, &DAYS).and_then(|index| Weekday::from_monday_zero_offset(index).ok())
}

/// The index of a name written whole or as its first three or four letters.
fn named(word: &str, names: &[&str]) -> Option<i8> {
    let is_short = (3..=4).contains(&word.len());
    let found = names.iter().position(|name| {
        name.eq_ignore_ascii_case(word)
            || is_short && name.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word))
    })?;
    i8::try_from(found).ok()
}
