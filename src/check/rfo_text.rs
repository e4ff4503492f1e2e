//! Dates in the text of a report that contradict themselves or its incident: a weekday that is another one, a row of the record
//! of events that is earlier than the one above it, or far from the incident. English names only; what cannot be understood
//! is no mistake.

use std::ops::Range;

use jiff::civil::{Date, DateTime, Time, Weekday};
use jiff::{SignedDuration, Timestamp};

use super::Checked;
use crate::derive::{IncidentFacts, RfoFacts};
use crate::diag::{Code, Diagnostic};
use crate::model::Rfo;

/// What led to an incident may be told from so long before it.
const BEFORE: SignedDuration = SignedDuration::from_hours(24);

/// A clock time that is earlier than the one above by no more than this is a mistake; by more it is of the next day.
const BACK_MAX: SignedDuration = SignedDuration::from_hours(12);

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

pub(super) fn check(checked: &Checked<'_>) -> Vec<Diagnostic> {
    let both = checked.site.rfos.iter().zip(&checked.derived.rfos);
    both.flat_map(|(rfo, facts)| of_report(checked, rfo, facts)).collect()
}

fn of_report(checked: &Checked<'_>, rfo: &Rfo, facts: &RfoFacts) -> Vec<Diagnostic> {
    let Some(incident) = facts.incident.and_then(|index| checked.derived.incidents.get(index)) else {
        return Vec::new();
    };
    let source = checked.source(&rfo.source);
    let body = body_of(source.text());
    let config = &checked.site.config;
    let (started, published) = (incident.started.day(config), facts.published.day(config));
    let tell = |span: Range<usize>, what: String| {
        Diagnostic::warning(Code::RFO_DATES, what)
            .at(&source, span)
            .cure("put the date right")
            .outcome("published as it is")
    };
    let mut told = Vec::new();
    for dated in dates(source.text(), body) {
        let Some(weekday) = dated.weekday else { continue };
        let years = match dated.year {
            Some(year) => vec![year],
            None => vec![started.year(), published.year()],
        };
        let days: Vec<Date> = years.iter().filter_map(|&year| Date::new(year, dated.month, dated.day).ok()).collect();
        if let (Some(day), false) = (days.first(), days.iter().any(|day| day.weekday() == weekday)) {
            told.push(tell(dated.span.clone(), format!("{day} is a {}", name(day.weekday()))));
        }
    }
    told.extend(events(checked, incident, facts, source.text(), body).into_iter().map(|(span, what)| tell(span, what)));
    told
}

/// Where the text begins, behind the front matter.
fn body_of(text: &str) -> usize {
    let fence = if text.starts_with("+++") { "+++" } else { "---" };
    if !text.starts_with(fence) {
        return 0;
    }
    text.get(3..).and_then(|rest| rest.find(&format!("\n{fence}"))).map_or(0, |at| at + 3 + 4)
}

/// A day and month, as somebody wrote them.
struct Dated {
    span: Range<usize>,
    weekday: Option<Weekday>,
    day: i8,
    /// 1 to 12.
    month: i8,
    year: Option<i16>,
}

/// `Tuesday 24 March 2026`, `Tuesday, March 24`, `24 March`, in the order of the text.
fn dates(text: &str, from: usize) -> Vec<Dated> {
    let words = words(text, from);
    let number = |at: usize| words.get(at).and_then(|(_, word)| day_number(word));
    let month = |at: usize| words.get(at).and_then(|(_, word)| month_of(word));
    let year = |at: usize| {
        let year: i16 = words.get(at)?.1.parse().ok()?;
        (1970..=9999).contains(&year).then_some(year)
    };
    let mut dates = Vec::new();
    for at in 0..words.len() {
        // Both orders: `24 March` and `March 24`.
        let found = number(at).zip(month(at + 1)).or_else(|| number(at + 1).zip(month(at)));
        let Some((day, month)) = found else { continue };
        let weekday = at.checked_sub(1).and_then(|before| weekday_of(&words.get(before)?.1));
        let first = if weekday.is_some() { at - 1 } else { at };
        let (Some((start, _)), Some((end, _))) = (words.get(first), words.get(at + 1)) else { continue };
        dates.push(Dated { span: start.start..end.end, weekday, day, month, year: year(at + 2) });
    }
    dates
}

/// Runs of letters and digits, in lower case.
fn words(text: &str, from: usize) -> Vec<(Range<usize>, String)> {
    let mut words = Vec::new();
    let mut start = None;
    for (at, c) in text.char_indices().skip_while(|(at, _)| *at < from).chain([(text.len(), ' ')]) {
        match (c.is_alphanumeric(), start) {
            (true, None) => start = Some(at),
            (false, Some(begun)) => {
                words.push((begun..at, text.get(begun..at).unwrap_or_default().to_lowercase()));
                start = None;
            }
            _ => {}
        }
    }
    words
}

/// `24`, `24th`
fn day_number(word: &str) -> Option<i8> {
    let digits = ["st", "nd", "rd", "th"].iter().find_map(|ending| word.strip_suffix(ending)).unwrap_or(word);
    digits.parse().ok().filter(|day| (1..=31).contains(day))
}

fn month_of(word: &str) -> Option<i8> {
    let place = MONTHS.iter().position(|month| *month == word || word.len() == 3 && month.starts_with(word))?;
    i8::try_from(place + 1).ok()
}

fn weekday_of(word: &str) -> Option<Weekday> {
    let days = [
        Weekday::Monday,
        Weekday::Tuesday,
        Weekday::Wednesday,
        Weekday::Thursday,
        Weekday::Friday,
        Weekday::Saturday,
        Weekday::Sunday,
    ];
    days.into_iter().find(|day| name(*day).to_lowercase() == word)
}

fn name(day: Weekday) -> &'static str {
    match day {
        Weekday::Monday => "Monday",
        Weekday::Tuesday => "Tuesday",
        Weekday::Wednesday => "Wednesday",
        Weekday::Thursday => "Thursday",
        Weekday::Friday => "Friday",
        Weekday::Saturday => "Saturday",
        Weekday::Sunday => "Sunday",
    }
}

/// Rows of a table whose first cell begins with a clock time: they go on in time, from a day before the incident to the report.
fn events(
    checked: &Checked<'_>,
    incident: &IncidentFacts,
    facts: &RfoFacts,
    text: &str,
    from: usize,
) -> Vec<(Range<usize>, String)> {
    let config = &checked.site.config;
    let started = incident.started.timestamp(config);
    let until = facts.published.day(config).saturating_add(jiff::Span::new().days(1));
    let mut told = Vec::new();
    let mut before: Option<DateTime> = None;
    let mut day = incident.started.day(config);
    let mut at = from;
    for line in text.get(from..).unwrap_or_default().split_inclusive('\n') {
        let start = at;
        at += line.len();
        let Some(cell) = line.trim_start().strip_prefix('|').and_then(|rest| rest.split('|').next()) else {
            before = None;
            day = incident.started.day(config);
            continue;
        };
        let cell_start = start + (line.len() - line.trim_start().len()) + 1;
        let Some((time, span)) = clock(cell, cell_start) else { continue };
        let dated = dates(cell, 0).into_iter().next();
        let named = dated.and_then(|dated| Date::new(dated.year.unwrap_or(day.year()), dated.month, dated.day).ok());
        let iso = cell.split_whitespace().find_map(|word| word.parse::<Date>().ok());
        let named = named.or(iso);
        let mut moment = named.unwrap_or(day).to_datetime(time);
        if let (Some(last), None) = (before, named)
            && moment < last
        {
            if last.duration_since(moment) <= BACK_MAX {
                told.push((span.clone(), format!("{} is earlier than the row above it", shown(time))));
                continue;
            }
            moment = day.tomorrow().unwrap_or(day).to_datetime(time);
        }
        day = moment.date();
        before = Some(moment);
        let zoned: Option<Timestamp> = moment.to_zoned_datetime(config.zone.tz.clone()).ok().map(|at| at.timestamp());
        let is_before = zoned.is_some_and(|at| started.duration_since(at) > BEFORE);
        if is_before || moment.date() > until {
            let what = if is_before { "more than a day before the incident began" } else { "after the report" };
            told.push((span, format!("{} {} is {what}", moment.date(), shown(time))));
        }
    }
    told
}

fn shown(time: Time) -> String {
    time.strftime("%H:%M").to_string()
}

/// The first `10:57` of a cell.
fn clock(cell: &str, start: usize) -> Option<(Time, Range<usize>)> {
    let trimmed = cell.trim_start();
    let lead = cell.len() - trimmed.len();
    let at =
        trimmed.find(':').filter(|at| (1..=2).contains(at) || trimmed.get(..*at).is_some_and(|t| t.contains(' ')))?;
    let hour_start = trimmed.get(..at)?.rfind(|c: char| !c.is_ascii_digit()).map_or(0, |before| before + 1);
    let (hour, minute) = (trimmed.get(hour_start..at)?, trimmed.get(at + 1..at + 3)?);
    let time = Time::new(hour.parse().ok()?, minute.parse().ok()?, 0, 0).ok()?;
    Some((time, start + lead + hour_start..start + lead + at + 3))
}
