//! Carries out the [steps](super::steps): from here on the folder changes, by renames and removals alone.

use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use super::WriteError;
use super::list::List;
use super::place::Place;
use super::stage::{self, Staging};
use super::steps::{Step, folders_of};

/// Refuses to write through what somebody else put where a folder of the site would be, a link above all. Files in the
/// way are found when the outputs are staged.
pub(super) fn refuse_foreign(place: &Place, steps: &[Step<'_>]) -> Result<(), WriteError> {
    let mut seen = std::collections::BTreeSet::new();
    let mut foreign = Vec::new();
    let makes_way = |folder: &str| {
        steps.iter().take_while(|step| !matches!(step, Step::MakeFolder(_))).any(|step| *step == Step::Remove(folder))
    };
    for step in steps {
        let Step::Move { to, .. } = step else { continue };
        // Sorted paths share their folders: as soon as one is known, so are all around it.
        for folder in folders_of(to).take_while(|folder| seen.insert(*folder)) {
            if !is_folder_or_nothing(&place.out.join(folder)) && !makes_way(folder) {
                foreign.push(folder.to_owned());
            }
        }
    }
    if foreign.is_empty() { Ok(()) } else { Err(stage::refuse_foreign(&foreign)) }
}

/// Does it all. The number of files that were removed.
pub(super) fn all(
    place: &Place,
    staging: &mut Staging,
    steps: &[Step<'_>],
    old: &List<'_>,
) -> Result<usize, WriteError> {
    let mut made = Vec::new();
    let mut touched = false;
    let mut removed = 0;
    for step in steps {
        let done = match *step {
            Step::MakeFolder(folder) => make_folder(&place.out.join(folder), &mut made),
            Step::Move { number, to } => {
                move_into_place(place, staging, number, to, !touched).inspect(|()| touched = true)
            }
            Step::Remove(path) => remove_ours(place, path, old).map(|count| {
                removed += count;
                touched |= count > 0;
            }),
            Step::RemoveFolder(folder) => {
                // Not empty, then: what is left in it is somebody else's.
                let _ = fs::remove_dir(place.out.join(folder));
                Ok(())
            }
        };
        if let Err(error) = done {
            return Err(half_way(step, error, touched, &made));
        }
    }
    Ok(removed)
}

/// Takes back the folders where nothing else has been done yet, and says how things stand.
fn half_way(step: &Step<'_>, error: io::Error, touched: bool, made: &[PathBuf]) -> WriteError {
    let (verb, path) = match step {
        Step::Remove(path) | Step::RemoveFolder(path) => ("remove", path),
        Step::MakeFolder(path) => ("make the folder", path),
        Step::Move { to, .. } => ("put in place", to),
    };
    if touched {
        let doing =
            format!("{verb} `{path}` (part of the site is new already, every file is whole; build again to finish)");
        return WriteError::Io { doing, error };
    }
    for folder in made.iter().rev() {
        let _ = fs::remove_dir(folder);
    }
    WriteError::Io { doing: format!("{verb} `{path}` in the output folder"), error }
}

fn make_folder(folder: &Path, made: &mut Vec<PathBuf>) -> io::Result<()> {
    match fs::create_dir(folder) {
        Ok(()) => made.push(folder.to_owned()),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
        Err(error) => return Err(error),
    }
    Ok(())
}

fn move_into_place(place: &Place, staging: &mut Staging, number: usize, to: &str, is_first: bool) -> io::Result<()> {
    let target = place.out.join(to);
    match fs::rename(staging.file(number, to), &target) {
        // Two mounts of one file system have the same number, and yet nothing can be renamed between them.
        Err(error) if error.kind() == ErrorKind::CrossesDevices && is_first => {
            staging.move_within(place)?;
            fs::rename(staging.file(number, to), &target)
        }
        done => done,
    }
}

/// 1 if there was something to remove.
fn remove_ours(place: &Place, path: &str, old: &List<'_>) -> io::Result<usize> {
    let file = place.out.join(path);
    let is_plain_file = fs::symlink_metadata(&file).is_ok_and(|meta| meta.is_file());
    let is_within = folders_of(path).all(|folder| is_folder_or_nothing(&place.out.join(folder)));
    if !is_plain_file || !is_within || !stage::is_ours(old.entries.get(path), &file) {
        return Ok(0);
    }
    fs::remove_file(&file).map(|()| 1)
}

fn is_folder_or_nothing(path: &Path) -> bool {
    match fs::symlink_metadata(path) {
        Ok(meta) => meta.is_dir(),
        Err(_) => true,
    }
}
