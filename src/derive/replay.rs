//! Detection over past results with other thresholds: how often each would have spoken, how soon, and how often in vain.
//!
//! Each trial is the whole of [`observe`](super::observe()), so that joining, maintenance, suspect sources and the limit a
//! day count as they would have. Only what people wrote about outages is left out, and what was published: the question
//! is what the machine would have said by itself.

use jiff::{SignedDuration, Timestamp};

use super::observe::observe;
use crate::model::{Component, Detection, DetectionLimits, Kind, Notices, Series, Site, Slug};

/// People note down roughly when something began: a notice that near an outage is about it.
const TOLERANCE: SignedDuration = SignedDuration::from_mins(10);

/// Thresholds to try.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Thresholds {
    pub detect_after: SignedDuration,
    /// As `detect_after`, for components that are to be fast.
    pub fast_detect_after: SignedDuration,
    pub hold: SignedDuration,
}

/// An outage that really happened, as somebody knows who was there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Real {
    pub component: Slug,
    pub from: Timestamp,
    pub to: Timestamp,
}

/// What the trials made of one component, or of all of them together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Replayed {
    /// `None` for all components together.
    pub component: Option<Slug>,
    /// The first and the last result.
    pub heard: Option<(Timestamp, Timestamp)>,
    /// One for each of the thresholds, in their order.
    pub trials: Vec<Trial>,
}

/// What some thresholds would have published.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trial {
    pub notices: usize,
    /// Outages that would have been found and not told: maintenance, a suspect source, too many a day and the like.
    pub held_back: usize,
    /// From the first failing result to the moment that it was enough: the middle one of all notices.
    pub delay: Option<SignedDuration>,
    /// How it stands against what really happened, where that is known.
    pub judged: Option<Judged>,
}

/// Notices against what really happened while results were heard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Judged {
    /// Notices of nothing.
    pub false_notices: usize,
    pub real: usize,
    /// Outages without a notice.
    pub missed: usize,
}

impl Thresholds {
    /// Those that the site has.
    pub fn of(limits: &DetectionLimits) -> Thresholds {
        Thresholds { detect_after: limits.detect_after, fast_detect_after: limits.fast_detect_after, hold: limits.hold }
    }
}

/// Tries each of `tried` on the results of `site` from `from` on. A row for each of `components`, then one for all of
/// them together.
pub fn replay(
    site: Site,
    components: &[Slug],
    tried: &[Thresholds],
    real: Option<&[Real]>,
    from: Option<Timestamp>,
    now: Timestamp,
) -> Vec<Replayed> {
    let mut site = without_people(site, from);
    let heard: Vec<_> = components.iter().map(|id| heard(&site, id)).collect();
    let mut rows: Vec<Replayed> = components
        .iter()
        .zip(&heard)
        .map(|(id, heard)| Replayed { component: Some(id.clone()), heard: *heard, trials: Vec::new() })
        .collect();
    rows.push(Replayed { component: None, heard: whole(&heard), trials: Vec::new() });
    for thresholds in tried {
        let limits = &mut site.config.monitoring.limits;
        limits.detect_after = thresholds.detect_after;
        limits.fast_detect_after = thresholds.fast_detect_after;
        limits.hold = thresholds.hold;
        site = observe(site, now);
        for row in &mut rows {
            let about = row.component.as_slice();
            let about = if about.is_empty() { components } else { about };
            row.trials.push(trial(&site.detections, about, row.heard, real, now));
        }
        forget(&mut site);
    }
    rows
}

/// The site as it would be if nobody had written of outages, and every component would speak for itself.
fn without_people(mut site: Site, from: Option<Timestamp>) -> Site {
    site.incidents.retain(|incident| matches!(incident.kind, Kind::Maintenance(_)));
    site.monitoring.ledger.clear();
    site.monitoring.days.clear();
    site.config.monitoring.notices = Notices::On;
    for component in &mut site.config.components {
        component.watch.notices = None;
    }
    if let Some(from) = from {
        site.monitoring.series.values_mut().for_each(|series| cut(series, from.as_millisecond()));
    }
    site
}

fn cut(series: &mut Series, from_ms: i64) {
    let first = series.checks.partition_point(|check| check.at_ms < from_ms);
    series.checks.drain(..first);
    series.spans.retain(|span| span.from_ms >= from_ms);
}

fn forget(site: &mut Site) {
    site.incidents.retain(|incident| !matches!(incident.kind, Kind::Notice));
    site.detections.clear();
}

fn heard(site: &Site, id: &Slug) -> Option<(Timestamp, Timestamp)> {
    let component = site.config.component(id)?;
    let monitors = site.monitoring.monitors_of(id, &component.watch);
    let series: Vec<&Series> = monitors.iter().filter_map(|monitor| site.monitoring.series.get(monitor)).collect();
    let of_checks = |series: &&Series| series.checks.first().zip(series.checks.last()).map(|(a, b)| (a.at_ms, b.at_ms));
    let of_spans = |series: &&Series| {
        let last = series.spans.iter().filter_map(|span| span.to_ms.or(Some(span.from_ms))).max();
        series.spans.first().map(|span| span.from_ms).zip(last)
    };
    let all = || series.iter().filter_map(of_checks).chain(series.iter().filter_map(of_spans));
    let moment = |at_ms: i64| Timestamp::from_millisecond(at_ms).ok();
    let (first_ms, last_ms) = (all().map(|heard| heard.0).min()?, all().map(|heard| heard.1).max()?);
    moment(first_ms).zip(moment(last_ms))
}

fn whole(heard: &[Option<(Timestamp, Timestamp)>]) -> Option<(Timestamp, Timestamp)> {
    let first = heard.iter().flatten().map(|heard| heard.0).min();
    first.zip(heard.iter().flatten().map(|heard| heard.1).max())
}

fn trial(
    detections: &[Detection],
    about: &[Slug],
    heard: Option<(Timestamp, Timestamp)>,
    real: Option<&[Real]>,
    now: Timestamp,
) -> Trial {
    let concerns = |detection: &&Detection| detection.components.iter().any(|id| about.contains(id));
    let all: Vec<&Detection> = detections.iter().filter(concerns).collect();
    let notices: Vec<&Detection> = all.iter().copied().filter(|detection| detection.held_back.is_none()).collect();
    Trial {
        notices: notices.len(),
        held_back: all.len().saturating_sub(notices.len()),
        delay: median(notices.iter().map(|notice| notice.detected.duration_since(notice.start)).collect()),
        judged: real.zip(heard).map(|(real, heard)| judge(&notices, about, heard, real, now)),
    }
}

fn judge(
    notices: &[&Detection],
    about: &[Slug],
    (first, last): (Timestamp, Timestamp),
    real: &[Real],
    now: Timestamp,
) -> Judged {
    let near = |notice: &Detection, real: &Real| {
        let end = notice.end.unwrap_or(now);
        notice.components.contains(&real.component)
            && notice.start.duration_since(real.to) <= TOLERANCE
            && real.from.duration_since(end) <= TOLERANCE
    };
    let known = |real: &&Real| about.contains(&real.component) && real.from <= last && first <= real.to;
    let known: Vec<&Real> = real.iter().filter(known).collect();
    Judged {
        false_notices: notices.iter().filter(|notice| !real.iter().any(|real| near(notice, real))).count(),
        real: known.len(),
        missed: known.iter().filter(|real| !notices.iter().any(|notice| near(notice, real))).count(),
    }
}

/// The middle one; of two in the middle the longer.
fn median(mut all: Vec<SignedDuration>) -> Option<SignedDuration> {
    all.sort_unstable();
    all.get(all.len() / 2).copied()
}

/// The components of the config that monitors speak for, in its order.
pub fn watched(site: &Site) -> Vec<Slug> {
    let speaks = |component: &&Component| {
        let monitors = site.monitoring.monitors_of(&component.id, &component.watch);
        monitors.iter().any(|monitor| site.monitoring.series.contains_key(monitor))
    };
    site.config.components.iter().filter(speaks).map(|component| component.id.clone()).collect()
}

#[cfg(test)]
mod tests;
