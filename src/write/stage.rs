//! Makes what may have changed, in parallel, and stages what did.
//!
//! A file need not even be made if its [`Key`](crate::render::Key) is that of the last build and nobody touched it since.
//! Bytes are dropped as soon as they are staged, so memory holds a page for each thread and no more. Each output is
//! settled by itself: how many threads there are can't change the result.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use rayon::prelude::*;

use crate::render::{Content, Output, Sums};

use super::WriteError;
use super::list::{Entry, List, Stat, Sum};
use super::place::Place;

/// What becomes of an output.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    /// The folder holds these bytes already.
    Unchanged(Entry),
    /// Staged; nothing stands at its path.
    Created(Entry),
    /// Staged; takes the place of a file of ours.
    Changed(Entry),
}

impl Fate {
    pub fn entry(&self) -> Entry {
        match self {
            Fate::Unchanged(entry) | Fate::Created(entry) | Fate::Changed(entry) => *entry,
        }
    }
}

/// A folder on the output's file system that holds new files until all of them are there. Removed when dropped.
#[derive(Debug)]
pub(super) struct Staging {
    folder: PathBuf,
    /// Whether it is the whole site, to be renamed at once, and not single files, named by their number.
    is_tree: bool,
}

impl Staging {
    /// Begins with an empty one, and removes what a killed build left behind.
    pub fn begin(place: &Place) -> Result<Staging, WriteError> {
        clear(&place.staging_beside())?;
        if place.exists {
            clear(&place.staging_within())?;
        }
        let beside = !place.exists || on_one_file_system(place.beside(), &place.out);
        let folder = if beside { place.staging_beside() } else { place.staging_within() };
        fs::create_dir(&folder).map_err(WriteError::io(|| format!("make the folder `{}`", folder.display())))?;
        Ok(Staging { folder, is_tree: !place.exists })
    }

    /// Where the output of that number and path is staged.
    pub fn file(&self, number: usize, path: &str) -> PathBuf {
        if self.is_tree { self.folder.join(path) } else { self.folder.join(number.to_string()) }
    }

    /// Copies what is staged into the output folder itself, under the staging folder's name there.
    pub fn move_within(&mut self, place: &Place) -> std::io::Result<()> {
        let within = Staging { folder: place.staging_within(), is_tree: false };
        fs::create_dir(&within.folder)?;
        for file in fs::read_dir(&self.folder)? {
            let file = file?;
            fs::copy(file.path(), within.folder.join(file.file_name()))?;
        }
        // The old one is dropped, and so removed.
        *self = within;
        Ok(())
    }

    /// Renames the whole into place.
    pub fn become_the_site(self, place: &Place) -> Result<(), WriteError> {
        fs::rename(&self.folder, &place.out)
            .map_err(WriteError::io(|| format!("put the site in place as `{}`", place.out.display())))
    }
}

impl Drop for Staging {
    fn drop(&mut self) {
        // The next build tries again and tells if it can't be done.
        let _ = clear(&self.folder);
    }
}

/// Settles every output. `outputs` are sorted by path; so is the result.
pub(super) fn all(
    place: &Place,
    staging: &Staging,
    outputs: &[&Output<'_>],
    old: &List<'_>,
    built_by: &str,
    progress: &(dyn Fn(usize, usize) + Sync),
) -> Result<Vec<Fate>, WriteError> {
    let adopts = old.entries.is_empty() && place.exists && was_built_by_us(&place.out);
    let bench = Bench { place, staging, old, keys_hold: old.built_by == built_by, adopts };
    let done = AtomicUsize::new(0);
    let settle = |(number, output): (usize, &&Output<'_>)| {
        let before = number.checked_sub(1).and_then(|before| outputs.get(before));
        let is_first_in_folder = before.is_none_or(|before| parent(before) != parent(output));
        let fate = bench.settle(number, output, is_first_in_folder);
        progress(done.fetch_add(1, Ordering::Relaxed) + 1, outputs.len());
        fate
    };
    let numbered: Vec<(usize, &&Output<'_>)> = outputs.iter().enumerate().collect();
    let (sealed, made): (Vec<_>, Vec<_>) =
        numbered.into_iter().partition(|(_, output)| matches!(output.content, Content::Sealed(_)));
    let fates: Vec<Result<Fate, Trouble>> = made.par_iter().copied().map(settle).collect();
    let mut fates: BTreeMap<usize, Fate> = made.iter().map(|(number, _)| *number).zip(first_error_or(fates)?).collect();
    let list = if sealed.is_empty() { String::new() } else { sums(outputs, &fates) };
    let bytes = |path: &str| {
        let at = outputs.binary_search_by(|output| output.path.as_str().cmp(path)).ok()?;
        outputs.get(at).and_then(|output| super::bytes(output).ok())
    };
    let before = |path: &str| place.exists.then(|| fs::read(place.out.join(path)).ok()).flatten();
    let seal = Sums { list: &list, bytes: &bytes, before: &before };
    for (number, output) in sealed {
        let Content::Sealed(make) = &output.content else { continue };
        let bytes = make(&seal).map_err(WriteError::Render)?;
        let fate = bench.settle_bytes(number, output, true, &bytes);
        fates.insert(number, first_error_or(vec![fate])?.into_iter().next().ok_or_else(nothing)?);
    }
    Ok(fates.into_values().collect())
}

/// Cannot be: one fate was put in.
fn nothing() -> WriteError {
    WriteError::Refused("an output was lost".to_owned())
}

/// As `sha256sum` writes it (GNU coreutils), so that `sha256sum -c` reads it.
fn sums(outputs: &[&Output<'_>], fates: &BTreeMap<usize, Fate>) -> String {
    let mut text = String::with_capacity(fates.len() * 128);
    for (number, fate) in fates {
        if let Some(output) = outputs.get(*number) {
            text.push_str(&fate.entry().sum.hex());
            text.push_str("  ");
            text.push_str(output.path.as_str());
            text.push('\n');
        }
    }
    text
}

/// Why an output could not be staged.
enum Trouble {
    /// Something stands at its path that we did not write.
    Foreign(String),
    Error(WriteError),
}

impl From<WriteError> for Trouble {
    fn from(error: WriteError) -> Trouble {
        Trouble::Error(error)
    }
}

/// The first error by path, whichever thread met it first; files of somebody else are told all at once.
fn first_error_or(fates: Vec<Result<Fate, Trouble>>) -> Result<Vec<Fate>, WriteError> {
    let mut settled = Vec::with_capacity(fates.len());
    let mut foreign = Vec::new();
    for fate in fates {
        match fate {
            Ok(fate) => settled.push(fate),
            Err(Trouble::Foreign(path)) => foreign.push(path),
            Err(Trouble::Error(error)) => return Err(error),
        }
    }
    if foreign.is_empty() { Ok(settled) } else { Err(refuse_foreign(&foreign)) }
}

/// Says which files of somebody else stand where the site's would go, and what to do.
pub(super) fn refuse_foreign(paths: &[String]) -> WriteError {
    const SHOWN: usize = 5;
    let mut list = paths.iter().take(SHOWN).map(|path| format!("`{path}`")).collect::<Vec<_>>().join(", ");
    if let Some(more @ 1..) = paths.len().checked_sub(SHOWN) {
        list.push_str(&format!(" and {more} more"));
    }
    WriteError::Refused(format!(
        "the output folder holds files that upfront did not write, where files of the site would go: {list}; \
         move them away, or build into an empty folder"
    ))
}

/// What stands at an output's path.
enum Found {
    Nothing,
    File(Stat),
    Folder,
    /// A link or something stranger: not ours, whatever the list says.
    Other,
}

/// All that is needed to settle one output.
struct Bench<'a> {
    place: &'a Place,
    staging: &'a Staging,
    old: &'a List<'a>,
    /// Whether the program that made the old files is the one that makes the new ones.
    keys_hold: bool,
    /// Whether the list was lost and the folder is ours all the same: what stands at an output's path is then replaced,
    /// and what is nobody's output stays for ever, since nothing says that it was ours.
    adopts: bool,
}

/// Whether a build made this folder, told by the one file whose words are always the same. A cache that brings back the
/// folder without the list, or a list damaged by a power cut, must not stop the news.
fn was_built_by_us(out: &Path) -> bool {
    const MARK: &str = "Status of a site made with upfront";
    fs::read_to_string(out.join("status.schema.json")).is_ok_and(|text| text.contains(MARK))
}

impl Bench<'_> {
    fn settle(&self, number: usize, output: &Output<'_>, is_first_in_folder: bool) -> Result<Fate, Trouble> {
        let path = output.path.as_str();
        let target = self.place.out.join(path);
        let known = self.old.entries.get(path);
        let found = if self.place.exists { look(&target)? } else { Found::Nothing };

        if let (Some(known), Found::File(stat)) = (known, &found)
            && self.keys_hold
            && output.key.is_some()
            && output.key == known.key
            && is_as_written(known, *stat, &target)
        {
            return Ok(Fate::Unchanged(Entry { class: output.class, stat: *stat, planned: false, ..*known }));
        }

        let bytes = super::bytes(output).map_err(WriteError::Render)?;
        self.settle_bytes(number, output, is_first_in_folder, &bytes)
    }

    /// Settles an output whose bytes are known.
    fn settle_bytes(
        &self,
        number: usize,
        output: &Output<'_>,
        is_first_in_folder: bool,
        bytes: &[u8],
    ) -> Result<Fate, Trouble> {
        let path = output.path.as_str();
        let target = self.place.out.join(path);
        let known = self.old.entries.get(path);
        let found = if self.place.exists { look(&target)? } else { Found::Nothing };
        let (class, key, sum) = (output.class, output.key, Sum::of(bytes));
        let entry = |stat| Entry { class, sum, key, stat, planned: false };
        match found {
            Found::Folder if !self.holds_only_ours(path) => Err(Trouble::Foreign(path.to_owned())),
            Found::Nothing | Found::Folder => {
                let stat = self.stage(number, output, bytes, is_first_in_folder)?;
                Ok(Fate::Created(entry(stat)))
            }
            Found::File(stat) if holds(known, sum, stat, bytes, &target) => Ok(Fate::Unchanged(entry(stat))),
            Found::File(_) if is_ours(known, &target) => {
                let stat = self.stage(number, output, bytes, is_first_in_folder)?;
                Ok(Fate::Changed(entry(stat)))
            }
            Found::File(_) if self.adopts && known.is_none() => {
                let stat = self.stage(number, output, bytes, is_first_in_folder)?;
                Ok(Fate::Created(entry(stat)))
            }
            Found::File(_) | Found::Other => Err(Trouble::Foreign(path.to_owned())),
        }
    }

    /// Whether a folder that would become a file holds nothing but what the last build wrote, and so can go.
    fn holds_only_ours(&self, folder: &str) -> bool {
        let inside = format!("{folder}/");
        let is_known =
            self.old.entries.range(inside.as_str()..).next().is_some_and(|(path, _)| path.starts_with(&inside));
        let Ok(found) = fs::read_dir(self.place.out.join(folder)) else { return false };
        is_known
            && found.into_iter().all(|found| {
                let Ok(found) = found else { return false };
                let Ok(name) = found.file_name().into_string() else { return false };
                let path = format!("{inside}{name}");
                let is_folder = found.file_type().is_ok_and(|kind| kind.is_dir());
                if is_folder { self.holds_only_ours(&path) } else { self.old.entries.contains_key(path.as_str()) }
            })
    }

    /// Writes the bytes into the staging folder.
    fn stage(
        &self,
        number: usize,
        output: &Output<'_>,
        bytes: &[u8],
        is_first_in_folder: bool,
    ) -> Result<Stat, WriteError> {
        let file = self.staging.file(number, output.path.as_str());
        if self.staging.is_tree
            && is_first_in_folder
            && let Some(folder) = file.parent()
        {
            // What is wrong with the folder shows when the file is created.
            let _ = fs::create_dir(folder).or_else(|_| fs::create_dir_all(folder));
        }
        put(&file, bytes).map_err(WriteError::io(|| format!("write `{}` beside the output folder", output.path)))
    }
}

fn put(file: &Path, bytes: &[u8]) -> std::io::Result<Stat> {
    let mut created = match File::create_new(file) {
        // The thread that makes the folder is not there yet.
        Err(error)
            if error.kind() == ErrorKind::NotFound
                && let Some(folder) = file.parent() =>
        {
            fs::create_dir_all(folder)?;
            File::create_new(file)?
        }
        created => created?,
    };
    created.write_all(bytes)?;
    Ok(Stat::of(&created.metadata()?))
}

fn look(path: &Path) -> Result<Found, WriteError> {
    match fs::symlink_metadata(path) {
        Ok(meta) if meta.is_file() => Ok(Found::File(Stat::of(&meta))),
        Ok(meta) if meta.is_dir() => Ok(Found::Folder),
        Ok(_) => Ok(Found::Other),
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => Ok(Found::Nothing),
        Err(error) => Err(WriteError::Io { doing: format!("look at `{}`", path.display()), error }),
    }
}

/// Whether the file still holds what the list says. A copy (out of a cache, say) has another time: its bytes are read.
fn is_as_written(known: &Entry, stat: Stat, file: &Path) -> bool {
    stat == known.stat || (stat.size == known.stat.size && has_sum(file, known.sum))
}

/// Whether the file holds `bytes`, whoever wrote it.
fn holds(known: Option<&Entry>, sum: Sum, stat: Stat, bytes: &[u8], file: &Path) -> bool {
    if let Some(known) = known
        && known.stat == stat
    {
        return known.sum == sum;
    }
    stat.size == bytes.len() as u64 && fs::read(file).is_ok_and(|found| found == bytes)
}

/// Whether we wrote the file at this path. One that somebody changed since stays ours.
pub(super) fn is_ours(known: Option<&Entry>, file: &Path) -> bool {
    known.is_some_and(|known| !known.planned || has_sum(file, known.sum))
}

fn has_sum(file: &Path, sum: Sum) -> bool {
    fs::read(file).is_ok_and(|bytes| Sum::of(&bytes) == sum)
}

fn parent<'a>(output: &'a Output<'_>) -> &'a str {
    output.path.as_str().rsplit_once('/').map_or("", |(folder, _)| folder)
}

fn clear(folder: &Path) -> Result<(), WriteError> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != ErrorKind::NotFound => {
            Err(WriteError::Io { doing: format!("remove what an earlier build left in `{}`", folder.display()), error })
        }
        _ => Ok(()),
    }
}

#[cfg(unix)]
fn on_one_file_system(a: &Path, b: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    match (fs::metadata(a), fs::metadata(b)) {
        (Ok(a), Ok(b)) => a.dev() == b.dev(),
        _ => true,
    }
}

#[cfg(not(unix))]
fn on_one_file_system(_: &Path, _: &Path) -> bool {
    true
}
