//! `upfront explain`: why the page says what it says.

use super::{Edge, Failure, Status};
use crate::cli;

pub(super) fn run(_edge: &Edge, _args: &cli::Explain) -> Result<Status, Failure> {
    Err(Failure::new("not there yet"))
}
