//! How something that staff were called for has ended.

use jiff::Timestamp;

use super::{Health, feeds, since_of, wrong};
use crate::derive::{Derived, Moment};
use crate::model::{Site, When};

/// Something that was wrong and is not any more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ended {
    pub when: When,
    pub of: String,
    pub since: Timestamp,
    pub how: How,
}

/// How it ended. Incidents and reports by their place in the [`Site`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    /// A person has written about it: the incident, and when they did.
    Posted { incident: usize, at: Moment },
    /// A person says that it was a false alarm.
    Withdrawn { incident: usize },
    /// It works again, since then: nobody has written.
    ByItself { at: Timestamp },
    /// The report is published.
    Reported { rfo: usize },
    /// The promise is kept, or openly dropped.
    Done { rfo: usize },
    /// Something is heard again, since then.
    Heard { at: Timestamp },
    /// The step went well.
    Works,
    /// It is not asked for any more: another day was named, the file or the feed is gone.
    Gone,
}

/// What became of the alarm of that address, which is not wrong now. `None` where nothing is known of it.
pub(super) fn ended(site: &Site, derived: &Derived, health: &Health, when: When, key: &str) -> Option<Ended> {
    let of = key.split('/').nth(2)?.to_owned();
    let since = since_of(key)?;
    let how = match when {
        When::Unconfirmed => of_detection(site, derived, &of),
        When::UpdateOverdue => of_incident(site, derived, &of, since),
        When::RfoDue => of_report(site, derived, &of),
        When::PromiseDue => of_promise(site, &of),
        When::FeedSilent => of_feed(site, derived, &of),
        When::BuildFailed | When::PublishFailed if !health.is_known => return None,
        When::BuildFailed | When::PublishFailed => How::Works,
    };
    Some(Ended { when, of, since, how })
}

fn of_detection(site: &Site, derived: &Derived, of: &str) -> How {
    let Some(detection) = site.detections.iter().find(|one| one.id.as_str() == of) else { return How::Gone };
    if let Some(by) = &detection.covered_by {
        let Some(incident) = site.incidents.iter().position(|one| one.first_slug() == by) else { return How::Gone };
        if detection.withdrawn {
            return How::Withdrawn { incident };
        }
        return derived.incidents.get(incident).map_or(How::Gone, |facts| {
            let word = facts.response.as_ref().and_then(|response| response.first_word);
            How::Posted { incident, at: word.map_or(facts.updated, |word| word.at) }
        });
    }
    detection.closed.map_or(How::Gone, |closed| How::ByItself { at: detection.end.unwrap_or(closed) })
}

fn of_incident(site: &Site, derived: &Derived, of: &str, since: Timestamp) -> How {
    let found = site.incidents.iter().zip(&derived.incidents).position(|(one, _)| one.first_slug().as_str() == of);
    let facts = found.and_then(|incident| Some((incident, derived.incidents.get(incident)?)));
    // Without a word since then the promise was only moved.
    let posted = facts.filter(|(_, facts)| facts.updated.timestamp(&site.config) >= since);
    posted.map_or(How::Gone, |(incident, facts)| How::Posted { incident, at: facts.updated })
}

fn of_report(site: &Site, derived: &Derived, of: &str) -> How {
    let found = site.incidents.iter().zip(&derived.incidents).find(|(one, _)| one.first_slug().as_str() == of);
    found.and_then(|(_, facts)| facts.rfo).map_or(How::Gone, |rfo| How::Reported { rfo })
}

fn of_promise(site: &Site, of: &str) -> How {
    let is_it = |rfo: &&crate::model::Rfo| {
        let mut all = rfo.follow_ups.iter();
        all.any(|one| wrong::of_follow_up(rfo, one) == of && (one.done.is_some() || one.dropped.is_some()))
    };
    site.rfos.iter().position(|rfo| is_it(&rfo)).map_or(How::Gone, |rfo| How::Done { rfo })
}

fn of_feed(site: &Site, derived: &Derived, of: &str) -> How {
    let feed = site.config.monitoring.feeds.iter().find(|feed| feed.id.as_str() == of);
    let heard = feed.and_then(|feed| feeds::heard(site, feed, derived.now));
    heard.map_or(How::Gone, |at| How::Heard { at })
}
