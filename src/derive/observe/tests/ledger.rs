//! What the ledger holds is gone on with, never computed again.

use snapbox::{assert_data_eq, str};

use super::field::Field;
use crate::model::{Detection, Notices};

/// What the ledger holds after a run at `now`.
fn ledger(outages: &str, posts: &str, now: &str) -> Vec<Detection> {
    Field::new(outages, posts).detections(now)
}

#[test]
fn an_outage_whose_beginning_is_not_looked_at_any_more_keeps_its_name_and_start() {
    let known = ledger("imap 11:02 11:05", "", "12:00");
    assert_data_eq!(
        Field::new("imap 11:30 11:33 12:10", "").after(known).told("12:30"),
        str![[r#"
2022-03-01-1102-imap down imap from 11:02 detected 11:05 to 12:10 closed 12:25; published 11:05:30

"#]]
    );
}

#[test]
fn an_entry_that_is_over_stays_as_it_is() {
    let known = ledger("imap 11:02 11:05 11:40", "", "12:00");
    let mut field = Field::new("imap 11:02 11:05 11:35 down", "").after(known.clone());
    assert_eq!(field.detections("12:30"), known);
    field.episodes.clear();
    assert_eq!(field.detections("2022-06-01T12:00:00Z"), known);
}

#[test]
fn a_relapse_goes_on_with_its_entry() {
    let known = ledger("imap 11:02 11:05 11:20", "", "11:40");
    assert_data_eq!(
        Field::new("imap 12:00 12:03", "").after(known).told("12:10"),
        str![[r#"
2022-03-01-1102-imap down imap from 11:02 detected 11:05 open 2 openings; published 11:05:30

"#]]
    );
}

#[test]
fn what_was_published_is_not_held_back_afterwards() {
    let known = ledger("imap 11:02 11:05", "", "11:10");
    let field = Field::new("imap 11:02 11:05", "").notices("imap", Notices::Off).after(known);
    assert_data_eq!(
        field.told("11:20"),
        str![[r#"
2022-03-01-1102-imap down imap from 11:02 detected 11:05 open; published 11:05:30

"#]]
    );
}

#[test]
fn what_was_held_back_until_it_was_over_is_not_published_afterwards() {
    let known = Field::new("imap 11:02 11:05 11:20", "").notices("imap", Notices::Off).detections("11:40");
    assert_data_eq!(
        Field::new("imap 11:02 11:05 11:20", "").after(known).told("12:00"),
        str![[r#"
2022-03-01-1102-imap down imap from 11:02 detected 11:05 to 11:20 closed 11:35; held back: off

"#]]
    );
}

#[test]
fn what_once_covered_it_covers_it_for_good() {
    let known = ledger("imap 11:02 11:05", "incident major imap\ninvestigating 11:20\n", "11:30");
    let earlier =
        "incident minor imap\ninvestigating 11:20\n\nincident minor imap started=11:03\ninvestigating 11:31\n";
    assert_data_eq!(
        Field::new("imap 11:02 11:05", earlier).after(known).told("11:40"),
        str![[r#"
2022-03-01-1102-imap down imap from 11:02 detected 11:05 open; published 11:05:30; covered by i1

"#]]
    );
}

#[test]
fn a_post_that_is_gone_covers_nothing() {
    let known = ledger("imap 11:02 11:05", "incident major imap\ninvestigating 11:20\n", "11:30");
    assert_data_eq!(
        Field::new("imap 11:02 11:05", "").after(known).told("11:40"),
        str![[r#"
2022-03-01-1102-imap down imap from 11:02 detected 11:05 open; published 11:05:30

"#]]
    );
}

#[test]
fn an_old_entry_can_be_covered_still() {
    let known = ledger("imap 11:02 11:05 11:40", "", "12:00");
    let post = "incident major imap covers=2022-03-01-1102-imap\nresolved 2022-05-01T10:00:00Z\n";
    assert_data_eq!(
        Field::new("", post).after(known).told("2022-06-01T12:00:00Z"),
        str![[r#"
2022-03-01-1102-imap down imap from 11:02 detected 11:05 to 11:40 closed 11:55; published 11:05:30; covered by i1

"#]]
    );
}

#[test]
fn what_nobody_watches_any_more_ends_where_it_was_last_sure() {
    let known = ledger("imap 11:02 11:05", "", "12:00");
    let mut field = Field::new("", "").after(known);
    field.site.config.monitoring.feeds.clear();
    assert_data_eq!(
        field.told("12:30"),
        str![[r#"
2022-03-01-1102-imap down imap from 11:02 detected 11:05 to 11:05 closed 11:20; published 11:05:30

"#]]
    );
}

#[test]
fn what_is_not_heard_of_stays_open() {
    let known = ledger("imap 11:02 11:05", "", "12:00");
    let mut field = Field::new("", "").after(known);
    field.heard("imap");
    assert_data_eq!(
        field.told("2022-03-09T12:30:00Z"),
        str![[r#"
2022-03-01-1102-imap down imap from 11:02 detected 11:05 open; published 11:05:30

"#]]
    );
}

#[test]
fn two_of_the_same_minute_and_name_are_told_apart() {
    let mut known = ledger("imap 11:02 11:05 11:06", "", "12:00");
    known[0].outages.clear();
    known[0].components = vec![super::field::slug("gone")];
    assert_data_eq!(
        Field::new("imap 11:02 11:05", "").after(known).told("12:30"),
        str![[r#"
2022-03-01-1102-imap down gone from 11:02 detected 11:05 to 11:06 closed 11:21; published 11:05:30
2022-03-01-1102-imap-2 down imap from 11:02 detected 11:05 open; published 11:05:30

"#]]
    );
}

#[test]
fn whatever_is_known_later_what_was_published_keeps_its_id() {
    let outages = "imap 11:02 11:05 11:20\npop 11:04 11:07 11:25\nsmtp 11:05 11:08\nnet/imap 11:00 11:30";
    let field = Field::new(outages, "");
    let mut seen = std::collections::BTreeSet::new();
    for minute in 6..59 {
        let now = format!("11:{minute:02}");
        let ids: Vec<_> = field.detections(&now).into_iter().map(|detection| detection.id).collect();
        assert!(seen.iter().all(|id| ids.contains(id)), "at {now} {ids:?} of {seen:?}");
        seen.extend(ids);
    }
}
