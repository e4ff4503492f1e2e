//! A program of the operator's, for anything else: an SMS gateway, a voice call, a siren.
//!
//! The message is on its standard input, as JSON in the shape of our [webhook](super::webhook), and in the environment:
//! `UPFRONT_SUBJECT`, `UPFRONT_TEXT`, `UPFRONT_SHORT` (one line of at most 160 characters, the link in it), `UPFRONT_LINK`, `UPFRONT_KIND`,
//! `UPFRONT_STAGE`, `UPFRONT_IMPACT`, `UPFRONT_TEST` and `UPFRONT_IDEMPOTENCY_KEY`.

use super::{NotSent, Sent, Speaker, cut, webhook};
use crate::announce::message::Message;
use crate::announce::wire::CommandRun;

/// An SMS of one part holds 160 characters of GSM 03.38.
const SHORT_CHARS_MAX: usize = 160;

pub(super) fn send(speaker: &Speaker<'_>, message: &Message) -> Result<Sent, NotSent> {
    let facts = &message.facts;
    let env = [
        ("UPFRONT_SUBJECT", message.subject.clone()),
        ("UPFRONT_TEXT", message.text.clone()),
        ("UPFRONT_SHORT", short(message)),
        ("UPFRONT_LINK", facts.link.clone()),
        ("UPFRONT_KIND", facts.kind.clone()),
        ("UPFRONT_STAGE", facts.stage.clone()),
        ("UPFRONT_IMPACT", facts.impact.clone()),
        ("UPFRONT_TEST", if facts.is_test { "1" } else { "" }.to_owned()),
        ("UPFRONT_IDEMPOTENCY_KEY", message.idempotency.clone()),
    ];
    // No variable can hold a NUL.
    let env = env.into_iter().map(|(name, value)| (name.to_owned(), value.replace('\0', ""))).collect();
    let run = CommandRun {
        command: speaker.need("command").to_owned(),
        env,
        stdin: format!("{:#}\n", webhook::own(message)).into_bytes(),
        timeout: speaker.channel.timeout,
    };
    speaker.wire.run(&run)?;
    Ok(Sent::default())
}

/// The subject and the link; the subject cut where both are too long.
fn short(message: &Message) -> String {
    let link = &message.facts.link;
    let room = SHORT_CHARS_MAX.saturating_sub(link.chars().count() + 1);
    // Half a link leads nowhere.
    if room < 20 { cut(&message.subject, SHORT_CHARS_MAX) } else { format!("{} {link}", cut(&message.subject, room)) }
}
