//! What becomes one detection, and what it is called.

use snapbox::{assert_data_eq, str};

use super::field::{Field, check};

#[test]
fn a_detection_is_named_for_the_minute_of_its_start_and_its_component() {
    check(
        "imap 11:02 11:05",
        "",
        "11:06",
        str![[r#"
2022-03-01-1102-imap down imap from 11:02 detected 11:05 open; published 11:05:30

"#]],
    );
}

#[test]
fn one_that_was_just_decided_waits_for_others_of_the_same_cause() {
    check("imap 11:02 11:05", "", "11:05", str![]);
}

#[test]
fn components_of_one_group_that_fail_together_are_one_and_named_for_the_group() {
    check(
        "imap 11:02 11:05\npop 11:02 11:05",
        "",
        "11:06",
        str![[r#"
2022-03-01-1102-mail down imap+pop from 11:02 detected 11:05 open; published 11:05:30

"#]],
    );
}

#[test]
fn what_joins_later_does_not_change_the_name_or_the_start() {
    check(
        "imap 11:02 11:05\npop 11:01 11:15",
        "",
        "11:20",
        str![[r#"
2022-03-01-1102-imap down imap+pop from 11:02 detected 11:05 open; published 11:05:30

"#]],
    );
}

#[test]
fn a_monitor_of_the_same_group_joins_within_the_group_window_only() {
    check(
        "imap 11:02 11:05\npop 11:35 11:35",
        "",
        "12:00",
        str![[r#"
2022-03-01-1102-imap down imap+pop from 11:02 detected 11:05 open; published 11:05:30

"#]],
    );
    check(
        "imap 11:02 11:05\npop 11:33 11:36",
        "",
        "12:00",
        str![[r#"
2022-03-01-1102-imap down imap from 11:02 detected 11:05 open; published 11:05:30
2022-03-01-1133-pop down pop from 11:33 detected 11:36 open; published 11:36:30

"#]],
    );
}

#[test]
fn a_monitor_of_the_same_component_joins_as_long_as_it_is_open() {
    check(
        "imap 11:02 11:05\nnet/imap 14:00 14:03",
        "",
        "14:30",
        str![[r#"
2022-03-01-1102-imap down imap from 11:02 detected 11:05 open; published 11:05:30

"#]],
    );
}

#[test]
fn monitors_of_different_feeds_speak_for_one_component() {
    check(
        "imap 11:02 11:05 11:30\nnet/imap 11:03 11:06 11:40",
        "",
        "12:00",
        str![[r#"
2022-03-01-1102-imap down imap from 11:02 detected 11:05 to 11:40 closed 11:55; published 11:05:30

"#]],
    );
}

#[test]
fn components_of_no_common_group_are_two() {
    check(
        "imap 11:02 11:05\nsmtp 11:02 11:05",
        "",
        "11:06",
        str![[r#"
2022-03-01-1102-imap down imap from 11:02 detected 11:05 open; published 11:05:30
2022-03-01-1102-smtp down smtp from 11:02 detected 11:05 open; published 11:05:30

"#]],
    );
}

#[test]
fn a_monitor_joins_the_one_that_it_depends_on() {
    let mut field = Field::new("web 11:02 11:05\nsmtp 11:03 11:06", "");
    field.heard("smtp").parents = vec![super::field::monitor("web").monitor];
    assert_data_eq!(
        field.told("11:10"),
        str![[r#"
2022-03-01-1102-web down smtp+web from 11:02 detected 11:05 open; published 11:05:30

"#]]
    );
}

#[test]
fn monitors_that_depend_on_the_same_one_are_one() {
    let mut field = Field::new("web 11:02 11:05\nsmtp 11:03 11:06", "");
    for name in ["smtp", "web"] {
        field.heard(name).parents = vec![super::field::monitor("router").monitor];
    }
    assert_data_eq!(
        field.told("11:10"),
        str![[r#"
2022-03-01-1102-web down smtp+web from 11:02 detected 11:05 open; published 11:05:30

"#]]
    );
}

#[test]
fn it_is_over_when_the_last_of_its_monitors_is() {
    check(
        "imap 11:02 11:05 11:30\npop 11:03 11:06 11:40",
        "",
        "11:50",
        str![[r#"
2022-03-01-1102-imap down imap+pop from 11:02 detected 11:05 recovering 11:44; published 11:05:30

"#]],
    );
    check(
        "imap 11:02 11:05 11:30\npop 11:03 11:06 11:40",
        "",
        "12:00",
        str![[r#"
2022-03-01-1102-imap down imap+pop from 11:02 detected 11:05 to 11:40 closed 11:55; published 11:05:30

"#]],
    );
}

#[test]
fn it_is_recovering_when_all_of_its_monitors_are() {
    check(
        "imap 11:02 11:05 11:30\npop 11:03 11:06 11:40",
        "",
        "11:43",
        str![[r#"
2022-03-01-1102-imap down imap+pop from 11:02 detected 11:05 open; published 11:05:30

"#]],
    );
    check(
        "imap 11:02 11:05 11:30\npop 11:03 11:06 11:40",
        "",
        "11:44",
        str![[r#"
2022-03-01-1102-imap down imap+pop from 11:02 detected 11:05 recovering 11:44; published 11:05:30

"#]],
    );
}

#[test]
fn a_relapse_is_the_same_detection() {
    check(
        "imap 11:02 11:05 11:20 again 12:00 12:03",
        "",
        "12:10",
        str![[r#"
2022-03-01-1102-imap down imap from 11:02 detected 11:05 open 2 openings; published 11:05:30

"#]],
    );
}

#[test]
fn a_relapse_of_another_monitor_of_the_component_is_the_same_detection() {
    check(
        "imap 11:02 11:05 11:20\nnet/imap 12:00 12:03",
        "",
        "12:10",
        str![[r#"
2022-03-01-1102-imap down imap from 11:02 detected 11:05 open 2 openings; published 11:05:30

"#]],
    );
}

#[test]
fn later_than_a_relapse_it_is_another_one() {
    check(
        "imap 11:02 11:05 11:20\nnet/imap 12:36 12:39",
        "",
        "12:45",
        str![[r#"
2022-03-01-1102-imap down imap from 11:02 detected 11:05 to 11:20 closed 11:35; published 11:05:30
2022-03-01-1236-imap down imap from 12:36 detected 12:39 open; published 12:39:30

"#]],
    );
}

#[test]
fn three_openings_within_six_hours_are_unstable() {
    check(
        "imap 11:02 11:05 11:10 again 11:40 11:43 11:50 again 12:20 12:23",
        "",
        "12:30",
        str![[r#"
2022-03-01-1102-imap down imap from 11:02 detected 11:05 open 3 openings unstable; published 11:05:30

"#]],
    );
    check(
        "imap 11:02 11:05 11:10 again 11:40 11:43",
        "",
        "12:30",
        str![[r#"
2022-03-01-1102-imap down imap from 11:02 detected 11:05 open 2 openings; published 11:05:30

"#]],
    );
}

#[test]
fn monitors_that_join_do_not_open_it_again() {
    check(
        "imap 11:02 11:05\npop 11:04 11:07\nnet/imap 11:08 11:11",
        "",
        "12:00",
        str![[r#"
2022-03-01-1102-imap down imap+pop from 11:02 detected 11:05 open; published 11:05:30

"#]],
    );
}

#[test]
fn it_is_as_bad_as_the_worst_of_its_monitors() {
    check(
        "imap 11:02 11:05 degraded\npop 11:03 11:06 partial",
        "",
        "11:10",
        str![[r#"
2022-03-01-1102-imap partial imap+pop from 11:02 detected 11:05 open; published 11:05:30

"#]],
    );
}

#[test]
fn a_monitor_that_nobody_watches_says_nothing() {
    check("router 11:02 11:05", "", "11:10", str![]);
}

#[test]
fn a_source_whose_monitors_fail_all_at_once_is_one_detection() {
    check(
        "imap 11:02 11:05\nsmtp 11:03 11:06\nweb 11:02 11:05",
        "",
        "11:10",
        str![[r#"
2022-03-01-1102-imap down imap+smtp+web from 11:02 detected 11:05 open; published 11:05:30

"#]],
    );
}

#[test]
fn every_window_is_the_configs_own() {
    let mut field = Field::new("imap 11:02 11:05 11:20\npop 11:03 11:06\nnet/imap 12:36 12:39", "");
    field.limits().group_wait = jiff::SignedDuration::from_mins(2);
    field.limits().relapse = jiff::SignedDuration::from_mins(62);
    assert_data_eq!(field.told("11:06"), str![]);
    assert_data_eq!(
        field.told("12:45"),
        str![[r#"
2022-03-01-1102-mail down imap+pop from 11:02 detected 11:05 open; published 11:07

"#]]
    );
    field.limits().group_window = jiff::SignedDuration::ZERO;
    assert_data_eq!(
        field.told("12:45"),
        str![[r#"
2022-03-01-1102-imap down imap from 11:02 detected 11:05 open 2 openings; published 11:07
2022-03-01-1103-pop down pop from 11:03 detected 11:06 open; published 11:08

"#]]
    );
}

#[test]
fn what_turns_worse_is_no_new_opening_and_keeps_both_its_stretches() {
    let mut field = Field::new("imap 11:02 11:10 11:40", "");
    super::field::turned_worse(&mut field, "imap", "11:20");
    assert_data_eq!(
        field.told("12:00"),
        str![[r#"
2022-03-01-1102-imap down imap from 11:02 detected 11:10 to 11:40 closed 11:55; published 11:10:30

"#]]
    );
    let kinds = |detection: &crate::model::Detection| {
        let clock = |at: jiff::Timestamp| at.strftime("%H:%M").to_string();
        let outages = detection.outages.iter();
        outages.map(|one| (one.kind.word(), clock(one.start), one.end.map(clock).unwrap_or_default())).collect()
    };
    let expected = [("partial", "11:02", "11:20"), ("down", "11:20", "11:40")];
    let expected: Vec<_> = expected.map(|(kind, from, to)| (kind, from.to_owned(), to.to_owned())).to_vec();
    let known = field.detections("12:00");
    let found: Vec<_> = kinds(&known[0]);
    assert_eq!(found, expected);
    let again: Vec<_> = kinds(&field.after(known).detections("12:05")[0]);
    assert_eq!(again, expected);
}
