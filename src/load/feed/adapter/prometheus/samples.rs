//! Samples of Prometheus: which target was well when, joined with how long that took.

use std::collections::BTreeMap;

use serde_json::Value;

use super::id_of;
use crate::load::feed::adapter::gather::{Gather, bare, items, named, option};
use crate::load::feed::{Payload, ReadResult, json};
use crate::model::{CheckStatus, MonitorId};

/// What the samples of all answers said so far. Latencies wait for the results that they belong to.
#[derive(Default)]
pub(super) struct Samples<'p> {
    results: Vec<(&'p Payload, ReadResult)>,
    latencies: BTreeMap<(MonitorId, Option<String>, i64), u32>,
    /// An answer that holds latencies.
    of_latencies: Option<&'p Payload>,
}

impl<'p> Samples<'p> {
    /// Reads a matrix or a vector.
    pub fn read(&mut self, gather: &mut Gather<'_>, payload: &'p Payload, data: &Value) {
        for series in items(data, "result") {
            let labels = json::get(series, "metric");
            let Some(id) = id_of(gather, payload, labels) else { continue };
            if !gather.monitor(payload, named(&id, None)) {
                continue;
            }
            let place =
                option(gather.feed, "place").and_then(|label| json::text(json::get(labels, label))).map(str::to_owned);
            let is_latency = is_latency(payload, labels);
            if is_latency {
                self.of_latencies = Some(payload);
            }
            let single = series.get("value");
            for sample in single.into_iter().chain(items(series, "values")) {
                self.read_sample(gather, payload, (&id, place.as_deref()), sample, is_latency);
            }
        }
    }

    fn read_sample(
        &mut self,
        gather: &mut Gather<'_>,
        payload: &'p Payload,
        (id, place): (&MonitorId, Option<&str>),
        sample: &Value,
        is_latency: bool,
    ) {
        let (time, value) = (sample.get(0), sample.get(1));
        let (Some(at_ms), Some(value)) = (time.and_then(json::seconds_ms), value) else {
            gather.leave_out(payload, "a sample that is no pair of a time and a value", Some(id));
            return;
        };
        if is_latency {
            if let Some(latency) = json::latency_us(value, 1e6) {
                self.latencies.insert((id.clone(), place.map(str::to_owned), at_ms), latency);
            }
            return;
        }
        let status = match json::number(value) {
            Some(1.0) => CheckStatus::Up,
            Some(0.0) => CheckStatus::Down,
            // Not a number is how Prometheus says that it doesn't know.
            None => return,
            Some(_) => {
                gather.leave_out(payload, "a value that is neither 0 nor 1", Some(id));
                return;
            }
        };
        let result = ReadResult { location: place.map(str::to_owned), ..bare(id, at_ms, (status, true)) };
        self.results.push((payload, result));
    }

    /// Puts latencies and results together, once every answer was read.
    pub fn join(mut self, gather: &mut Gather<'_>) {
        if let (true, Some(payload)) = (self.results.is_empty(), self.of_latencies) {
            gather.warn(payload, "latencies without results say nothing".to_owned(), "ask for `probe_success` as well");
        }
        for (payload, mut result) in self.results {
            if result.status.is_good() {
                let key = (result.monitor.clone(), result.location.clone(), result.at_ms);
                result.latency_us = self.latencies.remove(&key);
            }
            gather.result(payload, result);
        }
    }
}

/// By the request, else by the series' own name.
fn is_latency(payload: &Payload, labels: &Value) -> bool {
    let by_name = json::text(json::get(labels, "__name__")).is_some_and(|name| name.ends_with("_duration_seconds"));
    payload.request.starts_with("latency") || (!payload.request.starts_with("success") && by_name)
}
