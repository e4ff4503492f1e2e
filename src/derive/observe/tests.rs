//! The rules of detections and coverage, one sentence each.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test's own input is right, or the test is wrong"
)]

mod cover;
mod field;
mod group;
mod hold;
mod ledger;
mod notice;
