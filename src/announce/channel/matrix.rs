//! Matrix, client-server API v1.11 (<https://spec.matrix.org/v1.11/client-server-api/#put_matrixclientv3roomsroomidsendeventtypetxnid>).
//!
//! A transaction id sent twice is one event. Updates of one incident stand in a thread below the first
//! (<https://spec.matrix.org/v1.11/client-server-api/#threading>).

use jiff::SignedDuration;
use serde_json::json;

use super::{NotSent, Sent, Speaker, encoded, not_sent_until};
use crate::announce::message::Message;
use crate::net::{Answer, Call};

pub(super) fn send(speaker: &Speaker<'_>, message: &Message) -> Result<Sent, NotSent> {
    let room = room(speaker)?;
    let path =
        format!("/_matrix/client/v3/rooms/{}/send/m.room.message/upfront-{}", encoded(&room), message.idempotency);
    let mut content = json!({
        "msgtype": "m.text",
        "body": message.text,
        "format": "org.matrix.custom.html",
        "formatted_body": html(message),
        // Nobody is called by a name or `@room` in it.
        "m.mentions": {},
    });
    if let Some(first) = &message.thread.first {
        content["m.relates_to"] = json!({
            "rel_type": "m.thread",
            "event_id": first,
            // For programs that know no threads.
            "is_falling_back": true,
            "m.in_reply_to": { "event_id": message.thread.last.as_ref().unwrap_or(first) },
        });
    }
    let call = Call::new("PUT", format!("{}{path}", speaker.base("")), speaker.channel.timeout)
        .bearer(speaker.need("token"))
        .json(&content);
    let answer = speaker.wire.call(&call)?;
    if !answer.is_good() {
        return Err(limited(&answer));
    }
    let event = answer.json()["event_id"].as_str().map(str::to_owned);
    let link = event.as_ref().map(|event| format!("https://matrix.to/#/{}/{}", encoded(&room), encoded(event)));
    Ok(Sent { remote: event, link, ..Sent::default() })
}

/// The room's id; an alias is looked up.
fn room(speaker: &Speaker<'_>) -> Result<String, NotSent> {
    let room = speaker.need("room");
    if !room.starts_with('#') {
        return Ok(room.to_owned());
    }
    let url = format!("{}/_matrix/client/v3/directory/room/{}", speaker.base(""), encoded(room));
    let call = Call::new("GET", url, speaker.channel.timeout).bearer(speaker.need("token"));
    // Nothing was said by asking.
    let answer = speaker.wire.call(&call).map_err(|trouble| NotSent::Later { why: trouble.why, wait: None })?;
    match answer.json()["room_id"].as_str() {
        Some(id) if answer.is_good() => Ok(id.to_owned()),
        _ => Err(match limited(&answer) {
            // A room that is not found stays so, but a homeserver may be short of breath.
            NotSent::Refused(why) => NotSent::Refused(format!("the room `{room}` is not found: {why}")),
            other => other,
        }),
    }
}

/// The heading bold, and the body as it was written.
fn html(message: &Message) -> String {
    use crate::render::Html;
    let facts = &message.facts;
    let (subject, link) = (Html::text(&message.subject), Html::text(&facts.link));
    let mut html = format!("<p><strong><a href=\"{link}\">{subject}</a></strong></p>");
    if let Some(late) = &facts.late {
        html += &format!("<p><em>{}</em></p>", Html::text(late));
    }
    html += &message.html;
    if let Some(next) = &message.next {
        html += &format!("<p>{}</p>", Html::text(next));
    }
    html
}

/// A rate limit says how long to wait in its body.
fn limited(answer: &Answer) -> NotSent {
    not_sent_until(answer, || answer.json()["retry_after_ms"].as_i64().map(SignedDuration::from_millis))
}
