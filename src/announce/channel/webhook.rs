//! A webhook of the operator's: our JSON, or the body of Statuspage's webhook for those that know it
//! (<https://support.atlassian.com/statuspage/docs/enable-webhook-notifications>).
//!
//! `Idempotency-Key` is the same for the same news for ever; whoever receives it should keep it for a day. With a `secret`
//! the header `X-Upfront-Signature: t=<unix seconds>,v1=<hex>` holds the HMAC-SHA256 of `<t>.<body>`, so that neither the
//! body can be changed nor an old one sent again.

use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::{Value, json};
use sha2::Sha256;

use super::{NotSent, Sent, Speaker, not_sent};
use crate::announce::message::Message;
use crate::net::Call;

pub(super) fn send(speaker: &Speaker<'_>, message: &Message) -> Result<Sent, NotSent> {
    let body = match speaker.get("format") {
        Some("statuspage") if message.statuspage.is_object() => message.statuspage.clone(),
        // What is about no incident has no body of Statuspage's: it knows nothing of the kind.
        Some("statuspage") => {
            let note = "nothing was sent: the body of Statuspage has no words for this";
            return Ok(Sent { note: Some(note.to_owned()), ..Sent::default() });
        }
        _ => own(message),
    };
    let mut call = Call::new("POST", speaker.need("url"), speaker.channel.timeout)
        .json(&body)
        .header("idempotency-key", &*message.idempotency);
    if let Some(token) = speaker.get("token") {
        call = call.bearer(token);
    }
    if let Some(secret) = speaker.get("secret") {
        let at = speaker.now.as_second();
        let signature = hmac_sha256(secret, &[format!("{at}.").as_bytes(), &call.body].concat());
        call = call.header("x-upfront-signature", format!("t={at},v1={signature}"));
    }
    let answer = speaker.wire.call(&call)?;
    if answer.is_good() { Ok(Sent::default()) } else { Err(not_sent(&answer)) }
}

/// Our own body: what is known of the news, its key, and the text as a person may read it.
pub(in crate::announce) fn own(message: &Message) -> Value {
    let mut body = serde_json::to_value(&message.facts).unwrap_or_default();
    if let Some(body) = body.as_object_mut() {
        body.insert("version".to_owned(), json!(1));
        body.insert("id".to_owned(), json!(message.idempotency));
        body.insert("subject".to_owned(), json!(message.subject));
        body.insert("text".to_owned(), json!(message.text));
    }
    body
}

/// In hexadecimal digits.
fn hmac_sha256(secret: &str, bytes: &[u8]) -> String {
    // HMAC takes a key of any length, so this cannot fail.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret.as_bytes()) else { return String::new() };
    mac.update(bytes);
    mac.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_is_that_of_rfc_4231() {
        // Test case 2.
        let expected = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";
        assert_eq!(hmac_sha256("Jefe", b"what do ya want for nothing?"), expected);
    }
}
