//! A day row as it stands in `history/days/<yyyy>/<mm>/<dd>.ndjson`, in the one way: keys in fixed order, no spaces.
//!
//! ```json
//! {"v":1,"d":"2026-11-24","m":"nodeping:imap-ssl","sh":"oslo-1","n":1438,"f":69,"iv":[[36728,40868,"d",1000],[57600,61200,"x"]],
//!  "lat":{"n":1369,"sum":201344120,"min":61020,"max":4980112,"h":[205,3,1,12,1,40,1,122]}}
//! ```
//!
//! `h` is the first bucket and its count, then for each further bucket its distance from the one before and its count.
//! `"imported":true` stands at the end of a row that another system summed up.

use std::collections::BTreeMap;
use std::fmt;
use std::io::Write as _;
use std::sync::Arc;

use jiff::civil::Date;
use serde::Deserialize;
use serde::de::{Deserializer, Error, IgnoredAny, SeqAccess, Visitor};

use crate::model::{DAY_S, DayInterval, DayRow, DayState, Histogram, MonitorId, MonitorRef, Slug};

/// The only version there is so far.
const VERSION: u32 = 1;

/// What a stretch weighs where nothing is said.
const WEIGHT_DEFAULT: u16 = 1000;

/// Names that come again in every file, each kept once.
#[derive(Default)]
pub(crate) struct Names {
    monitors: BTreeMap<Box<str>, MonitorRef>,
    shards: BTreeMap<Box<str>, Arc<str>>,
}

/// Reads a row. Without `latency` its histogram is passed over.
///
/// # Errors
///
/// Why it is none.
pub(crate) fn parse(line: &[u8], latency: bool, names: &mut Names) -> Result<DayRow, String> {
    if latency {
        let text: Text<'_, Option<Lat>> = json(line)?;
        let lat = text.lat.as_ref().map(Lat::histogram).transpose()?;
        row(&text, lat, names)
    } else {
        let text: Text<'_, IgnoredAny> = json(line)?;
        row(&text, None, names)
    }
}

/// Appends the line of a row, with its line feed.
pub(crate) fn write(out: &mut Vec<u8>, row: &DayRow) {
    let DayRow { day, monitor, shard, results, failing, intervals, latency, imported } = row;
    // Nothing here can fail, since it goes into memory; and no name holds what would need an escape.
    let _ = write!(out, "{{\"v\":{VERSION},\"d\":\"{day}\",\"m\":\"{monitor}\",\"sh\":\"{shard}\"");
    let _ = write!(out, ",\"n\":{results},\"f\":{failing},\"iv\":[");
    for (index, interval) in intervals.iter().enumerate() {
        let DayInterval { from_s, to_s, state, weight } = interval;
        let _ = write!(out, "{}[{from_s},{to_s},\"{}\"", comma(index), state.code());
        if state.is_trouble() || *weight != WEIGHT_DEFAULT {
            let _ = write!(out, ",{weight}");
        }
        out.push(b']');
    }
    out.push(b']');
    if let Some(Histogram { buckets, count, sum_us, min_us, max_us }) = latency {
        let _ = write!(out, ",\"lat\":{{\"n\":{count},\"sum\":{sum_us},\"min\":{min_us},\"max\":{max_us},\"h\":[");
        let mut last = 0;
        for (index, &(bucket, count)) in buckets.iter().enumerate() {
            let _ = write!(out, "{}{},{count}", comma(index), bucket.saturating_sub(last));
            last = bucket;
        }
        out.extend(b"]}");
    }
    if *imported {
        out.extend(b",\"imported\":true");
    }
    out.extend(b"}\n");
}

fn comma(index: usize) -> &'static str {
    if index == 0 { "" } else { "," }
}

fn json<'a, T: Deserialize<'a>>(line: &'a [u8]) -> Result<T, String> {
    // Serde would take a list for an object whose keys go without saying.
    if line.first() != Some(&b'{') {
        return Err("this is no object of JSON".to_owned());
    }
    serde_json::from_slice(line).map_err(|error| {
        if error.is_data() { "a value is not of its kind, or a key is missing" } else { "this is no JSON" }.to_owned()
    })
}

#[derive(Deserialize)]
struct Text<'a, L> {
    v: u32,
    d: &'a str,
    m: &'a str,
    sh: &'a str,
    n: u32,
    f: u32,
    iv: Vec<Cut>,
    #[serde(default)]
    lat: L,
    #[serde(default)]
    imported: bool,
}

fn row<L>(text: &Text<'_, L>, latency: Option<Histogram>, names: &mut Names) -> Result<DayRow, String> {
    if text.v != VERSION {
        return Err(format!("this is version {}, of which nothing is known here", text.v));
    }
    if text.f > text.n {
        return Err(format!("{} of {} results failed", text.f, text.n));
    }
    Ok(DayRow {
        day: text.d.parse().map_err(|_| "`d` is no day".to_owned())?,
        monitor: names.monitor(text.m).ok_or("`m` is no monitor: it is written `feed:monitor`")?,
        shard: names.shard(text.sh).ok_or("`sh` is no collector")?,
        results: text.n,
        failing: text.f,
        intervals: intervals(&text.iv)?,
        latency,
        imported: text.imported,
    })
}

impl Names {
    fn monitor(&mut self, text: &str) -> Option<MonitorRef> {
        if let Some(known) = self.monitors.get(text) {
            return Some(known.clone());
        }
        let (feed, monitor) = text.split_once(':')?;
        let new = MonitorRef { feed: Slug::new(feed)?, monitor: MonitorId::new(monitor)? };
        self.monitors.insert(text.into(), new.clone());
        Some(new)
    }

    fn shard(&mut self, text: &str) -> Option<Arc<str>> {
        if let Some(known) = self.shards.get(text) {
            return Some(Arc::clone(known));
        }
        let new: Arc<str> = Slug::new(text)?.as_str().into();
        self.shards.insert(text.into(), Arc::clone(&new));
        Some(new)
    }
}

fn intervals(cuts: &[Cut]) -> Result<Vec<DayInterval>, String> {
    let mut last_s = 0;
    for Cut(interval) in cuts {
        if interval.from_s < last_s || interval.from_s >= interval.to_s || interval.to_s > DAY_S {
            return Err("`iv` is not in order, or longer than a day".to_owned());
        }
        last_s = interval.to_s;
    }
    Ok(cuts.iter().map(|cut| cut.0).collect())
}

/// `[from, to, code]` or `[from, to, code, weight]`.
struct Cut(DayInterval);

impl<'de> Deserialize<'de> for Cut {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Cut, D::Error> {
        deserializer.deserialize_seq(CutVisitor)
    }
}

struct CutVisitor;

impl<'de> Visitor<'de> for CutVisitor {
    type Value = Cut;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of two seconds, a letter and a weight")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Cut, A::Error> {
        let mut second = || list.next_element::<u32>()?.ok_or_else(|| A::Error::custom("no second"));
        let (from_s, to_s) = (second()?, second()?);
        let code: &str = list.next_element()?.unwrap_or_default();
        let state = DayState::from_code(code).ok_or_else(|| A::Error::custom("no state"))?;
        let weight = list.next_element()?.unwrap_or(WEIGHT_DEFAULT);
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Cut(DayInterval { from_s, to_s, state, weight: weight.min(WEIGHT_DEFAULT) }))
    }
}

#[derive(Deserialize)]
struct Lat {
    n: u64,
    sum: u64,
    min: u32,
    max: u32,
    h: Vec<u32>,
}

impl Lat {
    fn histogram(&self) -> Result<Histogram, String> {
        let bad = || "`lat` does not add up".to_owned();
        let mut buckets = Vec::with_capacity(self.h.len() / 2);
        let (mut bucket, mut sum) = (0_u32, 0_u64);
        for pair in self.h.chunks(2) {
            let &[distance, count] = pair else { return Err(bad()) };
            bucket = bucket.saturating_add(distance);
            sum = sum.saturating_add(count.into());
            let index = u16::try_from(bucket).ok().filter(|&index| index <= Histogram::BUCKET_MAX).ok_or_else(bad)?;
            if count == 0 || (distance == 0 && !buckets.is_empty()) {
                return Err(bad());
            }
            buckets.push((index, count));
        }
        if buckets.is_empty() || sum != self.n || self.min > self.max {
            return Err(bad());
        }
        Ok(Histogram { buckets, count: self.n, sum_us: self.sum, min_us: self.min, max_us: self.max })
    }
}

/// How much a row weighs against another of the same day, monitor and collector: one of results goes before one that was
/// imported, then the greater `n` counts, then the text.
pub(crate) fn weigh(a: &DayRow, b: &DayRow) -> std::cmp::Ordering {
    let text = |row: &DayRow| {
        let mut line = Vec::new();
        write(&mut line, row);
        line
    };
    (!a.imported, a.results).cmp(&(!b.imported, b.results)).then_with(|| text(a).cmp(&text(b)))
}

/// The order of rows: by day, monitor and collector.
pub(crate) fn key(row: &DayRow) -> (Date, &MonitorRef, &str) {
    (row.day, &row.monitor, &row.shard)
}

#[cfg(test)]
mod tests;
