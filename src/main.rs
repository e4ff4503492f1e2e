//! The edge: arguments, the clock (read once), one command, exit status.

use std::process::ExitCode;

use anstream::ColorChoice;
use clap::Parser as _;
use jiff::Timestamp;
use upfront::cli::{Cli, Color};
use upfront::cmd::{self, Edge, Status};

/// A build is millions of short strings on every core; the C library's allocator had 15 % of a profile's samples.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(usage) => {
            // Help and the version are no mistakes: clap says 0 for them, and prints them on standard output. If
            // nobody listens there is nobody to tell.
            let _ = usage.print();
            return ExitCode::from(u8::try_from(usage.exit_code()).unwrap_or(2));
        }
    };
    match cli.global.color {
        // `NO_COLOR`, `CLICOLOR` and `TERM` decide, and whether it is a terminal.
        Color::Auto => ColorChoice::Auto,
        Color::Always => ColorChoice::Always,
        Color::Never => ColorChoice::Never,
    }
    .write_global();
    let edge = Edge { now: clock(), clock, global: cli.global };
    match cmd::run(&edge, &cli.command) {
        Status::Fine => ExitCode::SUCCESS,
        Status::FoundProblems => ExitCode::from(1),
        Status::CouldNotRun => ExitCode::from(2),
    }
}

#[expect(clippy::disallowed_methods, reason = "the one place that reads the clock")]
fn clock() -> Timestamp {
    Timestamp::now()
}
