//! A line of the ledger `history/notices.ndjson`: all that is known of a detection, as of one moment.
//!
//! ```json
//! {"v":1,"id":"2026-11-24-1102-imap","rev":2,"components":["imap"],"kind":"down","start":"2026-11-24T11:02:00Z", …}
//! ```
//!
//! Keys stand in fixed order, times are RFC 3339 in UTC, and what is not so is left out. So the same detection makes the
//! same line, and of two lines about it the greater of (`rev`, text) counts, whatever order they come in.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::model::{Detection, DetectionKind, HeldBack, MonitorId, MonitorRef, Outage, Places, Slug};

/// The only version there is so far.
const VERSION: u32 = 1;

/// Reads a line.
///
/// # Errors
///
/// Why it is none.
pub(crate) fn parse(line: &[u8]) -> Result<Detection, String> {
    // Serde would take a list for an object whose keys go without saying.
    if line.first() != Some(&b'{') {
        return Err("this is no object of JSON".to_owned());
    }
    let entry: Entry = serde_json::from_slice(line).map_err(|error| {
        if error.is_data() { "a value is not of its kind, or a key is missing" } else { "this is no JSON" }.to_owned()
    })?;
    if entry.v != VERSION {
        return Err(format!("this is version {}, of which nothing is known here", entry.v));
    }
    entry.detection().ok_or_else(|| "an id or a word in it is unknown".to_owned())
}

/// The line of a detection, without its line feed.
pub(crate) fn write(detection: &Detection) -> String {
    // Cannot fail: there are no maps with keys that are not text.
    serde_json::to_string(&Entry::of(detection)).unwrap_or_default()
}

#[derive(Serialize, Deserialize)]
struct Entry {
    v: u32,
    id: String,
    rev: u32,
    components: Vec<String>,
    kind: String,
    start: Timestamp,
    detected: Timestamp,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    recovering: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    end: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    closed: Option<Timestamp>,
    openings: Vec<Timestamp>,
    #[serde(default, skip_serializing_if = "is_false")]
    unstable: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    published: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    held_back: Option<Held>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    covered_by: Option<String>,
    #[serde(default, skip_serializing_if = "is_false")]
    withdrawn: bool,
    /// Failing, and of how many.
    #[serde(default)]
    places: [u16; 2],
    thresholds: String,
    outages: Vec<Stretch>,
}

#[derive(Serialize, Deserialize)]
struct Stretch {
    monitor: String,
    kind: String,
    start: Timestamp,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    end: Option<Timestamp>,
    fails: u32,
    results: u32,
}

/// Why, and the post, detection or feed that it is about.
#[derive(Serialize, Deserialize)]
struct Held {
    why: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    by: Option<String>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for it so")]
fn is_false(value: &bool) -> bool {
    !value
}

impl Entry {
    fn of(detection: &Detection) -> Entry {
        let text = |slug: &Slug| slug.as_str().to_owned();
        Entry {
            v: VERSION,
            id: text(&detection.id),
            rev: detection.revision,
            components: detection.components.iter().map(text).collect(),
            kind: detection.kind.word().to_owned(),
            start: detection.start,
            detected: detection.detected,
            recovering: detection.recovering,
            end: detection.end,
            closed: detection.closed,
            openings: detection.openings.clone(),
            unstable: detection.unstable,
            published: detection.published,
            held_back: detection.held_back.as_ref().map(Held::of),
            covered_by: detection.covered_by.as_ref().map(text),
            withdrawn: detection.withdrawn,
            places: [detection.places.failing, detection.places.of],
            thresholds: detection.thresholds.clone(),
            outages: detection.outages.iter().map(Stretch::of).collect(),
        }
    }

    fn detection(self) -> Option<Detection> {
        let [failing, of] = self.places;
        Some(Detection {
            id: Slug::new(&self.id)?,
            components: self.components.iter().map(|id| Slug::new(id)).collect::<Option<_>>()?,
            kind: kind(&self.kind)?,
            start: self.start,
            detected: self.detected,
            outages: self.outages.into_iter().map(Stretch::outage).collect::<Option<_>>()?,
            places: Places { failing, of },
            recovering: self.recovering,
            end: self.end,
            closed: self.closed,
            openings: self.openings,
            unstable: self.unstable,
            published: self.published,
            held_back: known(self.held_back, Held::held_back)?,
            covered_by: known(self.covered_by, |slug| Slug::new(&slug))?,
            withdrawn: self.withdrawn,
            thresholds: self.thresholds,
            revision: self.rev,
        })
    }
}

impl Stretch {
    fn of(outage: &Outage) -> Stretch {
        Stretch {
            monitor: outage.monitor.to_string(),
            kind: outage.kind.word().to_owned(),
            start: outage.start,
            end: outage.end,
            fails: outage.fails,
            results: outage.results,
        }
    }

    fn outage(self) -> Option<Outage> {
        let (feed, monitor) = self.monitor.split_once(':')?;
        let monitor = MonitorRef { feed: Slug::new(feed)?, monitor: MonitorId::new(monitor)? };
        let Stretch { start, end, fails, results, .. } = self;
        Some(Outage { start, end, monitor, kind: kind(&self.kind)?, fails, results })
    }
}

impl Held {
    fn of(held_back: &HeldBack) -> Held {
        let (why, by) = match held_back {
            HeldBack::Maintenance(slug) => ("maintenance", Some(slug)),
            HeldBack::Incident(slug) => ("incident", Some(slug)),
            HeldBack::Parent(id) => ("parent", Some(id)),
            HeldBack::SuspectSource(feed) => ("suspect_source", Some(feed)),
            HeldBack::TooMany => ("too_many", None),
            HeldBack::Draft => ("draft", None),
            HeldBack::Off => ("off", None),
        };
        Held { why: why.to_owned(), by: by.map(|by| by.as_str().to_owned()) }
    }

    fn held_back(self) -> Option<HeldBack> {
        let by = || self.by.as_deref().and_then(Slug::new);
        Some(match self.why.as_str() {
            "maintenance" => HeldBack::Maintenance(by()?),
            "incident" => HeldBack::Incident(by()?),
            "parent" => HeldBack::Parent(by()?),
            "suspect_source" => HeldBack::SuspectSource(by()?),
            "too_many" => HeldBack::TooMany,
            "draft" => HeldBack::Draft,
            "off" => HeldBack::Off,
            _ => return None,
        })
    }
}

/// What was said, understood: `None` where it was not, and nothing where nothing was said.
fn known<S, T>(said: Option<S>, understand: impl Fn(S) -> Option<T>) -> Option<Option<T>> {
    match said {
        Some(said) => understand(said).map(Some),
        None => Some(None),
    }
}

fn kind(word: &str) -> Option<DetectionKind> {
    DetectionKind::ALL.into_iter().find(|kind| kind.word() == word)
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINE: &str = concat!(
        r#"{"v":1,"id":"2026-11-24-1102-imap","rev":2,"components":["imap","pop"],"kind":"down","#,
        r#""start":"2026-11-24T11:02:00Z","detected":"2026-11-24T11:05:00.5Z","recovering":"2026-11-24T11:20:00Z","#,
        r#""end":"2026-11-24T11:20:00Z","closed":"2026-11-24T11:35:00Z","openings":["2026-11-24T11:05:00.5Z"],"#,
        r#""unstable":true,"published":"2026-11-24T11:06:00Z","held_back":{"why":"incident","by":"imap-down"},"#,
        r#""covered_by":"imap-down","withdrawn":true,"places":[3,5],"thresholds":"180 s, 2 places, hold 900 s","#,
        r#""outages":[{"monitor":"own:imap","kind":"down","start":"2026-11-24T11:02:00Z","end":"2026-11-24T11:20:00Z","#,
        r#""fails":18,"results":18}]}"#
    );

    #[test]
    fn a_line_is_written_as_it_was_read() {
        assert_eq!(parse(LINE.as_bytes()).map(|detection| write(&detection)), Ok(LINE.to_owned()));
    }

    #[test]
    fn every_reason_to_hold_a_notice_back_can_be_had_back() {
        for why in ["maintenance", "incident", "parent", "suspect_source"] {
            let line = LINE.replace("\"why\":\"incident\"", &format!("\"why\":\"{why}\""));
            assert_eq!(parse(line.as_bytes()).map(|detection| write(&detection)), Ok(line));
        }
        for why in ["too_many", "draft", "off"] {
            let line = LINE.replace(r#"{"why":"incident","by":"imap-down"}"#, &format!("{{\"why\":\"{why}\"}}"));
            assert_eq!(parse(line.as_bytes()).map(|detection| write(&detection)), Ok(line));
        }
    }

    #[track_caller]
    fn refused(from: &str, to: &str, expected: &str) {
        assert_eq!(parse(LINE.replacen(from, to, 1).as_bytes()).err().as_deref(), Some(expected));
    }

    #[test]
    fn a_line_that_says_what_nobody_knows_is_refused() {
        refused("\"v\":1", "\"v\":2", "this is version 2, of which nothing is known here");
        refused("2026-11-24-1102-imap", "../imap", "an id or a word in it is unknown");
        refused("\"kind\":\"down\"", "\"kind\":\"gone\"", "an id or a word in it is unknown");
        refused("\"why\":\"incident\"", "\"why\":\"mood\"", "an id or a word in it is unknown");
        refused("11:02:00Z", "25:02:00Z", "a value is not of its kind, or a key is missing");
        refused("}]}", "", "this is no JSON");
    }
}
