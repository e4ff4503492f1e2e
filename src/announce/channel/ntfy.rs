//! ntfy: published as JSON to the server's root (<https://docs.ntfy.sh/publish/#publish-as-json>).

use serde_json::json;

use super::{NotSent, Sent, Speaker, cut, not_sent};
use crate::announce::message::Message;
use crate::model::Impact;
use crate::net::Call;

pub(super) fn send(speaker: &Speaker<'_>, message: &Message) -> Result<Sent, NotSent> {
    let facts = &message.facts;
    let body = json!({
        "topic": speaker.need("topic"),
        "title": cut(&message.subject, 200),
        "message": message.text,
        "priority": priority(speaker, message),
        // Their short codes (<https://docs.ntfy.sh/emojis/>).
        "tags": [if facts.is_over { "white_check_mark" } else { "warning" }],
        "click": facts.link,
    });
    let mut call =
        Call::new("POST", format!("{}/", speaker.base("https://ntfy.sh")), speaker.channel.timeout).json(&body);
    if let Some(token) = speaker.get("token") {
        call = call.bearer(token);
    }
    let answer = speaker.wire.call(&call)?;
    if !answer.is_good() {
        return Err(not_sent(&answer));
    }
    Ok(Sent { remote: answer.json()["id"].as_str().map(str::to_owned), ..Sent::default() })
}

/// From 1 to 5 (<https://docs.ntfy.sh/publish/#message-priority>).
fn priority(speaker: &Speaker<'_>, message: &Message) -> u8 {
    let said = speaker.get("priority").and_then(|priority| priority.parse().ok());
    said.filter(|priority| (1..=5).contains(priority)).unwrap_or(match message.facts.impact() {
        _ if message.facts.is_over => 3,
        Impact::Critical => 5,
        Impact::Major => 4,
        Impact::Minor | Impact::None => 3,
    })
}
