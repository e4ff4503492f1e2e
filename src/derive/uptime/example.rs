//! The example of docs/uptime.md, worked out: the page shows no number that the program would not.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use jiff::tz::TimeZone;

use super::tests::{detection, imap, row};
use super::*;
use crate::derive::tests::{at, site};
use crate::model::{DetectionKind, Kind, Window as Planned, Zone};

/// 27 March 2022 in Oslo, where the clock went forward.
fn documented() -> Site {
    let times = |text: &str| text.replace("D", "2022-03-27T");
    let mut site = site(&times(
        "incident major imap\ninvestigating D08:00:00Z\nresolved D08:20:00Z\n\nmaintenance imap\nscheduled 2022-03-26T12:00:00Z\n",
    ));
    let window = Planned { starts: Some(at(&times("D02:00:00Z"))), ends: Some(at(&times("D02:30:00Z"))) };
    site.incidents[1].kind = Kind::Maintenance(window);
    site.config.zone = Zone { name: "Europe/Oslo".to_owned(), tz: TimeZone::get("Europe/Oslo").unwrap() };
    site.monitoring.days = vec![
        row("a:imap", "2022-03-26", &[]),
        row("b:imap", "2022-03-26", &[]),
        row("a:imap", "2022-03-27", &["? 04:10-04:15", "d 07:02-07:14", "d 11:00-11:12", "d 13:00-13:01"]),
        row("b:imap", "2022-03-27", &["? 04:05-04:15", "d 07:02-07:14"]),
    ];
    let out = |from: &str, to: &str, kind, fails, results| {
        let mut found = detection("a:imap", "10:00-10:30", kind, fails, results);
        (found.outages[0].start, found.outages[0].end) = (at(&times(from)), Some(at(&times(to))));
        found
    };
    site.detections = vec![
        out("D07:02:00Z", "D07:14:00Z", DetectionKind::Down, 12, 12),
        out("D11:00:00Z", "D11:40:00Z", DetectionKind::Partial, 12, 40),
    ];
    site
}

#[test]
fn the_example_in_the_documentation_adds_up() {
    let doc = include_str!("../../../docs/uptime.md");
    let uptime = imap(&documented(), "2022-03-27T22:00:00Z");
    let oslo = TimeZone::get("Europe/Oslo").unwrap();
    let clock = |at: Timestamp| at.to_zoned_datetime(oslo.clone()).strftime("%H:%M").to_string();
    for slice in &uptime.slices {
        let (from, to) = (clock(slice.interval.start()), clock(slice.interval.end()));
        let seconds = slice.interval.duration().as_secs();
        let what = match slice.what {
            SliceKind::Trouble => "trouble",
            SliceKind::Maintenance => "maintenance",
            SliceKind::Unknown => "unknown",
            SliceKind::NotMonitored => "not monitored",
        };
        let lost = seconds * i64::from(slice.weight) / 1000;
        let numbers = match slice.what {
            SliceKind::Trouble => format!("| {} | {seconds} s | {lost} s |", slice.weight),
            _ => format!("| | {seconds} s | |"),
        };
        let start = format!("| {from} | {to} | {what}");
        let line = doc.lines().find(|line| line.starts_with(&start)).unwrap_or_else(|| panic!("no line `{start}`"));
        assert!(line.ends_with(&numbers), "{line}");
    }
    assert_eq!(uptime.slices.len(), 5);
    let bar = uptime.bars.iter().find(|bar| bar.day.to_string() == "2022-03-27").unwrap();
    let Figure::Known { printed, measured_percent: None } = bar.sum.figure() else { panic!("no number") };
    for said in [
        format!("82 {} s", bar.sum.window_ms / 1000 - 82_000),
        format!(
            "80 {} s, {}.{} %",
            bar.sum.measured_ms() / 1000 - 80_000,
            bar.sum.coverage_permille() / 10,
            bar.sum.coverage_permille() % 10
        ),
        format!("Lost were {} s", bar.sum.lost / 1_000_000),
        format!("**{printed} %**"),
        format!("\"{} min down\"", bar.sum.down_minutes_up()),
        format!("The bar is {:?}", bar.class).to_lowercase().replace("the bar", "The bar"),
    ] {
        assert!(doc.contains(&said), "{said}");
    }
}
