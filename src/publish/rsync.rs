//! A host that is reached with `rsync`, over `ssh`, or a folder by the same means. Several runs, since the order matters; in
//! each, rsync replaces files whole.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use jiff::SignedDuration;

use super::built::Built;
use super::store::{self, Store};
use crate::net::{Trouble, process};

pub(super) struct Rsync {
    root: PathBuf,
    /// With a slash at its end.
    to: String,
    ssh: String,
    until: Instant,
}

impl Rsync {
    pub fn new(root: &Path, built: &Built, to: &str, ssh: Option<&str>, until: Instant) -> Result<Rsync, Trouble> {
        if to.starts_with('-') {
            return Err(Trouble::new("`to` begins with a dash"));
        }
        // Without a colon it is a folder of this machine.
        let here = root.join(to);
        if !to.contains(':') {
            let there = here.canonicalize().or_else(|error| {
                let parent = here.parent().ok_or(error)?.canonicalize()?;
                Ok::<_, std::io::Error>(parent.join(here.file_name().unwrap_or_default()))
            });
            if let Ok(there) = there {
                store::refuse(&there, root, built, to)?;
            }
        }
        // Nobody is there to answer questions.
        let ssh = format!("{} -o BatchMode=yes -o ConnectTimeout=20", ssh.unwrap_or("ssh"));
        let to = if to.ends_with('/') { to.to_owned() } else { format!("{to}/") };
        Ok(Rsync { root: root.to_owned(), to, ssh, until })
    }

    fn run(&self, arguments: &[&str], from: &str, to: &str, names: &str) -> Result<process::Ended, Trouble> {
        let mut command = Command::new("rsync");
        command.arg("-rt").args(["--chmod=D755,F644", "-e", &self.ssh]).args(arguments).arg("--").arg(from).arg(to);
        command.current_dir(&self.root);
        let left = self.until.saturating_duration_since(Instant::now());
        let left = SignedDuration::try_from(left).unwrap_or(SignedDuration::ZERO);
        process::run(command, names.as_bytes(), left)
    }

    fn must(&self, arguments: &[&str], from: &str, names: &str) -> Result<(), Trouble> {
        let ended = self.run(arguments, from, &self.to, names)?;
        match ended.success {
            true => Ok(()),
            false => Err(Trouble::new(format!("rsync ended with {}: {}", ended.status, ended.last_words()))),
        }
    }
}

impl Store for Rsync {
    fn read(&self, path: &str) -> Result<Option<Vec<u8>>, Trouble> {
        let here = tempfile::tempdir().map_err(|error| Trouble::new(format!("no room for a file: {error}")))?;
        let to = format!("{}/", here.path().display());
        let ended = self.run(&[], &format!("{}{path}", self.to), &to, "")?;
        if let Ok(bytes) = std::fs::read(here.path().join(path)) {
            return Ok(Some(bytes));
        }
        // 23: "partial transfer": it is not there. All else is trouble.
        match ended.success || ended.status == "exit status 23" || ended.status == "exit status 3" {
            true => Ok(None),
            false => Err(Trouble::new(format!("rsync ended with {}: {}", ended.status, ended.last_words()))),
        }
    }

    fn put(&self, built: &Built, paths: &[String]) -> Result<(), Trouble> {
        // What is sent is what was built: a build that is under way shows here.
        for path in paths {
            built.bytes(path)?;
        }
        let names: String = paths.iter().map(|path| format!("{path}\n")).collect();
        // `--checksum`: a rebuilt file may have its old time and length.
        let arguments = ["--files-from=-", "--checksum", "--delay-updates"];
        self.must(&arguments, &format!("{}/", built.folder.display()), &names)
    }

    fn put_bytes(&self, path: &str, bytes: &[u8]) -> Result<(), Trouble> {
        let here = tempfile::tempdir().map_err(|error| Trouble::new(format!("no room for a file: {error}")))?;
        let file = here.path().join(path);
        std::fs::write(&file, bytes).map_err(|error| Trouble::new(format!("no room for a file: {error}")))?;
        self.must(&["--checksum"], &file.display().to_string(), "")
    }

    fn remove(&self, built: &Built, paths: &[String]) -> Result<(), Trouble> {
        let kept: BTreeSet<&Path> = built.files.keys().flat_map(|path| folders(path)).collect();
        let mut gone: BTreeMap<usize, Vec<&Path>> = BTreeMap::new();
        for folder in paths.iter().flat_map(|path| folders(path)).collect::<BTreeSet<_>>() {
            if !kept.contains(folder) {
                gone.entry(folder.components().count()).or_default().push(folder);
            }
        }
        let files: Vec<&Path> = paths.iter().map(Path::new).collect();
        self.take_away(&files)?;
        // The deepest first. One in which others put something stays.
        gone.into_values().rev().try_for_each(|folders| self.take_away(&folders))
    }
}

impl Rsync {
    /// What is named and is not here is taken away there.
    fn take_away(&self, paths: &[&Path]) -> Result<(), Trouble> {
        let failed = |error: std::io::Error| Trouble::new(format!("no room for a folder: {error}"));
        let here = tempfile::tempdir().map_err(failed)?;
        for parent in paths.iter().filter_map(|path| path.parent()) {
            // Else it would be taken for gone too.
            std::fs::create_dir_all(here.path().join(parent)).map_err(failed)?;
        }
        let names: String = paths.iter().map(|path| format!("{}\n", path.display())).collect();
        let arguments = ["--files-from=-", "--delete-missing-args", "--omit-dir-times"];
        self.must(&arguments, &format!("{}/", here.path().display()), &names)
    }
}

/// The folders that a path lies in, from the site's root.
fn folders(path: &str) -> impl Iterator<Item = &Path> {
    Path::new(path).ancestors().skip(1).filter(|folder| !folder.as_os_str().is_empty())
}
