//! The archive: what began when, and which reports there are.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::fmt;

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};

use super::{FollowUpState, IncidentFacts, Moment, Phase, RfoFacts};
use crate::model::{Config, FollowUp, Kind, Site, Slug};

/// How long an announcement stands on the front page.
const ANNOUNCEMENT: SignedDuration = SignedDuration::from_hours(7 * 24);

/// A calendar month. Ordered; written `2022-03`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Month {
    pub year: i16,
    /// 1 to 12.
    pub month: i8,
}

impl Month {
    /// The month of a day.
    pub fn of(day: Date) -> Month {
        Month { year: day.year(), month: day.month() }
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.year, self.month)
    }
}

/// All incidents by when they began, the newest first; of those that began together the last by source path first, so
/// that the order depends on nothing but the input.
pub(super) fn newest_first(incidents: &[IncidentFacts], config: &Config) -> Vec<usize> {
    let mut all: Vec<(Timestamp, usize)> =
        incidents.iter().enumerate().map(|(index, facts)| (facts.started.timestamp(config), index)).collect();
    all.sort_unstable_by_key(|&key| Reverse(key));
    all.into_iter().map(|(_, index)| index).collect()
}

/// Everything that began, by the month it began in.
pub(super) fn months(
    incidents: &[IncidentFacts],
    newest_first: &[usize],
    config: &Config,
) -> BTreeMap<Month, Vec<usize>> {
    let mut months: BTreeMap<Month, Vec<usize>> = BTreeMap::new();
    for &index in newest_first {
        let facts = &incidents[index];
        if facts.phase != Phase::Upcoming {
            months.entry(Month::of(facts.started.day(config))).or_default().push(index);
        }
    }
    months
}

/// The announcements that are still news.
pub(super) fn announcements(
    site: &Site,
    incidents: &[IncidentFacts],
    newest_first: &[usize],
    now: Timestamp,
) -> Vec<usize> {
    let is_news = |&index: &usize| {
        let age = now.duration_since(incidents[index].updated.timestamp(&site.config));
        matches!(site.incidents[index].kind, Kind::Info) && age < ANNOUNCEMENT
    };
    newest_first.iter().copied().filter(is_news).collect()
}

/// The report of each incident that has one.
pub(super) fn reports_by_incident(site: &Site) -> BTreeMap<&Slug, usize> {
    site.rfos.iter().enumerate().filter_map(|(index, rfo)| rfo.incident.as_ref().map(|slug| (slug, index))).collect()
}

/// One for each of the site's reports.
pub(super) fn rfo_facts(site: &Site, now: Timestamp) -> Vec<RfoFacts> {
    let today = now.to_zoned_datetime(site.config.zone.tz.clone()).date();
    let by_slug: BTreeMap<&Slug, usize> =
        site.incidents.iter().enumerate().map(|(index, incident)| (&incident.slug, index)).collect();
    site.rfos
        .iter()
        .map(|rfo| RfoFacts {
            incident: rfo.incident.as_ref().and_then(|slug| by_slug.get(slug).copied()),
            published: Moment::of(rfo.published, now, &site.config),
            follow_ups: rfo.follow_ups.iter().map(|follow_up| follow_up_state(follow_up, today)).collect(),
        })
        .collect()
}

/// Reports, the newest first.
pub(super) fn reports(rfos: &[RfoFacts], config: &Config) -> Vec<usize> {
    let mut all: Vec<usize> = (0..rfos.len()).collect();
    all.sort_by_key(|&index| Reverse((rfos[index].published.timestamp(config), index)));
    all
}

fn follow_up_state(follow_up: &FollowUp, today: Date) -> FollowUpState {
    if follow_up.dropped.is_some() && follow_up.done.is_none() {
        return FollowUpState::Dropped;
    }
    match (follow_up.due, follow_up.done) {
        (Some(due), Some(done)) if done > due => {
            FollowUpState::DoneLate(due.until(done).map_or(0, |span| span.get_days()))
        }
        (_, Some(_)) => FollowUpState::Done,
        (Some(due), None) if due < today => FollowUpState::Overdue,
        (Some(_), None) => FollowUpState::Due,
        (None, None) => FollowUpState::Open,
    }
}
