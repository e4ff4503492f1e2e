//! When an update was posted whose heading names no minute: the commit that brought it knows.
//!
//! What a writer wrote is never overruled. A day that they wrote is refined only by a commit of that same day; a day
//! from the file's name or front matter is the file's, so that a commit may place each of its updates later. Where git
//! knows nothing, the day stays.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use jiff::Timestamp;
use jiff::civil::Date;

use super::Posts;
use super::files;
use super::git::{self, FirstSeen, GitError, Seen};
use super::post::{self, UntimedDay};
use crate::diag::{Code, Diagnostic};
use crate::model::{Config, Incident, PostedAt, Update};

/// A file that is committed so many days after the day that it names was moved into git: the commit says nothing of it.
const MOVED_IN_AFTER_DAYS: i32 = 7;

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

/// Asks git, only where something is untimed, and fills in what it knows.
pub(super) fn fill(root: &Path, config: &Config, posts: &mut Posts<'_>, diagnostics: &mut Vec<Diagnostic>) {
    let mut untimed = std::mem::take(&mut posts.untimed);
    untimed.retain(Untimed::is_worth_asking);
    if untimed.is_empty() {
        return;
    }
    let first_seen = match git::first_seen(root, &wanted(posts, &untimed)) {
        Ok(first_seen) => first_seen,
        Err(GitError::NoRepository) => FirstSeen::default(),
        Err(GitError::Failed(why)) => {
            diagnostics.push(
                Diagnostic::note(Code::TIME_MISSING, format!("git could not be asked when posts were written: {why}"))
                    .cure("check that `git log` works in the site's folder")
                    .outcome("such posts have only their day"),
            );
            FirstSeen::default()
        }
    };
    let occurrences = occurrences(posts, &untimed);
    let mut cut_off = None;
    let mut touched = Vec::new();
    let mut told = BTreeSet::new();
    for (untimed, occurrence) in untimed.iter().zip(occurrences) {
        let Some((source, posted)) = posted_at(posts, untimed) else { continue };
        let heading = untimed.known.heading_line.as_deref().map(|line| (line, occurrence));
        let seen = first_seen.of(source, heading);
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
                touched.push(index);
            }
        }
    }
    if let Some(untimed) = cut_off {
        diagnostics.push(shallow(root, posts, untimed));
    }
    touched.dedup();
    for index in touched {
        if let Some(incident) = posts.incidents.get_mut(index) {
            oldest_first(incident);
            post::assign_ids(&mut incident.updates);
        }
    }
}

/// The files that git is asked about, each with the headings it is asked about.
fn wanted<'a>(posts: &'a Posts<'_>, untimed: &'a [Untimed]) -> BTreeMap<&'a str, Vec<&'a str>> {
    let mut wanted: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for untimed in untimed {
        if let Some((source, _)) = posted_at(posts, untimed) {
            wanted.entry(source).or_default().extend(untimed.known.heading_line.as_deref());
        }
    }
    wanted
}

/// For each its number among the headings of the same text in the same file, from the top, counted from 0.
fn occurrences(posts: &Posts<'_>, untimed: &[Untimed]) -> Vec<usize> {
    let line = |untimed: &Untimed| match untimed.of {
        Where::Incident(index) => update(posts, index, untimed.known.update).map_or(0, |update| update.line),
        Where::Report(_) => 0,
    };
    let key = |untimed: &Untimed| match untimed.of {
        Where::Incident(index) => (0, index),
        Where::Report(index) => (1, index),
    };
    let mut order: Vec<usize> = (0..untimed.len()).collect();
    order.sort_by_key(|&at| untimed.get(at).map(|untimed| (key(untimed), &untimed.known.heading_line, line(untimed))));
    let mut occurrences = vec![0; untimed.len()];
    let mut before: Option<((i32, usize), &Option<String>)> = None;
    let mut number = 0;
    for at in order {
        let (Some(untimed), Some(occurrence)) = (untimed.get(at), occurrences.get_mut(at)) else { continue };
        let here = Some((key(untimed), &untimed.known.heading_line));
        number = if here == before { number + 1 } else { 0 };
        before = here;
        *occurrence = number;
    }
    occurrences
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
    .cure("fetch all of it: `fetch-depth: 0` for actions/checkout, `GIT_DEPTH: 0` for GitLab, `git fetch --unshallow`")
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
