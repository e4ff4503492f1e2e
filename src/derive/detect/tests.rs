//! Results in, episodes out. A result is a minute (or a second) and a mark: `x` down, `.` up, `d` degraded, `u` unknown,
//! `?` failing but not confirmed; `11:02-11:05 x` is one each minute. A word behind it is its place. A span is `11:02..11:30 x`.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test's own input is right, or the test is wrong")]

use std::fmt::Write as _;
use std::sync::Arc;

use proptest::prelude::*;
use snapbox::{assert_data_eq, str};

use super::*;
use crate::model::Span;

#[test]
fn three_minutes_of_nothing_but_failures_are_an_outage_that_began_with_the_first() {
    check("10:55-11:01 .; 11:02-11:05 x", "11:05", str!["down from 11:02 detected 11:05: down 11:02-"]);
}

#[test]
fn one_second_less_is_none() {
    check("10:55-11:01 .; 11:02 x; 11:03 x; 11:04 x; 11:04:59 x", "11:05", str!["nothing"]);
    check(
        "10:55-11:01 .; 11:02 x; 11:03 x; 11:04 x; 11:05:00 x",
        "11:05",
        str!["down from 11:02 detected 11:05: down 11:02-"],
    );
}

#[test]
fn one_good_result_begins_the_count_anew() {
    check("10:50-11:01 .; 11:02 x; 11:03 x; 11:04 .; 11:05-11:07 x", "11:07", str!["nothing"]);
}

#[test]
fn an_unknown_result_neither_counts_nor_resets() {
    check("11:02 x; 11:03 u; 11:04 u; 11:05 x", "11:05", str!["down from 11:02 detected 11:05: down 11:02-"]);
}

#[test]
fn a_failure_that_its_source_has_not_confirmed_is_one_all_the_same() {
    check("11:02-11:05 ?", "11:05", str!["down from 11:02 detected 11:05: down 11:02-"]);
}

#[test]
fn one_of_two_places_alone_does_not_reach_the_public() {
    check("10:55-11:01 . osl; 11:01 . ber; 11:02-11:05 x osl", "11:05", str!["nothing"]);
    check(
        "10:55-11:01 . osl; 11:01 . ber; 11:02-11:04 x osl; 11:05 x ber",
        "11:05",
        str!["down from 11:02 detected 11:05: down 11:02-, 2 of 2 places"],
    );
}

#[test]
fn the_places_that_fail_are_counted() {
    check(
        "10:55-11:01 . a; 10:56 . b; 10:57 . c; 11:02 x a; 11:03 x b; 11:04 x a; 11:05 x b",
        "11:05",
        str!["down from 11:02 detected 11:05: down 11:02-, 2 of 3 places"],
    );
}

#[test]
fn it_is_over_after_the_hold_and_ended_with_the_first_good_result() {
    let results = "10:55-11:01 .; 11:02-11:06 x; 11:07-11:40 .";
    check(results, "11:20", str!["down from 11:02 detected 11:05: down 11:02-11:07, recovering 11:11"]);
    check(results, "11:21", str!["down from 11:02 detected 11:05: down 11:02-11:07, recovering 11:11, closed 11:21"]);
}

#[test]
fn a_failure_within_the_hold_begins_it_anew() {
    check(
        "10:55-11:01 .; 11:02-11:06 x; 11:07-11:19 .; 11:20 x; 11:21-11:50 .",
        "11:50",
        str!["down from 11:02 detected 11:05: down 11:02-11:07, down 11:20-11:21, recovering 11:25, closed 11:35"],
    );
}

#[test]
fn four_good_results_are_not_enough_to_end_it() {
    check(
        "10:55-11:01 .; 11:02-11:06 x; 11:07-11:10 .",
        "11:11",
        str!["down from 11:02 detected 11:05: down 11:02-11:07"],
    );
}

#[test]
fn a_relapse_within_the_hour_is_the_same_outage_with_twice_the_hold() {
    check(
        "10:55-11:01 .; 11:02-11:06 x; 11:07-12:09 .; 12:10-12:15 x; 12:16-13:00 .",
        "13:00",
        str!["down from 11:02 detected 11:05: down 11:02-11:07, down 12:10-12:16, recovering 12:20, closed 12:45"],
    );
}

#[test]
fn after_more_than_an_hour_it_is_another_one() {
    check(
        "10:55-11:01 .; 11:02-11:06 x; 11:07-12:21 .; 12:22-12:26 x; 12:27-13:00 .",
        "13:00",
        str![[r#"
down from 11:02 detected 11:05: down 11:02-11:07, recovering 11:11, closed 11:21
down from 12:22 detected 12:25: down 12:22-12:27, recovering 12:31, closed 12:41
"#]],
    );
}

#[test]
fn the_third_opening_in_six_hours_is_unstable() {
    check(
        "10:00 .; 11:00-11:05 x; 11:06-12:00 .; 12:01-12:06 x; 12:07-13:10 .; 13:11-13:16 x; 13:17-14:00 .",
        "14:00",
        str![
            "down unstable from 11:00 detected 11:03: down 11:00-11:06, down 12:01-12:07, down 13:11-13:17, recovering 13:21"
        ],
    );
}

#[test]
fn a_third_of_the_last_quarter_of_an_hour_is_a_brown_out() {
    // 5 of 15, no two in a row, from three places.
    check(
        "10:46 . a; 10:47 . b; 10:48 . c; 10:49 . a; 10:50 x a; 10:51 . b; 10:52 . c; 10:53 x b; 10:54 . a; 10:55 . b; 10:56 x c; 10:57 . a; 10:58 . b; 10:59 x a; 11:00 . b; 11:01 . c; 11:02 x b",
        "11:02",
        str!["partial from 10:50 detected 11:02: partial 10:50-, 3 of 3 places"],
    );
}

#[test]
fn four_of_fifteen_are_none() {
    check(
        "10:49 . a; 10:50 x a; 10:51 . b; 10:52 . c; 10:53 x b; 10:54 . a; 10:55 . b; 10:56 x c; 10:57 . a; 10:58 . b; 10:59 . a; 11:00 . b; 11:01 . c; 11:02 x b",
        "11:02",
        str!["nothing"],
    );
}

#[test]
fn with_one_place_only_half_must_fail() {
    let mixed = |mark: &str| {
        let marks = mark.chars().enumerate();
        marks.map(|(i, mark)| format!("10:{:02} {mark}", 30 + i)).collect::<Vec<_>>().join("; ")
    };
    check(&mixed(".x..x..x..x..x..x"), "10:50", str!["nothing"]);
    check(&mixed(".x.xx.x..x.xx.x.x"), "10:50", str!["partial from 10:31 detected 10:39: partial 10:31-"]);
}

#[test]
fn a_source_that_says_only_changes_is_taken_at_its_word_after_three_minutes() {
    check("11:02.. x", "11:04:59", str!["nothing"]);
    check("11:02.. x", "11:05", str!["down from 11:02 detected 11:05: down 11:02-"]);
    check(
        "11:02..11:30 x",
        "11:50",
        str!["down from 11:02 detected 11:05: down 11:02-11:30, recovering 11:30, closed 11:45"],
    );
}

#[test]
fn what_its_source_has_not_confirmed_does_not_open() {
    check("11:02.. ?", "12:00", str!["nothing"]);
}

#[test]
fn degraded_results_that_last_are_degraded_performance() {
    check("10:55-11:01 .; 11:02-11:05 d", "11:05", str!["degraded from 11:02 detected 11:05: degraded 11:02-"]);
}

#[test]
fn slow_answers_are_degraded_ones() {
    let mut series = read("11:02-11:05 .");
    series.checks.iter_mut().for_each(|check| check.latency_us = Some(2_000_000));
    let limits = DetectionLimits::default();
    let rules = Rules { slow_after_us: Some(2_000_000), ..rules(&limits) };
    assert_data_eq!(
        shown(&episodes(&series, &rules, at("11:05"))),
        str!["degraded from 11:02 detected 11:05: degraded 11:02-"]
    );
    let rules = Rules { slow_after_us: Some(2_000_001), ..rules };
    assert_data_eq!(shown(&episodes(&series, &rules, at("11:05"))), str!["nothing"]);
}

#[test]
fn what_is_degraded_first_and_then_down_is_one_outage() {
    check(
        "10:55-11:01 .; 11:02-11:09 d; 11:10-11:14 x",
        "11:14",
        str!["down from 11:02 detected 11:05: degraded 11:02-11:10, down 11:10-"],
    );
}

#[test]
fn silence_neither_opens_nor_closes() {
    let results = "10:55-11:01 .; 11:02-11:06 x; 11:07-11:11 .";
    check(results, "11:30", str!["down from 11:02 detected 11:05: down 11:02-11:07, recovering 11:11"]);
    let series = read(results);
    let limits = DetectionLimits::default();
    let stale = |now: &str| standing(&series, &rules(&limits), at(now)).stale;
    assert_eq!((stale("11:15:59"), stale("11:16")), (false, true));
}

#[test]
fn an_expired_feed_says_nothing() {
    let limits = DetectionLimits::default();
    let rules = Rules { expires_ms: Some(at("11:05")), ..rules(&limits) };
    let series = read("11:02-11:10 x");
    assert_data_eq!(shown(&episodes(&series, &rules, at("11:10"))), str!["nothing"]);
    assert!(standing(&series, &rules, at("11:05")).stale);
}

#[test]
fn two_failing_results_are_checked_on() {
    let limits = DetectionLimits::default();
    let checking = |results: &str| standing(&read(results), &rules(&limits), at("11:03")).checking;
    assert!(!checking("11:00-11:01 .; 11:03 x"));
    assert!(checking("11:00-11:01 .; 11:02-11:03 x"));
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(300) })]

    /// What was decided by then stays decided, however much later the site is built again.
    #[test]
    fn what_came_later_changes_nothing_that_was_decided(
        marks in prop::collection::vec((0_i64..400, prop::sample::select(vec!['x', '.', '.', 'x', 'd', 'u']), 0_u16..3), 1..200),
        cut in 0_i64..24_000,
    ) {
        let mut series = Series { places: vec!["a".into(), "b".into(), "c".into()], ..Series::default() };
        let mut at_ms = 0;
        for (gap_s, mark, place) in marks {
            at_ms += 1000 + gap_s * 500;
            series.checks.push(Check { place: Some(place), ..result(at_ms, mark) });
        }
        let limits = DetectionLimits::default();
        let early = episodes(&series, &rules(&limits), cut * 1000);
        let late = episodes(&series, &rules(&limits), 1 << 40);
        prop_assert!(early.len() <= late.len());
        for (early, late) in early.iter().zip(&late) {
            prop_assert_eq!((early.start_ms, early.detected_ms, early.rule), (late.start_ms, late.detected_ms, late.rule));
            prop_assert!(late.openings.starts_with(&early.openings));
            prop_assert!(early.kind <= late.kind);
        }
        let opened = |episodes: &[Episode]| {
            episodes.iter().flat_map(|e| e.openings.clone()).filter(|&at| at <= cut * 1000).count()
        };
        prop_assert_eq!(opened(&early), opened(&late));
    }
}

fn check(results: &str, now: &str, expected: impl snapbox::IntoData) {
    let limits = DetectionLimits::default();
    assert_data_eq!(shown(&episodes(&read(results), &rules(&limits), at(now))), expected);
}

fn rules(limits: &DetectionLimits) -> Rules<'_> {
    Rules { limits, detect_after: limits.detect_after, slow_after_us: None, expires_ms: None }
}

fn read(text: &str) -> Series {
    let mut series = Series::default();
    let mut found: Vec<(i64, char, Option<String>)> = Vec::new();
    for part in text.split("; ") {
        let mut words = part.split(' ');
        let (time, mark) = (words.next().unwrap(), words.next().unwrap().chars().next().unwrap());
        let place = words.next().map(str::to_owned);
        if let Some((from, to)) = time.split_once("..") {
            let to_ms = (!to.is_empty()).then(|| at(to));
            let status = result(0, mark).status;
            series.spans.push(Span { from_ms: at(from), to_ms, status, confirmed: mark != '?', rev: 0 });
        } else if let Some((from, to)) = time.split_once('-') {
            let minutes = (at(from)..=at(to)).step_by(60_000);
            found.extend(minutes.map(|at_ms| (at_ms, mark, place.clone())));
        } else {
            found.push((at(time), mark, place));
        }
    }
    let mut places: Vec<Arc<str>> = found.iter().filter_map(|(.., place)| place.as_deref().map(Arc::from)).collect();
    places.sort();
    places.dedup();
    found.sort_by(|a, b| (a.0, &a.2).cmp(&(b.0, &b.2)));
    for (at_ms, mark, place) in found {
        let place = place.and_then(|place| places.iter().position(|known| **known == *place));
        series.checks.push(Check { place: place.map(|index| u16::try_from(index).unwrap()), ..result(at_ms, mark) });
    }
    series.places = places;
    series
}

fn result(at_ms: i64, mark: char) -> Check {
    let status = match mark {
        '.' => CheckStatus::Up,
        'd' => CheckStatus::Degraded,
        'u' => CheckStatus::Unknown,
        'x' | '?' => CheckStatus::Down,
        other => panic!("no result is called {other}"),
    };
    Check { at_ms, latency_us: None, place: None, status, confirmed: mark != '?', rev: 0 }
}

/// Milliseconds of the day.
fn at(time: &str) -> i64 {
    let parts: Vec<i64> = time.split(':').map(|part| part.parse().unwrap()).collect();
    let (hours, minutes, seconds) = (parts[0], parts[1], parts.get(2).copied().unwrap_or(0));
    ((hours * 60 + minutes) * 60 + seconds) * 1000
}

fn clock(at_ms: i64) -> String {
    let seconds = at_ms / 1000;
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    if seconds == 0 { format!("{hours:02}:{minutes:02}") } else { format!("{hours:02}:{minutes:02}:{seconds:02}") }
}

fn shown(episodes: &[Episode]) -> String {
    let mut text = String::new();
    for episode in episodes {
        if !text.is_empty() {
            text.push('\n');
        }
        let unstable = if episode.unstable { " unstable" } else { "" };
        let kind = episode.kind.word();
        write!(text, "{kind}{unstable} from {} detected {}:", clock(episode.start_ms), clock(episode.detected_ms))
            .unwrap();
        for (index, stretch) in episode.stretches.iter().enumerate() {
            let comma = if index > 0 { "," } else { "" };
            let end = stretch.end_ms.map(clock).unwrap_or_default();
            write!(text, "{comma} {} {}-{end}", stretch.kind.word(), clock(stretch.start_ms)).unwrap();
        }
        if episode.places.of > 0 {
            write!(text, ", {} of {} places", episode.places.failing, episode.places.of).unwrap();
        }
        if let Some(recovering_ms) = episode.recovering_ms {
            write!(text, ", recovering {}", clock(recovering_ms)).unwrap();
        }
        if let Some(closed_ms) = episode.closed_ms {
            write!(text, ", closed {}", clock(closed_ms)).unwrap();
        }
    }
    if text.is_empty() { "nothing".to_owned() } else { text }
}
