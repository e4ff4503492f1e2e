//! For tests: what an adapter understood of some answers, as text to compare.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use jiff::{SignedDuration, Timestamp};

use super::of;
use crate::load::feed::{Payload, Reading};
use crate::model::{CheckStatus, Feed, FeedKind, Origin, Secrets, Slug, Span};

/// 2026-11-24T10:20:00Z, when everything here was asked.
pub(super) const ASKED_MS: i64 = 1_795_515_600_000;

/// A feed of that kind with these options.
#[expect(clippy::unwrap_used, reason = "a test's own words")]
pub(super) fn feed(kind: FeedKind, options: &[(&str, &str)]) -> Feed {
    Feed {
        id: Slug::new("them").unwrap(),
        kind,
        from: Origin::Url("https://them.example".to_owned()),
        interval: None,
        timeout: SignedDuration::from_secs(10),
        secrets: Secrets::default(),
        canary: None,
        options: options.iter().map(|&(name, value)| (name.to_owned(), value.to_owned())).collect(),
    }
}

pub(super) fn payload(request: &str, bytes: &[u8]) -> Payload {
    let name = if request.is_empty() { "answer.json" } else { request };
    Payload { name: name.to_owned(), request: request.to_owned(), bytes: bytes.to_owned(), asked_ms: ASKED_MS }
}

/// What was understood of answers, each with the request that it answers (empty for none).
pub(super) fn understood(feed: &Feed, answers: &[(&str, &str)]) -> String {
    let payloads: Vec<Payload> = answers.iter().map(|(request, text)| payload(request, text.as_bytes())).collect();
    tell(feed, &payloads)
}

/// The same of files below `shared/samples/monitors`; `None`, said aloud, where that folder is not there.
pub(super) fn sample(feed: &Feed, files: &[&str]) -> Option<String> {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/samples/monitors");
    let mut payloads = Vec::new();
    for file in files {
        let Ok(bytes) = std::fs::read(folder.join(file)) else {
            println!("skipped: {file} is not there");
            return None;
        };
        payloads.push(Payload { name: (*file).to_owned(), ..payload("", &bytes) });
    }
    Some(tell(feed, &payloads))
}

fn tell(feed: &Feed, payloads: &[Payload]) -> String {
    let loaded = (of(feed.kind).read)(feed, payloads);
    let mut out = summary(&loaded.value);
    for told in loaded.diagnostics {
        let cure = if told.cure.is_empty() { String::new() } else { format!(" ({})", told.cure) };
        let _ = writeln!(out, "{}: {}{cure}", told.severity.word(), told.message);
    }
    out
}

/// A line for each monitor, then its runs of equal results, its stretches and its days, all by time.
fn summary(reading: &Reading) -> String {
    let mut out = String::new();
    for monitor in &reading.monitors {
        let interval = monitor.interval_ms.map(|ms| format!(", every {} s", ms / 1000)).unwrap_or_default();
        let paused = if monitor.paused { ", paused" } else { "" };
        let name = monitor.name.as_deref().map(|name| format!(" ({name})")).unwrap_or_default();
        let _ = writeln!(out, "{}{name}{interval}{paused}", monitor.id);
        results(&mut out, reading, monitor.id.as_str());
        let mut spans: Vec<Span> =
            reading.spans.iter().filter(|span| span.monitor == monitor.id).map(|span| span.span).collect();
        spans.sort_unstable();
        for span in spans {
            // An end that the source told, up to when it was seen, or open.
            let to = span.to_ms.map_or_else(|| "…".to_owned(), time);
            let seen = if span.rev == 0 && span.to_ms.is_some() { ", seen" } else { "" };
            let _ = writeln!(out, "  {} – {to}{seen} {}", time(span.from_ms), state(span.status, span.confirmed));
        }
        for day in reading.days.iter().filter(|day| day.monitor == monitor.id) {
            let (down, measured) = (day.down_ms / 1000, day.measured_ms / 1000);
            let _ = writeln!(out, "  {} down {down} s of {measured} s", day.day);
        }
    }
    for beat in &reading.heartbeats {
        let _ = writeln!(out, "heartbeat {}, {} monitors", time(beat.at_ms), beat.monitors);
    }
    out
}

/// Results in a row that are alike share a line: count, first and last time, state, sum of latencies, places, message.
fn results(out: &mut String, reading: &Reading, id: &str) {
    let mut by_time: BTreeMap<(i64, Option<&str>), &crate::load::feed::ReadResult> = BTreeMap::new();
    for result in reading.results.iter().filter(|result| result.monitor.as_str() == id) {
        by_time.insert((result.at_ms, result.location.as_deref()), result);
    }
    let sorted: Vec<_> = by_time.into_values().collect();
    for run in sorted.chunk_by(|a, b| (a.status, a.confirmed, &a.message) == (b.status, b.confirmed, &b.message)) {
        let (Some(first), Some(last)) = (run.first(), run.last()) else { continue };
        let until = if run.len() > 1 { format!(" … {}", time(last.at_ms)) } else { String::new() };
        let latencies: u64 = run.iter().filter_map(|result| result.latency_us).map(u64::from).sum();
        let latency = if latencies > 0 { format!(", {latencies} µs") } else { String::new() };
        let mut places: Vec<&str> = run.iter().filter_map(|result| result.location.as_deref()).collect();
        places.sort_unstable();
        places.dedup();
        let places = if places.is_empty() { String::new() } else { format!(", from {}", places.join(" ")) };
        let message = first.message.as_deref().map(|message| format!(", {message:?}")).unwrap_or_default();
        let (count, state) = (run.len(), state(first.status, first.confirmed));
        let _ = writeln!(out, "  {count} × {state} {}{until}{latency}{places}{message}", time(first.at_ms));
    }
}

fn state(status: CheckStatus, confirmed: bool) -> String {
    format!("{}{}", status.word(), if confirmed { "" } else { "?" })
}

fn time(ms: i64) -> String {
    Timestamp::from_millisecond(ms).map_or_else(|_| ms.to_string(), |at| at.to_string())
}
