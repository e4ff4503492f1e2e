//! How a host or service is now, as Nagios and all that came from it say: a result, and a span for what is hard.

use serde_json::Value;

use crate::load::feed::json::{self, Tally};
use crate::load::feed::{ReadMonitor, ReadResult, ReadSpan, Reading};
use crate::model::{CheckStatus, MonitorId, Span};

/// One host, or one service of it.
#[derive(Clone, Debug, Default)]
pub(in crate::load::feed::adapter) struct Current<'a> {
    pub host: &'a str,
    pub service: Option<&'a str>,
    /// What people call it, where that is not the same.
    pub name: Option<&'a str>,
    /// `None` while it was never checked.
    pub status: Option<CheckStatus>,
    /// Its own system takes it for confirmed.
    pub hard: bool,
    pub in_downtime: bool,
    /// Nobody checks it, and nobody may report it.
    pub paused: bool,
    pub last_check_ms: Option<i64>,
    /// When it came to be so, from the first result on.
    pub began_ms: Option<i64>,
    pub interval_ms: Option<i64>,
    pub latency_us: Option<u32>,
    pub message: Option<&'a str>,
}

impl Current<'_> {
    /// Adds what is known of it.
    pub(in crate::load::feed::adapter) fn give(&self, reading: &mut Reading, tally: &mut Tally) {
        let Some(monitor) = self.id(tally) else { return };
        reading.monitors.push(ReadMonitor {
            id: monitor.clone(),
            name: self.name.and_then(json::message),
            interval_ms: self.interval_ms.filter(|&ms| ms > 0),
            // A service cannot be up while its host is not.
            parents: self.service.and_then(|_| MonitorId::escaped(&[self.host])).into_iter().collect(),
            paused: self.paused,
        });
        let Some(status) = self.status.filter(|_| !self.paused) else { return };
        let last_check = tally.need(self.last_check_ms, "a host or service without the time of its last check");
        let Some(at_ms) = last_check else { return };
        let bad = matches!(status, CheckStatus::Down | CheckStatus::Partial | CheckStatus::Degraded);
        if let Some(began_ms) = self.began_ms.filter(|_| bad && self.hard && !self.in_downtime) {
            let from_ms = began_ms.min(at_ms);
            let span = Span { from_ms, to_ms: None, status, confirmed: true, rev: 0 };
            reading.spans.push(ReadSpan { monitor: monitor.clone(), span });
        }
        let status = if self.in_downtime { CheckStatus::Maintenance } else { status };
        reading.results.push(ReadResult {
            monitor,
            at_ms,
            status,
            confirmed: self.hard || !status.fails(),
            latency_us: self.latency_us.filter(|_| status.is_good()),
            location: None,
            message: self.message.and_then(json::message),
            rev: 0,
        });
    }

    fn id(&self, tally: &mut Tally) -> Option<MonitorId> {
        match self.service {
            Some(service) => tally.id(&[self.host, service]),
            None => tally.id(&[self.host]),
        }
    }
}

/// When the present state began, from the first result on: `time_ms` gives a time of the record by its name. The record's own
/// change is moved to the hard one; but the last time of every other state stays, and in 4.4 that is the time of the first
/// result that was no longer so.
pub(in crate::load::feed::adapter) fn began_ms(
    status: CheckStatus,
    time_ms: impl Fn(&str) -> Option<i64>,
) -> Option<i64> {
    const LAST_TIMES: [(&str, CheckStatus); 7] = [
        ("last_time_ok", CheckStatus::Up),
        ("last_time_up", CheckStatus::Up),
        ("last_time_warning", CheckStatus::Degraded),
        ("last_time_critical", CheckStatus::Down),
        ("last_time_down", CheckStatus::Down),
        ("last_time_unknown", CheckStatus::Unknown),
        ("last_time_unreachable", CheckStatus::Unknown),
    ];
    let of_others = LAST_TIMES.into_iter().filter(|&(_, of)| of != status);
    let last_other_ms = of_others.filter_map(|(name, _)| time_ms(name)).max();
    let changed_ms = time_ms("last_state_change");
    match (last_other_ms, changed_ms) {
        (Some(other_ms), Some(changed_ms)) => Some(other_ms.min(changed_ms)),
        (other_ms, changed_ms) => other_ms.or(changed_ms),
    }
}

/// `state_type` of a host or service: 0 soft, 1 hard, or the words. In the log of Nagios the numbers are others.
pub(in crate::load::feed::adapter) fn hard(state_type: &Value) -> Option<bool> {
    match (json::integer(state_type), json::text(state_type)) {
        (Some(0), _) | (_, Some("soft")) => Some(false),
        (Some(1), _) | (_, Some("hard")) => Some(true),
        _ => None,
    }
}

/// How long the target took to answer, from the performance data of a plugin: its `time`, or `rta` of a ping. The decimal
/// sign is a comma where the server's locale says so.
pub(in crate::load::feed::adapter) fn perf_latency_us(perf_data: &str) -> Option<u32> {
    perf_data.split_ascii_whitespace().find_map(|item| {
        let (label, rest) = item.split_once('=')?;
        if !["time", "rta"].contains(&label.trim_matches('\'')) {
            return None;
        }
        let value = rest.split(';').next()?;
        let end = value.find(|c: char| c.is_ascii_alphabetic())?;
        let (number, unit) = value.split_at_checked(end)?;
        let number: f64 = number.replace(',', ".").parse().ok()?;
        let us_per_unit = match unit {
            "s" => 1e6,
            "ms" => 1e3,
            "us" => 1.0,
            _ => return None,
        };
        json::at_us(number * us_per_unit)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn performance_data_says_how_long_an_answer_took() {
        assert_eq!(perf_latency_us("time=0.000901s;0.500000;5.0;0;8 size=161B;;;0;"), Some(901));
        assert_eq!(perf_latency_us("size=210B time=0,015777s"), Some(15_777));
        assert_eq!(perf_latency_us("'rta'=5.907000ms;3000;5000;0; pl=0%;80;100;;"), Some(5907));
        assert_eq!([perf_latency_us("load1=0.5;5;10"), perf_latency_us("time=U"), perf_latency_us("")], [None; 3]);
    }
}
