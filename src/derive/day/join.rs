//! The rows of several collectors about the same monitor and day, as one.

use super::sweep::{Piece, sweep};
use super::{DAY_S, Intervals};
use crate::model::{DayRow, DayState, Histogram};

/// Counts and latencies are added; of each slice the worst counts that any collector knows of. A row that another system
/// summed up counts only where there is no other. `None` where there is no row.
///
/// The first row lends its day, monitor and shard.
pub fn join(rows: &[&DayRow]) -> Option<DayRow> {
    let own: Vec<&DayRow> = rows.iter().copied().filter(|row| !row.imported).collect();
    let rows = if own.is_empty() { rows.get(..1).unwrap_or_default() } else { own.as_slice() };
    let (first, others) = rows.split_first()?;
    let mut joined = DayRow::clone(first);
    if others.is_empty() {
        return Some(joined);
    }
    let mut latency = joined.latency.take().unwrap_or_default();
    for row in others {
        joined.results = joined.results.saturating_add(row.results);
        joined.failing = joined.failing.saturating_add(row.failing);
        latency.add(row.latency.as_ref().unwrap_or(&Histogram::default()));
    }
    joined.latency = (!latency.is_empty()).then_some(latency);
    let mut intervals = Intervals::default();
    for piece in sweep(rows.iter().flat_map(|row| pieces_of(row)).collect(), 0, i64::from(DAY_S)) {
        let second = |at: i64| u32::try_from(at).unwrap_or(0);
        let what = piece.key.and_then(|key| key.state.map(|state| (state, key.weight)));
        intervals.push(second(piece.from), second(piece.to), what);
    }
    joined.intervals = intervals.0;
    Some(joined)
}

/// What a collector knows, ordered: whoever knows something goes before whoever knows nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    rank: u8,
    weight: u16,
    /// `None` is up.
    state: Option<DayState>,
}

/// The whole day, time that is up included.
fn pieces_of(row: &DayRow) -> Vec<Piece<Key>> {
    let up =
        |from: u32, to: u32| Piece { from: from.into(), to: to.into(), key: Key { rank: 2, weight: 0, state: None } };
    let mut pieces = Vec::with_capacity(row.intervals.len() * 2 + 1);
    let mut at = 0;
    for interval in &row.intervals {
        pieces.push(up(at, interval.from_s));
        let key = Key { rank: rank(interval.state), weight: interval.weight, state: Some(interval.state) };
        pieces.push(Piece { from: interval.from_s.into(), to: interval.to_s.into(), key });
        at = at.max(interval.to_s);
    }
    pieces.push(up(at, DAY_S));
    pieces
}

fn rank(state: DayState) -> u8 {
    match state {
        DayState::NotMonitored => 0,
        DayState::Unknown => 1,
        // 2 is up.
        DayState::Degraded => 3,
        DayState::Partial => 4,
        DayState::Down => 5,
        DayState::Maintenance => 6,
    }
}
