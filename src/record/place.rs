//! Files of `history/` on the disk. No link leads out of the site, and what is replaced is whole at every moment.

use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Write as _};
use std::path::{Path, PathBuf};

use super::RecordError;

/// The raw log holds private texts, and a line a minute: it is no part of a repository.
const IGNORED: &str = "history/log/.gitignore";

const LOCK: &str = "history/log/.lock";

/// Makes what `history/` needs, and waits for the lock.
pub(super) fn prepare(root: &Path) -> Result<Option<File>, RecordError> {
    folder(root, "history/log").map_err(RecordError::writing("history/log"))?;
    if !root.join(IGNORED).exists() {
        replace(root, IGNORED, b"*\n").map_err(RecordError::writing(IGNORED))?;
    }
    let path = regular(root, LOCK).map_err(RecordError::writing(LOCK))?;
    let file = OpenOptions::new().create(true).truncate(false).write(true).open(path);
    let file = file.map_err(RecordError::writing(LOCK))?;
    Ok(file.lock().ok().map(|()| file))
}

/// Makes a folder, part by part, so that nothing is made where a link leads out of the site.
pub(super) fn folder(root: &Path, path: &str) -> io::Result<PathBuf> {
    let inside = root.canonicalize()?;
    let mut folder = inside.clone();
    for part in path.split('/') {
        folder.push(part);
        match fs::create_dir(&folder) {
            Ok(()) => {}
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error),
        }
        folder = folder.canonicalize()?;
        if !folder.starts_with(&inside) {
            let why = format!("`{part}` leads out of the site, to {}", folder.display());
            return Err(io::Error::new(ErrorKind::PermissionDenied, why));
        }
        if !folder.is_dir() {
            return Err(io::Error::new(ErrorKind::NotADirectory, format!("`{part}` is not a folder")));
        }
    }
    Ok(folder)
}

/// The path of a file whose folder is made, and that is no link.
fn regular(root: &Path, path: &str) -> io::Result<PathBuf> {
    let (parent, name) = path.rsplit_once('/').unwrap_or(("", path));
    let path = folder(root, parent)?.join(name);
    match fs::symlink_metadata(&path) {
        Ok(meta) if !meta.is_file() => Err(io::Error::new(ErrorKind::PermissionDenied, "it is not a regular file")),
        Err(error) if error.kind() != ErrorKind::NotFound => Err(error),
        _ => Ok(path),
    }
}

/// What a file holds; nothing where there is none.
pub(super) fn read(root: &Path, path: &str) -> io::Result<Vec<u8>> {
    match fs::symlink_metadata(root.join(path)) {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(Vec::new()),
        _ => fs::read(regular(root, path)?),
    }
}

/// Appends whole lines to a file that holds `known`, and waits until the disk has them. Where a writer was killed in its
/// last line that is taken out first; a last line that only lacks its end gets it.
pub(super) fn append(root: &Path, path: &str, known: &[u8], lines: &[u8]) -> io::Result<()> {
    let mut file = OpenOptions::new().create(true).append(true).open(regular(root, path)?)?;
    let whole = memchr::memrchr(b'\n', known).map_or(0, |end| end + 1);
    let last = known.get(whole..).unwrap_or_default();
    if last.is_empty() {
        file.write_all(lines)?;
    } else if serde_json::from_slice::<serde::de::IgnoredAny>(last).is_ok() {
        file.write_all(&[b"\n", lines].concat())?;
    } else {
        file.set_len(whole as u64)?;
        file.write_all(lines)?;
    }
    file.sync_data()
}

/// Puts a file in the place of the old one, at once.
pub(super) fn replace(root: &Path, path: &str, bytes: &[u8]) -> io::Result<()> {
    let target = regular(root, path)?;
    let parent = target.parent().unwrap_or(root);
    let mut builder = tempfile::Builder::new();
    // A leading dot: what a machine that stopped right here leaves is no day.
    builder.prefix(".upfront-").suffix(".tmp");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        // What any program would give a new file; the user's umask takes from it.
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    let mut file = builder.tempfile_in(parent)?;
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    file.persist(&target).map(drop).map_err(|error| error.error)
}

/// Takes a file away, if it is there.
pub(super) fn remove(root: &Path, path: &str) -> io::Result<()> {
    match fs::remove_file(root.join(path)) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}
