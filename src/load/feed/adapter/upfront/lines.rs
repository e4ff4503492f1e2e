//! A log: NDJSON (one JSON object a line), which a shell script can write.

use super::taker::{self, Bad, Taker};
use crate::diag::{LineColumn, Loaded, Severity};
use crate::load::feed::Reading;

/// The longest line, in bytes without its end.
const LINE_BYTES_MAX: usize = 4096;

/// Reads a log. A last line that is not whole is what a writer that was killed leaves: it is told and ignored. Any other
/// bad line is told with its number and skipped. Empty lines are nothing.
pub(crate) fn read_lines(name: &str, bytes: &[u8]) -> Loaded<Reading> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let mut taker = Taker::new(name);
    // A line with all keys is about 130 bytes long, one without place and message 70.
    taker.reading.results.reserve(bytes.len() / 128);
    let mut start = 0;
    let mut number = 0;
    for end in memchr::memchr_iter(b'\n', bytes) {
        number += 1;
        take_line(&mut taker, bytes.get(start..end).unwrap_or_default(), number, true);
        start = end + 1;
    }
    take_line(&mut taker, bytes.get(start..).unwrap_or_default(), number + 1, false);
    let (value, diagnostics) = taker.finish();
    Loaded { value, diagnostics }
}

/// Whether it is a log and not a feed: by the file's name, or because its first line is a whole object that is no feed.
pub(super) fn is_log(name: &str, bytes: &[u8]) -> bool {
    let name = name.to_ascii_lowercase();
    if [".ndjson", ".jsonl", ".log"].iter().any(|ending| name.ends_with(ending)) {
        return true;
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes).trim_ascii_start();
    let end = memchr::memchr(b'\n', bytes).unwrap_or(bytes.len());
    let line = bytes.get(..end.min(LINE_BYTES_MAX)).unwrap_or_default();
    taker::parse(line).is_ok_and(|object| {
        [&object.monitor, &object.from, &object.feed, &object.id].into_iter().any(|key| key.get().is_some())
    })
}

fn take_line(taker: &mut Taker<'_>, line: &[u8], number: usize, ended: bool) {
    let line = line.trim_ascii();
    if line.is_empty() {
        return;
    }
    let told = match too_long(line).map_or_else(|| taker::parse(line), Err) {
        Ok(object) => taker.take(&object).map_err(|bad| (bad, 1)),
        Err((bad, at)) => Err((bad, at.column)),
    };
    let Err((bad, column)) = told else { return };
    let at = || LineColumn { line: number, column };
    if ended {
        taker.tell(Severity::Error, bad, at, "this line is skipped");
    } else {
        let bad = Bad::new(format!("the last line is not whole: {}", bad.message), "end each line with a line feed");
        taker.tell(Severity::Warning, bad, at, "it is ignored");
    }
}

fn too_long(line: &[u8]) -> Option<(Bad, LineColumn)> {
    let bad = || Bad::new(format!("this line is longer than {LINE_BYTES_MAX} bytes"), "shorten the message");
    (line.len() > LINE_BYTES_MAX).then(|| (bad(), LineColumn { line: 1, column: LINE_BYTES_MAX }))
}
