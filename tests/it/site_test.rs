//! A small site in a folder of its own: what `load` makes of it as text, and what the program does with it.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may stop at what it takes for granted")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use upfront::diag::{Diagnostic, Loaded};
use upfront::load::load;
use upfront::model::{Incident, PostedAt, Site};

const CONFIG: &str = "title = \"Test\"\nurl = \"https://status.example\"\ntime_zone = \"Europe/Oslo\"\n\
                      [[component]]\nname = \"IMAP\"\n";

pub struct TestSite {
    folder: tempfile::TempDir,
}

impl TestSite {
    /// With a config and those files.
    pub fn new(files: &[(&str, &str)]) -> TestSite {
        let site = TestSite { folder: tempfile::tempdir().unwrap() };
        site.write("upfront.toml", CONFIG);
        fs::create_dir(site.path("incidents")).unwrap();
        for (path, text) in files {
            site.write(path, text);
        }
        site
    }

    /// A copy of one of `tests/sites`.
    pub fn copy_of(name: &str) -> TestSite {
        let site = TestSite { folder: tempfile::tempdir().unwrap() };
        site.copy_from(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/sites").join(name));
        site
    }

    /// Copies every file of a folder into the site.
    pub fn copy_from(&self, folder: &Path) {
        for entry in walkdir::WalkDir::new(folder).into_iter().map(Result::unwrap) {
            if entry.file_type().is_file() {
                let path = entry.path().strip_prefix(folder).unwrap();
                self.write(path.to_str().unwrap(), fs::read(entry.path()).unwrap());
            }
        }
    }

    pub fn root(&self) -> PathBuf {
        self.path("")
    }

    pub fn path(&self, path: &str) -> PathBuf {
        self.folder.path().join("site").join(path)
    }

    pub fn write(&self, path: &str, text: impl AsRef<[u8]>) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    pub fn read(&self, path: &str) -> String {
        fs::read_to_string(self.path(path)).unwrap()
    }

    /// Every file beneath a folder, with its bytes; of a link where it leads.
    pub fn files(&self, folder: &str) -> BTreeMap<String, Vec<u8>> {
        let folder = self.path(folder);
        let entries = walkdir::WalkDir::new(&folder).into_iter().map(Result::unwrap);
        let files = entries.filter(|entry| !entry.file_type().is_dir());
        let path = |entry: &walkdir::DirEntry| entry.path().strip_prefix(&folder).unwrap().to_str().unwrap().to_owned();
        let read = |entry: &walkdir::DirEntry| match entry.path_is_symlink() {
            true => fs::read_link(entry.path()).unwrap().into_os_string().into_encoded_bytes(),
            false => fs::read(entry.path()).unwrap(),
        };
        files.map(|entry| (path(&entry), read(&entry))).collect()
    }

    /// The program in the site's folder, with arguments between spaces, and in an environment that must not matter.
    pub fn command(&self, arguments: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_upfront"));
        command.args(arguments.split_whitespace()).current_dir(self.root()).env_clear();
        command.envs([("TZ", "Asia/Kathmandu"), ("LANG", "tr_TR.UTF-8"), ("HOME", "/nonexistent")]);
        command.envs(std::env::var_os("PATH").map(|path| ("PATH", path)));
        command.stdin(Stdio::null());
        command
    }

    /// Runs the program to its end.
    pub fn run(&self, arguments: &str) -> Ran {
        self.ended(&mut self.command(arguments))
    }

    /// Waits for the end, and says `[SITE]` for the site's folder.
    pub fn ended(&self, command: &mut Command) -> Ran {
        let output = command.output().unwrap();
        let root = fs::canonicalize(self.root()).unwrap().to_string_lossy().trim_end_matches('/').to_owned();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap().replace(&root, "[SITE]");
        Ran { status: output.status.code(), stdout: text(output.stdout), stderr: text(output.stderr) }
    }

    pub fn rename(&self, from: &str, to: &str) {
        let to = self.path(to);
        fs::create_dir_all(to.parent().unwrap()).unwrap();
        fs::rename(self.path(from), to).unwrap();
    }

    /// A file outside of the site.
    pub fn outside(&self, name: &str, text: &str) -> PathBuf {
        let path = self.folder.path().join(name);
        fs::write(&path, text).unwrap();
        path
    }

    pub fn loaded(&self) -> Loaded<Site> {
        match load(&self.root()) {
            Ok(loaded) => loaded,
            Err(told) => panic!("{}", said(&told)),
        }
    }

    pub fn site(&self) -> Site {
        self.loaded().value
    }

    /// Every page: its slug, its file, and for a report the incident that it explains.
    pub fn pages(&self) -> String {
        let site = self.site();
        let mut pages = String::new();
        for Incident { slug, source, aliases, .. } in &site.incidents {
            pages += &format!("{slug} < {source}");
            for alias in aliases {
                pages += &format!(" ({alias})");
            }
            pages += "\n";
        }
        for rfo in &site.rfos {
            let of = rfo.incident.as_ref().map_or("nothing", |slug| slug.as_str());
            pages += &format!("rfo {} of {of} < {}\n", rfo.slug, rfo.source);
        }
        pages
    }

    /// What is told, a line each, without what is true of every site here.
    pub fn said(&self) -> String {
        said(&self.loaded().diagnostics)
    }

    /// Every update and report with what is known of its time.
    pub fn times(&self) -> String {
        let site = self.site();
        let mut times = String::new();
        let written = |posted| match posted {
            PostedAt::Written(at) => format!("written {at}"),
            PostedAt::FromGit(at) => format!("git {at}"),
            PostedAt::Day(day) => format!("day {day}"),
            PostedAt::Unknown => "unknown".to_owned(),
        };
        for incident in &site.incidents {
            for update in &incident.updates {
                times += &format!("{} {}: {}\n", incident.slug, update.stage.word(), written(update.posted));
            }
        }
        for rfo in &site.rfos {
            times += &format!("rfo {}: {}\n", rfo.slug, written(rfo.published));
        }
        times
    }

    /// Runs git as somebody whose clock says `at`.
    pub fn git_at(&self, at: &str, arguments: &[&str]) -> String {
        run_git(&self.root(), at, arguments)
    }

    pub fn git(&self, arguments: &[&str]) -> String {
        self.git_at("2022-01-01T00:00:00Z", arguments)
    }

    /// A repository with nothing in it.
    pub fn git_init(&self) {
        self.git(&["init", "--quiet", "--initial-branch=main"]);
    }

    pub fn commit_at(&self, at: &str) {
        self.git(&["add", "--all"]);
        self.git_at(at, &["commit", "--quiet", "--message", "Change"]);
    }
}

/// How the program ended, and what it said.
#[derive(Debug)]
pub struct Ran {
    pub status: Option<i32>,
    pub stdout: String,
    pub stderr: String,
}

impl Ran {
    /// All of it as text: the status, then each stream that is not empty.
    pub fn all(&self) -> String {
        let mut all = self.status.map_or("killed\n".to_owned(), |status| format!("status {status}\n"));
        for (name, text) in [("stdout", &self.stdout), ("stderr", &self.stderr)] {
            if !text.is_empty() {
                all += &format!("{name}:\n{text}");
            }
        }
        all
    }
}

pub fn run_git(folder: &Path, at: &str, arguments: &[&str]) -> String {
    let output = Command::new("git")
        .arg("-C")
        .arg(folder)
        .args(["-c", "user.name=Kari", "-c", "user.email=kari@fjordpost.example", "-c", "commit.gpgsign=false"])
        .args(["-c", "protocol.file.allow=always"])
        .args(arguments)
        .envs([("GIT_AUTHOR_DATE", "2001-01-01T00:00:00Z"), ("GIT_COMMITTER_DATE", at)])
        .envs([("GIT_CONFIG_GLOBAL", "/dev/null"), ("GIT_CONFIG_SYSTEM", "/dev/null")])
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "git {arguments:?}: {said}");
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}

/// Diagnostics, a line each.
pub fn said(told: &[Diagnostic]) -> String {
    let mut said = String::new();
    for Diagnostic { code, message, place, outcome, .. } in told {
        let place = place.as_ref().map_or(String::new(), |place| {
            let at = place.source.line_column(place.span.start);
            format!("{}:{}:{} ", place.source.path(), at.line, at.column)
        });
        let outcome = outcome.as_deref().unwrap_or_default();
        said += &format!("{place}[{code}] {message} = {outcome}\n");
    }
    said
}
