//! One short file per command: arguments in, one call into the library, a report out.
//!
//! What they share stands here: what they know of the world ([`Edge`]), how they end ([`Status`], [`Failure`]) and how
//! they speak. Results go to standard output, diagnostics and everything else to standard error; a reader of our output
//! that goes away is a quiet end, never a panic.

mod announce;
mod browser;
mod build;
mod check;
mod checklist;
mod completions;
mod confirm;
mod drill;
mod explain;
mod init;
mod key;
mod man;
mod new;
mod observed;
mod progress;
mod publish;
mod push;
mod record;
mod replay;
mod report;
mod resolve;
mod rfo;
mod run;
mod schema;
mod serve;
mod stop;
mod update;
mod verify;
mod watch;
mod when;
mod which;
mod words;

use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

use jiff::tz::TimeZone;
use jiff::{RoundMode, Timestamp, TimestampRound, Unit};

use crate::cli::{Command, Global, Moment};
use crate::diag::report::{self as reporters, Report};
use crate::diag::{Diagnostic, nearest};
use crate::write::WriteError;

/// Names this very program: what another one left in a cache is not trusted.
const BUILD_ID: &str = env!("UPFRONT_BUILD_ID");

/// What a command knows of the world outside: read once, in `main`.
#[derive(Clone, Debug)]
pub struct Edge {
    /// The clock. A command's own `--now` goes before it.
    pub now: Timestamp,
    /// Reads it again, for commands that go on for long.
    pub clock: fn() -> Timestamp,
    pub global: Global,
}

/// How a command ended: the program's exit status.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// 0
    Fine,
    /// 1
    FoundProblems,
    /// 2
    CouldNotRun,
}

/// Why a command could not do its work.
#[derive(Debug)]
pub enum Failure {
    /// Mistakes that have a place: in the config, in the theme.
    Mistakes(Vec<Diagnostic>),
    /// What has no place in a file: one sentence, lower case, no full stop; and what to do, where that is known.
    Said { what: String, cure: Option<String> },
    /// Several of a command line's mistakes, told at once.
    All(Vec<Failure>),
    /// Whoever read our output is gone, and wants to hear no more.
    ClosedPipe,
}

/// Runs one command, and says on standard error why where it could not.
pub fn run(edge: &Edge, command: &Command) -> Status {
    let ended = match command {
        Command::Init(args) => init::run(edge, args),
        Command::New(args) => new::run(edge, args),
        Command::Update(args) => update::run(edge, args),
        Command::Resolve(args) => resolve::run(edge, args),
        Command::Rfo(args) => rfo::run(edge, args),
        Command::Build(args) => build::run(edge, args),
        Command::Serve(args) => serve::run(edge, args),
        Command::Check(args) => check::run(edge, args),
        Command::Record(args) => record::run(edge, args),
        Command::Replay(args) => replay::run(edge, args),
        Command::Report(args) => report::run(edge, args),
        Command::Explain(args) => explain::run(edge, args),
        Command::Confirm(args) => confirm::run(edge, args),
        Command::Publish(args) => publish::run(edge, args),
        Command::Announce(args) => announce::run(edge, args),
        Command::Drill(args) => drill::run(edge, args),
        Command::Run(args) => run::run(edge, args),
        Command::Verify(args) => verify::run(edge, args),
        Command::Key(args) => key::run(edge, args),
        Command::Schema(args) => schema::run(edge, args),
        Command::Completions(args) => completions::run(edge, args),
        Command::Man => man::run(edge),
    };
    ended.unwrap_or_else(|failure| failure.tell(edge))
}

impl Edge {
    /// The site's folder.
    pub fn root(&self) -> &Path {
        &self.global.site
    }

    /// The clock as it goes on from `now`, whatever somebody does to the machine's meanwhile.
    pub fn ticking(&self) -> impl Fn() -> Timestamp + Sync + use<> {
        let (now, begun) = (self.now, std::time::Instant::now());
        move || {
            jiff::SignedDuration::try_from(begun.elapsed())
                .map_or(now, |since| now.saturating_add(since).unwrap_or(now))
        }
    }

    /// A path in the site's folder, as the user would write it.
    fn inside(&self, path: &str) -> PathBuf {
        if self.root() == Path::new(".") { PathBuf::from(path) } else { self.root().join(path) }
    }

    /// The moment to work as of: `given`, or else the clock, in whole minutes. Pages show minutes, so two builds within
    /// one minute then give the same bytes, and the second writes nothing. `zone` is the site's.
    pub fn now_or(&self, given: Option<Moment>, zone: &TimeZone) -> Timestamp {
        let minute = TimestampRound::new().smallest(Unit::Minute).mode(RoundMode::Floor);
        given.map_or_else(|| self.now.round(minute).unwrap_or(self.now), |given| given.in_zone(zone))
    }

    /// Prints the result of a command on standard output.
    ///
    /// # Errors
    ///
    /// [`Failure::ClosedPipe`] where nobody reads it any more.
    pub fn print(&self, text: &str) -> Result<(), Failure> {
        let mut out = anstream::stdout().lock();
        out.write_all(text.as_bytes()).and_then(|()| out.flush()).map_err(Failure::output)
    }

    /// Prints on standard output what a person likes to hear but no program reads; nothing with `--quiet`.
    ///
    /// # Errors
    ///
    /// [`Failure::ClosedPipe`] where nobody reads it any more.
    pub fn say(&self, text: &str) -> Result<(), Failure> {
        if self.global.quiet { Ok(()) } else { self.print(text) }
    }

    /// Prints on standard error. It cannot fail: there would be nobody left to tell.
    pub fn warn(&self, text: &str) {
        let mut err = anstream::stderr().lock();
        let _ = err.write_all(text.as_bytes()).and_then(|()| err.flush());
    }

    /// Prints a line on standard error that is no mistake: where something is, what happens next. Nothing with `--quiet`.
    pub fn note(&self, text: &str) {
        if !self.global.quiet {
            self.warn(&format!("{text}\n"));
        }
    }

    /// Tells diagnostics to a person, on standard error, and how many there are. With `--quiet` without the notes.
    pub fn tell(&self, diagnostics: &[Diagnostic]) {
        let told = diagnostics.iter().filter(|diagnostic| !self.global.quiet || diagnostic.severity.fails());
        let report = Report::new(told, self.root());
        if !report.is_empty() {
            self.warn(&format!("{}{}\n", report.human(), report.summary()));
        }
    }
}

impl Failure {
    /// What has no place in a file.
    pub fn new(what: impl Into<String>) -> Failure {
        Failure::Said { what: what.into(), cure: None }
    }

    /// What to do about it.
    #[must_use]
    pub fn cure(self, cure: impl Into<String>) -> Failure {
        match self {
            Failure::Said { what, .. } => Failure::Said { what, cure: Some(cure.into()) },
            Failure::Mistakes(_) | Failure::All(_) | Failure::ClosedPipe => self,
        }
    }

    /// A name that nothing has.
    fn unknown<'a>(what: &str, name: &str, known: impl IntoIterator<Item = &'a str>) -> Failure {
        Failure::new(format!("no {what} is called `{name}`")).cure(one_of(name, known))
    }

    /// An error while printing.
    fn output(error: io::Error) -> Failure {
        match error.kind() {
            ErrorKind::BrokenPipe => Failure::ClosedPipe,
            _ => Failure::new(format!("could not print: {error}")),
        }
    }

    fn tell(self, edge: &Edge) -> Status {
        match self {
            Failure::Mistakes(diagnostics) => edge.tell(&diagnostics),
            Failure::Said { what, cure } => edge.warn(&said(&what, cure.as_deref())),
            Failure::All(failures) => {
                for failure in failures {
                    failure.tell(edge);
                }
            }
            Failure::ClosedPipe => return Status::Fine,
        }
        Status::CouldNotRun
    }
}

/// "did you mean", or all that there is.
fn one_of<'a>(typed: &str, words: impl IntoIterator<Item = &'a str>) -> String {
    let words: Vec<&str> = words.into_iter().collect();
    match nearest(typed, words.iter().copied()) {
        Some(word) => format!("did you mean `{word}`?"),
        None => format!("one of {}", words.join(", ")),
    }
}

/// A sentence with its cure. What stands below the cure's first line is a list, and stays one.
fn said(what: &str, cure: Option<&str>) -> String {
    let (cure, list) = match cure.and_then(|cure| cure.split_once('\n')) {
        Some((first, list)) => (Some(first), list),
        None => (cure, ""),
    };
    let mut text = reporters::sentence(what, cure);
    for line in list.lines() {
        text += &reporters::shown(line);
        text.push('\n');
    }
    text
}

/// Takes what could be read, and puts what could not to the other mistakes of this command line.
fn or_tell<T>(read: Result<T, Failure>, mistakes: &mut Vec<Failure>) -> Option<T> {
    read.map_err(|mistake| mistakes.push(mistake)).ok()
}

impl From<Vec<Diagnostic>> for Failure {
    fn from(diagnostics: Vec<Diagnostic>) -> Failure {
        Failure::Mistakes(diagnostics)
    }
}

impl From<WriteError> for Failure {
    fn from(error: WriteError) -> Failure {
        match error {
            WriteError::Refused(why) => Failure::new(why),
            WriteError::Render(error) => Failure::Mistakes(vec![*error.0]),
            WriteError::Io { doing, error } => Failure::new(format!("{doing}: {error}")),
        }
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "the times are right")]
mod tests {
    use jiff::tz::TimeZone;

    use jiff::Timestamp;

    use super::Edge;
    use crate::cli::{Color, Global};

    #[test]
    fn the_clock_counts_in_whole_minutes_and_a_given_moment_as_it_is() {
        let global = Global { site: ".".into(), color: Color::Auto, quiet: false };
        let now = "2022-03-29T12:18:59.9Z".parse().unwrap();
        let edge = Edge { now, clock: || Timestamp::UNIX_EPOCH, global };
        assert_eq!(edge.now_or(None, &TimeZone::UTC).to_string(), "2022-03-29T12:18:00Z");
        let oslo = TimeZone::get("Europe/Oslo").unwrap();
        for (given, expected) in [
            ("2022-03-29T12:18:59Z", "2022-03-29T12:18:59Z"),
            ("2022-03-29T12:18+01:00", "2022-03-29T11:18:00Z"),
            ("2022-03-29T12:18", "2022-03-29T10:18:00Z"),
            ("2022-03-29 12:18", "2022-03-29T10:18:00Z"),
        ] {
            assert_eq!(edge.now_or(Some(given.parse().unwrap()), &oslo).to_string(), expected, "{given}");
        }
    }
}
