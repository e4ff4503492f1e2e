//! What stands behind every uptime number, for download: `/components/<id>/uptime.json` and `/groups/<id>/uptime.json`,
//! described by `/uptime.schema.json`, and the slices of a component alone in `/components/<id>/uptime.csv`
//! (RFC 4180, <https://www.rfc-editor.org/rfc/rfc4180>).
//!
//! All amounts are whole milliseconds, so that anybody can do the sum again: `docs/uptime.md` says how. The files of whom
//! nothing was ever measured are not there. No monitor is named.

use std::fmt::Write as _;

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;

use super::feed::clean;
use super::json_feed::json;
use super::machine::{Source, text};
use super::output::{Class, Output};
use crate::derive::uptime::{Bar, BarClass, Figure, LatencyDay, Percent, Slice, SliceKind, Span, Sum, Uptime, Window};

/// The version of the format.
const VERSION: u32 = 1;

/// A file for each component and group that was ever measured, slices as a table, and the schema.
pub(in crate::render) fn outputs<'a>(source: Source<'a>) -> Vec<Output<'a>> {
    let config = &source.site.config;
    let mut outputs = Vec::new();
    for (component, facts) in config.components.iter().zip(&source.derived.components) {
        let Some(uptime) = &facts.uptime else { continue };
        let (id, name) = (component.id.as_str(), component.name.as_str());
        let make = move || compact(&of_component(source, id, name, uptime));
        outputs.extend(text(format!("components/{id}/uptime.json"), Class::Index, None, make));
        outputs.extend(text(format!("components/{id}/uptime.csv"), Class::Index, None, move || csv(id, uptime)));
    }
    for (group, uptime) in config.groups.iter().zip(&source.derived.group_uptime) {
        let Some(uptime) = uptime else { continue };
        let (id, name) = (group.id.as_str(), group.name.as_str());
        let make = move || compact(&of_group(source, id, name, uptime));
        outputs.extend(text(format!("groups/{id}/uptime.json"), Class::Index, None, make));
    }
    if !outputs.is_empty() {
        let schema = || json(&schemars::schema_for!(File));
        outputs.extend(text("uptime.schema.json", Class::Asset, None, schema));
    }
    outputs
}

/// The uptime of one component or group.
#[derive(Serialize, JsonSchema)]
#[schemars(title = "Uptime on a site made with upfront")]
struct File {
    /// Of this format.
    version: u32,
    /// The id of the component; only in its file.
    #[serde(skip_serializing_if = "Option::is_none")]
    component: Option<String>,
    /// The id of the group; only in its file.
    #[serde(skip_serializing_if = "Option::is_none")]
    group: Option<String>,
    name: String,
    /// Ids of the components that are counted in it; only in a group's file.
    #[serde(skip_serializing_if = "Option::is_none")]
    members: Option<Vec<String>>,
    /// When this file was made: nothing later is counted.
    built: String,
    /// Of the IANA database, such as `Europe/Oslo`: whose days these are.
    time_zone: String,
    rule: Rule,
    /// The last 24 hours; 7, 30, 90 and 365 days; months, quarters and years, newest first; all.
    windows: Vec<Stretch>,
    /// The last 90 days, oldest first.
    days: Vec<DayOf>,
    /// How long good answers took, of the last 90 UTC days that have any.
    latency: Vec<Latency>,
    /// All that was not good, by start; what is in none of them was up. Of a group that is the mean of its members, none.
    slices: Vec<SliceOf>,
}

/// What weighs how much, in thousandths of full outage.
#[derive(Serialize, JsonSchema)]
struct Rule {
    /// The rule in words.
    url: String,
    major_outage: u16,
    partial_outage: u16,
    degraded_performance: u16,
    /// A brown-out weighs its failing share, and at least this.
    brownout_min: u16,
    /// How a group is counted: `mean` of its members, or `all` of them must be up.
    groups: &'static str,
}

/// How a stretch of time was. The five lengths of its parts add up to `window_ms`.
#[derive(Serialize, JsonSchema)]
struct Parts {
    window_ms: i64,
    up_ms: i64,
    /// Something was wrong, whatever it weighs.
    trouble_ms: i64,
    /// Announced before it began.
    maintenance_ms: i64,
    /// Nothing is known.
    unknown_ms: i64,
    /// Before the first result, or switched off.
    not_monitored_ms: i64,
    /// Weight times ms of the trouble, added: thousandths of ms.
    lost: i64,
    /// `(measured - lost) / measured` in thousandths of a percent, rounded down, where measured is `up_ms` and
    /// `trouble_ms`; null where nothing was measured.
    percent_thousandths: Option<u32>,
    /// As it is printed, without a sign: `99.98`. Null where less than half of the window was measured.
    percent: Option<String>,
    /// How much of the window was measured, in thousandths, rounded down.
    coverage_permille: u16,
    /// Results of all monitors, and how many failed. Results are kept by UTC day, and count on the day that has its noon.
    results: u64,
    failing: u64,
}

#[derive(Serialize, JsonSchema)]
struct Stretch {
    /// `24h`, `7d`, `30d`, `90d`, `365d`, a month `2022-03`, a quarter `2022-q1`, a year `2022`, or `all`.
    window: String,
    start: String,
    end: String,
    #[serde(flatten)]
    parts: Parts,
}

#[derive(Serialize, JsonSchema)]
struct DayOf {
    /// In the page's zone.
    day: String,
    /// How its bar looks: `none`, `maintenance`, `ok`, `minor`, `partial` or `major`.
    class: &'static str,
    /// Slugs of incidents, notices, maintenance and withdrawn alarms of that day.
    incidents: Vec<String>,
    #[serde(flatten)]
    parts: Parts,
}

#[derive(Serialize, JsonSchema)]
struct Latency {
    /// UTC.
    day: String,
    /// How many good results.
    count: u64,
    p50_us: u32,
    p95_us: u32,
    p99_us: u32,
}

#[derive(Serialize, JsonSchema)]
struct SliceOf {
    from: String,
    /// Not included.
    to: String,
    ms: i64,
    /// `trouble`, `maintenance`, `unknown` or `not_monitored`.
    what: &'static str,
    /// Thousandths; 0 for what is not trouble.
    weight: u16,
    /// The slug of the incident, notice, maintenance or withdrawn alarm behind it.
    of: Option<String>,
}

fn of_component(source: Source<'_>, id: &str, name: &str, uptime: &Uptime) -> File {
    File { component: Some(id.to_owned()), ..file(source, name, uptime) }
}

fn of_group(source: Source<'_>, id: &str, name: &str, uptime: &Uptime) -> File {
    let components = source.site.config.components.iter().zip(&source.derived.components);
    let members = components.filter(|(component, facts)| {
        facts.uptime.is_some() && component.group.as_ref().is_some_and(|group| group.as_str() == id)
    });
    let members = members.map(|(component, _)| component.id.to_string()).collect();
    File { group: Some(id.to_owned()), members: Some(members), ..file(source, name, uptime) }
}

fn file(source: Source<'_>, name: &str, uptime: &Uptime) -> File {
    let config = &source.site.config;
    let rule = &config.monitoring.uptime;
    File {
        version: VERSION,
        component: None,
        group: None,
        name: clean(name),
        members: None,
        built: source.derived.now.to_string(),
        time_zone: config.zone.name.clone(),
        rule: Rule {
            url: source.url("uptime/"),
            major_outage: 1000,
            partial_outage: rule.partial,
            degraded_performance: rule.degraded,
            brownout_min: rule.brownout_min,
            groups: if rule.group_all { "all" } else { "mean" },
        },
        windows: uptime.windows.iter().map(stretch).collect(),
        days: uptime.bars.iter().map(|bar| day(source, bar)).collect(),
        latency: uptime.latency.iter().map(latency).collect(),
        slices: uptime.slices.iter().map(slice).collect(),
    }
}

fn parts(sum: &Sum) -> Parts {
    Parts {
        window_ms: sum.window_ms,
        up_ms: sum.up_ms,
        trouble_ms: sum.trouble_ms,
        maintenance_ms: sum.maintenance_ms,
        unknown_ms: sum.unknown_ms,
        not_monitored_ms: sum.not_monitored_ms,
        lost: i64::try_from(sum.lost).unwrap_or(i64::MAX),
        percent_thousandths: Percent::of(sum).map(|Percent(thousandths)| thousandths),
        percent: printed(sum),
        coverage_permille: sum.coverage_permille(),
        results: sum.results,
        failing: sum.failing,
    }
}

/// As it is printed, without a sign; `None` where no number is.
pub(in crate::render) fn printed(sum: &Sum) -> Option<String> {
    match sum.figure() {
        Figure::Known { printed, .. } => Some(printed.to_string()),
        Figure::NoData | Figure::TooLittle => None,
    }
}

fn stretch(window: &Window) -> Stretch {
    Stretch {
        window: span(window.span),
        start: window.start.to_string(),
        end: window.end.to_string(),
        parts: parts(&window.sum),
    }
}

/// The name of a stretch in data.
pub(in crate::render) fn span(span: Span) -> String {
    match span {
        Span::Hours24 => "24h".to_owned(),
        Span::Days7 => "7d".to_owned(),
        Span::Days30 => "30d".to_owned(),
        Span::Days90 => "90d".to_owned(),
        Span::Days365 => "365d".to_owned(),
        Span::Month(month) => month.to_string(),
        Span::Quarter(year, quarter) => format!("{year:04}-q{quarter}"),
        Span::Year(year) => format!("{year:04}"),
        Span::All => "all".to_owned(),
    }
}

fn day(source: Source<'_>, bar: &Bar) -> DayOf {
    let incidents = bar.incidents.iter().filter_map(|&index| source.site.incidents.get(index));
    DayOf {
        day: bar.day.to_string(),
        class: match bar.class {
            BarClass::None => "none",
            BarClass::Maintenance => "maintenance",
            BarClass::Ok => "ok",
            BarClass::Minor => "minor",
            BarClass::Partial => "partial",
            BarClass::Major => "major",
        },
        incidents: incidents.map(|incident| incident.slug.to_string()).collect(),
        parts: parts(&bar.sum),
    }
}

fn latency(day: &LatencyDay) -> Latency {
    let LatencyDay { day, count, p50_us, p95_us, p99_us } = *day;
    Latency { day: day.to_string(), count, p50_us, p95_us, p99_us }
}

fn slice(slice: &Slice) -> SliceOf {
    SliceOf {
        from: slice.interval.start().to_string(),
        to: slice.interval.end().to_string(),
        ms: length_ms(slice),
        what: what(slice.what),
        weight: slice.weight,
        of: slice.of.as_ref().map(ToString::to_string),
    }
}

fn length_ms(slice: &Slice) -> i64 {
    let ms = |at: Timestamp| at.as_millisecond();
    ms(slice.interval.end()).saturating_sub(ms(slice.interval.start()))
}

fn what(kind: SliceKind) -> &'static str {
    match kind {
        SliceKind::Trouble => "trouble",
        SliceKind::Maintenance => "maintenance",
        SliceKind::Unknown => "unknown",
        SliceKind::NotMonitored => "not_monitored",
    }
}

/// A line for each slice. No field can hold a comma, a quote or the end of a line: ids are slugs, and the rest are our
/// own words, times and numbers.
fn csv(component: &str, uptime: &Uptime) -> String {
    let mut csv = "component,from,to,seconds,what,weight,of\r\n".to_owned();
    for slice in &uptime.slices {
        let (from, to) = (slice.interval.start(), slice.interval.end());
        let _ = write!(csv, "{component},{from},{to},{},", seconds(length_ms(slice)));
        let of = slice.of.as_ref().map_or("", |slug| slug.as_str());
        let _ = write!(csv, "{},{},{of}\r\n", what(slice.what), slice.weight);
    }
    csv
}

/// Seconds with as many decimals as they need: `90`, `90.5`.
fn seconds(ms: i64) -> String {
    match ms % 1000 {
        0 => (ms / 1000).to_string(),
        rest => format!("{}.{rest:03}", ms / 1000).trim_end_matches('0').to_owned(),
    }
}

/// Without white space: there are many windows.
fn compact(value: &impl Serialize) -> String {
    serde_json::to_string(value).unwrap_or_default() + "\n"
}

#[cfg(test)]
mod tests;
