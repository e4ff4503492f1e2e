//! One incident: its updates with what shows when they were public, and the silences between them.

use jiff::{SignedDuration, Timestamp};

use super::{Gap, Posted, PostedBy, Promised, Response, TOLERANCE};
use crate::derive::{IncidentFacts, Moment, Phase};
use crate::model::{Config, Evidence, Incident, Kind, PostedAt, Site, Update};

/// `None` for planned work, announcements and withdrawn alarms.
pub(in crate::derive) fn response(
    site: &Site,
    incident: &Incident,
    facts: &IncidentFacts,
    now: Timestamp,
) -> Option<Response> {
    let by_people = match incident.kind {
        Kind::Incident => true,
        Kind::Notice => false,
        Kind::Maintenance(_) | Kind::Info | Kind::FalseAlarm => return None,
    };
    let posted: Vec<Posted> = incident.updates.iter().map(|update| posted(update, now, &site.config)).collect();
    let detections = facts.detections.iter().filter_map(|&index| site.detections.get(index));
    let detected = facts.measured.as_ref().map(|measured| measured.detected);
    let first_word = if by_people { posted.first().copied() } else { None };
    let from = detected.or_else(|| minute(facts.started));
    let (from, first_after) = match (from, first_word) {
        (Some(from), Some(word)) => match minute(word.at) {
            Some(at) => (Some(from.min(at)), Some(at.duration_since(from.min(at)))),
            None => (Some(from), None),
        },
        (Some(from), None) => {
            let until = facts.measured.as_ref().and_then(|measured| measured.end).unwrap_or(now);
            (Some(from), Some(until.duration_since(from).max(SignedDuration::ZERO)))
        }
        (None, _) => (None, None),
    };
    let gaps = if by_people { gaps(incident, facts.phase, &posted, now, &site.config) } else { Vec::new() };
    Some(Response {
        started: facts.started,
        detected,
        notice: detections.filter_map(|detection| detection.published).min(),
        from,
        first_word,
        first_after,
        longest: longest(&gaps),
        gaps,
        posted,
        resolved: facts.ended,
    })
}

/// How long a disturbance lasted, until `now` where it goes on; `None` where only days are known.
pub(in crate::derive) fn length(incident: &Incident, facts: &IncidentFacts, now: Timestamp) -> Option<SignedDuration> {
    if !matches!(incident.kind, Kind::Incident | Kind::Notice) {
        return None;
    }
    let ended = match facts.ended {
        Some(ended) => minute(ended)?,
        None => now,
    };
    Some(ended.duration_since(minute(facts.started)?).max(SignedDuration::ZERO))
}

/// The point in time, where more than the day is known.
fn minute(moment: Moment) -> Option<Timestamp> {
    match moment {
        Moment::At(at) => Some(at),
        Moment::Day(_) => None,
    }
}

fn posted(update: &Update, now: Timestamp, config: &Config) -> Posted {
    let said = Moment::of(update.posted, now, config);
    let written = match update.posted {
        PostedAt::Written(at) => Some(at),
        PostedAt::FromGit(_) | PostedAt::Day(_) | PostedAt::Unknown => None,
    };
    let shown = |seen: Timestamp, by: PostedBy| Posted {
        at: Moment::At(written.map_or(seen, |written| written.max(seen))),
        by,
        written: written.filter(|written| seen.duration_since(*written) > TOLERANCE),
    };
    match update.evidence {
        Evidence::Published(seen) => shown(seen, PostedBy::Receipt),
        Evidence::Committed(seen) => shown(seen, PostedBy::Commit),
        Evidence::MovedIn { in_git_since } => {
            Posted { at: said, by: PostedBy::Written(Some(in_git_since)), written: None }
        }
        Evidence::None => Posted { at: said, by: PostedBy::Written(None), written: None },
    }
}

/// After the end there is nothing to be silent about, and before the first word the silence is counted as time to it.
fn gaps(incident: &Incident, phase: Phase, posted: &[Posted], now: Timestamp, config: &Config) -> Vec<Gap> {
    let last_open = incident.updates.iter().rposition(|update| !update.stage.is_end());
    // Nothing of the future has been said yet. Updates that one commit brought were public together, whatever order their headings have.
    let times: Vec<Option<Timestamp>> = posted.iter().map(|posted| minute(posted.at).filter(|at| *at <= now)).collect();
    let mut gaps = Vec::new();
    for (index, update) in incident.updates.iter().enumerate() {
        let (Some(Some(from)), false) = (times.get(index).copied(), update.stage.is_end()) else { continue };
        let to = match times.get(index + 1) {
            Some(Some(to)) => Some(from.max(*to)),
            // Of the next word only the day is known; or it is the last one of what is over.
            Some(None) if posted.get(index + 1).is_some_and(|next| minute(next.at).is_none()) => continue,
            _ if phase == Phase::Over => continue,
            _ => None,
        };
        let front_matter = incident.next_update.filter(|next| Some(index) == last_open && *next > from);
        let promised = promised(update.next.or(front_matter), from, config);
        let until = to.unwrap_or(now);
        let late = promised.and_then(|promised| late(promised.at, until));
        gaps.push(Gap { update: index, from, to, length: until.duration_since(from), promised, late });
    }
    gaps
}

fn promised(named: Option<Timestamp>, from: Timestamp, config: &Config) -> Option<Promised> {
    if let Some(at) = named {
        return Some(Promised { at, named: true });
    }
    let at = from.checked_add(config.promise.next_update?).ok()?;
    Some(Promised { at, named: false })
}

/// How long after its promised minute a word came.
fn late(promised: Timestamp, at: Timestamp) -> Option<SignedDuration> {
    let minutes = |at: Timestamp| at.as_second().div_euclid(60);
    (minutes(at) > minutes(promised)).then(|| at.duration_since(promised))
}

fn longest(gaps: &[Gap]) -> Option<usize> {
    let longest = gaps.iter().map(|gap| gap.length).max()?;
    gaps.iter().position(|gap| gap.length == longest)
}
