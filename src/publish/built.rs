//! The folder that a build made, as it is to be sent.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};
use walkdir::WalkDir;

use crate::net::Trouble;
use crate::render::SitePath;
use crate::seal::{ENDING, SUMS};

/// The most files of a site.
const FILES_MAX: usize = 2_000_000;

/// A built site.
#[derive(Clone, Debug)]
pub struct Built {
    /// Absolute.
    pub folder: PathBuf,
    /// Every file in it by path, with its SHA-256 in hexadecimal digits: the site's own, and what others put beside
    /// (`CNAME`, `.well-known`).
    pub files: BTreeMap<String, String>,
}

impl Built {
    /// Reads what the folder holds.
    ///
    /// # Errors
    ///
    /// Where it holds no whole build of ours.
    pub fn read(folder: &Path) -> Result<Built, Trouble> {
        let shown = folder.display();
        let missing = || Trouble::new(format!("there is no built site in `{shown}`: build it first (`upfront build`)"));
        let folder = folder.canonicalize().map_err(|_| missing())?;
        let list = std::fs::read_to_string(folder.join(SUMS)).map_err(|_| missing())?;
        let listed =
            parse(&list).ok_or_else(|| Trouble::new(format!("`{shown}/{SUMS}` is damaged: build it again")))?;
        let mut files = BTreeMap::new();
        for entry in WalkDir::new(&folder).follow_links(false).sort_by_file_name() {
            let entry = entry.map_err(|error| Trouble::new(format!("`{shown}` cannot be read: {error}")))?;
            if !entry.file_type().is_file() {
                continue;
            }
            let inside = entry.path().strip_prefix(&folder).unwrap_or(entry.path());
            // What a place could not remember could never be taken away there.
            let Some(path) = inside.to_str().filter(|path| SitePath::new(*path).is_some()).map(str::to_owned) else {
                let name = crate::diag::report::shown(&inside.to_string_lossy());
                let why = "has a name that no address can hold; rename it, or take it out";
                return Err(Trouble::new(format!("`{shown}/{name}` {why}")));
            };
            if files.len() >= FILES_MAX {
                return Err(Trouble::new(format!("`{shown}` holds more than {FILES_MAX} files")));
            }
            let sum = match listed.get(&path) {
                Some(sum) => sum.clone(),
                None => sum(&read(&folder, &path)?),
            };
            files.insert(path, sum);
        }
        if let Some(gone) = listed.keys().find(|path| !files.contains_key(*path)) {
            return Err(Trouble::new(format!("`{shown}/{gone}` is missing: build it again")));
        }
        Ok(Built { folder, files })
    }

    /// The bytes of a file.
    ///
    /// # Errors
    ///
    /// Where it cannot be read, or is not what the build made: then a build is under way, or somebody changed it.
    pub fn bytes(&self, path: &str) -> Result<Vec<u8>, Trouble> {
        let bytes = read(&self.folder, path)?;
        match self.files.get(path) {
            Some(known) if *known == sum(&bytes) => Ok(bytes),
            _ => Err(Trouble::new(format!(
                "`{path}` is not as it was built: another build is under way, or it was changed"
            ))),
        }
    }
}

fn read(folder: &Path, path: &str) -> Result<Vec<u8>, Trouble> {
    std::fs::read(folder.join(path)).map_err(|error| Trouble::new(format!("`{path}` cannot be read: {error}")))
}

/// SHA-256 in hexadecimal digits.
pub fn sum(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The lines of a list of files, as `sha256sum` writes them. `None` where one of them is none.
pub fn parse(list: &str) -> Option<BTreeMap<String, String>> {
    list.lines()
        .map(|line| {
            let (sum, path) = line.split_once("  ")?;
            let is_sum = sum.len() == 64 && sum.bytes().all(|b| b.is_ascii_hexdigit());
            let is_inside = SitePath::new(path).is_some();
            (is_sum && is_inside).then(|| (path.to_owned(), sum.to_owned()))
        })
        .collect()
}

/// What a place remembers of itself. A line that cannot be read is no reason to forget the others.
pub fn remembered(list: &str) -> BTreeMap<String, String> {
    list.lines().filter_map(parse).flatten().collect()
}

/// Whether a file says what the others are, so that it comes after them.
pub fn is_seal(path: &str) -> bool {
    path == SUMS || path.ends_with(ENDING)
}
