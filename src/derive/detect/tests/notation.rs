//! Results as a line of text, and episodes as lines of text.
//!
//! Results stand between `;`: a time, a sign, and a place if there is one. `11:02 x oslo; 11:03 . bergen`. A stretch of
//! time has a result each minute, both ends included, and its places take turns: `11:00..11:04 x oslo bergen`. A span
//! stands with a slash: `11:00/11:10 x`, or `11:00/ x` while it lasts. Hours may pass 24.
//!
//! `x` down, `w` down but not confirmed, `p` partial, `g` degraded, `s` up but slow, `.` up, `?` unknown, `m` maintenance.

use std::fmt::Write as _;
use std::sync::Arc;

use jiff::SignedDuration;

use crate::derive::detect::{Episode, Rules, Standing, Stretch, watch};
use crate::model::{Check, CheckStatus, DetectionLimits, Series, Span};

/// 2026-11-24T00:00:00Z.
pub const MIDNIGHT_MS: i64 = 1_795_478_400_000;
const SLOW_AFTER_US: u32 = 1_000_000;

/// What is decided about `results` at `now`, with the defaults.
pub fn at(now: &str, results: &str) -> String {
    at_with(&DetectionLimits::default(), now, results)
}

pub fn at_with(limits: &DetectionLimits, now: &str, results: &str) -> String {
    let (episodes, _) = watch(&series(results), &rules(limits), ms(now));
    said(&episodes)
}

/// As [`at`], of a feed of which nothing holds from `expires` on.
pub fn at_expiring(now: &str, expires: &str, results: &str) -> String {
    let limits = DetectionLimits::default();
    let rules = Rules { expires_ms: Some(ms(expires)), ..rules(&limits) };
    said(&watch(&series(results), &rules, ms(now)).0)
}

pub fn standing_at(now: &str, results: &str) -> Standing {
    let limits = DetectionLimits::default();
    watch(&series(results), &rules(&limits), ms(now)).1
}

pub fn rules(limits: &DetectionLimits) -> Rules<'_> {
    Rules { limits, detect_after: limits.detect_after, slow_after_us: Some(SLOW_AFTER_US), expires_ms: None }
}

pub fn mins(minutes: i64) -> SignedDuration {
    SignedDuration::from_mins(minutes)
}

/// `11:02` or `11:02:30` as Unix time.
pub fn ms(time: &str) -> i64 {
    let parts: Vec<i64> = time.split(':').map(|part| part.parse().unwrap()).collect();
    let seconds = parts[0] * 3600 + parts[1] * 60 + parts.get(2).copied().unwrap_or(0);
    MIDNIGHT_MS + seconds * 1000
}

/// The series that the results make.
pub fn series(text: &str) -> Series {
    let mut read: Vec<(i64, char, Option<&str>)> = Vec::new();
    let mut series = Series::default();
    for item in text.split(';').map(str::trim).filter(|item| !item.is_empty()) {
        let mut words = item.split_whitespace();
        let (time, sign) = (words.next().unwrap(), words.next().unwrap().chars().next().unwrap());
        let places: Vec<&str> = words.collect();
        if let Some((from, to)) = time.split_once('/') {
            series.spans.push(span(from, to, sign));
        } else {
            let (from, to) = time.split_once("..").unwrap_or((time, time));
            let times = (ms(from)..=ms(to)).step_by(60_000);
            let place = |index: usize| (!places.is_empty()).then(|| places[index % places.len()]);
            read.extend(times.enumerate().map(|(index, at_ms)| (at_ms, sign, place(index))));
        }
    }
    let mut places: Vec<&str> = read.iter().filter_map(|result| result.2).collect();
    places.sort_unstable();
    places.dedup();
    series.checks = read.iter().map(|&(at_ms, sign, place)| check(at_ms, sign, place, &places)).collect();
    series.checks.sort_by_key(|check| (check.at_ms, check.place));
    series.checks.dedup_by_key(|check| (check.at_ms, check.place));
    series.places = places.into_iter().map(Arc::from).collect();
    series.spans.sort();
    series
}

fn check(at_ms: i64, sign: char, place: Option<&str>, places: &[&str]) -> Check {
    let place = place.map(|place| u16::try_from(places.binary_search(&place).unwrap()).unwrap());
    let latency_us = (sign == 's').then_some(SLOW_AFTER_US);
    Check { at_ms, latency_us, place, status: status(sign), confirmed: sign != 'w', rev: 0 }
}

fn span(from: &str, to: &str, sign: char) -> Span {
    let to_ms = (!to.is_empty()).then(|| ms(to));
    Span { from_ms: ms(from), to_ms, status: status(sign), confirmed: sign != 'w', rev: 0 }
}

fn status(sign: char) -> CheckStatus {
    match sign {
        'x' | 'w' => CheckStatus::Down,
        'p' => CheckStatus::Partial,
        'g' => CheckStatus::Degraded,
        's' | '.' => CheckStatus::Up,
        'm' => CheckStatus::Maintenance,
        _ => CheckStatus::Unknown,
    }
}

/// A paragraph an episode, a line a stretch.
pub fn said(episodes: &[Episode]) -> String {
    let mut said = String::new();
    for episode in episodes {
        let _ = write!(
            said,
            "{} by {}, from {}, detected {}",
            episode.kind.word(),
            episode.rule.word(),
            time(episode.start_ms),
            time(episode.detected_ms)
        );
        for (word, at) in
            [("recovering", episode.recovering_ms), ("over", episode.end_ms), ("closed", episode.closed_ms)]
        {
            if let Some(at) = at {
                let _ = write!(said, ", {word} {}", time(at));
            }
        }
        if episode.openings.len() > 1 {
            let _ = write!(said, ", opened {} times", episode.openings.len());
        }
        if episode.unstable {
            said += ", unstable";
        }
        if episode.places.of > 0 {
            let _ = write!(said, ", {} of {} places", episode.places.failing, episode.places.of);
        }
        said += "\n";
        if episode.stretches.len() > 1 {
            episode.stretches.iter().for_each(|stretch| said += &said_stretch(stretch));
        }
    }
    if said.is_empty() { "nothing".to_owned() } else { said.trim_end().to_owned() }
}

fn said_stretch(stretch: &Stretch) -> String {
    let end = stretch.end_ms.map(time).unwrap_or_default();
    let Stretch { kind, fails, results, .. } = stretch;
    format!("  {} {}-{end}, {fails} of {results}\n", kind.word(), time(stretch.start_ms))
}

fn time(at_ms: i64) -> String {
    let seconds = (at_ms - MIDNIGHT_MS) / 1000;
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    match seconds {
        0 => format!("{hours:02}:{minutes:02}"),
        _ => format!("{hours:02}:{minutes:02}:{seconds:02}"),
    }
}
