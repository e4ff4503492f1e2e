//! `upfront serve`.

use super::{Edge, Failure, Status};
use crate::cli;

pub(super) fn run(edge: &Edge, args: &cli::Serve) -> Result<Status, Failure> {
    let _ = (edge, args);
    Err(Failure::new("not written yet"))
}
