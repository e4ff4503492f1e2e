//! A day of a monitor, as facts.
#![expect(clippy::unwrap_used, reason = "the names and days are right")]

use std::fmt::Write as _;

use jiff::civil::date;
use proptest::prelude::*;

use super::*;
use crate::model::{MonitorId, Slug};

const DAY: Date = date(2026, 11, 24);

fn own(monitor: &str) -> MonitorRef {
    MonitorRef { feed: Slug::new("own").unwrap(), monitor: MonitorId::new(monitor).unwrap() }
}

/// The moment `hh:mm` or `hh:mm:ss` of the day, in Unix ms; `-hh:mm` of the day before.
fn at(clock: &str) -> i64 {
    let (clock, day) = match clock.strip_prefix('-') {
        Some(clock) => (clock, DAY.yesterday().unwrap()),
        None => (clock, DAY),
    };
    let scale = [3_600_000.0, 60_000.0, 1000.0];
    let ms: f64 = clock.split(':').zip(scale).map(|(part, scale)| part.parse::<f64>().unwrap() * scale).sum();
    #[expect(clippy::cast_possible_truncation, reason = "less than a day")]
    let ms = ms.round() as i64;
    day_start_ms(day).unwrap() + ms
}

fn status(word: &str) -> CheckStatus {
    CheckStatus::ALL.into_iter().find(|status| status.word() == word).unwrap()
}

fn check_at(clock: &str, word: &str) -> Check {
    Check { at_ms: at(clock), latency_us: None, place: None, status: status(word), confirmed: true, rev: 0 }
}

/// A monitor that runs every ten minutes: a line `hh:mm status` for each result, `hh:mm..hh:mm status` for each span.
fn series(text: &str) -> Series {
    let mut series = Series { interval_ms: Some(600_000), ..Series::default() };
    for line in text.split(',').map(str::trim).filter(|line| !line.is_empty()) {
        let (when, word) = line.split_once(' ').unwrap();
        match when.split_once("..") {
            None => series.checks.push(check_at(when, word)),
            Some((from, to)) => series.spans.push(Span {
                from_ms: at(from),
                to_ms: (!to.is_empty()).then(|| at(to)),
                status: status(word),
                confirmed: true,
                rev: 0,
            }),
        }
    }
    series.checks.sort_by_key(|check| check.at_ms);
    series
}

/// Heartbeats every ten minutes from the first to the last.
fn beats(from: &str, to: &str) -> Vec<Heartbeat> {
    let times = (at(from)..=at(to)).step_by(600_000);
    times.map(|at_ms| Heartbeat { at_ms, every_s: 600, monitors: 1 }).collect()
}

/// `09:00-09:20 d`, one a line's entry.
fn shown(row: Option<DayRow>) -> String {
    let Some(row) = row else { return "nothing".to_owned() };
    let clock = |s: u32| match s % 60 {
        0 => format!("{:02}:{:02}", s / 3600, s / 60 % 60),
        rest => format!("{:02}:{:02}:{rest:02}", s / 3600, s / 60 % 60),
    };
    let mut text = format!("{} of {} failed", row.failing, row.results);
    for i in &row.intervals {
        let _ = write!(text, ", {}-{} {}", clock(i.from_s), clock(i.to_s), i.state.code());
    }
    text
}

#[track_caller]
fn row_of(series: &Series, beats: &[Heartbeat], now: &str, expected: &str) {
    let now_ms = if now.is_empty() { i64::MAX } else { at(now) };
    assert_eq!(shown(day_row(&own("imap"), series, beats, &"main".into(), DAY, now_ms)), expected);
}

/// The row of a monitor that was heard of long before.
#[track_caller]
fn check(text: &str, expected: &str) {
    row_of(&Series { first_ms: Some(0), ..series(text) }, &[], "", expected);
}

#[test]
fn a_result_holds_for_twice_the_interval_and_30_seconds() {
    check("09:00 up", "0 of 1 failed, 00:00-09:00 ?, 09:20:30-24:00 ?");
}

#[test]
fn it_fails_from_the_first_failing_result_to_the_next_good_one() {
    check(
        "09:00 up, 09:10 down, 09:20 down, 09:30 up",
        "2 of 4 failed, 00:00-09:00 ?, 09:10-09:30 d, 09:50:30-24:00 ?",
    );
}

#[test]
fn what_a_source_has_not_confirmed_fails_all_the_same() {
    let mut series = Series { first_ms: Some(0), ..series("09:00 down, 09:10 up") };
    series.checks[0].confirmed = false;
    row_of(&series, &[], "", "1 of 2 failed, 00:00-09:00 ?, 09:00-09:10 d, 09:30:30-24:00 ?");
}

#[test]
fn a_check_that_could_not_be_made_ends_no_failure() {
    check("09:00 down, 09:10 unknown, 09:20 up", "1 of 3 failed, 00:00-09:00 ?, 09:00-09:20 d, 09:40:30-24:00 ?");
}

#[test]
fn but_a_failure_outlives_its_last_failing_result_no_longer_than_that_holds() {
    check(
        "09:00 down, 09:10 unknown, 09:20 unknown, 09:30 unknown",
        "1 of 4 failed, 00:00-09:00 ?, 09:00-09:20:30 d, 09:20:30-24:00 ?",
    );
}

#[test]
fn degraded_and_partial_are_told_apart_from_down() {
    check(
        "09:00 degraded, 09:10 partial, 09:20 down, 09:30 up",
        "2 of 4 failed, 00:00-09:00 ?, 09:00-09:10 g, 09:10-09:20 p, 09:20-09:30 d, 09:50:30-24:00 ?",
    );
}

#[test]
fn before_the_first_result_ever_it_was_not_monitored() {
    row_of(&series("09:00 up"), &[], "", "0 of 1 failed, 00:00-09:00 n, 09:20:30-24:00 ?");
}

#[test]
fn a_day_before_the_first_result_ever_has_no_row() {
    let series = series("09:00 up");
    assert_eq!(day_row(&own("imap"), &series, &[], &"main".into(), DAY.yesterday().unwrap(), i64::MAX), None);
}

#[test]
fn a_day_in_the_future_has_no_row() {
    row_of(&series("-09:00 up"), &[], "-23:00", "nothing");
}

#[test]
fn the_result_before_midnight_still_holds_after_it() {
    check("-23:55 down, 00:05 up", "0 of 1 failed, 00:00-00:05 d, 00:25:30-24:00 ?");
}

#[test]
fn a_result_of_the_next_day_changes_nothing_of_this_one() {
    let mut next = series("23:50 down");
    next.checks.push(Check { at_ms: at("24:00"), ..check_at("00:00", "up") });
    row_of(&next, &[], "", "1 of 1 failed, 00:00-23:50 n, 23:50-24:00 d");
}

#[test]
fn what_has_not_come_yet_is_unknown() {
    row_of(&series("09:00 down, 09:30 up"), &[], "09:10", "1 of 1 failed, 00:00-09:00 n, 09:00-09:10 d, 09:10-24:00 ?");
}

#[test]
fn paused_is_not_monitored() {
    check("09:00 up, 09:10 paused, 09:20 up", "0 of 2 failed, 00:00-09:00 ?, 09:10-09:20 n, 09:40:30-24:00 ?");
}

#[test]
fn a_monitor_that_its_source_calls_paused_is_not_monitored_since_its_last_result() {
    let paused = Series { paused: true, first_ms: Some(0), ..series("09:00 up") };
    row_of(&paused, &[], "10:00", "0 of 1 failed, 00:00-09:00 ?, 09:20:30-10:00 n, 10:00-24:00 ?");
}

#[test]
fn work_that_the_source_has_announced_goes_before_failing() {
    check(
        "09:00 down, 09:10 maintenance, 09:20 up",
        "1 of 3 failed, 00:00-09:00 ?, 09:00-09:10 d, 09:10-09:20 x, 09:40:30-24:00 ?",
    );
}

#[test]
fn of_several_places_at_one_moment_the_worst_counts() {
    let mut places = Series { first_ms: Some(0), ..series("09:00 up, 09:00 down, 09:00 up, 09:10 up") };
    for (place, check) in (0..).zip(&mut places.checks) {
        check.place = Some(place);
    }
    row_of(&places, &[], "", "1 of 4 failed, 00:00-09:00 ?, 09:00-09:10 d, 09:30:30-24:00 ?");
}

#[test]
fn where_the_source_does_not_say_its_results_tell_the_interval() {
    let mut observed = series("09:00 up, 09:01 up, 09:02 up");
    observed.interval_ms = None;
    row_of(&observed, &[], "", "0 of 3 failed, 00:00-09:00 n, 09:04:30-24:00 ?");
}

#[test]
fn seconds_are_rounded_to_the_nearest() {
    check("09:00:00.499 down, 09:10:00.500 up", "1 of 2 failed, 00:00-09:00 ?, 09:00-09:10:01 d, 09:30:31-24:00 ?");
}

#[test]
fn a_span_says_what_it_says_to_its_end() {
    check("09:00..09:30 down", "0 of 0 failed, 00:00-09:00 ?, 09:00-09:30 d, 09:30-24:00 ?");
}

#[test]
fn a_source_of_spans_is_fine_while_its_collector_is_answered() {
    row_of(
        &series("09:00..09:30 down"),
        &beats("08:00", "10:00"),
        "",
        "0 of 0 failed, 00:00-08:00 n, 09:00-09:30 d, 10:20:30-24:00 ?",
    );
}

#[test]
fn an_open_span_goes_on_as_long_as_the_collector_is_answered() {
    row_of(
        &series("09:00.. down"),
        &beats("08:00", "10:00"),
        "",
        "0 of 0 failed, 00:00-08:00 n, 09:00-10:20:30 d, 10:20:30-24:00 ?",
    );
}

#[test]
fn an_open_span_of_a_feed_that_nobody_records_goes_on() {
    row_of(&series("09:00.. down"), &[], "10:00", "0 of 0 failed, 00:00-09:00 n, 09:00-10:00 d, 10:00-24:00 ?");
}

#[test]
fn a_collector_that_is_answered_says_nothing_about_a_monitor_with_results() {
    row_of(
        &series("09:00 up, 09:05..09:08 down"),
        &beats("08:00", "10:00"),
        "",
        "0 of 1 failed, 00:00-09:00 n, 09:05-09:08 d, 09:20:30-24:00 ?",
    );
}

#[test]
fn latencies_of_good_results_are_counted() {
    let mut slow = series("09:00 up, 09:10 down, 09:20 degraded");
    for (latency, check) in [1000, 2000, 3000].into_iter().zip(&mut slow.checks) {
        check.latency_us = Some(latency);
    }
    let row = day_row(&own("imap"), &slow, &[], &"main".into(), DAY, i64::MAX).unwrap();
    assert_eq!(row.latency, Some(Histogram::of([1000, 3000])));
}

#[test]
fn a_monitor_that_fell_silent_has_a_row_that_knows_nothing() {
    let silent = Series { first_ms: Some(0), ..Series::default() };
    let row = day_row(&own("imap"), &silent, &[], &"main".into(), DAY, i64::MAX).unwrap();
    assert!(knows_nothing(&row));
    assert!(!knows_nothing(&day_row(&own("imap"), &series("09:00 up"), &[], &"main".into(), DAY, i64::MAX).unwrap()));
}

/// The rows of two collectors, joined.
#[track_caller]
fn joined(a: &str, b: &str, expected: &str) {
    let row = |text| day_row(&own("imap"), &series(text), &[], &"main".into(), DAY, i64::MAX).unwrap();
    let (a, b) = (row(a), row(b));
    for rows in [[&a, &b], [&b, &a]] {
        assert_eq!(shown(join(&rows)), expected);
    }
}

#[test]
fn whichever_collector_knows_goes_before_one_that_does_not() {
    joined("09:00 up", "09:10 up", "0 of 2 failed, 00:00-09:00 n, 09:30:30-24:00 ?");
}

#[test]
fn of_two_collectors_that_know_the_worse_counts() {
    joined(
        "09:00 up, 09:10 up",
        "09:05 down, 09:10 up",
        "1 of 4 failed, 00:00-09:00 n, 09:05-09:10 d, 09:30:30-24:00 ?",
    );
}

#[test]
fn a_row_of_another_system_counts_only_where_there_is_no_other() {
    let own_row = day_row(&own("imap"), &series("09:00 up"), &[], &"main".into(), DAY, i64::MAX).unwrap();
    let imported = DayRow { results: 0, intervals: Vec::new(), imported: true, ..own_row.clone() };
    assert_eq!(join(&[&imported, &own_row]).as_ref(), Some(&own_row));
    assert_eq!(join(&[&imported]), Some(imported));
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// The slow way: each second asked by itself.
    #[test]
    fn every_second_is_what_the_last_result_says(checks in prop::collection::btree_map(-7200_i64..86_400, 0_usize..7, 0..40)) {
        let mut series = Series { interval_ms: Some(600_000), first_ms: Some(0), ..Series::default() };
        for (&second, &index) in &checks {
            let at_ms = at("00:00") + second * 1000;
            series.checks.push(Check { at_ms, status: CheckStatus::ALL[index], ..check_at("00:00", "up") });
        }
        let row = day_row(&own("imap"), &series, &[], &"main".into(), DAY, i64::MAX).unwrap();
        for second in (0..86_400_u32).step_by(37) {
            let of_row = row.intervals.iter().find(|i| (i.from_s..i.to_s).contains(&second)).map_or("up", |i| i.state.code());
            prop_assert_eq!(of_row, slowly(&checks, i64::from(second)), "at second {}", second);
        }
    }
}

fn slowly(checks: &std::collections::BTreeMap<i64, usize>, second: i64) -> &'static str {
    for (&at, &index) in checks.range(..=second).rev() {
        if second >= at + 1230 {
            return "?";
        }
        let unknown = CheckStatus::ALL[index] == CheckStatus::Unknown;
        match CheckStatus::ALL[index] {
            // Only a failure is looked for behind a check that could not be made.
            CheckStatus::Unknown => continue,
            status if status.fails() => return if status == CheckStatus::Down { "d" } else { "p" },
            _ if at < second && checks.range(at + 1..=second).next().is_some() && !unknown => return "?",
            CheckStatus::Up => return "up",
            CheckStatus::Degraded => return "g",
            CheckStatus::Maintenance => return "x",
            _ => return "n",
        }
    }
    "?"
}
