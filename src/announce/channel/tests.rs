//! What each kind of channel is sent, to the byte, and what it makes of answers. The snapshots stand in `tests/`, one a
//! kind, so that they can be laid beside the vendor's document.
#![expect(clippy::unwrap_used, reason = "a test's own input is right, or the test is wrong")]

mod answers;
mod hostile;
mod requests;

use std::cell::RefCell;
use std::collections::{BTreeMap, VecDeque};
use std::fmt::Write as _;

use super::*;
use crate::announce::message::{Page, Thread};
use crate::announce::wire::{CommandRun, IrcSay, Mail};
use crate::model::{Audience, Choice, NewsKind, Secret, Slug};
use crate::net::Call;

type Reply = Result<Answer, Trouble>;

/// Writes down what it carries, and answers what it was told to.
#[derive(Default)]
struct Script {
    replies: RefCell<VecDeque<Reply>>,
    calls: RefCell<Vec<Call>>,
    mails: RefCell<Vec<Mail>>,
    told: RefCell<String>,
}

impl Script {
    fn of(replies: impl IntoIterator<Item = Reply>) -> Script {
        Script { replies: RefCell::new(replies.into_iter().collect()), ..Script::default() }
    }

    fn told(&self) -> String {
        self.told.borrow().clone()
    }

    /// The next answer; one that nobody planned shows.
    fn next(&self) -> Reply {
        self.replies.borrow_mut().pop_front().unwrap_or_else(|| Err(Trouble::new("nothing was planned to be answered")))
    }
}

impl Wire for Script {
    fn call(&self, call: &Call) -> Reply {
        self.calls.borrow_mut().push(call.clone());
        let mut told = self.told.borrow_mut();
        let _ = writeln!(told, "{} {}", call.method, call.url);
        for (name, value) in &call.headers {
            let _ = writeln!(told, "{name}: {value}");
        }
        if !call.body.is_empty() {
            let body: serde_json::Value = serde_json::from_slice(&call.body).unwrap();
            let _ = writeln!(told, "{body:#}");
        }
        self.next()
    }

    fn mail(&self, mail: &Mail) -> Result<Option<String>, Trouble> {
        self.mails.borrow_mut().push(mail.clone());
        let Mail { host, port, tls, login, from, to, message, .. } = mail;
        let message = String::from_utf8(message.clone()).unwrap().replace("\r\n", "\n");
        let told = &mut *self.told.borrow_mut();
        let _ = writeln!(told, "{host}:{port} {tls:?} as {login:?}\nfrom {from} to {to:?}\n\n{message}");
        self.next().map(|answer| Some(String::from_utf8(answer.body).unwrap()).filter(|note| !note.is_empty()))
    }

    fn irc(&self, say: &IrcSay) -> Result<(), Trouble> {
        let IrcSay { host, port, tls, nick, login, channel, channel_key, lines, .. } = say;
        let told = &mut *self.told.borrow_mut();
        let _ = writeln!(told, "{host}:{port} {tls:?} {nick} as {login:?} in {channel} ({channel_key:?})");
        let _ = writeln!(told, "{}", lines.join("\n"));
        self.next().map(drop)
    }

    fn run(&self, run: &CommandRun) -> Result<(), Trouble> {
        let told = &mut *self.told.borrow_mut();
        let _ = writeln!(told, "{}", run.command);
        for (name, value) in &run.env {
            let _ = writeln!(told, "{name}={value}");
        }
        let _ = writeln!(told, "{}", String::from_utf8_lossy(&run.stdin));
        self.next().map(drop)
    }
}

/// An answer of JSON.
fn json(status: u16, body: &str) -> Reply {
    Ok(Answer { status, headers: Vec::new(), body: body.as_bytes().to_owned() })
}

fn with(name: &str, value: &str, reply: Reply) -> Reply {
    reply.map(|mut answer| {
        answer.headers.push((name.to_owned(), value.to_owned()));
        answer
    })
}

/// The connection was lost after everything was sent.
fn broken() -> Reply {
    Err(Trouble { why: "the connection broke before all was said".to_owned(), may_have_arrived: true })
}

fn channel(kind: ChannelKind) -> Channel {
    let options: &[(&str, &str)] = match kind {
        ChannelKind::Email => &[
            ("host", "smtp.example"),
            ("from", "Fjordpost status <status@fjordpost.example>"),
            ("to", "list@fjordpost.example"),
            ("unsubscribe", "https://lists.fjordpost.example/leave"),
        ],
        ChannelKind::Webhook => &[("url", "https://hooks.example/status")],
        ChannelKind::Mastodon => &[("url", "https://social.example")],
        ChannelKind::Bluesky => &[("user", "status.fjordpost.example")],
        ChannelKind::Matrix => &[("url", "https://matrix.example"), ("room", "!abc:matrix.example")],
        ChannelKind::Slack => &[("channel", "C024BE91L")],
        ChannelKind::Mattermost => &[("channel", "town-square")],
        ChannelKind::Telegram => &[("chat", "@fjordpost")],
        ChannelKind::Discourse => {
            &[("url", "https://forum.example/"), ("user", "status"), ("category", "5"), ("tags", "status, mail")]
        }
        ChannelKind::Ntfy => &[("topic", "fjordpost")],
        ChannelKind::Irc => &[("host", "irc.example"), ("nick", "fjordstatus"), ("channel", "#fjordpost")],
        ChannelKind::Command => &[("command", "./sms.sh")],
        ChannelKind::X | ChannelKind::Discord | ChannelKind::Teams | ChannelKind::Pushover => &[],
    };
    Channel {
        id: Slug::new(kind.word()).unwrap(),
        kind,
        options: pairs(options),
        secrets: secrets(kind).into_keys().map(|name| (name, Secret::Env("UNUSED".to_owned()))).collect(),
        audience: Audience::Public,
        choice: Choice { components: Vec::new(), impact: Impact::None, news: NewsKind::ALL.to_vec() },
        language: None,
        template: None,
        timeout: SignedDuration::from_secs(20),
        drill: false,
    }
}

fn secrets(kind: ChannelKind) -> BTreeMap<String, String> {
    let secrets: &[(&str, &str)] = match kind {
        ChannelKind::Email | ChannelKind::Bluesky | ChannelKind::Irc => &[("password", "pass-s3cret")],
        ChannelKind::Webhook => &[("secret", "key-s3cret"), ("token", "token-s3cret")],
        ChannelKind::X => &[
            ("consumer_key", "ck-s3cret"),
            ("consumer_secret", "cs-s3cret"),
            ("token", "token-s3cret"),
            ("token_secret", "ts-s3cret"),
        ],
        ChannelKind::Mattermost | ChannelKind::Discord | ChannelKind::Teams => {
            &[("url", "https://hooks.example/in/url-s3cret")]
        }
        ChannelKind::Pushover => &[("token", "token-s3cret"), ("user_key", "user-s3cret")],
        ChannelKind::Mastodon
        | ChannelKind::Matrix
        | ChannelKind::Slack
        | ChannelKind::Telegram
        | ChannelKind::Discourse
        | ChannelKind::Ntfy => &[("token", "token-s3cret")],
        ChannelKind::Command => &[],
    };
    pairs(secrets)
}

fn pairs(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
    pairs.iter().map(|&(name, value)| (name.to_owned(), value.to_owned())).collect()
}

fn facts() -> Facts {
    let text = |text: &str| text.to_owned();
    Facts {
        page: Page { title: text("Fjordpost status"), url: text("https://status.fjordpost.example") },
        kind: text("incident"),
        slug: text("2026-03-24-imap"),
        title: text("IMAP and POP logins failing"),
        stage: text("investigating"),
        stage_name: text("Investigating"),
        impact: text("major"),
        impact_name: text("Major impact"),
        components: vec![text("IMAP"), text("POP")],
        component_ids: vec![text("imap"), text("pop")],
        link: text("https://status.fjordpost.example/incidents/2026-03-24-imap/#u-20260324-1053-investigating"),
        body: text("Logins fail since 11:40. Mail is received & kept.\n\nWrite to help@fjordpost.example."),
        sentence: text("Logins fail since 11:40."),
        posted: Some("2026-03-24T10:53:00Z".parse().unwrap()),
        posted_text: text("24 March 2026, 11:53 CET"),
        late: None,
        next_update: Some(text("24 March 2026, 12:30 CET")),
        next_update_at: Some("2026-03-24T11:30:00Z".parse().unwrap()),
        is_over: false,
        is_notice: false,
        is_test: false,
    }
}

/// The first message of an incident.
fn first() -> Message {
    let facts = facts();
    let next = "Next update by 24 March 2026, 12:30 CET.";
    let html = "<p>Logins fail since 11:40. Mail is received &amp; kept.</p>\n<p>Write to help@fjordpost.example.</p>";
    Message {
        key: "incidents/2026-03-24-imap/#u-20260324-1053-investigating".to_owned(),
        idempotency: "0123456789abcdef0123456789abcdef".to_owned(),
        subject: format!("{}: {}", facts.title, facts.stage_name),
        text: format!("{}: {}\n\n{}\n\n{next}\n\n{}", facts.stage_name, facts.title, facts.body, facts.link),
        html: html.to_owned(),
        page: format!("<!doctype html><title>{}</title>{html}", facts.title),
        facts,
        next: Some(next.to_owned()),
        thread: Thread { id: "incidents/2026-03-24-imap/".to_owned(), ..Thread::default() },
        is_test: false,
        statuspage: serde_json::json!({ "page": { "id": "x" }, "incident": { "id": "y" } }),
    }
}

/// Its second one, and the end, after what the channel calls the earlier ones.
fn second(earlier: &[&str]) -> Message {
    let mut message = first();
    let facts = &mut message.facts;
    let over = |text: &str| text.to_owned();
    (facts.stage, facts.stage_name, facts.is_over) = (over("resolved"), over("Resolved"), true);
    facts.link = over("https://status.fjordpost.example/incidents/2026-03-24-imap/#u-20260324-1130-resolved");
    (facts.body, facts.sentence) = (over("Logins work again."), over("Logins work again."));
    (facts.posted, facts.next_update) = (Some("2026-03-24T11:30:00Z".parse().unwrap()), None);
    facts.next_update_at = None;
    (message.html, message.next) = (over("<p>Logins work again.</p>"), None);
    message.page = over("<!doctype html><p>Logins work again.</p>");
    message.idempotency = over("fedcba9876543210fedcba9876543210");
    message.subject = format!("{}: {}", facts.title, facts.stage_name);
    message.text = format!("{}: {}\n\n{}\n\n{}", facts.stage_name, facts.title, facts.body, facts.link);
    let earlier: Vec<String> = earlier.iter().map(|&id| id.to_owned()).collect();
    let (first, last) = (earlier.first().cloned(), earlier.last().cloned());
    message.thread = Thread { id: message.thread.id, first, last, earlier };
    message
}

/// Sends it, and says what went out and what came of it.
fn said(channel: &Channel, wire: &Script, message: &Message) -> String {
    let mut message = message.clone();
    // Their templates leave to the title and the link what is in these.
    if matches!(
        channel.kind,
        ChannelKind::Mattermost | ChannelKind::Discord | ChannelKind::Ntfy | ChannelKind::Pushover
    ) {
        message.text = message
            .text
            .split("\n\n")
            .skip(1)
            .filter(|&part| part != message.facts.link)
            .collect::<Vec<_>>()
            .join("\n\n");
    }
    let outcome = outcome(channel, wire, &message);
    format!("{}\n=> {outcome}\n", wire.told().trim_end())
}

fn outcome(channel: &Channel, wire: &Script, message: &Message) -> String {
    let site_url = SiteUrl::new("https://status.fjordpost.example").unwrap();
    let secrets = secrets(channel.kind).into_iter().filter(|(name, _)| channel.secrets.contains_key(name)).collect();
    let now = "2026-03-24T11:00:00Z".parse().unwrap();
    match send(&Speaker { channel, secrets: &secrets, wire, site_url: &site_url, now }, message) {
        Ok(Sent { remote, link, note }) => {
            let part = |name: &str, part: Option<String>| part.map_or(String::new(), |part| format!("; {name} {part}"));
            format!("sent{}{}{}", part("called", remote), part("read at", link), part("note:", note))
        }
        Err(NotSent::Refused(why)) => format!("refused: {why}"),
        Err(NotSent::Later { why, wait: None }) => format!("later: {why}"),
        Err(NotSent::Later { why, wait: Some(wait) }) => format!("after {wait:#}: {why}"),
        Err(NotSent::Unsure(why)) => format!("unsure: {why}"),
    }
}
