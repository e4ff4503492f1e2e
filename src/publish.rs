//! The built folder → where it is served.
//!
//! Only what changed is sent, in the order of a build: what is linked before what links to it, the front page last of the
//! pages, and removals after all of them, so that no reader meets half a site. What was sent is remembered at the place itself,
//! beside the site ([`SENT`]), and is known to be under way before the first file of it is: whoever is killed half-way leaves
//! nothing that the next one does not know.
//!
//! [`built`] reads the folder, [`plan`] says what to send, [`store`] is what a place must be able to do; a file for each
//! kind of place. [`live`] and [`fetch_back`] look at what is really served.

pub mod built;
mod command;
pub mod fetch_back;
mod folder;
mod git;
pub mod live;
pub mod media;
pub mod plan;
mod rsync;
mod s3;
pub mod store;

use std::path::Path;
use std::time::{Duration, Instant};

use crate::model::{Destination, PublishTarget};
use crate::net::Trouble;
use built::Built;

pub use plan::SENT;

/// What was done at one place, in files.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sent {
    pub new: usize,
    pub changed: usize,
    pub removed: usize,
    /// Whether it is known at all: a command of the operator's own does not say.
    pub is_known: bool,
}

/// How to send.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    /// What changed since the last time.
    Changes,
    /// Every file, whatever the place says that it has.
    All,
    /// Nothing: only say what would be sent.
    Rehearse,
}

/// Sends the folder to one place. `root` is the site's folder.
///
/// # Errors
///
/// Why it could not be sent, or not all of it; the next time sends the rest.
pub fn send(root: &Path, built: &Built, target: &PublishTarget, how: How) -> Result<Sent, Trouble> {
    let timeout = Duration::try_from(target.timeout).unwrap_or_default();
    let until = Instant::now().checked_add(timeout).unwrap_or_else(Instant::now);
    match &target.to {
        Destination::Folder { path } => {
            // A rehearsal makes no folder either.
            if how == How::Rehearse && !root.join(path).exists() {
                return Ok(Sent { new: built.files.len(), is_known: true, ..Sent::default() });
            }
            let folder = folder::Folder::new(root, &target.id, path, built)?;
            if how != How::Rehearse {
                folder.sweep();
            }
            store::send(built, &folder, how)
        }
        Destination::Rsync { to, ssh } => {
            store::send(built, &rsync::Rsync::new(root, built, to, ssh.as_deref(), until)?, how)
        }
        Destination::S3(s3) => store::send(built, &s3::Bucket::new(root, s3, until)?, how),
        Destination::Git { remote, branch, folder } => {
            git::send(root, built, &git::Branch { id: &target.id, remote, branch, folder, until }, how)
        }
        Destination::Command { .. } if how == How::Rehearse => Ok(Sent::default()),
        Destination::Command { command } => command::send(root, built, target, command),
    }
}
