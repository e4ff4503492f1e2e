//! `history/` among several machines: committed and pushed with git, on whatever branch it lies.
//!
//! It may be a part of the site's own repository, or a working tree of a branch of its own. Nothing but `history/` is
//! committed, nothing is pushed by force, and what others pushed meanwhile comes first: ours goes on top of it. What a person
//! is in the middle of (a rebase, a merge) is theirs, and nothing is touched until it is over.

use std::path::{Path, PathBuf};
use std::process::Command;

use jiff::SignedDuration;

use crate::net::process::{self, Ended};

/// How long git may take for one step.
const TIMEOUT: SignedDuration = SignedDuration::from_secs(60);

/// How often others may be faster.
const TRIES: usize = 6;

/// What git keeps in its folder while a person is in the middle of something.
const UNDER_WAY: [&str; 5] = ["rebase-merge", "rebase-apply", "MERGE_HEAD", "CHERRY_PICK_HEAD", "REVERT_HEAD"];

/// Brings what others pushed. What is not committed here stays as it is.
///
/// # Errors
///
/// What git said.
pub fn pull(folder: &Path) -> Result<(), String> {
    let git = Git::open(folder)?;
    git.pull()
}

/// Commits what is new in `history/`, and pushes it. `pulled` is called each time when what others pushed is here and ours
/// is not there yet.
///
/// # Errors
///
/// What git said; what could not be pushed goes with the next push.
pub fn push(root: &Path, message: &str, pulled: &mut dyn FnMut()) -> Result<(), String> {
    let git = Git::open(&root.join("history"))?;
    git.commit(message)?;
    let mut refused = String::new();
    for _ in 0..TRIES {
        git.pull()?;
        pulled();
        let ended = git.run(&["push", "--quiet", &git.remote, &format!("HEAD:{}", git.branch)])?;
        if ended.success {
            return Ok(());
        }
        refused = said("push", &ended);
    }
    Err(refused)
}

/// A folder of a branch that follows another one.
struct Git {
    folder: PathBuf,
    /// Where it pushes to, and the full name of the branch there.
    remote: String,
    branch: String,
}

impl Git {
    fn open(folder: &Path) -> Result<Git, String> {
        let mut git = Git { folder: folder.to_owned(), remote: String::new(), branch: String::new() };
        let head = git.answer(&["symbolic-ref", "--quiet", "HEAD"]).map_err(|_| "git is on no branch".to_owned())?;
        for name in UNDER_WAY {
            let path = git.answer(&["rev-parse", "--git-path", name])?;
            if folder.join(path).exists() {
                return Err("somebody is in the middle of a rebase or a merge; it is left to them".to_owned());
            }
        }
        let branch = head.strip_prefix("refs/heads/").unwrap_or(&head);
        let of = |key: &str| git.answer(&["config", "--get", &format!("branch.{branch}.{key}")]);
        let unknown = |_| format!("the branch `{branch}` follows no other one: git push -u origin {branch}");
        let (remote, merge) = (of("remote").map_err(unknown)?, of("merge").map_err(unknown)?);
        (git.remote, git.branch) = (remote, merge);
        Ok(git)
    }

    /// Fetches, and puts what is ours on top, where others pushed something at all: nothing else touches a file that a person
    /// has open.
    fn pull(&self) -> Result<(), String> {
        self.must(&["fetch", "--quiet", &self.remote, &self.branch])?;
        // 0: all that they have is here.
        if self.run(&["merge-base", "--is-ancestor", "FETCH_HEAD", "HEAD"])?.success {
            return Ok(());
        }
        // Where their branch was reset, what is gone there is still ours to keep. So this is no `git pull`, which looks at what the
        // branch once was.
        let ended = self.run(&["rebase", "--quiet", "--autostash", "FETCH_HEAD"])?;
        if ended.success {
            return Ok(());
        }
        // Half of it is worse than nothing of it; nobody else's was under way.
        let _ = self.run(&["rebase", "--abort"]);
        Err(said("rebase", &ended))
    }

    fn commit(&self, message: &str) -> Result<(), String> {
        self.must(&["add", "--all", "--", "."])?;
        // 1: something is staged.
        if self.run(&["diff", "--cached", "--quiet", "--", "."])?.success {
            return Ok(());
        }
        self.must(&["commit", "--quiet", "-m", message, "--", "."])
    }

    fn must(&self, arguments: &[&str]) -> Result<(), String> {
        let ended = self.run(arguments)?;
        if ended.success { Ok(()) } else { Err(said(arguments.first().copied().unwrap_or_default(), &ended)) }
    }

    fn answer(&self, arguments: &[&str]) -> Result<String, String> {
        let ended = self.run(arguments)?;
        match ended.success {
            true => Ok(String::from_utf8_lossy(&ended.stdout).trim().to_owned()),
            false => Err(said(arguments.first().copied().unwrap_or_default(), &ended)),
        }
    }

    fn run(&self, arguments: &[&str]) -> Result<Ended, String> {
        let mut git = crate::net::git::git(&self.folder);
        git.args(["-c", "commit.gpgsign=false"]).args(arguments);
        // A machine's commits are a machine's.
        for who in ["AUTHOR", "COMMITTER"] {
            git.env(format!("GIT_{who}_NAME"), "upfront").env(format!("GIT_{who}_EMAIL"), "upfront@localhost");
        }
        run(git)
    }
}

fn run(git: Command) -> Result<Ended, String> {
    process::run(git, b"", TIMEOUT).map_err(|trouble| format!("git: {}", trouble.why))
}

fn said(what: &str, ended: &Ended) -> String {
    format!("git {what} ended with {}: {}", ended.status, ended.last_words())
}
