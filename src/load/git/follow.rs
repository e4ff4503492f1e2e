//! Follows posts through a history, oldest commit first: which commit first held each update, and which changed it since.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::matching::{matching, similar};
use super::version::{Said, StageCode, Version, When};
use crate::load::files;

/// A file that came into git whole so long after the time that it names, in seconds, was moved in from elsewhere: a week.
pub(super) const MOVED_IN_AFTER_S: i64 = 7 * 24 * 60 * 60;

/// Of so many changes of an update the newest are kept.
const EDITS_MAX: usize = 20;

/// Two promises that share so many tenths of their words are one, reworded.
const SAME_PROMISE: usize = 5;

/// Every post that the history knows, by its path, as of the commit that was read last.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Followed {
    pub files: BTreeMap<String, Tracked>,
    /// What was deleted, by what made its slug: it may come again under another path.
    gone: BTreeMap<String, Tracked>,
}

/// A post.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Tracked {
    pub is_rfo: bool,
    /// When it came, in seconds since 1970; `None`: before a shallow clone begins.
    pub born: Option<i64>,
    /// In the order of the file.
    pub updates: Vec<Kept>,
    pub promises: Vec<Promise>,
}

/// An update with its history.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Kept {
    pub said: Said,
    /// What its heading said when it came.
    pub first_stage: StageCode,
    pub first_when: When,
    /// When it came, in seconds since 1970; `None`: before a shallow clone begins.
    pub seen: Option<i64>,
    /// It came together with the whole file.
    pub with_file: bool,
    /// When the next one was promised as it came.
    pub next: Option<i64>,
    pub edits: Vec<Changed>,
}

/// A change of an update.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Changed {
    pub at: i64,
    /// Only where the site shows them.
    pub texts: Option<(String, String)>,
}

/// A promise in a report.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Promise {
    pub what: String,
    pub due: Option<Date>,
    /// Days that it had before, each with when it came.
    pub before: Vec<(Date, i64)>,
    since: i64,
}

/// What one commit does to a post.
#[derive(Debug)]
pub(super) struct Step {
    pub old: Option<String>,
    pub new: Option<(String, Option<Version>)>,
}

impl Followed {
    /// Goes on by a commit of that time (`None`: one at which a shallow clone begins).
    pub fn commit(&mut self, steps: Vec<Step>, at: Option<i64>, with_texts: bool) {
        let mut come: Vec<(String, Option<Tracked>, Version)> = Vec::new();
        for Step { old, new } in steps {
            let before = old.as_deref().and_then(|old| self.files.remove(old));
            match (new, old) {
                (Some((path, Some(version))), _) => come.push((path, before, version)),
                // What cannot be read for once may be mended in the next commit.
                (Some((path, None)), _) => self.bury(&path, before),
                (None, Some(path)) => self.bury(&path, before),
                (None, None) => {}
            }
        }
        for (path, before, version) in come {
            let before = before.or_else(|| self.gone.remove(&grave(&path)?));
            let before = before.filter(|before| before.is_rfo == version.is_rfo);
            self.files.insert(path, advance(before, version, at, with_texts));
        }
    }

    /// Gives the updates of a file their texts again, which the cache does not hold.
    pub fn remember_texts(&mut self, path: &str, version: &Version) {
        let Some(tracked) = self.files.get_mut(path) else { return };
        for (kept, said) in tracked.updates.iter_mut().zip(&version.updates) {
            if kept.said.hash == said.hash {
                kept.said.text.clone_from(&said.text);
            }
        }
    }

    fn bury(&mut self, path: &str, tracked: Option<Tracked>) {
        if let (Some(grave), Some(tracked)) = (grave(path), tracked) {
            self.gone.insert(grave, tracked);
        }
    }
}

/// What made its slug, and whether it is a report. Nothing is kept of drafts: they are posted by being taken out.
fn grave(path: &str) -> Option<String> {
    let (stem, is_rfo) = files::published_post(path)?;
    Some(format!("{}{stem}", if is_rfo { "rfo " } else { "" }))
}

fn advance(before: Option<Tracked>, version: Version, at: Option<i64>, with_texts: bool) -> Tracked {
    let is_new = before.is_none();
    let Tracked { born, updates: old, promises: old_promises, .. } =
        before.unwrap_or(Tracked { is_rfo: version.is_rfo, born: at, updates: Vec::new(), promises: Vec::new() });
    let of_new = matching(&old.iter().map(|kept| &kept.said).collect::<Vec<_>>(), &version.updates);
    let mut old: Vec<Option<Kept>> = old.into_iter().map(Some).collect();
    let mut updates = Vec::with_capacity(version.updates.len());
    for (place, (said, matched)) in version.updates.into_iter().zip(of_new).enumerate() {
        let kept = matched.and_then(|matched| old.get_mut(matched)?.take());
        updates.push(match kept {
            Some(kept) => go_on(kept, said, born, at, with_texts),
            None => Kept {
                first_stage: said.stage,
                first_when: said.when,
                seen: at,
                with_file: is_new,
                next: version.next.filter(|_| place == version.newest),
                edits: Vec::new(),
                said,
            },
        });
    }
    let first = updates.first().map_or(When::Unsaid, |kept| kept.first_when);
    let is_free = version.is_rfo && is_put_in_order(first, born, at);
    let promises = version.promises.into_iter().map(|promise| promised(promise, &old_promises, is_free, at)).collect();
    Tracked { is_rfo: version.is_rfo, born, updates, promises }
}

/// The same update in the next version.
fn go_on(kept: Kept, said: Said, born: Option<i64>, at: Option<i64>, with_texts: bool) -> Kept {
    let time_changed = matches!((kept.said.when, said.when), (When::At(old), When::At(new)) if old != new);
    let changed = kept.said.hash != said.hash || time_changed;
    let mut edits = kept.edits;
    // What is moved in from elsewhere is put in order in its first days: nobody knows what it said where it was published.
    let is_put_in_order = kept.with_file && is_put_in_order(kept.first_when, born, at);
    if let (true, false, Some(at)) = (changed, is_put_in_order, at) {
        let texts = kept.said.text.clone().zip(said.text.clone()).filter(|_| with_texts);
        edits.push(Changed { at, texts });
        let more = edits.len().saturating_sub(EDITS_MAX);
        edits.drain(..more);
    }
    Kept { said, edits, ..kept }
}

/// Whether a file that was moved in is still in its first days.
fn is_put_in_order(first: When, born: Option<i64>, at: Option<i64>) -> bool {
    let is_moved_in = named(first).zip(born).is_some_and(|(named, born)| born - named > MOVED_IN_AFTER_S);
    is_moved_in && born.zip(at).is_some_and(|(born, at)| at - born <= MOVED_IN_AFTER_S)
}

/// When an update says that it was posted, in seconds since 1970.
pub(super) fn named(when: When) -> Option<i64> {
    match when {
        When::At(at) | When::Day(at) => Some(at),
        When::Unsaid => None,
    }
}

fn promised((what, due): (String, Option<Date>), old: &[Promise], is_free: bool, at: Option<i64>) -> Promise {
    let since = at.unwrap_or(0);
    let same = old
        .iter()
        .find(|old| old.what == what)
        .or_else(|| old.iter().find(|old| similar(&old.what, &what, SAME_PROMISE)));
    let Some(same) = same else { return Promise { what, due, before: Vec::new(), since } };
    let mut before = same.before.clone();
    let changed = same.due.filter(|old| Some(*old) != due && !is_free);
    if let Some(old) = changed {
        // As it was promised in the first place; and the last few changes of it.
        before.push((old, same.since));
        if before.len() > EDITS_MAX {
            before.remove(1);
        }
    }
    let since = if same.due == due { same.since } else { since };
    Promise { what, due, before, since }
}
