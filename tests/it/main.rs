//! All tests from outside, in one binary: upfront as its users meet it. A module for each feature.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may stop at the first surprise")]

mod alarm;
mod announce;
mod build;
mod cases;
mod check;
mod cli;
mod docs;
mod docs_diagnostics;
mod drill;
mod evidence;
mod explain;
mod feeds;
mod git;
mod hostile;
mod load;
mod one_roof;
mod panics;
mod publish;
mod record;
mod replay;
mod run;
mod serve;
mod server;
mod shows;
mod site_test;
mod theme;
mod verify;
mod write;
mod writer;
