//! Planned work as a calendar.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use proptest::prelude::*;
use snapbox::{IntoData as _, assert_data_eq, str};

use super::*;
use crate::render::fixture::{HOSTILE, fixture, made};

#[test]
fn planned_work_and_what_is_lately_over() {
    let fixture = fixture();
    let ics = made(&outputs(fixture.source()), "calendar.ics");
    assert!(ics.split_inclusive('\n').all(|line| line.ends_with("\r\n")));
    assert_data_eq!(
        ics.replace("\r\n", "\n"),
        str![[r#"
BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//upfront//status page//EN
CALSCALE:GREGORIAN
METHOD:PUBLISH
NAME:Fjordpost status: Maintenance
X-WR-CALNAME:Fjordpost status: Maintenance
SOURCE;VALUE=URI:https://status.fjordpost.example/calendar.ics
REFRESH-INTERVAL;VALUE=DURATION:PT1H
X-PUBLISHED-TTL:PT1H
BEGIN:VEVENT
UID:2021-12-31-move@status.fjordpost.example
DTSTAMP:20211230T090000Z
LAST-MODIFIED:20211230T090000Z
SEQUENCE:1
STATUS:CANCELLED
TRANSP:TRANSPARENT
DTSTART:20211231T223000Z
SUMMARY:Website moves
DESCRIPTION:Called off.
URL:https://status.fjordpost.example/incidents/2021-12-31-move/
CATEGORIES:Website
END:VEVENT
BEGIN:VEVENT
UID:2022-04-03-disks@status.fjordpost.example
DTSTAMP:20220328T080000Z
LAST-MODIFIED:20220328T080000Z
SEQUENCE:0
STATUS:CONFIRMED
TRANSP:TRANSPARENT
DTSTART:20220402T220000Z
DTEND:20220403T020000Z
SUMMARY:New disks\, faster POP
DESCRIPTION:We replace the disks of all POP servers\, one after the other\;
  each is away for about five minutes.\n\nNo mail is lost.
URL:https://status.fjordpost.example/incidents/2022-04-03-disks/
CATEGORIES:POP
END:VEVENT
END:VCALENDAR

"#]]
        .raw()
    );
}

#[test]
fn a_components_calendar_holds_only_its_own_work() {
    let fixture = fixture();
    let outputs = outputs(fixture.source());
    assert!(made(&outputs, "components/pop/calendar.ics").contains("UID:2022-04-03-disks@status.fjordpost.example"));
    assert!(!made(&outputs, "components/web/calendar.ics").contains("disks"));
}

#[test]
fn a_calendar_without_work_still_holds_a_component() {
    let fixture = fixture();
    let ics = made(&outputs(fixture.source()), "components/imap/calendar.ics");
    assert!(!ics.contains("BEGIN:VEVENT") && ics.contains("BEGIN:VTIMEZONE"));
}

#[test]
fn work_is_forgotten_after_ninety_days() {
    let mut fixture = fixture();
    fixture.derived.now += SignedDuration::from_hours(24 * 3);
    assert!(!made(&outputs(fixture.source()), "calendar.ics").contains("2021-12-31-move"));
}

#[test]
fn hostile_text_begins_no_property() {
    let mut fixture = fixture();
    fixture.site.incidents[3].title = format!("{HOSTILE}\r\nEND:VEVENT");
    let ics = made(&outputs(fixture.source()), "calendar.ics");
    let unfolded = ics.replace("\r\n ", "");
    let summary = unfolded.lines().find(|line| line.starts_with("SUMMARY:<b>")).unwrap();
    assert_eq!(summary, "SUMMARY:<b>&\"']]>\\; \\\\n\\, {title} ☃😀\\nEND:VEVENT");
    assert_eq!(unfolded.matches("\r\nEND:VEVENT\r\n").count(), 2);
}

proptest! {
    #[test]
    fn folding_always_undoes_and_keeps_lines_short(value in "[a-zåß☃😀]{0,200}", name in "[A-Z]{1,30}") {
        let mut lines = Lines(String::new());
        lines.line(&name, &value);
        prop_assert!(lines.0.ends_with("\r\n"));
        prop_assert!(lines.0.split("\r\n").all(|line| line.len() <= 75));
        prop_assert_eq!(lines.0.replace("\r\n ", ""), format!("{name}:{value}\r\n"));
    }
}
