//! Which incident is about which detection.
//!
//! An incident covers a detection if it names one of its components or their group (or names none while the detection is the only
//! outage under way) and either
//!
//! - (a) it begins, by its own times, while the detection is under way or at most [`AFTER`] after its end, or
//! - (b) the detection begins while the incident is open and *fresh*: its last update is not older than twice the
//!   promised interval or six hours, whichever is more. What was posted last week covers nothing of today.
//!
//! A post that says so (`covers`, or a file of the notice's own name) covers it outright. What once covered it stays so.

use jiff::{SignedDuration, Timestamp};

use super::because::{Because, BecauseNot};
use crate::derive::{IncidentFacts, Moment, timeline};
use crate::model::{Incident, Kind, Site, Slug};

/// How long after a detection's end an incident may begin and still be about it.
const AFTER: SignedDuration = SignedDuration::from_mins(30);

/// How old a post's last word may be in any case.
const FRESH_MIN: SignedDuration = SignedDuration::from_hours(6);

/// Everything that people wrote and that can cover a detection.
pub(super) struct Posts<'a> {
    /// The earliest first.
    posts: Vec<Post<'a>>,
    fresh_ms: i64,
    before_ms: i64,
}

/// One post of people. Times in Unix ms.
pub(super) struct Post<'a> {
    pub incident: &'a Incident,
    /// When it began: the first and the last moment that it may have been.
    begin_ms: (i64, i64),
    /// When the first word was written.
    pub posted_ms: i64,
    /// Its updates in their order: when, and whether nothing is expected to follow.
    updates: Vec<(i64, bool)>,
    /// The components that it names, in its front matter or in a heading.
    names: Vec<&'a Slug>,
}

/// A detection as far as coverage is concerned. Times in Unix ms.
pub(super) struct Subject<'s> {
    pub id: &'s Slug,
    pub components: Vec<&'s Slug>,
    pub start_ms: i64,
    pub end_ms: Option<i64>,
    pub closed_ms: Option<i64>,
    /// What covered it before: the first slug of a post.
    pub pinned: Option<&'s Slug>,
}

impl<'a> Posts<'a> {
    pub(super) fn of(site: &'a Site, now: Timestamp) -> Posts<'a> {
        let people = site.incidents.iter().filter(|incident| !matches!(incident.kind, Kind::Notice));
        let mut posts: Vec<Post<'a>> = people.map(|incident| Post::of(incident, now, site)).collect();
        posts.sort_by(|a, b| (a.begin_ms, &a.incident.source).cmp(&(b.begin_ms, &b.incident.source)));
        let promised = site.config.promise.next_update.map_or(0, super::ms);
        Posts {
            posts,
            fresh_ms: promised.saturating_mul(2).max(super::ms(FRESH_MIN)),
            before_ms: super::ms(site.config.monitoring.limits.incident_before),
        }
    }

    /// The post that covers it, if any. `alone` says whether it was the only outage under way at a moment.
    pub(super) fn covering(&self, subject: &Subject<'_>, alone: &dyn Fn(i64) -> bool) -> Option<&Post<'a>> {
        // A withdrawal that names the notice is the last word on it.
        let outright = |post: &&Post<'a>| post.says_so(subject.id);
        self.posts
            .iter()
            .filter(outright)
            .find(|post| matches!(post.incident.kind, Kind::FalseAlarm))
            .or_else(|| self.pinned(subject, Some(subject.id)))
            .or_else(|| self.posts.iter().find(outright))
            .or_else(|| self.pinned(subject, None))
            .or_else(|| self.posts.iter().find(|post| self.covers(post, subject, alone)))
    }

    /// The earliest first.
    pub(super) fn all(&self) -> impl Iterator<Item = &Post<'a>> {
        self.posts.iter()
    }

    /// Which rule makes a post cover it; `None` where none does.
    pub(super) fn because(&self, post: &Post<'_>, subject: &Subject<'_>) -> Option<Because> {
        if post.says_so(subject.id) {
            Some(Because::SaysSo)
        } else if begins_within(post, subject) {
            Some(Because::Began)
        } else if self.is_open_and_fresh(post, subject.start_ms) {
            Some(Because::Fresh)
        } else {
            None
        }
    }

    /// Why a post does not cover it that was begun before and names one of its components.
    pub(super) fn because_not(&self, post: &Post<'_>, subject: &Subject<'_>) -> Option<BecauseNot> {
        let is_about = matches!(post.incident.kind, Kind::Incident) && post.names_any(subject);
        if !is_about || post.begin_ms.0 > subject.start_ms || self.because(post, subject).is_some() {
            return None;
        }
        let before = post.updates.iter().take_while(|(posted_ms, _)| *posted_ms <= subject.start_ms).last();
        let (last_ms, is_over) = before.copied().unwrap_or((post.begin_ms.0, false));
        Some(if is_over { BecauseNot::Over(last_ms) } else { BecauseNot::Stale(last_ms) })
    }

    /// The post that covered it before; with `outright` only where it says so.
    fn pinned(&self, subject: &Subject<'_>, outright: Option<&Slug>) -> Option<&Post<'a>> {
        let pinned = subject.pinned?;
        let is = |post: &&Post<'a>| post.incident.slug == *pinned || post.incident.aliases.contains(pinned);
        self.posts.iter().find(is).filter(|post| outright.is_none_or(|id| post.says_so(id)))
    }

    fn covers(&self, post: &Post<'_>, subject: &Subject<'_>, alone: &dyn Fn(i64) -> bool) -> bool {
        if !matches!(post.incident.kind, Kind::Incident | Kind::FalseAlarm) {
            return false;
        }
        // What withdraws must not hide what comes later: a false alarm is about what had begun when it was written.
        if matches!(post.incident.kind, Kind::FalseAlarm)
            && (!post.incident.covers.is_empty() || post.posted_ms < subject.start_ms)
        {
            return false;
        }
        let in_time = begins_within(post, subject) || self.is_open_and_fresh(post, subject.start_ms);
        in_time && (post.names_any(subject) || post.names.is_empty() && alone(subject.start_ms.max(post.begin_ms.0)))
    }

    /// Rule (b). A post that began so shortly before is about it whatever the promise says.
    fn is_open_and_fresh(&self, post: &Post<'_>, at_ms: i64) -> bool {
        if matches!(post.incident.kind, Kind::FalseAlarm) || post.begin_ms.0 > at_ms {
            return false;
        }
        let before = post.updates.iter().take_while(|(posted_ms, _)| *posted_ms <= at_ms).last();
        let (last_ms, is_over) = before.copied().unwrap_or((post.begin_ms.0, false));
        let age_ms = at_ms.saturating_sub(last_ms);
        !is_over && (age_ms <= self.fresh_ms || at_ms.saturating_sub(post.begin_ms.0) <= self.before_ms)
    }
}

impl<'a> Post<'a> {
    fn of(incident: &'a Incident, now: Timestamp, site: &'a Site) -> Post<'a> {
        let config = &site.config;
        let IncidentFacts { started, .. } = timeline::facts(incident, now, config);
        let moment = |posted| Moment::of(posted, now, config);
        let posted_ms = |posted| moment(posted).timestamp(config).as_millisecond();
        let of_headings = incident.updates.iter().flat_map(|update| update.states.iter().map(|(id, _)| id));
        Post {
            incident,
            begin_ms: super::day_ms(started, config),
            posted_ms: incident.updates.first().map_or(i64::MAX, |first| posted_ms(first.posted)),
            updates: incident.updates.iter().map(|u| (posted_ms(u.posted), u.stage.is_end())).collect(),
            names: incident.components.iter().chain(of_headings).collect(),
        }
    }

    /// Whether it was over before that moment, as its writers said.
    pub(super) fn is_over_before(&self, at_ms: i64) -> bool {
        self.updates.last().is_some_and(|&(posted_ms, is_end)| is_end && posted_ms <= at_ms)
    }

    /// Whether it says so itself. A file of the notice's own name stands at its address, so it is about it.
    fn says_so(&self, id: &Slug) -> bool {
        let own_name = || self.incident.slug == *id || self.incident.aliases.contains(id);
        self.incident.covers.contains(id)
            || matches!(self.incident.kind, Kind::Incident | Kind::FalseAlarm) && own_name()
    }

    fn names_any(&self, subject: &Subject<'_>) -> bool {
        self.names.iter().any(|name| subject.components.contains(name))
    }
}

/// Rule (a). What is taken to be over only later counts as under way until then.
fn begins_within(post: &Post<'_>, subject: &Subject<'_>) -> bool {
    let until_ms = match (subject.end_ms, subject.closed_ms) {
        (Some(end_ms), Some(closed_ms)) => end_ms.saturating_add(super::ms(AFTER)).max(closed_ms),
        _ => i64::MAX,
    };
    post.begin_ms.1 >= subject.start_ms && post.begin_ms.0 <= until_ms
}
