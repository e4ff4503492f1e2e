//! Livestatus (Naemon, Nagios with mk-livestatus, Checkmk's core): <https://docs.checkmk.com/latest/en/livestatus.html>. Beta:
//! no recorded answer was to be had.
//!
//! `url` is `unix:/omd/sites/x/tmp/run/live` or `tcp://host:6557`. Hosts and services are asked for, with their columns' names
//! in the first row. An answer is a list of rows; a file may also hold rows without names, in the order of our own query, or
//! the form `wrapped_json`. Times are Unix seconds, states 0 to 3 (hosts: 0 up, 1 down, 2 unreachable), `state_type` 0 soft
//! and 1 hard.
//!
//! What detection needs is given as by [`super::nagios`]: the last check as a result, a hard problem as a span from its true
//! start. With `history = "on"` the spans of `statehist` since the last time are asked for too.

use serde_json::Value;

use super::nagios::{Current, began_ms, hard, perf_latency_us};
use crate::diag::Loaded;
use crate::load::feed::json::{self, Tally, wrong_shape};
use crate::load::feed::{Adapter, Auth, Payload, ReadSpan, Reading, Request};
use crate::model::{CheckStatus, Feed, MonitorId, Span};

pub(super) const ADAPTER: Adapter = Adapter { requests, auth: Auth::Basic, read };

/// `interval_length`, which `check_interval` counts in: one minute unless somebody changed it.
const INTERVAL_LENGTH_MS: f64 = 60_000.0;

pub(super) const SERVICE_COLUMNS: [&str; 18] = [
    "host_name",
    "description",
    "state",
    "state_type",
    "has_been_checked",
    "last_check",
    "last_state_change",
    "last_time_ok",
    "last_time_warning",
    "last_time_critical",
    "last_time_unknown",
    "scheduled_downtime_depth",
    "host_scheduled_downtime_depth",
    "active_checks_enabled",
    "accept_passive_checks",
    "check_interval",
    "perf_data",
    "plugin_output",
];

pub(super) const HOST_COLUMNS: [&str; 16] = [
    "name",
    "state",
    "state_type",
    "has_been_checked",
    "last_check",
    "last_state_change",
    "last_time_up",
    "last_time_down",
    "last_time_unreachable",
    "scheduled_downtime_depth",
    "active_checks_enabled",
    "accept_passive_checks",
    "check_interval",
    "perf_data",
    "plugin_output",
    "parents",
];

const HISTORY_COLUMNS: [&str; 5] = ["host_name", "service_description", "from", "until", "state"];

fn requests(feed: &Feed, answers: &[Payload], since_ms: i64, now_ms: i64) -> Vec<Request> {
    if !answers.is_empty() {
        return Vec::new();
    }
    let ask = |table: &str, columns: &[&str], filters: &str| Request {
        name: table.to_owned(),
        path: String::new(),
        body: Some(format!(
            "GET {table}\nColumns: {}\n{filters}ColumnHeaders: on\nOutputFormat: json\n\n",
            columns.join(" ")
        )),
    };
    let mut all = vec![ask("services", &SERVICE_COLUMNS, ""), ask("hosts", &HOST_COLUMNS, "")];
    if feed.options.get("history").is_some_and(|history| history == "on") {
        let (from, to) = (since_ms.div_euclid(1000), now_ms.div_euclid(1000));
        all.push(ask("statehist", &HISTORY_COLUMNS, &format!("Filter: time >= {from}\nFilter: time < {to}\n")));
    }
    all
}

fn read(_: &Feed, answers: &[Payload]) -> Loaded<Reading> {
    let mut all = Loaded { value: Reading::default(), diagnostics: Vec::new() };
    for answer in answers {
        let Some(document) = json::parse(answer, &mut all.diagnostics) else { continue };
        let Some((columns, rows)) = table(&answer.request, &document) else {
            let cure = "ask with `ColumnHeaders: on` and `OutputFormat: json`";
            let told = wrong_shape(answer, "these are no rows of hosts or services").cure(cure);
            all.diagnostics.push(told);
            continue;
        };
        let mut tally = Tally::default();
        for row in rows {
            read_row(&columns, row, answer.asked_ms, &mut all.value, &mut tally);
        }
        tally.tell(answer, &mut all.diagnostics);
    }
    all
}

/// The names of the columns, and the rows below them.
fn table<'a>(request: &str, document: &'a Value) -> Option<(Vec<&'a str>, &'a [Value])> {
    let names = |row: &'a Value| row.as_array()?.iter().map(Value::as_str).collect::<Option<Vec<&str>>>();
    let known = |columns: &Vec<&str>| columns.iter().any(|&name| name == "host_name" || name == "name");
    if let Some(rows) = document.get("data").and_then(Value::as_array) {
        return Some((names(document.get("columns")?).filter(known)?, rows));
    }
    let rows = document.as_array()?;
    let Some((first, rest)) = rows.split_first() else { return Some((Vec::new(), rows)) };
    if let Some(columns) = names(first).filter(known) {
        return Some((columns, rest));
    }
    let width = first.as_array()?.len();
    let ours: &[&'static str] = match request {
        "services" => &SERVICE_COLUMNS,
        "hosts" => &HOST_COLUMNS,
        "statehist" => &HISTORY_COLUMNS,
        _ if width == SERVICE_COLUMNS.len() => &SERVICE_COLUMNS,
        _ if width == HOST_COLUMNS.len() => &HOST_COLUMNS,
        _ => return None,
    };
    (width == ours.len()).then(|| (ours.to_vec(), rows.as_slice()))
}

fn read_row(columns: &[&str], row: &Value, asked_ms: i64, reading: &mut Reading, tally: &mut Tally) {
    let Some(cells) = row.as_array().filter(|cells| cells.len() == columns.len()) else {
        return tally.count("a row that has not as many cells as there are columns");
    };
    let cell = |name: &str| columns.iter().position(|&column| column == name).and_then(|at| cells.get(at));
    if columns.contains(&"from") {
        read_history(&cell, asked_ms, reading, tally);
    } else {
        give(&cell, reading, tally);
    }
}

/// A host or service of which some columns are known, by name. Checkmk's REST API has the same ones.
pub(super) fn give<'a>(cell: &dyn Fn(&str) -> Option<&'a Value>, reading: &mut Reading, tally: &mut Tally) {
    let text = |name| cell(name).and_then(json::text);
    let (service, host) = (text("description"), text("host_name").or_else(|| text("name")));
    let Some(host) = tally.need(host, "a row without the name of its host") else { return };
    let state = cell("state").and_then(json::integer).and_then(|state| status(service.is_some(), state));
    let Some(status) = tally.need(state, "a host or service whose `state` is no known number") else { return };
    let hard = cell("state_type").and_then(hard);
    let Some(hard) = tally.need(hard, "a host or service without a known `state_type`") else { return };
    let off = |name: &str| cell(name).and_then(json::flag) == Some(false);
    let depth = |name: &str| cell(name).and_then(json::integer).is_some_and(|depth| depth > 0);
    let interval =
        cell("check_interval").and_then(json::number).filter(|interval| (0.001..=525_600.0).contains(interval));
    #[expect(clippy::cast_possible_truncation, reason = "it was checked to be in range")]
    let interval_ms = interval.map(|interval| (interval * INTERVAL_LENGTH_MS).round() as i64);
    let last_check_ms = cell("last_check").and_then(json::seconds_ms);
    let current = Current {
        host,
        service,
        name: None,
        // What was never checked has the number of a good one.
        status: Some(status).filter(|_| !off("has_been_checked") && last_check_ms.is_some()),
        hard,
        in_downtime: depth("scheduled_downtime_depth") || depth("host_scheduled_downtime_depth"),
        paused: off("active_checks_enabled") && off("accept_passive_checks"),
        last_check_ms,
        began_ms: began_ms(status, |name| cell(name).and_then(json::seconds_ms)),
        interval_ms,
        latency_us: text("perf_data").and_then(perf_latency_us),
        message: text("plugin_output"),
    };
    current.give(reading, tally);
    take_parents(host, service, cell("parents"), reading);
}

/// A host's own parents; a service is below its host already.
fn take_parents(host: &str, service: Option<&str>, parents: Option<&Value>, reading: &mut Reading) {
    let (None, Some(monitor)) = (service, reading.monitors.last_mut()) else { return };
    let parents = parents.and_then(Value::as_array).into_iter().flatten();
    if MonitorId::escaped(&[host]).as_ref() == Some(&monitor.id) {
        monitor.parents.extend(parents.filter_map(|parent| MonitorId::escaped(&[json::text(parent)?])));
    }
}

fn status(of_service: bool, state: i64) -> Option<CheckStatus> {
    match (of_service, state) {
        (_, 0) => Some(CheckStatus::Up),
        (true, 1) => Some(CheckStatus::Degraded),
        (true, 2) | (false, 1) => Some(CheckStatus::Down),
        (true, 3) | (false, 2) => Some(CheckStatus::Unknown),
        _ => None,
    }
}

/// A row of `statehist`: a span. Its last one ends when it was asked for; what is bad then goes on.
fn read_history<'a>(cell: &dyn Fn(&str) -> Option<&'a Value>, asked_ms: i64, reading: &mut Reading, tally: &mut Tally) {
    /// As long before the answer as an end may lie that is none.
    const OPEN_WITHIN_MS: i64 = 5000;

    let service = cell("service_description").and_then(json::text);
    let host = cell("host_name").and_then(json::text).unwrap_or_default();
    let Some(monitor) = tally.id(&[host].into_iter().chain(service).collect::<Vec<_>>()) else { return };
    let times = cell("from").and_then(json::seconds_ms).zip(cell("until").and_then(json::seconds_ms));
    let Some((from_ms, until_ms)) = tally.need(times, "a row of `statehist` without its times") else { return };
    // -1 is "not monitored": nothing is said of that time.
    let state = cell("state").and_then(json::integer).filter(|&state| state >= 0);
    let Some(status) = state.and_then(|state| status(service.is_some(), state)).filter(|_| from_ms < until_ms) else {
        return;
    };
    let open = status != CheckStatus::Up && until_ms.saturating_add(OPEN_WITHIN_MS) >= asked_ms;
    let span = Span { from_ms, to_ms: (!open).then_some(until_ms), status, confirmed: true, rev: 0 };
    reading.spans.push(ReadSpan { monitor, span });
}

#[cfg(test)]
mod tests {
    use snapbox::{assert_data_eq, str};

    use super::*;
    use crate::load::feed::adapter::sample;
    use crate::model::FeedKind;

    fn check(request: &str, text: &str, expected: impl snapbox::IntoData) {
        assert_data_eq!(sample::summary(FeedKind::Livestatus, &[("live", request, text.as_bytes())]), expected);
    }

    #[test]
    fn rows_are_read_by_the_names_of_their_columns() {
        check(
            "",
            r#"[["host_name","description","state","state_type","last_check","last_state_change","last_time_ok","plugin_output","check_interval","perf_data"],
 ["imap01","IMAP",2,1,1795515386,1795515356,1795515350,"refused",5,""], ["web01","Webmail",0,1,1795515386,1795515000,1795515386,"OK",1,"time=0,5s"],
 ["web01","Soft",2,0,1795515386,1795515386,1795515380,"",1,""], ["web01","Never",0,1,0,0,0,"",1,""], ["web01","short"]]"#,
            str![[r#"
monitor imap01/IMAP, every 300000 ms, below imap01
monitor web01/Webmail, every 60000 ms, below web01
monitor web01/Soft, every 60000 ms, below web01
monitor web01/Never, every 60000 ms, below web01
2026-11-24T10:16:26Z imap01/IMAP down: refused
2026-11-24T10:16:26Z web01/Webmail up, 500000 us: OK
2026-11-24T10:16:26Z web01/Soft down, unconfirmed
2026-11-24T10:15:50Z – now imap01/IMAP down
live:1:1: warning[feed-shape]: 1 left out: a row that has not as many cells as there are columns; the rest is used

"#]],
        );
    }

    #[test]
    fn hosts_have_states_of_their_own_and_parents() {
        check(
            "",
            r#"{"columns":["name","state","state_type","last_check","parents","scheduled_downtime_depth","has_been_checked"],"data":[
 ["a",1,1,1795515386,["gw"],0,1],["b",2,1,1795515386,["a","gw"],0,1],["c",1,1,1795515386,[],1,1],["d",0,1,1795515386,[],0,0],["e",7,1,1795515386,[],0,1]]}"#,
            str![[r#"
monitor a, below gw
monitor b, below a, below gw
monitor c
monitor d
2026-11-24T10:16:26Z a down
2026-11-24T10:16:26Z b unknown
2026-11-24T10:16:26Z c maintenance
live:1:1: warning[feed-shape]: 1 left out: a host or service whose `state` is no known number; the rest is used

"#]],
        );
    }

    #[test]
    fn rows_without_names_are_in_the_order_of_our_own_query() {
        check(
            "hosts",
            r#"[["a",1,1,1,1795515386,1795515356,1795515350,1795515386,0,0,1,1,1,"","refused",[]]]"#,
            str![[r#"
monitor a, every 60000 ms
2026-11-24T10:16:26Z a down: refused
2026-11-24T10:15:50Z – now a down

"#]],
        );
        check(
            "hosts",
            r#"[["a",1]]"#,
            str![[r#"
live:1:1: error[feed-shape]: these are no rows of hosts or services (ask with `ColumnHeaders: on` and `OutputFormat: json`); nothing of it is used

"#]],
        );
        check("services", "[]", str![[r#""#]]);
    }

    #[test]
    fn the_history_of_states_is_spans() {
        check(
            "statehist",
            r#"[["host_name","service_description","from","until","state"],["a","",1795515000,1795515100,1],["a","",1795515100,1795515600,0],
 ["a","IMAP",1795515000,1795515600,2],["a","POP",1795515000,1795515600,-1]]"#,
            str![[r#"
2026-11-24T10:10:00Z – 2026-11-24T10:11:40Z a down
2026-11-24T10:11:40Z – 2026-11-24T10:20:00Z a up
2026-11-24T10:10:00Z – now a/IMAP down

"#]],
        );
    }

    #[test]
    fn the_query_names_its_columns_and_its_format() {
        let Some(feed) = sample::feed(FeedKind::Livestatus, &[("history", "on")]) else { return };
        let asked = requests(&feed, &[], 1_795_515_000_000, 1_795_515_600_000);
        let bodies: Vec<String> = asked.into_iter().filter_map(|request| request.body).collect();
        assert_data_eq!(
            bodies.concat(),
            str![[r#"
GET services
Columns: host_name description state state_type has_been_checked last_check last_state_change last_time_ok last_time_warning last_time_critical last_time_unknown scheduled_downtime_depth host_scheduled_downtime_depth active_checks_enabled accept_passive_checks check_interval perf_data plugin_output
ColumnHeaders: on
OutputFormat: json

GET hosts
Columns: name state state_type has_been_checked last_check last_state_change last_time_up last_time_down last_time_unreachable scheduled_downtime_depth active_checks_enabled accept_passive_checks check_interval perf_data plugin_output parents
ColumnHeaders: on
OutputFormat: json

GET statehist
Columns: host_name service_description from until state
Filter: time >= 1795515000
Filter: time < 1795515600
ColumnHeaders: on
OutputFormat: json


"#]]
        );
    }
}
