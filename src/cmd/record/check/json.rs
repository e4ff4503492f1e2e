//! The same for programs.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::Checked;
use super::heard::{self, Heard, Monitor};
use crate::diag::report::Report;
use crate::model::FeedState;

pub(super) fn report(checked: &Checked, heard: &[Heard<'_>], told: &Report<'_>) -> Value {
    let unheard = heard::unheard(checked, heard).into_iter().map(|(component, monitors)| {
        let monitors: Vec<String> = monitors.into_iter().map(ToString::to_string).collect();
        json!({"component": component.id.as_str(), "monitors": monitors})
    });
    let unwatched = heard::unwatched(checked, heard).into_iter().map(|component| component.id.as_str());
    json!({
        "version": 1,
        "now": checked.now.to_string(),
        "feeds": checked.answers.iter().zip(heard).map(|(answer, heard)| feed(answer.feed.as_str(), heard)).collect::<Vec<_>>(),
        "unheard": unheard.collect::<Vec<_>>(),
        "unwatched": unwatched.collect::<Vec<_>>(),
        "told": told.json(),
    })
}

fn feed(id: &str, heard: &Heard<'_>) -> Value {
    let (state, why) = match heard.state {
        FeedState::Read { .. } => ("read", None),
        FeedState::FromLog => ("not_asked", None),
        FeedState::Failed(why) => ("failed", Some(why)),
    };
    let (generated, expires) = match heard.state {
        FeedState::Read { generated, expires } => (*generated, *expires),
        FeedState::FromLog | FeedState::Failed(_) => (None, None),
    };
    json!({
        "id": id,
        "kind": heard.feed.map(|feed| feed.kind.word()),
        "state": state,
        "why": why,
        "generated": generated.map(|at| at.to_string()),
        "expires": expires.map(|at| at.to_string()),
        "monitors": heard.monitors.iter().map(monitor).collect::<Vec<_>>(),
    })
}

fn monitor(monitor: &Monitor<'_>) -> Value {
    let (now, newest, about) = (monitor.now(), monitor.newest, monitor.about);
    json!({
        "id": monitor.id.map(ToString::to_string),
        "name": about.and_then(|about| about.name.as_deref()),
        "status": now.map(|now| now.status.word()),
        "confirmed": now.map(|now| now.confirmed),
        "since": now.filter(|now| now.is_span).and_then(|now| time(now.at_ms)),
        "at": newest.and_then(|result| time(result.at_ms)),
        "latency_ms": newest.and_then(|result| result.latency_us).map(|us| f64::from(us) / 1000.0),
        "location": newest.and_then(|result| result.location.as_deref()),
        "interval_s": about.and_then(|about| about.interval_ms).map(|ms| ms / 1000),
        "paused": about.is_some_and(|about| about.paused),
        "parents": about.map(|about| about.parents.iter().map(ToString::to_string).collect::<Vec<_>>()),
        "results": monitor.results,
        "spans": monitor.spans,
        "days": monitor.days,
        "components": monitor.components.iter().map(|component| component.id.as_str()).collect::<Vec<_>>(),
    })
}

fn time(at_ms: i64) -> Option<String> {
    Timestamp::from_millisecond(at_ms).ok().map(|at| at.to_string())
}
