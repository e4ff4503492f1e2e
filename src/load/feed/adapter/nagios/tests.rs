//! What is understood of the CGIs' answers.

use snapbox::{assert_data_eq, str};

use super::*;
use crate::load::feed::adapter::sample;
use crate::model::FeedKind;

fn check(text: &str, expected: impl snapbox::IntoData) {
    assert_data_eq!(sample::summary(FeedKind::Nagios, &[("nagios.json", "", text.as_bytes())]), expected);
}

/// Nothing that was recorded may be mistaken, so all of it stands here.
fn check_recorded(file: &str, expected: impl snapbox::IntoData) {
    if let Some(bytes) = sample::recorded(&format!("nagios/{file}")) {
        assert_data_eq!(sample::summary(FeedKind::Nagios, &[(file, "", &bytes)]), expected);
    }
}

/// A `servicelist` of one service, with what matters of its record.
fn service(record: &str) -> String {
    format!(r#"{{"result":{{"type_code":0}},"data":{{"servicelist":{{"imap01":{{"IMAP":{{{record}}}}}}}}}}}"#)
}

#[test]
fn a_hard_problem_is_a_result_and_a_span_from_its_true_start() {
    check(
        &service(
            r#""status":"critical","state_type":"hard","has_been_checked":true,"last_check":1795515386000,"last_time_ok":1795515350000,"last_state_change":1795515356000,"last_time_critical":1795515386000,"plugin_output":"Connection refused""#,
        ),
        str![[r#"
monitor imap01/IMAP, below imap01
2026-11-24T10:16:26Z imap01/IMAP down: Connection refused
2026-11-24T10:15:50Z – now imap01/IMAP down

"#]],
    );
}

#[test]
fn words_and_numbers_mean_the_same() {
    let record = |status: &str, state_type: &str| {
        let text = format!(r#""status":{status},"state_type":{state_type},"last_check":1795515386000"#);
        sample::summary(FeedKind::Nagios, &[("", "", service(&text).as_bytes())])
    };
    for (word, bits) in [("ok", "2"), ("warning", "4"), ("unknown", "8"), ("critical", "16"), ("pending", "1")] {
        let word = format!("{word:?}");
        assert_eq!(record(&word, "\"hard\""), record(bits, "1"));
        assert_eq!(record(&word, "\"soft\""), record(bits, "0"));
    }
    assert_data_eq!(
        record("16", "0"),
        str![[r#"
monitor imap01/IMAP, below imap01
2026-11-24T10:16:26Z imap01/IMAP down, unconfirmed

"#]]
    );
}

#[test]
fn a_critical_service_that_was_warning_before_began_when_it_turned_critical() {
    check(
        &service(
            r#""status":16,"state_type":1,"last_check":1795515386000,"last_time_ok":1795515000000,"last_time_warning":1795515300000,"last_time_critical":1795515386000,"last_state_change":1795515310000"#,
        ),
        str![[r#"
monitor imap01/IMAP, below imap01
2026-11-24T10:16:26Z imap01/IMAP down
2026-11-24T10:15:00Z – now imap01/IMAP down

"#]],
    );
}

#[test]
fn downtime_is_maintenance_and_what_nobody_checks_is_paused() {
    check(
        &service(
            r#""status":16,"state_type":1,"last_check":1795515386000,"scheduled_downtime_depth":1,"last_time_ok":1795515000000"#,
        ),
        str![[r#"
monitor imap01/IMAP, below imap01
2026-11-24T10:16:26Z imap01/IMAP maintenance

"#]],
    );
    check(
        &service(
            r#""status":2,"state_type":1,"last_check":1795515386000,"checks_enabled":false,"accept_passive_checks":false"#,
        ),
        str![[r#"
monitor imap01/IMAP, below imap01, paused

"#]],
    );
}

#[test]
fn what_was_never_checked_is_not_good_though_its_hard_state_is() {
    check(
        &service(r#""status":1,"has_been_checked":false,"state_type":1,"last_check":0,"last_hard_state":0"#),
        str![[r#"
monitor imap01/IMAP, below imap01

"#]],
    );
    check(
        &service(r#""status":"ok","has_been_checked":false,"state_type":"hard","last_check":1795515386000"#),
        str![[r#"
monitor imap01/IMAP, below imap01

"#]],
    );
}

#[test]
fn the_daemon_nagios_api_writes_everything_as_text() {
    check(
        r#"{"success":true,"content":{"gw":{"current_state":"1","last_hard_state":"1","last_check":"1664018740","last_state_change":"1661957235","services":{
 "HTTP":{"current_state":"2","last_hard_state":"0","last_check":"1664018785","performance_data":{"time":"0,015777s"}},
 "SSL":{"current_state":"0","last_hard_state":"0","last_check":"1664018916","performance_data":{"time":"0,015777s","size":210}},
 "Never":{"current_state":"0","last_hard_state":"0","last_check":"0"},"Odd":{"current_state":"4"}}}}}"#,
        str![[r#"
monitor gw
monitor gw/HTTP, below gw
monitor gw/Never, below gw
monitor gw/SSL, below gw
2022-09-24T11:25:40Z gw down
2022-09-24T11:26:25Z gw/HTTP down, unconfirmed
2022-09-24T11:28:36Z gw/SSL up, 15777 us
2022-08-31T14:47:15Z – now gw down
nagios.json:1:1: warning[feed-shape]: 1 left out: a host or service whose `current_state` is no known number; the rest is used

"#]],
    );
}

#[test]
fn parents_and_intervals_come_from_the_objects() {
    let state = r#"{"result":{"type_code":0,"cgi":"statusjson.cgi"},"data":{"hostlist":{"imap-backend":{"status":8,"state_type":1,"last_check":1795515378000}}}}"#;
    let objects = r#"{"result":{"type_code":0,"cgi":"objectjson.cgi"},"data":{"hostlist":{"imap-backend":{"parent_hosts":["imap01"],"check_interval":5.0}}}}"#;
    let both = [("a", "", state.as_bytes()), ("b", "", objects.as_bytes())];
    assert_data_eq!(
        sample::summary(FeedKind::Nagios, &both),
        str![[r#"
monitor imap-backend, every 300000 ms, below imap01
2026-11-24T10:16:18Z imap-backend unknown

"#]]
    );
}

#[test]
fn bad_shapes_are_told_and_nothing_is_made_up() {
    check(
        &service(r#""status":3,"state_type":1,"last_check":1795515386000"#),
        str![[r#"
nagios.json:1:1: warning[feed-shape]: 1 left out: a host or service whose `status` is no known word or number; the rest is used

"#]],
    );
    check(
        &service(r#""status":16,"last_check":1795515386000"#),
        str![[r#"
nagios.json:1:1: warning[feed-shape]: 1 left out: a host or service without a known `state_type`; the rest is used

"#]],
    );
    check(
        &service(r#""status":16,"state_type":1,"last_check":0"#),
        str![[r#"
monitor imap01/IMAP, below imap01
nagios.json:1:1: warning[feed-shape]: 1 left out: a host or service without the time of its last check; the rest is used

"#]],
    );
    check(
        &service(r#""status":2,"status":16,"state_type":1,"last_check":1795515386000"#),
        str![[r#"
nagios.json:1:1: warning[feed-syntax]: the key `status` stands twice in one object; the object it stands in is left out, since either could be meant

"#]],
    );
    check(
        r#"{"result":{"type_code":2,"type_text":"Option Missing","query":"alertlist"},"data":{"options":{}}}"#,
        str![[r#"
nagios.json:1:1: error[feed-shape]: Nagios answers with error 2: Option Missing (check the kind of the feed, and its address); nothing of it is used

"#]],
    );
    check(
        r#"{"data":[1]}"#,
        str![[r#"
nagios.json:1:1: error[feed-shape]: this is JSON, but no answer of a Nagios CGI (ask for `servicelist`, `hostlist` or `alertlist`); nothing of it is used

"#]],
    );
    check(
        "[1,2]",
        str![[r#"
nagios.json:1:1: error[feed-shape]: this is JSON, but no answer of a Nagios CGI (ask for `servicelist`, `hostlist` or `alertlist`); nothing of it is used

"#]],
    );
    check(
        "<html>401 Authorization Required</html>",
        str![[r#"
nagios.json:1:1: error[feed-syntax]: this is a web page, not JSON (the address leads to a page for people, often one to log in at: check `url` and the secrets); nothing of it is used

"#]],
    );
    check(
        r#"{"data":{"servicelist":{"h":{"s":"critical"}}}}"#,
        str![[r#"
nagios.json:1:1: warning[feed-shape]: 1 left out: a host or service with its state alone: ask with `details=true`; the rest is used

"#]],
    );
    check(
        r#"{"data":{"alertlist":[{"timestamp":1,"state":3},{},5,null]}}"#,
        str![[r#"
nagios.json:1:1: warning[feed-shape]: 4 left out: a monitor whose name is empty, or longer than 128 bytes once escaped; the rest is used

"#]],
    );
}

#[test]
fn the_cgis_are_asked_for_services_hosts_objects_and_alerts() {
    let Some(mut feed) = sample::feed(FeedKind::Nagios, &[]) else { return };
    feed.from = crate::model::Origin::Url("https://nagios.example/cgi-bin/".to_owned());
    let asked = requests(&feed, &[], 1_795_514_880_999, 1_795_515_575_000);
    let asked: Vec<String> = asked.into_iter().map(|request| request.path).collect();
    assert_data_eq!(
        asked.join("\n"),
        str![[r#"
statusjson.cgi?query=servicelist&details=true&formatoptions=enumerate
statusjson.cgi?query=hostlist&details=true&formatoptions=enumerate
objectjson.cgi?query=servicelist&details=true&formatoptions=enumerate
objectjson.cgi?query=hostlist&details=true&formatoptions=enumerate
archivejson.cgi?query=alertlist&starttime=1795514880&endtime=1795515576&formatoptions=enumerate
"#]]
    );

    feed.from = crate::model::Origin::Url("https://nagios.example/statusjson.cgi?query=hostlist".to_owned());
    assert_eq!(requests(&feed, &[], 0, 1).iter().map(|request| request.path.as_str()).collect::<Vec<_>>(), [""]);
}

#[test]
fn an_outage_of_the_log_begins_with_its_first_soft_line_and_is_open_until_it_is_not() {
    let line = |at: &str, kind: &str, state: &str| {
        format!(
            r#"{{"timestamp":17955150{at}000,"object_type":"service","host_name":"web01","description":"Webmail","state_type":"{kind}","state":"{state}"}}"#
        )
    };
    let log = |lines: &[String]| {
        let list = lines.join(",");
        format!(r#"{{"result":{{"type_code":0,"query_time":1795515099000}},"data":{{"alertlist":[{list}]}}}}"#)
    };
    let down = [line("25", "soft", "critical"), line("31", "hard", "critical")];
    check(
        &log(&down),
        str![[r#"
2026-11-24T10:10:25Z web01/Webmail down, unconfirmed
2026-11-24T10:10:31Z web01/Webmail down
2026-11-24T10:10:25Z – now web01/Webmail down

"#]],
    );
    let [soft, hard] = down;
    check(
        &log(&[line("91", "hard", "ok"), hard, soft]),
        str![[r#"
2026-11-24T10:10:25Z web01/Webmail down, unconfirmed
2026-11-24T10:10:31Z web01/Webmail down
2026-11-24T10:11:31Z web01/Webmail up
2026-11-24T10:10:25Z – 2026-11-24T10:11:31Z web01/Webmail down
2026-11-24T10:11:31Z – 2026-11-24T10:11:39Z web01/Webmail up

"#]],
    );
}

#[test]
fn the_log_gives_results_and_spans_from_change_to_change() {
    check_recorded(
        "archive-alertlist-enumerate.json",
        str![[r#"
2026-11-24T10:08:20Z imap-backend down, unconfirmed: connect to address 127.0.0.1 and port 18143: Connection refused
2026-11-24T10:08:35Z imap-backend up: TCP OK - 0.000 second response time on 127.0.0.1 port 18143
2026-11-24T10:15:55Z imap-backend down, unconfirmed: connect to address 127.0.0.1 and port 18143: Connection refused
2026-11-24T10:16:18Z imap-backend unknown: connect to address 127.0.0.1 and port 18143: Connection refused
2026-11-24T10:16:41Z imap-backend unknown: connect to address 127.0.0.1 and port 18143: Connection refused
2026-11-24T10:17:20Z imap-backend up: TCP OK - 0.000 second response time on 127.0.0.1 port 18143
2026-11-24T10:15:55Z imap-backend/IMAP_20storage down: connect to address 127.0.0.1 and port 18143: Connection refused
2026-11-24T10:17:20Z imap-backend/IMAP_20storage up: TCP OK - 0.000 second response time on 127.0.0.1 port 18143 [* OK [CAPABILITY IMAP4rev1] Dovecot ready.]
2026-11-24T10:16:03Z imap01 down, unconfirmed: connect to address 127.0.0.1 and port 18143: Connection refused
2026-11-24T10:16:26Z imap01 down, unconfirmed: connect to address 127.0.0.1 and port 18143: Connection refused
2026-11-24T10:16:49Z imap01 down: connect to address 127.0.0.1 and port 18143: Connection refused
2026-11-24T10:17:26Z imap01 up: TCP OK - 0.000 second response time on 127.0.0.1 port 18143
2026-11-24T10:15:50Z imap01/IMAP down, unconfirmed: No data received from host
2026-11-24T10:15:53Z imap01/IMAP down, unconfirmed: connect to address 127.0.0.1 and port 18143: Connection refused
2026-11-24T10:15:56Z imap01/IMAP down: connect to address 127.0.0.1 and port 18143: Connection refused
2026-11-24T10:17:21Z imap01/IMAP up: TCP OK - 0.001 second response time on 127.0.0.1 port 18143 [* OK [CAPABILITY IMAP4rev1] Dovecot ready.
2026-11-24T10:10:25Z web01/Webmail_20HTTP down, unconfirmed: HTTP CRITICAL: HTTP/1.0 503 Service Unavailable - 174 bytes in 0.002 second response time
2026-11-24T10:10:28Z web01/Webmail_20HTTP down, unconfirmed: HTTP CRITICAL: HTTP/1.0 503 Service Unavailable - 174 bytes in 0.001 second response time
2026-11-24T10:10:31Z web01/Webmail_20HTTP down: HTTP CRITICAL: HTTP/1.0 503 Service Unavailable - 174 bytes in 0.001 second response time
2026-11-24T10:11:31Z web01/Webmail_20HTTP up: HTTP OK: HTTP/1.0 200 OK - 161 bytes in 0.001 second response time
2026-11-24T10:12:31Z web01/Webmail_20HTTP down, unconfirmed: HTTP CRITICAL: HTTP/1.0 503 Service Unavailable - 174 bytes in 0.001 second response time
2026-11-24T10:12:34Z web01/Webmail_20HTTP down, unconfirmed: HTTP CRITICAL: HTTP/1.0 503 Service Unavailable - 174 bytes in 0.001 second response time
2026-11-24T10:12:37Z web01/Webmail_20HTTP down: HTTP CRITICAL: HTTP/1.0 503 Service Unavailable - 174 bytes in 0.001 second response time
2026-11-24T10:12:42Z web01/Webmail_20HTTP up: HTTP OK: HTTP/1.0 200 OK - 161 bytes in 0.001 second response time
2026-11-24T10:12:57Z web01/Webmail_20HTTP down, unconfirmed: HTTP CRITICAL: HTTP/1.0 503 Service Unavailable - 174 bytes in 0.001 second response time
2026-11-24T10:13:00Z web01/Webmail_20HTTP down, unconfirmed: HTTP CRITICAL: HTTP/1.0 503 Service Unavailable - 174 bytes in 0.001 second response time
2026-11-24T10:13:03Z web01/Webmail_20HTTP down: HTTP CRITICAL: HTTP/1.0 503 Service Unavailable - 174 bytes in 0.001 second response time
2026-11-24T10:13:08Z web01/Webmail_20HTTP up: HTTP OK: HTTP/1.0 200 OK - 161 bytes in 0.001 second response time
2026-11-24T10:13:18Z web01/Webmail_20HTTP down, unconfirmed: HTTP CRITICAL: HTTP/1.0 503 Service Unavailable - 174 bytes in 0.001 second response time
2026-11-24T10:13:21Z web01/Webmail_20HTTP down, unconfirmed: HTTP CRITICAL: HTTP/1.0 503 Service Unavailable - 174 bytes in 0.001 second response time
2026-11-24T10:13:24Z web01/Webmail_20HTTP down: HTTP CRITICAL: HTTP/1.0 503 Service Unavailable - 174 bytes in 0.001 second response time
2026-11-24T10:13:34Z web01/Webmail_20HTTP up: HTTP OK: HTTP/1.0 200 OK - 161 bytes in 0.001 second response time
2026-11-24T10:13:44Z web01/Webmail_20HTTP down, unconfirmed: HTTP CRITICAL: HTTP/1.0 503 Service Unavailable - 174 bytes in 0.001 second response time
2026-11-24T10:13:47Z web01/Webmail_20HTTP down, unconfirmed: HTTP CRITICAL: HTTP/1.0 503 Service Unavailable - 174 bytes in 0.001 second response time
2026-11-24T10:13:50Z web01/Webmail_20HTTP down: HTTP CRITICAL: HTTP/1.0 503 Service Unavailable - 174 bytes in 0.001 second response time
2026-11-24T10:13:55Z web01/Webmail_20HTTP up: HTTP OK: HTTP/1.0 200 OK - 161 bytes in 0.001 second response time
2026-11-24T10:14:10Z web01/Webmail_20HTTP down, unconfirmed: HTTP CRITICAL: HTTP/1.0 503 Service Unavailable - 174 bytes in 0.001 second response time
2026-11-24T10:14:13Z web01/Webmail_20HTTP down, unconfirmed: HTTP CRITICAL: HTTP/1.0 503 Service Unavailable - 174 bytes in 0.001 second response time
2026-11-24T10:14:16Z web01/Webmail_20HTTP down: HTTP CRITICAL: HTTP/1.0 503 Service Unavailable - 174 bytes in 0.001 second response time
2026-11-24T10:14:21Z web01/Webmail_20HTTP up: HTTP OK: HTTP/1.0 200 OK - 161 bytes in 0.001 second response time
2026-11-24T10:14:42Z web01/Webmail_20HTTP degraded: HTTP WARNING: HTTP/1.0 200 OK - 161 bytes in 1.201 second response time
2026-11-24T10:14:46Z web01/Webmail_20HTTP degraded: HTTP WARNING: HTTP/1.0 200 OK - 161 bytes in 1.201 second response time
2026-11-24T10:14:51Z web01/Webmail_20HTTP degraded: HTTP WARNING: HTTP/1.0 200 OK - 161 bytes in 1.201 second response time
2026-11-24T10:15:41Z web01/Webmail_20HTTP up: HTTP OK: HTTP/1.0 200 OK - 161 bytes in 0.001 second response time
2026-11-24T10:08:20Z – 2026-11-24T10:08:35Z imap-backend down, unconfirmed
2026-11-24T10:08:35Z – 2026-11-24T10:15:55Z imap-backend up
2026-11-24T10:15:55Z – 2026-11-24T10:16:18Z imap-backend down, unconfirmed
2026-11-24T10:16:18Z – 2026-11-24T10:17:20Z imap-backend unknown
2026-11-24T10:17:20Z – 2026-11-24T10:19:35Z imap-backend up
2026-11-24T10:15:55Z – 2026-11-24T10:17:20Z imap-backend/IMAP_20storage down
2026-11-24T10:17:20Z – 2026-11-24T10:19:35Z imap-backend/IMAP_20storage up
2026-11-24T10:16:03Z – 2026-11-24T10:17:26Z imap01 down
2026-11-24T10:17:26Z – 2026-11-24T10:19:35Z imap01 up
2026-11-24T10:15:50Z – 2026-11-24T10:17:21Z imap01/IMAP down
2026-11-24T10:17:21Z – 2026-11-24T10:19:35Z imap01/IMAP up
2026-11-24T10:10:25Z – 2026-11-24T10:11:31Z web01/Webmail_20HTTP down
2026-11-24T10:11:31Z – 2026-11-24T10:12:31Z web01/Webmail_20HTTP up
2026-11-24T10:12:31Z – 2026-11-24T10:12:42Z web01/Webmail_20HTTP down
2026-11-24T10:12:42Z – 2026-11-24T10:12:57Z web01/Webmail_20HTTP up
2026-11-24T10:12:57Z – 2026-11-24T10:13:08Z web01/Webmail_20HTTP down
2026-11-24T10:13:08Z – 2026-11-24T10:13:18Z web01/Webmail_20HTTP up
2026-11-24T10:13:18Z – 2026-11-24T10:13:34Z web01/Webmail_20HTTP down
2026-11-24T10:13:34Z – 2026-11-24T10:13:44Z web01/Webmail_20HTTP up
2026-11-24T10:13:44Z – 2026-11-24T10:13:55Z web01/Webmail_20HTTP down
2026-11-24T10:13:55Z – 2026-11-24T10:14:10Z web01/Webmail_20HTTP up
2026-11-24T10:14:10Z – 2026-11-24T10:14:21Z web01/Webmail_20HTTP down
2026-11-24T10:14:21Z – 2026-11-24T10:14:42Z web01/Webmail_20HTTP up
2026-11-24T10:14:42Z – 2026-11-24T10:15:41Z web01/Webmail_20HTTP degraded
2026-11-24T10:15:41Z – 2026-11-24T10:19:35Z web01/Webmail_20HTTP up

"#]],
    );
}

#[test]
fn the_log_says_the_same_in_numbers_as_in_words() {
    let file = |name| sample::recorded(&format!("nagios/{name}"));
    if let (Some(words), Some(numbers)) = (file("archive-alertlist-enumerate.json"), file("archive-alertlist.json")) {
        let summary = |bytes: &[u8]| sample::summary(FeedKind::Nagios, &[("", "", bytes)]);
        assert_eq!(summary(&words), summary(&numbers));
    }
}

#[test]
fn the_changes_of_one_service_begin_with_no_pseudo_state() {
    check_recorded(
        "archive-statechangelist.json",
        str![[r#"
2026-11-24T10:08:20Z web01/Webmail_20HTTP up
2026-11-24T10:10:25Z web01/Webmail_20HTTP down, unconfirmed: HTTP CRITICAL: HTTP/1.0 503 Service Unavailable - 174 bytes in 0.002 second response time
2026-11-24T10:10:28Z web01/Webmail_20HTTP down, unconfirmed: HTTP CRITICAL: HTTP/1.0 503 Service Unavailable - 174 bytes in 0.001 second response time
2026-11-24T10:10:31Z web01/Webmail_20HTTP down: HTTP CRITICAL: HTTP/1.0 503 Service Unavailable - 174 bytes in 0.001 second response time
2026-11-24T10:11:31Z web01/Webmail_20HTTP up: HTTP OK: HTTP/1.0 200 OK - 161 bytes in 0.001 second response time
2026-11-24T10:12:31Z web01/Webmail_20HTTP down, unconfirmed: HTTP CRITICAL: HTTP/1.0 503 Service Unavailable - 174 bytes in 0.001 second response time
2026-11-24T10:12:34Z web01/Webmail_20HTTP down, unconfirmed: HTTP CRITICAL: HTTP/1.0 503 Service Unavailable - 174 bytes in 0.001 second response time
2026-11-24T10:12:37Z web01/Webmail_20HTTP down: HTTP CRITICAL: HTTP/1.0 503 Service Unavailable - 174 bytes in 0.001 second response time
2026-11-24T10:12:42Z web01/Webmail_20HTTP up: HTTP OK: HTTP/1.0 200 OK - 161 bytes in 0.001 second response time
2026-11-24T10:12:57Z web01/Webmail_20HTTP down, unconfirmed: HTTP CRITICAL: HTTP/1.0 503 Service Unavailable - 174 bytes in 0.001 second response time
2026-11-24T10:13:00Z web01/Webmail_20HTTP down, unconfirmed: HTTP CRITICAL: HTTP/1.0 503 Service Unavailable - 174 bytes in 0.001 second response time
2026-11-24T10:13:03Z web01/Webmail_20HTTP down: HTTP CRITICAL: HTTP/1.0 503 Service Unavailable - 174 bytes in 0.001 second response time
2026-11-24T10:13:08Z web01/Webmail_20HTTP up: HTTP OK: HTTP/1.0 200 OK - 161 bytes in 0.001 second response time
2026-11-24T10:13:18Z web01/Webmail_20HTTP down, unconfirmed: HTTP CRITICAL: HTTP/1.0 503 Service Unavailable - 174 bytes in 0.001 second response time
2026-11-24T10:13:21Z web01/Webmail_20HTTP down, unconfirmed: HTTP CRITICAL: HTTP/1.0 503 Service Unavailable - 174 bytes in 0.001 second response time
2026-11-24T10:13:24Z web01/Webmail_20HTTP down: HTTP CRITICAL: HTTP/1.0 503 Service Unavailable - 174 bytes in 0.001 second response time
2026-11-24T10:13:34Z web01/Webmail_20HTTP up: HTTP OK: HTTP/1.0 200 OK - 161 bytes in 0.001 second response time
2026-11-24T10:13:44Z web01/Webmail_20HTTP down, unconfirmed: HTTP CRITICAL: HTTP/1.0 503 Service Unavailable - 174 bytes in 0.001 second response time
2026-11-24T10:13:47Z web01/Webmail_20HTTP down, unconfirmed: HTTP CRITICAL: HTTP/1.0 503 Service Unavailable - 174 bytes in 0.001 second response time
2026-11-24T10:13:50Z web01/Webmail_20HTTP down: HTTP CRITICAL: HTTP/1.0 503 Service Unavailable - 174 bytes in 0.001 second response time
2026-11-24T10:13:55Z web01/Webmail_20HTTP up: HTTP OK: HTTP/1.0 200 OK - 161 bytes in 0.001 second response time
2026-11-24T10:14:10Z web01/Webmail_20HTTP down, unconfirmed: HTTP CRITICAL: HTTP/1.0 503 Service Unavailable - 174 bytes in 0.001 second response time
2026-11-24T10:14:13Z web01/Webmail_20HTTP down, unconfirmed: HTTP CRITICAL: HTTP/1.0 503 Service Unavailable - 174 bytes in 0.001 second response time
2026-11-24T10:14:16Z web01/Webmail_20HTTP down: HTTP CRITICAL: HTTP/1.0 503 Service Unavailable - 174 bytes in 0.001 second response time
2026-11-24T10:14:21Z web01/Webmail_20HTTP up: HTTP OK: HTTP/1.0 200 OK - 161 bytes in 0.001 second response time
2026-11-24T10:14:42Z web01/Webmail_20HTTP degraded: HTTP WARNING: HTTP/1.0 200 OK - 161 bytes in 1.201 second response time
2026-11-24T10:14:46Z web01/Webmail_20HTTP degraded: HTTP WARNING: HTTP/1.0 200 OK - 161 bytes in 1.201 second response time
2026-11-24T10:14:51Z web01/Webmail_20HTTP degraded: HTTP WARNING: HTTP/1.0 200 OK - 161 bytes in 1.201 second response time
2026-11-24T10:15:41Z web01/Webmail_20HTTP up: HTTP OK: HTTP/1.0 200 OK - 161 bytes in 0.001 second response time
2026-11-24T10:08:20Z – 2026-11-24T10:10:25Z web01/Webmail_20HTTP up
2026-11-24T10:10:25Z – 2026-11-24T10:11:31Z web01/Webmail_20HTTP down
2026-11-24T10:11:31Z – 2026-11-24T10:12:31Z web01/Webmail_20HTTP up
2026-11-24T10:12:31Z – 2026-11-24T10:12:42Z web01/Webmail_20HTTP down
2026-11-24T10:12:42Z – 2026-11-24T10:12:57Z web01/Webmail_20HTTP up
2026-11-24T10:12:57Z – 2026-11-24T10:13:08Z web01/Webmail_20HTTP down
2026-11-24T10:13:08Z – 2026-11-24T10:13:18Z web01/Webmail_20HTTP up
2026-11-24T10:13:18Z – 2026-11-24T10:13:34Z web01/Webmail_20HTTP down
2026-11-24T10:13:34Z – 2026-11-24T10:13:44Z web01/Webmail_20HTTP up
2026-11-24T10:13:44Z – 2026-11-24T10:13:55Z web01/Webmail_20HTTP down
2026-11-24T10:13:55Z – 2026-11-24T10:14:10Z web01/Webmail_20HTTP up
2026-11-24T10:14:10Z – 2026-11-24T10:14:21Z web01/Webmail_20HTTP down
2026-11-24T10:14:21Z – 2026-11-24T10:14:42Z web01/Webmail_20HTTP up
2026-11-24T10:14:42Z – 2026-11-24T10:15:41Z web01/Webmail_20HTTP degraded
2026-11-24T10:15:41Z – 2026-11-24T10:19:35Z web01/Webmail_20HTTP up

"#]],
    );
}

#[test]
fn answers_that_say_nothing_of_results_are_told() {
    check_recorded(
        "archive-availability-hosts.json",
        str![[r#"
archive-availability-hosts.json:1:1: error[feed-shape]: this answers the query `availability`, which says nothing of results (ask for `servicelist`, `hostlist` or `alertlist`); nothing of it is used

"#]],
    );
    check_recorded(
        "archive-availability-services.json",
        str![[r#"
archive-availability-services.json:1:1: error[feed-shape]: this answers the query `availability`, which says nothing of results (ask for `servicelist`, `hostlist` or `alertlist`); nothing of it is used

"#]],
    );
    check_recorded(
        "archive-notificationlist.json",
        str![[r#"
archive-notificationlist.json:1:1: error[feed-shape]: this answers the query `notificationlist`, which says nothing of results (ask for `servicelist`, `hostlist` or `alertlist`); nothing of it is used

"#]],
    );
    check_recorded(
        "programstatus.json",
        str![[r#"
programstatus.json:1:1: error[feed-shape]: this answers the query `programstatus`, which says nothing of results (ask for `servicelist`, `hostlist` or `alertlist`); nothing of it is used

"#]],
    );
    check_recorded(
        "servicelist-brief-imap-down.json",
        str![[r#"
generated 2026-11-24T10:16:30Z
servicelist-brief-imap-down.json:1:1: warning[feed-shape]: 4 left out: a host or service with its state alone: ask with `details=true`; the rest is used

"#]],
    );
}

#[test]
fn hosts_that_are_down_unreachable_and_up_again() {
    check_recorded(
        "hostlist-details-unreachable.json",
        str![[r#"
generated 2026-11-24T10:16:30Z
monitor imap-backend
monitor imap01
monitor web01
2026-11-24T10:16:18Z imap-backend unknown: connect to address 127.0.0.1 and port 18143: Connection refused
2026-11-24T10:16:26Z imap01 down, unconfirmed: connect to address 127.0.0.1 and port 18143: Connection refused
2026-11-24T10:16:22Z web01 up, 345 us: TCP OK - 0.000 second response time on 127.0.0.1 port 18080

"#]],
    );
    check_recorded(
        "hostlist-details-recovered.json",
        str![[r#"
generated 2026-11-24T10:18:20Z
monitor imap-backend
monitor imap01
monitor web01
2026-11-24T10:18:00Z imap-backend up, 99 us: TCP OK - 0.000 second response time on 127.0.0.1 port 18143
2026-11-24T10:18:06Z imap01 up, 164 us: TCP OK - 0.000 second response time on 127.0.0.1 port 18143
2026-11-24T10:18:02Z web01 up, 481 us: TCP OK - 0.000 second response time on 127.0.0.1 port 18080

"#]],
    );
}

#[test]
fn services_that_are_critical_flapping_down_with_their_host_and_slow() {
    check_recorded(
        "servicelist-details-critical-hard.json",
        str![[r#"
generated 2026-11-24T10:11:04Z
monitor imap-backend/IMAP_20storage, below imap-backend
monitor imap01/IMAP, below imap01
monitor web01/Backup_20age_20_28passive_29, below web01
monitor web01/Webmail_20HTTP, below web01
2026-11-24T10:11:00Z imap-backend/IMAP_20storage up, 515 us: TCP OK - 0.001 second response time on 127.0.0.1 port 18143 [* OK [CAPABILITY IMAP4rev1] Dovecot ready.]
2026-11-24T10:11:00Z imap01/IMAP up, 1002 us: TCP OK - 0.001 second response time on 127.0.0.1 port 18143 [* OK [CAPABILITY IMAP4rev1] Dovecot ready.]
2026-11-24T10:11:01Z web01/Webmail_20HTTP down: HTTP CRITICAL: HTTP/1.0 503 Service Unavailable - 174 bytes in 0.001 second response time
2026-11-24T10:10:25Z – now web01/Webmail_20HTTP down

"#]],
    );
    check_recorded(
        "servicelist-details-flapping.json",
        str![[r#"
generated 2026-11-24T10:14:00Z
monitor imap-backend/IMAP_20storage, below imap-backend
monitor imap01/IMAP, below imap01
monitor web01/Backup_20age_20_28passive_29, below web01
monitor web01/Webmail_20HTTP, below web01
2026-11-24T10:13:55Z imap-backend/IMAP_20storage up, 892 us: TCP OK - 0.001 second response time on 127.0.0.1 port 18143 [* OK [CAPABILITY IMAP4rev1] Dovecot ready.
2026-11-24T10:13:55Z imap01/IMAP up, 447 us: TCP OK - 0.000 second response time on 127.0.0.1 port 18143 [* OK [CAPABILITY IMAP4rev1] Dovecot ready.]
2026-11-24T10:13:55Z web01/Webmail_20HTTP up, 876 us: HTTP OK: HTTP/1.0 200 OK - 161 bytes in 0.001 second response time

"#]],
    );
    check_recorded(
        "servicelist-details-imap-down-enumerate.json",
        str![[r#"
generated 2026-11-24T10:16:30Z
monitor imap-backend/IMAP_20storage, below imap-backend
monitor imap01/IMAP, below imap01
monitor web01/Backup_20age_20_28passive_29, below web01
monitor web01/Webmail_20HTTP, below web01
2026-11-24T10:16:25Z imap-backend/IMAP_20storage down: connect to address 127.0.0.1 and port 18143: Connection refused
2026-11-24T10:16:26Z imap01/IMAP down: connect to address 127.0.0.1 and port 18143: Connection refused
2026-11-24T10:16:26Z web01/Webmail_20HTTP up, 901 us: HTTP OK: HTTP/1.0 200 OK - 161 bytes in 0.001 second response time
2026-11-24T10:15:55Z – now imap-backend/IMAP_20storage down
2026-11-24T10:15:50Z – now imap01/IMAP down

"#]],
    );
    check_recorded(
        "servicelist-details-imap-down.json",
        str![[r#"
generated 2026-11-24T10:16:30Z
monitor imap-backend/IMAP_20storage, below imap-backend
monitor imap01/IMAP, below imap01
monitor web01/Backup_20age_20_28passive_29, below web01
monitor web01/Webmail_20HTTP, below web01
2026-11-24T10:16:25Z imap-backend/IMAP_20storage down: connect to address 127.0.0.1 and port 18143: Connection refused
2026-11-24T10:16:26Z imap01/IMAP down: connect to address 127.0.0.1 and port 18143: Connection refused
2026-11-24T10:16:26Z web01/Webmail_20HTTP up, 901 us: HTTP OK: HTTP/1.0 200 OK - 161 bytes in 0.001 second response time
2026-11-24T10:15:55Z – now imap-backend/IMAP_20storage down
2026-11-24T10:15:50Z – now imap01/IMAP down

"#]],
    );
    check_recorded(
        "servicelist-details-warning-enumerate.json",
        str![[r#"
generated 2026-11-24T10:15:20Z
monitor imap-backend/IMAP_20storage, below imap-backend
monitor imap01/IMAP, below imap01
monitor web01/Backup_20age_20_28passive_29, below web01
monitor web01/Webmail_20HTTP, below web01
2026-11-24T10:15:15Z imap-backend/IMAP_20storage up, 514 us: TCP OK - 0.001 second response time on 127.0.0.1 port 18143 [* OK [CAPABILITY IMAP4rev1] Dovecot ready.]
2026-11-24T10:15:15Z imap01/IMAP up, 662 us: TCP OK - 0.001 second response time on 127.0.0.1 port 18143 [* OK [CAPABILITY IMAP4rev1] Dovecot ready.]
2026-11-24T10:15:16Z web01/Webmail_20HTTP degraded, 1201117 us: HTTP WARNING: HTTP/1.0 200 OK - 161 bytes in 1.201 second response time
2026-11-24T10:14:41Z – now web01/Webmail_20HTTP degraded

"#]],
    );
}

#[test]
fn the_daemon_nagios_api_is_understood_with_its_decimal_commas() {
    check_recorded(
        "nagios-api-state.json",
        str![[r#"
monitor example-test.example.com
monitor example-test.example.com/CPU_20Load, below example-test.example.com
monitor example-test.example.com/SSL_20certificate_20httpd_20contargo-elevation.synyx.coffee_3a443, below example-test.example.com
monitor example-test.example.com/http_20status_20example-http.example.com_20Port_208092, below example-test.example.com
2022-09-24T11:25:40Z example-test.example.com up, 5907 us: PING OK - Packet loss = 0%, RTA = 5.91 ms
2022-09-24T11:26:25Z example-test.example.com/http_20status_20example-http.example.com_20Port_208092 degraded, 15777 us: HTTP NOT OK: Status line output matched " 2, 1, 3,400,401,403,404" - 210 bytes in 0,016 second response time
2022-09-24T11:09:41Z example-test.example.com/CPU_20Load down, unconfirmed: OK - load average: 0.01, 0.03, 0.05
2022-09-24T11:28:36Z example-test.example.com/SSL_20certificate_20httpd_20contargo-elevation.synyx.coffee_3a443 unknown: SSL_CERT OK - x509 certificate '*.example.com' from 'Certum Domain Validation CA SHA2' valid until Jul 15 09:05:40 2023 GMT (expires in 293 days)

"#]],
    );
}
