//! Announced maintenance: while it goes on, and a little longer, monitors of its components are not news.

use jiff::Timestamp;

use crate::derive::response::TOLERANCE;
use crate::derive::{Moment, Phase, timeline};
use crate::model::{Evidence, Kind, PostedAt, Site, Slug, Update};

/// What planned work has to say about an outage. Times in Unix ms.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Word<'a> {
    Nothing,
    /// It lies in the work as a whole, or the work still goes on.
    Silent(&'a Slug),
    /// It began in the work and outlasted it: from this moment on it is news.
    Released(i64),
}

/// All maintenance that was announced before it began.
pub(super) struct Planned<'a> {
    works: Vec<Work<'a>>,
    now_ms: i64,
}

struct Work<'a> {
    slug: &'a Slug,
    components: &'a [Slug],
    starts_ms: i64,
    /// With the grace after it; `None` while it goes on.
    silent_until_ms: Option<i64>,
}

impl<'a> Planned<'a> {
    pub(super) fn of(site: &'a Site, now: Timestamp) -> Planned<'a> {
        let grace_ms = super::ms(site.config.monitoring.limits.maintenance_grace);
        let mut works = Vec::new();
        for incident in site.incidents.iter().filter(|incident| matches!(incident.kind, Kind::Maintenance(_))) {
            let facts = timeline::facts(incident, now, &site.config);
            // It begins by the clock, though people may say later that it still goes on.
            let planned = match incident.kind {
                Kind::Maintenance(window) => window.starts,
                _ => None,
            };
            let started = facts.started.timestamp(&site.config);
            let starts_ms = planned.map_or(started, |planned| planned.min(started)).as_millisecond();
            let ended_ms = facts.ended.map(|ended| ended.timestamp(&site.config).as_millisecond());
            let silent_until_ms = match (facts.phase, ended_ms) {
                (Phase::Ongoing, _) => None,
                (Phase::Over, Some(ended_ms)) if ended_ms > planned.map_or(starts_ms, Timestamp::as_millisecond) => {
                    Some(ended_ms.saturating_add(grace_ms))
                }
                // To come, called off, or of no length.
                (Phase::Upcoming | Phase::Over, _) => continue,
            };
            // What somebody announces when it has begun already explains nothing.
            let announced = incident.updates.first().is_some_and(|first| earliest_ms(first, site) <= starts_ms);
            if announced {
                works.push(Work { slug: &incident.slug, components: &incident.components, starts_ms, silent_until_ms });
            }
        }
        Planned { works, now_ms: now.as_millisecond() }
    }

    /// What is to be said of an outage of that component.
    pub(super) fn word(&self, component: &Slug, start_ms: i64, end_ms: Option<i64>) -> Word<'a> {
        let mut released = Word::Nothing;
        for work in self.works.iter().filter(|work| work.components.contains(component)) {
            if start_ms < work.starts_ms {
                continue;
            }
            match work.silent_until_ms {
                None => return Word::Silent(work.slug),
                Some(until_ms) if start_ms > until_ms => {}
                Some(until_ms) if end_ms.unwrap_or(self.now_ms) <= until_ms => return Word::Silent(work.slug),
                Some(until_ms) => released = Word::Released(until_ms),
            }
        }
        released
    }
}

/// The first moment at which it may have been posted; what nothing dates was not posted before anything. A heading that is
/// much earlier than what shows when it was public is not believed: nobody had been told.
fn earliest_ms(update: &Update, site: &Site) -> i64 {
    let said_ms = match update.posted {
        PostedAt::Written(at) | PostedAt::FromGit(at) => at.as_millisecond(),
        PostedAt::Day(day) => super::day_ms(Moment::Day(day), &site.config).0,
        PostedAt::Unknown => return i64::MAX,
    };
    match update.evidence {
        Evidence::Committed(seen) | Evidence::Published(seen)
            if seen.as_millisecond() - said_ms > super::ms(TOLERANCE) && !matches!(update.posted, PostedAt::Day(_)) =>
        {
            seen.as_millisecond()
        }
        Evidence::Committed(_) | Evidence::Published(_) | Evidence::MovedIn { .. } | Evidence::None => said_ms,
    }
}
