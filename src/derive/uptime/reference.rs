//! Uptime once more, as slowly and plainly as the rule reads: every five minutes are asked one by one what was the case,
//! straight from rows, outages and posts. It shares nothing with the real thing but the types.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

use std::collections::BTreeMap;

use jiff::SignedDuration;
use jiff::tz::TimeZone;
use proptest::prelude::*;

use super::tests::{monitor, row};
use super::*;
use crate::derive::derive;
use crate::derive::tests::site;
use crate::model::{
    ComponentState, DayInterval, DayState, Detection, DetectionKind, HeldBack, Kind, Outage, Places, Watch,
    Window as Planned, Zone,
};

const STEP_MS: i64 = 5 * 60_000;
const STEPS_A_DAY: usize = 288;
const DAYS: usize = 7;

/// Zones and first days such that within a week a clock changes, by an hour or by half of one, or a day does not exist.
const WEEKS: [(&str, &str); 6] = [
    ("Europe/Oslo", "2022-03-24"),
    ("Europe/Oslo", "2022-10-27"),
    ("America/Santiago", "2022-09-08"),
    ("Australia/Lord_Howe", "2022-03-31"),
    ("Asia/Kathmandu", "2022-03-24"),
    ("Pacific/Apia", "2011-12-26"),
];

/// What happened in a week, in steps from its start.
#[derive(Clone, Debug)]
struct Week {
    place: (&'static str, &'static str),
    now: usize,
    rows: Vec<Kept>,
    outages: Vec<Vec<Out>>,
    incidents: Vec<Written>,
    /// Start, length, and how long before its start it was announced.
    works: Vec<(usize, usize, i64)>,
}

/// A row: monitor, collector, day, and stretches of it one after the other; those without a state are good.
type Kept = (usize, usize, usize, Vec<(usize, Option<DayState>)>);

/// An incident: when it was first written about, how much earlier it began, and how long it stayed in each state.
type Written = (usize, usize, Vec<(usize, ComponentState)>);

/// An outage: how long after the one before it, how long, what, and whether it still counts.
#[derive(Clone, Debug)]
struct Out {
    after: usize,
    len: usize,
    kind: DetectionKind,
    fails: u32,
    results: u32,
    withdrawn: bool,
    suspect: bool,
    of_another: bool,
}

fn week() -> impl Strategy<Value = Week> {
    let all = DAYS * STEPS_A_DAY;
    let state = prop_oneof![
        3 => Just(None),
        1 => Just(Some(DayState::NotMonitored)),
        1 => Just(Some(DayState::Maintenance)),
        2 => Just(Some(DayState::Unknown)),
        1 => Just(Some(DayState::Degraded)),
        2 => Just(Some(DayState::Partial)),
        4 => Just(Some(DayState::Down)),
    ];
    let row = (0..2_usize, 0..2_usize, 0..DAYS, prop::collection::vec((1..120_usize, state), 0..6));
    let out = (1..200_usize, 1..100_usize, 0..3_usize, 0..9_u32, 0..9_u32, 0..6_u8);
    let out = out.prop_map(|(after, len, kind, fails, good, fate)| Out {
        after,
        len,
        kind: DetectionKind::ALL[kind],
        fails,
        results: fails + good,
        withdrawn: fate == 0,
        suspect: fate == 1,
        of_another: fate == 2,
    });
    let outages = prop::collection::vec(prop::collection::vec(out, 0..8), 2);
    let said = (1..60_usize, 0..5_usize).prop_map(|(len, state)| (len, ComponentState::ALL[state]));
    let incident = (0..all, 0..30_usize, prop::collection::vec(said, 1..4));
    let work = (0..all, 1..100_usize, -20..20_i64);
    (
        prop::sample::select(WEEKS.to_vec()),
        STEPS_A_DAY..all,
        prop::collection::vec(row, 0..16),
        outages,
        prop::collection::vec(incident, 0..4),
        prop::collection::vec(work, 0..3),
    )
        .prop_map(|(place, now, rows, outages, incidents, works)| Week {
            place,
            now,
            rows,
            outages,
            incidents,
            works,
        })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(64) })]

    #[test]
    fn the_slow_reference_agrees(week in week()) {
        let site = week.site();
        let found = derive(&site, week.at(week.now)).components[0].uptime.clone();
        let expected = week.days();
        let measured = expected.values().any(|sum| sum.measured_ms() > 0);
        prop_assert_eq!(found.is_some(), measured);
        let Some(found) = found else { return Ok(()) };

        for step in 0..week.now {
            let at = week.at(step);
            let slice = found.slices.iter().find(|slice| slice.interval.start() <= at && at < slice.interval.end());
            let said = slice.map(|slice| (slice.what, slice.weight));
            if found.window(Span::All).unwrap().start <= at {
                prop_assert_eq!(said, week.state(step), "at {}", at);
            } else {
                prop_assert_eq!(week.state(step), Some((SliceKind::NotMonitored, 0)), "at {}", at);
            }
        }
        for bar in &found.bars {
            let mut sum = bar.sum;
            (sum.results, sum.failing) = (0, 0);
            match expected.get(&bar.day) {
                Some(expected) => prop_assert_eq!(&sum, expected, "on {}", bar.day),
                None => prop_assert_eq!(sum.measured_ms(), 0, "on {}", bar.day),
            }
        }
        let headline = found.window(Span::Days90).unwrap().sum;
        let whole = Percent::of(&headline) == Some(Percent(100_000));
        let loses = |bar: &Bar| bar.class >= BarClass::Minor && bar.sum.lost > 0;
        prop_assert_eq!(whole, !found.bars.iter().any(loses));
        prop_assert!(found.bars.iter().all(|bar| bar.sum.lost == 0 || bar.class >= BarClass::Minor));
        let parts = |sum: &Sum| sum.up_ms + sum.trouble_ms + sum.maintenance_ms + sum.unknown_ms + sum.not_monitored_ms;
        prop_assert!(found.windows.iter().all(|window| window.sum.window_ms == parts(&window.sum)));
        let length = |window: &Window| window.end.as_millisecond() - window.start.as_millisecond();
        prop_assert!(found.windows.iter().all(|window| window.sum.window_ms == length(window)));
    }
}

impl Week {
    fn at(&self, step: usize) -> Timestamp {
        let start: Timestamp = format!("{}T00:00:00Z", self.place.1).parse().unwrap();
        start + SignedDuration::from_millis(i64::try_from(step).unwrap() * STEP_MS)
    }

    fn rows(&self) -> BTreeMap<(usize, usize, usize), &Kept> {
        self.rows.iter().map(|kept| ((kept.2, kept.0, kept.1), kept)).collect()
    }

    /// As the program would find it.
    fn site(&self) -> Site {
        let mut site = site(&self.posts());
        site.config.zone = Zone { name: self.place.0.to_owned(), tz: TimeZone::get(self.place.0).unwrap() };
        let names = ["a:one", "b:two"];
        site.config.components[0].watch =
            Watch { monitors: Some(names.iter().map(|name| monitor(name)).collect()), ..Watch::default() };
        for (incident, (from, earlier, _)) in site.incidents.iter_mut().zip(&self.incidents) {
            incident.started = Some(self.at(*from) - SignedDuration::from_millis(*earlier as i64 * STEP_MS));
        }
        for (incident, (from, len, _)) in site.incidents.iter_mut().skip(self.incidents.len()).zip(&self.works) {
            let window = Planned { starts: Some(self.at(*from)), ends: Some(self.at(from + len)) };
            incident.kind = Kind::Maintenance(window);
        }
        for ((day, of, shard), kept) in self.rows() {
            let mut row = row(names[of], &self.at(day * STEPS_A_DAY).to_string()[..10], &[]);
            row.shard = ["first", "second"][shard].into();
            let mut step = 0;
            for (len, state) in &kept.3 {
                let (from, to) = (step, (step + len).min(STEPS_A_DAY));
                step = to;
                let second = |step: usize| u32::try_from(step * 300).unwrap();
                if let (Some(state), true) = (state, from < to) {
                    let interval = DayInterval { from_s: second(from), to_s: second(to), state: *state, weight: 1000 };
                    row.intervals.push(interval);
                }
            }
            site.monitoring.days.push(row);
        }
        for (of, from, to, out) in self.outs() {
            site.detections.push(self.detection(names[of], from, to, out));
        }
        site
    }

    fn posts(&self) -> String {
        let mut text = String::new();
        for (from, _, said) in &self.incidents {
            text += "incident none imap\n";
            let mut at = *from;
            for (len, state) in said {
                text += &format!("investigating {} imap={}\n", self.at(at), state.word());
                at += len;
            }
            text += &format!("resolved {}\n\n", self.at(at));
        }
        for (from, _, before) in &self.works {
            let posted = self.at(*from) - SignedDuration::from_millis(before * STEP_MS);
            text += &format!("maintenance imap\nscheduled {posted}\n\n");
        }
        text + "info smtp\nnote 10:00\n"
    }

    fn detection(&self, of: &str, from: usize, to: usize, out: &Out) -> Detection {
        let (start, end) = (self.at(from), self.at(to));
        let (kind, fails, results) = (out.kind, out.fails, out.results);
        let outage = Outage { start, end: Some(end), monitor: monitor(of), kind, fails, results };
        Detection {
            id: Slug::new(&format!("x-{from}")).unwrap(),
            components: vec![Slug::new(if out.of_another { "pop" } else { "imap" }).unwrap()],
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
            held_back: out.suspect.then(|| HeldBack::SuspectSource(Slug::new("a").unwrap())),
            covered_by: None,
            withdrawn: out.withdrawn,
            thresholds: String::new(),
            revision: 1,
        }
    }

    /// Monitor, from, to.
    fn outs(&self) -> Vec<(usize, usize, usize, &Out)> {
        let mut all = Vec::new();
        for (of, outs) in self.outages.iter().enumerate() {
            let mut at = 0;
            for out in outs {
                all.push((of, at + out.after, at + out.after + out.len, out));
                at += out.after + out.len;
            }
        }
        all
    }

    // --- The rule, read aloud -----------------------------------------------------------------------------------------

    /// What the five minutes from `step` were; `None` if they were good.
    fn state(&self, step: usize) -> Option<(SliceKind, u16)> {
        let knowing: Vec<Option<bool>> = self.collectors().iter().map(|line| self.knows(*line, step)).collect();
        if knowing.iter().all(Option::is_none) {
            return Some((SliceKind::NotMonitored, 0));
        }
        let works = |(from, len, before): &(usize, usize, i64)| *before > 0 && (*from..from + len).contains(&step);
        if self.works.iter().any(works) {
            return Some((SliceKind::Maintenance, 0));
        }
        let by_people = self.incidents.iter().filter_map(|incident| said_by_people(incident, step));
        let measured = self.outs().into_iter().filter_map(|out| self.weight_of(out, step));
        if let Some(weight) = by_people.chain(measured).max() {
            return Some((SliceKind::Trouble, weight));
        }
        (!knowing.contains(&Some(true))).then_some((SliceKind::Unknown, 0))
    }

    /// Every monitor and collector that has a row.
    fn collectors(&self) -> Vec<(usize, usize)> {
        let mut all: Vec<_> =
            self.rows().keys().filter(|key| key.0 * STEPS_A_DAY < self.now).map(|key| (key.1, key.2)).collect();
        all.sort_unstable();
        all.dedup();
        all
    }

    /// Whether a collector knew how its monitor was; `None` if it had nothing to know.
    fn knows(&self, (of, shard): (usize, usize), step: usize) -> Option<bool> {
        let rows = self.rows();
        let first = rows.keys().filter(|key| (key.1, key.2) == (of, shard)).map(|key| key.0).min()?;
        if step / STEPS_A_DAY < first {
            return None;
        }
        let known = match rows.get(&(step / STEPS_A_DAY, of, shard)) {
            None => false,
            Some(kept) => match state_in(kept, step % STEPS_A_DAY) {
                Some(DayState::NotMonitored) => return None,
                Some(DayState::Maintenance | DayState::Unknown) => false,
                Some(DayState::Degraded | DayState::Partial | DayState::Down) | None => true,
            },
        };
        let void = |out: &(usize, usize, usize, &Out)| {
            let counts = (out.3.withdrawn || out.3.suspect) && !out.3.of_another;
            counts && out.0 == of && (out.1..out.2).contains(&step)
        };
        Some(known && !self.outs().iter().any(void))
    }

    /// What an outage weighs at a step, if it weighs anything then.
    fn weight_of(&self, (of, from, to, out): (usize, usize, usize, &Out), step: usize) -> Option<u16> {
        if !(from..to).contains(&step) || out.withdrawn || out.suspect || out.of_another {
            return None;
        }
        // Of a monitor without any row nothing is kept but what the ledger says, and that is not enough.
        if !self.collectors().iter().any(|line| line.0 == of) {
            return None;
        }
        let said = |step: usize| -> Vec<DayState> {
            let rows = self.rows();
            let of_monitor = rows.iter().filter(|(key, _)| (key.0, key.1) == (step / STEPS_A_DAY, of));
            of_monitor.filter_map(|(_, kept)| state_in(kept, step % STEPS_A_DAY)).collect()
        };
        let each = || {
            let weigh = |state: DayState| match state {
                DayState::Down => Some(1000),
                DayState::Partial => Some(500),
                _ => None,
            };
            said(step).into_iter().filter_map(weigh).max()
        };
        match out.kind {
            DetectionKind::Degraded => Some(0),
            DetectionKind::Down => each(),
            DetectionKind::Partial if out.results == 0 => each(),
            DetectionKind::Partial if (from..to.min(self.now)).any(|step| said(step).contains(&DayState::Partial)) => {
                each()
            }
            DetectionKind::Partial => Some(u16::try_from((1000 * out.fails).div_ceil(out.results)).unwrap().max(300)),
        }
    }

    /// The sum of each day of the zone.
    fn days(&self) -> BTreeMap<Date, Sum> {
        let tz = TimeZone::get(self.place.0).unwrap();
        let mut days: BTreeMap<Date, Sum> = BTreeMap::new();
        for step in 0..self.now {
            let sum = days.entry(self.at(step).to_zoned_datetime(tz.clone()).date()).or_default();
            sum.window_ms += STEP_MS;
            match self.state(step) {
                None => sum.up_ms += STEP_MS,
                Some((SliceKind::Unknown, _)) => sum.unknown_ms += STEP_MS,
                Some((SliceKind::Maintenance, _)) => sum.maintenance_ms += STEP_MS,
                Some((SliceKind::NotMonitored, _)) => sum.not_monitored_ms += STEP_MS,
                Some((SliceKind::Trouble, weight)) => {
                    sum.trouble_ms += STEP_MS;
                    sum.lost += i128::from(weight) * i128::from(STEP_MS);
                }
            }
        }
        // The week begins at midnight UTC, in the middle of a day of the zone: what came before was not monitored.
        if let Some((day, sum)) = days.iter_mut().next() {
            let midnight = day.to_zoned_datetime(tz).unwrap().timestamp();
            let before_ms = self.at(0).duration_since(midnight).as_millis() as i64;
            sum.window_ms += before_ms;
            sum.not_monitored_ms += before_ms;
        }
        days
    }
}

fn state_in(kept: &Kept, step: usize) -> Option<DayState> {
    let mut end = 0;
    for (len, state) in &kept.3 {
        end += len;
        if step < end {
            return *state;
        }
    }
    None
}

fn said_by_people((from, earlier, said): &Written, step: usize) -> Option<u16> {
    let mut start = *from;
    for (place, (len, state)) in said.iter().enumerate() {
        let begins = if place == 0 { start.saturating_sub(*earlier) } else { start };
        if (begins..start + len).contains(&step) {
            return match state {
                ComponentState::MajorOutage => Some(1000),
                ComponentState::PartialOutage => Some(500),
                ComponentState::DegradedPerformance => Some(0),
                ComponentState::UnderMaintenance | ComponentState::Operational => None,
            };
        }
        start += len;
    }
    None
}
