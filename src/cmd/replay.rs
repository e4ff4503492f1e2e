//! `upfront replay`: detection over what was recorded, thresholds side by side.

use super::{Edge, Failure, Status};
use crate::cli;

pub(super) fn run(_edge: &Edge, _args: &cli::Replay) -> Result<Status, Failure> {
    Err(Failure::new("not there yet"))
}
