//! How a monitor is right now.

use super::notation::{ms, standing_at};
use crate::derive::detect::Standing;

fn check(now: &str, results: &str, stale: bool, checking: bool) {
    let Standing { stale: is_stale, checking: is_checking, .. } = standing_at(now, results);
    assert_eq!((is_stale, is_checking), (stale, checking), "{results} at {now}");
}

#[test]
fn nothing_is_known_of_what_never_reported() {
    check("11:00", "", true, false);
}

#[test]
fn after_five_silent_minutes_nothing_is_known() {
    check("11:14:59", "11:00..11:10 .", false, false);
    check("11:15", "11:00..11:10 .", true, false);
}

#[test]
fn a_slow_monitor_may_be_silent_for_three_intervals() {
    let slow = "10:00 .; 10:10 .; 10:20 .; 10:30 .";
    check("10:59:59", slow, false, false);
    check("11:00", slow, true, false);
}

#[test]
fn two_failing_results_in_a_row_are_looked_into() {
    check("11:01", "11:00 .; 11:01 x", false, false);
    check("11:02", "11:00 .; 11:01 x; 11:02 x", false, true);
    check("11:03", "11:00 .; 11:01 x; 11:02 x; 11:03 .", false, false);
}

#[test]
fn an_outage_is_more_than_looked_into() {
    check("11:04", "11:00 .; 11:01..11:04 x", false, false);
}

#[test]
fn results_that_say_nothing_are_a_silence() {
    check("11:15", "11:00..11:10 .; 11:11..11:15 ?", true, false);
    assert_eq!(standing_at("11:15", "11:00..11:10 .; 11:11..11:15 ?").last_ms, Some(ms("11:15")));
}

#[test]
fn a_source_that_reports_only_changes_is_silent_when_nothing_changes() {
    check("15:00", "11:00/11:10 x", false, false);
    check("11:01", "11:00/ x", false, true);
}
