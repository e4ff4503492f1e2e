//! Dates in the text of a report that contradict themselves or its incident: those that cannot be meant (`text`), and rows of
//! the record of events that are earlier than the one above it, or far from the incident (`events`). English names only;
//! what cannot be understood is no mistake.

mod dates;
mod events;
mod text;

use jiff::civil::Date;
use jiff::{Timestamp, ToSpan as _};

use super::Checked;
use crate::derive::{IncidentFacts, Moment, RfoFacts};
use crate::diag::{Code, Diagnostic};
use crate::edit;
use crate::model::{Config, PostedAt, Rfo};

pub(super) fn check(checked: &Checked<'_>) -> Vec<Diagnostic> {
    let both = checked.site.rfos.iter().zip(&checked.derived.rfos);
    both.flat_map(|(rfo, facts)| of_report(checked, rfo, facts)).collect()
}

fn of_report(checked: &Checked<'_>, rfo: &Rfo, facts: &RfoFacts) -> Vec<Diagnostic> {
    let Some(incident) = facts.incident.and_then(|index| checked.derived.incidents.get(index)) else {
        return Vec::new();
    };
    let config = &checked.site.config;
    let source = checked.source(&rfo.source);
    let start = edit::body_start(source.text());
    let prose = dates::prose(source.text().get(start..).unwrap_or_default());
    let from = earliest(rfo, incident, config);
    let to = latest(rfo, incident, checked.derived.now, config).max(from);
    let published = (rfo.published != PostedAt::Unknown).then(|| facts.published.day(config));
    let named = named(rfo, config);
    let known = text::Known {
        began: Moment::At(from).day(config),
        ended: Moment::At(to).day(config),
        published,
        named: &named,
        english: config.language == "en" || config.language.starts_with("en-"),
    };
    let mut findings = text::check(&prose, &known);
    let until = published.map(|day| midnight(day.saturating_add(2.days()), config));
    let span = events::Span { from, to, until: until.unwrap_or(checked.derived.now), zone: &config.zone.tz };
    findings.extend(events::check(&prose, &span));
    let told = findings.into_iter().map(|finding| {
        Diagnostic::warning(Code::RFO_DATES, finding.what)
            .at(&source, start + finding.span.start..start + finding.span.end)
            .cure(finding.cure)
            .outcome("published as it is")
    });
    told.collect()
}

/// Days that its follow-ups name, and those on which it was corrected.
fn named(rfo: &Rfo, config: &Config) -> Vec<Date> {
    let mut named: Vec<Date> = rfo.edits.iter().map(|edit| Moment::At(edit.at).day(config)).collect();
    for follow_up in &rfo.follow_ups {
        named.extend(follow_up.due.into_iter().chain(follow_up.done));
        named.extend(follow_up.due_before.iter().map(|(day, _)| *day));
    }
    named
}

/// The earliest that anybody says it began.
fn earliest(rfo: &Rfo, incident: &IncidentFacts, config: &Config) -> Timestamp {
    let posted = match incident.started {
        Moment::At(at) => at,
        Moment::Day(day) => midnight(day, config),
    };
    let measured = incident.measured.as_ref().map(|measured| measured.start);
    [rfo.started, measured].into_iter().flatten().fold(posted, Timestamp::min)
}

/// The latest that anybody says it ended; now, while it goes on.
fn latest(rfo: &Rfo, incident: &IncidentFacts, now: Timestamp, config: &Config) -> Timestamp {
    let posted = match incident.ended {
        Some(Moment::At(at)) => at,
        Some(Moment::Day(day)) => midnight(day.saturating_add(1.day()), config),
        None => now,
    };
    let measured = incident.measured.as_ref().and_then(|measured| measured.end);
    [rfo.ended, measured].into_iter().flatten().fold(posted, Timestamp::max)
}

fn midnight(day: Date, config: &Config) -> Timestamp {
    config.zone.tz.to_timestamp(day.at(0, 0, 0, 0)).unwrap_or(Timestamp::MIN)
}
