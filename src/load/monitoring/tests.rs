//! What is known of monitors: feeds, log, sealed days and ledger put together.
#![expect(clippy::unwrap_used, reason = "the names, times and folders are right")]

use std::fmt::Write as _;
use std::fs;

use super::*;
use crate::model::{CheckStatus, Feed, FeedKind, MonitoringConfig, Origin, Secrets};

struct Site(tempfile::TempDir);

impl Site {
    fn new(files: &[(&str, &str)]) -> Site {
        let site = Site(tempfile::tempdir().unwrap());
        for (path, text) in files {
            let path = site.0.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        site
    }

    fn read(&self, now: &str, log: LogWindow, answers: Vec<FeedAnswer>) -> Loaded<Monitoring> {
        let feed = Feed {
            id: slug("own"),
            kind: FeedKind::Upfront,
            from: Origin::Stdin,
            interval: None,
            timeout: SignedDuration::from_secs(1),
            secrets: Secrets::default(),
            canary: None,
            options: BTreeMap::new(),
        };
        let monitoring = MonitoringConfig { feeds: vec![feed], ..MonitoringConfig::default() };
        let config = Config { monitoring, ..crate::render::fixture::fixture().site.config };
        let now = format!("2026-11-{now}Z").parse().unwrap();
        read_monitoring(self.0.path(), &config, &Ask { now, network: false, stdin: None, log }, answers)
    }
}

fn slug(text: &str) -> Slug {
    Slug::new(text).unwrap()
}

fn result(at: &str, status: &str) -> String {
    format!("{{\"monitor\":\"imap\",\"at\":\"2026-11-{at}Z\",\"status\":\"{status}\"}}\n")
}

fn row(day: &str, iv: &str) -> String {
    format!(
        "{{\"v\":1,\"d\":\"2026-11-{day}\",\"m\":\"own:imap\",\"sh\":\"main\",\"n\":1,\"f\":0,\"iv\":[{iv}],\
         \"lat\":{{\"n\":1,\"sum\":7,\"min\":7,\"max\":7,\"h\":[7,1]}}}}\n"
    )
}

/// The results that are read, as `dd:hh`, and since which day and hour they are all.
fn shown(monitoring: &Monitoring) -> String {
    let clock = |at_ms: i64| {
        let at = Timestamp::from_millisecond(at_ms).unwrap().to_zoned_datetime(jiff::tz::TimeZone::UTC);
        format!("{:02}:{:02}", at.day(), at.hour())
    };
    let mut text = format!("since {}", clock(monitoring.since_ms));
    for check in monitoring.series.values().flat_map(|series| &series.checks) {
        let _ = write!(text, ", {}", clock(check.at_ms));
    }
    text
}

/// A log of a result at noon of each day from the 10th to the 24th, and the days that are sealed.
#[track_caller]
fn window(sealed: std::ops::RangeInclusive<u8>, log: LogWindow, expected: &str) {
    let days: Vec<String> = (10..=24).map(|day| format!("{day:02}")).collect();
    let log_files = days
        .iter()
        .map(|day| (format!("history/log/main/own/2026-11-{day}.ndjson"), result(&format!("{day}T12:00:00"), "up")));
    let rows = sealed.map(|day| (format!("history/days/2026/11/{day:02}.ndjson"), row(&format!("{day:02}"), "")));
    let files: Vec<(String, String)> = log_files.chain(rows).collect();
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    let loaded = Site::new(&files).read("24T11:00:00", log, Vec::new());
    assert!(loaded.diagnostics.is_empty());
    assert_eq!(shown(&loaded.value), expected);
}

#[test]
fn of_the_log_what_is_not_sealed_and_48_hours_are_read_and_what_held_at_midnight() {
    window(10..=22, LogWindow::Open, "since 22:00, 21:12, 22:12, 23:12");
    window(10..=19, LogWindow::Open, "since 20:00, 19:12, 20:12, 21:12, 22:12, 23:12");
    window(
        20..=23,
        LogWindow::All,
        "since 10:00, 10:12, 11:12, 12:12, 13:12, 14:12, 15:12, 16:12, 17:12, 18:12, 19:12, 20:12, 21:12, 22:12, 23:12",
    );
}

#[test]
fn what_a_feed_says_now_joins_what_the_log_holds() {
    let site = Site::new(&[("history/log/main/own/2026-11-24.ndjson", &result("24T10:00:00", "down"))]);
    let mut loaded = crate::load::feed::adapter::upfront::read_lines(
        "",
        [result("24T10:00:00", "down"), result("24T10:30:00", "up")].concat().as_bytes(),
    );
    let reading = std::mem::take(&mut loaded.value);
    let state = FeedState::Read { generated: None, expires: None };
    let answer = FeedAnswer { feed: slug("own"), state: state.clone(), reading };
    let monitoring = site.read("24T11:00:00", LogWindow::Open, vec![answer]).value;
    let series = monitoring.series.values().next().unwrap();
    let statuses: Vec<CheckStatus> = series.checks.iter().map(|check| check.status).collect();
    assert_eq!(statuses, [CheckStatus::Down, CheckStatus::Up]);
    assert_eq!(monitoring.feeds[0].state, state);
}

#[test]
fn a_feed_that_the_config_no_longer_names_says_nothing_any_more() {
    let site = Site::new(&[("history/log/main/old/2026-11-24.ndjson", &result("24T10:00:00", "down"))]);
    assert!(site.read("24T11:00:00", LogWindow::All, Vec::new()).value.series.is_empty());
}

#[test]
fn heartbeats_of_all_collectors_stand_in_order() {
    let beat = |at: &str| format!("{{\"feed\":\"own\",\"at\":\"2026-11-24T{at}Z\",\"every_s\":60,\"monitors\":1}}\n");
    let site = Site::new(&[
        ("history/log/oslo/own/2026-11-24.ndjson", &[beat("10:01:00"), beat("10:00:00")].concat()),
        ("history/log/bergen/own/2026-11-24.ndjson", &[beat("10:00:30"), beat("10:00:00")].concat()),
    ]);
    let monitoring = site.read("24T11:00:00", LogWindow::Open, Vec::new()).value;
    let beats = monitoring.feeds[0].heartbeats.iter();
    assert_eq!(beats.map(|beat| beat.at_ms % 3_600_000 / 1000).collect::<Vec<_>>(), [0, 30, 60]);
}

#[test]
fn a_monitor_is_known_since_the_first_of_its_days() {
    let site = Site::new(&[
        ("history/days/2026/11/10.ndjson", &row("10", "[0,3600,\"n\"]")),
        ("history/days/2026/11/11.ndjson", &row("11", "")),
        ("history/log/main/own/2026-11-24.ndjson", &result("24T10:00:00", "down")),
    ]);
    let monitoring = site.read("24T11:00:00", LogWindow::Open, Vec::new()).value;
    let first_ms = monitoring.series.values().next().unwrap().first_ms;
    assert_eq!(first_ms, Some("2026-11-10T01:00:00Z".parse::<Timestamp>().unwrap().as_millisecond()));
}

#[test]
fn latencies_of_days_that_no_page_shows_are_left_out() {
    let old = row("10", "").replace("2026-11-10", "2026-08-10");
    let site =
        Site::new(&[("history/days/2026/08/10.ndjson", &old), ("history/days/2026/11/10.ndjson", &row("10", ""))]);
    let days = site.read("24T11:00:00", LogWindow::Open, Vec::new()).value.days;
    assert_eq!(days.iter().map(|row| row.latency.is_some()).collect::<Vec<_>>(), [false, true]);
}

#[test]
fn each_row_is_there_once_and_the_one_that_saw_more_counts() {
    let more = row("10", "").replace("\"n\":1,\"f\"", "\"n\":2,\"f\"");
    let text = [row("10", ""), more, row("10", "")].concat();
    let site = Site::new(&[("history/days/2026/11/10.ndjson", &text)]);
    let days = site.read("24T11:00:00", LogWindow::Open, Vec::new()).value.days;
    assert_eq!(days.iter().map(|row| row.results).collect::<Vec<_>>(), [2]);
}

#[test]
fn bad_lines_are_told_with_their_place_and_skipped() {
    let text = [row("10", ""), "nonsense\n".to_owned(), row("11", "")].concat();
    let site = Site::new(&[("history/days/2026/11/10.ndjson", &text), ("history/notices.ndjson", "{}\n")]);
    let Loaded { value, diagnostics } = site.read("24T11:00:00", LogWindow::Open, Vec::new());
    let told: Vec<String> = diagnostics
        .iter()
        .map(|told| {
            let place = told.place.as_ref().unwrap();
            format!("{}:{}: {}", place.source.path(), place.source.line_column(place.span.start).line, told.message)
        })
        .collect();
    assert_eq!(
        told,
        [
            "history/days/2026/11/10.ndjson:2: this is no object of JSON",
            "history/days/2026/11/10.ndjson:3: this row is of 2026-11-11, not of the file's day",
            "history/notices.ndjson:1: a value is not of its kind, or a key is missing",
        ]
    );
    assert_eq!(value.days.len(), 1);
}

#[cfg(unix)]
#[test]
fn links_that_lead_out_of_the_site_are_not_followed() {
    let elsewhere = Site::new(&[("10.ndjson", &row("10", "")), ("notices.ndjson", "{}\n")]);
    let site = Site::new(&[("history/days/2026/keep", "")]);
    std::os::unix::fs::symlink(elsewhere.0.path(), site.0.path().join("history/days/2026/11")).unwrap();
    let ledger = site.0.path().join("history/notices.ndjson");
    std::os::unix::fs::symlink(elsewhere.0.path().join("notices.ndjson"), ledger).unwrap();
    let Loaded { value, diagnostics } = site.read("24T11:00:00", LogWindow::Open, Vec::new());
    assert!(value.days.is_empty() && value.ledger.is_empty());
    let told: Vec<&str> = diagnostics.iter().map(|told| told.message.as_str()).collect();
    assert_eq!(told, ["this link leads out of the site, or to nothing"]);
}
