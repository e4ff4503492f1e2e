//! Pushover (<https://pushover.net/api>).

use serde_json::json;

use super::{NotSent, Sent, Speaker, cut, not_sent};
use crate::announce::message::Message;
use crate::model::Impact;
use crate::net::Call;

/// The longest title and address, in characters.
const TITLE_CHARS_MAX: usize = 250;
const URL_CHARS_MAX: usize = 512;

/// How often an emergency is said again until somebody confirms it, and for how long, in seconds.
const RETRY_S: u32 = 60;
const EXPIRE_S: u32 = 3600;

pub(super) fn send(speaker: &Speaker<'_>, message: &Message) -> Result<Sent, NotSent> {
    let priority = priority(speaker, message);
    let mut body = json!({
        "token": speaker.need("token"),
        "user": speaker.need("user_key"),
        "title": cut(&message.subject, TITLE_CHARS_MAX),
        "message": message.text,
        "priority": priority,
    });
    let link = &message.facts.link;
    if link.chars().count() <= URL_CHARS_MAX {
        body["url"] = json!(link);
    }
    if priority == 2 {
        body["retry"] = json!(RETRY_S);
        body["expire"] = json!(EXPIRE_S);
    }
    let base = speaker.base("https://api.pushover.net");
    let call = Call::new("POST", format!("{base}/1/messages.json"), speaker.channel.timeout).json(&body);
    let answer = speaker.wire.call(&call)?;
    let said = answer.json();
    if answer.is_good() && said["status"] == json!(1) {
        return Ok(Sent { remote: said["request"].as_str().map(str::to_owned), ..Sent::default() });
    }
    Err(not_sent(&answer))
}

/// From -2 to 2 (<https://pushover.net/api#priority>). An emergency is only what the operator calls one.
fn priority(speaker: &Speaker<'_>, message: &Message) -> i8 {
    let said = speaker.get("priority").and_then(|priority| priority.parse().ok());
    said.filter(|priority| (-2..=2).contains(priority)).unwrap_or(match message.facts.impact() {
        _ if message.facts.is_over => 0,
        Impact::Critical | Impact::Major => 1,
        Impact::Minor | Impact::None => 0,
    })
}
