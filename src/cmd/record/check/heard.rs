//! A reading, summed up for each monitor.

use std::collections::BTreeMap;

use super::Checked;
use crate::load::FeedAnswer;
use crate::load::feed::{ReadMonitor, ReadResult, ReadSpan};
use crate::model::{CheckStatus, Component, Feed, FeedState, MonitorId, MonitorRef};

/// One feed.
pub(super) struct Heard<'c> {
    pub feed: Option<&'c Feed>,
    pub state: &'c FeedState,
    /// By id.
    pub monitors: Vec<Monitor<'c>>,
    pub results: usize,
    pub spans: usize,
    pub days: usize,
}

/// One monitor of it.
#[derive(Default)]
pub(super) struct Monitor<'c> {
    pub id: Option<&'c MonitorId>,
    pub about: Option<&'c ReadMonitor>,
    pub newest: Option<&'c ReadResult>,
    newest_span: Option<&'c ReadSpan>,
    pub results: usize,
    pub spans: usize,
    pub days: usize,
    /// Those whose state it speaks for.
    pub components: Vec<&'c Component>,
}

/// How a monitor is, as far as its feed says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Now {
    pub status: CheckStatus,
    pub confirmed: bool,
    /// Unix time in ms: of its newest result, or since when it has been so.
    pub at_ms: i64,
    pub is_span: bool,
}

impl<'c> Heard<'c> {
    pub fn of(checked: &'c Checked, answer: &'c FeedAnswer) -> Heard<'c> {
        let reading = &answer.reading;
        let mut monitors: BTreeMap<&MonitorId, Monitor<'c>> = BTreeMap::new();
        for about in &reading.monitors {
            monitors.entry(&about.id).or_default().about.get_or_insert(about);
        }
        for result in &reading.results {
            let monitor = monitors.entry(&result.monitor).or_default();
            monitor.results += 1;
            let weight = |result: &ReadResult| (result.at_ms, result.rev, result.status);
            if monitor.newest.is_none_or(|newest| weight(newest) < weight(result)) {
                monitor.newest = Some(result);
            }
        }
        for read in &reading.spans {
            let monitor = monitors.entry(&read.monitor).or_default();
            monitor.spans += 1;
            let weight = |read: &ReadSpan| (read.span.to_ms.unwrap_or(i64::MAX), read.span.from_ms);
            if monitor.newest_span.is_none_or(|newest| weight(newest) < weight(read)) {
                monitor.newest_span = Some(read);
            }
        }
        for day in &reading.days {
            monitors.entry(&day.monitor).or_default().days += 1;
        }
        let named = monitors.into_iter().map(|(id, monitor)| {
            let is_its_own = |component: &&Component| speaks_for(answer, id, component);
            let components = checked.config.components.iter().filter(is_its_own).collect();
            Monitor { id: Some(id), components, ..monitor }
        });
        Heard {
            feed: checked.config.monitoring.feeds.iter().find(|feed| feed.id == answer.feed),
            state: &answer.state,
            monitors: named.collect(),
            results: reading.results.len(),
            spans: reading.spans.len(),
            days: reading.days.len(),
        }
    }
}

impl Monitor<'_> {
    /// A stretch that goes on, or ended later than the newest result, says more than that.
    pub fn now(&self) -> Option<Now> {
        let of_result = |result: &ReadResult| Now {
            status: result.status,
            confirmed: result.confirmed,
            at_ms: result.at_ms,
            is_span: false,
        };
        let Some(read) = self.newest_span else { return self.newest.map(of_result) };
        match self.newest {
            Some(result) if read.span.to_ms.is_some_and(|to_ms| to_ms <= result.at_ms) => Some(of_result(result)),
            _ => {
                let span = read.span;
                Some(Now { status: span.status, confirmed: span.confirmed, at_ms: span.from_ms, is_span: true })
            }
        }
    }
}

fn speaks_for(answer: &FeedAnswer, id: &MonitorId, component: &Component) -> bool {
    match &component.watch.monitors {
        Some(listed) => listed.iter().any(|listed| listed.feed == answer.feed && listed.monitor == *id),
        None => component.id.as_str() == id.as_str(),
    }
}

/// Components with the monitors they name of which the feeds that answered know nothing.
pub(super) fn unheard<'c>(checked: &'c Checked, heard: &[Heard<'c>]) -> Vec<(&'c Component, Vec<&'c MonitorRef>)> {
    let is_unheard = |monitor: &&MonitorRef| {
        let feed = heard.iter().find(|heard| heard.feed.is_some_and(|feed| feed.id == monitor.feed));
        let answered = feed.filter(|heard| matches!(heard.state, FeedState::Read { .. }));
        answered.is_some_and(|heard| !heard.monitors.iter().any(|known| known.id == Some(&monitor.monitor)))
    };
    let of = |component: &'c Component| {
        let monitors: Vec<_> = component.watch.monitors.iter().flatten().filter(is_unheard).collect();
        (!monitors.is_empty()).then_some((component, monitors))
    };
    checked.config.components.iter().filter_map(of).collect()
}

/// Components for which no monitor speaks, where every feed has answered.
pub(super) fn unwatched<'c>(checked: &'c Checked, heard: &[Heard<'c>]) -> Vec<&'c Component> {
    if !checked.all || heard.iter().any(|heard| !matches!(heard.state, FeedState::Read { .. })) {
        return Vec::new();
    }
    let speaks = |component: &&Component| {
        let monitors = || heard.iter().flat_map(|heard| &heard.monitors);
        monitors().any(|monitor| monitor.components.iter().any(|own| own.id == component.id))
    };
    let named = |component: &&Component| component.watch.monitors.as_ref().is_none_or(Vec::is_empty);
    checked.config.components.iter().filter(|component| named(component) && !speaks(component)).collect()
}
