//! What carries a message: HTTP, SMTP, IRC or a program.

mod irc;
mod mail;
mod real;
mod rehearsal;

use std::collections::BTreeMap;

use jiff::SignedDuration;

use crate::net::{Answer, Call, Trouble};

pub use real::Real;
pub use rehearsal::Rehearsal;

/// The ways out of the program. One of them really sends ([`Real`]), one shows what would be sent ([`Rehearsal`]).
pub trait Wire {
    /// Asks the web.
    ///
    /// # Errors
    ///
    /// Where no answer came.
    fn call(&self, call: &Call) -> Result<Answer, Trouble>;

    /// Hands a mail to its server, for each recipient by itself, so that one that is refused takes it from no other. Answers
    /// who was refused, where that is not everybody.
    ///
    /// # Errors
    ///
    /// Where the server did not take it for somebody who may yet get it.
    fn mail(&self, mail: &Mail) -> Result<Option<String>, Trouble>;

    /// Says something on IRC: connects, joins, speaks, leaves.
    ///
    /// # Errors
    ///
    /// Where it could not be said.
    fn irc(&self, say: &IrcSay) -> Result<(), Trouble>;

    /// Runs a program of the operator's.
    ///
    /// # Errors
    ///
    /// Where it could not be run, took too long or ended badly.
    fn run(&self, run: &CommandRun) -> Result<(), Trouble>;
}

/// How a connection is encrypted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tls {
    /// From the first byte (SMTP 465, IRC 6697).
    Implicit,
    /// After a greeting, and never without (SMTP 587).
    StartTls,
    /// Not at all: for a server on this machine.
    None,
}

/// One mail, ready to be handed over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mail {
    pub host: String,
    pub port: u16,
    pub tls: Tls,
    /// User and password.
    pub login: Option<(String, String)>,
    pub ca_file: Option<String>,
    pub timeout: SignedDuration,
    /// The envelope's sender.
    pub from: String,
    /// The envelope's recipients.
    pub to: Vec<String>,
    /// Headers and body as they are sent (RFC 5322), with CRLF.
    pub message: Vec<u8>,
}

/// Words for a channel of IRC.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IrcSay {
    pub host: String,
    pub port: u16,
    pub tls: Tls,
    pub ca_file: Option<String>,
    pub nick: String,
    /// For SASL PLAIN.
    pub login: Option<(String, String)>,
    pub channel: String,
    pub channel_key: Option<String>,
    /// Each within what IRC takes.
    pub lines: Vec<String>,
    pub timeout: SignedDuration,
}

/// A program of the operator's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CommandRun {
    /// What `sh -c` runs, in the site's folder.
    pub command: String,
    pub env: BTreeMap<String, String>,
    pub stdin: Vec<u8>,
    pub timeout: SignedDuration,
}

#[cfg(test)]
mod tests;
