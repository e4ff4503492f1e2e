//! `upfront record`: feeds into `history/`.

use super::{Edge, Failure, Status};
use crate::cli;

pub(super) fn run(_edge: &Edge, _args: &cli::Record) -> Result<Status, Failure> {
    Err(Failure::new("not there yet"))
}
