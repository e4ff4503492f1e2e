//! What would be sent, shown: every request as text, without its secrets.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::{CommandRun, IrcSay, Mail, Tls, Wire};
use crate::announce::channel::without_secrets;
use crate::net::{Answer, Call, Trouble};

/// What all kinds find their answer in.
const ANSWER: &str =
    r#"{"ok":true,"status":1,"did":"did:plc:rehearsal","accessJwt":"rehearsal","room_id":"!rehearsal:example"}"#;

/// Sends nothing, answers as the channel would, and keeps what was to be sent.
#[derive(Debug, Default)]
pub struct Rehearsal {
    /// What must not be shown.
    secrets: BTreeMap<String, String>,
    shown: RefCell<String>,
}

impl Rehearsal {
    /// One in which these secrets are shown as `…`.
    pub fn hiding(secrets: &BTreeMap<String, String>) -> Rehearsal {
        Rehearsal { secrets: secrets.clone(), shown: RefCell::default() }
    }

    /// What was to be sent, up to now.
    pub fn shown(self) -> String {
        self.shown.into_inner()
    }

    fn show(&self, text: &str) {
        let text = without_secrets(text, &self.secrets);
        let mut shown = self.shown.borrow_mut();
        shown.push_str(text.trim_end());
        shown.push('\n');
    }
}

impl Wire for Rehearsal {
    fn call(&self, call: &Call) -> Result<Answer, Trouble> {
        let mut text = format!("{} {}\n", call.method, call.url);
        for (name, value) in &call.headers {
            // Logins are made of secrets.
            let value = match name.as_str() {
                "authorization" => format!("{} …", value.split(' ').next().unwrap_or_default()),
                "api-key" => "…".to_owned(),
                _ => value.clone(),
            };
            let _ = writeln!(text, "{name}: {value}");
        }
        if !call.body.is_empty() {
            let body = match serde_json::from_slice::<serde_json::Value>(&call.body) {
                Ok(json) => format!("{json:#}"),
                Err(_) => String::from_utf8_lossy(&call.body).into_owned(),
            };
            let _ = write!(text, "\n{body}\n");
        }
        self.show(&text);
        Ok(Answer { status: 200, headers: Vec::new(), body: ANSWER.as_bytes().to_owned() })
    }

    fn mail(&self, mail: &Mail) -> Result<Option<String>, Trouble> {
        let tls = match mail.tls {
            Tls::Implicit => "TLS",
            Tls::StartTls => "STARTTLS",
            Tls::None => "not encrypted",
        };
        let login = mail.login.as_ref().map_or(String::new(), |(user, _)| format!(", as {user}"));
        let mut text = format!("SMTP {}:{} ({tls}{login})\n", mail.host, mail.port);
        let _ = writeln!(text, "from <{}> to <{}>\n", mail.from, mail.to.join(">, <"));
        text += &readable(&String::from_utf8_lossy(&mail.message).replace("\r\n", "\n"));
        self.show(&text);
        Ok(None)
    }

    fn irc(&self, say: &IrcSay) -> Result<(), Trouble> {
        let tls = if say.tls == Tls::None { "not encrypted" } else { "TLS" };
        let mut text = format!("IRC {}:{} ({tls}), as {} in {}\n", say.host, say.port, say.nick, say.channel);
        for line in &say.lines {
            let _ = writeln!(text, "{line}");
        }
        self.show(&text);
        Ok(())
    }

    fn run(&self, run: &CommandRun) -> Result<(), Trouble> {
        let mut text = format!("sh -c '{}'\n", run.command);
        for (name, value) in &run.env {
            let _ = writeln!(text, "{name}={}", value.replace('\n', "\n  "));
        }
        let _ = write!(text, "\n{}", String::from_utf8_lossy(&run.stdin));
        self.show(&text);
        Ok(())
    }
}

/// A mail with its parts decoded, as its readers see them.
fn readable(mail: &str) -> String {
    let mut out = String::with_capacity(mail.len());
    let mut lines = mail.lines();
    // Headers of the mail, or of a part, up to an empty line.
    let mut coding = "";
    while let Some(line) = lines.next() {
        if let Some(named) = line.strip_prefix("Content-Transfer-Encoding: ") {
            coding = named;
        }
        let _ = writeln!(out, "{line}");
        if line.is_empty() && !coding.is_empty() {
            let rest = lines.clone();
            let body: Vec<&str> = rest.take_while(|line| !line.starts_with("--upfront-")).collect();
            lines.by_ref().take(body.len()).for_each(drop);
            let decoded = match coding {
                "quoted-printable" => unquoted(&body),
                "base64" => STANDARD.decode(body.concat()).unwrap_or_default(),
                _ => body.join("\n").into_bytes(),
            };
            let _ = writeln!(out, "{}", String::from_utf8_lossy(&decoded).replace("\r\n", "\n").trim_end());
            coding = "";
        }
    }
    out
}

/// RFC 2045, 6.7.
fn unquoted(lines: &[&str]) -> Vec<u8> {
    let mut out = Vec::new();
    for line in lines {
        let (line, is_soft) = line.strip_suffix('=').map_or((*line, false), |line| (line, true));
        let mut rest = line.as_bytes();
        while let Some((&byte, more)) = rest.split_first() {
            let hex = more.get(..2).and_then(|hex| std::str::from_utf8(hex).ok());
            match hex.and_then(|hex| u8::from_str_radix(hex, 16).ok()).filter(|_| byte == b'=') {
                Some(meant) => {
                    out.push(meant);
                    rest = more.get(2..).unwrap_or_default();
                }
                None => {
                    out.push(byte);
                    rest = more;
                }
            }
        }
        if !is_soft {
            out.push(b'\n');
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mail_is_shown_as_its_readers_see_it() {
        let mail = "Subject: S\nContent-Type: multipart/alternative\n\n--upfront-1\n\
                    Content-Transfer-Encoding: quoted-printable\n\na=3Db caf=C3=A9 lo=\nng\n\nend =zz\n--upfront-1\n\
                    Content-Transfer-Encoding: base64\n\n5pel\n5pys\n--upfront-1\n\
                    Content-Transfer-Encoding: 7bit\n\nplain = 3D\n--upfront-1--\n";
        let shown = "Subject: S\nContent-Type: multipart/alternative\n\n--upfront-1\n\
                     Content-Transfer-Encoding: quoted-printable\n\na=b café long\n\nend =zz\n--upfront-1\n\
                     Content-Transfer-Encoding: base64\n\n日本\n--upfront-1\n\
                     Content-Transfer-Encoding: 7bit\n\nplain = 3D\n--upfront-1--\n";
        assert_eq!(readable(mail), shown);
    }
}
