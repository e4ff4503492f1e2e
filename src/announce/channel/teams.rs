//! Microsoft Teams: a webhook of Workflows, which takes an Adaptive Card
//! (<https://learn.microsoft.com/microsoftteams/platform/webhooks-and-connectors/how-to/connectors-using>).

use serde_json::json;

use super::{NotSent, Sent, Speaker, cut, not_sent};
use crate::announce::message::Message;
use crate::model::Impact;
use crate::net::Call;

/// The longest body, in characters: a message of 28 KB holds it with everything escaped.
const BODY_CHARS_MAX: usize = 6000;

pub(super) fn send(speaker: &Speaker<'_>, message: &Message) -> Result<Sent, NotSent> {
    let facts = &message.facts;
    let mood = match facts.impact() {
        _ if facts.is_over => "good",
        Impact::Critical | Impact::Major => "attention",
        Impact::Minor => "warning",
        Impact::None => "default",
    };
    let text = |text: &str| json!({ "type": "TextBlock", "wrap": true, "text": escaped(text) });
    let mut blocks = vec![json!({
        "type": "TextBlock", "size": "large", "weight": "bolder", "wrap": true, "color": mood, "text": escaped(&message.subject),
    })];
    if facts.is_test {
        blocks.push(text(message.text.lines().next().unwrap_or_default()));
    }
    if !facts.components.is_empty() {
        blocks.push(text(&facts.components.join(", ")));
    }
    blocks.extend(facts.late.as_deref().map(text));
    // A card reads a part of Markdown; what a person wrote must not become more than they wrote.
    let body = cut(&facts.body, BODY_CHARS_MAX);
    blocks.extend(body.split("\n\n").filter(|part| !part.trim().is_empty()).map(text));
    blocks.extend(message.next.as_deref().map(text));
    let card = json!({
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "fallbackText": message.subject,
        "body": blocks,
        "actions": [{ "type": "Action.OpenUrl", "title": facts.page.title, "url": facts.link }],
    });
    let body = json!({
        "type": "message",
        "attachments": [{ "contentType": "application/vnd.microsoft.card.adaptive", "contentUrl": null, "content": card }],
    });
    let answer = speaker.wire.call(&Call::new("POST", speaker.need("url"), speaker.channel.timeout).json(&body))?;
    if answer.is_good() { Ok(Sent::default()) } else { Err(not_sent(&answer)) }
}

/// Adaptive Cards read emphasis, lists and links in a text block
/// (<https://learn.microsoft.com/adaptive-cards/authoring-cards/text-features>).
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        if matches!(c, '*' | '_' | '[' | ']' | '\\' | '`') {
            out.push('\\');
        }
        out.push(c);
    }
    out
}
