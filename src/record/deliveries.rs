//! Deliveries: what is about to be sent and what became of it, written down before anything else is done.

use std::path::Path;

use super::{RecordError, place};
use crate::load::history::deliveries::{self, Line};
use crate::model::Deliveries;

/// Appends these lines, each to the file that it belongs to, and waits until the disk has them.
pub(super) fn append(root: &Path, lines: &[Line]) -> Result<(), RecordError> {
    for path in [deliveries::PATH, deliveries::ALARMS_PATH] {
        let text: String = lines.iter().filter(|line| path_of(line) == path).map(Line::text).collect();
        if !text.is_empty() {
            let known = place::read(root, path).map_err(RecordError::writing(path))?;
            place::append(root, path, &known, text.as_bytes()).map_err(RecordError::writing(path))?;
        }
    }
    Ok(())
}

/// What is known now, while nobody else writes.
pub(super) fn read(root: &Path) -> Deliveries {
    deliveries::read_deliveries(root).value
}

/// Alarms are nobody's business but the staff's.
fn path_of(line: &Line) -> &'static str {
    if line.news.starts_with("alarm/") { deliveries::ALARMS_PATH } else { deliveries::PATH }
}
