//! The way from a file to the page: `git add`, `git commit`, `git push`, printed or done. Never forced.

use std::path::Path;
use std::process::Command;

use super::{Edge, Failure, Status};

/// A file that should be published.
#[derive(Clone, Copy, Debug)]
pub struct Post<'a> {
    /// From the site's root.
    pub file: &'a str,
    /// The commit's subject.
    pub message: &'a str,
}

/// Prints the commands that publish the file, or runs them where `push` says so.
///
/// # Errors
///
/// Only where standard output is gone. A command that fails is reported, with what is left to do.
pub fn publish(edge: &Edge, post: Post<'_>, push: bool) -> Result<Status, Failure> {
    let root = edge.root();
    if !in_git(root) {
        let config = crate::load::load_config(root);
        let has_places = config.is_ok_and(|config| !config.value.publishing.targets.is_empty());
        let told = match has_places {
            true => format!("\nTo publish it:\n  {} publish --build\n", upfront(root)),
            false => {
                "\nThis site is not in git, so nothing sends it: build it, and publish the folder as you always do.\n"
                    .into()
            }
        };
        edge.say(&told)?;
        return Ok(if push { Status::FoundProblems } else { Status::Fine });
    }
    let steps = steps(post);
    if !push {
        edge.say(&format!("\nTo publish it:\n{}", printed(root, &steps)))?;
        return Ok(Status::Fine);
    }
    edge.say("\n")?;
    for (done, step) in steps.iter().enumerate() {
        let line = command_line(root, step);
        match run(root, step) {
            Ok(()) => edge.say(&format!("done: {line}\n"))?,
            Err(why) => {
                edge.warn(&format!("error: `{line}` failed\n{}\n", indented(&why)));
                let left = printed(root, &steps[done..]);
                let first = if done == 2 { "  # if somebody else was faster: git pull --rebase\n" } else { "" };
                edge.warn(&format!("{} is safe; left to do:\n{first}{left}", post.file));
                return Ok(Status::FoundProblems);
            }
        }
    }
    Ok(Status::Fine)
}

/// Only this file is committed, whatever else is staged.
fn steps(post: Post<'_>) -> [Vec<&str>; 3] {
    [vec!["add", "--", post.file], vec!["commit", "-m", post.message, "--", post.file], vec!["push"]]
}

fn run(root: &Path, step: &[&str]) -> Result<(), String> {
    let output = Command::new("git").arg("-C").arg(root).args(step).output().map_err(|error| error.to_string())?;
    if output.status.success() {
        return Ok(());
    }
    let said = [output.stdout, output.stderr].concat();
    Err(String::from_utf8_lossy(&said).trim().to_owned())
}

fn printed(root: &Path, steps: &[Vec<&str>]) -> String {
    steps.iter().map(|step| format!("  {}\n", command_line(root, step))).collect()
}

/// How one calls upfront for this site, to be pasted into a shell.
pub fn upfront(root: &Path) -> String {
    format!("upfront{}", in_folder(root))
}

/// As one may paste it into a shell.
pub fn command_line(root: &Path, step: &[&str]) -> String {
    let mut line = format!("git{}", in_folder(root));
    for word in step {
        line += &format!(" {}", quoted(word));
    }
    line
}

fn in_folder(root: &Path) -> String {
    if root == Path::new(".") { String::new() } else { format!(" -C {}", quoted(&root.to_string_lossy())) }
}

/// In quotes where a shell would read it otherwise.
fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:=@+,".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}

/// Whether the folder is in a repository.
pub fn in_git(root: &Path) -> bool {
    root.canonicalize().is_ok_and(|root| root.ancestors().any(|folder| folder.join(".git").exists()))
}

fn indented(text: &str) -> String {
    text.lines().map(|line| format!("  | {line}")).collect::<Vec<_>>().join("\n")
}
