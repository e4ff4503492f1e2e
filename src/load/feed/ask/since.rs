//! From when on a feed is asked: what its log knows already need not be told again.
//!
//! The end of the newest file of the log is enough: whoever recorded last wrote there when that was.

use std::fs::{self, File};
use std::io::{self, Read as _, Seek as _, SeekFrom};
use std::path::{Path, PathBuf};

use super::Question;
use crate::load::feed::adapter::upfront::read_lines;

/// Where there is no log yet.
const FIRST_LOOK_MS: i64 = 24 * 3600 * 1000;

/// Results may come to their source late.
const OVERLAP_MS: i64 = 15 * 60 * 1000;

/// What is older is not kept in the log either.
const LOOK_BACK_MAX_MS: i64 = 14 * 24 * 3600 * 1000;

/// How much of the end of a file is looked at, in bytes.
const TAIL_BYTES: u64 = 64 << 10;

/// Unix time in ms.
pub(super) fn since_ms(question: &Question<'_>) -> i64 {
    let now_ms = question.now.as_millisecond();
    let newest_ms = logs(question).iter().filter_map(|path| newest_ms(path, now_ms)).max();
    let since_ms = newest_ms.map_or(now_ms.saturating_sub(FIRST_LOOK_MS), |newest| newest.saturating_sub(OVERLAP_MS));
    since_ms.max(now_ms.saturating_sub(LOOK_BACK_MAX_MS))
}

/// The newest file of each collector's log of the feed.
fn logs(question: &Question<'_>) -> Vec<PathBuf> {
    let collectors = fs::read_dir(question.root.join("history/log"));
    let folders = collectors.into_iter().flatten().flatten().map(|entry| entry.path().join(question.feed.id.as_str()));
    folders.filter_map(|folder| newest_file(&folder)).collect()
}

/// Days are files' names, so the newest is the last.
fn newest_file(folder: &Path) -> Option<PathBuf> {
    let paths = fs::read_dir(folder).ok()?.flatten().filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_file()));
    paths.map(|entry| entry.path()).filter(|path| path.extension().is_some_and(|ending| ending == "ndjson")).max()
}

/// When its collector asked last; of a log without heartbeats its newest result.
fn newest_ms(path: &Path, now_ms: i64) -> Option<i64> {
    let reading = read_lines("the log", &tail(path).ok()?).value;
    let beats = reading.heartbeats.iter().map(|beat| beat.at_ms).filter(|&at_ms| at_ms <= now_ms).max();
    beats.or_else(|| reading.results.iter().map(|result| result.at_ms).filter(|&at_ms| at_ms <= now_ms).max())
}

/// The last whole lines.
fn tail(path: &Path) -> io::Result<Vec<u8>> {
    let mut file = File::open(path)?;
    let start = file.metadata()?.len().saturating_sub(TAIL_BYTES);
    file.seek(SeekFrom::Start(start))?;
    let mut bytes = Vec::new();
    file.take(TAIL_BYTES).read_to_end(&mut bytes)?;
    if start > 0 {
        let line = memchr::memchr(b'\n', &bytes).map_or(bytes.len(), |end| end + 1);
        bytes.drain(..line);
    }
    Ok(bytes)
}
