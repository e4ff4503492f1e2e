//! When the monitors of each component failed, from the detections that an incident covers.

use jiff::Timestamp;

use crate::model::{Component, Config, Detection, Outage};

/// The stretches in which one component's monitors failed, by start. Never without one.
pub(super) struct Track<'a> {
    pub component: &'a Component,
    /// From the first failing result to the first good one; `None` while it goes on.
    pub stretches: Vec<(Timestamp, Option<Timestamp>)>,
}

impl Track<'_> {
    pub(super) fn start(&self) -> Timestamp {
        self.stretches.iter().map(|(start, _)| *start).min().unwrap_or(Timestamp::MIN)
    }

    /// `None` while any of them goes on.
    pub(super) fn end(&self) -> Option<Timestamp> {
        self.stretches.iter().map(|(_, end)| *end).reduce(later)?
    }
}

/// The later of two ends; what goes on ends last.
pub(super) fn later(one: Option<Timestamp>, other: Option<Timestamp>) -> Option<Timestamp> {
    one.zip(other).map(|(one, other)| one.max(other))
}

/// One for each component that a detection is about, in the config's order.
pub(super) fn tracks<'a>(config: &'a Config, detections: &[&Detection]) -> Vec<Track<'a>> {
    let track = |component: &'a Component| {
        let about = detections.iter().filter(|detection| detection.components.contains(&component.id));
        let mut stretches: Vec<_> = about.flat_map(|detection| stretches(component, detection)).collect();
        stretches.sort_unstable_by_key(|(start, end)| (*start, end.is_none(), *end));
        (!stretches.is_empty()).then_some(Track { component, stretches })
    };
    config.components.iter().filter_map(track).collect()
}

/// Of the component's own monitors; where none of them is known any more, of the whole detection.
fn stretches(component: &Component, detection: &Detection) -> Vec<(Timestamp, Option<Timestamp>)> {
    let own = detection.outages.iter().filter(|outage| watches(component, outage));
    let own: Vec<_> = own.map(|outage| (outage.start, outage.end)).collect();
    if own.is_empty() { vec![(detection.start, detection.end)] } else { own }
}

fn watches(component: &Component, outage: &Outage) -> bool {
    match &component.watch.monitors {
        Some(listed) => listed.contains(&outage.monitor),
        None => outage.monitor.monitor.as_str() == component.id.as_str(),
    }
}
