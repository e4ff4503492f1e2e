//! Gets the bytes of a feed: from a file or a folder, from standard input, over HTTP, from a socket of Livestatus.
//!
//! Bounded in time and size whatever is at the other end: 32 MiB an answer and 64 MiB a feed, also once decompressed; a
//! hundred requests; `timeout` for each and three times that for all. It understands nothing of what it gets: that is the
//! work of the [adapters](super::adapter), which also say what to ask next.

mod address;
mod broken;
mod cache;
mod file;
mod http;
mod login;
mod secret;
mod since;
mod socket;
mod trouble;

use std::collections::BTreeSet;
use std::io::{self, Read};
use std::path::Path;
use std::time::{Duration, Instant};

use jiff::Timestamp;

use super::{Payload, Request, adapter};
use crate::model::{Feed, FeedKind, Origin};

pub(super) use trouble::Trouble;

/// The longest answer that is read, in bytes.
const BYTES_MAX: u64 = 32 << 20;

/// All answers of one feed together, in bytes.
const BYTES_OF_FEED_MAX: usize = 64 << 20;

/// How many requests are made of one feed in one run.
const REQUESTS_MAX: usize = 100;

/// One feed, and what is known while it is asked.
#[derive(Clone, Copy)]
pub(super) struct Question<'a> {
    /// The site's folder.
    pub root: &'a Path,
    pub feed: &'a Feed,
    pub now: Timestamp,
    /// What came on standard input for this feed.
    pub stdin: Option<&'a [u8]>,
    /// When it must have answered everything.
    pub until: Instant,
}

/// What was got, and what was not.
#[derive(Default)]
pub(super) struct Answers {
    pub payloads: Vec<Payload>,
    pub troubles: Vec<Trouble>,
}

impl From<Trouble> for Answers {
    fn from(trouble: Trouble) -> Answers {
        Answers { payloads: Vec::new(), troubles: vec![trouble] }
    }
}

/// Everything that a feed has to say now. Without an answer and without trouble nobody was asked.
pub(super) fn ask(question: &Question<'_>) -> Answers {
    match &question.feed.from {
        Origin::File(path) => file::read(question, path),
        Origin::Url(url) => Line::open(question, url).map_or_else(Answers::from, |line| rounds(question, &line)),
        Origin::Stdin | Origin::Log => {
            let payload = |bytes: &[u8]| Payload {
                name: "standard input".to_owned(),
                request: String::new(),
                bytes: bytes.to_owned(),
                asked_ms: question.now.as_millisecond(),
            };
            Answers { payloads: question.stdin.map(payload).into_iter().collect(), troubles: Vec::new() }
        }
    }
}

/// What carries requests.
enum Line<'a> {
    Http(http::Client<'a>),
    Socket(socket::Socket<'a>),
}

impl<'a> Line<'a> {
    fn open(question: &Question<'a>, url: &'a str) -> Result<Line<'a>, Trouble> {
        let socket = socket::Socket::of(url).filter(|_| question.feed.kind == FeedKind::Livestatus);
        socket.map_or_else(|| http::Client::new(question, url).map(Line::Http), |socket| Ok(Line::Socket(socket)))
    }

    fn send(&self, request: &Request, until: Instant) -> Result<Vec<u8>, Trouble> {
        match self {
            Line::Http(client) => client.send(request, until),
            Line::Socket(socket) => socket.send(request.body.as_deref().unwrap_or_default(), until),
        }
    }

    /// What to call its answer in diagnostics.
    fn name(&self, request: &Request) -> String {
        match self {
            Line::Http(client) => client.name(request),
            Line::Socket(_) => request.name.clone(),
        }
    }
}

/// Asks what the adapter wants to know, until it wants no more. The first request decides whether the feed answers at
/// all; of what fails later the rest still counts.
fn rounds(question: &Question<'_>, line: &Line<'_>) -> Answers {
    let Question { feed, now, until, .. } = *question;
    let (now_ms, since_ms) = (now.as_millisecond(), since::since_ms(question));
    let requests = adapter::of(feed.kind).requests;
    let timeout = Duration::try_from(feed.timeout).unwrap_or_default();
    let mut answers = Answers::default();
    let mut asked: BTreeSet<String> = BTreeSet::new();
    let mut bytes_len = 0usize;
    loop {
        let mut wanted = requests(feed, &answers.payloads, since_ms, now_ms);
        // An adapter that does not see its answer, since it failed, would ask for ever.
        wanted.retain(|request| !asked.contains(&request.name));
        if wanted.is_empty() {
            return answers;
        }
        for request in wanted {
            if asked.len() >= REQUESTS_MAX {
                answers.troubles.push(Trouble::too_many_requests(REQUESTS_MAX));
                return answers;
            }
            if !asked.insert(request.name.clone()) {
                continue;
            }
            let own_until = Instant::now().checked_add(timeout).map_or(until, |own| own.min(until));
            match line.send(&request, own_until) {
                Ok(bytes) => {
                    bytes_len = bytes_len.saturating_add(bytes.len());
                    if bytes_len > BYTES_OF_FEED_MAX {
                        answers.troubles.push(Trouble::too_large("all of its answers", BYTES_OF_FEED_MAX as u64));
                        return answers;
                    }
                    let name = line.name(&request);
                    answers.payloads.push(Payload { name, request: request.name, bytes, asked_ms: now_ms });
                }
                Err(trouble) => {
                    let over = trouble.is_lasting() || answers.payloads.is_empty();
                    answers.troubles.push(trouble);
                    if over {
                        return answers;
                    }
                }
            }
        }
    }
}

/// All of what is read, where it is not too long.
fn read_bounded(reader: impl Read, what: &str) -> Result<Vec<u8>, ReadError> {
    let mut bytes = Vec::new();
    reader.take(BYTES_MAX + 1).read_to_end(&mut bytes).map_err(ReadError::Io)?;
    if bytes.len() as u64 > BYTES_MAX {
        return Err(ReadError::TooLarge(Trouble::too_large(what, BYTES_MAX)));
    }
    Ok(bytes)
}

/// Why reading ended early.
enum ReadError {
    Io(io::Error),
    TooLarge(Trouble),
}
