//! Times of feeds and logs: RFC 3339 with a zone ↔ Unix ms.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

/// Why a text is no time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NoTime {
    /// It is one, but of an unknown zone.
    NoZone,
    NotOne,
}

/// Unix ms; what is finer is cut off.
///
/// # Errors
///
/// Where the text is no time of RFC 3339 with a zone.
pub(super) fn parse(text: &str) -> Result<i64, NoTime> {
    if let Some(ms) = parse_plain(text.as_bytes()) {
        return Ok(ms);
    }
    match text.parse::<Timestamp>() {
        Ok(at) => Ok(at.as_millisecond()),
        Err(_) if text.parse::<DateTime>().is_ok() => Err(NoTime::NoZone),
        Err(_) => Err(NoTime::NotOne),
    }
}

/// Appends `2026-11-24T11:58:00Z`, with `.123` before the `Z` where the milliseconds are not 0. A time that cannot be
/// written so, since its year has not four digits, becomes the nearest one that can.
pub(super) fn write(out: &mut Vec<u8>, at_ms: i64) {
    /// 0000-01-01T00:00:00Z and 9999-12-30T22:00:00Z, the last that every zone can show.
    const FIRST_MS: i64 = -62_167_219_200_000;
    const LAST_MS: i64 = 253_402_207_200_000;

    let at = Timestamp::from_millisecond(at_ms.clamp(FIRST_MS, LAST_MS)).unwrap_or_default();
    let civil = TimeZone::UTC.to_datetime(at);
    digits(out, civil.year().unsigned_abs().into(), 4);
    for (before, part) in [(b'-', civil.month()), (b'-', civil.day())] {
        out.push(before);
        digits(out, part.unsigned_abs().into(), 2);
    }
    for (before, part) in [(b'T', civil.hour()), (b':', civil.minute()), (b':', civil.second())] {
        out.push(before);
        digits(out, part.unsigned_abs().into(), 2);
    }
    let ms = civil.millisecond().unsigned_abs();
    if ms != 0 {
        out.push(b'.');
        digits(out, ms.into(), 3);
    }
    out.push(b'Z');
}

/// `YYYY-MM-DDTHH:MM:SSZ` and the same with up to three decimals, which nearly all are: ten times as fast as what can read
/// every form.
fn parse_plain(text: &[u8]) -> Option<i64> {
    let (seconds, rest) = text.split_at_checked(19)?;
    let [y1, y2, y3, y4, b'-', mo1, mo2, b'-', d1, d2, b'T', h1, h2, b':', mi1, mi2, b':', s1, s2] = *seconds else {
        return None;
    };
    let ms = match *rest {
        [b'Z'] => 0,
        [b'.', a, b'Z'] => number(&[a])? * 100,
        [b'.', a, b, b'Z'] => number(&[a, b])? * 10,
        [b'.', a, b, c, b'Z'] => number(&[a, b, c])?,
        _ => return None,
    };
    let part = |a, b| number(&[a, b]);
    let (year, month, day) = (number(&[y1, y2, y3, y4])?, part(mo1, mo2)?, part(d1, d2)?);
    let (hour, minute, second) = (part(h1, h2)?, part(mi1, mi2)?, part(s1, s2)?);
    if hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    Some((days(year, month, day)? * 86_400 + hour * 3600 + minute * 60 + second) * 1000 + ms)
}

/// Days from 1970-01-01 to a date of the Gregorian calendar, which is taken to have been always in use. `None` where there
/// is no such date. Years are counted from March, so that the odd day is their last (Howard Hinnant, `days_from_civil`).
fn days(year: i64, month: i64, day: i64) -> Option<i64> {
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let month_days = match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        _ => return None,
    };
    if !(1..=month_days).contains(&day) {
        return None;
    }
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    Some(era * 146_097 + day_of_era - 719_468)
}

fn number(digits: &[u8]) -> Option<i64> {
    digits.iter().try_fold(0, |number, digit| {
        let digit = digit.checked_sub(b'0').filter(|&digit| digit < 10)?;
        Some(number * 10 + i64::from(digit))
    })
}

/// The last `width` digits of a number, with zeros before it.
fn digits(out: &mut Vec<u8>, number: u32, width: u32) {
    for place in (0..width).rev() {
        let digit = u8::try_from(number / 10u32.pow(place) % 10).unwrap_or_default();
        out.push(b'0' + digit);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_time_needs_a_zone() {
        assert_eq!(parse("2026-11-24T11:58:00Z"), Ok(1_795_521_480_000));
        assert_eq!(parse("2026-11-24T12:58:00.5+01:00"), Ok(1_795_521_480_500));
        assert_eq!(parse("2026-11-24t11:58:00.123999z"), Ok(1_795_521_480_123));
        assert_eq!(parse("2026-11-24T11:58:00"), Err(NoTime::NoZone));
        assert_eq!(parse("1795521480"), Err(NoTime::NotOne));
        assert_eq!(parse("2026-02-29T00:00:00Z"), Err(NoTime::NotOne));
        assert_eq!(parse("2026-11-24T24:00:00Z"), Err(NoTime::NotOne));
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_and_means_what_the_calendar_says(ms in -62_167_219_200_000i64..253_402_207_200_000) {
            let mut out = Vec::new();
            write(&mut out, ms);
            let text = String::from_utf8(out).unwrap_or_default();
            prop_assert_eq!(parse(&text), Ok(ms));
            prop_assert_eq!(text.parse::<Timestamp>().map(Timestamp::as_millisecond).ok(), Some(ms));
        }

        #[test]
        fn the_short_way_and_the_long_way_agree(
            (year, month, day) in (0..=9999, 0..14, 0..33), (hour, minute, second) in (0..26, 0..62, 0..62)
        ) {
            let text = format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.25Z");
            let long = text.parse::<Timestamp>().map(Timestamp::as_millisecond).ok();
            // A leap second is the one thing that only the long way knows.
            prop_assume!(second != 60);
            prop_assert_eq!(parse_plain(text.as_bytes()), long);
        }
    }
}
