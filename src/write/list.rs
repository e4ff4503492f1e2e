//! What the last build wrote: a file beside the output folder, so that nothing of it is published.
//!
//! It answers two questions: which files are ours, so that one which is no longer part of the site is removed and
//! everybody else's is left alone; and which need not be made again. The format is ours and may change with any version:
//! a list that cannot be read counts as none, and costs only that everything is made once more.
//!
//! ```text
//! upfront-list 2 <program>
//! <class> <sum> <key or -> <size> <mtime_ns> <path>      a line for each file, sorted by path; `?` after the class: planned
//! end <sum of all lines above>
//! ```
//!
//! It is replaced by a rename, and names at every moment at least all files that the folder holds of us. The open file
//! is also the lock against two builds at once: the system frees it when the program ends, however it ends.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs::{self, File, Metadata, OpenOptions, TryLockError};
use std::io::{ErrorKind, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, UNIX_EPOCH};

use sha2::{Digest as _, Sha256};

use crate::render::{Class, Key, SitePath};

use super::WriteError;
use super::place::Place;
use super::stage::Fate;

/// The SHA-256 of a file's bytes (FIPS 180-4): what the site's own list of files says, so that no file is hashed twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Sum([u8; 32]);

impl Sum {
    /// 64 hexadecimal digits.
    pub fn hex(self) -> String {
        let mut text = String::with_capacity(64);
        push_hex(&mut text, &self.0);
        text
    }

    pub fn of(bytes: &[u8]) -> Sum {
        Sum(Sha256::digest(bytes).into())
    }
}

/// By what a file is known that nobody has touched since it was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Stat {
    pub size: u64,
    /// Nanoseconds since 1970.
    pub mtime_ns: u64,
}

impl Stat {
    pub fn of(meta: &Metadata) -> Stat {
        let since_1970 = meta.modified().ok().and_then(|at| at.duration_since(UNIX_EPOCH).ok()).unwrap_or_default();
        Stat { size: meta.len(), mtime_ns: u64::try_from(since_1970.as_nanos()).unwrap_or(0) }
    }
}

/// One file that we wrote, or are about to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Entry {
    pub class: Class,
    pub sum: Sum,
    pub key: Option<Key>,
    pub stat: Stat,
    /// Not known to be in place: what stands there is ours only if it has this sum.
    pub planned: bool,
}

/// What the last build wrote.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct List<'a> {
    /// The program that made the files.
    pub built_by: Cow<'a, str>,
    pub entries: BTreeMap<&'a str, Entry>,
}

impl<'a> List<'a> {
    /// An empty list where the text is none of ours, is damaged or is of another version.
    pub fn read(text: &'a str) -> List<'a> {
        parse(text).unwrap_or_default()
    }

    pub fn to_text(&self) -> String {
        let mut text = format!("{MAGIC}{}\n", self.built_by.replace(char::is_control, " "));
        text.reserve(self.entries.len() * 192);
        for (path, entry) in &self.entries {
            print_entry(&mut text, path, entry);
        }
        let sum = Sum::of(text.as_bytes());
        text.push_str("end ");
        push_hex(&mut text, &sum.0);
        text.push('\n');
        text
    }

    /// This list and the `new` one in one: what must be known while the files of `new` are being put in place.
    pub fn with(&self, new: &List<'a>, fates: &[Fate]) -> List<'a> {
        let mut both = self.clone();
        both.built_by.clone_from(&new.built_by);
        for ((path, entry), fate) in new.entries.iter().zip(fates) {
            both.entries.insert(path, Entry { planned: matches!(fate, Fate::Created(_)), ..*entry });
        }
        both
    }
}

const MAGIC: &str = "upfront-list 2 ";

fn print_entry(text: &mut String, path: &str, entry: &Entry) {
    text.push(match entry.class {
        Class::Asset => 'a',
        Class::Leaf => 'l',
        Class::Index => 'i',
        Class::Front => 'f',
        Class::Seal => 's',
    });
    text.push_str(if entry.planned { "? " } else { " " });
    push_hex(text, &entry.sum.0);
    text.push(' ');
    match entry.key {
        Some(key) => push_hex(text, &key.0),
        None => text.push('-'),
    }
    // Writing to a string cannot fail.
    let _ = writeln!(text, " {} {} {path}", entry.stat.size, entry.stat.mtime_ns);
}

fn parse(text: &str) -> Option<List<'_>> {
    let body = text.strip_suffix('\n')?;
    let (body, end) = text.split_at(body.rfind('\n')? + 1);
    if unhex(end.strip_prefix("end ")?.trim_end())? != Sum::of(body.as_bytes()).0 {
        return None;
    }
    let mut lines = body.lines();
    let built_by = lines.next()?.strip_prefix(MAGIC)?;
    let entries = lines.map(parse_entry).collect::<Option<BTreeMap<_, _>>>()?;
    Some(List { built_by: built_by.into(), entries })
}

fn parse_entry(line: &str) -> Option<(&str, Entry)> {
    let mut words = line.splitn(6, ' ');
    let class = words.next()?;
    let planned = class.ends_with('?');
    let class = match class.trim_end_matches('?') {
        "a" => Class::Asset,
        "l" => Class::Leaf,
        "i" => Class::Index,
        "f" => Class::Front,
        "s" => Class::Seal,
        _ => return None,
    };
    let sum = Sum(unhex(words.next()?)?);
    let key = match words.next()? {
        "-" => None,
        key => Some(Key(unhex(key)?)),
    };
    let stat = Stat { size: words.next()?.parse().ok()?, mtime_ns: words.next()?.parse().ok()? };
    // A list may come out of somebody's repository: it must not name what lies outside the folder.
    let path = words.next().filter(|path| SitePath::new(*path).is_some())?;
    Some((path, Entry { class, sum, key, stat, planned }))
}

fn push_hex(text: &mut String, bytes: &[u8]) {
    for byte in bytes {
        for half in [byte >> 4, byte & 15] {
            text.push(char::from_digit(u32::from(half), 16).unwrap_or('0'));
        }
    }
}

fn unhex<const N: usize>(text: &str) -> Option<[u8; N]> {
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    let pairs = Some(text.as_bytes()).filter(|pairs| pairs.len() == 2 * N)?;
    let mut bytes = [0; N];
    for (byte, pair) in bytes.iter_mut().zip(pairs.chunks_exact(2)) {
        let [high, low] = pair else { return None };
        *byte = digit(*high)? << 4 | digit(*low)?;
    }
    Some(bytes)
}

/// How long a build waits for another one that writes the same folder.
const PATIENCE: Duration = Duration::from_secs(20);
const PAUSE: Duration = Duration::from_millis(50);

/// The list's file, open and locked. Whoever holds it may write the folder.
#[derive(Debug)]
pub(super) struct Lock {
    file: File,
    list: PathBuf,
    list_to_be: PathBuf,
    /// What the file holds.
    text: String,
}

impl Lock {
    /// Waits its turn, then reads the list; a list that is not even text reads as empty.
    pub fn take(place: &Place) -> Result<(Lock, String), WriteError> {
        let list = place.list();
        let doing = || format!("keep a list of the written files in `{}`", list.display());
        fs::create_dir_all(place.beside()).map_err(WriteError::io(doing))?;
        let mut waited = Duration::ZERO;
        loop {
            let file = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(&list);
            let mut file = file.map_err(WriteError::io(doing))?;
            match file.try_lock() {
                Err(TryLockError::WouldBlock) if waited >= PATIENCE => {
                    return Err(WriteError::Refused(format!(
                        "another build is writing the same folder (it holds `{}`); try again when it is done",
                        list.display()
                    )));
                }
                Err(TryLockError::WouldBlock) => {
                    std::thread::sleep(PAUSE);
                    waited += PAUSE;
                    continue;
                }
                // A file system without locks: better built unguarded than not at all.
                Err(TryLockError::Error(error)) if error.kind() == ErrorKind::Unsupported => {}
                Err(TryLockError::Error(error)) => return Err(WriteError::Io { doing: doing(), error }),
                Ok(()) => {}
            }
            // While we waited, the other build may have put a new list in this one's place.
            if !is_still_at(&file, &list) {
                continue;
            }
            // What a build left that was killed just then.
            let _ = fs::remove_file(place.list_to_be());
            let mut bytes = Vec::new();
            file.read_to_end(&mut bytes).map_err(WriteError::io(doing))?;
            let text = String::from_utf8(bytes).unwrap_or_default();
            return Ok((Lock { file, list, list_to_be: place.list_to_be(), text: text.clone() }, text));
        }
    }

    /// Puts another list in place, at once and whole, and keeps the lock.
    pub fn replace(&mut self, text: &str) -> Result<(), WriteError> {
        self.try_replace(text)
            .map_err(WriteError::io(|| format!("keep a list of the written files in `{}`", self.list.display())))
    }

    /// The same, but leaves a list alone that already says so.
    pub fn replace_if_changed(&mut self, text: &str) -> Result<(), WriteError> {
        if self.text == text { Ok(()) } else { self.replace(text) }
    }

    fn try_replace(&mut self, text: &str) -> std::io::Result<()> {
        // Removed rather than overwritten: it may be a link that somebody's repository brought.
        let _ = fs::remove_file(&self.list_to_be);
        let mut file = File::create_new(&self.list_to_be)?;
        // Locked before it gets its name, so that nobody can slip in between.
        let _ = file.try_lock();
        let done = file.write_all(text.as_bytes()).and_then(|()| fs::rename(&self.list_to_be, &self.list));
        if done.is_err() {
            let _ = fs::remove_file(&self.list_to_be);
        }
        done?;
        self.file = file;
        text.clone_into(&mut self.text);
        Ok(())
    }
}

impl Drop for Lock {
    /// A build that failed before it wrote anything leaves no empty list behind.
    fn drop(&mut self) {
        if self.text.is_empty() && self.file.metadata().is_ok_and(|meta| meta.len() == 0) {
            let _ = fs::remove_file(&self.list);
        }
    }
}

#[cfg(unix)]
fn is_still_at(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    match (file.metadata(), fs::metadata(path)) {
        (Ok(ours), Ok(theirs)) => (ours.dev(), ours.ino()) == (theirs.dev(), theirs.ino()),
        _ => false,
    }
}

/// Elsewhere an open file cannot be renamed away.
#[cfg(not(unix))]
fn is_still_at(_: &File, _: &Path) -> bool {
    true
}

#[cfg(test)]
mod tests {
    use super::*;
    use snapbox::{assert_data_eq, str};

    fn sample() -> List<'static> {
        let entry = |class, key, planned| Entry {
            class,
            sum: Sum::of(b"x"),
            key,
            stat: Stat { size: 1, mtime_ns: 1_648_545_480_123_456_789 },
            planned,
        };
        let entries = BTreeMap::from([
            ("index.html", entry(Class::Front, None, false)),
            ("incidents/two words/index.html", entry(Class::Leaf, Some(Key([0xab; 16])), true)),
        ]);
        List { built_by: "upfront 1".into(), entries }
    }

    #[test]
    fn a_list_is_text() {
        assert_data_eq!(
            sample().to_text(),
            str![[r#"
upfront-list 2 upfront 1
l? 2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881 abababababababababababababababab 1 1648545480123456789 incidents/two words/index.html
f 2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881 - 1 1648545480123456789 index.html
end [..]

"#]]
        );
    }

    #[test]
    fn what_is_written_is_read_again() {
        assert_eq!(List::read(&sample().to_text()), sample());
    }

    #[test]
    fn a_list_cut_off_or_changed_anywhere_counts_as_none() {
        let whole = sample().to_text();
        for at in 0..whole.len() {
            assert_eq!(List::read(&whole[..at]), List::default(), "cut off at {at}");
            let changed: String =
                whole.bytes().enumerate().map(|(n, byte)| char::from(if n == at { byte ^ 1 } else { byte })).collect();
            assert_eq!(List::read(&changed), List::default(), "changed at {at}");
        }
    }

    #[test]
    fn a_list_that_names_what_lies_outside_counts_as_none() {
        let mut list = sample();
        let entry = list.entries["index.html"];
        list.entries.insert("../../etc/passwd", entry);
        assert_eq!(List::read(&list.to_text()), List::default());
    }
}
