//! Whether a report is owed for an incident, and by when; and every promise that reports make.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use jiff::civil::{Date, Weekday};
use jiff::{SignedDuration, Timestamp, ToSpan as _};

use super::{Entry, Ledger, Owed};
use crate::derive::{FollowUpState, IncidentFacts, Moment, Phase, RfoFacts};
use crate::model::{ComponentState, Config, DetectionKind, Incident, Interval, Kind, Site, Slug, Within};

/// Of one incident, once its report is known.
pub(in crate::derive) fn owed(
    site: &Site,
    incident: &Incident,
    facts: &IncidentFacts,
    rfo: Option<&RfoFacts>,
    now: Timestamp,
) -> Owed {
    if incident.kind != Kind::Incident {
        return Owed::No;
    }
    let config = &site.config;
    let is_owed = incident.rfo_due.is_some() || is_serious(site, incident, facts, now);
    let due = if is_owed { due(incident, facts, config) } else { None };
    if let Some(rfo) = rfo {
        let on = rfo.published.day(config);
        let late_days = due.and_then(|due| u32::try_from(due.until(on).ok()?.get_days()).ok()).filter(|days| *days > 0);
        return Owed::Published { on, due, late_days };
    }
    if let Some(reason) = &incident.rfo_waived {
        return Owed::Waived(reason.clone());
    }
    if !is_owed {
        return Owed::No;
    }
    match due {
        Some(due) if due < Moment::At(now).day(config) => Owed::Overdue(due),
        Some(due) => Owed::Due(due),
        None => Owed::Running,
    }
}

/// The day by which it is owed: as the incident says, else as the config promises, counted from its end.
fn due(incident: &Incident, facts: &IncidentFacts, config: &Config) -> Option<Date> {
    if incident.rfo_due.is_some() {
        return incident.rfo_due;
    }
    let ended = facts.ended.filter(|_| facts.phase == Phase::Over)?.day(config);
    match config.promise.rfo.as_ref()?.within {
        Within::Days(days) => ended.checked_add(i64::from(days).days()).ok(),
        Within::WorkingDays(days) => {
            let is_working = |day: &Date| !matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday);
            let after = ended.series(1.day()).skip(1).filter(is_working);
            if days == 0 { Some(ended) } else { after.take(usize::from(days)).last() }
        }
    }
}

/// Whether the config promises a report on incidents like this one.
fn is_serious(site: &Site, incident: &Incident, facts: &IncidentFacts, now: Timestamp) -> bool {
    let Some(promise) = &site.config.promise.rfo else { return false };
    incident.impact >= promise.impact
        || said_major(incident, facts, now, &site.config) >= promise.outage
        || measured_major(site, facts, now) >= promise.outage
}

/// How long people held the component that was worst off in major outage.
fn said_major(incident: &Incident, facts: &IncidentFacts, now: Timestamp, config: &Config) -> SignedDuration {
    if facts.worst < ComponentState::MajorOutage {
        return SignedDuration::ZERO;
    }
    let mut states: BTreeMap<&Slug, ComponentState> = BTreeMap::new();
    let mut lost: BTreeMap<&Slug, SignedDuration> = BTreeMap::new();
    let moment = |index: usize| match index {
        0 => Some(facts.started.timestamp(config)),
        _ => Some(Moment::of(incident.updates.get(index)?.posted, now, config).timestamp(config)),
    };
    for (index, changes) in facts.changes.iter().enumerate() {
        states.extend(changes.iter().map(|(id, state)| (id, *state)));
        let until = moment(index + 1).unwrap_or(now).min(now);
        let Some(length) = moment(index).map(|from| until.duration_since(from).max(SignedDuration::ZERO)) else {
            continue;
        };
        for (&id, _) in states.iter().filter(|(_, state)| **state == ComponentState::MajorOutage) {
            let sum = lost.entry(id).or_default();
            *sum = sum.saturating_add(length);
        }
    }
    lost.into_values().max().unwrap_or_default()
}

/// For how long together monitors saw something down.
fn measured_major(site: &Site, facts: &IncidentFacts, now: Timestamp) -> SignedDuration {
    let detections = facts.detections.iter().filter_map(|&index| site.detections.get(index));
    let outages =
        detections.flat_map(|detection| &detection.outages).filter(|outage| outage.kind == DetectionKind::Down);
    let mut stretches: Vec<Interval> =
        outages.filter_map(|outage| Interval::new(outage.start, outage.end.unwrap_or(now).min(now))).collect();
    stretches.sort_unstable();
    let mut sum = SignedDuration::ZERO;
    let mut counted = Timestamp::MIN;
    for stretch in stretches {
        let from = stretch.start().max(counted);
        if stretch.end() > from {
            sum = sum.saturating_add(stretch.end().duration_since(from));
            counted = stretch.end();
        }
    }
    sum
}

/// Every promise of every report.
pub(in crate::derive) fn ledger(site: &Site, incidents: &[IncidentFacts], rfos: &[RfoFacts]) -> Ledger {
    let mut ledger = Ledger::default();
    for (rfo, facts) in rfos.iter().enumerate() {
        for (follow_up, &state) in facts.follow_ups.iter().enumerate() {
            ledger.entries.push(Entry { rfo, follow_up, state });
            ledger.all.add(state);
        }
    }
    ledger.entries.sort_by_cached_key(|entry| {
        let follow_up = site.rfos.get(entry.rfo).and_then(|rfo| rfo.follow_ups.get(entry.follow_up));
        let published = rfos.get(entry.rfo).map(|rfo| Reverse(rfo.published.day(&site.config)));
        let due = follow_up.and_then(|follow_up| follow_up.due);
        let done = follow_up.and_then(|follow_up| follow_up.done).map(Reverse);
        match entry.state {
            FollowUpState::Overdue => (0, due, None, published),
            FollowUpState::Due => (1, due, None, published),
            FollowUpState::Open => (2, None, None, published),
            FollowUpState::DoneLate(_) => (3, None, done, published),
            FollowUpState::Done => (4, None, done, published),
            FollowUpState::Dropped => (5, None, None, published),
        }
    });
    let overdue = |(index, facts): (usize, &IncidentFacts)| match facts.owed {
        Owed::Overdue(due) => Some((due, index)),
        Owed::No | Owed::Waived(_) | Owed::Running | Owed::Due(_) | Owed::Published { .. } => None,
    };
    let mut overdue: Vec<(Date, usize)> = incidents.iter().enumerate().filter_map(overdue).collect();
    overdue.sort_unstable();
    ledger.reports_overdue = overdue.into_iter().map(|(_, index)| index).collect();
    ledger
}
