//! `upfront completions`: what a shell needs to complete commands and flags.

use clap::CommandFactory as _;

use super::{Edge, Failure, Status};
use crate::cli::{self, Cli};

/// Prints a completion script.
pub(super) fn run(edge: &Edge, args: &cli::Completions) -> Result<Status, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "upfront", &mut script);
    edge.print(&String::from_utf8_lossy(&script))?;
    Ok(Status::Fine)
}
