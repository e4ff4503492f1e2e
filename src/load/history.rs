//! What `history/` holds, read: the raw log, the sealed days, the ledger. [`crate::record`] alone writes it.
//!
//! Nothing here stops anything. A line that cannot be used is told with its number and skipped, and what another system
//! or a merge left between them is passed over. Links that lead out of the site are not followed.

pub(crate) mod days;
pub(crate) mod deliveries;
pub(crate) mod entry;
pub(crate) mod find;
pub(crate) mod imported;
pub(crate) mod ledger;
pub(crate) mod log;
pub(crate) mod receipts;
pub(crate) mod row;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::files::{self, Unread};
use crate::diag::{Code, Diagnostic, LineColumn, Source};

/// Of more mistakes in one file than this only the number is told.
const TOLD_MAX: usize = 20;

/// The names in a folder of the site, sorted; none where there is no such folder, or where it leads out of the site.
pub(crate) fn names(root: &Path, folder: &str) -> Vec<String> {
    let path = root.join(folder);
    if files::inside(root, &path).is_none() {
        return Vec::new();
    }
    let entries = fs::read_dir(path).into_iter().flatten().flatten();
    let mut names: Vec<String> = entries.filter_map(|entry| entry.file_name().into_string().ok()).collect();
    names.sort_unstable();
    names
}

/// The bytes of a file whose folder [`names`] has listed.
///
/// # Errors
///
/// Why it is not read; nothing where there is no such file.
pub(crate) fn read(root: &Path, path: &str, bytes_max: u64) -> Result<Vec<u8>, Option<Diagnostic>> {
    let file: PathBuf = root.join(path);
    let read = match fs::symlink_metadata(&file) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Err(None),
        Ok(meta) if meta.is_file() => files::read(&file, bytes_max),
        _ => files::read_guarded(root, &file, bytes_max),
    };
    read.map_err(|unread: Unread| Some(unread.telling(bytes_max).at(&Arc::new(Source::new(path, "")), 0..0)))
}

/// The lines of a file, each with its number, without what is empty.
pub(crate) fn lines(bytes: &[u8]) -> impl Iterator<Item = (usize, &[u8])> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let lines = (1..).zip(bytes.split(|&byte| byte == b'\n'));
    lines.map(|(number, line)| (number, line.trim_ascii())).filter(|(_, line)| !line.is_empty())
}

/// Whether git has left this line where two versions of a file did not fit.
pub(crate) fn is_conflict_marker(line: &[u8]) -> bool {
    [b"<<<<<<<".as_slice(), b"=======", b">>>>>>>", b"|||||||"].iter().any(|marker| line.starts_with(marker))
}

/// What is wrong with the lines of a file, with bounds.
pub(crate) struct Bad<'a> {
    path: &'a str,
    diagnostics: Vec<Diagnostic>,
    untold: usize,
    conflict: bool,
}

impl<'a> Bad<'a> {
    pub(crate) fn new(path: &'a str) -> Bad<'a> {
        Bad { path, diagnostics: Vec::new(), untold: 0, conflict: false }
    }

    /// A line that cannot be used, and why.
    pub(crate) fn tell(&mut self, number: usize, line: &[u8], why: String) {
        let (code, why, cure) = if is_conflict_marker(line) {
            if self.conflict {
                return;
            }
            self.conflict = true;
            let cure = "take out the lines that git has put in, and keep both sides; any order will do";
            (Code::MERGE_CONFLICT, "a merge was not finished here".to_owned(), cure)
        } else {
            (Code::HISTORY_LINE, why, "take the line out, or have it back from git")
        };
        if self.diagnostics.len() >= TOLD_MAX {
            self.untold += 1;
            return;
        }
        // Monitors are private, and so is the text.
        let source = Arc::new(Source::unseen(self.path, LineColumn { line: number, column: 1 }));
        self.diagnostics
            .push(Diagnostic::error(code, why).at(&source, 0..0).cure(cure).outcome("this line is skipped"));
    }

    pub(crate) fn finish(mut self) -> Vec<Diagnostic> {
        if self.untold > 0 {
            let told =
                Diagnostic::error(Code::HISTORY_LINE, format!("{} more lines cannot be used either", self.untold));
            self.diagnostics.push(told.at(&Arc::new(Source::new(self.path, "")), 0..0).outcome("they are skipped"));
        }
        self.diagnostics
    }
}
