//! UptimeRobot: version 3 of its API (<https://uptimerobot.com/api/v3/>) and version 2
//! (<https://uptimerobot.com/api/legacy/>), which still answers.
//!
//! `url` is `https://api.uptimerobot.com/v3/monitors`, the token goes with it as `Bearer`; or
//! `https://api.uptimerobot.com/v2/getMonitors`, and the token is a field of what is posted. A read-only key is enough. The
//! key that an answer repeats (`apiKey`), headers and passwords of monitors are never looked at. A monitor's id is
//! UptimeRobot's number. Many numbers are text, or the empty text.
//!
//! What detection gets: a result at the moment of asking, since the time of the last check is not told, and the stretches
//! in which a monitor was down, which begin when UptimeRobot had confirmed it. *Seems down* (8, `LOOKS_DOWN`) fails,
//! unconfirmed. *Not checked yet* (1, `STARTED`) says nothing.

mod v2;
mod v3;

use serde_json::Value;

use super::gather::{Gather, address};
use crate::diag::Loaded;
use crate::load::feed::{Adapter, Auth, Payload, Reading, Request, json};
use crate::model::Feed;

pub(super) const ADAPTER: Adapter = Adapter { requests, auth: Auth::Body, read };

/// Of fifty monitors each.
const PAGES_MAX: usize = 50;

fn requests(feed: &Feed, answers: &[Payload], _: i64, _: i64) -> Vec<Request> {
    if answers.len() >= PAGES_MAX {
        return Vec::new();
    }
    let request = if address(feed).contains("/v2/") { v2::next(answers) } else { v3::next(answers) };
    request.into_iter().collect()
}

fn read(feed: &Feed, payloads: &[Payload]) -> Loaded<Reading> {
    let mut gather = Gather::new(feed);
    for payload in payloads {
        let Some(answer) = gather.parse(payload) else { continue };
        if let Some(monitors) = answer.get("monitors").and_then(Value::as_array) {
            for monitor in monitors {
                v2::read(&mut gather, payload, monitor);
            }
        } else if let Some(monitors) = answer.get("data").and_then(Value::as_array) {
            for monitor in monitors {
                v3::read(&mut gather, payload, monitor);
            }
        } else if let Some(why) = refusal(&answer) {
            gather.refused(payload, why);
        } else {
            gather.shape(payload, "a list of `monitors` (version 2) or `data` (version 3)", &answer);
        }
    }
    gather.finish()
}

/// What it says of its own trouble. The value that it was given, beside that, may be the key.
fn refusal(answer: &Value) -> Option<&str> {
    json::text(json::get(json::get(answer, "error"), "message")).or_else(|| json::text(json::get(answer, "message")))
}

#[cfg(test)]
mod tests;
