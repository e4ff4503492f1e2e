//! Telegram: `sendMessage` of the Bot API (<https://core.telegram.org/bots/api#sendmessage>), without a parse mode: nothing in
//! a text means anything. The token is part of the address.

use jiff::SignedDuration;
use serde_json::json;

use super::{NotSent, Sent, Speaker, not_sent_until};
use crate::announce::message::Message;
use crate::net::Call;

pub(super) fn send(speaker: &Speaker<'_>, message: &Message) -> Result<Sent, NotSent> {
    let chat = speaker.need("chat");
    let mut body = json!({
        "chat_id": chat,
        "text": message.text,
        "link_preview_options": { "is_disabled": true },
    });
    if let Some(first) = message.thread.first.as_deref().and_then(|first| first.parse::<i64>().ok()) {
        body["reply_parameters"] = json!({ "message_id": first, "allow_sending_without_reply": true });
    }
    let base = speaker.base("https://api.telegram.org");
    let url = format!("{base}/bot{}/sendMessage", speaker.need("token"));
    let answer = speaker.wire.call(&Call::new("POST", url, speaker.channel.timeout).json(&body))?;
    let said = answer.json();
    if answer.is_good() && said["ok"] == json!(true) {
        let id = said["result"]["message_id"].as_i64().map(|id| id.to_string());
        let link = id.as_ref().zip(chat.strip_prefix('@')).map(|(id, name)| format!("https://t.me/{name}/{id}"));
        return Ok(Sent { remote: id, link, ..Sent::default() });
    }
    Err(not_sent_until(&answer, || said["parameters"]["retry_after"].as_i64().map(SignedDuration::from_secs)))
}
