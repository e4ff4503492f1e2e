//! A feed: one object with everything that a collector knows now.

use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use serde_json::value::RawValue;

use super::object::Text;
use super::taker::{self, Bad, Taker};
use crate::diag::{Code, Diagnostic, LineColumn, Loaded, Severity};
use crate::load::feed::json::{self, wrong_shape};
use crate::load::feed::{Payload, Reading};

/// How long a feed holds at least, where it does not say.
const EXPIRES_MIN: SignedDuration = SignedDuration::from_mins(5);

/// The largest document, in bytes.
const BYTES_MAX: usize = 32 << 20;

/// The outermost keys. Lists are kept as text, so that one bad object in them does not take the others with it.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Document<'a> {
    #[serde(borrow)]
    version: Option<&'a RawValue>,
    #[serde(borrow)]
    generated: Text<'a>,
    #[serde(borrow)]
    expires: Text<'a>,
    #[serde(borrow)]
    monitors: Option<&'a RawValue>,
    #[serde(borrow)]
    results: Option<&'a RawValue>,
    #[serde(borrow)]
    spans: Option<&'a RawValue>,
}

/// Reads a feed; `interval` is how often its monitors run, where the config says so.
pub(super) fn read(payload: &Payload, interval: Option<SignedDuration>) -> Loaded<Reading> {
    let nothing = |told| Loaded { value: Reading::default(), diagnostics: vec![told] };
    if payload.bytes.len() > BYTES_MAX {
        return nothing(wrong_shape(payload, "this is larger than 32 MiB").cure("send fewer results at once"));
    }
    let text = match json::readable(payload) {
        Ok(text) => text,
        Err(told) => return nothing(told),
    };
    // Serde would take a list for an object whose keys go without saying.
    if !text.trim_ascii_start().starts_with('{') {
        let cure = "write `{\"version\": 1, \"results\": […]}`, or a result a line in a file named `.ndjson`";
        return nothing(wrong_shape(payload, "this is JSON, but no feed").cure(cure));
    }
    let document: Document<'_> = match serde_json::from_str(text) {
        Ok(document) => document,
        Err(error) => return nothing(json::told(payload, text, &error)),
    };
    if let Some(told) = wrong_version(payload, document.version) {
        return nothing(told);
    }
    let mut taker = Taker::new(&payload.name);
    take_times(&mut taker, &document);
    for (key, list) in [("monitors", document.monitors), ("results", document.results), ("spans", document.spans)] {
        take_list(&mut taker, text, key, list);
    }
    let (mut value, mut diagnostics) = taker.finish();
    if document.version.is_none() {
        let told = Diagnostic::warning(Code::FEED_SHAPE, "`version` is missing").cure("begin with `\"version\": 1`");
        diagnostics.push(json::whole(told.outcome("it is read as version 1"), &payload.name));
    }
    value.expires = value.expires.or_else(|| expires(&value, interval));
    Loaded { value, diagnostics }
}

const START: LineColumn = LineColumn { line: 1, column: 1 };

fn wrong_version(payload: &Payload, version: Option<&RawValue>) -> Option<Diagnostic> {
    let version = version?.get();
    if version == "1" {
        return None;
    }
    let newer = version.parse::<u64>().is_ok_and(|version| version > 1);
    let cure = if newer { "a newer upfront may be able to read it" } else { "write `\"version\": 1`" };
    let version: String = version.chars().take(20).collect();
    Some(wrong_shape(payload, format!("this is version {version} of the feed, and only 1 is known")).cure(cure))
}

fn take_times(taker: &mut Taker<'_>, document: &Document<'_>) {
    for (key, text) in [("generated", &document.generated), ("expires", &document.expires)] {
        if text.get().is_none() {
            continue;
        }
        match taker::time(key, text).map(Timestamp::from_millisecond) {
            Ok(Ok(at)) if key == "generated" => taker.reading.generated = Some(at),
            Ok(Ok(at)) => taker.reading.expires = Some(at),
            Ok(Err(_)) => {}
            Err(bad) => taker.tell(Severity::Error, bad, || START, "it is read as if it did not say"),
        }
    }
}

fn take_list(taker: &mut Taker<'_>, text: &str, key: &str, list: Option<&RawValue>) {
    let Some(list) = list.filter(|list| list.get() != "null") else { return };
    let objects: Vec<&RawValue> = match serde_json::from_str(list.get()) {
        Ok(objects) => objects,
        Err(_) => {
            let bad = Bad::new(format!("`{key}` is no list"), "put the objects between `[` and `]`");
            return taker.tell(Severity::Error, bad, || place(text, list), "it is left out");
        }
    };
    for object in objects {
        let told = match taker::parse(object.get().as_bytes()) {
            Ok(parsed) => taker.take(&parsed).map_err(|bad| (bad, START)),
            Err(told) => Err(told),
        };
        if let Err((bad, within)) = told {
            taker.tell(Severity::Error, bad, || inside(place(text, object), within), "it is left out");
        }
    }
}

/// Where a part of a text stands in it.
fn place(text: &str, part: &RawValue) -> LineColumn {
    let offset = (part.get().as_ptr() as usize).saturating_sub(text.as_ptr() as usize);
    json::line_column(text.as_bytes().get(..offset).unwrap_or_default())
}

/// A place in a part, as one in the whole.
fn inside(part: LineColumn, within: LineColumn) -> LineColumn {
    match within.line {
        0 | 1 => LineColumn { line: part.line, column: part.column + within.column.saturating_sub(1) },
        lines => LineColumn { line: part.line + lines - 1, column: within.column },
    }
}

/// A dead-man's switch for feeds that say only when they were made: five minutes, or three intervals of the slowest
/// monitor. The slowest, because a monitor that runs more often grows stale by itself.
fn expires(reading: &Reading, interval: Option<SignedDuration>) -> Option<Timestamp> {
    let stated = reading.monitors.iter().filter_map(|monitor| monitor.interval_ms).max();
    let configured = || interval.and_then(|interval| i64::try_from(interval.as_millis()).ok());
    let interval_ms = stated.or_else(configured).unwrap_or_else(|| observed_ms(reading));
    let holds = SignedDuration::from_millis(interval_ms.saturating_mul(3)).max(EXPIRES_MIN);
    reading.generated?.checked_add(holds).ok()
}

/// The largest of the monitors' median distances between results; 0 where none has two.
fn observed_ms(reading: &Reading) -> i64 {
    let mut times: Vec<(&str, i64)> = reading.results.iter().map(|r| (r.monitor.as_str(), r.at_ms)).collect();
    times.sort_unstable();
    times.dedup();
    let mut slowest_ms = 0;
    for of_one in times.chunk_by(|a, b| a.0 == b.0) {
        let mut gaps: Vec<i64> =
            of_one.iter().zip(of_one.iter().skip(1)).map(|(a, b)| b.1.saturating_sub(a.1)).collect();
        gaps.sort_unstable();
        slowest_ms = slowest_ms.max(gaps.get(gaps.len() / 2).copied().unwrap_or_default());
    }
    slowest_ms
}
