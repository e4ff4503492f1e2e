//! `reports/statusevents/<id>/listchecks`: the public report, which needs no token. It is served without a JSON content type,
//! and says no time of anything: how a check is holds for the moment when it was asked.

use jiff::civil::Date;
use serde_json::Value;

use super::uptime;
use crate::load::feed::json::{self, Tally, get};
use crate::load::feed::{ReadMonitor, ReadResult, Reading};
use crate::model::{CheckStatus, MonitorId};

const DAY_MS: f64 = 86_400_000.0;

pub(super) fn read(jobs: &[Value], asked_ms: i64, today: Option<Date>, reading: &mut Reading, tally: &mut Tally) {
    for job in jobs {
        let id = tally.need(json::text(get(job, "_id")), "a check without `_id`");
        let Some(monitor) = id.and_then(|id| tally.id(&[id])) else { continue };
        reading.monitors.push(ReadMonitor {
            id: monitor.clone(),
            name: json::text(get(job, "label")).and_then(json::message),
            interval_ms: None,
            parents: Vec::new(),
            paused: false,
        });
        give_days(&monitor, get(job, "uptime"), today, reading);
        let status = match json::text(get(job, "status")) {
            Some("up") => Some(CheckStatus::Up),
            Some("down") => Some(CheckStatus::Down),
            _ => None,
        };
        let Some(status) = tally.need(status, "a check whose `status` is neither `up` nor `down`") else { continue };
        reading.results.push(ReadResult {
            monitor,
            at_ms: asked_ms,
            status,
            confirmed: true,
            latency_us: json::latency_us(get(job, "rt"), 1000.0).filter(|_| status.is_good()),
            location: None,
            message: json::text(get(job, "lastmessage")).and_then(json::message),
            rev: 0,
        });
    }
}

/// Only percentages are given: a day is taken to have been watched from end to end, and what was lost is rounded up.
fn give_days(monitor: &MonitorId, days: &Value, today: Option<Date>, reading: &mut Reading) {
    for (day, sum) in days.as_object().into_iter().flatten() {
        let percent = json::number(get(sum, "uptime")).filter(|percent| (0.0..=100.0).contains(percent));
        let Some((day, percent)) = day.parse::<Date>().ok().zip(percent) else { continue };
        // Thousandths are all that NodePing gives; what floats add to them is not lost time.
        let lost = ((100.0 - percent) * 1000.0).round() / 100_000.0;
        #[expect(clippy::cast_possible_truncation, reason = "a share of a day")]
        let (down_ms, measured_ms) = ((lost * DAY_MS).ceil() as i64, DAY_MS as i64);
        uptime::give(monitor, day, down_ms.min(measured_ms), measured_ms, today, reading);
    }
}
