//! Where in the raw log a result stands, for whoever wants to look at it.

use std::path::Path;

use jiff::Timestamp;

use super::log::{self, FILE_BYTES_MAX};
use super::{lines, read};
use crate::model::{MonitorRef, day_of_ms};

/// `history/log/main/own/2026-11-24.ndjson:1204`: the line of that result of a monitor (Unix ms, from that place), in the
/// log of the first collector that has it. `None` where the log does not hold it, or no longer.
pub fn log_line(root: &Path, monitor: &MonitorRef, place: Option<&str>, at_ms: i64) -> Option<String> {
    let day = day_of_ms(at_ms)?;
    let at = Timestamp::from_millisecond(at_ms).ok()?;
    // The log's own spelling of both, as `load::feed::adapter::upfront` writes them.
    let of_monitor = format!("\"monitor\":\"{}\"", monitor.monitor);
    let of_moment = format!("\"at\":\"{at}\"");
    let of_place = place.and_then(|place| Some(format!("\"location\":{}", serde_json::to_string(place).ok()?)));
    let is_there = |line: &[u8]| of_place.as_ref().is_none_or(|of_place| has(line, of_place));
    let files = log::files(root).into_iter().filter(|file| file.feed == monitor.feed && file.day == day);
    for file in files {
        let path = file.path();
        let Ok(bytes) = read(root, &path, FILE_BYTES_MAX) else { continue };
        let is_it = |line: &[u8]| has(line, &of_moment) && has(line, &of_monitor) && is_there(line);
        if let Some((number, _)) = lines(&bytes).find(|(_, line)| is_it(line)) {
            return Some(format!("{path}:{number}"));
        }
    }
    None
}

fn has(line: &[u8], text: &str) -> bool {
    memchr::memmem::find(line, text.as_bytes()).is_some()
}
