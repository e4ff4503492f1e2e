//! Objects, one by one, → a [`Reading`]; what cannot be used is told, with bounds.

use std::collections::BTreeMap;

use super::moment::{self, NoTime};
use super::object::{Object, Text};
use crate::diag::{Code, Diagnostic, LineColumn, Severity, nearest};
use crate::load::feed::json;
use crate::load::feed::{ReadMonitor, ReadResult, ReadSpan, Reading};
use crate::model::{CheckStatus, Heartbeat, MonitorId, Span};

/// How many monitors one feed may have.
const MONITORS_MAX: usize = 5000;

/// The longest name of a place, in characters.
const PLACE_CHARS_MAX: usize = 100;

/// Of more mistakes than this only the number is told.
const TOLD_MAX: usize = 20;

/// How often a collector is taken to ask where its heartbeat does not say, in seconds.
const EVERY_DEFAULT_S: u32 = 60;

/// What cannot be used of an object, and the cure.
pub(super) struct Bad {
    pub message: String,
    pub cure: String,
}

impl Bad {
    pub(super) fn new(message: impl Into<String>, cure: impl Into<String>) -> Bad {
        Bad { message: message.into(), cure: cure.into() }
    }
}

/// A reading on its way.
pub(super) struct Taker<'n> {
    /// What the feed is called in diagnostics.
    name: &'n str,
    pub reading: Reading,
    pub diagnostics: Vec<Diagnostic>,
    /// Each id once, so that a million results share the text of fifty names.
    ids: BTreeMap<Box<str>, MonitorId>,
    untold: usize,
    /// Objects of more monitors than there may be.
    too_many: usize,
}

impl<'n> Taker<'n> {
    pub(super) fn new(name: &'n str) -> Taker<'n> {
        let (reading, diagnostics, ids) = (Reading::default(), Vec::new(), BTreeMap::new());
        Taker { name, reading, diagnostics, ids, untold: 0, too_many: 0 }
    }

    /// Takes what an object says.
    ///
    /// # Errors
    ///
    /// Why it cannot be used; nothing of it is then.
    pub(super) fn take(&mut self, object: &Object<'_>) -> Result<(), Bad> {
        if object.from.get().is_some() {
            self.take_span(object)
        } else if object.monitor.get().is_some() {
            self.take_result(object)
        } else if object.feed.get().is_some() {
            self.take_heartbeat(object)
        } else if object.id.get().is_some() {
            self.take_monitor(object)
        } else {
            let cure = "write `monitor`, `at` and `status`";
            Err(Bad::new("this is no result: it has no `monitor`", cure))
        }
    }

    /// One mistake more. `at` is asked only where it is told.
    pub(super) fn tell(&mut self, severity: Severity, bad: Bad, at: impl FnOnce() -> LineColumn, outcome: &str) {
        if self.diagnostics.len() >= TOLD_MAX {
            self.untold += 1;
            return;
        }
        let mut told = Diagnostic::error(Code::FEED_SHAPE, bad.message).cure(bad.cure).outcome(outcome);
        told.severity = severity;
        self.diagnostics.push(json::place(told, self.name, at()));
    }

    /// What was taken, and all that is to be told.
    pub(super) fn finish(mut self) -> (Reading, Vec<Diagnostic>) {
        if self.untold > 0 {
            let told = Diagnostic::error(Code::FEED_SHAPE, format!("{} more like these are left out", self.untold));
            self.diagnostics.push(json::whole(told, self.name));
        }
        if self.too_many > 0 {
            let message =
                format!("there are more than {MONITORS_MAX} monitors: {} objects are left out", self.too_many);
            let told = Diagnostic::error(Code::FEED_SHAPE, message).cure("make several feeds of it");
            self.diagnostics.push(json::whole(told, self.name));
        }
        (self.reading, self.diagnostics)
    }

    fn take_result(&mut self, object: &Object<'_>) -> Result<(), Bad> {
        let at_ms = time("at", &object.at)?;
        let status = status(&object.status)?;
        let Some(monitor) = self.monitor(&object.monitor)? else { return Ok(()) };
        self.reading.results.push(ReadResult {
            monitor,
            at_ms,
            status,
            confirmed: confirmed(object),
            // Many scripts write -1 where there was no answer: no latency, but a result all the same.
            latency_us: object.latency_ms.and_then(|ms| json::at_us(ms * 1000.0)),
            location: object.location.get().and_then(place),
            message: object.message.get().and_then(json::message),
            rev: object.rev.unwrap_or_default(),
        });
        Ok(())
    }

    fn take_span(&mut self, object: &Object<'_>) -> Result<(), Bad> {
        if object.at.get().is_some() {
            return Err(Bad::new("this has `at` and `from`", "a result has `at`, a span has `from` and `to`"));
        }
        let from_ms = time("from", &object.from)?;
        let to_ms = object.to.get().map(|_| time("to", &object.to)).transpose()?;
        if to_ms.is_some_and(|to_ms| to_ms < from_ms) {
            return Err(Bad::new("this span ends before it begins", "`to` is the later time"));
        }
        let status = status(&object.status)?;
        let Some(monitor) = self.monitor(&object.monitor)? else { return Ok(()) };
        let span = Span { from_ms, to_ms, status, confirmed: confirmed(object), rev: object.rev.unwrap_or_default() };
        self.reading.spans.push(ReadSpan { monitor, span });
        Ok(())
    }

    fn take_heartbeat(&mut self, object: &Object<'_>) -> Result<(), Bad> {
        self.reading.heartbeats.push(Heartbeat {
            at_ms: time("at", &object.at)?,
            every_s: object.every_s.unwrap_or(EVERY_DEFAULT_S),
            monitors: object.monitors.unwrap_or_default(),
        });
        Ok(())
    }

    fn take_monitor(&mut self, object: &Object<'_>) -> Result<(), Bad> {
        let interval_ms = object.interval_s.map(interval_ms).transpose()?;
        let mut parents = Vec::new();
        for parent in object.parents.iter().flatten() {
            parents.extend(self.monitor(parent)?);
        }
        let Some(id) = self.monitor(&object.id)? else { return Ok(()) };
        let name = object.name.get().and_then(json::message);
        let paused = object.paused.unwrap_or_default();
        self.reading.monitors.push(ReadMonitor { id, name, interval_ms, parents, paused });
        Ok(())
    }

    /// `None` where there are too many of them.
    fn monitor(&mut self, text: &Text<'_>) -> Result<Option<MonitorId>, Bad> {
        let Some(text) = text.get() else {
            return Err(Bad::new("`monitor` is missing", "write the id of the monitor"));
        };
        if let Some(id) = self.ids.get(text) {
            return Ok(Some(id.clone()));
        }
        let Some(id) = MonitorId::new(text) else {
            let cure = "an id is up to 128 letters and digits, with `.`, `_`, `/` and `-` between them";
            return Err(Bad::new("`monitor` is no id", cure));
        };
        if self.ids.len() >= MONITORS_MAX {
            self.too_many += 1;
            return Ok(None);
        }
        self.ids.insert(text.into(), id.clone());
        Ok(Some(id))
    }
}

/// The object that stands in JSON.
///
/// # Errors
///
/// Why it is none, and where.
pub(super) fn parse(json: &[u8]) -> Result<Object<'_>, (Bad, LineColumn)> {
    // Serde would take a list for an object whose keys go without saying.
    if json.first() != Some(&b'{') {
        let bad = Bad::new("this is no object of JSON", "write `{\"monitor\": …}`");
        return Err((bad, LineColumn { line: 1, column: 1 }));
    }
    serde_json::from_slice(json).map_err(|error: serde_json::Error| {
        let at = LineColumn { line: error.line(), column: error.column() };
        let said = json::said(&String::from_utf8_lossy(json), &error);
        (Bad::new(said, ""), at)
    })
}

pub(super) fn time(key: &str, text: &Text<'_>) -> Result<i64, Bad> {
    const CURE: &str = "write it like `2026-11-24T11:58:00Z`";

    let Some(text) = text.get() else { return Err(Bad::new(format!("`{key}` is missing"), CURE)) };
    moment::parse(text).map_err(|no_time| match no_time {
        NoTime::NoZone => Bad::new(format!("`{key}` has no zone"), "end it with `Z` where it is UTC, or with `+01:00`"),
        NoTime::NotOne => Bad::new(format!("`{key}` is no time"), CURE),
    })
}

fn status(text: &Text<'_>) -> Result<CheckStatus, Bad> {
    let Some(text) = text.get() else {
        return Err(Bad::new("`status` is missing", "write `up`, `degraded`, `down` or `unknown`"));
    };
    let known = CheckStatus::ALL.into_iter().find(|status| status.word().eq_ignore_ascii_case(text));
    known.ok_or_else(|| {
        let cure = match nearest(text, CheckStatus::ALL.map(CheckStatus::word)) {
            Some(word) => format!("did you mean `{word}`?"),
            None => "it is one of `up`, `degraded`, `down` and `unknown`".to_owned(),
        };
        Bad::new("`status` is no word that is known", cure)
    })
}

fn interval_ms(interval_s: f64) -> Result<i64, Bad> {
    /// A year.
    const INTERVAL_MAX_S: f64 = 31_622_400.0;

    if interval_s > 0.0 && interval_s <= INTERVAL_MAX_S {
        #[expect(clippy::cast_possible_truncation, reason = "it was checked to be in range")]
        return Ok(((interval_s * 1000.0).round() as i64).max(1));
    }
    Err(Bad::new("`interval_s` is out of range", "it is in seconds, more than 0 and at most a year"))
}

fn confirmed(object: &Object<'_>) -> bool {
    object.confirmed.unwrap_or(true) && !object.unconfirmed.unwrap_or(false)
}

fn place(text: &str) -> Option<String> {
    let place = json::message(text)?;
    match place.char_indices().nth(PLACE_CHARS_MAX) {
        Some((end, _)) => place.get(..end).map(|place| place.trim_end().to_owned()),
        None => Some(place),
    }
}
