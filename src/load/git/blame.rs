//! Follows headings through a history, oldest commit first, and remembers which commit brought each.
//!
//! As `git blame` does, but forwards and for headings only: every hunk moves the headings below it. A heading whose
//! text changes keeps its commit where its first word, the status, stays: adding a component's state or mending a typo
//! does not post an update anew. One that moves within its file keeps it too.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use jiff::Timestamp;

use super::Seen;
use super::log::{Change, Hunk, Listener};
use crate::load::files;

/// What a history says of files and their headings.
#[derive(Debug, Default)]
pub(super) struct History {
    /// Headings that may look like anything (underlined ones); others are known by their `#`.
    wanted: BTreeSet<String>,
    boundary: BTreeSet<String>,
    /// The only files that are followed; `None`: all of them.
    names: Option<BTreeSet<String>>,
    files: BTreeMap<String, Tracked>,
    earlier_names: BTreeSet<String>,
    commit: Origin,
    number: u32,
    current: Option<Current>,
}

/// The commit that brought something.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Origin {
    number: u32,
    /// `None`: before the beginning of a shallow clone.
    at: Option<Timestamp>,
}

#[derive(Clone, Debug, Default)]
struct Tracked {
    born: Origin,
    /// In the order of their lines.
    headings: Vec<Heading>,
}

#[derive(Clone, Debug)]
struct Heading {
    line: u64,
    text: String,
    origin: Origin,
}

/// A file whose changes are being heard.
#[derive(Debug)]
struct Current {
    change: Change,
    born: Origin,
    /// Of the old file, those that no hunk has come to yet.
    old: VecDeque<Heading>,
    new: Vec<Heading>,
    /// What is to be added to the number of a line below the hunks heard so far.
    shift: i64,
    hunk: usize,
    removed: Vec<(usize, Heading)>,
    /// Each with its hunk and its place in `new`.
    added: Vec<(usize, usize)>,
}

/// A heading without its marks and white space, so that a line of a file and a parsed heading compare as equal.
pub(super) fn normal(heading: &str) -> &str {
    let blank = |c: char| c.is_whitespace() || c == '\u{feff}';
    heading.trim_matches(blank).trim_matches('#').trim_matches(blank)
}

fn status_word(heading: &str) -> String {
    heading.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default().to_lowercase()
}

impl History {
    pub(super) fn new(wanted: BTreeSet<String>, boundary: BTreeSet<String>, names: Option<BTreeSet<String>>) -> Self {
        History { wanted, boundary, names, ..History::default() }
    }

    /// Whether no commit was heard of.
    pub(super) fn is_empty(&self) -> bool {
        self.number == 0
    }

    /// Names that followed files had before, and that were not followed.
    pub(super) fn take_earlier_names(&mut self) -> BTreeSet<String> {
        std::mem::take(&mut self.earlier_names)
    }

    /// When that file and its headings were first seen; the headings by their text, and of the same text from the top.
    pub(super) fn take(&mut self, path: &str) -> Option<(Seen, BTreeMap<String, Vec<Seen>>)> {
        let Tracked { born, headings } = self.files.remove(path)?;
        let seen = |origin: Origin| match origin.at {
            None => Seen::CutOff,
            Some(at) => Seen::At { at, with_file: origin.number == born.number },
        };
        let mut by_text: BTreeMap<String, Vec<Seen>> = BTreeMap::new();
        for heading in headings {
            by_text.entry(heading.text).or_default().push(seen(heading.origin));
        }
        Some((seen(born), by_text))
    }

    fn is_followed(&self, path: &str) -> bool {
        self.names.as_ref().is_none_or(|names| names.contains(path))
    }

    fn heading(&self, text: &str) -> Option<String> {
        let normal = normal(text);
        let marked = text.trim_start_matches([' ', '\u{feff}']).starts_with('#');
        (!normal.is_empty() && (marked || self.wanted.contains(normal))).then(|| normal.to_owned())
    }

    /// What was known of a file before this change.
    fn before(&mut self, change: &Change) -> Tracked {
        let unborn = Tracked { born: self.commit, headings: Vec::new() };
        if change.is_new {
            return unborn;
        }
        let renamed = change.old != change.new;
        let Some(mut before) = self.files.remove(&change.old) else {
            if renamed && !self.is_followed(&change.old) {
                self.earlier_names.insert(change.old.clone());
            }
            return unborn;
        };
        if renamed && !files::is_published(&change.old) {
            // A draft: what it says is posted by taking it out of the drafts.
            before.born = self.commit;
            for heading in &mut before.headings {
                heading.origin = self.commit;
            }
        }
        before
    }
}

impl Listener for History {
    fn commit(&mut self, hash: &str, at: Option<Timestamp>) {
        self.number += 1;
        let at = at.filter(|_| !self.boundary.contains(hash));
        self.commit = Origin { number: self.number, at };
    }

    fn file(&mut self, change: &Change) {
        if !self.is_followed(&change.new) && !self.is_followed(&change.old) {
            return;
        }
        let Tracked { born, headings } = self.before(change);
        self.current = Some(Current {
            change: change.clone(),
            born,
            new: Vec::with_capacity(headings.len()),
            old: headings.into(),
            shift: 0,
            hunk: 0,
            removed: Vec::new(),
            added: Vec::new(),
        });
    }

    fn hunk(&mut self, hunk: Hunk) {
        let Some(current) = &mut self.current else { return };
        let after =
            |line: u64, count: u64| if count == 0 { line.saturating_add(1) } else { line.saturating_add(count) };
        let old_after = after(hunk.old_line, hunk.old_count);
        let first_removed = old_after.saturating_sub(hunk.old_count);
        current.keep_before(first_removed);
        current.hunk += 1;
        while let Some(heading) = current.old.pop_front_if(|heading| heading.line < old_after) {
            current.removed.push((current.hunk, heading));
        }
        current.shift = after(hunk.new_line, hunk.new_count).wrapping_sub(old_after) as i64;
    }

    fn removed(&mut self, _line: u64, _text: &str) {}

    fn added(&mut self, line: u64, text: &str) {
        let Some(text) = self.current.as_ref().and_then(|_| self.heading(text)) else { return };
        let origin = self.commit;
        if let Some(current) = &mut self.current {
            current.added.push((current.hunk, current.new.len()));
            current.new.push(Heading { line, text, origin });
        }
    }

    fn file_end(&mut self) {
        let Some(mut current) = self.current.take() else { return };
        if current.change.is_deleted {
            return;
        }
        current.keep_before(u64::MAX);
        current.inherit();
        self.files.insert(current.change.new, Tracked { born: current.born, headings: current.new });
    }
}

impl Current {
    /// Takes over the headings above that line of the old file.
    fn keep_before(&mut self, line: u64) {
        while let Some(mut heading) = self.old.pop_front_if(|heading| heading.line < line) {
            heading.line = heading.line.saturating_add_signed(self.shift);
            self.new.push(heading);
        }
    }

    /// Gives a heading that stood in the file before this change the commit that it had: first where the text is the
    /// same, then where a heading of the same status stands in its place.
    fn inherit(&mut self) {
        if self.removed.is_empty() || self.added.is_empty() {
            return;
        }
        let mut by_text: BTreeMap<String, VecDeque<(usize, Heading)>> = BTreeMap::new();
        for (hunk, heading) in self.removed.drain(..) {
            by_text.entry(heading.text.clone()).or_default().push_back((hunk, heading));
        }
        let mut changed = Vec::new();
        for (hunk, at) in self.added.drain(..) {
            let Some(heading) = self.new.get_mut(at) else { continue };
            match by_text.get_mut(&heading.text).and_then(VecDeque::pop_front) {
                Some((_, before)) => heading.origin = before.origin,
                None => changed.push((hunk, at)),
            }
        }
        let mut left: Vec<(usize, Heading)> = by_text.into_values().flatten().collect();
        left.sort_by_key(|(hunk, heading)| (*hunk, heading.line));
        let mut by_place: BTreeMap<(usize, String), VecDeque<Heading>> = BTreeMap::new();
        for (hunk, heading) in left {
            by_place.entry((hunk, status_word(&heading.text))).or_default().push_back(heading);
        }
        for (hunk, at) in changed {
            let Some(heading) = self.new.get_mut(at) else { continue };
            let key = (hunk, status_word(&heading.text));
            if let Some(before) = by_place.get_mut(&key).and_then(VecDeque::pop_front) {
                heading.origin = before.origin;
            }
        }
    }
}
