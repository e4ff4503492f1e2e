//! What the history says of each update: which commit first held it, and which changed it since.
//!
//! One pass over the first parents (an update counts from the commit that brought it onto this branch, since that published
//! it), later builds read only what is new. The committer's time counts: the author's is kept by a rebase and a
//! squash, and would claim that something stood in git before anybody could know.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::Path;

use jiff::Timestamp;
use jiff::civil::Date;
use rayon::prelude::*;

use super::blobs::{BATCH_MAX, Blobs};
use super::cache::Cache;
use super::follow::{Followed, Kept, Step, Tracked, named};
use super::log::{Change, Commit, Commits, MARK};
use super::matching::matching;
use super::version::{Version, When};
use super::{GitError, Seen, git, in_repository, shallow_boundary};
use crate::load::files;
use crate::model::{Config, Edit, Incident, Markdown, Rfo, ShowEdits, Stage};

/// So many commits are read before their files are parsed, on all cores.
const COMMITS_AT_A_TIME: usize = 1024;

/// What the history says.
#[derive(Debug, Default)]
pub(in crate::load) struct History(Followed);

/// Of one update.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::load) struct Told {
    pub seen: Seen,
    /// What its heading said when it came.
    pub first: Option<(Stage, Option<Timestamp>)>,
    /// When the next one was promised as it came.
    pub next: Option<Timestamp>,
    pub edits: Vec<Edit>,
}

/// The days that a follow-up was due before, each with when that was promised.
pub(in crate::load) type DueBefore = Vec<(Date, Timestamp)>;

const NEVER: Told = Told { seen: Seen::Never, first: None, next: None, edits: Vec::new() };

/// Reads the history.
///
/// # Errors
///
/// Where there is none, or git fails.
pub(in crate::load) fn history(root: &Path, config: &Config) -> Result<History, GitError> {
    if !in_repository(root) {
        return Err(GitError::NoRepository);
    }
    let asked = git(root).args(["rev-parse", "--verify", "--quiet", "HEAD"]).output();
    let asked = asked.map_err(|error| GitError::Failed(error.to_string()))?;
    let head = match asked.status.code() {
        Some(0) => String::from_utf8_lossy(&asked.stdout).trim().to_owned(),
        // A repository without any commit yet.
        Some(1) => return Ok(History::default()),
        // Such as one of another user, in which git answers nobody else.
        _ => return Err(GitError::Failed(format!("`git rev-parse` ended with {}", asked.status))),
    };
    let boundary = shallow_boundary(root);
    let cache = Cache::of(root, depends_on(root, config, &boundary));
    let kept = cache.as_ref().and_then(Cache::kept);
    if let Some((commit, followed)) = &kept
        && *commit == head
    {
        return Ok(History(followed.clone()));
    }
    let mut pass = Pass { root, config, boundary: &boundary, full: config.show_edits == ShowEdits::Full };
    let gone_on = match kept {
        Some((commit, followed)) => pass.read(&head, Some(&commit), followed)?,
        None => None,
    };
    let followed = match gone_on {
        Some(followed) => followed,
        // Another history than the one that was read: it was rewritten, or another branch is looked at.
        None => pass.read(&head, None, Followed::default())?.unwrap_or_default(),
    };
    if let Some(cache) = cache {
        cache.keep(&head, &followed);
    }
    Ok(History(followed))
}

/// All that the meaning of a history depends on beside its commits, in short.
fn depends_on(root: &Path, config: &Config, boundary: &BTreeSet<String>) -> String {
    let names: Vec<String> = config
        .components
        .iter()
        .map(|component| format!("{}={}", component.id, component.name))
        .chain(config.groups.iter().map(|group| format!("{}={}", group.id, group.name)))
        .collect();
    let inside = root.canonicalize().unwrap_or_else(|_| root.to_owned());
    let all = (&config.zone.name, &config.language, names, config.show_edits == ShowEdits::Full, boundary, inside);
    blake3::hash(format!("{all:?}").as_bytes()).to_hex().to_string()
}

struct Pass<'a> {
    root: &'a Path,
    config: &'a Config,
    boundary: &'a BTreeSet<String>,
    full: bool,
}

impl Pass<'_> {
    /// Goes on from a commit, or from the beginning; `None` where that commit is none of the first parents.
    fn read(&mut self, head: &str, from: Option<&str>, mut followed: Followed) -> Result<Option<Followed>, GitError> {
        let failed = |error: io::Error| GitError::Failed(error.to_string());
        let mut log = self.log(head, from).spawn().map_err(failed)?;
        let Some(stdout) = log.stdout.take() else { return Err(GitError::Failed("no pipe".to_owned())) };
        let mut commits = Commits::new(stdout);
        let mut blobs = Blobs::open(self.root).map_err(failed)?;
        let (mut is_first, mut ended, mut gone_on) = (true, false, true);
        let mut error = None;
        while !ended && gone_on && error.is_none() {
            let mut some: Vec<Commit> = Vec::new();
            while some.len() < COMMITS_AT_A_TIME {
                match commits.next() {
                    Ok(Some(commit)) => some.push(commit),
                    Ok(None) => ended = true,
                    Err(told) => error = Some(told),
                }
                if ended || error.is_some() {
                    break;
                }
            }
            if let (true, Some(first)) = (is_first, some.first()) {
                gone_on = from.is_none() || first.first_parent.as_deref() == from;
                is_first = false;
            }
            if gone_on && error.is_none() {
                error = self.follow(some, from.is_some(), &mut blobs, &mut followed).err();
            }
        }
        if !ended {
            // It may still have much to say to nobody.
            let _ = log.kill();
        }
        let status = log.wait().map_err(failed)?;
        match error {
            Some(error) => Err(failed(error)),
            None if !gone_on => Ok(None),
            None if status.success() => Ok(Some(followed)),
            // A commit that is not there any more: the history was rewritten, and what was left of it thrown away.
            None if from.is_some() => Ok(None),
            None => Err(GitError::Failed(format!("`git log` ended with {status}"))),
        }
    }

    fn log(&self, head: &str, from: Option<&str>) -> std::process::Command {
        let mut log = git(self.root);
        // Everything that a config could change of the output is said here.
        log.args(["-c", "log.follow=false", "-c", "log.showRoot=true", "-c", "diff.orderFile=/dev/null"]);
        log.args(["log", "--reverse", "--first-parent", "-m", "--raw", "--no-abbrev", "-z", "--find-renames"]);
        log.arg(format!("--format=%x{MARK:02}%H %ct %P"));
        log.args(["--no-show-signature", "--no-notes", "--no-color", "--no-ext-diff", "--no-textconv"]);
        log.args(["--submodule=short", "--ignore-submodules=all", "--relative"]);
        log.arg(match from {
            Some(from) => format!("{from}..{head}"),
            None => head.to_owned(),
        });
        log.arg("--");
        // A pathspec costs as much again as all the rest, so only where most of the repository is something else.
        if !self.root.join(".git").exists() {
            log.arg("incidents");
        }
        log
    }

    fn follow(
        &self,
        commits: Vec<Commit>,
        old_too: bool,
        blobs: &mut Blobs,
        followed: &mut Followed,
    ) -> io::Result<()> {
        let is_post = |path: &str| files::published_post(path).is_some();
        let mut wanted: BTreeMap<(String, String), Option<Version>> = BTreeMap::new();
        let mut want = |path: &str, blob: &str| {
            wanted.insert((blob.to_owned(), path.to_owned()), None);
        };
        for change in commits.iter().flat_map(|commit| &commit.changes) {
            if let Some((path, blob)) = change.new.as_ref().filter(|(path, _)| is_post(path)) {
                want(path, blob);
            }
            if let Some(path) = change.old.as_deref().filter(|path| old_too && is_post(path)) {
                want(path, &change.old_blob);
            }
        }
        let keys: Vec<(String, String)> = wanted.keys().cloned().collect();
        for some in keys.chunks(BATCH_MAX) {
            let ids: Vec<&str> = some.iter().map(|(blob, _)| blob.as_str()).collect();
            let contents = blobs.read(&ids)?;
            let read: Vec<Option<Version>> = some
                .par_iter()
                .zip(contents)
                .map(|((_, path), content)| Version::read(path, &content?, self.config))
                .collect();
            for (key, version) in some.iter().zip(read) {
                wanted.insert(key.clone(), version);
            }
        }
        for commit in commits {
            let at = (!self.boundary.contains(&commit.hash)).then_some(commit.at);
            let steps = commit.changes.into_iter().filter_map(|change| step(change, &wanted, old_too, followed));
            let steps: Vec<Step> = steps.collect();
            followed.commit(steps, at, self.full);
        }
        Ok(())
    }
}

/// A change of a post; `None` where it is none.
fn step(
    change: Change,
    versions: &BTreeMap<(String, String), Option<Version>>,
    old_too: bool,
    followed: &mut Followed,
) -> Option<Step> {
    let is_post = |path: &str| files::published_post(path).is_some();
    let old = change.old.filter(|path| is_post(path));
    let new = change.new.filter(|(path, _)| is_post(path));
    if let (Some(path), true) = (&old, old_too)
        && let Some(Some(version)) = versions.get(&(change.old_blob.clone(), path.clone()))
    {
        followed.remember_texts(path, version);
    }
    let new = new.map(|(path, blob)| {
        let version = versions.get(&(blob, path.clone())).cloned().flatten();
        (path, version)
    });
    (old.is_some() || new.is_some()).then_some(Step { old, new })
}

impl History {
    /// One for each of its updates, in their order.
    pub fn of_incident(&self, incident: &Incident) -> Vec<Told> {
        let mut told = vec![NEVER; incident.updates.len()];
        let Some(tracked) = self.0.files.get(&incident.source).filter(|tracked| !tracked.is_rfo) else { return told };
        let (version, order) = Version::of_incident(incident);
        let definitions = |at: usize| incident.updates.get(at).map_or("", |update| &update.body.definitions);
        for (place, kept) in matched(tracked, &version).into_iter().enumerate() {
            let (Some(&at), Some(kept)) = (order.get(place), kept) else { continue };
            if let Some(told) = told.get_mut(at) {
                *told = of_kept(kept, definitions(at));
            }
        }
        told
    }

    /// With the days that each of its follow-ups was due before.
    pub fn of_rfo(&self, rfo: &Rfo) -> (Told, Vec<DueBefore>) {
        let none = || (NEVER, vec![DueBefore::new(); rfo.follow_ups.len()]);
        let Some(tracked) = self.0.files.get(&rfo.source).filter(|tracked| tracked.is_rfo) else { return none() };
        let kept = matched(tracked, &Version::of_rfo(rfo)).into_iter().flatten().next();
        let due_before = rfo.follow_ups.iter().map(|follow_up| {
            let same = tracked.promises.iter().find(|promise| promise.what == follow_up.what.text);
            let before = same.map(|promise| promise.before.as_slice()).unwrap_or_default();
            before.iter().filter_map(|(day, at)| Some((*day, Timestamp::from_second(*at).ok()?))).collect()
        });
        (kept.map_or(NEVER, |kept| of_kept(kept, &rfo.body.definitions)), due_before.collect())
    }
}

/// For each update of the file as it is now the one that was committed.
fn matched<'a>(tracked: &'a Tracked, version: &Version) -> Vec<Option<&'a Kept>> {
    let old: Vec<_> = tracked.updates.iter().map(|kept| &kept.said).collect();
    let of_new = matching(&old, &version.updates);
    of_new.into_iter().map(|at| tracked.updates.get(at?)).collect()
}

fn of_kept(kept: &Kept, definitions: &str) -> Told {
    let moment = |seconds: i64| Timestamp::from_second(seconds).ok();
    let markdown = |text: &String| Markdown { text: text.clone(), definitions: definitions.to_owned() };
    let first_at = match kept.first_when {
        When::At(at) => moment(at),
        When::Day(_) | When::Unsaid => None,
    };
    let edits = kept.edits.iter().filter_map(|changed| {
        let (before, after) = changed.texts.as_ref().map(|(before, after)| (markdown(before), markdown(after))).unzip();
        Some(Edit { at: moment(changed.at)?, before, after })
    });
    Told {
        seen: match kept.seen.and_then(moment) {
            Some(at) => Seen::At { at, with_file: kept.with_file },
            None => Seen::CutOff,
        },
        first: kept.first_stage.stage().map(|stage| (stage, first_at)),
        next: kept.next.filter(|next| named(kept.first_when).is_none_or(|named| *next > named)).and_then(moment),
        edits: edits.collect(),
    }
}
