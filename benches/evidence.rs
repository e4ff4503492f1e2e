//! What git's evidence costs: `cargo bench --bench evidence`.
//!
//! Ten thousand incidents in forty-two thousand commits, an update each, in a folder a year and in one flat folder. Measured is
//! the time on the clock of reading the site for the first time, of reading it again, and of reading it without git, beside one plain
//! `git log --reverse -p -U0` over the same history in the same run.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a benchmark that fails should stop")]

use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

const INCIDENTS: usize = 10_000;
const CONFIG: &str =
    "title = \"Bench\"\nurl = \"https://status.example\"\n[[component]]\nid = \"imap\"\nname = \"IMAP\"\n";
const STAGES: [&str; 5] = ["Investigating", "Identified", "Monitoring", "Resolved", "Resolved"];
const WORDS: [&str; 12] =
    ["mail", "server", "login", "slow", "disk", "queue", "spam", "filter", "network", "accounts", "looking", "cannot"];

fn main() {
    for (name, by_year) in [("a folder a year", true), ("one flat folder", false)] {
        let scratch = tempfile::tempdir().expect("a folder");
        let root = scratch.path();
        let commits = generate(root, by_year);
        let plain = seconds(|| git(root, &["log", "--reverse", "-p", "-U0"]));
        let first = seconds(|| load(root));
        let again = seconds(|| load(root));
        fs::rename(root.join(".git"), root.join("elsewhere")).expect("a rename");
        let without = seconds(|| load(root));
        println!("{INCIDENTS} incidents, {commits} commits, {name}:");
        println!("  git log -p            {plain:.2} s");
        println!("  first reading         {first:.2} s, {:.2} x the log", first / plain);
        println!("  reading again         {again:.2} s, {:.2} s of it for git", again - without);
    }
}

fn seconds(work: impl FnOnce()) -> f64 {
    let started = Instant::now();
    work();
    started.elapsed().as_secs_f64()
}

fn load(root: &Path) {
    let site = upfront::load::load(root).expect("a site").value;
    assert_eq!(site.incidents.len(), INCIDENTS);
}

fn git(root: &Path, arguments: &[&str]) {
    let mut git = Command::new("git");
    git.arg("-C").arg(root).args(arguments).stdout(Stdio::null());
    assert!(git.status().expect("git").success());
}

/// Makes the repository with `git fast-import` (<https://git-scm.com/docs/git-fast-import>); answers its number of commits.
fn generate(root: &Path, by_year: bool) -> usize {
    git(root, &["init", "--quiet", "--initial-branch=main"]);
    let mut import = Command::new("git");
    import.arg("-C").arg(root).args(["fast-import", "--quiet"]).stdin(Stdio::piped());
    let mut import = import.spawn().expect("git");
    let mut stdin = import.stdin.take().expect("a pipe");
    let (mut commits, mut at, mut seed) = (0, 1_500_000_000_u64, 7_usize);
    for incident in 0..INCIDENTS {
        let (year, month, day) = (2017 + incident * 8 / INCIDENTS, 1 + incident % 12, 1 + incident % 28);
        let date = format!("{year}-{month:02}-{day:02}");
        let folder = if by_year { format!("{year}/") } else { String::new() };
        let path = format!("incidents/{folder}{date}-incident-{incident}.md");
        let mut text =
            format!("+++\ntitle = \"Incident {incident}\"\ncomponents = [\"imap\"]\nimpact = \"minor\"\n+++\n");
        let updates = if incident % 5 == 0 { 5 } else { 4 };
        for (number, stage) in STAGES.iter().take(updates).enumerate() {
            let _ = write!(text, "\n## {stage} · {date} {:02}:{:02}\n", 9 + number, incident % 60);
            for _ in 0..30 {
                seed = (seed * 31 + 11) % 9973;
                let _ = write!(text, "{} ", WORDS[seed % WORDS.len()]);
            }
            text.push('\n');
            at += 3000;
            let author = format!("Kari <kari@fjordpost.example> {at} +0000");
            let commit = format!(
                "commit refs/heads/main\ncommitter {author}\ndata 6\nUpdate\nM 100644 inline {path}\ndata {}\n{text}\n",
                text.len()
            );
            stdin.write_all(commit.as_bytes()).expect("a pipe");
            commits += 1;
        }
    }
    drop(stdin);
    assert!(import.wait().expect("git").success());
    git(root, &["reset", "--quiet", "--hard", "main"]);
    fs::write(root.join("upfront.toml"), CONFIG).expect("a file");
    commits
}
