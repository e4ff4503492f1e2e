//! What is kept of the feeds: the only writer of `history/`.
//!
//! ```text
//! history/log/<collector>/<feed>/<yyyy-mm-dd>.ndjson   the raw log, 14 days, never committed
//! history/days/<yyyy>/<mm>/<dd>.ndjson                 sealed days, a row a monitor and collector
//! history/notices.ndjson                               the ledger: a line for each detection and each correction
//! history/receipts.ndjson                              what was seen live, and when
//! history/deliveries.ndjson                            what was announced where
//! history/log/alarms.ndjson                            how staff were called; private, never committed
//! ```
//!
//! Whatever is run twice, side by side, late or killed half-way: the same results make the same facts. The log is appended
//! to in whole lines, of which the last may be torn; days take the place of old ones at once; and one lock lets one
//! process write at a time.

mod days;
mod deliveries;
mod ledger;
mod log;
mod marks;
mod place;
mod receipts;
pub mod share;
mod turn;

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use jiff::civil::Date;

use crate::diag::Loaded;
use crate::load::feed::Reading;
use crate::model::{Detection, Feed, Monitoring, Slug};

pub use days::{Sealed, late, late_telling};
pub use ledger::{Noted, What};
pub use log::Logged;
pub use turn::{Doing, Turn};

/// How many days the raw log is kept and its days can be made again.
const KEPT_DAYS: i64 = 14;

/// And how many more, for what still held at their first midnight.
const EARLIER_DAYS: i64 = 2;

/// `history/` while one process writes there; others wait until this is dropped.
#[derive(Debug)]
pub struct Recorder {
    root: PathBuf,
    collector: Slug,
    now: Timestamp,
    /// `None` where the system cannot lock.
    _lock: Option<File>,
}

/// Why something was not written.
#[derive(Debug)]
pub struct RecordError {
    /// What was tried, to be read before why it failed: "could not write `history/notices.ndjson`".
    pub doing: String,
    pub error: io::Error,
}

impl Recorder {
    /// Waits for its turn. What `history/` needs is made.
    ///
    /// # Errors
    ///
    /// Where `history/` cannot be written, or leads out of the site.
    pub fn open(root: &Path, collector: &Slug, now: Timestamp) -> Result<Recorder, RecordError> {
        let lock = place::prepare(root)?;
        Ok(Recorder { root: root.to_owned(), collector: collector.clone(), now, _lock: lock })
    }

    /// Appends to the raw log what a feed said and the log does not hold yet, and that it was asked.
    ///
    /// # Errors
    ///
    /// As the system says. What was written until then is right.
    pub fn log(&self, feed: &Feed, reading: &Reading) -> Result<Logged, RecordError> {
        log::append(self, feed, reading)
    }

    /// Appends to the ledger what it does not know yet of these detections.
    ///
    /// # Errors
    ///
    /// As the system says. What was written until then is right.
    pub fn note(&self, detections: &[Detection]) -> Result<Vec<Noted>, RecordError> {
        ledger::append(&self.root, detections)
    }

    /// Appends a receipt: these addresses (`incidents/<slug>/#u-<id>`, `rfo/<slug>/`) were fetched just now from the site at
    /// `url`. What is known to have been live is left out; answers how many were not.
    ///
    /// # Errors
    ///
    /// As the system says. What was written until then is right.
    pub fn receipt(&self, url: &str, live: &[String]) -> Result<usize, RecordError> {
        receipts::append(&self.root, url, self.now, live)
    }

    /// Appends steps of deliveries; what is claimed must be on the disk before anything is sent.
    ///
    /// # Errors
    ///
    /// As the system says. What was written until then is right.
    pub(crate) fn deliver(&self, lines: &[crate::load::history::deliveries::Line]) -> Result<(), RecordError> {
        deliveries::append(&self.root, lines)
    }

    /// What is known of deliveries now, while nobody else writes.
    pub fn deliveries(&self) -> crate::model::Deliveries {
        deliveries::read(&self.root)
    }

    /// Seals every day that is 36 hours over and is not sealed, or whose log has grown since. Then takes away what of the
    /// log is too old. Bad lines of the log are told.
    ///
    /// `monitoring` says which days are sealed, since when each monitor is known, and which days feeds have summed up
    /// themselves.
    ///
    /// # Errors
    ///
    /// As the system says. The next run does the rest.
    pub fn seal(&self, monitoring: &Monitoring) -> Result<Loaded<Vec<Sealed>>, RecordError> {
        let sealed = days::seal(self, monitoring)?;
        log::forget(self)?;
        Ok(sealed)
    }

    /// The UTC day of now.
    fn today(&self) -> Date {
        crate::model::day_of_ms(self.now.as_millisecond()).unwrap_or_default()
    }

    /// The first day that can still be made of its log.
    fn first_kept(&self) -> Date {
        before(self.today(), KEPT_DAYS)
    }
}

impl RecordError {
    fn writing(path: &str) -> impl FnOnce(io::Error) -> RecordError + use<> {
        let path = path.to_owned();
        move |error| RecordError { doing: format!("could not write `{path}`"), error }
    }
}

fn before(day: Date, days: i64) -> Date {
    day.checked_sub(jiff::SignedDuration::from_hours(days.saturating_mul(24))).unwrap_or(Date::MIN)
}

#[cfg(test)]
mod tests;
