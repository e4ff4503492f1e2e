//! What is an outage and what is not, in a small notation (`notation`): results in, episodes out.

#![expect(clippy::unwrap_used, reason = "a test may stop at what it takes for granted")]

mod closing;
mod declared;
mod degraded;
mod notation;
mod once_a_minute;
mod opening;
mod standing;
