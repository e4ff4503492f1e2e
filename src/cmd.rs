//! One short file per command: arguments in, one call into the library, a report out.

mod checklist;
pub mod init;
pub mod new;
mod push;
pub mod resolve;
pub mod rfo;
pub mod update;
mod when;
mod which;
mod words;

use std::io::Write as _;
use std::path::Path;

use jiff::Timestamp;

use crate::cli::Global;
use crate::diag::Diagnostic;

/// What a command knows of the world outside: read once, in `main`.
#[derive(Clone, Debug)]
pub struct Edge {
    /// The clock. A command's own `--now` goes before it.
    pub now: Timestamp,
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
    /// Whoever read our output is gone, and wants to hear no more.
    ClosedPipe,
}

impl Edge {
    /// The site's folder.
    pub fn root(&self) -> &Path {
        &self.global.site
    }

    /// The moment to work as of.
    pub fn now_or(&self, given: Option<Timestamp>) -> Timestamp {
        given.unwrap_or(self.now)
    }

    /// Prints the result of a command on standard output.
    pub fn print(&self, text: &str) -> Result<(), Failure> {
        anstream::stdout().write_all(text.as_bytes()).map_err(|_| Failure::ClosedPipe)
    }

    /// Prints on standard output what a person likes to hear; nothing with `--quiet`.
    pub fn say(&self, text: &str) -> Result<(), Failure> {
        if self.global.quiet { Ok(()) } else { self.print(text) }
    }

    /// Prints on standard error.
    pub fn warn(&self, text: &str) {
        let _ = anstream::stderr().write_all(text.as_bytes());
    }

    /// Tells diagnostics to a person.
    pub fn tell(&self, diagnostics: &[Diagnostic]) {
        for diagnostic in diagnostics {
            self.warn(&format!("{}\n", diagnostic.message));
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
            Failure::Mistakes(_) | Failure::ClosedPipe => self,
        }
    }
}

impl From<Vec<Diagnostic>> for Failure {
    fn from(diagnostics: Vec<Diagnostic>) -> Failure {
        Failure::Mistakes(diagnostics)
    }
}
