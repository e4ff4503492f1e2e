//! What git knows: which commit this is, and which one first held each update.
//!
//! The `git` program is asked, never its files: formats of repositories change. It is asked only to read: no lock is
//! taken, no pager, external differ, text converter, signature check or file watcher that a repository's own config
//! names is started. (Comparing the working tree may run a content filter that both `.gitattributes` and the config
//! name, as `git status` does for everybody.) Without git, or outside of a repository, there is simply nothing known.

mod blobs;
mod cache;
mod evidence;
mod follow;
mod log;
mod matching;
mod renames;
mod version;

use std::collections::BTreeSet;
use std::io::Read as _;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use jiff::Timestamp;

use super::files;
pub(super) use evidence::{DueBefore, History, Told, history};
pub(super) use renames::renames;

fn git(root: &Path) -> Command {
    let mut git = Command::new("git");
    git.arg("-C").arg(root);
    git.args(["--no-pager", "--no-optional-locks", "-c", "core.fsmonitor=false", "-c", "core.quotepath=off"]);
    for pointer in crate::net::git::POINTERS {
        git.env_remove(pointer);
    }
    // A partial clone does not fetch what it lacks for us.
    git.env("GIT_NO_LAZY_FETCH", "1");
    git.env("LC_ALL", "C").stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
    git
}

/// Whether the folder lies in a working tree. Saves starting git where there is nothing to ask.
fn in_repository(root: &Path) -> bool {
    let Ok(root) = root.canonicalize() else { return false };
    root.ancestors().any(|folder| folder.join(".git").exists())
}

/// Why nothing is known.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum GitError {
    NoRepository,
    Failed(String),
}

/// The question which commit the site's files are of, while git works on it.
pub(super) struct Commit(Option<(Child, Child)>);

impl Commit {
    /// Asks. The answer is only of value where the files are as committed, so git is asked both at once.
    pub(super) fn ask(root: &Path) -> Commit {
        if !in_repository(root) {
            return Commit(None);
        }
        let head = git(root).args(["rev-parse", "--verify", "--short=7", "HEAD"]).spawn();
        let status = git(root)
            .args(["status", "--porcelain", "--ignore-submodules=all", "--no-renames"])
            // What a site is made of; not what is built of it.
            .args(["--", "upfront.toml", "incidents", "theme", "history"])
            .spawn();
        match (head, status) {
            (Ok(head), Ok(status)) => Commit(Some((head, status))),
            (Ok(child), Err(_)) | (Err(_), Ok(child)) => {
                let _ = answer(child);
                Commit(None)
            }
            (Err(_), Err(_)) => Commit(None),
        }
    }

    /// The commit, shortened; `None` where a file differs from it, or there is none.
    pub(super) fn answer(self) -> Option<String> {
        let (head, status) = self.0?;
        let (head, status) = (answer(head), answer(status));
        let is_hash = |text: &&str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        status?.is_empty().then_some(())?;
        head.as_deref().map(str::trim).filter(is_hash).map(str::to_owned)
    }
}

/// The first bytes of what a child says, `None` where it failed. Always waits for it.
fn answer(mut child: Child) -> Option<String> {
    let mut text = String::new();
    let read = child.stdout.take().map(|stdout| stdout.take(4096).read_to_string(&mut text));
    // What it had to say beyond that meets a closed pipe; that it failed then is no failure.
    let ended = child.wait();
    read?.ok()?;
    let good = ended.is_ok_and(|status| status.success()) || text.len() >= 4096;
    good.then_some(text)
}

/// When something first stood in the history.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Seen {
    /// Brought by a commit of that time; whether together with the whole file.
    At { at: Timestamp, with_file: bool },
    /// It stands in the oldest commit of a shallow clone: who knows since when.
    CutOff,
    /// Not committed.
    Never,
}

/// The commits at which a shallow clone begins.
fn shallow_boundary(root: &Path) -> BTreeSet<String> {
    let asked = git(root).args(["rev-parse", "--git-path", "shallow"]).spawn().ok().and_then(answer);
    let Some(path) = asked else { return BTreeSet::new() };
    let bytes = files::read(&root.join(path.trim_end_matches('\n')), files::POST_BYTES_MAX).unwrap_or_default();
    String::from_utf8_lossy(&bytes).lines().map(|line| line.trim().to_owned()).collect()
}
