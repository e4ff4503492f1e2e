//! What is understood of Better Stack: small answers of our own, and its documentation's where it is there.

use snapbox::{assert_data_eq, data::Inline, str};

use super::*;
use crate::load::feed::adapter::understood::{feed, payload, sample, understood};
use crate::model::FeedKind;

fn check(answer: &str, expected: Inline) {
    assert_data_eq!(understood(&feed(FeedKind::Betterstack, &[]), &[("", answer)]), expected);
}

#[test]
fn a_monitor_is_as_of_its_last_check_and_validating_is_not_confirmed() {
    let monitor = |id: u8, status: &str, more: &str| {
        format!(
            r#"{{"id":"{id}","attributes":{{"status":"{status}","last_checked_at":"2026-11-24T10:17:46.000Z"{more}}}}}"#
        )
    };
    let monitors = [
        monitor(1, "up", r#","check_frequency":30,"pronounceable_name":"IMAP""#),
        monitor(2, "down", ""),
        monitor(3, "validating", ""),
        monitor(4, "maintenance", ""),
        monitor(5, "up", r#","paused_at":"2026-11-20T00:00:00Z""#),
        monitor(6, "pending", ""),
        monitor(7, "dwon", ""),
    ];
    check(
        &format!(r#"{{"data":[{}]}}"#, monitors.join(",")),
        str![[r#"
1 (IMAP), every 30 s
  1 × up 2026-11-24T10:17:46Z
2
  1 × down 2026-11-24T10:17:46Z
3
  1 × down? 2026-11-24T10:17:46Z
4
  1 × maintenance 2026-11-24T10:17:46Z
5, paused
  1 × paused 2026-11-24T10:20:00Z
6
7
warning: 1 left out: `dwon` is no state that this kind of source is known to have (the nearest known one is `down`)

"#]],
    );
}

#[test]
fn a_public_page_is_a_monitor_and_so_is_all_on_it() {
    check(
        r#"{"data":{"id":"1","attributes":{"company_name":"Upstream","aggregate_state":"degraded"}},"included":[
        {"id":"9","type":"status_page_resource","attributes":{"public_name":"API","status":"downtime"}},
        {"id":"8","type":"status_page_section","attributes":{}}]}"#,
        str![[r#"
page (Upstream)
  1 × degraded 2026-11-24T10:20:00Z
9 (API)
  1 × down 2026-11-24T10:20:00Z

"#]],
    );
}

#[test]
fn pages_are_followed_until_there_is_none() {
    let paths = |answers: &[&str]| -> Vec<String> {
        let answers: Vec<Payload> = answers.iter().map(|answer| payload("", answer.as_bytes())).collect();
        requests(&feed(FeedKind::Betterstack, &[]), &answers, 0, 0).into_iter().map(|request| request.path).collect()
    };
    assert_eq!(paths(&[]), [""]);
    assert_eq!(paths(&[r#"{"pagination":{"next":"https://u.example/?page=2"}}"#]), ["https://u.example/?page=2"]);
    assert_eq!(paths(&[r#"{"pagination":{"next":null}}"#]), [""; 0]);
    assert_eq!(paths(&[r#"{"pagination":{"next":"https://u.example/"}}"#; 50]), [""; 0]);
}

#[test]
fn the_documented_answer() {
    if let Some(found) = sample(&feed(FeedKind::Betterstack, &[]), &["betterstack/group-monitors.json"]) {
        assert_data_eq!(
            found,
            str![[r#"
2 (Uptime homepage), every 30 s
  1 × up 2020-09-01T14:17:46Z

"#]]
        );
    }
}
