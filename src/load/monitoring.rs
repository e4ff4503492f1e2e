//! Feeds and `history/` → [`Monitoring`]: what is read is folded, so that no order and no repetition matters.

use std::path::Path;

use jiff::Timestamp;

use super::feed::Reading;
use crate::diag::{Diagnostic, Loaded};
use crate::model::{Config, FeedState, Monitoring, Slug};

/// What to read, and as of when.
#[derive(Clone, Copy, Debug)]
pub struct Ask<'a> {
    pub now: Timestamp,
    /// Whether feeds with an address are asked; otherwise the log says what is known of them.
    pub network: bool,
    /// What came on standard input.
    pub stdin: Option<&'a [u8]>,
    /// Which part of the raw log is read: the last days that are not sealed, or all of it.
    pub log: LogWindow,
}

/// Which part of the raw log is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogWindow {
    /// What builds need: every UTC day that is not sealed, and at least 48 hours.
    Open,
    /// All of it, for `replay`.
    All,
}

/// What one feed said in this run.
#[derive(Debug)]
pub struct FeedAnswer {
    pub feed: Slug,
    pub state: FeedState,
    pub reading: Reading,
}

/// All that monitoring reported: the raw log, the sealed days and the ledger of `history/`, and `answers`, folded.
pub fn read_monitoring(
    _root: &Path,
    _config: &Config,
    _ask: &Ask<'_>,
    _answers: Vec<FeedAnswer>,
) -> Loaded<Monitoring> {
    Loaded { value: Monitoring::default(), diagnostics: Vec::<Diagnostic>::new() }
}
