//! When an update was posted whose heading names no minute: the commit that brought it knows.
//!
//! What a writer wrote is never overruled. A day that they wrote is refined only by a commit of that same day; a day
//! from the file's name or front matter is the file's, so that a commit may place each of its updates later. Where git
//! knows nothing, the day stays.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use rayon::prelude::*;

use super::Posts;
use super::files;
use super::git::{self, DueBefore, GitError, History, Seen, Told};
use super::post::{self, UntimedDay};
use crate::diag::{Code, Diagnostic};
use crate::model::{Config, Evidence, Incident, PostedAt, Update};

/// A file that is committed so many days after the day that it names was moved into git: the commit says nothing of it.
const MOVED_IN_AFTER_DAYS: i32 = 7;

const FETCH_ALL: &str =
    "fetch all of it: `fetch-depth: 0` for actions/checkout, `GIT_DEPTH: 0` for GitLab, `git fetch --unshallow`";

/// An update or a report whose minute only git may know.
pub(super) struct Untimed {
    pub of: Where,
    pub known: post::Untimed,
}

/// The index of the incident or report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Where {
    Incident(usize),
    Report(usize),
}

impl Untimed {
    /// A report's `published` is a day by custom. Asking for its minute would cost every large site a walk through its
    /// history, for nothing that a reader misses.
    fn is_worth_asking(&self) -> bool {
        match (self.of, self.known.day) {
            (Where::Report(_), UntimedDay::FrontMatter(_) | UntimedDay::Written(_)) => false,
            (Where::Report(_), UntimedDay::FileName(_) | UntimedDay::None) | (Where::Incident(_), _) => true,
        }
    }
}

/// Asks git, and fills in what it knows: when what has no time was posted, which commit first held each update, and which
/// changed it since.
pub(super) fn fill(root: &Path, config: &Config, posts: &mut Posts<'_>, diagnostics: &mut Vec<Diagnostic>) {
    let mut untimed = std::mem::take(&mut posts.untimed);
    untimed.retain(Untimed::is_worth_asking);
    let history = match git::history(root, config) {
        Ok(history) => history,
        Err(GitError::NoRepository) => History::default(),
        Err(GitError::Failed(why)) => {
            diagnostics.push(
                Diagnostic::note(Code::TIME_MISSING, format!("git could not be asked when posts were written: {why}"))
                    .cure("check that `git log` works in the site's folder")
                    .outcome("posts have only the times that they name themselves"),
            );
            History::default()
        }
    };
    let of_incidents: Vec<Vec<Told>> =
        posts.incidents.par_iter().map(|incident| history.of_incident(incident)).collect();
    let of_reports: Vec<(Told, Vec<DueBefore>)> =
        posts.reports.par_iter().map(|report| history.of_rfo(&report.rfo)).collect();
    let mut cut_off = None;
    let mut touched = BTreeSet::new();
    let mut told = BTreeSet::new();
    for untimed in &untimed {
        let Some((source, posted)) = posted_at(posts, untimed) else { continue };
        let seen = match untimed.of {
            Where::Incident(index) => of_incidents.get(index).and_then(|told| told.get(untimed.known.update)),
            Where::Report(index) => of_reports.get(index).map(|(told, _)| told),
        };
        let seen = seen.map_or(Seen::Never, |told| told.seen);
        if seen == Seen::CutOff && cut_off.is_none() {
            cut_off = Some(untimed);
        }
        let filled = from_git(untimed.known.day, seen, config).unwrap_or(posted);
        if filled == PostedAt::Unknown {
            // Once for each post: the cure is the same for all of its headings, and its file is read again for it.
            if told.insert(source.to_owned()) {
                diagnostics.push(time_missing(root, posts, untimed));
            }
        } else if filled != posted {
            set(posts, untimed, filled);
            if let Where::Incident(index) = untimed.of {
                touched.insert(index);
            }
        }
    }
    if let Some(untimed) = cut_off {
        diagnostics.push(shallow(root, posts, untimed));
    }
    if cut_off.is_none() && of_incidents.iter().flatten().any(|told| told.seen == Seen::CutOff) {
        diagnostics.push(
            Diagnostic::note(
                Code::GIT_SHALLOW,
                "git's history is cut off, so it cannot say when older updates were first committed",
            )
            .cure(FETCH_ALL)
            .outcome("their times count as written"),
        );
    }
    let incidents = posts.incidents.par_iter_mut().zip(of_incidents).enumerate();
    incidents.for_each(|(index, (incident, told))| with_evidence(incident, told, touched.contains(&index), config));
    for (report, (told, due_before)) in posts.reports.iter_mut().zip(of_reports) {
        let rfo = &mut report.rfo;
        rfo.evidence = evidence(rfo.published, told.seen, config);
        rfo.edits = told.edits;
        for (follow_up, before) in rfo.follow_ups.iter_mut().zip(due_before) {
            follow_up.due_before = before;
        }
    }
}

/// Gives each update what shows when it was public, and the id that it had when it was first seen.
fn with_evidence(incident: &mut Incident, told: Vec<Told>, touched: bool, config: &Config) {
    // An update is known by its line while its place among the others changes.
    let mut first = BTreeMap::new();
    for (update, told) in incident.updates.iter_mut().zip(told) {
        update.evidence = evidence(update.posted, told.seen, config);
        update.edits = told.edits;
        update.next = update.next.or(told.next);
        if let Some((stage, at)) = told.first {
            let posted = at.map_or(update.posted, PostedAt::Written);
            if (stage, posted) != (update.stage, update.posted) {
                first.insert(update.line, (stage, posted));
            }
        }
    }
    if touched {
        oldest_first(incident);
    }
    if touched || !first.is_empty() {
        post::assign_ids(&mut incident.updates, |update| {
            first.get(&update.line).copied().unwrap_or((update.stage, update.posted))
        });
    }
}

/// What git shows of when something was public.
fn evidence(posted: PostedAt, seen: Seen, config: &Config) -> Evidence {
    let Seen::At { at, with_file } = seen else { return Evidence::None };
    let day = |at: Timestamp| at.to_zoned_datetime(config.zone.tz.clone()).date();
    let is_moved_in = match posted {
        PostedAt::Written(named) => {
            at.duration_since(named) > SignedDuration::from_hours(24 * i64::from(MOVED_IN_AFTER_DAYS))
        }
        PostedAt::Day(named) => moved_in(named, day(at)),
        PostedAt::FromGit(_) | PostedAt::Unknown => false,
    };
    if with_file && is_moved_in { Evidence::MovedIn { in_git_since: at } } else { Evidence::Committed(at) }
}

fn update<'a>(posts: &'a Posts<'_>, incident: usize, update: usize) -> Option<&'a Update> {
    posts.incidents.get(incident)?.updates.get(update)
}

/// The file and what is known so far.
fn posted_at<'a>(posts: &'a Posts<'_>, untimed: &Untimed) -> Option<(&'a str, PostedAt)> {
    match untimed.of {
        Where::Incident(index) => {
            Some((&posts.incidents.get(index)?.source, update(posts, index, untimed.known.update)?.posted))
        }
        Where::Report(index) => {
            let rfo = &posts.reports.get(index)?.rfo;
            Some((&rfo.source, rfo.published))
        }
    }
}

fn set(posts: &mut Posts<'_>, untimed: &Untimed, posted: PostedAt) {
    match untimed.of {
        Where::Incident(index) => {
            let incident = posts.incidents.get_mut(index);
            if let Some(update) = incident.and_then(|incident| incident.updates.get_mut(untimed.known.update)) {
                update.posted = posted;
            }
        }
        Where::Report(index) => {
            if let Some(report) = posts.reports.get_mut(index) {
                report.rfo.published = posted;
            }
        }
    }
}

/// What git adds to a day; `None` where it adds nothing.
fn from_git(day: UntimedDay, seen: Seen, config: &Config) -> Option<PostedAt> {
    let Seen::At { at, with_file } = seen else { return None };
    let minute = Timestamp::from_second(at.as_second().div_euclid(60) * 60).ok()?;
    let commit_day = minute.to_zoned_datetime(config.zone.tz.clone()).date();
    let believed = match day {
        UntimedDay::Written(named) => commit_day == named,
        UntimedDay::FileName(named) | UntimedDay::FrontMatter(named) => !(with_file && moved_in(named, commit_day)),
        UntimedDay::None => true,
    };
    believed.then_some(PostedAt::FromGit(minute))
}

fn moved_in(named: Date, committed: Date) -> bool {
    committed.since(named).is_ok_and(|span| span.get_days() > MOVED_IN_AFTER_DAYS)
}

/// Without times in its headings a file does not say whether its newest update stands first. Git's times do.
fn oldest_first(incident: &mut Incident) {
    let times: Option<Vec<Timestamp>> = incident
        .updates
        .iter()
        .map(|update| match update.posted {
            PostedAt::Written(at) | PostedAt::FromGit(at) => Some(at),
            PostedAt::Day(_) | PostedAt::Unknown => None,
        })
        .collect();
    let Some(times) = times else { return };
    if times.first() > times.last() && times.is_sorted_by(|a, b| a >= b) {
        incident.updates.reverse();
    }
}

fn time_missing(root: &Path, posts: &Posts<'_>, untimed: &Untimed) -> Diagnostic {
    let (told, cure) = match untimed.of {
        Where::Incident(_) => (
            "nothing says when this update was posted",
            "commit it, or write the time behind its status: `## Investigating · 2022-03-29 11:20`",
        ),
        Where::Report(_) => {
            ("nothing says when this report was published", "commit it, or add `published = 2022-04-04`")
        }
    };
    let told = Diagnostic::warning(Code::TIME_MISSING, told).cure(cure);
    at_heading(root, posts, untimed, told.outcome("published, as of the day of the build"))
}

fn shallow(root: &Path, posts: &Posts<'_>, untimed: &Untimed) -> Diagnostic {
    let told = Diagnostic::warning(
        Code::GIT_SHALLOW,
        "git's history is cut off before this was written, so it cannot say at which minute",
    )
    .cure(FETCH_ALL)
    .outcome("published, with the day at most");
    at_heading(root, posts, untimed, told)
}

/// At the line of its heading. Such mistakes are few, so the file is read once more rather than every file kept.
fn at_heading(root: &Path, posts: &Posts<'_>, untimed: &Untimed, told: Diagnostic) -> Diagnostic {
    let Some((path, _)) = posted_at(posts, untimed) else { return told };
    let line = match untimed.of {
        Where::Incident(index) => update(posts, index, untimed.known.update).map_or(1, |update| update.line),
        Where::Report(_) => 1,
    };
    let source = files::source_again(root, path);
    let lines = source.text().split_inclusive('\n');
    let start = lines.take(line.saturating_sub(1) as usize).map(str::len).sum::<usize>();
    let rest = source.text().get(start..).unwrap_or_default();
    let len = rest.lines().next().map_or(0, |line| line.trim_end().len());
    told.at(&source, start..start + len)
}
