//! The writer's files on the disk: whole at every moment, never written over, never outside of the site.
//!
//! A file is written beside its place and then renamed into it, so that a full disk or a power cut leaves the old one.

use std::fs::{self, File, Permissions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

/// Reads a file of the site. `path` is relative to `root`, with `/` between its parts.
///
/// # Errors
///
/// As the system says; also where the path leads out of the site.
pub fn read(root: &Path, path: &str) -> io::Result<Vec<u8>> {
    fs::read(inside(root, path)?)
}

/// Waits until no other `upfront` changes a file of the site, and keeps others waiting as long as the answer lives. Two
/// people who write at once then both have their words in the file. `None` where the system cannot lock a folder: it is
/// then as it would be with any editor.
pub fn alone(root: &Path) -> Option<File> {
    let folder = File::open(root).ok()?;
    folder.lock().ok()?;
    Some(folder)
}

/// Puts new bytes in the place of a file, which keeps its permissions. Where a link stands, the file it leads to
/// changes, if that is in the site.
///
/// # Errors
///
/// As the system says, and where the path leads out of the site; the old file is there then.
pub fn replace(root: &Path, path: &str, bytes: &[u8]) -> io::Result<()> {
    let target = inside(root, path)?;
    let permissions = fs::metadata(&target)?.permissions();
    if permissions.readonly() {
        return Err(io::Error::new(io::ErrorKind::PermissionDenied, "the file is read-only"));
    }
    let file = staged(&target, bytes, Some(permissions))?;
    file.persist(&target).map(drop).map_err(|error| error.error)
}

/// Writes a new file and returns whether it did: `false` where there is already something of that name. Folders on the
/// way are made.
///
/// # Errors
///
/// As the system says, and where the path leads out of the site.
pub fn create(root: &Path, path: &str, bytes: &[u8]) -> io::Result<bool> {
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    fs::create_dir_all(root.join(folder))?;
    let target = inside(root, folder)?.join(name);
    // A link that leads nowhere is something as well.
    if fs::symlink_metadata(&target).is_ok() {
        return Ok(false);
    }
    match staged(&target, bytes, None)?.persist_noclobber(&target) {
        Ok(_) => Ok(true),
        Err(error) if error.error.kind() == io::ErrorKind::AlreadyExists => Ok(false),
        Err(error) => Err(error.error),
    }
}

fn staged(target: &Path, bytes: &[u8], permissions: Option<Permissions>) -> io::Result<NamedTempFile> {
    let folder = target.parent().unwrap_or(Path::new("."));
    let mut builder = tempfile::Builder::new();
    // A leading dot: nobody publishes it, should the machine stop right here.
    builder.prefix(".upfront-").suffix(".tmp");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        // What any program would give a new file; the user's umask takes from it.
        builder.permissions(Permissions::from_mode(0o666));
    }
    let mut file = builder.tempfile_in(folder)?;
    file.write_all(bytes)?;
    if let Some(permissions) = permissions {
        file.as_file().set_permissions(permissions)?;
    }
    file.as_file().sync_all()?;
    Ok(file)
}

/// Where a path really leads, which must be in the site.
fn inside(root: &Path, path: &str) -> io::Result<PathBuf> {
    let root = root.canonicalize()?;
    let target = root.join(path).canonicalize()?;
    if target.starts_with(&root) {
        return Ok(target);
    }
    Err(io::Error::new(io::ErrorKind::PermissionDenied, format!("it leads out of the site, to {}", target.display())))
}
