//! A branch of a git repository, as Pages of GitHub, GitLab and Codeberg serve it.
//!
//! One commit a publishing, on top of what the branch holds; never forced. It is made without a work tree, in a bare
//! repository of our own beside the raw log, so that the writer's repository is not touched. What others put into the branch
//! stays.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use jiff::SignedDuration;

use super::built::{Built, remembered};
use super::plan::{self, SENT};
use super::{How, Sent};
use crate::model::Slug;
use crate::net::{self, Trouble, process};

/// How often a push is tried while others push as well.
const TRIES: usize = 4;

/// Where the commit is made.
const FOLDER: &str = "history/log/.publish";

pub(super) struct Branch<'a> {
    pub id: &'a Slug,
    pub remote: &'a str,
    pub branch: &'a str,
    pub folder: &'a str,
    pub until: Instant,
}

pub(super) fn send(root: &Path, built: &Built, to: &Branch<'_>, how: How) -> Result<Sent, Trouble> {
    if [to.remote, to.branch].iter().any(|word| word.starts_with('-')) {
        return Err(Trouble::new("`remote` or `branch` begins with a dash"));
    }
    let git = Git::open(root, to)?;
    for _ in 0..TRIES {
        if let Some(sent) = git.once(built, to, how)? {
            return Ok(sent);
        }
    }
    Err(Trouble::new("others push to the branch as well, each time before us"))
}

struct Git {
    /// Our own bare repository.
    bare: PathBuf,
    /// Its address, as git takes it anywhere.
    remote: String,
    until: Instant,
}

impl Git {
    fn open(root: &Path, to: &Branch<'_>) -> Result<Git, Trouble> {
        let folder = root.join(FOLDER);
        let failed = |error: std::io::Error| Trouble::new(format!("`{FOLDER}` cannot be made: {error}"));
        std::fs::create_dir_all(&folder).map_err(failed)?;
        let ignore = root.join("history/log/.gitignore");
        if !ignore.exists() {
            std::fs::write(ignore, "*\n").map_err(failed)?;
        }
        let bare = folder.canonicalize().map_err(failed)?.join(format!("{}.git", to.id));
        let mut git = Git { bare, remote: String::new(), until: to.until };
        if !git.bare.join("HEAD").exists() {
            let mut init = net::git::git(&folder);
            init.args(["init", "--quiet", "--bare"]).arg(&git.bare);
            git.finish(init, b"")?;
        }
        git.remote = remote(&git, root, to.remote)?;
        Ok(git)
    }

    /// One try. `None` where somebody else was faster.
    fn once(&self, built: &Built, to: &Branch<'_>, how: How) -> Result<Option<Sent>, Trouble> {
        let parent = self.fetch(to)?;
        let prefix = if to.folder.is_empty() { String::new() } else { format!("{}/", to.folder) };
        let known = match &parent {
            Some(parent) => self.maybe(&["cat-file", "blob", &format!("{parent}:{prefix}{SENT}")])?,
            None => None,
        };
        let sent = known.as_deref().map(remembered).unwrap_or_default();
        let plan = plan::plan(built, &plan::trusted(sent, how));
        if how == How::Rehearse {
            return Ok(Some(plan.sent()));
        }
        let tree = self.tree(built, &plan, parent.as_deref(), &prefix)?;
        if let Some(parent) = &parent
            && self.must(&["rev-parse", &format!("{parent}^{{tree}}")], b"")? == tree
        {
            return Ok(Some(Sent { is_known: true, ..Sent::default() }));
        }
        let mut commit = vec!["commit-tree", &tree, "-m", "Publish the status page"];
        if let Some(parent) = &parent {
            commit.extend(["-p", parent]);
        }
        let commit = self.must(&commit, b"")?;
        let refspec = format!("{commit}:refs/heads/{}", to.branch);
        let ended = self.run(&["push", "--quiet", &self.remote, &refspec], b"")?;
        if ended.success {
            return Ok(Some(plan.sent()));
        }
        let said = String::from_utf8_lossy(&ended.stderr);
        match said.contains("non-fast-forward") || said.contains("fetch first") || said.contains("cannot lock ref") {
            true => Ok(None),
            false => Err(Trouble::new(format!("git push failed: {}", ended.last_words()))),
        }
    }

    /// What the branch points to; `None` where there is no such branch yet.
    fn fetch(&self, to: &Branch<'_>) -> Result<Option<String>, Trouble> {
        let name = format!("refs/heads/{}", to.branch);
        let found = self.must(&["ls-remote", &self.remote, &name], b"")?;
        let Some(commit) =
            found.lines().find_map(|line| line.strip_suffix(&name)).map(|commit| commit.trim().to_owned())
        else {
            return Ok(None);
        };
        self.must(&["fetch", "--quiet", "--depth", "1", &self.remote, &name], b"")?;
        // Between the two questions somebody may have pushed.
        let fetched = self.must(&["rev-parse", "FETCH_HEAD"], b"")?;
        Ok(Some(if fetched.is_empty() { commit } else { fetched }))
    }

    /// The tree of the branch with the site in it.
    fn tree(&self, built: &Built, plan: &plan::Plan, parent: Option<&str>, prefix: &str) -> Result<String, Trouble> {
        let index = self.bare.join("upfront-index");
        let _ = std::fs::remove_file(&index);
        let with_index = |arguments: &[&str], stdin: &[u8]| {
            let mut command = self.command(arguments);
            command.env("GIT_INDEX_FILE", &index);
            self.finish(command, stdin)
        };
        if let Some(parent) = parent {
            with_index(&["read-tree", parent], b"")?;
        }
        let paths: Vec<&String> = plan.put.iter().flatten().collect();
        let mut names = String::new();
        for path in &paths {
            // What is sent is what was built.
            built.bytes(path)?;
            let _ = writeln!(names, "{}", built.folder.join(path).display());
        }
        let blobs = self.must(&["hash-object", "-w", "--no-filters", "--stdin-paths"], names.as_bytes())?;
        if blobs.lines().count() != paths.len() {
            return Err(Trouble::new("git did not say what became of every file"));
        }
        let mut lines = String::new();
        for (path, blob) in paths.iter().zip(blobs.lines()) {
            let _ = writeln!(lines, "100644 {blob}\t{prefix}{path}");
        }
        for path in &plan.remove {
            let _ = writeln!(lines, "0 {}\t{prefix}{path}", "0".repeat(40));
        }
        // Pages must not leave out what begins with an underscore (`_headers`), and remembers what we sent.
        let own =
            BTreeMap::from([(format!("{prefix}{SENT}"), plan::done(built)), (".nojekyll".to_owned(), String::new())]);
        for (path, text) in own {
            let blob = self.must(&["hash-object", "-w", "--stdin"], text.as_bytes())?;
            let _ = writeln!(lines, "100644 {blob}\t{path}");
        }
        with_index(&["update-index", "--add", "--index-info"], lines.as_bytes())?;
        with_index(&["write-tree"], b"")
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = net::git::git(&self.bare);
        command.arg("--git-dir").arg(&self.bare).args(arguments);
        command
    }

    fn run(&self, arguments: &[&str], stdin: &[u8]) -> Result<process::Ended, Trouble> {
        self.ended(self.command(arguments), stdin)
    }

    fn must(&self, arguments: &[&str], stdin: &[u8]) -> Result<String, Trouble> {
        self.finish(self.command(arguments), stdin)
    }

    /// What it prints; `None` where it fails.
    fn maybe(&self, arguments: &[&str]) -> Result<Option<String>, Trouble> {
        let ended = self.run(arguments, b"")?;
        Ok(ended.success.then(|| String::from_utf8_lossy(&ended.stdout).into_owned()))
    }

    fn finish(&self, command: Command, stdin: &[u8]) -> Result<String, Trouble> {
        let ended = self.ended(command, stdin)?;
        match ended.success {
            true => Ok(String::from_utf8_lossy(&ended.stdout).trim_end().to_owned()),
            false => Err(Trouble::new(format!("git failed: {}", ended.last_words()))),
        }
    }

    fn ended(&self, mut command: Command, stdin: &[u8]) -> Result<process::Ended, Trouble> {
        for who in ["AUTHOR", "COMMITTER"] {
            command.env(format!("GIT_{who}_NAME"), "upfront").env(format!("GIT_{who}_EMAIL"), "upfront@localhost");
        }
        if std::env::var_os("GIT_SSH_COMMAND").is_none() {
            command.env("GIT_SSH_COMMAND", "ssh -o BatchMode=yes -o ConnectTimeout=20");
        }
        let left = self.until.saturating_duration_since(Instant::now());
        let left = SignedDuration::try_from(left).unwrap_or(SignedDuration::ZERO);
        process::run(command, stdin, left)
    }
}

/// The address of a remote of the site's own repository; anything else is an address itself.
fn remote(git: &Git, root: &Path, name: &str) -> Result<String, Trouble> {
    let mut command = net::git::git(root);
    command.args(["remote", "get-url", "--push", name]);
    let found = git.ended(command, b"")?;
    let address = match found.success {
        true => String::from_utf8_lossy(&found.stdout).trim().to_owned(),
        false => name.to_owned(),
    };
    let is_remote = address.contains(':') || address.starts_with('/');
    if is_remote {
        return Ok(address);
    }
    // A path is as seen from the site.
    let path = root.join(&address);
    match path.canonicalize() {
        Ok(path) => Ok(path.display().to_string()),
        Err(_) => Err(Trouble::new(format!("`{name}` is neither a remote of this repository nor an address"))),
    }
}
