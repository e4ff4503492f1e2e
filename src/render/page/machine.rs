//! Sentences that the machine says of what monitors saw. It never says that a person did.

use jiff::Timestamp;
use jiff::civil::Date;

use super::All;
use super::entry::Entry;
use super::lead::joined;
use super::pen::Pen;
use crate::derive::{Disagreement, IncidentFacts, Measured, Moment};
use crate::model::{Incident, Kind, Places};
use crate::render::Html;
use crate::render::i18n::T;
use crate::render::time::Own;

impl All<'_> {
    /// When a notice's outage was detected, and from which places.
    pub(super) fn detected(self, entry: Entry<'_>) -> (Timestamp, Places) {
        match &entry.facts.measured {
            Some(measured) => (measured.detected, measured.places),
            None => (entry.facts.started.timestamp(&self.site.config), Places::default()),
        }
    }
}

/// When it ended: of a notice as it was measured, for it is told as over only after a while.
pub(super) fn ended(incident: &Incident, facts: &IncidentFacts) -> Option<Moment> {
    let measured = facts.measured.as_ref().filter(|_| incident.kind == Kind::Notice && facts.ended.is_some());
    measured.and_then(|measured| measured.end).map(Moment::At).or(facts.ended)
}

impl Pen<'_> {
    /// `Our checks noticed this at 14:11 CEST from 3 of 5 places. A person has not confirmed this yet.`
    pub(super) fn noticed_text(&self, detected: (Timestamp, Places), today: Date) -> Html {
        joined(&[self.noticed_at(detected, today, Own::Beside), Html::text(&self.word(T::not_confirmed_yet))])
    }

    /// `Our checks noticed this at 14:11 CEST from 3 of 5 places.`
    pub(super) fn noticed_at(&self, (at, places): (Timestamp, Places), today: Date, own: Own<'_>) -> Html {
        let time = self.clock.near(Moment::At(at), today, own);
        match self.seen_from(places) {
            Some(places) => self.html(T::noticed_at_from, &[("time", &time), ("places", &Html::text(&places))]),
            None => self.html(T::noticed_at, &[("time", &time)]),
        }
    }

    /// `our checks saw it at 11:02 CEST from 3 of 5 places`
    pub(super) fn saw_it_at(&self, (at, places): (Timestamp, Places), today: Date) -> Html {
        let time = self.clock.near(Moment::At(at), today, Own::No);
        match self.seen_from(places) {
            Some(places) => self.html(T::checks_saw_it_at_from, &[("time", &time), ("places", &Html::text(&places))]),
            None => self.html(T::checks_saw_it_at, &[("time", &time)]),
        }
    }

    /// `our checks saw it from 2 of 5 places`
    pub(super) fn saw_it(&self, places: Places) -> String {
        match self.seen_from(places) {
            Some(places) => self.text(T::checks_saw_it_from, &[("places", &places)]),
            None => self.word(T::checks_saw_it),
        }
    }

    /// `Checks disagree: still failing from 3 of 5 places.`
    pub(super) fn disagreement(&self, measured: &Measured) -> Option<String> {
        Some(match (measured.disagreement?, self.seen_from(measured.places)) {
            (Disagreement::AllGood, _) => self.word(T::checks_disagree_good),
            (Disagreement::StillFailing, Some(places)) => {
                self.text(T::checks_disagree_failing_from, &[("places", &places)])
            }
            (Disagreement::StillFailing, None) => self.word(T::checks_disagree_failing),
        })
    }
}
