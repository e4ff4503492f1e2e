//! What is understood of Alertmanager: small answers of our own, and the recorded hour where it is there.

use snapbox::{assert_data_eq, data::Inline, str};

use crate::load::feed::adapter::understood::{feed, sample, understood};
use crate::model::FeedKind;

fn check(options: &[(&str, &str)], answers: &[&str], expected: Inline) {
    let answers: Vec<(&str, &str)> = answers.iter().map(|&text| ("", text)).collect();
    assert_data_eq!(understood(&feed(FeedKind::Alertmanager, options), &answers), expected);
}

fn check_sample(files: &[&str], expected: Inline) {
    if let Some(found) = sample(&feed(FeedKind::Alertmanager, &[]), files) {
        assert_data_eq!(found, expected);
    }
}

fn listed(state: &str, more: &str) -> String {
    format!(
        r#"[{{"labels":{{"alertname":"ProbeDown","component":"imap","severity":"critical"}},"startsAt":"2026-11-24T10:10:40.726Z",
        "endsAt":"2026-11-24T10:24:40.726Z","fingerprint":"f","status":{{"state":"{state}"{more}}}}}]"#
    )
}

fn posted(status: &str, ends: &str) -> String {
    format!(
        r#"{{"version":"4","status":"{status}","truncatedAlerts":0,"alerts":[{{"status":"{status}","fingerprint":"f",
        "labels":{{"alertname":"ProbeDown"}},"startsAt":"2026-11-24T10:10:40.726Z","endsAt":"{ends}"}}]}}"#
    )
}

const NEVER: &str = "0001-01-01T00:00:00Z";

#[test]
fn an_active_alert_is_known_up_to_the_moment_of_asking_whatever_it_says_of_its_end() {
    check(
        &[("label", "component")],
        &[&listed("active", "")],
        str![[r#"
imap (ProbeDown)
  2026-11-24T10:10:40.726Z – 2026-11-24T10:20:00Z, seen down
heartbeat 2026-11-24T10:20:00Z, 1 monitors

"#]],
    );
}

#[test]
fn what_the_rule_waited_is_taken_off_where_the_feed_says_how_long_that_is() {
    check(
        &[("for", "15s")],
        &[&posted("resolved", "2026-11-24T10:11:35.726Z")],
        str![[r#"
ProbeDown (ProbeDown)
  2026-11-24T10:10:25.726Z – 2026-11-24T10:11:35.726Z down

"#]],
    );
}

#[test]
fn what_is_silenced_inhibited_or_not_yet_processed() {
    check(
        &[],
        &[&listed("suppressed", r#","silencedBy":["s"]"#)],
        str![[r#"
heartbeat 2026-11-24T10:20:00Z, 0 monitors

"#]],
    );
    check(
        &[],
        &[&listed("active", r#","mutedBy":["night"]"#)],
        str![[r#"
heartbeat 2026-11-24T10:20:00Z, 0 monitors

"#]],
    );
    check(
        &[],
        &[&listed("unprocessed", "")],
        str![[r#"
ProbeDown (ProbeDown)
  2026-11-24T10:10:40.726Z – 2026-11-24T10:20:00Z, seen down?
heartbeat 2026-11-24T10:20:00Z, 1 monitors

"#]],
    );
}

#[test]
fn an_empty_list_is_a_heartbeat() {
    check(
        &[],
        &["[]"],
        str![[r#"
heartbeat 2026-11-24T10:20:00Z, 0 monitors

"#]],
    );
}

#[test]
fn a_webhook_leaves_a_stretch_open_and_another_ends_it_in_any_order() {
    let (firing, resolved) = (posted("firing", NEVER), posted("resolved", "2026-11-24T10:11:35.726Z"));
    check(
        &[],
        &[&firing],
        str![[r#"
ProbeDown (ProbeDown)
  2026-11-24T10:10:40.726Z – … down

"#]],
    );
    check(
        &[],
        &[&firing, &resolved],
        str![[r#"
ProbeDown (ProbeDown)
  2026-11-24T10:10:40.726Z – 2026-11-24T10:11:35.726Z down

"#]],
    );
    check(
        &[],
        &[&resolved, &firing],
        str![[r#"
ProbeDown (ProbeDown)
  2026-11-24T10:10:40.726Z – 2026-11-24T10:11:35.726Z down

"#]],
    );
}

#[test]
fn a_webhook_that_does_not_say_when_ends_nothing() {
    check(
        &[],
        &[&posted("resolved", NEVER)],
        str![[r#"
warning: 1 left out: an alert that is resolved but does not say when

"#]],
    );
}

#[test]
fn alerts_that_were_cut_off_are_told() {
    let cut = posted("firing", NEVER).replace(r#""truncatedAlerts":0"#, r#""truncatedAlerts":3"#);
    check(
        &[],
        &[&cut],
        str![[r#"
ProbeDown (ProbeDown)
  2026-11-24T10:10:40.726Z – … down
warning: 3 more alerts were cut off by Alertmanager (set `max_alerts` of the webhook to 0)

"#]],
    );
}

#[test]
fn recorded_lists() {
    check_sample(
        &["alertmanager/v2-alerts-down.json"],
        str![[r#"
ProbeDown/http_3a_2f_2f127.0.0.1_3a18080_2f (ProbeDown)
  2026-11-24T10:10:40.726Z – 2026-11-24T10:20:00Z, seen down
heartbeat 2026-11-24T10:20:00Z, 1 monitors

"#]],
    );
    check_sample(
        &["alertmanager/v2-alerts-slow.json"],
        str![[r#"
ProbeSlow/http_3a_2f_2f127.0.0.1_3a18080_2f (ProbeSlow)
  2026-11-24T10:15:00.726Z – 2026-11-24T10:20:00Z, seen degraded
heartbeat 2026-11-24T10:20:00Z, 1 monitors

"#]],
    );
    check_sample(
        &["alertmanager/v2-alerts-imap-down.json"],
        str![[r#"
ProbeDown/127.0.0.1_3a18143 (ProbeDown)
  2026-11-24T10:16:10.726Z – 2026-11-24T10:20:00Z, seen down
heartbeat 2026-11-24T10:20:00Z, 1 monitors

"#]],
    );
    check_sample(
        &["alertmanager/v2-alerts-empty.json"],
        str![[r#"
heartbeat 2026-11-24T10:20:00Z, 0 monitors

"#]],
    );
}

#[test]
fn recorded_webhooks() {
    let files = [
        "alertmanager/webhook-1-down-firing.json",
        "alertmanager/webhook-2-down-resolved.json",
        "alertmanager/webhook-3-slow-firing.json",
        "alertmanager/webhook-4-slow-resolved.json",
        "alertmanager/webhook-5-imap-firing.json",
        "alertmanager/webhook-6-imap-resolved.json",
    ];
    check_sample(
        &files,
        str![[r#"
ProbeDown/http_3a_2f_2f127.0.0.1_3a18080_2f (ProbeDown)
  2026-11-24T10:10:40.726Z – 2026-11-24T10:11:35.726Z down
ProbeSlow/http_3a_2f_2f127.0.0.1_3a18080_2f (ProbeSlow)
  2026-11-24T10:15:00.726Z – 2026-11-24T10:15:45.726Z degraded
ProbeDown/127.0.0.1_3a18143 (ProbeDown)
  2026-11-24T10:16:10.726Z – 2026-11-24T10:17:25.726Z down

"#]],
    );
    check_sample(
        &files[..5],
        str![[r#"
ProbeDown/http_3a_2f_2f127.0.0.1_3a18080_2f (ProbeDown)
  2026-11-24T10:10:40.726Z – 2026-11-24T10:11:35.726Z down
ProbeSlow/http_3a_2f_2f127.0.0.1_3a18080_2f (ProbeSlow)
  2026-11-24T10:15:00.726Z – 2026-11-24T10:15:45.726Z degraded
ProbeDown/127.0.0.1_3a18143 (ProbeDown)
  2026-11-24T10:16:10.726Z – … down

"#]],
    );
}
