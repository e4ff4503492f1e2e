//! What was sent where: `history/deliveries.ndjson`, a line for each step of a delivery.
//!
//! ```json
//! {"v":1,"at":"2026-03-24T11:53:20Z","news":"incidents/2026-03-24-imap/#u-20260324-1053-investigating","channel":"mail","state":"claimed","by":"5f1c"}
//! {"v":1,"at":"2026-03-24T11:53:21Z","news":"incidents/2026-03-24-imap/#u-20260324-1053-investigating","channel":"mail","state":"sent","by":"5f1c"}
//! ```
//!
//! A delivery is claimed before it is sent, so that nobody else sends it, and whoever finds a claim without an answer knows
//! that it may have arrived. Alarms for staff are private: their lines stand in `history/log/alarms.ndjson`, which git
//! does not keep. The lines say the same in any order and with any repetition: of one delivery *sent* counts before
//! all else, then the latest line.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::{Bad, lines, read};
use crate::diag::{Diagnostic, Loaded};
use crate::model::{Deliveries, Delivery, DeliveryState, Slug};

/// Of news.
pub(crate) const PATH: &str = "history/deliveries.ndjson";

/// Of alarms.
pub(crate) const ALARMS_PATH: &str = "history/log/alarms.ndjson";

/// The longest file: a quarter of a million lines.
const BYTES_MAX: u64 = 64 << 20;

/// How far ahead of ours another machine's clock may be.
const AHEAD_MAX: SignedDuration = SignedDuration::from_mins(10);

/// The only version there is so far.
const VERSION: u32 = 1;

/// A line.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) struct Line {
    pub v: u32,
    pub at: Timestamp,
    pub news: String,
    pub channel: String,
    pub state: String,
    /// Which run wrote it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub remote: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
}

impl Line {
    pub fn new(at: Timestamp, news: &str, channel: &Slug, state: DeliveryState) -> Line {
        let (news, channel, state) = (news.to_owned(), channel.to_string(), state.word().to_owned());
        Line { v: VERSION, at, news, channel, state, by: None, remote: None, link: None, why: None }
    }

    /// Whether it says that it arrived.
    pub fn is_sent(&self) -> bool {
        self.state == DeliveryState::Sent.word()
    }

    /// Whether it is about that news in that channel.
    pub fn is_of(&self, news: &str, channel: &Slug) -> bool {
        self.news == news && self.channel == channel.as_str()
    }

    /// With its line feed.
    pub fn text(&self) -> String {
        serde_json::to_string(self).unwrap_or_default() + "\n"
    }
}

/// What became of each delivery, of news and of alarms.
pub(crate) fn read_deliveries(root: &Path) -> Loaded<Deliveries> {
    read_deliveries_at(root, Timestamp::MAX)
}

/// The same where it is known how late it is: a line from far ahead was written by a clock that was wrong, and says less
/// than every other one, unless it says that it arrived.
pub(crate) fn read_deliveries_at(root: &Path, now: Timestamp) -> Loaded<Deliveries> {
    let mut all: Loaded<Vec<Line>> = Loaded { value: Vec::new(), diagnostics: Vec::new() };
    for path in [PATH, ALARMS_PATH] {
        match read(root, path, BYTES_MAX) {
            Ok(bytes) => take(parse(path, &bytes), &mut all),
            Err(told) => all.diagnostics.extend(told),
        }
    }
    Loaded { value: fold(all.value, now), diagnostics: all.diagnostics }
}

/// Whether it can be known at all what was sent.
///
/// # Errors
///
/// Why not: then nothing may be sent, for it may have been before.
pub(crate) fn readable(root: &Path) -> Result<(), String> {
    match read(root, PATH, BYTES_MAX) {
        Ok(_) | Err(None) => Ok(()),
        Err(Some(told)) => Err(told.message),
    }
}

/// What says that news was sent, or that somebody is sending it who has not failed: lines of the file.
pub(crate) fn claims(root: &Path) -> Vec<Line> {
    let bytes = read(root, PATH, BYTES_MAX).unwrap_or_default();
    let lines = parse(PATH, &bytes).value;
    let is_answer = |claim: &Line, line: &Line| {
        line.news == claim.news
            && line.channel == claim.channel
            && line.by == claim.by
            && line.at >= claim.at
            && state(line) == Some(DeliveryState::Failed)
    };
    let holds = |line: &&Line| match state(line) {
        Some(DeliveryState::Sent) => true,
        Some(DeliveryState::Claimed) => !lines.iter().any(|answer| is_answer(line, answer)),
        Some(DeliveryState::Failed | DeliveryState::Unsure | DeliveryState::GivenUp) | None => false,
    };
    lines.iter().filter(holds).cloned().collect()
}

fn take(loaded: Loaded<Vec<Line>>, all: &mut Loaded<Vec<Line>>) {
    all.value.extend(loaded.value);
    all.diagnostics.extend(loaded.diagnostics);
}

/// The lines of one file; what cannot be used is told.
pub(crate) fn parse(path: &str, bytes: &[u8]) -> Loaded<Vec<Line>> {
    let mut bad = Bad::new(path);
    let mut found = Vec::new();
    for (number, line) in lines(bytes) {
        match serde_json::from_slice::<Line>(line) {
            Ok(line) if line.v == VERSION && Slug::new(&line.channel).is_some() && state(&line).is_some() => {
                found.push(line);
            }
            Ok(read) if read.v != VERSION => {
                bad.tell(number, line, format!("this is of version {}, which a newer program wrote", read.v));
            }
            Ok(_) | Err(_) => bad.tell(number, line, "this is no delivery".to_owned()),
        }
    }
    let diagnostics: Vec<Diagnostic> = bad.finish();
    Loaded { value: found, diagnostics }
}

fn state(line: &Line) -> Option<DeliveryState> {
    DeliveryState::ALL.into_iter().find(|state| state.word() == line.state)
}

/// Whether it can be put behind a link of the page: channels answer what they like, and the file is anybody's to write.
pub(crate) fn is_link(text: &str) -> bool {
    let is_web = text.starts_with("https://") || text.starts_with("http://");
    is_web && text.bytes().all(|b| b.is_ascii_graphic() && !b"\"<>\\^`{|}".contains(&b))
}

/// What the lines say together, as far as it can be known `now`.
pub(crate) fn fold(lines: Vec<Line>, now: Timestamp) -> Deliveries {
    let lines: BTreeSet<Line> = lines.into_iter().collect();
    let until = now.saturating_add(AHEAD_MAX).unwrap_or(Timestamp::MAX);
    let (ahead, lines): (Vec<Line>, Vec<Line>) = lines.into_iter().partition(|line| line.at > until && !line.is_sent());
    let mut deliveries: BTreeMap<String, BTreeMap<Slug, Delivery>> = BTreeMap::new();
    // By time, so that the later one goes before; what was sent stays sent.
    for line in ahead.into_iter().chain(lines) {
        let (Some(channel), Some(state)) = (Slug::new(&line.channel), state(&line)) else { continue };
        let known = deliveries.entry(line.news).or_default().entry(channel);
        let known = known.or_insert_with(|| Delivery {
            state,
            at: line.at,
            tries: 0,
            by: None,
            remote: None,
            link: None,
            why: None,
        });
        if state == DeliveryState::Claimed {
            known.tries = known.tries.saturating_add(1);
        }
        if known.state == DeliveryState::Sent && state != DeliveryState::Sent {
            continue;
        }
        let first_claim = known.state == DeliveryState::Claimed && state == DeliveryState::Claimed;
        let is_ahead = known.at > until && line.at <= until;
        if first_claim && known.by.is_some() && !is_ahead {
            // The earlier claim holds.
            continue;
        }
        if known.state == DeliveryState::Sent && known.at < line.at {
            continue;
        }
        *known = Delivery {
            state,
            at: line.at,
            tries: known.tries,
            by: (state == DeliveryState::Claimed).then_some(line.by).flatten(),
            remote: line.remote.or(known.remote.take()),
            link: line.link.filter(|link| is_link(link)).or(known.link.take()),
            why: line.why,
        };
    }
    Deliveries(deliveries)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(at: &str, state: DeliveryState, by: &str) -> Line {
        let at = format!("2026-03-24T10:{at}Z").parse().unwrap_or(Timestamp::MIN);
        let Some(channel) = Slug::new("mail") else { unreachable!("it is one") };
        Line { by: Some(by.to_owned()), ..Line::new(at, "incidents/x/#u-1", &channel, state) }
    }

    #[test]
    fn only_links_of_the_web_are_taken() {
        for (link, is_taken) in [
            ("https://social.example/@status/1", true),
            ("http://127.0.0.1:8065/1", true),
            ("javascript:alert(1)", false),
            ("data:text/html,x", false),
            ("//evil.example", false),
            ("https://a.example/\" onclick=", false),
        ] {
            let sent = Line { link: Some(link.to_owned()), ..line("00:00", DeliveryState::Sent, "a") };
            let deliveries = fold(vec![sent], Timestamp::MAX);
            let known = deliveries.0.values().flat_map(BTreeMap::values).find_map(|one| one.link.clone());
            assert_eq!(known.is_some(), is_taken, "{link}");
        }
    }

    fn told(lines: &[Line]) -> String {
        told_at("2026-03-24T11:00:00Z", lines)
    }

    fn told_at(now: &str, lines: &[Line]) -> String {
        let now = now.parse().unwrap_or(Timestamp::MIN);
        let mut said: Vec<String> = Vec::new();
        // Every rotation of the lines, each twice.
        for turn in 0..lines.len() {
            let mut lines = lines.to_vec();
            lines.rotate_left(turn);
            let lines = [lines.clone(), lines].concat();
            for by_channel in fold(lines, now).0.values() {
                for delivery in by_channel.values() {
                    let by = delivery.by.as_deref().unwrap_or("-");
                    said.push(format!("{} {} tries {} by {by}", delivery.state.word(), delivery.at, delivery.tries));
                }
            }
        }
        said.dedup();
        said.join("; ")
    }

    #[test]
    fn what_was_sent_stays_sent_and_the_earliest_claim_holds() {
        use DeliveryState::{Claimed, Failed, Sent, Unsure};
        for (lines, expected) in [
            (vec![line("53:00", Claimed, "a")], "claimed 2026-03-24T10:53:00Z tries 1 by a"),
            (
                vec![line("53:00", Claimed, "a"), line("53:01", Claimed, "b")],
                "claimed 2026-03-24T10:53:00Z tries 2 by a",
            ),
            (vec![line("53:00", Claimed, "a"), line("53:01", Sent, "a")], "sent 2026-03-24T10:53:01Z tries 1 by -"),
            (
                vec![
                    line("53:00", Claimed, "a"),
                    line("53:01", Sent, "a"),
                    line("53:02", Claimed, "b"),
                    line("53:03", Unsure, "b"),
                ],
                "sent 2026-03-24T10:53:01Z tries 2 by -",
            ),
            (
                vec![line("53:00", Claimed, "a"), line("53:01", Failed, "a"), line("54:00", Claimed, "b")],
                "claimed 2026-03-24T10:54:00Z tries 2 by b",
            ),
        ] {
            assert_eq!(told(&lines), expected);
        }
    }

    #[test]
    fn a_line_from_far_ahead_says_less_than_the_others_unless_it_arrived() {
        use DeliveryState::{Claimed, Failed, Sent};
        let tried = [line("20:00", Claimed, "a"), line("21:00", Failed, "a")];
        for (ahead, expected) in [
            (line("53:00", Claimed, "b"), "failed 2026-03-24T10:21:00Z tries 2 by -"),
            (line("53:00", Failed, "b"), "failed 2026-03-24T10:21:00Z tries 1 by -"),
            (line("53:00", Sent, "b"), "sent 2026-03-24T10:53:00Z tries 1 by -"),
            // A clock may be a little ahead.
            (line("31:00", Claimed, "b"), "claimed 2026-03-24T10:31:00Z tries 2 by b"),
        ] {
            assert_eq!(told_at("2026-03-24T10:22:00Z", &[&tried[..], &[ahead]].concat()), expected);
        }
        let claims = [line("20:00", Claimed, "a"), line("53:00", Claimed, "b")];
        assert_eq!(told_at("2026-03-24T10:22:00Z", &claims), "claimed 2026-03-24T10:20:00Z tries 2 by a");
        assert_eq!(told_at("2026-03-24T10:22:00Z", &claims[1..]), "claimed 2026-03-24T10:53:00Z tries 1 by b");
    }
}
