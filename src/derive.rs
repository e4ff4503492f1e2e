//! What is true at one moment: `(Site, now) → Derived`, a pure function.
//!
//! Nothing here reads a file or a clock, and nothing makes HTML. Every rule of the field stands in this room: when an
//! incident is open, what state a component is in, in which month something is filed, what is due next.

pub mod accounts;
pub mod checks;
pub mod day;
pub mod detect;
mod due;
pub mod explain;
mod fingerprint;
mod history;
mod measured;
mod observe;
pub mod promises;
pub mod replay;
pub mod response;
mod state;
mod timeline;
pub mod uptime;
mod watched;

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};

use crate::model::{ComponentState, Config, Incident, Kind, Places, PostedAt, Site, Slug, Stage};

pub use due::{Due, DueReason};
pub use fingerprint::fingerprint;
pub use history::Month;
pub use observe::draft_notice;
pub use observe::observe;
use promises::{Ledger, Owed};
use response::{Record, Response};
use uptime::Uptime;

/// All that pages and feeds state, for one moment. Refers to incidents and reports by their index in the [`Site`].
#[derive(Clone, Debug)]
pub struct Derived {
    pub now: Timestamp,
    /// One for each of the site's incidents, in the same order.
    pub incidents: Vec<IncidentFacts>,
    /// One for each of the site's reports, in the same order.
    pub rfos: Vec<RfoFacts>,
    /// One for each of the config's components, in the same order.
    pub components: Vec<ComponentFacts>,
    /// The worst state of any component, or of an incident that names none.
    pub overall: ComponentState,
    /// One for each of the config's groups, in the same order; `None` where nothing was ever measured.
    pub group_uptime: Vec<Option<Arc<Uptime>>>,
    /// Published detections of the last 90 days that no person has explained, under way or over, newest first, by index
    /// into [`Site::detections`]. Each has a notice among the site's incidents, whose slug is its id.
    pub unexplained: Vec<usize>,
    /// Since when nothing was heard from any monitor, where that is so.
    pub silent_since: Option<Timestamp>,
    /// Disturbances under way: worst first, then the one that was written about last.
    pub open: Vec<usize>,
    /// Maintenance under way, the one that ends first first.
    pub maintenance_active: Vec<usize>,
    /// Maintenance to come, the nearest first.
    pub maintenance_upcoming: Vec<usize>,
    /// Announcements of the last seven days, newest first.
    pub announcements: Vec<usize>,
    /// Everything by the month it began in (site's zone), newest first in each. What is only planned is not in it.
    pub months: BTreeMap<Month, Vec<usize>>,
    /// Reports, newest first.
    pub reports: Vec<usize>,
    /// What reports promised, and which reports are overdue.
    pub promises: Ledger,
    /// How fast people answered, over time.
    pub record: Record,
    /// The nearest moment at which the site changes by itself, so that it must be built again.
    pub due: Option<Due>,
}

/// What holds of one incident.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct IncidentFacts {
    pub phase: Phase,
    /// The stage it is in. Maintenance moves on by itself with the clock.
    pub stage: Stage,
    pub started: Moment,
    /// When it ended; `None` while it has not.
    pub ended: Option<Moment>,
    /// For each update the states that it changed, against those before it.
    pub changes: Vec<Vec<(Slug, ComponentState)>>,
    /// The state in which it holds each component now; empty unless it is under way.
    pub states: Vec<(Slug, ComponentState)>,
    /// The worst state in which it ever held a component.
    pub worst: ComponentState,
    /// Its report.
    pub rfo: Option<usize>,
    /// When the next word was promised; `None` once it is over or where nothing was promised.
    pub next_update: Option<NextUpdate>,
    /// When the newest update was posted.
    pub updated: Moment,
    /// The detections that it covers (for a notice: its own), by index into [`Site::detections`].
    pub detections: Vec<usize>,
    /// What the monitors say of it, in numbers; `None` where they said nothing.
    pub measured: Option<Measured>,
    /// The notices whose place it took, oldest first: as they stood when its first word was posted. Feeds keep their entries.
    pub taken_over: Vec<Incident>,
    /// How people answered; `None` for planned work, announcements and withdrawn alarms.
    pub response: Option<Response>,
    /// How its report stands.
    pub owed: Owed,
    /// How long it lasted, until now where it goes on; `None` where only days are known, and of what is not a disturbance.
    pub length: Option<SignedDuration>,
}

/// What monitors measured of an incident, all its detections together.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Measured {
    /// The first failing result.
    pub start: Timestamp,
    /// When it was first detected.
    pub detected: Timestamp,
    /// The first good result after the last failing one; `None` while it goes on.
    pub end: Option<Timestamp>,
    pub places: Places,
    /// Text and measurement differ by more than ten minutes at their start, at their end.
    pub start_differs: bool,
    pub end_differs: bool,
    /// People say that it is over, or that a component works, and monitors that it still fails; or the other way round.
    pub disagreement: Option<Disagreement>,
}

/// How people and monitors differ now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Disagreement {
    /// Still failing, though people say it works.
    StillFailing,
    /// All checks are good, though people say it is broken.
    AllGood,
}

/// Where something stands in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Phase {
    /// Planned for later.
    Upcoming,
    /// Going on now.
    Ongoing,
    Over,
}

/// A promised next word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct NextUpdate {
    pub at: Timestamp,
    pub overdue: bool,
}

/// A point in time, as exactly as it is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Moment {
    At(Timestamp),
    /// Only the day, in the site's zone.
    Day(Date),
}

/// What holds of one report.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct RfoFacts {
    /// The incident it explains.
    pub incident: Option<usize>,
    pub published: Moment,
    /// One for each follow-up.
    pub follow_ups: Vec<FollowUpState>,
}

/// How a promise stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FollowUpState {
    /// Its day has passed and it is not done.
    Overdue,
    /// Open, and its day has not passed.
    Due,
    /// Open, without a date.
    Open,
    /// Done, so many days after its date.
    DoneLate(i32),
    Done,
    /// It will not be done, and the report says why.
    Dropped,
}

/// What holds of one component.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ComponentFacts {
    pub state: ComponentState,
    /// What holds it in that state, and all else under way that names it.
    pub because: Vec<usize>,
    /// Every incident, maintenance and withdrawn alarm that names it, newest first; what is only planned is not in it.
    pub history: Vec<usize>,
    /// When the last disturbance that names it ended; `None` where there was none, or one is under way.
    pub last_trouble_ended: Option<Moment>,
    /// What its monitors say; `None` where it has none.
    pub watched: Option<Watched>,
    /// `None` where nothing was ever measured.
    pub uptime: Option<Arc<Uptime>>,
}

/// What the monitors of a component say now.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Watched {
    /// The worst that a detection under way says, covered or not.
    pub state: ComponentState,
    /// The newest result of any of them.
    pub last_result: Option<Timestamp>,
    /// None of them is heard of any more: no data.
    pub silent: bool,
    /// One of them fails, not long enough to say more.
    pub checking: bool,
    /// Detections under way, by index into [`Site::detections`].
    pub detections: Vec<usize>,
}

impl Moment {
    /// The day in the site's zone.
    pub fn day(self, config: &Config) -> Date {
        match self {
            Moment::At(at) => at.to_zoned_datetime(config.zone.tz.clone()).date(),
            Moment::Day(day) => day,
        }
    }

    /// A timestamp for sorting and for formats that know nothing less exact: noon of the day where only that is known.
    pub fn timestamp(self, config: &Config) -> Timestamp {
        match self {
            Moment::At(at) => at,
            Moment::Day(day) => noon(day, config),
        }
    }

    /// As exactly as the update's time is known; what nothing dates counts as of the build's day.
    pub fn of(posted: PostedAt, now: Timestamp, config: &Config) -> Moment {
        match posted {
            PostedAt::Written(at) | PostedAt::FromGit(at) => Moment::At(at),
            PostedAt::Day(day) => Moment::Day(day),
            PostedAt::Unknown => Moment::Day(now.to_zoned_datetime(config.zone.tz.clone()).date()),
        }
    }
}

fn noon(day: Date, config: &Config) -> Timestamp {
    day.at(12, 0, 0, 0).to_zoned_datetime(config.zone.tz.clone()).map_or(Timestamp::MIN, |at| at.timestamp())
}

/// Works out everything for the moment `now`.
pub fn derive(site: &Site, now: Timestamp) -> Derived {
    let config = &site.config;
    let reports_by_incident = history::reports_by_incident(site);
    let mut incidents: Vec<IncidentFacts> = site
        .incidents
        .iter()
        .map(|incident| IncidentFacts {
            rfo: reports_by_incident.get(&incident.slug).copied(),
            ..timeline::facts(incident, now, config)
        })
        .collect();
    measured::fill(site, &mut incidents);
    let rfos = history::rfo_facts(site, now);
    for (incident, facts) in site.incidents.iter().zip(&mut incidents) {
        facts.length = response::length(incident, facts, now);
        facts.response = response::response(site, incident, facts, now);
        facts.owed = promises::owed(site, incident, facts, facts.rfo.and_then(|index| rfos.get(index)), now);
    }
    let ledger = promises::ledger(site, &incidents, &rfos);
    let newest_first = history::newest_first(&incidents, config);
    let mut components = state::components(site, &incidents, &newest_first, now);
    let numbers = uptime::numbers(site, &incidents, now);
    components.iter_mut().zip(numbers.components).for_each(|(known, uptime)| known.uptime = uptime);
    let under_way = |kind: fn(&Kind) -> bool, phase: Phase| -> Vec<usize> {
        let is = |&index: &usize| kind(&site.incidents[index].kind) && incidents[index].phase == phase;
        newest_first.iter().copied().filter(is).collect()
    };
    let is_maintenance = |kind: &Kind| matches!(kind, Kind::Maintenance(_));

    let mut open = under_way(|kind| matches!(kind, Kind::Incident | Kind::Notice), Phase::Ongoing);
    open.sort_by_key(|&index| {
        let updated = incidents[index].updated.timestamp(config);
        std::cmp::Reverse((state::severity(&site.incidents[index], &incidents[index]), updated))
    });
    let mut maintenance_active = under_way(is_maintenance, Phase::Ongoing);
    maintenance_active.sort_by_key(|&index| timeline::planned_end(&site.incidents[index]).unwrap_or(Timestamp::MAX));
    let mut maintenance_upcoming = under_way(is_maintenance, Phase::Upcoming);
    maintenance_upcoming.sort_by_key(|&index| incidents[index].started.timestamp(config));

    Derived {
        now,
        group_uptime: numbers.groups,
        unexplained: watched::unexplained(site, now),
        silent_since: watched::silent_since(&components),
        overall: state::overall(site, &incidents, &components),
        announcements: history::announcements(site, &incidents, &newest_first, now),
        months: history::months(&incidents, &newest_first, config),
        reports: history::reports(&rfos, config),
        due: due::next(site, &incidents, &rfos, now),
        record: response::record::record(site, &incidents, &rfos, now),
        promises: ledger,
        incidents,
        rfos,
        components,
        open,
        maintenance_active,
        maintenance_upcoming,
    }
}

#[cfg(test)]
mod tests;
