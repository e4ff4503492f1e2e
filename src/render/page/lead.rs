//! What a page answers first: what is, for whom, since when, what next. The first screen of a phone holds it.

use jiff::Timestamp;
use serde::Serialize;

use super::frame::Live;
use super::mark::Mark;
use super::pen::{Fact, Pen, anchor};
use crate::derive::promises::Owed;
use crate::derive::{Measured, Moment, NextUpdate};
use crate::model::{ComponentState, Impact, Incident, Kind, Markdown, Slug, Stage, Window};
use crate::render::Html;
use crate::render::i18n::T;
use crate::render::markdown::{self, LinkContext};
use crate::render::phrase::phrase;
use crate::render::time::Own;

/// What a template prints as `<lead>`.
#[derive(Default, Serialize)]
pub(super) struct Lead {
    pub mark: Option<Mark>,
    pub title: String,
    /// What still works, in a sentence.
    pub works: Option<Html>,
    /// Quieter lines below: as of when, from when to when.
    pub lines: Vec<Html>,
    pub facts: Vec<Fact>,
    /// No person says it: it is set in the plain voice, above a dashed line.
    pub machine: bool,
}

/// Something that is or was, as its lead tells it.
#[derive(Clone, Copy)]
pub(super) struct Subject<'a> {
    pub incident: &'a Incident,
    pub stage: Stage,
    pub started: Moment,
    pub ended: Option<Moment>,
    pub states: &'a [(Slug, ComponentState)],
    pub next_update: Option<NextUpdate>,
    /// Path of the report from the site's root, and its day.
    pub report: Option<(&'a Slug, Moment)>,
    /// What monitors say of it.
    pub measured: Option<&'a Measured>,
    /// How its report stands.
    pub owed: &'a Owed,
    /// When a person first wrote about it, as far as that is known.
    pub first_word: Option<Moment>,
}

impl Subject<'_> {
    /// When a person first wrote about what monitors had seen; `None` where no person did, or wrote before them.
    pub(super) fn confirmed(&self, measured: &Measured) -> Option<Timestamp> {
        match self.first_word? {
            Moment::At(at) => Some(at).filter(|at| *at >= measured.detected),
            Moment::Day(_) => None,
        }
    }
}

impl<'a> Pen<'a> {
    /// Of what goes on now.
    pub(super) fn lead_open(&self, subject: Subject<'_>, live: &Live<'_>) -> Lead {
        let worst = subject.states.iter().map(|(_, state)| *state).max();
        let mark = match worst.filter(|worst| *worst != ComponentState::Operational) {
            Some(worst) => self.state(worst),
            None => self.stage(subject.stage, &subject.incident.kind),
        };
        let today = self.clock.day_of(Moment::At(live.now));
        let since = self.since(subject.started, today, live.now);
        let mut facts = Vec::new();
        facts.extend(self.affected(subject.incident, true));
        let saw_it = subject.measured.map(|measured| self.saw_it_at((measured.detected, measured.places), today));
        facts.push(self.fact(T::since, since, saw_it));
        facts.extend(match &subject.incident.kind {
            Kind::Maintenance(window) => self.until(*window, today, live.now),
            Kind::Incident | Kind::Notice => Some(self.next_update(subject.next_update, today, live.now)),
            Kind::Info | Kind::FalseAlarm => None,
        });
        Lead {
            mark: Some(mark),
            title: subject.incident.title.clone(),
            works: subject.incident.works.as_ref().map(|works| self.sentence(subject.incident, works)),
            lines: vec![self.as_of(live.now)],
            facts,
            machine: false,
        }
    }

    /// Of what monitors see now and no person has written about.
    pub(super) fn lead_notice(&self, subject: Subject<'_>, live: &Live<'_>) -> Lead {
        let incident = subject.incident;
        let today = self.clock.day_of(Moment::At(live.now));
        let worst = subject.states.iter().map(|(_, state)| *state).max().unwrap_or(incident.impact.state());
        let saw_it = subject.measured.map(|measured| self.saw_it_at((measured.detected, measured.places), today));
        let not_yet = Html::text(&self.word(T::confirmed_not_yet));
        let mut told = Vec::new();
        told.extend(self.affected(incident, true));
        told.push(self.fact(T::since, self.since(subject.started, today, live.now), saw_it));
        told.push(self.fact(T::confirmed, not_yet, None));
        Lead {
            mark: Some(self.state(worst)),
            title: incident.title.clone(),
            lines: vec![self.as_of(live.now)],
            facts: told,
            machine: true,
            ..Lead::default()
        }
    }

    /// Of what is over.
    pub(super) fn lead_over(&self, subject: Subject<'_>) -> Lead {
        let mut parts = vec![self.when(subject)];
        if subject.incident.kind == Kind::Incident && subject.incident.impact != Impact::None {
            parts.push(Html::trusted(format!("{}.", self.word(super::mark::impact_word(subject.incident.impact)))));
        }
        if let (Kind::FalseAlarm, Some(measured)) = (&subject.incident.kind, subject.measured) {
            let time = self.clock.full(Moment::At(measured.detected), Own::No);
            parts.push(self.html(T::withdrawn, &[("time", &time)]));
        }
        let mut facts = Vec::new();
        facts.extend(self.affected(subject.incident, false));
        facts.extend(self.touched_fact(subject.incident));
        facts.extend(self.detected_fact(subject));
        if let Some((slug, published)) = subject.report {
            let url = self.url(&format!("rfo/{slug}/"));
            parts.push(anchor(&url, &Html::text(&self.word(T::report_link))));
            let day = self.clock.date(self.clock.day_of(published));
            facts.push(self.fact(
                T::report,
                anchor(&url, &self.html(T::published_day, &[("day", &day)])),
                self.kept_day(subject.owed),
            ));
        } else {
            facts.extend(self.owed(subject.owed, None));
        }
        Lead {
            mark: Some(match subject.incident.kind {
                Kind::Notice => self.unexplained(),
                _ => self.stage(subject.stage, &subject.incident.kind),
            }),
            title: subject.incident.title.clone(),
            works: None,
            lines: vec![joined(&parts)],
            facts,
            machine: subject.incident.kind == Kind::Notice,
        }
    }

    /// Of what is planned.
    pub(super) fn lead_planned(&self, subject: Subject<'_>) -> Lead {
        let window = match &subject.incident.kind {
            Kind::Maintenance(window) => *window,
            Kind::Incident | Kind::Notice | Kind::Info | Kind::FalseAlarm => Window { starts: None, ends: None },
        };
        Lead {
            mark: Some(self.stage(subject.stage, &subject.incident.kind)),
            title: subject.incident.title.clone(),
            works: subject.incident.works.as_ref().map(|works| self.sentence(subject.incident, works)),
            lines: vec![self.window_line(window)],
            facts: [self.affected(subject.incident, false), self.touched_fact(subject.incident)]
                .into_iter()
                .flatten()
                .collect(),
            machine: false,
        }
    }

    /// Of work that was called off: when it should have been, when that was decided, and what it would have touched.
    pub(super) fn lead_cancelled(&self, subject: Subject<'_>, window: Window) -> Lead {
        let planned = self.clock.window(window).filter(|_| window.starts.is_some()).map(|planned| {
            match self.window_length(window) {
                Some(length) => self.html(T::was_planned_for, &[("window", &planned), ("duration", &length)]),
                None => self.html(T::was_planned, &[("window", &planned)]),
            }
        });
        let cancelled = subject
            .ended
            .map(|ended| self.html(T::was_cancelled, &[("time", &self.clock.weekday(ended, Own::Beside))]));
        let names = self.names(&subject.incident.components);
        let touched = (!names.is_empty()).then(|| self.fact(T::not_touched, Html::text(&names), None));
        Lead {
            mark: Some(self.stage(subject.stage, &subject.incident.kind)),
            title: subject.incident.title.clone(),
            works: None,
            lines: vec![joined(&[planned, cancelled].into_iter().flatten().collect::<Vec<_>>())],
            facts: touched.into_iter().collect(),
            machine: false,
        }
    }

    /// An incident's text as blocks; its highest heading is an `h3`.
    pub(super) fn told(&self, incident: &Incident, text: &Markdown) -> Html {
        self.linked(incident, |context| markdown::html(text, context))
    }

    /// An incident's text as a sentence.
    pub(super) fn sentence(&self, incident: &Incident, text: &Markdown) -> Html {
        self.linked(incident, |context| markdown::inline(text, context))
    }

    fn linked(&self, incident: &Incident, make: impl Fn(&LinkContext<'_>) -> Html) -> Html {
        let own = format!("incidents/{}/", incident.slug);
        self.with_links(&own, &incident.source, make)
    }

    pub(super) fn as_of(&self, now: Timestamp) -> Html {
        self.html(T::as_of, &[("time", &self.clock.as_of(now))])
    }

    /// For whom: in the writer's words, else the number of accounts. With `or_names` which components where neither is
    /// said, and below it where there is room.
    fn affected(&self, incident: &Incident, or_names: bool) -> Option<Fact> {
        let accounts = incident.accounts.as_ref().map(|accounts| Html::text(&self.accounts(accounts)));
        let names = self.names(&incident.components);
        let names = (or_names && !names.is_empty()).then(|| Html::text(&names));
        match (&incident.affected, accounts) {
            (Some(affected), small) => Some(self.fact(T::affected, phrase(affected), small.or(names))),
            (None, Some(accounts)) => Some(self.fact(T::affected, accounts, names)),
            (None, None) => names.map(|names| self.fact(T::touched, names, None)),
        }
    }

    /// When monitors saw it and from how many places; when a person first wrote about it, where that came after.
    fn detected_fact(&self, subject: Subject<'_>) -> Option<Fact> {
        let measured = subject.measured?;
        let day = self.clock.day_of(subject.started);
        let by = match self.seen_from(measured.places) {
            Some(places) => self.text(T::by_checks_from, &[("places", &places)]),
            None => self.word(T::by_checks),
        };
        let mut small = Html::text(&by);
        if let Some(at) = subject.confirmed(measured) {
            let time = self.clock.near(Moment::At(at), day, Own::No);
            small = self.html(T::by_checks_confirmed, &[("by", &small), ("time", &time)]);
        }
        let detected = self.clock.near(Moment::At(measured.detected), day, Own::Beside);
        Some(self.fact(T::detected, detected, Some(small)))
    }

    fn touched_fact(&self, incident: &Incident) -> Option<Fact> {
        let names = self.names(&incident.components);
        (!names.is_empty()).then(|| self.fact(T::touched, Html::text(&names), None))
    }

    fn since(&self, started: Moment, today: jiff::civil::Date, now: Timestamp) -> Html {
        let time = self.clock.near(started, today, Own::Beside);
        match started {
            Moment::At(at) if at < now => {
                self.html(T::since_for, &[("time", &time), ("duration", &self.clock.lasting(at, now))])
            }
            Moment::At(_) | Moment::Day(_) => time,
        }
    }

    fn until(&self, window: Window, today: jiff::civil::Date, now: Timestamp) -> Option<Fact> {
        let ends = window.ends?;
        let time = self.clock.near(Moment::At(ends), today, Own::Beside);
        let main = self.html(T::until_in, &[("time", &time), ("relative", &self.clock.relative(ends, now))]);
        Some(self.fact(T::until, main, None))
    }

    fn next_update(&self, next: Option<NextUpdate>, today: jiff::civil::Date, now: Timestamp) -> Fact {
        let Some(next) = next else {
            return self.fact(T::next_update, Html::text(&self.word(T::next_none)), None);
        };
        let time = self.clock.near(Moment::At(next.at), today, Own::Beside);
        let args = [("time", &time), ("relative", &self.clock.relative(next.at, now))];
        if next.overdue {
            let broken = Html::text(&self.word(T::next_broken));
            let mut fact = self.fact(T::next_update, self.html(T::next_was_due, &args), Some(broken));
            fact.mark = Some(self.overdue(String::new()));
            fact
        } else {
            // The script says it when the time has passed and nobody has written.
            let late = format!(
                "<span data-kept data-at=\"{}\" data-late=\"{}\"></span>",
                Html::text(&self.clock.iso(next.at)),
                Html::text(&self.word(T::next_broken))
            );
            self.fact(T::next_update, self.html(T::next_by, &args), Some(Html::trusted(late)))
        }
    }

    fn when(&self, subject: Subject<'_>) -> Html {
        let one_day = |moment| self.html(T::on_day, &[("time", &self.clock.weekday(moment, Own::Beside))]);
        match (subject.ended, &subject.incident.kind) {
            (Some(ended), Kind::Incident | Kind::Notice | Kind::Maintenance(_)) if ended != subject.started => {
                let range = self.clock.range(subject.started, ended);
                match self.clock.between(subject.started, ended) {
                    Some(length) => self.html(T::was, &[("range", &range), ("duration", &Html::text(&length))]),
                    None => self.html(T::on_day, &[("time", &range)]),
                }
            }
            _ => one_day(subject.started),
        }
    }

    fn window_line(&self, window: Window) -> Html {
        let text = self.clock.window(window).unwrap_or_else(|| Html::text(&self.word(T::window_open)));
        match self.window_length(window) {
            Some(length) => self.html(T::window, &[("window", &text), ("duration", &length)]),
            None => self.html(T::window_only, &[("window", &text)]),
        }
    }

    fn window_length(&self, window: Window) -> Option<Html> {
        let length = self.clock.between(Moment::At(window.starts?), Moment::At(window.ends?))?;
        Some(Html::text(&length))
    }
}

/// Sentences, one after the other.
pub(super) fn joined(sentences: &[Html]) -> Html {
    let texts: Vec<&str> = sentences.iter().map(Html::as_str).filter(|text| !text.is_empty()).collect();
    Html::trusted(texts.join(" "))
}
