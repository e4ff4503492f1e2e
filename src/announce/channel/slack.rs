//! Slack: an incoming webhook (<https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks>), or with a token
//! `chat.postMessage` (<https://docs.slack.dev/reference/methods/chat.postMessage>), which alone can thread.

use jiff::SignedDuration;
use serde_json::{Value, json};

use super::{NotSent, Sent, Speaker, not_sent};
use crate::announce::message::Message;
use crate::net::{Answer, Call};

/// The longest text of a block, in characters; a message without blocks takes 40,000.
const BLOCK_CHARS_MAX: usize = 3000;

pub(super) fn send(speaker: &Speaker<'_>, message: &Message) -> Result<Sent, NotSent> {
    // `verbatim` keeps it from making mentions of names, and links of addresses.
    let link = escaped(&message.facts.link);
    let text = escaped(&message.text).replace(&link, &format!("<{link}>"));
    // The text alone is what notifications and screen readers say.
    let mut body = json!({ "text": text, "unfurl_links": false, "unfurl_media": false });
    if text.chars().count() <= BLOCK_CHARS_MAX {
        body["blocks"] = json!([{ "type": "section", "text": { "type": "mrkdwn", "text": text, "verbatim": true } }]);
    }
    let Some(token) = speaker.get("token") else {
        let call = Call::new("POST", speaker.need("url"), speaker.channel.timeout).json(&body);
        let answer = speaker.wire.call(&call)?;
        return if answer.is_good() { Ok(Sent::default()) } else { Err(not_sent(&answer)) };
    };
    body["channel"] = json!(speaker.need("channel"));
    if let Some(first) = &message.thread.first {
        body["thread_ts"] = json!(first);
        // Who only looks at the channel sees the end as well.
        body["reply_broadcast"] = json!(message.facts.is_over);
    }
    let base = speaker.base("https://slack.com");
    let call =
        Call::new("POST", format!("{base}/api/chat.postMessage"), speaker.channel.timeout).bearer(token).json(&body);
    let answer = speaker.wire.call(&call)?;
    let said = answer.json();
    match said["ok"].as_bool() {
        Some(true) => Ok(Sent { remote: said["ts"].as_str().map(str::to_owned), ..Sent::default() }),
        Some(false) => Err(refused(&answer, &said)),
        None => Err(not_sent(&answer)),
    }
}

/// It answers 200 to what it refuses, with a word.
fn refused(answer: &Answer, said: &Value) -> NotSent {
    let word = said["error"].as_str().unwrap_or("unknown");
    let why = format!("it answers `{word}`");
    match word {
        "ratelimited"
        | "rate_limited"
        | "internal_error"
        | "fatal_error"
        | "service_unavailable"
        | "request_timeout" => {
            let wait = answer.header("retry-after").and_then(|text| text.trim().parse::<u32>().ok());
            NotSent::Later { why, wait: wait.map(|wait| SignedDuration::from_secs(i64::from(wait))) }
        }
        _ => NotSent::Refused(why),
    }
}

/// The three characters that mean something (<https://docs.slack.dev/messaging/formatting-message-text#escaping>): no text
/// can call a channel.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
