//! One series a monitor, the same whatever the order of its results.
#![expect(clippy::unwrap_used, reason = "the names are right")]

use proptest::prelude::*;

use super::*;
use crate::load::feed::ReadSpan;
use crate::model::CheckStatus;

fn feed(name: &str) -> Slug {
    Slug::new(name).unwrap()
}

fn id(name: &str) -> MonitorId {
    MonitorId::new(name).unwrap()
}

fn result(monitor: &str, at_ms: i64, status: CheckStatus, place: Option<&str>, rev: u16) -> ReadResult {
    ReadResult {
        monitor: id(monitor),
        at_ms,
        status,
        confirmed: true,
        latency_us: None,
        location: place.map(str::to_owned),
        message: None,
        rev,
    }
}

fn folded(results: &[ReadResult]) -> BTreeMap<MonitorRef, Series> {
    let mut fold = Fold::default();
    fold.add(&feed("own"), Reading { results: results.to_vec(), ..Reading::default() });
    fold.series()
}

/// What is left of two results of the same monitor, place and moment.
#[track_caller]
fn stays(one: (CheckStatus, u16), other: (CheckStatus, u16), expected: CheckStatus) {
    for (a, b) in [(one, other), (other, one)] {
        let two = [result("imap", 0, a.0, None, a.1), result("imap", 0, b.0, None, b.1)];
        let series = folded(&two).into_values().next().unwrap();
        let left: Vec<CheckStatus> = series.checks.iter().map(|check| check.status).collect();
        assert_eq!(left, [expected]);
    }
}

#[test]
fn of_two_results_of_the_same_moment_the_later_revision_counts() {
    stays((CheckStatus::Down, 0), (CheckStatus::Up, 1), CheckStatus::Up);
}

#[test]
fn of_two_results_of_the_same_revision_the_worse_counts() {
    stays((CheckStatus::Up, 0), (CheckStatus::Degraded, 0), CheckStatus::Degraded);
    stays((CheckStatus::Degraded, 0), (CheckStatus::Unknown, 0), CheckStatus::Unknown);
    stays((CheckStatus::Unknown, 0), (CheckStatus::Down, 0), CheckStatus::Down);
}

#[test]
fn two_places_at_the_same_moment_are_two_results() {
    let series = folded(&[
        result("imap", 0, CheckStatus::Up, Some("osl"), 0),
        result("imap", 0, CheckStatus::Down, Some("bgo"), 0),
        result("imap", 0, CheckStatus::Down, None, 0),
    ]);
    let series = series.into_values().next().unwrap();
    assert_eq!(series.places.iter().map(|place| &**place).collect::<Vec<_>>(), ["bgo", "osl"]);
    assert_eq!(series.checks.iter().map(|check| check.place).collect::<Vec<_>>(), [None, Some(0), Some(1)]);
}

#[test]
fn the_same_monitor_of_two_feeds_is_two_monitors() {
    let mut fold = Fold::default();
    for name in ["nagios", "nodeping"] {
        let results = vec![result("imap", 0, CheckStatus::Up, None, 0)];
        fold.add(&feed(name), Reading { results, ..Reading::default() });
    }
    let names: Vec<String> = fold.series().keys().map(ToString::to_string).collect();
    assert_eq!(names, ["nagios:imap", "nodeping:imap"]);
}

/// The span that is left of two with the same start, each as (end, rev).
#[track_caller]
fn span_stays(one: (Option<i64>, u16), other: (Option<i64>, u16), expected: Option<i64>) {
    for (a, b) in [(one, other), (other, one)] {
        let span = |(to_ms, rev)| ReadSpan {
            monitor: id("imap"),
            span: Span { from_ms: 0, to_ms, status: CheckStatus::Down, confirmed: true, rev },
        };
        let mut fold = Fold::default();
        fold.add(&feed("own"), Reading { spans: vec![span(a), span(b)], ..Reading::default() });
        let series = fold.series().into_values().next().unwrap();
        assert_eq!(series.spans.iter().map(|span| span.to_ms).collect::<Vec<_>>(), [expected]);
    }
}

#[test]
fn of_two_spans_with_the_same_start_the_closed_one_counts() {
    span_stays((None, 0), (Some(60), 0), Some(60));
}

#[test]
fn of_two_closed_spans_the_longer_one_counts() {
    span_stays((Some(30), 0), (Some(60), 0), Some(60));
}

#[test]
fn a_span_can_be_opened_again_by_a_later_revision() {
    span_stays((Some(30), 0), (None, 1), None);
}

/// When a span that is open from 10 on has ended, given results as (time, status).
#[track_caller]
fn open_span_ends(status: CheckStatus, results: &[(i64, CheckStatus)], expected: Option<i64>) {
    let span = Span { from_ms: 10, to_ms: None, status, confirmed: true, rev: 0 };
    let results = results.iter().map(|&(at_ms, status)| result("imap", at_ms, status, None, 0)).collect();
    let spans = vec![ReadSpan { monitor: id("imap"), span }];
    let mut fold = Fold::default();
    // Each from a reading of its own, as they come from polls.
    fold.add(&feed("own"), Reading { results, ..Reading::default() });
    fold.add(&feed("own"), Reading { spans, ..Reading::default() });
    let series = fold.series().into_values().next().unwrap();
    assert_eq!(series.spans.iter().map(|span| span.to_ms).collect::<Vec<_>>(), [expected]);
}

#[test]
fn a_source_that_never_says_when_it_was_over_says_so_with_its_next_good_result() {
    use CheckStatus::{Degraded, Down, Maintenance, Partial, Paused, Unknown, Up};

    open_span_ends(Down, &[(5, Up), (10, Up)], None);
    open_span_ends(Down, &[(20, Down), (30, Up), (40, Up)], Some(30));
    open_span_ends(Down, &[(20, Unknown), (30, Partial), (40, Degraded)], Some(40));
    open_span_ends(Down, &[(20, Paused)], Some(20));
    open_span_ends(Degraded, &[(20, Degraded), (30, Up)], Some(30));
    open_span_ends(Degraded, &[(20, Down)], Some(20));
    open_span_ends(Unknown, &[(20, Unknown), (30, Down)], Some(30));
    open_span_ends(Maintenance, &[(20, Maintenance), (30, Down)], Some(30));
    open_span_ends(Up, &[(20, Up), (30, Unknown)], Some(30));
}

#[test]
fn how_a_monitor_is_set_up_is_what_was_said_last() {
    let said = |paused| ReadMonitor { id: id("imap"), name: None, interval_ms: None, parents: Vec::new(), paused };
    let reading = |all: &[bool]| Reading { monitors: all.iter().copied().map(said).collect(), ..Reading::default() };
    let paused = |sayings: [(&[bool], i64); 2]| {
        let mut fold = Fold::default();
        for (all, as_of_ms) in sayings {
            fold.add_as_of(&feed("own"), reading(all), as_of_ms);
        }
        fold.series().into_values().next().unwrap().paused
    };
    assert!(!paused([(&[true, false], 0), (&[], 9)]));
    assert!(!paused([(&[true], 0), (&[false], 1)]));
    assert!(!paused([(&[false], 1), (&[true], 0)]));
}

fn results() -> impl Strategy<Value = Vec<ReadResult>> {
    let status = prop::sample::select(CheckStatus::ALL.to_vec());
    let place = prop::option::of(prop::sample::select(vec!["osl", "bgo", "trd"]));
    let monitor = prop::sample::select(vec!["imap", "pop"]);
    let one = (monitor, 0_i64..6, status, place, 0_u16..2, prop::option::of(0_u32..3));
    let one = one.prop_map(|(monitor, at_ms, status, place, rev, latency_us)| ReadResult {
        latency_us,
        ..result(monitor, at_ms, status, place, rev)
    });
    prop::collection::vec(one, 0..40)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_order_and_repetition_is_the_same((ordered, shuffled) in results().prop_flat_map(|results| {
        let twice = [results.clone(), results.clone()].concat();
        (Just(results), Just(twice).prop_shuffle())
    })) {
        prop_assert_eq!(folded(&ordered), folded(&shuffled));
    }

    #[test]
    fn any_split_over_any_number_of_logs_is_the_same(results in results(), cuts in prop::collection::vec(0_usize..40, 0..4)) {
        let mut merged = Fold::default();
        for (index, chunk) in cut(&results, cuts).into_iter().enumerate() {
            let mut one = Fold::default();
            one.add(&feed("own"), Reading { results: chunk, ..Reading::default() });
            // From either side, since which log is read first must not matter.
            if index % 2 == 0 {
                merged.merge(one);
            } else {
                one.merge(merged);
                merged = one;
            }
        }
        prop_assert_eq!(merged.series(), folded(&results));
    }
}

fn cut(results: &[ReadResult], mut cuts: Vec<usize>) -> Vec<Vec<ReadResult>> {
    cuts.push(results.len());
    cuts.iter_mut().for_each(|cut| *cut = (*cut).min(results.len()));
    cuts.sort_unstable();
    let mut start = 0;
    let mut chunk = |end: usize| {
        let chunk = results[start..end].to_vec();
        start = end;
        chunk
    };
    cuts.into_iter().map(&mut chunk).collect()
}
