//! What is understood of the command line, and where an update goes.

#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use super::super::which::tests::{site, slug};
use super::*;
use crate::model::Window;

fn one() -> Site {
    site(&[("2026-11-24-slow", "Mail is slow")], 1).0
}

fn said<T: std::fmt::Debug>(result: Result<T, Failure>) -> String {
    match result {
        Err(Failure::Said { what, cure }) => format!("{what}: {}", cure.unwrap_or_default()),
        other => format!("{other:?}"),
    }
}

#[test]
fn a_stage_is_read_in_any_case_and_a_typo_gets_the_nearest() {
    let work = Kind::Maintenance(Window { starts: None, ends: None });
    let read = |word| read_stage(word, &Kind::Incident);
    assert_eq!(read("Resolved").unwrap(), Stage::Incident(IncidentStatus::Resolved));
    assert_eq!(read_stage("in progress", &work).unwrap(), Stage::Maintenance(MaintenanceStatus::InProgress));
    assert_eq!(said(read("resolvd")), "no stage is called `resolvd`: did you mean `resolved`?");
    let other = "`completed` is no stage of this kind of post: one of investigating, identified, monitoring, resolved";
    assert_eq!(said(read("completed")), other);
}

#[test]
fn states_are_read_by_id_name_or_group_and_an_unknown_component_costs_only_itself() {
    let site = one();
    let given = ["IMAP=operational", "sending=partial-outage", "impa=operational"].map(str::to_owned);
    let mut mistakes = Vec::new();
    let (states, unknown) = read_states(&given, &site, &mut mistakes);
    let expected = [(slug("imap"), ComponentState::Operational), (slug("smtp"), ComponentState::PartialOutage)];
    assert_eq!(states, expected);
    assert_eq!(unknown, ["warning: no component is called `impa` (did you mean `imap`?)"]);

    let (states, _) = read_states(&["mail=operational".to_owned()], &site, &mut mistakes);
    assert_eq!(states.len(), 2, "a group stands for its components");
    assert!(mistakes.is_empty());
}

#[test]
fn a_state_has_short_names_and_a_typo_gets_the_nearest() {
    for (short, state) in [
        ("ok", ComponentState::Operational),
        ("up", ComponentState::Operational),
        ("Maintenance", ComponentState::UnderMaintenance),
        ("degraded", ComponentState::DegradedPerformance),
        ("partial", ComponentState::PartialOutage),
        ("major", ComponentState::MajorOutage),
        ("down", ComponentState::MajorOutage),
    ] {
        assert_eq!(read_state(short).unwrap(), state, "{short}");
    }
    assert_eq!(said(read_state("operationel")), "no state is called `operationel`: did you mean `operational`?");
    assert_eq!(said(read_state("degradet")), "no state is called `degradet`: did you mean `degraded`?");
}

#[test]
fn the_promise_to_write_again_is_renewed_kept_or_taken_back() {
    let mut site = one();
    let now: ZonedDateTime = "2026-11-24T03:12:00[UTC]".parse().unwrap();
    let open = Stage::Incident(IncidentStatus::Identified);
    let end = Stage::Incident(IncidentStatus::Resolved);
    let next = |site: &Site, asked, stage| next_update(asked, site, &site.incidents[0], stage, &now).unwrap();

    assert_eq!(next(&site, None, open), Next::Keep, "nothing was promised");
    site.incidents[0].next_update = Some(now.timestamp());
    assert_eq!(next(&site, None, open), Next::Remove, "it is kept now");
    assert_eq!(next(&site, None, end), Next::Remove, "nothing follows");
    site.config.promise.next_update = Some(jiff::SignedDuration::from_mins(30));
    let set = |at: &str| Next::Set(at.parse().unwrap());
    assert_eq!(next(&site, None, open), set("2026-11-24T03:42:00[UTC]"));
    assert_eq!(next(&site, Some("14:30"), open), set("2026-11-24T14:30:00[UTC]"));
    assert!(said(read_next("2026-11-24 02:00", &now)).contains("in the past"));
}

#[test]
fn the_first_words_of_a_file_get_the_heading_they_never_had() {
    let mut incident = one().incidents.remove(0);
    let now: ZonedDateTime = "2026-11-24T03:12:00+01:00[Europe/Oslo]".parse().unwrap();
    let first = |incident: &Incident, text: &str| first_heading(incident, text, "Resolved", &now);
    assert_eq!(first(&incident, "Slow.\n").as_deref(), Some("Investigating"));
    incident.updates[0].posted = PostedAt::FromGit("2026-11-24T01:00:00Z".parse().unwrap());
    assert_eq!(first(&incident, "Slow.\n").as_deref(), Some("Investigating · 2026-11-24 02:00"));
    incident.updates[0].posted = PostedAt::Day("2026-11-24".parse().unwrap());
    assert_eq!(first(&incident, "Slow.\n").as_deref(), Some("Investigating · 2026-11-24"));
    assert_eq!(first(&incident, "## Investigating\nSlow.\n"), None);
}

#[test]
fn the_order_of_the_file_says_where_an_update_goes() {
    let mut incident = one().incidents.remove(0);
    assert_eq!(place(&incident), Place::Last);
    let mut newer = incident.updates[0].clone();
    newer.line = 9;
    incident.updates.push(newer);
    assert_eq!(place(&incident), Place::Last);
    incident.updates[0].line = 20;
    assert_eq!(place(&incident), Place::BeforeLine(9));
}
