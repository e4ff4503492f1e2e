//! The recorded hour: four programs watched one scripted target at twelve times speed, on 2026-11-24 from 10:08:20.3Z.
//!
//! What was true (in seconds after that): webmail failed from 120 to 190, came and went every 12 s from 250 to 370, and was
//! slow from 380 to 440; IMAP refused connections from 450 to 540. Every length of the thresholds is divided by twelve here
//! as well. The answers of the programs stand beside the repository; without them the tests say so and do nothing.
#![expect(clippy::unwrap_used, reason = "a test's own input is right, or the test is wrong")]

use jiff::SignedDuration;

use super::*;
use crate::load::Fold;
use crate::load::feed::Payload;
use crate::load::feed::adapter::{of, sample};
use crate::model::{Brownout, FeedKind, MonitorRef};

/// The script's first second, Unix ms.
const BEGIN_MS: i64 = 1_795_514_900_300;

/// The programs checked every 5 s.
const INTERVAL_MS: i64 = 5000;

/// When all had been recorded: the 675th second.
const END_MS: i64 = BEGIN_MS + 675_000;

/// The script itself, checked every 5 s: what holds without the recorded answers as well.
#[test]
fn a_check_every_five_seconds_sees_both_outages_whenever_it_began() {
    let webmail =
        |second: i64| (120..190).contains(&second) || (250..370).contains(&second) && (second - 250) % 24 < 12;
    let imap = |second: i64| (450..540).contains(&second);
    for phase_ms in (0..INTERVAL_MS).step_by(500) {
        let seen =
            vec![("webmail".to_owned(), scripted(phase_ms, &webmail)), ("imap".to_owned(), scripted(phase_ms, &imap))];
        whole(&seen, "webmail", 120, 190);
        whole(&seen, "imap", 450, 540);
        flaps_once(&seen, "webmail");
        assert_eq!(count(&seen, "imap"), 1);
    }
}

#[test]
fn prometheus_sees_both_outages_within_one_interval() {
    let answers = [("prometheus/query_range-probe_success.json", "")];
    let Some(seen) = watched(FeedKind::Prometheus, &[("label", "component")], &answers) else { return };
    whole(&seen, "webmail", 120, 190);
    whole(&seen, "imap", 450, 540);
    flaps_once(&seen, "webmail");
    assert_eq!(count(&seen, "imap"), 1);
}

#[test]
fn nagios_sees_both_outages_within_one_interval() {
    let answers = [("nagios/archive-alertlist.json", "")];
    let Some(seen) = watched(FeedKind::Nagios, &[], &answers) else { return };
    let (webmail, imap) = (named(&seen, "ebmail"), named(&seen, "IMAP"));
    whole(&seen, &webmail, 120, 190);
    whole(&seen, &imap, 450, 540);
    flaps_once(&seen, &webmail);
}

#[test]
fn kuma_sees_the_outage_that_it_was_there_for() {
    // It was started in the middle of the flapping, 288 s after the first second.
    let answers = [("uptime-kuma/v2.5.3-status-page.json", ""), ("uptime-kuma/v2.5.3-heartbeat-recovered.json", "")];
    let Some(seen) = watched(FeedKind::UptimeKuma, &[], &answers) else { return };
    whole(&seen, "3", 450, 540);
    for monitor in ["1", "2"] {
        assert!(count(&seen, monitor) <= 1, "{monitor}: {seen:?}");
    }
}

#[test]
fn alertmanager_knows_when_its_rule_began_to_fail_once_told_how_long_that_waits() {
    let answers: Vec<(String, &str)> = ["1-down-firing", "2-down-resolved", "5-imap-firing", "6-imap-resolved"]
        .iter()
        .map(|name| (format!("alertmanager/webhook-{name}.json"), ""))
        .collect();
    let answers: Vec<(&str, &str)> = answers.iter().map(|(path, request)| (path.as_str(), *request)).collect();
    let options = [("label", "component"), ("for", "15s")];
    let Some(seen) = watched(FeedKind::Alertmanager, &options, &answers) else { return };
    // The rule is evaluated every 5 s and looks at a probe that is as old: two intervals at its end.
    start(&seen, "webmail", 120, INTERVAL_MS + 500);
    start(&seen, "imap", 450, INTERVAL_MS + 500);
    end(&seen, "webmail", 190, 2 * INTERVAL_MS + 500);
    end(&seen, "imap", 540, 2 * INTERVAL_MS + 500);
    // A rule that begins anew at one good sample never fires on twelve seconds of failure.
    assert_eq!(count(&seen, "webmail"), 1);
}

type Seen = Vec<(String, Vec<Episode>)>;

/// All monitors of a recorded answer with their episodes; `None` where it is not there.
fn watched(kind: FeedKind, options: &[(&str, &str)], answers: &[(&str, &str)]) -> Option<Seen> {
    let answers: Option<Vec<Payload>> = answers
        .iter()
        .map(|&(path, request)| {
            let bytes = sample::recorded(path)?;
            Some(Payload { name: path.to_owned(), request: request.to_owned(), bytes, asked_ms: END_MS })
        })
        .collect();
    let feed = sample::feed(kind, options).unwrap();
    let reading = (of(kind).read)(&feed, &answers?).value;
    let mut fold = Fold::default();
    fold.add(&feed.id, reading);
    let limits = at_twelve_times_speed();
    let rules = Rules { limits: &limits, detect_after: limits.detect_after, slow_after_us: None, expires_ms: None };
    let of = |(monitor, series): (MonitorRef, Series)| (monitor.monitor.to_string(), episodes(&series, &rules, END_MS));
    Some(fold.series().into_iter().map(of).collect())
}

fn scripted(phase_ms: i64, fails: &dyn Fn(i64) -> bool) -> Vec<Episode> {
    let check = |at_ms: i64| Check {
        at_ms: BEGIN_MS + at_ms,
        latency_us: None,
        place: None,
        status: if fails(at_ms / 1000) { CheckStatus::Down } else { CheckStatus::Up },
        confirmed: true,
        rev: 0,
    };
    let checks = (phase_ms..END_MS - BEGIN_MS).step_by(5000).map(check).collect();
    let series = Series { interval_ms: Some(INTERVAL_MS), checks, ..Series::default() };
    let limits = at_twelve_times_speed();
    let rules = Rules { limits: &limits, detect_after: limits.detect_after, slow_after_us: None, expires_ms: None };
    episodes(&series, &rules, END_MS)
}

fn at_twelve_times_speed() -> DetectionLimits {
    let limits = DetectionLimits::default();
    let twelfth = |duration: SignedDuration| duration / 12;
    DetectionLimits {
        detect_after: twelfth(limits.detect_after),
        fast_detect_after: twelfth(limits.fast_detect_after),
        brownout: Brownout { window: twelfth(limits.brownout.window), ..limits.brownout },
        hold: twelfth(limits.hold),
        hold_max: twelfth(limits.hold_max),
        relapse: twelfth(limits.relapse),
        unstable_window: twelfth(limits.unstable_window),
        unstable_hold: twelfth(limits.unstable_hold),
        stale_min: twelfth(limits.stale_min),
        ..limits
    }
}

/// A monitor whose id holds that text and that has an episode.
fn named(seen: &Seen, part: &str) -> String {
    let found = seen.iter().find(|(id, episodes)| id.contains(part) && !episodes.is_empty());
    found.map(|(id, _)| id.clone()).unwrap_or_else(|| unreachable!("no {part} in {seen:?}"))
}

fn of_monitor<'a>(seen: &'a Seen, monitor: &str) -> &'a [Episode] {
    seen.iter().find(|(id, _)| id == monitor).map_or(&[], |(_, episodes)| episodes)
}

fn count(seen: &Seen, monitor: &str) -> usize {
    of_monitor(seen, monitor).len()
}

/// Some stretch of the monitor begins and ends there, within one interval of checks.
fn whole(seen: &Seen, monitor: &str, from_s: i64, to_s: i64) {
    start(seen, monitor, from_s, INTERVAL_MS + 500);
    end(seen, monitor, to_s, INTERVAL_MS + 500);
}

fn start(seen: &Seen, monitor: &str, second: i64, off_ms: i64) {
    let wanted = BEGIN_MS + second * 1000;
    let near = |stretch: &Stretch| (stretch.start_ms - wanted).abs() <= off_ms;
    let mut stretches = of_monitor(seen, monitor).iter().flat_map(|episode| &episode.stretches);
    assert!(stretches.any(near), "no start of {monitor} at second {second}: {:#?}", of_monitor(seen, monitor));
}

fn end(seen: &Seen, monitor: &str, second: i64, off_ms: i64) {
    let wanted = BEGIN_MS + second * 1000;
    let near = |stretch: &Stretch| stretch.end_ms.is_some_and(|end_ms| (end_ms - wanted).abs() <= off_ms);
    let mut stretches = of_monitor(seen, monitor).iter().flat_map(|episode| &episode.stretches);
    assert!(stretches.any(near), "no end of {monitor} at second {second}: {:#?}", of_monitor(seen, monitor));
}

/// Of the two minutes in which it came and went there is one notice at most, which may be the earlier one going on.
fn flaps_once(seen: &Seen, monitor: &str) {
    assert!(count(seen, monitor) <= 2, "{:#?}", of_monitor(seen, monitor));
    let begun = of_monitor(seen, monitor).iter().filter(|episode| episode.start_ms >= BEGIN_MS + 240_000);
    assert!(begun.count() <= 1, "{:#?}", of_monitor(seen, monitor));
}
