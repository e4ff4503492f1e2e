//! News → channels: each new update, once, after the page is live.
//!
//! 1. [`news`] says what there is to tell: one piece of news for each update, report and kept promise. Pure.
//! 2. [`plan`] says which of it goes to which channel now, by what `history/` knows of earlier deliveries. Pure.
//! 3. [`message`] puts it into words: a template of the theme, within the channel's limits. Pure.
//! 4. [`channel`] says how a channel is spoken to, one file a kind. What carries it is a [`Wire`]: the real one, one that
//!    only shows what would be sent (`--dry-run`), or a test's.
//! 5. [`alarm`] calls staff when nobody acts. Pure.
//!
//! Who sends claims a delivery in `history/` before the first byte goes out (see `load/history/deliveries.rs`).

pub mod alarm;
pub mod channel;
pub mod deliver;
pub mod message;
pub mod news;
pub mod plan;
pub mod wire;

pub use wire::{CommandRun, IrcSay, Mail, Wire};
