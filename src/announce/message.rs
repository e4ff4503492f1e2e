//! News in the words of one channel.

use jiff::Timestamp;
use serde::Serialize;

use crate::model::{Impact, NewsKind};

/// How long the text of a kind of channel may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limit {
    /// In characters (Unicode scalar values).
    Chars(usize),
    /// In what readers take for one character (Bluesky, UAX #29).
    Graphemes(usize),
    /// In bytes of UTF-8.
    Bytes(usize),
    /// As X weighs them: most characters of CJK and emoji are two, every link is 23.
    Weighted(usize),
}

/// One message, ready for its channel.
#[derive(Clone, Debug, PartialEq)]
pub struct Message {
    /// The address of what it tells of; see [`crate::model::Deliveries`].
    pub key: String,
    /// The same for the same news in the same channel, for ever: 32 hexadecimal digits.
    pub idempotency: String,
    /// One line: `Investigating: IMAP and POP logins failing`.
    pub subject: String,
    /// Plain text within the channel's limit, the link in it.
    pub text: String,
    /// The update's body as HTML that any mail program shows; for e-mail, Matrix and Discourse.
    pub html: String,
    pub facts: Facts,
    pub thread: Thread,
    /// A test, marked as one in every text.
    pub is_test: bool,
    /// The whole incident as the webhook of Statuspage sends it; `null` where there is none.
    pub statuspage: serde_json::Value,
}

/// What a message says, for templates and for programs. This is the body of our own webhook.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Facts {
    /// The page's name and address.
    pub page: Page,
    /// `incident`, `maintenance`, `announcement`, `notice`, `report`, `follow_up`, `alarm`.
    pub kind: String,
    /// The incident's slug, which stays the same for all its updates; the report's.
    pub slug: String,
    pub title: String,
    /// `investigating` …; empty for what has no stages.
    pub stage: String,
    /// The same as readers see it: "Investigating".
    pub stage_name: String,
    /// `none`, `minor`, `major`, `critical`.
    pub impact: String,
    /// The names of the components that it touches.
    pub components: Vec<String>,
    /// Their ids.
    pub component_ids: Vec<String>,
    /// Where it can be read.
    pub link: String,
    /// The update, as plain text.
    pub body: String,
    /// Its first sentence.
    pub sentence: String,
    /// When it was posted, in UTC.
    pub posted: Option<Timestamp>,
    /// The same in the site's zone, as readers see it: "24 March 2026, 11:53 CET".
    pub posted_text: String,
    /// "posted at 11:53, told at 12:40", where it is told late; and that a newer update was told before.
    pub late: Option<String>,
    /// When the next word is promised, as readers see it.
    pub next_update: Option<String>,
    /// Nothing more is to be expected: resolved, completed, withdrawn.
    pub is_over: bool,
    /// What machines found and no person has confirmed.
    pub is_notice: bool,
    pub is_test: bool,
}

/// The page that it comes from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Page {
    pub title: String,
    pub url: String,
}

/// What was told in this channel before about the same incident.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Thread {
    /// The same for all messages of an incident: its first slug.
    pub id: String,
    /// What the channel calls the first message, and the last one.
    pub first: Option<String>,
    pub last: Option<String>,
    /// The keys of all earlier ones that were sent, oldest first; a mail's `References` are made of them.
    pub earlier: Vec<String>,
}

impl Facts {
    /// How bad it is.
    pub fn impact(&self) -> Impact {
        match self.impact.as_str() {
            "minor" => Impact::Minor,
            "major" => Impact::Major,
            "critical" => Impact::Critical,
            _ => Impact::None,
        }
    }

    /// What kind of news; `None` for an alarm.
    pub fn news_kind(&self) -> Option<NewsKind> {
        NewsKind::ALL.into_iter().find(|kind| kind.word() == self.kind)
    }
}
