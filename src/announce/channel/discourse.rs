//! Discourse: a topic for an incident, and an answer in it for each further update
//! (<https://docs.discourse.org/#tag/Posts/operation/createTopicPostPM>).

use jiff::SignedDuration;
use serde_json::{Value, json};

use super::{NotSent, Sent, Speaker, as_markdown, cut, not_sent_until, without_mentions};
use crate::announce::message::Message;
use crate::net::{Answer, Call};

/// The longest title (`max topic title length`), and the shortest (`min topic title length`), in characters.
const TITLE_CHARS_MAX: usize = 255;
const TITLE_CHARS_MIN: usize = 15;

pub(super) fn send(speaker: &Speaker<'_>, message: &Message) -> Result<Sent, NotSent> {
    let mut body = json!({ "raw": without_mentions(&as_markdown(&message.text)) });
    // What we remember of a message is the number of its topic.
    let topic = message.thread.first.as_deref().and_then(|first| first.parse::<u64>().ok());
    match topic {
        Some(topic) => body["topic_id"] = json!(topic),
        None => open(speaker, message, &mut body),
    }
    let mut answer = post(speaker, &body)?;
    // No two topics may have one title, and what breaks, breaks again: then the day tells them apart.
    if topic.is_none() && answer.status == 422 {
        let day = &message.facts.posted_text;
        let room = TITLE_CHARS_MAX.saturating_sub(day.chars().count() + 3);
        body["title"] = json!(format!("{} ({day})", cut(&message.facts.title, room)));
        answer = post(speaker, &body)?;
    }
    let said = answer.json();
    if !answer.is_good() {
        let wait = || said["extras"]["wait_seconds"].as_i64().map(SignedDuration::from_secs);
        return Err(not_sent_until(&answer, wait));
    }
    let base = speaker.base("");
    let topic = said["topic_id"].as_u64();
    let link = topic.map(|topic| match (said["topic_slug"].as_str(), said["post_number"].as_u64()) {
        (Some(slug), Some(post)) => format!("{base}/t/{slug}/{topic}/{post}"),
        _ => format!("{base}/t/{topic}"),
    });
    Ok(Sent { remote: topic.map(|topic| topic.to_string()), link, note: None })
}

fn post(speaker: &Speaker<'_>, body: &Value) -> Result<Answer, NotSent> {
    let call = Call::new("POST", format!("{}/posts.json", speaker.base("")), speaker.channel.timeout)
        .header("api-key", speaker.need("token"))
        .header("api-username", speaker.need("user"))
        .json(body);
    Ok(speaker.wire.call(&call)?)
}

/// What a new topic needs.
fn open(speaker: &Speaker<'_>, message: &Message, body: &mut Value) {
    let title = cut(&message.facts.title, TITLE_CHARS_MAX);
    body["title"] = match title.chars().count() < TITLE_CHARS_MIN {
        true => json!(cut(&format!("{}: {title}", message.facts.page.title), TITLE_CHARS_MAX)),
        false => json!(title),
    };
    if let Some(category) = speaker.get("category").and_then(|category| category.parse::<u64>().ok()) {
        body["category"] = json!(category);
    }
    if let Some(tags) = speaker.get("tags") {
        body["tags"] = tags.split(',').map(str::trim).filter(|tag| !tag.is_empty()).collect();
    }
}
