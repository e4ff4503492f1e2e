//! The raw log: a line for each new fact, in the file of the UTC day of its own time.
//!
//! A stretch that is open stands in the file of each day on which it was still so; one that ended, on the day of its end.
//! How a monitor is set up stands in the file of each day on which it was said, again where it has changed.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use jiff::civil::Date;

use super::{EARLIER_DAYS, RecordError, Recorder, before, place};
use crate::load::feed::adapter::upfront::{Line, read_lines, write_line};
use crate::load::feed::{ReadMonitor, Reading};
use crate::load::history::log::{self, LogFile};
use crate::model::{Feed, Heartbeat, MonitorId, Slug, day_of_ms};

/// How often a collector is taken to ask at least and at most, in seconds, as far as its own heartbeats say.
const EVERY_S: Range<i64> = 60..900;

/// What of a reading was new.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Logged {
    /// Results and stretches that the log did not hold.
    pub new: usize,
    /// The newest result of the reading, new or not, Unix ms.
    pub newest_ms: Option<i64>,
    /// Results and stretches of days that are closed for good.
    pub late: usize,
}

/// The lines of one day, on their way.
#[derive(Default)]
struct Day {
    text: Vec<u8>,
    /// Each with its line feed; whether it is a fact about a monitor's state.
    lines: Vec<(Range<usize>, bool)>,
}

pub(super) fn append(recorder: &Recorder, feed: &Feed, reading: &Reading) -> Result<Logged, RecordError> {
    let now_ms = recorder.now.as_millisecond();
    let newest_ms = reading.results.iter().map(|result| result.at_ms).max();
    let mut logged = Logged { newest_ms, ..Logged::default() };
    let mut days: BTreeMap<Date, Day> = BTreeMap::new();
    let first = recorder.first_kept();
    let mut put = |at_ms: i64, line: Line<'_>| match day_of_ms(at_ms) {
        Some(day) if day >= first => days.entry(day).or_default().push(line, true),
        _ => logged.late += 1,
    };
    for result in &reading.results {
        put(result.at_ms, Line::Result(result));
    }
    for read in &reading.spans {
        put(read.span.to_ms.unwrap_or(now_ms).min(now_ms).max(read.span.from_ms), Line::Span(read));
    }
    // Today's file is there even where nothing is new: that it was asked is.
    days.entry(recorder.today()).or_default();
    for (day, lines) in days {
        let file = LogFile { collector: recorder.collector.clone(), feed: feed.id.clone(), day };
        logged.new += append_day(recorder, feed, reading, &file, lines)?;
    }
    Ok(logged)
}

/// Takes away the files of days that are too old, those of feeds that are no more included.
pub(super) fn forget(recorder: &Recorder) -> Result<(), RecordError> {
    let first = before(recorder.first_kept(), EARLIER_DAYS);
    let old = log::files(&recorder.root).into_iter();
    for file in old.filter(|file| file.collector == recorder.collector && file.day < first) {
        let path = file.path();
        place::remove(&recorder.root, &path)
            .map_err(|error| RecordError { doing: format!("could not remove `{path}`"), error })?;
    }
    Ok(())
}

/// The sealed days of a collector whose log has grown since.
pub(super) fn grown(recorder: &Recorder) -> BTreeSet<Date> {
    let names = crate::load::history::names(&recorder.root, &format!("history/log/{}", recorder.collector));
    names.iter().filter_map(|name| name.strip_prefix(".grown-")?.parse().ok()).collect()
}

/// Where it says that the log of a day has grown.
pub(super) fn grown_path(collector: &Slug, day: Date) -> String {
    format!("history/log/{collector}/.grown-{day}")
}

/// How many facts were new.
fn append_day(
    recorder: &Recorder,
    feed: &Feed,
    reading: &Reading,
    file: &LogFile,
    mut lines: Day,
) -> Result<usize, RecordError> {
    let root = &recorder.root;
    let path = file.path();
    let known = place::read(root, &path).map_err(RecordError::writing(&path))?;
    if file.day == recorder.today() {
        lines.push_set_up(reading, &known);
        lines.push_heartbeats(recorder, feed, reading, &known);
    }
    lines.keep_new(&known);
    let (text, new) = lines.finish();
    if text.is_empty() {
        return Ok(0);
    }
    if new > 0 && file.day < recorder.today() {
        // Before the lines themselves: should we be stopped in between, the day is made once more for nothing.
        let marker = grown_path(&file.collector, file.day);
        place::replace(root, &marker, b"").map_err(RecordError::writing(&marker))?;
    }
    place::append(root, &path, &known, &text).map_err(RecordError::writing(&path))?;
    Ok(new)
}

impl Day {
    fn push(&mut self, line: Line<'_>, is_fact: bool) {
        let start = self.text.len();
        write_line(&mut self.text, line);
        self.lines.push((start..self.text.len(), is_fact));
    }

    /// How monitors are set up, where that is not what the log said of them last.
    fn push_set_up(&mut self, reading: &Reading, known: &[u8]) {
        let mut said: BTreeMap<MonitorId, &[u8]> = BTreeMap::new();
        for line in known.split_inclusive(|&byte| byte == b'\n').filter(|line| line.starts_with(b"{\"id\":")) {
            said.extend(read_lines("", line).value.monitors.into_iter().map(|monitor| (monitor.id, line)));
        }
        // Of several words about one in the same answer the last one counts.
        let last: BTreeMap<&MonitorId, &ReadMonitor> =
            reading.monitors.iter().map(|monitor| (&monitor.id, monitor)).collect();
        for monitor in last.into_values() {
            let start = self.text.len();
            write_line(&mut self.text, Line::Monitor(monitor));
            let line = start..self.text.len();
            if said.get(&monitor.id).copied() == self.text.get(line.clone()) {
                self.text.truncate(start);
            } else {
                self.lines.push((line, false));
            }
        }
    }

    /// That it was asked now and answered, and what the reading itself knows of that; each moment once.
    fn push_heartbeats(&mut self, recorder: &Recorder, feed: &Feed, reading: &Reading, known: &[u8]) {
        let is_heartbeat = |line: &&[u8]| line.starts_with(b"{\"feed\":");
        let lines = known.split_inclusive(|&byte| byte == b'\n').filter(is_heartbeat);
        let mut beats: BTreeSet<i64> =
            lines.flat_map(|line| read_lines("", line).value.heartbeats).map(|b| b.at_ms).collect();
        let now_ms = recorder.now.as_millisecond();
        let last_ms = beats.range(..now_ms).next_back().copied();
        for heartbeat in &reading.heartbeats {
            if day_of_ms(heartbeat.at_ms) == Some(recorder.today()) && beats.insert(heartbeat.at_ms) {
                self.push(Line::Heartbeat { feed: feed.id.as_str(), heartbeat }, false);
            }
        }
        // What a file said hours ago is known as of then, however often it is read: a dead source must not look alive.
        let moments = [reading.generated, reading.expires].into_iter().flatten().map(|at| at.as_millisecond());
        let now_ms = moments.fold(now_ms, i64::min);
        if day_of_ms(now_ms) == Some(recorder.today()) && beats.insert(now_ms) {
            let every_s = feed.interval.map_or_else(|| every_s(now_ms, last_ms), |interval| interval.as_secs());
            let every_s = u32::try_from(every_s.clamp(1, 86_400)).unwrap_or_default();
            let heartbeat = Heartbeat { at_ms: now_ms, every_s, monitors: count_monitors(reading) };
            self.push(Line::Heartbeat { feed: feed.id.as_str(), heartbeat: &heartbeat }, false);
        }
    }

    /// Leaves out lines that the log holds, and all but one of those that are the same. How monitors are set up is told in
    /// order, so what the log holds of it may have to be said again.
    fn keep_new(&mut self, known: &[u8]) {
        let text = &self.text;
        let line_of = |range: &Range<usize>| text.get(range.clone()).unwrap_or_default();
        self.lines.sort_by(|(a, _), (b, _)| line_of(a).cmp(line_of(b)));
        self.lines.dedup_by(|(a, _), (b, _)| line_of(a) == line_of(b));
        let mut is_known = vec![false; self.lines.len()];
        for line in known.split_inclusive(|&byte| byte == b'\n') {
            if let Ok(found) = self.lines.binary_search_by(|(range, _)| line_of(range).cmp(line))
                && let (Some(slot), Some((_, is_fact))) = (is_known.get_mut(found), self.lines.get(found))
            {
                *slot = *is_fact;
            }
        }
        let mut is_known = is_known.into_iter();
        self.lines.retain(|_| !is_known.next().unwrap_or_default());
    }

    /// The text to append, and how many facts it holds.
    fn finish(self) -> (Vec<u8>, usize) {
        let mut text = Vec::with_capacity(self.text.len());
        for (range, _) in &self.lines {
            text.extend(self.text.get(range.clone()).unwrap_or_default());
        }
        (text, self.lines.iter().filter(|(_, is_fact)| *is_fact).count())
    }
}

/// How often it asks, judged by when it asked before.
fn every_s(now_ms: i64, last_ms: Option<i64>) -> i64 {
    let ago_s = last_ms.map_or(EVERY_S.start, |last_ms| now_ms.saturating_sub(last_ms) / 1000);
    ago_s.clamp(EVERY_S.start, EVERY_S.end)
}

fn count_monitors(reading: &Reading) -> u32 {
    let named = reading.monitors.iter().map(|monitor| &monitor.id);
    let results = reading.results.iter().map(|result| &result.monitor);
    let spans = reading.spans.iter().map(|read| &read.monitor);
    let all: BTreeSet<&MonitorId> = named.chain(results).chain(spans).collect();
    u32::try_from(all.len()).unwrap_or(u32::MAX)
}
