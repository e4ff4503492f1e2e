//! How one component was at every instant: what monitors measured and what people wrote, laid upon each other.

use std::collections::BTreeMap;

use super::calendar::Calendar;
use super::monitors::{self, Confirmed, Outages};
use super::people::{Post, Told};
use super::piece::{Piece, greatest};
use super::rows::{Monitor, Rows};
use super::state::State;
use crate::model::{Component, Detection, HeldBack, MonitorRef, Outage, Site, Slug};

/// What all components are worked out from.
pub(super) struct Common<'a> {
    pub site: &'a Site,
    pub rows: Rows<'a>,
    pub told: BTreeMap<&'a Slug, Told>,
    /// Incidents and notices, each by its slug and by its first one.
    pub by_slug: BTreeMap<&'a Slug, usize>,
    pub calendar: Calendar,
}

/// How a component was since its first result.
#[derive(Clone, Debug)]
pub(super) struct Timeline<'s> {
    /// From here on anything is known.
    pub first_ms: i64,
    /// By time. What is in none of them was good.
    pub pieces: Vec<Piece<State>>,
    pub monitors: Vec<Monitor<'s>>,
    /// By index.
    pub posts: Vec<Post>,
}

/// `None` where nothing was ever measured.
pub(super) fn timeline<'s>(component: &Component, common: &'s Common<'_>) -> Option<Timeline<'s>> {
    let Common { site, calendar, .. } = common;
    let monitors = common.rows.of(component);
    if monitors.is_empty() {
        return None;
    }
    let told = common.told.get(&component.id);
    let outages = outages(&component.id, common);
    let mut pieces = monitors::states(&monitors, &outages, &site.config.monitoring.uptime, calendar.now_ms);
    pieces.extend(told.iter().flat_map(|told| &told.pieces));
    let posts = told.map_or_else(Vec::new, |told| told.posts.clone());
    Timeline::of(pieces, calendar.now_ms, monitors, posts)
}

impl<'s> Timeline<'s> {
    /// From pieces in any order. What comes before the first result has no beginning.
    pub(super) fn of(
        pieces: Vec<Piece<State>>,
        now_ms: i64,
        monitors: Vec<Monitor<'s>>,
        posts: Vec<Post>,
    ) -> Option<Timeline<'s>> {
        let mut pieces = greatest(pieces);
        let before = pieces.first().filter(|piece| piece.from_ms == i64::MIN);
        let first_ms = before.map_or(now_ms, |piece| piece.to_ms);
        pieces.retain(|piece| piece.from_ms >= first_ms);
        let known_ms = |piece: &Piece<State>| match piece.value {
            State::Unknown(_) | State::Maintenance(_) | State::NotMonitored => 0,
            State::Trouble(_) => piece.to_ms - piece.from_ms,
        };
        let covered_ms: i64 = pieces.iter().map(|piece| piece.to_ms - piece.from_ms).sum();
        let measured_ms = now_ms - first_ms - covered_ms + pieces.iter().map(known_ms).sum::<i64>();
        (measured_ms > 0).then_some(Timeline { first_ms, pieces, monitors, posts })
    }
}

/// Incidents and notices by the slug that they were first published under, and by the one that they have now.
pub(super) fn by_slug(site: &Site) -> BTreeMap<&Slug, usize> {
    let first = site.incidents.iter().enumerate().map(|(index, incident)| (incident.first_slug(), index));
    let now = site.incidents.iter().enumerate().map(|(index, incident)| (&incident.slug, index));
    first.chain(now).collect()
}

/// The outages of each monitor, by the detections that name a component.
fn outages<'a>(id: &Slug, common: &Common<'a>) -> BTreeMap<&'a MonitorRef, Outages> {
    let now_ms = common.calendar.now_ms;
    let mut outages: BTreeMap<&MonitorRef, Outages> = BTreeMap::new();
    for detection in common.site.detections.iter().filter(|detection| detection.components.contains(id)) {
        let of = about(detection, &common.by_slug);
        let void = detection.withdrawn || matches!(detection.held_back, Some(HeldBack::SuspectSource(_)));
        for outage in &detection.outages {
            let known = outages.entry(&outage.monitor).or_default();
            let from_ms = outage.start.as_millisecond();
            let to_ms = outage.end.map_or(now_ms, |end| end.as_millisecond().min(now_ms));
            if void {
                known.void.extend(Piece::new(from_ms, to_ms, of));
            } else {
                let confirmed = Confirmed { kind: outage.kind, share: share_up(outage), of };
                known.confirmed.extend(Piece::new(from_ms, to_ms, confirmed));
            }
        }
    }
    outages
}

/// The incident that covers a detection, or else its own notice, by index.
fn about(detection: &Detection, by_slug: &BTreeMap<&Slug, usize>) -> Option<usize> {
    let covering = detection.covered_by.as_ref().and_then(|slug| by_slug.get(slug));
    covering.or_else(|| by_slug.get(&detection.id)).copied()
}

fn share_up(outage: &Outage) -> Option<u16> {
    let share = (u64::from(outage.fails) * 1000).checked_add(u64::from(outage.results).checked_sub(1)?)?;
    u16::try_from((share / u64::from(outage.results)).min(1000)).ok()
}
