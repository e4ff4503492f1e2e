//! What is understood of Upptime: small files of our own, and a published repository's where they are there.

use snapbox::{assert_data_eq, data::Inline, str};

use super::*;
use crate::load::feed::adapter::understood::{feed, payload, sample, understood};
use crate::model::FeedKind;

fn check(answers: &[(&str, &str)], expected: Inline) {
    assert_data_eq!(understood(&feed(FeedKind::Upptime, &[]), answers), expected);
}

const SUMMARY: &str = r#"[{"name":"IMAP","slug":"imap","status":"down","uptime":"99.56%","time":403,
    "dailyMinutesDown":{"2026-11-22":108,"2026-11-19":1440,"2026-13-01":4,"2026-11-21":1441}}]"#;

const YAML: &str = "url: http://imap.example/\nstatus: up\ncode: 200\nresponseTime: 517\n\
    lastUpdated: 2026-11-23T06:00:00.000Z\nstartTime: 2026-11-20T18:00:00.000Z\ngenerator: Upptime <https://github.com>\n";

#[test]
fn days_are_the_downs_alone_without_the_sites_own_file() {
    check(
        &[("", SUMMARY)],
        str![[r#"
imap (IMAP)
  2026-11-19 down 86400 s of 86400 s
  2026-11-22 down 6480 s of 86400 s
warning: 2 left out: a day that is none, or with more minutes down than a day has, the first of `imap`

"#]],
    );
}

#[test]
fn with_the_sites_own_file_the_good_days_are_known_too() {
    check(
        &[("summary.json", SUMMARY), ("imap.yml", YAML)],
        str![[r#"
imap (IMAP)
  1 × up 2026-11-23T06:00:00Z, 517000 µs
  2026-11-19 down 86400 s of 86400 s
  2026-11-20 down 0 s of 21600 s
  2026-11-21 down 0 s of 86400 s
  2026-11-22 down 6480 s of 86400 s
  2026-11-23 down 0 s of 21600 s
warning: 2 left out: a day that is none, or with more minutes down than a day has, the first of `imap`

"#]],
    );
}

#[test]
fn a_file_of_another_kind_is_left_out() {
    check(
        &[("imap.yml", "status: on fire\nlastUpdated: 2026-11-23T06:00:00.000Z\n"), ("pop.yml", "- a\n")],
        str![[r#"
warning: 1 left out: a site's file without `status`
warning: 1 left out: `on fire` is no state that this kind of source is known to have (known are up, degraded, down)

"#]],
    );
}

#[test]
fn the_file_of_each_site_is_asked_for_once_the_summary_is_there() {
    let names = |answers: &[Payload]| -> Vec<String> {
        requests(&feed(FeedKind::Upptime, &[]), answers, 0, 0).into_iter().map(|request| request.path).collect()
    };
    assert_eq!(names(&[]), ["/history/summary.json"]);
    let summary = payload("summary.json", SUMMARY.as_bytes());
    assert_eq!(names(std::slice::from_ref(&summary)), ["/history/imap.yml"]);
    assert_eq!(names(&[summary.clone(), summary]), [""; 0]);
}

#[test]
fn a_site_watched_since_the_beginning_of_time_has_ten_years_of_days() {
    let site = Site { start_ms: Some(1), updated_ms: Some(i64::MAX), ..Site::default() };
    assert_eq!(good_days(&site, 1_795_515_600_000).len(), 3661);
    assert_eq!(good_days(&Site { start_ms: Some(9), updated_ms: Some(5), ..Site::default() }, 100).len(), 0);
}

#[test]
fn a_published_summary() {
    let files = ["upptime/con-summary-7-of-11-sites.json", "upptime/history-registry-datalad-org.yml"];
    let Some(found) = sample(&feed(FeedKind::Upptime, &[]), &files) else { return };
    let downs: Vec<&str> = found.lines().filter(|line| !line.contains(" down 0 s")).collect();
    assert_data_eq!(
        downs.join("\n"),
        str![[r#"
centerforopenneuroscience-org (centerforopenneuroscience.org)
  2024-10-07 down 2460 s of 86400 s
  2024-10-09 down 1800 s of 86400 s
  2024-10-14 down 3420 s of 86400 s
  2024-10-15 down 2340 s of 86400 s
  2024-10-17 down 1740 s of 86400 s
  2025-03-07 down 3720 s of 86400 s
  2025-04-08 down 1740 s of 86400 s
  2025-04-28 down 3840 s of 86400 s
  2025-05-05 down 2940 s of 86400 s
  2025-06-04 down 1560 s of 86400 s
  2025-08-22 down 29340 s of 86400 s
  2025-09-25 down 2280 s of 86400 s
  2025-09-26 down 6480 s of 86400 s
datasets-datalad-org (datasets.datalad.org)
  2025-04-08 down 1740 s of 86400 s
  2025-04-28 down 3780 s of 86400 s
  2025-05-05 down 2940 s of 86400 s
  2025-08-22 down 29340 s of 86400 s
  2025-09-25 down 2280 s of 86400 s
  2025-09-26 down 7200 s of 86400 s
registry-datalad-org (registry.datalad.org)
  2025-04-08 down 4200 s of 86400 s
  2025-04-28 down 3780 s of 86400 s
  2025-05-05 down 2820 s of 86400 s
  2025-05-24 down 76200 s of 86400 s
  2025-05-25 down 86400 s of 86400 s
  2025-05-26 down 51360 s of 86400 s
  2025-08-22 down 29280 s of 86400 s
  2025-08-23 down 82020 s of 86400 s
  2025-08-24 down 18960 s of 86400 s
  2025-09-25 down 2280 s of 86400 s
  2025-09-26 down 9240 s of 86400 s
hub-datalad-org (hub.datalad.org)
  2025-08-11 down 1080 s of 86400 s
dandiarchive-org (dandiarchive.org)
  2025-01-13 down 1740 s of 86400 s
  2025-05-07 down 3480 s of 86400 s
  2025-06-24 down 2160 s of 86400 s
hub-dandiarchive-org (hub.dandiarchive.org)
  2025-05-09 down 9240 s of 86400 s
  2025-05-10 down 86400 s of 86400 s
  2025-05-11 down 86400 s of 86400 s
  2025-05-12 down 66360 s of 86400 s
  2025-05-13 down 86400 s of 86400 s
  2025-05-14 down 86400 s of 86400 s
  2025-05-15 down 76500 s of 86400 s
  2025-06-04 down 5880 s of 86400 s
  2025-06-17 down 33300 s of 86400 s
  2025-06-18 down 86400 s of 86400 s
  2025-06-19 down 86400 s of 86400 s
  2025-06-20 down 86400 s of 86400 s
  2025-06-21 down 86400 s of 86400 s
  2025-06-22 down 86400 s of 86400 s
  2025-06-23 down 86400 s of 86400 s
  2025-06-24 down 86400 s of 86400 s
  2025-06-25 down 86400 s of 86400 s
  2025-06-26 down 86400 s of 86400 s
  2025-06-27 down 4860 s of 86400 s
  2025-06-29 down 49380 s of 86400 s
  2025-06-30 down 77940 s of 86400 s
  2025-07-03 down 9840 s of 86400 s
  2025-07-04 down 10140 s of 86400 s
  2025-07-05 down 3180 s of 86400 s
  2025-07-07 down 6360 s of 86400 s
  2025-07-14 down 2460 s of 86400 s
  2025-07-15 down 10320 s of 86400 s
  2025-07-18 down 2760 s of 86400 s
  2025-07-19 down 1620 s of 86400 s
  2025-07-24 down 1500 s of 86400 s
neuro-debian-net (neuro.debian.net)
  2025-04-08 down 1620 s of 86400 s
  2025-04-28 down 3720 s of 86400 s
  2025-05-05 down 2760 s of 86400 s
  2025-08-22 down 29220 s of 86400 s
  2025-09-26 down 5280 s of 86400 s
history-registry-datalad-org
  1 × up 2024-03-01T23:24:38.281Z, 517000 µs
"#]]
    );
}
