//! X, API v2 (<https://docs.x.com/x-api/posts/create-post>), signed with OAuth 1.0a (RFC 5849): its four keys do not
//! expire, so that nobody has to log in again at night.
//!
//! It refuses a text that it has just had, which is how we know that it arrived.

use std::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use sha1::Sha1;

use super::{NotSent, Sent, Speaker, encoded, not_sent_until};
use crate::announce::message::Message;
use crate::net::{Answer, Call};

pub(super) fn send(speaker: &Speaker<'_>, message: &Message) -> Result<Sent, NotSent> {
    let url = format!("{}/2/tweets", speaker.base("https://api.x.com"));
    let mut body = json!({ "text": message.text });
    if let Some(last) = &message.thread.last {
        body["reply"] = json!({ "in_reply_to_tweet_id": last });
    }
    let login = Login {
        consumer_key: speaker.need("consumer_key"),
        consumer_secret: speaker.need("consumer_secret"),
        token: speaker.need("token"),
        token_secret: speaker.need("token_secret"),
    };
    // The same nonce and second for the same try, another for each further one.
    let nonce: String =
        blake3::hash(format!("{} {}", message.idempotency, speaker.now).as_bytes()).to_hex().chars().take(32).collect();
    let call = Call::new("POST", &*url, speaker.channel.timeout)
        .header("authorization", login.header("POST", &url, &nonce, speaker.now.as_second()))
        .json(&body);
    let answer = speaker.wire.call(&call)?;
    if answer.is_good() {
        let id = answer.json()["data"]["id"].as_str().map(str::to_owned);
        let link = id.as_ref().map(|id| format!("https://x.com/i/status/{id}"));
        return Ok(Sent { remote: id, link, ..Sent::default() });
    }
    if answer.status == 403 && String::from_utf8_lossy(&answer.body).to_lowercase().contains("duplicate content") {
        return Ok(Sent::default());
    }
    Err(limited(&answer, speaker.now))
}

fn limited(answer: &Answer, now: Timestamp) -> NotSent {
    let reset = answer.header("x-rate-limit-reset").and_then(|reset| reset.parse::<i64>().ok());
    not_sent_until(answer, || Some(SignedDuration::from_secs(reset?.saturating_sub(now.as_second()))))
}

struct Login<'a> {
    consumer_key: &'a str,
    consumer_secret: &'a str,
    token: &'a str,
    token_secret: &'a str,
}

impl Login<'_> {
    /// RFC 5849, 3.4 and 3.5.1. The body is JSON, so no part of it is signed.
    fn header(&self, method: &str, url: &str, nonce: &str, at_s: i64) -> String {
        let at = at_s.to_string();
        let mut parameters = [
            ("oauth_consumer_key", self.consumer_key),
            ("oauth_nonce", nonce),
            ("oauth_signature_method", "HMAC-SHA1"),
            ("oauth_timestamp", &at),
            ("oauth_token", self.token),
            ("oauth_version", "1.0"),
        ]
        .map(|(name, value)| (name.to_owned(), encoded(value)))
        .to_vec();
        let joined = parameters.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("&");
        let base = format!("{method}&{}&{}", encoded(url), encoded(&joined));
        let key = format!("{}&{}", encoded(self.consumer_secret), encoded(self.token_secret));
        parameters.push(("oauth_signature".to_owned(), encoded(&hmac_sha1(&key, &base))));
        let mut header = "OAuth ".to_owned();
        for (at, (name, value)) in parameters.iter().enumerate() {
            let comma = if at == 0 { "" } else { ", " };
            let _ = write!(header, "{comma}{name}=\"{value}\"");
        }
        header
    }
}

fn hmac_sha1(key: &str, text: &str) -> String {
    // HMAC takes a key of any length, so this cannot fail.
    let Ok(mut mac) = Hmac::<Sha1>::new_from_slice(key.as_bytes()) else { return String::new() };
    mac.update(text.as_bytes());
    STANDARD.encode(mac.finalize().into_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_is_that_of_rfc_2202() {
        // Test case 2, in base64.
        assert_eq!(hmac_sha1("Jefe", "what do ya want for nothing?"), "7/zfauXrL6LSdBbV8YTfnCWafHk=");
    }

    #[test]
    fn the_header_names_everything_that_is_signed() {
        let login = Login { consumer_key: "ck", consumer_secret: "c s", token: "t+1", token_secret: "ts" };
        let header = login.header("POST", "https://api.x.com/2/tweets", "n1", 1_774_349_580);
        let base = "POST&https%3A%2F%2Fapi.x.com%2F2%2Ftweets&oauth_consumer_key%3Dck%26oauth_nonce%3Dn1\
                    %26oauth_signature_method%3DHMAC-SHA1%26oauth_timestamp%3D1774349580%26oauth_token%3Dt%252B1\
                    %26oauth_version%3D1.0";
        let signature = encoded(&hmac_sha1("c%20s&ts", base));
        assert_eq!(
            header,
            format!(
                "OAuth oauth_consumer_key=\"ck\", oauth_nonce=\"n1\", oauth_signature_method=\"HMAC-SHA1\", \
                 oauth_timestamp=\"1774349580\", oauth_token=\"t%2B1\", oauth_version=\"1.0\", oauth_signature=\"{signature}\""
            )
        );
    }
}
