//! `results/uptime/<id>`: a check's days as NodePing has summed them up, for the time before we looked.

use jiff::civil::Date;
use serde_json::{Map, Value};

use crate::diag::Diagnostic;
use crate::load::feed::json::{self, Tally, get, wrong_shape};
use crate::load::feed::{Payload, ReadDay, Reading};
use crate::model::MonitorId;

/// The longest day there is, UTC.
const DAY_MS: i64 = 86_400_000;

/// Whether every member is a sum.
pub(super) fn is_one(members: &Map<String, Value>) -> bool {
    let is_sum = |value: &Value| value.get("enabled").is_some() && value.get("down").is_some();
    !members.is_empty() && members.values().all(is_sum)
}

/// The check that a file is about: `uptime-<id>.json`.
pub(super) fn check_of(name: &str) -> Option<&str> {
    let file = name.rsplit('/').next()?.strip_suffix(".json")?;
    file.strip_prefix("uptime-").filter(|id| !id.is_empty())
}

/// Days up to `today`, which is not over. Time in which the check was switched off is not in `enabled`.
pub(super) fn read(
    answer: &Payload,
    members: &Map<String, Value>,
    check: &str,
    today: Option<Date>,
    reading: &mut Reading,
    tally: &mut Tally,
) -> Option<Diagnostic> {
    if members.keys().filter(|key| *key != "total").all(|key| key.parse::<Date>().is_err()) {
        let told = wrong_shape(answer, "these are sums of months, and only days can be used");
        return Some(told.cure("ask with `interval=days`"));
    }
    let monitor = tally.id(&[check])?;
    for (key, sum) in members.iter().filter(|(key, _)| *key != "total") {
        let sums = json::integer(get(sum, "enabled")).zip(json::integer(get(sum, "down")));
        let sums = sums.filter(|&(enabled_ms, down_ms)| (0..=enabled_ms).contains(&down_ms) && enabled_ms <= DAY_MS);
        let day = tally.need(key.parse::<Date>().ok().zip(sums), "a day whose sums are none");
        let Some((day, (measured_ms, down_ms))) = day else { continue };
        give(&monitor, day, down_ms, measured_ms, today, reading);
    }
    None
}

/// A day that is over and was watched.
pub(super) fn give(
    monitor: &MonitorId,
    day: Date,
    down_ms: i64,
    measured_ms: i64,
    today: Option<Date>,
    reading: &mut Reading,
) {
    if measured_ms > 0 && today.is_none_or(|today| day < today) {
        reading.days.push(ReadDay { monitor: monitor.clone(), day, down_ms, measured_ms });
    }
}
