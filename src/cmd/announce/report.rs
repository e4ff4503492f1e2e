//! What `upfront announce` says in the end: a line a message for people, or JSON.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde_json::{Value, json};

use crate::announce::deliver::{Delivered, Outcome};
use crate::announce::news::News;
use crate::announce::plan::Plan;
use crate::model::{ChannelKind, Site, Slug};

/// What came of a run.
#[derive(Debug, Default)]
pub(in crate::cmd) struct Report {
    pub delivered: Vec<Delivered>,
    /// In a rehearsal, what would be sent.
    pub shown: Vec<Shown>,
    /// News that the page does not show yet, by its address.
    pub held_back: Vec<String>,
    /// Given up: news and channel.
    pub given_up: Vec<(String, Slug)>,
    /// Channels of the config that have a mistake.
    pub left_out: Vec<String>,
    /// How many failed ones wait until they are tried again.
    pub waiting: usize,
    /// When something is to be tried again, or somebody to be called.
    pub again_at: Option<jiff::Timestamp>,
    /// When staff are called next, if nothing changes.
    pub call_at: Option<jiff::Timestamp>,
}

/// One message as it would be sent.
#[derive(Debug)]
pub(in crate::cmd) struct Shown {
    pub channel: Slug,
    pub kind: ChannelKind,
    pub subject: String,
    /// Why it could not be sent as it is.
    pub missing: Option<String>,
    pub text: String,
}

impl Report {
    pub fn of(news: &[News], plan: &Plan, held_back: &[usize], why_unsure: &str) -> Report {
        let unsure = plan.unsure.iter().map(|(key, channel)| Delivered {
            channel: channel.clone(),
            key: key.clone(),
            subject: key.clone(),
            outcome: Outcome::Unsure(why_unsure.to_owned()),
        });
        Report {
            delivered: unsure.collect(),
            shown: Vec::new(),
            held_back: held_back.iter().filter_map(|&index| Some(news.get(index)?.key.clone())).collect(),
            given_up: plan.given_up.clone(),
            left_out: Vec::new(),
            waiting: plan.waiting,
            again_at: plan.again_at,
            call_at: None,
        }
    }

    pub fn is_fine(&self) -> bool {
        let good = |one: &Delivered| matches!(one.outcome, Outcome::Sent { .. } | Outcome::Elsewhere);
        self.delivered.iter().all(good)
            && self.held_back.is_empty()
            && self.given_up.is_empty()
            && self.waiting == 0
            && self.left_out.is_empty()
            && self.shown.iter().all(|shown| shown.missing.is_none())
    }

    pub fn human(&self, site: &Site) -> String {
        let mut text = String::new();
        let channels = self.delivered.iter().map(|one| &one.channel).chain(self.given_up.iter().map(|(_, one)| one));
        let width = channels.map(|one| one.as_str().len()).max().unwrap_or_default().max(10);
        for shown in &self.shown {
            let _ = writeln!(text, "== {} ({}): {}\n", shown.channel, shown.kind.word(), shown.subject);
            if let Some(missing) = &shown.missing {
                let _ = writeln!(text, "It could not be sent so: {missing}\n");
            }
            let _ = writeln!(text, "{}", shown.text);
        }
        for one in &self.delivered {
            let what = match &one.outcome {
                Outcome::Sent { link, note } => {
                    let link = link.as_ref().map_or(String::new(), |link| format!("  {link}"));
                    let note = note.as_ref().map_or(String::new(), |note| format!("\n    {note}"));
                    format!("sent     {}{link}{note}", one.subject)
                }
                Outcome::Failed(why) => format!("failed   {}\n    {why}; it is tried again", one.subject),
                Outcome::Unsure(why) => {
                    format!("unsure   {}\n    {why}; it is not sent again, so look whether it is there", one.subject)
                }
                Outcome::Elsewhere => format!("already  {}", one.subject),
            };
            let _ = writeln!(text, "{:<width$} {what}", one.channel.as_str());
        }
        for (key, channel) in &self.given_up {
            let _ = writeln!(
                text,
                "{:<width$} given up {key}\n    it failed until it was no news any more",
                channel.as_str()
            );
        }
        for key in &self.held_back {
            let _ = writeln!(text, "not announced: {key} is not at {} yet; run it again when it is", site.config.url);
        }
        for name in &self.left_out {
            let _ = writeln!(text, "{name:<width$} nothing is sent there: the config has a mistake in it");
        }
        text += &self.summary();
        if text.is_empty() {
            text += "Nothing new to announce.\n";
        }
        if let Some(at) = self.again_at.filter(|_| self.waiting > 0) {
            let at = at.to_zoned_datetime(site.config.zone.tz.clone());
            let _ = writeln!(text, "{} failed, tried again at {}", self.waiting, at.strftime("%H:%M %Z"));
        }
        text
    }

    /// In a rehearsal, how many messages each channel would get: what stands above may fill many screens.
    fn summary(&self) -> String {
        let mut counts: BTreeMap<&Slug, usize> = BTreeMap::new();
        for shown in &self.shown {
            *counts.entry(&shown.channel).or_default() += 1;
        }
        let width = counts.keys().map(|channel| channel.as_str().len()).max().unwrap_or_default();
        let line = |(channel, count): (&&Slug, &usize)| {
            let noun = if *count == 1 { "message" } else { "messages" };
            format!("{:<width$}  {count} {noun}\n", channel.as_str())
        };
        let lines: String = counts.iter().map(line).collect();
        if lines.is_empty() { lines } else { format!("== Nothing was sent. It would be:\n\n{lines}") }
    }

    pub fn json(&self) -> Value {
        let delivered = |one: &Delivered| {
            let (state, why, link) = match &one.outcome {
                Outcome::Sent { link, note } => ("sent", note.as_deref(), link.as_deref()),
                Outcome::Failed(why) => ("failed", Some(why.as_str()), None),
                Outcome::Unsure(why) => ("unsure", Some(why.as_str()), None),
                Outcome::Elsewhere => ("elsewhere", None, None),
            };
            json!({
                "channel": one.channel.as_str(), "news": one.key, "subject": one.subject,
                "state": state, "why": why, "link": link,
            })
        };
        let shown = |one: &Shown| {
            json!({
                "channel": one.channel.as_str(), "kind": one.kind.word(), "subject": one.subject,
                "cannot": one.missing, "text": one.text,
            })
        };
        json!({
            "version": 1,
            "deliveries": self.delivered.iter().map(delivered).collect::<Vec<_>>(),
            "would_send": self.shown.iter().map(shown).collect::<Vec<_>>(),
            "not_live": self.held_back,
            "given_up": self.given_up.iter().map(|(news, channel)| json!({"news": news, "channel": channel.as_str()})).collect::<Vec<_>>(),
            "left_out": self.left_out,
            "waiting": self.waiting,
            "again_at": self.again_at.map(|at| at.to_string()),
        })
    }
}
