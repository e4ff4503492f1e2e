//! However often, and whenever, a site is built: the same is decided.

use proptest::prelude::*;

use super::notation::{MIDNIGHT_MS, mins, rules, said};
use crate::derive::detect::{Episode, episodes};
use crate::model::{Check, CheckStatus, DetectionLimits, Series, Span};

const MINUTE_MS: i64 = 60_000;

/// The rules as they are written down, asked again each minute of all results up to then: slow, and with no memory but
/// of what is open. Results of one place, without degraded ones.
mod reference {
    use super::{MIDNIGHT_MS, MINUTE_MS};
    use crate::model::{Check, CheckStatus};

    /// When each outage opened, began, and closed, with the openings of a relapse on a line of their own.
    pub fn run(checks: &[Check], minutes: i64) -> Vec<(i64, i64, Option<i64>, bool)> {
        let mut all: Vec<(i64, i64, Option<i64>, bool)> = Vec::new();
        let mut hold = 15;
        let (mut last_fail_of_closed, mut unstable) = (i64::MIN / 2, false);
        for minute in 0..=minutes {
            let seen: Vec<(i64, bool)> = checks
                .iter()
                .map(|check| ((check.at_ms - MIDNIGHT_MS) / MINUTE_MS, check.status))
                .filter(|(at, status)| *at <= minute && *status != CheckStatus::Unknown)
                .map(|(at, status)| (at, status == CheckStatus::Down))
                .collect();
            let Some(&(newest, newest_fails)) = seen.last() else { continue };
            if minute - newest >= 5 {
                continue;
            }
            // Since the last silence, and since the last outage.
            let silent = seen.windows(2).rposition(|pair| pair[1].0 - pair[0].0 >= 5).map_or(0, |index| index + 1);
            let heard = &seen[silent..];
            if let Some((_, _, closed @ None, _)) = all.last_mut() {
                let last_fail = seen.iter().rev().find(|(_, fails)| *fails).map_or(0, |(at, _)| *at);
                let goods = seen.iter().filter(|(at, _)| *at > last_fail).count();
                if last_fail + hold <= minute && goods >= 5 {
                    *closed = Some(minute);
                    last_fail_of_closed = last_fail;
                }
                continue;
            }
            let start = if newest == minute && newest_fails { opens(heard, last_fail_of_closed, minute) } else { None };
            let Some(start) = start else { continue };
            let closed = all.last().and_then(|last| last.2);
            let relapse = closed.is_some_and(|closed| start <= closed + 60);
            if unstable && start - last_fail_of_closed >= 360 {
                unstable = false;
                all.iter_mut().for_each(|opening| opening.0 = opening.0.min(minute - 361));
            }
            unstable |= all.iter().filter(|opening| opening.0 >= minute - 360).count() >= 2;
            hold = if relapse { (2 * hold).min(60) } else { 15 };
            if unstable {
                hold = hold.max(60);
            }
            all.push((minute, start, None, unstable));
        }
        all
    }

    fn opens(heard: &[(i64, bool)], not_before: i64, minute: i64) -> Option<i64> {
        let run = heard.iter().rev().take_while(|(_, fails)| *fails).collect::<Vec<_>>();
        if let Some(first) = run.last()
            && run.len() >= 2
            && minute - first.0 >= 3
        {
            return Some(first.0);
        }
        let recent = heard.iter().filter(|(at, _)| *at > minute - 15).count().max(15).min(heard.len());
        // Failures of an outage that is over are out of the window; its good results stay.
        let window = heard[heard.len() - recent..].iter().filter(|(at, fails)| !fails || *at > not_before);
        let window: Vec<_> = window.collect();
        let fails: Vec<i64> = window.iter().filter(|(_, fails)| *fails).map(|(at, _)| *at).collect();
        let (first, last) = (*fails.first()?, *fails.last()?);
        (fails.len() >= 5 && 2 * fails.len() >= window.len() && last - first >= 3).then_some(first)
    }
}

fn check(at_ms: i64, status: CheckStatus, place: Option<u16>) -> Check {
    Check { at_ms, latency_us: None, place, status, confirmed: true, rev: 0 }
}

/// Stretches of results with a probability of their own, so that outages, brown-outs and quiet hours all come up.
fn a_day() -> impl Strategy<Value = Vec<Check>> {
    let stretch = (1..90_usize, prop_oneof![Just(0), Just(0), Just(0), Just(35), Just(60), Just(100), Just(101)]);
    let noise = proptest::collection::vec(0..100_u32, 1500);
    (proptest::collection::vec(stretch, 1..25), noise).prop_map(|(stretches, noise)| {
        let shares = stretches.into_iter().flat_map(|(minutes, share)| std::iter::repeat_n(share, minutes));
        let result = |((share, dice), minute): ((u32, u32), i64)| {
            let status = match dice {
                _ if share == 101 => return None,
                0..=1 if share == 0 => CheckStatus::Down,
                97..=99 => CheckStatus::Unknown,
                dice if dice < share => CheckStatus::Down,
                _ => CheckStatus::Up,
            };
            Some(check(MIDNIGHT_MS + minute * MINUTE_MS, status, None))
        };
        shares.zip(noise).zip(0..1440).filter_map(result).collect()
    })
}

/// Anything at all, from several places, with spans among it.
fn anything() -> impl Strategy<Value = Series> {
    let status = proptest::sample::select(CheckStatus::ALL.to_vec());
    let result = (0..3000_i64, status.clone(), proptest::option::of(0..4_u16));
    let span = (0..3000_i64, proptest::option::of(0..400_i64), status, any::<bool>());
    let results = proptest::collection::vec(result, 0..600);
    (results, proptest::collection::vec(span, 0..12)).prop_map(|(results, spans)| {
        let at = |ticks: i64| MIDNIGHT_MS + ticks * 20_000;
        let results = results.into_iter().map(|(ticks, status, place)| check(at(ticks), status, place));
        let mut series = Series { checks: results.collect(), ..Series::default() };
        series.checks.sort_by_key(|check| (check.at_ms, check.place));
        series.checks.dedup_by_key(|check| (check.at_ms, check.place));
        let span = |(from, length, status, confirmed): (i64, Option<i64>, CheckStatus, bool)| Span {
            from_ms: at(from),
            to_ms: length.map(|length| at(from + length)),
            status,
            confirmed,
            rev: 0,
        };
        series.spans = spans.into_iter().map(span).collect();
        series.spans.sort();
        series
    })
}

/// What of `later` had been decided by `now_ms` is what was decided then.
fn only_grew(earlier: &[Episode], later: &[Episode], now_ms: i64) -> Result<(), TestCaseError> {
    let known: Vec<&Episode> = later.iter().filter(|episode| episode.detected_ms <= now_ms).collect();
    prop_assert_eq!(earlier.len(), known.len());
    for (then, now) in earlier.iter().zip(known) {
        prop_assert_eq!((then.start_ms, then.detected_ms, then.rule), (now.start_ms, now.detected_ms, now.rule));
        let openings: Vec<i64> = now.openings.iter().copied().filter(|at_ms| *at_ms <= now_ms).collect();
        prop_assert_eq!(&then.openings, &openings);
        prop_assert!(then.kind <= now.kind && then.unstable <= now.unstable && then.places <= now.places);
        prop_assert!(then.stretches.len() <= now.stretches.len());
        for (before, after) in then.stretches.iter().zip(&now.stretches) {
            prop_assert_eq!(before.start_ms, after.start_ms);
        }
        if then.closed_ms.is_some() && now.openings.len() == openings.len() {
            prop_assert_eq!((then.closed_ms, then.end_ms), (now.closed_ms, now.end_ms));
        } else if then.closed_ms.is_none() && now.openings.len() == openings.len() {
            prop_assert!(now.closed_ms.is_none_or(|closed_ms| closed_ms > now_ms));
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_pass_decides_what_the_rules_decide_each_minute(checks in a_day()) {
        let expected = reference::run(&checks, 1440);
        let series = Series { interval_ms: Some(MINUTE_MS), checks, ..Series::default() };
        let limits = DetectionLimits::default();
        let found = episodes(&series, &rules(&limits), MIDNIGHT_MS + 1440 * MINUTE_MS);
        let minute = |at_ms: i64| (at_ms - MIDNIGHT_MS) / MINUTE_MS;
        let opened: Vec<i64> = found.iter().flat_map(|episode| &episode.openings).copied().map(minute).collect();
        let expected_openings: Vec<i64> = expected.iter().map(|opening| opening.0).collect();
        prop_assert_eq!(opened, expected_openings, "{}", said(&found));
        for episode in &found {
            let first = expected.iter().find(|opening| opening.1 == minute(episode.start_ms));
            prop_assert!(first.is_some(), "{}\n{:?}", said(&found), expected);
            let last = episode.openings.last().map_or(0, |opened| minute(*opened));
            let of_last = expected.iter().find(|opening| opening.0 == last);
            prop_assert_eq!(of_last.and_then(|opening| opening.2), episode.closed_ms.map(minute), "{}", said(&found));
            prop_assert_eq!(of_last.map(|opening| opening.3), Some(episode.unstable), "{}\n{:?}", said(&found), expected);
        }
    }

    #[test]
    fn what_was_decided_stays_decided(series in anything(), cuts in proptest::collection::vec(0..3400_i64, 2..8)) {
        let limits = DetectionLimits { detect_after: mins(2), ..DetectionLimits::default() };
        let mut cuts = cuts;
        cuts.sort_unstable();
        let times: Vec<i64> = cuts.iter().map(|ticks| MIDNIGHT_MS + ticks * 20_000).collect();
        let all: Vec<Vec<Episode>> =
            times.iter().map(|now_ms| episodes(&series, &rules(&limits), *now_ms)).collect();
        for (pair, now_ms) in all.windows(2).zip(&times) {
            only_grew(&pair[0], &pair[1], *now_ms)?;
        }
    }

    #[test]
    fn episodes_and_stretches_stand_one_after_the_other(series in anything()) {
        let limits = DetectionLimits::default();
        let found = episodes(&series, &rules(&limits), i64::MAX);
        let mut last_ms = i64::MIN;
        for stretch in found.iter().flat_map(|episode| &episode.stretches) {
            prop_assert!(last_ms <= stretch.start_ms, "{}", said(&found));
            prop_assert!(stretch.end_ms.is_none_or(|end_ms| end_ms >= stretch.start_ms), "{}", said(&found));
            prop_assert!(stretch.fails <= stretch.results, "{}", said(&found));
            last_ms = stretch.end_ms.unwrap_or(stretch.start_ms);
        }
    }
}

#[test]
fn times_at_the_ends_of_the_calendar_do_no_harm() {
    let ends = [i64::MIN, i64::MIN + 1, -1, 0, i64::MAX - 1, i64::MAX];
    let checks = ends.map(|at_ms| check(at_ms, CheckStatus::Down, Some(u16::MAX))).to_vec();
    let spans = ends.map(|from_ms| Span { from_ms, to_ms: None, status: CheckStatus::Down, confirmed: true, rev: 0 });
    let series = Series { checks, spans: spans.to_vec(), interval_ms: Some(i64::MAX), ..Series::default() };
    let limits = DetectionLimits::default();
    assert!(episodes(&series, &rules(&limits), i64::MAX).len() <= ends.len());
}
