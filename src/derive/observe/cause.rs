//! Bouts of the same cause → one case: what becomes a detection.
//!
//! A bout joins a case of the same component while that is open, and for the time of a relapse after it was closed. It joins
//! a case of the same group, of a monitor that one of them depends on, or of the same failing source, if it comes within the
//! group window. Everything else is a case of its own. A relapse whose post was resolved meanwhile is one too: what is
//! resolved covers nothing new.
//!
//! Cases are gone through in the order in which bouts were decided, so that what was published yesterday is put together
//! the same today. Entries of the ledger are cases from the start.

use std::collections::BTreeSet;

use super::bout::Bout;
use super::cover::{Posts, Subject};
use super::sources::Sources;
use crate::model::{Detection, MonitorRef, Site, Slug};

/// How long a case can still be joined after everything that says so, in ms: bouts come in the order in which they were
/// decided, and one that was decided later may have begun earlier.
const SLACK_MS: i64 = 24 * 60 * 60 * 1000;

/// A detection on its way.
#[derive(Debug)]
pub(super) struct Case<'a> {
    /// Minted once all cases are known; that of the ledger from the start.
    pub id: Option<Slug>,
    pub ledger: Option<&'a Detection>,
    /// In the order in which they were decided.
    pub bouts: Vec<Bout<'a>>,
    /// Of a source whose monitors fail together: the feed.
    pub burst: Option<&'a Slug>,
    /// By index into the config's, without those that it no longer knows.
    pub components: BTreeSet<usize>,
    /// When it was taken to be over, Unix ms; while it is open the end of time.
    until_ms: i64,
}

impl<'a> Case<'a> {
    fn of_ledger(site: &Site, entry: &'a Detection) -> Case<'a> {
        let known = |id: &Slug| site.config.components.iter().position(|component| component.id == *id);
        Case {
            id: Some(entry.id.clone()),
            ledger: Some(entry),
            bouts: Vec::new(),
            burst: None,
            components: entry.components.iter().filter_map(known).collect(),
            until_ms: entry.closed.map_or(i64::MAX, |closed| closed.as_millisecond()),
        }
    }

    fn new(bout: Bout<'a>, burst: Option<&'a Slug>) -> Case<'a> {
        let until_ms = bout.closed_ms.unwrap_or(i64::MAX);
        let components = bout.components.iter().copied().collect();
        Case { id: None, ledger: None, bouts: vec![bout], burst, components, until_ms }
    }

    fn push(&mut self, bout: Bout<'a>) {
        let until_ms = bout.closed_ms.unwrap_or(i64::MAX);
        // What the ledger says of an open one is older than what its monitors say now.
        let is_first_word = self.bouts.is_empty() && self.ledger.is_some_and(Detection::is_open);
        self.until_ms = if is_first_word { until_ms } else { self.until_ms.max(until_ms) };
        self.components.extend(bout.components.iter().copied());
        self.bouts.push(bout);
    }

    /// When it was first decided, Unix ms.
    pub(super) fn detected_ms(&self) -> i64 {
        let of_ledger = self.ledger.map(|ledger| ledger.detected.as_millisecond());
        of_ledger.or(self.bouts.first().map(|bout| bout.detected_ms)).unwrap_or(i64::MAX)
    }

    /// When it was taken to be over, Unix ms; `None` while it is open.
    pub(super) fn closed_ms(&self) -> Option<i64> {
        (self.until_ms < i64::MAX).then_some(self.until_ms)
    }

    pub(super) fn monitors(&self) -> impl Iterator<Item = &MonitorRef> {
        let of_ledger = self.ledger.into_iter().flat_map(|ledger| ledger.outages.iter().map(|outage| &outage.monitor));
        of_ledger.chain(self.bouts.iter().map(|bout| bout.monitor))
    }

    fn is_quiet(&self) -> bool {
        self.bouts.iter().all(|bout| bout.quiet.is_some()) && (self.ledger.is_none() || super::is_quiet(self.ledger))
    }
}

/// What puts bouts together.
pub(super) struct Gatherer<'a, 'b> {
    pub site: &'a Site,
    pub sources: &'b Sources<'a>,
    pub posts: &'b Posts<'a>,
}

impl<'a> Gatherer<'a, '_> {
    /// Every case: those of the ledger in its order, then new ones as they were decided.
    pub(super) fn gather(&self, bouts: Vec<Bout<'a>>) -> Vec<Case<'a>> {
        let ledger = self.site.monitoring.ledger.iter();
        let mut cases: Vec<Case<'a>> = ledger.map(|entry| Case::of_ledger(self.site, entry)).collect();
        let mut live: Vec<usize> = (0..cases.len()).collect();
        let relapse_ms = super::ms(self.site.config.monitoring.limits.relapse);
        for bout in bouts {
            // A ledger is years long, and what ended before this bout began has no part in it.
            let since_ms = bout.start_ms.saturating_sub(relapse_ms).saturating_sub(SLACK_MS);
            live.retain(|&at| cases.get(at).is_some_and(|case| case.until_ms >= since_ms));
            let burst = self.sources.burst(&bout);
            let fit = live.iter().filter_map(|&at| {
                let case = cases.get(at)?;
                Some((self.fit(case, &bout, burst)?, case.detected_ms(), at))
            });
            match fit.max().and_then(|(_, _, at)| cases.get_mut(at)) {
                Some(case) => {
                    case.burst = case.burst.or(burst);
                    case.push(bout);
                }
                None => {
                    live.push(cases.len());
                    cases.push(Case::new(bout, burst));
                }
            }
        }
        cases
    }

    /// How well a bout fits a case; `None` where it does not.
    fn fit(&self, case: &Case<'a>, bout: &Bout<'a>, burst: Option<&Slug>) -> Option<Fit> {
        if continues(case, bout) {
            return Some(Fit::Continues);
        }
        if case.is_quiet() != bout.quiet.is_some() {
            return None;
        }
        let limits = &self.site.config.monitoring.limits;
        let (closed_ms, components) = (case.until_ms, &case.components);
        let relapse_until_ms = closed_ms.saturating_add(super::ms(limits.relapse));
        if bout.components.iter().any(|index| components.contains(index)) && bout.start_ms <= relapse_until_ms {
            let is_relapse = bout.start_ms > closed_ms;
            return (!is_relapse || !self.was_resolved(case, bout.start_ms)).then_some(Fit::SameComponent);
        }
        let apart_ms = bout.detected_ms.saturating_sub(case.detected_ms());
        let in_window = apart_ms.saturating_abs() <= super::ms(limits.group_window) && bout.start_ms <= closed_ms;
        let is_kin = in_window
            && (self.same_group(components, &bout.components)
                || self.sources.depend(case, bout)
                || burst.is_some() && case.burst == burst);
        is_kin.then_some(Fit::Kin)
    }

    fn same_group(&self, some: &BTreeSet<usize>, others: &[usize]) -> bool {
        let group = |index: &usize| self.site.config.components.get(*index).and_then(|one| one.group.as_ref());
        others.iter().filter_map(group).any(|wanted| some.iter().filter_map(group).any(|found| found == wanted))
    }

    /// Whether people had resolved what they wrote about the case before that moment.
    fn was_resolved(&self, case: &Case<'a>, at_ms: i64) -> bool {
        let id = case.id.clone().or_else(|| name(self.site, case));
        let Some(id) = id else { return false };
        let components = self.site.config.components.iter().enumerate();
        let of_case = &case.components;
        let of_ledger =
            |moment: fn(&Detection) -> jiff::Timestamp| case.ledger.map(|entry| moment(entry).as_millisecond());
        let starts = case.bouts.iter().map(|bout| bout.start_ms);
        let subject = Subject {
            id: &id,
            components: components.filter(|(index, _)| of_case.contains(index)).map(|(_, one)| &one.id).collect(),
            start_ms: of_ledger(|entry| entry.start).or(starts.min()).unwrap_or(i64::MAX),
            end_ms: case.closed_ms(),
            closed_ms: case.closed_ms(),
            pinned: case.ledger.and_then(|entry| entry.covered_by.as_ref()),
        };
        self.posts.covering(&subject, &|_| true).is_some_and(|post| post.is_over_before(at_ms))
    }
}

/// Ordered: of several cases a bout joins the one that it fits best, and of those the newest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Fit {
    Kin,
    SameComponent,
    Continues,
}

/// Whether the ledger knows this very bout. What is looked at may begin later than the outage did.
pub(super) fn continues(case: &Case<'_>, bout: &Bout<'_>) -> bool {
    let outages = case.ledger.into_iter().flat_map(|ledger| &ledger.outages);
    outages.filter(|outage| outage.monitor == *bout.monitor).any(|outage| {
        let end_ms = outage.end.map_or(i64::MAX, |end| end.as_millisecond());
        bout.start_ms <= end_ms && outage.start.as_millisecond() <= bout.end_ms.unwrap_or(i64::MAX)
    })
}

/// The id of a case that has none: the minute of its start, and the component, or the group where it is several of one.
/// Only what was decided before it could be published has a say, so that the name never changes.
pub(super) fn name(site: &Site, case: &Case<'_>) -> Option<Slug> {
    let start_ms = minted(site, case).map(|bout| bout.start_ms).min()?;
    let indexes: BTreeSet<usize> = minted(site, case).flat_map(|bout| bout.components.iter().copied()).collect();
    let mut components = indexes.iter().filter_map(|&index| site.config.components.get(index));
    let first = components.next()?;
    let group = first
        .group
        .as_ref()
        .filter(|group| indexes.len() > 1 && components.all(|one| one.group.as_ref() == Some(group)));
    let minute = super::at(start_ms).strftime("%Y-%m-%d-%H%M");
    Slug::from_text(&format!("{minute}-{}", group.unwrap_or(&first.id)))
}

/// When a new case began, by what was decided before it could be published. Unix ms.
pub(super) fn start_ms(site: &Site, case: &Case<'_>) -> i64 {
    minted(site, case).map(|bout| bout.start_ms).min().unwrap_or(i64::MAX)
}

fn minted<'c, 'a>(site: &Site, case: &'c Case<'a>) -> impl Iterator<Item = &'c Bout<'a>> {
    let until_ms = case.detected_ms().saturating_add(super::ms(site.config.monitoring.limits.group_wait));
    case.bouts.iter().filter(move |bout| bout.detected_ms <= until_ms)
}
