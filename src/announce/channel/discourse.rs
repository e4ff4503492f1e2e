//! Discourse: a topic for an incident, and an answer in it for each further update
//! (<https://docs.discourse.org/#tag/Posts/operation/createTopicPostPM>).

use serde_json::json;

use super::{NotSent, Sent, Speaker, cut, not_sent};
use crate::announce::message::Message;
use crate::net::Call;

/// The longest title (`max topic title length`), and the shortest (`min topic title length`), in characters.
const TITLE_CHARS_MAX: usize = 255;
const TITLE_CHARS_MIN: usize = 15;

pub(super) fn send(speaker: &Speaker<'_>, message: &Message) -> Result<Sent, NotSent> {
    let mut body = json!({ "raw": message.text });
    // The number of the topic stands before the address of the post.
    let topic = message.thread.first.as_deref().and_then(|first| first.parse::<u64>().ok());
    match topic {
        Some(topic) => body["topic_id"] = json!(topic),
        None => {
            let title = cut(&message.facts.title, TITLE_CHARS_MAX);
            let title = match title.chars().count() < TITLE_CHARS_MIN {
                true => cut(&format!("{}: {title}", message.facts.page.title), TITLE_CHARS_MAX),
                false => title,
            };
            body["title"] = json!(title);
            if let Some(category) = speaker.get("category").and_then(|category| category.parse::<u64>().ok()) {
                body["category"] = json!(category);
            }
            if let Some(tags) = speaker.get("tags") {
                body["tags"] = tags.split(',').map(str::trim).filter(|tag| !tag.is_empty()).collect();
            }
        }
    }
    let base = speaker.base("");
    let call = Call::new("POST", format!("{base}/posts.json"), speaker.channel.timeout)
        .header("api-key", speaker.need("token"))
        .header("api-username", speaker.need("user"))
        .json(&body);
    let answer = speaker.wire.call(&call)?;
    if !answer.is_good() {
        return Err(not_sent(&answer));
    }
    let said = answer.json();
    let topic = said["topic_id"].as_u64();
    let link = topic.map(|topic| match (said["topic_slug"].as_str(), said["post_number"].as_u64()) {
        (Some(slug), Some(post)) => format!("{base}/t/{slug}/{topic}/{post}"),
        _ => format!("{base}/t/{topic}"),
    });
    Ok(Sent { remote: topic.map(|topic| topic.to_string()), link, note: None })
}
