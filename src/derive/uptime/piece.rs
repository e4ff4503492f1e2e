//! Stretches of time with a value, and the two ways in which they are laid upon each other.

use std::collections::BinaryHeap;

/// From `from_ms` up to, not including, `to_ms` (Unix ms). Never empty.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Piece<T> {
    pub from_ms: i64,
    pub to_ms: i64,
    pub value: T,
}

impl<T> Piece<T> {
    /// `None` where nothing would be in it.
    pub fn new(from_ms: i64, to_ms: i64, value: T) -> Option<Piece<T>> {
        (from_ms < to_ms).then_some(Piece { from_ms, to_ms, value })
    }

    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Piece<U> {
        Piece { from_ms: self.from_ms, to_ms: self.to_ms, value: change(self.value) }
    }

    /// The part of it between two moments.
    pub fn within(self, from_ms: i64, to_ms: i64) -> Option<Piece<T>> {
        Piece::new(self.from_ms.max(from_ms), self.to_ms.min(to_ms), self.value)
    }
}

/// The greatest value of each instant in which there is any, by time; what touches and is equal is one piece.
pub(super) fn greatest<T: Copy + Ord>(mut pieces: Vec<Piece<T>>) -> Vec<Piece<T>> {
    pieces.sort_unstable();
    let mut edges: Vec<i64> = pieces.iter().flat_map(|piece| [piece.from_ms, piece.to_ms]).collect();
    edges.sort_unstable();
    edges.dedup();

    let mut out: Vec<Piece<T>> = Vec::new();
    let mut under_way: BinaryHeap<(T, i64)> = BinaryHeap::new();
    let mut coming = pieces.into_iter().peekable();
    for (&from_ms, &to_ms) in edges.iter().zip(edges.iter().skip(1)) {
        while let Some(piece) = coming.next_if(|piece| piece.from_ms <= from_ms) {
            under_way.push((piece.value, piece.to_ms));
        }
        while under_way.peek().is_some_and(|&(_, ends_ms)| ends_ms <= from_ms) {
            under_way.pop();
        }
        if let Some(&(value, _)) = under_way.peek() {
            push(&mut out, Piece { from_ms, to_ms, value });
        }
    }
    out
}

/// What both have at the same instant, joined. Each is by time and does not overlap itself, and so is the result.
pub(super) fn both<T: Copy + Eq>(a: &[Piece<T>], b: &[Piece<T>], join: impl Fn(T, T) -> T) -> Vec<Piece<T>> {
    let mut out = Vec::new();
    let (mut a, mut b) = (a.iter().peekable(), b.iter().peekable());
    while let (Some(one), Some(other)) = (a.peek(), b.peek()) {
        let (from_ms, to_ms) = (one.from_ms.max(other.from_ms), one.to_ms.min(other.to_ms));
        if let Some(piece) = Piece::new(from_ms, to_ms, join(one.value, other.value)) {
            push(&mut out, piece);
        }
        if one.to_ms <= other.to_ms {
            a.next()
        } else {
            b.next()
        };
    }
    out
}

/// Adds a piece that does not begin before the last one's end.
pub(super) fn push<T: Copy + Eq>(out: &mut Vec<Piece<T>>, piece: Piece<T>) {
    match out.last_mut() {
        Some(last) if last.to_ms == piece.from_ms && last.value == piece.value => last.to_ms = piece.to_ms,
        _ => out.push(piece),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pieces(list: &[(i64, i64, u8)]) -> Vec<Piece<u8>> {
        list.iter().filter_map(|&(from, to, value)| Piece::new(from, to, value)).collect()
    }

    #[test]
    fn of_several_values_the_greatest_counts() {
        let laid = greatest(pieces(&[(0, 10, 1), (2, 4, 3), (3, 6, 2), (10, 12, 1), (20, 21, 1)]));
        assert_eq!(laid, pieces(&[(0, 2, 1), (2, 4, 3), (4, 6, 2), (6, 12, 1), (20, 21, 1)]));
    }

    #[test]
    fn what_only_one_has_is_not_in_both() {
        let (a, b) = (pieces(&[(0, 10, 1), (12, 20, 3)]), pieces(&[(5, 13, 2), (19, 30, 2)]));
        assert_eq!(both(&a, &b, u8::max), pieces(&[(5, 10, 2), (12, 13, 3), (19, 20, 3)]));
    }
}
