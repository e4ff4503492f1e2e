//! What goes on from round to round.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};

use crate::announce::alarm::Health;
use crate::model::{Site, Slug};

/// The first pause after a place failed; each further one is twice as long.
const PAUSE_FIRST: SignedDuration = SignedDuration::from_secs(10);

/// The longest pause.
const PAUSE_MAX: SignedDuration = SignedDuration::from_mins(10);

/// How it goes.
#[derive(Debug)]
pub(super) struct State {
    pub started: Timestamp,
    pub rounds: u64,
    /// When the last round began, and how long it took.
    pub round: (Timestamp, SignedDuration),
    pub steps: BTreeMap<Step, Standing>,
    /// By feed: since when it could not be read, and why; or nothing.
    pub feeds: BTreeMap<Slug, Option<(Timestamp, String)>>,
    pub places: BTreeMap<String, PlaceState>,
    /// Messages, by what came of them, since the start.
    pub messages: BTreeMap<&'static str, u64>,
    /// Outages under way, as the monitors say.
    pub detections_open: usize,
    /// Disturbances under way, as the page says.
    pub incidents_open: usize,
    /// What was told last of what is wrong with the files.
    pub diagnostics: String,
    /// As it was built last.
    pub last: Option<Site>,
}

/// A part of a round, in their order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Step {
    Pull,
    Record,
    Build,
    Publish,
    /// Whether every channel of the config can be used.
    Channels,
    Announce,
    Push,
}

impl Step {
    pub fn word(self) -> &'static str {
        match self {
            Step::Pull => "pull",
            Step::Record => "record",
            Step::Build => "build",
            Step::Publish => "publish",
            Step::Channels => "channels",
            Step::Announce => "announce",
            Step::Push => "push",
        }
    }
}

/// How a step does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Standing {
    /// Why it failed the last time, and since when it fails.
    pub failed: Option<(Timestamp, String)>,
    pub last_good: Option<Timestamp>,
}

/// How a place does.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct PlaceState {
    /// What was published there last, and when.
    pub published: Option<(u64, Timestamp)>,
    pub failed: Option<(Timestamp, String)>,
    /// In a row.
    failures: u32,
    not_before: Option<Timestamp>,
}

impl State {
    pub fn new(now: Timestamp) -> State {
        State {
            started: now,
            rounds: 0,
            round: (now, SignedDuration::ZERO),
            steps: BTreeMap::new(),
            feeds: BTreeMap::new(),
            places: BTreeMap::new(),
            messages: BTreeMap::new(),
            detections_open: 0,
            incidents_open: 0,
            diagnostics: String::new(),
            last: None,
        }
    }

    /// Writes down how a step went. Answers what is to be told, where that is news.
    pub fn went(&mut self, step: Step, now: Timestamp, ended: Result<(), String>) -> Option<String> {
        let standing = self.steps.entry(step).or_insert(Standing { failed: None, last_good: None });
        match ended {
            Ok(()) => {
                standing.last_good = Some(now);
                standing.failed.take().map(|_| format!("{}: works again", step.word()))
            }
            Err(why) => {
                let since = standing.failed.as_ref().map_or(now, |(since, _)| *since);
                let is_known = standing.failed.as_ref().is_some_and(|(_, known)| *known == why);
                standing.failed = Some((since, why.clone()));
                (!is_known).then(|| format!("{}: {why}", step.word()))
            }
        }
    }

    /// Writes down whether a feed could be read. Answers what is to be told, where that is news.
    pub fn heard(&mut self, feed: Slug, failed: Option<String>, now: Timestamp) -> Option<String> {
        let name = feed.to_string();
        let known = self.feeds.entry(feed).or_default();
        let told = match (&*known, &failed) {
            (None, Some(why)) => Some(format!("record: {name}: no data, {why}")),
            (Some(_), None) => Some(format!("record: {name}: heard again")),
            // It fails in other words: that is not worth a line a minute.
            (Some(_), Some(_)) | (None, None) => None,
        };
        let since = known.as_ref().map_or(now, |(since, _)| *since);
        *known = failed.map(|why| (since, why));
        told
    }

    /// What staff are to know of it.
    pub fn health(&self) -> Health {
        let failed = |step: Step| self.steps.get(&step).and_then(|standing| standing.failed.clone());
        let feeds = self.feeds.iter().filter_map(|(feed, failed)| Some((feed.clone(), failed.clone()?)));
        Health {
            // What failed before we were started is not over before it was tried.
            is_known: self.rounds > 0,
            build_failed: failed(Step::Build),
            publish_failed: failed(Step::Publish),
            feeds: feeds.collect(),
        }
    }

    /// Whether no step and no feed fails.
    pub fn is_well(&self) -> bool {
        self.is_fine() && self.feeds.values().all(Option::is_none)
    }

    /// Whether no step fails.
    pub fn is_fine(&self) -> bool {
        self.steps.values().all(|standing| standing.failed.is_none())
    }
}

impl PlaceState {
    /// Whether that is to be published there now: it is new, what is there is older than `refresh`, or it failed before.
    pub fn is_wanted(&self, facts: u64, refresh: SignedDuration, now: Timestamp) -> bool {
        // A clock that went back must not stop it.
        let may = self.not_before.is_none_or(|at| now >= at || at.duration_since(now) > PAUSE_MAX);
        let is_old = |at: Timestamp| !(SignedDuration::ZERO..refresh).contains(&now.duration_since(at));
        may && (self.failed.is_some() || self.published.is_none_or(|(known, at)| known != facts || is_old(at)))
    }

    /// When it is to be tried again.
    pub fn again_at(&self) -> Option<Timestamp> {
        self.not_before
    }

    /// Writes down what came of it. Answers what is to be told, where that is news.
    pub fn went(&mut self, name: &str, now: Timestamp, facts: u64, trouble: Option<&str>) -> Option<String> {
        match trouble {
            None => {
                self.published = Some((facts, now));
                (self.failures, self.not_before) = (0, None);
                self.failed.take().map(|_| format!("publish: {name} works again"))
            }
            Some(why) => {
                self.failures = self.failures.saturating_add(1);
                let pause = PAUSE_FIRST.saturating_mul(1 << self.failures.saturating_sub(1).min(8)).min(PAUSE_MAX);
                self.not_before = now.checked_add(pause).ok();
                let since = self.failed.as_ref().map_or(now, |(since, _)| *since);
                let is_known = self.failed.as_ref().is_some_and(|(_, known)| known == why);
                self.failed = Some((since, why.to_owned()));
                (!is_known).then(|| format!("publish: {name}: {why}"))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(minute: i64) -> Timestamp {
        Timestamp::from_second(1_800_000_000 + minute * 60).unwrap_or_default()
    }

    #[test]
    fn what_fails_is_told_once_and_so_is_that_it_works_again() {
        let mut state = State::new(at(0));
        let mut told = Vec::new();
        for (minute, ended) in [(0, Ok(())), (1, Err("no room")), (2, Err("no room")), (3, Err("no net")), (4, Ok(()))]
        {
            told.extend(state.went(Step::Build, at(minute), ended.map_err(str::to_owned)));
            if minute == 3 {
                let failed = state.steps.get(&Step::Build).and_then(|one| one.failed.clone());
                assert_eq!(failed, Some((at(1), "no net".to_owned())));
            }
        }
        assert_eq!(told, ["build: no room", "build: no net", "build: works again"]);
        assert!(state.is_fine());
    }

    #[test]
    fn a_place_gets_what_is_new_or_old_and_is_asked_ever_less_often_while_it_fails() {
        let refresh = SignedDuration::from_mins(10);
        let mut place = PlaceState::default();
        assert!(place.is_wanted(1, refresh, at(0)));
        assert_eq!(place.went("web", at(0), 1, None), None);
        assert!(!place.is_wanted(1, refresh, at(9)));
        assert!(place.is_wanted(1, refresh, at(10)), "it is too old");
        assert!(place.is_wanted(2, refresh, at(1)), "it is new");
        assert!(place.is_wanted(1, refresh, at(-5)), "the clock went back");
        let mut tried = Vec::new();
        for minute in 0..60 {
            if place.is_wanted(2, refresh, at(minute)) {
                tried.push(minute);
                place.went("web", at(minute), 2, Some("gone"));
            }
        }
        assert_eq!(tried, [0, 1, 2, 3, 5, 8, 14, 24, 34, 44, 54]);
        assert!(place.is_wanted(2, refresh, at(-30)), "the clock went back");
        assert_eq!(place.went("web", at(61), 2, None).as_deref(), Some("publish: web works again"));
    }
}
