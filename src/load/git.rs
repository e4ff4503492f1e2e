//! What git knows: which commit this is, and which one first brought a line.
//!
//! The `git` program is asked, never its files: formats of repositories change. It is asked only to read: no lock is
//! taken, no pager, external differ, text converter, signature check or file watcher that a repository's own config
//! names is started. (Comparing the working tree may run a content filter that both `.gitattributes` and the config
//! name, as `git status` does for everybody.) Without git, or outside of a repository, there is simply nothing known.

mod blame;
mod log;
mod renames;

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read as _;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use jiff::Timestamp;

use self::blame::History;
use super::files;
pub(super) use renames::renames;

/// Up to so many files are asked about by name; for more, the history of all of `incidents/` is read.
const BY_NAME_MAX: usize = 100;

/// How often the history is read once more because a file was found to have had another name.
const RENAMES_MAX: usize = 8;

/// The variables by which a hook, or another program that git started, would point us at another repository.
const POINTERS: [&str; 7] = [
    "GIT_DIR",
    "GIT_WORK_TREE",
    "GIT_INDEX_FILE",
    "GIT_OBJECT_DIRECTORY",
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_COMMON_DIR",
    "GIT_NAMESPACE",
];

fn git(root: &Path) -> Command {
    let mut git = Command::new("git");
    git.arg("-C").arg(root);
    git.args(["--no-pager", "--no-optional-locks", "-c", "core.fsmonitor=false", "-c", "core.quotepath=off"]);
    for pointer in POINTERS {
        git.env_remove(pointer);
    }
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

/// When files and headings first stood in the history.
#[derive(Debug, Default)]
pub(super) struct FirstSeen(BTreeMap<String, (Seen, BTreeMap<String, Vec<Seen>>)>);

impl FirstSeen {
    /// Of a file, or of a heading in it: its text, and its number among those of the same text, from the top.
    pub(super) fn of(&self, path: &str, heading: Option<(&str, usize)>) -> Seen {
        let Some((file, headings)) = self.0.get(path) else { return Seen::Never };
        let Some((text, number)) = heading else { return *file };
        headings.get(blame::normal(text)).and_then(|same| same.get(number)).copied().unwrap_or(Seen::Never)
    }
}

/// Reads the history for what first brought those headings of those files (paths from the site's root).
///
/// The first parents only: a line counts from the commit that brought it onto this branch, since that published it.
/// One pass for up to [`BY_NAME_MAX`] files by name, since most files need no asking; git then hides that a file was
/// renamed into being, but `--full-diff` shows it for the commits that it does give, and the earlier name is asked for
/// in a further pass. For more files one pass over all of `incidents/` costs less, and shows all renames at once.
pub(super) fn first_seen(root: &Path, wanted: &BTreeMap<&str, Vec<&str>>) -> Result<FirstSeen, GitError> {
    if !in_repository(root) {
        return Err(GitError::NoRepository);
    }
    let boundary = shallow_boundary(root);
    let headings: BTreeSet<String> =
        wanted.values().flatten().map(|heading| blame::normal(heading).to_owned()).collect();
    let mut names: BTreeSet<String> = wanted.keys().map(|&path| path.to_owned()).collect();
    let by_name = names.len() <= BY_NAME_MAX;
    let mut passes = 0;
    loop {
        passes += 1;
        let names_or_all = by_name.then_some(&names);
        let mut history = History::new(headings.clone(), boundary.clone(), names_or_all.cloned());
        read_log(root, names_or_all, &mut history)?;
        let earlier = history.take_earlier_names();
        if earlier.is_empty() || passes > RENAMES_MAX || names.len() > 4 * BY_NAME_MAX {
            let seen = |&path: &&str| Some((path.to_owned(), history.take(path)?));
            return Ok(FirstSeen(wanted.keys().filter_map(seen).collect()));
        }
        names.extend(earlier);
    }
}

fn read_log(root: &Path, names: Option<&BTreeSet<String>>, history: &mut History) -> Result<(), GitError> {
    let mut log = git(root);
    // Everything that a config could change of the output is said here.
    log.args([
        "-c",
        "log.follow=false",
        "-c",
        "log.showRoot=true",
        "-c",
        "diff.interHunkContext=0",
        "-c",
        "diff.orderFile=/dev/null",
    ]);
    if names.is_some() {
        log.arg("--literal-pathspecs");
    }
    log.args([
        "log",
        "--reverse",
        "--first-parent",
        "-m",
        "--format=commit %H %ct",
        "--no-show-signature",
        "--no-notes",
    ]);
    log.args(["--patch", "--unified=0", "--find-renames", "--relative", "--src-prefix=a/", "--dst-prefix=b/"]);
    log.args(["--no-color", "--no-ext-diff", "--no-textconv", "--submodule=short", "--diff-algorithm=myers"]);
    match names {
        Some(names) => log.arg("--full-diff").arg("--").args(names),
        // Pictures beside posts have no lines, but git would have to look into each.
        None => log.args(["--", "incidents"]).args(
            ["png", "jpg", "jpeg", "gif", "webp", "avif", "svg", "pdf"]
                .map(|ending| format!(":(exclude,icase)*.{ending}")),
        ),
    };
    let mut child = log.spawn().map_err(|error| GitError::Failed(error.to_string()))?;
    let read = child.stdout.take().map(|stdout| log::read(stdout, history));
    if matches!(read, Some(Err(_))) {
        // It may still have much to say to nobody.
        let _ = child.kill();
    }
    let ended = child.wait();
    match (read, ended) {
        (Some(Err(error)), _) => Err(GitError::Failed(error.to_string())),
        // A repository without any commit yet fails too, and has nothing to say.
        (_, Ok(status)) if status.success() || history.is_empty() => Ok(()),
        (_, Ok(status)) => Err(GitError::Failed(format!("`git log` ended with {status}"))),
        (_, Err(error)) => Err(GitError::Failed(error.to_string())),
    }
}

/// The commits at which a shallow clone begins.
fn shallow_boundary(root: &Path) -> BTreeSet<String> {
    let asked = git(root).args(["rev-parse", "--git-path", "shallow"]).spawn().ok().and_then(answer);
    let Some(path) = asked else { return BTreeSet::new() };
    let bytes = files::read(&root.join(path.trim_end_matches('\n')), files::POST_BYTES_MAX).unwrap_or_default();
    String::from_utf8_lossy(&bytes).lines().map(|line| line.trim().to_owned()).collect()
}
