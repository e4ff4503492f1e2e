//! What monitors report, once read: checks, feeds, sealed days, and the outages that they add up to.
//!
//! Time is Unix time in whole milliseconds (UTC) where there are many of it, and [`jiff::Timestamp`] where there is one.
//! Names, targets, places and messages of monitors are private: nothing here reaches a page unless the config says so.

mod day;
mod detection;
mod feed;
mod histogram;
mod limits;
mod monitor;
mod series;

use std::collections::BTreeMap;

pub use day::{DAY_MS, DAY_S, DayInterval, DayRow, DayState, day_of_ms, day_start_ms};
pub use detection::{Detection, DetectionKind, HeldBack, Outage, Places};
pub use feed::{Feed, FeedKind, FeedReading, FeedState, Heartbeat, Origin, Secret, Secrets};
pub use histogram::Histogram;
pub use limits::{Brownout, DetectionLimits, NoticeTexts, Notices, UptimeRule};
pub use monitor::{MonitorId, MonitorRef};
pub use series::{Check, CheckStatus, Series, Span};

use super::Slug;

/// What the config says about monitoring.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct MonitoringConfig {
    /// In the order of the file; ids are unique.
    pub feeds: Vec<Feed>,
    pub limits: DetectionLimits,
    pub notices: Notices,
    pub texts: NoticeTexts,
    pub uptime: UptimeRule,
    /// Places of monitors as readers may know them, by the feeds' own codes: `osl` → "Oslo". Others stay private.
    pub places: BTreeMap<String, String>,
}

/// What the config says about the monitoring of one component.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Watch {
    /// The monitors whose word counts; `None` means the monitor of the component's own id, in any feed.
    pub monitors: Option<Vec<MonitorRef>>,
    /// Good results that took at least so long are degraded.
    pub slow_after_us: Option<u32>,
    /// What to do with detections, where that is not the site's own way.
    pub notices: Option<Notices>,
    /// Detect sooner than others, at the price of about one false notice a year.
    pub fast: bool,
}

/// What monitoring reported: all that `load` found in feeds and in `history/`.
#[derive(Clone, Debug, Default)]
pub struct Monitoring {
    /// One for each feed of the config, in the same order.
    pub feeds: Vec<FeedReading>,
    /// Results and spans of each monitor, from the raw log and from the feeds, folded.
    pub series: BTreeMap<MonitorRef, Series>,
    /// From this moment on (Unix ms) [`Monitoring::series`] is all there is; earlier days are in [`Monitoring::days`] alone.
    pub since_ms: i64,
    /// Sealed days by day, monitor, shard; each of the three is there once.
    pub days: Vec<DayRow>,
    /// Detections of the ledger, by id.
    pub ledger: Vec<Detection>,
}

impl Monitoring {
    /// The ids of the monitors in `series` and `days` whose word counts for a component, each once.
    pub fn monitors_of<'a>(&'a self, component: &'a Slug, watch: &'a Watch) -> Vec<&'a MonitorRef> {
        match &watch.monitors {
            Some(listed) => listed.iter().collect(),
            None => {
                let of_series = self.series.keys();
                let of_days = self.days.iter().map(|row| &row.monitor);
                let own = |monitor: &&MonitorRef| monitor.monitor.as_str() == component.as_str();
                let mut all: Vec<&MonitorRef> = of_series.chain(of_days).filter(own).collect();
                all.sort_unstable();
                all.dedup();
                all
            }
        }
    }
}
