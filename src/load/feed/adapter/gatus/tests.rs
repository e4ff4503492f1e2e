//! What is understood of Gatus: small answers of our own, and published ones where they are there.

use snapbox::{assert_data_eq, data::Inline, str};

use super::*;
use crate::load::feed::adapter::understood::{feed, payload, sample, understood};
use crate::model::FeedKind;

fn check(answers: &[(&str, &str)], expected: Inline) {
    assert_data_eq!(understood(&feed(FeedKind::Gatus, &[]), answers), expected);
}

fn check_sample(files: &[&str], expected: Inline) {
    if let Some(found) = sample(&feed(FeedKind::Gatus, &[]), files) {
        assert_data_eq!(found, expected);
    }
}

#[test]
fn durations_are_nanoseconds_and_times_have_nine_digits() {
    let endpoints = r#"[{"name":"IMAP","group":"Mail","key":"mail_imap","results":[
        {"success":true,"duration":150000000,"timestamp":"2026-11-24T10:10:00.784208588Z"},
        {"success":false,"duration":750000000,"errors":["timeout","tls"],"timestamp":"2026-11-24T10:11:00.784208588Z"}]}]"#;
    check(
        &[("endpoints 1", endpoints)],
        str![[r#"
Mail/IMAP (IMAP)
  1 × up 2026-11-24T10:10:00.784Z, 150000 µs
  1 × down 2026-11-24T10:11:00.784Z, "timeout; tls"

"#]],
    );
}

#[test]
fn a_suite_is_a_monitor_of_its_own() {
    let suites = r#"[{"name":"Login","key":"_login","results":[{"name":"Login","success":true,"duration":2000000,
        "timestamp":"2026-11-24T10:10:00Z","endpointResults":[{"success":true}]}]}]"#;
    check(
        &[("", suites)],
        str![[r#"
suite/Login (Login)
  1 × up 2026-11-24T10:10:00Z, 2000 µs

"#]],
    );
}

#[test]
fn events_tell_of_outages_before_the_first_result() {
    let one = r#"{"name":"IMAP","group":"Mail","key":"mail_imap",
        "results":[{"success":true,"duration":1000000,"timestamp":"2026-11-24T10:10:00Z"}],
        "events":[{"type":"START","timestamp":"2026-11-20T10:00:00Z"},{"type":"UNHEALTHY","timestamp":"2026-11-22T10:00:00Z"},
        {"type":"HEALTHY","timestamp":"2026-11-22T10:30:00Z"},{"type":"UNHEALTHY","timestamp":"2026-11-24T10:12:00Z"}]}"#;
    check(
        &[("", one)],
        str![[r#"
Mail/IMAP (IMAP)
  1 × up 2026-11-24T10:10:00Z, 1000 µs
  2026-11-22T10:00:00Z – 2026-11-22T10:30:00Z down

"#]],
    );
}

#[test]
fn what_is_no_result_is_left_out_and_the_rest_is_read() {
    let endpoints = r#"[{"key":"only-a-key","results":[{"success":"yes"},{"success":true,"timestamp":"0001-01-01T00:00:00Z"},
        {"success":true,"timestamp":"2026-11-24T10:10:00Z","duration":"x"}]},{"results":[]},7]"#;
    check(
        &[("", endpoints)],
        str![[r#"
only-a-key (only-a-key)
  1 × up 2026-11-24T10:10:00Z
warning: 2 left out: a monitor without a name
warning: 1 left out: a result that does not say `success`, the first of `only-a-key`
warning: 1 left out: a result without a time, the first of `only-a-key`

"#]],
    );
}

#[test]
fn further_pages_are_asked_while_a_full_one_is_newer_than_what_is_known() {
    let result = r#"{"success":true,"timestamp":"2026-11-24T10:10:00Z"}"#;
    let full = payload("endpoints 1", format!(r#"[{{"results":[{}]}}]"#, vec![result; 100].join(",")).as_bytes());
    let at_ms = 1_795_515_000_000;
    let names = |answers: &[Payload], since_ms| -> Vec<String> {
        let feed = feed(FeedKind::Gatus, &[("suites", "true")]);
        requests(&feed, answers, since_ms, at_ms).into_iter().map(|request| request.name).collect()
    };
    assert_eq!(names(&[], 0), ["endpoints 1", "suites 1"]);
    assert_eq!(names(std::slice::from_ref(&full), at_ms - 1), ["endpoints 2"]);
    assert_eq!(names(std::slice::from_ref(&full), at_ms), [""; 0]);
    let next = Payload { request: "endpoints 2".to_owned(), bytes: b"[]".to_vec(), ..full.clone() };
    assert_eq!(names(&[full, next], at_ms - 1), [""; 0]);
}

#[test]
fn a_published_list_of_endpoints() {
    check_sample(
        &["gatus/endpoints-statuses-homer.json"],
        str![[r#"
Services/Gateway (Gateway)
  4 × up 2025-05-26T07:35:41.784Z … 2025-05-26T07:50:41.848Z, 40000 µs
External/Website (Website)
  2 × down 2025-05-26T07:35:41.784Z … 2025-05-26T07:40:41.804Z
  2 × up 2025-05-26T07:45:41.837Z … 2025-05-26T07:50:41.848Z, 20000 µs
Services/DNS (DNS)
  4 × down 2025-05-26T07:35:41.784Z … 2025-05-26T07:50:41.848Z

"#]],
    );
}

#[test]
fn times_that_were_never_set_are_none() {
    check_sample(
        &["gatus/endpoints-statuses-upstream-test.json"],
        str![[r#"
group/name (name)
warning: 2 left out: a result without a time, the first of `group/name`

"#]],
    );
}
