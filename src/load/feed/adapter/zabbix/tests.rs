//! What is understood of Zabbix: small answers of our own, and a documented one where it is there.

use snapbox::{assert_data_eq, data::Inline, str};

use super::*;
use crate::load::feed::adapter::understood::{feed, sample, understood};
use crate::model::FeedKind;

fn check(options: &[(&str, &str)], answer: &str, expected: Inline) {
    assert_data_eq!(understood(&feed(FeedKind::Zabbix, options), &[("", answer)]), expected);
}

fn problems(list: &[(u32, &str)]) -> String {
    let problem = |&(id, more): &(u32, &str)| {
        format!(
            r#"{{"objectid":"{id}","name":"A problem","clock":"1795515000","ns":"906955445","r_eventid":"0","r_clock":"0",
            "suppressed":"0",{more}}}"#
        )
    };
    let list: Vec<String> = list.iter().map(problem).collect();
    format!(r#"{{"jsonrpc":"2.0","result":[{}],"id":1}}"#, list.join(","))
}

#[test]
fn severities_say_how_bad_it_is() {
    let list = problems(&[
        (1, r#""severity":"5""#),
        (2, r#""severity":"3""#),
        (3, r#""severity":"0""#),
        (4, r#""severity":"x""#),
    ]);
    check(
        &[],
        &list,
        str![[r#"
1 (A problem)
  2026-11-24T10:10:00.906Z – 2026-11-24T10:20:00Z, seen down
2 (A problem)
  2026-11-24T10:10:00.906Z – 2026-11-24T10:20:00Z, seen degraded
heartbeat 2026-11-24T10:20:00Z, 2 monitors
warning: 1 left out: `x` is no state that this kind of source is known to have (known are 0, 1, 2, 3, 4, 5)

"#]],
    );
    check(
        &[("severity", "4")],
        &list,
        str![[r#"
1 (A problem)
  2026-11-24T10:10:00.906Z – 2026-11-24T10:20:00Z, seen down
heartbeat 2026-11-24T10:20:00Z, 1 monitors
warning: 1 left out: `x` is no state that this kind of source is known to have (known are 0, 1, 2, 3, 4, 5)

"#]],
    );
}

#[test]
fn a_resolved_problem_has_its_end() {
    let resolved = problems(&[(1, r#""severity":"4""#)])
        .replace(r#""r_eventid":"0","r_clock":"0""#, r#""r_eventid":"12","r_clock":"1795515060""#);
    check(
        &[],
        &resolved,
        str![[r#"
1 (A problem)
  2026-11-24T10:10:00.906Z – 2026-11-24T10:11:00Z down
heartbeat 2026-11-24T10:20:00Z, 1 monitors

"#]],
    );
}

#[test]
fn what_maintenance_suppresses_is_left_out() {
    let suppressed = problems(&[(1, r#""severity":"4""#)]).replace(r#""suppressed":"0""#, r#""suppressed":"1""#);
    check(
        &[],
        &suppressed,
        str![[r#"
heartbeat 2026-11-24T10:20:00Z, 0 monitors

"#]],
    );
}

#[test]
fn an_error_is_told_in_its_own_words() {
    check(
        &[],
        r#"{"jsonrpc":"2.0","error":{"code":-32602,"message":"Invalid params.","data":"Not authorized."},"id":1}"#,
        str![[r#"
error: the source answered with an error of its own: Not authorized.

"#]],
    );
}

#[test]
fn what_was_resolved_a_short_time_ago_is_asked_for_too() {
    let asked = requests(&feed(FeedKind::Zabbix, &[("severity", "3")]), &[], 0, 0);
    let bodies: Vec<&str> = asked.iter().filter_map(|request| request.body.as_deref()).collect();
    assert_data_eq!(
        bodies.join("\n"),
        str![[
            r#"{"jsonrpc":"2.0","method":"problem.get","params":{"output":"extend","recent":true,"severities":[3,4,5],"sortfield":["eventid"],"sortorder":"DESC","limit":5000},"id":1}"#
        ]]
    );
}

#[test]
fn the_documented_answer() {
    if let Some(found) = sample(&feed(FeedKind::Zabbix, &[]), &["zabbix/problem-get.json"]) {
        assert_data_eq!(
            found,
            str![[r#"
16046 (High CPU utilization (over 90% for 5m))
  2024-03-05T11:04:13.906Z – 2026-11-24T10:20:00Z, seen degraded
heartbeat 2026-11-24T10:20:00Z, 1 monitors

"#]]
        );
    }
}
