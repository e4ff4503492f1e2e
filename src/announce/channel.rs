//! How each kind of channel is spoken to.
//!
//! A file a kind, each naming the vendor's document that it follows. A kind makes requests of a message and understands
//! the answers; it reads no file and no clock, and what it knows of the world comes through the [`Wire`].

use std::collections::BTreeMap;

use jiff::SignedDuration;

use super::message::Message;
use super::wire::Wire;
use crate::model::{Channel, ChannelKind};
use crate::net::{Answer, Trouble};

/// What a kind has in hand while it speaks.
pub struct Speaker<'a> {
    pub channel: &'a Channel,
    /// The values of the channel's secrets, by name.
    pub secrets: &'a BTreeMap<String, String>,
    pub wire: &'a dyn Wire,
}

/// What the channel took.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sent {
    /// What it calls the message, so that later ones can answer it.
    pub remote: Option<String>,
    /// Where it can be read.
    pub link: Option<String>,
}

/// Why a message was not sent, or perhaps not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotSent {
    /// It did not arrive, and would not if it were tried again: a bad token, a text that is refused.
    Refused(String),
    /// It did not arrive; it may later. `wait` is how long the channel asks us to wait.
    Later { why: String, wait: Option<SignedDuration> },
    /// It may have arrived.
    Unsure(String),
}

impl<'a> Speaker<'a> {
    /// A key of the channel; a secret goes before a plain one of the same name.
    pub fn get(&self, name: &str) -> Option<&'a str> {
        self.secrets.get(name).or_else(|| self.channel.options.get(name)).map(String::as_str)
    }

    /// As [`Speaker::get`], of a key that the config has made sure of.
    pub fn need(&self, name: &str) -> &'a str {
        self.get(name).unwrap_or_default()
    }
}

/// Sends it.
///
/// # Errors
///
/// See [`NotSent`].
pub fn send(speaker: &Speaker<'_>, message: &Message) -> Result<Sent, NotSent> {
    match speaker.channel.kind {
        ChannelKind::Email
        | ChannelKind::Webhook
        | ChannelKind::Mastodon
        | ChannelKind::Bluesky
        | ChannelKind::X
        | ChannelKind::Matrix
        | ChannelKind::Slack
        | ChannelKind::Mattermost
        | ChannelKind::Discord
        | ChannelKind::Teams
        | ChannelKind::Telegram
        | ChannelKind::Discourse
        | ChannelKind::Ntfy
        | ChannelKind::Pushover
        | ChannelKind::Irc
        | ChannelKind::Command => Err(NotSent::Refused(format!("not yet: {}", message.key))),
    }
}

/// What an answer means that is no success.
pub fn not_sent(answer: &Answer) -> NotSent {
    let said = String::from_utf8_lossy(&answer.body);
    let said: String = said.chars().map(|c| if c.is_control() { ' ' } else { c }).take(200).collect();
    let why = format!("it answers {} {}", answer.status, said.trim()).trim_end().to_owned();
    match answer.status {
        408 | 425 | 429 | 500..=599 => {
            let wait = answer.header("retry-after").and_then(|text| text.trim().parse().ok());
            NotSent::Later { why, wait: wait.map(SignedDuration::from_secs) }
        }
        _ => NotSent::Refused(why),
    }
}

impl From<Trouble> for NotSent {
    fn from(trouble: Trouble) -> NotSent {
        match trouble.may_have_arrived {
            true => NotSent::Unsure(trouble.why),
            false => NotSent::Later { why: trouble.why, wait: None },
        }
    }
}
