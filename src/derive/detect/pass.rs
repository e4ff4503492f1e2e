//! The one pass over the results of a monitor: results, steps of spans and moments at which time alone decides, in order.

use std::collections::VecDeque;

use super::evidence::{Entry, Found, Run, Window, count};
use super::limits::Limits;
use super::open::{Open, level_of};
use super::silence::Rhythm;
use super::spans::Spans;
use super::{Episode, Rule, Rules, Standing, Stretch, Word};
use crate::model::{Check, DetectionKind, Places, Series};

/// Everything that is known so far.
#[derive(Debug)]
pub(super) struct Pass {
    limits: Limits,
    rhythm: Rhythm,
    spans: Spans,
    /// For each kind, in order, the results in a row that are at least so bad.
    runs: [Run; 3],
    window: Window,
    open: Option<Open>,
    closed: Vec<Episode>,
    /// The hold of the last outage, which a relapse doubles.
    hold: i64,
    flapping: Flapping,
    /// The newest result that says something.
    heard_ms: Option<i64>,
    /// How far everything is decided.
    clock_ms: i64,
}

impl Pass {
    pub fn new(series: &Series, rules: &Rules<'_>, now_ms: i64) -> Pass {
        let limits = Limits::new(rules);
        Pass {
            limits,
            rhythm: Rhythm::new(series.interval_ms),
            spans: Spans::new(&series.spans, now_ms),
            runs: [Run::default(), Run::default(), Run::default()],
            window: Window::default(),
            open: None,
            closed: Vec::new(),
            hold: limits.hold,
            flapping: Flapping::default(),
            heard_ms: None,
            clock_ms: i64::MIN,
        }
    }

    /// Goes through all of it, up to and including `now_ms`.
    pub fn run(mut self, checks: &[Check], now_ms: i64) -> (Vec<Episode>, Standing) {
        let mut rest = checks;
        let mut last_ms = None;
        loop {
            let of_checks = rest.first().map(|check| check.at_ms);
            let next = [of_checks, self.spans.next_ms()].into_iter().flatten().min();
            let Some(at_ms) = next.filter(|&at_ms| at_ms <= now_ms) else { break };
            self.wait_until(at_ms.saturating_sub(1));
            self.clock_ms = at_ms;
            self.step(at_ms);
            if of_checks == Some(at_ms) {
                let same = rest.iter().take_while(|check| check.at_ms == at_ms).count();
                let (now, later) = rest.split_at(same);
                rest = later;
                last_ms = Some(at_ms);
                self.take(at_ms, now);
            }
            self.wait_until(at_ms);
        }
        self.wait_until(now_ms);
        let standing = self.standing(last_ms, now_ms);
        let mut episodes = self.closed;
        episodes.extend(self.open.map(|open| open.episode));
        (episodes, standing)
    }

    /// Takes all results of one moment: in which order they stand must not matter.
    fn take(&mut self, at_ms: i64, checks: &[Check]) {
        let slow_after_us = self.limits.slow_after_us;
        let words = checks.iter().filter_map(|check| match Word::of_check(check, slow_after_us) {
            Word::Neutral => None,
            word => Some(Entry { at_ms, place: check.place, trouble: word.trouble() }),
        });
        let mildest = words.clone().map(|entry| entry.trouble).min();
        let Some(mildest) = mildest else { return };
        let worst = words.clone().map(|entry| entry.trouble).max().flatten();
        self.hear(at_ms);
        for entry in words.clone() {
            self.window.push(entry, &self.limits);
        }
        for (kind, run) in DetectionKind::ALL.iter().zip(&mut self.runs) {
            if mildest >= Some(*kind) {
                words.clone().for_each(|entry| run.take(&entry));
            } else {
                run.clear();
            }
        }
        self.count(at_ms, words, worst);
        self.judge(at_ms, worst);
    }

    /// Something was heard. What came before a long silence proves nothing any more.
    fn hear(&mut self, at_ms: i64) {
        if let Some(before_ms) = self.heard_ms {
            let gap_ms = at_ms.saturating_sub(before_ms);
            if gap_ms >= self.rhythm.stale_after(&self.limits) {
                self.runs.iter_mut().for_each(Run::clear);
                self.window.clear();
                if let Some(open) = &mut self.open {
                    open.not_before_ms = at_ms;
                }
            }
            self.rhythm.add(gap_ms);
        }
        self.heard_ms = Some(at_ms);
    }

    /// Counts the results of one moment to the outage under way.
    fn count(&mut self, at_ms: i64, entries: impl Iterator<Item = Entry>, worst: Option<DetectionKind>) {
        let Some(open) = &mut self.open else { return };
        let level = open.level;
        let (mut results, mut fails) = (0_u32, 0_u32);
        for entry in entries {
            let is_failing = entry.trouble >= Some(level);
            results = results.saturating_add(1);
            fails = fails.saturating_add(u32::from(is_failing));
            open.hear(entry.place, is_failing);
        }
        if worst >= Some(level) {
            open.fail(at_ms, fails, results);
        } else if self.spans.word().trouble() < Some(level) {
            open.good(at_ms, results, &self.limits);
        } else {
            open.overruled(results);
        }
        open.count_places();
    }

    /// Takes the step of a span, if there is one.
    fn step(&mut self, at_ms: i64) {
        let Some(before) = self.spans.step(at_ms, &self.limits) else { return };
        let Some(open) = &mut self.open else { return };
        open.not_before_ms = at_ms;
        let failed = before.trouble() >= Some(open.level);
        let fails = self.spans.word().trouble() >= Some(open.level);
        if failed || fails {
            if fails {
                open.resume(at_ms);
            }
            open.declared = true;
            open.set_failing(at_ms);
        }
        if open.declared && !fails && self.spans.word() != Word::Neutral && open.first_good_ms.is_none() {
            open.set_over(at_ms);
        }
    }

    /// Whether the results up to now are an outage, or a worse one than is known.
    fn judge(&mut self, at_ms: i64, worst: Option<DetectionKind>) {
        let than = self.open.as_ref().map(Open::kind);
        if worst.is_none() || than == Some(DetectionKind::Down) {
            return;
        }
        if let Some((kind, rule, found)) = self.found(than, worst) {
            self.enter(kind, rule, found, at_ms);
        }
    }

    /// The worst thing that the results show, if it is worse than that.
    fn found(&self, than: Option<DetectionKind>, worst: Option<DetectionKind>) -> Option<(DetectionKind, Rule, Found)> {
        let heard = self.window.places();
        let run = |kind: DetectionKind| {
            let (_, run) = DetectionKind::ALL.iter().zip(&self.runs).find(|(other, _)| **other == kind)?;
            run.lasts(&self.limits, heard)
        };
        let total = |kind, rule| run(kind).map(|found| (kind, rule, found));
        let brownout = || {
            let fails = worst >= Some(DetectionKind::Partial);
            let found = self.window.brownout(&self.limits).filter(|_| fails)?;
            Some((DetectionKind::Partial, Rule::Brownout, found))
        };
        total(DetectionKind::Down, Rule::Total)
            .or_else(|| total(DetectionKind::Partial, Rule::Total))
            .or_else(brownout)
            .or_else(|| total(DetectionKind::Degraded, Rule::Degraded))
            .filter(|(kind, ..)| Some(*kind) > than)
    }

    /// The results since then, as far back as the window reaches, and how many of them are such trouble.
    fn counted(&self, start_ms: i64, kind: DetectionKind) -> Found {
        let level = level_of(kind);
        let fails = count(self.window.since(start_ms), |entry| entry.trouble >= Some(level));
        Found { start_ms, fails, results: count(self.window.since(start_ms), |_| true) }
    }

    /// An outage begins, or the one under way turns worse.
    fn enter(&mut self, kind: DetectionKind, rule: Rule, found: Found, at_ms: i64) {
        if at_ms >= self.limits.expires {
            return;
        }
        let before = self.open.as_ref().map_or(kind, Open::kind);
        let known_ms = self.open.as_ref().map_or(i64::MIN, Open::start_ms);
        let found = if found.start_ms < known_ms { self.counted(known_ms, kind) } else { found };
        let milder = match rule {
            // A run may reach further back than the window, and is troubled from end to end.
            Rule::Total | Rule::Degraded => found,
            Rule::Brownout | Rule::Declared => self.counted(found.start_ms, before),
        };
        match &mut self.open {
            Some(open) => {
                open.turn_worse(kind, found, milder);
                open.declared |= rule == Rule::Declared;
            }
            None => self.begin(kind, rule, found, at_ms),
        }
    }

    fn begin(&mut self, kind: DetectionKind, rule: Rule, found: Found, at_ms: i64) {
        let over_ms = self.closed.last().and_then(|last| last.end_ms).unwrap_or(i64::MIN);
        let start_ms = found.start_ms.max(over_ms);
        let relapsed = |last: &mut Episode| {
            last.closed_ms.is_some_and(|closed_ms| start_ms <= closed_ms.saturating_add(self.limits.relapse))
        };
        let before = self.closed.pop_if(relapsed);
        let unstable = self.flapping.opens(start_ms, at_ms, &self.limits);
        self.hold = if before.is_some() { self.limits.doubled(self.hold) } else { self.limits.hold };
        if unstable {
            self.hold = self.hold.max(self.limits.unstable_hold);
        }
        let stretch = Stretch { start_ms, end_ms: None, kind, fails: found.fails, results: found.results };
        let mut episode = before.unwrap_or_else(|| new_episode(kind, rule, start_ms, at_ms));
        episode.kind = episode.kind.max(kind);
        episode.stretches.push(stretch);
        episode.openings.push(at_ms);
        episode.recovering_ms = None;
        episode.end_ms = None;
        episode.closed_ms = None;
        episode.unstable |= unstable;
        let mut open = Open::new(episode, kind, at_ms);
        open.declared = rule == Rule::Declared;
        self.window.all().for_each(|entry| {
            open.hear(entry.place, entry.at_ms >= start_ms && entry.trouble >= Some(level_of(kind)));
        });
        open.count_places();
        self.open = Some(open);
    }

    /// Decides all that time alone decides, up to and including that moment.
    fn wait_until(&mut self, until_ms: i64) {
        loop {
            let closing = self.closing_ms().filter(|&at_ms| at_ms <= until_ms);
            let than = self.open.as_ref().map(Open::kind);
            let declared = self.spans.declared(than, &self.limits);
            let declared = declared.map(|declared| (declared.at_ms.max(self.clock_ms), declared));
            let declared = declared.filter(|(at_ms, _)| *at_ms <= until_ms && *at_ms < self.limits.expires);
            match (closing, declared) {
                (Some(closing_ms), declared) if declared.is_none_or(|(at_ms, _)| closing_ms <= at_ms) => {
                    self.clock_ms = closing_ms;
                    self.close(closing_ms);
                }
                (_, Some((at_ms, declared))) => {
                    self.clock_ms = at_ms;
                    let found = self.counted(declared.start_ms, declared.kind);
                    self.enter(declared.kind, Rule::Declared, found, at_ms);
                }
                (_, None) => return,
            }
        }
    }

    /// When the outage under way is taken to be over, if nothing more is heard; `None` where that is not enough.
    fn closing_ms(&self) -> Option<i64> {
        let open = self.open.as_ref()?;
        let at_ms = open.last_fail_ms.saturating_add(self.hold).max(open.enough_ms?).max(open.not_before_ms);
        let says_otherwise = self.spans.word() == Word::Neutral || self.spans.word().trouble() >= Some(open.level);
        let of_results = self.heard_ms.filter(|_| !open.declared);
        let is_stale =
            of_results.is_some_and(|heard_ms| at_ms.saturating_sub(heard_ms) >= self.rhythm.stale_after(&self.limits));
        (!says_otherwise && !is_stale && at_ms < self.limits.expires).then_some(at_ms)
    }

    /// Nothing failed for the hold. What is still slow after an outage goes on as that.
    fn close(&mut self, at_ms: i64) {
        let Some(mut open) = self.open.take() else { return };
        self.flapping.last_fail_ms = Some(open.last_fail_ms);
        if let Some((found, last_ms)) = self.still_degraded(&open, at_ms) {
            open.declared = self.spans.word().trouble().is_some();
            open.turn_milder(DetectionKind::Degraded, found, at_ms, last_ms);
            self.open = Some(open);
        } else {
            self.closed.push(open.close(at_ms));
            self.runs.iter_mut().for_each(Run::clear);
        }
        self.window.forget_failures();
    }

    /// Whether nothing but degraded results has come since it stopped to fail: those, and when the last one was.
    fn still_degraded(&self, open: &Open, at_ms: i64) -> Option<(Found, i64)> {
        let good_ms = open.first_good_ms.filter(|_| open.level > DetectionKind::Degraded)?;
        let declared = self.spans.declared(None, &self.limits).filter(|declared| declared.at_ms <= at_ms);
        if let Some(declared) = declared {
            return Some((self.counted(declared.start_ms.max(good_ms), declared.kind), at_ms));
        }
        let [degraded, ..] = &self.runs;
        let found = degraded.lasts_since(good_ms, open.goods, &self.limits, self.window.places())?;
        Some((found, self.heard_ms?))
    }

    fn standing(&self, last_ms: Option<i64>, now_ms: i64) -> Standing {
        let silent = match self.heard_ms {
            Some(heard_ms) => now_ms.saturating_sub(heard_ms) >= self.rhythm.stale_after(&self.limits),
            None => self.spans.is_empty() || self.spans.word() == Word::Neutral,
        };
        let stale = silent || now_ms >= self.limits.expires;
        let [_, failing, _] = &self.runs;
        let fails = failing.results() >= self.limits.checking_fails.max(1)
            || self.spans.word().trouble() >= Some(DetectionKind::Partial);
        Standing { last_ms, stale, checking: fails && !stale && self.open.is_none() }
    }
}

fn new_episode(kind: DetectionKind, rule: Rule, start_ms: i64, detected_ms: i64) -> Episode {
    Episode {
        kind,
        rule,
        start_ms,
        detected_ms,
        stretches: Vec::new(),
        openings: Vec::new(),
        recovering_ms: None,
        end_ms: None,
        closed_ms: None,
        unstable: false,
        places: Places::default(),
    }
}

/// Whether a monitor comes and goes.
#[derive(Clone, Debug, Default)]
struct Flapping {
    /// Openings within the window, oldest first.
    openings_ms: VecDeque<i64>,
    unstable: bool,
    last_fail_ms: Option<i64>,
}

impl Flapping {
    /// Counts an opening; whether it is one too many. Quiet for the length of the window ends it.
    fn opens(&mut self, start_ms: i64, at_ms: i64, limits: &Limits) -> bool {
        let was_quiet = |last_ms: i64| start_ms.saturating_sub(last_ms) >= limits.unstable_window;
        if self.unstable && self.last_fail_ms.is_some_and(was_quiet) {
            self.unstable = false;
            self.openings_ms.clear();
        }
        let oldest_ms = at_ms.saturating_sub(limits.unstable_window);
        while self.openings_ms.front().is_some_and(|&opening_ms| opening_ms < oldest_ms) {
            self.openings_ms.pop_front();
        }
        self.openings_ms.push_back(at_ms);
        self.unstable |= self.openings_ms.len() >= limits.unstable_openings.max(1);
        self.unstable
    }
}
