//! JSON as other programs write it (RFC 8259), read with patience: numbers that are text, text that is a number, times in
//! half a dozen units. Bounded in depth; what is no JSON is told with its place.

use std::sync::Arc;

use jiff::Timestamp;
use serde_json::Value;

use super::Payload;
use crate::diag::{Code, Diagnostic, Source};

/// The longest message of a result, in characters.
const MESSAGE_CHARS_MAX: usize = 500;

/// The document, or `None` where it is none; why has then been told.
pub(super) fn parse(payload: &Payload, diagnostics: &mut Vec<Diagnostic>) -> Option<Value> {
    match serde_json::from_slice(&payload.bytes) {
        Ok(value) => Some(value),
        Err(error) => {
            let told = Diagnostic::error(Code::FILE_NOT_TEXT, format!("this is not JSON: {error}"));
            diagnostics.push(told.at(&Arc::new(Source::new(payload.name.as_str(), "")), 0..0));
            None
        }
    }
}

/// A finite number, whether it is written as one or as text.
pub(super) fn number(value: &Value) -> Option<f64> {
    let number = match value {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => text.trim().parse().ok(),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
    };
    number.filter(|number| number.is_finite())
}

/// A whole number, whether it is written as one, as a float or as text.
#[expect(clippy::cast_possible_truncation, reason = "it was checked to be in range")]
pub(super) fn integer(value: &Value) -> Option<i64> {
    let whole = |number: f64| (number.abs() < 9e15).then_some(number as i64);
    value.as_i64().or_else(|| number(value).and_then(whole))
}

/// Text, where it is some and is not empty.
pub(super) fn text(value: &Value) -> Option<&str> {
    value.as_str().map(str::trim).filter(|text| !text.is_empty())
}

/// Unix seconds, possibly with a fraction, as Unix ms.
#[expect(clippy::cast_possible_truncation, reason = "it was checked to be in range")]
pub(super) fn seconds_ms(value: &Value) -> Option<i64> {
    number(value).filter(|seconds| seconds.abs() < 2.5e11).map(|seconds| (seconds * 1000.0).round() as i64)
}

/// A time of RFC 3339 as Unix ms.
pub(super) fn rfc3339_ms(value: &Value) -> Option<i64> {
    text(value)?.parse::<Timestamp>().ok().map(|at| at.as_millisecond())
}

/// A plain line of at most 500 characters, for messages.
pub(super) fn message(text: &str) -> Option<String> {
    let line: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(MESSAGE_CHARS_MAX).collect();
    let line = line.trim();
    (!line.is_empty()).then(|| line.to_owned())
}
