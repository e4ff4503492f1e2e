//! What the monitors saw, joined with what people wrote: detections, what covers them, and the notices of the others.
//!
//! 1. [`detect`](super::detect) finds each monitor's episodes; `watch` knows whom a monitor speaks for, `bout` takes
//!    episodes apart at their relapses, and `planned` says which of them lie in announced maintenance.
//! 2. `cause` puts those of one component, or of one cause, together to one [`Detection`], gone on with from the ledger
//!    where that holds it; `life` sums up what was measured.
//! 3. `cover` finds the incident that is about it; `hold` says whether something keeps its notice back.
//! 4. What nothing covers stands among the incidents from here on, as [`Kind::Notice`](crate::model::Kind::Notice), so
//!    that pages, feeds and data treat it as what it is: news. `notice` makes it, in the words of `wording`.
//!
//! No order but that of time and names decides, and nothing of tomorrow about today: what was published stays as it was
//! put together.

mod because;
mod bout;
mod cause;
mod cover;
mod hold;
mod life;
mod notice;
mod planned;
mod sources;
mod watch;
mod wording;

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};

use self::bout::Bout;
use self::cause::{Case, Gatherer};
use self::cover::{Posts, Subject};
use self::hold::{Holder, Verdict};
use self::planned::Planned;
use self::sources::Sources;
use crate::derive::Moment;
use crate::model::{Config, Detection, HeldBack, Kind, Site, Slug};

pub(in crate::derive) use self::because::Reasons;
pub use self::because::{Because, BecauseNot};
pub use self::notice::draft_notice;
pub(in crate::derive) use self::notice::{notice, state_of};
pub(in crate::derive) use self::watch::{Episodes, Watchers};

/// The site with its detections and notices, as of `now`. Pure.
pub fn observe(site: Site, now: Timestamp) -> Site {
    if site.monitoring.series.is_empty() && site.monitoring.ledger.is_empty() {
        return site;
    }
    let episodes = Watchers::of(&site).episodes(now);
    let detections = detections(&site, &episodes, now);
    with(site, detections)
}

/// Every detection as of `now`, by start, then id. Pure over the episodes of each monitor.
pub(in crate::derive) fn detections(site: &Site, episodes: &Episodes, now: Timestamp) -> Vec<Detection> {
    let watchers = Watchers::of(site);
    let sources = Sources::of(site, &watchers, episodes);
    let planned = Planned::of(site, now);
    let posts = Posts::of(site, now);
    let bouts: Vec<Bout<'_>> = bout::all(site, &watchers, &planned, episodes);
    let mut cases = Gatherer { site, sources: &sources, posts: &posts }.gather(bouts);
    mint(site, &mut cases);
    let wait_ms = ms(site.config.monitoring.limits.group_wait);
    // What was decided a moment ago may be joined by others of the same cause before it has a name.
    let ripe =
        |case: &Case<'_>| case.ledger.is_some() || case.detected_ms().saturating_add(wait_ms) <= now.as_millisecond();
    cases.retain(ripe);
    cases.sort_by_key(Case::detected_ms);
    let measured: Vec<Option<Detection>> =
        cases.iter().map(|case| life::detection(site, &watchers, case, now)).collect();
    let mut holder = Holder::new(site, &sources, &cases);
    let mut detections = Vec::with_capacity(cases.len());
    for (case, detection) in cases.iter().zip(&measured) {
        let Some(detection) = detection else { continue };
        let alone =
            |at_ms: i64| measured.iter().flatten().all(|other| other.id == detection.id || !goes_on(other, at_ms));
        detections.push(judged(&mut holder, &posts, case, detection.clone(), &alone));
    }
    detections.sort_by(|a, b| (a.start, &a.id).cmp(&(b.start, &b.id)));
    detections
}

/// The site with these detections, and the notices of those that nothing covers.
pub(in crate::derive) fn with(mut site: Site, detections: Vec<Detection>) -> Site {
    let open = detections.iter().filter(|detection| detection.covered_by.is_none());
    let notices: Vec<_> = open.filter_map(|detection| notice(&site, detection)).collect();
    site.incidents.extend(notices);
    site.detections = detections;
    site
}

/// Whether a detection may stand on its own before readers: nothing that is not theirs to know speaks against it.
pub(in crate::derive) fn is_real(detection: &Detection) -> bool {
    !detection.withdrawn && !matches!(detection.held_back, Some(HeldBack::Maintenance(_) | HeldBack::SuspectSource(_)))
}

/// What covers it, and whether it is published.
fn judged<'a>(
    holder: &mut Holder<'a, '_>,
    posts: &Posts<'_>,
    case: &Case<'a>,
    mut detection: Detection,
    alone: &dyn Fn(i64) -> bool,
) -> Detection {
    let subject = Subject {
        id: &detection.id,
        components: detection.components.iter().collect(),
        start_ms: detection.start.as_millisecond(),
        end_ms: detection.end.map(Timestamp::as_millisecond),
        closed_ms: detection.closed.map(Timestamp::as_millisecond),
        pinned: detection.covered_by.as_ref(),
    };
    let post = posts.covering(&subject, alone);
    let verdict = holder.verdict(case, &detection, post);
    detection.covered_by = post.map(|post| post.incident.first_slug().clone());
    detection.withdrawn = post.is_some_and(|post| matches!(post.incident.kind, Kind::FalseAlarm));
    match verdict {
        Verdict::Published(from_ms) => {
            detection.published.get_or_insert(at(from_ms));
            detection.held_back = None;
        }
        Verdict::Held(why) => detection.held_back = Some(why),
    }
    detection
}

/// Gives every new case its id, once all are known: of two that would have the same the later one gets a number. A post of
/// another kind keeps its address.
fn mint(site: &Site, cases: &mut [Case<'_>]) {
    let mut taken: BTreeSet<Slug> = cases.iter().filter_map(|case| case.id.clone()).collect();
    for incident in &site.incidents {
        if matches!(incident.kind, Kind::Maintenance(_) | Kind::Info) {
            taken.insert(incident.slug.clone());
            taken.extend(incident.aliases.iter().cloned());
        }
    }
    for case in cases.iter_mut().filter(|case| case.id.is_none()) {
        let Some(name) = cause::name(site, case) else { continue };
        let numbered = (2..u32::MAX).map(|number| Slug::from_text(&format!("{name}-{number}")));
        let mut names = std::iter::once(Some(name.clone())).chain(numbered).flatten();
        case.id = names.find(|id| taken.insert(id.clone()));
    }
}

/// Whether it was under way at a moment, as far as readers are concerned.
fn goes_on(detection: &Detection, at_ms: i64) -> bool {
    let closed_ms = detection.closed.map_or(i64::MAX, Timestamp::as_millisecond);
    !is_quiet(Some(detection)) && detection.start.as_millisecond() <= at_ms && at_ms < closed_ms
}

/// Whether announced maintenance keeps it silent.
fn is_quiet(detection: Option<&Detection>) -> bool {
    detection.is_some_and(|detection| matches!(detection.held_back, Some(HeldBack::Maintenance(_))))
}

/// Whether nothing has happened since the ledger closed it.
fn is_frozen(case: &Case<'_>) -> bool {
    let closed = case.ledger.and_then(|ledger| ledger.closed);
    closed.is_some_and(|closed| case.bouts.iter().all(|bout| at(bout.detected_ms) <= closed))
}

/// The first and the last millisecond that a moment may have been.
fn day_ms(moment: Moment, config: &Config) -> (i64, i64) {
    match moment {
        Moment::At(at) => (at.as_millisecond(), at.as_millisecond()),
        Moment::Day(day) => {
            let midnight = |day: jiff::civil::Date, otherwise: i64| {
                let at = day.to_datetime(jiff::civil::Time::midnight()).to_zoned_datetime(config.zone.tz.clone());
                at.map_or(otherwise, |at| at.timestamp().as_millisecond())
            };
            let tomorrow = day.tomorrow().map_or(i64::MAX, |day| midnight(day, i64::MAX));
            (midnight(day, i64::MIN), tomorrow.saturating_sub(1))
        }
    }
}

/// Unix ms as a moment; what no calendar knows is its first or last one.
fn at(at_ms: i64) -> Timestamp {
    let edge = if at_ms < 0 { Timestamp::MIN } else { Timestamp::MAX };
    Timestamp::from_millisecond(at_ms).unwrap_or(edge)
}

fn ms(duration: SignedDuration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests;
