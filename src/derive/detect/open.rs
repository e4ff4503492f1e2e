//! The outage under way: what it is made of, and what speaks for its end.

use super::evidence::Found;
use super::limits::Limits;
use super::places::PlaceSet;
use super::{Episode, Stretch};
use crate::model::{DetectionKind, Places};

/// An [`Episode`] that is not closed.
#[derive(Clone, Debug)]
pub(super) struct Open {
    pub episode: Episode,
    /// What keeps it open: anything at least so bad. [`DetectionKind::Partial`] unless it is only degraded.
    pub level: DetectionKind,
    pub last_fail_ms: i64,
    pub first_good_ms: Option<i64>,
    /// Good results since the last failing one, and when there were enough.
    pub goods: u32,
    pub enough_ms: Option<i64>,
    /// A source that reports only changes spoke of it, so that its word is enough to end it.
    pub declared: bool,
    /// Nothing was known before, so that it cannot have been closed then.
    pub not_before_ms: i64,
    resumed: Option<Resumed>,
    failing: PlaceSet,
    heard: PlaceSet,
}

/// Where it failed again after good results, not enough of them to end it.
#[derive(Clone, Copy, Debug)]
struct Resumed {
    good_ms: i64,
    fail_ms: i64,
    goods: u32,
}

impl Open {
    /// An episode whose last stretch has just begun.
    pub fn new(episode: Episode, kind: DetectionKind, last_fail_ms: i64) -> Open {
        Open {
            episode,
            level: level_of(kind),
            last_fail_ms,
            first_good_ms: None,
            goods: 0,
            enough_ms: None,
            declared: false,
            not_before_ms: i64::MIN,
            resumed: None,
            failing: PlaceSet::default(),
            heard: PlaceSet::default(),
        }
    }

    /// The kind of its last stretch.
    pub fn kind(&self) -> DetectionKind {
        self.episode.stretches.last().map_or(self.episode.kind, |stretch| stretch.kind)
    }

    /// When its last stretch began.
    pub fn start_ms(&self) -> i64 {
        self.episode.stretches.last().map_or(self.episode.start_ms, |stretch| stretch.start_ms)
    }

    /// Results at one moment, some of which fail.
    pub fn fail(&mut self, at_ms: i64, fails: u32, results: u32) {
        self.resume(at_ms);
        if let Some(good_ms) = self.first_good_ms {
            self.resumed = Some(Resumed { good_ms, fail_ms: at_ms, goods: self.goods });
        }
        self.set_failing(at_ms);
        if let Some(stretch) = self.episode.stretches.last_mut() {
            stretch.fails = stretch.fails.saturating_add(fails);
            stretch.results = stretch.results.saturating_add(results);
        }
    }

    /// It is about to fail again. Where it had come back for enough good results it worked meanwhile: that is another
    /// stretch of the same outage. Of a brown-out the good results are a part, and prove nothing.
    pub fn resume(&mut self, at_ms: i64) {
        if self.enough_ms.is_some() && self.kind() == DetectionKind::Down {
            self.push(DetectionKind::Down, Found { start_ms: at_ms, fails: 0, results: 0 });
            self.first_good_ms = None;
            self.goods = 0;
            self.resumed = None;
        }
    }

    /// Results at one moment, none of which fails.
    pub fn good(&mut self, at_ms: i64, results: u32, limits: &Limits) {
        self.goods = self.goods.saturating_add(results);
        self.set_good(at_ms);
        if self.goods >= limits.good_results {
            self.set_enough(at_ms);
        }
    }

    /// Good results while a source that reports only changes says otherwise.
    pub fn overruled(&mut self, results: u32) {
        if let Some(stretch) = self.episode.stretches.last_mut() {
            stretch.results = stretch.results.saturating_add(results);
        }
    }

    /// Its source says that it fails up to here.
    pub fn set_failing(&mut self, at_ms: i64) {
        self.last_fail_ms = self.last_fail_ms.max(at_ms);
        self.first_good_ms = None;
        self.enough_ms = None;
        self.episode.recovering_ms = None;
        if let Some(stretch) = self.episode.stretches.last_mut() {
            stretch.end_ms = None;
            stretch.results = stretch.results.saturating_add(self.goods);
        }
        self.goods = 0;
    }

    /// Its source says that it works again.
    pub fn set_over(&mut self, at_ms: i64) {
        self.set_good(at_ms);
        self.set_enough(at_ms);
    }

    /// It turns into something worse, which began with what was found.
    ///
    /// `milder` are the results since then, of which so many were as bad as the stretch before it.
    pub fn turn_worse(&mut self, kind: DetectionKind, found: Found, milder: Found) {
        let Some(stretch) = self.episode.stretches.last_mut() else { return };
        if found.start_ms <= stretch.start_ms {
            stretch.kind = kind;
            stretch.fails = found.fails.min(stretch.results);
        } else {
            let resumed = self.resumed.filter(|resumed| resumed.fail_ms == found.start_ms);
            stretch.end_ms = Some(resumed.map_or(found.start_ms, |resumed| resumed.good_ms));
            let goods = resumed.map_or(0, |resumed| resumed.goods);
            stretch.fails = stretch.fails.saturating_sub(milder.fails);
            stretch.results = stretch.results.saturating_sub(milder.results).saturating_sub(goods);
            self.push(kind, found);
        }
        self.level = level_of(kind);
        self.episode.kind = self.episode.kind.max(kind);
    }

    /// What failed works again, but it goes on in a milder way, decided at `at_ms`.
    pub fn turn_milder(&mut self, kind: DetectionKind, found: Found, at_ms: i64, last_ms: i64) {
        self.push(kind, found);
        self.episode.openings.push(at_ms);
        self.level = level_of(kind);
        self.resumed = None;
        self.goods = 0;
        self.set_failing(last_ms);
    }

    /// Adds a place that was heard of.
    pub fn hear(&mut self, place: Option<u16>, fails: bool) {
        self.heard.insert(place);
        if fails {
            self.failing.insert(place);
        }
    }

    /// Notes from how many places it fails, if that is more than before.
    pub fn count_places(&mut self) {
        let places = Places { failing: self.failing.count(), of: self.heard.count() };
        self.episode.places = self.episode.places.max(places);
    }

    /// The episode, as it stands.
    pub fn close(mut self, at_ms: i64) -> Episode {
        self.episode.end_ms = self.first_good_ms;
        self.episode.closed_ms = Some(at_ms);
        self.episode
    }

    fn push(&mut self, kind: DetectionKind, found: Found) {
        let Found { start_ms, fails, results } = found;
        self.episode.stretches.push(Stretch { start_ms, end_ms: None, kind, fails, results });
    }

    fn set_good(&mut self, at_ms: i64) {
        let first_ms = *self.first_good_ms.get_or_insert(at_ms);
        if let Some(stretch) = self.episode.stretches.last_mut() {
            stretch.end_ms = Some(first_ms);
        }
    }

    fn set_enough(&mut self, at_ms: i64) {
        let enough_ms = *self.enough_ms.get_or_insert(at_ms);
        self.episode.recovering_ms = Some(enough_ms);
    }
}

/// What keeps an outage of that kind open.
pub(super) fn level_of(kind: DetectionKind) -> DetectionKind {
    kind.min(DetectionKind::Partial)
}
