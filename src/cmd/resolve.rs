//! `upfront resolve`: the last update of an incident, or of planned work.

use super::update::{Asked, add, closed, is_closed, open};
use super::which::{Purpose, which};
use super::{Edge, Failure, Status};
use crate::cli;
use crate::model::Kind;

/// Runs the command.
///
/// # Errors
///
/// As [`super::update::run`].
pub fn run(edge: &Edge, args: &cli::Resolve) -> Result<Status, Failure> {
    let (site, derived) = open(edge, args.now)?;
    let index = which(&site, &derived, args.incident.as_deref(), Purpose::Update)?;
    if let Some(over) = site.incidents.get(index).filter(|incident| is_closed(incident)) {
        return Err(closed(edge, over));
    }
    let (stage, default) = match site.incidents.get(index).map(|incident| &incident.kind) {
        Some(Kind::Maintenance(_)) => ("completed", "The work is done."),
        Some(Kind::Info | Kind::FalseAlarm) => {
            return Err(Failure::new("an announcement has nothing to resolve").cure("add words to it: upfront update"));
        }
        Some(Kind::Incident | Kind::Notice) | None => ("resolved", "This is resolved."),
    };
    let asked =
        Asked { stage: Some(stage), states: &[], next_update: None, words: &args.words, default: Some(default) };
    add(edge, &site, &derived, index, &asked)
}
