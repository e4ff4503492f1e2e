//! Which news goes to which channel now. Pure: by what is known of earlier deliveries, once.
//!
//! - Newest first, so that whoever looks sees how it is now; what is told late is told as late.
//! - A channel that never had anything hears what is under way and what came out in the last hour, not the last day.
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
    /// When the next failed one is to be tried again.
    pub again_at: Option<Timestamp>,
}

/// One message to one channel.
#[derive(Clone, Debug, PartialEq, Eq)]
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
        // What came out long before its first message was left out then, and is no news later.
        let was_new = |one: &News| heard_first.is_none_or(|first| first.duration_since(one.at) > FIRST_AGE_MAX);
        // Incidents of which this channel has heard something newer, or will first.
        let mut told_newer: BTreeSet<&Slug> = BTreeSet::new();
        for (index, one) in news.iter().enumerate() {
            let known = deliveries.get(&one.key, &channel.id);
            let superseded = told_newer.contains(&one.thread);
            let wanted = wants(site, derived, channel, one);
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
                Step::Wait(until) => plan.again_at = Some(plan.again_at.map_or(until, |known| known.min(until))),
                Step::Send if known.is_none() && was_new(one) && !is_for_a_new_channel(derived, one, superseded) => {}
                // That work began by the clock is no news to whoever heard that it is over.
                Step::Send if superseded && matches!(one.of, NewsOf::Begins { .. }) => {}
                Step::Send => {
                    remember(&mut told_newer, one);
                    let late = now.duration_since(one.at) >= LATE_AFTER;
                    plan.send.push(Item { news: index, channel: channel_index, late, superseded });
                }
            }
        }
        let told_of: BTreeSet<&str> = news.iter().map(|one| one.key.as_str()).collect();
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

/// What a channel is told that never heard anything: how it is now, and what has just come out.
fn is_for_a_new_channel(derived: &Derived, news: &News, superseded: bool) -> bool {
    let facts = news.of.incident(derived).and_then(|incident| derived.incidents.get(incident));
    let under_way = facts.is_some_and(|facts| facts.phase == Phase::Ongoing);
    derived.now.duration_since(news.at) <= FIRST_AGE_MAX || (under_way && !superseded)
}

/// Whether the channel has chosen such news.
pub fn wants(site: &Site, derived: &Derived, channel: &Channel, news: &News) -> bool {
    let choice = &channel.choice;
    if !choice.news.contains(&news.kind) {
        return false;
    }
    let incident = news.of.incident(derived).and_then(|incident| site.incidents.get(incident));
    let impact = incident.map_or(Impact::None, |incident| incident.impact);
    let is_disturbance = match news.kind {
        NewsKind::Incident | NewsKind::Notice | NewsKind::Report | NewsKind::FollowUp => true,
        NewsKind::Maintenance | NewsKind::Announcement => false,
    };
    // A withdrawn alarm has no impact any more; whoever heard of it must hear that it was none.
    let withdrawn = incident.is_some_and(|incident| incident.kind == crate::model::Kind::FalseAlarm);
    if is_disturbance && !withdrawn && impact < choice.impact {
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
