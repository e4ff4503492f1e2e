//! `upfront confirm`: a person looks into a notice, and readers are told.
//!
//! It writes an incident as `upfront new` does, one that covers the notice: from then on the words are a person's. It asks
//! nothing, for whoever does it has other things to do.

use jiff::{RoundMode, TimestampRound, Unit, ZonedDateTime};

use super::checklist::checklist;
use super::new::{Asked, NewKind, write};
use super::observed::{Observed, observe};
use super::push::{Post, publish};
use super::words::{Question, Spoken, ask};
use super::{Edge, Failure, Status};
use crate::cli;
use crate::derive;
use crate::diag::nearest;
use crate::edit;
use crate::model::{Detection, HeldBack, Incident, IncidentStatus, Site, Stage};

/// What is said where nobody says more.
const WORDS: &str = "A person is looking into it.";

/// So many candidates are shown.
const SHOWN_MAX: usize = 10;

/// Runs the command.
///
/// # Errors
///
/// Where there is no site, none or several notices are meant, or the file could not be written; the words are kept then.
pub(super) fn run(edge: &Edge, args: &cli::Confirm) -> Result<Status, Failure> {
    let Observed { site, now, .. } = observe(edge, args.now, true)?;
    let notice = which(&site, args.notice.as_deref())?;
    let zoned = now.to_zoned_datetime(site.config.zone.tz.clone());
    let stage = Stage::Incident(IncidentStatus::Investigating);
    let next_update = site.config.promise.next_update.and_then(|after| zoned.checked_add(after).ok());
    let asked = Asked {
        title: notice.title.clone(),
        kind: NewKind::Incident,
        stage,
        components: notice.components.clone(),
        unknown: Vec::new(),
        impact: Some(notice.impact),
        affected: None,
        started: begun(&site, &notice, &zoned),
        starts: None,
        ends: None,
        next_update,
        covers: vec![notice.slug.clone()],
    };
    let spoken = words(edge, args, &notice)?;
    let (file, slug) = match write(edge, Some(&site), &asked, &spoken, &zoned) {
        Ok(written) => written,
        Err(failure) => return Err(spoken.kept(failure)),
    };
    spoken.done();
    edge.print(&format!("{file}\n"))?;
    edge.say(&checklist(&site.config, &slug, asked.next_update.as_ref()))?;
    let message = format!("{}: {}", asked.title, edit::stage_title(stage));
    publish(edge, Post { file: &file, message: &message }, args.words.push)
}

/// What failed had failed before anybody looked: the incident begins with the first failing check.
fn begun(site: &Site, notice: &Incident, now: &ZonedDateTime) -> Option<ZonedDateTime> {
    let detection = site.detections.iter().find(|detection| detection.id == notice.slug)?;
    let minute = TimestampRound::new().smallest(Unit::Minute).mode(RoundMode::Floor);
    Some(detection.start.round(minute).ok()?.to_zoned_datetime(now.time_zone().clone()))
}

fn words(edge: &Edge, args: &cli::Confirm, notice: &Incident) -> Result<Spoken, Failure> {
    let given = cli::Words { message: args.words.message.clone().or(Some(WORDS.to_owned())), ..args.words.clone() };
    ask(edge, &given, Question { about: &notice.title, default: Some(WORDS) })
}

/// The notice that is meant.
fn which(site: &Site, query: Option<&str>) -> Result<Incident, Failure> {
    let open: Vec<&Detection> = site.detections.iter().filter(|one| is_open_question(one)).collect();
    let Some(query) = query else { return unnamed(site, &open) };
    let wanted = query.trim().trim_end_matches('/').rsplit('/').next().unwrap_or(query).trim_end_matches(".md");
    if let Some(exact) = site.detections.iter().find(|one| one.id.as_str() == wanted) {
        return told(site, exact);
    }
    let part = wanted.to_lowercase();
    let fits = |one: &&&Detection| {
        one.id.as_str().contains(&part)
            || derive::draft_notice(site, one).is_some_and(|notice| notice.title.to_lowercase().contains(&part))
    };
    let found: Vec<&Detection> = open.iter().filter(fits).copied().collect();
    match found.as_slice() {
        [only] => told(site, only),
        [] => {
            let failure = Failure::new(format!("no open notice fits `{query}`"));
            Err(match nearest(wanted, site.detections.iter().map(|one| one.id.as_str())) {
                Some(meant) => failure.cure(format!("did you mean `{meant}`?")),
                None => failure.cure(list(site, &open)),
            })
        }
        several => Err(Failure::new(format!("{} notices fit `{query}`", several.len())).cure(list(site, several))),
    }
}

fn unnamed(site: &Site, open: &[&Detection]) -> Result<Incident, Failure> {
    match open {
        [only] => told(site, only),
        [] => Err(Failure::new("no notice waits for a person").cure(list(site, open))),
        several => Err(Failure::new(format!("{} notices wait: say which", several.len())).cure(list(site, several))),
    }
}

/// Under way, before readers or kept as a draft, and nobody has written about it.
fn is_open_question(detection: &Detection) -> bool {
    let is_told = detection.published.is_some() || detection.held_back == Some(HeldBack::Draft);
    detection.is_open() && is_told && detection.covered_by.is_none()
}

/// What is confirmed already needs an update, not a second incident.
fn told(site: &Site, detection: &Detection) -> Result<Incident, Failure> {
    if let Some(by) = &detection.covered_by {
        let failure = Failure::new(format!("`{}` covers `{}` already", by, detection.id));
        return Err(failure.cure(format!("to say more: upfront update {by}")));
    }
    derive::draft_notice(site, detection).ok_or_else(|| {
        let failure = Failure::new(format!("the config knows no component of `{}` any more", detection.id));
        failure.cure("write about it with upfront new")
    })
}

fn list(site: &Site, candidates: &[&Detection]) -> String {
    if candidates.is_empty() {
        return "to begin an incident all the same: upfront new \"What readers notice\"".to_owned();
    }
    let mut newest: Vec<&&Detection> = candidates.iter().collect();
    newest.sort_by_key(|one| std::cmp::Reverse((one.start, &one.id)));
    let mut text = String::from("one of");
    for detection in newest.iter().take(SHOWN_MAX) {
        let title = derive::draft_notice(site, detection).map_or(String::new(), |notice| notice.title);
        text += &format!("\n  {}  {title}", detection.id);
    }
    if let Some(more) = newest.len().checked_sub(SHOWN_MAX).filter(|&more| more > 0) {
        text += &format!("\n  … and {more} older");
    }
    text
}
