//! What a draft holds, and where it stands.

#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use snapbox::str;

use super::super::which::tests::site;
use super::*;
use crate::model::Markdown;

#[test]
fn a_draft_stands_beside_its_incident_and_only_its_name_holds_it_back() {
    let (mut site, _) = site(&[("2026-11-24-slow", "Slow")], 0);
    let mut incident = site.incidents.remove(0);
    let draft = Draft::beside(&incident);
    assert_eq!(draft.path, "incidents/_2026-11-24-slow-rfo.md");
    assert_eq!(
        (draft.published.as_str(), draft.rfo_for.as_deref()),
        ("incidents/2026-11-24-slow-rfo.md", Some("2026-11-24-slow"))
    );
    incident.source = "incidents/2026/2026-11-24-slow/index.md".to_owned();
    let draft = Draft::beside(&incident);
    assert_eq!((draft.path.as_str(), draft.rfo_for), ("incidents/2026/2026-11-24-slow/_rfo.md", None));
}

#[test]
fn the_record_of_events_is_made_of_the_posts() {
    let (mut site, _) = site(&[("2026-11-24-slow", "Slow")], 0);
    let incident = &mut site.incidents[0];
    incident.updates[0].posted = PostedAt::Written("2026-11-24T02:12:00Z".parse().unwrap());
    incident.updates[0].body =
        Markdown::new("Mail is slow | for `some` & \\*all\\*. We are\nlooking into it.\n\nMore.");
    let mut later = incident.updates[0].clone();
    later.posted = PostedAt::Written("2026-11-24T23:30:00Z".parse().unwrap());
    later.body = Markdown::new("");
    incident.updates.push(later);
    let zone = TimeZone::get("Europe/Oslo").unwrap();
    let events: Vec<Event> = incident.updates.iter().filter_map(|update| event(update, &zone)).collect();
    let text = new_report(&NewReport {
        rfo_for: Some("2026-11-24-slow"),
        title: "Slow",
        today: "2026-11-25".parse().unwrap(),
        summary: "A disk was full.",
        events: &events,
    });
    snapbox::assert_data_eq!(
        text,
        str![[r#"
+++
# In short: what happened, to whom, for how long, and whether it can happen again. Root cause: why it could happen, and
# why it took that long; no names, no blame. What we change: only what will be done, each with a date, as a follow-up.
rfo_for = "2026-11-24-slow"
title = "Why it happened, and what we change: Slow"
# published = 2026-11-25
# cause = "Password attack"   # in a few words
# authors = ["The operations team"]

# [[follow_up]]
# what = "Every server gets the same limits, compared each morning"
# due = 2026-12-25
# done = 2026-12-25   # once it is
+++

## In short

A disk was full.

## Record of events

| Time | What happened | Known from |
| --- | --- | --- |
| 2026-11-24 03:12 CET | Investigating: Mail is slow /| for some /& /*all/*. | post |
| 2026-11-25 00:30 CET | Investigating | post |

## Root cause

## What we change

"#]]
    );
}
