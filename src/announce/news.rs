//! What there is to tell: one piece of news for each update, report and kept promise. Pure.
//!
//! Each has an address in the site that stays the same when a text or time is corrected, so an edit is no news. Planned work
//! that begins or ends by the clock is news as well, unless a person has said so.

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};

use crate::derive::{Derived, Moment, Phase};
use crate::model::{Evidence, Incident, Kind, MaintenanceStatus, NewsKind, PostedAt, Site, Slug, Stage, Update};

/// What came out longer ago is not announced any more.
pub const AGE_MAX: SignedDuration = SignedDuration::from_hours(24);

/// What is dated longer ago is not, however new it is in git: archives are moved in, histories rewritten.
const WRITTEN_AGE_MAX: SignedDuration = SignedDuration::from_hours(7 * 24);

/// A piece of news.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct News {
    /// Its address; see [`crate::model::Deliveries`].
    pub key: String,
    /// Another address that it had before, which holds for what was sent once it had come out.
    pub old_key: Option<String>,
    pub kind: NewsKind,
    pub of: NewsOf,
    /// When it came out, as well as that is known: the later of its heading and the best evidence.
    pub at: Timestamp,
    /// When its heading says that it was, and never later than `at`: an archive comes out long after it was written.
    pub written: Timestamp,
    /// The first slug of its incident: what belongs together in a channel.
    pub thread: Slug,
    /// Whether a receipt says that it was seen live.
    pub seen_live: bool,
}

/// What it tells of, by its place in the [`Site`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NewsOf {
    Update {
        incident: usize,
        update: usize,
    },
    /// Planned work begins by the clock.
    Begins {
        incident: usize,
    },
    /// Planned work ends by the clock.
    Ends {
        incident: usize,
    },
    Report {
        rfo: usize,
    },
    FollowUp {
        rfo: usize,
        follow_up: usize,
    },
}

impl NewsOf {
    /// The incident that it is about.
    pub fn incident(self, derived: &Derived) -> Option<usize> {
        match self {
            NewsOf::Update { incident, .. } | NewsOf::Begins { incident } | NewsOf::Ends { incident } => Some(incident),
            NewsOf::Report { rfo } | NewsOf::FollowUp { rfo, .. } => derived.rfos.get(rfo)?.incident,
        }
    }
}

/// All that came out in the last 24 hours, newest first.
pub fn news(site: &Site, derived: &Derived) -> Vec<News> {
    let now = derived.now;
    let mut all = Vec::new();
    for (index, (incident, facts)) in site.incidents.iter().zip(&derived.incidents).enumerate() {
        for (at, update) in incident.updates.iter().enumerate() {
            all.extend(of_update(site, incident, update, now, NewsOf::Update { incident: index, update: at }));
        }
        if let Kind::Maintenance(window) = incident.kind {
            all.extend(by_the_clock(incident, facts.phase, (window.starts, window.ends), index));
        }
    }
    for (index, (rfo, facts)) in site.rfos.iter().zip(&derived.rfos).enumerate() {
        let incident = facts.incident.and_then(|incident| site.incidents.get(incident));
        let thread = incident.map_or(&rfo.slug, Incident::first_slug);
        let first_slug = rfo.aliases.first().unwrap_or(&rfo.slug);
        let written = Moment::of(rfo.published, now, &site.config);
        let (at, seen_live) = came_out(written, rfo.evidence, now, site);
        all.push(News {
            key: format!("rfo/{first_slug}/"),
            old_key: None,
            kind: NewsKind::Report,
            of: NewsOf::Report { rfo: index },
            at,
            written: end_of(written, now, site).min(at),
            thread: thread.clone(),
            seen_live,
        });
        for (number, follow_up) in rfo.follow_ups.iter().enumerate() {
            let Some(at) = follow_up.done.and_then(|day| end_of_what_is_known(day, now, site)) else { continue };
            // Made of its words, as in the feed of promises: another one may be written above it.
            let id: String = blake3::hash(follow_up.what.text.as_bytes()).to_hex().chars().take(12).collect();
            all.push(News {
                key: format!("rfo/{first_slug}/#follow-up-{id}"),
                old_key: None,
                kind: NewsKind::FollowUp,
                of: NewsOf::FollowUp { rfo: index, follow_up: number },
                at,
                written: at,
                thread: thread.clone(),
                // The page of promises has it with the build that knows it.
                seen_live: true,
            });
        }
    }
    all.retain(|news| now.duration_since(news.at) <= AGE_MAX && news.at.duration_since(now) <= AGE_MAX);
    all.sort_by(|a, b| (b.at, &b.key).cmp(&(a.at, &a.key)));
    all
}

fn of_update(site: &Site, incident: &Incident, update: &Update, now: Timestamp, of: NewsOf) -> Option<News> {
    let written = Moment::of(update.posted, now, &site.config);
    if now.duration_since(written.timestamp(&site.config)) > WRITTEN_AGE_MAX {
        return None;
    }
    let (at, seen_live) = came_out(written, update.evidence, now, site);
    let at = if update.posted == PostedAt::Unknown && update.evidence == Evidence::None { now } else { at };
    Some(News {
        key: format!("incidents/{}/#u-{}", incident.first_slug(), update.id),
        old_key: None,
        kind: kind(incident),
        of,
        at,
        written: end_of(written, now, site).min(at),
        thread: incident.first_slug().clone(),
        seen_live,
    })
}

fn kind(incident: &Incident) -> NewsKind {
    match incident.kind {
        Kind::Incident | Kind::FalseAlarm => NewsKind::Incident,
        Kind::Maintenance(_) => NewsKind::Maintenance,
        Kind::Info => NewsKind::Announcement,
        Kind::Notice => NewsKind::Notice,
    }
}

/// The later of what the writer says and what is proven. A day alone is as late as its evidence, or as now.
fn came_out(written: Moment, evidence: Evidence, now: Timestamp, site: &Site) -> (Timestamp, bool) {
    let proven = match evidence {
        Evidence::None | Evidence::MovedIn { .. } => None,
        Evidence::Committed(at) | Evidence::Published(at) => Some(at),
    };
    let at = match (written, proven) {
        (Moment::At(written), Some(proven)) => written.max(proven),
        (Moment::Day(_), Some(proven)) => proven,
        (Moment::At(_) | Moment::Day(_), None) => end_of(written, now, site),
    };
    (at, matches!(evidence, Evidence::Published(_)))
}

/// The moment, or the end of the day, which is now where that is not over.
fn end_of(moment: Moment, now: Timestamp, site: &Site) -> Timestamp {
    match moment {
        Moment::At(at) => at,
        Moment::Day(day) => end_of_what_is_known(day, now, site).unwrap_or(now),
    }
}

/// The end of a day, or now where that day is not over.
fn end_of_what_is_known(day: Date, now: Timestamp, site: &Site) -> Option<Timestamp> {
    let next = day.tomorrow().ok()?.to_zoned_datetime(site.config.zone.tz.clone()).ok()?;
    Some(next.timestamp().min(now))
}

/// Planned work whose beginning or end no person has told.
fn by_the_clock(
    incident: &Incident,
    phase: Phase,
    (starts, ends): (Option<Timestamp>, Option<Timestamp>),
    index: usize,
) -> impl Iterator<Item = News> {
    use MaintenanceStatus::{Cancelled, Completed, InProgress, Verifying};
    let said = |wanted: &[MaintenanceStatus]| {
        incident
            .updates
            .iter()
            .any(|update| matches!(update.stage, Stage::Maintenance(status) if wanted.contains(&status)))
    };
    let begun = phase != Phase::Upcoming && !said(&[InProgress, Verifying, Completed, Cancelled]);
    let over = phase == Phase::Over && !said(&[Completed, Cancelled]);
    let news = move |tail: &str, of: NewsOf, at: Timestamp| News {
        // Work that is put off begins once more.
        key: format!("incidents/{}/#{tail}-{}", incident.first_slug(), at.strftime("%Y%m%dT%H%MZ")),
        old_key: Some(format!("incidents/{}/#{tail}", incident.first_slug())),
        kind: NewsKind::Maintenance,
        of,
        at,
        written: at,
        thread: incident.first_slug().clone(),
        seen_live: true,
    };
    let begins = starts.filter(|_| begun).map(|at| news("begins", NewsOf::Begins { incident: index }, at));
    let ends = ends.filter(|_| over).map(|at| news("ends", NewsOf::Ends { incident: index }, at));
    begins.into_iter().chain(ends)
}
