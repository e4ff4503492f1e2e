//! What is understood of UptimeRobot: small answers of our own, and published ones where they are there.

use snapbox::{assert_data_eq, data::Inline, str};

use super::*;
use crate::load::feed::adapter::understood::{feed, payload, sample, understood};
use crate::model::{FeedKind, Origin};

fn check(answer: &str, expected: Inline) {
    assert_data_eq!(understood(&feed(FeedKind::Uptimerobot, &[]), &[("", answer)]), expected);
}

fn check_sample(files: &[&str], expected: Inline) {
    if let Some(found) = sample(&feed(FeedKind::Uptimerobot, &[]), files) {
        assert_data_eq!(found, expected);
    }
}

#[test]
fn version_2_writes_numbers_as_text_and_its_log_in_any_order() {
    check(
        r#"{"stat":"ok","monitors":[{"id":"7","friendly_name":"IMAP","interval":"60","port":"","status":"9","logs":[
        {"type":"1","datetime":"1795515000","duration":"600"},{"type":2,"datetime":1795510000,"duration":5000},
        {"type":1,"datetime":1795509000,"duration":1000},{"type":"","datetime":""}],
        "response_times":[{"datetime":1795514900,"value":123},{"datetime":"","value":""}]}]}"#,
        str![[r#"
7 (IMAP), every 60 s
  1 × up 2026-11-24T10:08:20Z, 123000 µs
  1 × down 2026-11-24T10:20:00Z
  2026-11-24T08:30:00Z – 2026-11-24T08:46:40Z down
  2026-11-24T10:10:00Z – 2026-11-24T10:20:00Z, seen down
warning: 1 left out: a line of a log without a time or a type, the first of `7`

"#]],
    );
}

#[test]
fn version_2_knows_five_states() {
    let monitor = |status: u8| format!(r#"{{"id":{status},"status":{status}}}"#);
    let monitors: Vec<String> = [0, 1, 2, 8, 9, 5].map(monitor).to_vec();
    check(
        &format!(r#"{{"monitors":[{}]}}"#, monitors.join(",")),
        str![[r#"
0, paused
  1 × paused 2026-11-24T10:20:00Z
1
2
  1 × up 2026-11-24T10:20:00Z
8
  1 × down? 2026-11-24T10:20:00Z
9
  1 × down 2026-11-24T10:20:00Z
warning: 1 left out: `5` is no state that this kind of source is known to have (known are 0, 1, 2, 8, 9)

"#]],
    );
}

#[test]
fn version_3_tells_its_last_outage() {
    check(
        r#"{"nextLink":null,"data":[{"id":1,"friendlyName":"IMAP","interval":300,"status":"DOWN","apiKey":"never",
        "lastIncident":{"startedAt":"2026-11-24T10:01:00Z","duration":1140}},
        {"id":2,"status":"UP","lastIncident":{"startedAt":"2026-11-23T10:01:00Z","duration":60}},
        {"id":3,"status":"LOOKS_DOWN"},{"id":4,"status":"PAUSED"},{"id":5,"status":"STARTED"},{"id":6,"status":"Down"}]}"#,
        str![[r#"
1 (IMAP), every 300 s
  1 × down 2026-11-24T10:20:00Z
  2026-11-24T10:01:00Z – 2026-11-24T10:20:00Z, seen down
2
  1 × up 2026-11-24T10:20:00Z
  2026-11-23T10:01:00Z – 2026-11-23T10:02:00Z down
3
  1 × down? 2026-11-24T10:20:00Z
4, paused
  1 × paused 2026-11-24T10:20:00Z
5
warning: 1 left out: `Down` is no state that this kind of source is known to have (the nearest known one is `DOWN`)

"#]],
    );
}

#[test]
fn an_error_never_repeats_the_key_that_was_given() {
    check(
        r#"{"stat":"fail","error":{"type":"invalid_parameter","parameter_name":"api_key","passed_value":"u1-secret","message":"api_key not found."}}"#,
        str![[r#"
error: the source answered with an error of its own: api_key not found.

"#]],
    );
}

#[test]
fn pages_are_followed_and_the_key_stands_in_a_body_only_as_a_word() {
    let next = |url: &str, answers: &[&str]| -> Vec<(String, Option<String>)> {
        let feed = Feed { from: Origin::Url(url.to_owned()), ..feed(FeedKind::Uptimerobot, &[]) };
        let answers: Vec<Payload> = answers.iter().map(|answer| payload("", answer.as_bytes())).collect();
        requests(&feed, &answers, 0, 0).into_iter().map(|request| (request.path, request.body)).collect()
    };
    let v2 = "https://api.uptimerobot.com/v2/getMonitors";
    let bodies = |answers: &[&str]| next(v2, answers).into_iter().filter_map(|(_, body)| body).collect::<Vec<_>>();
    assert!(bodies(&[]).iter().all(|body| body.starts_with("api_key={token}&") && body.ends_with("&offset=0")));
    let page = r#"{"pagination":{"offset":"0","limit":50,"total":"51"}}"#;
    assert!(bodies(&[page]).iter().all(|body| body.ends_with("&offset=50")) && bodies(&[page]).len() == 1);
    assert_eq!(bodies(&[r#"{"pagination":{"offset":50,"limit":50,"total":51}}"#]), [""; 0]);
    let v3 = "https://api.uptimerobot.com/v3/monitors";
    assert_eq!(next(v3, &[]), [(String::new(), None)]);
    assert_eq!(next(v3, &[r#"{"nextLink":"https://a.example/2"}"#]), [("https://a.example/2".to_owned(), None)]);
    assert_eq!(next(v3, &[r#"{"nextLink":"file:///etc/passwd"}"#]), []);
}

#[test]
fn published_answers() {
    check_sample(
        &["uptimerobot/v2-getMonitors.json"],
        str![[r#"
777749809 (Google), every 900 s
777712827 (My Web Page), every 60 s
  1 × up 2026-11-24T10:20:00Z
  2016-05-05T16:20:34Z – 2016-05-11T08:29:34Z down
  2016-05-11T08:33:08Z – 2016-05-11T08:33:20Z paused

"#]],
    );
    check_sample(
        &["uptimerobot/v3-monitors-shape.json"],
        str![[r#"
warning: 1 left out: something that does not say its state

"#]],
    );
}
