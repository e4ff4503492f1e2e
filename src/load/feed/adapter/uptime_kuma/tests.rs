//! What is understood of Uptime Kuma: small answers of our own, and those recorded from 2.5.3 where they are there.

use snapbox::{assert_data_eq, data::Inline, str};

use super::*;
use crate::load::feed::adapter::understood::{feed, sample, understood};
use crate::model::{FeedKind, Origin};

fn check(answers: &[(&str, &str)], expected: Inline) {
    assert_data_eq!(understood(&feed(FeedKind::UptimeKuma, &[]), answers), expected);
}

fn check_sample(files: &[&str], expected: Inline) {
    if let Some(found) = sample(&feed(FeedKind::UptimeKuma, &[]), files) {
        assert_data_eq!(found, expected);
    }
}

const PAGE: &str = r#"{"config":{"slug":"mail"},"incident":null,"publicGroupList":[{"id":1,"name":"Web","weight":1,
    "monitorList":[{"id":1,"name":"Webmail","sendUrl":0,"type":"http"},{"id":2,"name":"IMAP","sendUrl":false}]}]}"#;

#[test]
fn the_page_names_its_monitors_and_the_heartbeats_are_their_results_in_utc() {
    let beats = r#"{"heartbeatList":{"1":[{"status":1,"time":"2026-11-24 10:13:08.744","msg":"","ping":6},
        {"status":0,"time":"2026-11-24 10:14:08","msg":"","ping":null}]},"uptimeList":{"1_24":1}}"#;
    check(
        &[("heartbeats", beats), ("page", PAGE)],
        str![[r#"
1 (Webmail)
  1 × up 2026-11-24T10:13:08.744Z, 6000 µs
  1 × down 2026-11-24T10:14:08Z
2 (IMAP)

"#]],
    );
}

#[test]
fn pending_fails_unconfirmed_and_a_window_is_maintenance() {
    let beats = r#"{"heartbeatList":{"1":[{"status":2,"time":"2026-11-24 10:13:08","ping":null},
        {"status":3,"time":"2026-11-24 10:14:08","ping":4}]}}"#;
    check(
        &[("", beats)],
        str![[r#"
1
  1 × down? 2026-11-24T10:13:08Z
  1 × maintenance 2026-11-24T10:14:08Z

"#]],
    );
}

#[test]
fn what_is_no_beat_is_left_out_and_the_rest_is_read() {
    let beats = r#"{"heartbeatList":{"1":[{"status":7,"time":"2026-11-24 10:13:08"},{"status":1,"time":"yesterday"},
        null,{"status":1,"time":"2026-11-24 10:15:08","ping":-3}],"2":{},"":[]}}"#;
    check(
        &[("", beats)],
        str![[r#"
1
  1 × up 2026-11-24T10:15:08Z
warning: 1 left out: a monitor whose heartbeats are no list, the first of `2`
warning: 1 left out: a monitor without a name
warning: 1 left out: a result without a time, the first of `1`
warning: 1 left out: something that does not say its state
warning: 1 left out: `7` is no state that this kind of source is known to have (known are 0, 1, 2, 3)

"#]],
    );
}

#[test]
fn a_page_that_does_not_exist_is_told_in_its_own_words() {
    check(
        &[("page", r#"{"ok":false,"msg":"Status Page Not Found"}"#)],
        str![[r#"
error: the source answered with an error of its own: Status Page Not Found

"#]],
    );
}

#[test]
fn the_address_that_people_know_is_enough() {
    let paths = |url: &str, options: &[(&str, &str)]| -> Vec<String> {
        let feed = Feed { from: Origin::Url(url.to_owned()), ..feed(FeedKind::UptimeKuma, options) };
        requests(&feed, &[], 0, 0).into_iter().map(|request| request.path).collect()
    };
    assert_eq!(
        paths("https://kuma.example/status/mail", &[]),
        ["https://kuma.example/api/status-page/mail", "https://kuma.example/api/status-page/heartbeat/mail"]
    );
    assert_eq!(
        paths("https://kuma.example/", &[("slug", "a b")]),
        ["/api/status-page/a%20b", "/api/status-page/heartbeat/a%20b"]
    );
}

#[test]
fn a_recorded_page_and_its_heartbeats_while_imap_is_down() {
    check_sample(
        &["uptime-kuma/v2.5.3-status-page.json", "uptime-kuma/v2.5.3-heartbeat-imap-down.json"],
        str![[r#"
1 (Webmail (no retries))
  2 × up 2026-11-24T10:13:08.744Z … 2026-11-24T10:13:13.744Z, 9000 µs
  3 × down 2026-11-24T10:13:18.744Z … 2026-11-24T10:13:28.745Z
  2 × up 2026-11-24T10:13:33.746Z … 2026-11-24T10:13:38.747Z, 5000 µs
  3 × down 2026-11-24T10:13:43.749Z … 2026-11-24T10:13:53.75Z
  2 × up 2026-11-24T10:13:58.75Z … 2026-11-24T10:14:03.75Z, 5000 µs
  2 × down 2026-11-24T10:14:08.751Z … 2026-11-24T10:14:13.752Z
  32 × up 2026-11-24T10:14:18.752Z … 2026-11-24T10:16:53.773Z, 14487000 µs
2 (Webmail (3 retries))
  2 × up 2026-11-24T10:13:08.773Z … 2026-11-24T10:13:13.773Z, 6000 µs
  3 × down? 2026-11-24T10:13:18.773Z … 2026-11-24T10:13:24.774Z
  1 × down 2026-11-24T10:13:27.774Z
  2 × up 2026-11-24T10:13:32.776Z … 2026-11-24T10:13:37.777Z, 10000 µs
  3 × down? 2026-11-24T10:13:42.779Z … 2026-11-24T10:13:48.78Z
  1 × down 2026-11-24T10:13:51.78Z
  2 × up 2026-11-24T10:13:56.781Z … 2026-11-24T10:14:01.782Z, 8000 µs
  3 × down? 2026-11-24T10:14:06.782Z … 2026-11-24T10:14:12.782Z
  1 × down 2026-11-24T10:14:15.782Z
  32 × up 2026-11-24T10:14:20.782Z … 2026-11-24T10:16:55.795Z, 14491000 µs
3 (IMAP)
  33 × up 2026-11-24T10:13:08.797Z … 2026-11-24T10:15:48.808Z, 3000 µs
  2 × down? 2026-11-24T10:15:53.808Z … 2026-11-24T10:15:56.809Z
  12 × down 2026-11-24T10:15:59.809Z … 2026-11-24T10:16:54.814Z
4 (Intranet wiki)
  2 × up 2026-11-24T10:13:08.826Z … 2026-11-24T10:13:13.827Z, 6000 µs
  3 × down 2026-11-24T10:13:18.827Z … 2026-11-24T10:13:28.829Z
  2 × up 2026-11-24T10:13:33.831Z … 2026-11-24T10:13:38.831Z, 4000 µs
  3 × down 2026-11-24T10:13:43.831Z … 2026-11-24T10:13:53.831Z
  2 × up 2026-11-24T10:13:58.831Z … 2026-11-24T10:14:03.833Z, 4000 µs
  28 × maintenance 2026-11-24T10:14:08.833Z … 2026-11-24T10:16:23.843Z
  6 × up 2026-11-24T10:16:28.843Z … 2026-11-24T10:16:53.844Z, 13000 µs

"#]],
    );
}

#[test]
fn recorded_flapping() {
    check_sample(
        &["uptime-kuma/v2.5.3-heartbeat-flapping.json"],
        str![[r#"
1
  2 × up 2026-11-24T10:13:08.744Z … 2026-11-24T10:13:13.744Z, 9000 µs
  3 × down 2026-11-24T10:13:18.744Z … 2026-11-24T10:13:28.745Z
  2 × up 2026-11-24T10:13:33.746Z … 2026-11-24T10:13:38.747Z, 5000 µs
  3 × down 2026-11-24T10:13:43.749Z … 2026-11-24T10:13:53.75Z
  2 × up 2026-11-24T10:13:58.75Z … 2026-11-24T10:14:03.75Z, 5000 µs
  2 × down 2026-11-24T10:14:08.751Z … 2026-11-24T10:14:13.752Z
  7 × up 2026-11-24T10:14:18.752Z … 2026-11-24T10:14:48.756Z, 2417000 µs
2
  2 × up 2026-11-24T10:13:08.773Z … 2026-11-24T10:13:13.773Z, 6000 µs
  3 × down? 2026-11-24T10:13:18.773Z … 2026-11-24T10:13:24.774Z
  1 × down 2026-11-24T10:13:27.774Z
  2 × up 2026-11-24T10:13:32.776Z … 2026-11-24T10:13:37.777Z, 10000 µs
  3 × down? 2026-11-24T10:13:42.779Z … 2026-11-24T10:13:48.78Z
  1 × down 2026-11-24T10:13:51.78Z
  2 × up 2026-11-24T10:13:56.781Z … 2026-11-24T10:14:01.782Z, 8000 µs
  3 × down? 2026-11-24T10:14:06.782Z … 2026-11-24T10:14:12.782Z
  1 × down 2026-11-24T10:14:15.782Z
  7 × up 2026-11-24T10:14:20.782Z … 2026-11-24T10:14:50.786Z, 3622000 µs
3
  21 × up 2026-11-24T10:13:08.797Z … 2026-11-24T10:14:48.802Z, 2000 µs
4
  2 × up 2026-11-24T10:13:08.826Z … 2026-11-24T10:13:13.827Z, 6000 µs
  3 × down 2026-11-24T10:13:18.827Z … 2026-11-24T10:13:28.829Z
  2 × up 2026-11-24T10:13:33.831Z … 2026-11-24T10:13:38.831Z, 4000 µs
  3 × down 2026-11-24T10:13:43.831Z … 2026-11-24T10:13:53.831Z
  2 × up 2026-11-24T10:13:58.831Z … 2026-11-24T10:14:03.833Z, 4000 µs
  9 × maintenance 2026-11-24T10:14:08.833Z … 2026-11-24T10:14:48.837Z

"#]],
    );
}

#[test]
fn a_recorded_recovery_with_a_window() {
    check_sample(
        &["uptime-kuma/v2.5.3-status-page-maintenance.json", "uptime-kuma/v2.5.3-heartbeat-recovered.json"],
        str![[r#"
1 (Webmail (no retries))
  2 × up 2026-11-24T10:13:08.744Z … 2026-11-24T10:13:13.744Z, 9000 µs
  3 × down 2026-11-24T10:13:18.744Z … 2026-11-24T10:13:28.745Z
  2 × up 2026-11-24T10:13:33.746Z … 2026-11-24T10:13:38.747Z, 5000 µs
  3 × down 2026-11-24T10:13:43.749Z … 2026-11-24T10:13:53.75Z
  2 × up 2026-11-24T10:13:58.75Z … 2026-11-24T10:14:03.75Z, 5000 µs
  2 × down 2026-11-24T10:14:08.751Z … 2026-11-24T10:14:13.752Z
  59 × up 2026-11-24T10:14:18.752Z … 2026-11-24T10:19:08.787Z, 14555000 µs
2 (Webmail (3 retries))
  2 × up 2026-11-24T10:13:08.773Z … 2026-11-24T10:13:13.773Z, 6000 µs
  3 × down? 2026-11-24T10:13:18.773Z … 2026-11-24T10:13:24.774Z
  1 × down 2026-11-24T10:13:27.774Z
  2 × up 2026-11-24T10:13:32.776Z … 2026-11-24T10:13:37.777Z, 10000 µs
  3 × down? 2026-11-24T10:13:42.779Z … 2026-11-24T10:13:48.78Z
  1 × down 2026-11-24T10:13:51.78Z
  2 × up 2026-11-24T10:13:56.781Z … 2026-11-24T10:14:01.782Z, 8000 µs
  3 × down? 2026-11-24T10:14:06.782Z … 2026-11-24T10:14:12.782Z
  1 × down 2026-11-24T10:14:15.782Z
  59 × up 2026-11-24T10:14:20.782Z … 2026-11-24T10:19:10.812Z, 14552000 µs
3 (IMAP)
  33 × up 2026-11-24T10:13:08.797Z … 2026-11-24T10:15:48.808Z, 3000 µs
  2 × down? 2026-11-24T10:15:53.808Z … 2026-11-24T10:15:56.809Z
  17 × down 2026-11-24T10:15:59.809Z … 2026-11-24T10:17:19.817Z
  22 × up 2026-11-24T10:17:24.818Z … 2026-11-24T10:19:09.827Z
4 (Intranet wiki)
  2 × up 2026-11-24T10:13:08.826Z … 2026-11-24T10:13:13.827Z, 6000 µs
  3 × down 2026-11-24T10:13:18.827Z … 2026-11-24T10:13:28.829Z
  2 × up 2026-11-24T10:13:33.831Z … 2026-11-24T10:13:38.831Z, 4000 µs
  3 × down 2026-11-24T10:13:43.831Z … 2026-11-24T10:13:53.831Z
  2 × up 2026-11-24T10:13:58.831Z … 2026-11-24T10:14:03.833Z, 4000 µs
  28 × maintenance 2026-11-24T10:14:08.833Z … 2026-11-24T10:16:23.843Z
  33 × up 2026-11-24T10:16:28.843Z … 2026-11-24T10:19:08.853Z, 87000 µs

"#]],
    );
}

#[test]
fn a_recorded_page_of_version_1() {
    check_sample(
        &["uptime-kuma/v1-status-page.json", "uptime-kuma/v1-heartbeat.json"],
        str![[r#"
1 (Unraid)
  2 × up 2026-09-30T20:10:16.566Z … 2026-09-30T20:15:16.689Z, 194000 µs

"#]],
    );
}

#[test]
fn a_list_of_incidents_is_no_feed() {
    check_sample(
        &["uptime-kuma/v2.5.3-incident-history.json"],
        str![[r#"
error: expected a status page (`publicGroupList`) or its heartbeats (`heartbeatList`), found an object of another kind (check the kind of the feed, and its address)

"#]],
    );
}
