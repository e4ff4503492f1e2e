//! JSON as other programs write it (RFC 8259), read with patience: numbers that are text, text that is a number, times in
//! half a dozen units.
//!
//! Bounded in depth (128) and in the number of values. What is no JSON is told with its line and column, and what it is
//! instead where that can be seen: a web page, half a document, another encoding. The text itself is never part of what
//! is told, since it is private.
//!
//! An object that has a key twice is ambiguous, and programs disagree about which of the two counts. So neither does: the
//! whole object is left out (`null` where it was the value of a key) and the key is told.

mod document;
mod tally;
mod value;

pub(super) use document::{line_column, parse, place, readable, said, told, whole};
pub(super) use tally::{Tally, wrong_shape};
pub(super) use value::{
    at_us, civil_utc_ms, encode, flag, get, integer, kind, latency_us, message, millis_ms, number, rfc3339_ms,
    seconds_ms, text,
};
