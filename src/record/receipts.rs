//! Receipts: what was seen live, and when.

use std::path::Path;

use jiff::Timestamp;

use super::{RecordError, place};
use crate::load::history::receipts::{self, Receipt};

/// Appends one line of what is not known to have been live by then.
pub(super) fn append(root: &Path, url: &str, at: Timestamp, live: &[String]) -> Result<usize, RecordError> {
    let bytes = place::read(root, receipts::PATH).map_err(RecordError::writing(receipts::PATH))?;
    let known = receipts::fold(&bytes).value;
    let is_new = |address: &&String| known.get(*address).is_none_or(|first| *first > at);
    let new: Vec<String> = live.iter().filter(is_new).cloned().collect();
    let count = new.len();
    if count > 0 {
        let line = Receipt::new(at, url, new).line();
        place::append(root, receipts::PATH, &bytes, line.as_bytes()).map_err(RecordError::writing(receipts::PATH))?;
    }
    Ok(count)
}
