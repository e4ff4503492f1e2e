//! IRC: a plain client (RFC 2812, <https://modern.ircdocs.horse/>) that connects, joins, speaks and leaves.

use super::{NotSent, Sent, Speaker};
use crate::announce::message::Message;
use crate::announce::wire::{IrcSay, Tls};

/// The longest line, in bytes: of the 512 that IRC has a server's prefix and the command take theirs.
const LINE_BYTES_MAX: usize = 400;

/// How many lines a message may have; more is a flood.
const LINES_MAX: usize = 3;

pub(super) fn send(speaker: &Speaker<'_>, message: &Message) -> Result<Sent, NotSent> {
    let tls = match speaker.get("tls") {
        Some("none" | "off") => Tls::None,
        _ => Tls::Implicit,
    };
    let port = speaker.get("port").and_then(|port| port.parse().ok());
    let user = speaker.get("user").unwrap_or_else(|| speaker.need("nick"));
    let say = IrcSay {
        host: speaker.need("host").to_owned(),
        port: port.unwrap_or(if tls == Tls::None { 6667 } else { 6697 }),
        tls,
        ca_file: speaker.get("ca_file").map(str::to_owned),
        nick: speaker.need("nick").to_owned(),
        login: speaker.get("password").map(|password| (user.to_owned(), password.to_owned())),
        channel: speaker.need("channel").to_owned(),
        channel_key: speaker.get("channel_key").map(str::to_owned),
        lines: lines(message),
        timeout: speaker.channel.timeout,
    };
    speaker.wire.irc(&say)?;
    Ok(Sent::default())
}

/// Lines that IRC takes, cut between characters; the last one has the link where that would be cut off.
fn lines(message: &Message) -> Vec<String> {
    let mut lines = Vec::new();
    for line in message.text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let line: String = line.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        let mut rest = line.as_str();
        while !rest.is_empty() {
            let mut end = rest.len().min(LINE_BYTES_MAX);
            while !rest.is_char_boundary(end) {
                end -= 1;
            }
            if end < rest.len() {
                end = rest
                    .get(..end)
                    .and_then(|line| line.rfind(' '))
                    .filter(|&at| at > LINE_BYTES_MAX / 2)
                    .unwrap_or(end);
            }
            let (line, more) = rest.split_at(end);
            lines.push(line.trim().to_owned());
            rest = more.trim_start();
        }
    }
    if lines.len() > LINES_MAX {
        lines.truncate(LINES_MAX - 1);
        lines.push(message.facts.link.clone());
    }
    lines
}
