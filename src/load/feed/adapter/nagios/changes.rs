//! What a source tells only when something changes, as results and as spans from change to change.

use std::collections::BTreeMap;

use crate::load::feed::{ReadResult, ReadSpan, Reading};
use crate::model::{CheckStatus, MonitorId, Span};

/// A monitor was found to be so, and it was worth a line to its own system.
pub(in crate::load::feed::adapter) struct Change {
    pub at_ms: i64,
    pub status: CheckStatus,
    pub hard: bool,
    pub message: Option<String>,
}

/// All that is known of all monitors, in any order.
#[derive(Default)]
pub(in crate::load::feed::adapter) struct Changes(BTreeMap<MonitorId, Vec<Change>>);

impl Changes {
    pub(in crate::load::feed::adapter) fn add(&mut self, monitor: MonitorId, change: Change) {
        self.0.entry(monitor).or_default().push(change);
    }

    /// The time of the newest.
    pub(in crate::load::feed::adapter) fn last_ms(&self) -> Option<i64> {
        self.0.values().flatten().map(|change| change.at_ms).max()
    }

    /// Each change is a result; those of one state in a row are a span up to the next one. What is bad at the end is open,
    /// what is good is known until `until_ms` and no longer.
    pub(in crate::load::feed::adapter) fn give(self, until_ms: i64, reading: &mut Reading) {
        for (monitor, mut changes) in self.0 {
            changes.sort_by_key(|change| change.at_ms);
            reading.spans.extend(spans(&monitor, &changes, until_ms));
            reading.results.extend(changes.into_iter().map(|change| change.result(monitor.clone())));
        }
    }
}

impl Change {
    fn result(self, monitor: MonitorId) -> ReadResult {
        let Change { at_ms, status, hard, message } = self;
        let confirmed = hard || !status.fails();
        ReadResult { monitor, at_ms, status, confirmed, latency_us: None, location: None, message, rev: 0 }
    }
}

/// From change to change. Confirmed once one of its lines is hard.
fn spans(monitor: &MonitorId, changes: &[Change], until_ms: i64) -> Vec<ReadSpan> {
    let runs: Vec<&[Change]> = changes.chunk_by(|a, b| a.status == b.status).collect();
    let nexts = runs.iter().skip(1).map(|run| run.first().map(|change| change.at_ms)).chain([None]);
    let spans = runs.iter().zip(nexts).filter_map(|(run, next_ms)| {
        let first = run.first()?;
        let good = first.status == CheckStatus::Up;
        let to_ms = next_ms.or_else(|| good.then(|| until_ms.max(first.at_ms)));
        let confirmed = good || run.iter().any(|change| change.hard);
        let span = Span { from_ms: first.at_ms, to_ms, status: first.status, confirmed, rev: 0 };
        (to_ms != Some(first.at_ms)).then(|| ReadSpan { monitor: monitor.clone(), span })
    });
    spans.collect()
}
