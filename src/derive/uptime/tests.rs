//! Uptime as arithmetic, against a second way to count it.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use jiff::tz::TimeZone;

use super::*;
use crate::derive::tests::{at, site};
use crate::derive::{Month, derive};
use crate::model::{
    DayInterval, DayState, Detection, DetectionKind, Group, HeldBack, Histogram, Kind, MonitorId, MonitorRef, Outage,
    Places, Watch, Window as Planned, Zone,
};

pub(super) fn monitor(text: &str) -> MonitorRef {
    let (feed, monitor) = text.split_once(':').unwrap();
    MonitorRef { feed: Slug::new(feed).unwrap(), monitor: MonitorId::new(monitor).unwrap() }
}

/// A row of 1440 results; each interval as `d 10:00-10:30`.
pub(super) fn row(of: &str, day: &str, intervals: &[&str]) -> DayRow {
    let second = |clock: &str| {
        let (hour, minute) = clock.split_once(':').unwrap();
        hour.parse::<u32>().unwrap() * 3600 + minute.parse::<u32>().unwrap() * 60
    };
    let interval = |text: &&str| {
        let (code, clocks) = text.split_once(' ').unwrap();
        let (from, to) = clocks.split_once('-').unwrap();
        let state = match code {
            "n" => DayState::NotMonitored,
            "x" => DayState::Maintenance,
            "?" => DayState::Unknown,
            "g" => DayState::Degraded,
            "p" => DayState::Partial,
            "d" => DayState::Down,
            other => panic!("no state `{other}`"),
        };
        DayInterval { from_s: second(from), to_s: second(to), state, weight: 1000 }
    };
    DayRow {
        day: day.parse().unwrap(),
        monitor: monitor(of),
        shard: "oslo".into(),
        results: 1440,
        failing: 3,
        intervals: intervals.iter().map(interval).collect(),
        latency: None,
        imported: false,
    }
}

/// An outage that one monitor of IMAP saw, `10:00-10:30` of 1 March, with so many failing results of so many.
pub(super) fn detection(of: &str, clocks: &str, kind: DetectionKind, fails: u32, results: u32) -> Detection {
    let (start, end) = clocks.split_once('-').unwrap();
    let (start, end) = (at(start), at(end));
    let outage = Outage { start, end: Some(end), monitor: monitor(of), kind, fails, results };
    Detection {
        id: Slug::new("2022-03-01-1000-imap").unwrap(),
        components: vec![Slug::new("imap").unwrap()],
        kind,
        start,
        detected: start,
        outages: vec![outage],
        places: Places::default(),
        recovering: None,
        end: Some(end),
        closed: Some(end),
        openings: vec![start],
        unstable: false,
        published: None,
        held_back: None,
        covered_by: None,
        withdrawn: false,
        thresholds: String::new(),
        revision: 1,
    }
}

fn down(clocks: &str) -> Detection {
    detection("a:imap", clocks, DetectionKind::Down, 30, 30)
}

/// A site without posts, whose monitor of IMAP has these rows.
fn measured(rows: Vec<DayRow>) -> Site {
    let mut site = site("info smtp\nnote 10:00\n");
    site.monitoring.days = rows;
    site
}

/// With one whole day of IMAP, 1 March, in which this came about.
fn day(intervals: &[&str]) -> Site {
    measured(vec![row("a:imap", "2022-03-01", intervals)])
}

pub(super) fn imap(site: &Site, now: &str) -> Arc<Uptime> {
    derive(site, at(now)).components[0].uptime.clone().unwrap()
}

const MIDNIGHT: &str = "2022-03-02T00:00:00Z";

/// The minutes of 1 March in words.
#[track_caller]
fn check(site: &Site, expected: &str) {
    let sum = imap(site, MIDNIGHT).window(Span::All).unwrap().sum;
    assert_eq!(told(&sum), expected);
}

fn told(sum: &Sum) -> String {
    let parts = [
        ("trouble", i128::from(sum.trouble_ms)),
        ("lost", sum.lost / 1000),
        ("maintenance", i128::from(sum.maintenance_ms)),
        ("unknown", i128::from(sum.unknown_ms)),
        ("not monitored", i128::from(sum.not_monitored_ms)),
    ];
    let said: Vec<String> =
        parts.iter().filter(|(_, ms)| *ms > 0).map(|(word, ms)| format!("{word} {}", ms / 60_000)).collect();
    said.join(", ")
}

fn post(site: &mut Site, text: &str) {
    site.incidents = self::site(text).incidents;
}

#[test]
fn failing_results_are_lost_only_where_they_were_an_outage() {
    let mut site = day(&["d 09:00-09:01", "d 10:00-10:20", "d 10:25-10:30", "d 11:00-11:02"]);
    check(&site, "");
    site.detections = vec![down("10:00-10:30")];
    check(&site, "trouble 25, lost 25");
}

#[test]
fn a_brown_out_weighs_its_failing_share_and_at_least_what_the_rule_says() {
    let mut site = day(&["d 10:00-10:01", "d 10:05-10:06"]);
    site.detections = vec![detection("a:imap", "10:00-10:20", DetectionKind::Partial, 10, 20)];
    check(&site, "trouble 20, lost 10");
    site.detections = vec![detection("a:imap", "10:00-10:20", DetectionKind::Partial, 1, 20)];
    check(&site, "trouble 20, lost 6");
}

#[test]
fn what_a_source_itself_calls_partial_weighs_as_peoples_partial_does() {
    let mut site = day(&["p 10:00-10:20"]);
    site.detections = vec![detection("a:imap", "10:00-10:20", DetectionKind::Partial, 20, 20)];
    check(&site, "trouble 20, lost 10");
}

#[test]
fn degraded_is_trouble_that_loses_nothing() {
    let mut site = day(&["g 10:00-10:20"]);
    check(&site, "");
    site.detections = vec![detection("a:imap", "10:00-10:20", DetectionKind::Degraded, 0, 20)];
    check(&site, "trouble 20");
    assert_eq!(imap(&site, MIDNIGHT).bars.iter().filter(|bar| bar.class == BarClass::Minor).count(), 1);
}

#[test]
fn of_several_monitors_the_heaviest_counts_and_never_the_sum() {
    let mut site = measured(vec![
        row("a:imap", "2022-03-01", &["d 10:00-10:30"]),
        row("b:imap", "2022-03-01", &["d 10:10-10:40"]),
    ]);
    site.detections = vec![down("10:00-10:30"), detection("b:imap", "10:10-10:40", DetectionKind::Down, 30, 30)];
    check(&site, "trouble 40, lost 40");
}

#[test]
fn nobody_knows_only_while_no_monitor_does() {
    let site = measured(vec![
        row("a:imap", "2022-03-01", &["? 10:00-12:00", "n 20:00-21:00"]),
        row("b:imap", "2022-03-01", &["n 00:00-11:00", "n 20:00-21:00"]),
    ]);
    check(&site, "unknown 60, not monitored 60");
}

#[test]
fn a_day_without_a_row_is_unknown_and_what_was_before_the_first_one_is_not_monitored() {
    let site = measured(vec![row("a:imap", "2022-03-01", &["n 00:00-06:00"]), row("a:imap", "2022-03-03", &[])]);
    let uptime = imap(&site, "2022-03-04T00:00:00Z");
    assert_eq!(told(&uptime.window(Span::All).unwrap().sum), "unknown 1440");
    assert_eq!(uptime.window(Span::All).unwrap().start, at("06:00"));
    assert_eq!(told(&uptime.window(Span::Days7).unwrap().sum), "unknown 1440, not monitored 4680");
}

#[test]
fn a_source_in_maintenance_of_its_own_measured_nothing() {
    check(&day(&["x 10:00-11:00"]), "unknown 60");
}

#[test]
fn a_withdrawn_alarm_leaves_unknown_time_and_names_who_withdrew_it() {
    let mut site = day(&["d 10:00-10:30"]);
    post(&mut site, "false_alarm imap\nnote 12:00\n");
    site.detections =
        vec![Detection { withdrawn: true, covered_by: Some(Slug::new("i1").unwrap()), ..down("10:00-10:30") }];
    check(&site, "unknown 30");
    assert_eq!(imap(&site, MIDNIGHT).slices[0].of, Slug::new("i1"));
}

#[test]
fn what_a_suspect_source_saw_is_unknown_and_what_is_held_back_for_other_reasons_counts() {
    let mut site = day(&["d 10:00-10:30"]);
    let held = |why| Detection { held_back: Some(why), ..down("10:00-10:30") };
    site.detections = vec![held(HeldBack::SuspectSource(Slug::new("a").unwrap()))];
    check(&site, "unknown 30");
    for why in [HeldBack::TooMany, HeldBack::Off, HeldBack::Draft, HeldBack::Maintenance(Slug::new("m").unwrap())] {
        site.detections = vec![held(why)];
        check(&site, "trouble 30, lost 30");
    }
}

#[test]
fn another_systems_own_days_count_as_they_stand() {
    let mut site = day(&["d 10:00-10:30"]);
    site.monitoring.days[0].imported = true;
    check(&site, "trouble 30, lost 30");
}

#[test]
fn what_people_write_counts_from_update_to_update() {
    let mut site = day(&[]);
    post(
        &mut site,
        "incident critical imap\ninvestigating 10:00\nidentified 11:00 imap=partial_outage\nmonitoring 12:00 imap=degraded_performance\nresolved 13:00\n",
    );
    check(&site, "trouble 180, lost 90");
    site.incidents[0].started = Some(at("09:30"));
    check(&site, "trouble 210, lost 120");
}

#[test]
fn of_people_and_monitors_the_worse_counts() {
    let mut site = day(&["d 10:00-10:30"]);
    site.detections = vec![down("10:00-10:30")];
    post(&mut site, "incident major imap\ninvestigating 10:20\nresolved 11:00\n");
    check(&site, "trouble 60, lost 45");
}

#[test]
fn of_an_incident_known_only_by_its_day_no_minutes_are_counted_and_the_day_is_not_a_good_one() {
    let mut site = day(&[]);
    post(&mut site, "incident critical imap\ninvestigating 10:00\nresolved 13:00\n");
    for update in &mut site.incidents[0].updates {
        update.posted = crate::model::PostedAt::Day("2022-03-01".parse().unwrap());
    }
    check(&site, "");
    assert_eq!(imap(&site, "23:59").bars[89].class, BarClass::Minor);
}

#[test]
fn only_maintenance_that_was_announced_before_it_began_counts_as_such() {
    let mut site = day(&["d 10:00-10:30"]);
    site.detections = vec![down("10:00-10:30")];
    let mut announced = |posted: &str, ends: Option<&str>| {
        post(&mut site, &format!("maintenance imap 10:10-10:40\nscheduled {posted}\n"));
        site.incidents[0].kind = Kind::Maintenance(Planned { starts: Some(at("10:10")), ends: ends.map(at) });
        told(&imap(&site, MIDNIGHT).window(Span::All).unwrap().sum)
    };
    assert_eq!(announced("09:00", Some("10:40")), "trouble 10, lost 10, maintenance 30");
    assert_eq!(announced("10:10", Some("10:40")), "trouble 30, lost 30");
    assert_eq!(announced("09:00", None), "trouble 30, lost 30");
}

#[test]
fn maintenance_that_was_over_early_counts_only_so_far() {
    let mut site = day(&[]);
    post(&mut site, "maintenance imap 10:00-12:00\nscheduled 09:00\ncompleted 10:30\n");
    check(&site, "maintenance 30");
    post(&mut site, "maintenance imap 10:00-12:00\nscheduled 09:00\ncancelled 09:30\n");
    check(&site, "");
}

#[test]
fn days_have_the_length_that_the_sites_zone_gives_them() {
    let mut site = measured((24..=31).map(|day| row("a:imap", &format!("2022-03-{day}"), &[])).collect());
    site.config.zone = Zone { name: "Europe/Oslo".to_owned(), tz: TimeZone::get("Europe/Oslo").unwrap() };
    let uptime = imap(&site, "2022-03-30T10:30:00Z");
    let hours: Vec<i64> = uptime.bars.iter().rev().take(4).map(|bar| bar.sum.window_ms / 3_600_000).collect();
    assert_eq!(hours, [12, 24, 24, 23]);
    let week = uptime.window(Span::Days7).unwrap();
    assert_eq!(week.start.to_string(), "2022-03-23T23:00:00Z");
    assert_eq!(week.sum.window_ms / 60_000, 5 * 1440 + 23 * 60 + 12 * 60 + 30);
}

#[test]
fn a_row_of_a_utc_day_is_cut_at_the_zones_own_midnight() {
    let mut site = day(&["d 22:50-23:20"]);
    site.detections = vec![down("22:50-23:20")];
    site.config.zone = Zone { name: "Europe/Oslo".to_owned(), tz: TimeZone::get("Europe/Oslo").unwrap() };
    let bars = &imap(&site, "2022-03-02T10:00:00Z").bars;
    let lost: Vec<i128> = bars.iter().rev().take(2).map(|bar| bar.sum.lost / 60_000_000).collect();
    assert_eq!(lost, [20, 10]);
}

#[test]
fn months_quarters_and_years_stand_newest_first_after_the_latest_days() {
    let rows = ["2021-12-31", "2022-01-01", "2022-03-31", "2022-04-01"].map(|day| row("a:imap", day, &[]));
    let spans: Vec<Span> =
        imap(&measured(rows.to_vec()), "2022-04-01T12:00:00Z").windows.iter().map(|window| window.span).collect();
    let month = |year, month| Span::Month(Month { year, month });
    let expected = [
        [Span::Hours24, Span::Days7, Span::Days30, Span::Days90, Span::Days365].as_slice(),
        &[month(2022, 4), month(2022, 3), month(2022, 1), month(2021, 12)],
        &[Span::Quarter(2022, 2), Span::Quarter(2022, 1), Span::Quarter(2021, 4)],
        &[Span::Year(2022), Span::Year(2021), Span::All],
    ];
    assert_eq!(spans, expected.concat());
}

#[test]
fn a_bar_says_how_much_was_lost_that_day() {
    let class = |clocks: &str| {
        let mut site = day(&[&format!("d {clocks}")]);
        site.detections = vec![down(clocks)];
        imap(&site, "23:59").bars[89].class
    };
    assert_eq!(class("10:00-10:04"), BarClass::Minor);
    assert_eq!(class("10:00-10:05"), BarClass::Partial);
    assert_eq!(class("10:00-10:59"), BarClass::Partial);
    assert_eq!(class("10:00-11:00"), BarClass::Major);
    let of = |intervals: &[&str]| imap(&day(intervals), "23:59").bars[89].clone();
    assert_eq!((of(&[]).class, of(&[]).sparse), (BarClass::Ok, false));
    assert_eq!((of(&["? 00:00-12:00"]).class, of(&["? 00:00-12:00"]).sparse), (BarClass::Ok, true));
    assert_eq!(of(&["? 00:00-23:00"]).class, BarClass::None);
}

#[test]
fn a_day_leads_to_what_happened_on_it() {
    let mut site = measured(vec![row("a:imap", "2022-03-01", &[]), row("a:imap", "2022-03-02", &[])]);
    post(
        &mut site,
        "incident minor imap\ninvestigating 23:00\nresolved 2022-03-02T00:00:00Z\n\nmaintenance imap 10:00-10:30\nscheduled 09:00\n\nincident minor pop\ninvestigating 10:00\n",
    );
    let bars = &imap(&site, "2022-03-02T12:00:00Z").bars;
    assert_eq!(bars[88].incidents, [1, 0]);
    assert_eq!(bars[89].incidents, [0; 0]);
    assert_eq!((bars[88].class, bars[89].class), (BarClass::Minor, BarClass::Ok));
}

#[test]
fn results_are_counted_with_their_failures() {
    let sum = imap(&day(&["d 10:00-10:01"]), MIDNIGHT).window(Span::Days7).unwrap().sum;
    assert_eq!((sum.results, sum.failing), (1440, 3));
}

#[test]
fn latencies_of_all_monitors_are_one_histogram() {
    let with = |of: &str, us: u32| DayRow { latency: Some(Histogram::of([us; 10])), ..row(of, "2022-03-01", &[]) };
    let uptime = imap(&measured(vec![with("a:imap", 10), with("b:imap", 15)]), MIDNIGHT);
    let day = uptime.latency[0];
    assert_eq!((day.count, day.p50_us, day.p95_us, day.p99_us), (20, 10, 15, 15));
}

#[test]
fn who_was_never_measured_has_no_numbers() {
    let mut site = day(&["? 00:00-24:00"]);
    assert_eq!(derive(&site, at(MIDNIGHT)).components[0].uptime, None);
    post(&mut site, "incident critical imap\ninvestigating 10:00\nresolved 11:00\n");
    assert!(derive(&site, at(MIDNIGHT)).components[0].uptime.is_some());
    assert_eq!(derive(&site, at(MIDNIGHT)).components[1].uptime, None);
}

#[test]
fn a_group_is_the_mean_of_its_members_or_up_while_all_of_them_are() {
    let mut site = measured(vec![
        row("a:imap", "2022-03-01", &["d 10:00-11:00"]),
        row("a:pop", "2022-03-01", &["d 10:30-11:30", "? 20:00-21:00"]),
    ]);
    let pop = detection("a:pop", "10:30-11:30", DetectionKind::Down, 60, 60);
    site.detections = vec![down("10:00-11:00"), Detection { components: vec![Slug::new("pop").unwrap()], ..pop }];
    let mail = Slug::new("mail").unwrap();
    site.config.components[0].group = Some(mail.clone());
    site.config.components[1].group = Some(mail.clone());
    site.config.groups = vec![Group { id: mail, name: "Mail".to_owned(), description: None }];
    let group =
        |site: &Site| derive(site, at(MIDNIGHT)).group_uptime[0].clone().unwrap().window(Span::All).unwrap().sum;
    assert_eq!(told(&group(&site)), "trouble 120, lost 120, unknown 60");
    assert_eq!(group(&site).window_ms, 2 * 86_400_000);
    site.config.monitoring.uptime.group_all = true;
    assert_eq!(told(&group(&site)), "trouble 90, lost 90, unknown 60");
    assert_eq!(group(&site).window_ms, 86_400_000);
}

#[test]
fn a_component_may_name_its_monitors() {
    let mut site = measured(vec![row("a:imap", "2022-03-01", &["? 10:00-11:00"]), row("a:x", "2022-03-01", &[])]);
    site.config.components[0].watch = Watch { monitors: Some(vec![monitor("a:x")]), ..Watch::default() };
    check(&site, "");
}

#[test]
fn rows_from_no_time_of_ours_are_left_out() {
    let mut rows = vec![row("a:imap", "0001-01-01", &[]), row("a:imap", "2022-03-01", &[])];
    rows.push(row("a:imap", "9999-12-31", &["d 00:00-24:00"]));
    check(&measured(rows), "");
}
