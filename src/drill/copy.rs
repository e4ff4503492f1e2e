//! The folder that a drill plays in.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// A copy of a site's config and theme. Gone with this value, unless it was made to be kept.
#[derive(Debug)]
pub struct Copy {
    root: PathBuf,
    /// Takes the folder away.
    _folder: Option<tempfile::TempDir>,
}

impl Copy {
    /// Makes it: in `keep`, which must not be there or be empty, or else in a folder that goes away again.
    ///
    /// # Errors
    ///
    /// As the system says.
    pub fn make(site: &Path, keep: Option<&Path>) -> io::Result<Copy> {
        let (root, folder) = match keep {
            Some(keep) => {
                fs::create_dir_all(keep)?;
                if fs::read_dir(keep)?.next().is_some() {
                    return Err(io::Error::new(io::ErrorKind::AlreadyExists, "there is something in it already"));
                }
                (keep.to_owned(), None)
            }
            None => {
                let folder = tempfile::Builder::new().prefix("upfront-drill-").tempdir()?;
                (folder.path().to_owned(), Some(folder))
            }
        };
        for file in ["upfront.toml", "upfront.private.toml"] {
            match fs::copy(site.join(file), root.join(file)) {
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                copied => drop(copied?),
            }
        }
        fs::create_dir_all(root.join("incidents"))?;
        copy_folder(&site.join("theme"), &root.join("theme"))?;
        Ok(Copy { root, _folder: folder })
    }

    pub fn root(&self) -> &Path {
        &self.root
    }
}

/// Plain files and folders; links may lead anywhere.
fn copy_folder(from: &Path, to: &Path) -> io::Result<()> {
    let entries = match fs::read_dir(from) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        entries => entries?,
    };
    fs::create_dir_all(to)?;
    for entry in entries {
        let entry = entry?;
        let (kind, to) = (entry.file_type()?, to.join(entry.file_name()));
        if kind.is_dir() {
            copy_folder(&entry.path(), &to)?;
        } else if kind.is_file() {
            fs::copy(entry.path(), to)?;
        }
    }
    Ok(())
}
