//! What the monitors say of components now, and what of it nobody has explained.

use jiff::{SignedDuration, Timestamp};

use super::observe::{Watchers, is_real, state_of};
use super::{ComponentFacts, Watched};
use crate::model::{ComponentState, Site, Slug};

/// How long what is over is still asked about.
const UNEXPLAINED_MAX: SignedDuration = SignedDuration::from_hours(90 * 24);

/// One for each component of the config; `None` where no monitor speaks for it.
pub(super) fn watched(site: &Site, now: Timestamp) -> Vec<Option<Watched>> {
    let watchers = Watchers::of(site);
    let components = site.config.components.iter().enumerate();
    components.map(|(index, component)| of_component(site, &watchers, index, &component.id, now)).collect()
}

fn of_component(site: &Site, watchers: &Watchers<'_>, index: usize, id: &Slug, now: Timestamp) -> Option<Watched> {
    let standings = watchers.standings(index, now);
    let is_open = |at: &usize| site.detections.get(*at).is_some_and(|one| one.is_open() && one.components.contains(id));
    let detections: Vec<usize> = (0..site.detections.len()).filter(is_open).collect();
    if standings.is_empty() && detections.is_empty() && !is_missed(site, index) {
        return None;
    }
    let real = detections.iter().filter_map(|&at| site.detections.get(at)).filter(|detection| is_real(detection));
    let last_ms = standings.iter().filter_map(|standing| standing.last_ms).max();
    Some(Watched {
        state: real.map(|detection| state_of(site, detection, id)).max().unwrap_or(ComponentState::Operational),
        last_result: last_ms.and_then(|last_ms| Timestamp::from_millisecond(last_ms).ok()),
        silent: standings.iter().all(|standing| standing.stale),
        checking: standings.iter().any(|standing| standing.checking),
        detections,
    })
}

/// The config names monitors of it, and none of them was ever heard of: a feed that is not there, or a name that is wrong.
fn is_missed(site: &Site, index: usize) -> bool {
    let listed = site.config.components.get(index).and_then(|component| component.watch.monitors.as_ref());
    listed.is_some_and(|listed| {
        !listed.is_empty() && !listed.iter().any(|monitor| site.monitoring.series.contains_key(monitor))
    })
}

/// Since when no monitor of any component was heard of.
pub(super) fn silent_since(components: &[ComponentFacts]) -> Option<Timestamp> {
    let watched: Vec<&Watched> = components.iter().filter_map(|component| component.watched.as_ref()).collect();
    let all_silent = !watched.is_empty() && watched.iter().all(|watched| watched.silent);
    all_silent.then(|| watched.iter().filter_map(|watched| watched.last_result).max()).flatten()
}

/// Detections with a notice that nothing covers, newest first.
pub(super) fn unexplained(site: &Site, now: Timestamp) -> Vec<usize> {
    let is_one = |at: &usize| {
        site.detections.get(*at).is_some_and(|detection| {
            let recent = now.duration_since(detection.end.unwrap_or(now)) <= UNEXPLAINED_MAX;
            recent
                && detection.covered_by.is_none()
                && detection.published.is_some()
                && detection.components.iter().any(|id| site.config.component(id).is_some())
        })
    };
    (0..site.detections.len()).rev().filter(is_one).collect()
}
