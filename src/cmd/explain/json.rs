//! What `explain --json` prints. A contract: keys are added, never changed. Times are RFC 3339 in UTC.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::Why;
use super::subject::Subject;
use crate::derive::explain::{Because, BecauseNot, Evidence, OfComponent, OfDetection, OfMonitor, Said, Silent};
use crate::model::HeldBack;

/// Everything that was asked about.
pub(super) fn report(why: &Why<'_>, subjects: &[Subject]) -> Value {
    let (mut components, mut detections) = (Vec::new(), Vec::new());
    for &subject in subjects {
        let (of_component, of_detections) = why.parts(subject);
        components.extend(of_component.map(|known| component(why, &known)));
        detections.extend(of_detections.iter().map(|known| detection(why, known)));
    }
    json!({"version": 1, "now": why.derived.now, "components": components, "detections": detections})
}

fn component(why: &Why<'_>, known: &OfComponent) -> Value {
    let id = why.config().components.get(known.component).map(|component| component.id.as_str());
    let state = why.derived.components.get(known.component).map(|facts| facts.state.word());
    json!({
        "id": id,
        "state": state,
        "said": known.said.iter().map(|one| said(why, one)).collect::<Vec<_>>(),
        "monitors": known.monitors.iter().map(|one| monitor(why, one)).collect::<Vec<_>>(),
    })
}

fn said(why: &Why<'_>, said: &Said) -> Value {
    let incident = why.site.incidents.get(said.incident);
    let update = incident.and_then(|incident| incident.updates.get(said.update));
    json!({
        "incident": incident.map(|incident| incident.slug.as_str()),
        "file": incident.map(|incident| incident.source.as_str()).filter(|source| !source.is_empty()),
        "line": update.map(|update| update.line),
        "state": said.state.word(),
    })
}

fn monitor(why: &Why<'_>, known: &OfMonitor) -> Value {
    let newest = known.newest.as_ref().map(|newest| {
        json!({
            "at": time(newest.at_ms),
            "status": newest.status.word(),
            "confirmed": newest.confirmed,
            "place": newest.place,
            "line": why.line(&known.monitor, newest.place.as_deref(), newest.at_ms).filter(|_| !newest.is_span),
        })
    });
    let failing = known.failing.map(|failing| json!({"since": time(failing.since_ms), "results": failing.results}));
    json!({
        "monitor": known.monitor.to_string(),
        "newest": newest,
        "failing": failing,
        "checking": known.standing.is_some_and(|standing| standing.checking),
        "no_data": known.silent.as_ref().map(silence),
    })
}

fn silence(silent: &Silent) -> &'static str {
    match silent {
        Silent::NoFeed => "no_feed",
        Silent::FeedFailed(_) => "feed_failed",
        Silent::Expired(_) => "expired",
        Silent::Paused => "paused",
        Silent::Never => "never_heard",
        Silent::Stale => "stale",
    }
}

fn detection(why: &Why<'_>, known: &OfDetection) -> Value {
    let Some(detection) = why.site.detections.get(known.detection) else { return Value::Null };
    let file = |index: usize| why.site.incidents.get(index).map(|incident| incident.source.as_str());
    let covered = known.covered.map(|(index, because)| {
        let because = match because {
            Because::SaysSo => "says_so",
            Because::Began => "began_within",
            Because::Fresh => "open_and_fresh",
            Because::Kept => "kept",
        };
        json!({"file": file(index), "because": because})
    });
    let passed_over = known.passed_over.map(|(index, because)| match because {
        BecauseNot::Over(at_ms) => json!({"file": file(index), "because": "over", "since": time(at_ms)}),
        BecauseNot::Stale(at_ms) => json!({"file": file(index), "because": "stale", "since": time(at_ms)}),
    });
    json!({
        "id": detection.id.as_str(),
        "components": detection.components.iter().map(|id| id.as_str()).collect::<Vec<_>>(),
        "kind": detection.kind.word(),
        "start": detection.start,
        "detected": detection.detected,
        "end": detection.end,
        "places": {"failing": detection.places.failing, "of": detection.places.of},
        "thresholds": detection.thresholds,
        "published": detection.published,
        "held_back": detection.held_back.as_ref().map(held_back),
        "in_ledger": known.in_ledger,
        "covered": covered,
        "withdrawn": detection.withdrawn,
        "not_covered": passed_over,
        "evidence": known.evidence.iter().map(|one| evidence(why, one)).collect::<Vec<_>>(),
    })
}

fn held_back(why_not: &HeldBack) -> Value {
    match why_not {
        HeldBack::Maintenance(slug) => json!({"reason": "maintenance", "of": slug.as_str()}),
        HeldBack::Incident(slug) => json!({"reason": "incident", "of": slug.as_str()}),
        HeldBack::Parent(id) => json!({"reason": "parent", "of": id.as_str()}),
        HeldBack::SuspectSource(feed) => json!({"reason": "suspect_source", "of": feed.as_str()}),
        HeldBack::TooMany => json!({"reason": "too_many"}),
        HeldBack::Draft => json!({"reason": "draft"}),
        HeldBack::Off => json!({"reason": "off"}),
    }
}

fn evidence(why: &Why<'_>, evidence: &Evidence) -> Value {
    let results = evidence.results.iter().map(|result| {
        json!({
            "at": time(result.at_ms),
            "status": result.status.word(),
            "place": result.place,
            "line": why.line(&evidence.monitor, result.place.as_deref(), result.at_ms),
        })
    });
    json!({
        "monitor": evidence.monitor.to_string(),
        "rule": evidence.rule.word(),
        "results": results.collect::<Vec<_>>(),
        "left_out": evidence.left_out,
    })
}

fn time(at_ms: i64) -> Option<Timestamp> {
    Timestamp::from_millisecond(at_ms).ok()
}
