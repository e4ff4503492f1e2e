//! Whatever comes after its day was sealed, in whatever order: the day is as if all had come in time.

use super::*;
use crate::model::{DayRow, MonitorRef};

/// The files of days as they are when each part came in a run of its own, `gap` apart, and when all came at once.
#[track_caller]
fn same_days(parts: &[(&str, Reading)]) {
    let (last, _) = parts.last().unwrap();
    let all = parts.iter().fold(Reading::default(), |mut all, (_, part)| {
        all.results.extend(part.results.clone());
        all.spans.extend(part.spans.clone());
        all
    });
    let (often, once) = (Site::new(), Site::new());
    for (now, part) in parts {
        often.record("main", now, part);
    }
    once.record("main", last, &all);
    let days = |site: &Site| {
        let names = site.files("history/days");
        names.into_iter().map(|name| (site.read(&format!("history/days/2026/11/{name}")), name)).collect::<Vec<_>>()
    };
    assert_eq!(days(&often), days(&once));
    assert!(!days(&once).is_empty());
}

fn one(time: &str, status: CheckStatus, rev: u16) -> Reading {
    results(vec![ReadResult { rev, ..result(at(time).as_millisecond(), status) }])
}

fn day_10() -> Reading {
    results(ten_minutely(at("10T00:00:00"), at("11T00:00:00")))
}

fn span(from: &str, to: Option<&str>) -> Reading {
    let to_ms = to.map(|to| at(to).as_millisecond());
    let span = Span { from_ms: at(from).as_millisecond(), to_ms, status: CheckStatus::Down, confirmed: true, rev: 0 };
    let spans = vec![ReadSpan { monitor: MonitorId::new("pop").unwrap(), span }];
    Reading { spans, ..Reading::default() }
}

#[test]
fn a_correction_of_a_result_counts_though_there_are_no_more_results_than_before() {
    same_days(&[("12T12:00:00", day_10()), ("13T00:00:00", one("10T00:10:00", CheckStatus::Up, 1))]);
}

#[test]
fn the_tenth_failure_counts_as_the_ninth_did() {
    let mut nine = day_10();
    nine.results.iter_mut().skip(1).for_each(|result| result.status = CheckStatus::Up);
    nine.results.iter_mut().take(9).for_each(|result| result.status = CheckStatus::Down);
    same_days(&[("12T12:00:00", nine), ("13T00:00:00", one("10T12:00:00", CheckStatus::Down, 0))]);
}

#[test]
fn a_failure_just_before_midnight_still_holds_on_the_next_day() {
    let later = results(ten_minutely(at("11T00:05:00"), at("12T00:00:00")));
    same_days(&[("13T12:00:00", later), ("14T00:00:00", one("10T23:58:00", CheckStatus::Down, 0))]);
}

#[test]
fn a_day_before_the_first_one_that_was_known_makes_that_one_monitored_from_its_midnight() {
    let later = results(ten_minutely(at("11T10:00:00"), at("12T00:00:00")));
    same_days(&[("13T12:00:00", later), ("14T00:00:00", one("10T12:00:00", CheckStatus::Up, 0))]);
}

#[test]
fn a_stretch_of_several_days_that_is_told_at_its_end_is_on_each_of_them() {
    same_days(&[("12T12:00:00", day_10()), ("20T00:00:00", span("09T10:00:00", Some("13T11:00:00")))]);
}

#[test]
fn a_stretch_that_was_open_when_its_days_were_sealed_is_the_same_once_it_has_ended() {
    let open = || span("10T10:00:00", None);
    let runs = [("10T11:00:00", open()), ("11T11:00:00", open()), ("12T11:00:00", open()), ("13T00:00:00", open())];
    let site = Site::new();
    for (now, part) in &runs {
        site.record("main", now, part);
    }
    let before = site.read("history/days/2026/11/10.ndjson");
    site.record("main", "14T00:00:00", &span("10T10:00:00", Some("13T12:00:00")));
    let after = site.read("history/days/2026/11/10.ndjson");
    assert!(before.contains(",\"d\",1000]") && after.contains("[36000,86400,\"d\",1000]"), "{before}{after}");
}

#[test]
fn a_day_that_a_source_summed_up_of_another_monitor_takes_nothing_away() {
    let site = Site::new();
    site.record("main", "12T12:00:00", &day_10());
    let mut monitoring = site.monitoring("12T12:00:00");
    let imap = monitoring.days[0].clone();
    let monitor = MonitorRef { monitor: MonitorId::new("pop").unwrap(), ..imap.monitor.clone() };
    let shard = "".into();
    monitoring.days.push(DayRow { monitor, shard, results: 0, failing: 0, latency: None, imported: true, ..imap });
    site.recorder("12T12:01:00").seal(&monitoring).unwrap();
    let day = site.read("history/days/2026/11/10.ndjson");
    assert_eq!((day.lines().count(), day.matches("\"n\":144").count()), (2, 1), "{day}");
}

#[test]
fn a_log_that_cannot_be_read_takes_nothing_away() {
    let site = Site::new();
    site.record("main", "12T12:00:00", &day_10());
    let day = "history/days/2026/11/10.ndjson";
    let before = site.read(day);
    let log = site.0.path().join("history/log/main/own/2026-11-10.ndjson");
    let len = fs::metadata(&log).unwrap().len();
    fs::write(&log, vec![b'x'; usize::try_from(len).unwrap()]).unwrap();
    fs::write(site.0.path().join("history/log/main/.grown-2026-11-10"), "").unwrap();
    let ask = Ask { now: at("12T12:01:00"), network: false, stdin: None, log: LogWindow::Open };
    let monitoring = read_monitoring(site.0.path(), &config(), &ask, Vec::new()).value;
    assert!(!site.recorder("12T12:01:00").seal(&monitoring).unwrap().diagnostics.is_empty());
    assert_eq!(site.read(day), before);
}

#[track_caller]
fn late_are(old: &[ReadResult], expected: u64) {
    let site = Site::new();
    site.record("main", "12T12:00:00", &day_10());
    let logged = site.recorder("26T12:00:00").log(&feed(), &results(old.to_vec())).unwrap();
    let days = site.monitoring("26T12:00:00").days;
    assert_eq!(late(&feed().id, &logged, &days), expected);
    assert_eq!(late_telling(&feed().id, expected).is_some(), expected > 0);
}

#[test]
fn a_feed_that_keeps_what_was_recorded_long_ago_is_no_warning() {
    late_are(&day_10().results, 0);
}

#[test]
fn what_a_sealed_day_does_not_know_is_late() {
    late_are(&[&day_10().results[..], &one("10T12:05:00", CheckStatus::Down, 0).results].concat(), 1);
    late_are(&ten_minutely(at("11T00:00:00"), at("11T01:00:00")), 6);
}

#[test]
fn what_was_before_anything_was_recorded_is_not_late() {
    late_are(&ten_minutely(at("09T00:00:00"), at("09T01:00:00")), 0);
}

#[test]
fn a_log_that_was_lost_takes_nothing_from_a_day() {
    let site = Site::new();
    site.record("main", "12T12:00:00", &results(ten_minutely(at("09T00:00:00"), at("11T00:00:00"))));
    let day = "history/days/2026/11/10.ndjson";
    let before = site.read(day);
    fs::remove_dir_all(site.0.path().join("history/log")).unwrap();
    let mut part = day_10();
    part.results.truncate(100);
    site.record("main", "13T00:00:00", &part);
    assert_eq!(site.read(day), before);
    // All results of the day, but not the one before it, which held at its midnight.
    site.record("main", "13T01:00:00", &day_10());
    assert_eq!(site.read(day), before);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// Each result comes in any of five runs, a day apart, and some are corrected in any other.
    #[test]
    fn days_are_the_same_whenever_each_result_came(
        facts in prop::collection::vec((0_usize..5, 0_i64..300, prop::sample::select(CheckStatus::ALL.to_vec()), 0_u16..2), 0..60),
    ) {
        const NOWS: [&str; 5] = ["11T12:00:00", "12T12:00:00", "13T12:00:00", "14T12:00:00", "15T12:00:00"];

        // Every quarter of an hour, and in the last one before each midnight by the minute.
        let time = |n: i64| at("10T00:00:00").as_millisecond() + n / 100 * DAY_MS + match n % 100 {
            n @ 0..96 => n * 900_000,
            n => DAY_MS - (n - 95) * 60_000,
        };
        let fact = |&(_, n, status, rev): &(usize, i64, CheckStatus, u16)| ReadResult { rev, ..result(time(n), status) };
        let in_run = |run: usize| facts.iter().filter(|fact| fact.0 == run).map(fact).collect::<Vec<_>>();
        let (often, once) = (Site::new(), Site::new());
        let mut all = Vec::new();
        for (run, now) in NOWS.into_iter().enumerate() {
            let part = in_run(run).into_iter().filter(|r| r.at_ms <= at(now).as_millisecond()).collect::<Vec<_>>();
            all.extend(part.clone());
            often.record("main", now, &results(part));
            once.record("main", now, &results(if run == 4 { all.clone() } else { Vec::new() }));
        }
        for day in ["10", "11", "12"] {
            let path = format!("history/days/2026/11/{day}.ndjson");
            prop_assert_eq!(often.read(&path), once.read(&path));
        }
    }
}
