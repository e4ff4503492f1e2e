//! Days that a source has summed up itself, as rows: how long it was down, but not when.
//!
//! The time that it was down stands at the beginning of the day and the time that nobody watched it at the end, which is
//! as good as any other place; `"imported":true` says that it is none.

use std::sync::Arc;

use jiff::civil::Date;

use crate::load::feed::{ReadDay, Reading};
use crate::model::{DAY_MS, DAY_S, DayInterval, DayRow, DayState, MonitorRef, Slug};

/// The rows of days before `first`, by day and monitor.
pub(crate) fn rows(feed: &Slug, reading: &Reading, shard: &str, first: Date) -> Vec<DayRow> {
    let shard: Arc<str> = shard.into();
    let mut rows: Vec<DayRow> =
        reading.days.iter().filter(|day| day.day < first).map(|day| row(feed, day, &shard)).collect();
    super::days::unique(&mut rows);
    rows
}

fn row(feed: &Slug, day: &ReadDay, shard: &Arc<str>) -> DayRow {
    let measured_ms = day.measured_ms.clamp(0, DAY_MS);
    // What was lost is rounded up, so that a lost second never becomes none.
    let down_s = seconds(day.down_ms.clamp(0, measured_ms).saturating_add(999));
    let measured_s = seconds(measured_ms).max(down_s);
    let stretch = |from_s, to_s, state| DayInterval { from_s, to_s, state, weight: 1000 };
    let all = [stretch(0, down_s, DayState::Down), stretch(measured_s, DAY_S, DayState::Unknown)];
    DayRow {
        day: day.day,
        monitor: MonitorRef { feed: feed.clone(), monitor: day.monitor.clone() },
        shard: Arc::clone(shard),
        results: 0,
        failing: 0,
        intervals: all.into_iter().filter(|stretch| stretch.from_s < stretch.to_s).collect(),
        latency: None,
        imported: true,
    }
}

fn seconds(ms: i64) -> u32 {
    u32::try_from(ms / 1000).unwrap_or_default().min(DAY_S)
}
