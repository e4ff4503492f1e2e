//! A client of IRC that speaks and leaves (RFC 2812; <https://modern.ircdocs.horse/>; SASL:
//! <https://ircv3.net/specs/extensions/sasl-3.1>).

use std::io::{self, ErrorKind, Read, Write};
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rustls::pki_types::ServerName;
use rustls::{ClientConfig, ClientConnection, StreamOwned};

use super::{IrcSay, Tls};
use crate::net::{Timed, Trouble, no_tls, roots};

/// The longest line that is read, in bytes; tags make them longer than 512.
const LINE_BYTES_MAX: usize = 16 << 10;

/// How many names are tried where ours is taken.
const NICKS_MAX: usize = 4;

pub(super) fn say(root: &Path, say: &IrcSay) -> Result<(), Trouble> {
    let timeout = Duration::try_from(say.timeout).unwrap_or_default();
    let until = Instant::now().checked_add(timeout).unwrap_or_else(Instant::now);
    let mut talk = Talk { stream: connect(root, say, until)?, read: Vec::new(), nick: say.nick.clone() };
    talk.register(say).map_err(Trouble::new)?;
    talk.join(say).map_err(Trouble::new)?;
    // From here on somebody may have read it.
    talk.speak(say)
}

trait Stream: Read + Write {}

impl<T: Read + Write> Stream for T {}

fn connect(root: &Path, say: &IrcSay, until: Instant) -> Result<Box<dyn Stream>, Trouble> {
    let stream = Timed::connect(&say.host, say.port, until)?;
    if say.tls == Tls::None {
        return Ok(Box::new(stream));
    }
    let failed = |error: rustls::Error| Trouble::new(no_tls(&error, "`tls`"));
    let name = ServerName::try_from(say.host.clone()).map_err(|_| Trouble::new("its host is no name for TLS"))?;
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions().map_err(failed)?;
    let config = config.with_root_certificates(roots(root, say.ca_file.as_deref())?).with_no_client_auth();
    let client = ClientConnection::new(Arc::new(config), name).map_err(failed)?;
    Ok(Box::new(StreamOwned::new(client, stream)))
}

struct Talk {
    stream: Box<dyn Stream>,
    /// What was read and is no whole line yet.
    read: Vec<u8>,
    /// What we are called there.
    nick: String,
}

/// A line of a server: what it is, and its parameters.
struct Line {
    command: String,
    parameters: Vec<String>,
}

impl Line {
    fn last(&self) -> String {
        let last = self.parameters.last().map_or("", String::as_str);
        last.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
    }

    fn has(&self, word: &str) -> bool {
        self.parameters.iter().any(|parameter| parameter.trim() == word)
    }
}

impl Talk {
    /// Sends one line, and nothing but one.
    fn send(&mut self, line: &str) -> Result<(), String> {
        let line: String = line.chars().map(|c| if matches!(c, '\r' | '\n' | '\0') { ' ' } else { c }).collect();
        let sent = self.stream.write_all(format!("{line}\r\n").as_bytes()).and_then(|()| self.stream.flush());
        sent.map_err(|error| broken(&error))
    }

    /// The next line that is for us; pings are answered on the way.
    fn hear(&mut self) -> Result<Line, String> {
        loop {
            let line = parsed(&self.line()?);
            match line.command.as_str() {
                "PING" => {
                    let asked = line.parameters.last().cloned().unwrap_or_default();
                    self.send(&format!("PONG :{asked}"))?;
                }
                "ERROR" => return Err(format!("it closes the connection: {}", line.last())),
                _ => return Ok(line),
            }
        }
    }

    fn line(&mut self) -> Result<String, String> {
        loop {
            if let Some(end) = memchr::memchr(b'\n', &self.read) {
                let rest = self.read.split_off(end + 1);
                let line = std::mem::replace(&mut self.read, rest);
                return Ok(String::from_utf8_lossy(&line).trim_end().to_owned());
            }
            if self.read.len() > LINE_BYTES_MAX {
                return Err("it does not speak IRC: a line has no end".to_owned());
            }
            let mut bytes = [0; 4096];
            let len = self.stream.read(&mut bytes).map_err(|error| broken(&error))?;
            if len == 0 {
                return Err("the connection broke before all was said".to_owned());
            }
            self.read.extend_from_slice(bytes.get(..len).unwrap_or_default());
        }
    }

    /// Up to the server's welcome.
    fn register(&mut self, say: &IrcSay) -> Result<(), String> {
        if say.login.is_some() {
            self.send("CAP REQ :sasl")?;
        }
        self.send(&format!("NICK {}", say.nick))?;
        self.send(&format!("USER {} 0 * :upfront", say.nick))?;
        let mut nicks = 1;
        loop {
            let line = self.hear()?;
            match line.command.as_str() {
                "001" => return Ok(()),
                // The name is taken, or not free now.
                "433" | "436" | "437" if nicks < NICKS_MAX => {
                    self.nick = format!("{}{}", say.nick, "_".repeat(nicks));
                    self.send(&format!("NICK {}", self.nick))?;
                    nicks += 1;
                }
                "431" | "432" | "433" | "436" | "437" => {
                    return Err(format!("it does not take our name: {}", line.last()));
                }
                "CAP" if line.has("ACK") => self.send("AUTHENTICATE PLAIN")?,
                "CAP" if line.has("NAK") => return Err("it knows no SASL, so there is no way to log in".to_owned()),
                "AUTHENTICATE" => {
                    let (user, password) = say.login.clone().unwrap_or_default();
                    let secret = STANDARD.encode(format!("\0{user}\0{password}"));
                    self.send(&format!("AUTHENTICATE {secret}"))?;
                }
                "903" => self.send("CAP END")?,
                "902" | "904" | "905" | "906" => return Err(format!("logging in: {}", line.last())),
                "464" | "465" => return Err(format!("it does not let us in: {}", line.last())),
                _ => {}
            }
        }
    }

    fn join(&mut self, say: &IrcSay) -> Result<(), String> {
        let key = say.channel_key.as_ref().map_or(String::new(), |key| format!(" {key}"));
        self.send(&format!("JOIN {}{key}", say.channel))?;
        loop {
            let line = self.hear()?;
            match line.command.as_str() {
                // The end of who is there.
                "366" => return Ok(()),
                "403" | "405" | "407" | "437" | "471" | "473" | "474" | "475" | "476" | "477" | "489" => {
                    return Err(format!("it does not let us into the channel: {}", line.last()));
                }
                _ => {}
            }
        }
    }

    fn speak(&mut self, say: &IrcSay) -> Result<(), Trouble> {
        let perhaps = |why: String| Trouble { why, may_have_arrived: true };
        for line in &say.lines {
            self.send(&format!("PRIVMSG {} :{line}", say.channel)).map_err(perhaps)?;
        }
        // What comes back before the answer to this is about what we said.
        self.send("PING :upfront").map_err(perhaps)?;
        loop {
            let line = self.hear().map_err(perhaps)?;
            match line.command.as_str() {
                "PONG" => break,
                "401" | "403" | "404" | "411" | "412" | "442" => {
                    return Err(Trouble::new(format!("it does not let us speak: {}", line.last())));
                }
                "KICK" if line.parameters.get(1) == Some(&self.nick) => {
                    return Err(perhaps(format!("it puts us out of the channel: {}", line.last())));
                }
                _ => {}
            }
        }
        // It was heard; whether the goodbye is, does not matter.
        let _ = self.send("QUIT :upfront");
        Ok(())
    }
}

/// Without its tags and who sent it.
fn parsed(line: &str) -> Line {
    let rest = line.strip_prefix('@').and_then(|tagged| tagged.split_once(' ')).map_or(line, |(_, rest)| rest);
    let rest = rest.strip_prefix(':').and_then(|named| named.split_once(' ')).map_or(rest, |(_, rest)| rest);
    let (head, trailing) = match rest.split_once(" :") {
        Some((head, trailing)) => (head, Some(trailing.to_owned())),
        None => (rest, None),
    };
    let mut words = head.split_whitespace().map(str::to_owned);
    let command = words.next().unwrap_or_default().to_ascii_uppercase();
    Line { command, parameters: words.chain(trailing).collect() }
}

fn broken(error: &io::Error) -> String {
    match error.kind() {
        ErrorKind::TimedOut | ErrorKind::WouldBlock => "it did not answer in time".to_owned(),
        ErrorKind::InvalidData => no_tls(error, "`tls`"),
        _ => "the connection broke before all was said".to_owned(),
    }
}
