//! What a source that reports only changes says, as steps in time: from here on it is like this.

use super::Word;
use super::limits::Limits;
use crate::model::{DetectionKind, Span};

/// From `at_ms` on, until the next step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Step {
    at_ms: i64,
    /// The worst that any span says.
    word: Word,
    /// The worst that a span says which its source has confirmed.
    confirmed: Option<DetectionKind>,
}

/// The spans of one monitor, walked through in time order.
#[derive(Clone, Debug)]
pub(super) struct Spans {
    steps: Vec<Step>,
    next: usize,
    word: Word,
    confirmed: Option<DetectionKind>,
    /// When the confirmed word became what it is.
    confirmed_since_ms: i64,
    /// For each kind, in order, since when it is at least so bad without a break.
    since_ms: [Option<i64>; 3],
    neutral_since_ms: Option<i64>,
}

/// A kind that a source has said for long enough at that moment.
#[derive(Clone, Copy, Debug)]
pub(super) struct Declared {
    pub at_ms: i64,
    pub kind: DetectionKind,
    pub start_ms: i64,
}

impl Spans {
    pub fn new(spans: &[Span], now_ms: i64) -> Spans {
        Spans {
            steps: steps(spans, now_ms),
            next: 0,
            word: Word::Good,
            confirmed: None,
            confirmed_since_ms: i64::MIN,
            since_ms: [None; 3],
            neutral_since_ms: None,
        }
    }

    pub fn is_empty(&self) -> bool {
        self.steps.is_empty()
    }

    /// When the next step is.
    pub fn next_ms(&self) -> Option<i64> {
        self.steps.get(self.next).map(|step| step.at_ms)
    }

    /// What is said now.
    pub fn word(&self) -> Word {
        self.word
    }

    /// Takes the step that is due at `at_ms`, if there is one; what was said before it.
    pub fn step(&mut self, at_ms: i64, limits: &Limits) -> Option<Word> {
        let step = *self.steps.get(self.next).filter(|step| step.at_ms == at_ms)?;
        self.next += 1;
        if step.confirmed != self.confirmed {
            self.confirmed_since_ms = at_ms;
        }
        let was_silent = self.neutral_since_ms.is_some_and(|since| at_ms.saturating_sub(since) >= limits.stale_min);
        self.neutral_since_ms = (step.word == Word::Neutral).then(|| self.neutral_since_ms.unwrap_or(at_ms));
        for (kind, since) in DetectionKind::ALL.iter().zip(&mut self.since_ms) {
            let goes_on = step.word == Word::Neutral || step.word.trouble() >= Some(*kind);
            if !goes_on || was_silent {
                *since = None;
            }
            if step.word.trouble() >= Some(*kind) {
                since.get_or_insert(at_ms);
            }
        }
        self.confirmed = step.confirmed;
        Some(std::mem::replace(&mut self.word, step.word))
    }

    /// The earliest moment at which something worse than `than` will have been said for long enough, if nothing changes.
    pub fn declared(&self, than: Option<DetectionKind>, limits: &Limits) -> Option<Declared> {
        let confirmed = self.confirmed?;
        let old_enough = |(kind, since): (&DetectionKind, &Option<i64>)| {
            let start_ms = (*since)?;
            let at_ms = start_ms.saturating_add(limits.detect_after).max(self.confirmed_since_ms);
            (Some(*kind) > than && *kind <= confirmed).then_some(Declared { at_ms, kind: *kind, start_ms })
        };
        let all = DetectionKind::ALL.iter().zip(&self.since_ms).filter_map(old_enough);
        // Of two at the same moment the worse one.
        all.min_by_key(|declared| (declared.at_ms, std::cmp::Reverse(declared.kind)))
    }
}

/// The spans as steps, each different from the one before it; those that come later than `now_ms` are left out.
fn steps(spans: &[Span], now_ms: i64) -> Vec<Step> {
    let mut edges: Vec<(i64, bool, Word, bool)> = Vec::with_capacity(spans.len().saturating_mul(2));
    for span in spans {
        if span.to_ms.is_some_and(|to_ms| to_ms <= span.from_ms) {
            continue;
        }
        let word = Word::of(span.status);
        edges.push((span.from_ms, true, word, span.confirmed));
        edges.extend(span.to_ms.map(|to_ms| (to_ms, false, word, span.confirmed)));
    }
    edges.sort_by_key(|edge| edge.0);
    let mut steps: Vec<Step> = Vec::new();
    let mut running = Running::default();
    let mut rest = edges.as_slice();
    while let Some(&(at_ms, ..)) = rest.first().filter(|edge| edge.0 <= now_ms) {
        let same = rest.iter().take_while(|edge| edge.0 == at_ms).count();
        let (now, later) = rest.split_at(same);
        for &(_, begins, word, confirmed) in now {
            running.change(begins, word, confirmed);
        }
        rest = later;
        let step = Step { at_ms, word: running.word(), confirmed: running.confirmed() };
        let same_as = |last: &Step| (last.word, last.confirmed) == (step.word, step.confirmed);
        if !steps.last().is_some_and(same_as) {
            steps.push(step);
        }
    }
    steps
}

/// How many spans of each sort are under way.
#[derive(Default)]
struct Running {
    neutral: u32,
    trouble: [u32; 3],
    confirmed: [u32; 3],
}

impl Running {
    fn change(&mut self, begins: bool, word: Word, confirmed: bool) {
        let count = |slot: &mut u32| *slot = if begins { slot.saturating_add(1) } else { slot.saturating_sub(1) };
        match word {
            Word::Good => {}
            Word::Neutral => count(&mut self.neutral),
            Word::Trouble(kind) => {
                for (other, slots) in DetectionKind::ALL.iter().zip(self.trouble.iter_mut().zip(&mut self.confirmed)) {
                    if *other == kind {
                        count(slots.0);
                        if confirmed {
                            count(slots.1);
                        }
                    }
                }
            }
        }
    }

    fn word(&self) -> Word {
        match worst(&self.trouble) {
            Some(kind) => Word::Trouble(kind),
            None if self.neutral > 0 => Word::Neutral,
            None => Word::Good,
        }
    }

    fn confirmed(&self) -> Option<DetectionKind> {
        worst(&self.confirmed)
    }
}

fn worst(counts: &[u32; 3]) -> Option<DetectionKind> {
    DetectionKind::ALL.iter().zip(counts).rev().find(|(_, count)| **count > 0).map(|(kind, _)| *kind)
}
