//! What is understood of Pingdom: small answers of our own, and published ones where they are there.

use snapbox::{assert_data_eq, data::Inline, str};

use super::*;
use crate::load::feed::adapter::understood::{ASKED_MS, feed, sample, understood};
use crate::model::FeedKind;

fn check(options: &[(&str, &str)], answers: &[(&str, &str)], expected: Inline) {
    assert_data_eq!(understood(&feed(FeedKind::Pingdom, options), answers), expected);
}

fn check_sample(options: &[(&str, &str)], files: &[&str], expected: Inline) {
    if let Some(found) = sample(&feed(FeedKind::Pingdom, options), files) {
        assert_data_eq!(found, expected);
    }
}

#[test]
fn the_list_says_how_each_check_is_since_when_and_how_often() {
    let checks = r#"{"checks":[
        {"id":1,"name":"IMAP","resolution":5,"status":"down","lasttesttime":1795515500,"lastdownstart":1795515000,"lastdownend":1795515500},
        {"id":2,"resolution":1,"status":"up","lasttesttime":1795515500,"lastresponsetime":355,"lastdownstart":1795500000,"lastdownend":1795500060},
        {"id":3,"status":"unconfirmed_down","lasttesttime":1795515500,"type":{"http":{}}},
        {"id":4,"status":"paused","lasttesttime":1700000000},{"id":5,"status":"unknown"},{"id":6,"status":"upp"}]}"#;
    check(
        &[],
        &[("checks", checks)],
        str![[r#"
1 (IMAP), every 300 s
  1 × down 2026-11-24T10:18:20Z
  2026-11-24T10:10:00Z – 2026-11-24T10:20:00Z, seen down
2, every 60 s
  1 × up 2026-11-24T10:18:20Z, 355000 µs
  2026-11-24T06:00:00Z – 2026-11-24T06:01:00Z down
3
  1 × down? 2026-11-24T10:18:20Z
4, paused
  1 × paused 2026-11-24T10:20:00Z
5
  1 × unknown 2026-11-24T10:20:00Z
warning: 1 left out: `upp` is no state that this kind of source is known to have (known are up, down, unconfirmed_down, unknown, paused)

"#]],
    );
}

#[test]
fn results_have_probes_as_places() {
    let results = r#"{"activeprobes":[1],"results":[{"probeid":259,"time":1795515500,"status":"up","responsetime":145},
        {"probeid":87,"time":1795515440,"status":"down","statusdesclong":"Timeout (> 30s)"}]}"#;
    check(
        &[],
        &[("results 85975", results)],
        str![[r#"
85975
  1 × down 2026-11-24T10:17:20Z, from 87, "Timeout (> 30s)"
  1 × up 2026-11-24T10:18:20Z, 145000 µs, from 259

"#]],
    );
    check(
        &[],
        &[("", results)],
        str![[r#"
warning: this is about one check, but does not say which (name that one in the option `checks` of the feed)

"#]],
    );
    check(
        &[("checks", "7")],
        &[("", results)],
        str![[r#"
7
  1 × down 2026-11-24T10:17:20Z, from 87, "Timeout (> 30s)"
  1 × up 2026-11-24T10:18:20Z, 145000 µs, from 259

"#]],
    );
}

#[test]
fn time_that_was_not_monitored_is_not_measured() {
    let sums = r#"{"summary":{"days":[{"starttime":1795478400,"uptime":80000,"downtime":400,"unmonitored":6000},
        {"starttime":"x","uptime":-1,"downtime":0}]}}"#;
    check(
        &[],
        &[("days 7", sums)],
        str![[r#"
7
  2026-11-24 down 400 s of 80400 s
warning: 1 left out: a sum without its start, `uptime` or `downtime`, the first of `7`

"#]],
    );
}

#[test]
fn results_of_the_named_checks_are_asked_for_and_days_only_after_a_gap() {
    let names = |since_ms| -> Vec<String> {
        let feed = feed(FeedKind::Pingdom, &[("checks", "1, 2")]);
        requests(&feed, &[], since_ms, ASKED_MS).into_iter().map(|request| request.name).collect()
    };
    assert_eq!(names(ASKED_MS - 60_000), ["checks", "results 1", "results 2"]);
    assert_eq!(names(0), ["checks", "results 1", "days 1", "results 2", "days 2"]);
}

#[test]
fn published_answers() {
    check_sample(
        &[],
        &["pingdom/checks.json"],
        str![[r#"
85975 (My check 1), every 60 s
  1 × up 2011-03-24T14:36:03Z, 355000 µs
161748 (My check 2), every 300 s
  1 × up 2011-03-24T14:34:28Z, 1141000 µs
208655 (My check 3), every 60 s
  1 × down 2011-03-24T14:35:37Z

"#]],
    );
    check_sample(
        &[("checks", "85975")],
        &["pingdom/results.json"],
        str![[r#"
85975
  5 × up 2019-07-17T13:32:51Z … 2019-07-17T13:36:51Z, 2642000 µs, from 255 259 87 93 94

"#]],
    );
    check_sample(
        &[("checks", "85975")],
        &["pingdom/summary-performance.json"],
        str![[r#"
85975
  2018-09-14 down 0 s of 7042 s

"#]],
    );
}
