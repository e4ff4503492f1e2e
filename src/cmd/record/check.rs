//! `upfront record --check`: what was understood of feeds, in a table, before anybody trusts them. Nothing is kept.
//!
//! It is for the operator's own terminal, and so it shows what no page does: the monitors' own names and places.

mod heard;
mod json;
mod table;

use std::io::{self, IsTerminal as _, Read as _};

use jiff::Timestamp;

use self::heard::Heard;
use crate::cli;
use crate::cmd::{Edge, Failure, Status};
use crate::diag::report::Report;
use crate::diag::{Diagnostic, Loaded};
use crate::load::{self, Ask, FeedAnswer, LogWindow};
use crate::model::{Config, Feed, Origin};

/// One byte more than the longest feed that is read: what is longer is then told as such.
const STDIN_BYTES_MAX: u64 = (32 << 20) + 1;

/// What was asked of which feeds, and what they said.
struct Checked {
    /// With the feeds that were asked for alone.
    config: Config,
    now: Timestamp,
    answers: Vec<FeedAnswer>,
    /// Whether all feeds of the config were asked: only then it is known what nobody has heard of.
    all: bool,
}

pub(super) fn check(edge: &Edge, args: &cli::Record) -> Result<Status, Failure> {
    let Loaded { value: mut config, mut diagnostics } = load::load_config(edge.root())?;
    let all = args.feeds.is_empty();
    config.monitoring.feeds = chosen(&config.monitoring.feeds, &args.feeds)?;
    let now = args.now.map_or(edge.now, |given| given.in_zone(&config.zone.tz));
    // Asked for all feeds it must not wait for somebody who has nothing to say: only what is named is read from there.
    let stdin = if args.feeds.is_empty() { None } else { stdin(edge, &config.monitoring.feeds)? };
    let ask = Ask { now, network: true, stdin: stdin.as_deref(), log: LogWindow::Open };
    let answers = load::read_feeds(edge.root(), &config, &ask);
    diagnostics.extend(answers.diagnostics);
    let checked = Checked { config, now, answers: answers.value, all };
    let heard: Vec<Heard<'_>> = checked.answers.iter().map(|answer| Heard::of(&checked, answer)).collect();
    if args.json {
        edge.print(&format!("{:#}\n", json::report(&checked, &heard, &Report::new(&diagnostics, edge.root()))))?;
    } else {
        edge.print(&table::report(&checked, &heard))?;
        edge.tell(&diagnostics);
    }
    Ok(status(&diagnostics))
}

fn status(diagnostics: &[Diagnostic]) -> Status {
    if diagnostics.iter().any(|told| told.severity.fails()) { Status::FoundProblems } else { Status::Fine }
}

/// The feeds of those ids, in the config's order; all where none is named.
pub(super) fn chosen(feeds: &[Feed], ids: &[String]) -> Result<Vec<Feed>, Failure> {
    if feeds.is_empty() {
        let failure = Failure::new("no feed can be used");
        return Err(failure.cure("add one to upfront.toml: `[[feed]]`, and below it `id = \"own\"`"));
    }
    for id in ids {
        if !feeds.iter().any(|feed| feed.id.as_str() == id) {
            let known = feeds.iter().map(|feed| feed.id.as_str());
            return Err(Failure::unknown("feed", id, known));
        }
    }
    let is_named = |feed: &&Feed| ids.is_empty() || ids.iter().any(|id| id == feed.id.as_str());
    Ok(feeds.iter().filter(is_named).cloned().collect())
}

/// Standard input, where it is for the one feed that is looked at.
fn stdin(edge: &Edge, feeds: &[Feed]) -> Result<Option<Vec<u8>>, Failure> {
    let [feed] = feeds else { return Ok(None) };
    if !matches!(feed.from, Origin::Stdin | Origin::Log) {
        return Ok(None);
    }
    if io::stdin().is_terminal() {
        edge.note("reading standard input; end it with Ctrl-D");
    }
    let mut bytes = Vec::new();
    let read = io::stdin().lock().take(STDIN_BYTES_MAX).read_to_end(&mut bytes);
    read.map_err(|error| Failure::new(format!("could not read standard input: {error}")))?;
    Ok(Some(bytes))
}
