//! Outages and posts as a few lines of text, and what becomes of them as text. All on 1 March 2022, UTC, unless a date
//! stands before the time.
//!
//! ```text
//! imap 11:02 11:05                      the monitor `own:imap` fails from 11:02, decided at 11:05
//! imap 11:02 11:05 11:40                … until 11:40, and taken to be over when that had held for 15 minutes
//! imap 11:02 11:05 11:40 again 12:10 12:13        … and again
//! net/pop 11:02 11:05 partial 3/5       of another feed; part of it; from 3 of 5 places
//! ```

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use snapbox::assert_data_eq;

use crate::derive::detect::{Episode, Rule, Stretch};
use crate::derive::observe::{Episodes, detections, with};
use crate::derive::tests::{at, site};
use crate::load::{built_in_theme, fill_notice_texts};
use crate::model::{
    Component, Detection, DetectionKind, DetectionLimits, Feed, FeedKind, Group, HeldBack, MonitorId, MonitorRef,
    Notices, Origin, Places, Secrets, Series, Site, Slug,
};

/// A world: what monitors saw, and what people wrote.
pub(super) struct Field {
    pub site: Site,
    pub episodes: Episodes,
}

pub(super) fn slug(text: &str) -> Slug {
    Slug::new(text).unwrap()
}

/// `imap` is of the feed `own`, `net/imap` of the feed `net`.
pub(super) fn monitor(text: &str) -> MonitorRef {
    let (feed, id) = text.split_once('/').unwrap_or(("own", text));
    MonitorRef { feed: slug(feed), monitor: MonitorId::new(id).unwrap() }
}

impl Field {
    /// IMAP and POP are the group Mail; sending and the website stand alone.
    pub(super) fn new(outages: &str, posts: &str) -> Field {
        let mut site = site(posts);
        site.config.components = [("imap", Some("mail")), ("pop", Some("mail")), ("smtp", None), ("web", None)]
            .map(|(id, group)| Component {
                id: slug(id),
                name: id.to_uppercase(),
                description: None,
                group: group.map(slug),
                watch: crate::model::Watch::default(),
            })
            .to_vec();
        site.config.groups = vec![Group { id: slug("mail"), name: "Mail".to_owned(), description: None }];
        let feed = |id: &str| Feed {
            id: slug(id),
            kind: FeedKind::Upfront,
            from: Origin::Log,
            interval: None,
            timeout: SignedDuration::from_secs(10),
            secrets: Secrets::default(),
            canary: None,
            options: BTreeMap::new(),
        };
        site.config.monitoring.feeds = ["own", "net"].map(feed).to_vec();
        fill_notice_texts(&mut site.config, &built_in_theme());
        let mut field = Field { site, episodes: Episodes::new() };
        outages.lines().filter(|line| !line.trim().is_empty()).for_each(|line| field.add(line));
        field
    }

    pub(super) fn limits(&mut self) -> &mut DetectionLimits {
        &mut self.site.config.monitoring.limits
    }

    pub(super) fn component(&mut self, id: &str) -> &mut Component {
        self.site.config.components.iter_mut().find(|component| component.id.as_str() == id).unwrap()
    }

    pub(super) fn notices(mut self, id: &str, notices: Notices) -> Field {
        self.component(id).watch.notices = Some(notices);
        self
    }

    /// A monitor that is heard of, whether it fails or not.
    pub(super) fn heard(&mut self, name: &str) -> &mut Series {
        self.site.monitoring.series.entry(monitor(name)).or_default()
    }

    /// With that ledger, as of an earlier moment, in which what was looked at then is not looked at any more.
    pub(super) fn after(mut self, ledger: Vec<Detection>) -> Field {
        self.site.monitoring.ledger = ledger;
        self
    }

    pub(super) fn detections(&self, now: &str) -> Vec<Detection> {
        let now = at(now);
        let mut known = self.episodes.clone();
        for episodes in known.values_mut() {
            episodes.iter_mut().for_each(|episode| as_of(episode, now));
            episodes.retain(|episode| !episode.openings.is_empty());
        }
        known.retain(|_, episodes| !episodes.is_empty());
        detections(&self.site, &known, now)
    }

    /// The site as everything after this step sees it.
    pub(super) fn observed(&self, now: &str) -> Site {
        with(self.site.clone(), self.detections(now))
    }

    pub(super) fn told(&self, now: &str) -> String {
        self.detections(now).iter().map(told).collect()
    }

    fn add(&mut self, line: &str) {
        let (monitor, episode) = episode(line);
        self.site.monitoring.series.entry(monitor.clone()).or_default();
        self.episodes.entry(monitor).or_default().push(episode);
    }
}

pub(super) fn check(outages: &str, posts: &str, now: &str, expected: impl snapbox::IntoData) {
    assert_data_eq!(Field::new(outages, posts).told(now), expected);
}

/// One line for each detection.
pub(super) fn told(detection: &Detection) -> String {
    let clock = |at: Timestamp| {
        let day = if at.strftime("%F").to_string() == "2022-03-01" { "" } else { "%F " };
        let seconds = if at.strftime("%S").to_string() == "00" { "" } else { ":%S" };
        at.strftime(&format!("{day}%H:%M{seconds}")).to_string()
    };
    let components: Vec<&str> = detection.components.iter().map(Slug::as_str).collect();
    let mut line = format!("{} {} {}", detection.id, detection.kind.word(), components.join("+"));
    line += &format!(" from {} detected {}", clock(detection.start), clock(detection.detected));
    match (detection.closed, detection.recovering) {
        (Some(closed), _) => {
            line += &format!(" to {} closed {}", detection.end.map(clock).unwrap_or_default(), clock(closed))
        }
        (None, Some(recovering)) => line += &format!(" recovering {}", clock(recovering)),
        (None, None) => line += " open",
    }
    if detection.openings.len() > 1 {
        line += &format!(" {} openings", detection.openings.len());
    }
    if detection.unstable {
        line += " unstable";
    }
    line += &detection.published.map_or(String::new(), |at| format!("; published {}", clock(at)));
    line += &detection.held_back.as_ref().map_or(String::new(), |why| format!("; held back: {}", reason(why)));
    line += &detection.covered_by.as_ref().map_or(String::new(), |by| format!("; covered by {by}"));
    line + if detection.withdrawn { ", withdrawn\n" } else { "\n" }
}

fn reason(why: &HeldBack) -> String {
    match why {
        HeldBack::Maintenance(slug) => format!("maintenance {slug}"),
        HeldBack::Incident(slug) => format!("incident {slug}"),
        HeldBack::Parent(slug) => format!("parent {slug}"),
        HeldBack::SuspectSource(slug) => format!("suspect source {slug}"),
        HeldBack::TooMany => "too many".to_owned(),
        HeldBack::Draft => "draft".to_owned(),
        HeldBack::Off => "off".to_owned(),
    }
}

const HOLD: SignedDuration = SignedDuration::from_mins(15);

fn episode(line: &str) -> (MonitorRef, Episode) {
    let ms = |text: &str| at(text).as_millisecond();
    let mut words: Vec<&str> = line.split_whitespace().collect();
    let name = words.remove(0);
    let kind = DetectionKind::ALL.into_iter().find(|kind| words.contains(&kind.word())).unwrap_or(DetectionKind::Down);
    let places = words.iter().find_map(|word| {
        let (failing, of) = word.split_once('/')?;
        Some(Places { failing: failing.parse().ok()?, of: of.parse().ok()? })
    });
    let unstable = words.contains(&"unstable");
    words.retain(|word| *word == "again" || word.contains(':'));
    let mut stretches = Vec::new();
    let mut openings = Vec::new();
    for part in words.split(|word| *word == "again") {
        let end_ms = part.get(2).map(|end| ms(end));
        stretches.push(Stretch { start_ms: ms(part[0]), end_ms, kind, fails: 5, results: 5 });
        openings.push(ms(part[1]));
    }
    let end_ms = stretches.last().unwrap().end_ms;
    let later = |duration: SignedDuration| end_ms.map(|end| end + duration.as_millis() as i64);
    let episode = Episode {
        kind,
        rule: Rule::Total,
        start_ms: stretches[0].start_ms,
        detected_ms: openings[0],
        recovering_ms: later(SignedDuration::from_mins(4)),
        end_ms,
        closed_ms: later(HOLD),
        stretches,
        openings,
        unstable,
        places: places.unwrap_or_default(),
    };
    (monitor(name), episode)
}

/// The episode of a line whose last part turned worse at a moment, without another opening.
pub(super) fn turned_worse(field: &mut Field, name: &str, at_time: &str) {
    let from_ms = at(at_time).as_millisecond();
    let episode = field.episodes.get_mut(&monitor(name)).unwrap().last_mut().unwrap();
    let last = episode.stretches.last_mut().unwrap();
    let worse = Stretch { start_ms: from_ms, kind: DetectionKind::Down, ..*last };
    last.end_ms = Some(from_ms);
    last.kind = DetectionKind::Partial;
    episode.stretches.push(worse);
    episode.kind = DetectionKind::Down;
}

/// What detection knew of it at `now`.
fn as_of(episode: &mut Episode, now: Timestamp) {
    let now_ms = now.as_millisecond();
    let known = episode.openings.iter().filter(|opening| **opening <= now_ms).count();
    if known < episode.openings.len() {
        episode.openings.truncate(known);
        episode.stretches.retain(|stretch| stretch.start_ms <= now_ms);
        let end_ms = episode.stretches.last().and_then(|stretch| stretch.end_ms);
        episode.end_ms = end_ms;
        episode.recovering_ms = end_ms.map(|end| end + 240_000);
        episode.closed_ms = end_ms.map(|end| end + HOLD.as_millis() as i64);
    }
    let past = |at: Option<i64>| at.filter(|at| *at <= now_ms);
    episode.stretches.iter_mut().for_each(|stretch| stretch.end_ms = past(stretch.end_ms));
    episode.recovering_ms = past(episode.recovering_ms);
    episode.closed_ms = past(episode.closed_ms);
    episode.end_ms = episode.closed_ms.and(episode.end_ms);
}
