//! How the loop says how it goes: a file of health, a file of metrics, and systemd.

use std::cell::Cell;
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::Path;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use sd_notify::NotifyState;
use serde_json::{Value, json};

use super::state::State;
use crate::cli;
use crate::cmd::Edge;

/// How often the watchdog is fed at most.
const ALIVE_EVERY: Duration = Duration::from_secs(2);

pub(super) struct Teller<'a> {
    edge: &'a Edge,
    args: &'a cli::Run,
    fed: Cell<Option<Instant>>,
    /// What could not be written, once.
    unwritten: Option<String>,
}

impl Teller<'_> {
    pub fn new<'a>(edge: &'a Edge, args: &'a cli::Run) -> Teller<'a> {
        Teller { edge, args, fed: Cell::new(None), unwritten: None }
    }

    pub fn ready(&self) {
        notify(&[NotifyState::Ready]);
    }

    pub fn stopping(&self) {
        notify(&[NotifyState::Stopping]);
    }

    /// The watchdog of systemd bites when this is not heard for long: a step that hangs ends the service, and starts it again.
    pub fn alive(&self) {
        if self.fed.get().is_none_or(|fed| fed.elapsed() >= ALIVE_EVERY) {
            alive();
            self.fed.set(Some(Instant::now()));
        }
    }

    /// After each round.
    pub fn round(&mut self, state: &State) {
        notify(&[NotifyState::Status(&line(state)), NotifyState::Watchdog]);
        let health = self.args.health.as_deref().map(|path| (path, format!("{:#}\n", health(state))));
        let metrics = self.args.metrics.as_deref().map(|path| (path, metrics(state)));
        let mut failed = None;
        for (path, text) in health.into_iter().chain(metrics) {
            if let Err(error) = replace(path, &text) {
                failed = Some(format!("could not write {}: {error}", path.display()));
            }
        }
        if let Some(why) = failed.as_ref().filter(|why| self.unwritten.as_ref() != Some(why)) {
            self.edge.warn(&format!("warning: {why}\n"));
        }
        self.unwritten = failed;
    }
}

/// Feeds the watchdog of systemd.
pub(super) fn alive() {
    notify(&[NotifyState::Watchdog]);
}

/// Nobody may be there to be told.
fn notify(what: &[NotifyState<'_>]) {
    let _ = sd_notify::notify(what);
}

/// Whoever reads it meanwhile finds a whole file.
fn replace(path: &Path, text: &str) -> std::io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut file = tempfile::Builder::new().prefix(".upfront-").suffix(".tmp").tempfile_in(folder)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        file.as_file().set_permissions(std::fs::Permissions::from_mode(0o644))?;
    }
    file.write_all(text.as_bytes())?;
    file.persist(path).map(drop).map_err(|error| error.error)
}

/// One line for `systemctl status`.
fn line(state: &State) -> String {
    let failing: Vec<&str> =
        state.steps.iter().filter(|(_, one)| one.failed.is_some()).map(|(step, _)| step.word()).collect();
    match failing.as_slice() {
        [] => format!("round {}: fine, {} open", state.rounds, state.incidents_open),
        failing => format!("round {}: {} fails, {} open", state.rounds, failing.join(", "), state.incidents_open),
    }
}

/// For programs that ask whether it is well.
fn health(state: &State) -> Value {
    let failed = |failed: &Option<(Timestamp, String)>| {
        failed.as_ref().map(|(since, why)| json!({"since": since.to_string(), "why": why}))
    };
    let steps = state.steps.iter().map(|(step, standing)| {
        let last_good = standing.last_good.map(|at| at.to_string());
        (step.word().to_owned(), json!({"failed": failed(&standing.failed), "last_good": last_good}))
    });
    let places = state.places.iter().map(|(name, place)| {
        let published = place.published.map(|(_, at)| at.to_string());
        (name.clone(), json!({"failed": failed(&place.failed), "published": published}))
    });
    let feeds = state.feeds.iter().map(|(feed, one)| (feed.to_string(), json!({"failed": failed(one)})));
    json!({
        "version": 1,
        "healthy": state.is_well(),
        "started": state.started.to_string(),
        "rounds": state.rounds,
        "round": {"at": state.round.0.to_string(), "took_ms": i64::try_from(state.round.1.as_millis()).unwrap_or_default()},
        "steps": steps.collect::<serde_json::Map<_, _>>(),
        "places": places.collect::<serde_json::Map<_, _>>(),
        "feeds": feeds.collect::<serde_json::Map<_, _>>(),
        "messages": state.messages,
        "detections_open": state.detections_open,
        "incidents_open": state.incidents_open,
    })
}

/// The text format of Prometheus (<https://prometheus.io/docs/instrumenting/exposition_formats/>), as its node exporter
/// reads files. Times are Unix seconds.
fn metrics(state: &State) -> String {
    let mut text = String::new();
    let mut metric = |name: &str, kind: &str, help: &str, values: Vec<(String, f64)>| {
        if values.is_empty() {
            return;
        }
        let _ = writeln!(text, "# HELP upfront_{name} {help}\n# TYPE upfront_{name} {kind}");
        for (labels, value) in values {
            let _ = writeln!(text, "upfront_{name}{labels} {value}");
        }
    };
    let label = |name: &str, value: &str| {
        let value = value.replace('\\', r"\\").replace('"', "\\\"").replace('\n', r"\n");
        format!("{{{name}=\"{value}\"}}")
    };
    let plain = |value: f64| vec![(String::new(), value)];
    let bit = |is: bool| f64::from(u8::from(is));
    let steps = || state.steps.iter();
    let places = || state.places.iter();
    metric("rounds_total", "counter", "Rounds since the start.", plain(float(state.rounds)));
    metric("round_start_timestamp_seconds", "gauge", "When the last round began.", plain(seconds(state.round.0)));
    metric("round_duration_seconds", "gauge", "How long the last round took.", plain(state.round.1.as_secs_f64()));
    let failing = steps().map(|(step, one)| (label("step", step.word()), bit(one.failed.is_some())));
    metric("step_failing", "gauge", "Whether a step of the last round failed.", failing.collect());
    let good = steps().filter_map(|(step, one)| Some((label("step", step.word()), seconds(one.last_good?))));
    metric("step_last_good_timestamp_seconds", "gauge", "When a step last worked.", good.collect());
    let failing = places().map(|(name, one)| (label("place", name), bit(one.failed.is_some())));
    metric("place_failing", "gauge", "Whether a place does not have the new build.", failing.collect());
    let published = places().filter_map(|(name, one)| Some((label("place", name), seconds(one.published?.1))));
    metric("place_published_timestamp_seconds", "gauge", "When a place last got a build.", published.collect());
    let feeds = state.feeds.iter().map(|(feed, failed)| (label("feed", feed.as_str()), bit(failed.is_some())));
    metric("feed_failing", "gauge", "Whether a feed could not be read.", feeds.collect());
    let messages = state.messages.iter().map(|(what, &n)| (label("outcome", what), float(n)));
    metric("messages_total", "counter", "Messages to channels since the start.", messages.collect());
    metric("detections_open", "gauge", "Outages under way, as monitors say.", plain(count(state.detections_open)));
    metric("incidents_open", "gauge", "Disturbances under way on the page.", plain(count(state.incidents_open)));
    text
}

fn seconds(at: Timestamp) -> f64 {
    at.as_duration().as_secs_f64()
}

fn count(n: usize) -> f64 {
    float(n as u64)
}

#[expect(clippy::cast_precision_loss, reason = "no counter comes near to 2^53")]
fn float(n: u64) -> f64 {
    n as f64
}

#[cfg(test)]
mod tests {
    use jiff::SignedDuration;
    use snapbox::{assert_data_eq, str};

    use crate::model::Slug;

    use super::super::state::{PlaceState, Step};
    use super::*;

    fn state() -> State {
        let at: Timestamp = "2026-11-25T12:00:00Z".parse().unwrap_or_default();
        let mut state = State::new(at);
        state.rounds = 3;
        state.round = (at, SignedDuration::from_millis(250));
        state.went(Step::Build, at, Ok(()));
        state.went(Step::Publish, at, Err("mirror: the connection was refused".to_owned()));
        state.feeds.extend(Slug::new("own").map(|own| (own, None)));
        let mut place = PlaceState::default();
        place.went("mirror", at, 7, Some("the \"connection\" was refused"));
        state.places.insert("mirror".to_owned(), place);
        state.messages.insert("sent", 4);
        state.incidents_open = 1;
        state
    }

    #[test]
    fn health_and_metrics_say_what_fails_since_when() {
        assert_data_eq!(line(&state()), str!["round 3: publish fails, 1 open"]);
        assert_data_eq!(
            format!("{:#}", health(&state())),
            str![[r#"
{
  "version": 1,
  "healthy": false,
  "started": "2026-11-25T12:00:00Z",
  "rounds": 3,
  "round": {
    "at": "2026-11-25T12:00:00Z",
    "took_ms": 250
  },
  "steps": {
    "build": {
      "failed": null,
      "last_good": "2026-11-25T12:00:00Z"
    },
    "publish": {
      "failed": {
        "since": "2026-11-25T12:00:00Z",
        "why": "mirror: the connection was refused"
      },
      "last_good": null
    }
  },
  "places": {
    "mirror": {
      "failed": {
        "since": "2026-11-25T12:00:00Z",
        "why": "the /"connection/" was refused"
      },
      "published": null
    }
  },
  "feeds": {
    "own": {
      "failed": null
    }
  },
  "messages": {
    "sent": 4
  },
  "detections_open": 0,
  "incidents_open": 1
}
"#]]
        );
        assert_data_eq!(
            metrics(&state()),
            str![[r##"
# HELP upfront_rounds_total Rounds since the start.
# TYPE upfront_rounds_total counter
upfront_rounds_total 3
# HELP upfront_round_start_timestamp_seconds When the last round began.
# TYPE upfront_round_start_timestamp_seconds gauge
upfront_round_start_timestamp_seconds 1795608000
# HELP upfront_round_duration_seconds How long the last round took.
# TYPE upfront_round_duration_seconds gauge
upfront_round_duration_seconds 0.25
# HELP upfront_step_failing Whether a step of the last round failed.
# TYPE upfront_step_failing gauge
upfront_step_failing{step="build"} 0
upfront_step_failing{step="publish"} 1
# HELP upfront_step_last_good_timestamp_seconds When a step last worked.
# TYPE upfront_step_last_good_timestamp_seconds gauge
upfront_step_last_good_timestamp_seconds{step="build"} 1795608000
# HELP upfront_place_failing Whether a place does not have the new build.
# TYPE upfront_place_failing gauge
upfront_place_failing{place="mirror"} 1
# HELP upfront_feed_failing Whether a feed could not be read.
# TYPE upfront_feed_failing gauge
upfront_feed_failing{feed="own"} 0
# HELP upfront_messages_total Messages to channels since the start.
# TYPE upfront_messages_total counter
upfront_messages_total{outcome="sent"} 4
# HELP upfront_detections_open Outages under way, as monitors say.
# TYPE upfront_detections_open gauge
upfront_detections_open 0
# HELP upfront_incidents_open Disturbances under way on the page.
# TYPE upfront_incidents_open gauge
upfront_incidents_open 1

"##]]
        );
    }
}
