//! One incident, maintenance or announcement in a list.

use std::hash::{Hash, Hasher};

use jiff::civil::Date;
use serde::Serialize;

use super::All;
use super::machine;
use super::mark::Mark;
use super::pen::{Pen, anchor};
use crate::derive::{IncidentFacts, Moment, Phase};
use crate::model::{Incident, Kind, MaintenanceStatus, Rfo, Stage};
use crate::render::Html;
use crate::render::i18n::T;
use crate::render::keys::{Keyed, Keys};
use crate::render::markdown;
use crate::render::time::Own;

/// What a template prints as `<row>`.
#[derive(Serialize)]
pub(super) struct Row {
    href: String,
    title: String,
    mark: Option<Html>,
    text: Option<Html>,
    note: Html,
    /// For the script's filters: ids of components, and the kind.
    components: String,
    kind: &'static str,
    /// No person has written about it.
    machine: bool,
}

/// An incident with what holds of it.
#[derive(Clone, Copy)]
pub(super) struct Entry<'a> {
    pub incident: &'a Incident,
    pub facts: &'a IncidentFacts,
    pub report: Option<(&'a Rfo, Moment)>,
}

impl<'a> All<'a> {
    /// The incident of that index.
    pub(super) fn entry(self, index: usize) -> Option<Entry<'a>> {
        let facts = self.derived.incidents.get(index)?;
        let report = facts.rfo.and_then(|rfo| {
            let facts = self.derived.rfos.get(rfo)?;
            Some((self.site.rfos.get(rfo)?, facts.published))
        });
        Some(Entry { incident: self.site.incidents.get(index)?, facts, report })
    }

    pub(super) fn entries(self, indexes: &'a [usize]) -> impl Iterator<Item = Entry<'a>> {
        indexes.iter().filter_map(move |&index| self.entry(index))
    }
}

/// Rows of a list, hashed by the fingerprints of what they show.
pub(super) struct Rows<'a>(Vec<Keyed<Entry<'a>>>);

impl<'a> Rows<'a> {
    pub(super) fn new(all: All<'a>, keys: &Keys, indexes: &[usize]) -> Rows<'a> {
        let row = |&index: &usize| Some(Keyed { value: all.entry(index)?, key: keys.incident(index) });
        Rows(indexes.iter().filter_map(row).collect())
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = Entry<'a>> {
        self.0.iter().map(|row| row.value)
    }
}

impl Hash for Rows<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }
}

impl Entry<'_> {
    pub(super) fn path(&self) -> String {
        format!("incidents/{}/", self.incident.slug)
    }

    /// What kind of thing it is, for the script's filters.
    fn kind(&self) -> &'static str {
        match self.incident.kind {
            Kind::Incident => "incident",
            Kind::Notice => "notice",
            Kind::Maintenance(_) => "maintenance",
            Kind::Info => "info",
            Kind::FalseAlarm => "false_alarm",
        }
    }

    /// Whether it is work that was called off.
    fn cancelled(&self) -> bool {
        self.facts.stage == Stage::Maintenance(MaintenanceStatus::Cancelled)
    }

    pub(super) fn ongoing(&self) -> bool {
        self.facts.phase == Phase::Ongoing
    }
}

impl Pen<'_> {
    /// In the history: what it was; when and how long; what it touched; whether there is a report.
    pub(super) fn history_row(&self, entry: Entry<'_>) -> Row {
        let by_stage = entry.ongoing() || entry.cancelled();
        let mark = if by_stage { self.entry_stage(entry) } else { self.kind(entry.incident) };
        let mut when = self.clock.short(entry.facts.started);
        if let Some(length) = self.entry_length(entry) {
            when = self.listed([when, Html::text(&length)].into_iter());
        }
        let seen = if entry.incident.kind == Kind::Notice { self.how_bad(entry) } else { Html::default() };
        let note = self.notes(&[when, seen, self.touched(entry), self.report_link(entry)]);
        self.row(entry, mark, None, note)
    }

    /// On a component's page: how it ended; the day, how bad, how long.
    pub(super) fn component_row(&self, entry: Entry<'_>) -> Row {
        let day = self.clock.date(self.clock.day_of(entry.facts.started));
        let length = self.entry_length(entry).map(|length| Html::text(&length)).unwrap_or_default();
        let note = self.notes(&[day, self.how_bad(entry), length, self.report_link(entry)]);
        self.row(entry, self.entry_stage(entry), None, note)
    }

    /// On the front page, below its day: how it stands, the first sentence of the last word unless it `stands_above`,
    /// how bad, what, when.
    pub(super) fn recent_row(&self, entry: Entry<'_>, day: Date, stands_above: bool) -> Row {
        let text = if stands_above { None } else { self.last_sentence(entry) };
        let when = match (entry.ongoing(), entry.facts.ended, &entry.incident.kind) {
            (_, _, Kind::Info) => Html::default(),
            (true, _, _) => {
                let since = self.clock.near(entry.facts.started, day, Own::No);
                self.html(T::since_time, &[("time", &since)])
            }
            (false, Some(ended), Kind::Maintenance(_)) if !entry.cancelled() => {
                self.clock.range_near(entry.facts.started, ended, day)
            }
            (false, _, _) => self.entry_length(entry).map(|length| Html::text(&length)).unwrap_or_default(),
        };
        let updates = match entry.ongoing() {
            true => Html::text(&self.count(T::updates, entry.incident.updates.len(), &[])),
            false => Html::default(),
        };
        let note = self.notes(&[self.how_bad(entry), self.touched(entry), when, updates, self.report_link(entry)]);
        self.row(entry, self.entry_stage(entry), text, note)
    }

    /// Under way beside something else: how it stands, the first sentence of the last word, since when.
    pub(super) fn open_row(&self, entry: Entry<'_>, day: Date) -> Row {
        let since = self.clock.near(entry.facts.started, day, Own::Beside);
        let since = self.html(T::since_time, &[("time", &since)]);
        let note = self.notes(&[self.how_bad(entry), self.touched(entry), since]);
        self.row(entry, self.entry_stage(entry), self.last_sentence(entry), note)
    }

    /// Maintenance to come or under way: when, and the first sentence of the last word.
    pub(super) fn planned_row(&self, entry: Entry<'_>) -> Row {
        let window = match &entry.incident.kind {
            Kind::Maintenance(window) => self.clock.window(*window),
            Kind::Incident | Kind::Notice | Kind::Info | Kind::FalseAlarm => None,
        };
        let window = window.unwrap_or_else(|| Html::text(&self.word(T::window_open)));
        let text = match self.last_sentence(entry) {
            Some(sentence) => Html::trusted(format!("{window}. {sentence}")),
            None => window,
        };
        let note = self.notes(&[self.touched(entry)]);
        self.row(entry, self.entry_stage(entry), Some(text), note)
    }

    /// An announcement: its day and its first sentence.
    pub(super) fn announcement_row(&self, entry: Entry<'_>) -> Row {
        let day = self.clock.date(self.clock.day_of(entry.facts.started));
        let mut row = self.row(entry, self.entry_stage(entry), self.last_sentence(entry), day);
        row.mark = None;
        row
    }

    /// Where it stands.
    pub(super) fn entry_stage(&self, entry: Entry<'_>) -> Mark {
        match (&entry.incident.kind, entry.ongoing()) {
            (Kind::Notice, true) => return self.noticed(),
            (Kind::Notice, false) => return self.unexplained(),
            _ => {}
        }
        self.stage(entry.facts.stage, &entry.incident.kind)
    }

    fn row(&self, entry: Entry<'_>, mark: Mark, text: Option<Html>, note: Html) -> Row {
        let ids: Vec<&str> = entry.incident.components.iter().map(|id| id.as_str()).collect();
        Row {
            href: self.url(&entry.path()),
            title: entry.incident.title.clone(),
            mark: Some(self.printed(&mark)),
            text,
            note,
            components: ids.join(" "),
            kind: entry.kind(),
            machine: entry.incident.kind == Kind::Notice,
        }
    }

    fn how_bad(&self, entry: Entry<'_>) -> Html {
        match entry.incident.kind {
            Kind::Incident => Html::text(&self.word(super::mark::impact_word(entry.incident.impact))),
            Kind::Notice => {
                let places = entry.facts.measured.as_ref().map(|measured| measured.places).unwrap_or_default();
                Html::text(&self.saw_it(places))
            }
            Kind::Maintenance(_) => Html::text(&self.word(T::kind_maintenance)),
            Kind::Info | Kind::FalseAlarm => Html::default(),
        }
    }

    fn touched(&self, entry: Entry<'_>) -> Html {
        Html::text(&self.names(&entry.incident.components))
    }

    fn report_link(&self, entry: Entry<'_>) -> Html {
        match entry.report {
            None => Html::default(),
            Some((report, _)) => {
                anchor(&self.url(&format!("rfo/{}/", report.slug)), &Html::text(&self.word(T::report)))
            }
        }
    }

    fn entry_length(&self, entry: Entry<'_>) -> Option<String> {
        // What was called off took no time.
        let ended = machine::ended(entry.incident, entry.facts).filter(|_| !entry.cancelled())?;
        self.clock.between(entry.facts.started, ended)
    }

    fn last_sentence(&self, entry: Entry<'_>) -> Option<Html> {
        let sentence = markdown::first_sentence(&entry.incident.updates.last()?.body);
        (!sentence.is_empty()).then(|| Html::text(&sentence))
    }
}
