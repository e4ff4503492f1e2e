//! Zabbix: `problem.get` of its JSON-RPC API
//! (<https://www.zabbix.com/documentation/current/en/manual/api/reference/problem/get>).
//!
//! `url` is the address of `api_jsonrpc.php`, the token goes with it as `Bearer`, which Zabbix takes since 6.4. Option
//! `severity` is the least that counts, 0 to 5 (1 by default). A monitor's id is the number of its trigger (`objectid`).
//!
//! What detection gets is stretches: a problem begins at `clock` and, where Zabbix still tells of it, ended at `r_clock`.
//! Severities 4 and 5 are down, 1 to 3 degraded, 0 ("not classified") says nothing. What is suppressed by maintenance is
//! left out. Zabbix is silent about what is well: a stretch is known up to the moment of asking, and a heartbeat says that
//! it was asked. Every value is **text**, numbers too.

use serde_json::{Value, json as document};

use super::gather::{Gather, items, named, option, plain};
use crate::diag::Loaded;
use crate::load::feed::{Adapter, Auth, Payload, Reading, Request, json};
use crate::model::{CheckStatus, Feed};

pub(super) const ADAPTER: Adapter = Adapter { requests, auth: Auth::Bearer, read };

const PROBLEMS_MAX: i64 = 5000;

fn requests(feed: &Feed, answers: &[Payload], _: i64, _: i64) -> Vec<Request> {
    if !answers.is_empty() {
        return Vec::new();
    }
    let severities: Vec<i64> = (severity_min(feed)..=5).collect();
    let body = document!({
        "jsonrpc": "2.0",
        "method": "problem.get",
        "params": {
            "output": "extend",
            // What was resolved a short time ago as well.
            "recent": true,
            "severities": severities,
            "sortfield": ["eventid"],
            "sortorder": "DESC",
            "limit": PROBLEMS_MAX,
        },
        "id": 1,
    });
    vec![Request { name: "problems".to_owned(), path: String::new(), body: Some(body.to_string()) }]
}

fn severity_min(feed: &Feed) -> i64 {
    option(feed, "severity").and_then(|text| text.parse().ok()).unwrap_or(1).clamp(0, 5)
}

fn read(feed: &Feed, payloads: &[Payload]) -> Loaded<Reading> {
    let mut gather = Gather::new(feed);
    for payload in payloads {
        let Some(answer) = gather.parse(payload) else { continue };
        let error = json::get(&answer, "error");
        if json::get(&answer, "result").is_array() {
            for problem in items(&answer, "result") {
                read_problem(&mut gather, payload, problem);
            }
            gather.heartbeat(payload);
        } else if let Some(why) = json::text(json::get(error, "data")).or(json::text(json::get(error, "message"))) {
            gather.refused(payload, why);
        } else {
            gather.shape(payload, "a list of problems in `result`", &answer);
        }
    }
    gather.finish()
}

fn read_problem(gather: &mut Gather<'_>, payload: &Payload, problem: &Value) {
    let trigger = plain(json::get(problem, "objectid")).unwrap_or_default();
    let Some(id) = gather.id(payload, &[&trigger]) else { return };
    let Some(severity) = json::integer(json::get(problem, "severity")).filter(|word| (0..=5).contains(word)) else {
        gather.unknown_word(payload, json::get(problem, "severity"), &["0", "1", "2", "3", "4", "5"]);
        return;
    };
    let is_suppressed = json::flag(json::get(problem, "suppressed")) == Some(true);
    let status = match severity {
        4 | 5 => CheckStatus::Down,
        1..=3 => CheckStatus::Degraded,
        _ => return,
    };
    if severity < severity_min(gather.feed) || is_suppressed {
        return;
    }
    if !gather.monitor(payload, named(&id, json::text(json::get(problem, "name")))) {
        return;
    }
    let from_ms = moment_ms(problem, "clock", "ns").unwrap_or(0);
    // "0" is no event: the problem is open.
    let is_over = json::integer(json::get(problem, "r_eventid")).is_some_and(|event| event != 0);
    match moment_ms(problem, "r_clock", "r_ns").filter(|_| is_over) {
        Some(to_ms) => gather.span_ended(payload, &id, (from_ms, to_ms), status),

        None => gather.span_seen(payload, &id, from_ms, (status, true)),
    }
}

/// Unix seconds, and the nanoseconds beside them.
fn moment_ms(problem: &Value, seconds: &str, ns: &str) -> Option<i64> {
    let ms = json::seconds_ms(json::get(problem, seconds))?;
    let ns = json::integer(json::get(problem, ns)).filter(|ns| (0..1_000_000_000).contains(ns)).unwrap_or(0);
    ms.checked_add(ns / 1_000_000)
}

#[cfg(test)]
mod tests;
