//! What was promised for a time that has passed: the next update of an incident, its report, and what reports promised.

use jiff::Timestamp;

use super::{Checked, locate};
use crate::derive::promises::Owed;
use crate::derive::{FollowUpState, IncidentFacts};
use crate::diag::{Code, Diagnostic};
use crate::model::Incident;

pub(super) fn check(checked: &Checked<'_>) -> Vec<Diagnostic> {
    let both = checked.site.incidents.iter().zip(&checked.derived.incidents);
    let updates = both.filter_map(|(incident, facts)| overdue(checked, incident, facts));
    updates.chain(reports(checked)).chain(follow_ups(checked)).collect()
}

/// They are notes: nothing about the files is wrong, and a workflow need not fail for it.
fn reports<'a>(checked: &'a Checked<'_>) -> impl Iterator<Item = Diagnostic> + 'a {
    checked.derived.promises.reports_overdue.iter().filter_map(|&index| {
        let (incident, facts) = (checked.site.incidents.get(index)?, checked.derived.incidents.get(index)?);
        let Owed::Overdue(due) = facts.owed else { return None };
        let source = checked.source(&incident.source);
        let span = locate::key(source.text(), "rfo_due").unwrap_or_default();
        Some(
            Diagnostic::note(Code::RFO_OVERDUE, format!("a report on this was owed by {due}"))
                .at(&source, span)
                .cure(format!(
                    "write it: `upfront rfo {}`; or say why none will come: `rfo_waived = \"…\"`",
                    incident.slug
                ))
                .outcome("readers see that it is overdue"),
        )
    })
}

fn follow_ups<'a>(checked: &'a Checked<'_>) -> impl Iterator<Item = Diagnostic> + 'a {
    let overdue = checked.derived.promises.entries.iter().filter(|entry| entry.state == FollowUpState::Overdue);
    overdue.filter_map(|entry| {
        let rfo = checked.site.rfos.get(entry.rfo)?;
        let follow_up = rfo.follow_ups.get(entry.follow_up)?;
        let due = follow_up.due?;
        let source = checked.source(&rfo.source);
        let what = locate::value(source.text(), "what", &follow_up.what.text, 0).map_or(0, |span| span.start);
        let span = locate::value(source.text(), "due", &due.to_string(), what).unwrap_or_default();
        Some(
            Diagnostic::note(Code::FOLLOW_UP_OVERDUE, format!("this was promised by {due}"))
                .at(&source, span)
                .cure("say when it was done: `done = …`; or why it will not be: `dropped = \"…\"`")
                .outcome("readers see that it is overdue"),
        )
    })
}

fn overdue(checked: &Checked<'_>, incident: &Incident, facts: &IncidentFacts) -> Option<Diagnostic> {
    let promised = facts.next_update.filter(|promised| promised.overdue)?;
    let source = checked.source(&incident.source);
    let at = promised.at.to_zoned_datetime(checked.site.config.zone.tz.clone());
    let span = locate::key(source.text(), "next_update").unwrap_or_default();
    Some(
        Diagnostic::warning(
            Code::UPDATE_OVERDUE,
            format!(
                "the next update was promised for {}, {} ago",
                at.strftime("%Y-%m-%d %H:%M %Z"),
                ago(promised.at, checked.derived.now)
            ),
        )
        .at(&source, span)
        .cure(format!("write it: `upfront update {}`", incident.slug))
        .outcome("readers see that it is overdue"),
    )
}

/// "2 d 3 h", "45 min": the two largest units.
fn ago(then: Timestamp, now: Timestamp) -> String {
    let minutes = now.duration_since(then).as_mins();
    match (minutes / (24 * 60), minutes / 60 % 24, minutes % 60) {
        (0, 0, minutes) => format!("{minutes} min"),
        (0, hours, 0) => format!("{hours} h"),
        (0, hours, minutes) => format!("{hours} h {minutes} min"),
        (days, 0, _) => format!("{days} d"),
        (days, hours, _) => format!("{days} d {hours} h"),
    }
}
