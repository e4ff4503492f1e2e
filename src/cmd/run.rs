//! `upfront run`: the whole way from the feeds to readers and channels, again and again.
//!
//! 1. [`round`] goes it once. No step's failure stops the others or the loop.
//! 2. [`state`] is what goes on from round to round: how each step and each place does, and what was published last.
//! 3. [`told`] says how it goes: a health file, metrics, a line for systemd.
//! 4. Here is the clock of it: when the next round comes, and when it ends.

mod round;
mod state;
mod told;

use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use jiff::{SignedDuration, Timestamp};

use self::round::Outlook;
use self::state::State;
use super::stop::Stop;
use super::watch::{Change, Wake, Watch};
use super::{Edge, Failure, Status, record};
use crate::cli;
use crate::load;
use crate::record::{Doing, Turn};

/// How long until the next round while something failed or is held back.
const SOON: SignedDuration = SignedDuration::from_secs(10);

/// No round follows another one sooner, whatever is due.
const PAUSE: Duration = Duration::from_secs(1);

/// How often it is looked whether to stop.
const LOOK_EVERY: Duration = Duration::from_millis(200);

pub(super) fn run(edge: &Edge, args: &cli::Run) -> Result<Status, Failure> {
    // What cannot work is told to whoever starts it; later the loop goes on with what was there before.
    load::load_config(edge.root())?;
    record::collector(&args.collector)?;
    let Some(_turn) = Turn::take(edge.root(), Doing::Running)? else {
        let failure = Failure::new("another `upfront run` is at work for this site on this machine");
        return Err(failure.cure("two of them would do everything twice; end the other one first"));
    };
    let stop = Stop::listen().map_err(|error| Failure::new(format!("could not listen for signals: {error}")))?;
    // Our own files are no change.
    let own: Vec<&Path> = args.health.iter().chain(&args.metrics).map(PathBuf::as_path).collect();
    let mut watch = Watch::new(edge.root(), &own).ok();
    let mut state = State::new(edge.now);
    let begun = Instant::now();
    let at_most = args.at_most.map(|at_most| Duration::try_from(at_most).unwrap_or_default());
    let mut told = told::Teller::new(edge, args);
    told.ready();
    loop {
        let outlook = round::round(edge, args, &mut state, &stop);
        told.round(&state);
        if stop.is_asked() {
            told.stopping();
            return Ok(Status::Fine);
        }
        if args.until_settled && outlook.is_settled {
            edge.note("settled: nothing is left to decide, and everything is out");
            return Ok(Status::Fine);
        }
        let left = at_most.map(|at_most| at_most.saturating_sub(begun.elapsed()));
        if left.is_some_and(|left| left.is_zero()) {
            return Ok(ended(edge, args, &state));
        }
        let pause = pause(args, &outlook, (edge.clock)()).min(left.unwrap_or(Duration::MAX));
        wait(&stop, watch.as_mut(), pause, &told);
        if stop.is_asked() {
            told.stopping();
            return Ok(Status::Fine);
        }
        if at_most.is_some_and(|at_most| begun.elapsed() >= at_most) && !args.until_settled {
            return Ok(ended(edge, args, &state));
        }
    }
}

/// The time is over.
fn ended(edge: &Edge, args: &cli::Run, state: &State) -> Status {
    if args.until_settled {
        edge.note("the time is over, and not everything is settled");
        return Status::FoundProblems;
    }
    if state.is_fine() { Status::Fine } else { Status::FoundProblems }
}

/// How long until the next round.
fn pause(args: &cli::Run, outlook: &Outlook, now: Timestamp) -> Duration {
    let period = if outlook.is_soon { args.every.min(SOON) } else { args.every };
    let until_due = outlook.due.map(|due| due.duration_since(now));
    let pause = until_due.map_or(period, |until_due| period.min(until_due));
    Duration::try_from(pause).unwrap_or_default().max(PAUSE)
}

/// Waits until the time is over, a file of the site changes, or somebody wants it to stop.
fn wait(stop: &Stop, watch: Option<&mut Watch<()>>, pause: Duration, told: &told::Teller<'_>) {
    let until = Instant::now() + pause;
    let first = Instant::now() + PAUSE;
    let mut changed: Option<Change> = None;
    let mut watch = watch;
    while !stop.is_asked() {
        let now = Instant::now();
        if now >= until || (changed.is_some() && now >= first) {
            break;
        }
        told.alive();
        let patience = LOOK_EVERY.min(until.saturating_duration_since(now));
        match watch.as_deref_mut() {
            Some(watch) => match watch.next(patience) {
                Some(Wake::Changed(change)) => changed = changed.max(Some(change)),
                // Nobody asks here.
                Some(Wake::Asked(())) | None => {}
            },
            None => thread::sleep(patience),
        }
    }
    if let (Some(watch), Some(change)) = (watch, changed) {
        watch.settle(change);
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser as _;

    use super::*;

    #[test]
    fn the_next_round_comes_after_the_period_or_when_something_is_due_and_soon_after_a_failure() {
        let cli = cli::Cli::try_parse_from(["upfront", "run", "--every", "5m"]);
        let Ok(cli::Cli { command: cli::Command::Run(args), .. }) = cli else { unreachable!("it is one") };
        let now: Timestamp = "2026-11-25T12:00:00Z".parse().unwrap_or_default();
        for (due, is_soon, expected) in [
            (None, false, 300),
            (None, true, 10),
            (Some("2026-11-25T12:01:30Z"), false, 90),
            (Some("2026-11-25T13:00:00Z"), false, 300),
            // The clock was set forward, or it is overdue: at once, and still no busy loop.
            (Some("2026-11-25T11:00:00Z"), false, 1),
        ] {
            let due = due.and_then(|due| due.parse().ok());
            let outlook = Outlook { due, is_soon, is_settled: false };
            assert_eq!(pause(&args, &outlook, now).as_secs(), expected, "{outlook:?}");
        }
    }
}
