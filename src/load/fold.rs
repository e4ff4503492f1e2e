//! Many readings → one [`Series`] a monitor, the same whatever their order and however often each comes.
//!
//! Results are keyed by (feed, monitor, location, time): of two with the same key the greater of (rev, status, text)
//! counts. Spans are keyed by (feed, monitor, start): the greater of (rev, closed over open, later end, status) counts.

use std::collections::BTreeMap;

use super::feed::Reading;
use crate::model::{MonitorRef, Series, Slug};

/// Readings on their way to becoming series.
#[derive(Debug, Default)]
pub struct Fold {}

impl Fold {
    /// Takes one reading of a feed.
    pub fn add(&mut self, _feed: &Slug, _reading: Reading) {}

    /// Every monitor heard of.
    pub fn series(self) -> BTreeMap<MonitorRef, Series> {
        BTreeMap::new()
    }
}
