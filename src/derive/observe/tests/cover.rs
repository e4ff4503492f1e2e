//! Which post covers which detection.

use snapbox::{assert_data_eq, str};

use super::field::{Field, check};
use crate::model::{IncidentStatus, PostedAt, Stage};

const OUTAGE: &str = "imap 11:02 11:05 11:40";
const OPEN: &str = "imap 11:02 11:05";

#[test]
fn a_post_that_begins_while_it_is_under_way_covers_it() {
    check(
        OPEN,
        "incident major imap\ninvestigating 11:20\n",
        "11:30",
        str![[r#"
2022-03-01-1102-imap down imap from 11:02 detected 11:05 open; published 11:05:30; covered by i1

"#]],
    );
}

#[test]
fn a_post_that_begins_at_most_thirty_minutes_after_its_end_covers_it() {
    check(
        OUTAGE,
        "incident major imap\nresolved 12:10\n",
        "12:30",
        str![[r#"
2022-03-01-1102-imap down imap from 11:02 detected 11:05 to 11:40 closed 11:55; published 11:05:30; covered by i1

"#]],
    );
    check(
        OUTAGE,
        "incident major imap\nresolved 12:11\n",
        "12:30",
        str![[r#"
2022-03-01-1102-imap down imap from 11:02 detected 11:05 to 11:40 closed 11:55; published 11:05:30

"#]],
    );
}

#[test]
fn however_late_somebody_wrote() {
    check(
        OUTAGE,
        "incident major imap started=11:00\nresolved 2022-03-03T09:00:00Z\n",
        "2022-03-03T10:00:00Z",
        str![[r#"
2022-03-01-1102-imap down imap from 11:02 detected 11:05 to 11:40 closed 11:55; published 11:05:30; covered by i1

"#]],
    );
}

#[test]
fn where_only_the_day_is_known_the_day_decides() {
    let mut field = Field::new(OUTAGE, "incident major imap\ninvestigating 23:00\n");
    field.site.incidents[0].updates[0].posted = PostedAt::Day("2022-03-01".parse().unwrap());
    assert_data_eq!(
        field.told("23:30"),
        str![[r#"
2022-03-01-1102-imap down imap from 11:02 detected 11:05 to 11:40 closed 11:55; published 11:05:30; covered by i1

"#]]
    );
    field.site.incidents[0].updates[0].posted = PostedAt::Day("2022-03-02".parse().unwrap());
    assert_data_eq!(
        field.told("23:30"),
        str![[r#"
2022-03-01-1102-imap down imap from 11:02 detected 11:05 to 11:40 closed 11:55; published 11:05:30

"#]]
    );
}

#[test]
fn it_begins_while_a_fresh_post_is_open() {
    check(
        OPEN,
        "incident minor imap\ninvestigating 05:10\n",
        "11:30",
        str![[r#"
2022-03-01-1102-imap down imap from 11:02 detected 11:05 open; held back: incident i1; covered by i1

"#]],
    );
}

#[test]
fn a_post_whose_last_word_is_older_than_six_hours_covers_nothing_new() {
    check(
        OPEN,
        "incident minor imap\ninvestigating 05:01\n",
        "11:30",
        str![[r#"
2022-03-01-1102-imap down imap from 11:02 detected 11:05 open; published 11:05:30

"#]],
    );
    check(
        OPEN,
        "incident minor imap\nmonitoring 2022-02-22T10:00:00Z\n",
        "11:30",
        str![[r#"
2022-03-01-1102-imap down imap from 11:02 detected 11:05 open; published 11:05:30

"#]],
    );
}

#[test]
fn a_promise_of_longer_intervals_keeps_a_post_fresh_for_twice_as_long() {
    let mut field = Field::new(OPEN, "incident minor imap\ninvestigating 03:10\n");
    field.site.config.promise.next_update = Some(jiff::SignedDuration::from_hours(4));
    assert_data_eq!(
        field.told("11:30"),
        str![[r#"
2022-03-01-1102-imap down imap from 11:02 detected 11:05 open; held back: incident i1; covered by i1

"#]]
    );
}

#[test]
fn a_word_after_the_outage_began_does_not_make_a_stale_post_fresh() {
    check(
        OPEN,
        "incident minor imap\ninvestigating 2022-02-28T10:00:00Z\nidentified 11:20\n",
        "11:30",
        str![[r#"
2022-03-01-1102-imap down imap from 11:02 detected 11:05 open; published 11:05:30

"#]],
    );
}

#[test]
fn a_resolved_post_covers_nothing_new() {
    check(
        OPEN,
        "incident major imap\ninvestigating 10:40\nresolved 11:00\n",
        "11:30",
        str![[r#"
2022-03-01-1102-imap down imap from 11:02 detected 11:05 open; published 11:05:30

"#]],
    );
}

#[test]
fn a_post_that_began_a_little_earlier_is_about_it() {
    check(
        OPEN,
        "incident major imap started=10:50\ninvestigating 11:20\n",
        "11:30",
        str![[r#"
2022-03-01-1102-imap down imap from 11:02 detected 11:05 open; published 11:05:30; covered by i1

"#]],
    );
}

#[test]
fn a_post_of_another_component_covers_nothing() {
    check(
        OPEN,
        "incident major smtp\ninvestigating 11:20\n",
        "11:30",
        str![[r#"
2022-03-01-1102-imap down imap from 11:02 detected 11:05 open; published 11:05:30

"#]],
    );
    check(
        OPEN,
        "incident major pop\ninvestigating 11:20\n",
        "11:30",
        str![[r#"
2022-03-01-1102-imap down imap from 11:02 detected 11:05 open; published 11:05:30

"#]],
    );
}

#[test]
fn a_post_that_names_one_of_several_components_covers_the_detection() {
    check(
        "imap 11:02 11:05\npop 11:02 11:05",
        "incident major pop\ninvestigating 11:20\n",
        "11:30",
        str![[r#"
2022-03-01-1102-mail down imap+pop from 11:02 detected 11:05 open; published 11:05:30; covered by i1

"#]],
    );
}

#[test]
fn a_component_named_in_a_heading_counts() {
    check(
        OPEN,
        "incident major smtp\ninvestigating 11:20 imap=partial_outage\n",
        "11:30",
        str![[r#"
2022-03-01-1102-imap down imap from 11:02 detected 11:05 open; published 11:05:30; covered by i1

"#]],
    );
}

#[test]
fn a_post_of_no_component_covers_the_only_outage_under_way() {
    check(
        OPEN,
        "incident major\ninvestigating 11:20\n",
        "11:30",
        str![[r#"
2022-03-01-1102-imap down imap from 11:02 detected 11:05 open; published 11:05:30; covered by i1

"#]],
    );
}

#[test]
fn a_post_of_no_component_covers_none_of_two() {
    check(
        "imap 11:02 11:05\nsmtp 11:03 11:06",
        "incident major\ninvestigating 11:20\n",
        "11:30",
        str![[r#"
2022-03-01-1102-imap down imap from 11:02 detected 11:05 open; published 11:05:30
2022-03-01-1103-smtp down smtp from 11:03 detected 11:06 open; published 11:06:30

"#]],
    );
}

#[test]
fn the_earliest_of_several_posts_wins() {
    check(
        OPEN,
        "incident major imap\ninvestigating 11:25\n\nincident minor imap\ninvestigating 11:20\n",
        "11:30",
        str![[r#"
2022-03-01-1102-imap down imap from 11:02 detected 11:05 open; published 11:05:30; covered by i2

"#]],
    );
}

#[test]
fn a_post_may_say_outright_what_it_covers() {
    check(
        OPEN,
        "incident major web covers=2022-03-01-1102-imap\ninvestigating 2022-02-01T11:20:00Z\n",
        "11:30",
        str![[r#"
2022-03-01-1102-imap down imap from 11:02 detected 11:05 open; held back: incident i1; covered by i1

"#]],
    );
}

#[test]
fn what_is_said_outright_goes_before_what_follows_from_the_rules() {
    check(
        OPEN,
        "incident major imap\ninvestigating 11:10\n\nincident major covers=2022-03-01-1102-imap\ninvestigating 11:20\n",
        "11:30",
        str![[r#"
2022-03-01-1102-imap down imap from 11:02 detected 11:05 open; published 11:05:30; covered by i2

"#]],
    );
}

#[test]
fn a_file_of_the_notices_own_name_is_about_it() {
    check(
        OPEN,
        "incident major slug=2022-03-01-1102-imap\ninvestigating 2022-03-09T11:20:00Z\n",
        "11:30",
        str![[r#"
2022-03-01-1102-imap down imap from 11:02 detected 11:05 open; published 11:05:30; covered by 2022-03-01-1102-imap

"#]],
    );
}

#[test]
fn planned_work_and_announcements_cover_only_what_they_say() {
    check(
        OPEN,
        "info imap\nnote 11:20\n",
        "11:30",
        str![[r#"
2022-03-01-1102-imap down imap from 11:02 detected 11:05 open; published 11:05:30

"#]],
    );
    check(
        OPEN,
        "info covers=2022-03-01-1102-imap\nnote 11:20\n",
        "11:30",
        str![[r#"
2022-03-01-1102-imap down imap from 11:02 detected 11:05 open; published 11:05:30; covered by i1

"#]],
    );
}

#[test]
fn a_false_alarm_withdraws_the_notice() {
    check(
        OUTAGE,
        "false_alarm imap\nnote 11:50\n",
        "12:30",
        str![[r#"
2022-03-01-1102-imap down imap from 11:02 detected 11:05 to 11:40 closed 11:55; published 11:05:30; covered by i1, withdrawn

"#]],
    );
}

#[test]
fn a_false_alarm_hides_nothing_that_begins_after_it() {
    for post in ["false_alarm imap\nnote 10:30\n", "false_alarm imap covers=2022-03-01-0902-imap\nnote 11:50\n"] {
        check(
            OUTAGE,
            post,
            "12:30",
            str![[r#"
2022-03-01-1102-imap down imap from 11:02 detected 11:05 to 11:40 closed 11:55; published 11:05:30

"#]],
        );
    }
}

#[test]
fn a_false_alarm_that_names_the_notice_is_the_last_word_on_it() {
    check(
        OUTAGE,
        "incident major imap covers=2022-03-01-1102-imap\ninvestigating 11:10\n\nfalse_alarm covers=2022-03-01-1102-imap\nnote 15:00\n",
        "15:30",
        str![[r#"
2022-03-01-1102-imap down imap from 11:02 detected 11:05 to 11:40 closed 11:55; published 11:05:30; covered by i2, withdrawn

"#]],
    );
}

#[test]
fn a_relapse_after_people_resolved_it_is_a_new_detection() {
    check(
        "imap 11:02 11:05 11:20 again 12:00 12:03",
        "incident major imap\ninvestigating 11:10\nresolved 11:40\n",
        "12:10",
        str![[r#"
2022-03-01-1102-imap down imap from 11:02 detected 11:05 to 11:20 closed 11:35; published 11:05:30; covered by i1
2022-03-01-1200-imap down imap from 12:00 detected 12:03 open; published 12:03:30

"#]],
    );
}

#[test]
fn a_relapse_while_the_post_is_open_is_the_same_detection() {
    check(
        "imap 11:02 11:05 11:20 again 12:00 12:03",
        "incident major imap\ninvestigating 11:10\nmonitoring 11:40\n",
        "12:10",
        str![[r#"
2022-03-01-1102-imap down imap from 11:02 detected 11:05 open 2 openings; published 11:05:30; covered by i1

"#]],
    );
}

#[test]
fn an_incident_lists_what_it_covers_and_says_where_the_times_differ() {
    let differs = |posts: &str| {
        let site = Field::new(OUTAGE, posts).observed("12:30");
        let derived = crate::derive::derive(&site, crate::derive::tests::at("12:30"));
        let measured = derived.incidents[0].measured.clone().unwrap();
        (derived.incidents[0].detections.len(), measured.start_differs, measured.end_differs, measured.disagreement)
    };
    assert_eq!(differs("incident major imap\ninvestigating 11:12\nresolved 11:45\n"), (1, false, false, None));
    assert_eq!(differs("incident major imap\ninvestigating 11:13\nresolved 11:51\n"), (1, true, true, None));
}

#[test]
fn people_and_monitors_that_differ_are_told_apart() {
    use crate::derive::Disagreement::{AllGood, StillFailing};
    let disagreement = |outage: &str, posts: &str| {
        let site = Field::new(outage, posts).observed("12:30");
        let derived = crate::derive::derive(&site, crate::derive::tests::at("12:30"));
        derived.incidents[0].measured.as_ref().unwrap().disagreement
    };
    assert_eq!(disagreement(OPEN, "incident major imap\ninvestigating 11:12\nresolved 11:45\n"), Some(StillFailing));
    let says_up = "incident major imap\ninvestigating 11:12\nmonitoring 11:45 imap=operational\n";
    assert_eq!(disagreement(OPEN, says_up), Some(StillFailing));
    assert_eq!(disagreement(OPEN, "incident major imap\ninvestigating 11:12\n"), None);
    assert_eq!(disagreement(OUTAGE, "incident major imap\ninvestigating 11:12\n"), Some(AllGood));
    assert_eq!(disagreement(OUTAGE, says_up), None);
    let recovering = "imap 11:02 11:05 12:20";
    assert_eq!(disagreement(recovering, "incident major imap\ninvestigating 11:12\nresolved 12:26\n"), None);
}

#[test]
fn a_notice_ends_where_people_begin_to_speak() {
    let site = Field::new(OUTAGE, "incident major imap\ninvestigating 11:20\n").observed("12:30");
    let derived = crate::derive::derive(&site, crate::derive::tests::at("12:30"));
    assert_eq!(site.incidents.len(), 1);
    let [notice] = derived.incidents[0].taken_over.as_slice() else { panic!("one notice") };
    let stages: Vec<Stage> = notice.updates.iter().map(|update| update.stage).collect();
    assert_eq!(stages, [Stage::Incident(IncidentStatus::Investigating)]);
    assert_eq!(notice.updates[0].id, "20220301-1105-investigating");
}
