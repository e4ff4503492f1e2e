//! What feeds answered last, so that they need not send it again: `history/log/.cache/<feed>/`, a file a request.
//!
//! Only what the source itself marked with `ETag` or `Last-Modified` is kept, and only its last state. A file is a line
//! of JSON and then the bytes, whose hash it holds: whatever is torn or meddled with is as if it were not there. Nothing
//! but speed hangs on it, so what cannot be written is not.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::load::files;
use crate::model::Feed;

/// The largest answer that is kept, in bytes.
const KEPT_BYTES_MAX: usize = 8 << 20;

/// What a source calls the state of an answer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Validators {
    pub etag: Option<String>,
    pub last_modified: Option<String>,
}

#[derive(Serialize, Deserialize)]
struct Head {
    /// Of the address, which may hold secrets.
    url_hash: String,
    bytes_hash: String,
    validators: Validators,
}

pub(super) struct Cache {
    root: PathBuf,
    folder: PathBuf,
}

impl Cache {
    pub fn of(root: &Path, feed: &Feed) -> Cache {
        Cache { root: root.to_owned(), folder: root.join("history/log/.cache").join(feed.id.as_str()) }
    }

    /// What that address said last.
    pub fn kept(&self, request: &str, url: &str) -> Option<(Validators, Vec<u8>)> {
        let file = files::read_guarded(&self.root, &self.path(request), KEPT_BYTES_MAX as u64 + 4096).ok()?;
        let end = memchr::memchr(b'\n', &file)?;
        let (head, bytes) = (file.get(..end)?, file.get(end + 1..)?);
        let head: Head = serde_json::from_slice(head).ok()?;
        let is_whole = head.url_hash == hash(url.as_bytes()) && head.bytes_hash == hash(bytes);
        is_whole.then(|| (head.validators, bytes.to_owned()))
    }

    pub fn keep(&self, request: &str, url: &str, validators: &Validators, bytes: &[u8]) {
        let path = self.path(request);
        if *validators == Validators::default() || bytes.len() > KEPT_BYTES_MAX {
            // What was kept is not the last state any more.
            let _ = fs::remove_file(path);
            return;
        }
        let (url_hash, bytes_hash) = (hash(url.as_bytes()), hash(bytes));
        let _ = self.write(&path, &Head { url_hash, bytes_hash, validators: validators.clone() }, bytes);
    }

    /// In one step, so that nobody reads half a file.
    fn write(&self, path: &Path, head: &Head, bytes: &[u8]) -> std::io::Result<()> {
        fs::create_dir_all(&self.folder)?;
        // A build without any `record` may be the first to write here, and answers must not be committed with the page.
        let ignore = self.root.join("history/log/.gitignore");
        if !ignore.exists() {
            fs::write(ignore, "*\n")?;
        }
        let mut file = tempfile::NamedTempFile::new_in(&self.folder)?;
        serde_json::to_writer(&mut file, head)?;
        file.write_all(b"\n")?;
        file.write_all(bytes)?;
        file.persist(path)?;
        Ok(())
    }

    fn path(&self, request: &str) -> PathBuf {
        self.folder.join(hash(request.as_bytes()))
    }
}

/// Half of it is more than chance can meet.
fn hash(bytes: &[u8]) -> String {
    blake3::hash(bytes).to_hex().chars().take(32).collect()
}
