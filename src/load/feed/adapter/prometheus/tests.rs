//! What is understood of Prometheus: small answers of our own, and the recorded hour where it is there.

use snapbox::{assert_data_eq, data::Inline, str};

use super::*;
use crate::load::feed::adapter::understood::{ASKED_MS, feed, sample, understood};
use crate::model::FeedKind;

fn check(options: &[(&str, &str)], answers: &[(&str, &str)], expected: Inline) {
    assert_data_eq!(understood(&feed(FeedKind::Prometheus, options), answers), expected);
}

fn check_sample(options: &[(&str, &str)], files: &[&str], expected: Inline) {
    if let Some(found) = sample(&feed(FeedKind::Prometheus, options), files) {
        assert_data_eq!(found, expected);
    }
}

fn matrix(name: &str, labels: &str, values: &str) -> String {
    format!(
        r#"{{"status":"success","data":{{"resultType":"matrix","result":[
        {{"metric":{{"__name__":"{name}","job":"mail","instance":"imap:143"{labels}}},"values":[{values}]}}]}}}}"#
    )
}

#[test]
fn values_are_text_and_latencies_join_the_good_results_of_their_moment() {
    let success = matrix("probe_success", "", r#"[1795515000,"1"],[1795515060.5,"0"],[1795515120,"1"]"#);
    let took = matrix("probe_duration_seconds", "", r#"[1795515000,"0.012"],[1795515060.5,"9.5"],[1795515180,"1"]"#);
    check(
        &[],
        &[("latency 0", &took), ("success 0", &success)],
        str![[r#"
mail/imap_3a143
  1 × up 2026-11-24T10:10:00Z, 12000 µs
  1 × down 2026-11-24T10:11:00.5Z
  1 × up 2026-11-24T10:12:00Z

"#]],
    );
}

#[test]
fn what_is_not_a_number_is_no_result_and_neither_is_an_average() {
    let success = matrix(
        "probe_success",
        "",
        r#"[1795515000,"NaN"],[1795515060,"+Inf"],[1795515120,"0.85"],[1795515180,1],[5],{}"#,
    );
    check(
        &[],
        &[("", &success)],
        str![[r#"
mail/imap_3a143
  1 × up 2026-11-24T10:13:00Z
warning: 2 left out: a sample that is no pair of a time and a value, the first of `mail/imap_3a143`
warning: 1 left out: a value that is neither 0 nor 1, the first of `mail/imap_3a143`

"#]],
    );
}

#[test]
fn labels_of_the_operators_choice_name_monitor_and_place() {
    let success = matrix("up", r#","component":"imap","probe":"osl""#, r#"[1795515000,"1"]"#);
    check(
        &[("label", "component"), ("place", "probe")],
        &[("", &success)],
        str![[r#"
imap
  1 × up 2026-11-24T10:10:00Z, from osl

"#]],
    );
    check(
        &[("label", "nobody")],
        &[("", &success)],
        str![[r#"
warning: 1 left out: a series without the labels that name its monitor

"#]],
    );
}

#[test]
fn latencies_alone_say_nothing() {
    let took = matrix("probe_duration_seconds", "", r#"[1795515000,"0.012"]"#);
    check(
        &[],
        &[("", &took)],
        str![[r#"
mail/imap_3a143
warning: latencies without results say nothing (ask for `probe_success` as well)

"#]],
    );
}

#[test]
fn a_pending_alert_is_not_confirmed_and_one_that_is_no_outage_says_nothing() {
    let alert = |state: &str, severity: &str| {
        format!(
            r#"{{"labels":{{"alertname":"A","instance":"{severity}"{}}},"state":"{state}","activeAt":"2026-11-24T10:10:25.726599014Z"}}"#,
            if severity == "absent" { String::new() } else { format!(r#","severity":"{severity}""#) }
        )
    };
    let alerts =
        [("pending", "Critical"), ("firing", "absent"), ("firing", "warning"), ("firing", "none"), ("gone", "page")];
    let alerts: Vec<String> = alerts.iter().map(|(state, severity)| alert(state, severity)).collect();
    let answer = format!(r#"{{"status":"success","data":{{"alerts":[{}]}}}}"#, alerts.join(","));
    check(
        &[],
        &[("alerts", &answer)],
        str![[r#"
Critical (A)
  2026-11-24T10:10:25.726Z – 2026-11-24T10:20:00Z, seen down?
absent (A)
  2026-11-24T10:10:25.726Z – 2026-11-24T10:20:00Z, seen down
warning (A)
  2026-11-24T10:10:25.726Z – 2026-11-24T10:20:00Z, seen degraded
heartbeat 2026-11-24T10:20:00Z, 3 monitors
warning: 1 left out: `gone` is no state that this kind of source is known to have (known are firing, pending, inactive)

"#]],
    );
}

#[test]
fn stretches_are_asked_on_whole_steps_so_that_asking_twice_is_asking_once() {
    let paths = |options: &[(&str, &str)], since_ms| -> Vec<String> {
        requests(&feed(FeedKind::Prometheus, options), &[], since_ms, ASKED_MS).into_iter().map(|r| r.path).collect()
    };
    assert_eq!(
        paths(&[("query", "min(up)"), ("step", "1m")], ASKED_MS - 90_000),
        ["/api/v1/query_range?query=min%28up%29&start=1795515480&end=1795515600&step=60"]
    );
    let names = |options: &[(&str, &str)]| -> usize { paths(options, 0).len() };
    assert_eq!(names(&[]), 30, "15 days of each of two queries");
    assert_eq!(names(&[("step", "5s")]), 80, "never more than so many");
    assert_eq!(paths(&[("ask", "alerts")], 0), ["/api/v1/alerts"]);
    assert_eq!(paths(&[("query", "up"), ("step", "9999999999999999h"), ("ask", "both")], ASKED_MS).len(), 2);
}

#[test]
fn the_recorded_hour() {
    let files = ["prometheus/query_range-probe_success.json", "prometheus/query_range-probe_duration_seconds.json"];
    check_sample(
        &[("label", "component")],
        &files,
        str![[r#"
imap
  89 × up 2026-11-24T10:08:30Z … 2026-11-24T10:15:50Z, 30102 µs
  18 × down 2026-11-24T10:15:55Z … 2026-11-24T10:17:20Z
  27 × up 2026-11-24T10:17:25Z … 2026-11-24T10:19:35Z, 6795 µs
webmail
  23 × up 2026-11-24T10:08:30Z … 2026-11-24T10:10:20Z, 15072 µs
  14 × down 2026-11-24T10:10:25Z … 2026-11-24T10:11:30Z
  12 × up 2026-11-24T10:11:35Z … 2026-11-24T10:12:30Z, 6378 µs
  3 × down 2026-11-24T10:12:35Z … 2026-11-24T10:12:45Z
  2 × up 2026-11-24T10:12:50Z … 2026-11-24T10:12:55Z, 1147 µs
  2 × down 2026-11-24T10:13:00Z … 2026-11-24T10:13:05Z
  3 × up 2026-11-24T10:13:10Z … 2026-11-24T10:13:20Z, 1918 µs
  2 × down 2026-11-24T10:13:25Z … 2026-11-24T10:13:30Z
  3 × up 2026-11-24T10:13:35Z … 2026-11-24T10:13:45Z, 1531 µs
  2 × down 2026-11-24T10:13:50Z … 2026-11-24T10:13:55Z
  2 × up 2026-11-24T10:14:00Z … 2026-11-24T10:14:05Z, 1385 µs
  3 × down 2026-11-24T10:14:10Z … 2026-11-24T10:14:20Z
  63 × up 2026-11-24T10:14:25Z … 2026-11-24T10:19:35Z, 4832773 µs

"#]],
    );
}

#[test]
fn a_recorded_moment() {
    check_sample(
        &[],
        &["prometheus/query-probe_success.json"],
        str![[r#"
blackbox-imap/127.0.0.1_3a18143
  1 × up 2026-11-24T10:19:35.948Z
blackbox-http/http_3a_2f_2f127.0.0.1_3a18080_2f
  1 × up 2026-11-24T10:19:35.948Z

"#]],
    );
}

#[test]
fn a_recorded_average_is_told() {
    check_sample(
        &[],
        &["prometheus/query-avg_over_time.json"],
        str![[r#"
blackbox-imap/127.0.0.1_3a18143
blackbox-http/http_3a_2f_2f127.0.0.1_3a18080_2f
warning: 2 left out: a value that is neither 0 nor 1, the first of `blackbox-imap/127.0.0.1_3a18143`

"#]],
    );
}

#[test]
fn recorded_alerts() {
    let files = [
        "prometheus/alerts-firing-down.json",
        "prometheus/alerts-firing-slow.json",
        "prometheus/alerts-pending-flapping.json",
    ];
    check_sample(
        &[("label", "component")],
        &files,
        str![[r#"
webmail (ProbeDown)
  2026-11-24T10:10:25.726Z – 2026-11-24T10:20:00Z, seen down
  2026-11-24T10:13:50.726Z – 2026-11-24T10:20:00Z, seen down?
  2026-11-24T10:14:45.726Z – 2026-11-24T10:20:00Z, seen degraded
heartbeat 2026-11-24T10:20:00Z, 1 monitors
heartbeat 2026-11-24T10:20:00Z, 1 monitors
heartbeat 2026-11-24T10:20:00Z, 1 monitors

"#]],
    );
    check_sample(
        &[],
        &["prometheus/rules.json"],
        str![[r#"
heartbeat 2026-11-24T10:20:00Z, 0 monitors

"#]],
    );
}

#[test]
fn a_recorded_error_is_told_in_its_own_words() {
    check_sample(
        &[],
        &["prometheus/error-bad_data.json"],
        str![[r#"
error: the source answered with an error of its own: bad_data: invalid parameter "start": cannot parse "" to a valid timestamp

"#]],
    );
}

#[test]
fn what_the_exporter_itself_says_is_no_answer() {
    check_sample(
        &[],
        &["prometheus/blackbox-probe.txt"],
        str![[r#"
error: this is not JSON: expected value (check the kind of the feed, and its address)

"#]],
    );
}
