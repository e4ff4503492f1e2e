//! Sources that report only changes.

use snapbox::{assert_data_eq, str};

use super::notation::{at, at_expiring};

#[test]
fn a_span_opens_once_it_is_old_enough() {
    assert_data_eq!(at("11:02:59", "11:00/ x"), str![["nothing"]]);
    assert_data_eq!(at("11:03", "11:00/ x"), str![["down by declared, from 11:00, detected 11:03"]]);
}

#[test]
fn a_span_that_ends_before_is_nothing() {
    assert_data_eq!(at("12:00", "11:00/11:03 x"), str![["nothing"]]);
    assert_data_eq!(
        at("11:04", "11:00/11:03:01 x"),
        str![["down by declared, from 11:00, detected 11:03, recovering 11:03:01"]]
    );
}

#[test]
fn a_span_that_its_source_has_not_confirmed_opens_nothing() {
    assert_data_eq!(at("12:00", "11:00/ w"), str![["nothing"]]);
}

#[test]
fn confirmed_later_it_began_with_the_first_failure() {
    assert_data_eq!(at("11:05", "11:00/11:04 w; 11:04/ x"), str![["down by declared, from 11:00, detected 11:04"]]);
}

#[test]
fn it_closes_a_hold_after_the_end_of_the_span() {
    assert_data_eq!(
        at("11:24:59", "11:00/11:10 x"),
        str![["down by declared, from 11:00, detected 11:03, recovering 11:10"]]
    );
    assert_data_eq!(
        at("11:25", "11:00/11:10 x"),
        str![["down by declared, from 11:00, detected 11:03, recovering 11:10, over 11:10, closed 11:25"]]
    );
}

#[test]
fn what_begins_again_within_the_hold_is_the_same_outage() {
    assert_data_eq!(
        at("12:00", "11:00/11:10 x; 11:20/11:24 x"),
        str![[r#"
down by declared, from 11:00, detected 11:03, recovering 11:24, over 11:24, closed 11:39
  down 11:00-11:10, 0 of 0
  down 11:20-11:24, 0 of 0
"#]]
    );
}

#[test]
fn spans_that_touch_are_one() {
    assert_data_eq!(at("11:03", "11:00/11:02 x; 11:02/ x"), str![["down by declared, from 11:00, detected 11:03"]]);
}

#[test]
fn unknown_is_no_end() {
    assert_data_eq!(
        at("11:40", "11:00/11:10 x; 11:10/11:30 ?"),
        str![["down by declared, from 11:00, detected 11:03, recovering 11:30, over 11:30, closed 11:30"]]
    );
    assert_data_eq!(
        at("11:29", "11:00/11:10 x; 11:10/11:30 ?"),
        str![["down by declared, from 11:00, detected 11:03"]]
    );
}

#[test]
fn a_degraded_span_is_degraded_and_turns_worse_with_the_next_one() {
    assert_data_eq!(
        at("11:10", "11:00/11:05 g; 11:05/ x"),
        str![[r#"
down by declared, from 11:00, detected 11:03
  degraded 11:00-11:05, 0 of 0
  down 11:05-, 0 of 0
"#]]
    );
}

#[test]
fn nothing_is_declared_by_a_feed_that_has_expired() {
    assert_data_eq!(at_expiring("11:10", "11:03", "11:00/ x"), str![["nothing"]]);
}

#[test]
fn good_results_do_not_end_what_is_still_declared() {
    assert_data_eq!(at("12:00", "11:00/ x; 11:10..12:00 ."), str![["down by declared, from 11:00, detected 11:03"]]);
}
