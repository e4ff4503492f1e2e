//! A case → what was measured of it: its outages, and where it stands in its life.
//!
//! What the ledger holds is gone on with, never computed again: an entry that is closed stays as it is, unless something
//! opened again after it.

use jiff::Timestamp;

use super::cause::{Case, continues, start_ms};
use super::watch::Watchers;
use super::{at, ms};
use crate::model::{Detection, DetectionKind, MonitorRef, Outage, Places, Site, Slug};

/// The detection of a case, without what covers it and what holds it back. `None` where it has no id.
pub(super) fn detection(site: &Site, watchers: &Watchers<'_>, case: &Case<'_>, now: Timestamp) -> Option<Detection> {
    let id = case.id.clone()?;
    let goes_on = |entry: &Detection| {
        let closed = entry.closed;
        closed.is_none_or(|closed| case.bouts.iter().any(|bout| at(bout.detected_ms) > closed))
    };
    match case.ledger {
        Some(entry) if !goes_on(entry) => Some(entry.clone()),
        Some(entry) => Some(gone_on_with(site, watchers, case, entry.clone(), now)),
        None => Some(gone_on_with(site, watchers, case, new(site, id, case)?, now)),
    }
}

fn new(site: &Site, id: Slug, case: &Case<'_>) -> Option<Detection> {
    let first = case.bouts.first()?;
    Some(Detection {
        id,
        components: Vec::new(),
        kind: first.kind(),
        start: at(start_ms(site, case)),
        detected: at(first.detected_ms),
        outages: Vec::new(),
        places: Places::default(),
        recovering: None,
        end: None,
        closed: None,
        openings: Vec::new(),
        unstable: false,
        published: None,
        held_back: None,
        covered_by: None,
        withdrawn: false,
        thresholds: thresholds(site, case),
        revision: 0,
    })
}

/// With all that its bouts add.
fn gone_on_with(
    site: &Site,
    watchers: &Watchers<'_>,
    case: &Case<'_>,
    mut entry: Detection,
    now: Timestamp,
) -> Detection {
    entry.components = components(site, case, &entry);
    entry.outages = outages(&entry, case);
    let orphaned = close_orphans(site, watchers, case, &mut entry);
    entry.kind = entry.outages.iter().map(|outage| outage.kind).fold(entry.kind, DetectionKind::max);
    entry.places = case.bouts.iter().map(|bout| bout.places).fold(entry.places, worse);
    let bouts = &case.bouts;
    let all = |of: fn(&super::bout::Bout<'_>) -> Option<i64>| -> Option<Option<i64>> {
        bouts.iter().map(of).collect::<Option<Vec<i64>>>().map(|all| all.into_iter().max())
    };
    let is_still = entry.outages.iter().any(|outage| outage.end.is_none());
    if !bouts.is_empty() {
        entry.recovering = all(|bout| bout.recovering_ms.or(bout.closed_ms)).flatten().map(at);
    }
    entry.recovering = entry.recovering.filter(|_| !is_still);
    let closed = all(|bout| bout.closed_ms).map(|closed| closed.max(orphaned)).and_then(|ms| ms.map(at));
    // Where the results are lost, what had recovered is over after the hold: nothing else can close it any more.
    let closed = closed.or_else(|| {
        let ended = entry.outages.iter().filter_map(|outage| outage.end).max().filter(|_| bouts.is_empty())?;
        ended.checked_add(site.config.monitoring.limits.hold).ok()
    });
    entry.closed = closed.filter(|closed| !is_still && *closed <= now);
    entry.end = entry.closed.and_then(|_| entry.outages.iter().filter_map(|outage| outage.end).max());
    entry.openings = openings(&entry, case);
    let limits = &site.config.monitoring.limits;
    entry.unstable |= bouts.iter().any(|bout| bout.unstable) || {
        let count = (limits.unstable_openings as usize).max(2);
        let window = limits.unstable_window;
        entry.openings.windows(count).any(|all| match all {
            [first, .., last] => last.duration_since(*first) <= window,
            _ => false,
        })
    };
    entry
}

/// In the config's order; what the config no longer knows stays, at the end.
fn components(site: &Site, case: &Case<'_>, entry: &Detection) -> Vec<Slug> {
    let known = &case.components;
    let known =
        known.iter().filter_map(|&index| site.config.components.get(index)).map(|component| component.id.clone());
    let gone = entry.components.iter().filter(|id| site.config.component(id).is_none()).cloned();
    known.chain(gone).collect()
}

/// Those of the ledger, those of the bouts, and each that both know once, from its earlier start.
fn outages(entry: &Detection, case: &Case<'_>) -> Vec<Outage> {
    let mut known: Vec<Option<&Outage>> = entry.outages.iter().map(Some).collect();
    let mut all = Vec::with_capacity(known.len() + case.bouts.len());
    for bout in &case.bouts {
        let count = bout.stretches.len();
        for (index, stretch) in bout.stretches.iter().enumerate() {
            let end_ms = if index + 1 == count { bout.end_ms } else { stretch.end_ms };
            let mut outage = Outage {
                start: at(stretch.start_ms),
                end: end_ms.map(at),
                monitor: bout.monitor.clone(),
                kind: stretch.kind,
                fails: stretch.fails,
                results: stretch.results,
            };
            known.iter_mut().for_each(|slot| take_in(&mut outage, slot));
            all.push(outage);
        }
    }
    all.extend(known.into_iter().flatten().cloned());
    all.sort();
    all
}

/// Takes what the ledger knows of the same stretch, if it does. It may have seen an earlier part of it.
fn take_in(outage: &mut Outage, slot: &mut Option<&Outage>) {
    let end = outage.end.unwrap_or(Timestamp::MAX);
    let same = |known: &mut &Outage| {
        let known_end = known.end.unwrap_or(Timestamp::MAX);
        known.monitor == outage.monitor && known.start < end && outage.start < known_end
    };
    if let Some(known) = slot.take_if(same) {
        outage.start = outage.start.min(known.start);
        outage.fails = outage.fails.max(known.fails);
        outage.results = outage.results.max(known.results);
    }
}

/// Ends outages of the ledger that go on there and that no monitor speaks of any more: with its first good result since, or,
/// where nobody watches it now, when it was last sure. Returns when the last of them was taken to be over, Unix ms.
fn close_orphans(site: &Site, watchers: &Watchers<'_>, case: &Case<'_>, entry: &mut Detection) -> Option<i64> {
    let hold_ms = ms(site.config.monitoring.limits.hold);
    let detected_ms = entry.recovering.unwrap_or(entry.detected).as_millisecond();
    let mut closed = None;
    for outage in entry.outages.iter_mut().filter(|outage| outage.end.is_none()) {
        if case.bouts.iter().any(|bout| *bout.monitor == outage.monitor) {
            continue;
        }
        let end_ms = if watchers.is_watched(&outage.monitor) {
            first_good_ms(site, &outage.monitor, outage.start.as_millisecond())
        } else {
            Some(detected_ms.max(outage.start.as_millisecond()))
        };
        outage.end = end_ms.map(at);
        closed = closed.max(end_ms.map(|end_ms| end_ms.saturating_add(hold_ms)));
    }
    closed
}

/// The first good result of a monitor after a moment, if nothing failed since.
fn first_good_ms(site: &Site, monitor: &MonitorRef, after_ms: i64) -> Option<i64> {
    let series = site.monitoring.series.get(monitor)?;
    let since = series.checks.partition_point(|check| check.at_ms <= after_ms);
    let mut first = None;
    for check in series.checks.get(since..)? {
        if check.status.fails() {
            first = None;
        } else if check.status.is_good() && first.is_none() {
            first = Some(check.at_ms);
        }
    }
    first
}

/// Each opening after everything before it was good. Monitors that join an outage under way do not open it again.
fn openings(entry: &Detection, case: &Case<'_>) -> Vec<Timestamp> {
    let (known, new): (Vec<_>, Vec<_>) = case.bouts.iter().partition(|bout| continues(case, bout));
    let mut over_ms = i64::MIN;
    for outage in case.ledger.into_iter().flat_map(|ledger| &ledger.outages) {
        let same = known.iter().filter(|bout| *bout.monitor == outage.monitor).map(|bout| bout.end_ms).max();
        let end_ms = outage.end.map(Timestamp::as_millisecond).or(same.flatten());
        over_ms = over_ms.max(end_ms.unwrap_or(i64::MAX));
    }
    let mut openings = entry.openings.clone();
    let mut new: Vec<_> = new.iter().map(|bout| (bout.start_ms, bout.detected_ms, bout.end_ms)).collect();
    new.sort_unstable();
    for (start_ms, detected_ms, end_ms) in new {
        if start_ms > over_ms || openings.is_empty() {
            openings.push(at(detected_ms));
        }
        over_ms = over_ms.max(end_ms.unwrap_or(i64::MAX));
    }
    openings.sort_unstable();
    openings.dedup();
    openings
}

/// The greater share; of equal ones the one of more places.
fn worse(a: Places, b: Places) -> Places {
    let share = |places: Places| u32::from(places.failing) * 1000 / u32::from(places.of.max(1));
    if (share(b), b.failing) > (share(a), a.failing) { b } else { a }
}

fn thresholds(site: &Site, case: &Case<'_>) -> String {
    let limits = &site.config.monitoring.limits;
    let components = &case.components;
    let is_fast = |&index: &usize| site.config.components.get(index).is_some_and(|one| one.watch.fast);
    let detect_after = if components.iter().any(is_fast) { limits.fast_detect_after } else { limits.detect_after };
    format!("{} s, {} places, hold {} s", detect_after.as_secs(), limits.locations, limits.hold.as_secs())
}
