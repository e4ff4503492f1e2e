//! How each kind of channel is spoken to.
//!
//! A file a kind, each naming the vendor's document that it follows. A kind makes requests of a message and understands
//! the answers; it reads no file and no clock, and what it knows of the world comes through the [`Wire`].

mod bluesky;
mod command;
mod discord;
mod discourse;
mod email;
mod hidden;
mod irc;
mod mastodon;
mod matrix;
mod mattermost;
mod ntfy;
mod pushover;
mod slack;
mod teams;
mod telegram;
mod webhook;
mod x;

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use unicode_segmentation::UnicodeSegmentation as _;

use super::message::{Facts, Limit, Message};
use super::wire::Wire;
use crate::load::history::deliveries::is_link;
use crate::model::{Channel, ChannelKind, Impact, SiteUrl};
use crate::net::{Answer, Trouble};

pub(in crate::announce) use hidden::without_secrets;

/// How much is kept of what a channel says, in characters.
const SAID_CHARS_MAX: usize = 400;

/// How much of an answer is looked at for that.
const READ_CHARS_MAX: usize = 64 << 10;

/// What a kind has in hand while it speaks.
#[derive(Clone, Copy)]
pub struct Speaker<'a> {
    pub channel: &'a Channel,
    /// The values of the channel's secrets, by name.
    pub secrets: &'a BTreeMap<String, String>,
    pub wire: &'a dyn Wire,
    /// The site's address, for what is named by its host.
    pub site_url: &'a SiteUrl,
    /// Now, for what must be dated or signed.
    pub now: Timestamp,
}

/// What the channel took.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sent {
    /// What it calls the message, so that later ones can answer it.
    pub remote: Option<String>,
    /// Where it can be read.
    pub link: Option<String>,
    /// What is worth knowing: that it was refused for some.
    pub note: Option<String>,
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

    /// The address in `url`, or else `default`, without a slash at its end.
    fn base(&self, default: &'a str) -> &'a str {
        self.get("url").unwrap_or(default).trim_end_matches('/')
    }

    /// As [`Speaker::get`], of a key that the config has made sure of.
    pub fn need(&self, name: &str) -> &'a str {
        self.get(name).unwrap_or_default()
    }
}

/// How long a text may be, by each vendor's document; with room for what the kind adds itself.
pub fn limit(kind: ChannelKind) -> Limit {
    match kind {
        // Mastodon: 500 by default; a server that takes more says so, and 500 fits all.
        ChannelKind::Mastodon => Limit::Chars(500),
        // app.bsky.feed.post: 300 graphemes and 3,000 bytes.
        ChannelKind::Bluesky => Limit::Graphemes(300),
        ChannelKind::X => Limit::Weighted(280),
        // Telegram: 4,096 characters after entities.
        ChannelKind::Telegram => Limit::Bytes(4000),
        // Slack: a text block takes 3,000 characters.
        ChannelKind::Slack => Limit::Bytes(2900),
        // Discord: the description of an embed takes 4,096 characters.
        ChannelKind::Discord => Limit::Bytes(4000),
        // Mattermost: 16,383 characters a post.
        ChannelKind::Mattermost => Limit::Bytes(16_000),
        // Teams: 28 KB a message, of which the card takes a part.
        ChannelKind::Teams => Limit::Bytes(20_000),
        // Discourse: `max post length`, 32,000 by default.
        ChannelKind::Discourse => Limit::Bytes(30_000),
        // ntfy: 4,096 bytes; longer ones become attachments.
        ChannelKind::Ntfy => Limit::Bytes(4000),
        // Pushover: 1,024 characters of four bytes.
        ChannelKind::Pushover => Limit::Bytes(1000),
        // IRC: 512 bytes a line with everything that a server puts before it.
        ChannelKind::Irc => Limit::Bytes(400),
        // Matrix: 65,536 bytes an event, with the text twice in it.
        ChannelKind::Matrix => Limit::Bytes(20_000),
        ChannelKind::Email | ChannelKind::Webhook | ChannelKind::Command => Limit::None,
    }
}

/// Sends it.
///
/// # Errors
///
/// See [`NotSent`].
pub fn send(speaker: &Speaker<'_>, message: &Message) -> Result<Sent, NotSent> {
    // What a server says may repeat what we sent it. It is cut afterwards: half a secret would not be found.
    let hidden = |text: String| cut(&without_secrets(&text, speaker.secrets), SAID_CHARS_MAX);
    let is_open = |link: &String| is_link(link) && without_secrets(link, speaker.secrets) == *link;
    match by_kind(speaker, message) {
        Ok(sent) => Ok(Sent { note: sent.note.map(hidden), link: sent.link.filter(is_open), ..sent }),
        Err(NotSent::Refused(why)) => Err(NotSent::Refused(hidden(why))),
        Err(NotSent::Later { why, wait }) => Err(NotSent::Later { why: hidden(why), wait }),
        Err(NotSent::Unsure(why)) => Err(NotSent::Unsure(hidden(why))),
    }
}

fn by_kind(speaker: &Speaker<'_>, message: &Message) -> Result<Sent, NotSent> {
    match speaker.channel.kind {
        ChannelKind::Email => email::send(speaker, message),
        ChannelKind::Webhook => webhook::send(speaker, message),
        ChannelKind::Mastodon => mastodon::send(speaker, message),
        ChannelKind::Bluesky => bluesky::send(speaker, message),
        ChannelKind::X => x::send(speaker, message),
        ChannelKind::Matrix => matrix::send(speaker, message),
        ChannelKind::Slack => slack::send(speaker, message),
        ChannelKind::Mattermost => mattermost::send(speaker, message),
        ChannelKind::Discord => discord::send(speaker, message),
        ChannelKind::Teams => teams::send(speaker, message),
        ChannelKind::Telegram => telegram::send(speaker, message),
        ChannelKind::Discourse => discourse::send(speaker, message),
        ChannelKind::Ntfy => ntfy::send(speaker, message),
        ChannelKind::Pushover => pushover::send(speaker, message),
        ChannelKind::Irc => irc::send(speaker, message),
        ChannelKind::Command => command::send(speaker, message),
    }
}

/// Percent-encoded but for the unreserved characters of RFC 3986.
fn encoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    for &byte in text.as_bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out += &format!("%{byte:02X}");
        }
    }
    out
}

/// At most so many characters; what was cut ends with `…`. What readers take for one character stays whole.
fn cut(text: &str, chars_max: usize) -> String {
    if text.chars().count() <= chars_max {
        return text.to_owned();
    }
    let mut left = chars_max.saturating_sub(1);
    let mut head = String::new();
    for grapheme in text.graphemes(true) {
        let Some(less) = left.checked_sub(grapheme.chars().count()) else { break };
        left = less;
        head.push_str(grapheme);
    }
    format!("{}…", head.trim_end())
}

/// The colours of the built-in theme (`tokens.css`): of what works when it is over, else of the impact.
pub(super) fn colour(facts: &Facts) -> u32 {
    match facts.impact() {
        _ if facts.is_over => 0x0f_57_33,
        Impact::Critical => 0x9d_0d_23,
        Impact::Major => 0x86_36_00,
        Impact::Minor => 0x65_46_00,
        Impact::None => 0x22_4c_93,
    }
}

/// The same, on dark paper.
pub(super) fn colour_on_dark(facts: &Facts) -> u32 {
    match facts.impact() {
        _ if facts.is_over => 0x79_cf_9d,
        Impact::Critical => 0xff_9a_98,
        Impact::Major => 0xf7_a3_6b,
        Impact::Minor => 0xe6_bd_5c,
        Impact::None => 0xa5_c0_fb,
    }
}

/// A text that calls nobody: an invisible joint behind each `@` that no address of mail has before it.
fn without_mentions(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut before = None;
    for c in text.chars() {
        out.push(c);
        if c == '@' && !before.is_some_and(char::is_alphanumeric) {
            out.push('\u{200b}');
        }
        before = Some(c);
    }
    out
}

/// Plain text where Markdown is read: what a person wrote must not become more than they wrote. Links stay links; what
/// would be markup in them is percent-encoded, which leads to the same place.
fn as_markdown(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    for (at, line) in text.split('\n').enumerate() {
        if at > 0 {
            out.push('\n');
        }
        for (at, word) in line.split(' ').enumerate() {
            if at > 0 {
                out.push(' ');
            }
            if word.starts_with("https://") || word.starts_with("http://") {
                let mut before = None;
                for c in word.chars() {
                    // Behind a letter an underscore begins nothing.
                    let is_joint = c == '_' && before.is_some_and(char::is_alphanumeric);
                    match "\\*_~|`[]<>".contains(c) && !is_joint {
                        true => out += &format!("%{:02X}", u32::from(c)),
                        false => out.push(c),
                    }
                    before = Some(c);
                }
                continue;
            }
            let is_first = at == 0;
            let starts_something = is_first && matches!(word, "-" | "+" | ">" | "-#" | "---" | "===");
            for (at, c) in word.chars().enumerate() {
                let is_heading = is_first && at == 0 && c == '#';
                if is_heading || (starts_something && at == 0) || "\\*_~|`[]<".contains(c) {
                    out.push('\\');
                }
                out.push(c);
            }
        }
    }
    out
}

/// As [`not_sent`], with how long to wait where the answer says it in a way of its vendor's own.
fn not_sent_until(answer: &Answer, own: impl FnOnce() -> Option<SignedDuration>) -> NotSent {
    match not_sent(answer) {
        NotSent::Later { why, wait: None } => {
            NotSent::Later { why, wait: own().map(|wait| wait.max(SignedDuration::ZERO)) }
        }
        other => other,
    }
}

/// What a person reads of an answer, on one line: without tags, scripts and styles where it is HTML. Not cut to what is
/// kept, since no secret was taken out by then.
fn words(body: &[u8]) -> String {
    let text = String::from_utf8_lossy(body);
    let text: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(READ_CHARS_MAX).collect();
    if !text.trim_start().starts_with('<') {
        return text.trim().to_owned();
    }
    let lower = text.to_ascii_lowercase();
    let (mut at, mut out) = (0, String::new());
    while let Some(len) = text.get(at..).and_then(|rest| rest.find('<')) {
        out.push_str(text.get(at..at + len).unwrap_or_default());
        out.push(' ');
        let tag = lower.get(at + len..).unwrap_or_default();
        let silent =
            ["script", "style"].into_iter().find(|&name| tag.get(1..).is_some_and(|tag| tag.starts_with(name)));
        let skipped = silent.map_or(Some(0), |name| tag.find(&format!("</{name}")));
        let end = skipped.and_then(|from| Some(from + tag.get(from..)?.find('>')? + 1));
        at += len + end.unwrap_or(tag.len());
    }
    out.push_str(text.get(at..).unwrap_or_default());
    out.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What an answer means that is no success.
pub fn not_sent(answer: &Answer) -> NotSent {
    let why = format!("it answers {} {}", answer.status, words(&answer.body)).trim_end().to_owned();
    match answer.status {
        // Whoever stands before the channel waited in vain, but the channel may have gone on.
        504 | 524 => NotSent::Unsure(why),
        408 | 425 | 429 | 500..=599 => {
            let wait = answer.header("retry-after").and_then(|text| text.trim().parse::<u32>().ok());
            NotSent::Later { why, wait: wait.map(|wait| SignedDuration::from_secs(i64::from(wait))) }
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

#[cfg(test)]
mod tests;
