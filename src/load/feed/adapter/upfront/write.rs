//! What was read, written as lines of a log, in the one way: keys in fixed order, no spaces, `Z`, nothing that goes without
//! saying. The same facts make the same bytes.

use std::io::Write as _;

use super::moment;
use crate::load::feed::{ReadMonitor, ReadResult, ReadSpan};
use crate::model::Heartbeat;

/// What a line can say.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Line<'a> {
    Result(&'a ReadResult),
    Span(&'a ReadSpan),
    Monitor(&'a ReadMonitor),
    Heartbeat {
        /// The id of the feed that was asked.
        feed: &'a str,
        heartbeat: &'a Heartbeat,
    },
}

/// Appends a line with its line feed; [`read_lines`](super::read_lines) reads the same from it.
pub(crate) fn write_line(out: &mut Vec<u8>, line: Line<'_>) {
    match line {
        Line::Result(result) => write_result(out, result),
        Line::Span(span) => write_span(out, span),
        Line::Monitor(monitor) => write_monitor(out, monitor),
        Line::Heartbeat { feed, heartbeat } => write_heartbeat(out, feed, heartbeat),
    }
    out.extend(b"}\n");
}

fn write_result(out: &mut Vec<u8>, result: &ReadResult) {
    text(out, "{\"monitor\":", result.monitor.as_str());
    time(out, ",\"at\":", Some(result.at_ms));
    text(out, ",\"status\":", result.status.word());
    if let Some(latency_us) = result.latency_us {
        out.extend(b",\"latency_ms\":");
        thousandths(out, latency_us.into());
    }
    if let Some(location) = &result.location {
        text(out, ",\"location\":", location);
    }
    if let Some(message) = &result.message {
        text(out, ",\"message\":", message);
    }
    confirmed_and_rev(out, result.confirmed, result.rev);
}

fn write_span(out: &mut Vec<u8>, ReadSpan { monitor, span }: &ReadSpan) {
    text(out, "{\"monitor\":", monitor.as_str());
    time(out, ",\"from\":", Some(span.from_ms));
    time(out, ",\"to\":", span.to_ms);
    text(out, ",\"status\":", span.status.word());
    confirmed_and_rev(out, span.confirmed, span.rev);
}

fn write_monitor(out: &mut Vec<u8>, monitor: &ReadMonitor) {
    text(out, "{\"id\":", monitor.id.as_str());
    if let Some(name) = &monitor.name {
        text(out, ",\"name\":", name);
    }
    if let Some(interval_ms) = monitor.interval_ms {
        out.extend(b",\"interval_s\":");
        thousandths(out, interval_ms.unsigned_abs());
    }
    for (index, parent) in monitor.parents.iter().enumerate() {
        text(out, if index == 0 { ",\"parents\":[" } else { "," }, parent.as_str());
    }
    if !monitor.parents.is_empty() {
        out.push(b']');
    }
    if monitor.paused {
        out.extend(b",\"paused\":true");
    }
}

fn write_heartbeat(out: &mut Vec<u8>, feed: &str, heartbeat: &Heartbeat) {
    text(out, "{\"feed\":", feed);
    time(out, ",\"at\":", Some(heartbeat.at_ms));
    number(out, ",\"every_s\":", heartbeat.every_s.into());
    number(out, ",\"monitors\":", heartbeat.monitors.into());
}

fn confirmed_and_rev(out: &mut Vec<u8>, confirmed: bool, rev: u16) {
    if !confirmed {
        out.extend(b",\"confirmed\":false");
    }
    if rev != 0 {
        number(out, ",\"rev\":", rev.into());
    }
}

fn text(out: &mut Vec<u8>, key: &str, value: &str) {
    out.extend(key.as_bytes());
    let plain = |byte: u8| byte >= b' ' && byte != b'"' && byte != b'\\';
    if value.bytes().all(plain) {
        out.push(b'"');
        out.extend(value.as_bytes());
        out.push(b'"');
    } else {
        // Cannot fail: text goes into memory.
        let _ = serde_json::to_writer(out, value);
    }
}

fn time(out: &mut Vec<u8>, key: &str, at_ms: Option<i64>) {
    out.extend(key.as_bytes());
    match at_ms {
        Some(at_ms) => {
            out.push(b'"');
            moment::write(out, at_ms);
            out.push(b'"');
        }
        None => out.extend(b"null"),
    }
}

fn number(out: &mut Vec<u8>, key: &str, value: u64) {
    let _ = write!(out, "{key}{value}");
}

/// A number of thousandths as a decimal, without zeros at its end: 12, 12.5.
fn thousandths(out: &mut Vec<u8>, value: u64) {
    let (whole, rest) = (value / 1000, value % 1000);
    let _ = match (rest, rest % 10, rest % 100) {
        (0, _, _) => write!(out, "{whole}"),
        (_, _, 0) => write!(out, "{whole}.{}", rest / 100),
        (_, 0, _) => write!(out, "{whole}.{:02}", rest / 10),
        _ => write!(out, "{whole}.{rest:03}"),
    };
}
