//! What monitors report, read from where it is: a file, an address, standard input.
//!
//! Three steps, a room each: `ask` gets the bytes (bounded in time and size, with the secrets, and with what the last
//! answer said of itself), an adapter of [`adapter`] understands them as one [`Reading`], and [`Fold`](super::Fold) puts
//! readings together. An adapter is pure: bytes in, a reading and diagnostics out; it knows no clock but `asked_ms`.
//!
//! A feed that fails is told and is "no data". It never stops anything.

pub mod adapter;
mod ask;
pub(super) mod door;
mod json;

use jiff::Timestamp;

use crate::diag::Loaded;
use crate::model::{CheckStatus, Feed, Heartbeat, MonitorId, Span};

/// What one feed or log said, in no particular order and with any repetition.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reading {
    /// When the feed was made, where it says so.
    pub generated: Option<Timestamp>,
    /// From this moment on nothing in it holds any more, where it says so.
    pub expires: Option<Timestamp>,
    pub monitors: Vec<ReadMonitor>,
    pub results: Vec<ReadResult>,
    pub spans: Vec<ReadSpan>,
    pub heartbeats: Vec<Heartbeat>,
    /// Days that the source itself has summed up, for the time before we looked.
    pub days: Vec<ReadDay>,
}

/// What is known of a monitor besides its results.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadMonitor {
    pub id: MonitorId,
    /// What its own system calls it. Private.
    pub name: Option<String>,
    pub interval_ms: Option<i64>,
    pub parents: Vec<MonitorId>,
    pub paused: bool,
}

/// One run of a monitor; see [`crate::model::Check`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadResult {
    pub monitor: MonitorId,
    pub at_ms: i64,
    pub status: CheckStatus,
    pub confirmed: bool,
    pub latency_us: Option<u32>,
    pub location: Option<String>,
    /// Plain text, at most 500 characters. Private.
    pub message: Option<String>,
    pub rev: u16,
}

/// A stretch of one monitor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadSpan {
    pub monitor: MonitorId,
    pub span: Span,
}

/// A day as the source summed it up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadDay {
    pub monitor: MonitorId,
    /// UTC, as far as the source says.
    pub day: jiff::civil::Date,
    /// How long it was down, and for how long it was watched at all, in ms.
    pub down_ms: i64,
    pub measured_ms: i64,
}

/// One answer of a source.
#[derive(Clone, Debug)]
pub struct Payload {
    /// What to call it in diagnostics: a path, or the part of an address that holds no secret.
    pub name: String,
    /// Which of the adapter's requests this answers; empty for a file or standard input, whose shape alone must tell.
    pub request: String,
    pub bytes: Vec<u8>,
    /// When it was got (Unix ms). For sources that say no time themselves.
    pub asked_ms: i64,
}

/// Something to ask a source for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// Unique among an adapter's requests; comes back in [`Payload::request`].
    pub name: String,
    /// Appended to the feed's address: a path and a query, percent-encoded. Empty for the address itself. A whole
    /// `https://…` address replaces it, where the source gave one for its next page; secrets go only to the feed's own host.
    pub path: String,
    /// A body to POST; GET where there is none. For Livestatus the query.
    pub body: Option<String>,
}

/// How one kind of source is asked and understood.
#[derive(Clone, Copy)]
pub struct Adapter {
    /// What to ask next, given what was answered so far; nothing more to ask ends it. At most a hundred requests in all
    /// are made.
    pub requests: fn(&Feed, answers: &[Payload], since_ms: i64, now_ms: i64) -> Vec<Request>,
    /// How the token goes with it: a header's name and what stands before the token.
    pub auth: Auth,
    /// Never fails: what cannot be understood is told and left out.
    pub read: fn(&Feed, &[Payload]) -> Loaded<Reading>,
}

/// How a source wants its secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Auth {
    /// User and password, or nothing.
    Basic,
    /// The token as the user's name, with an empty password.
    BasicToken,
    /// `Authorization: Bearer <token>`.
    Bearer,
    /// A header of that name, which holds the token.
    Header(&'static str),
    /// A field of a form or JSON body: the adapter writes `{token}` in [`Request::body`]. A request without that has it
    /// as `Bearer`.
    Body,
}
