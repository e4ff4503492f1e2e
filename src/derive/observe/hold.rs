//! Why a detection is not published by itself, in this order: announced maintenance, people who had written already, an
//! outage of what it depends on, a source with trouble of its own, what the config says, and more than enough for one day.
//!
//! What was published once is not held back afterwards.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::cause::Case;
use super::cover::Post;
use super::sources::Sources;
use super::{at, ms};
use crate::model::{Detection, HeldBack, Kind, Notices, Site};

/// What becomes of one detection.
pub(super) enum Verdict {
    /// It has a notice since then, Unix ms.
    Published(i64),
    Held(HeldBack),
}

pub(super) struct Holder<'a, 'b> {
    pub site: &'a Site,
    pub sources: &'b Sources<'a>,
    pub cases: &'b [Case<'a>],
    /// How many notices each component has on each UTC day.
    told: BTreeMap<(usize, Date), u32>,
}

impl<'a, 'b> Holder<'a, 'b> {
    pub(super) fn new(site: &'a Site, sources: &'b Sources<'a>, cases: &'b [Case<'a>]) -> Holder<'a, 'b> {
        Holder { site, sources, cases, told: BTreeMap::new() }
    }

    /// Asked in the order in which they were decided.
    pub(super) fn verdict(&mut self, case: &Case<'a>, detection: &Detection, post: Option<&Post<'_>>) -> Verdict {
        if let Some(published) = detection.published {
            self.count(case, published.as_millisecond());
            return Verdict::Published(published.as_millisecond());
        }
        // What is over is over: another config, or another post, does not publish it afterwards.
        if let (Some(held), Some(_), true) = (&detection.held_back, detection.closed, super::is_frozen(case)) {
            return Verdict::Held(held.clone());
        }
        self.reason(case, detection, post)
    }

    fn reason(&mut self, case: &Case<'a>, detection: &Detection, post: Option<&Post<'_>>) -> Verdict {
        let quiet = case.bouts.iter().map(|bout| bout.quiet).collect::<Option<Vec<_>>>();
        if let Some(work) = quiet.and_then(|works| works.first().copied()) {
            return Verdict::Held(HeldBack::Maintenance(work.clone()));
        }
        let group_wait_ms = ms(self.site.config.monitoring.limits.group_wait);
        let released = case.bouts.iter().filter_map(|bout| bout.released_ms).max();
        let mut from_ms = detection.detected.as_millisecond().saturating_add(group_wait_ms);
        from_ms = released.map_or(from_ms, |released| from_ms.max(released));
        if let Some(post) = post.filter(|post| post.posted_ms <= from_ms && !matches!(post.incident.kind, Kind::Info)) {
            return Verdict::Held(HeldBack::Incident(post.incident.slug.clone()));
        }
        if let Some(parent) = self.parent(case) {
            return Verdict::Held(HeldBack::Parent(parent));
        }
        if let Some((feed, believed_ms)) = self.sources.suspect(case) {
            match believed_ms {
                None => return Verdict::Held(HeldBack::SuspectSource(feed.clone())),
                Some(believed_ms) => from_ms = from_ms.max(believed_ms),
            }
        }
        match self.notices(case) {
            Notices::On => {}
            Notices::Draft => return Verdict::Held(HeldBack::Draft),
            Notices::Off => return Verdict::Held(HeldBack::Off),
        }
        if self.is_too_many(case, from_ms) {
            return Verdict::Held(HeldBack::TooMany);
        }
        self.count(case, from_ms);
        Verdict::Published(from_ms)
    }

    /// The id of an open detection of a monitor that every one of these depends on.
    fn parent(&self, case: &Case<'a>) -> Option<crate::model::Slug> {
        let first = case.bouts.first()?;
        let of = |other: &&Case<'a>| {
            let open = other.detected_ms() < case.detected_ms()
                && other.closed_ms().is_none_or(|closed_ms| closed_ms >= first.start_ms);
            open && case.bouts.iter().all(|bout| {
                let parents = self.sources.parents(bout.monitor);
                other.monitors().any(|one| one.feed == bout.monitor.feed && parents.contains(&one.monitor))
            })
        };
        self.cases.iter().find(of)?.id.clone()
    }

    /// The most public way of any of its components.
    fn notices(&self, case: &Case<'a>) -> Notices {
        let components = &case.components;
        let of = |index: &usize| Some(notices_of(self.site, &self.site.config.components.get(*index)?.id));
        components.iter().filter_map(of).min().unwrap_or(Notices::Off)
    }

    fn is_too_many(&self, case: &Case<'a>, from_ms: i64) -> bool {
        let most = self.site.config.monitoring.limits.per_day;
        let told = |index: &usize| self.told.get(&(*index, day(from_ms))).copied().unwrap_or_default();
        case.components.iter().any(|index| told(index) >= most)
    }

    fn count(&mut self, case: &Case<'a>, from_ms: i64) {
        for &index in &case.components {
            *self.told.entry((index, day(from_ms))).or_default() += 1;
        }
    }
}

/// What the config says about detections of a component.
pub(super) fn notices_of(site: &Site, component: &crate::model::Slug) -> Notices {
    let own = site.config.component(component).and_then(|component| component.watch.notices);
    own.unwrap_or(site.config.monitoring.notices)
}

/// UTC.
fn day(at_ms: i64) -> Date {
    at(at_ms).to_zoned_datetime(jiff::tz::TimeZone::UTC).date()
}
