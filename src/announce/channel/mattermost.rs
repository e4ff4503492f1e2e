//! Mattermost: an incoming webhook (<https://developers.mattermost.com/integrate/webhooks/incoming/>).

use serde_json::json;

use super::{NotSent, Sent, Speaker, as_markdown, colour, cut, not_sent, without_mentions};
use crate::announce::message::Message;
use crate::net::Call;

/// As much of a title as anybody reads, in characters; its document names no limit.
const TITLE_CHARS_MAX: usize = 256;

pub(super) fn send(speaker: &Speaker<'_>, message: &Message) -> Result<Sent, NotSent> {
    let mut body = json!({
        "attachments": [{
            "fallback": without_mentions(&message.subject),
            "title": cut(&without_mentions(&message.subject), TITLE_CHARS_MAX),
            "title_link": message.facts.link,
            "color": format!("#{:06x}", colour(&message.facts)),
            "text": without_mentions(&as_markdown(&message.text)),
        }],
    });
    if let Some(channel) = speaker.get("channel") {
        body["channel"] = json!(channel);
    }
    let answer = speaker.wire.call(&Call::new("POST", speaker.need("url"), speaker.channel.timeout).json(&body))?;
    if answer.is_good() { Ok(Sent::default()) } else { Err(not_sent(&answer)) }
}
