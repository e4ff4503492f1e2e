//! `upfront replay`: detection over what was recorded, thresholds side by side.

mod arguments;
mod json;
mod real;
mod table;

use jiff::{SignedDuration, Timestamp};

use self::arguments::Arguments;
use super::{Edge, Failure, Status};
use crate::cli;
use crate::derive::replay::{self, Replayed};
use crate::load::{self, Ask, LogWindow};

/// Less than a week says little. More than two are not there: the raw log is kept no longer.
const SHORT: SignedDuration = SignedDuration::from_hours(7 * 24);

/// What was tried, and what came of it.
struct Report {
    arguments: Arguments,
    rows: Vec<Replayed>,
    now: Timestamp,
}

pub(super) fn run(edge: &Edge, args: &cli::Replay) -> Result<Status, Failure> {
    let loaded = load::load(edge.root())?;
    let (mut site, mut told) = (loaded.value, loaded.diagnostics);
    let now = edge.now_or(args.now, &site.config.zone.tz);
    // What is recorded is what is replayed: nobody is asked. Feeds in files are part of the site.
    let ask = Ask { now, network: false, stdin: None, log: LogWindow::All };
    let answers = load::read_feeds(edge.root(), &site.config, &ask);
    told.extend(answers.diagnostics);
    let monitoring = load::read_monitoring(edge.root(), &site.config, &ask, answers.value);
    told.extend(monitoring.diagnostics);
    site.monitoring = monitoring.value;
    let arguments = Arguments::read(args, &site)?;
    edge.tell(&told);
    let Arguments { components, tried, real, from, .. } = &arguments;
    let rows = replay::replay(site, components, tried, real.as_deref(), *from, now);
    let report = Report { arguments, rows, now };
    if args.json {
        edge.print(&format!("{:#}\n", json::report(&report)))?;
    } else {
        edge.print(&table::report(&report))?;
        if let Some(warning) = report.warning() {
            edge.warn(&format!("warning: {warning}\n"));
        }
    }
    Ok(Status::Fine)
}

impl Report {
    /// From the first to the last result of all components.
    fn heard(&self) -> Option<SignedDuration> {
        self.rows.last().and_then(|all| length(all.heard))
    }

    fn warning(&self) -> Option<String> {
        let heard = self.heard().unwrap_or(SignedDuration::ZERO);
        (heard < SHORT).then(|| {
            let days = table::days(heard);
            format!("the results cover {days} days; what goes wrong once a month does not show in so few")
        })
    }
}

fn length(heard: Option<(Timestamp, Timestamp)>) -> Option<SignedDuration> {
    heard.map(|(first, last)| last.duration_since(first))
}

/// So many in that time, a month of 30 days; `None` where there was hardly a day.
fn per_month_tenths(count: usize, heard: Option<SignedDuration>) -> Option<u64> {
    let seconds = u64::try_from(heard?.as_secs()).ok().filter(|&seconds| seconds >= 86_400)?;
    let count = u64::try_from(count).ok()?;
    Some((count.saturating_mul(300 * 86_400).saturating_add(seconds / 2)) / seconds)
}
