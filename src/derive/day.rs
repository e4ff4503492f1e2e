//! One UTC day of one monitor, summed up: facts, never verdicts. Sealed days and the days that are still open are made by
//! the same function, so that sealing changes no number.
//!
//! - A result holds from its own time to that of the next one, at most 2 × interval + 30 s; then nothing is known. Results
//!   of several places at the same moment are one, and the worst of them counts.
//! - A monitor fails from its first failing result to the next good one, confirmed or not. A check that could not be made
//!   ends nothing: it neither fails nor is good.
//! - A span says what it says from its start to its end. A source that reports nothing but spans is fine where none says
//!   otherwise, as long as its collector was answered (heartbeats).
//! - Before anything was heard of it, and while it was paused, it was not monitored.
//!
//! Whole seconds, rounded to the nearest. All that this needs of other days is what was still in force at midnight.

mod join;
mod sweep;

use std::sync::Arc;

use jiff::civil::Date;

use self::sweep::{Piece, sweep};
use crate::model::{
    Check, CheckStatus, DAY_MS, DAY_S, DayInterval, DayRow, DayState, Heartbeat, Histogram, MonitorRef, Series, Span,
    day_start_ms,
};

pub use join::join;

/// What a result may be late by, beside its interval, in ms.
const LATE_MS: i64 = 30_000;

/// The row of `day`, as far as it has passed at `now_ms`: from then on it is unknown. `None` where the monitor was not
/// heard of until then. A row of which [`knows_nothing`] is true is worth no line in a file.
pub fn day_row(
    monitor: &MonitorRef,
    series: &Series,
    heartbeats: &[Heartbeat],
    shard: &Arc<str>,
    day: Date,
    now_ms: i64,
) -> Option<DayRow> {
    let start = day_start_ms(day)?;
    let view = View { series, heartbeats, start, end: start.saturating_add(DAY_MS).min(now_ms.saturating_add(1)) };
    let first = view.first_ms()?;
    if first >= view.end || start >= view.end {
        return None;
    }
    let checks = view.checks();
    let counted = || checks.iter().filter(|check| check.status != CheckStatus::Paused);
    let latency = Histogram::of(counted().filter(|c| c.status.is_good()).filter_map(|check| check.latency_us));
    Some(DayRow {
        day,
        monitor: monitor.clone(),
        shard: Arc::clone(shard),
        results: count(counted().count()),
        failing: count(counted().filter(|check| check.status.fails()).count()),
        intervals: view.intervals(first),
        latency: (!latency.is_empty()).then_some(latency),
        imported: false,
    })
}

/// Whether a row holds no result and nothing but unknown time.
pub fn knows_nothing(row: &DayRow) -> bool {
    let unknown = |interval: &DayInterval| matches!(interval.state, DayState::Unknown | DayState::NotMonitored);
    let unknown_s: u32 = row.intervals.iter().filter(|i| unknown(i)).map(|i| i.to_s.saturating_sub(i.from_s)).sum();
    row.results == 0 && unknown_s >= DAY_S
}

fn count(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

/// A monitor within a day. Times in Unix ms.
struct View<'a> {
    series: &'a Series,
    heartbeats: &'a [Heartbeat],
    start: i64,
    /// Of the day, or of what has passed of it.
    end: i64,
}

impl View<'_> {
    /// When it was first heard of. For a source of spans that is no later than its collector's first answer.
    fn first_ms(&self) -> Option<i64> {
        let checks = self.series.checks.first().map(|check| check.at_ms);
        let spans = self.series.spans.first().map(|span| span.from_ms);
        let asked = self.heartbeats.first().map(|beat| beat.at_ms).filter(|_| self.reports_only_spans());
        [self.series.first_ms, checks, spans, asked].into_iter().flatten().min()
    }

    /// The results of the day itself.
    fn checks(&self) -> &[Check] {
        let all = &self.series.checks;
        let from = all.partition_point(|check| check.at_ms < self.start);
        let to = all.partition_point(|check| check.at_ms < self.end);
        all.get(from..to).unwrap_or_default()
    }

    fn reports_only_spans(&self) -> bool {
        let all = &self.series.checks;
        let from = all.partition_point(|check| check.at_ms < self.start.saturating_sub(DAY_MS));
        !self.series.spans.is_empty() && all.get(from).is_none_or(|check| check.at_ms >= self.end)
    }

    fn intervals(&self, first: i64) -> Vec<DayInterval> {
        let mut pieces = self.pieces_of_checks();
        let answered = self.answered();
        pieces.extend(self.series.spans.iter().flat_map(|span| self.pieces_of_span(span, &answered)));
        if self.reports_only_spans() {
            pieces.extend(answered.iter().map(|&(from, to)| Piece { from, to, key: Standing::Up }));
        }
        pieces.push(Piece { from: self.start, to: first.min(self.end), key: Standing::Unheard });
        if self.series.paused {
            let last = self.series.checks.last().map_or(self.start, |check| check.at_ms);
            pieces.push(Piece { from: last, to: self.end, key: Standing::Unheard });
        }
        self.in_seconds(&sweep(pieces, self.start, self.end))
    }

    /// What results say, each from its time on; of equal neighbours one piece.
    fn pieces_of_checks(&self) -> Vec<Piece<Standing>> {
        let reach = self.reach_ms();
        let all = &self.series.checks;
        let from = all.partition_point(|check| check.at_ms <= self.start.saturating_sub(reach));
        let to = all.partition_point(|check| check.at_ms < self.end);
        let mut moments = all.get(from..to).unwrap_or_default().chunk_by(|a, b| a.at_ms == b.at_ms).peekable();
        let mut pieces: Vec<Piece<Standing>> = Vec::new();
        let mut failing: Option<Piece<Standing>> = None;
        while let Some(moment) = moments.next() {
            let Some(at) = moment.first().map(|check| check.at_ms) else { continue };
            let next = moments.peek().and_then(|next| next.first()).map_or(self.end, |next| next.at_ms);
            let until = at.saturating_add(reach).min(next);
            let (standing, until) = match moment.iter().filter_map(|check| Standing::of(check.status)).max() {
                Some(standing) => {
                    let fails = matches!(standing, Standing::Down | Standing::Partial);
                    failing = fails.then_some(Piece { from: at, to: at.saturating_add(reach), key: standing });
                    (standing, until)
                }
                // Not known: what failed last still does, as long as that result holds.
                None => match failing {
                    Some(last) => (last.key, until.min(last.to)),
                    None => continue,
                },
            };
            match pieces.last_mut() {
                Some(last) if last.key == standing && last.to == at => last.to = until,
                _ => pieces.push(Piece { from: at, to: until, key: standing }),
            }
        }
        pieces
    }

    /// What a span says: to its end, or as long as its collector was answered; for ever where nobody says.
    fn pieces_of_span(&self, span: &Span, answered: &[(i64, i64)]) -> Vec<Piece<Standing>> {
        let Some(key) = Standing::of(span.status) else { return Vec::new() };
        let piece = |from: i64, to: i64| Piece { from: from.max(span.from_ms), to, key };
        match span.to_ms {
            Some(to) => vec![piece(self.start, to)],
            None if self.heartbeats.is_empty() => vec![piece(self.start, self.end)],
            None => answered.iter().map(|&(from, to)| piece(from, to)).collect(),
        }
    }

    /// Where a heartbeat holds: to the next one, at most twice as long as it was to come in, and 30 s.
    fn answered(&self) -> Vec<(i64, i64)> {
        let mut covered: Vec<(i64, i64)> = Vec::new();
        let mut beats = self.heartbeats.iter().peekable();
        while let Some(beat) = beats.next() {
            let reach = i64::from(beat.every_s).saturating_mul(2000).saturating_add(LATE_MS);
            let next = beats.peek().map_or(i64::MAX, |next| next.at_ms);
            let to = beat.at_ms.saturating_add(reach).min(next);
            if to <= self.start || beat.at_ms >= self.end {
                continue;
            }
            match covered.last_mut() {
                Some(last) if last.1 == beat.at_ms => last.1 = to,
                _ => covered.push((beat.at_ms, to)),
            }
        }
        covered
    }

    /// How long a result holds. Where the source does not say how often it runs, the results up to the end of the day do:
    /// later ones must not change a day.
    fn reach_ms(&self) -> i64 {
        let all = &self.series.checks;
        let from = all.partition_point(|check| check.at_ms < self.start.saturating_sub(DAY_MS));
        let to = all.partition_point(|check| check.at_ms < self.end);
        let interval = self.series.interval_ms.unwrap_or_else(|| {
            let near = Series { checks: all.get(from..to).unwrap_or_default().to_vec(), ..Series::default() };
            near.interval_or_observed_ms()
        });
        interval.clamp(1000, DAY_MS).saturating_mul(2).saturating_add(LATE_MS)
    }

    fn in_seconds(&self, pieces: &[Piece<Option<Standing>>]) -> Vec<DayInterval> {
        let second = |at: i64| u32::try_from((at - self.start + 500).div_euclid(1000)).unwrap_or(0).min(DAY_S);
        let mut intervals = Intervals::default();
        for piece in pieces {
            let state = piece.key.map_or(Some(DayState::Unknown), Standing::state);
            intervals.push(second(piece.from), second(piece.to), state.map(|state| (state, 1000)));
        }
        // What has not come yet.
        intervals.push(second(self.end), DAY_S, Some((DayState::Unknown, 1000)));
        intervals.0
    }
}

/// What is known of a monitor, by what goes before what. Nothing at all is `None`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Standing {
    /// Not heard of yet, or switched off by what the source says of it now.
    Unheard,
    Up,
    Degraded,
    Partial,
    Down,
    Maintenance,
    Paused,
}

impl Standing {
    /// `None` where the check itself could not be made.
    fn of(status: CheckStatus) -> Option<Standing> {
        match status {
            CheckStatus::Up => Some(Standing::Up),
            CheckStatus::Paused => Some(Standing::Paused),
            CheckStatus::Maintenance => Some(Standing::Maintenance),
            CheckStatus::Degraded => Some(Standing::Degraded),
            CheckStatus::Unknown => None,
            CheckStatus::Partial => Some(Standing::Partial),
            CheckStatus::Down => Some(Standing::Down),
        }
    }

    /// `None` is up.
    fn state(self) -> Option<DayState> {
        match self {
            Standing::Unheard | Standing::Paused => Some(DayState::NotMonitored),
            Standing::Up => None,
            Standing::Degraded => Some(DayState::Degraded),
            Standing::Partial => Some(DayState::Partial),
            Standing::Down => Some(DayState::Down),
            Standing::Maintenance => Some(DayState::Maintenance),
        }
    }
}

/// Intervals on the way: empty ones are left out, and neighbours that are the same are one.
#[derive(Default)]
struct Intervals(Vec<DayInterval>);

impl Intervals {
    fn push(&mut self, from_s: u32, to_s: u32, what: Option<(DayState, u16)>) {
        let Some((state, weight)) = what.filter(|_| from_s < to_s) else { return };
        match self.0.last_mut() {
            Some(last) if last.to_s == from_s && (last.state, last.weight) == (state, weight) => last.to_s = to_s,
            _ => self.0.push(DayInterval { from_s, to_s, state, weight }),
        }
    }
}

#[cfg(test)]
mod tests;
