//! Pieces of time that may overlap → pieces that do not, in each of which the greatest counts.

use std::collections::BTreeMap;

/// From `from` up to, not including, `to`; empty where that is not after it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Piece<K> {
    pub from: i64,
    pub to: i64,
    pub key: K,
}

/// The whole of `start` to `end`, cut where what counts changes; `None` where nothing was said.
pub(super) fn sweep<K: Ord + Copy>(pieces: Vec<Piece<K>>, start: i64, end: i64) -> Vec<Piece<Option<K>>> {
    let mut changes: Vec<(i64, K, bool)> = Vec::with_capacity(pieces.len() * 2);
    for piece in pieces {
        let (from, to) = (piece.from.max(start), piece.to.min(end));
        if from < to {
            changes.push((from, piece.key, true));
            changes.push((to, piece.key, false));
        }
    }
    changes.sort_unstable();
    let mut said: BTreeMap<K, u32> = BTreeMap::new();
    let mut swept: Vec<Piece<Option<K>>> = Vec::new();
    let mut at = start;
    for (when, key, begins) in changes {
        push(&mut swept, at, when, greatest(&said));
        at = at.max(when);
        let n = said.entry(key).or_default();
        if begins {
            *n += 1;
        } else {
            // At one moment ends sort before beginnings of the same key only by `false < true`, so `n` may pass through 0.
            *n = n.saturating_sub(1);
            if *n == 0 {
                said.remove(&key);
            }
        }
    }
    push(&mut swept, at, end, greatest(&said));
    swept
}

fn greatest<K: Ord + Copy>(said: &BTreeMap<K, u32>) -> Option<K> {
    said.last_key_value().map(|(&key, _)| key)
}

fn push<K: PartialEq>(swept: &mut Vec<Piece<Option<K>>>, from: i64, to: i64, key: Option<K>) {
    if from >= to {
        return;
    }
    match swept.last_mut() {
        Some(last) if last.key == key => last.to = to,
        _ => swept.push(Piece { from, to, key }),
    }
}
