//! The record over time: per quarter, for the whole site and for each component.
//!
//! An incident belongs to the quarter (site's zone) in which it started. Open incidents count as they stand. An outage that nobody posted about (a published
//! detection that no incident covers, see [`Derived::unexplained`](crate::derive::Derived::unexplained), of any age, and not withdrawn) counts with its whole length as time to first
//! word, so that silence never improves the record.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::fmt;

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp, ToSpan as _};

use super::{Count, PostedBy, Stats};
#[cfg(doc)]
use crate::derive::Derived;
use crate::derive::accounts::AccountMinutes;
use crate::derive::promises::{Owed, Tally};
use crate::derive::{FollowUpState, IncidentFacts, Moment, RfoFacts};
use crate::model::{Detection, Kind, Site, Slug};

/// So many quarters are kept, 25 years: a date with a typing mistake makes no thousand of them.
const QUARTERS_MAX: usize = 100;

/// What "recent" is, in days.
const RECENT_DAYS: i32 = 90;

/// A quarter or a whole year. Ordered by its first day; written `2026-q1` or `2026`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Period {
    pub year: i16,
    /// 1 to 4; `None`: the whole year.
    pub quarter: Option<u8>,
}

/// The record of a site.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Record {
    /// Every quarter from the first with an incident, an uncovered outage or a promise that fell due to that of `now`, newest first, none left out.
    pub quarters: Vec<Standing>,
    /// Every year of them, newest first.
    pub years: Vec<Standing>,
    /// The last 90 days, by started.
    pub recent: Option<Stretch>,
}

/// A period: all of the site, and each component.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Standing {
    pub period: Period,
    /// Whether it is not over yet.
    pub so_far: bool,
    pub all: Stretch,
    /// One for each of the config's components, in the same order.
    pub components: Vec<Stretch>,
}

/// What a stretch of time comes to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Stretch {
    /// Disturbances that a person wrote about, newest first, by index.
    pub incidents: Vec<usize>,
    /// Outages that nobody wrote about, newest first, by index into [`Site::detections`].
    pub unposted: Vec<usize>,
    /// Time to the first word by a person, of both.
    pub first_word: Option<Stats>,
    /// Time from the detection to the automatic notice, of those that had one.
    pub notice: Option<Stats>,
    /// The longest silence of each incident, against `[promise] next_update`.
    pub silence: Option<Stats>,
    /// Updates that came after their promised time, of those whose time has come.
    pub late: Count,
    /// How many of the first words are known by a receipt or a commit; the others are as written.
    pub proven: Count,
    /// Reports that came by their date, of those whose date has come or that are published; and those overdue now.
    pub reports_in_time: Count,
    pub reports_overdue: u32,
    /// How long incidents lasted together, each counted whole, until now where it is open.
    pub minutes: u64,
    pub accounts: AccountMinutes,
    /// Causes as reports name them, with how many incidents each; the most frequent first, then by name.
    pub causes: Vec<(String, u32)>,
    /// Promises in reports that fell due in it.
    pub promises: Tally,
}

impl Period {
    /// The quarter of a day.
    pub fn quarter_of(day: Date) -> Period {
        Period { year: day.year(), quarter: Some(day.month().unsigned_abs().div_ceil(3)) }
    }

    /// Its first day.
    pub fn first_day(self) -> Date {
        let month = self.quarter.map_or(1, |quarter| i8::try_from(quarter * 3 - 2).unwrap_or(1));
        Date::new(self.year, month, 1).unwrap_or(Date::MIN)
    }

    /// Whether the day is in it.
    pub fn contains(self, day: Date) -> bool {
        day.year() == self.year && (self.quarter.is_none() || self == Period::quarter_of(day))
    }

    /// The one before it, of the same length.
    pub fn before(self) -> Period {
        match self.quarter {
            Some(1) => Period { year: self.year - 1, quarter: Some(4) },
            Some(quarter) => Period { year: self.year, quarter: Some(quarter - 1) },
            None => Period { year: self.year - 1, quarter: None },
        }
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.quarter {
            Some(quarter) => write!(f, "{:04}-q{quarter}", self.year),
            None => write!(f, "{:04}", self.year),
        }
    }
}

/// Works the record out, once all facts are known.
pub(in crate::derive) fn record(site: &Site, incidents: &[IncidentFacts], rfos: &[RfoFacts], now: Timestamp) -> Record {
    let sums = Sums { site, incidents, rfos, now };
    let today = Moment::At(now).day(&site.config);
    let mut quarters: BTreeMap<Period, Vec<Item>> = BTreeMap::new();
    let mut all = sums.items();
    all.retain(|item| item.started <= today);
    for item in &all {
        quarters.entry(Period::quarter_of(item.started)).or_default().push(*item);
    }
    let current = Period::quarter_of(today);
    let mut dues: BTreeMap<Period, Vec<Due>> = BTreeMap::new();
    for due in sums.dues().into_iter().filter(|due| Period::quarter_of(due.day) <= current) {
        dues.entry(Period::quarter_of(due.day)).or_default().push(due);
    }
    let first = quarters.keys().chain(dues.keys()).next().copied();
    let all_quarters = first.into_iter().flat_map(|first| {
        let back = std::iter::successors(Some(current), |period| Some(period.before()));
        back.take_while(move |period| *period >= first).take(QUARTERS_MAX)
    });
    let all_quarters: Vec<Period> = all_quarters.collect();
    let mut years: Vec<Period> = all_quarters.iter().map(|period| Period { quarter: None, ..*period }).collect();
    years.dedup();
    let standing = |period: Period| {
        let within = |quarter: &Period| *quarter == period || period.quarter.is_none() && quarter.year == period.year;
        let items: Vec<Item> = quarters
            .iter()
            .rev()
            .filter(|(quarter, _)| within(quarter))
            .flat_map(|(_, items)| items)
            .copied()
            .collect();
        let dues: Vec<Due> =
            dues.iter().filter(|(quarter, _)| within(quarter)).flat_map(|(_, dues)| dues).copied().collect();
        sums.standing(period, items, &dues, today)
    };
    let recent_from = today.saturating_sub(RECENT_DAYS.days());
    let recent: Vec<Item> = all.into_iter().filter(|item| item.started > recent_from).collect();
    let recent_dues: Vec<Due> =
        sums.dues().into_iter().filter(|due| due.day > recent_from && due.day <= today).collect();
    Record {
        quarters: all_quarters.into_iter().map(standing).collect(),
        years: years.into_iter().map(standing).collect(),
        recent: first.map(|_| sums.stretch(recent, &recent_dues)),
    }
}

/// What a stretch is summed up of: an incident that a person wrote about, or an outage that nobody did.
#[derive(Clone, Copy)]
struct Item {
    started: Date,
    at: Timestamp,
    of: Of,
}

#[derive(Clone, Copy)]
enum Of {
    Incident(usize),
    Detection(usize),
}

/// A follow-up that fell due, by the index of its report.
#[derive(Clone, Copy)]
struct Due {
    day: Date,
    rfo: usize,
    state: FollowUpState,
}

#[derive(Clone, Copy)]
struct Sums<'a> {
    site: &'a Site,
    incidents: &'a [IncidentFacts],
    rfos: &'a [RfoFacts],
    now: Timestamp,
}

impl Sums<'_> {
    /// All that there is, newest first.
    fn items(&self) -> Vec<Item> {
        let config = &self.site.config;
        let incidents = self.site.incidents.iter().zip(self.incidents).enumerate();
        let incidents =
            incidents.filter(|(_, (incident, _))| incident.kind == Kind::Incident).map(|(index, (_, facts))| Item {
                started: facts.started.day(config),
                at: facts.started.timestamp(config),
                of: Of::Incident(index),
            });
        let is_unposted = |detection: &Detection| {
            detection.published.is_some()
                && detection.covered_by.is_none()
                && !detection.withdrawn
                && detection.components.iter().any(|id| config.component(id).is_some())
        };
        let detections = self.site.detections.iter().enumerate().filter(|(_, detection)| is_unposted(detection));
        let detections = detections.map(|(index, detection)| {
            let started = Moment::At(detection.start).day(config);
            Item { started, at: detection.start, of: Of::Detection(index) }
        });
        let mut items: Vec<Item> = incidents.chain(detections).collect();
        items.sort_by_key(|item| Reverse(item.at));
        items
    }

    /// Follow-ups by the day on which they fell due; those without one by the day of their report.
    fn dues(&self) -> Vec<Due> {
        let rfos = self.site.rfos.iter().zip(self.rfos).enumerate();
        let dues = rfos.flat_map(|(index, (rfo, facts))| {
            let published = facts.published.day(&self.site.config);
            let follow_ups = rfo.follow_ups.iter().zip(&facts.follow_ups);
            follow_ups.map(move |(follow_up, &state)| Due {
                day: follow_up.due.unwrap_or(published),
                rfo: index,
                state,
            })
        });
        dues.collect()
    }

    fn standing(&self, period: Period, items: Vec<Item>, dues: &[Due], today: Date) -> Standing {
        let of_component = |id: &Slug| {
            let items = items.iter().copied().filter(|item| self.components(item.of).contains(id)).collect();
            let names = |due: &&Due| {
                let incident = self.rfos.get(due.rfo).and_then(|facts| self.site.incidents.get(facts.incident?));
                incident.is_some_and(|incident| incident.components.contains(id))
            };
            let dues: Vec<Due> = dues.iter().filter(names).copied().collect();
            self.stretch(items, &dues)
        };
        Standing {
            period,
            so_far: period.contains(today),
            components: self.site.config.components.iter().map(|component| of_component(&component.id)).collect(),
            all: self.stretch(items, dues),
        }
    }

    fn components(&self, of: Of) -> &[Slug] {
        let incident = |index: usize| self.site.incidents.get(index).map(|incident| incident.components.as_slice());
        let detection = |index: usize| self.site.detections.get(index).map(|detection| detection.components.as_slice());
        match of {
            Of::Incident(index) => incident(index).unwrap_or_default(),
            Of::Detection(index) => detection(index).unwrap_or_default(),
        }
    }

    /// Of items that stand newest first.
    fn stretch(&self, items: Vec<Item>, dues: &[Due]) -> Stretch {
        let promise = &self.site.config.promise;
        let mut stretch = Stretch::default();
        let mut lengths = Lengths::default();
        for item in items {
            match item.of {
                Of::Incident(index) => self.add_incident(index, &mut stretch, &mut lengths),
                Of::Detection(index) => self.add_detection(index, &mut stretch, &mut lengths),
            }
        }
        dues.iter().for_each(|due| stretch.promises.add(due.state));
        stretch.first_word = Stats::of(&mut lengths.first_words, promise.first_post);
        stretch.notice = Stats::of(&mut lengths.notices, None);
        stretch.silence = Stats::of(&mut lengths.silences, promise.next_update);
        let mut causes: Vec<(String, u32)> = lengths.causes.into_values().collect();
        causes.sort_by(|(a, a_count), (b, b_count)| (Reverse(a_count), a).cmp(&(Reverse(b_count), b)));
        stretch.causes = causes;
        stretch
    }

    fn add_incident(&self, index: usize, stretch: &mut Stretch, lengths: &mut Lengths) {
        let (Some(incident), Some(facts)) = (self.site.incidents.get(index), self.incidents.get(index)) else { return };
        stretch.incidents.push(index);
        if let Some(response) = &facts.response {
            lengths.first_words.extend(response.first_after);
            lengths
                .notices
                .extend(response.notice.zip(response.detected).map(|(notice, detected)| since(notice, detected)));
            lengths.silences.extend(response.longest_silence().map(|gap| gap.length));
            let kept = response.kept();
            stretch.late.n += kept.n;
            stretch.late.of += kept.of;
            if let Some(word) = response.first_word {
                stretch.proven.of += 1;
                stretch.proven.n += u32::from(matches!(word.by, PostedBy::Receipt | PostedBy::Commit));
            }
        }
        if let Some(length) = facts.length {
            stretch.minutes += u64::try_from(length.as_mins()).unwrap_or(0);
            stretch.accounts.add(incident.accounts.as_ref(), length, &self.site.config);
        } else {
            stretch.accounts.unsaid += 1;
        }
        match &facts.owed {
            Owed::Overdue(_) => {
                stretch.reports_overdue += 1;
                stretch.reports_in_time.of += 1;
            }
            Owed::Published { due: Some(_), late_days, .. } => {
                stretch.reports_in_time.of += 1;
                stretch.reports_in_time.n += u32::from(late_days.is_none());
            }
            Owed::No | Owed::Waived(_) | Owed::Running | Owed::Due(_) | Owed::Published { due: None, .. } => {}
        }
        let cause = facts.rfo.and_then(|rfo| self.site.rfos.get(rfo)?.cause.as_ref());
        if let Some(cause) = cause {
            // Items stand newest first: the newest report's spelling is shown.
            lengths.causes.entry(cause_key(cause)).or_insert_with(|| (cause.clone(), 0)).1 += 1;
        }
    }

    fn add_detection(&self, index: usize, stretch: &mut Stretch, lengths: &mut Lengths) {
        let Some(detection) = self.site.detections.get(index) else { return };
        stretch.unposted.push(index);
        lengths.first_words.push(since(detection.end.unwrap_or(self.now), detection.start));
        lengths.notices.extend(detection.published.map(|published| since(published, detection.detected)));
    }
}

/// What is not yet a number.
#[derive(Default)]
struct Lengths {
    first_words: Vec<SignedDuration>,
    notices: Vec<SignedDuration>,
    silences: Vec<SignedDuration>,
    causes: BTreeMap<String, (String, u32)>,
}

fn since(later: Timestamp, earlier: Timestamp) -> SignedDuration {
    later.duration_since(earlier).max(SignedDuration::ZERO)
}

/// Two causes are the same where they differ in case and white space only.
pub fn cause_key(cause: &str) -> String {
    cause.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}
