//! Which news goes to which channel now. Pure: by what is known of earlier deliveries, once.
//!
//! - Newest first, so that whoever looks sees how it is now; what is told late is told as late.
//! - A channel that never had anything hears what is under way and what was written in the last hour, not the last day; and of
//!   an incident that is over nothing, however new it is in git.
//! - A claim without an answer may have arrived. It is sent again only where the channel keeps our key and sends nothing
//!   twice; otherwise it is told as unsure.
//! - What a channel did not take is tried again, each time after twice the pause, and given up with its day.

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};

use super::news::{AGE_MAX, News, NewsOf};
use crate::derive::{Derived, Phase};
use crate::model::{Audience, Channel, ChannelKind, Deliveries, Delivery, DeliveryState, Impact, NewsKind, Site, Slug};

/// How old what is told may be before it is marked as late.
const LATE_AFTER: SignedDuration = SignedDuration::from_mins(30);

/// How old news may be that a new channel hears.
const FIRST_AGE_MAX: SignedDuration = SignedDuration::from_hours(1);

/// How long somebody else's claim without an answer holds.
const CLAIM_HOLDS: SignedDuration = SignedDuration::from_mins(10);

/// The first pause after a failure; each further one is twice as long.
const PAUSE_FIRST: SignedDuration = SignedDuration::from_mins(1);

/// The longest pause.
const PAUSE_MAX: SignedDuration = SignedDuration::from_mins(30);

/// What is to be done.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// In this order.
    pub send: Vec<Item>,
    /// Deliveries that died half-way where nothing may be sent twice: by news and channel.
    pub unsure: Vec<(String, Slug)>,
    /// Deliveries that failed for so long that they are no news any more.
    pub given_up: Vec<(String, Slug)>,
    /// How many failed ones wait until they are tried again.
    pub waiting: usize,
    /// When the next failed one is to be tried again.
    pub again_at: Option<Timestamp>,
}

/// One message to one channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Item {
    /// By its place in the news.
    pub news: usize,
    /// By its place in the config.
    pub channel: usize,
    pub late: bool,
    /// Newer news of the same incident was told there before.
    pub superseded: bool,
}

/// What is to be sent now. `ours` says whether a claim is one of an earlier run on this very machine, which is over.
pub fn plan(
    site: &Site,
    derived: &Derived,
    news: &[News],
    deliveries: &Deliveries,
    ours: &dyn Fn(&str) -> bool,
) -> Plan {
    let now = derived.now;
    let mut plan = Plan::default();
    for (channel_index, channel) in site.config.channels.iter().enumerate() {
        if channel.audience != Audience::Public || channel.drill {
            continue;
        }
        let heard_first =
            deliveries.0.values().filter_map(|by_channel| by_channel.get(&channel.id)).map(|one| one.at).min();
        // What came out before its first message and was left out then is no news later.
        let came_before = |one: &News| heard_first.is_none_or(|first| one.at <= first);
        // Incidents of which this channel has heard something newer, or will first.
        let mut told_newer: BTreeSet<&Slug> = BTreeSet::new();
        for (index, one) in news.iter().enumerate() {
            let known = known_of(deliveries, channel, one);
            let superseded = told_newer.contains(&one.thread);
            let has_heard_of_it = heard_of(deliveries, channel, one);
            let wanted = wants(site, derived, channel, one, has_heard_of_it);
            let step =
                if wanted || known.is_some() { step(channel.kind, one, known, now, ours) } else { Step::Nothing };
            match step {
                Step::Nothing => {}
                Step::Told => {
                    remember(&mut told_newer, one);
                }
                Step::Unsure => {
                    remember(&mut told_newer, one);
                    plan.unsure.push((one.key.clone(), channel.id.clone()));
                }
                Step::GiveUp => plan.given_up.push((one.key.clone(), channel.id.clone())),
                Step::Wait(until) => {
                    plan.waiting += 1;
                    plan.again_at = Some(plan.again_at.map_or(until, |known| known.min(until)));
                }
                Step::Send
                    if known.is_none()
                        && came_before(one)
                        && !is_for_a_new_channel(derived, one, heard_first, (superseded, has_heard_of_it)) => {}
                // That work began by the clock is no news to whoever heard that it is over.
                Step::Send if superseded && matches!(one.of, NewsOf::Begins { .. }) => {}
                Step::Send => {
                    remember(&mut told_newer, one);
                    let late = now.duration_since(one.written) >= LATE_AFTER;
                    plan.send.push(Item { news: index, channel: channel_index, late, superseded });
                }
            }
        }
        let told_of: BTreeSet<&str> =
            news.iter().flat_map(|one| std::iter::once(&one.key).chain(&one.old_key)).map(String::as_str).collect();
        for (key, known) in no_news_any_more(deliveries, channel, &told_of) {
            let one = (key.clone(), channel.id.clone());
            match known.state {
                DeliveryState::Claimed if is_over(known.by.as_deref(), known.at, now, ours) => plan.unsure.push(one),
                DeliveryState::Failed if now >= known.at => plan.given_up.push(one),
                DeliveryState::Claimed
                | DeliveryState::Failed
                | DeliveryState::Unsure
                | DeliveryState::GivenUp
                | DeliveryState::Sent => {}
            }
        }
    }
    // Each piece of news to all channels before the next one.
    plan.send.sort_by_key(|item| (item.news, item.channel));
    plan
}

/// What became of it in that channel.
fn known_of<'a>(deliveries: &'a Deliveries, channel: &Channel, one: &News) -> Option<&'a Delivery> {
    let old = || deliveries.get(one.old_key.as_ref()?, &channel.id).filter(|known| known.at >= one.at);
    deliveries.get(&one.key, &channel.id).or_else(old)
}

/// What is known of news that grew too old, or whose post is gone.
fn no_news_any_more<'a>(
    deliveries: &'a Deliveries,
    channel: &'a Channel,
    news: &'a BTreeSet<&str>,
) -> impl Iterator<Item = (&'a String, &'a Delivery)> {
    let of_news = |key: &str| key.starts_with("incidents/") || key.starts_with("rfo/");
    deliveries
        .0
        .iter()
        .filter(move |(key, _)| of_news(key) && !news.contains(key.as_str()))
        .filter_map(|(key, by_channel)| Some((key, by_channel.get(&channel.id)?)))
}

/// Whether nobody will answer that claim any more. One from far ahead is of a clock that went back since.
pub(super) fn is_over(by: Option<&str>, at: Timestamp, now: Timestamp, ours: &dyn Fn(&str) -> bool) -> bool {
    by.is_some_and(ours) || now.duration_since(at).abs() > CLAIM_HOLDS
}

/// That a channel has heard it. A promise that was kept says nothing of how it is now.
fn remember<'a>(told_newer: &mut BTreeSet<&'a Slug>, news: &'a News) {
    if news.kind != NewsKind::FollowUp {
        told_newer.insert(&news.thread);
    }
}

enum Step {
    /// It is not wanted there.
    Nothing,
    /// It was sent, or may have been, or is being sent by somebody.
    Told,
    Unsure,
    GiveUp,
    Wait(Timestamp),
    Send,
}

fn step(kind: ChannelKind, news: &News, known: Option<&Delivery>, now: Timestamp, ours: &dyn Fn(&str) -> bool) -> Step {
    let Some(known) = known else { return Step::Send };
    match known.state {
        DeliveryState::Sent | DeliveryState::Unsure => Step::Told,
        DeliveryState::GivenUp => Step::Nothing,
        DeliveryState::Claimed => {
            let since = now.duration_since(known.at);
            match (is_over(known.by.as_deref(), known.at, now, ours), idempotent_for(kind)) {
                (false, _) => Step::Told,
                (true, Some(kept)) if since <= kept => Step::Send,
                (true, _) => Step::Unsure,
            }
        }
        DeliveryState::Failed if now.duration_since(news.at) > AGE_MAX => Step::GiveUp,
        DeliveryState::Failed => {
            let doubled = PAUSE_FIRST.saturating_mul(1 << known.tries.saturating_sub(1).min(6));
            let until = known.at.saturating_add(doubled.min(PAUSE_MAX)).unwrap_or(now);
            // A clock that went back must not stop the news. By a little it is always back: now is in whole minutes.
            if now >= until || known.at.duration_since(now) > CLAIM_HOLDS { Step::Send } else { Step::Wait(until) }
        }
    }
}

/// For how long a channel knows a key that it has seen, so that the same message sent twice arrives once.
pub fn idempotent_for(kind: ChannelKind) -> Option<SignedDuration> {
    match kind {
        // <https://docs.joinmastodon.org/methods/statuses/#create>: keys are stored for up to one hour.
        ChannelKind::Mastodon => Some(SignedDuration::from_mins(55)),
        // Transaction ids hold as long as the access token; a record put twice under its key is one; a webhook's receiver
        // and a command get our key and are told to keep it for a day.
        ChannelKind::Matrix | ChannelKind::Bluesky | ChannelKind::Webhook | ChannelKind::Command => Some(AGE_MAX),
        ChannelKind::Email
        | ChannelKind::X
        | ChannelKind::Slack
        | ChannelKind::Mattermost
        | ChannelKind::Discord
        | ChannelKind::Teams
        | ChannelKind::Telegram
        | ChannelKind::Discourse
        | ChannelKind::Ntfy
        | ChannelKind::Pushover
        | ChannelKind::Irc => None,
    }
}

/// What a channel is told with its first message: how it is now, and what was written in the hour before.
fn is_for_a_new_channel(
    derived: &Derived,
    news: &News,
    heard_first: Option<Timestamp>,
    (superseded, has_heard_of_it): (bool, bool),
) -> bool {
    let phase = news.of.incident(derived).and_then(|incident| derived.incidents.get(incident)).map(|facts| facts.phase);
    let is_of_its_course = match news.kind {
        NewsKind::Incident | NewsKind::Notice | NewsKind::Maintenance => true,
        NewsKind::Announcement | NewsKind::Report | NewsKind::FollowUp => false,
    };
    if is_of_its_course && phase == Some(Phase::Over) && !has_heard_of_it {
        return false;
    }
    let then = heard_first.unwrap_or(derived.now);
    then.duration_since(news.written) <= FIRST_AGE_MAX || (phase == Some(Phase::Ongoing) && !superseded)
}

/// Whether the channel was told anything of the same incident, or may have been.
fn heard_of(deliveries: &Deliveries, channel: &Channel, news: &News) -> bool {
    deliveries.beginning_with(&format!("incidents/{}/", news.thread)).any(|(_, by_channel)| {
        by_channel.get(&channel.id).is_some_and(|known| match known.state {
            DeliveryState::Sent | DeliveryState::Unsure | DeliveryState::Claimed => true,
            DeliveryState::Failed | DeliveryState::GivenUp => false,
        })
    })
}

/// Whether the channel has chosen such news. What it has heard of it hears to the end, though it turns out to be smaller or to
/// concern something else; and that it was a false alarm, whatever kinds it chose.
fn wants(site: &Site, derived: &Derived, channel: &Channel, news: &News, has_heard_of_it: bool) -> bool {
    let choice = &channel.choice;
    let incident = news.of.incident(derived).and_then(|incident| site.incidents.get(incident));
    let withdrawn = incident.is_some_and(|incident| incident.kind == crate::model::Kind::FalseAlarm);
    if has_heard_of_it && (withdrawn || choice.news.contains(&news.kind)) {
        return true;
    }
    if !choice.news.contains(&news.kind) {
        return false;
    }
    let impact = incident.map_or(Impact::None, |incident| incident.impact);
    let is_disturbance = match news.kind {
        NewsKind::Incident | NewsKind::Notice | NewsKind::Report | NewsKind::FollowUp => true,
        NewsKind::Maintenance | NewsKind::Announcement => false,
    };
    if is_disturbance && impact < choice.impact {
        return false;
    }
    let touched = incident.map_or(&[][..], |incident| &incident.components);
    // What names no component concerns everybody.
    choice.components.is_empty()
        || touched.is_empty()
        || touched.iter().any(|id| is_chosen(site, &choice.components, id))
}

pub(super) fn is_chosen(site: &Site, chosen: &[Slug], id: &Slug) -> bool {
    let group = site.config.component(id).and_then(|component| component.group.as_ref());
    chosen.iter().any(|chosen| chosen == id || Some(chosen) == group)
}
