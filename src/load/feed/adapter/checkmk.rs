//! Checkmk, its REST API 1.0: <https://docs.checkmk.com/latest/en/rest_api.html>. Beta: no recorded answer was to be had.
//!
//! `url` is `https://mon.example/site/check_mk/api/1.0`, and all hosts and services are asked for; a `url` that names a
//! collection or a service is asked as it stands. The token is the automation user and its secret with a space between them
//! (`automation 1a2b…`), since that is what Checkmk wants after `Bearer`.
//!
//! Its objects carry the columns of Livestatus in `extensions`, and so they are read as by [`super::livestatus`].

use serde_json::Value;

use super::livestatus::{self, HOST_COLUMNS, SERVICE_COLUMNS};
use super::{address_has, get, once};
use crate::diag::Loaded;
use crate::load::feed::json::{self, Tally, wrong_shape};
use crate::load::feed::{Adapter, Auth, Payload, Reading, Request};
use crate::model::Feed;

pub(super) const ADAPTER: Adapter = Adapter { requests, auth: Auth::Bearer, read };

fn requests(feed: &Feed, answers: &[Payload], since_ms: i64, now_ms: i64) -> Vec<Request> {
    if address_has(feed, "/domain-types/") || address_has(feed, "/objects/") {
        return once(feed, answers, since_ms, now_ms);
    }
    if !answers.is_empty() {
        return Vec::new();
    }
    let ask = |what: &str, columns: &[&str]| {
        let path = format!("domain-types/{what}/collections/all?columns={}", columns.join("&columns="));
        get(feed, what, &path)
    };
    vec![ask("service", &SERVICE_COLUMNS), ask("host", &HOST_COLUMNS)]
}

fn read(_: &Feed, answers: &[Payload]) -> Loaded<Reading> {
    let mut all = Loaded { value: Reading::default(), diagnostics: Vec::new() };
    for answer in answers {
        let Some(document) = json::parse(answer, &mut all.diagnostics) else { continue };
        let objects = match (document.get("value"), document.get("extensions")) {
            (Some(Value::Array(objects)), _) => objects.as_slice(),
            (None, Some(_)) => std::slice::from_ref(&document),
            _ => {
                all.diagnostics.push(wrong_shape(answer, not_a_collection(&document)));
                continue;
            }
        };
        let mut tally = Tally::default();
        for object in objects {
            let extensions = json::get(object, "extensions");
            livestatus::give(&|name| extensions.get(name), &mut all.value, &mut tally);
        }
        tally.tell(answer, &mut all.diagnostics);
    }
    all
}

/// An error has `title` and `status`.
fn not_a_collection(document: &Value) -> String {
    match (json::integer(json::get(document, "status")), json::text(json::get(document, "title"))) {
        (Some(status), Some(title)) => {
            format!("Checkmk answers with error {status}: {}", json::message(title).unwrap_or_default())
        }
        _ => "this is JSON, but no collection of Checkmk".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use snapbox::{assert_data_eq, str};

    use super::*;
    use crate::load::feed::adapter::sample;
    use crate::model::FeedKind;

    fn check(text: &str, expected: impl snapbox::IntoData) {
        assert_data_eq!(sample::summary(FeedKind::Checkmk, &[("cmk", "", text.as_bytes())]), expected);
    }

    #[test]
    fn objects_are_read_by_their_extensions_and_state_types_by_word_or_number() {
        check(
            r#"{"value":[{"title":"IMAP","links":[],"extensions":{"host_name":"imap01","description":"IMAP","state":2,"state_type":"hard","last_check":1795515386,"last_time_ok":1795515350,"last_state_change":1795515356}},
 {"title":"gw","extensions":{"name":"gw","state":0,"state_type":1,"last_check":1795515386}}, {"title":"bare"},
 {"title":"x","extensions":{"host_name":"h","description":"default columns only"}}]}"#,
            str![[r#"
monitor imap01/IMAP, below imap01
monitor gw
2026-11-24T10:16:26Z imap01/IMAP down
2026-11-24T10:16:26Z gw up
2026-11-24T10:15:50Z – now imap01/IMAP down
cmk:1:1: warning[feed-shape]: 1 left out: a host or service whose `state` is no known number; the rest is used
cmk:1:1: warning[feed-shape]: 1 left out: a row without the name of its host; the rest is used

"#]],
        );
    }

    #[test]
    fn one_service_is_read_as_many_are() {
        check(
            r#"{"domainType":"service","extensions":{"host_name":"h","description":"s","state":1,"state_type":0,"last_check":1795515386}}"#,
            str![[r#"
monitor h/s, below h
2026-11-24T10:16:26Z h/s degraded

"#]],
        );
    }

    #[test]
    fn errors_and_other_answers_are_told() {
        check(
            r#"{"title":"Unauthorized","status":401,"detail":"…"}"#,
            str![[r#"
cmk:1:1: error[feed-shape]: Checkmk answers with error 401: Unauthorized (check the kind of the feed, and its address); nothing of it is used

"#]],
        );
        check(
            r#"{"value":{}}"#,
            str![[r#"
cmk:1:1: error[feed-shape]: this is JSON, but no collection of Checkmk (check the kind of the feed, and its address); nothing of it is used

"#]],
        );
        check(
            "<html>",
            str![[r#"
cmk:1:1: error[feed-syntax]: this is a web page, not JSON (the address leads to a page for people, often one to log in at: check `url` and the secrets); nothing of it is used

"#]],
        );
    }

    #[test]
    fn columns_are_asked_for_one_by_one() {
        let Some(mut feed) = sample::feed(FeedKind::Checkmk, &[]) else { return };
        feed.from = crate::model::Origin::Url("https://mon.example/s/check_mk/api/1.0".to_owned());
        let asked: Vec<String> = requests(&feed, &[], 0, 0).into_iter().map(|request| request.path).collect();
        assert_data_eq!(
            asked.join("\n"),
            str![[r#"
/domain-types/service/collections/all?columns=host_name&columns=description&columns=state&columns=state_type&columns=has_been_checked&columns=last_check&columns=last_state_change&columns=last_time_ok&columns=last_time_warning&columns=last_time_critical&columns=last_time_unknown&columns=scheduled_downtime_depth&columns=host_scheduled_downtime_depth&columns=active_checks_enabled&columns=accept_passive_checks&columns=check_interval&columns=perf_data&columns=plugin_output
/domain-types/host/collections/all?columns=name&columns=state&columns=state_type&columns=has_been_checked&columns=last_check&columns=last_state_change&columns=last_time_up&columns=last_time_down&columns=last_time_unreachable&columns=scheduled_downtime_depth&columns=active_checks_enabled&columns=accept_passive_checks&columns=check_interval&columns=perf_data&columns=plugin_output&columns=parents
"#]]
        );
    }
}
