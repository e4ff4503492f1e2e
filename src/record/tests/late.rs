//! Whatever comes after its day was sealed, in whatever order: the day is as if all had come in time.

use super::*;

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
    let mut late = day_10();
    late.results[0].at_ms += 300_000;
    site.record("main", "13T01:00:00", &day_10());
    assert_eq!(site.read(day), before);
}
