//! Sealing: the raw log of a day → its rows.
//!
//! A day is sealed 36 hours after its end, of the log of this collector alone, whose rows nobody else writes. It is made
//! again as long as its log is there and has grown, so that what comes late counts as if it had come in time. Only where
//! the log was lost meanwhile does the old row know more, and stays. Lines that are not understood stay where they are.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::civil::Date;
use rayon::prelude::*;

use super::{EARLIER_DAYS, Logged, RecordError, Recorder, before, marks, place};
use crate::derive::day::{day_row, knows_nothing};
use crate::diag::{Code, Diagnostic, Loaded};
use crate::load::history::log::{LogFile, Logs, Part, files, read_logs};
use crate::load::history::row::{self, Names};
use crate::load::history::{days, is_conflict_marker, lines};
use crate::load::set_first;
use crate::model::{DAY_MS, DayRow, DayState, MonitorId, MonitorRef, Monitoring, Series, Slug, day_start_ms};

/// How long after its end a day is sealed, in ms: until then results may come late.
const WAIT_MS: i64 = 36 * 3_600_000;

/// A day whose file was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sealed {
    pub day: Date,
    /// How many of its rows are of this collector.
    pub rows: usize,
}

pub(super) fn seal(recorder: &Recorder, monitoring: &Monitoring) -> Result<Loaded<Vec<Sealed>>, RecordError> {
    let own: Vec<LogFile> =
        files(&recorder.root).into_iter().filter(|file| file.collector == recorder.collector).collect();
    let grown = marks::grown(recorder);
    let due = due(recorder, &own, &grown, monitoring);
    let Loaded { value: mut rows, diagnostics } = rows(recorder, own, &due, monitoring);
    rows.extend(imported_rows(recorder, monitoring));
    let mut sealed = Vec::new();
    // Also those of which nothing is left to say.
    let mut by_day: BTreeMap<Date, Vec<DayRow>> = due.iter().map(|&day| (day, Vec::new())).collect();
    for row in rows {
        by_day.entry(row.day).or_default().push(row);
    }
    for (day, new) in by_day {
        // What could not be read of the log is not taken for what it does not say.
        let made_of_log = due.contains(&day) && diagnostics.is_empty();
        sealed.extend(write(recorder, day, new, made_of_log)?);
    }
    for day in grown.into_iter().filter(|&day| due.contains(&day) || day < recorder.first_kept()) {
        marks::forget_grown(recorder, day)?;
    }
    Ok(Loaded { value: sealed, diagnostics })
}

/// How many results came too late: their day is closed for good, and its row does not know them. Days before a monitor
/// was recorded at all do not count.
pub fn late(feed: &Slug, logged: &Logged, days: &[DayRow]) -> u64 {
    let count = |((monitor, day), &seen): (&(MonitorId, Date), &u32)| {
        let monitor = MonitorRef { feed: feed.clone(), monitor: monitor.clone() };
        let own = || days.iter().filter(|row| row.monitor == monitor && !row.imported);
        let known = own().filter(|row| row.day == *day).map(|row| row.results).max();
        match known {
            Some(known) => seen.saturating_sub(known),
            None if own().next().is_some_and(|first| first.day < *day) => seen,
            None => 0,
        }
    };
    logged.old.iter().map(count).map(u64::from).sum()
}

/// What is told of results that came too late.
pub fn late_telling(feed: &Slug, count: u64) -> Option<Diagnostic> {
    let results = if count == 1 { "a result is".to_owned() } else { format!("{count} results are") };
    let message = format!("feed `{feed}`: {results} older than the {} days that the raw log is kept", super::KEPT_DAYS);
    let told = Diagnostic::warning(Code::HISTORY_LATE, message);
    (count > 0).then(|| {
        told.cure("record more often, or take what is older out of the feed")
            .outcome("left out: its day is sealed for good")
    })
}

/// Whether a day can be sealed now.
fn is_over(recorder: &Recorder, day: Date) -> bool {
    let due_ms = day_start_ms(day).map_or(i64::MAX, |start_ms| start_ms.saturating_add(DAY_MS + WAIT_MS));
    due_ms <= recorder.now.as_millisecond()
}

/// The days that have a log and no row of this collector, or about which something came late.
fn due(recorder: &Recorder, own: &[LogFile], grown: &BTreeSet<Date>, monitoring: &Monitoring) -> BTreeSet<Date> {
    let first = recorder.first_kept();
    let recent = monitoring.days.partition_point(|row| row.day < first);
    let recent = monitoring.days.get(recent..).unwrap_or_default();
    let sealed: BTreeSet<Date> = recent.iter().filter(|row| is_own(recorder, row)).map(|row| row.day).collect();
    let all = own.iter().map(|file| file.day).chain(grown.iter().copied());
    let all = all.filter(|&day| day >= first && is_over(recorder, day));
    all.filter(|day| !sealed.contains(day) || grown.contains(day)).collect()
}

/// The rows of those days, from the log of these and of the days beside them.
fn rows(recorder: &Recorder, own: Vec<LogFile>, due: &BTreeSet<Date>, monitoring: &Monitoring) -> Loaded<Vec<DayRow>> {
    let Some(&first) = due.first() else { return Loaded { value: Vec::new(), diagnostics: Vec::new() } };
    let from = before(first, EARLIER_DAYS);
    let whole = own.into_iter().filter(|file| file.day >= from).map(|file| (file, Part::Whole)).collect::<Vec<_>>();
    let now_ms = recorder.now.as_millisecond();
    let Loaded { value: Logs { fold, mut heartbeats }, diagnostics } = read_logs(&recorder.root, &whole, now_ms);
    for beats in heartbeats.values_mut() {
        beats.sort_unstable();
        beats.dedup();
    }
    let mut series = fold.series();
    set_first(&mut series, &monitoring.days);
    let shard: Arc<str> = recorder.collector.as_str().into();
    let rows_of = |(monitor, series): (&MonitorRef, &Series)| -> Vec<DayRow> {
        let beats = heartbeats.get(&monitor.feed).map_or(&[][..], Vec::as_slice);
        let rows = due.iter().filter_map(|&day| day_row(monitor, series, beats, &shard, day, now_ms));
        rows.filter(|row| !knows_nothing(row)).collect()
    };
    Loaded { value: series.par_iter().flat_map_iter(rows_of).collect(), diagnostics }
}

/// Days that a feed has summed up itself and of which nobody knows more. They came with the feed's answer, so they are of
/// no collector yet.
fn imported_rows(recorder: &Recorder, monitoring: &Monitoring) -> Vec<DayRow> {
    let shard: Arc<str> = recorder.collector.as_str().into();
    let new = monitoring.days.iter().filter(|row| row.shard.is_empty() && is_over(recorder, row.day));
    new.map(|row| DayRow { shard: Arc::clone(&shard), ..row.clone() }).collect()
}

/// Puts rows into the file of their day: all that the log says of it, or some. `None` where it says so already.
fn write(recorder: &Recorder, day: Date, new: Vec<DayRow>, made_of_log: bool) -> Result<Option<Sealed>, RecordError> {
    let path = days::path_of(day);
    let failed = || RecordError::writing(&path);
    let old = place::read(&recorder.root, &path).map_err(failed())?;
    let mut names = Names::default();
    let mut foreign: BTreeSet<&[u8]> = BTreeSet::new();
    let mut rows = Vec::new();
    for (_, line) in lines(&old) {
        match row::parse(line, true, &mut names) {
            Ok(row) if row.day == day => rows.push(row),
            _ if is_conflict_marker(line) => {}
            _ => drop(foreign.insert(line)),
        }
    }
    days::unique(&mut rows);
    let whole = if made_of_log { whole_logs(recorder, day, &rows, &new) } else { BTreeSet::new() };
    take_places(recorder, &mut rows, new, &whole);
    let mut text = Vec::with_capacity(old.len() + 1024);
    rows.iter().for_each(|row| row::write(&mut text, row));
    for line in foreign {
        text.extend(line);
        text.push(b'\n');
    }
    // First the marks: should we be stopped in between, the day is still due.
    for feed in whole {
        marks::seal(recorder, &feed, day)?;
    }
    if text == old {
        return Ok(None);
    }
    place::replace(&recorder.root, &path, &text).map_err(failed())?;
    let own = rows.iter().filter(|row| *row.shard == *recorder.collector.as_str()).count();
    Ok(Some(Sealed { day, rows: own }))
}

/// The feeds whose log holds all that their rows were made of. Where there are none yet, any log does.
fn whole_logs(recorder: &Recorder, day: Date, old: &[DayRow], new: &[DayRow]) -> BTreeSet<Slug> {
    let feeds = |rows: &[DayRow]| -> BTreeSet<Slug> {
        rows.iter().filter(|row| is_own(recorder, row)).map(|row| row.monitor.feed.clone()).collect()
    };
    let (old, new) = (feeds(old), feeds(new));
    let is_whole = |feed: &&Slug| !old.contains(feed) || marks::is_whole(recorder, feed, day);
    old.union(&new).filter(is_whole).cloned().collect()
}

/// Puts rows among those of old. Those of a log that is whole take the places of all that were made of it; otherwise the
/// one that knows more stays.
fn take_places(recorder: &Recorder, rows: &mut Vec<DayRow>, new: Vec<DayRow>, whole: &BTreeSet<Slug>) {
    rows.retain(|row| !is_own(recorder, row) || !whole.contains(&row.monitor.feed));
    for new in new {
        match rows.binary_search_by(|old| row::key(old).cmp(&row::key(&new))) {
            Ok(at) => {
                if let Some(old) = rows.get_mut(at).filter(|old| knows(&new) >= knows(old)) {
                    *old = new;
                }
            }
            Err(at) => rows.insert(at, new),
        }
    }
}

/// Whether a row was made of this collector's log.
fn is_own(recorder: &Recorder, row: &DayRow) -> bool {
    !row.imported && *row.shard == *recorder.collector.as_str()
}

/// How much a row knows: results rather than what somebody else has summed up, how many, and how much of the day.
fn knows(row: &DayRow) -> (bool, u32, Reverse<u32>) {
    let is_unknown = |state: DayState| matches!(state, DayState::Unknown | DayState::NotMonitored);
    let unknown = row.intervals.iter().filter(|interval| is_unknown(interval.state));
    let unknown_s = unknown.map(|interval| interval.to_s.saturating_sub(interval.from_s)).sum();
    (!row.imported, row.results, Reverse(unknown_s))
}
