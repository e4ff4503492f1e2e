//! `upfront record`: feeds into `history/`.
//!
//! Feeds are asked first, which may take its time. Only then, and one process at a time, the log grows, detections are
//! found in it, and the ledger and the days are written: in this order, so that whatever is lost when we are killed can be
//! had again from what was written before.

mod check;
mod report;

use std::io::{self, IsTerminal as _, Read as _};

use jiff::Timestamp;

pub(super) use self::report::{FeedReport, Report};
use super::{Edge, Failure, Status};
use crate::cli;
use crate::derive;
use crate::diag::{Diagnostic, Loaded};
use crate::edit;
use crate::load::{self, Ask, FeedAnswer, LogWindow};
use crate::model::{Config, Feed, FeedState, HeldBack, Origin, Site, Slug};
use crate::record::{RecordError, Recorder, What};

/// The longest standard input that is read, in bytes. One byte more than a feed may have, so that it is told.
const STDIN_BYTES_MAX: u64 = (32 << 20) + 1;

pub(super) fn run(edge: &Edge, args: &cli::Record) -> Result<Status, Failure> {
    if args.check {
        return check::check(edge, args);
    }
    let collector = collector(&args.collector)?;
    let loaded = load::load(edge.root())?;
    let site = loaded.value;
    let now = edge.now_or(args.now, &site.config.zone.tz);
    let asked = check::chosen(&site.config.monitoring.feeds, &args.feeds)?;
    let stdin = stdin(&asked, args).map_err(|error| Failure::new(format!("could not read standard input: {error}")))?;
    let Recorded { site, report, diagnostics } = record(edge, site, now, (&asked, stdin.as_deref()), &collector)?;

    edge.tell(&diagnostics);
    if args.json {
        edge.print(&format!("{:#}\n", report.json(&site)))?;
    } else {
        edge.say(&report.human(&site))?;
    }
    let failed = report.feeds.iter().any(|feed| feed.failed.is_some());
    Ok(if failed { Status::FoundProblems } else { Status::Fine })
}

/// What came of asking the feeds.
pub(super) struct Recorded {
    pub site: Site,
    pub report: Report,
    pub diagnostics: Vec<Diagnostic>,
}

/// Asks these feeds, and writes down what they say and what comes of it.
///
/// # Errors
///
/// Where `history/` cannot be written, or a draft.
pub(super) fn record(
    edge: &Edge,
    mut site: Site,
    now: Timestamp,
    (asked, stdin): (&[Feed], Option<&[u8]>),
    collector: &Slug,
) -> Result<Recorded, Failure> {
    let ask = Ask { now, network: true, stdin, log: LogWindow::Open };
    let mut diagnostics = Vec::new();
    let answers = told(load::read_feeds(edge.root(), &only(&site.config, asked), &ask), &mut diagnostics);
    let recorder = Recorder::open(edge.root(), collector, now)?;
    let mut report = Report { feeds: log(&recorder, asked, &answers)?, ..Report::default() };
    site.monitoring = told(load::read_monitoring(edge.root(), &site.config, &ask, answers), &mut diagnostics);
    diagnostics.extend(report.feeds.iter_mut().filter_map(|feed| feed.count_late(&site.monitoring.days)));
    let site = derive::observe(site, now);
    report.noted = recorder.note(&site.detections)?;
    report.sealed = told(recorder.seal(&site.monitoring)?, &mut diagnostics);
    drop(recorder);
    report.drafts = write_drafts(edge, &site)?;
    report.undecided = derive::explain::is_undecided(&site, now);
    Ok(Recorded { site, report, diagnostics })
}

pub(super) fn collector(name: &str) -> Result<Slug, Failure> {
    Slug::new(name).ok_or_else(|| {
        let cure = match Slug::from_text(name) {
            Some(slug) => format!("write `--collector {slug}`"),
            None => "a name is made of a-z, 0-9 and single hyphens, such as `oslo-1`".to_owned(),
        };
        Failure::new(format!("`{name}` cannot be the name of a collector, which names its folder")).cure(cure)
    })
}

/// Standard input, where a feed was named that comes from there and somebody writes to it.
fn stdin(asked: &[Feed], args: &cli::Record) -> io::Result<Option<Vec<u8>>> {
    let wanted = !args.feeds.is_empty() && asked.iter().any(|feed| matches!(feed.from, Origin::Stdin | Origin::Log));
    if !wanted || io::stdin().is_terminal() {
        return Ok(None);
    }
    let mut bytes = Vec::new();
    io::stdin().lock().take(STDIN_BYTES_MAX).read_to_end(&mut bytes)?;
    Ok(Some(bytes))
}

/// The config with no other feeds.
fn only(config: &Config, asked: &[Feed]) -> Config {
    let mut config = config.clone();
    config.monitoring.feeds = asked.to_vec();
    config
}

/// Puts what was answered into the raw log.
fn log(recorder: &Recorder, asked: &[Feed], answers: &[FeedAnswer]) -> Result<Vec<FeedReport>, Failure> {
    let mut reports = Vec::new();
    for feed in asked {
        let Some(answer) = answers.iter().find(|answer| answer.feed == feed.id) else { continue };
        let mut report = FeedReport { feed: feed.id.clone(), logged: None, late: 0, failed: None };
        match &answer.state {
            FeedState::FromLog => {}
            FeedState::Failed(why) => report.failed = Some(why.clone()),
            FeedState::Read { .. } => report.logged = Some(recorder.log(feed, &answer.reading)?),
        }
        reports.push(report);
    }
    Ok(reports)
}

/// Writes a draft for each outage under way whose words a person is to approve first. Returns the paths of new ones.
fn write_drafts(edge: &Edge, site: &Site) -> Result<Vec<String>, Failure> {
    let mut paths = Vec::new();
    let waiting = site.detections.iter().filter(|one| one.held_back == Some(HeldBack::Draft) && one.is_open());
    for notice in waiting.filter_map(|detection| derive::draft_notice(site, detection)) {
        let written = edit::write_draft(edge.root(), &notice, &site.config.zone.tz);
        paths.extend(written.map_err(|error| Failure::new(format!("could not write a draft: {error}")))?);
    }
    Ok(paths)
}

fn told<T>(loaded: Loaded<T>, diagnostics: &mut Vec<Diagnostic>) -> T {
    diagnostics.extend(loaded.diagnostics);
    loaded.value
}

impl From<RecordError> for Failure {
    fn from(RecordError { doing, error }: RecordError) -> Failure {
        Failure::new(format!("{doing}: {error}")).cure("what was written until now counts; run it again afterwards")
    }
}
