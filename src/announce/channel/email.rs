//! E-mail, over SMTP: a mail in plain text and HTML (RFC 5322, RFC 2046).
//!
//! All mails of an incident are one thread: `Message-ID` is made of the news, and `References` names those before (RFC 5322,
//! 3.6.4). What a mailing list and its readers' programs look at is there: `List-Id` (RFC 2919), `List-Unsubscribe` (RFC 2369)
//! and its one-click form (RFC 8058), `Auto-Submitted` (RFC 3834), so that no answering machine answers.
//! Several recipients do not see each other.

use std::time::{Duration, UNIX_EPOCH};

use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart, SinglePart};

use super::{NotSent, Sent, Speaker};
use crate::announce::message::Message;
use crate::announce::wire::{Mail, Tls};

pub(super) fn send(speaker: &Speaker<'_>, message: &Message) -> Result<Sent, NotSent> {
    let tls = match speaker.get("tls") {
        Some("none" | "off") => Tls::None,
        Some("implicit" | "on") => Tls::Implicit,
        _ => Tls::StartTls,
    };
    let port = speaker.get("port").and_then(|port| port.parse().ok()).unwrap_or(match tls {
        Tls::None => 25,
        Tls::StartTls => 587,
        Tls::Implicit => 465,
    });
    let from = mailbox(speaker.need("from"))?;
    let to = speaker.need("to").split(',').map(mailbox).collect::<Result<Vec<Mailbox>, NotSent>>()?;
    let user = speaker.get("user").map_or_else(|| from.email.to_string(), str::to_owned);
    let mail = Mail {
        host: speaker.need("host").to_owned(),
        port,
        tls,
        login: speaker.get("password").map(|password| (user, password.to_owned())),
        ca_file: speaker.get("ca_file").map(str::to_owned),
        timeout: speaker.channel.timeout,
        from: from.email.to_string(),
        to: to.iter().map(|to| to.email.to_string()).collect(),
        message: written(speaker, message, from, &to)?,
    };
    let note = speaker.wire.mail(&mail)?;
    Ok(Sent { remote: Some(message_id(speaker, &message.idempotency)), note, ..Sent::default() })
}

fn mailbox(text: &str) -> Result<Mailbox, NotSent> {
    let text = text.trim();
    text.parse().map_err(|_| NotSent::Refused(format!("`{text}` is no address of mail")))
}

/// `<news@host>`, the same for the same news for ever.
fn message_id(speaker: &Speaker<'_>, idempotency: &str) -> String {
    format!("<{idempotency}@{}>", host(speaker))
}

fn host<'a>(speaker: &Speaker<'a>) -> &'a str {
    let authority = speaker.site_url.authority();
    authority
        .rsplit_once(':')
        .filter(|(_, port)| port.bytes().all(|b| b.is_ascii_digit()))
        .map_or(authority, |(host, _)| host)
}

/// Headers and body, with CRLF.
fn written(speaker: &Speaker<'_>, message: &Message, from: Mailbox, to: &[Mailbox]) -> Result<Vec<u8>, NotSent> {
    let seconds = u64::try_from(speaker.now.as_second()).unwrap_or(0);
    let mut builder = lettre::Message::builder()
        .from(from.clone())
        .date(UNIX_EPOCH + Duration::from_secs(seconds))
        .message_id(Some(message_id(speaker, &message.idempotency)))
        .subject(message.subject.as_str());
    builder = match to {
        [one] => builder.to(one.clone()),
        _ => builder.to(from),
    };
    if let Some(reply_to) = speaker.get("reply_to") {
        builder = builder.reply_to(mailbox(reply_to)?);
    }
    // What the channel calls earlier messages are their Message-IDs.
    if let Some(last) = &message.thread.last {
        builder = builder.in_reply_to(last.clone()).references(message.thread.earlier.join(" "));
    }
    let list_id = speaker.get("list_id").unwrap_or_else(|| host(speaker)).trim_matches(['<', '>']);
    builder = raw(builder, "List-Id", format!("<{list_id}>"))?;
    if let Some(unsubscribe) = speaker.get("unsubscribe") {
        builder = raw(builder, "List-Unsubscribe", format!("<{unsubscribe}>"))?;
        if unsubscribe.starts_with("https://") {
            builder = raw(builder, "List-Unsubscribe-Post", "List-Unsubscribe=One-Click".to_owned())?;
        }
    }
    builder = raw(builder, "List-Archive", format!("<{}/history/>", speaker.site_url))?;
    builder = raw(builder, "Auto-Submitted", "auto-generated".to_owned())?;
    builder = raw(builder, "Precedence", "list".to_owned())?;
    let text = SinglePart::builder().header(ContentType::TEXT_PLAIN).body(message.text.clone());
    let html = SinglePart::builder().header(ContentType::TEXT_HTML).body(message.page.clone());
    // The same boundary for the same news: a rehearsal shows what will be sent.
    let parts = MultiPart::builder().kind(lettre::message::MultiPartKind::Alternative);
    let parts = parts.boundary(format!("upfront-{}", message.idempotency)).singlepart(text).singlepart(html);
    let mail =
        builder.multipart(parts).map_err(|error| NotSent::Refused(format!("the mail cannot be written: {error}")))?;
    Ok(mail.formatted())
}

/// A header as it stands, on one line.
fn raw(
    builder: lettre::message::MessageBuilder,
    name: &'static str,
    value: String,
) -> Result<lettre::message::MessageBuilder, NotSent> {
    let is_plain = value.chars().all(|c| c.is_ascii_graphic() || c == ' ');
    if !is_plain {
        return Err(NotSent::Refused(format!("`{name}` would hold characters that no header may have")));
    }
    Ok(builder.raw_header(HeaderValue::new(HeaderName::new_from_ascii_str(name), value)))
}
