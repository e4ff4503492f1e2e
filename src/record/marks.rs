//! Two kinds of marks beside the raw log, which are lost with it.
//!
//! `.grown-<day>` of a collector: the log says something new about a day that is over, so it is sealed once more.
//! `.sealed-<day>` of a feed: its log was so many bytes long when the day's rows were made of it. As long as it is no
//! shorter it holds all that they were made of, and rows made of it now say more.

use std::collections::BTreeSet;
use std::fs;

use jiff::civil::Date;

use super::{RecordError, Recorder, place};
use crate::load::history::log::{self, LogFile};
use crate::load::history::names;
use crate::model::Slug;

/// The days that are marked as grown.
pub(super) fn grown(recorder: &Recorder) -> BTreeSet<Date> {
    let names = names(&recorder.root, &format!("history/log/{}", recorder.collector));
    names.iter().filter_map(|name| name.strip_prefix(".grown-")?.parse().ok()).collect()
}

/// Takes such a mark away.
pub(super) fn forget_grown(recorder: &Recorder, day: Date) -> Result<(), RecordError> {
    let path = grown_path(&recorder.collector, day);
    place::remove(&recorder.root, &path).map_err(RecordError::writing(&path))
}

/// Says that the log has grown: of the days that new facts are about, and of all later ones that have a log, since what
/// held at midnight and when a monitor was first heard of may have changed.
pub(super) fn grow(recorder: &Recorder, about: BTreeSet<Date>) -> Result<(), RecordError> {
    let today = recorder.today();
    let Some(&since) = about.first().filter(|&&since| since < today) else { return Ok(()) };
    let files = log::files(&recorder.root).into_iter().filter(|file| file.collector == recorder.collector);
    let mut days: BTreeSet<Date> = files.map(|file| file.day).filter(|&day| day > since).collect();
    days.extend(about);
    let known = grown(recorder);
    for day in days.into_iter().filter(|day| *day < today && !known.contains(day)) {
        let path = grown_path(&recorder.collector, day);
        place::replace(&recorder.root, &path, b"").map_err(RecordError::writing(&path))?;
    }
    Ok(())
}

/// Whether a feed's log holds all that the rows of a day were made of.
pub(super) fn is_whole(recorder: &Recorder, feed: &Slug, day: Date) -> bool {
    let file = file(recorder, feed, day);
    let mark = place::read(&recorder.root, &sealed_path(&file)).unwrap_or_default();
    let len: Option<u64> = std::str::from_utf8(&mark).ok().and_then(|mark| mark.trim().parse().ok());
    len.is_some_and(|len| len <= len_of(recorder, &file))
}

/// Says that the rows of a day are made of the feed's log as it is now.
pub(super) fn seal(recorder: &Recorder, feed: &Slug, day: Date) -> Result<(), RecordError> {
    let file = file(recorder, feed, day);
    let path = sealed_path(&file);
    let mark = format!("{}\n", len_of(recorder, &file));
    place::replace(&recorder.root, &path, mark.as_bytes()).map_err(RecordError::writing(&path))
}

/// Where it says how long the log of a day was.
pub(super) fn sealed_path(file: &LogFile) -> String {
    format!("history/log/{}/{}/.sealed-{}", file.collector, file.feed, file.day)
}

fn grown_path(collector: &Slug, day: Date) -> String {
    format!("history/log/{collector}/.grown-{day}")
}

fn file(recorder: &Recorder, feed: &Slug, day: Date) -> LogFile {
    LogFile { collector: recorder.collector.clone(), feed: feed.clone(), day }
}

/// Nothing is 0 bytes long.
fn len_of(recorder: &Recorder, file: &LogFile) -> u64 {
    fs::metadata(recorder.root.join(file.path())).map_or(0, |meta| meta.len())
}
