//! `upfront update`: adds an update to an incident.

use jiff::{Timestamp, ZonedDateTime};

use super::checklist::checklist;
use super::push::{Post, publish, upfront};
use super::which::{Purpose, which};
use super::words::{Question, ask};
use super::{Edge, Failure, Status, or_tell, when};
use crate::cli::{self, Moment};
use crate::derive::{Derived, derive};
use crate::diag::nearest;
use crate::edit::{self, Change, NextUpdate, Place, Text};
use crate::load::{self, load};
use crate::model::{
    ComponentState, Config, Impact, Incident, IncidentStatus, Kind, MaintenanceStatus, PostedAt, Site, Slug, Stage,
};

/// Runs the command.
///
/// # Errors
///
/// Where it is not clear which incident is meant, an argument cannot be read, there are no words, or the file could not
/// be changed; the words are kept then.
pub fn run(edge: &Edge, args: &cli::Update) -> Result<Status, Failure> {
    let (site, derived) = open(edge, args.now)?;
    let index = which(&site, &derived, args.incident.as_deref(), Purpose::Update)?;
    let asked = Asked {
        stage: args.stage.as_deref(),
        states: &args.states,
        next_update: args.next_update.as_deref(),
        words: &args.words,
        default: None,
    };
    add(edge, &site, &derived, index, &asked)
}

/// The site, and what is true now.
///
/// # Errors
///
/// Where the config cannot be used.
pub fn open(edge: &Edge, now: Option<Moment>) -> Result<(Site, Derived), Failure> {
    // What is wrong with other files is said by `check`; whoever posts at night has one thing to do.
    let site = load(edge.root())?.value;
    let derived = derive(&site, edge.now_or(now, &site.config.zone.tz));
    Ok((site, derived))
}

/// What was said on the command line.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    pub stage: Option<&'a str>,
    pub states: &'a [String],
    pub next_update: Option<&'a str>,
    pub words: &'a cli::Words,
    pub default: Option<&'a str>,
}

/// Adds an update to one incident: everything that can be refused is refused before the writer is asked for words.
///
/// # Errors
///
/// See [`run`].
pub fn add(edge: &Edge, site: &Site, derived: &Derived, index: usize, asked: &Asked<'_>) -> Result<Status, Failure> {
    let (Some(incident), Some(facts)) = (site.incidents.get(index), derived.incidents.get(index)) else {
        return Err(Failure::new("no such incident"));
    };
    let now = derived.now.to_zoned_datetime(site.config.zone.tz.clone());
    let mut mistakes = Vec::new();
    let stage = match asked.stage {
        Some(word) => read_stage(word, &incident.kind),
        None if is_closed(incident) => Err(closed(edge, incident)),
        None => Ok(facts.stage),
    };
    let stage = or_tell(stage, &mut mistakes).unwrap_or(facts.stage);
    let (states, unknown) = read_states(asked.states, site, &mut mistakes);
    let next = or_tell(next_update(asked.next_update, site, incident, stage, &now), &mut mistakes);
    let Some(next) = next.filter(|_| mistakes.is_empty()) else { return Err(Failure::All(mistakes)) };

    let heading = if stage == Stage::Note { String::new() } else { edit::heading(stage, &now, &states, next.at()) };
    let about = format!("{}: {}", edit::stage_title(stage), incident.title);
    let spoken = ask(edge, asked.words, Question { about: &about, default: asked.default })?;
    if let Err(failure) = write(edge, &site.config, incident, (stage, &heading), &spoken.text, &next, &now) {
        return Err(spoken.kept(failure));
    }
    spoken.done();

    edge.print(&format!("{}\n", incident.source))?;
    for name in &unknown {
        edge.warn(&format!("{name}, so its state was left out\n"));
    }
    edge.say(&checklist(&site.config, &incident.slug, next.at()))?;
    edge.say(&report_hint(edge, incident, facts.rfo, stage))?;
    let pushed = publish(edge, Post { file: &incident.source, message: &message(incident, stage) }, asked.words.push)?;
    if unknown.is_empty() {
        return Ok(pushed);
    }
    tell_sent(edge, asked.words, pushed);
    Ok(Status::FoundProblems)
}

/// The last word after a warning and status 1, so that nobody thinks that readers have not heard.
pub fn tell_sent(edge: &Edge, words: &cli::Words, pushed: Status) {
    if words.push && pushed == Status::Fine {
        edge.warn("the post is published all the same\n");
    }
}

/// Whether somebody wrote that it is over, and nothing after that.
pub fn is_closed(incident: &Incident) -> bool {
    let ends = matches!(incident.kind, Kind::Incident | Kind::Maintenance(_));
    ends && incident.updates.last().is_some_and(|update| update.stage.is_end())
}

/// What to do about what is over.
pub fn closed(edge: &Edge, incident: &Incident) -> Failure {
    let stages = match incident.kind {
        Kind::Maintenance(_) => [MaintenanceStatus::InProgress, MaintenanceStatus::Completed].map(Stage::Maintenance),
        _ => [IncidentStatus::Investigating, IncidentStatus::Resolved].map(Stage::Incident),
    };
    let [reopen, end] =
        stages.map(|stage| format!("{} update {} -t {}", upfront(edge.root()), incident.slug, stage.word()));
    let failure = Failure::new(format!("`{}` is over", incident.slug));
    failure.cure(format!("to open it again or to add to its end:\n  {reopen}\n  {end}"))
}

/// What becomes of the promise to write again.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Next {
    Keep,
    Set(ZonedDateTime),
    Remove,
}

impl Next {
    fn at(&self) -> Option<&ZonedDateTime> {
        match self {
            Next::Set(at) => Some(at),
            Next::Keep | Next::Remove => None,
        }
    }
}

fn next_update(
    asked: Option<&str>,
    site: &Site,
    incident: &Incident,
    stage: Stage,
    now: &ZonedDateTime,
) -> Result<Next, Failure> {
    if let Some(text) = asked {
        return read_next(text, now).map(Next::Set);
    }
    if stage.is_end() {
        return Ok(if incident.next_update.is_some() { Next::Remove } else { Next::Keep });
    }
    if let (Some(after), Kind::Incident) = (site.config.promise.next_update, &incident.kind)
        && let Ok(at) = now.checked_add(after)
    {
        return Ok(Next::Set(at));
    }
    // This update keeps an old promise; left in the file, it would read as a broken one.
    Ok(match incident.next_update {
        Some(promised) if promised <= now.timestamp() => Next::Remove,
        _ => Next::Keep,
    })
}

/// A time to come.
///
/// # Errors
///
/// Where it cannot be read, or is past.
pub fn read_next(text: &str, now: &ZonedDateTime) -> Result<ZonedDateTime, Failure> {
    let at = when::read(text, now)
        .ok_or_else(|| Failure::new(format!("`{text}` is no time for the next update")).cure(when::CURE))?;
    if at <= *now {
        return Err(Failure::new(format!("the next update cannot be in the past: `{text}`")).cure(when::CURE));
    }
    Ok(at)
}

/// Whether the update that was added is what readers will see as the newest. A heading without a day is dated from those
/// around it, so a new one can move an old one behind itself.
fn ends_with(stage: Stage, path: &str, bytes: &[u8], config: &Config) -> bool {
    let read = load::read_incident(path, bytes, config);
    read.is_none_or(|read| read.updates.last().is_none_or(|last| last.stage == stage))
}

/// Whether a post still says of itself what it said before. What reading repairs in a broken file (front matter that does
/// not end, say) can mean something else once there is more below it.
fn still_says_the_same(path: &str, before: &[u8], after: &[u8], config: &Config) -> bool {
    let said = |bytes| {
        let read = load::read_incident(path, bytes, config)?;
        let is_maintenance = matches!(read.kind, Kind::Maintenance(_));
        Some((read.title, is_maintenance, read.impact, read.components, read.updates.len()))
    };
    match (said(before), said(after)) {
        (Some(before), Some(after)) => {
            let more = after.4 > before.4;
            more && (before.0, before.1, before.2, before.3) == (after.0, after.1, after.2, after.3)
        }
        (None, _) | (_, None) => false,
    }
}

fn write(
    edge: &Edge,
    config: &Config,
    incident: &Incident,
    (stage, heading): (Stage, &str),
    words: &str,
    next: &Next,
    now: &ZonedDateTime,
) -> Result<(), Failure> {
    let failed = |error: std::io::Error| Failure::new(format!("{} could not be changed: {error}", incident.source));
    // Read again now: the editor may have been open for an hour, and a colleague may have written meanwhile.
    let _alone = edit::file::alone(edge.root());
    let bytes = edit::file::read(edge.root(), &incident.source).map_err(failed)?;
    let unreadable = || Failure::new(format!("{} is not text", incident.source)).cure("save it as UTF-8");
    let text = Text::decode(&bytes).ok_or_else(unreadable)?;
    let conflict = edit::has_conflict_markers(text.as_str());

    let first_heading = first_heading(incident, text.as_str(), heading, now);
    let set;
    let change = Change {
        first_heading: first_heading.as_deref(),
        place: if conflict { Place::Last } else { place(incident) },
        heading,
        words,
        next_update: match next {
            Next::Keep => NextUpdate::Keep,
            Next::Remove => NextUpdate::Remove,
            Next::Set(at) => {
                set = when::written(at);
                NextUpdate::Set(&set)
            }
        },
    };
    let changed = edit::apply(&bytes, &change).ok_or_else(unreadable)?;
    if !still_says_the_same(&incident.source, &bytes, &changed.bytes, config) {
        let why = format!("{} is so broken that an update would change what else it says", incident.source);
        return Err(Failure::new(why).cure("put its front matter right first: upfront check"));
    }
    if !conflict && !ends_with(stage, &incident.source, &changed.bytes, config) {
        let why =
            format!("in {} this update would not be the last one: another heading seems to be later", incident.source);
        return Err(Failure::new(why)
            .cure("write the day into its headings, such as `## Resolved · 2022-03-29 21:05`: upfront check"));
    }
    edit::file::replace(edge.root(), &incident.source, &changed.bytes).map_err(failed)?;
    if conflict {
        edge.warn(&format!(
            "warning: {} holds an unfinished merge; the update stands at its end: upfront check\n",
            incident.source
        ));
    }
    if changed.front_matter_left {
        edge.warn(&format!(
            "warning: the front matter of {} cannot be read, so its next_update was left as it is: upfront check\n",
            incident.source
        ));
    }
    Ok(())
}

/// At the end, or before the newest where the newest stands first.
fn place(incident: &Incident) -> Place {
    match incident.updates.as_slice() {
        [first, .., last] if last.line < first.line => Place::BeforeLine(last.line),
        _ => Place::Last,
    }
}

/// The heading for the words of a file that has none yet. It says when these were posted as exactly as that is known, so
/// that their place in the timeline and their id in feeds stay the same.
fn first_heading(incident: &Incident, text: &str, heading: &str, now: &ZonedDateTime) -> Option<String> {
    let [only] = incident.updates.as_slice() else { return None };
    if heading.is_empty() || edit::is_heading(text, only.line) || only.body.text.trim().is_empty() {
        return None;
    }
    let stage = match (only.stage, &incident.kind) {
        (Stage::Note, Kind::Incident) => Stage::Incident(IncidentStatus::Investigating),
        (stage, _) => stage,
    };
    let title = edit::stage_title(stage);
    Some(match only.posted {
        PostedAt::Written(at) | PostedAt::FromGit(at) => {
            let zoned = |at: Timestamp| at.to_zoned_datetime(now.time_zone().clone());
            // What it promised makes room in the front matter now.
            let next = incident.next_update.filter(|next| *next > at).map(zoned);
            edit::heading(stage, &zoned(at), &[], next.as_ref())
        }
        PostedAt::Day(day) => format!("{title} · {day}"),
        PostedAt::Unknown => title,
    })
}

fn read_stage(word: &str, kind: &Kind) -> Result<Stage, Failure> {
    let incident = IncidentStatus::ALL.map(Stage::Incident);
    let maintenance = MaintenanceStatus::ALL.map(Stage::Maintenance);
    let (own, other): (&[Stage], &[Stage]) = match kind {
        Kind::Maintenance(_) => (&maintenance, &incident),
        Kind::Incident | Kind::Notice | Kind::Info | Kind::FalseAlarm => (&incident, &maintenance),
    };
    let folded = fold(word);
    if let Some(stage) = own.iter().find(|stage| fold(stage.word()) == folded) {
        return Ok(*stage);
    }
    let failure = match other.iter().any(|stage| fold(stage.word()) == folded) {
        true => Failure::new(format!("`{word}` is no stage of this kind of post")),
        false => Failure::new(format!("no stage is called `{word}`")),
    };
    Err(failure.cure(super::one_of(word, own.iter().map(|stage| stage.word()))))
}

/// What a heading's attributes say, in the order given.
type States = Vec<(Slug, ComponentState)>;

/// The states whose component is known, and what is to be said of the others.
fn read_states(given: &[String], site: &Site, mistakes: &mut Vec<Failure>) -> (States, Vec<String>) {
    let (mut states, mut unknown) = (Vec::new(), Vec::new());
    for text in given {
        let Some((name, word)) = text.split_once('=') else {
            mistakes.push(Failure::new(format!("`{text}` sets no state")).cure("write it like imap=operational"));
            continue;
        };
        let Some(state) = or_tell(read_state(word), mistakes) else { continue };
        match component(name.trim(), site) {
            Ok(ids) => states.extend(ids.into_iter().map(|id| (id, state))),
            Err(why) => unknown.push(why),
        }
    }
    (states, unknown)
}

/// A state by its word, or by what people say for it.
fn read_state(word: &str) -> Result<ComponentState, Failure> {
    let short = [
        ("ok", ComponentState::Operational),
        ("up", ComponentState::Operational),
        ("maintenance", ComponentState::UnderMaintenance),
        ("degraded", ComponentState::DegradedPerformance),
        ("partial", ComponentState::PartialOutage),
        ("major", ComponentState::MajorOutage),
        ("down", ComponentState::MajorOutage),
    ];
    let mut all = ComponentState::ALL.map(|state| (state.word(), state)).into_iter().chain(short);
    let words = ComponentState::ALL.map(ComponentState::word);
    all.find(|(name, _)| fold(name) == fold(word)).map(|(_, state)| state).ok_or_else(|| {
        let typed = nearest(word, short.map(|(name, _)| name)).filter(|_| nearest(word, words).is_none());
        let failure = Failure::new(format!("no state is called `{word}`"));
        failure.cure(typed.map_or_else(|| super::one_of(word, words), |name| format!("did you mean `{name}`?")))
    })
}

/// The component, or those of the group, that somebody means by an id or a name.
fn component(name: &str, site: &Site) -> Result<Vec<Slug>, String> {
    let config = &site.config;
    let is = |id: &Slug, title: &str| fold(id.as_str()) == fold(name) || fold(title) == fold(name);
    if let Some(found) = config.components.iter().find(|c| is(&c.id, &c.name)) {
        return Ok(vec![found.id.clone()]);
    }
    if let Some(group) = config.groups.iter().find(|g| is(&g.id, &g.name)) {
        let members = config.components.iter().filter(|c| c.group.as_ref() == Some(&group.id));
        return Ok(members.map(|c| c.id.clone()).collect());
    }
    Err(unknown_component(name, config))
}

/// "warning: no component is called …", with the nearest.
pub fn unknown_component(name: &str, config: &crate::model::Config) -> String {
    let ids = config.components.iter().map(|c| c.id.as_str()).chain(config.groups.iter().map(|g| g.id.as_str()));
    format!("warning: no component is called `{name}` ({})", super::one_of(name, ids))
}

/// Without regard to case and separators.
pub fn fold(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

fn message(incident: &Incident, stage: Stage) -> String {
    match stage {
        Stage::Note => format!("{}: update", incident.title),
        _ => format!("{}: {}", incident.title, edit::stage_title(stage)),
    }
}

/// After something serious, readers wait for a report.
fn report_hint(edge: &Edge, incident: &Incident, rfo: Option<usize>, stage: Stage) -> String {
    if stage != Stage::Incident(IncidentStatus::Resolved) || incident.impact < Impact::Major || rfo.is_some() {
        return String::new();
    }
    format!(
        "\nIts impact was {}: readers will want to know why. When you have slept: {} rfo {}\n",
        incident.impact.word(),
        upfront(edge.root()),
        incident.slug
    )
}

#[cfg(test)]
mod tests;
