//! Bluesky, over AT Protocol: a session (`com.atproto.server.createSession`), then a record of
//! `app.bsky.feed.post` (<https://docs.bsky.app/docs/advanced-guides/posts>).
//!
//! The record is put under a key of our own: put twice it is one post. Such keys are TIDs
//! (<https://atproto.com/specs/tid>): 53 bits of microseconds and ten of a clock's number, here all of the news. A link
//! is a facet, counted in bytes of UTF-8.

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::{NotSent, Sent, Speaker, not_sent_until};
use crate::announce::message::Message;
use crate::net::{Answer, Call};

const COLLECTION: &str = "app.bsky.feed.post";

/// The digits of a TID, in their order.
const DIGITS: &[u8; 32] = b"234567abcdefghijklmnopqrstuvwxyz";

/// The beginning of 2024, and its length, in microseconds.
const YEAR_BEGINS_MICROS: u64 = 1_704_067_200_000_000;
const YEAR_MICROS: u64 = 366 * 86_400 * 1_000_000;

pub(super) fn send(speaker: &Speaker<'_>, message: &Message) -> Result<Sent, NotSent> {
    let base = speaker.base("https://bsky.social");
    let login = json!({ "identifier": speaker.need("user"), "password": speaker.need("password") });
    let login = Call::new("POST", format!("{base}/xrpc/com.atproto.server.createSession"), speaker.channel.timeout)
        .json(&login);
    // Nothing was posted by that, whatever happened on the way.
    let answer = speaker.wire.call(&login).map_err(|trouble| NotSent::Later { why: trouble.why, wait: None })?;
    let session = answer.json();
    let (Some(did), Some(token)) = (session["did"].as_str(), session["accessJwt"].as_str()) else {
        return Err(if answer.is_good() {
            NotSent::Refused("it logs us in without a session".to_owned())
        } else {
            limited(&answer, speaker.now)
        });
    };
    let rkey = tid(&message.idempotency);
    let body = json!({ "repo": did, "collection": COLLECTION, "rkey": rkey, "record": record(speaker, message) });
    let call = Call::new("POST", format!("{base}/xrpc/com.atproto.repo.putRecord"), speaker.channel.timeout)
        .bearer(token)
        .json(&body);
    let answer = speaker.wire.call(&call)?;
    if !answer.is_good() {
        return Err(limited(&answer, speaker.now));
    }
    let said = answer.json();
    // Who answers needs both.
    let remote = said["uri"].as_str().zip(said["cid"].as_str()).map(|(uri, cid)| format!("{uri} {cid}"));
    let link = format!("https://bsky.app/profile/{}/post/{rkey}", speaker.need("user"));
    Ok(Sent { remote, link: Some(link), note: None })
}

/// A rate limit says when it ends, in seconds since 1970
/// (<https://docs.bsky.app/docs/advanced-guides/rate-limits>).
fn limited(answer: &Answer, now: Timestamp) -> NotSent {
    let reset = answer.header("ratelimit-reset").and_then(|reset| reset.parse::<i64>().ok());
    not_sent_until(answer, || Some(SignedDuration::from_secs(reset?.saturating_sub(now.as_second()))))
}

fn record(speaker: &Speaker<'_>, message: &Message) -> Value {
    let created = message.facts.posted.unwrap_or(speaker.now);
    let mut record = json!({ "$type": COLLECTION, "text": message.text, "createdAt": created.to_string() });
    if let Some(language) = &speaker.channel.language {
        record["langs"] = json!([language]);
    }
    let link = &message.facts.link;
    if let Some(start) = message.text.find(link.as_str()) {
        record["facets"] = json!([{
            "index": { "byteStart": start, "byteEnd": start + link.len() },
            "features": [{ "$type": "app.bsky.richtext.facet#link", "uri": link }],
        }]);
    }
    if let (Some(root), Some(parent)) = (message.thread.first.as_deref(), message.thread.last.as_deref())
        && let (Some(root), Some(parent)) = (reference(root), reference(parent))
    {
        record["reply"] = json!({ "root": root, "parent": parent });
    }
    record
}

fn reference(remote: &str) -> Option<Value> {
    let (uri, cid) = remote.split_once(' ')?;
    Some(json!({ "uri": uri, "cid": cid }))
}

/// 13 digits of five bits each, the first one of four: microseconds since 1970, then ten bits. All of it is of the news'
/// key: git may know of another time for it when it is tried again. The time is one of 2024, so that it is never one to come.
fn tid(idempotency: &str) -> String {
    let hash = u64::from_str_radix(idempotency.get(..15).unwrap_or("0"), 16).unwrap_or(0);
    let micros = YEAR_BEGINS_MICROS + (hash >> 10) % YEAR_MICROS;
    let number = (micros << 10) | (hash & 0x3ff);
    (0..13)
        .rev()
        .filter_map(|place| DIGITS.get(usize::try_from((number >> (place * 5)) & 31).ok()?))
        .map(|&b| char::from(b))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tid_has_thirteen_digits_and_is_the_same_for_the_same_news() {
        let keys =
            ["0123456789abcdef0123456789abcdef", "fedcba9876543210fedcba9876543210", "fffffffffffffffff", "", "0"];
        for key in keys {
            let one = tid(key);
            assert_eq!(one.len(), 13);
            assert!(one.bytes().all(|digit| DIGITS.contains(&digit)), "{one}");
            // https://atproto.com/specs/tid: the first digit is one of these.
            assert!(one.starts_with(|c: char| "234567abcdefghij".contains(c)), "{one}");
        }
        assert_ne!(tid(keys[0]), tid(keys[1]));
    }
}
