//! When things grind to a halt.

use snapbox::{assert_data_eq, str};

use super::notation::{at, ms, rules, said, series};
use crate::derive::detect::episodes;
use crate::model::DetectionLimits;

#[test]
fn degraded_results_for_three_minutes_are_degraded() {
    assert_data_eq!(at("11:02", "11:00..11:02 g"), str![["nothing"]]);
    assert_data_eq!(at("11:03", "11:00..11:03 g"), str![["degraded by degraded, from 11:00, detected 11:03"]]);
}

#[test]
fn slow_results_are_degraded() {
    assert_data_eq!(at("11:03", "11:00..11:03 s"), str![["degraded by degraded, from 11:00, detected 11:03"]]);
}

#[test]
fn a_microsecond_less_is_quick() {
    let mut series = series("11:00..11:03 s");
    let limits = DetectionLimits::default();
    for check in &mut series.checks {
        check.latency_us = check.latency_us.map(|us| us - 1);
    }
    assert_data_eq!(said(&episodes(&series, &rules(&limits), ms("11:03"))), str![["nothing"]]);
}

#[test]
fn quick_answers_end_it() {
    assert_data_eq!(
        at("11:30", "11:00..11:05 g; 11:06..11:30 ."),
        str![["degraded by degraded, from 11:00, detected 11:03, recovering 11:10, over 11:06, closed 11:20"]]
    );
}

#[test]
fn degraded_from_one_of_two_places_is_nothing() {
    assert_data_eq!(at("11:03", "10:50..10:59 . oslo bergen; 11:00..11:03 g oslo"), str![["nothing"]]);
}

#[test]
fn a_failing_result_among_degraded_ones_does_not_break_the_run() {
    assert_data_eq!(
        at("11:03", "11:00..11:01 g; 11:02 x; 11:03 g"),
        str![["degraded by degraded, from 11:00, detected 11:03"]]
    );
}

#[test]
fn degraded_that_turns_down_gets_worse_and_stays_one() {
    assert_data_eq!(
        at("12:00", "11:00..11:09 g; 11:10..11:19 x; 11:20..12:00 ."),
        str![[r#"
down by degraded, from 11:00, detected 11:03, recovering 11:24, over 11:20, closed 11:34
  degraded 11:00-11:10, 10 of 10
  down 11:10-11:20, 10 of 10
"#]]
    );
}

#[test]
fn degraded_that_was_good_for_a_while_before_it_turns_down_ended_then() {
    assert_data_eq!(
        at("11:25", "11:00..11:09 g; 11:10..11:19 .; 11:20..11:25 x"),
        str![[r#"
down by degraded, from 11:00, detected 11:03
  degraded 11:00-11:10, 10 of 10
  down 11:20-, 6 of 6
"#]]
    );
}

#[test]
fn what_is_slow_after_an_outage_goes_on_as_that() {
    assert_data_eq!(
        at("12:00", "11:00..11:09 x; 11:10..11:40 g; 11:41..12:00 ."),
        str![[r#"
down by total, from 11:00, detected 11:03, recovering 11:45, over 11:41, closed 11:55, opened 2 times
  down 11:00-11:10, 10 of 10
  degraded 11:10-11:41, 31 of 31
"#]]
    );
}

#[test]
fn an_outage_under_way_goes_before_what_is_slow_in_it() {
    assert_data_eq!(
        at("11:20", "11:00..11:09 x; 11:10..11:20 g"),
        str![["down by total, from 11:00, detected 11:03, recovering 11:14"]]
    );
}
