//! The operator's own way: a command, which gets the folder.
//!
//! `UPFRONT_FOLDER` is the folder, absolute; `UPFRONT_URL` where what is sent there is read, if that is known.

use std::path::Path;

use super::Sent;
use super::built::Built;
use crate::model::PublishTarget;
use crate::net::{Trouble, process};

pub(super) fn send(root: &Path, built: &Built, target: &PublishTarget, command: &str) -> Result<Sent, Trouble> {
    let mut shell = process::shell(command);
    shell.current_dir(root).env("UPFRONT_FOLDER", &built.folder);
    shell.env("UPFRONT_URL", target.url.as_ref().map_or("", |url| url.as_str()));
    let ended = process::run(shell, b"", target.timeout)?;
    match ended.success {
        true => Ok(Sent::default()),
        false => Err(Trouble::new(format!("the command ended with {}: {}", ended.status, ended.last_words()))),
    }
}
