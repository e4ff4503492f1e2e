//! The table, for people: a monitor a row, as narrow as what is in it, its own name last.

use std::fmt::Write as _;

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use super::heard::{self, Heard, Monitor};
use super::{Checked, FeedAnswer};
use crate::diag::nearest;
use crate::diag::report::shown;
use crate::model::{FeedState, MonitorRef};

const COLUMNS: usize = 10;

const HEAD: [&str; COLUMNS] =
    ["monitor", "state", "newest", "latency", "place", "every", "results", "spans", "component", "name"];

/// The columns of numbers, which end under each other.
const NUMBERS: [bool; COLUMNS] = [false, false, false, true, false, true, true, true, false, false];

pub(super) fn report(checked: &Checked, heard: &[Heard<'_>]) -> String {
    let mut text = String::new();
    for (answer, heard) in checked.answers.iter().zip(heard) {
        if !text.is_empty() {
            text.push('\n');
        }
        feed(&mut text, checked, answer, heard);
    }
    rest(&mut text, checked, heard);
    text
}

fn feed(text: &mut String, checked: &Checked, answer: &FeedAnswer, heard: &Heard<'_>) {
    let kind = heard.feed.map_or("", |feed| feed.kind.word());
    let said = match heard.state {
        FeedState::Failed(why) => shown(why),
        FeedState::FromLog => {
            "was not asked: it has neither `url` nor `file`, so name it alone and pipe it in".to_owned()
        }
        FeedState::Read { generated, expires } => read(checked, heard, *generated, *expires),
    };
    let _ = writeln!(text, "{} ({kind}): {said}", answer.feed);
    if heard.monitors.is_empty() {
        return;
    }
    let zone = checked.now.to_zoned_datetime(checked.config.zone.tz.clone()).strftime("%Z").to_string();
    let head = HEAD.map(|name| if name == "newest" { format!("newest ({zone})") } else { name.to_owned() });
    let mut rows = vec![head];
    rows.extend(heard.monitors.iter().map(|monitor| row(checked, monitor)));
    aligned(text, &rows);
}

/// "3 monitors, 120 results, made at 11:02:04"
fn read(checked: &Checked, heard: &Heard<'_>, generated: Option<Timestamp>, expires: Option<Timestamp>) -> String {
    let mut said = vec![counted(heard.monitors.len(), "monitor"), counted(heard.results, "result")];
    if heard.spans > 0 {
        said.push(counted(heard.spans, "span"));
    }
    if heard.days > 0 {
        said.push(counted(heard.days, "day"));
    }
    said.extend(generated.map(|at| format!("made at {}", clock(checked, at.as_millisecond()))));
    said.extend(expires.map(|at| {
        let word = if at <= checked.now { "expired at" } else { "holds until" };
        format!("{word} {}", clock(checked, at.as_millisecond()))
    }));
    said.join(", ")
}

fn row(checked: &Checked, monitor: &Monitor<'_>) -> [String; COLUMNS] {
    let now = monitor.now();
    let is_paused = monitor.about.is_some_and(|about| about.paused);
    let state = match now {
        _ if is_paused => "paused".to_owned(),
        None => "nothing known".to_owned(),
        Some(now) if now.status.fails() && !now.confirmed => format!("{}, unconfirmed", now.status.word()),
        Some(now) => now.status.word().to_owned(),
    };
    let newest = now.map_or_else(String::new, |now| {
        let age_ms = checked.now.as_millisecond().saturating_sub(now.at_ms);
        let at = clock(checked, now.at_ms);
        match (now.is_span, age_ms) {
            (_, ..0) => format!("{at}, in {}", ago(age_ms.saturating_neg())),
            (true, _) => format!("since {at}, {}", ago(age_ms)),
            (false, _) => format!("{at}, {} ago", ago(age_ms)),
        }
    });
    let latency = monitor.newest.and_then(|result| result.latency_us);
    let components: Vec<&str> = monitor.components.iter().map(|component| component.id.as_str()).collect();
    let count = |count: usize| if count == 0 { String::new() } else { count.to_string() };
    [
        monitor.id.map(ToString::to_string).unwrap_or_default(),
        state,
        newest,
        latency.map_or_else(String::new, |us| format!("{}.{} ms", us / 1000, us % 1000 / 100)),
        monitor.newest.and_then(|result| result.location.clone()).unwrap_or_default(),
        monitor.about.and_then(|about| about.interval_ms).map(ago).unwrap_or_default(),
        count(monitor.results),
        count(monitor.spans),
        if components.is_empty() { "no component".to_owned() } else { components.join(", ") },
        monitor.about.and_then(|about| about.name.clone()).unwrap_or_default(),
    ]
    .map(|cell| shown(&cell))
}

/// Columns that have nothing in them are left out.
fn aligned(text: &mut String, rows: &[[String; COLUMNS]]) {
    let mut widths = [0usize; COLUMNS];
    for (at, width) in widths.iter_mut().enumerate() {
        let cells = || rows.iter().skip(1).filter_map(|row| row.get(at));
        if cells().any(|cell| !cell.is_empty()) {
            *width = rows.iter().filter_map(|row| row.get(at)).map(|cell| cell.chars().count()).max().unwrap_or(0);
        }
    }
    for row in rows {
        let mut line = String::new();
        for ((cell, &width), is_number) in row.iter().zip(&widths).zip(NUMBERS) {
            let _ = match (width, is_number) {
                (0, _) => Ok(()),
                (width, true) => write!(line, "  {cell:>width$}"),
                (width, false) => write!(line, "  {cell:<width$}"),
            };
        }
        let _ = writeln!(text, "{}", line.trim_end());
    }
}

/// What was looked for and not heard of.
fn rest(text: &mut String, checked: &Checked, heard: &[Heard<'_>]) {
    let (unheard, unwatched) = (heard::unheard(checked, heard), heard::unwatched(checked, heard));
    if !unheard.is_empty() || !unwatched.is_empty() {
        text.push('\n');
    }
    for (component, monitors) in unheard {
        for monitor in monitors {
            let near = near(monitor, heard).map_or_else(String::new, |near| format!("; did you mean `{near}`?"));
            let _ = writeln!(text, "{}: nobody has heard of `{monitor}`{near}", component.id);
        }
    }
    for component in unwatched {
        let _ = writeln!(text, "{}: no monitor speaks for it", component.id);
    }
}

/// The monitor of that feed whose id is nearest.
fn near(monitor: &MonitorRef, heard: &[Heard<'_>]) -> Option<String> {
    let feed = heard.iter().find(|heard| heard.feed.is_some_and(|feed| feed.id == monitor.feed))?;
    let known = feed.monitors.iter().filter_map(|known| known.id).map(|id| id.as_str());
    nearest(monitor.monitor.as_str(), known).map(|near| format!("{}:{near}", monitor.feed))
}

fn counted(count: usize, what: &str) -> String {
    if count == 1 { format!("1 {what}") } else { format!("{count} {what}s") }
}

/// The time of day in the site's zone, with its date where that is another one.
fn clock(checked: &Checked, at_ms: i64) -> String {
    let zone: &TimeZone = &checked.config.zone.tz;
    let Ok(at) = Timestamp::from_millisecond(at_ms) else { return "no time at all".to_owned() };
    let today = zone.to_datetime(checked.now).date();
    let at = zone.to_datetime(at);
    if at.date() == today { at.strftime("%H:%M:%S").to_string() } else { at.strftime("%Y-%m-%d %H:%M:%S").to_string() }
}

/// "12 s", "3 min", "2 h", "5 days": as coarse as one can say it in one unit.
fn ago(ms: i64) -> String {
    let duration = SignedDuration::from_millis(ms);
    match duration.as_secs() {
        ..0 => "less than nothing".to_owned(),
        0 if ms > 0 => format!("{ms} ms"),
        seconds @ 0..120 => format!("{seconds} s"),
        seconds @ 120..7200 => format!("{} min", seconds / 60),
        seconds @ 7200..172_800 => format!("{} h", seconds / 3600),
        seconds => format!("{} days", seconds / 86_400),
    }
}
