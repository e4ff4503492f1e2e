//! The times in a report's record of events: a table with a time in each row's first cell, unless its heading speaks of what is
//! to come.

use std::ops::Range;

use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan as _};

use super::dates::find;
use super::text::Finding;

/// What led to an incident may be told from so long before it.
const BEFORE: SignedDuration = SignedDuration::from_hours(24);

/// A time that much earlier than the one above it is of the day after; any other is out of order.
const NEXT_DAY: i32 = 12;

/// What times are held against.
#[derive(Clone, Debug)]
pub(super) struct Span<'a> {
    pub from: Timestamp,
    pub to: Timestamp,
    /// The end of the day after the report came out.
    pub until: Timestamp,
    /// The site's.
    pub zone: &'a TimeZone,
}

/// A row with a time.
struct Row {
    span: Range<usize>,
    at: Timestamp,
}

/// In a text of which only prose is left.
pub(super) fn check(text: &str, span: &Span<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for table in tables(text) {
        let rows = rows(text, &table, span);
        let earliest = span.from.saturating_sub(BEFORE).unwrap_or(Timestamp::MIN);
        let is_outside = |row: &Row| row.at < earliest || row.at >= span.until.max(span.to);
        findings.extend(rows.iter().filter(|row| is_outside(row)).map(|row| {
            let what = match row.at < earliest {
                true => "more than a day before the incident began",
                false => "after the report",
            };
            let at = row.at.to_zoned_datetime(span.zone.clone()).strftime("%Y-%m-%d %H:%M").to_string();
            Finding { span: row.span.clone(), what: format!("{at} is {what}"), cure: "put the date right".to_owned() }
        }));
        let inside: Vec<&Row> = rows.iter().filter(|row| !is_outside(row)).collect();
        let pairs = || inside.iter().zip(inside.iter().skip(1));
        let (down, up) =
            pairs().fold((0, 0), |(down, up), (a, b)| (down + usize::from(b.at < a.at), up + usize::from(b.at > a.at)));
        // The newest may stand first.
        if down <= up {
            findings.extend(pairs().filter(|(above, row)| row.at < above.at).map(|(_, row)| Finding {
                span: row.span.clone(),
                what: format!("{} is earlier than the row above it", text.get(row.span.clone()).unwrap_or_default()),
                cure: "put the time right, or the rows in order".to_owned(),
            }));
        }
    }
    findings
}

/// The first cells of each such table, each with its place; the head is the first of them.
fn tables(text: &str) -> Vec<Vec<Range<usize>>> {
    const TO_COME: [&str; 7] = ["chang", "plan", "follow", "next", "promis", "schedul", "improv"];
    let mut tables: Vec<Vec<Range<usize>>> = Vec::new();
    let (mut at, mut is_record, mut in_table) = (0, true, false);
    for line in text.split_inclusive('\n') {
        let start = at;
        at += line.len();
        if line.starts_with('#') {
            let heading = line.to_lowercase();
            is_record = !TO_COME.iter().any(|word| heading.contains(word));
        }
        let Some(cells) = line.trim_start().strip_prefix('|').filter(|_| is_record) else {
            in_table = false;
            continue;
        };
        if !in_table {
            tables.push(Vec::new());
        }
        in_table = true;
        let from = start + line.len() - cells.len();
        let cell = cells.split('|').next().unwrap_or_default();
        if let Some(table) = tables.last_mut() {
            table.push(from..from + cell.len());
        }
    }
    tables
}

/// Its rows with their times; those whose time cannot be told are left out.
fn rows(text: &str, cells: &[Range<usize>], span: &Span<'_>) -> Vec<Row> {
    let start = span.from.to_zoned_datetime(span.zone.clone());
    let mut head = cells.first().and_then(|cell| text.get(cell.clone())).unwrap_or_default().split_whitespace();
    let head_zone = head.find_map(|word| zone_word(word.trim_matches(['(', ')', ','])));
    let end = span.to.to_zoned_datetime(span.zone.clone()).date();
    let days = start.date().saturating_sub(1.day())..=end.saturating_add(1.day());
    let mut day: Option<Date> = None;
    let mut last: Option<Time> = None;
    let mut rows = Vec::new();
    for cell in cells.iter().skip(1) {
        let Some(words) = text.get(cell.clone()) else { continue };
        let date = find(words).first().and_then(|written| written.date(start.date()));
        let Some((time, place, zone)) = time(words) else {
            // A day alone begins a day of the incident; of one long before it, it is told on the way.
            if let Some(date) = date {
                (day, last) = (Some(date).filter(|date| days.contains(date)), None);
            }
            continue;
        };
        let hours = |from: Time, to: Time| i32::from(from.hour()) - i32::from(to.hour());
        let on = match (date, day, last) {
            (Some(date), _, _) => date,
            (None, Some(day), Some(last)) if hours(last, time) >= NEXT_DAY => day.saturating_add(1.day()),
            (None, Some(day), _) => day,
            // 23:50 of what began at 00:05 was the evening before.
            (None, None, _) if hours(time, start.time()) >= NEXT_DAY => start.date().saturating_sub(1.day()),
            (None, None, _) => start.date(),
        };
        (day, last) = (Some(on), Some(time));
        let Some(at) = moment(on.to_datetime(time), zone.or(head_zone), span.zone) else { continue };
        rows.push(Row { span: cell.start + place.start..cell.start + place.end, at });
    }
    rows
}

/// The first `11:02` of a cell, where it stands, and the zone behind it.
fn time(words: &str) -> Option<(Time, Range<usize>, Option<&str>)> {
    let is_digit = |at: Option<usize>| at.and_then(|at| words.as_bytes().get(at)).is_some_and(u8::is_ascii_digit);
    let mut colons = words.match_indices(':').map(|(at, _)| at);
    let colon =
        colons.find(|&at| is_digit(at.checked_sub(1)) && is_digit(at.checked_add(1)) && is_digit(at.checked_add(2)))?;
    let hour = words.get(..colon)?.rsplit(|c: char| !c.is_ascii_digit()).next()?;
    let after = words.get(colon + 3..)?;
    // Of a time with seconds the minute is enough.
    let after = after.strip_prefix(':').map_or(after, |rest| rest.trim_start_matches(|c: char| c.is_ascii_digit()));
    let mut rest = after.split(|c: char| c.is_whitespace() || "–-,;".contains(c)).filter(|word| !word.is_empty());
    let next = rest.next();
    let mut hour_of_day: i8 = hour.parse().ok()?;
    match next.map(str::to_ascii_lowercase).as_deref() {
        Some("pm" | "p.m.") if hour_of_day < 12 => hour_of_day += 12,
        Some("am" | "a.m.") if hour_of_day == 12 => hour_of_day = 0,
        Some(_) | None => {}
    }
    let time = Time::new(hour_of_day, words.get(colon + 1..colon + 3)?.parse().ok()?, 0, 0).ok()?;
    let is_offset = after.starts_with(['+', '-']);
    let zone = if is_offset { Some("?") } else { next.and_then(zone_word) };
    Some((time, colon - hour.len()..colon + 3, zone))
}

/// `CEST`, `UTC`; "AM" and "PM" are none.
fn zone_word(word: &str) -> Option<&str> {
    let is_zone = (3..=5).contains(&word.len()) && word.bytes().all(|byte| byte.is_ascii_uppercase());
    is_zone.then_some(word)
}

/// `None` where the zone is neither UTC nor the site's own: it is not guessed.
fn moment(local: jiff::civil::DateTime, zone: Option<&str>, site: &TimeZone) -> Option<Timestamp> {
    if matches!(zone, Some("UTC" | "GMT")) {
        return TimeZone::UTC.to_timestamp(local).ok();
    }
    let ambiguous = site.to_ambiguous_zoned_datetime(local);
    let Some(zone) = zone else { return ambiguous.compatible().ok().map(|at| at.timestamp()) };
    // An hour that comes twice has two names.
    let both = [ambiguous.clone().earlier(), ambiguous.later()];
    both.into_iter().flatten().find(|at| at.strftime("%Z").to_string() == zone).map(|at| at.timestamp())
}

#[cfg(test)]
mod tests {
    use jiff::tz::TimeZone;

    use super::{Span, check};

    /// Of an incident from 29 March 11:00 to 30 March 00:05 CEST.
    #[track_caller]
    fn told(first: &str, rows: &[&str]) -> Vec<String> {
        let zone = TimeZone::get("Europe/Oslo").unwrap_or_else(|_| unreachable!("a zone of the test"));
        let at = |text: &str| text.parse().unwrap_or_else(|_| unreachable!("a time of the test"));
        let span = Span {
            from: at("2022-03-29T09:00:00Z"),
            to: at("2022-03-29T22:05:00Z"),
            until: at("2022-04-05T22:00:00Z"),
            zone: &zone,
        };
        let rows: String = rows.iter().map(|row| format!("| {row} | Something | post |\n")).collect();
        let text = format!("## {first}| What happened | Known from |\n| --- | --- | --- |\n{rows}\nText.\n");
        check(&text, &span)
            .into_iter()
            .map(|finding| format!("{}: {}", text.get(finding.span).unwrap_or_default(), finding.what))
            .collect()
    }

    const TIME: &str = "Record of events\n\n| Time ";

    #[test]
    fn times_stand_in_order_and_near_the_incident() {
        let none: [String; 0] = [];
        assert_eq!(told(TIME, &["10:52 CEST", "11:02–11:20", "12:50 CEST", "23:10", "00:05 CEST"]), none);
        assert_eq!(told(TIME, &["29 March 11:00", "30 March", "00:05", "2022-03-30 01:00 CEST"]), none);
        assert_eq!(told(TIME, &["25 October", "27 February", "11:00 CEST", "30 March", "00:05 CEST"]), none);
        assert_eq!(told(TIME, &["09:00 UTC", "11:02 CEST", "09:10 UTC"]), none);
        assert_eq!(told("Timeline\n\n| Time (UTC) ", &["09:00", "22:05"]), none);
        assert_eq!(told(TIME, &["23:10", "21:02", "11:02"]), none, "the newest may stand first");
        assert_eq!(told(TIME, &["11:02 EDT", "11:00 EDT", "9:15 pm", "11:00 pm"]), none, "no other zone is guessed");
        assert_eq!(told("What we change\n\n| Time ", &["12:00", "11:00"]), none, "it is no record of events");
        assert_eq!(
            told(TIME, &["11:02", "12:50", "12:12", "13:25"]),
            ["12:12: 12:12 is earlier than the row above it",]
        );
        assert_eq!(
            told(TIME, &["2022-02-28 11:02", "2022-03-29 11:04", "6 April 09:00"]),
            [
                "11:02: 2022-02-28 11:02 is more than a day before the incident began",
                "09:00: 2022-04-06 09:00 is after the report",
            ]
        );
    }
}
