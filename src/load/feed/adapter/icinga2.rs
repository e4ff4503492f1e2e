//! Icinga 2, its REST API: <https://icinga.com/docs/icinga-2/latest/doc/12-icinga2-api/>.
//!
//! `url` is `https://icinga.example:5665/v1`, and all services and hosts are asked for; a `url` that names objects is asked as
//! it stands. `user` and `password` are those of an ApiUser with `objects/query/Host` and `objects/query/Service`. A service is
//! the monitor `host/service`, below `host`.
//!
//! It says how things are and since when, as Nagios does, and is given on in the same way: the last check as a result,
//! unconfirmed while soft, and a hard problem as a span from its true start. That is `last_state_change` here, which soft
//! changes move too, unlike `last_hard_state_change`.
//!
//! A file may also hold its event stream, an event a line.
//!
//! Traps: times are seconds with a fraction, and any number may be a float; the `state` of a host's last result is not that
//! of the host; `paused` says that another node checks it, not that nobody does; a host or service that cannot be reached is
//! not known to be down.

mod events;

use serde_json::Value;

use super::nagios::{Current, hard, perf_latency_us};
use super::{address_has, get as ask, once};
use crate::diag::Loaded;
use crate::load::feed::json::{self, Tally, get, wrong_shape};
use crate::load::feed::{Adapter, Auth, Payload, Reading, Request};
use crate::model::{CheckStatus, Feed};

pub(super) const ADAPTER: Adapter = Adapter { requests, auth: Auth::Basic, read };

const ATTRS: [&str; 16] = [
    "name",
    "host_name",
    "display_name",
    "state",
    "state_type",
    "last_check",
    "last_check_result",
    "last_state_change",
    "last_hard_state_change",
    "last_reachable",
    "downtime_depth",
    "enable_active_checks",
    "enable_passive_checks",
    "check_interval",
    "active",
    "next_update",
];

fn requests(feed: &Feed, answers: &[Payload], since_ms: i64, now_ms: i64) -> Vec<Request> {
    if address_has(feed, "/objects/") {
        return once(feed, answers, since_ms, now_ms);
    }
    if !answers.is_empty() {
        return Vec::new();
    }
    // A host has no `host_name`, and Icinga refuses to give what does not exist.
    let attrs = |of_host: bool| ATTRS.into_iter().filter(move |&attr| !(of_host && attr == "host_name"));
    let list = |what: &str, of_host| get_objects(feed, what, &attrs(of_host).collect::<Vec<_>>().join("&attrs="));
    vec![list("services", false), list("hosts", true)]
}

fn get_objects(feed: &Feed, what: &str, attrs: &str) -> Request {
    ask(feed, what, &format!("objects/{what}?attrs={attrs}"))
}

fn read(_: &Feed, answers: &[Payload]) -> Loaded<Reading> {
    let mut all = Loaded { value: Reading::default(), diagnostics: Vec::new() };
    for answer in answers {
        if events::is_stream(answer) {
            events::read(answer, &mut all.value, &mut all.diagnostics);
            continue;
        }
        let Some(document) = json::parse(answer, &mut all.diagnostics) else { continue };
        let Some(objects) = get(&document, "results").as_array() else {
            all.diagnostics.push(wrong_shape(answer, not_objects(&document)));
            continue;
        };
        let mut tally = Tally::default();
        for object in objects {
            give(object, &mut all.value, &mut tally);
        }
        tally.tell(answer, &mut all.diagnostics);
    }
    all
}

fn not_objects(document: &Value) -> String {
    match (json::integer(get(document, "error")), json::text(get(document, "status"))) {
        (Some(error), Some(status)) => {
            format!("Icinga answers with error {error}: {}", json::message(status).unwrap_or_default())
        }
        _ => "this is JSON, but no answer of Icinga 2".to_owned(),
    }
}

fn give(object: &Value, reading: &mut Reading, tally: &mut Tally) {
    let attrs = get(object, "attrs");
    let Some((host, service)) = tally.need(names(object), "an object without a name") else { return };
    let state = json::integer(get(attrs, "state")).and_then(|state| status(service.is_some(), state));
    let Some(status) = tally.need(state, "a host or service whose `state` is no known number") else { return };
    let Some(hard) = tally.need(hard(get(attrs, "state_type")), "a host or service without a known `state_type`")
    else {
        return;
    };
    let result = get(attrs, "last_check_result");
    let last_check_ms = json::seconds_ms(get(attrs, "last_check"));
    let reachable = json::flag(get(attrs, "last_reachable")) != Some(false);
    let off = |key: &str| json::flag(get(attrs, key)) == Some(false);
    let current = Current {
        host,
        service,
        name: json::text(get(attrs, "display_name")),
        status: Some(if reachable { status } else { CheckStatus::Unknown }).filter(|_| last_check_ms.is_some()),
        hard,
        in_downtime: json::number(get(attrs, "downtime_depth")).is_some_and(|depth| depth > 0.0),
        paused: off("active") || (off("enable_active_checks") && off("enable_passive_checks")),
        last_check_ms,
        began_ms: json::seconds_ms(get(attrs, "last_state_change")),
        interval_ms: json::seconds_ms(get(attrs, "check_interval")),
        latency_us: latency_us(get(result, "performance_data")),
        message: json::text(get(result, "output")),
    };
    current.give(reading, tally);
}

/// Host and service: attributes of their own where they were asked for, else `host!service`.
fn names(object: &Value) -> Option<(&str, Option<&str>)> {
    let attrs = get(object, "attrs");
    let own = json::text(get(attrs, "name"));
    match (json::text(get(attrs, "host_name")), own) {
        (Some(host), Some(service)) => return Some((host, Some(service))),
        (None, Some(host)) if json::text(get(object, "type")) == Some("Host") => return Some((host, None)),
        _ => {}
    }
    let name = json::text(get(object, "name"))?;
    Some(name.split_once('!').map_or((name, None), |(host, service)| (host, Some(service))))
}

fn status(of_service: bool, state: i64) -> Option<CheckStatus> {
    match (of_service, state) {
        (_, 0) => Some(CheckStatus::Up),
        (true, 1) => Some(CheckStatus::Degraded),
        (true, 2) | (false, 1) => Some(CheckStatus::Down),
        (true, 3) => Some(CheckStatus::Unknown),
        _ => None,
    }
}

/// A list of texts as plugins write them; objects of type PerfdataValue are passed over.
fn latency_us(performance_data: &Value) -> Option<u32> {
    let items = performance_data.as_array().into_iter().flatten();
    items.filter_map(json::text).find_map(perf_latency_us)
}

#[cfg(test)]
mod tests {
    use snapbox::{assert_data_eq, str};

    use super::*;
    use crate::load::feed::adapter::sample;
    use crate::model::FeedKind;

    fn check(text: &str, expected: impl snapbox::IntoData) {
        assert_data_eq!(sample::summary(FeedKind::Icinga2, &[("icinga", "", text.as_bytes())]), expected);
    }

    /// An answer with one service, with what matters of its attributes.
    fn service(attrs: &str) -> String {
        let base =
            r#""name":"imap","host_name":"imap01","last_check":1664023939.063637,"check_interval":300.0,"paused":true"#;
        format!(r#"{{"results":[{{"name":"imap01!imap","type":"Service","attrs":{{{base},{attrs}}}}}]}}"#)
    }

    #[test]
    fn a_hard_problem_is_a_result_and_a_span_from_its_true_start() {
        check(
            &service(
                r#""state":2.0,"state_type":1.0,"last_state_change":1664023800.5,"last_hard_state_change":1664023920,"downtime_depth":0.0"#,
            ),
            str![[r#"
monitor imap01/imap, every 300000 ms, below imap01
2022-09-24T12:52:19.064Z imap01/imap down
2022-09-24T12:50:00.5Z – now imap01/imap down

"#]],
        );
        check(
            &service(r#""state":2,"state_type":0,"last_state_change":1664023800.5"#),
            str![[r#"
monitor imap01/imap, every 300000 ms, below imap01
2022-09-24T12:52:19.064Z imap01/imap down, unconfirmed

"#]],
        );
    }

    #[test]
    fn what_cannot_be_reached_is_unknown_and_downtime_is_maintenance() {
        check(
            &service(r#""state":2,"state_type":1,"last_reachable":false,"last_state_change":1664023800"#),
            str![[r#"
monitor imap01/imap, every 300000 ms, below imap01
2022-09-24T12:52:19.064Z imap01/imap unknown

"#]],
        );
        check(
            &service(r#""state":2,"state_type":1,"downtime_depth":1,"last_state_change":1664023800"#),
            str![[r#"
monitor imap01/imap, every 300000 ms, below imap01
2022-09-24T12:52:19.064Z imap01/imap maintenance

"#]],
        );
        check(
            &service(r#""state":0,"state_type":1,"enable_active_checks":false,"enable_passive_checks":false"#),
            str![[r#"
monitor imap01/imap, every 300000 ms, below imap01, paused

"#]],
        );
    }

    #[test]
    fn a_hosts_state_is_its_own_and_not_that_of_its_result() {
        check(
            r#"{"results":[{"name":"gw","type":"Host","attrs":{"name":"gw","state":0,"state_type":1,"last_check":1664023939,"last_check_result":{"state":2,"performance_data":["rta=5.9ms;;","pl=0%"]}}},
 {"name":"new","type":"Host","attrs":{"state":0,"state_type":1,"last_check":-1,"last_check_result":null}},
 {"name":"odd","type":"Host","attrs":{"state":9,"state_type":1,"last_check":1}},{}]}"#,
            str![[r#"
monitor gw
monitor new
2022-09-24T12:52:19Z gw up, 5900 us
icinga:1:1: warning[feed-shape]: 1 left out: a host or service whose `state` is no known number; the rest is used
icinga:1:1: warning[feed-shape]: 1 left out: an object without a name; the rest is used

"#]],
        );
    }

    #[test]
    fn the_event_stream_gives_results_and_spans_from_change_to_change() {
        check(
            r#"{"type":"StateChange","timestamp":1664023800.5,"host":"imap01","service":"imap","state":2.0,"state_type":0,"check_result":{"output":"refused"}}
{"type":"StateChange","timestamp":1664023860,"host":"imap01","service":"imap","state":2,"state_type":1}
{"type":"CheckResult","timestamp":1664023920,"host":"imap01","service":"imap","check_result":{"state":0,"vars_after":{"state":0,"state_type":1,"reachable":true}}}
{"type":"AcknowledgementSet","timestamp":1664023930,"host":"imap01"}
{"type":"StateChange","timestamp":1664023980,"host":"gw","state":1,"state_type":1}
{"type":"StateChange","host":"gw","state":1,"state_type":1}
{"type":"StateCh"#,
            str![[r#"
2022-09-24T12:53:00Z gw down
2022-09-24T12:50:00.5Z imap01/imap down, unconfirmed: refused
2022-09-24T12:51:00Z imap01/imap down
2022-09-24T12:52:00Z imap01/imap up
2022-09-24T12:53:00Z – now gw down
2022-09-24T12:50:00.5Z – 2022-09-24T12:52:00Z imap01/imap down
2022-09-24T12:52:00Z – 2022-09-24T12:53:00Z imap01/imap up
icinga:1:1: warning[feed-shape]: 1 left out: a line that is no event; the rest is used
icinga:1:1: warning[feed-shape]: 1 left out: an event without a known time, state or `state_type`; the rest is used

"#]],
        );
    }

    #[test]
    fn errors_and_other_answers_are_told() {
        check(
            r#"{"error":404,"status":"No objects found."}"#,
            str![[r#"
icinga:1:1: error[feed-shape]: Icinga answers with error 404: No objects found. (check the kind of the feed, and its address); nothing of it is used

"#]],
        );
        check(
            r#"{"results":{}}"#,
            str![[r#"
icinga:1:1: error[feed-shape]: this is JSON, but no answer of Icinga 2 (check the kind of the feed, and its address); nothing of it is used

"#]],
        );
        check(
            "",
            str![[r#"
icinga:1:1: error[feed-syntax]: this is empty (the source answered nothing: ask it by hand); nothing of it is used

"#]],
        );
    }

    #[test]
    fn hosts_are_not_asked_for_what_only_services_have() {
        let Some(mut feed) = sample::feed(FeedKind::Icinga2, &[]) else { return };
        feed.from = crate::model::Origin::Url("https://icinga.example:5665/v1".to_owned());
        let asked: Vec<String> = requests(&feed, &[], 0, 0).into_iter().map(|request| request.path).collect();
        assert!(asked.iter().all(|path| path.starts_with("/objects/") && path.contains("&attrs=state&")), "{asked:?}");
        assert_eq!(asked.iter().map(|path| path.contains("host_name")).collect::<Vec<_>>(), [true, false]);
    }

    #[test]
    fn the_recorded_answer_is_understood() {
        if let Some(bytes) = sample::recorded("icinga2/objects-services.json") {
            let summary = sample::summary(FeedKind::Icinga2, &[("objects-services.json", "", &bytes)]);
            assert_data_eq!(
                summary,
                str![[r#"
monitor test-host.example.com/puppet-dns-test-host.example.com "DNS: test-host.example.com", every 300000 ms, below test-host.example.com
monitor test-host.example.com/puppet-mailq "Mailq length", every 300000 ms, below test-host.example.com
2022-09-24T12:52:19.064Z test-host.example.com/puppet-dns-test-host.example.com degraded, 16055 us: DNS OK: 0.016 seconds response time. test-host.example.com returns 10.0.80.24
2022-09-24T12:51:15.574Z test-host.example.com/puppet-mailq down: OK: exim mailq (0) is below threshold (3/7)
2022-08-28T23:38:25.76Z – now test-host.example.com/puppet-dns-test-host.example.com degraded
2022-08-29T00:58:52.063Z – now test-host.example.com/puppet-mailq down

"#]]
            );
        }
    }
}
