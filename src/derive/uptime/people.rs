//! What people wrote, as stretches of time of each component: the states that incidents put it in, the work that was
//! announced, and the posts that a day's bar leads to.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::calendar::start_ms;
use super::piece::Piece;
use super::state::{State, Trouble};
use crate::derive::{IncidentFacts, Moment, Phase};
use crate::model::{ComponentState, Incident, Kind, PostedAt, Site, Slug, UptimeRule};

/// What was written about one component.
#[derive(Debug, Default)]
pub(super) struct Told {
    /// Trouble and announced maintenance, in no order.
    pub pieces: Vec<Piece<State>>,
    /// By index.
    pub posts: Vec<Post>,
}

/// A post about a component, and from when to when it was under way. Where only the day is known, it is the whole day.
#[derive(Clone, Copy, Debug)]
pub(super) struct Post {
    pub index: usize,
    pub from_ms: i64,
    pub to_ms: i64,
    /// An incident or a notice: such a day is not a good one.
    pub disturbs: bool,
}

/// By component; who is never written about is not in it.
pub(super) fn told<'a>(site: &'a Site, incidents: &'a [IncidentFacts], now: Timestamp) -> BTreeMap<&'a Slug, Told> {
    let mut told: BTreeMap<&Slug, Told> = BTreeMap::new();
    let now_ms = now.as_millisecond();
    let tz = &site.config.zone.tz;
    let rule = &site.config.monitoring.uptime;
    for (index, (incident, facts)) in site.incidents.iter().zip(incidents).enumerate() {
        if let Some(post) = post(index, incident, facts, now_ms, tz) {
            for id in named(incident, facts) {
                told.entry(id).or_default().posts.push(post);
            }
        }
        if let Some(window) = announced(incident, facts, tz)
            && let Some(piece) = Piece::new(window.0, window.1.min(now_ms), State::Maintenance(index))
        {
            for id in &incident.components {
                told.entry(id).or_default().pieces.push(piece);
            }
        }
        if matches!(incident.kind, Kind::Incident | Kind::Maintenance(_)) && facts.phase != Phase::Upcoming {
            for (id, piece) in states(index, incident, facts, rule, now_ms) {
                told.entry(id).or_default().pieces.push(piece);
            }
        }
    }
    told
}

/// From each update to the next one the states that it left, up to the end. Where either time is known only by its day,
/// nothing is counted: minutes that nobody wrote down cannot be added up.
fn states<'a>(
    index: usize,
    incident: &Incident,
    facts: &'a IncidentFacts,
    rule: &UptimeRule,
    now_ms: i64,
) -> Vec<(&'a Slug, Piece<State>)> {
    let began_ms = incident.started.map(|at| at.as_millisecond());
    let end_ms = match facts.ended {
        Some(Moment::At(at)) => Some(at.as_millisecond()),
        Some(Moment::Day(_)) => None,
        None => Some(now_ms),
    };
    let mut times: Vec<Option<i64>> = incident.updates.iter().map(|update| minute_ms(update.posted)).collect();
    if let (Some(first), Some(began_ms)) = (times.first_mut(), began_ms) {
        *first = Some(began_ms);
    }
    times.push(end_ms);

    let mut pieces = Vec::new();
    let mut current: BTreeMap<&Slug, ComponentState> = BTreeMap::new();
    let mut so_far_ms = i64::MIN;
    for (changes, limits) in facts.changes.iter().zip(times.windows(2)) {
        current.extend(changes.iter().map(|(id, state)| (id, *state)));
        let &[Some(from_ms), Some(to_ms)] = limits else { continue };
        so_far_ms = so_far_ms.max(from_ms);
        let to_ms = to_ms.min(end_ms.unwrap_or(now_ms)).min(now_ms);
        for (&id, &state) in &current {
            let trouble = weight(state, rule).map(|weight| Trouble { weight, by_people: true, of: Some(index) });
            let piece = trouble.and_then(|trouble| Piece::new(so_far_ms, to_ms, State::Trouble(trouble)));
            pieces.extend(piece.map(|piece| (id, piece)));
        }
    }
    pieces
}

fn weight(state: ComponentState, rule: &UptimeRule) -> Option<u16> {
    match state {
        ComponentState::Operational | ComponentState::UnderMaintenance => None,
        ComponentState::DegradedPerformance => Some(rule.degraded.min(1000)),
        ComponentState::PartialOutage => Some(rule.partial.min(1000)),
        ComponentState::MajorOutage => Some(1000),
    }
}

/// The part of planned work that counts as such: what was announced before it began, from its announced start to its
/// announced end, or to the minute at which people said that it was over, whichever is sooner.
fn announced(incident: &Incident, facts: &IncidentFacts, tz: &TimeZone) -> Option<(i64, i64)> {
    let Kind::Maintenance(window) = incident.kind else { return None };
    let (starts_ms, ends_ms) = (window.starts?.as_millisecond(), window.ends?.as_millisecond());
    let in_time = match incident.updates.first()?.posted {
        PostedAt::Written(at) | PostedAt::FromGit(at) => at.as_millisecond() < starts_ms,
        PostedAt::Day(day) => start_ms(day.tomorrow().ok()?, tz) <= starts_ms,
        PostedAt::Unknown => false,
    };
    let over_ms = match facts.ended {
        Some(Moment::At(at)) => at.as_millisecond(),
        Some(Moment::Day(_)) | None => ends_ms,
    };
    in_time.then_some((starts_ms, ends_ms.min(over_ms)))
}

fn post(index: usize, incident: &Incident, facts: &IncidentFacts, now_ms: i64, tz: &TimeZone) -> Option<Post> {
    let disturbs = match incident.kind {
        Kind::Incident | Kind::Notice => true,
        Kind::Maintenance(_) | Kind::FalseAlarm => false,
        Kind::Info => return None,
    };
    if facts.phase == Phase::Upcoming {
        return None;
    }
    let from_ms = match facts.started {
        Moment::At(at) => at.as_millisecond(),
        Moment::Day(day) => start_ms(day, tz),
    };
    let to_ms = match facts.ended {
        Some(Moment::At(at)) => at.as_millisecond(),
        Some(Moment::Day(day)) => start_ms(day.tomorrow().unwrap_or(day), tz),
        None => now_ms,
    };
    // Work that was called off before it began happened on no day.
    let happened = disturbs || matches!(incident.kind, Kind::FalseAlarm) || from_ms < to_ms;
    happened.then_some(Post { index, from_ms, to_ms, disturbs })
}

/// The components that an incident names, each once.
fn named<'a>(incident: &'a Incident, facts: &'a IncidentFacts) -> Vec<&'a Slug> {
    let changed = facts.changes.iter().flatten().map(|(id, _)| id);
    let mut all: Vec<&Slug> = incident.components.iter().chain(changed).collect();
    all.sort_unstable();
    all.dedup();
    all
}

fn minute_ms(posted: PostedAt) -> Option<i64> {
    match posted {
        PostedAt::Written(at) | PostedAt::FromGit(at) => Some(at.as_millisecond()),
        PostedAt::Day(_) | PostedAt::Unknown => None,
    }
}
