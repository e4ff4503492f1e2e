//! `upfront announce --list`: which channel had what when.

use std::fmt::Write as _;

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use crate::cmd::{Edge, Failure, Status};
use crate::diag::report::shown;
use crate::model::{Delivery, Site, Slug};

/// How old the oldest is that is listed.
const AGE_MAX: SignedDuration = SignedDuration::from_hours(30 * 24);

/// Prints the list.
pub(super) fn run(edge: &Edge, site: &Site, now: Timestamp, json: bool) -> Result<Status, Failure> {
    let known: Vec<&Slug> = site.config.channels.iter().map(|channel| &channel.id).collect();
    let mut all: Vec<(&str, &Slug, &Delivery)> = site
        .deliveries
        .0
        .iter()
        .flat_map(|(news, by_channel)| by_channel.iter().map(move |(channel, one)| (news.as_str(), channel, one)))
        .filter(|(_, channel, one)| known.contains(channel) && now.duration_since(one.at) <= AGE_MAX)
        .collect();
    all.sort_by_key(|(news, channel, one)| (std::cmp::Reverse(one.at), *news, *channel));
    if json {
        let one = |(news, channel, one): &(&str, &Slug, &Delivery)| -> Value {
            json!({
                "at": one.at.to_string(), "channel": channel.as_str(), "news": news, "state": one.state.word(),
                "link": one.link, "why": one.why,
            })
        };
        let all: Vec<Value> = all.iter().map(one).collect();
        edge.print(&format!("{:#}\n", json!({"version": 1, "deliveries": all})))?;
    } else {
        edge.print(&human(site, &all))?;
    }
    Ok(Status::Fine)
}

/// ```text
/// 2026-11-25 23:00 CET   mail  sent      IMAP logins failing
///     incidents/2026-11-25-2159-imap/#u-20261125-2159-investigating
/// ```
fn human(site: &Site, all: &[(&str, &Slug, &Delivery)]) -> String {
    if all.is_empty() {
        return "Nothing was sent to these channels in the last 30 days.\n".to_owned();
    }
    let width = all.iter().map(|(_, channel, _)| channel.as_str().len()).max().unwrap_or_default();
    let mut text = String::new();
    for (news, channel, one) in all {
        let at = one.at.to_zoned_datetime(site.config.zone.tz.clone());
        let state = one.state.word().replace('_', " ");
        let _ = writeln!(
            text,
            "{:<21}  {:<width$}  {state:<8}  {}",
            at.strftime("%Y-%m-%d %H:%M %Z").to_string(),
            channel.as_str(),
            title(site, news)
        );
        let _ = writeln!(text, "    {}", shown(news));
        if let Some(why) = &one.why {
            let _ = writeln!(text, "    {}", shown(why));
        }
    }
    text
}

/// What it told of, in words.
fn title(site: &Site, news: &str) -> String {
    let mut parts = news.split('/');
    let (kind, of) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    let title = match kind {
        "incidents" => {
            site.incidents.iter().find(|one| one.first_slug().as_str() == of).map(|one| one.title.to_string())
        }
        "rfo" => Some("a report, or a promise of one".to_owned()),
        "alarm" => Some(format!("call of staff: {}", of.replace('_', " "))),
        _ => None,
    };
    title.map_or_else(|| shown(of), |title| shown(&title))
}
