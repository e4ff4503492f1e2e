//! Uptime: arithmetic on time, in whole milliseconds and integers only. `docs/uptime.md` states the rule in plain words.

mod bars;
mod calendar;
mod groups;
mod latency;
mod monitors;
mod numbers;
mod people;
mod piece;
mod rows;
mod state;
mod sum;
mod timeline;

use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::Date;
use rayon::prelude::*;

use super::{IncidentFacts, Month};
use crate::model::{DayRow, Group, Interval, Site, Slug};
use calendar::Calendar;
use rows::Rows;
use timeline::{Common, Timeline};

pub use sum::{Figure, Printed};

/// The numbers of a whole site.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Numbers {
    /// One for each of the config's components; `None` where nothing was ever measured.
    pub components: Vec<Option<Arc<Uptime>>>,
    /// One for each of the config's groups.
    pub groups: Vec<Option<Arc<Uptime>>>,
}

/// What is known of a stretch of time, in ms. The parts add up to the window.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Sum {
    pub window_ms: i64,
    pub up_ms: i64,
    /// Time in which something was lost: degraded, partial or whole.
    pub trouble_ms: i64,
    pub maintenance_ms: i64,
    pub unknown_ms: i64,
    pub not_monitored_ms: i64,
    /// Weight times ms of the trouble, in thousandths of ms.
    pub lost: i128,
    /// Results and failing results in it, of all monitors.
    pub results: u64,
    pub failing: u64,
}

/// A share of time in thousandths of a percent, rounded down: 99 999 is 99.999 %, and 100 000 means that nothing was lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Percent(pub u32);

/// Which stretch a number is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Span {
    /// Up to now.
    Hours24,
    /// Calendar days in the site's zone, today so far included.
    Days7,
    Days30,
    Days90,
    Days365,
    Month(Month),
    /// Year, and 1 to 4.
    Quarter(i16, i8),
    Year(i16),
    All,
}

/// The number of one stretch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Window {
    pub span: Span,
    pub start: Timestamp,
    pub end: Timestamp,
    pub sum: Sum,
}

/// How a day's bar looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum BarClass {
    None,
    Maintenance,
    Ok,
    Minor,
    Partial,
    Major,
}

/// One day of the bars.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Bar {
    /// In the site's zone.
    pub day: Date,
    pub class: BarClass,
    pub sum: Sum,
    /// Less than 90 % of it was measured.
    pub sparse: bool,
    /// Incidents and notices of that day, by index into the site's.
    pub incidents: Vec<usize>,
}

/// Latencies of one day, in µs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct LatencyDay {
    /// UTC, as the rows are kept.
    pub day: Date,
    pub count: u64,
    pub p50_us: u32,
    pub p95_us: u32,
    pub p99_us: u32,
}

/// A stretch in which something was lost or nothing was known: what stands behind every number, for download.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Slice {
    pub interval: Interval,
    pub what: SliceKind,
    /// Thousandths; 0 for what is not trouble.
    pub weight: u16,
    /// The slug of the incident, maintenance or notice behind it.
    pub of: Option<Slug>,
}

/// What a slice is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SliceKind {
    Trouble,
    Maintenance,
    Unknown,
    NotMonitored,
}

/// All numbers of one component.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Uptime {
    /// 24 h, 7, 30, 90, 365 days; then each month, quarter and year that was measured, newest first; then all.
    pub windows: Vec<Window>,
    /// The last 90 days, oldest first.
    pub bars: Vec<Bar>,
    /// The last 90 days that have any.
    pub latency: Vec<LatencyDay>,
    /// Of the whole time, by start.
    pub slices: Vec<Slice>,
}

impl Uptime {
    pub fn window(&self, span: Span) -> Option<&Window> {
        self.windows.iter().find(|window| window.span == span)
    }
}

/// The numbers of every component and group at `now`. `incidents` are the facts of the site's incidents, in their order.
pub fn numbers(site: &Site, incidents: &[IncidentFacts], now: Timestamp) -> Numbers {
    let open = rows::open(site, now);
    of_rows(site, &open, incidents, now)
}

/// As [`numbers`], with the rows of days that are not sealed.
fn of_rows(site: &Site, open: &[DayRow], incidents: &[IncidentFacts], now: Timestamp) -> Numbers {
    let config = &site.config;
    let rows = Rows::new(&site.monitoring.days, open, now.as_millisecond());
    let Some(first_day) = rows.first_day() else {
        return Numbers {
            components: config.components.iter().map(|_| None).collect(),
            groups: config.groups.iter().map(|_| None).collect(),
        };
    };
    let common = Common {
        site,
        rows,
        told: people::told(site, incidents, now),
        by_slug: timeline::by_slug(site),
        calendar: Calendar::new(first_day, now, &config.zone.tz),
    };
    let timelines: Vec<Option<Timeline<'_>>> =
        config.components.par_iter().map(|component| timeline::timeline(component, &common)).collect();
    let uptime = |timeline: &Timeline<'_>| Arc::new(numbers::uptime(timeline, &common));
    let components: Vec<Option<Arc<Uptime>>> =
        timelines.par_iter().map(|timeline| timeline.as_ref().map(uptime)).collect();
    let group = |group: &Group| {
        let member =
            |place: &usize| config.components.get(*place).is_some_and(|one| one.group.as_ref() == Some(&group.id));
        let places: Vec<usize> = (0..config.components.len()).filter(member).collect();
        if config.monitoring.uptime.group_all {
            let members: Vec<_> = places.iter().filter_map(|&place| timelines.get(place)?.as_ref()).collect();
            groups::all(&members, common.calendar.now_ms).as_ref().map(uptime)
        } else {
            let members: Vec<_> = places.iter().filter_map(|&place| components.get(place)?.as_ref()).collect();
            groups::mean(&members).map(Arc::new)
        }
    };
    let groups = config.groups.par_iter().map(group).collect();
    Numbers { components, groups }
}

#[cfg(test)]
mod example;
#[cfg(test)]
mod reference;
#[cfg(test)]
mod tests;
