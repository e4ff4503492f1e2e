//! The updates of an incident, in reading order, with long stretches of one stage folded.

use jiff::Timestamp;
use serde::Serialize;

use super::tracks::tracks;
use super::{Input, announced, first_day};
use crate::derive::Moment;
use crate::model::{ComponentState, Detection, IncidentStatus, Kind, PostedAt, Slug, Stage, Update};
use crate::render::Html;
use crate::render::i18n::T;
use crate::render::page::edits::Edited;
use crate::render::page::lead::{Subject, joined};
use crate::render::page::pen::{Pen, anchor};
use crate::render::time::Own;

/// A stretch of one stage that is longer than this is folded between its first and its last update.
const STRETCH_MAX: usize = 6;

/// So many of the outages that monitors saw stand in the timeline.
const SEEN_MAX: usize = 20;

/// One entry of the timeline: exactly one of the four.
#[derive(Default, Serialize)]
pub(super) struct Step {
    update: Option<Told>,
    fold: Option<Fold>,
    seen: Option<Seen>,
    report: Option<ReportStep>,
}

/// What monitors saw, between what people wrote.
#[derive(Serialize)]
struct Seen {
    id: String,
    mark: Html,
    time: Html,
    text: Html,
    side: Html,
}

#[derive(Serialize)]
struct Told {
    id: String,
    mark: Html,
    time: Html,
    body: Html,
    changes: Vec<Change>,
    /// When it was written and when it was public, where these differ.
    both: Option<Html>,
    edits: Vec<Edited>,
    /// Which channel had it when.
    announced: Option<Html>,
}

/// Components that went to one state.
#[derive(Serialize)]
struct Change {
    names: String,
    mark: Html,
}

#[derive(Serialize)]
struct Fold {
    range: Html,
    summary: String,
    updates: Vec<Told>,
}

#[derive(Serialize)]
struct ReportStep {
    mark: Html,
    day: Html,
    link: Html,
}

pub(super) fn steps(pen: &Pen<'_>, input: &Input<'_>, subject: Subject<'_>, newest_first: bool) -> Vec<Step> {
    let updates = &input.incident.updates;
    let mut steps = Vec::with_capacity(updates.len() + 1);
    let mut start = 0;
    let mut seen = seen(pen, input, subject).into_iter().peekable();
    let at = |update: &Update| posted(input, update).timestamp(pen.config());
    for stretch in updates.chunk_by(|a, b| a.stage == b.stage) {
        let changes = input.changes.get(start..).unwrap_or_default();
        let tell = |at: usize, update: &Update| {
            told(pen, input, update, changes.get(at).map_or(&[][..], |changes| changes.as_slice()))
        };
        // What was seen before a stretch began stands before it; a fold is not torn up for it.
        let began = stretch.first().map(at);
        steps.extend(
            std::iter::from_fn(|| seen.next_if(|(detected, _)| began.is_some_and(|at| *detected <= at)))
                .map(|(_, step)| step),
        );
        let indexed: Vec<(usize, &Update)> = stretch.iter().enumerate().collect();
        match indexed.as_slice() {
            [first, middle @ .., last] if stretch.len() > STRETCH_MAX => {
                steps.push(Step { update: Some(tell(first.0, first.1)), ..Step::default() });
                let told = middle.iter().map(|(at, update)| tell(*at, update)).collect();
                let updates = middle.iter().map(|(_, update)| *update).collect::<Vec<_>>();
                steps.push(Step { fold: fold(pen, input, &updates, told, newest_first), ..Step::default() });
                steps.push(Step { update: Some(tell(last.0, last.1)), ..Step::default() });
            }
            each => {
                for (index, update) in each {
                    let written = at(update);
                    steps.extend(
                        std::iter::from_fn(|| seen.next_if(|(detected, _)| *detected <= written)).map(|(_, step)| step),
                    );
                    steps.push(Step { update: Some(tell(*index, update)), ..Step::default() });
                }
            }
        }
        start += stretch.len();
    }
    steps.extend(seen.map(|(_, step)| step));
    steps.extend(report(pen, input));
    if newest_first {
        steps.reverse();
    }
    steps
}

/// What monitors saw of what a person wrote about, by when it was detected. A notice tells it in its own updates.
fn seen(pen: &Pen<'_>, input: &Input<'_>, subject: Subject<'_>) -> Vec<(Timestamp, Step)> {
    if input.incident.kind != Kind::Incident {
        return Vec::new();
    }
    let mut detections = input.detections.clone();
    detections.sort_by_key(|detection| detection.detected);
    let day = first_day(pen, input);
    let first = detections.first().map(|detection| detection.id.clone());
    let step = |detection: &Detection| {
        let text = pen.noticed_at((detection.detected, detection.places), day, Own::No);
        let confirmed = input.measured.filter(|_| first.as_ref() == Some(&detection.id));
        let confirmed = confirmed.and_then(|measured| subject.confirmed(measured));
        let confirmed =
            confirmed.map(|at| pen.html(T::confirmed_at, &[("time", &pen.clock.near(Moment::At(at), day, Own::No))]));
        let names = Html::text(&pen.names(&detection.components));
        let text = joined(&[text, confirmed.unwrap_or_default()]);
        let failed = tracks(pen.config(), &[detection]).into_iter().map(|track| {
            let time = pen.clock.near(Moment::At(track.start()), day, Own::No);
            pen.html(T::first_failed, &[("component", &Html::text(&track.component.name)), ("time", &time)])
        });
        let seen = Seen {
            id: format!("n-{}", detection.id),
            mark: pen.printed(&pen.noticed()),
            time: pen.clock.near(Moment::At(detection.detected), day, Own::Beside),
            text: pen.html(T::noticed_of, &[("components", &names), ("text", &text)]),
            side: pen.listed(failed),
        };
        (detection.detected, Step { seen: Some(seen), ..Step::default() })
    };
    detections.iter().take(SEEN_MAX).map(|detection| step(detection)).collect()
}

fn told(pen: &Pen<'_>, input: &Input<'_>, update: &Update, changes: &[(Slug, ComponentState)]) -> Told {
    let day = first_day(pen, input);
    let index = input.incident.updates.iter().position(|other| other.id == update.id);
    let posted_by = input.response.zip(index).and_then(|(response, index)| response.posted.get(index));
    Told {
        id: format!("u-{}", update.id),
        mark: pen.printed(&pen.stage(update.stage, &input.incident.kind)),
        time: pen.clock.near(posted(input, update), day, Own::Beside),
        body: pen.told(input.incident, &update.body),
        changes: grouped(pen, changes),
        both: posted_by.and_then(|posted| pen.both_times(posted, day)),
        edits: pen.edits(&update.edits, day),
        announced: index.and_then(|index| announced::line(pen, input, index)),
    }
}

/// One line for each state, in the order of the first component that went to it.
fn grouped(pen: &Pen<'_>, changes: &[(Slug, ComponentState)]) -> Vec<Change> {
    let mut groups: Vec<(ComponentState, Vec<&str>)> = Vec::new();
    for (id, state) in changes {
        let Some(component) = pen.config().component(id) else { continue };
        match groups.iter_mut().find(|(known, _)| known == state) {
            Some((_, names)) => names.push(&component.name),
            None => groups.push((*state, vec![&component.name])),
        }
    }
    let separator = pen.word(T::list_separator);
    let change = |(state, names): (ComponentState, Vec<&str>)| Change {
        names: names.join(&separator),
        mark: pen.printed(&pen.state(state)),
    };
    groups.into_iter().map(change).collect()
}

fn fold(
    pen: &Pen<'_>,
    input: &Input<'_>,
    updates: &[&Update],
    mut told: Vec<Told>,
    newest_first: bool,
) -> Option<Fold> {
    let (first, last) = (updates.first()?, updates.last()?);
    if newest_first {
        told.reverse();
    }
    Some(Fold {
        range: pen.clock.range_near(posted(input, first), posted(input, last), first_day(pen, input)),
        summary: pen.count(more(first.stage), updates.len(), &[]),
        updates: told,
    })
}

fn report(pen: &Pen<'_>, input: &Input<'_>) -> Option<Step> {
    let report = input.report?;
    let link = anchor(&pen.url(&format!("rfo/{}/", report.slug)), &Html::text(report.title));
    let day = pen.clock.date_near(pen.clock.day_of(report.published), first_day(pen, input));
    Some(Step {
        report: Some(ReportStep { mark: pen.printed(&pen.published(T::report)), day, link }),
        ..Step::default()
    })
}

/// When an update was posted; where nothing says, it stands with the beginning, which is the build's own day at most.
fn posted(input: &Input<'_>, update: &Update) -> Moment {
    match update.posted {
        PostedAt::Written(at) | PostedAt::FromGit(at) => Moment::At(at),
        PostedAt::Day(day) => Moment::Day(day),
        PostedAt::Unknown => input.started,
    }
}

fn more(stage: Stage) -> T {
    match stage {
        Stage::Incident(IncidentStatus::Investigating) => T::more_investigating,
        Stage::Incident(IncidentStatus::Identified) => T::more_identified,
        Stage::Incident(IncidentStatus::Monitoring) => T::more_monitoring,
        Stage::Incident(IncidentStatus::Resolved) | Stage::Maintenance(_) | Stage::Note => T::more_updates,
    }
}
