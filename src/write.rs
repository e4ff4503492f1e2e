//! Outputs → a folder: the only writer of a site.
//!
//! What it promises: every file is whole at every moment, old or new; no link dangles in between; only files whose bytes
//! changed are written; a file that it did not write is never touched; an error leaves the old site as it was.
//!
//! How it keeps that, step by step:
//!
//! 1. `place` finds the folder and refuses one that a build could harm.
//! 2. `list` reads what the last build wrote, from a file beside the folder, and locks it against a second build.
//! 3. `stage` makes what may have changed, in parallel, and puts whatever did into a staging folder on the same file
//!    system. Up to here the site is untouched, and every error ends with the staging folder removed.
//! 4. `steps` says in which order the new files are renamed into place and the old ones removed; `apply` does it.
//!    The list names every file beforehand, so that a build that is killed leaves none behind that the next does not know.
//!
//! A folder that does not exist yet is staged as a whole and renamed once. One that exists keeps its identity even if it
//! is empty: a container may have mounted it, or a server may stand in it.
//!
//! Nothing is flushed to the disk (`fsync`): a killed program loses nothing that it has written, and after a power cut
//! the site is built again from its source; flushing each file would cost more than all the rest of a build.

mod apply;
mod content;
mod list;
pub mod memory;
mod place;
mod stage;
mod steps;

use std::collections::BTreeMap;
use std::path::Path;
use std::{fmt, io};

use crate::render::{Output, RenderError};

pub use content::bytes;
use list::{Entry, List, Lock};
use place::Place;
use stage::{Fate, Staging};

/// What a build did to the folder, in files.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Written {
    pub created: usize,
    pub changed: usize,
    pub removed: usize,
    pub unchanged: usize,
}

/// Why nothing was written. The folder is as it was before, except after an [`WriteError::Io`] among the last renames:
/// then every file is whole, no link dangles, and the next build finishes the work.
#[derive(Debug)]
pub enum WriteError {
    /// The output folder is, holds or lies in the source, is none, or holds files of somebody else where the site's
    /// would go. The text says why, and the cure.
    Refused(String),
    Render(RenderError),
    Io {
        /// What could not be done, to be read after "could not".
        doing: String,
        error: io::Error,
    },
}

impl WriteError {
    /// For `map_err`: `doing` is read after "could not".
    fn io(doing: impl FnOnce() -> String) -> impl FnOnce(io::Error) -> WriteError {
        move |error| WriteError::Io { doing: doing(), error }
    }
}

impl fmt::Display for WriteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            WriteError::Refused(why) => f.write_str(why),
            WriteError::Render(RenderError(diagnostic)) => f.write_str(&diagnostic.message),
            WriteError::Io { doing, error } => write!(f, "could not {doing}: {error}"),
        }
    }
}

impl std::error::Error for WriteError {}

/// Makes the folder `out` equal to `outputs`. `root` is the site's source, which `out` must not be, hold or lie in
/// (except as its own subfolder, such as `public`). `built_by` names the program that made the outputs: keys of
/// another one are not trusted. `progress` hears how many outputs are done, of how many, from any thread.
///
/// # Errors
///
/// See [`WriteError`].
pub fn write(
    root: &Path,
    out: &Path,
    outputs: &[Output<'_>],
    built_by: &str,
    progress: &(dyn Fn(usize, usize) + Sync),
) -> Result<Written, WriteError> {
    let mut place = Place::find(root, out)?;
    let (mut lock, text) = Lock::take(&place)?;
    // The build that we waited for may have made it.
    place.exists = place.out.is_dir();
    // A list without its folder speaks of files that are gone: whatever comes to stand there next is not ours.
    let old = if place.exists { List::read(&text) } else { List::default() };
    let mut staging = Staging::begin(&place)?;

    let mut outputs: Vec<&Output<'_>> = outputs.iter().collect();
    outputs.sort_by(|a, b| a.path.cmp(&b.path));
    refuse_twins(&outputs)?;
    let fates = stage::all(&place, &staging, &outputs, &old, built_by, progress)?;
    let new = List { built_by: built_by.into(), entries: entries(&outputs, &fates) };

    let mut written = count(&fates);
    if place.exists {
        let steps = steps::steps(&outputs, &fates, &old);
        apply::refuse_foreign(&place, &steps)?;
        if written.created > 0 {
            lock.replace(&old.with(&new, &fates).to_text())?;
        }
        written.removed = apply::all(&place, &mut staging, &steps, &old)?;
    } else {
        lock.replace(&List::default().with(&new, &fates).to_text())?;
        staging.become_the_site(&place)?;
    }
    lock.replace_if_changed(&new.to_text())?;
    Ok(written)
}

/// Two outputs of one path would make the site depend on chance.
fn refuse_twins(outputs: &[&Output<'_>]) -> Result<(), WriteError> {
    match outputs.windows(2).find(|pair| matches!(pair, [a, b] if a.path == b.path)) {
        Some([twin, ..]) => Err(WriteError::Refused(format!("two files of the site would be `{}`", twin.path))),
        _ => Ok(()),
    }
}

fn entries<'a>(outputs: &'a [&Output<'_>], fates: &[Fate]) -> BTreeMap<&'a str, Entry> {
    outputs.iter().zip(fates).map(|(output, fate)| (output.path.as_str(), fate.entry())).collect()
}

fn count(fates: &[Fate]) -> Written {
    let mut written = Written::default();
    for fate in fates {
        match fate {
            Fate::Unchanged(_) => written.unchanged += 1,
            Fate::Created(_) => written.created += 1,
            Fate::Changed(_) => written.changed += 1,
        }
    }
    written
}
