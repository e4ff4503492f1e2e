//! Incidents whose next update was promised for a time that has passed.

use jiff::Timestamp;

use super::{Checked, locate};
use crate::derive::IncidentFacts;
use crate::diag::{Code, Diagnostic};
use crate::model::Incident;

pub(super) fn check(checked: &Checked<'_>) -> Vec<Diagnostic> {
    let both = checked.site.incidents.iter().zip(&checked.derived.incidents);
    both.filter_map(|(incident, facts)| overdue(checked, incident, facts)).collect()
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
