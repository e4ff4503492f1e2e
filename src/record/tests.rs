//! Writing history: twice, late, side by side, killed half-way.
#![expect(clippy::unwrap_used, reason = "the names, times and folders are right")]

use std::collections::BTreeMap;
use std::fs;

use jiff::SignedDuration;
use proptest::prelude::*;

use super::*;
use crate::load::feed::{ReadMonitor, ReadResult, ReadSpan, Reading};
use crate::load::{Ask, FeedAnswer, LogWindow, read_monitoring};
use crate::model::{
    CheckStatus, Config, DetectionKind, FeedKind, FeedState, MonitorId, MonitoringConfig, Origin, Places, Secrets, Span,
};

mod late;

const DAY_MS: i64 = crate::model::DAY_MS;

fn slug(text: &str) -> Slug {
    Slug::new(text).unwrap()
}

fn at(text: &str) -> Timestamp {
    format!("2026-11-{text}Z").parse().unwrap()
}

fn feed() -> Feed {
    Feed {
        id: slug("own"),
        kind: FeedKind::Upfront,
        from: Origin::Stdin,
        interval: Some(SignedDuration::from_mins(10)),
        timeout: SignedDuration::from_secs(1),
        secrets: Secrets::default(),
        canary: None,
        options: BTreeMap::new(),
    }
}

fn config() -> Config {
    let monitoring = MonitoringConfig { feeds: vec![feed()], ..MonitoringConfig::default() };
    Config { monitoring, ..crate::render::fixture::fixture().site.config }
}

fn result(at_ms: i64, status: CheckStatus) -> ReadResult {
    ReadResult {
        monitor: MonitorId::new("imap").unwrap(),
        at_ms,
        status,
        confirmed: true,
        latency_us: (status == CheckStatus::Up).then_some(12_500),
        location: None,
        message: Some("a \"private\" text".to_owned()),
        rev: 0,
    }
}

fn results(results: Vec<ReadResult>) -> Reading {
    Reading { results, ..Reading::default() }
}

/// Every ten minutes, down in the first hour of each day.
fn ten_minutely(from: Timestamp, to: Timestamp) -> Vec<ReadResult> {
    let times = (from.as_millisecond()..to.as_millisecond()).step_by(600_000);
    let status = |at_ms: i64| if at_ms.rem_euclid(DAY_MS) < 3_600_000 { CheckStatus::Down } else { CheckStatus::Up };
    times.map(|at_ms| result(at_ms, status(at_ms))).collect()
}

struct Site(tempfile::TempDir);

impl Site {
    fn new() -> Site {
        Site(tempfile::tempdir().unwrap())
    }

    fn recorder(&self, now: &str) -> Recorder {
        self.recorder_of("main", now)
    }

    fn recorder_of(&self, collector: &str, now: &str) -> Recorder {
        Recorder::open(self.0.path(), &slug(collector), at(now)).unwrap()
    }

    fn monitoring(&self, now: &str) -> Monitoring {
        let ask = Ask { now: at(now), network: false, stdin: None, log: LogWindow::Open };
        let loaded = read_monitoring(self.0.path(), &config(), &ask, Vec::new());
        assert_eq!(loaded.diagnostics.iter().map(|told| told.message.as_str()).collect::<Vec<_>>(), [""; 0]);
        loaded.value
    }

    /// One whole run, without the ledger.
    fn record(&self, collector: &str, now: &str, reading: &Reading) -> (Logged, Vec<Sealed>) {
        let recorder = self.recorder_of(collector, now);
        let logged = recorder.log(&feed(), reading).unwrap();
        let sealed = recorder.seal(&self.monitoring(now)).unwrap();
        (logged, sealed.value)
    }

    fn read(&self, path: &str) -> String {
        fs::read_to_string(self.0.path().join(path)).unwrap_or_default()
    }

    fn files(&self, folder: &str) -> Vec<String> {
        let all = walkdir::WalkDir::new(self.0.path().join(folder)).sort_by_file_name();
        let files = all.into_iter().flatten().filter(|entry| entry.file_type().is_file());
        files
            .map(|entry| entry.file_name().to_str().unwrap().to_owned())
            .filter(|name| !name.starts_with('.'))
            .collect()
    }
}

#[test]
fn each_result_is_a_line_in_the_file_of_its_own_day_and_a_run_leaves_a_heartbeat() {
    let site = Site::new();
    let times = [at("23T23:59:59.5"), at("24T00:00:00")].map(|at| result(at.as_millisecond(), CheckStatus::Down));
    let logged = site.recorder("24T00:01:00").log(&feed(), &results(times.into())).unwrap();
    assert_eq!(logged, Logged { new: 2, newest_ms: Some(at("24T00:00:00").as_millisecond()), old: BTreeMap::new() });
    let line = |time: &str| {
        format!(
            "{{\"monitor\":\"imap\",\"at\":\"2026-11-{time}Z\",\"status\":\"down\",\"message\":\"a \\\"private\\\" text\"}}\n"
        )
    };
    assert_eq!(site.read("history/log/main/own/2026-11-23.ndjson"), line("23T23:59:59.500"));
    let heartbeat = "{\"feed\":\"own\",\"at\":\"2026-11-24T00:01:00Z\",\"every_s\":600,\"monitors\":1}\n";
    assert_eq!(site.read("history/log/main/own/2026-11-24.ndjson"), [heartbeat, &line("24T00:00:00")].concat());
    assert_eq!(site.read("history/log/.gitignore"), "*\n");
}

#[test]
fn the_same_answer_again_adds_nothing() {
    let site = Site::new();
    let mut reading = results(vec![result(at("24T11:00:00").as_millisecond(), CheckStatus::Up)]);
    let span = Span { from_ms: 0, to_ms: None, status: CheckStatus::Degraded, confirmed: true, rev: 0 };
    reading.spans.push(ReadSpan { monitor: MonitorId::new("pop").unwrap(), span });
    let monitor = MonitorId::new("imap").unwrap();
    let set_up = ReadMonitor { id: monitor, name: None, interval_ms: Some(60_000), parents: Vec::new(), paused: false };
    reading.monitors.push(set_up);
    assert_eq!(site.recorder("24T11:01:00").log(&feed(), &reading).unwrap().new, 2);
    let before = site.read("history/log/main/own/2026-11-24.ndjson");
    assert_eq!(site.recorder("24T11:01:00").log(&feed(), &reading).unwrap().new, 0);
    assert_eq!(site.read("history/log/main/own/2026-11-24.ndjson"), before);
    assert_eq!(before.lines().count(), 4);
}

#[test]
fn how_a_monitor_is_set_up_is_said_again_when_it_has_changed_back() {
    let site = Site::new();
    for (minute, paused) in [(1, false), (2, true), (3, true), (4, false)] {
        let id = MonitorId::new("imap").unwrap();
        let monitors = vec![ReadMonitor { id, name: None, interval_ms: None, parents: Vec::new(), paused }];
        let recorder = site.recorder(&format!("24T11:0{minute}:00"));
        recorder.log(&feed(), &Reading { monitors, ..Reading::default() }).unwrap();
    }
    let log = site.read("history/log/main/own/2026-11-24.ndjson");
    assert_eq!(log.lines().filter(|line| line.starts_with("{\"id\"")).count(), 3);
    assert!(site.monitoring("24T11:05:00").series.values().all(|series| !series.paused));
}

#[track_caller]
fn healed(last: &str, expected: &str) {
    let site = Site::new();
    let path = "history/log/main/own/2026-11-24.ndjson";
    fs::create_dir_all(site.0.path().join("history/log/main/own")).unwrap();
    fs::write(site.0.path().join(path), last).unwrap();
    site.recorder("24T11:01:00").log(&feed(), &Reading::default()).unwrap();
    let heartbeat = "{\"feed\":\"own\",\"at\":\"2026-11-24T11:01:00Z\",\"every_s\":600,\"monitors\":0}\n";
    assert_eq!(site.read(path), [expected, heartbeat].concat());
}

#[test]
fn what_a_killed_writer_left_half_is_taken_out_and_a_whole_line_gets_its_end() {
    const LINE: &str = r#"{"monitor":"imap","at":"2026-11-24T11:00:00Z","status":"up"}"#;

    healed(&format!("{LINE}\n{}", &LINE[..30]), &format!("{LINE}\n"));
    healed(&LINE[..1], "");
    healed(LINE, &format!("{LINE}\n"));
}

#[test]
fn a_day_is_sealed_36_hours_after_its_end_and_says_what_it_said_while_it_was_open() {
    let site = Site::new();
    let all = results(ten_minutely(at("23T00:00:00"), at("25T00:00:00")));
    assert_eq!(site.record("main", "26T11:59:00", &all).1.iter().map(|s| s.day.day()).collect::<Vec<_>>(), [23]);
    let open = site.monitoring("26T11:59:00");
    let (monitor, series) = open.series.first_key_value().unwrap();
    let beats = &open.feeds[0].heartbeats;
    let day = "2026-11-24".parse().unwrap();
    let row =
        crate::derive::day::day_row(monitor, series, beats, &"main".into(), day, at("26T11:59:00").as_millisecond());
    assert_eq!(site.record("main", "26T12:00:00", &all).1.iter().map(|s| s.day.day()).collect::<Vec<_>>(), [24]);
    let rows = site.monitoring("26T12:00:00").days;
    assert_eq!(rows.into_iter().find(|row| row.day == day), row);
    assert_eq!(site.record("main", "26T12:01:00", &all).1, []);
}

#[test]
fn after_a_gap_of_days_all_of_them_are_sealed_at_once() {
    let site = Site::new();
    let all = results(ten_minutely(at("10T00:00:00"), at("15T00:00:00")));
    site.recorder("15T00:00:00").log(&feed(), &all).unwrap();
    let (_, sealed) = site.record("main", "20T00:00:00", &Reading::default());
    assert_eq!(sealed.iter().map(|sealed| sealed.day.day()).collect::<Vec<_>>(), [10, 11, 12, 13, 14, 15]);
    assert!(site.read("history/days/2026/11/12.ndjson").contains("\"n\":144,\"f\":6,\"iv\":[[0,3600,\"d\",1000]]"));
}

#[test]
fn a_sealed_day_is_made_again_when_results_come_late_and_no_more_once_its_log_is_gone() {
    let site = Site::new();
    let all = ten_minutely(at("10T00:00:00"), at("11T00:00:00"));
    let (early, late) = all.split_at(100);
    site.record("main", "12T12:00:00", &results(early.to_vec()));
    let (logged, sealed) = site.record("main", "20T00:00:00", &results(late.to_vec()));
    assert_eq!((logged.new, sealed.len()), (44, 1));
    let whole = Site::new();
    whole.record("main", "12T12:00:00", &results(all.clone()));
    let day = "history/days/2026/11/10.ndjson";
    assert_eq!(site.read(day), whole.read(day));

    let later = results(vec![result(at("10T12:05:00").as_millisecond(), CheckStatus::Down)]);
    let (logged, sealed) = site.record("main", "26T00:00:00", &later);
    assert_eq!((logged.new, logged.old.values().sum::<u32>(), sealed), (0, 1, vec![]));
    assert_eq!(site.read(day), whole.read(day));
}

#[test]
fn the_log_is_kept_for_fourteen_days_and_two_more() {
    let site = Site::new();
    site.record("main", "10T00:00:00", &results(ten_minutely(at("01T00:00:00"), at("10T00:00:00"))));
    site.record("main", "21T00:00:00", &Reading::default());
    let days: Vec<String> = (5..=10).map(|day| format!("2026-11-{day:02}.ndjson")).collect();
    assert_eq!(site.files("history/log"), [days, vec!["2026-11-21.ndjson".to_owned()]].concat());
}

#[test]
fn two_collectors_have_a_row_each_and_leave_each_other_alone() {
    let site = Site::new();
    let all = ten_minutely(at("10T00:00:00"), at("11T00:00:00"));
    site.record("oslo", "12T12:00:00", &results(all.clone()));
    let alone = site.read("history/days/2026/11/10.ndjson");
    site.record("bergen", "12T12:01:00", &results(all[..50].to_vec()));
    let both = site.read("history/days/2026/11/10.ndjson");
    assert_eq!(both.lines().count(), 2);
    assert!(both.ends_with(&alone) && both.contains("\"sh\":\"bergen\",\"n\":50"), "{both}");
}

#[test]
fn lines_that_nobody_understands_stay_and_what_a_merge_left_goes() {
    let site = Site::new();
    let path = "history/days/2026/11/10.ndjson";
    fs::create_dir_all(site.0.path().join("history/days/2026/11")).unwrap();
    fs::write(site.0.path().join(path), "<<<<<<< ours\n{\"v\":2,\"new\":1}\n=======\n>>>>>>> theirs\n").unwrap();
    let recorder = site.recorder("12T12:00:00");
    recorder.log(&feed(), &results(ten_minutely(at("10T00:00:00"), at("11T00:00:00")))).unwrap();
    recorder.seal(&Monitoring::default()).unwrap();
    let lines: Vec<String> = site.read(path).lines().map(str::to_owned).collect();
    assert_eq!((lines.len(), lines[1].as_str()), (2, "{\"v\":2,\"new\":1}"));
}

#[test]
fn days_that_a_source_summed_up_itself_become_rows_where_nobody_knows_more() {
    let site = Site::new();
    site.record("main", "12T12:00:00", &results(ten_minutely(at("10T00:00:00"), at("11T00:00:00"))));
    let monitor = MonitorId::new("imap").unwrap();
    let day = |day: &str| crate::load::feed::ReadDay {
        monitor: monitor.clone(),
        day: day.parse().unwrap(),
        down_ms: 1,
        measured_ms: DAY_MS / 2,
    };
    let days = vec![day("2026-11-09"), day("2026-11-10"), day("2026-11-12")];
    let reading = Reading { days, ..Reading::default() };
    let ask = Ask { now: at("12T12:00:00"), network: false, stdin: None, log: LogWindow::Open };
    let state = FeedState::Read { generated: None, expires: None };
    let answer = FeedAnswer { feed: slug("own"), state, reading };
    let monitoring = read_monitoring(site.0.path(), &config(), &ask, vec![answer]).value;
    site.recorder("12T12:00:00").seal(&monitoring).unwrap();
    assert_eq!(site.files("history/days"), ["09.ndjson", "10.ndjson"]);
    assert_eq!(
        site.read("history/days/2026/11/09.ndjson"),
        "{\"v\":1,\"d\":\"2026-11-09\",\"m\":\"own:imap\",\"sh\":\"main\",\"n\":0,\"f\":0,\
         \"iv\":[[0,1,\"d\",1000],[43200,86400,\"?\"]],\"imported\":true}\n"
    );
    assert!(!site.read("history/days/2026/11/10.ndjson").contains("imported"));
}

#[cfg(unix)]
#[test]
fn nothing_is_written_where_a_link_leads_out_of_the_site() {
    let elsewhere = tempfile::tempdir().unwrap();
    for link in ["history", "history/log", "history/log/main", "history/days"] {
        let site = Site::new();
        let path = site.0.path().join(link);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::os::unix::fs::symlink(elsewhere.path(), path).unwrap();
        let all = results(ten_minutely(at("10T00:00:00"), at("11T00:00:00")));
        let ran = Recorder::open(site.0.path(), &slug("main"), at("12T12:00:00")).and_then(|recorder| {
            recorder.log(&feed(), &all)?;
            recorder.seal(&Monitoring::default())
        });
        assert!(ran.unwrap_err().error.to_string().contains("leads out of the site"), "{link}");
    }
    assert_eq!(fs::read_dir(elsewhere.path()).unwrap().count(), 0);
}

fn detection() -> Detection {
    let start = at("24T11:02:00");
    Detection {
        id: slug("2026-11-24-1102-imap"),
        components: vec![slug("imap")],
        kind: DetectionKind::Down,
        start,
        detected: at("24T11:05:00"),
        outages: vec![crate::model::Outage {
            start,
            end: None,
            monitor: crate::model::MonitorRef { feed: slug("own"), monitor: MonitorId::new("imap").unwrap() },
            kind: DetectionKind::Down,
            fails: 3,
            results: 3,
        }],
        places: Places::default(),
        recovering: None,
        end: None,
        closed: None,
        openings: vec![at("24T11:05:00")],
        unstable: false,
        published: Some(at("24T11:06:00")),
        held_back: None,
        covered_by: None,
        withdrawn: false,
        thresholds: "180 s".to_owned(),
        revision: 0,
    }
}

#[test]
fn the_ledger_gets_a_line_for_what_happens_and_none_for_what_merely_goes_on() {
    let site = Site::new();
    let note = |detection: &Detection| {
        let noted = site.recorder("24T11:06:00").note(std::slice::from_ref(detection)).unwrap();
        noted.into_iter().map(|noted| noted.what).collect::<Vec<_>>()
    };
    let mut detection = detection();
    assert_eq!(note(&detection), [What::Opened]);
    assert_eq!(note(&detection), []);
    detection.outages[0].fails = 4;
    assert_eq!(note(&detection), []);
    detection.covered_by = Some(slug("imap-down"));
    assert_eq!(note(&detection), [What::Corrected]);
    detection.outages[0].end = Some(at("24T11:20:00"));
    detection.end = Some(at("24T11:20:00"));
    detection.closed = Some(at("24T11:35:00"));
    assert_eq!(note(&detection), [What::Closed]);
    detection.revision = 3;
    assert_eq!(site.monitoring("24T12:00:00").ledger, [detection]);
    assert_eq!(site.read("history/notices.ndjson").lines().count(), 3);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// Whatever the runs are in which results come, and however often: the same rows, byte for byte, and the same series.
    #[test]
    fn any_order_and_repetition_of_results_makes_the_same_days(
        runs in prop::collection::vec((0_usize..288, 1_usize..288), 0..6),
        statuses in prop::collection::vec(prop::sample::select(CheckStatus::ALL.to_vec()), 288),
    ) {
        let mut all = ten_minutely(at("10T00:00:00"), at("12T00:00:00"));
        for (result, status) in all.iter_mut().zip(statuses) {
            result.status = status;
        }
        let once = Site::new();
        once.record("main", "12T00:00:00", &results(all.clone()));
        once.record("main", "13T12:00:00", &Reading::default());
        let often = Site::new();
        for (start, len) in runs {
            let part = all.iter().skip(start).take(len).rev().cloned().collect();
            often.record("main", "12T00:00:00", &results(part));
        }
        often.record("main", "13T11:00:00", &results(all.iter().rev().cloned().collect()));
        often.record("main", "13T12:00:00", &results(all[..9].to_vec()));
        for day in ["history/days/2026/11/10.ndjson", "history/days/2026/11/11.ndjson"] {
            prop_assert_eq!(once.read(day), often.read(day));
        }
        prop_assert_eq!(once.monitoring("13T12:00:00").series, often.monitoring("13T12:00:00").series);
    }
}
