//! What of a feed's answer passes, and what is told of the rest.

use super::*;
use crate::load::feed::adapter::sample::feed;
use crate::load::feed::{ReadResult, ReadSpan};
use crate::model::{CheckStatus, FeedKind, Span};

const NOW: Timestamp = Timestamp::constant(1_795_515_600, 0);
const NOW_MS: i64 = 1_795_515_600_000;
const MIN_MS: i64 = 60_000;
const DAY_MS: i64 = 24 * 60 * MIN_MS;

fn result(monitor: &str, at_ms: i64) -> Option<ReadResult> {
    let monitor = MonitorId::escaped(&[monitor])?;
    let (status, latency_us, location, message) = (CheckStatus::Up, None, None, None);
    Some(ReadResult { monitor, at_ms, status, confirmed: true, latency_us, location, message, rev: 0 })
}

fn span(from_ms: i64, to_ms: Option<i64>) -> Option<ReadSpan> {
    let span = Span { from_ms, to_ms, status: CheckStatus::Down, confirmed: true, rev: 0 };
    Some(ReadSpan { monitor: MonitorId::escaped(&["a"])?, span })
}

/// What is left of these results and spans, and what was told.
fn sieved(results: Vec<Option<ReadResult>>, spans: Vec<Option<ReadSpan>>) -> (Reading, Vec<String>) {
    let (results, spans) = (results.into_iter().flatten().collect(), spans.into_iter().flatten().collect());
    let mut reading = Reading { results, spans, ..Reading::default() };
    let mut told = Vec::new();
    if let Some(feed) = feed(FeedKind::Upfront, &[]) {
        sieve(&feed, NOW, &mut reading, &mut told);
    }
    (reading, told.into_iter().map(|told| told.message).collect())
}

#[test]
fn the_future_is_left_out_and_told() {
    let results = [0, 5 * MIN_MS, 5 * MIN_MS + 1, DAY_MS].map(|ahead_ms| result("a", NOW_MS + ahead_ms));
    let (reading, told) = sieved(results.into(), vec![span(NOW_MS + DAY_MS, None)]);
    assert_eq!((reading.results.len(), reading.spans.len()), (2, 0));
    assert_eq!(
        told.first().map(String::as_str),
        Some("feed `upfront`: 3 results are more than 5 minutes in the future")
    );
}

#[test]
fn a_stretch_that_is_said_to_go_on_ends_about_now() {
    let (reading, told) = sieved(Vec::new(), vec![span(NOW_MS - MIN_MS, Some(NOW_MS + DAY_MS))]);
    assert_eq!(reading.spans.first().and_then(|read| read.span.to_ms), Some(NOW_MS + AHEAD_MAX_MS));
    assert!(told.is_empty(), "{told:?}");
}

#[test]
fn what_is_old_goes_in_silence_and_an_old_outage_that_goes_on_stays() {
    let results = [-1, 0, NOW_MS - 41 * DAY_MS, NOW_MS - 39 * DAY_MS].map(|at_ms| result("a", at_ms));
    let old = NOW_MS - 60 * DAY_MS;
    let (reading, told) = sieved(results.into(), vec![span(old, None), span(old, Some(old + 1)), span(-5, None)]);
    assert_eq!((reading.results.len(), reading.spans.len()), (1, 1));
    assert!(told.is_empty(), "{told:?}");
}

#[test]
fn a_feed_in_which_all_is_old_is_told() {
    let (reading, told) = sieved(vec![result("a", NOW_MS - 41 * DAY_MS)], Vec::new());
    assert!(is_nothing(&reading), "{reading:?}");
    assert_eq!(told, ["feed `upfront`: everything in it is older than 40 days"]);
}

#[test]
fn a_clock_that_is_a_little_ahead_is_told_and_its_results_count() {
    let ahead = |seconds: i64| vec![result("a", NOW_MS - DAY_MS), result("a", NOW_MS + seconds * 1000)];
    assert_eq!(sieved(ahead(60), Vec::new()).1, Vec::<String>::new());
    let (reading, told) = sieved(ahead(62), Vec::new());
    assert_eq!(reading.results.len(), 2);
    assert_eq!(told, ["feed `upfront`: its clock is about 62 s ahead of ours"]);
}

#[test]
fn times_at_the_ends_of_all_numbers_do_no_harm() {
    let results = [i64::MIN, i64::MAX].map(|at_ms| result("a", at_ms));
    let (reading, _) = sieved(results.into(), vec![span(i64::MIN, Some(i64::MAX)), span(i64::MAX, Some(i64::MIN))]);
    assert!(is_nothing(&reading), "{reading:?}");
}

#[test]
fn a_feed_has_at_most_5000_monitors() {
    let results = (0..5001).map(|number| result(&format!("m{number:04}"), NOW_MS)).collect();
    let (reading, told) = sieved(results, Vec::new());
    assert_eq!(reading.results.len(), 5000);
    assert_eq!(told, ["feed `upfront`: it has 5001 monitors"]);
}

fn is_nothing(reading: &Reading) -> bool {
    reading.results.is_empty() && reading.spans.is_empty()
}
