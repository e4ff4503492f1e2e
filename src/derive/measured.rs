//! What monitors measured of what people wrote: times, places, and where the two differ.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};

use super::{Disagreement, IncidentFacts, Measured, Moment, Phase, observe};
use crate::model::{ComponentState, Config, Detection, Incident, Kind, PostedAt, Site, Slug};

/// Text and measurement may differ by so much before it is said.
const TOLERANCE: SignedDuration = SignedDuration::from_mins(10);

/// Gives each incident the detections that it covers, and each notice its own.
pub(super) fn fill(site: &Site, facts: &mut [IncidentFacts]) {
    if site.detections.is_empty() {
        return;
    }
    let mut covered: BTreeMap<&Slug, Vec<usize>> = BTreeMap::new();
    for (index, detection) in site.detections.iter().enumerate() {
        covered.entry(detection.covered_by.as_ref().unwrap_or(&detection.id)).or_default().push(index);
    }
    for (incident, facts) in site.incidents.iter().zip(facts) {
        let Some(indexes) = covered.get(incident.first_slug()) else { continue };
        let is_own = |&index: &usize| site.detections.get(index).is_some_and(|one| one.covered_by.is_none());
        let (own, others): (Vec<usize>, Vec<usize>) = indexes.iter().copied().partition(is_own);
        facts.detections = if matches!(incident.kind, Kind::Notice) { own } else { others };
        let detections: Vec<&Detection> = facts.detections.iter().filter_map(|&at| site.detections.get(at)).collect();
        facts.measured = measured(&site.config, incident, facts, &detections);
        if !matches!(incident.kind, Kind::Notice) {
            facts.taken_over = taken_over(site, incident, &detections);
        }
    }
}

fn measured(
    config: &Config,
    incident: &Incident,
    facts: &IncidentFacts,
    detections: &[&Detection],
) -> Option<Measured> {
    let outages = || detections.iter().flat_map(|detection| &detection.outages);
    let start = outages().map(|outage| outage.start).chain(detections.iter().map(|one| one.start)).min()?;
    let ends: Option<Vec<Timestamp>> = detections.iter().map(|detection| detection.end).collect();
    let end = ends.and_then(|ends| ends.into_iter().max());
    let by_people = matches!(incident.kind, Kind::Incident);
    Some(Measured {
        start,
        detected: detections.iter().map(|detection| detection.detected).min()?,
        end,
        places: detections
            .iter()
            .map(|detection| detection.places)
            .max_by_key(|places| (u32::from(places.failing) * 1000 / u32::from(places.of.max(1)), places.of))?,
        start_differs: by_people && differs(facts.started, start, config),
        end_differs: by_people
            && facts.ended.zip(end).is_some_and(|(written, measured)| differs(written, measured, config)),
        disagreement: if by_people { disagreement(facts, detections) } else { None },
    })
}

/// Where only the day is known, another day.
fn differs(written: Moment, measured: Timestamp, config: &Config) -> bool {
    match written {
        Moment::At(at) => at.duration_since(measured).abs() > TOLERANCE,
        Moment::Day(day) => Moment::At(measured).day(config) != day,
    }
}

/// A detection that may be over already contradicts nobody, and neither does one that is not over yet.
fn disagreement(facts: &IncidentFacts, detections: &[&Detection]) -> Option<Disagreement> {
    let says = |id: &Slug| facts.states.iter().find(|(other, _)| other == id).map(|(_, state)| *state);
    let works = |detection: &&Detection| {
        facts.phase == Phase::Over
            || facts.phase == Phase::Ongoing
                && detection.components.iter().all(|id| says(id) == Some(ComponentState::Operational))
    };
    let fails = |detection: &&&Detection| detection.is_open() && detection.recovering.is_none();
    if detections.iter().filter(fails).any(works) {
        return Some(Disagreement::StillFailing);
    }
    let is_broken = |detection: &&Detection| {
        let worst = detection.components.iter().filter_map(says).max();
        worst.is_some_and(|worst| worst > ComponentState::Operational)
    };
    let all_good = detections.iter().all(|detection| !detection.is_open());
    (facts.phase == Phase::Ongoing && all_good && detections.iter().any(is_broken)).then_some(Disagreement::AllGood)
}

/// The notices that were published, each without what it would have said after people spoke of it. Their first entry stays
/// in any case: it was published.
fn taken_over(site: &Site, incident: &Incident, detections: &[&Detection]) -> Vec<Incident> {
    let posted = |posted| match posted {
        PostedAt::Written(at) | PostedAt::FromGit(at) => at,
        PostedAt::Day(day) => Moment::Day(day).timestamp(&site.config),
        PostedAt::Unknown => Timestamp::MAX,
    };
    let cut = |mut notice: Incident| {
        let begun = notice.updates.first().map_or(Timestamp::MIN, |first| posted(first.posted));
        let spoken = incident.updates.iter().map(|update| posted(update.posted)).filter(|&at| at >= begun).min();
        let until = spoken.unwrap_or(Timestamp::MAX);
        let kept = notice.updates.iter().take_while(|update| posted(update.posted) <= until).count().max(1);
        notice.updates.truncate(kept);
        // A file of the notice's own name may have an update of the same minute.
        let is_told_again = |id: &str| incident.updates.iter().any(|update| update.id == id);
        if notice.slug == *incident.first_slug() {
            notice.updates.retain(|update| !is_told_again(&update.id));
        }
        notice
    };
    let notices = detections.iter().filter_map(|detection| observe::notice(site, detection));
    notices.map(cut).filter(|notice| !notice.updates.is_empty()).collect()
}
