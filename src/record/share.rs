//! `history/` among several machines: committed and pushed with git, on whatever branch it lies.
//!
//! It may be a part of the site's own repository, or a working tree of a branch of its own. Nothing but `history/` is
//! committed, nothing is pushed by force, and what others pushed meanwhile comes first: ours goes on top of it.

use std::path::Path;
use std::process::Command;

use jiff::SignedDuration;

use crate::net::process::{self, Ended};

/// How long git may take for one step.
const TIMEOUT: SignedDuration = SignedDuration::from_secs(60);

/// How often others may be faster.
const TRIES: usize = 6;

/// Brings what others pushed. What is not committed here stays as it is.
///
/// # Errors
///
/// What git said.
pub fn pull(folder: &Path) -> Result<(), String> {
    let ended = git(folder, &["pull", "--quiet", "--rebase", "--autostash"])?;
    if ended.success {
        return Ok(());
    }
    // Half of it is worse than nothing of it.
    let _ = git(folder, &["rebase", "--abort"]);
    Err(said("pull", &ended))
}

/// Commits what is new in `history/`, and pushes it. `still` is asked each time when what others pushed is here and ours
/// is not there yet: where it says no, nothing is pushed.
///
/// # Errors
///
/// What git said; what could not be pushed goes with the next push.
pub fn push(root: &Path, message: &str, still: &dyn Fn() -> bool) -> Result<(), String> {
    let history = root.join("history");
    commit(&history, message)?;
    let mut refused = String::new();
    for _ in 0..TRIES {
        pull(&history)?;
        if !still() {
            return Ok(());
        }
        let ended = git(&history, &["push", "--quiet"])?;
        if ended.success {
            return Ok(());
        }
        refused = said("push", &ended);
    }
    Err(refused)
}

fn commit(history: &Path, message: &str) -> Result<(), String> {
    must(history, &["add", "--all", "--", "."])?;
    // 1: something is staged.
    if git(history, &["diff", "--cached", "--quiet", "--", "."])?.success {
        return Ok(());
    }
    must(history, &["commit", "--quiet", "-m", message, "--", "."])
}

fn must(folder: &Path, arguments: &[&str]) -> Result<(), String> {
    let ended = git(folder, arguments)?;
    if ended.success { Ok(()) } else { Err(said(arguments.first().copied().unwrap_or_default(), &ended)) }
}

fn said(what: &str, ended: &Ended) -> String {
    format!("git {what} ended with {}: {}", ended.status, ended.last_words())
}

fn git(folder: &Path, arguments: &[&str]) -> Result<Ended, String> {
    let mut git = Command::new("git");
    git.arg("-C").arg(folder).args(["-c", "core.quotepath=off", "-c", "commit.gpgsign=false"]).args(arguments);
    // Nobody is there to answer questions; and a machine's commits are a machine's.
    git.env("GIT_TERMINAL_PROMPT", "0").env("LC_ALL", "C");
    for who in ["AUTHOR", "COMMITTER"] {
        git.env(format!("GIT_{who}_NAME"), "upfront").env(format!("GIT_{who}_EMAIL"), "upfront@localhost");
    }
    process::run(git, b"", TIMEOUT).map_err(|trouble| format!("git: {}", trouble.why))
}
