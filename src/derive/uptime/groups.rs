//! Groups: the mean of their members, or how it was when all of them must work.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::civil::Date;

use super::piece::{Piece, both, greatest};
use super::state::State;
use super::timeline::Timeline;
use super::{Bar, Span, Uptime, Window};

/// The members' time, added: each member weighs as much as it was measured. A day looks like its worst member's.
/// `None` where no member was ever measured.
///
/// It has no latency, since a mean of answers of different services is nobody's, and no slices: those are its members'.
pub(super) fn mean(members: &[&Arc<Uptime>]) -> Option<Uptime> {
    let mut windows: Vec<Window> = Vec::new();
    let mut bars: BTreeMap<Date, Bar> = BTreeMap::new();
    for member in members {
        for window in &member.windows {
            match windows.iter_mut().find(|known| known.span == window.span) {
                Some(known) => {
                    known.sum += window.sum;
                    (known.start, known.end) = (known.start.min(window.start), known.end.max(window.end));
                }
                None => windows.push(*window),
            }
        }
        for bar in &member.bars {
            bars.entry(bar.day).and_modify(|known| join(known, bar)).or_insert_with(|| bar.clone());
        }
    }
    windows.sort_by_key(|window| order(window.span));
    let finished = |mut bar: Bar| {
        bar.sparse = bar.sum.is_sparse();
        bar.incidents.sort_unstable();
        bar.incidents.dedup();
        bar
    };
    let bars = bars.into_values().map(finished).collect();
    (!windows.is_empty()).then(|| Uptime { windows, bars, latency: Vec::new(), slices: Vec::new() })
}

/// A group that is up while all of its members are: it has the trouble of any of them, else the maintenance of any, else
/// nobody knows as soon as that is so of any. Members that were never measured, or not yet, do not count.
pub(super) fn all<'s>(members: &[&Timeline<'s>], now_ms: i64) -> Option<Timeline<'s>> {
    let mut not_monitored: Option<Vec<Piece<InGroup>>> = None;
    let mut pieces: Vec<Piece<InGroup>> = Vec::new();
    for member in members {
        let before = Piece { from_ms: i64::MIN, to_ms: member.first_ms, value: State::NotMonitored };
        let all = [before].into_iter().chain(member.pieces.iter().copied()).map(InGroup::of);
        let (off, rest): (Vec<_>, Vec<_>) = all.partition(|piece| piece.value.state == State::NotMonitored);
        pieces.extend(rest);
        not_monitored = Some(match not_monitored {
            None => off,
            Some(known) => both(&known, &off, |one, _| one),
        });
    }
    pieces.extend(not_monitored?);
    let pieces = greatest(pieces).into_iter().map(|piece| piece.map(|value| value.state)).collect();
    let mut monitors: Vec<_> = members.iter().flat_map(|member| &member.monitors).copied().collect();
    monitors.sort_unstable_by_key(|&(monitor, _)| monitor);
    monitors.dedup_by_key(|&mut (monitor, _)| monitor);
    let mut posts: Vec<_> = members.iter().flat_map(|member| &member.posts).copied().collect();
    posts.sort_unstable_by_key(|post| post.index);
    posts.dedup_by_key(|post| post.index);
    Timeline::of(pieces, now_ms, monitors, posts)
}

/// A state of a member, ordered by how much it says about the group.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct InGroup {
    rank: u8,
    state: State,
}

impl InGroup {
    fn of(piece: Piece<State>) -> Piece<InGroup> {
        piece.map(|state| {
            let rank = match state {
                State::NotMonitored => 0,
                State::Unknown(_) => 1,
                State::Maintenance(_) => 2,
                State::Trouble(_) => 3,
            };
            InGroup { rank, state }
        })
    }
}

fn join(known: &mut Bar, bar: &Bar) {
    known.class = known.class.max(bar.class);
    known.sum += bar.sum;
    known.incidents.extend(&bar.incidents);
}

/// As the windows of a component stand: the latest stretches by length, then months, quarters, years, newest first, then all.
fn order(span: Span) -> (u8, Reverse<(i16, i8)>) {
    let (kind, of) = match span {
        Span::Hours24 => (0, (0, 0)),
        Span::Days7 => (1, (0, 0)),
        Span::Days30 => (2, (0, 0)),
        Span::Days90 => (3, (0, 0)),
        Span::Days365 => (4, (0, 0)),
        Span::Month(month) => (5, (month.year, month.month)),
        Span::Quarter(year, quarter) => (6, (year, quarter)),
        Span::Year(year) => (7, (year, 0)),
        Span::All => (8, (0, 0)),
    };
    (kind, Reverse(of))
}
