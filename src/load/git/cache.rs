//! What was read of a history, kept so that later builds read only what is new.
//!
//! It stands inside the repository's own folder (`git rev-parse --git-path upfront/evidence`), where nothing is committed and
//! where it goes with the clone. Only speed hangs on it: whatever is torn, meddled with, of another program or of another
//! history is as if it were not there, and where it cannot be written it is not.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::follow::Followed;
use super::{answer, git};
use crate::load::files;

/// Larger than any history of incidents, in bytes.
const BYTES_MAX: u64 = 1 << 30;

/// Changes with the meaning of what is kept.
const FORMAT: u32 = 2;

/// Where it is, and what it must have been made with.
pub(super) struct Cache {
    path: PathBuf,
    /// Of all that reading a post depends on beside its bytes.
    with: String,
}

#[derive(Serialize, Deserialize)]
struct Head {
    format: u32,
    program: String,
    with: String,
    /// The commit up to which the history was read.
    commit: String,
    hash: String,
}

impl Cache {
    /// `None` where git does not say where.
    pub fn of(root: &Path, with: String) -> Option<Cache> {
        let asked = git(root).args(["rev-parse", "--git-path", "upfront/evidence"]).spawn().ok().and_then(answer)?;
        Some(Cache { path: root.join(asked.trim_end_matches('\n')), with })
    }

    /// What was read up to which commit.
    pub fn kept(&self) -> Option<(String, Followed)> {
        let file = files::read(&self.path, BYTES_MAX).ok()?;
        let end = memchr::memchr(b'\n', &file)?;
        let (head, bytes) = (file.get(..end)?, file.get(end + 1..)?);
        let head: Head = serde_json::from_slice(head).ok()?;
        let is_ours = head.format == FORMAT
            && head.program == env!("CARGO_PKG_VERSION")
            && head.with == self.with
            && head.hash == hash(bytes);
        is_ours.then(|| serde_json::from_slice(bytes).ok()).flatten().map(|followed| (head.commit, followed))
    }

    pub fn keep(&self, commit: &str, followed: &Followed) {
        let _ = self.write(commit, followed);
    }

    /// In one step, so that nobody reads half a file.
    fn write(&self, commit: &str, followed: &Followed) -> std::io::Result<()> {
        let bytes = serde_json::to_vec(followed)?;
        let head = Head {
            format: FORMAT,
            program: env!("CARGO_PKG_VERSION").to_owned(),
            with: self.with.clone(),
            commit: commit.to_owned(),
            hash: hash(&bytes),
        };
        let folder = self.path.parent().ok_or(std::io::ErrorKind::NotFound)?;
        fs::create_dir_all(folder)?;
        let mut file = tempfile::NamedTempFile::new_in(folder)?;
        serde_json::to_writer(&mut file, &head)?;
        file.write_all(b"\n")?;
        file.write_all(&bytes)?;
        file.persist(&self.path)?;
        Ok(())
    }
}

fn hash(bytes: &[u8]) -> String {
    blake3::hash(bytes).to_hex().to_string()
}
