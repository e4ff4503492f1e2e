//! A folder of this machine: a web server's, or one that something else carries further.

use std::fs;
use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};

use walkdir::WalkDir;

use super::built::Built;
use super::store::{self, Store};
use crate::model::Slug;
use crate::net::Trouble;

pub(super) struct Folder {
    folder: PathBuf,
    /// How our unfinished files begin: others may share the folder.
    unfinished: String,
}

impl Folder {
    /// Makes it if need be. One that is, holds or lies in what was written or built is refused.
    pub fn new(root: &Path, id: &Slug, path: &str, built: &Built) -> Result<Folder, Trouble> {
        let folder = root.join(path);
        let made = !folder.exists();
        fs::create_dir_all(&folder).map_err(|error| Trouble::new(format!("`{path}` cannot be made: {error}")))?;
        let found =
            folder.canonicalize().map_err(|error| Trouble::new(format!("`{path}` cannot be found: {error}")))?;
        if let Err(trouble) = store::refuse(&found, root, built, path) {
            if made {
                let _ = fs::remove_dir(&folder);
            }
            return Err(trouble);
        }
        let of = format!("{} {id}", root.canonicalize().unwrap_or_else(|_| root.to_owned()).display());
        let digits: String = blake3::hash(of.as_bytes()).to_hex().chars().take(8).collect();
        Ok(Folder { folder: found, unfinished: format!(".upfront-{digits}-") })
    }

    /// Takes away what we left the last time, when we were killed: one process at a time sends to a place.
    pub fn sweep(&self) {
        for entry in WalkDir::new(&self.folder).into_iter().filter_map(Result::ok) {
            let name = entry.file_name().to_string_lossy();
            if entry.file_type().is_file() && name.starts_with(&self.unfinished) && name.ends_with(UNFINISHED) {
                let _ = fs::remove_file(entry.path());
            }
        }
    }
}

/// How our unfinished files end.
const UNFINISHED: &str = ".tmp";

impl Store for Folder {
    fn read(&self, path: &str) -> Result<Option<Vec<u8>>, Trouble> {
        match fs::read(self.folder.join(path)) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(Trouble::new(format!("`{path}` cannot be read there: {error}"))),
        }
    }

    fn put(&self, built: &Built, paths: &[String]) -> Result<(), Trouble> {
        for path in paths {
            self.put_bytes(path, &built.bytes(path)?)?;
        }
        Ok(())
    }

    fn put_bytes(&self, path: &str, bytes: &[u8]) -> Result<(), Trouble> {
        let failed = |error: std::io::Error| Trouble::new(format!("`{path}` cannot be written there: {error}"));
        let target = self.folder.join(path);
        let parent = target.parent().unwrap_or(&self.folder);
        fs::create_dir_all(parent).map_err(failed)?;
        // A link out of the folder is somebody else's.
        if !parent.canonicalize().map_err(failed)?.starts_with(&self.folder) {
            return Err(Trouble::new(format!("`{path}` would lie outside of the folder: a link leads there")));
        }
        let mut builder = tempfile::Builder::new();
        builder.prefix(&self.unfinished).suffix(UNFINISHED);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            // A web server of another user must be able to read it; the umask takes from this.
            builder.permissions(fs::Permissions::from_mode(0o666));
        }
        let mut file = builder.tempfile_in(parent).map_err(failed)?;
        file.write_all(bytes).map_err(failed)?;
        file.persist(&target).map(drop).map_err(|error| failed(error.error))
    }

    fn remove(&self, _built: &Built, paths: &[String]) -> Result<(), Trouble> {
        for path in paths {
            match fs::remove_file(self.folder.join(path)) {
                Err(error) if !matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => {
                    return Err(Trouble::new(format!("`{path}` cannot be removed there: {error}")));
                }
                _ => {}
            }
            // The folders that it may have been the last in.
            let mut folder = Path::new(path).parent();
            while let Some(inside) = folder.filter(|inside| !inside.as_os_str().is_empty()) {
                if fs::remove_dir(self.folder.join(inside)).is_err() {
                    break;
                }
                folder = inside.parent();
            }
        }
        Ok(())
    }
}
