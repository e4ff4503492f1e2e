//! The raw log: a line for each new fact, in the file of the UTC day of its own time.
//!
//! A stretch that is open stands in the file of each day on which it was still so; one that ended, on the day of its end.
//! What comes late may change any day since: these are marked before it is written, and sealed once more.
//!
//! How a monitor is set up stands in the file of each day on which it was said, again where it has changed.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use jiff::civil::Date;

use super::{EARLIER_DAYS, RecordError, Recorder, before, marks, place};
use crate::load::feed::adapter::upfront::{Line, read_lines, write_line};
use crate::load::feed::{ReadMonitor, Reading};
use crate::load::history::log::{self, LogFile};
use crate::model::{CheckStatus, Feed, Heartbeat, MonitorId, Span, day_of_ms};

/// How often a collector is taken to ask at least and at most, in seconds, as far as its own heartbeats say.
const EVERY_S: Range<i64> = 60..900;

/// What of a reading was new.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Logged {
    /// Results and stretches that the log did not hold.
    pub new: usize,
    /// The newest result of the reading, new or not, Unix ms.
    pub newest_ms: Option<i64>,
    /// How many results there are of days that are closed for good, known ones among them; see [`late`](super::late).
    pub old: BTreeMap<(MonitorId, Date), u32>,
}

/// Of a fact about a monitor's state the first and the last day that it is about; of other lines nothing.
type About = Option<(Date, Date)>;

/// The lines of one day, on their way.
#[derive(Default)]
struct Day {
    text: Vec<u8>,
    /// Each with its line feed.
    lines: Vec<(Range<usize>, About)>,
}

/// What is to be appended to the file of a day.
struct New {
    text: Vec<u8>,
    /// How many facts are in it.
    facts: usize,
    /// The days that they are about.
    days: BTreeSet<Date>,
}

pub(super) fn append(recorder: &Recorder, feed: &Feed, reading: &Reading) -> Result<Logged, RecordError> {
    let now_ms = recorder.now.as_millisecond();
    let newest_ms = reading.results.iter().map(|result| result.at_ms).max();
    let mut logged = Logged { newest_ms, ..Logged::default() };
    let mut days: BTreeMap<Date, Day> = BTreeMap::new();
    let first = recorder.first_kept();
    for result in &reading.results {
        match day_of_ms(result.at_ms) {
            Some(day) if day >= first => days.entry(day).or_default().push(Line::Result(result), Some((day, day))),
            Some(day) if result.status != CheckStatus::Paused => {
                *logged.old.entry((result.monitor.clone(), day)).or_default() += 1;
            }
            _ => {}
        }
    }
    for read in &reading.spans {
        let Span { from_ms, to_ms, .. } = read.span;
        let last = day_of_ms(to_ms.unwrap_or(now_ms).min(now_ms).max(from_ms));
        // Sources tell of stretches that ended long ago as long as they know of them: nothing is lost with these.
        if let Some(last) = last.filter(|&last| last >= first) {
            let since = day_of_ms(from_ms).unwrap_or(first).clamp(first, last);
            days.entry(last).or_default().push(Line::Span(read), Some((since, last)));
        }
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
        for path in [file.path(), marks::sealed_path(&file)] {
            place::remove(&recorder.root, &path)
                .map_err(|error| RecordError { doing: format!("could not remove `{path}`"), error })?;
        }
    }
    Ok(())
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
    let new = lines.finish();
    if new.text.is_empty() {
        return Ok(0);
    }
    // Before the lines themselves: should we be stopped in between, a day is made once more for nothing.
    marks::grow(recorder, new.days)?;
    place::append(root, &path, &known, &new.text).map_err(RecordError::writing(&path))?;
    Ok(new.facts)
}

impl Day {
    fn push(&mut self, line: Line<'_>, about: About) {
        let start = self.text.len();
        write_line(&mut self.text, line);
        self.lines.push((start..self.text.len(), about));
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
                self.lines.push((line, None));
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
                self.push(Line::Heartbeat { feed: feed.id.as_str(), heartbeat }, None);
            }
        }
        // What a file said hours ago is known as of then, however often it is read: a dead source must not look alive.
        let moments = [reading.generated, reading.expires].into_iter().flatten().map(|at| at.as_millisecond());
        let now_ms = moments.fold(now_ms, i64::min);
        if day_of_ms(now_ms) == Some(recorder.today()) && beats.insert(now_ms) {
            let every_s = feed.interval.map_or_else(|| every_s(now_ms, last_ms), |interval| interval.as_secs());
            let every_s = u32::try_from(every_s.clamp(1, 86_400)).unwrap_or_default();
            let heartbeat = Heartbeat { at_ms: now_ms, every_s, monitors: count_monitors(reading) };
            self.push(Line::Heartbeat { feed: feed.id.as_str(), heartbeat: &heartbeat }, None);
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
                && let (Some(slot), Some((_, about))) = (is_known.get_mut(found), self.lines.get(found))
            {
                *slot = about.is_some();
            }
        }
        let mut is_known = is_known.into_iter();
        self.lines.retain(|_| !is_known.next().unwrap_or_default());
    }

    fn finish(self) -> New {
        let mut text = Vec::with_capacity(self.text.len());
        for (range, _) in &self.lines {
            text.extend(self.text.get(range.clone()).unwrap_or_default());
        }
        let mut days = BTreeSet::new();
        let mut facts = 0;
        for &(first, last) in self.lines.iter().filter_map(|(_, about)| about.as_ref()) {
            facts += 1;
            if first < last || !days.contains(&first) {
                days.extend(first.series(jiff::Span::new().days(1)).take_while(|&day| day <= last));
            }
        }
        New { text, facts, days }
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
