//! One short file per command: arguments in, one call into the library, a report out.

use jiff::Timestamp;

use crate::cli::Global;

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
