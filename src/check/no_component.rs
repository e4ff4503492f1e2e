//! Open incidents that name no component: the page's headline says that something is wrong, and every component beside it
//! that all is well. On a site of one component, or none, there is nothing to choose from, and nothing to tell.
//!
//! Who wrote `components` has heard of what stands there, or meant it: an empty list is an answer.

use super::{Checked, locate};
use crate::derive::IncidentFacts;
use crate::diag::{Code, Diagnostic};
use crate::model::{Impact, Incident};

pub(super) fn check(checked: &Checked<'_>) -> Vec<Diagnostic> {
    let [_, _, ..] = &*checked.site.config.components else { return Vec::new() };
    let (site, derived) = (checked.site, checked.derived);
    let open = derived.open.iter().filter_map(|&at| Some((site.incidents.get(at)?, derived.incidents.get(at)?)));
    open.filter_map(|(incident, facts)| unnamed(checked, incident, facts)).collect()
}

fn unnamed(checked: &Checked<'_>, incident: &Incident, facts: &IncidentFacts) -> Option<Diagnostic> {
    let source = checked.source(&incident.source);
    let written = ["components", "component"].iter().any(|key| locate::key(source.text(), key).is_some());
    if !facts.states.is_empty() || incident.impact == Impact::None || written {
        return None;
    }
    let example = &checked.site.config.components.first()?.id;
    Some(
        Diagnostic::note(Code::NO_COMPONENT, "this open incident names no component")
            .at(&source, locate::key(source.text(), "impact").unwrap_or_default())
            .cure(format!("name those that are touched, such as `components = [\"{example}\"]`"))
            .outcome("published; no component changes its state"),
    )
}
