//! Which update of one version is which of the next. An update stays what it was when a word of it, its time or its place
//! changes; it is another one when all of that changes at once.

use std::collections::BTreeSet;

use super::version::{Said, When};

/// Two texts that share so much of their words (in tenths) are one text edited, wherever they stand …
const SIMILAR: usize = 5;
/// … and so much where they stand in the same place.
const SIMILAR_IN_PLACE: usize = 2;

/// No incident has so many updates that more pairs of texts need to be compared.
const COMPARED_MAX: usize = 100_000;

/// For each new update the old one that it is, by index; no old one twice.
pub(super) fn matching(old: &[&Said], new: &[Said]) -> Vec<Option<usize>> {
    let mut pairs = Pairs { old, new, of_new: vec![None; new.len()], taken: vec![false; old.len()] };
    pairs.pass(|old, new| old.stage == new.stage && old.hash == new.hash && same_time(old, new));
    pairs.pass(|old, new| old.stage == new.stage && same_time(old, new));
    pairs.pass(|old, new| old.stage == new.stage && old.hash == new.hash);
    pairs.in_place(|old, new| {
        let is_told_by_place = old.when == new.when && (old.stage == new.stage || matches!(old.when, When::At(_)));
        is_told_by_place || old.stage == new.stage && is_similar(old, new, SIMILAR_IN_PLACE)
    });
    if old.len().saturating_mul(new.len()) <= COMPARED_MAX {
        pairs.pass(|old, new| old.stage == new.stage && is_similar(old, new, SIMILAR));
    }
    pairs.of_new
}

/// A day is that of the whole file, and says nothing of one update.
fn same_time(old: &Said, new: &Said) -> bool {
    matches!(old.when, When::At(_)) && old.when == new.when
}

/// Where a text is not known any more, its place has to do.
fn is_similar(old: &Said, new: &Said, tenths: usize) -> bool {
    let (Some(old), Some(new)) = (&old.text, &new.text) else { return tenths == SIMILAR_IN_PLACE };
    similar(old, new, tenths)
}

/// Whether two texts share at least so many tenths of their different words.
pub(super) fn similar(a: &str, b: &str, tenths: usize) -> bool {
    let words = |text: &str| -> BTreeSet<String> {
        let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
        words.map(str::to_lowercase).collect()
    };
    let (a, b) = (words(a), words(b));
    let most = a.len().max(b.len());
    most > 0 && a.intersection(&b).count() * 10 >= most * tenths
}

struct Pairs<'a> {
    old: &'a [&'a Said],
    new: &'a [Said],
    of_new: Vec<Option<usize>>,
    taken: Vec<bool>,
}

impl Pairs<'_> {
    /// Pairs what is not paired yet, in order.
    fn pass(&mut self, is_same: impl Fn(&Said, &Said) -> bool) {
        for at in 0..self.new.len() {
            if self.of_new.get(at).is_some_and(Option::is_some) {
                continue;
            }
            let found = (0..self.old.len()).find(|&old| self.is_free(old) && self.is(old, at, &is_same));
            self.pair(found, at);
        }
    }

    /// As `pass`, only of what stands between the same neighbours.
    fn in_place(&mut self, is_same: impl Fn(&Said, &Said) -> bool) {
        for at in 0..self.new.len() {
            if self.of_new.get(at).is_some_and(Option::is_some) {
                continue;
            }
            let paired = |range: std::ops::Range<usize>| self.of_new.get(range).unwrap_or_default().iter().flatten();
            let from = paired(0..at).next_back().map_or(0, |old| old + 1);
            let to = paired(at + 1..self.new.len()).next().copied().unwrap_or(self.old.len());
            let found = (from..to).find(|&old| self.is_free(old) && self.is(old, at, &is_same));
            self.pair(found, at);
        }
    }

    fn is_free(&self, old: usize) -> bool {
        self.taken.get(old) == Some(&false)
    }

    fn is(&self, old: usize, new: usize, is_same: &impl Fn(&Said, &Said) -> bool) -> bool {
        self.old.get(old).zip(self.new.get(new)).is_some_and(|(old, new)| is_same(old, new))
    }

    fn pair(&mut self, old: Option<usize>, new: usize) {
        let Some(old) = old else { return };
        if let (Some(taken), Some(of_new)) = (self.taken.get_mut(old), self.of_new.get_mut(new)) {
            *taken = true;
            *of_new = Some(old);
        }
    }
}
