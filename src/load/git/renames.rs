//! Which files were renamed: in the history, and in what is staged for the next commit.

use std::io::Read as _;
use std::path::Path;
use std::process::Child;

use super::{git, in_repository};

/// So many commits with renames are read, the newest first.
const COMMITS_MAX: &str = "--max-count=1000";

/// What is read of git's answer, in bytes.
const ANSWER_BYTES_MAX: u64 = 4 << 20;

/// Every rename within `incidents/`, the newest first: the old path and the new one, from the site's root. Empty where git
/// knows nothing.
pub(in crate::load) fn renames(root: &Path) -> Vec<(String, String)> {
    if !in_repository(root) {
        return Vec::new();
    }
    const RENAMES: [&str; 8] = [
        "--diff-filter=R",
        "--find-renames",
        "--name-status",
        "-z",
        "--relative",
        "--no-ext-diff",
        "--no-textconv",
        "--no-color",
    ];
    let staged = git(root).args(["diff", "--cached"]).args(RENAMES).args(["--", "incidents"]).spawn();
    let log =
        ["-c", "log.follow=false", "log", COMMITS_MAX, "--first-parent", "-m", "--format=", "--no-show-signature"];
    let committed = git(root).args(log).args(RENAMES).args(["--", "incidents"]).spawn();
    [staged, committed].into_iter().flatten().flat_map(|child| parse(&answer(child))).collect()
}

fn answer(mut child: Child) -> String {
    let mut bytes = Vec::new();
    if let Some(stdout) = child.stdout.take() {
        // What cannot be read is not known; what was read before it is.
        let _ = stdout.take(ANSWER_BYTES_MAX).read_to_end(&mut bytes);
    }
    let _ = child.wait();
    String::from_utf8_lossy(&bytes).into_owned()
}

/// `R<similarity> NUL <old> NUL <new> NUL`, again and again.
fn parse(answer: &str) -> Vec<(String, String)> {
    let is_rename = |word: &str| {
        let number = word.trim_start_matches('\n').strip_prefix('R');
        number.is_some_and(|number| !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()))
    };
    let mut words = answer.split('\0');
    let mut renames = Vec::new();
    while let Some(word) = words.next() {
        if is_rename(word)
            && let (Some(old), Some(new)) = (words.next(), words.next())
        {
            renames.push((old.to_owned(), new.to_owned()));
        }
    }
    renames
}
