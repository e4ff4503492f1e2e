//! The monitor of a drill: it is made up, and fails when it is told to.

use std::fs::OpenOptions;
use std::io::{self, Write as _};
use std::path::Path;

use jiff::{SignedDuration, Timestamp};

use super::{EVERY, FEED_FILE};
use crate::model::{Config, Slug};

/// How many results there are before the drill, so that the monitor is known.
const BEFORE: i32 = 5;

/// A monitor that fails from one moment up to another one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failing {
    pub component: Slug,
    pub from: Timestamp,
    pub until: Timestamp,
    /// From so many places at once.
    places: u32,
}

impl Failing {
    /// From as many places as the config asks for, and one more.
    pub fn new(config: &Config, component: Slug, from: Timestamp, length: SignedDuration) -> Failing {
        let places = config.monitoring.limits.locations.max(2).saturating_add(1).min(20);
        Failing { component, from, until: from.saturating_add(length).unwrap_or(from), places }
    }

    /// What it says before the first minute.
    pub fn before(&self, start: Timestamp) -> String {
        let at = |n: i32| start.checked_sub(EVERY.saturating_mul(n)).unwrap_or(start);
        (1..=BEFORE).rev().map(|n| self.lines(at(n))).collect()
    }

    /// What it says at a moment, as a log of our own format.
    pub fn lines(&self, at: Timestamp) -> String {
        let status = if self.from <= at && at < self.until { "down" } else { "up" };
        let line = |place| {
            format!(
                "{{\"monitor\":\"{}\",\"at\":\"{at}\",\"status\":\"{status}\",\"location\":\"place-{place}\"}}\n",
                self.component
            )
        };
        (1..=self.places).map(line).collect()
    }

    /// Says it in a copy of the site.
    ///
    /// # Errors
    ///
    /// As the system says.
    pub fn say(&self, root: &Path, lines: &str) -> io::Result<()> {
        OpenOptions::new().create(true).append(true).open(root.join(FEED_FILE))?.write_all(lines.as_bytes())
    }
}
