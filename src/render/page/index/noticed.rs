//! What monitors say on the front page without a person: what they see now and nobody has confirmed, what they saw and
//! nobody has explained, and that nothing is heard of them.

use jiff::civil::Date;
use serde::Serialize;

use crate::derive::checks::checks;
use crate::derive::{Disagreement, Moment, Phase};
use crate::model::{Component, ComponentState, Detection, Kind};
use crate::render::Html;
use crate::render::i18n::T;
use crate::render::page::All;
use crate::render::page::entry::Entry;
use crate::render::page::mark::Mark;
use crate::render::page::pen::{Link, Pen, anchor};
use crate::render::time::Own;

/// So many of what nobody has explained stand on the front page.
const UNEXPLAINED_MAX: usize = 5;

/// A notice that is under way.
#[derive(Serialize)]
pub(super) struct Noticed {
    /// Its slug, as an anchor.
    id: String,
    title: String,
    mark: Mark,
    when: Html,
    text: Html,
    links: Vec<Link>,
}

/// An outage that is over and that nobody has explained.
#[derive(Serialize)]
pub(super) struct Unexplained {
    title: Html,
    mark: Mark,
    note: Html,
}

/// Notices under way, the worst first, then the newest.
pub(super) fn under_way(all: All<'_>) -> Vec<usize> {
    let incidents = all.site.incidents.iter().zip(&all.derived.incidents).enumerate();
    let open =
        incidents.filter(|(_, (incident, facts))| incident.kind == Kind::Notice && facts.phase == Phase::Ongoing);
    let mut open: Vec<_> = open
        .map(|(index, (_, facts))| {
            let worst = facts.states.iter().map(|(_, state)| *state).max();
            (worst, facts.started.timestamp(&all.site.config), index)
        })
        .collect();
    open.sort_by(|a, b| b.cmp(a));
    open.into_iter().map(|(_, _, index)| index).collect()
}

pub(super) fn noticed(pen: &Pen<'_>, all: All<'_>, entry: Entry<'_>, today: Date) -> Noticed {
    let detected = all.detected(entry);
    let path = entry.path();
    Noticed {
        id: format!("n-{}", entry.incident.slug),
        title: entry.incident.title.clone(),
        mark: pen.noticed(),
        when: pen.clock.near(Moment::At(detected.0), today, Own::No),
        text: pen.noticed_text(detected, today),
        links: vec![
            Link::new(pen.url(&path), Html::text(&pen.word(T::what_checks_measured))),
            Link::new(pen.url(&format!("{path}feed.atom")), Html::text(&pen.word(T::follow_incident))),
        ],
    }
}

/// What nobody has explained, newest first, and how many more there are.
pub(super) fn unexplained(pen: &Pen<'_>, all: All<'_>, today: Date) -> (Vec<Unexplained>, Option<Link>) {
    let of = |&index: &usize| all.site.detections.get(index);
    let over: Vec<&Detection> = all.derived.unexplained.iter().filter_map(of).filter(|one| !one.is_open()).collect();
    let more = over.len().saturating_sub(UNEXPLAINED_MAX);
    let more =
        (more > 0).then(|| Link::new(pen.url("history/"), Html::text(&pen.count(T::more_in_history, more, &[]))));
    let shown = over.into_iter().take(UNEXPLAINED_MAX);
    (shown.map(|detection| unexplained_row(pen, all, detection, today)).collect(), more)
}

fn unexplained_row(pen: &Pen<'_>, all: All<'_>, detection: &Detection, today: Date) -> Unexplained {
    let names = pen.names(&detection.components);
    let length = detection.end.and_then(|end| pen.clock.between(Moment::At(detection.start), Moment::At(end)));
    let title = match length {
        Some(length) => pen.text(T::outage_of, &[("components", &names), ("duration", &length)]),
        None => pen.text(T::outage_short, &[("components", &names)]),
    };
    // What had no notice has no page; its component's page shows the day.
    let has_page = all.site.incidents.iter().any(|incident| incident.slug == detection.id);
    let path = match detection.components.first() {
        Some(component) if !has_page => format!("components/{component}/"),
        _ => format!("incidents/{}/", detection.id),
    };
    let start = pen.clock.near(Moment::At(detection.start), today, Own::No);
    Unexplained {
        title: anchor(&pen.url(&path), &Html::text(&title)),
        mark: pen.unexplained(),
        note: pen.notes(&[start, Html::text(&pen.saw_it(detection.places))]),
    }
}

/// Since when nothing is heard of any monitor, as a sentence.
pub(super) fn silent(pen: &Pen<'_>, all: All<'_>, today: Date) -> Option<Html> {
    let since = pen.clock.near(Moment::At(all.derived.silent_since?), today, Own::Beside);
    Some(pen.html(T::silent_text, &[("time", &since)]))
}

/// How often checks run and from where: said while all is quiet.
pub(super) fn how_often(pen: &Pen<'_>, all: All<'_>) -> Option<Html> {
    let checks = checks(&all.site.monitoring, pen.config().components.iter())?;
    let seconds = checks.every_ms? / 1000;
    let places = checks.places.max(1);
    let text = match seconds {
        ..45 => pen.count(T::checks_often, places, &[]),
        45..90 => pen.count(T::checks_minute, places, &[]),
        _ => {
            let every = pen.clock.length(u64::try_from(seconds.saturating_add(30) / 60).unwrap_or(0));
            pen.count(T::checks_every, places, &[("every", &every)])
        }
    };
    Some(Html::text(&text))
}

/// Components that their monitors see disturbed though nothing that is open says so.
pub(super) fn troubled<'a>(all: All<'a>) -> Vec<&'a Component> {
    let components = all.site.config.components.iter().zip(&all.derived.components);
    let troubled = components.filter(|(_, facts)| facts.state > ComponentState::UnderMaintenance);
    troubled.map(|(component, _)| component).collect()
}

/// Where people and monitors differ now, a line for each incident.
pub(super) fn disagreements(pen: &Pen<'_>, all: All<'_>) -> Vec<Html> {
    let incidents = all.derived.incidents.iter().enumerate();
    let differing = incidents.filter(|(_, facts)| {
        facts.measured.as_ref().is_some_and(|measured| measured.disagreement == Some(Disagreement::StillFailing))
    });
    let line = |(index, facts): (usize, &crate::derive::IncidentFacts)| {
        let entry = all.entry(index).filter(|entry| entry.incident.kind != Kind::Notice)?;
        let title = anchor(&pen.url(&entry.path()), &Html::text(&entry.incident.title));
        let said = Html::text(&pen.disagreement(facts.measured.as_ref()?)?);
        Some(pen.html(T::disagrees_about, &[("title", &title), ("text", &said)]))
    };
    differing.filter_map(line).collect()
}
