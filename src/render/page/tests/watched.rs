//! The made-up site with monitors: what they saw of the bad Tuesday, a notice under way, one that nobody explained, and a
//! year of numbers. Values are set by hand, as `derive` would find them, so that pages can be read without it.

use std::sync::Arc;

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp, ToSpan as _};

use super::sample::{at, incident, site, slug};
use crate::derive::uptime::{Bar, BarClass, LatencyDay, Span, Sum, Uptime, Window};
use crate::derive::{Derived, Measured, Month, Phase, Watched, derive};
use crate::model::{
    Check, CheckStatus, ComponentState, Detection, DetectionKind, Impact, Incident, IncidentStatus, Kind, MonitorId,
    MonitorRef, Outage, Places, Series, Site,
};

const DAY_MS: i64 = 86_400_000;
const MINUTE_MS: i64 = 60_000;
const PLACES: Places = Places { failing: 3, of: 5 };

/// Everything there is, as of `now`.
pub(in crate::render) fn watched(now: &str) -> (Site, Derived) {
    let (mut site, _) = site(now);
    let now = at(now);
    site.monitoring.series = ["imap", "pop", "smtp", "mx", "webmail", "calendar", "site"]
        .into_iter()
        .map(|id| (monitor(id), series(now)))
        .collect();
    let mut detections = vec![
        detection("2022-03-25-0312", &["imap"], "2022-03-25T03:12:00Z", Some("2022-03-25T03:18:00Z")),
        detection("2022-03-29-0859", &["imap", "pop"], "2022-03-29T08:59:00Z", Some("2022-03-29T21:10:00Z")),
        Detection {
            kind: DetectionKind::Degraded,
            ..detection("2022-03-29-1208", &["calendar"], "2022-03-29T12:08:00Z", Some("2022-03-29T12:32:00Z"))
        },
    ];
    detections.retain(|detection| detection.detected <= now);
    for detection in &mut detections {
        detection.end = detection.end.filter(|end| *end <= now);
        detection.closed = detection.end.and_then(|end| end.checked_add(SignedDuration::from_mins(15)).ok());
        for outage in &mut detection.outages {
            outage.end = outage.end.filter(|end| *end <= now);
        }
    }
    site.incidents.retain(|incident| incident.slug != slug("2022-03-29-calendar"));
    let notices = detections.iter().filter(|detection| detection.id != slug("2022-03-29-0859"));
    let notices: Vec<Incident> = notices.map(notice).collect();
    site.incidents.extend(notices);
    site.incidents.sort_by(|a, b| a.source.cmp(&b.source));
    site.detections = detections;

    let mut derived = derive(&site, now);
    cover(&site, &mut derived);
    measure(&site, &mut derived);
    (site, derived)
}

/// What `observe` and `derive` add: which detection is whose.
fn cover(site: &Site, derived: &mut Derived) {
    for (index, detection) in site.detections.iter().enumerate() {
        let covering = match detection.id.as_str() {
            "2022-03-29-0859" => slug("2022-03-29-imap-logins-failing"),
            _ => detection.id.clone(),
        };
        let known = site.incidents.iter().zip(&mut derived.incidents).find(|(incident, _)| incident.slug == covering);
        let Some((incident, facts)) = known else { continue };
        facts.detections.push(index);
        facts.measured = Some(Measured {
            start: detection.start,
            detected: detection.detected,
            end: detection.end,
            places: detection.places,
            start_differs: false,
            end_differs: incident.kind == Kind::Incident && detection.end.is_some(),
            disagreement: None,
        });
        if incident.kind == Kind::Notice && facts.phase == Phase::Over {
            derived.unexplained.insert(0, index);
        }
    }
}

fn measure(site: &Site, derived: &mut Derived) {
    let today = derived.now.to_zoned_datetime(site.config.zone.tz.clone()).date();
    let components = site.config.components.iter().zip(&mut derived.components).enumerate();
    for (at, (component, facts)) in components {
        let open = |(_, detection): &(usize, &Detection)| {
            detection.end.is_none() && detection.components.contains(&component.id)
        };
        let open: Vec<usize> = site.detections.iter().enumerate().filter(open).map(|(index, _)| index).collect();
        let worst = open.iter().map(|&index| site.detections[index].kind.state()).max();
        facts.state = facts.state.max(worst.unwrap_or(ComponentState::Operational));
        derived.overall = derived.overall.max(facts.state);
        facts.watched = Some(Watched {
            state: worst.unwrap_or(ComponentState::Operational),
            last_result: Some(derived.now),
            silent: component.id.as_str() == "site",
            checking: component.id.as_str() == "smtp",
            detections: open,
        });
        let about = |date: Date| -> Vec<usize> {
            let on = |index: &&usize| derived.incidents[**index].started.day(&site.config) == date;
            facts.history.iter().filter(on).copied().collect()
        };
        facts.uptime = Some(Arc::new(uptime(today, at, about)));
    }
    derived.group_uptime = site.config.groups.iter().map(|_| derived.components[0].uptime.clone()).collect();
}

fn uptime(today: Date, component: usize, about: impl Fn(Date) -> Vec<usize>) -> Uptime {
    let bars: Vec<Bar> =
        (0..90).rev().map(|ago| bar(today.saturating_sub(i64::from(ago).days()), ago, component, &about)).collect();
    let total = bars.iter().fold(Sum::default(), |mut sum, bar| {
        sum += bar.sum;
        sum
    });
    let last = bars.last().map(|bar| bar.sum).unwrap_or_default();
    let window = |span, sum| Window { span, start: Timestamp::MIN, end: Timestamp::MAX, sum };
    let spans = [
        (Span::Hours24, last),
        (Span::Days7, total),
        (Span::Days30, total),
        (Span::Days90, total),
        (Span::Days365, total),
        (Span::Month(Month { year: 2022, month: 3 }), total),
        (Span::Month(Month { year: 2022, month: 2 }), total),
        (Span::Quarter(2022, 1), total),
        (Span::Year(2022), total),
        (Span::All, total),
    ];
    let latency = (0..90_u32).rev().filter(|ago| *ago != 40 && *ago != 12).map(|ago| {
        let base = 34_000 + (ago * 7919 + 31) % 9000;
        let p95_us = base * 2 + if ago == 20 { 80_000 } else { (ago * 104_729) % 15_000 };
        LatencyDay {
            day: today.saturating_sub(i64::from(ago).days()),
            count: 1440,
            p50_us: base,
            p95_us,
            p99_us: p95_us + 20_000 + (ago * 31_337) % 40_000 + if ago == 55 { 900_000 } else { 0 },
        }
    });
    Uptime {
        windows: spans.into_iter().map(|(span, sum)| window(span, sum)).collect(),
        latency: latency.collect(),
        bars,
        slices: Vec::new(),
    }
}

/// The first component has a bit of everything; the others are quiet unless something is known of them.
fn bar(day: Date, ago: u32, component: usize, about: &impl Fn(Date) -> Vec<usize>) -> Bar {
    let incidents = about(day);
    let bad_tuesday = day == jiff::civil::date(2022, 3, 29);
    let (class, lost_minutes, trouble_minutes) = match (component, ago) {
        (0 | 1, _) if bad_tuesday => (BarClass::Major, 365, 730),
        (0, 13) => (BarClass::Minor, 0, 5),
        (0, _) if day == jiff::civil::date(2022, 3, 25) => (BarClass::Partial, 6, 6),
        (0, 57 | 56) => (BarClass::None, 0, 0),
        (0, 70) => (BarClass::Maintenance, 0, 0),
        (6, 40..) => (BarClass::None, 0, 0),
        _ if !incidents.is_empty() => (BarClass::Minor, 0, 20),
        _ => (BarClass::Ok, 0, 0),
    };
    let unknown_ms = if class == BarClass::None && component == 0 { 15 * 3_600_000 + MINUTE_MS } else { 0 };
    let trouble_ms = trouble_minutes * MINUTE_MS;
    let not_monitored_ms = if class == BarClass::None && component == 6 { DAY_MS } else { 0 };
    let maintenance_ms = if class == BarClass::Maintenance { 35 * MINUTE_MS } else { 0 };
    let sum = Sum {
        window_ms: DAY_MS,
        up_ms: DAY_MS - unknown_ms - trouble_ms - not_monitored_ms - maintenance_ms,
        trouble_ms,
        maintenance_ms,
        unknown_ms,
        not_monitored_ms,
        lost: i128::from(lost_minutes * MINUTE_MS) * 1000,
        results: 1440,
        failing: 3,
    };
    Bar { day, class, sum, sparse: ago == 33, incidents }
}

fn monitor(id: &str) -> MonitorRef {
    MonitorRef { feed: slug("own"), monitor: MonitorId::new(id).unwrap() }
}

fn series(now: Timestamp) -> Series {
    let check = |ago: i64| Check {
        at_ms: now.as_millisecond() - ago * MINUTE_MS,
        latency_us: Some(30_000),
        place: Some(0),
        status: CheckStatus::Up,
        confirmed: true,
        rev: 0,
    };
    Series {
        places: ["ams", "fra", "lon", "osl", "sto"].into_iter().map(Arc::from).collect(),
        checks: (0..10).rev().map(check).collect(),
        ..Series::default()
    }
}

fn detection(id: &str, components: &[&str], start: &str, end: Option<&str>) -> Detection {
    let outage = |(offset, id): (i64, &&str)| Outage {
        start: at(start).checked_add(SignedDuration::from_mins(offset * 5)).unwrap(),
        end: end.map(|end| at(end).checked_sub(SignedDuration::from_mins(offset * 100)).unwrap()),
        monitor: monitor(id),
        kind: DetectionKind::Down,
        fails: 30,
        results: 40,
    };
    let offsets = (0..).zip(components);
    Detection {
        id: slug(id),
        components: components.iter().map(|id| slug(id)).collect(),
        kind: DetectionKind::Down,
        start: at(start),
        detected: at(start).checked_add(SignedDuration::from_mins(3)).unwrap(),
        outages: offsets.map(outage).collect(),
        places: PLACES,
        recovering: None,
        end: end.map(at),
        closed: None,
        openings: vec![at(start)],
        unstable: false,
        published: None,
        held_back: None,
        covered_by: None,
        withdrawn: false,
        thresholds: "180 s, 2 places, hold 900 s".to_owned(),
        revision: 1,
    }
}

/// As `observe` makes it.
fn notice(detection: &Detection) -> Incident {
    let component = detection.components.first().unwrap();
    let (title, impact) = match detection.kind {
        DetectionKind::Degraded => (format!("{component}: degraded performance"), Impact::Minor),
        DetectionKind::Partial | DetectionKind::Down => (format!("{component}: outage"), Impact::Major),
    };
    let mut notice = incident(detection.id.as_str(), &title, impact, &[component.as_str()]).told(
        IncidentStatus::Investigating,
        &detection.detected.to_string(),
        "Automatic: our checks have failed from 3 of 5 places. A person has not confirmed this yet.",
    );
    if let Some(closed) = detection.closed {
        notice = notice.told(IncidentStatus::Resolved, &closed.to_string(), "Automatic: our checks are good again.");
    }
    notice.kind = Kind::Notice;
    notice.started = Some(detection.start);
    notice.source = String::new();
    notice
}
