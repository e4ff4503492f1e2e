//! Why a page says what it says: what each state and each detection rests on. For the operator, not for readers: places,
//! monitors and results are in it.
//!
//! Nothing is decided here. What decided is asked again, and told.

mod evidence;
mod undecided;

use jiff::Timestamp;

pub use self::evidence::{Evidence, Result};
pub use self::undecided::is_undecided;
use super::detect::{self, Standing};
use super::observe::{Reasons, Watchers};
use super::{Derived, Phase};
use crate::model::{
    CheckStatus, ComponentState, FeedState, Incident, Kind, MonitorRef, Series, Site, Slug, Stage, Window,
};

pub use super::observe::{Because, BecauseNot};

/// What holds a component in its state.
#[derive(Clone, Debug)]
pub struct OfComponent {
    /// Its index in the config.
    pub component: usize,
    /// What people wrote, worst first.
    pub said: Vec<Said>,
    /// One for each monitor that speaks for it, in the order of the config.
    pub monitors: Vec<OfMonitor>,
    /// Detections under way, by index into [`Site::detections`].
    pub detections: Vec<usize>,
}

/// What a post under way says of a component.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Said {
    /// By index into the site's incidents. Notices are among them: the program itself writes those.
    pub incident: usize,
    /// The update that set the state, by index into the incident's.
    pub update: usize,
    pub state: ComponentState,
    pub by: SaidBy,
}

/// What in an update sets the state of a component.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SaidBy {
    /// Its heading names component and state.
    Heading,
    /// The impact of the incident.
    Impact,
    /// Planned work has begun.
    Window,
}

/// What one monitor says now.
#[derive(Clone, Debug)]
pub struct OfMonitor {
    pub monitor: MonitorRef,
    /// The newest thing that it said.
    pub newest: Option<Newest>,
    pub standing: Option<Standing>,
    /// Where it fails now: since when, and how many results in a row.
    pub failing: Option<Failing>,
    /// Why nothing is known, where that is so.
    pub silent: Option<Silent>,
}

/// The newest result, or the stretch that the source says is under way. Time in Unix ms.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Newest {
    pub at_ms: i64,
    pub status: CheckStatus,
    pub confirmed: bool,
    pub place: Option<String>,
    /// It was so from that moment on, not at that moment.
    pub is_span: bool,
}

/// Failing results in a row, up to the newest. Time in Unix ms.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Failing {
    pub since_ms: i64,
    pub results: usize,
    /// Nothing but failing results until then makes it an outage, if there are enough of them from enough places.
    pub detected_ms: i64,
}

/// Why nothing is known of a monitor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Silent {
    /// No feed of that id is in the config.
    NoFeed,
    /// Its feed could not be read: why.
    FeedFailed(String),
    /// What its feed says held until then, and no longer.
    Expired(Timestamp),
    /// It is switched off.
    Paused,
    /// It was never heard of.
    Never,
    /// Nothing was heard of it for too long.
    Stale,
}

/// What made a detection, and what became of it.
#[derive(Clone, Debug)]
pub struct OfDetection {
    /// Its index in [`Site::detections`].
    pub detection: usize,
    /// One for each of its monitors whose results are still there.
    pub evidence: Vec<Evidence>,
    /// The ledger holds it: it is not computed again.
    pub in_ledger: bool,
    /// The incident that covers it, by index, and why.
    pub covered: Option<(usize, Because)>,
    /// The newest post about its components that does not cover it, and why not.
    pub passed_over: Option<(usize, BecauseNot)>,
}

/// Explains a component. `None` where the config has none of that index.
pub fn component(site: &Site, derived: &Derived, index: usize) -> Option<OfComponent> {
    let component = site.config.components.get(index)?;
    let facts = derived.components.get(index)?;
    let mut said: Vec<Said> =
        facts.because.iter().filter_map(|&incident| said(site, derived, incident, &component.id)).collect();
    said.sort_by_key(|said| std::cmp::Reverse(said.state));
    let watchers = Watchers::of(site);
    let monitors = site.monitoring.monitors_of(&component.id, &component.watch);
    Some(OfComponent {
        component: index,
        said,
        monitors: monitors.into_iter().map(|monitor| of_monitor(site, &watchers, monitor, derived.now)).collect(),
        detections: facts.watched.as_ref().map_or_else(Vec::new, |watched| watched.detections.clone()),
    })
}

/// Explains a detection. `None` where the site has none of that index.
pub fn detection(site: &Site, now: Timestamp, index: usize) -> Option<OfDetection> {
    let detection = site.detections.get(index)?;
    let reasons = Reasons::of(site, now);
    let position = |slug: &Slug| site.incidents.iter().position(|incident| incident.slug == *slug);
    Some(OfDetection {
        detection: index,
        evidence: evidence::of(site, detection, now),
        in_ledger: site.monitoring.ledger.iter().any(|known| known.id == detection.id),
        covered: reasons.covering(detection).and_then(|(slug, because)| Some((position(slug)?, because))),
        passed_over: reasons.passed_over(detection).and_then(|(slug, because)| Some((position(slug)?, because))),
    })
}

/// What a post that is under way says of a component, and where. `None` where it only names it.
fn said(site: &Site, derived: &Derived, index: usize, component: &Slug) -> Option<Said> {
    let (incident, facts) = (site.incidents.get(index)?, derived.incidents.get(index)?);
    if facts.phase != Phase::Ongoing {
        return None;
    }
    let (_, state) = *facts.states.iter().find(|(id, _)| id == component)?;
    let (update, by) = match incident.kind {
        Kind::Maintenance(window) => begun(incident, window),
        Kind::Incident | Kind::Notice | Kind::Info | Kind::FalseAlarm => {
            let set = |changes: &Vec<(Slug, ComponentState)>| changes.iter().any(|(id, _)| id == component);
            let update = facts.changes.iter().rposition(set).unwrap_or_default();
            let names = incident.updates.get(update).is_some_and(|it| it.states.iter().any(|(id, _)| id == component));
            (update, if names { SaidBy::Heading } else { SaidBy::Impact })
        }
    };
    Some(Said { incident: index, update, state, by })
}

/// The update by which planned work began, if it was not the clock.
fn begun(incident: &Incident, window: Window) -> (usize, SaidBy) {
    let is_begun = |update: &crate::model::Update| match update.stage {
        Stage::Maintenance(status) => status.word() == "in_progress",
        Stage::Incident(_) | Stage::Note => false,
    };
    match incident.updates.iter().position(is_begun) {
        Some(update) if window.starts.is_none() => (update, SaidBy::Heading),
        _ => (0, SaidBy::Window),
    }
}

fn of_monitor(site: &Site, watchers: &Watchers<'_>, monitor: &MonitorRef, now: Timestamp) -> OfMonitor {
    let now_ms = now.as_millisecond();
    let series = site.monitoring.series.get(monitor);
    let rules = watchers.rules(monitor);
    let standing = series.map(|series| detect::standing(series, &rules, now_ms));
    let after_ms = i64::try_from(rules.detect_after.as_millis()).unwrap_or(i64::MAX);
    OfMonitor {
        monitor: monitor.clone(),
        newest: series.and_then(|series| newest(series, now_ms)),
        standing,
        failing: series.and_then(|series| failing(series, now_ms, after_ms)),
        silent: silent(site, monitor, series, standing, now),
    }
}

/// The newest result, or the open span that began later.
fn newest(series: &Series, now_ms: i64) -> Option<Newest> {
    let known = series.checks.partition_point(|check| check.at_ms <= now_ms);
    let check = known.checked_sub(1).and_then(|last| series.checks.get(last)).map(|check| Newest {
        at_ms: check.at_ms,
        status: check.status,
        confirmed: check.confirmed,
        place: check.place.and_then(|place| series.places.get(usize::from(place))).map(|place| place.to_string()),
        is_span: false,
    });
    let goes_on = |span: &&crate::model::Span| span.from_ms <= now_ms && span.to_ms.is_none_or(|to_ms| to_ms > now_ms);
    let span = series.spans.iter().rev().find(goes_on).map(|span| Newest {
        at_ms: span.from_ms,
        status: span.status,
        confirmed: span.confirmed,
        place: None,
        is_span: true,
    });
    match (check, span) {
        (Some(check), Some(span)) if check.at_ms > span.at_ms => Some(check),
        (check, span) => span.or(check),
    }
}

fn failing(series: &Series, now_ms: i64, after_ms: i64) -> Option<Failing> {
    let known = series.checks.partition_point(|check| check.at_ms <= now_ms);
    let words = series.checks.get(..known)?.iter().rev();
    let words = words.filter(|check| check.status.fails() || check.status.is_good());
    let (mut since_ms, mut results) = (None, 0);
    for check in words.take_while(|check| check.status.fails()) {
        since_ms = Some(check.at_ms);
        results += 1;
    }
    since_ms.map(|since_ms| Failing { since_ms, results, detected_ms: since_ms.saturating_add(after_ms) })
}

fn silent(
    site: &Site,
    monitor: &MonitorRef,
    series: Option<&Series>,
    standing: Option<Standing>,
    now: Timestamp,
) -> Option<Silent> {
    let Some(reading) = site.monitoring.feeds.iter().find(|reading| reading.feed == monitor.feed) else {
        return Some(Silent::NoFeed);
    };
    let is_known = standing.is_some_and(|standing| !standing.stale);
    if is_known {
        return None;
    }
    match (&reading.state, series) {
        (FeedState::Failed(why), _) => Some(Silent::FeedFailed(why.clone())),
        (FeedState::Read { expires: Some(expires), .. }, _) if *expires <= now => Some(Silent::Expired(*expires)),
        (_, None) => Some(Silent::Never),
        (_, Some(series)) if series.paused => Some(Silent::Paused),
        (_, Some(_)) => Some(Silent::Stale),
    }
}
