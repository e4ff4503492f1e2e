//! When an outage is over, and when another one is the same.

use snapbox::{assert_data_eq, str};

use super::notation::{at, at_expiring, at_with, mins};
use crate::model::DetectionLimits;

#[test]
fn five_good_results_in_a_row_say_that_it_may_be_over() {
    let results = "11:00..11:09 x; 11:10..11:30 .";
    assert_data_eq!(at("11:13", results), str![["down by total, from 11:00, detected 11:03"]]);
    assert_data_eq!(at("11:14", results), str![["down by total, from 11:00, detected 11:03, recovering 11:14"]]);
}

#[test]
fn it_is_over_once_nothing_failed_for_the_hold_and_ended_with_the_first_good_result() {
    let results = "11:00..11:09 x; 11:10..11:40 .";
    assert_data_eq!(at("11:23:59", results), str![["down by total, from 11:00, detected 11:03, recovering 11:14"]]);
    assert_data_eq!(
        at("11:24", results),
        str![["down by total, from 11:00, detected 11:03, recovering 11:14, over 11:10, closed 11:24"]]
    );
}

#[test]
fn the_hold_begins_anew_with_each_failing_result() {
    assert_data_eq!(
        at("12:00", "11:00..11:09 x; 11:10..11:22 .; 11:23 x; 11:24..11:59 ."),
        str![[r#"
down by total, from 11:00, detected 11:03, recovering 11:28, over 11:24, closed 11:38
  down 11:00-11:10, 10 of 10
  down 11:23-11:24, 1 of 1
"#]]
    );
}

#[test]
fn a_few_good_results_within_an_outage_are_part_of_it() {
    assert_data_eq!(
        at("12:00", "11:00..11:04 x; 11:05..11:08 .; 11:09 x; 11:10..11:59 ."),
        str![["down by total, from 11:00, detected 11:03, recovering 11:14, over 11:10, closed 11:24"]]
    );
}

#[test]
fn a_failing_result_in_the_very_moment_of_closing_keeps_it_open() {
    assert_data_eq!(
        at("11:24", "11:00..11:09 x; 11:10..11:23 .; 11:24 x"),
        str![[r#"
down by total, from 11:00, detected 11:03
  down 11:00-11:10, 10 of 10
  down 11:24-, 1 of 1
"#]]
    );
}

#[test]
fn four_good_results_are_not_enough() {
    let seldom = "10:40 .; 10:50 .; 11:00 x; 11:10 x; 11:20 .; 11:30 .; 11:40 .; 11:50 .";
    assert_data_eq!(at("11:59", seldom), str![["down by total, from 11:00, detected 11:10"]]);
    let five = "10:40 .; 10:50 .; 11:00 x; 11:10 x; 11:20 .; 11:30 .; 11:40 .; 11:50 .; 12:00 .";
    assert_data_eq!(
        at("12:00", five),
        str![["down by total, from 11:00, detected 11:10, recovering 12:00, over 11:20, closed 12:00"]]
    );
}

#[test]
fn unknown_results_are_not_good_ones() {
    assert_data_eq!(at("11:30", "11:00..11:09 x; 11:10..11:30 ?"), str![["down by total, from 11:00, detected 11:03"]]);
}

#[test]
fn nothing_closes_while_nothing_is_heard() {
    // Quiet since 11:16: at 11:21 nothing is known any more, and the hold ends at 11:24.
    assert_data_eq!(
        at("13:00", "11:00..11:09 x; 11:10..11:16 ."),
        str![["down by total, from 11:00, detected 11:03, recovering 11:14"]]
    );
}

#[test]
fn it_closes_with_the_first_word_after_the_silence() {
    assert_data_eq!(
        at("13:00", "11:00..11:09 x; 11:10..11:16 .; 12:30 ."),
        str![["down by total, from 11:00, detected 11:03, recovering 11:14, over 11:10, closed 12:30"]]
    );
}

#[test]
fn nothing_closes_once_the_feed_has_expired() {
    assert_data_eq!(
        at_expiring("12:00", "11:24", "11:00..11:09 x; 11:10..11:59 ."),
        str![["down by total, from 11:00, detected 11:03, recovering 11:14"]]
    );
}

#[test]
fn degraded_results_are_good_enough_to_end_an_outage() {
    assert_data_eq!(
        at("12:00", "11:00..11:09 x; 11:10..11:11 g; 11:12..11:59 ."),
        str![["down by total, from 11:00, detected 11:03, recovering 11:14, over 11:10, closed 11:24"]]
    );
}

#[test]
fn what_fails_again_within_an_hour_of_closing_is_the_same() {
    // Closed at 11:24; again from 12:23, 59 minutes later. The hold is now half an hour.
    assert_data_eq!(
        at("13:30", "11:00..11:09 x; 11:10..12:22 .; 12:23..12:29 x; 12:30..13:30 ."),
        str![[r#"
down by total, from 11:00, detected 11:03, recovering 12:34, over 12:30, closed 12:59, opened 2 times
  down 11:00-11:10, 10 of 10
  down 12:23-12:30, 7 of 7
"#]]
    );
}

#[test]
fn a_minute_more_than_an_hour_is_another_one() {
    assert_data_eq!(
        at("13:30", "11:00..11:09 x; 11:10..12:24 .; 12:25..12:29 x; 12:30..13:30 ."),
        str![[r#"
down by total, from 11:00, detected 11:03, recovering 11:14, over 11:10, closed 11:24
down by total, from 12:25, detected 12:28, recovering 12:34, over 12:30, closed 12:44
"#]]
    );
}

#[test]
fn a_second_relapse_holds_for_an_hour_at_most() {
    let limits = DetectionLimits { unstable_openings: 100, ..DetectionLimits::default() };
    let results = "11:00..11:04 x; 11:05..11:59 .; 12:00..12:04 x; 12:05..12:59 .; 13:00..13:04 x; 13:05..14:59 .; \
                   15:00..15:04 x; 15:05..18:00 .";
    assert_data_eq!(
        at_with(&limits, "18:00", results),
        str![[r#"
down by total, from 11:00, detected 11:03, recovering 15:09, over 15:05, closed 16:04, opened 4 times
  down 11:00-11:05, 5 of 5
  down 12:00-12:05, 5 of 5
  down 13:00-13:05, 5 of 5
  down 15:00-15:05, 5 of 5
"#]]
    );
}

#[test]
fn the_third_opening_in_six_hours_makes_it_unstable() {
    let results = "08:00..08:04 x; 08:05..10:59 .; 11:00..11:04 x; 11:05..13:59 .; 14:00..14:04 x; 14:05..16:00 .";
    assert_data_eq!(
        at("16:00", results),
        str![[r#"
down by total, from 08:00, detected 08:03, recovering 08:09, over 08:05, closed 08:19
down by total, from 11:00, detected 11:03, recovering 11:09, over 11:05, closed 11:19
down by total, from 14:00, detected 14:03, recovering 14:09, over 14:05, closed 15:04, unstable
"#]]
    );
}

#[test]
fn a_second_later_it_does_not() {
    let results = "08:00..08:04 x; 08:05..10:59 .; 11:00..11:04 x; 11:05..13:59 .; 14:00:01 x; 14:01:01 x; 14:02:01 x; \
                   14:03:01 x; 14:05..16:00 .";
    let said = at("16:00", results);
    assert!(!said.contains("unstable"), "{said}");
}

#[test]
fn six_quiet_hours_end_the_instability() {
    let unstable = "08:00..08:04 x; 08:05..09:59 .; 10:00..10:04 x; 10:05..11:59 .; 12:00..12:04 x";
    let soon = format!("{unstable}; 12:05..18:03 .; 18:03:59 x; 18:04:59 x; 18:05:59 x; 18:06:59 x; 18:08..20:00 .");
    assert!(
        at("20:00", &soon).lines().last().unwrap().ends_with("closed 19:06:59, unstable"),
        "{}",
        at("20:00", &soon)
    );
    let late = format!("{unstable}; 12:05..18:03 .; 18:04..18:08 x; 18:09..20:00 .");
    assert!(at("20:00", &late).lines().last().unwrap().ends_with("closed 18:23"), "{}", at("20:00", &late));
}

#[test]
fn what_an_outage_was_made_of_makes_no_second_one() {
    // Ten-minute checks: the old failures are among the last fifteen results when one more comes after closing.
    let results = "09:00 .; 09:10 .; 09:20 x; 09:30 x; 09:40 x; 09:50 x; 10:00 .; 10:10 .; 10:20 .; 10:30 .; 10:40 .; \
                   10:50 x; 11:00 .";
    let limits = DetectionLimits { hold: mins(30), ..DetectionLimits::default() };
    assert_data_eq!(
        at_with(&limits, "11:00", results),
        str![["down by total, from 09:20, detected 09:30, recovering 10:40, over 10:00, closed 10:40"]]
    );
}
