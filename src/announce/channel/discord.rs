//! Discord: a webhook, asked to answer with the message (<https://discord.com/developers/docs/resources/webhook#execute-webhook>).

use jiff::SignedDuration;
use serde_json::json;

use super::{NotSent, Sent, Speaker, as_markdown, colour, cut, not_sent_until};
use crate::announce::message::Message;
use crate::net::Call;

/// The longest title of an embed, in characters.
const TITLE_CHARS_MAX: usize = 256;

/// The longest description of an embed, in characters.
const TEXT_CHARS_MAX: usize = 4096;

pub(super) fn send(speaker: &Speaker<'_>, message: &Message) -> Result<Sent, NotSent> {
    let facts = &message.facts;
    // A text full of asterisks is better read with some of them gone than not at all.
    let text = Some(as_markdown(&message.text)).filter(|text| text.chars().count() <= TEXT_CHARS_MAX);
    let body = json!({
        "embeds": [{
            "title": cut(&message.subject, TITLE_CHARS_MAX),
            "url": facts.link,
            "description": text.as_ref().unwrap_or(&message.text),
            "color": colour(facts),
            "footer": { "text": cut(&facts.page.title, 200) },
        }],
        // No text can call anybody.
        "allowed_mentions": { "parse": [] },
    });
    let url = speaker.need("url");
    let url = if url.contains('?') { format!("{url}&wait=true") } else { format!("{url}?wait=true") };
    let answer = speaker.wire.call(&Call::new("POST", url, speaker.channel.timeout).json(&body))?;
    let said = answer.json();
    if answer.is_good() {
        return Ok(Sent { remote: said["id"].as_str().map(str::to_owned), ..Sent::default() });
    }
    // In seconds, with a fraction.
    let after = || said["retry_after"].as_f64().and_then(|after| SignedDuration::try_from_secs_f64(after).ok());
    Err(not_sent_until(&answer, after))
}
