//! Which update of one version is which of the next. An update stays what it was when a word of it, its time or its place
//! changes; it is another one when all of that changes at once.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::version::{Said, StageCode, When};

/// Two texts that share so much of their words (in tenths) are one text edited, wherever they stand …
const SIMILAR: usize = 5;
/// … and so much where they stand in the same place.
const SIMILAR_IN_PLACE: usize = 2;

/// No incident has so many updates that more pairs of texts need to be compared.
const COMPARED_MAX: usize = 100_000;

/// For each new update the old one that it is, by index; no old one twice.
pub(super) fn matching(old: &[&Said], new: &[Said]) -> Vec<Option<usize>> {
    let mut pairs = Pairs { old, new, of_new: vec![None; new.len()], taken: vec![false; old.len()] };
    let timed = |said: &Said| matches!(said.when, When::At(_));
    pairs.equal(|said| timed(said).then_some((Some(said.stage), Some(said.when), Some(said.hash))));
    pairs.equal(|said| timed(said).then_some((Some(said.stage), Some(said.when), None)));
    pairs.equal(|said| Some((Some(said.stage), None, Some(said.hash))));
    if old.len().saturating_mul(new.len()) > COMPARED_MAX {
        return pairs.of_new;
    }
    pairs.in_place(|old, new| {
        let is_told_by_place = old.when == new.when && (old.stage == new.stage || matches!(old.when, When::At(_)));
        is_told_by_place || old.stage == new.stage && is_similar(old, new, SIMILAR_IN_PLACE)
    });
    pairs.pass(|old, new| old.stage == new.stage && is_similar(old, new, SIMILAR));
    pairs.of_new
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

/// What two updates may have in common: their stage, their time, their text.
type SaidKey = (Option<StageCode>, Option<When>, Option<u64>);

struct Pairs<'a> {
    old: &'a [&'a Said],
    new: &'a [Said],
    of_new: Vec<Option<usize>>,
    taken: Vec<bool>,
}

impl Pairs<'_> {
    /// Pairs what is not paired yet and has the same key, in order. A day is that of the whole file, and says nothing of one
    /// update, so that only a time is a key.
    fn equal(&mut self, key: impl Fn(&Said) -> Option<SaidKey>) {
        let mut by_key: BTreeMap<SaidKey, VecDeque<usize>> = BTreeMap::new();
        for (at, said) in self.old.iter().enumerate().filter(|(at, _)| self.is_free(*at)) {
            if let Some(key) = key(said) {
                by_key.entry(key).or_default().push_back(at);
            }
        }
        for at in 0..self.new.len() {
            let is_free = self.of_new.get(at) == Some(&None);
            let key = self.new.get(at).filter(|_| is_free).and_then(&key);
            let found = key.and_then(|key| by_key.get_mut(&key)?.pop_front());
            self.pair(found, at);
        }
    }

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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::load::git::version::Version;

    fn of(text: &str) -> Vec<Said> {
        let config = crate::render::fixture::fixture().site.config;
        let version = Version::read("incidents/2022-03-29-slow.md", text.as_bytes(), &config);
        version.map_or(Vec::new(), |version| version.updates)
    }

    fn check(old: &str, new: &str, expected: &[Option<usize>]) {
        let old = of(old);
        assert_eq!(matching(&old.iter().collect::<Vec<_>>(), &of(new)), expected, "{new}");
    }

    #[test]
    fn an_update_stays_what_it_is_while_something_of_it_stays() {
        let two = "## Investigating · 2022-03-29 11:20\nOne disk is full.\n\n## Identified · 2022-03-29 12:00\nIt is the log.\n";
        check(two, two, &[Some(0), Some(1)]);
        // Another text, another time, another stage: one at a time.
        check(two, &two.replace("One disk is full.", "Logins fail."), &[Some(0), Some(1)]);
        check(two, &two.replace("11:20", "11:05"), &[Some(0), Some(1)]);
        check(two, &two.replace("Identified", "Monitoring"), &[Some(0), Some(1)]);
        // Time and a word at once, in the same place.
        check(two, &two.replace("11:20", "11:05").replace("One disk", "Some disk"), &[Some(0), Some(1)]);
        // All at once is another update.
        check(
            two,
            &two.replace(
                "## Identified · 2022-03-29 12:00\nIt is the log.",
                "## Resolved · 2022-03-29 15:00\nAll well.",
            ),
            &[Some(0), None],
        );
        // One in between, and in another order.
        let three = two.replace("\n\n", "\n\n## Investigating · 2022-03-29 11:40\nStill looking.\n\n");
        check(two, &three, &[Some(0), None, Some(1)]);
        check(&three, two, &[Some(0), Some(2)]);
    }

    #[test]
    fn without_times_the_text_and_then_the_place_decide() {
        let two = "## Investigating\nOne disk is full.\n\n## Investigating\nStill looking.\n";
        check(two, &two.replace("One disk is full.", "Logins fail."), &[Some(0), Some(1)]);
        check(two, "## Investigating\nStill looking.\n\n## Investigating\nOne disk is full.\n", &[Some(1), Some(0)]);
    }

    #[test]
    fn twenty_thousand_updates_are_no_trouble() {
        let text: String = (0..20_000).map(|at| format!("## Investigating\nNumber {at}.\n\n")).collect();
        let said = of(&text);
        let found = matching(&said.iter().rev().collect::<Vec<_>>(), &said);
        assert!(found.iter().enumerate().all(|(at, old)| *old == Some(said.len() - 1 - at)));
    }
}
