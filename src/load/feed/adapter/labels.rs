//! Labels of Prometheus and Alertmanager: which of them name a monitor, and how bad an alert is.
//!
//! Options of both kinds of feed:
//!
//! - `label`: the labels whose values are a monitor's id, joined with `/`, as in `label = "component"` or
//!   `label = "job,instance"`. What has none of them is left out.
//! - `down`, `degraded`: the words of the label `severity` that mean so, with commas between them. By default `critical`,
//!   `page`, `error`, `fatal`, `emergency`, `major`, `high`, `disaster` and no `severity` at all are down; `warning`,
//!   `warn`, `minor` and `medium` degraded. All others say nothing about a service and are left out: that is how the
//!   `Watchdog`, which fires always, says that it is fine (`none`).

use serde_json::Value;

use super::gather::option;
use crate::load::feed::json;
use crate::model::{CheckStatus, Feed};

const DOWN: &str = "critical,page,error,fatal,emergency,major,high,disaster";
const DEGRADED: &str = "warning,warn,minor,medium";

/// The values of the labels that name a monitor; `usual` are those that do where the feed does not say.
pub(super) fn names<'v>(feed: &Feed, usual: &str, labels: &'v Value) -> Vec<&'v str> {
    let wanted = option(feed, "label").unwrap_or(usual);
    words(wanted).filter_map(|name| labels.get(name).and_then(json::text)).collect()
}

/// What an alert with these labels says; `None` where it says nothing about a service.
pub(super) fn severity(feed: &Feed, labels: &Value) -> Option<CheckStatus> {
    let Some(severity) = labels.get("severity").and_then(json::text) else { return Some(CheckStatus::Down) };
    let among =
        |name, usual| words(option(feed, name).unwrap_or(usual)).any(|word| word.eq_ignore_ascii_case(severity));
    if among("down", DOWN) {
        Some(CheckStatus::Down)
    } else if among("degraded", DEGRADED) {
        Some(CheckStatus::Degraded)
    } else {
        None
    }
}

fn words(list: &str) -> impl Iterator<Item = &str> {
    list.split(',').map(str::trim).filter(|word| !word.is_empty())
}
