//! A host that is reached with `rsync`, over `ssh`, or a folder by the same means. Several runs, since the order matters; in
//! each, rsync replaces files whole.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use jiff::SignedDuration;

use super::built::Built;
use super::store::Store;
use crate::net::{Trouble, process};

pub(super) struct Rsync {
    root: PathBuf,
    /// With a slash at its end.
    to: String,
    ssh: String,
    until: Instant,
}

impl Rsync {
    pub fn new(root: &Path, to: &str, ssh: Option<&str>, until: Instant) -> Result<Rsync, Trouble> {
        if to.starts_with('-') {
            return Err(Trouble::new("`to` begins with a dash"));
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

    fn remove(&self, paths: &[String]) -> Result<(), Trouble> {
        let here = tempfile::tempdir().map_err(|error| Trouble::new(format!("no room for a file: {error}")))?;
        let names: String = paths.iter().map(|path| format!("{path}\n")).collect();
        // What is named and is not here is taken away there.
        let arguments = ["--files-from=-", "--delete-missing-args"];
        self.must(&arguments, &format!("{}/", here.path().display()), &names)
    }
}
