//! The `git` program, as it is called to write: never with what a hook's environment says of another repository, and never
//! with a question to somebody who is not there.

use std::path::Path;
use std::process::Command;

/// The variables by which a hook, or another program that git started, would point us at another repository, or at another
/// folder of this one.
pub const POINTERS: [&str; 9] = [
    "GIT_DIR",
    "GIT_WORK_TREE",
    "GIT_INDEX_FILE",
    "GIT_OBJECT_DIRECTORY",
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_COMMON_DIR",
    "GIT_NAMESPACE",
    "GIT_PREFIX",
    "GIT_CONFIG_PARAMETERS",
];

/// In that folder.
pub fn git(folder: &Path) -> Command {
    let mut git = Command::new("git");
    git.arg("-C").arg(folder).args(["--no-pager", "-c", "core.quotepath=off"]);
    for pointer in POINTERS {
        git.env_remove(pointer);
    }
    git.env("GIT_TERMINAL_PROMPT", "0").env("LC_ALL", "C");
    git
}
