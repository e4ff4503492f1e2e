//! Staff are called while something is wrong and nobody acts. Pure: the same site, moment and earlier deliveries make the
//! same calls, so that a restart, a clock that goes back or a second runner says nothing twice.
//!
//! - `wrong` says what is wrong now and since when. `calls` says which channel is to hear of it: once it has been so for the
//!   channel's `after`, and again each `again`. A channel with a longer `after` is the next, louder step; it never comes
//!   where somebody has acted before.
//! - One message a wave: what is wrong for the same reason is told together, and what follows within ten minutes of
//!   what a channel has heard waits for the next message instead of making one.
//! - When it is over, whoever was called hears so, once, as soon as the whole wave is over.
//! - In quiet hours nothing is sent. What is still so at their end is told then; what is over by then is not.
//! - A call whose sender died half-way is made again, though it may then come twice: nobody coming is worse.
//!
//! An alarm's address is `alarm/<when>/<of>/<since>`; the same with `/again-<n>` when it is said for the nth time, and with
//! `/over` for the all-clear.

mod calls;
mod ended;
mod feeds;
mod quiet;
mod rounds;
mod wrong;

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};

use crate::derive::Derived;
use crate::model::{Deliveries, Impact, Site, Slug, When};

pub use ended::{Ended, How};

/// A failure without an end that is known is not the same one for longer than this.
const SAME_FAILURE: SignedDuration = SignedDuration::from_hours(7 * 24);

/// How the steps of `upfront run` went, which no file says. By default nothing is known, and nothing said of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Health {
    /// Whether somebody builds and publishes here. Without it a step that does not fail is not taken to be well.
    pub is_known: bool,
    /// Since when every build failed, and why the last one did.
    pub build_failed: Option<(Timestamp, String)>,
    /// Since when publishing failed, or what is served is not what was built; and why.
    pub publish_failed: Option<(Timestamp, String)>,
    /// Feeds that could not be asked: since when, and why. What was ever heard of a feed goes before it.
    pub feeds: BTreeMap<Slug, (Timestamp, String)>,
}

/// Something that is wrong now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trouble {
    pub when: When,
    /// What it is about, as its address says: the id of a detection, the first slug of an incident, the id of a feed …
    pub of: String,
    pub since: Timestamp,
    pub about: About,
    /// What it touches, in the config's order; empty where it concerns all.
    pub components: Vec<Slug>,
    /// How bad it is for readers; `None` where that says nothing.
    pub impact: Option<Impact>,
    /// Everything is good again, not long enough to say that it is over: nobody is called for that.
    pub is_fading: bool,
}

/// What a [`Trouble`] is about, by its place in the [`Site`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum About {
    Detection(usize),
    /// Its next word is overdue.
    Incident(usize),
    /// Its report is due.
    Report(usize),
    FollowUp {
        rfo: usize,
        follow_up: usize,
    },
    /// By its place in the config. `why` it could not be read, where that is known.
    Feed {
        feed: usize,
        why: Option<String>,
    },
    /// Why the last build failed.
    Build(String),
    /// Why publishing failed.
    Publish(String),
}

/// One message to one staff channel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// By its place in the config.
    pub channel: usize,
    pub when: When,
    /// What is told with it, by address; the first one names the message. Never empty.
    pub keys: Vec<String>,
    pub what: What,
}

/// What a call says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// It is wrong. By since, never empty. `times` is how often it is said with this message: 1 for the first.
    Wrong { troubles: Vec<Trouble>, times: u32 },
    /// It is over.
    Over(Vec<Ended>),
}

impl Trouble {
    /// Its address.
    pub fn key(&self) -> String {
        key(self.when, &self.of, self.since)
    }
}

impl Call {
    /// What belongs together in a channel: the beginning of all addresses of one alarm.
    pub fn thread(&self) -> String {
        let first = self.keys.first().map_or("", String::as_str);
        first.splitn(5, '/').take(4).collect::<Vec<_>>().join("/")
    }
}

/// What is to be sent now, in this order, and when something is due next though nothing changes. `ours` says whether a claim
/// is one of an earlier run on this very machine, which is over.
pub fn plan(
    site: &Site,
    derived: &Derived,
    health: &Health,
    deliveries: &Deliveries,
    ours: &dyn Fn(&str) -> bool,
) -> (Vec<Call>, Option<Timestamp>) {
    let mut troubles = wrong::wrong(site, derived, health);
    for trouble in &mut troubles {
        known_since(trouble, deliveries);
    }
    calls::Planner { site, derived, health, deliveries, ours, troubles: &troubles }.plan()
}

/// Since when it is so outlives the process that knows it: what was told and is not over is the same failure.
fn known_since(trouble: &mut Trouble, deliveries: &Deliveries) {
    match trouble.when {
        When::FeedSilent | When::BuildFailed | When::PublishFailed => {}
        When::Unconfirmed | When::UpdateOverdue | When::RfoDue | When::PromiseDue => return,
    }
    let start = format!("alarm/{}/{}/", trouble.when.word(), trouble.of);
    let known = deliveries.beginning_with(&start).filter(|(key, _)| !deliveries.0.contains_key(&format!("{key}/over")));
    // Whoever never heard the end of it may be no channel any more.
    let is_near = |since: &Timestamp| trouble.since.duration_since(*since).abs() <= SAME_FAILURE;
    if let Some(since) = known.filter_map(|(key, _)| since_of(key)).filter(is_near).max() {
        trouble.since = since;
    }
}

/// `alarm/unconfirmed/2026-03-24-1053-imap/20260324T105600Z`
fn key(when: When, of: &str, since: Timestamp) -> String {
    format!("alarm/{}/{of}/{}", when.word(), since.strftime("%Y%m%dT%H%M%SZ"))
}

/// The moment in the address of an alarm that has nothing behind it; `None` for all-clears and what was said again.
fn since_of(key: &str) -> Option<Timestamp> {
    let mut parts = key.split('/').skip(3);
    let (since, more) = (parts.next()?, parts.next());
    let since = jiff::civil::DateTime::strptime("%Y%m%dT%H%M%SZ", since).ok().filter(|_| more.is_none())?;
    Some(since.to_zoned_datetime(jiff::tz::TimeZone::UTC).ok()?.timestamp())
}

#[cfg(test)]
mod tests;
