//! What became of sending news to channels: the lines of `history/deliveries.ndjson`, put together.

use std::collections::BTreeMap;
use std::ops::Bound;

use jiff::Timestamp;

use super::Slug;

/// Every delivery that is known: by the address of what was told, then by channel.
///
/// The address is that of the site: `incidents/<first slug>/#u-<id>`, `rfo/<slug>/`, `rfo/<slug>/#follow-up-<n>`; an
/// alarm's is `alarm/<when>/<of>/<since>`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Deliveries(pub BTreeMap<String, BTreeMap<Slug, Delivery>>);

/// One attempt to send, or several.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Delivery {
    pub state: DeliveryState,
    /// Since when it is in that state.
    pub at: Timestamp,
    /// How often it was claimed.
    pub tries: u32,
    /// Who claimed it first, of those whose claim is not answered.
    pub by: Option<String>,
    /// What the channel calls the message, for answers to it: a toot's id, a Matrix event, a message's time stamp.
    pub remote: Option<String>,
    /// Where it can be read, if it can.
    pub link: Option<String>,
    /// Why it failed, without secrets.
    pub why: Option<String>,
}

/// How far a delivery came.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DeliveryState {
    /// Somebody is sending it, or died over it.
    Claimed,
    /// The channel did not take it; it may be tried again.
    Failed,
    /// It may have arrived, and cannot be sent again without the danger that it arrives twice.
    Unsure,
    /// It will not be sent: too old, or tried too often.
    GivenUp,
    /// The channel took it.
    Sent,
}

impl Deliveries {
    /// What is known of that news in that channel.
    pub fn get(&self, news: &str, channel: &Slug) -> Option<&Delivery> {
        self.0.get(news)?.get(channel)
    }

    /// Everything of the news whose address begins so (all updates of one incident), in the order of addresses.
    pub fn beginning_with<'a>(
        &'a self,
        start: &'a str,
    ) -> impl Iterator<Item = (&'a String, &'a BTreeMap<Slug, Delivery>)> {
        let from_start = (Bound::Included(start), Bound::Unbounded);
        self.0.range::<str, _>(from_start).take_while(move |(news, _)| news.starts_with(start))
    }
}

impl DeliveryState {
    pub const ALL: [DeliveryState; 5] = [
        DeliveryState::Claimed,
        DeliveryState::Failed,
        DeliveryState::Unsure,
        DeliveryState::GivenUp,
        DeliveryState::Sent,
    ];

    /// As the file says it.
    pub fn word(self) -> &'static str {
        match self {
            DeliveryState::Claimed => "claimed",
            DeliveryState::Failed => "failed",
            DeliveryState::Unsure => "unsure",
            DeliveryState::GivenUp => "given_up",
            DeliveryState::Sent => "sent",
        }
    }
}
