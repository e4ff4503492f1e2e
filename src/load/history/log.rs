//! The raw log: `history/log/<collector>/<feed>/<yyyy-mm-dd>.ndjson`, lines of our own log
//! ([`upfront`](crate::load::feed::adapter::upfront)), each in the file of the UTC day of its own time.

use std::collections::BTreeMap;
use std::path::Path;

use jiff::civil::Date;
use rayon::prelude::*;

use super::{names, read};
use crate::diag::{Diagnostic, Loaded};
use crate::load::feed::Reading;
use crate::load::feed::adapter::upfront::read_lines;
use crate::load::fold::Fold;
use crate::model::{Heartbeat, Slug, day_start_ms};

/// The longest file: two million results.
pub(crate) const FILE_BYTES_MAX: u64 = 256 << 20;

/// How much of the end of a day is read for what still holds at midnight, in bytes: more than half an hour of fifty
/// monitors that run every minute.
const TAIL_BYTES: usize = 256 << 10;

/// And how many lines of each monitor at least: one that runs every hour or day still holds at midnight as well, and three
/// of them tell how often it runs.
const TAIL_LINES: u32 = 3;

/// One file of the log.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct LogFile {
    pub collector: Slug,
    pub feed: Slug,
    /// UTC.
    pub day: Date,
}

/// How much of a file is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    Whole,
    /// Its last lines, and the last ones of each monitor.
    End,
}

/// What the log says, folded.
#[derive(Default)]
pub(crate) struct Logs {
    pub fold: Fold,
    /// Of each feed, in no particular order.
    pub heartbeats: BTreeMap<Slug, Vec<Heartbeat>>,
}

impl LogFile {
    /// Where it is, from the site's folder.
    pub(crate) fn path(&self) -> String {
        let LogFile { collector, feed, day } = self;
        format!("history/log/{collector}/{feed}/{day}.ndjson")
    }
}

/// Every file of the log, by collector, feed and day.
pub(crate) fn files(root: &Path) -> Vec<LogFile> {
    let mut files = Vec::new();
    for collector in names(root, "history/log").iter().filter_map(|name| Slug::new(name)) {
        for feed in names(root, &format!("history/log/{collector}")).iter().filter_map(|name| Slug::new(name)) {
            let days = names(root, &format!("history/log/{collector}/{feed}"));
            let days = days.iter().filter_map(|name| day_of(name));
            files.extend(days.map(|day| LogFile { collector: collector.clone(), feed: feed.clone(), day }));
        }
    }
    files
}

/// Reads files of the log. What is later than `until_ms` (Unix ms) has not happened yet.
pub(crate) fn read_logs(root: &Path, files: &[(LogFile, Part)], until_ms: i64) -> Loaded<Logs> {
    let read_one = |(file, part): &(LogFile, Part)| {
        let Loaded { value: mut reading, diagnostics } = read_file(root, file, *part);
        let beats = std::mem::take(&mut reading.heartbeats);
        take_out_later(&mut reading, until_ms);
        let mut fold = Fold::default();
        fold.add_as_of(&file.feed, reading, day_start_ms(file.day).unwrap_or_default());
        (fold, beats, diagnostics)
    };
    let parts: Vec<(Fold, Vec<Heartbeat>, Vec<Diagnostic>)> = files.par_iter().map(read_one).collect();
    let mut logs = Logs::default();
    let mut diagnostics = Vec::new();
    for ((file, _), (fold, beats, told)) in files.iter().zip(parts) {
        logs.fold.merge(fold);
        let beats = beats.into_iter().filter(|beat| beat.at_ms <= until_ms);
        logs.heartbeats.entry(file.feed.clone()).or_default().extend(beats);
        diagnostics.extend(told);
    }
    Loaded { value: logs, diagnostics }
}

fn take_out_later(reading: &mut Reading, until_ms: i64) {
    reading.results.retain(|result| result.at_ms <= until_ms);
    reading.spans.retain(|read| read.span.from_ms <= until_ms);
}

fn day_of(name: &str) -> Option<Date> {
    let day = name.strip_suffix(".ndjson").filter(|day| day.len() == "2026-11-24".len())?;
    day.parse().ok()
}

fn read_file(root: &Path, file: &LogFile, part: Part) -> Loaded<Reading> {
    let path = file.path();
    match part {
        Part::Whole => match read(root, &path, FILE_BYTES_MAX) {
            Ok(bytes) => read_lines(&path, &bytes),
            Err(told) => Loaded { value: Reading::default(), diagnostics: told.into_iter().collect() },
        },
        // What is wrong with it was told while its day was open.
        Part::End => {
            let bytes = read(root, &path, FILE_BYTES_MAX).unwrap_or_default();
            Loaded { value: read_lines("", &tail(&bytes)).value, diagnostics: Vec::new() }
        }
    }
}

/// The last lines of a file, in their order.
fn tail(bytes: &[u8]) -> Vec<u8> {
    let whole = bytes.len().saturating_sub(TAIL_BYTES);
    let mut seen: BTreeMap<&[u8], u32> = BTreeMap::new();
    let mut kept: Vec<&[u8]> = Vec::new();
    let mut end = bytes.len();
    while end > 0 {
        let start = memchr::memrchr(b'\n', bytes.get(..end - 1).unwrap_or_default()).map_or(0, |at| at + 1);
        let line = bytes.get(start..end).unwrap_or_default();
        let of_monitor = seen.entry(name_in(line)).or_default();
        *of_monitor += 1;
        if start >= whole || *of_monitor <= TAIL_LINES {
            kept.push(line);
        }
        end = start;
    }
    kept.reverse();
    kept.concat()
}

/// The first key of a line with its text, such as `{"monitor":"imap"`: our own lines begin with whom they are about.
fn name_in(line: &[u8]) -> &[u8] {
    let end = memchr::memchr_iter(b'"', line).nth(3).map_or(line.len(), |quote| quote + 1);
    line.get(..end).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_day_before_the_last_lines_are_read_and_the_last_three_of_a_slow_monitor() {
        let line = |monitor: &str, n: usize| format!("{{\"monitor\":\"{monitor}\",\"at\":\"{n:0>40}\"}}\n");
        let slow: Vec<String> = (0..5).map(|n| line("slow", n)).collect();
        let fast: Vec<String> = (0..9000).map(|n| line("fast", n)).collect();
        let tail = tail([slow.concat(), fast.concat()].concat().as_bytes());
        let tail = String::from_utf8_lossy(&tail).into_owned();
        let fast = tail.strip_prefix(&slow[2..].concat());
        assert!(fast.is_some_and(|fast| fast.len() <= TAIL_BYTES && fast.ends_with(&line("fast", 8999))));
    }
}
