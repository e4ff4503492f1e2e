//! For the tests of all adapters: what was understood of some answers, in words that a snapshot can hold.

use std::fmt::Write as _;
use std::path::Path;

use jiff::{SignedDuration, Timestamp};

use super::of;
use crate::diag::{Diagnostic, Loaded};
use crate::load::feed::{Payload, ReadMonitor, ReadResult, ReadSpan, Reading};
use crate::model::{Feed, FeedKind, Origin, Secrets, Slug};

/// When the answers were got: 2026-11-24T10:20:00Z, in the minutes after the recorded hour.
pub(crate) const ASKED_MS: i64 = 1_795_515_600_000;

/// What an adapter makes of answers: each is a name, the request that it answers, and bytes.
pub(crate) fn summary(kind: FeedKind, answers: &[(&str, &str, &[u8])]) -> String {
    let answers: Vec<Payload> = answers
        .iter()
        .map(|&(name, request, bytes)| Payload {
            name: name.to_owned(),
            request: request.to_owned(),
            bytes: bytes.to_vec(),
            asked_ms: ASKED_MS,
        })
        .collect();
    let Some(feed) = feed(kind, &[]) else { return String::new() };
    let Loaded { value, diagnostics } = (of(kind).read)(&feed, &answers);
    shown(&value) + &told(&diagnostics)
}

/// A feed of that kind with some options.
pub(crate) fn feed(kind: FeedKind, options: &[(&str, &str)]) -> Option<Feed> {
    Some(Feed {
        id: Slug::new(kind.word())?,
        kind,
        from: Origin::Stdin,
        interval: None,
        timeout: SignedDuration::from_secs(10),
        secrets: Secrets::default(),
        canary: None,
        options: options.iter().map(|&(key, value)| (key.to_owned(), value.to_owned())).collect(),
    })
}

/// A file of the recorded samples, which stand beside the repository; `None`, and a line that says so, where they do not.
pub(crate) fn recorded(path: &str) -> Option<Vec<u8>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/samples/monitors").join(path);
    let bytes = std::fs::read(&path).ok();
    if bytes.is_none() {
        println!("skipped: {} is not there", path.display());
    }
    bytes
}

/// Every fact of a reading on a line.
pub(crate) fn shown(reading: &Reading) -> String {
    let mut text = String::new();
    for (what, at) in [("generated", reading.generated), ("expires", reading.expires)] {
        if let Some(at) = at {
            let _ = writeln!(text, "{what} {at}");
        }
    }
    reading.monitors.iter().for_each(|monitor| text += &shown_monitor(monitor));
    reading.results.iter().for_each(|result| text += &shown_result(result));
    reading.spans.iter().for_each(|span| text += &shown_span(span));
    for beat in &reading.heartbeats {
        let _ = writeln!(text, "heartbeat {} every {} s, {} monitors", time(beat.at_ms), beat.every_s, beat.monitors);
    }
    for day in &reading.days {
        let _ = writeln!(text, "day {} {}: down {} of {} ms", day.monitor, day.day, day.down_ms, day.measured_ms);
    }
    text
}

/// Every diagnostic on a line.
pub(crate) fn told(diagnostics: &[Diagnostic]) -> String {
    let mut text = String::new();
    for told in diagnostics {
        if let Some(place) = &told.place {
            let at = place.source.line_column(place.span.start);
            let _ = write!(text, "{}:{}:{}: ", place.source.path(), at.line, at.column);
        }
        let _ = write!(text, "{}[{}]: {}", told.severity.word(), told.code, told.message);
        if !told.cure.is_empty() {
            let _ = write!(text, " ({})", told.cure);
        }
        let _ = writeln!(text, "{}", told.outcome.as_ref().map_or_else(String::new, |outcome| format!("; {outcome}")));
    }
    text
}

fn shown_monitor(monitor: &ReadMonitor) -> String {
    let mut text = format!("monitor {}", monitor.id);
    if let Some(name) = &monitor.name {
        let _ = write!(text, " \"{name}\"");
    }
    if let Some(interval_ms) = monitor.interval_ms {
        let _ = write!(text, ", every {interval_ms} ms");
    }
    for parent in &monitor.parents {
        let _ = write!(text, ", below {parent}");
    }
    text + if monitor.paused { ", paused\n" } else { "\n" }
}

fn shown_result(result: &ReadResult) -> String {
    let mut text = format!("{} {} {}", time(result.at_ms), result.monitor, result.status.word());
    if let Some(latency_us) = result.latency_us {
        let _ = write!(text, ", {latency_us} us");
    }
    if let Some(location) = &result.location {
        let _ = write!(text, ", from {location}");
    }
    text + &shown_rest(result.confirmed, result.rev)
        + &result.message.iter().map(|m| format!(": {m}")).collect::<String>()
        + "\n"
}

fn shown_span(read: &ReadSpan) -> String {
    let span = read.span;
    let to = span.to_ms.map_or_else(|| "now".to_owned(), time);
    let rest = shown_rest(span.confirmed, span.rev);
    format!("{} – {to} {} {}{rest}\n", time(span.from_ms), read.monitor, span.status.word())
}

fn shown_rest(confirmed: bool, rev: u16) -> String {
    let unconfirmed = if confirmed { "" } else { ", unconfirmed" };
    if rev == 0 { unconfirmed.to_owned() } else { format!("{unconfirmed}, rev {rev}") }
}

fn time(at_ms: i64) -> String {
    Timestamp::from_millisecond(at_ms).map_or_else(|_| at_ms.to_string(), |at| at.to_string())
}
