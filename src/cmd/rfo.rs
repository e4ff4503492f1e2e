//! `upfront rfo`: begins the report on an incident, as a draft that only its new name publishes.
//!
//! Beside an `index.md` the draft is `_rfo.md`; beside a single file `<its name>-rfo.md` with `_` before it. Nothing
//! is moved, so that git's history and every address stay as they are.

use std::io::{self, IsTerminal as _};
use std::path::Path;

use jiff::tz::TimeZone;

use super::observed::{Observed, observe};
use super::push::{Post, command_line, publish, upfront};

use super::which::{Purpose, which};
use super::words::{Question, Spoken, ask, editor, open_editor};
use super::{Edge, Failure, Status};
use crate::cli;
use crate::derive::promises::Owed;
use crate::derive::{IncidentFacts, derive};
use crate::edit::{self, Event, NewReport, new_report};
use crate::model::{Incident, Kind, Places, PostedAt, Site, Update};
use crate::render::first_sentence;

/// Runs the command.
///
/// # Errors
///
/// Where it is not clear which incident is meant, it has a report or a draft of one, or the file could not be written.
pub fn run(edge: &Edge, args: &cli::Rfo) -> Result<Status, Failure> {
    // What monitors saw stands in the record of events; no feed is asked for it.
    let Observed { site, now, .. } = observe(edge, args.now, false)?;
    let derived = derive(&site, now);
    let index = which(&site, &derived, args.incident.as_deref(), Purpose::Report)?;
    let (Some(incident), Some(facts)) = (site.incidents.get(index), derived.incidents.get(index)) else {
        return Err(Failure::new("no such incident"));
    };
    if incident.kind == Kind::Notice {
        return Err(Failure::new(format!("nobody has written about `{}` yet", incident.slug))
            .cure("say what it was first: `upfront confirm`, or a post that covers it"));
    }
    if let Some(report) = facts.rfo.and_then(|rfo| site.rfos.get(rfo)) {
        return Err(Failure::new(format!("`{}` has a report", incident.slug)).cure(format!("edit {}", report.source)));
    }
    let zone = &site.config.zone.tz;
    let draft = Draft::beside(incident);
    let spoken = summary(edge, args, incident)?;
    let text = new_report(&NewReport {
        rfo_for: draft.rfo_for.as_deref(),
        title: &incident.title,
        today: derived.now.to_zoned_datetime(zone.clone()).date(),
        summary: spoken.as_ref().map_or("", |spoken| &spoken.text),
        events: &events(&site, incident, facts),
    });
    if let Err(failure) = write(edge, &draft, &text) {
        return Err(match spoken {
            Some(spoken) => spoken.kept(failure),
            None => failure,
        });
    }
    edge.print(&format!("{}\n", draft.path))?;
    let asked = spoken.is_some();
    if let (false, Some(editor), true) = (asked, editor(), io::stdin().is_terminal()) {
        // The draft itself is opened: whatever happens to the editor, what was saved is there.
        open_editor(&editor, &edge.root().join(&draft.path))?;
    }
    edge.say(&format!("{}{}", owed(&facts.owed), next_steps(edge.root(), &draft)))?;
    if args.words.push {
        let message = format!("{}: draft of the report", incident.title);
        return publish(edge, Post { file: &draft.path, message: &message }, true);
    }
    Ok(Status::Fine)
}

/// Where the draft stands and what it will be called.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Draft {
    path: String,
    published: String,
    /// Where the place does not say whose report it is.
    rfo_for: Option<String>,
}

impl Draft {
    fn beside(incident: &Incident) -> Draft {
        let (folder, name) = incident.source.rsplit_once('/').unwrap_or(("incidents", &incident.source));
        let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
        if stem.eq_ignore_ascii_case("index") {
            let (path, published) = (format!("{folder}/_rfo.md"), format!("{folder}/rfo.md"));
            return Draft { path, published, rfo_for: None };
        }
        Draft {
            path: format!("{folder}/_{stem}-rfo.md"),
            published: format!("{folder}/{stem}-rfo.md"),
            rfo_for: Some(incident.slug.to_string()),
        }
    }
}

/// The words for "In short", if they were given; a report is otherwise written in its file.
fn summary(edge: &Edge, args: &cli::Rfo, incident: &Incident) -> Result<Option<Spoken>, Failure> {
    if args.words.message.is_none() {
        return Ok(None);
    }
    ask(edge, &args.words, Question { about: &incident.title, default: None }).map(Some)
}

fn write(edge: &Edge, draft: &Draft, text: &str) -> Result<(), Failure> {
    match edit::file::create(edge.root(), &draft.path, text.as_bytes()) {
        Ok(true) => Ok(()),
        Ok(false) => Err(Failure::new(format!("there is a draft already: {}", draft.path)).cure("go on with that one")),
        Err(error) => Err(Failure::new(format!("{} could not be written: {error}", draft.path))),
    }
}

/// What people wrote, and between it what monitors saw, by time.
fn events(site: &Site, incident: &Incident, facts: &IncidentFacts) -> Vec<Event> {
    let config = &site.config;
    let posts = incident.updates.iter().filter_map(|update| event(update, &config.zone.tz));
    let detections = facts.detections.iter().filter_map(|&index| site.detections.get(index));
    let seen = detections.flat_map(|detection| {
        let names: Vec<&str> =
            detection.components.iter().filter_map(|id| Some(config.component(id)?.name.as_str())).collect();
        let names = names.join(", ");
        let places = match detection.places {
            Places { of: 0, .. } => String::new(),
            Places { failing, of } => format!(" from {failing} of {of} places"),
        };
        [
            (Some(detection.start), format!("First failing check: {names}")),
            (Some(detection.detected), format!("Our checks are sure{places}: {names}")),
            (detection.published, "Automatic notice on the page".to_owned()),
            (detection.end, format!("All checks are good again: {names}")),
        ]
    });
    let checks = seen.filter_map(|(at, what)| {
        Some(Event { at: Ok(at?.to_zoned_datetime(config.zone.tz.clone())), what, known_from: "checks" })
    });
    let mut events: Vec<Event> = checks.chain(posts).collect();
    // What has only a day stands before what has a time on it.
    events.sort_by_key(|event| match &event.at {
        Ok(at) => (at.date(), Some(at.timestamp())),
        Err(day) => (*day, None),
    });
    events
}

/// By when the report is owed, where it is.
fn owed(owed: &Owed) -> String {
    match owed {
        Owed::Due(day) => format!("It is owed by {day}.\n\n"),
        Owed::Overdue(day) => format!("It was owed by {day}: readers see that it is overdue.\n\n"),
        Owed::No | Owed::Waived(_) | Owed::Running | Owed::Published { .. } => String::new(),
    }
}

fn event(update: &Update, zone: &TimeZone) -> Option<Event> {
    let at = match update.posted {
        PostedAt::Written(at) | PostedAt::FromGit(at) => Ok(at.to_zoned_datetime(zone.clone())),
        PostedAt::Day(day) => Err(day),
        PostedAt::Unknown => return None,
    };
    let stage = edit::stage_title(update.stage);
    let sentence = first_sentence(&update.body);
    let what = if sentence.is_empty() { stage } else { format!("{stage}: {sentence}") };
    Some(Event { at, what, known_from: "post" })
}

fn next_steps(root: &Path, draft: &Draft) -> String {
    format!(
        "It is a draft: its name begins with _, so no page shows it. Whoever can read the repository can read it too.\n\n\
         To publish it, once it is in git and written:\n  {}\n  {} check\n",
        command_line(root, &["mv", "--", &draft.path, &draft.published]),
        upfront(root)
    )
}

#[cfg(test)]
mod tests;
