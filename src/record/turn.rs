//! One process at a time does what must not be done twice at once: announce, publish, run in a loop.

use std::fs::{File, OpenOptions, TryLockError};
use std::path::Path;

use super::{RecordError, place};
use crate::model::Slug;

/// The right to do it, until it is dropped or the process ends, however it ends.
#[derive(Debug)]
pub struct Turn {
    _lock: File,
}

/// What one process at a time does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Doing<'a> {
    Announcing,
    /// To this place.
    Publishing(&'a Slug),
    Running,
}

impl Doing<'_> {
    /// Beside the raw log, which is this machine's own and never committed.
    fn path(self) -> String {
        match self {
            Doing::Announcing => "history/log/.announcing".to_owned(),
            Doing::Publishing(place) => format!("history/log/.publishing-{place}"),
            Doing::Running => "history/log/.running".to_owned(),
        }
    }
}

impl Turn {
    /// Takes the turn; `None` while another process of this machine has it.
    ///
    /// # Errors
    ///
    /// Where `history/log/` cannot be written.
    pub fn take(root: &Path, doing: Doing<'_>) -> Result<Option<Turn>, RecordError> {
        // It makes the folder, and keeps it out of git.
        drop(place::prepare(root)?);
        let path = doing.path();
        let file = OpenOptions::new().create(true).truncate(false).write(true).open(root.join(&path));
        let file = file.map_err(RecordError::writing(&path))?;
        match file.try_lock() {
            // A system that cannot lock has nobody else either, as far as we can know.
            Ok(()) | Err(TryLockError::Error(_)) => Ok(Some(Turn { _lock: file })),
            Err(TryLockError::WouldBlock) => Ok(None),
        }
    }
}
