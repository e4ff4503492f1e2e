//! `upfront record`: feeds into `history/`.

mod check;

use super::{Edge, Failure, Status};
use crate::cli;

pub(super) fn run(edge: &Edge, args: &cli::Record) -> Result<Status, Failure> {
    if args.check {
        return check::check(edge, args);
    }
    Err(Failure::new("not there yet"))
}
