//! How well a drill was answered, against what is promised. Pure.

use jiff::{SignedDuration, Timestamp};

use super::Failing;
use crate::derive::response::Count;
use crate::derive::{Derived, Moment};
use crate::model::{Kind, Site, Slug};

/// How it went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Score {
    /// From when to when the monitor failed.
    pub failed: (Timestamp, Timestamp),
    /// When the drill was over, or was stopped.
    pub ended: Timestamp,
    pub detected: Option<Timestamp>,
    /// When the notice was published.
    pub notice: Option<Timestamp>,
    /// The first post by a person.
    pub first_word: Option<Timestamp>,
    /// From the detection to the first word.
    pub first_after: Option<SignedDuration>,
    pub first_promised: Option<SignedDuration>,
    /// Next words whose time had come, and how many of them came late.
    pub updates: Count,
    pub longest_silence: Option<SignedDuration>,
    pub next_promised: Option<SignedDuration>,
    /// When a person said that it was over.
    pub resolved: Option<Timestamp>,
}

/// A message, and what became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heard {
    /// By the drill's clock.
    pub at: Timestamp,
    pub channel: Slug,
    pub subject: String,
    pub how: Hearing,
}

/// See [`Heard`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Hearing {
    /// The channel has no words for it, and was sent nothing.
    Nothing(String),
    /// It was really sent, marked as a drill.
    Sent,
    /// It is what would have been sent.
    Shown,
    Failed(String),
}

/// A promise that was not kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Missed {
    FirstWord,
    Update,
}

/// What the site says of it in the end.
pub fn score(site: &Site, derived: &Derived, failing: &Failing) -> Score {
    let detection = site.detections.first();
    let posted = site.incidents.iter().zip(&derived.incidents).find(|(incident, _)| incident.kind == Kind::Incident);
    let response = posted.and_then(|(_, facts)| facts.response.as_ref());
    let minute = |moment: Moment| match moment {
        Moment::At(at) => Some(at),
        Moment::Day(_) => None,
    };
    let detected = detection.map(|detection| detection.detected);
    let first_word = response.and_then(|response| minute(response.first_word?.at));
    Score {
        failed: (failing.from, failing.until),
        ended: derived.now,
        detected,
        notice: detection.and_then(|detection| detection.published),
        first_word,
        first_after: response.and_then(|response| response.first_after),
        first_promised: site.config.promise.first_post,
        updates: response.map_or(Count { n: 0, of: 0 }, |response| response.kept()),
        longest_silence: response.and_then(|response| Some(response.longest_silence()?.length)),
        next_promised: site.config.promise.next_update,
        resolved: response.and_then(|response| minute(response.resolved?)),
    }
}

impl Score {
    /// Promises that were missed. What the monitors never found could not be answered.
    pub fn missed(&self) -> Vec<Missed> {
        let first_late = match (self.first_promised, self.first_after) {
            (Some(promised), Some(after)) => after > promised,
            // Nobody ever wrote, and there was time for it.
            (Some(promised), None) => self.detected.is_some_and(|at| self.ended.duration_since(at) > promised),
            (None, _) => false,
        };
        let first = first_late.then_some(Missed::FirstWord);
        first.into_iter().chain((self.updates.n > 0).then_some(Missed::Update)).collect()
    }
}
