//! One value of a document as what it means, whatever its type. All return `None` for what it cannot mean.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use serde_json::Value;

/// The longest message of a result, in characters.
const MESSAGE_CHARS_MAX: usize = 500;

/// Times before 1970 and after the year 9000 or so are no times of a check.
const UNIX_MS_MAX: f64 = 2.2e14;

/// The member of an object; `null` for what has none of that name, so that look-ups can be chained.
pub(in crate::load::feed) fn get<'a>(value: &'a Value, key: &str) -> &'a Value {
    const NULL: &Value = &Value::Null;
    value.get(key).unwrap_or(NULL)
}

/// A finite number, whether it is written as one or as text.
pub(in crate::load::feed) fn number(value: &Value) -> Option<f64> {
    let number = match value {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => text.trim().parse().ok(),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
    };
    number.filter(|number| number.is_finite())
}

/// A whole number, whether it is written as one, as a float or as text.
#[expect(clippy::cast_possible_truncation, reason = "it was checked to be in range")]
pub(in crate::load::feed) fn integer(value: &Value) -> Option<i64> {
    let whole = |number: f64| (number.abs() < 9e15).then_some(number as i64);
    value.as_i64().or_else(|| number(value).and_then(whole))
}

/// Yes or no, whether it is written as such, as 0 or 1, or as text of any of these.
pub(in crate::load::feed) fn flag(value: &Value) -> Option<bool> {
    match value {
        Value::Bool(flag) => Some(*flag),
        Value::String(text) if text.eq_ignore_ascii_case("true") => Some(true),
        Value::String(text) if text.eq_ignore_ascii_case("false") => Some(false),
        other => match integer(other)? {
            0 => Some(false),
            1 => Some(true),
            _ => None,
        },
    }
}

/// Text, where it is some and is not empty.
pub(in crate::load::feed) fn text(value: &Value) -> Option<&str> {
    value.as_str().map(str::trim).filter(|text| !text.is_empty())
}

/// What kind of value it is, for messages.
pub(in crate::load::feed) fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "nothing",
        Value::Bool(_) => "`true` or `false`",
        Value::Number(_) => "a number",
        Value::String(_) => "text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

/// Unix seconds, possibly with a fraction, as Unix ms. 0 and less is how many programs write "never": `None`.
pub(in crate::load::feed) fn seconds_ms(value: &Value) -> Option<i64> {
    number(value).and_then(|seconds| unix_ms(seconds * 1000.0))
}

/// Unix ms. 0 and less is how many programs write "never": `None`.
pub(in crate::load::feed) fn millis_ms(value: &Value) -> Option<i64> {
    number(value).and_then(unix_ms)
}

/// A time of RFC 3339, with any number of digits, as Unix ms.
pub(in crate::load::feed) fn rfc3339_ms(value: &Value) -> Option<i64> {
    text(value)?.parse::<Timestamp>().ok().map(Timestamp::as_millisecond)
}

/// A time of day without a zone that is known to be UTC ("2026-11-24 10:13:08.744"), as Unix ms.
pub(in crate::load::feed) fn civil_utc_ms(value: &Value) -> Option<i64> {
    let civil: DateTime = text(value)?.parse().ok()?;
    TimeZone::UTC.to_timestamp(civil).ok().map(Timestamp::as_millisecond)
}

/// A duration as a latency: `us_per_unit` is 1000 for ms, 1e6 for seconds, 0.001 for ns.
pub(in crate::load::feed) fn latency_us(value: &Value, us_per_unit: f64) -> Option<u32> {
    number(value).and_then(|duration| at_us(duration * us_per_unit))
}

/// A number of microseconds that a latency can be: not negative, and an hour or so at most.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it was checked to be in range")]
pub(in crate::load::feed) fn at_us(us: f64) -> Option<u32> {
    let us = us.round();
    (0.0..=f64::from(u32::MAX)).contains(&us).then_some(us as u32)
}

/// A plain line of at most 500 characters, for messages.
pub(in crate::load::feed) fn message(text: &str) -> Option<String> {
    let text = text.trim();
    if text.len() <= MESSAGE_CHARS_MAX && text.bytes().all(|byte| (b' '..=b'~').contains(&byte)) {
        return (!text.is_empty()).then(|| text.to_owned());
    }
    let line: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(MESSAGE_CHARS_MAX).collect();
    let line = line.trim();
    (!line.is_empty()).then(|| line.to_owned())
}

/// A part of a path or query, percent-encoded.
pub(in crate::load::feed) fn encode(part: &str) -> String {
    use std::fmt::Write as _;

    let mut encoded = String::with_capacity(part.len());
    for byte in part.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => encoded.push(char::from(byte)),
            _ => {
                let _ = write!(encoded, "%{byte:02X}");
            }
        }
    }
    encoded
}

#[expect(clippy::cast_possible_truncation, reason = "it was checked to be in range")]
fn unix_ms(ms: f64) -> Option<i64> {
    let ms = ms.round();
    (ms > 0.0 && ms < UNIX_MS_MAX).then_some(ms as i64)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_number_may_be_written_as_text_and_a_whole_one_as_a_float() {
        assert_eq!([integer(&json!("5")), integer(&json!(5)), integer(&json!(5.0))], [Some(5); 3]);
        assert_eq!([integer(&json!("")), integer(&json!("5 ms")), integer(&json!(1e300))], [None; 3]);
        assert_eq!([number(&json!("NaN")), number(&json!("+Inf")), number(&json!(null))], [None; 3]);
    }

    #[test]
    fn a_flag_may_be_a_word_or_a_number() {
        assert_eq!([flag(&json!(true)), flag(&json!(1)), flag(&json!("1")), flag(&json!("True"))], [Some(true); 4]);
        assert_eq!([flag(&json!(2)), flag(&json!("yes")), flag(&json!(null))], [None; 3]);
    }

    #[test]
    fn times_of_every_unit_mean_the_same_moment_and_0_means_never() {
        let moment = Some(1_795_515_188_744);
        assert_eq!(seconds_ms(&json!(1_795_515_188.744)), moment);
        assert_eq!(millis_ms(&json!("1795515188744")), moment);
        assert_eq!(rfc3339_ms(&json!("2026-11-24T11:13:08.744999999+01:00")), moment);
        assert_eq!(civil_utc_ms(&json!("2026-11-24 10:13:08.744")), moment);
        assert_eq!([seconds_ms(&json!(0)), millis_ms(&json!("0")), millis_ms(&json!(-1))], [None; 3]);
        assert_eq!([seconds_ms(&json!(1e12)), rfc3339_ms(&json!("2026-11-24 10:13"))], [None; 2]);
    }

    #[test]
    fn a_latency_is_whole_microseconds_of_any_unit() {
        assert_eq!(latency_us(&json!(12), 1000.0), Some(12_000));
        assert_eq!(latency_us(&json!(0.0123), 1e6), Some(12_300));
        assert_eq!(latency_us(&json!(12_345_678), 0.001), Some(12_346));
        assert_eq!([latency_us(&json!(-1), 1.0), latency_us(&json!(1e10), 1000.0)], [None; 2]);
    }

    #[test]
    fn a_message_is_one_line_of_bounded_length() {
        assert_eq!(
            message("  HTTP 503\n\u{1b}[31mService\tUnavailable \r\n").as_deref(),
            Some("HTTP 503  [31mService Unavailable")
        );
        assert_eq!(message(&"é".repeat(600)).map(|line| line.chars().count()), Some(500));
        assert_eq!(message(" \n"), None);
    }

    #[test]
    fn what_stands_in_a_query_is_encoded() {
        assert_eq!(encode("Backup age (å)&x=1"), "Backup%20age%20%28%C3%A5%29%26x%3D1");
    }
}
