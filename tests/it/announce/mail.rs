//! A mail server that knows STARTTLS and a password.

use std::sync::{Arc, Mutex};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::lines::{CA, Talk, serve};
use super::{announce, heading, ledger, site, write};
use crate::site_test::TestSite;

/// What it took: the envelope, then the mail.
#[derive(Clone, Default)]
pub struct Taken(Arc<Mutex<Vec<(String, String)>>>);

impl Taken {
    pub fn all(&self) -> Vec<(String, String)> {
        self.0.lock().unwrap().clone()
    }
}

#[derive(Clone, Copy, PartialEq)]
pub enum After {
    Answer,
    /// Loses the connection when it has the mail.
    Break,
    /// Says nothing more when it has the mail.
    Hang,
}

/// A server that takes mail for everybody but `nobody@`, after STARTTLS and the right password.
pub fn server(after: After) -> (u16, Taken) {
    let taken = Taken::default();
    let port = serve({
        let taken = taken.clone();
        move |talk| {
            speak(talk, &taken, after);
        }
    });
    (port, taken)
}

fn speak(mut talk: Talk, taken: &Taken, after: After) -> Option<()> {
    talk.say("220 localhost ESMTP");
    let (mut is_encrypted, mut is_known) = (false, false);
    let mut envelope = String::new();
    loop {
        let line = talk.hear()?;
        let word = line.split([' ', ':']).next().unwrap_or_default().to_ascii_uppercase();
        match word.as_str() {
            "EHLO" if is_encrypted => talk.say("250-localhost\n250-8BITMIME\n250 AUTH PLAIN LOGIN"),
            "EHLO" => talk.say("250-localhost\n250 STARTTLS"),
            "STARTTLS" => {
                talk.say("220 go ahead");
                talk = talk.encrypt();
                is_encrypted = true;
            }
            "AUTH" => {
                let told = STANDARD.decode(line.rsplit(' ').next()?).ok()?;
                is_known = told == b"\0status@fjordpost.example\0key-s3cret";
                let answer = if is_known { "235 welcome" } else { "535 5.7.8 no key-s3cret" };
                talk.say(answer);
            }
            "MAIL" | "RCPT" if !is_known => talk.say("530 5.7.0 who are you?"),
            "RCPT" if line.contains("nobody@") => talk.say("550 5.1.1 no such user"),
            "RCPT" if line.contains("later@") => talk.say("450 4.2.0 come again"),
            "MAIL" => {
                envelope = line.clone();
                talk.say("250 ok");
            }
            "RCPT" => {
                envelope += &format!(" {line}");
                talk.say("250 ok");
            }
            "DATA" => {
                talk.say("354 go on");
                let mut mail = String::new();
                loop {
                    let line = talk.hear()?;
                    if line == "." {
                        break;
                    }
                    mail += &format!("{line}\n");
                }
                taken.0.lock().unwrap().push((envelope.clone(), mail));
                match after {
                    After::Answer if envelope.contains("breaks@") => return None,
                    After::Answer => talk.say("250 2.0.0 queued"),
                    After::Break => return None,
                    After::Hang => std::thread::sleep(std::time::Duration::from_secs(120)),
                }
            }
            "QUIT" => {
                talk.say("221 bye");
                return None;
            }
            _ => talk.say("250 ok"),
        }
    }
}

pub fn mail_site(port: u16, more: &str) -> TestSite {
    let site = site(&format!(
        "[[channel]]\nid = \"mail\"\nkind = \"email\"\nhost = \"localhost\"\nport = {port}\nca_file = \"ca.pem\"\n\
         from = \"Fjordpost status <status@fjordpost.example>\"\npassword_file = \"secret\"\ntimeout = \"5s\"\n{more}\n"
    ));
    site.write("ca.pem", CA);
    site
}

/// The value of a header, unfolded.
fn header(mail: &str, name: &str) -> String {
    let head = mail.split("\n\n").next().unwrap().replace("\n ", " ");
    head.lines().find_map(|line| line.strip_prefix(&format!("{name}: "))).unwrap_or_default().to_owned()
}

#[test]
fn mails_of_an_incident_are_a_thread_in_text_and_html() {
    let (port, taken) = server(After::Answer);
    let site = mail_site(port, "to = \"list@fjordpost.example\"\nunsubscribe = \"https://lists.example/leave\"");
    let ran = announce(&site);
    assert_eq!(ran.status, Some(0), "{}", ran.all());
    write(&site, &format!("Logins fail.\n{}They work again.\n", heading("Resolved", 0)));
    assert_eq!(announce(&site).status, Some(0));
    assert_eq!(announce(&site).status, Some(0));
    let [(envelope, first), (_, second)] = &taken.all()[..] else { panic!("{:?}", taken.all()) };
    assert_eq!(envelope, "MAIL FROM:<status@fjordpost.example> RCPT TO:<list@fjordpost.example>");
    assert_eq!(header(first, "Subject"), "IMAP logins failing: Investigating");
    assert_eq!(header(first, "List-Id"), "<status.example>");
    assert_eq!(header(first, "List-Unsubscribe"), "<https://lists.example/leave>");
    let id = header(first, "Message-ID");
    assert!(id.starts_with('<') && id.ends_with("@status.example>"), "{id}");
    assert_eq!(header(second, "In-Reply-To"), id);
    assert_eq!(header(second, "References"), id);
    assert_ne!(header(second, "Message-ID"), id);
    for part in ["Content-Type: text/plain", "Content-Type: text/html", "They work again.", "Unsubscribe"] {
        assert!(second.contains(part), "{part}: {second}");
    }
    assert_eq!(
        ledger(&site),
        "mail investigating claimed\nmail investigating sent\nmail resolved claimed\nmail resolved sent\n"
    );
}

#[test]
fn one_who_is_refused_takes_it_from_no_other() {
    let (port, taken) = server(After::Answer);
    let site = mail_site(port, "to = [\"a@one.example\", \"nobody@one.example\", \"b@two.example\"]");
    let ran = announce(&site);
    assert_eq!(ran.status, Some(0), "{}", ran.all());
    assert!(ran.stdout.contains("refused for `nobody@one.example`"), "{}", ran.stdout);
    let taken = taken.all();
    let envelopes: Vec<&str> = taken.iter().map(|(envelope, _)| envelope.rsplit("RCPT TO:").next().unwrap()).collect();
    assert_eq!(envelopes, ["<a@one.example>", "<b@two.example>"]);
    assert!(taken.iter().all(|(_, mail)| !mail.contains("one.example") && !mail.contains("two.example")));
}

#[test]
fn one_with_whom_it_breaks_or_who_must_wait_takes_it_from_no_other_and_is_told() {
    let (port, taken) = server(After::Answer);
    let site = mail_site(port, "to = [\"breaks@one.example\", \"later@one.example\", \"b@two.example\"]");
    let ran = announce(&site);
    assert_eq!(ran.status, Some(1), "{}", ran.all());
    assert!(ran.stdout.contains("it took the mail for 1 of 3; perhaps for `breaks@one.example`"), "{}", ran.stdout);
    assert!(ran.stdout.contains("not now for `later@one.example`"), "{}", ran.stdout);
    let taken = taken.all();
    let envelopes: Vec<&str> = taken.iter().map(|(envelope, _)| envelope.rsplit("RCPT TO:").next().unwrap()).collect();
    assert_eq!(envelopes, ["<breaks@one.example>", "<b@two.example>"]);
}

#[test]
fn a_connection_that_breaks_after_the_mail_leaves_it_unsure_and_is_not_tried_again() {
    for after in [After::Break, After::Hang] {
        let (port, taken) = server(after);
        let site = mail_site(port, "to = \"a@one.example\"");
        let config = site.read("upfront.toml").replace("\"5s\"", "\"1s\"");
        site.write("upfront.toml", config);
        let ran = announce(&site);
        assert_eq!(ran.status, Some(1), "{}", ran.all());
        assert!(ran.stdout.contains("unsure   IMAP logins failing: Investigating"), "{}", ran.stdout);
        assert!(announce(&site).stdout.contains("Nothing new"));
        assert_eq!(taken.all().len(), 1);
        assert_eq!(ledger(&site), "mail investigating claimed\nmail investigating unsure\n");
    }
}

#[test]
fn a_wrong_password_a_stranger_and_a_server_without_tls_get_nothing() {
    let (port, taken) = server(After::Answer);
    let site = mail_site(port, "to = \"a@one.example\"");
    site.write("secret", "another-s3cret");
    let failed = |site: &TestSite, why: &str| {
        let ran = announce(site);
        assert_eq!(ran.status, Some(1), "{}", ran.all());
        assert!(ran.stdout.contains(why), "{}", ran.stdout);
        assert!(!ran.all().contains("another-s3cret"), "{}", ran.all());
    };
    failed(&site, "logging in: ");

    // Nobody vouches for it.
    let site = mail_site(port, "to = \"a@one.example\"");
    let config = site.read("upfront.toml").replace("ca_file = \"ca.pem\"\n", "");
    site.write("upfront.toml", config);
    failed(&site, "STARTTLS: ");

    let open = serve(|mut talk| {
        talk.say("220 localhost");
        while talk.hear().is_some() {
            talk.say("250 ok");
        }
    });
    failed(&mail_site(open, "to = \"a@one.example\""), "it offers no STARTTLS");
    assert!(taken.all().is_empty());
}
