//! `upfront new`: the first word about an incident, maintenance or announcement.
//!
//! The news gets out: an unknown component or a broken config costs the post nothing but that component, and is told.

use jiff::tz::TimeZone;
use jiff::{SignedDuration, ZonedDateTime};

use super::checklist::checklist;
use super::push::{Post, publish};
use super::update::{fold, read_next, tell_sent, unknown_component};
use super::words::{Question, Spoken, ask};
use super::{Edge, Failure, Status, or_tell, when};
use crate::cli::{self, Moment};
use crate::derive::derive;
use crate::edit::{self, NewIncident, heading, new_incident};
use crate::load::load;
use crate::model::{Config, Impact, IncidentStatus, MaintenanceStatus, Site, Slug, Stage};

/// So many files of one name and day are made; more is a script gone wild.
const SAME_NAME_MAX: usize = 99;

/// Runs the command.
///
/// # Errors
///
/// Where there is no site, an argument cannot be read, there are no words, or the file could not be written; the words
/// are kept then.
pub fn run(edge: &Edge, args: &cli::New) -> Result<Status, Failure> {
    let site = match load(edge.root()) {
        Ok(loaded) => Some(loaded.value),
        Err(mistakes) if edge.root().join("upfront.toml").exists() => {
            edge.tell(&mistakes);
            edge.warn("warning: the config is broken, so components are not checked and times are in UTC\n");
            None
        }
        Err(mistakes) => return Err(mistakes.into()),
    };
    let zone = site.as_ref().map_or(TimeZone::UTC, |site| site.config.zone.tz.clone());
    if let (None, Some(Moment::Local(at))) = (&site, args.now) {
        let failure =
            Failure::new(format!("without the config nobody knows in which zone it is {}", at.strftime("%H:%M")));
        return Err(failure.cure(format!("add Z or an offset: --now {}Z", at.strftime("%Y-%m-%dT%H:%M"))));
    }
    let now = edge.now_or(args.now, &zone).to_zoned_datetime(zone);
    let config = site.as_ref().map(|site| &site.config);
    let asked = read(args, config, &now)?;

    if let Some(site) = &site {
        tell_open(edge, site, &asked, &now);
    }
    let about = match asked.stage {
        Stage::Note => asked.title.clone(),
        stage => format!("{}: {}", edit::stage_title(stage), asked.title),
    };
    let spoken = ask(edge, &args.words, Question { about: &about, default: asked.kind.default_words() })?;
    let (file, slug) = match write(edge, site.as_ref(), &asked, &spoken, &now) {
        Ok(written) => written,
        Err(failure) => return Err(spoken.kept(failure)),
    };
    spoken.done();

    edge.print(&format!("{file}\n"))?;
    for why in &asked.unknown {
        edge.warn(&format!("{why}; written without it\n"));
    }
    if let Some(config) = config {
        tell_unnamed(edge, &asked, config);
        edge.say(&checklist(config, &slug, asked.next_update.as_ref()))?;
    }
    let message = match asked.stage {
        Stage::Note => asked.title.clone(),
        stage => format!("{}: {}", asked.title, edit::stage_title(stage)),
    };
    let pushed = publish(edge, Post { file: &file, message: &message }, args.words.push)?;
    if asked.unknown.is_empty() && site.is_some() {
        return Ok(pushed);
    }
    tell_sent(edge, &args.words, pushed);
    Ok(Status::FoundProblems)
}

/// What the command line says, checked.
#[derive(Clone, Debug)]
pub(super) struct Asked {
    pub title: String,
    pub kind: NewKind,
    pub stage: Stage,
    pub components: Vec<Slug>,
    /// What is to be said of components that nobody knows.
    pub unknown: Vec<String>,
    pub impact: Option<Impact>,
    pub affected: Option<String>,
    /// When the impact began, where that is known to be earlier than this word.
    pub started: Option<ZonedDateTime>,
    pub starts: Option<ZonedDateTime>,
    pub ends: Option<ZonedDateTime>,
    pub next_update: Option<ZonedDateTime>,
    /// The notices that it is about.
    pub covers: Vec<Slug>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NewKind {
    Incident,
    Maintenance,
    Info,
    FalseAlarm,
}

impl NewKind {
    const ALL: [NewKind; 4] = [NewKind::Incident, NewKind::Maintenance, NewKind::Info, NewKind::FalseAlarm];

    fn word(self) -> &'static str {
        match self {
            NewKind::Incident => "incident",
            NewKind::Maintenance => "maintenance",
            NewKind::Info => "info",
            NewKind::FalseAlarm => "false_alarm",
        }
    }

    fn stage(self) -> Stage {
        match self {
            NewKind::Incident => Stage::Incident(IncidentStatus::Investigating),
            NewKind::Maintenance => Stage::Maintenance(MaintenanceStatus::Scheduled),
            NewKind::Info | NewKind::FalseAlarm => Stage::Note,
        }
    }

    /// The sentence that will do at night, where nobody can be asked for a better one.
    fn default_words(self) -> Option<&'static str> {
        match self {
            NewKind::Incident => Some("We are looking into it."),
            NewKind::Maintenance => Some("We have planned this work."),
            NewKind::Info | NewKind::FalseAlarm => None,
        }
    }
}

fn read(args: &cli::New, config: Option<&Config>, now: &ZonedDateTime) -> Result<Asked, Failure> {
    let title = args.title.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut mistakes = Vec::new();
    if title.is_empty() {
        let untitled = Failure::new("there is no title");
        mistakes.push(untitled.cure("say what readers notice: upfront new \"Mail is slow\""));
    }
    let kind = or_tell(read_word(&args.kind, "kind", NewKind::ALL.map(|kind| (kind.word(), kind))), &mut mistakes);
    let impacts = Impact::ALL.map(|impact| (impact.word(), impact));
    let impact = args.impact.as_ref().and_then(|word| or_tell(read_word(word, "impact", impacts), &mut mistakes));
    // Whether it needs a window depends on the kind.
    let window = kind.and_then(|kind| or_tell(read_window(args, kind, now), &mut mistakes));
    let kind = kind.unwrap_or(NewKind::Incident);
    let (starts, ends) = window.unwrap_or_default();
    let promised = config.and_then(|config| config.promise.next_update);
    let next_update = match (&args.next_update, kind, promised) {
        (Some(text), _, _) => or_tell(read_next(text, now), &mut mistakes),
        (None, NewKind::Incident, Some(after)) => now.checked_add(after).ok(),
        (None, _, _) => None,
    };
    if !mistakes.is_empty() {
        return Err(Failure::All(mistakes));
    }
    let (components, unknown) = read_components(&args.components, config);
    let affected = args.affected.clone();
    Ok(Asked {
        title,
        kind,
        stage: kind.stage(),
        components,
        unknown,
        impact,
        affected,
        starts,
        ends,
        next_update,
        covers: Vec::new(),
        started: None,
    })
}

fn read_word<T: Copy, const N: usize>(typed: &str, what: &str, words: [(&str, T); N]) -> Result<T, Failure> {
    let found = words.iter().find(|(word, _)| fold(word) == fold(typed)).map(|(_, value)| *value);
    found.ok_or_else(|| Failure::unknown(what, typed, words.map(|(word, _)| word)))
}

fn read_window(
    args: &cli::New,
    kind: NewKind,
    now: &ZonedDateTime,
) -> Result<(Option<ZonedDateTime>, Option<ZonedDateTime>), Failure> {
    const BARE_MAX: SignedDuration = SignedDuration::from_hours(12);
    const EXAMPLE: &str = "for example --starts \"2026-12-01 02:00\" --ends 04:00";
    let at = |flag: &str, text: &str, from: &ZonedDateTime| {
        when::read(text, from).ok_or_else(|| Failure::new(format!("{flag} is no time: `{text}`")).cure(when::CURE))
    };
    if kind != NewKind::Maintenance {
        return match (&args.starts, &args.ends) {
            (None, None) => Ok((None, None)),
            _ => Err(Failure::new("only maintenance starts and ends").cure("add --kind maintenance")),
        };
    }
    let (Some(starts), Some(ends)) = (&args.starts, &args.ends) else {
        return Err(Failure::new("maintenance needs --starts and --ends").cure(EXAMPLE));
    };
    let starts = at("--starts", starts, now)?;
    // A bare time or a length counts from the start.
    let is_bare = when::is_time_of_day(ends);
    let ends = at("--ends", ends, &starts)?;
    // It is taken for the next day's where that is a night's work; more is rather a mistake.
    if is_bare && ends.date() > starts.date() && starts.duration_until(&ends) > BARE_MAX {
        let failure =
            Failure::new(format!("the work starts at {} and would end before that", starts.strftime("%H:%M")));
        return Err(
            failure.cure(format!("if the next day is meant, write --ends \"{}\"", ends.strftime("%Y-%m-%d %H:%M")))
        );
    }
    if ends <= starts {
        return Err(Failure::new("the work would end before it starts").cure(EXAMPLE));
    }
    Ok((Some(starts), Some(ends)))
}

/// The ids that are written, and what is to be said of the rest. Without a config nothing can be checked.
fn read_components(given: &[String], config: Option<&Config>) -> (Vec<Slug>, Vec<String>) {
    let (mut ids, mut unknown) = (Vec::new(), Vec::new());
    for name in given.iter().flat_map(|names| names.split(',')).map(str::trim).filter(|name| !name.is_empty()) {
        let found = match config {
            Some(config) => {
                let components = config.components.iter().map(|c| (&c.id, &c.name));
                let groups = config.groups.iter().map(|g| (&g.id, &g.name));
                let mut all = components.chain(groups);
                all.find(|(id, title)| fold(id.as_str()) == fold(name) || fold(title) == fold(name))
                    .map(|(id, _)| id.clone())
                    .ok_or_else(|| unknown_component(name, config))
            }
            None => Slug::from_text(name).ok_or_else(|| format!("warning: `{name}` is no id")),
        };
        match found {
            Ok(id) if !ids.contains(&id) => ids.push(id),
            Ok(_) => {}
            Err(why) => unknown.push(why),
        }
    }
    (ids, unknown)
}

/// Two people may be writing at the same time; the second one should know of the first.
fn tell_open(edge: &Edge, site: &Site, asked: &Asked, now: &ZonedDateTime) {
    if asked.kind != NewKind::Incident {
        return;
    }
    let derived = derive(site, now.timestamp());
    for incident in derived.open.iter().filter_map(|&index| site.incidents.get(index)) {
        edge.note(&format!("note: already open: {} (to add to it: upfront update {})", incident.title, incident.slug));
    }
}

/// An incident of no component changes nothing in the list of components, which is what readers look at first.
fn tell_unnamed(edge: &Edge, asked: &Asked, config: &Config) {
    let touches = matches!(asked.kind, NewKind::Incident | NewKind::Maintenance);
    if let (true, true, true, [first, _, ..]) =
        (touches, asked.components.is_empty(), asked.unknown.is_empty(), config.components.as_slice())
    {
        edge.note(&format!(
            "note: it names no component: readers see no component change; add -c {} or components = [\"{}\"] in the file",
            first.id, first.id
        ));
    }
}

/// Writes the file and returns its path and slug.
pub(super) fn write(
    edge: &Edge,
    site: Option<&Site>,
    asked: &Asked,
    spoken: &Spoken,
    now: &ZonedDateTime,
) -> Result<(String, Slug), Failure> {
    // The minute decides which alarm is withdrawn. An announcement has no more than its day.
    let untimed = asked.stage == Stage::Note && asked.kind != NewKind::FalseAlarm;
    let next = asked.next_update.as_ref().filter(|_| site.is_some());
    let heading = if untimed { String::new() } else { heading(asked.stage, now, &[], next) };
    // Where the site's zone is unknown, the heading says which one it means.
    let heading = if site.is_none() && !heading.is_empty() { format!("{heading} UTC") } else { heading };
    let text = new_incident(&NewIncident {
        title: &asked.title,
        kind: (asked.kind != NewKind::Incident).then(|| asked.kind.word()),
        components: &asked.components,
        impact: asked.impact,
        affected: asked.affected.as_deref(),
        covers: &asked.covers,
        started: asked.started.as_ref().map(when::written),
        starts: asked.starts.as_ref().map(when::written),
        ends: asked.ends.as_ref().map(when::written),
        next_update: asked.next_update.as_ref().map(when::written),
        heading: &heading,
        words: &spoken.text,
    });
    let folder = folder(site, now);
    for slug in slugs(&asked.title, asked.kind, now) {
        if is_taken(site, edge, &folder, &slug) {
            continue;
        }
        let file = format!("{folder}/{slug}.md");
        let created = edit::file::create(edge.root(), &file, text.as_bytes());
        if created.map_err(|error| Failure::new(format!("{file} could not be written: {error}")))? {
            return Ok((file, slug));
        }
    }
    Err(Failure::new(format!("{SAME_NAME_MAX} files of today have this title")).cure("take another one"))
}

/// `incidents`, or a folder a year where the site sorts its files so.
fn folder(site: Option<&Site>, now: &ZonedDateTime) -> String {
    let incidents = site.map_or(&[][..], |site| &site.incidents);
    let in_year = |source: &str| {
        let folder = source.strip_prefix("incidents/").and_then(|rest| rest.split_once('/')).map(|(folder, _)| folder);
        folder.is_some_and(|name| name.len() == 4 && name.bytes().all(|byte| byte.is_ascii_digit()))
    };
    let sorted = incidents.iter().filter(|incident| in_year(&incident.source)).count();
    if sorted * 2 > incidents.len() { format!("incidents/{}", now.strftime("%Y")) } else { "incidents".to_owned() }
}

/// `2026-11-24-imap-logins-failing`, then the same with `-2` and so on.
fn slugs(title: &str, kind: NewKind, now: &ZonedDateTime) -> impl Iterator<Item = Slug> {
    // Room for the date before it and a number behind it.
    const TITLE_MAX: usize = 80;
    let mut name = Slug::from_text(title).map_or_else(|| kind.word().replace('_', "-"), |slug| slug.to_string());
    if name.len() > TITLE_MAX {
        // At the end of a word; a slug is ASCII.
        let cut = name[..TITLE_MAX].rfind('-').unwrap_or(TITLE_MAX);
        name.truncate(cut);
    }
    let date = now.date();
    (1..=SAME_NAME_MAX).filter_map(move |number| {
        let number = if number == 1 { String::new() } else { format!("-{number}") };
        Slug::from_text(&format!("{date}-{name}{number}"))
    })
}

/// A slug is taken by an incident that has it or had it, and by a folder of that name.
fn is_taken(site: Option<&Site>, edge: &Edge, folder: &str, slug: &Slug) -> bool {
    let known = site.is_some_and(|site| {
        site.incidents.iter().any(|incident| incident.slug == *slug || incident.aliases.contains(slug))
    });
    known || edge.root().join(folder).join(slug.as_str()).exists()
}

#[cfg(test)]
mod tests;
