//! Feeds and `history/` → [`Monitoring`]: what is read is folded, so that no order and no repetition matters.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};

use super::feed::Reading;
use super::history::days::read_days;
use super::history::ledger::read_ledger;
use super::history::log::{self, LogFile, Part};
use super::history::{self, imported};
use crate::diag::{Diagnostic, Loaded};
use crate::model::{
    Config, DAY_MS, DayRow, DayState, FeedReading, FeedState, MonitorRef, Monitoring, Series, Slug, day_of_ms,
    day_start_ms,
};

/// What to read, and as of when.
#[derive(Clone, Copy, Debug)]
pub struct Ask<'a> {
    pub now: Timestamp,
    /// Whether feeds with an address are asked; otherwise the log says what is known of them.
    pub network: bool,
    /// What came on standard input.
    pub stdin: Option<&'a [u8]>,
    /// Which part of the raw log is read: the last days that are not sealed, or all of it.
    pub log: LogWindow,
}

/// Which part of the raw log is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogWindow {
    /// What builds need: every UTC day that is not sealed, and at least 48 hours.
    Open,
    /// All of it, for `replay`.
    All,
}

/// What one feed said in this run.
#[derive(Debug)]
pub struct FeedAnswer {
    pub feed: Slug,
    pub state: FeedState,
    pub reading: Reading,
}

/// How far ahead of us the clock of a source may be, in ms.
const AHEAD_MAX_MS: i64 = 5 * 60 * 1000;

/// What builds look at of the raw log at least, in ms.
const OPEN_MS: i64 = 2 * DAY_MS;

/// How many days back the raw log can have something that is not sealed.
const UNSEALED_DAYS_MAX: i64 = 16;

/// How many days back pages show latencies.
const LATENCY_DAYS: i64 = 100;

/// Entries of the ledger that are dated later than so long after now are left out.
const LEDGER_AHEAD_MAX: SignedDuration = SignedDuration::from_mins(5);

/// All that monitoring reported: the raw log, the sealed days and the ledger of `history/`, and `answers`, folded.
///
/// Of the raw log the feeds of the config count. The end of the day before the first one is read as well, for what still
/// held at midnight.
pub fn read_monitoring(root: &Path, config: &Config, ask: &Ask<'_>, answers: Vec<FeedAnswer>) -> Loaded<Monitoring> {
    let now_ms = ask.now.as_millisecond();
    let today = day_of_ms(now_ms).unwrap_or_default();
    let mut diagnostics = Vec::new();
    let (days, ledger) = rayon::join(|| read_days(root, before(today, LATENCY_DAYS)), || read_ledger(root));
    let mut days = told(days, &mut diagnostics);
    let mut ledger = told(ledger, &mut diagnostics);
    // A clock that was ahead once must not show tomorrow's outage today.
    ledger.retain(|known| known.detected.duration_since(ask.now) <= LEDGER_AHEAD_MAX);

    let is_known = |file: &LogFile| config.monitoring.feeds.iter().any(|feed| feed.id == file.feed);
    let files: Vec<LogFile> = log::files(root).into_iter().filter(is_known).collect();
    let first_day = match ask.log {
        LogWindow::Open => first_open_day(&files, &days, now_ms),
        LogWindow::All => files.iter().map(|file| file.day).min().unwrap_or(today),
    };
    let until_ms = now_ms.saturating_add(AHEAD_MAX_MS);
    let wanted = parts(files, first_day, day_of_ms(until_ms).unwrap_or(today));
    let mut logs = told(log::read_logs(root, &wanted, until_ms), &mut diagnostics);

    let mut since_ms = day_start_ms(first_day).unwrap_or(now_ms);
    since_ms = since_ms.min(first_answered_ms(&answers, &days).unwrap_or(since_ms));
    let mut states = BTreeMap::new();
    for FeedAnswer { feed, state, mut reading } in answers {
        logs.heartbeats.entry(feed.clone()).or_default().append(&mut reading.heartbeats);
        add_imported(&feed, &reading, first_day, &mut days);
        logs.fold.add_as_of(&feed, reading, now_ms);
        states.insert(feed, state);
    }
    let mut series = logs.fold.series();
    set_first(&mut series, &days);
    let feeds = config.monitoring.feeds.iter().map(|feed| {
        let mut heartbeats = logs.heartbeats.remove(&feed.id).unwrap_or_default();
        heartbeats.sort_unstable();
        heartbeats.dedup();
        let state = states.remove(&feed.id).unwrap_or(FeedState::FromLog);
        FeedReading { feed: feed.id.clone(), state, heartbeats }
    });
    let monitoring = Monitoring { feeds: feeds.collect(), series, since_ms, days, ledger };
    Loaded { value: monitoring, diagnostics }
}

/// The first day of which the log is needed: nothing has sealed it, or it is within the last 48 hours.
fn first_open_day(files: &[LogFile], rows: &[DayRow], now_ms: i64) -> Date {
    let open = day_of_ms(now_ms.saturating_sub(OPEN_MS)).unwrap_or_default();
    let oldest = before(open, UNSEALED_DAYS_MAX);
    let recent = rows.partition_point(|row| row.day < oldest);
    let recent = rows.get(recent..).unwrap_or_default();
    let sealed: BTreeSet<(Date, &str)> = recent.iter().map(|row| (row.day, &*row.shard)).collect();
    let is_open = |file: &&LogFile| file.day >= oldest && !sealed.contains(&(file.day, file.collector.as_str()));
    files.iter().filter(is_open).map(|file| file.day).chain([open]).min().unwrap_or(open)
}

/// The files from `first` to `last` as a whole, and the end of each one before.
fn parts(files: Vec<LogFile>, first: Date, last: Date) -> Vec<(LogFile, Part)> {
    let before = before(first, 1);
    let part = |file: LogFile| match file.day {
        day if day == before => Some((file, Part::End)),
        day if (first..=last).contains(&day) => Some((file, Part::Whole)),
        _ => None,
    };
    files.into_iter().filter_map(part).collect()
}

/// Where nothing was sealed yet, the first result of all answers: a site that records nothing has no other history.
fn first_answered_ms(answers: &[FeedAnswer], days: &[DayRow]) -> Option<i64> {
    if days.iter().any(|row| !row.imported) {
        return None;
    }
    let results = answers.iter().flat_map(|answer| answer.reading.results.iter().map(|result| result.at_ms));
    let spans = answers.iter().flat_map(|answer| answer.reading.spans.iter().map(|read| read.span.from_ms));
    results.chain(spans).min().and_then(|at_ms| day_start_ms(day_of_ms(at_ms)?))
}

/// Days before `first` that a source has summed up itself, where nobody else knows anything of them.
fn add_imported(feed: &Slug, reading: &Reading, first: Date, days: &mut Vec<DayRow>) {
    let new: Vec<DayRow> = imported::rows(feed, reading, "", first)
        .into_iter()
        .filter(|new| days.binary_search_by(|row| (row.day, &row.monitor).cmp(&(new.day, &new.monitor))).is_err())
        .collect();
    if !new.is_empty() {
        days.extend(new);
        history::days::unique(days);
    }
}

/// Says of each monitor when its days began.
pub(crate) fn set_first(series: &mut BTreeMap<MonitorRef, Series>, days: &[DayRow]) {
    let mut unknown = series.len();
    for row in days {
        if unknown == 0 {
            return;
        }
        let Some(series) = series.get_mut(&row.monitor).filter(|series| series.first_ms.is_none()) else { continue };
        let unheard_s =
            row.intervals.first().filter(|first| first.from_s == 0 && first.state == DayState::NotMonitored);
        let start_ms = day_start_ms(row.day);
        series.first_ms = start_ms.map(|start_ms| start_ms + unheard_s.map_or(0, |first| i64::from(first.to_s) * 1000));
        unknown -= 1;
    }
}

fn before(day: Date, days: i64) -> Date {
    day.checked_sub(SignedDuration::from_hours(days.saturating_mul(24))).unwrap_or(Date::MIN)
}

fn told<T>(loaded: Loaded<T>, diagnostics: &mut Vec<Diagnostic>) -> T {
    diagnostics.extend(loaded.diagnostics);
    loaded.value
}

#[cfg(test)]
mod tests;
