//! Sends what was planned: claims it, speaks to the channel, writes down what came of it.
//!
//! Every channel has a thread of its own, so that one which hangs keeps nobody waiting. A claim is on the disk before the
//! first byte goes out; whoever is killed in between leaves a claim without an answer, which the next [plan](super::plan)
//! knows how to treat. One run at a time announces on a machine: [`Turn`] is held meanwhile.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::Path;
use std::thread;

use jiff::{SignedDuration, Timestamp};

use super::channel::{self, NotSent, Sent, Speaker};
use super::message::{self, Thread, To};
use super::news::AGE_MAX;
use super::plan::{idempotent_for, is_over};
use super::wire::Wire;
use crate::load::history::deliveries::{Line, read_deliveries_at};
use crate::model::{Channel, Deliveries, Delivery, DeliveryState, Site, Slug};
use crate::net::{self, Trouble};
use crate::record::{self, RecordError, Recorder, share};
use crate::render::{Said, Theme};

/// The longest pause that a channel may ask for and gets in the same run.
const PAUSE_MAX: SignedDuration = SignedDuration::from_secs(5);

/// How old news is that goes out though its claim could not be pushed.
const UNPUSHED_AFTER: SignedDuration = SignedDuration::from_mins(5);

/// Who we are among the machines that announce for this site.
const MACHINE: &str = "history/log/.machine";

/// One message on its way.
#[derive(Clone, Debug)]
pub struct Outgoing {
    /// By its place in the config.
    pub channel: usize,
    /// The address of what it tells of.
    pub key: String,
    /// Addresses of what is told in the same message.
    pub also: Vec<String>,
    /// What belongs together: the beginning of all addresses of one thread, such as `incidents/<slug>/`.
    pub thread: String,
    /// When it came out.
    pub since: Timestamp,
    pub said: Said,
}

/// What came of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivered {
    pub channel: Slug,
    pub key: String,
    pub subject: String,
    pub outcome: Outcome,
}

/// See [`Delivered`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    Sent {
        link: Option<String>,
        note: Option<String>,
    },
    /// It will be tried again.
    Failed(String),
    /// It may have arrived, and is not sent again.
    Unsure(String),
    /// Somebody else has sent it, or is sending it.
    Elsewhere,
}

/// The right to announce, until it is dropped.
#[derive(Debug)]
pub struct Turn {
    _turn: record::Turn,
    machine: String,
    run: String,
}

/// How a channel is reached: the real wire, or another one.
pub type Reach<'a> = dyn Fn(&Channel) -> Result<Box<dyn Wire + 'a>, Trouble> + Sync + 'a;

/// What is known while messages are sent.
#[derive(Clone, Copy)]
pub struct Sender<'a> {
    pub root: &'a Path,
    pub site: &'a Site,
    /// The theme in the language of a channel.
    pub themes: &'a (dyn Fn(&Channel) -> &'a Theme + Sync),
    pub reach: &'a Reach<'a>,
    pub clock: &'a (dyn Fn() -> Timestamp + Sync),
    pub turn: &'a Turn,
    pub collector: &'a Slug,
}

impl Turn {
    /// Takes the turn; `None` while somebody else has it.
    ///
    /// # Errors
    ///
    /// Where `history/log/` cannot be written.
    pub fn take(root: &Path, now: Timestamp) -> Result<Option<Turn>, RecordError> {
        let Some(turn) = record::Turn::take(root, record::Doing::Announcing)? else { return Ok(None) };
        let failed = |error: io::Error| RecordError { doing: format!("could not write `{MACHINE}`"), error };
        let machine = machine(root, now).map_err(failed)?;
        let run = digest(&format!("{machine} {now} {}", std::process::id()));
        Ok(Some(Turn { _turn: turn, machine, run }))
    }

    /// Whether a claim is one of an earlier run on this machine: it is over, since we have the turn.
    pub fn is_over(&self, by: &str) -> bool {
        by.split_once('-').is_some_and(|(machine, run)| machine == self.machine && run != self.run)
    }

    fn by(&self) -> String {
        format!("{}-{}", self.machine, self.run)
    }
}

/// Made once and kept beside the raw log.
fn machine(root: &Path, now: Timestamp) -> io::Result<String> {
    let path = root.join(MACHINE);
    let known = std::fs::read_to_string(&path).unwrap_or_default();
    let known = known.trim();
    if known.len() == 8 && known.bytes().all(|b| b.is_ascii_hexdigit()) {
        return Ok(known.to_owned());
    }
    let host = std::fs::read_to_string("/etc/machine-id").unwrap_or_default();
    let made = digest(&format!("{host} {} {now} {}", root.display(), std::process::id()));
    std::fs::write(&path, format!("{made}\n"))?;
    Ok(made)
}

fn digest(text: &str) -> String {
    blake3::hash(text.as_bytes()).to_hex().chars().take(8).collect()
}

/// Sends everything, and says what came of it. With `push` every claim is pushed first, for machines that share a history.
pub fn deliver(sender: Sender<'_>, outgoing: Vec<Outgoing>, push: bool) -> Vec<Delivered> {
    let (outgoing, mut delivered) = match push && !outgoing.is_empty() {
        true => sender.claim_together(outgoing),
        false => (outgoing, Vec::new()),
    };
    let mut by_channel: BTreeMap<usize, Vec<(usize, Outgoing)>> = BTreeMap::new();
    for (at, one) in outgoing.into_iter().enumerate() {
        by_channel.entry(one.channel).or_default().push((at, one));
    }
    let mut sent: Vec<(usize, Delivered)> = thread::scope(|scope| {
        let running: Vec<_> = by_channel
            .into_iter()
            .filter_map(|(channel, messages)| Some((sender.site.config.channels.get(channel)?, messages)))
            .map(|(channel, messages)| {
                scope.spawn(move || {
                    let one = |(at, one): (usize, Outgoing)| (at, sender.one(channel, one, push));
                    messages.into_iter().map(one).collect::<Vec<_>>()
                })
            })
            .collect();
        running.into_iter().flat_map(|running| running.join().unwrap_or_default()).collect()
    });
    sent.sort_by_key(|(at, _)| *at);
    delivered.extend(sent.into_iter().map(|(_, delivered)| delivered));
    delivered
}

impl Sender<'_> {
    /// Claims everything, and pushes the claims. What somebody else has claimed who pushed first is theirs, whatever the
    /// clocks say. Where nothing can be pushed, what is new waits; what is old goes out all the same, rather twice than never.
    /// Answers what is ours to send, and what became of the rest.
    fn claim_together(&self, outgoing: Vec<Outgoing>) -> (Vec<Outgoing>, Vec<Delivered>) {
        let (mut ours, mut delivered) = (Vec::new(), Vec::new());
        for one in outgoing {
            let Some(channel) = self.site.config.channels.get(one.channel) else { continue };
            match self.claim(channel, &one) {
                Ok(Claim::Ours(_)) => ours.push(one),
                Ok(Claim::Elsewhere) => delivered.push(self.delivered(channel, &one, Outcome::Elsewhere)),
                Err(why) => delivered.push(self.delivered(channel, &one, failed(&why))),
            }
        }
        let mut theirs: BTreeSet<(String, usize)> = BTreeSet::new();
        let mut pulled = || {
            let foreign = crate::load::history::deliveries::claims(self.root);
            let is_foreign = |one: &&Outgoing| {
                let channel = self.site.config.channels.get(one.channel);
                channel.is_some_and(|channel| {
                    foreign.iter().any(|claim| {
                        claim.is_of(&one.key, &channel.id)
                            && (claim.is_sent() || !self.may_take(claim.by.as_deref(), claim.at))
                    })
                })
            };
            theirs = ours.iter().filter(is_foreign).map(|one| (one.key.clone(), one.channel)).collect();
        };
        let pushed = share::push(self.root, "Announce", &mut pulled);
        let mut kept = Vec::new();
        for one in ours {
            let Some(channel) = self.site.config.channels.get(one.channel) else { continue };
            // What came with the pull is known, whatever became of the push.
            if theirs.contains(&(one.key.clone(), one.channel)) {
                delivered.push(self.delivered(channel, &one, Outcome::Elsewhere));
                continue;
            }
            let why = match &pushed {
                Ok(()) => None,
                Err(_) if (self.clock)().duration_since(one.since) >= UNPUSHED_AFTER => None,
                Err(why) => Some(format!("it could not be claimed for all machines: {why}")),
            };
            match why {
                None => kept.push(one),
                Some(why) => {
                    let line = Line { why: Some(why.clone()), ..self.line(&one.key, channel, DeliveryState::Failed) };
                    let noted = self.recorder().and_then(|recorder| recorder.deliver(&[line]));
                    let outcome = noted.map_or_else(|why| failed(&why), |()| Outcome::Failed(why));
                    delivered.push(self.delivered(channel, &one, outcome));
                }
            }
        }
        (kept, delivered)
    }

    fn delivered(&self, channel: &Channel, one: &Outgoing, outcome: Outcome) -> Delivered {
        let subject = crate::render::message_subject((self.themes)(channel), &one.said.facts);
        Delivered { channel: channel.id.clone(), key: one.key.clone(), subject, outcome }
    }

    fn one(&self, channel: &Channel, one: Outgoing, is_claimed: bool) -> Delivered {
        let mut delivered = self.delivered(channel, &one, Outcome::Elsewhere);
        delivered.outcome = self.claim_and_send(channel, one, is_claimed).unwrap_or_else(|why| failed(&why));
        delivered
    }

    fn claim_and_send(&self, channel: &Channel, one: Outgoing, is_claimed: bool) -> Result<Outcome, RecordError> {
        let claim = match is_claimed {
            true => Claim::Ours(read_deliveries_at(self.root, (self.clock)()).value),
            false => self.claim(channel, &one)?,
        };
        let known = match claim {
            Claim::Ours(known) => known,
            Claim::Elsewhere => return Ok(Outcome::Elsewhere),
        };
        let (key, also) = (one.key.clone(), one.also.clone());
        let sent = self.send(channel, one, &known);
        let line = |state| self.line(&key, channel, state);
        let (line, outcome) = match sent {
            Ok(Sent { remote, link, note }) => {
                let line = Line { remote, link: link.clone(), why: note.clone(), ..line(DeliveryState::Sent) };
                (line, Outcome::Sent { link, note })
            }
            Err(NotSent::Unsure(why)) if idempotent_for(channel.kind).is_none() => {
                (Line { why: Some(why.clone()), ..line(DeliveryState::Unsure) }, Outcome::Unsure(why))
            }
            // With the same key it may be tried again; the claim stays as it is, since its age says for how long.
            Err(NotSent::Unsure(why)) if idempotent_for(channel.kind).is_some_and(|kept| kept < AGE_MAX) => {
                return Ok(Outcome::Failed(why));
            }
            Err(NotSent::Unsure(why) | NotSent::Refused(why) | NotSent::Later { why, .. }) => {
                (Line { why: Some(why.clone()), ..line(DeliveryState::Failed) }, Outcome::Failed(why))
            }
        };
        let of_others = also.into_iter().map(|news| Line { news, ..line.clone() });
        let lines: Vec<Line> = std::iter::once(line.clone()).chain(of_others).collect();
        self.recorder()?.deliver(&lines)?;
        Ok(outcome)
    }

    fn recorder(&self) -> Result<Recorder, RecordError> {
        Recorder::open(self.root, self.collector, (self.clock)())
    }

    fn line(&self, key: &str, channel: &Channel, state: DeliveryState) -> Line {
        Line { by: Some(self.turn.by()), ..Line::new((self.clock)(), key, &channel.id, state) }
    }

    /// Claims it, unless somebody else was faster.
    fn claim(&self, channel: &Channel, one: &Outgoing) -> Result<Claim, RecordError> {
        let key = one.key.as_str();
        // While it is open nobody else writes.
        let recorder = self.recorder()?;
        let known = read_deliveries_at(self.root, (self.clock)()).value;
        let is_taken = known.get(key, &channel.id).is_some_and(|delivery| match delivery.state {
            DeliveryState::Sent | DeliveryState::Unsure | DeliveryState::GivenUp => true,
            DeliveryState::Claimed => !self.may_take(delivery.by.as_deref(), delivery.at),
            DeliveryState::Failed => false,
        });
        if is_taken {
            return Ok(Claim::Elsewhere);
        }
        let keys = std::iter::once(&one.key).chain(&one.also);
        let lines: Vec<Line> = keys.map(|key| self.line(key, channel, DeliveryState::Claimed)).collect();
        recorder.deliver(&lines)?;
        Ok(Claim::Ours(known))
    }

    /// Whether a claim is our own, or one that nobody will answer any more.
    fn may_take(&self, by: Option<&str>, at: Timestamp) -> bool {
        let is_ours = |by: &str| by == self.turn.by() || self.turn.is_over(by);
        is_over(by, at, (self.clock)(), &is_ours)
    }

    fn send(&self, channel: &Channel, one: Outgoing, known: &Deliveries) -> Result<Sent, NotSent> {
        let secrets = secrets(self.root, channel).map_err(NotSent::Refused)?;
        let wire = (self.reach)(channel)?;
        let thread = thread(known, channel, &one.thread, &one.key);
        let to = To { site: self.site, theme: (self.themes)(channel), channel };
        let message = message::compose(to, &one.key, one.said, thread)
            .map_err(|error| NotSent::Refused(format!("its text cannot be made: {}", error.0.message)))?;
        let speaker =
            Speaker { channel, secrets: &secrets, wire: &*wire, site_url: &self.site.config.url, now: (self.clock)() };
        match channel::send(&speaker, &message) {
            Err(NotSent::Later { wait: Some(wait), .. }) if wait <= PAUSE_MAX => {
                thread::sleep(wait.try_into().unwrap_or_default());
                channel::send(&Speaker { now: (self.clock)(), ..speaker }, &message)
            }
            ended => ended,
        }
    }
}

fn failed(why: &RecordError) -> Outcome {
    Outcome::Failed(format!("{}: {}", why.doing, why.error))
}

enum Claim {
    /// With what was known before.
    Ours(Deliveries),
    Elsewhere,
}

/// The values of a channel's secrets, each a line of text.
///
/// # Errors
///
/// Which one cannot be had, and why.
pub fn secrets(root: &Path, channel: &Channel) -> Result<BTreeMap<String, String>, String> {
    let mut values = BTreeMap::new();
    for (name, secret) in &channel.secrets {
        let value = net::secret(root, secret).map_err(|why| format!("its {}: {why}", name.replace('_', " ")))?;
        if value.chars().any(char::is_control) {
            return Err(format!("its {} is more than one line of text", name.replace('_', " ")));
        }
        values.insert(name.clone(), value);
    }
    Ok(values)
}

/// What was sent to this channel of the same thread, oldest first.
pub fn thread(known: &Deliveries, channel: &Channel, start: &str, key: &str) -> Thread {
    let mut earlier: Vec<(&Delivery, &String)> = known
        .beginning_with(start)
        .filter(|(news, _)| *news != key)
        .filter_map(|(news, by_channel)| Some((by_channel.get(&channel.id)?, news)))
        .filter(|(delivery, _)| delivery.state == DeliveryState::Sent)
        .collect();
    earlier.sort_by_key(|(delivery, news)| (delivery.at, *news));
    let remotes: Vec<String> = earlier.iter().filter_map(|(delivery, _)| delivery.remote.clone()).collect();
    Thread { id: start.to_owned(), first: remotes.first().cloned(), last: remotes.last().cloned(), earlier: remotes }
}

/// Writes down what the plan says without anything being sent: that nobody knows, that it is too late.
///
/// # Errors
///
/// As the system says.
pub fn note(sender: Sender<'_>, keys: &[(String, Slug)], state: DeliveryState, why: &str) -> Result<(), RecordError> {
    let at = (sender.clock)();
    let line = |(key, channel): &(String, Slug)| Line {
        why: Some(why.to_owned()),
        by: Some(sender.turn.by()),
        ..Line::new(at, key, channel, state)
    };
    let lines: Vec<Line> = keys.iter().map(line).collect();
    if lines.is_empty() { Ok(()) } else { sender.recorder()?.deliver(&lines) }
}
