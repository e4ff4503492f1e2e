//! What is wrong now, and since when.

use jiff::Timestamp;
use jiff::civil::Date;

use super::{About, Health, Trouble, feeds, rounds};
use crate::derive::promises::Owed;
use crate::derive::{self, Derived, FollowUpState};
use crate::model::{Detection, FollowUp, HeldBack, Incident, Rfo, Site, When};

/// Everything that is wrong, by reason, then since, then address.
pub(super) fn wrong(site: &Site, derived: &Derived, health: &Health) -> Vec<Trouble> {
    let mut all: Vec<Trouble> = Vec::new();
    all.extend(unconfirmed(site));
    all.extend(about_incidents(site, derived));
    all.extend(promises(site, derived));
    all.extend(feeds::silent(site, derived, health).into_iter().filter_map(|silent| {
        let feed = site.config.monitoring.feeds.get(silent.feed)?;
        let about = About::Feed { feed: silent.feed, why: silent.why };
        Some(of_all(When::FeedSilent, feed.id.to_string(), silent.since, about))
    }));
    let build = health.build_failed.clone();
    all.extend(build.map(|(since, why)| of_all(When::BuildFailed, "build".to_owned(), since, About::Build(why))));
    let publish = health.publish_failed.clone();
    all.extend(
        publish.map(|(since, why)| of_all(When::PublishFailed, "publish".to_owned(), since, About::Publish(why))),
    );
    all.sort_by(|a, b| (a.when, a.since, &a.of).cmp(&(b.when, b.since, &b.of)));
    all
}

/// What concerns everything.
fn of_all(when: When, of: String, since: Timestamp, about: About) -> Trouble {
    Trouble { when, of, since, about, components: Vec::new(), impact: None, is_fading: false }
}

/// Outages under way of which no person has said anything: those with a notice, those whose draft waits, and those that have
/// no notice only because there were too many of them: then readers hear nothing unless somebody is called.
fn unconfirmed(site: &Site) -> impl Iterator<Item = Trouble> {
    site.detections.iter().enumerate().filter(|(_, detection)| asks(detection)).filter_map(|(index, detection)| {
        // Of components that the config no longer knows there is nothing to confirm.
        let notice = derive::draft_notice(site, detection)?;
        Some(Trouble {
            when: When::Unconfirmed,
            of: detection.id.to_string(),
            since: rounds::since(detection, &site.config.monitoring.limits),
            about: About::Detection(index),
            components: notice.components,
            impact: Some(notice.impact),
            is_fading: detection.recovering.is_some(),
        })
    })
}

/// Whether a detection asks for a person.
pub(super) fn asks(detection: &Detection) -> bool {
    let is_told = match &detection.held_back {
        None => detection.published.is_some(),
        Some(HeldBack::Draft | HeldBack::TooMany) => true,
        Some(HeldBack::Maintenance(_) | HeldBack::Incident(_) | HeldBack::Parent(_) | HeldBack::SuspectSource(_)) => {
            false
        }
        Some(HeldBack::Off) => false,
    };
    is_told && detection.is_open() && detection.covered_by.is_none() && !detection.withdrawn
}

/// Next words and reports whose time has come. A report's day begins with its midnight in the site's zone: until its end the
/// promise can be kept.
fn about_incidents<'a>(site: &'a Site, derived: &'a Derived) -> impl Iterator<Item = Trouble> + 'a {
    site.incidents.iter().zip(&derived.incidents).enumerate().flat_map(move |(index, (incident, facts))| {
        let trouble = |when, since, about| Trouble {
            when,
            of: incident.first_slug().to_string(),
            since,
            about,
            components: incident.components.clone(),
            impact: Some(incident.impact),
            is_fading: false,
        };
        let next = facts.next_update.filter(|next| next.overdue);
        let overdue = next.map(|next| trouble(When::UpdateOverdue, next.at, About::Incident(index)));
        let due = match facts.owed {
            Owed::Due(day) | Owed::Overdue(day) => begun(site, derived, day),
            Owed::No | Owed::Waived(_) | Owed::Running | Owed::Published { .. } => None,
        };
        let due = due.map(|since| trouble(When::RfoDue, since, About::Report(index)));
        overdue.into_iter().chain(due)
    })
}

/// Follow-ups whose day has come.
fn promises<'a>(site: &'a Site, derived: &'a Derived) -> impl Iterator<Item = Trouble> + 'a {
    derived.promises.entries.iter().filter_map(move |entry| {
        let rfo = site.rfos.get(entry.rfo)?;
        let follow_up = rfo.follow_ups.get(entry.follow_up)?;
        let day = match entry.state {
            FollowUpState::Due | FollowUpState::Overdue => follow_up.due?,
            FollowUpState::Open | FollowUpState::Done | FollowUpState::DoneLate(_) | FollowUpState::Dropped => {
                return None;
            }
        };
        let incident = derived.rfos.get(entry.rfo)?.incident.and_then(|incident| site.incidents.get(incident));
        Some(Trouble {
            when: When::PromiseDue,
            of: of_follow_up(rfo, follow_up),
            since: begun(site, derived, day)?,
            about: About::FollowUp { rfo: entry.rfo, follow_up: entry.follow_up },
            components: incident.map_or(Vec::new(), |incident| incident.components.clone()),
            impact: incident.map(|incident: &Incident| incident.impact),
            is_fading: false,
        })
    })
}

/// Its report and its words: another one may be written above it.
pub(super) fn of_follow_up(rfo: &Rfo, follow_up: &FollowUp) -> String {
    let first_slug = rfo.aliases.first().unwrap_or(&rfo.slug);
    let id: String = blake3::hash(follow_up.what.text.as_bytes()).to_hex().chars().take(12).collect();
    format!("{first_slug}.{id}")
}

/// When a day began in the site's zone, once it has.
fn begun(site: &Site, derived: &Derived, day: Date) -> Option<Timestamp> {
    let begun = day.to_zoned_datetime(site.config.zone.tz.clone()).ok()?.timestamp();
    (begun <= derived.now).then_some(begun)
}
