//! What thresholds would have published, counted by hand.

#![expect(clippy::unwrap_used, reason = "a test's own input is right, or the test is wrong")]

use jiff::SignedDuration;

use super::*;
use crate::derive::tests::site;
use crate::model::{Check, CheckStatus, MonitorId, MonitorRef};

const MINUTE_MS: i64 = 60_000;

/// One check a minute from midnight of 2026-11-24 on; it fails in these minutes.
fn series(failing: &[std::ops::RangeInclusive<i64>]) -> Series {
    let midnight_ms = at("2026-11-24T00:00:00Z").as_millisecond();
    let fails = |minute: &i64| failing.iter().any(|range| range.contains(minute));
    let check = |minute: i64| Check {
        at_ms: midnight_ms + minute * MINUTE_MS,
        latency_us: None,
        place: None,
        status: if fails(&minute) { CheckStatus::Down } else { CheckStatus::Up },
        confirmed: true,
        rev: 0,
    };
    Series { interval_ms: Some(MINUTE_MS), checks: (0..1440).map(check).collect(), ..Series::default() }
}

fn at(time: &str) -> Timestamp {
    time.parse().unwrap()
}

fn slug(id: &str) -> Slug {
    Slug::new(id).unwrap()
}

fn watched_site(failing: &[std::ops::RangeInclusive<i64>]) -> Site {
    let mut site = site("");
    let monitor = MonitorRef { feed: slug("own"), monitor: MonitorId::new("imap").unwrap() };
    site.monitoring.series.insert(monitor, series(failing));
    site
}

fn thresholds(minutes: i64) -> Thresholds {
    let after = SignedDuration::from_mins(minutes);
    Thresholds { detect_after: after, fast_detect_after: after, hold: SignedDuration::from_mins(15) }
}

fn trials(site: Site, minutes: &[i64], real: Option<&[Real]>) -> Vec<Trial> {
    let tried: Vec<Thresholds> = minutes.iter().copied().map(thresholds).collect();
    let rows = replay(site, &[slug("imap")], &tried, real, None, at("2026-11-25T00:00:00Z"));
    assert_eq!(rows.len(), 2);
    rows.into_iter().next().unwrap().trials
}

fn real(from: &str, to: &str) -> Real {
    let at = |time: &str| at(&format!("2026-11-24T{time}:00Z"));
    Real { component: slug("imap"), from: at(from), to: at(to) }
}

#[test]
fn a_shorter_threshold_tells_of_more() {
    // Two, three and six minutes without an answer, hours apart.
    let found = trials(watched_site(&[60..=62, 360..=363, 700..=706]), &[2, 3, 5], None);
    assert_eq!(found.iter().map(|trial| trial.notices).collect::<Vec<_>>(), [3, 2, 1]);
    let delays: Vec<_> = found.iter().map(|trial| trial.delay.unwrap().as_secs() / 60).collect();
    assert_eq!(delays, [2, 3, 5]);
}

#[test]
fn what_really_happened_tells_false_ones_and_missed_ones() {
    let truth = [real("06:00", "06:04"), real("15:00", "15:30")];
    let found = trials(watched_site(&[60..=63, 360..=363]), &[3], Some(&truth));
    assert_eq!(found[0].judged, Some(Judged { false_notices: 1, real: 2, missed: 1 }));
}

#[test]
fn people_note_times_down_roughly() {
    let ten = [real("05:40", "05:50")];
    let found = trials(watched_site(&[360..=363]), &[3], Some(&ten));
    assert_eq!(found[0].judged, Some(Judged { false_notices: 0, real: 1, missed: 0 }));
    let eleven = [real("05:40", "05:49")];
    let found = trials(watched_site(&[360..=363]), &[3], Some(&eleven));
    assert_eq!(found[0].judged, Some(Judged { false_notices: 1, real: 1, missed: 1 }));
}

#[test]
fn what_happened_while_nobody_looked_is_not_missed() {
    let yesterday =
        [Real { component: slug("imap"), from: at("2026-11-23T10:00:00Z"), to: at("2026-11-23T11:00:00Z") }];
    let found = trials(watched_site(&[]), &[3], Some(&yesterday));
    assert_eq!(found[0].judged, Some(Judged { false_notices: 0, real: 0, missed: 0 }));
}

#[test]
fn a_component_that_publishes_nothing_is_counted_as_if_it_did() {
    let mut site = watched_site(&[60..=70]);
    site.config.monitoring.notices = Notices::Off;
    assert_eq!(trials(site, &[3], None)[0].notices, 1);
}

#[test]
fn results_of_before_do_not_count() {
    let site = watched_site(&[60..=70, 700..=710]);
    let from = at("2026-11-24T06:00:00Z");
    let rows = replay(site, &[slug("imap")], &[thresholds(3)], None, Some(from), at("2026-11-25T00:00:00Z"));
    assert_eq!(rows[0].trials[0].notices, 1);
    assert_eq!(rows[0].heard.unwrap().0, from);
}
