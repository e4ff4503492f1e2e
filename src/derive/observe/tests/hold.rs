//! Why a detection has no notice of its own.

use snapbox::{assert_data_eq, str};

use super::field::{Field, check, monitor};
use crate::model::{Check, CheckStatus, Notices};

const OPEN: &str = "imap 11:02 11:05";

#[test]
fn announced_maintenance_keeps_its_monitors_silent() {
    check(
        "imap 11:02 11:05 11:20",
        "maintenance imap 11:00-11:30\nscheduled 09:00\n",
        "12:00",
        str![[r#"
2022-03-01-1102-imap down imap from 11:02 detected 11:05 to 11:20 closed 11:35; held back: maintenance i1

"#]],
    );
}

#[test]
fn and_for_ten_minutes_more() {
    check(
        "imap 11:35 11:38 11:40",
        "maintenance imap 11:00-11:30\nscheduled 09:00\n",
        "12:00",
        str![[r#"
2022-03-01-1135-imap down imap from 11:35 detected 11:38 to 11:40 closed 11:55; held back: maintenance i1

"#]],
    );
    check(
        "imap 11:41 11:44 11:50",
        "maintenance imap 11:00-11:30\nscheduled 09:00\n",
        "12:20",
        str![[r#"
2022-03-01-1141-imap down imap from 11:41 detected 11:44 to 11:50 closed 12:05; published 11:44:30

"#]],
    );
}

#[test]
fn maintenance_that_was_announced_when_it_had_begun_silences_nothing() {
    check(
        OPEN,
        "maintenance imap 11:00-12:00\nscheduled 11:01\n",
        "11:30",
        str![[r#"
2022-03-01-1102-imap down imap from 11:02 detected 11:05 open; published 11:05:30

"#]],
    );
}

#[test]
fn maintenance_that_was_dated_back_silences_nothing() {
    // It says that it was announced at nine, and was committed when all was over.
    check(
        OPEN,
        "maintenance imap 11:00-12:00 committed=12:30\nscheduled 09:00\n",
        "11:30",
        str![[r#"
2022-03-01-1102-imap down imap from 11:02 detected 11:05 open; published 11:05:30

"#]],
    );
    // A few minutes between heading and commit are how people work.
    check(
        OPEN,
        "maintenance imap 11:00-12:00 committed=09:09\nscheduled 09:00\n",
        "11:30",
        str![[r#"
2022-03-01-1102-imap down imap from 11:02 detected 11:05 open; held back: maintenance i1

"#]],
    );
}

#[test]
fn maintenance_that_was_called_off_silences_nothing() {
    check(
        OPEN,
        "maintenance imap 11:00-12:00\nscheduled 09:00\ncancelled 10:00\n",
        "11:30",
        str![[r#"
2022-03-01-1102-imap down imap from 11:02 detected 11:05 open; published 11:05:30

"#]],
    );
}

#[test]
fn maintenance_of_another_component_silences_nothing() {
    check(
        OPEN,
        "maintenance smtp 11:00-12:00\nscheduled 09:00\n",
        "11:30",
        str![[r#"
2022-03-01-1102-imap down imap from 11:02 detected 11:05 open; published 11:05:30

"#]],
    );
}

#[test]
fn an_outage_that_began_before_the_maintenance_is_news() {
    check(
        OPEN,
        "maintenance imap 11:03-12:00\nscheduled 09:00\n",
        "11:30",
        str![[r#"
2022-03-01-1102-imap down imap from 11:02 detected 11:05 open; published 11:05:30

"#]],
    );
}

#[test]
fn an_outage_that_outlasts_the_maintenance_is_news_from_then_on() {
    let work = "maintenance imap 11:00-11:30\nscheduled 09:00\n";
    check(
        OPEN,
        work,
        "11:40",
        str![[r#"
2022-03-01-1102-imap down imap from 11:02 detected 11:05 open; held back: maintenance i1

"#]],
    );
    check(
        OPEN,
        work,
        "11:41",
        str![[r#"
2022-03-01-1102-imap down imap from 11:02 detected 11:05 open; published 11:40

"#]],
    );
}

#[test]
fn work_that_people_say_goes_on_keeps_silent() {
    check(
        OPEN,
        "maintenance imap 11:00-11:30\nscheduled 09:00\nin_progress 11:31\n",
        "14:00",
        str![[r#"
2022-03-01-1102-imap down imap from 11:02 detected 11:05 open; held back: maintenance i1

"#]],
    );
}

#[test]
fn maintenance_of_one_component_does_not_silence_the_others_of_its_group() {
    check(
        "imap 11:02 11:05\npop 11:02 11:05",
        "maintenance imap 11:00-12:00\nscheduled 09:00\n",
        "11:30",
        str![[r#"
2022-03-01-1102-imap down imap from 11:02 detected 11:05 open; held back: maintenance i1
2022-03-01-1102-pop down pop from 11:02 detected 11:05 open; published 11:05:30

"#]],
    );
}

#[test]
fn where_people_had_written_already_there_is_nothing_new_to_publish() {
    check(
        OPEN,
        "incident major imap\ninvestigating 11:04\n",
        "11:30",
        str![[r#"
2022-03-01-1102-imap down imap from 11:02 detected 11:05 open; held back: incident i1; covered by i1

"#]],
    );
}

#[test]
fn what_depends_on_an_outage_of_long_ago_goes_under_it() {
    let mut field = Field::new("web 11:02 11:05\nsmtp 12:03 12:06", "");
    field.heard("smtp").parents = vec![monitor("web").monitor];
    assert_data_eq!(
        field.told("12:10"),
        str![[r#"
2022-03-01-1102-web down web from 11:02 detected 11:05 open; published 11:05:30
2022-03-01-1203-smtp down smtp from 12:03 detected 12:06 open; held back: parent 2022-03-01-1102-web

"#]]
    );
}

#[test]
fn a_source_whose_canary_fails_too_is_not_believed() {
    let mut field = Field::new("imap 11:02 11:05\nsmtp 11:02 11:05\nweb 11:02 11:05\ncanary 11:02 11:05", "");
    field.site.config.monitoring.feeds[0].canary = Some(monitor("canary").monitor);
    assert_data_eq!(
        field.told("11:10"),
        str![[r#"
2022-03-01-1102-imap down imap+smtp+web from 11:02 detected 11:05 open; held back: suspect source own

"#]]
    );
}

#[test]
fn a_source_that_goes_on_failing_when_its_canary_is_well_is_believed_from_then_on() {
    let mut field = Field::new("imap 11:02 11:05\nsmtp 11:02 11:05\nweb 11:02 11:05\ncanary 11:02 11:05 11:20", "");
    field.site.config.monitoring.feeds[0].canary = Some(monitor("canary").monitor);
    assert_data_eq!(
        field.told("12:00"),
        str![[r#"
2022-03-01-1102-imap down imap+smtp+web from 11:02 detected 11:05 open; published 11:20

"#]]
    );
}

#[test]
fn a_source_is_not_believed_where_another_says_up() {
    let mut field = Field::new("imap 11:02 11:05\nsmtp 11:02 11:05\nweb 11:02 11:05", "");
    let good = |at: &str| Check {
        at_ms: crate::derive::tests::at(at).as_millisecond(),
        latency_us: None,
        place: None,
        status: CheckStatus::Up,
        confirmed: true,
        rev: 0,
    };
    field.heard("net/imap").checks = ["11:02", "11:03", "11:04", "11:05"].map(good).to_vec();
    assert_data_eq!(
        field.told("11:10"),
        str![[r#"
2022-03-01-1102-imap down imap+smtp+web from 11:02 detected 11:05 open; held back: suspect source own

"#]]
    );
}

#[test]
fn two_monitors_do_not_make_a_source_suspect() {
    let mut field = Field::new("imap 11:02 11:05\nsmtp 11:02 11:05\ncanary 11:02 11:05", "");
    field.site.config.monitoring.feeds[0].canary = Some(monitor("canary").monitor);
    assert_data_eq!(
        field.told("11:10"),
        str![[r#"
2022-03-01-1102-imap down imap from 11:02 detected 11:05 open; published 11:05:30
2022-03-01-1102-smtp down smtp from 11:02 detected 11:05 open; published 11:05:30

"#]]
    );
}

#[test]
fn less_than_half_of_its_monitors_do_not_make_a_source_suspect() {
    let mut field = Field::new("imap 11:02 11:05\nsmtp 11:02 11:05\nweb 11:02 11:05\ncanary 11:02 11:05", "");
    field.site.config.monitoring.feeds[0].canary = Some(monitor("canary").monitor);
    for name in ["a", "b", "c", "d"] {
        field.heard(name);
    }
    assert_data_eq!(
        field.told("11:10"),
        str![[r#"
2022-03-01-1102-imap down imap from 11:02 detected 11:05 open; published 11:05:30
2022-03-01-1102-smtp down smtp from 11:02 detected 11:05 open; published 11:05:30
2022-03-01-1102-web down web from 11:02 detected 11:05 open; published 11:05:30

"#]]
    );
}

#[test]
fn the_config_may_want_a_draft_or_nothing() {
    assert_data_eq!(
        Field::new(OPEN, "").notices("imap", Notices::Draft).told("11:10"),
        str![[r#"
2022-03-01-1102-imap down imap from 11:02 detected 11:05 open; held back: draft

"#]]
    );
    assert_data_eq!(
        Field::new(OPEN, "").notices("imap", Notices::Off).told("11:10"),
        str![[r#"
2022-03-01-1102-imap down imap from 11:02 detected 11:05 open; held back: off

"#]]
    );
}

#[test]
fn the_most_public_component_decides() {
    let field = Field::new("imap 11:02 11:05\npop 11:02 11:05", "").notices("imap", Notices::Off);
    assert_data_eq!(
        field.told("11:10"),
        str![[r#"
2022-03-01-1102-mail down imap+pop from 11:02 detected 11:05 open; published 11:05:30

"#]]
    );
    let notice = field.observed("11:10").incidents.pop().unwrap();
    assert_eq!(notice.components, [super::field::slug("pop")]);
}

#[test]
fn a_component_has_so_many_notices_a_day() {
    let four = "imap 01:02 01:05 01:10\nimap 03:02 03:05 03:10\nimap 05:02 05:05 05:10\nimap 07:02 07:05 07:10\n";
    check(
        four,
        "",
        "12:00",
        str![[r#"
2022-03-01-0102-imap down imap from 01:02 detected 01:05 to 01:10 closed 01:25; published 01:05:30
2022-03-01-0302-imap down imap from 03:02 detected 03:05 to 03:10 closed 03:25; published 03:05:30
2022-03-01-0502-imap down imap from 05:02 detected 05:05 to 05:10 closed 05:25; published 05:05:30
2022-03-01-0702-imap down imap from 07:02 detected 07:05 to 07:10 closed 07:25; held back: too many

"#]],
    );
    let next_day = format!("{four}imap 2022-03-02T07:02:00Z 2022-03-02T07:05:00Z");
    check(
        &next_day,
        "",
        "2022-03-02T08:00:00Z",
        str![[r#"
2022-03-01-0102-imap down imap from 01:02 detected 01:05 to 01:10 closed 01:25; published 01:05:30
2022-03-01-0302-imap down imap from 03:02 detected 03:05 to 03:10 closed 03:25; published 03:05:30
2022-03-01-0502-imap down imap from 05:02 detected 05:05 to 05:10 closed 05:25; published 05:05:30
2022-03-01-0702-imap down imap from 07:02 detected 07:05 to 07:10 closed 07:25; held back: too many
2022-03-02-0702-imap down imap from 2022-03-02 07:02 detected 2022-03-02 07:05 open; published 2022-03-02 07:05:30

"#]],
    );
}
