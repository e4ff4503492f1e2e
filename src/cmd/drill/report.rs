//! What `upfront drill` says in the end: a table against the promises, or JSON.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use crate::drill::score::{Heard, Hearing, Missed, Score};
use crate::model::{Config, Slug};

/// How it went.
pub(super) struct Report<'a> {
    pub config: &'a Config,
    pub score: &'a Score,
    pub heard: &'a [Heard],
    pub is_stopped: bool,
}

/// What became of a message, in a word or two.
pub(super) fn how(how: &Hearing) -> String {
    match how {
        Hearing::Nothing(why) => format!("is not told ({why})"),
        Hearing::Sent => "is told".to_owned(),
        Hearing::Shown => "would be told".to_owned(),
        Hearing::Failed(why) => format!("could not be told ({why})"),
    }
}

impl Report<'_> {
    pub fn human(&self) -> String {
        let score = self.score;
        let (from, until) = score.failed;
        let since = |from: Timestamp, at: Option<Timestamp>| at.map(|at| at.duration_since(from));
        let not = if self.is_stopped { "not yet" } else { "never" };
        let took = |length: Option<SignedDuration>| length.map_or(not.to_owned(), length_text);
        let promised = |length: Option<SignedDuration>| length.map_or("-".to_owned(), length_text);
        let missed = score.missed();
        let verdict = |one: Missed, promise: Option<SignedDuration>| match promise {
            None => "",
            Some(_) if one == Missed::Update && score.updates.of == 0 => "",
            Some(_) if missed.contains(&one) => "missed",
            // It was stopped before anybody had to write.
            Some(_) if one == Missed::FirstWord && score.first_word.is_none() => "",
            Some(_) => "kept",
        };
        let mut text = String::new();
        let failed = if score.ended < until { "were to fail" } else { "failed" };
        let _ = writeln!(text, "\nThe checks {failed} from {} to {}.\n", self.clock(from), self.clock(until));
        let mut row = |what: &str, took: &str, promised: &str, verdict: &str| {
            let line = format!("{what:<22}{took:<14}{promised:<14}{verdict}");
            let _ = writeln!(text, "{}", line.trim_end());
        };
        row("", "took", "promised", "");
        row("detected", &took(since(from, score.detected)), "", "");
        row("notice on the page", &took(since(from, score.notice)), "", "");
        let first = score.first_word.and(score.first_after);
        row(
            "first word",
            &took(first),
            &promised(score.first_promised),
            verdict(Missed::FirstWord, score.first_promised),
        );
        let updates = format!("{} of {}", score.updates.of - score.updates.n.min(score.updates.of), score.updates.of);
        row("updates on time", &updates, &promised(score.next_promised), verdict(Missed::Update, score.next_promised));
        row("longest silence", &score.longest_silence.map_or("-".to_owned(), length_text), "", "");
        row("end told after", &took(since(until, score.resolved)), "", "");
        text.push('\n');
        for (channel, all) in self.channels() {
            let times: Vec<String> = all.iter().map(|one| self.clock(one.at)).collect();
            let how = match all.first().map(|one| &one.how) {
                Some(Hearing::Nothing(_)) => "not told",
                Some(Hearing::Sent) => "told",
                Some(Hearing::Shown) => "would be told",
                Some(Hearing::Failed(_)) => "failed",
                None => "",
            };
            let _ = writeln!(text, "{:<22}{how} {}", channel.as_str(), times.join(", "));
        }
        if self.heard.is_empty() {
            text += "No channel would have heard of it.\n";
        }
        if self.is_stopped {
            text += "\nIt was stopped before its end.\n";
        }
        text
    }

    pub fn json(&self) -> Value {
        let score = self.score;
        let s = |length: Option<SignedDuration>| length.map(|length| length.as_secs());
        let at = |at: Option<Timestamp>| at.map(|at| at.to_string());
        let missed = score.missed();
        let missed: Vec<&str> = missed
            .iter()
            .map(|one| match one {
                Missed::FirstWord => "first_word",
                Missed::Update => "update",
            })
            .collect();
        let heard = |one: &Heard| {
            let (how, why) = match &one.how {
                Hearing::Nothing(why) => ("nothing", Some(why)),
                Hearing::Sent => ("sent", None),
                Hearing::Shown => ("shown", None),
                Hearing::Failed(why) => ("failed", Some(why)),
            };
            json!({"at": one.at.to_string(), "channel": one.channel.as_str(), "subject": one.subject, "how": how, "why": why})
        };
        json!({
            "version": 1,
            "stopped": self.is_stopped,
            "failed_from": score.failed.0.to_string(),
            "failed_until": score.failed.1.to_string(),
            "detected": at(score.detected),
            "notice": at(score.notice),
            "first_word": at(score.first_word),
            "first_word_after_s": s(score.first_word.and(score.first_after)),
            "first_word_promised_s": s(score.first_promised),
            "updates_due": score.updates.of,
            "updates_late": score.updates.n,
            "next_update_promised_s": s(score.next_promised),
            "longest_silence_s": s(score.longest_silence),
            "resolved": at(score.resolved),
            "missed": missed,
            "messages": self.heard.iter().map(heard).collect::<Vec<_>>(),
        })
    }

    fn channels(&self) -> BTreeMap<&Slug, Vec<&Heard>> {
        let mut by_channel: BTreeMap<&Slug, Vec<&Heard>> = BTreeMap::new();
        for one in self.heard {
            by_channel.entry(&one.channel).or_default().push(one);
        }
        by_channel
    }

    fn clock(&self, at: Timestamp) -> String {
        at.to_zoned_datetime(self.config.zone.tz.clone()).strftime("%H:%M").to_string()
    }
}

/// `4 min`, `4 min 30 s`, `1 h 5 min`
fn length_text(length: SignedDuration) -> String {
    let seconds = length.as_secs().max(0);
    let parts = [(seconds / 3600, "h"), (seconds % 3600 / 60, "min"), (seconds % 60, "s")];
    let said: Vec<String> = parts.iter().filter(|(n, _)| *n > 0).map(|(n, unit)| format!("{n} {unit}")).collect();
    if said.is_empty() { "0 min".to_owned() } else { said.join(" ") }
}
