//! Mastodon, and what speaks its API (<https://docs.joinmastodon.org/methods/statuses/#create>).
//!
//! An incident is one thread: each update answers the one before. The same `Idempotency-Key` within an hour is the same post.

use jiff::Timestamp;
use serde_json::json;

use super::{NotSent, Sent, Speaker, not_sent_until};
use crate::announce::message::Message;
use crate::net::Call;

pub(super) fn send(speaker: &Speaker<'_>, message: &Message) -> Result<Sent, NotSent> {
    let mut body = json!({
        "status": message.text,
        "visibility": speaker.get("visibility").unwrap_or("public"),
    });
    if let Some(language) = &speaker.channel.language {
        body["language"] = json!(language);
    }
    if let Some(last) = &message.thread.last {
        body["in_reply_to_id"] = json!(last);
    }
    let post = |body: &serde_json::Value| {
        let call = Call::new("POST", format!("{}/api/v1/statuses", speaker.base("")), speaker.channel.timeout)
            .bearer(speaker.need("token"))
            .header("idempotency-key", &*message.idempotency)
            .json(body);
        speaker.wire.call(&call)
    };
    let mut answer = post(&body)?;
    // What it would answer was deleted there: then it stands alone.
    if answer.status == 404
        && let Some(body) = body.as_object_mut()
        && body.remove("in_reply_to_id").is_some()
    {
        answer = post(&serde_json::Value::Object(body.clone()))?;
    }
    if !answer.is_good() {
        // A rate limit says when it ends (<https://docs.joinmastodon.org/api/rate-limits/>).
        let reset = answer.header("x-ratelimit-reset").and_then(|reset| reset.parse::<Timestamp>().ok());
        return Err(not_sent_until(&answer, || Some(reset?.duration_since(speaker.now))));
    }
    let said = answer.json();
    let text = |key: &str| said[key].as_str().map(str::to_owned);
    Ok(Sent { remote: text("id"), link: text("url"), note: None })
}
