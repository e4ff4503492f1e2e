//! Our own feed and log: `docs/feeds.md`, schema by `upfront schema`.
//!
//! A feed is one JSON object with `version` 1 and any of `generated`, `expires`, `monitors`, `results` and `spans`. A log
//! is NDJSON, an object a line: a result, a span, a monitor, or a collector's heartbeat. Both are read by [`read_lines`]'
//! rules, an object at a time: a bad one is told with its place and left out, the others count. Unknown keys are ignored,
//! a key that stands twice makes its object ambiguous, and so it is left out.
//!
//! Bounds: 32 MiB a document, 4 KiB a line, 5000 monitors, 500 characters a message, 100 a place. Times are RFC 3339 with
//! a zone; what is finer than a millisecond is cut off. Times in the future are kept here, since there is no clock.
//!
//! The raw log of `history/log/` is such a log, written by [`write_line`].

mod document;
mod lines;
mod moment;
mod object;
mod taker;
mod write;

use super::once;
use crate::diag::Loaded;
use crate::load::feed::{Adapter, Auth, Payload, Reading};
use crate::model::Feed;

pub(crate) use lines::read_lines;
pub(crate) use write::{Line, write_line};

pub(super) const ADAPTER: Adapter = Adapter { requests: once, auth: Auth::Bearer, read };

fn read(feed: &Feed, answers: &[Payload]) -> Loaded<Reading> {
    let mut all = Loaded { value: Reading::default(), diagnostics: Vec::new() };
    for answer in answers {
        let Loaded { value: reading, diagnostics } = read_one(feed, answer);
        all.diagnostics.extend(diagnostics);
        join(&mut all.value, reading);
    }
    all
}

fn read_one(feed: &Feed, answer: &Payload) -> Loaded<Reading> {
    if lines::is_log(&answer.name, &answer.bytes) {
        read_lines(&answer.name, &answer.bytes)
    } else {
        document::read(answer, feed.interval)
    }
}

/// Several files of one feed: the newest says when it was made, and until when it holds.
fn join(all: &mut Reading, one: Reading) {
    let Reading { generated, expires, monitors, results, spans, heartbeats, days } = one;
    all.generated = all.generated.max(generated);
    all.expires = all.expires.max(expires);
    all.monitors.extend(monitors);
    all.results.extend(results);
    all.spans.extend(spans);
    all.heartbeats.extend(heartbeats);
    all.days.extend(days);
}

#[cfg(test)]
mod tests;
