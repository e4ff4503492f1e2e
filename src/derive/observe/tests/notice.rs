//! What a notice says, and when.

use snapbox::{assert_data_eq, str};

use super::field::Field;
use crate::derive::tests::at;
use crate::derive::{Phase, derive};
use crate::model::{ComponentState, PostedAt, Zone};

/// The notices, each with all that it says.
fn said(field: &Field, now: &str) -> String {
    let site = field.observed(now);
    let notices = site.incidents.iter().filter(|incident| incident.source.is_empty());
    let mut out = String::new();
    for notice in notices {
        out += &format!("{}: {}\n", notice.slug, notice.title);
        for update in &notice.updates {
            let PostedAt::Written(at) = update.posted else { panic!("a notice knows when") };
            out += &format!("{} {}: {}\n", at.strftime("%H:%M:%S"), update.id, update.body.text);
            for (id, state) in &update.states {
                out += &format!("  {id} is {}\n", state.word());
            }
        }
    }
    out
}

#[test]
fn a_notice_follows_its_life() {
    let field = Field::new("imap 11:02 11:05 11:40 3/5", "");
    assert_data_eq!(
        said(&field, "11:06"),
        str![[r#"
2022-03-01-1102-imap: IMAP: our checks fail
11:05:00 20220301-1105-investigating: Our automatic checks have seen trouble with IMAP since 11:02 UTC, from 3 of 5 places. A person has not confirmed this yet.
  imap is major_outage

"#]]
    );
    assert_data_eq!(
        said(&field, "11:45"),
        str![[r#"
2022-03-01-1102-imap: IMAP: our checks fail
11:05:00 20220301-1105-investigating: Our automatic checks have seen trouble with IMAP since 11:02 UTC, from 3 of 5 places. A person has not confirmed this yet.
  imap is major_outage
11:44:00 20220301-1144-monitoring: Our automatic checks of IMAP are good again. We keep watching before we call it over.

"#]]
    );
    assert_data_eq!(
        said(&field, "12:00"),
        str![[r#"
2022-03-01-1102-imap: IMAP: our checks fail
11:05:00 20220301-1105-investigating: Our automatic checks have seen trouble with IMAP since 11:02 UTC, from 3 of 5 places. A person has not confirmed this yet.
  imap is major_outage
11:44:00 20220301-1144-monitoring: Our automatic checks of IMAP are good again. We keep watching before we call it over.
11:55:00 20220301-1155-resolved: Our automatic checks of IMAP have been good again since 11:40 UTC. The trouble lasted 38 min, from 11:02 UTC on.

"#]]
    );
}

#[test]
fn a_relapse_is_said_under_the_same_address() {
    assert_data_eq!(
        said(&Field::new("imap 11:02 11:05 11:20 again 12:00 12:03", ""), "12:10"),
        str![[r#"
2022-03-01-1102-imap: IMAP: our checks fail
11:05:00 20220301-1105-investigating: Our automatic checks have seen trouble with IMAP since 11:02 UTC, from at least one place. A person has not confirmed this yet.
  imap is major_outage
12:03:00 20220301-1203-investigating: Our automatic checks have seen trouble with IMAP since 11:02 UTC, from at least one place. A person has not confirmed this yet.
  imap is major_outage

"#]]
    );
}

#[test]
fn each_component_is_as_bad_as_its_own_monitors() {
    let field = Field::new("imap 11:02 11:05 degraded\npop 11:02 11:05", "");
    assert_data_eq!(
        said(&field, "11:06"),
        str![[r#"
2022-03-01-1102-mail: Mail: our checks fail
11:05:00 20220301-1105-investigating: Our automatic checks have seen trouble with Mail since 11:02 UTC, from at least one place. A person has not confirmed this yet.
  imap is degraded_performance
  pop is major_outage

"#]]
    );
    let site = field.observed("11:06");
    let derived = derive(&site, at("11:06"));
    let states: Vec<ComponentState> = derived.components.iter().map(|component| component.state).collect();
    use ComponentState::{DegradedPerformance, MajorOutage, Operational};
    assert_eq!(states, [DegradedPerformance, MajorOutage, Operational, Operational]);
    assert_eq!(derived.overall, MajorOutage);
}

#[test]
fn what_comes_and_goes_is_called_intermittent() {
    let field = Field::new("imap 11:02 11:05 11:10 again 11:40 11:43 11:50 again 12:20 12:23", "");
    assert!(said(&field, "12:30").starts_with("2022-03-01-1102-imap: IMAP: intermittent trouble\n"));
}

#[test]
fn times_are_in_the_sites_zone_and_another_day_is_named() {
    let mut field = Field::new("imap 22:50 22:53 23:10", "");
    field.site.config.zone =
        Zone { name: "Europe/Oslo".to_owned(), tz: jiff::tz::TimeZone::get("Europe/Oslo").unwrap() };
    assert_data_eq!(
        said(&field, "23:30"),
        str![[r#"
2022-03-01-2250-imap: IMAP: our checks fail
22:53:00 20220301-2253-investigating: Our automatic checks have seen trouble with IMAP since 23:50 CET, from at least one place. A person has not confirmed this yet.
  imap is major_outage
23:14:00 20220301-2314-monitoring: Our automatic checks of IMAP are good again. We keep watching before we call it over.
23:25:00 20220301-2325-resolved: Our automatic checks of IMAP have been good again since 2022-03-02 00:10 CET. The trouble lasted 20 min, from 23:50 CET on.

"#]]
    );
}

#[test]
fn the_operators_own_words_go_first() {
    let mut field = Field::new("imap 11:02 11:05 11:40", "");
    let texts = &mut field.site.config.monitoring.texts;
    texts.title_down = Some("{component} svarer ikke".to_owned());
    texts.investigating = Some("{component} fra {start} ({what} {".to_owned());
    texts.resolved = Some("Borte i {duration}.".to_owned());
    assert_data_eq!(
        said(&field, "12:00"),
        str![[r#"
2022-03-01-1102-imap: IMAP svarer ikke
11:05:00 20220301-1105-investigating: IMAP fra 11:02 UTC ({what} {
  imap is major_outage
11:44:00 20220301-1144-monitoring: Our automatic checks of IMAP are good again. We keep watching before we call it over.
11:55:00 20220301-1155-resolved: Borte i 38 min.

"#]]
    );
}

#[test]
fn a_name_is_no_markdown() {
    let mut field = Field::new("imap 11:02 11:05", "");
    field.component("imap").name = "Mail *now*".to_owned();
    let notice = field.observed("11:10").incidents.pop().unwrap();
    assert_eq!(notice.title, "Mail *now*: our checks fail");
    assert!(notice.updates[0].body.text.contains(r"Mail \*now\*"), "{}", notice.updates[0].body.text);
}

#[test]
fn what_was_silent_for_a_while_was_told_then() {
    let field = Field::new("imap 11:02 11:05", "maintenance imap 11:00-11:30\nscheduled 09:00\n");
    assert_data_eq!(
        said(&field, "12:00"),
        str![[r#"
2022-03-01-1102-imap: IMAP: our checks fail
11:40:00 20220301-1140-investigating: Our automatic checks have seen trouble with IMAP since 11:02 UTC, from at least one place. A person has not confirmed this yet.
  imap is major_outage

"#]]
    );
}

#[test]
fn a_notice_is_open_news_until_it_is_resolved() {
    let field = Field::new("imap 11:02 11:05 11:40", "");
    let derived = |now: &str| derive(&field.observed(now), at(now));
    assert_eq!((derived("11:10").open.len(), derived("11:10").unexplained.len()), (1, 1));
    assert_eq!((derived("12:00").open.len(), derived("12:00").unexplained.len()), (0, 1));
    assert_eq!(derived("12:00").incidents[0].phase, Phase::Over);
    assert_eq!(derived("2022-06-15T12:00:00Z").unexplained.len(), 0);
}

#[test]
fn what_a_suspect_source_says_changes_no_state() {
    let mut field = Field::new("imap 11:02 11:05\nsmtp 11:02 11:05\nweb 11:02 11:05\ncanary 11:02 11:05", "");
    field.site.config.monitoring.feeds[0].canary = Some(super::field::monitor("canary").monitor);
    assert_eq!(derive(&field.observed("11:10"), at("11:10")).overall, ComponentState::Operational);
}

#[test]
fn monitors_say_it_still_fails_whatever_people_say() {
    let resolved = "incident minor imap\ninvestigating 11:10\nresolved 11:20\n";
    let field = Field::new("imap 11:02 11:05", resolved);
    assert_eq!(derive(&field.observed("11:30"), at("11:30")).overall, ComponentState::MajorOutage);
}

#[test]
fn a_detection_of_no_component_that_the_config_knows_is_told_to_nobody() {
    let known = Field::new("imap 11:02 11:05", "").detections("12:00");
    let mut field = Field::new("", "").after(known);
    field.site.config.components.remove(0);
    assert_eq!(said(&field, "12:30"), "");
    assert_eq!(derive(&field.observed("12:30"), at("12:30")).unexplained, [0; 0]);
}
