//! `upfront drill`: a rehearsed outage, from the first failing check to the last word, and how well it was answered.
//!
//! It goes minute by minute on a clock of its own: the monitor says something, the feeds are recorded, outages are found,
//! channels are told, and whoever is on call is asked for words. All of it in a copy of the site, which is gone afterwards.

mod guide;
mod person;
mod report;
mod tell;

use std::time::{Duration, Instant};

use jiff::{SignedDuration, Timestamp, ZonedDateTime};

use self::guide::Said;
use self::person::{Ask, Person};
use self::report::Report;
use self::tell::Told;
use super::announce::Themes;
use super::checklist;
use super::stop::Stop;
use super::{Edge, Failure, Status};
use crate::cli;
use crate::derive::{self, Derived};
use crate::drill::post::{self, Words};
use crate::drill::score::{self, Heard};
use crate::drill::{self, Copy, Failing};
use crate::load::{self, Ask as AskFeeds, LogWindow};
use crate::model::{Config, IncidentStatus, Kind, Site, Slug};
use crate::record::Recorder;

/// How long the monitor fails where nothing is said.
const OUTAGE: SignedDuration = SignedDuration::from_mins(20);

/// How long after the outage a drill goes on at most.
const AFTER: SignedDuration = SignedDuration::from_hours(2);

/// How long somebody is waited for who has not said a word while it lasted.
const PATIENCE: SignedDuration = SignedDuration::from_mins(15);

/// How often it is looked whether something was typed, or somebody wants it to stop.
const LOOK_EVERY: Duration = Duration::from_millis(50);

pub(super) fn run(edge: &Edge, args: &cli::Drill) -> Result<Status, Failure> {
    let config = load::load_config(edge.root())?.value;
    let component = component(&config, args.component.as_deref())?;
    let person = Person::new(args)?;
    let stop = Stop::listen().map_err(|error| Failure::new(format!("could not listen for signals: {error}")))?;
    let failed = |error: std::io::Error| Failure::new(format!("the copy of the site could not be made: {error}"));
    let copy = Copy::make(edge.root(), args.keep.as_deref()).map_err(failed)?;
    let start = edge.now_or(args.now, &config.zone.tz);
    let failing = Failing::new(&config, component, start + drill::EVERY, args.outage.unwrap_or(OUTAGE));
    let mut drill =
        Drill { edge, args, copy, person, start, failing, heard: Vec::new(), public: None, said: Said::default() };
    let ended = drill.play(&stop);
    let (site, derived) = ended?;
    let score = score::score(&site, &derived, &drill.failing);
    let report = Report { config: &site.config, score: &score, heard: &drill.heard, is_stopped: stop.is_asked() };
    match args.json {
        true => edge.print(&format!("{:#}\n", report.json()))?,
        false => edge.print(&report.human())?,
    }
    if let Some(keep) = &args.keep {
        edge.note(&format!("what it played with is in {}", keep.display()));
    }
    Ok(if score.missed().is_empty() && !stop.is_asked() { Status::Fine } else { Status::FoundProblems })
}

/// The component that fails; the first one where none is named.
fn component(config: &Config, name: Option<&str>) -> Result<Slug, Failure> {
    let Some(name) = name else {
        let first = config.components.first().map(|component| component.id.clone());
        return first.ok_or_else(|| Failure::new("the config has no component"));
    };
    let is_it = |component: &&crate::model::Component| {
        component.id.as_str() == name || component.name.eq_ignore_ascii_case(name)
    };
    let found = config.components.iter().find(is_it).map(|component| component.id.clone());
    let known = config.components.iter().map(|component| component.id.as_str());
    found.ok_or_else(|| Failure::unknown("component", name, known))
}

/// A drill while it plays.
struct Drill<'a> {
    edge: &'a Edge,
    args: &'a cli::Drill,
    copy: Copy,
    person: Person,
    /// By the drill's clock, which begins with the real one.
    start: Timestamp,
    failing: Failing,
    heard: Vec<Heard>,
    /// The announcement in the real site, where there is one.
    public: Option<String>,
    said: Said,
}

impl Drill<'_> {
    /// Plays until it is over. Answers how the site stands then.
    fn play(&mut self, stop: &Stop) -> Result<(Site, Derived), Failure> {
        let begun = Instant::now();
        let name = self.failing.component.clone();
        let before = self.failing.before(self.start);
        self.failing.say(self.copy.root(), &before).map_err(Failure::output)?;
        let zone = load::load_config(self.copy.root())?.value.zone.tz;
        let at = |at: Timestamp| at.to_zoned_datetime(zone.clone());
        self.line(
            &at(self.start),
            &format!("a drill begins: `{name}` fails from {} on", clock(&at(self.failing.from))),
        )?;
        let mut now = self.start;
        loop {
            let lines = self.failing.lines(now);
            self.failing.say(self.copy.root(), &lines).map_err(Failure::output)?;
            let (mut site, mut derived) = self.see(now)?;
            self.tell(&site, &derived)?;
            self.guide(&site, &derived)?;
            if self.person.is_at_hand() {
                let ask = ask(&site, &derived, now);
                if let Some(words) = ask.and_then(|ask| self.person.answer(&ask, now)) {
                    self.post(&site, &words, now)?;
                    (site, derived) = self.see(now)?;
                    self.tell(&site, &derived)?;
                }
            }
            if stop.is_asked() || self.is_over(&site, now) {
                return Ok((site, derived));
            }
            let next = now.saturating_add(drill::EVERY).unwrap_or(now);
            self.wait(stop, begun, &site, next)?;
            now = next;
        }
    }

    /// Waits for the next minute of the drill's clock; what is typed meanwhile is posted.
    fn wait(&mut self, stop: &Stop, begun: Instant, site: &Site, next: Timestamp) -> Result<(), Failure> {
        let Some(speed) = self.person.speed() else { return Ok(()) };
        let since = |at: Timestamp| Duration::try_from(at.duration_since(self.start)).unwrap_or_default();
        let until = begun + since(next).div_f64(speed);
        while Instant::now() < until && !stop.is_asked() {
            if let Some(words) = self.person.typed() {
                let passed = SignedDuration::try_from(begun.elapsed().mul_f64(speed)).unwrap_or_default();
                let now = self.start.saturating_add(passed).unwrap_or(next).min(next);
                // There may be more than one line in a minute.
                let site = self.see(now).map_or_else(|_| site.clone(), |(site, _)| site);
                self.post(&site, &words, now)?;
                let (site, derived) = self.see(now)?;
                self.tell(&site, &derived)?;
            }
            std::thread::sleep(LOOK_EVERY.min(until.saturating_duration_since(Instant::now())));
        }
        Ok(())
    }

    /// Reads the copy, records what the monitor says, and finds what it adds up to.
    fn see(&self, now: Timestamp) -> Result<(Site, Derived), Failure> {
        let root = self.copy.root();
        let mut site = load::load(root)?.value;
        let config = drill::config(site.config, &self.failing.component, self.edge.root());
        site.config = config.ok_or_else(|| Failure::new("no monitor can have the name of that component"))?;
        let ask = AskFeeds { now, network: false, stdin: None, log: LogWindow::Open };
        let answers = load::read_feeds(root, &site.config, &ask).value;
        let collector = Slug::new("drill").ok_or_else(|| Failure::new("no collector"))?;
        let recorder = Recorder::open(root, &collector, now)?;
        for (feed, answer) in site.config.monitoring.feeds.iter().zip(&answers) {
            recorder.log(feed, &answer.reading)?;
        }
        site.monitoring = load::read_monitoring(root, &site.config, &ask, answers).value;
        let site = derive::observe(site, now);
        recorder.note(&site.detections)?;
        let derived = derive::derive(&site, now);
        Ok((site, derived))
    }

    fn tell(&mut self, site: &Site, derived: &Derived) -> Result<(), Failure> {
        let themes = Themes::new(site)?;
        let drilled = load::load_config(self.copy.root())?.value.channels.into_iter().filter(|one| one.drill);
        let drilled = drilled.map(|channel| channel.id).collect();
        let told = Told { edge: self.edge, root: self.copy.root(), site, derived, themes: &themes, drilled: &drilled };
        for heard in told.tell()? {
            let how = report::how(&heard.how);
            let at = heard.at.to_zoned_datetime(site.config.zone.tz.clone());
            self.line(&at, &format!("{} {how}: {}", heard.channel, heard.subject))?;
            self.heard.push(heard);
        }
        Ok(())
    }

    fn post(&mut self, site: &Site, words: &Words, now: Timestamp) -> Result<(), Failure> {
        let at = now.to_zoned_datetime(site.config.zone.tz.clone());
        let posted = post::post(self.copy.root(), site, words, &at);
        let (_, status) = match posted {
            Ok(posted) => posted,
            Err(error) => return self.line(&at, &format!("not posted: {error}")),
        };
        let who = if self.person.is_asked() { "you post" } else { "a made-up person posts" };
        self.line(&at, &format!("{who} ({}): {}", status.word(), words.text))?;
        let next = site.config.promise.next_update.filter(|_| status != IncidentStatus::Resolved);
        let next = next.and_then(|after| at.checked_add(after).ok());
        self.list(&checklist::items(&site.config, next.as_ref()))?;
        if self.args.public {
            self.tell_public(site, &format!("Drill, {} ({}): {}", clock(&at), status.word(), words.text))?;
        }
        Ok(())
    }

    /// Into the real site, marked: it is published with whatever is published next.
    fn tell_public(&mut self, site: &Site, words: &str) -> Result<(), Failure> {
        let failed = |error| Failure::new(format!("the drill could not be announced in the site: {error}"));
        let root = self.edge.root();
        if let Some(path) = &self.public {
            return post::add_public(root, path, words).map_err(failed);
        }
        let name = site.config.component(&self.failing.component).map_or("", |component| &component.name);
        let now = self.start.to_zoned_datetime(site.config.zone.tz.clone());
        let path = post::tell_public(root, name, words, &now).map_err(failed)?;
        self.edge.note(&format!("readers are told of the drill in {path}, as soon as that is published"));
        self.public = Some(path);
        Ok(())
    }

    /// A person has said that it is over, or nobody will any more.
    fn is_over(&self, site: &Site, now: Timestamp) -> bool {
        let latest = self.failing.until.saturating_add(AFTER).unwrap_or(Timestamp::MAX);
        let is_resolved = site
            .incidents
            .iter()
            .filter(|one| one.kind == Kind::Incident)
            .any(|one| one.updates.last().is_some_and(|update| update.stage.is_end()));
        let is_good = now >= self.failing.until;
        let closed = site.detections.first().and_then(|detection| detection.closed);
        let has_word = site.incidents.iter().any(|one| one.kind == Kind::Incident);
        // Nobody wrote while it lasted, and waits for the last word now.
        let is_missed = closed.is_some_and(|closed| !has_word && now.duration_since(closed) >= PATIENCE);
        let never_comes = closed.is_some() && self.person.never_comes();
        now >= latest || (is_good && is_resolved) || is_missed || never_comes
    }
}

/// What a made-up person is asked for.
fn ask(site: &Site, derived: &Derived, now: Timestamp) -> Option<Ask> {
    let detection = site.detections.first()?;
    let posted = site.incidents.iter().zip(&derived.incidents).find(|(one, _)| one.kind == Kind::Incident);
    Some(Ask {
        detected: detection.published.filter(|published| *published <= now)?,
        is_good: detection.recovering.is_some(),
        is_over: detection.closed.is_some(),
        last: posted.and_then(|(incident, _)| incident.updates.last()).map(|update| update.stage),
        due: posted.and_then(|(_, facts)| facts.next_update).map(|next| next.at),
    })
}

fn clock(at: &ZonedDateTime) -> String {
    at.strftime("%H:%M").to_string()
}
