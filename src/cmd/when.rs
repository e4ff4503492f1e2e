//! Times on the command line, as people type them: `30m`, `14:30`, `tomorrow 02:00`, `2026-12-01 02:00`.
//!
//! A time without a zone is in the site's. A bare time of day is the next one, as one says it at half past eleven.

use jiff::civil::{DateTime, Time};
use jiff::{SignedDuration, Span, SpanRelativeTo, Timestamp, ZonedDateTime};

/// The moment meant, seen from `from`; `None` where it cannot be read. Never before `from` unless a date says so.
pub fn read(text: &str, from: &ZonedDateTime) -> Option<ZonedDateTime> {
    let text = text.trim();
    let zone = from.time_zone();
    if let Ok(at) = text.parse::<Timestamp>() {
        return Some(at.to_zoned_datetime(zone.clone()));
    }
    for format in ["%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S"] {
        if let Ok(at) = DateTime::strptime(format, text) {
            return at.to_zoned_datetime(zone.clone()).ok();
        }
    }
    if let Some(rest) = text.strip_prefix("tomorrow") {
        let day = from.date().tomorrow().ok()?;
        return day.to_datetime(time_of_day(rest.trim())?).to_zoned_datetime(zone.clone()).ok();
    }
    if let Some(time) = time_of_day(text) {
        let today = from.date().to_datetime(time).to_zoned_datetime(zone.clone()).ok()?;
        if today > *from {
            return Some(today);
        }
        return from.date().tomorrow().ok()?.to_datetime(time).to_zoned_datetime(zone.clone()).ok();
    }
    from.checked_add(duration(text)?).ok()
}

/// A length of time, `90s` or `3m`; a day is 24 hours.
pub fn length(text: &str) -> Option<SignedDuration> {
    let span = duration(text.trim())?;
    span.to_duration(SpanRelativeTo::days_are_24_hours()).ok()
}

/// Whether it is a time without a day, `14:30`.
pub fn is_time_of_day(text: &str) -> bool {
    time_of_day(text.trim()).is_some()
}

/// As front matter has it: whole minutes, with the offset, `2026-11-24T03:42:00+01:00`.
pub fn written(at: &ZonedDateTime) -> String {
    at.strftime("%Y-%m-%dT%H:%M:00%:z").to_string()
}

/// How to write a time, for those who wrote one that could not be read.
pub const CURE: &str = "write it like 30m, 14:30, \"tomorrow 02:00\" or \"2026-12-01 02:00\"";

fn time_of_day(text: &str) -> Option<Time> {
    ["%H:%M", "%H.%M"].into_iter().find_map(|format| Time::strptime(format, text).ok())
}

/// A bare number is minutes.
fn duration(text: &str) -> Option<Span> {
    let text = text.trim_start_matches('+');
    if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Span::new().try_minutes(text.parse::<i64>().ok()?).ok();
    }
    let span: Span = text.parse().ok()?;
    (span.is_positive() && text.starts_with(|c: char| c.is_ascii_digit())).then_some(span)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_as_people_type_them() {
        let from: ZonedDateTime = "2026-11-24T03:12:00+01:00[Europe/Oslo]".parse().unwrap();
        for (typed, meant) in [
            ("30m", "2026-11-24T03:42:00+01:00"),
            ("45", "2026-11-24T03:57:00+01:00"),
            ("1h30m", "2026-11-24T04:42:00+01:00"),
            ("2 hours", "2026-11-24T05:12:00+01:00"),
            ("+1d", "2026-11-25T03:12:00+01:00"),
            ("14:30", "2026-11-24T14:30:00+01:00"),
            ("02:00", "2026-11-25T02:00:00+01:00"),
            ("tomorrow 09:00", "2026-11-25T09:00:00+01:00"),
            ("2026-12-01 02:00", "2026-12-01T02:00:00+01:00"),
            ("2026-07-01T02:00", "2026-07-01T02:00:00+02:00"),
            ("2026-12-01T02:00:00Z", "2026-12-01T03:00:00+01:00"),
        ] {
            assert_eq!(read(typed, &from).map(|at| written(&at)).as_deref(), Some(meant), "{typed}");
        }
        for typed in ["", "soon", "25:00", "-30m", "P-1D", "2026-13-01 02:00"] {
            assert_eq!(read(typed, &from), None, "{typed}");
        }
    }
}
