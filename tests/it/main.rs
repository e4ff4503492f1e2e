//! All tests from outside, in one binary, a module per feature.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may stop at the first surprise")]

mod cases;
mod write;
mod writer;
