//! A reading on its way: what an adapter understood so far, and what there is to say about the rest.
//!
//! Bounded, whatever an answer holds: so many monitors, so many results, and one message for each kind of trouble in each
//! answer, with a count. Messages name monitors by their ids alone; what monitors are called, what they look at and what
//! they say stays private.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::diag::{Code, Diagnostic, LineColumn, Loaded, nearest};
use crate::load::feed::{Payload, ReadDay, ReadMonitor, ReadResult, ReadSpan, Reading, json};
use crate::model::{CheckStatus, Feed, Heartbeat, MonitorId, Origin, Span};

/// Monitors of one feed; `docs/feeds.md` states it.
const MONITORS_MAX: usize = 5000;

/// Results and spans of one reading: a monitor-year at one minute is half of it.
const RESULTS_MAX: usize = 1_000_000;

/// Summed-up days of one reading: ten years of 200 monitors.
const DAYS_MAX: usize = 730_000;

/// How many different words that nobody knows are told one by one.
const WORDS_MAX: usize = 8;

/// How much of what a source says about its own trouble is repeated, in characters.
const REFUSAL_CHARS_MAX: usize = 200;

/// Answers have no lines worth naming once they were read.
const START: LineColumn = LineColumn { line: 1, column: 1 };

/// How often a source is taken to be asked where the config does not say, in seconds.
const EVERY_DEFAULT_S: u32 = 60;

/// What an adapter understood of some answers.
pub(super) struct Gather<'a> {
    pub feed: &'a Feed,
    reading: Reading,
    diagnostics: Vec<Diagnostic>,
    /// Where in the reading's monitors each is.
    places: BTreeMap<MonitorId, usize>,
    /// By answer and reason: how many, and the first monitor of them.
    left_out: BTreeMap<(String, &'static str), (usize, Option<MonitorId>)>,
    /// States that nobody knows, by answer: how many, and what to do.
    words: BTreeMap<(String, String), (usize, String)>,
}

/// What a source's word for a state stands for, and whether the source has confirmed it.
pub(super) type State = (CheckStatus, bool);

impl<'a> Gather<'a> {
    pub fn new(feed: &'a Feed) -> Gather<'a> {
        Gather {
            feed,
            reading: Reading::default(),
            diagnostics: Vec::new(),
            places: BTreeMap::new(),
            left_out: BTreeMap::new(),
            words: BTreeMap::new(),
        }
    }

    /// The answer as JSON; where it is none, that has been told.
    pub fn parse(&mut self, payload: &Payload) -> Option<Value> {
        json::parse(payload, &mut self.diagnostics)
    }

    /// The answer is JSON, but not of this kind of source. `expected` as in "a list of monitors".
    pub fn shape(&mut self, payload: &Payload, expected: &str, found: &Value) {
        let found = if found.is_object() { "an object of another kind" } else { json::kind(found) };
        self.diagnostics.push(json::wrong_shape(payload, format!("expected {expected}, found {found}")));
    }

    /// The source itself said that it could not answer.
    pub fn refused(&mut self, payload: &Payload, why: &str) {
        let why: String = json::message(why).unwrap_or_default().chars().take(REFUSAL_CHARS_MAX).collect();
        let message = format!("the source answered with an error of its own: {why}");
        self.tell(payload, Diagnostic::error(Code::FEED_SHAPE, message), "");
    }

    /// Something that whoever set up the feed should know.
    pub fn warn(&mut self, payload: &Payload, message: String, cure: &str) {
        self.tell(payload, Diagnostic::warning(Code::FEED_SHAPE, message), cure);
    }

    /// One thing in the answer cannot be used. `why` follows a number: "2 left out: a result without a time".
    pub fn leave_out(&mut self, payload: &Payload, why: &'static str, monitor: Option<&MonitorId>) {
        let entry = self.left_out.entry((payload.name.clone(), why)).or_insert_with(|| (0, monitor.cloned()));
        entry.0 += 1;
    }

    /// A word for a state that this kind of source does not have, as far as we know.
    pub fn unknown_word(&mut self, payload: &Payload, word: &Value, known: &[&str]) {
        let is_word = |text: &str| text.len() <= 40 && text.chars().all(|c| c.is_alphanumeric() || " _-".contains(c));
        let word = match word {
            Value::Null => return self.leave_out(payload, "something that does not say its state", None),
            Value::String(word) if is_word(word) => format!("`{word}`"),
            Value::Number(number) => format!("`{number}`"),
            other => json::kind(other).to_owned(),
        };
        let key = (payload.name.clone(), word);
        let is_new = !self.words.contains_key(&key);
        if is_new && self.words.len() >= WORDS_MAX {
            return self.leave_out(payload, "a state that is not known", None);
        }
        let cure = match nearest(key.1.trim_matches('`'), known.iter().copied()) {
            // A letter is near every other one.
            Some(near) if near.len() > 2 => format!("the nearest known one is `{near}`"),
            Some(_) | None => format!("known are {}", known.join(", ")),
        };
        self.words.entry(key).or_insert((0, cure)).0 += 1;
    }

    /// The id of the source's own name, of one part or several; where that cannot be one, it has been told.
    pub fn id(&mut self, payload: &Payload, parts: &[&str]) -> Option<MonitorId> {
        let parts: Vec<&str> = parts.iter().map(|part| part.trim()).filter(|part| !part.is_empty()).collect();
        let id = MonitorId::escaped(&parts);
        if id.is_none() {
            let why = if parts.is_empty() { "a monitor without a name" } else { "a monitor whose name is too long" };
            self.leave_out(payload, why, None);
        }
        id
    }

    /// Takes a monitor; what is said of it again is added. `false` where there are too many, and it is left out.
    pub fn monitor(&mut self, payload: &Payload, monitor: ReadMonitor) -> bool {
        if let Some(known) = self.places.get(&monitor.id).and_then(|&place| self.reading.monitors.get_mut(place)) {
            known.name = known.name.take().or(monitor.name);
            known.interval_ms = known.interval_ms.or(monitor.interval_ms);
            known.paused |= monitor.paused;
            return true;
        }
        if self.reading.monitors.len() >= MONITORS_MAX {
            self.leave_out(payload, "a monitor beyond the 5000 that a feed may have", None);
            return false;
        }
        self.places.insert(monitor.id.clone(), self.reading.monitors.len());
        self.reading.monitors.push(monitor);
        true
    }

    /// Takes a result of a monitor that was taken.
    pub fn result(&mut self, payload: &Payload, result: ReadResult) {
        if result.at_ms <= 0 {
            self.leave_out(payload, "a result without a time", Some(&result.monitor));
        } else if self.has_room(payload) && self.places.contains_key(&result.monitor) {
            self.reading.results.push(result);
        }
    }

    /// Takes a stretch of a monitor that was taken.
    pub fn span(&mut self, payload: &Payload, monitor: &MonitorId, span: Span) {
        let empty = span.to_ms.is_some_and(|to| to <= span.from_ms);
        if span.from_ms <= 0 || empty {
            self.leave_out(payload, "a stretch without a time, or that ends before it begins", Some(monitor));
        } else if self.has_room(payload) && self.places.contains_key(monitor) {
            self.reading.spans.push(ReadSpan { monitor: monitor.clone(), span });
        }
    }

    /// Takes a stretch that goes on, of a source that will not mention it any more once it is over: it is known up to the
    /// moment of asking. Each later answer makes it longer, and the last one that held it ends it.
    pub fn span_seen(&mut self, payload: &Payload, monitor: &MonitorId, from_ms: i64, (status, confirmed): State) {
        let to_ms = Some(payload.asked_ms.max(from_ms.saturating_add(1)));
        self.span(payload, monitor, Span { from_ms, to_ms, status, confirmed, rev: 0 });
    }

    /// Takes a stretch whose end the source itself tells. That word is better than up to when it was seen.
    pub fn span_ended(
        &mut self,
        payload: &Payload,
        monitor: &MonitorId,
        (from_ms, to_ms): (i64, i64),
        status: CheckStatus,
    ) {
        self.span(payload, monitor, Span { from_ms, to_ms: Some(to_ms), status, confirmed: true, rev: 1 });
    }

    /// Takes a day that the source summed up.
    pub fn day(&mut self, payload: &Payload, day: ReadDay) {
        if self.reading.days.len() >= DAYS_MAX {
            self.leave_out(payload, "a day beyond those that a feed may have", None);
        } else if self.places.contains_key(&day.monitor) {
            self.reading.days.push(day);
        }
    }

    /// "It was asked and it answered", for sources that are silent about what is fine.
    pub fn heartbeat(&mut self, payload: &Payload) {
        let every_s = self.feed.interval.and_then(|interval| u32::try_from(interval.as_secs()).ok());
        let monitors = u32::try_from(self.reading.monitors.len()).unwrap_or(u32::MAX);
        let every_s = every_s.unwrap_or(EVERY_DEFAULT_S).max(1);
        self.reading.heartbeats.push(Heartbeat { at_ms: payload.asked_ms, every_s, monitors });
    }

    /// All of it.
    pub fn finish(mut self) -> Loaded<Reading> {
        for ((name, why), (count, monitor)) in self.left_out {
            let first = monitor.map(|id| format!(", the first of `{id}`")).unwrap_or_default();
            let told = Diagnostic::warning(Code::FEED_SHAPE, format!("{count} left out: {why}{first}"));
            self.diagnostics.push(json::place(told.outcome("the rest is used"), &name, START));
        }
        for ((name, word), (count, cure)) in self.words {
            let message = format!("{count} left out: {word} is no state that this kind of source is known to have");
            let told = Diagnostic::warning(Code::FEED_SHAPE, message).cure(cure);
            self.diagnostics.push(json::place(told.outcome("the rest is used"), &name, START));
        }
        Loaded { value: self.reading, diagnostics: self.diagnostics }
    }

    fn has_room(&mut self, payload: &Payload) -> bool {
        let room = self.reading.results.len() + self.reading.spans.len() < RESULTS_MAX;
        if !room {
            self.leave_out(payload, "a result beyond the million that an answer may have", None);
        }
        room
    }

    fn tell(&mut self, payload: &Payload, diagnostic: Diagnostic, cure: &str) {
        self.diagnostics.push(json::place(diagnostic.cure(cure), &payload.name, START));
    }
}

/// A monitor of which nothing but its id is known.
pub(super) fn named(id: &MonitorId, name: Option<&str>) -> ReadMonitor {
    let name = name.and_then(json::message);
    ReadMonitor { id: id.clone(), name, interval_ms: None, parents: Vec::new(), paused: false }
}

/// A result that says nothing but its state.
pub(super) fn bare(monitor: &MonitorId, at_ms: i64, (status, confirmed): State) -> ReadResult {
    ReadResult {
        monitor: monitor.clone(),
        at_ms,
        status,
        confirmed,
        latency_us: None,
        location: None,
        message: None,
        rev: 0,
    }
}

/// The items of the list that is the member of an object; nothing where there is none.
pub(super) fn items<'v>(value: &'v Value, key: &str) -> &'v [Value] {
    json::get(value, key).as_array().map_or(&[], Vec::as_slice)
}

/// Text, or a number or a word as text: what ids are made of.
pub(super) fn plain(value: &Value) -> Option<String> {
    match value {
        Value::Number(number) => Some(number.to_string()),
        other => json::text(other).map(str::to_owned),
    }
}

/// Seconds as ms, where they are more than none.
pub(super) fn interval_ms(value: &Value, ms: i64) -> Option<i64> {
    json::integer(value)?.checked_mul(ms).filter(|&interval| interval > 0)
}

/// What is configured under a name for this kind of source, where it is not empty.
pub(super) fn option<'f>(feed: &'f Feed, name: &str) -> Option<&'f str> {
    feed.options.get(name).map(|value| value.trim()).filter(|value| !value.is_empty())
}

/// What is configured under a name as a number of seconds: `30s`, `5m`, `1h`, or the bare number.
pub(super) fn option_s(feed: &Feed, name: &str) -> Option<i64> {
    let text = option(feed, name)?;
    let digits = text.trim_end_matches(|c: char| !c.is_ascii_digit());
    let factor = match text.get(digits.len()..)?.trim() {
        "" | "s" => 1,
        "m" => 60,
        "h" => 3600,
        _ => return None,
    };
    digits.parse::<i64>().ok()?.checked_mul(factor).filter(|&seconds| seconds >= 0)
}

/// The address of the feed without a `/` at its end; empty where it has none.
pub(super) fn address(feed: &Feed) -> &str {
    match &feed.from {
        Origin::Url(url) => url.trim_end_matches('/'),
        Origin::File(_) | Origin::Stdin | Origin::Log => "",
    }
}
