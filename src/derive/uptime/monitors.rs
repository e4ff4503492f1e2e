//! What the monitors of one component say: when none of them knows, and which of their failing results were an outage.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::calendar::{DAY_MS, day_start_ms};
use super::piece::{Piece, both, greatest};
use super::rows::Monitor;
use super::state::{State, Trouble};
use crate::model::{DayRow, DayState, DetectionKind, MonitorRef, UptimeRule};

/// An outage of one monitor, as a detection tells it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Confirmed {
    pub kind: DetectionKind,
    /// Failing results among all, in thousandths, rounded up; `None` where there were no results.
    pub share: Option<u16>,
    /// The index of the incident or notice about it.
    pub of: Option<usize>,
}

/// What detections say of one monitor.
#[derive(Debug, Default)]
pub(super) struct Outages {
    pub confirmed: Vec<Piece<Confirmed>>,
    /// Alarms that were none, or of a source that had trouble itself: it knew nothing then. With the post that says so.
    pub void: Vec<Piece<Option<usize>>>,
}

/// Trouble, and time in which no monitor knows, in no order.
pub(super) fn states(
    monitors: &[Monitor<'_>],
    outages: &BTreeMap<&MonitorRef, Outages>,
    rule: &UptimeRule,
    now_ms: i64,
) -> Vec<Piece<State>> {
    let nothing = Outages::default();
    let mut pieces = Vec::new();
    let mut nobody_knows: Option<Vec<Piece<Gap>>> = None;
    for (monitor, rows) in monitors {
        let outages = outages.get(*monitor).unwrap_or(&nothing);
        let confirmed = greatest(outages.confirmed.clone());
        let mut failing = Vec::new();
        for line in rows.chunk_by(|a, b| Arc::ptr_eq(&a.shard, &b.shard) || a.shard == b.shard) {
            let gaps = gaps(line, &outages.void, now_ms);
            nobody_knows = Some(match nobody_knows {
                None => gaps,
                Some(before) => both(&before, &gaps, Gap::joined),
            });
            failing.extend(failures(line, &confirmed, rule, now_ms));
        }
        failing.sort_unstable();
        pieces
            .extend(failing.iter().filter(|piece| piece.value.imported).map(|piece| piece.value.trouble(*piece, None)));
        pieces.extend(confirmed.iter().flat_map(|outage| trouble(outage, &failing, rule)));
    }
    pieces.extend(nobody_knows.into_iter().flatten().map(|gap| {
        let value = match gap.value {
            Gap::Unknown(of) => State::Unknown(of),
            Gap::NotMonitored => State::NotMonitored,
        };
        Piece { from_ms: gap.from_ms, to_ms: gap.to_ms, value }
    }));
    pieces
}

/// Why a monitor says nothing. Of two reasons of one monitor the greater counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Gap {
    Unknown(Option<usize>),
    NotMonitored,
}

impl Gap {
    /// Of two monitors that say nothing: whoever should have known counts.
    fn joined(self, other: Gap) -> Gap {
        match (self, other) {
            (Gap::NotMonitored, gap) | (gap, Gap::NotMonitored) => gap,
            (Gap::Unknown(one), Gap::Unknown(other)) => Gap::Unknown(one.max(other)),
        }
    }
}

/// When one collector knows nothing of a monitor, up to now: before its first day, on days without a row, where the row
/// says so, and where its alarm was void. A source's own maintenance is such a stretch as well: it measured nothing.
fn gaps(rows: &[&DayRow], void: &[Piece<Option<usize>>], now_ms: i64) -> Vec<Piece<Gap>> {
    let mut gaps: Vec<Piece<Gap>> = Vec::new();
    let mut add = |piece: Option<Piece<Gap>>| gaps.extend(piece.and_then(|piece| piece.within(i64::MIN, now_ms)));
    let mut known_to_ms = None;
    for row in rows {
        let day_ms = day_start_ms(row.day);
        let before = match known_to_ms {
            None => Piece::new(i64::MIN, day_ms, Gap::NotMonitored),
            Some(known_to_ms) => Piece::new(known_to_ms, day_ms, Gap::Unknown(None)),
        };
        add(before);
        for interval in &row.intervals {
            let gap = match interval.state {
                DayState::NotMonitored => Gap::NotMonitored,
                DayState::Unknown | DayState::Maintenance => Gap::Unknown(None),
                DayState::Degraded | DayState::Partial | DayState::Down => continue,
            };
            let (from_ms, to_ms) = limits(day_ms, interval.from_s, interval.to_s);
            add(Piece::new(from_ms, to_ms, gap));
        }
        known_to_ms = Some(day_ms.saturating_add(DAY_MS));
    }
    add(known_to_ms.and_then(|known_to_ms| Piece::new(known_to_ms, now_ms, Gap::Unknown(None))));
    void.iter().for_each(|void| add(Piece::new(void.from_ms, void.to_ms, Gap::Unknown(void.value))));
    greatest(gaps)
}

/// A stretch of failing results.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Failing {
    weight: u16,
    /// The source itself said that part of it fails.
    partial: bool,
    /// Another system's own verdict, which no detection has to confirm.
    imported: bool,
}

impl Failing {
    fn trouble(self, at: Piece<Failing>, of: Option<usize>) -> Piece<State> {
        let value = State::Trouble(Trouble { weight: self.weight, by_people: false, of });
        Piece { from_ms: at.from_ms, to_ms: at.to_ms, value }
    }
}

/// The failing stretches of a collector that can matter: those that touch an outage, and those of another system's days.
fn failures(rows: &[&DayRow], confirmed: &[Piece<Confirmed>], rule: &UptimeRule, now_ms: i64) -> Vec<Piece<Failing>> {
    let mut failing = Vec::new();
    for row in rows {
        let day_ms = day_start_ms(row.day);
        for interval in &row.intervals {
            let weight = match interval.state {
                DayState::Down => interval.weight.min(1000),
                DayState::Partial => rule.partial.min(1000),
                DayState::NotMonitored | DayState::Maintenance | DayState::Unknown | DayState::Degraded => continue,
            };
            let value = Failing { weight, partial: interval.state == DayState::Partial, imported: row.imported };
            let (from_ms, to_ms) = limits(day_ms, interval.from_s, interval.to_s);
            let Some(piece) = Piece::new(from_ms, to_ms.min(now_ms), value) else { continue };
            let first = confirmed.partition_point(|outage| outage.to_ms <= piece.from_ms);
            let touches = confirmed.get(first).is_some_and(|outage| outage.from_ms < piece.to_ms);
            if touches || row.imported {
                failing.push(piece);
            }
        }
    }
    failing
}

/// What an outage weighs; `failing` is sorted. While everything fails, or the source says that part of it does, the failing stretches in it
/// weigh; a brown-out and a slow stretch weigh as a whole, since the good results in them do not mean that it worked.
fn trouble(outage: &Piece<Confirmed>, failing: &[Piece<Failing>], rule: &UptimeRule) -> Vec<Piece<State>> {
    let Piece { from_ms, to_ms, value: Confirmed { kind, share, of } } = *outage;
    let whole = |weight: u16| {
        let value = State::Trouble(Trouble { weight: weight.min(1000), by_people: false, of });
        vec![Piece { from_ms, to_ms, value }]
    };
    // None is longer than a day, so that what can reach into the outage begins at most a day before it.
    let first = failing.partition_point(|piece| piece.from_ms < from_ms.saturating_sub(DAY_MS));
    let near = failing.iter().skip(first).take_while(|piece| piece.from_ms < to_ms);
    let inside = || near.clone().filter_map(|piece| piece.within(from_ms, to_ms));
    let said_partial = || inside().any(|piece| piece.value.partial);
    match (kind, share) {
        (DetectionKind::Degraded, _) => whole(rule.degraded),
        (DetectionKind::Partial, Some(share)) if !said_partial() => whole(share.max(rule.brownout_min)),
        (DetectionKind::Partial | DetectionKind::Down, _) => {
            inside().map(|piece| piece.value.trouble(piece, of)).collect()
        }
    }
}

fn limits(day_ms: i64, from_s: u32, to_s: u32) -> (i64, i64) {
    let at = |second: u32| day_ms.saturating_add(i64::from(second.min(86_400)) * 1000);
    (at(from_s), at(to_s))
}
