//! Nagios Core 4, its JSON CGIs, which describe themselves: `statusjson.cgi?query=help`.
//!
//! `url` is the folder of the CGIs (`https://nagios.example/nagios4/cgi-bin`), and services, hosts, their objects (parents and
//! intervals) and the alerts of the log are asked for; `alerts = "off"` leaves out the last. A `url` that names a CGI is asked
//! as it stands. `user` and `password` are those of the web server. A service is the monitor `host/service`, below `host`.
//!
//! Nagios says how things are, since when, and in its log what changed; never each result. So what detection needs is given
//! in three ways. The last check of each is a result, unconfirmed while the state is SOFT. A HARD problem is a span from its
//! true start: `last_state_change` is moved to the hard change, but the last good time is not. And the alerts of the log are
//! results, one each, and spans from change to change: so that an outage of the past is known from its `SOFT;1` on, and good
//! times between two alerts are not "no data".
//!
//! Traps: times are ms (0 is never); a pending service says that its hard state is OK; the same state has three numbers in
//! three places, and `state_type` two; a service whose host is down is HARD at its first attempt; `availability` takes what
//! was never checked for good, and so is not read.

mod alerts;
mod api;
mod changes;
mod current;
mod objects;
mod status;

use serde_json::Value;

use super::{address_has, get, monitors, once};
use crate::diag::{Diagnostic, Loaded};
use crate::load::feed::json::{self, Tally, wrong_shape};
use crate::load::feed::{Adapter, Auth, Payload, Reading, Request};
use crate::model::Feed;

pub(super) use changes::{Change, Changes};
pub(super) use current::{Current, began_ms, hard, perf_latency_us};

pub(super) const ADAPTER: Adapter = Adapter { requests, auth: Auth::Basic, read };

fn requests(feed: &Feed, answers: &[Payload], since_ms: i64, now_ms: i64) -> Vec<Request> {
    if address_has(feed, ".cgi") {
        return once(feed, answers, since_ms, now_ms);
    }
    if !answers.is_empty() {
        return Vec::new();
    }
    let list = |name: &str, cgi: &str, query: &str| {
        get(feed, name, &format!("{cgi}?query={query}&details=true&formatoptions=enumerate"))
    };
    let mut all = vec![
        list("services", "statusjson.cgi", "servicelist"),
        list("hosts", "statusjson.cgi", "hostlist"),
        list("service objects", "objectjson.cgi", "servicelist"),
        list("host objects", "objectjson.cgi", "hostlist"),
    ];
    if feed.options.get("alerts").is_none_or(|alerts| alerts != "off") {
        let (from, to) = (since_ms.div_euclid(1000), now_ms.div_euclid(1000) + 1);
        let query = format!("alertlist&starttime={from}&endtime={to}&formatoptions=enumerate");
        all.push(get(feed, "alerts", &format!("archivejson.cgi?query={query}")));
    }
    all
}

fn read(_: &Feed, answers: &[Payload]) -> Loaded<Reading> {
    let mut all = Loaded { value: Reading::default(), diagnostics: Vec::new() };
    for answer in answers {
        let Some(document) = json::parse(answer, &mut all.diagnostics) else { continue };
        let mut tally = Tally::default();
        all.diagnostics.extend(read_one(answer, &document, &mut all.value, &mut tally));
        tally.tell(answer, &mut all.diagnostics);
    }
    monitors::join(&mut all.value);
    all
}

/// One answer; what is told where nothing of it can be used.
fn read_one(answer: &Payload, document: &Value, reading: &mut Reading, tally: &mut Tally) -> Option<Diagnostic> {
    if let Some(content) = document.get("content").filter(|content| content.is_object()) {
        api::read(content, reading, tally);
        return None;
    }
    let result = json::get(document, "result");
    if let Some(code) = json::integer(json::get(result, "type_code")).filter(|&code| code != 0) {
        // What comes with an error is 23 KB of help.
        let text = json::text(json::get(result, "type_text")).and_then(json::message).unwrap_or_default();
        return Some(wrong_shape(answer, format!("Nagios answers with error {code}: {text}")));
    }
    let data = json::get(document, "data");
    let of_objects = json::text(json::get(result, "cgi")) == Some("objectjson.cgi");
    if let Some(services) = data.get("servicelist") {
        if of_objects { objects::services(services, reading) } else { status::services(services, reading, tally) }
    } else if let Some(hosts) = data.get("hostlist") {
        if of_objects { objects::hosts(hosts, reading) } else { status::hosts(hosts, reading, tally) }
    } else if let Some(list) = data.get("alertlist").or_else(|| data.get("statechangelist")) {
        let until_ms = json::millis_ms(json::get(result, "query_time"));
        alerts::read(list, until_ms.unwrap_or(answer.asked_ms), reading, tally);
        return None;
    } else {
        let query = json::text(json::get(result, "query")).and_then(json::message);
        let what = match query {
            Some(query) => format!("this answers the query `{query}`, which says nothing of results"),
            None => "this is JSON, but no answer of a Nagios CGI".to_owned(),
        };
        let cure = "ask for `servicelist`, `hostlist` or `alertlist`";
        return Some(wrong_shape(answer, what).cure(cure));
    }
    // The CGI answers as ever after the core has died; only this time then stands still.
    let updated_ms = json::millis_ms(json::get(result, "last_data_update")).filter(|_| !of_objects);
    let updated = updated_ms.and_then(|ms| jiff::Timestamp::from_millisecond(ms).ok());
    reading.generated = reading.generated.max(updated);
    None
}

#[cfg(test)]
mod tests;
