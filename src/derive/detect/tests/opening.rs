//! When an outage begins.

use snapbox::{IntoData, assert_data_eq, str};

use super::notation::{at, at_expiring, at_with, mins};
use crate::model::DetectionLimits;

fn check(results: &str, expected: impl IntoData) {
    assert_data_eq!(at("12:00", results), expected.into_data());
}

#[test]
fn one_failing_result_is_nothing() {
    check("11:00..11:01 .; 11:02 x; 11:03..11:59 .", str![["nothing"]]);
}

#[test]
fn three_minutes_of_nothing_but_failing_results_are_an_outage_since_the_first() {
    assert_data_eq!(at("11:05", "11:00..11:01 .; 11:02..11:05 x"), str![["down by total, from 11:02, detected 11:05"]]);
}

#[test]
fn one_second_less_is_none() {
    assert_data_eq!(at("11:06", "11:02 x; 11:03 x; 11:04:59 x"), str![["nothing"]]);
    assert_data_eq!(at("11:06", "11:02 x; 11:03 x; 11:05:00 x"), str![["down by total, from 11:02, detected 11:05"]]);
    assert_data_eq!(
        at("11:06", "11:02 x; 11:03 x; 11:05:01 x"),
        str![["down by total, from 11:02, detected 11:05:01"]]
    );
}

#[test]
fn time_alone_opens_nothing_the_newest_result_must_fail() {
    assert_data_eq!(at("11:06", "11:02 x; 11:03 x"), str![["nothing"]]);
}

#[test]
fn a_good_result_breaks_the_run() {
    assert_data_eq!(at("11:07", "10:40..11:01 .; 11:02..11:04 x; 11:05 .; 11:06..11:07 x"), str![["nothing"]]);
}

#[test]
fn two_results_are_enough_where_a_monitor_runs_seldom() {
    assert_data_eq!(
        at("11:25", "10:40 .; 10:45 .; 10:50 .; 10:55 .; 11:00 x; 11:05 x"),
        str![["down by total, from 11:00, detected 11:05"]]
    );
}

#[test]
fn one_result_is_not() {
    assert_data_eq!(at("11:05", "10:45 .; 10:50 .; 10:55 .; 11:00 x"), str![["nothing"]]);
}

#[test]
fn what_its_source_has_not_confirmed_fails_all_the_same() {
    assert_data_eq!(at("11:05", "11:02..11:05 w"), str![["down by total, from 11:02, detected 11:05"]]);
}

#[test]
fn a_check_that_could_not_be_made_neither_counts_nor_breaks_the_run() {
    assert_data_eq!(
        at("11:05", "11:02 x; 11:03 ?; 11:04 ?; 11:05 x"),
        str![["down by total, from 11:02, detected 11:05"]]
    );
    assert_data_eq!(at("11:05", "11:02 x; 11:03 ?; 11:04 ?; 11:05 ?"), str![["nothing"]]);
}

#[test]
fn one_of_several_places_is_not_enough() {
    let good = "10:50..10:59 . oslo bergen; 11:00..11:03 x oslo";
    assert_data_eq!(at("11:03", good), str![["nothing"]]);
}

#[test]
fn two_places_are() {
    assert_data_eq!(
        at("11:03", "10:50..10:59 . oslo bergen; 11:00..11:02 x oslo; 11:03 x bergen"),
        str![["down by total, from 11:00, detected 11:03, 2 of 2 places"]]
    );
}

#[test]
fn of_how_many_places_are_those_that_were_heard_of() {
    assert_data_eq!(
        at("11:03", "10:50..10:59 . oslo bergen voss; 11:00..11:03 x oslo bergen"),
        str![["down by total, from 11:00, detected 11:03, 2 of 3 places"]]
    );
}

#[test]
fn the_only_place_is_enough() {
    assert_data_eq!(
        at("11:03", "10:50..10:59 . oslo; 11:00..11:03 x oslo"),
        str![["down by total, from 11:00, detected 11:03, 1 of 1 places"]]
    );
}

#[test]
fn a_place_that_no_longer_reports_does_not_make_the_other_deaf() {
    assert_data_eq!(
        at("11:03", "10:00..10:30 . oslo bergen; 10:31..10:59 . oslo; 11:00..11:03 x oslo"),
        str![["down by total, from 11:00, detected 11:03, 1 of 1 places"]]
    );
}

#[test]
fn places_that_differ_at_one_moment_break_the_run() {
    let both = "11:00 x oslo; 11:00 . bergen; 11:01 x oslo; 11:01 . bergen; 11:02 x oslo; 11:02 . bergen; \
                11:03 x oslo; 11:03 . bergen";
    assert_data_eq!(at("11:03", both), str![["nothing"]]);
}

#[test]
fn the_order_of_results_and_their_repetition_do_not_matter() {
    let sorted = at("11:30", "11:02 x oslo; 11:03 x bergen; 11:04 x oslo; 11:05 x bergen");
    let other = "11:05 x bergen; 11:03 x bergen; 11:02 x oslo; 11:04 x oslo; 11:03 x bergen; 11:02 x oslo";
    assert_eq!(at("11:30", other), sorted);
}

#[test]
fn what_comes_later_than_now_does_not_count() {
    assert_data_eq!(at("11:04", "11:02..11:09 x"), str![["nothing"]]);
}

#[test]
fn five_of_fifteen_from_three_places_are_a_brownout() {
    // Every third one: exactly a third.
    let third = "10:40..10:59 . a b c d; 11:00 x a; 11:01..11:02 . b c; 11:03 x b; 11:04..11:05 . c d; 11:06 x c; \
                 11:07..11:08 . d a; 11:09 x d; 11:10..11:11 . a b; 11:12 x a";
    assert_data_eq!(at("11:12", third), str![["partial by brownout, from 11:00, detected 11:12, 4 of 4 places"]]);
}

#[test]
fn four_of_fifteen_are_not() {
    let fewer = "10:40..10:59 . a b c d; 11:00 x a; 11:01..11:02 . b c; 11:03 x b; 11:04..11:05 . c d; 11:06 x c; \
                 11:07..11:08 . d a; 11:09 x d; 11:10..11:59 . a b";
    check(fewer, str![["nothing"]]);
}

#[test]
fn five_of_sixteen_in_a_quarter_of_an_hour_are_less_than_a_third() {
    // A sixteenth result within the fifteen minutes.
    let third = "10:40..10:59 . a b c d; 11:00 x a; 11:01..11:02 . b c; 11:02:30 . d; 11:03 x b; 11:04..11:05 . c d; \
                 11:06 x c; 11:07..11:08 . d a; 11:09 x d; 11:10..11:11 . a b; 11:12 x a";
    assert_data_eq!(at("11:12", third), str![["nothing"]]);
}

#[test]
fn a_failing_result_fifteen_minutes_ago_is_out_of_the_window() {
    let five = "10:40..10:56 . a b c d; 10:57 x a; 10:58..11:02 . b c; 11:03 x b; 11:04..11:05 . c d; 11:06 x c; \
                11:07..11:08 . d a; 11:09 x d; 11:10..11:11 . a b; 11:12 x a";
    assert_data_eq!(at("11:12", five), str![["nothing"]]);
}

#[test]
fn a_slow_monitor_looks_back_over_fifteen_results_instead() {
    let slow = "08:00 . a; 08:10 . b; 08:20 . c; 08:30 . a; 08:40 x b; 08:50 . c; 09:00 . a; 09:10 x b; 09:20 . c; \
                09:30 x a; 09:40 . b; 09:50 x c; 10:00 . a; 10:10 . b; 10:20 x c";
    assert_data_eq!(at("10:20", slow), str![["partial by brownout, from 08:40, detected 10:20, 3 of 3 places"]]);
}

#[test]
fn two_places_of_four_make_no_brownout() {
    let two = "10:40..10:59 . a b c d; 11:00 x a; 11:01..11:02 . c d; 11:03 x b; 11:04..11:05 . c d; 11:06 x a; \
               11:07..11:08 . c d; 11:09 x b; 11:10..11:11 . c d; 11:12 x a";
    assert_data_eq!(at("11:12", two), str![["nothing"]]);
}

#[test]
fn two_places_of_two_do() {
    let two = "10:40..10:59 . a b; 11:00 x a; 11:01..11:02 . a b; 11:03 x b; 11:04..11:05 . a b; 11:06 x a; \
               11:07..11:08 . a b; 11:09 x b; 11:10..11:11 . a b; 11:12 x a";
    assert_data_eq!(at("11:12", two), str![["partial by brownout, from 11:00, detected 11:12, 2 of 2 places"]]);
}

#[test]
fn from_one_place_half_of_them_must_fail() {
    let third = "10:40..10:59 .; 11:00 x; 11:01..11:02 .; 11:03 x; 11:04..11:05 .; 11:06 x; 11:07..11:08 .; 11:09 x; \
                 11:10..11:11 .; 11:12 x";
    assert_data_eq!(at("11:12", third), str![["nothing"]]);
    let half = "10:40..10:59 .; 11:00 x; 11:01 .; 11:02 x; 11:03 .; 11:04 x; 11:05 .; 11:06 x; 11:07 .; 11:08 x; \
                11:09 .; 11:10 x; 11:11 .; 11:12 x; 11:13 .; 11:14 x";
    assert_data_eq!(at("11:14", half), str![["partial by brownout, from 11:00, detected 11:14"]]);
}

#[test]
fn a_brownout_opens_with_a_failing_result_only() {
    let before = "11:00 x a; 11:01 x b; 11:02 . c; 11:03 x c; 11:04 . a; 11:05 x a";
    assert_data_eq!(at("11:04", before), str![["nothing"]]);
}

#[test]
fn a_feed_that_begins_with_a_burst_of_failures_proves_nothing_yet() {
    let burst = "11:00:00 x a; 11:00:10 x b; 11:00:20 x c; 11:00:30 x d; 11:00:40 x e";
    assert_data_eq!(at("11:00:40", burst), str![["nothing"]]);
}

#[test]
fn a_brownout_that_becomes_total_gets_worse_and_stays_one() {
    let worse = "10:40..10:59 . a b c d; 11:00 x a; 11:01..11:02 . b c; 11:03 x b; 11:04..11:05 . c d; 11:06 x c; \
                 11:07..11:08 . d a; 11:09 x d; 11:10..11:11 . a b; 11:12..11:20 x a b c d";
    assert_data_eq!(
        at("11:20", worse),
        str![[r#"
down by brownout, from 11:00, detected 11:12, 4 of 4 places
  partial 11:00-11:12, 4 of 12
  down 11:12-, 9 of 9
"#]]
    );
}

#[test]
fn a_partial_outage_of_an_upstream_is_partial() {
    assert_data_eq!(at("11:05", "11:02..11:05 p"), str![["partial by total, from 11:02, detected 11:05"]]);
}

#[test]
fn failures_on_both_sides_of_a_silence_are_no_run() {
    assert_data_eq!(at("12:00", "10:50..10:59 .; 11:00 x; 12:00 x"), str![["nothing"]]);
}

#[test]
fn failures_across_a_gap_that_is_no_silence_are() {
    assert_data_eq!(
        at("11:05", "10:50..10:59 .; 11:00 x; 11:04:59 x"),
        str![["down by total, from 11:00, detected 11:04:59"]]
    );
    assert_data_eq!(at("11:05", "10:50..10:59 .; 11:00 x; 11:05 x"), str![["nothing"]]);
}

#[test]
fn nothing_opens_once_the_feed_has_expired() {
    assert_data_eq!(at_expiring("11:06", "11:05", "11:02..11:06 x"), str![["nothing"]]);
    assert_data_eq!(
        at_expiring("11:06", "11:05:01", "11:02..11:06 x"),
        str![["down by total, from 11:02, detected 11:05"]]
    );
}

#[test]
fn every_threshold_can_be_another() {
    let limits = DetectionLimits { detect_after: mins(1), fails: 3, ..DetectionLimits::default() };
    assert_data_eq!(at_with(&limits, "11:01", "11:00 x; 11:01 x"), str![["nothing"]]);
    assert_data_eq!(at_with(&limits, "11:02", "11:00..11:02 x"), str![["down by total, from 11:00, detected 11:02"]]);
}
