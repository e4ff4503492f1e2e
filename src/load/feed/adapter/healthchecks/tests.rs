//! What is understood of Healthchecks.io: small answers of our own, and its documentation's where they are there.

use snapbox::{assert_data_eq, data::Inline, str};

use super::*;
use crate::load::feed::adapter::understood::{ASKED_MS, feed, payload, sample, understood};
use crate::model::FeedKind;

fn check(answers: &[(&str, &str)], expected: Inline) {
    assert_data_eq!(understood(&feed(FeedKind::Healthchecks, &[]), answers), expected);
}

fn check_sample(files: &[&str], expected: Inline) {
    if let Some(found) = sample(&feed(FeedKind::Healthchecks, &[]), files) {
        assert_data_eq!(found, expected);
    }
}

fn one(status: &str, more: &str) -> String {
    format!(
        r#"{{"checks":[{{"name":"Backup","slug":"backup","status":"{status}","unique_key":"k1","grace":600,
        "last_ping":"2026-11-24T08:00:00+00:00"{more}}}]}}"#
    )
}

#[test]
fn up_is_a_result_at_the_last_ping_and_late_a_degraded_one_when_it_was_due() {
    check(
        &[("", &one("up", r#","timeout":7200"#))],
        str![[r#"
backup (Backup), every 7200 s
  1 × up 2026-11-24T08:00:00Z
heartbeat 2026-11-24T10:20:00Z, 1 monitors

"#]],
    );
    check(
        &[("", &one("grace", r#","next_ping":"2026-11-24T10:15:00+00:00""#))],
        str![[r#"
backup (Backup), every 8100 s
  1 × up 2026-11-24T08:00:00Z
  1 × degraded 2026-11-24T10:15:00Z
heartbeat 2026-11-24T10:20:00Z, 1 monitors

"#]],
    );
}

#[test]
fn down_begins_at_its_flip_else_when_the_grace_ended_else_is_a_result() {
    let flips = r#"[{"timestamp":"2026-11-24T09:00:00+00:00","up":0},{"timestamp":"2026-11-23T10:18:23+00:00","up":1},
        {"timestamp":"2026-11-23T10:17:15+00:00","up":0}]"#;
    let regular = one("down", r#","timeout":3600"#);
    check(
        &[("checks", &regular), ("flips k1", flips)],
        str![[r#"
backup (Backup), every 3600 s
  2026-11-23T10:17:15Z – 2026-11-23T10:18:23Z down
  2026-11-24T09:00:00Z – 2026-11-24T10:20:00Z, seen down
heartbeat 2026-11-24T10:20:00Z, 1 monitors

"#]],
    );
    check(
        &[("checks", &regular)],
        str![[r#"
backup (Backup), every 3600 s
  2026-11-24T09:10:00Z – 2026-11-24T10:20:00Z, seen down
heartbeat 2026-11-24T10:20:00Z, 1 monitors

"#]],
    );
    check(
        &[("checks", &one("down", r#","schedule":"15 5 * * *","tz":"UTC""#))],
        str![[r#"
backup (Backup)
  1 × down 2026-11-24T10:20:00Z
heartbeat 2026-11-24T10:20:00Z, 1 monitors

"#]],
    );
}

#[test]
fn new_says_nothing_and_paused_is_not_monitored() {
    check(
        &[("", &one("new", ""))],
        str![[r#"
backup (Backup)
heartbeat 2026-11-24T10:20:00Z, 1 monitors

"#]],
    );
    check(
        &[("", &one("paused", ""))],
        str![[r#"
backup (Backup), paused
  1 × paused 2026-11-24T10:20:00Z
heartbeat 2026-11-24T10:20:00Z, 1 monitors

"#]],
    );
    check(
        &[("", &one("donw", ""))],
        str![[r#"
heartbeat 2026-11-24T10:20:00Z, 0 monitors
warning: 1 left out: `donw` is no state that this kind of source is known to have (the nearest known one is `down`)

"#]],
    );
}

#[test]
fn slugs_that_are_no_names_are_not_taken_for_one() {
    let checks = r#"{"checks":[{"name":"A","slug":"x","unique_key":"k1","status":"new"},{"name":"B","slug":"x","uuid":"secret","status":"new"},
        {"name":"C","slug":"","status":"new"},{"status":"new","uuid":"secret"}]}"#;
    check(
        &[("", checks)],
        str![[r#"
k1 (A)
B (B)
C (C)
heartbeat 2026-11-24T10:20:00Z, 3 monitors
warning: 1 left out: a monitor without a name

"#]],
    );
}

#[test]
fn flips_are_asked_for_with_read_only_keys_alone_and_first_of_what_is_down() {
    let checks = r#"{"checks":[{"unique_key":"a/b","status":"up"},{"unique_key":"c","status":"down"},{"uuid":"secret","status":"down"}]}"#;
    let answers = [payload("checks", checks.as_bytes())];
    let paths = |version, answers: &[Payload]| -> Vec<String> {
        let feed = feed(FeedKind::Healthchecks, &[("version", version)]);
        let requests = requests(&feed, answers, ASKED_MS - 60_000, ASKED_MS);
        requests.into_iter().map(|request| request.path).collect()
    };
    assert_eq!(paths("1", &[]), ["/api/v1/checks/"]);
    assert_eq!(
        paths("", &answers),
        [
            "/api/v3/checks/c/flips/?start=1794910740&end=1795515600",
            "/api/v3/checks/a%2Fb/flips/?start=1794910740&end=1795515600"
        ]
    );
}

#[test]
fn documented_answers() {
    check_sample(
        &["healthchecks/v3-checks-readonly.json"],
        str![[r#"
filesystem-backup (Filesystem Backup), every 3600 s
  1 × up 2020-03-24T14:02:03Z
database-backup (Database Backup)
  1 × down 2026-11-24T10:20:00Z
heartbeat 2026-11-24T10:20:00Z, 2 monitors

"#]],
    );
    check_sample(
        &["healthchecks/v3-checks.json"],
        str![[r#"
filesystem-backup (Filesystem Backup), every 3600 s
  1 × up 2020-03-24T14:02:03Z
database-backup (Database Backup)
  1 × down 2026-11-24T10:20:00Z
heartbeat 2026-11-24T10:20:00Z, 2 monitors

"#]],
    );
    check_sample(
        &["healthchecks/v3-flips.json", "healthchecks/v3-pings.json"],
        str![[r#"
error: expected a list of `checks`, or a list of flips, found an object of another kind (check the kind of the feed, and its address)
warning: 1 left out: a list of flips that does not say of which check

"#]],
    );
}
