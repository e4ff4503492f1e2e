//! The one door through which feeds come in: each is asked, understood and sieved, all of them side by side.
//!
//! A feed that hangs, answers with nonsense or breaks its adapter costs nobody but itself, and never more than its time.

mod sieve;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::{Duration, Instant};

use jiff::Timestamp;

use super::ask::{self, Question, Trouble};
use super::{Reading, adapter};
use crate::diag::{Diagnostic, Loaded, Severity};
use crate::load::monitoring::{Ask, FeedAnswer};
use crate::model::{Config, Feed, FeedState, Origin};

/// How many feeds are asked at a time.
const AT_A_TIME: usize = 64;

/// All requests of a feed together may take so many times as long as one.
const TIMEOUTS: u32 = 3;

/// What understanding the longest answers may take beyond that, on a slow machine.
const UNDERSTANDING: Duration = Duration::from_secs(30);

/// Asks every feed of the config, in its order. Nothing stops it: what fails is told.
///
/// What came on standard input is for every feed that has no address and no file.
pub fn read_feeds(root: &Path, config: &Config, ask: &Ask<'_>) -> Loaded<Vec<FeedAnswer>> {
    let mut answers = Vec::with_capacity(config.monitoring.feeds.len());
    let mut diagnostics = Vec::new();
    let stdin: Option<Arc<[u8]>> = ask.stdin.map(Arc::from);
    for feeds in config.monitoring.feeds.chunks(AT_A_TIME) {
        let started: Vec<(&Feed, Running)> = feeds
            .iter()
            .map(|feed| {
                let job = Job { root: root.to_owned(), feed: feed.clone(), now: ask.now, stdin: stdin.clone() };
                (feed, if is_asked(feed, ask) { job.start() } else { Running::NotAsked })
            })
            .collect();
        for (feed, running) in started {
            let Loaded { value, diagnostics: told } = running.answer(feed);
            answers.push(value);
            diagnostics.extend(told);
        }
    }
    Loaded { value: answers, diagnostics }
}

fn is_asked(feed: &Feed, ask: &Ask<'_>) -> bool {
    match feed.from {
        Origin::Url(_) => ask.network,
        Origin::File(_) => true,
        Origin::Stdin | Origin::Log => ask.stdin.is_some(),
    }
}

/// All that a thread of its own needs. It borrows nothing, so that it can be left behind.
struct Job {
    root: PathBuf,
    feed: Feed,
    now: Timestamp,
    stdin: Option<Arc<[u8]>>,
}

enum Running {
    NotAsked,
    /// And until when its answer is waited for.
    Asked(Receiver<Loaded<FeedAnswer>>, Instant),
}

impl Job {
    fn start(self) -> Running {
        let timeout = Duration::try_from(self.feed.timeout).unwrap_or_default().saturating_mul(TIMEOUTS);
        let begin = Instant::now();
        let until = begin.checked_add(timeout).unwrap_or(begin);
        let (sender, receiver) = mpsc::sync_channel(1);
        let name = format!("feed {}", self.feed.id);
        // Where no thread can be had the sender is dropped, and the feed counts as one that broke off.
        let _ = thread::Builder::new().name(name).spawn(move || {
            // Nobody listens any more once its time is over.
            let _ = sender.send(self.run(until));
        });
        Running::Asked(receiver, until.checked_add(UNDERSTANDING).unwrap_or(until))
    }

    fn run(self, until: Instant) -> Loaded<FeedAnswer> {
        let Job { root, feed, now, stdin } = &self;
        let question = Question { root, feed, now: *now, stdin: stdin.as_deref(), until };
        let answers = ask::ask(&question);
        if answers.payloads.is_empty() {
            return failed(feed, answers.troubles);
        }
        let mut diagnostics: Vec<Diagnostic> =
            answers.troubles.iter().map(|trouble| trouble.telling(feed, false)).collect();
        let Loaded { value: mut reading, diagnostics: told } = (adapter::of(feed.kind).read)(feed, &answers.payloads);
        let not_understood = is_empty(&reading) && told.iter().any(|told| told.severity >= Severity::Warning);
        diagnostics.extend(told);
        sieve::sieve(feed, *now, &mut reading, &mut diagnostics);
        let state = match not_understood {
            true => FeedState::Failed("its answer could not be understood".to_owned()),
            false => FeedState::Read { generated: reading.generated, expires: reading.expires },
        };
        Loaded { value: FeedAnswer { feed: feed.id.clone(), state, reading }, diagnostics }
    }
}

impl Running {
    fn answer(self, feed: &Feed) -> Loaded<FeedAnswer> {
        match self {
            Running::NotAsked => {
                let answer =
                    FeedAnswer { feed: feed.id.clone(), state: FeedState::FromLog, reading: Reading::default() };
                Loaded { value: answer, diagnostics: Vec::new() }
            }
            Running::Asked(receiver, until) => {
                let left = until.saturating_duration_since(Instant::now());
                receiver.recv_timeout(left).unwrap_or_else(|error| {
                    let trouble = match error {
                        mpsc::RecvTimeoutError::Timeout => Trouble::out_of_time(feed),
                        mpsc::RecvTimeoutError::Disconnected => {
                            Trouble::lasting("reading it broke off", "please report it, with what it answered")
                        }
                    };
                    failed(feed, vec![trouble])
                })
            }
        }
    }
}

/// Nothing was got of it.
fn failed(feed: &Feed, troubles: Vec<Trouble>) -> Loaded<FeedAnswer> {
    let why =
        troubles.first().map_or_else(|| "it did not answer".to_owned(), |trouble| trouble.public_why().to_owned());
    let diagnostics = troubles.iter().map(|trouble| trouble.telling(feed, true)).collect();
    let answer = FeedAnswer { feed: feed.id.clone(), state: FeedState::Failed(why), reading: Reading::default() };
    Loaded { value: answer, diagnostics }
}

fn is_empty(reading: &Reading) -> bool {
    let Reading { generated: _, expires: _, monitors, results, spans, heartbeats, days } = reading;
    monitors.is_empty() && results.is_empty() && spans.is_empty() && heartbeats.is_empty() && days.is_empty()
}
