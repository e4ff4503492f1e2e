//! What `upfront publish` says in the end: a line a place for people, or JSON.

use std::fmt::Write as _;

use serde_json::{Value, json};

use crate::model::SiteUrl;
use crate::publish::Sent;

/// What came of publishing.
#[derive(Debug, Default)]
pub(in crate::cmd) struct Report {
    pub placed: Vec<Placed>,
    /// How many updates and reports were seen live for the first time.
    pub receipts: usize,
    /// Whether nothing was sent.
    pub rehearsed: bool,
}

/// What came of one place.
#[derive(Debug, Default)]
pub(in crate::cmd) struct Placed {
    pub name: String,
    pub url: Option<SiteUrl>,
    /// `None` where others sent it, or it failed.
    pub sent: Option<Sent>,
    pub failed: Option<String>,
    /// `None` where nobody looked.
    pub served: Option<Served>,
}

/// What readers get there.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::cmd) enum Served {
    New,
    Not(String),
}

impl Placed {
    pub fn failed(name: String, why: String) -> Placed {
        Placed { name, failed: Some(why), ..Placed::default() }
    }

    pub fn is_fine(&self) -> bool {
        self.failed.is_none() && !matches!(self.served, Some(Served::Not(_)))
    }

    /// Why readers there do not have the new build.
    pub fn trouble(&self) -> Option<&str> {
        match &self.served {
            Some(Served::Not(why)) => Some(why),
            Some(Served::New) | None => self.failed.as_deref(),
        }
    }
}

impl Report {
    /// Places of the config that cannot be used.
    pub fn leave_out(&mut self, names: &[String]) {
        let failed = |name: &String| Placed::failed(name.clone(), "the config has a mistake in it".to_owned());
        self.placed.extend(names.iter().map(failed));
    }

    pub fn is_fine(&self) -> bool {
        self.placed.iter().all(Placed::is_fine)
    }

    /// ```text
    /// web        12 new, 3 changed, 1 removed; served at https://status.example
    /// mirror     failed: it took longer than 5 min and was stopped
    /// ```
    pub fn human(&self) -> String {
        let width = self.placed.iter().map(|placed| placed.name.len()).max().unwrap_or_default().max(8);
        let mut text = String::new();
        for placed in &self.placed {
            let _ = writeln!(text, "{:<width$}  {}", placed.name, self.told(placed));
        }
        match self.receipts {
            0 => {}
            1 => text += "1 update was seen live for the first time, and written down\n",
            n => _ = writeln!(text, "{n} updates were seen live for the first time, and written down"),
        }
        text
    }

    /// What was sent and is served, on one line.
    pub fn happened(&self) -> Option<String> {
        let sent = |placed: &Placed| {
            placed.sent.is_some_and(|sent| !sent.is_known || sent != Sent { is_known: true, ..Sent::default() })
        };
        let places: Vec<String> = self
            .placed
            .iter()
            .filter(|placed| sent(placed))
            .map(|placed| format!("{}: {}", placed.name, self.told(placed)))
            .collect();
        (!places.is_empty()).then(|| places.join("; "))
    }

    fn told(&self, placed: &Placed) -> String {
        if let Some(why) = &placed.failed {
            return format!("failed: {why}");
        }
        let sent = match placed.sent {
            Some(Sent { is_known: false, .. }) if self.rehearsed => "its command would be run".to_owned(),
            Some(sent) if self.rehearsed => format!("would be sent: {}", counts(sent)),
            Some(sent) => counts(sent),
            None => "sent by others".to_owned(),
        };
        match (&placed.served, &placed.url) {
            (Some(Served::Not(why)), _) => format!("{sent}; but {why}"),
            (Some(Served::New), Some(url)) => format!("{sent}; served at {url}"),
            (Some(Served::New) | None, _) => sent,
        }
    }

    pub fn json(&self) -> Value {
        let one = |placed: &Placed| {
            let sent = placed.sent.unwrap_or_default();
            json!({
                "id": placed.name,
                "url": placed.url.as_ref().map(|url| url.as_str()),
                "fine": placed.is_fine(),
                "new": sent.new, "changed": sent.changed, "removed": sent.removed,
                "served": placed.served.as_ref().map(|served| *served == Served::New),
                "error": placed.trouble(),
            })
        };
        json!({
            "version": 1,
            "dry_run": self.rehearsed,
            "targets": self.placed.iter().map(one).collect::<Vec<_>>(),
            "receipts": self.receipts,
        })
    }
}

fn counts(sent: Sent) -> String {
    let counts: Vec<String> = [(sent.new, "new"), (sent.changed, "changed"), (sent.removed, "removed")]
        .into_iter()
        .filter(|&(n, _)| n > 0)
        .map(|(n, what)| format!("{n} {what}"))
        .collect();
    match (sent.is_known, counts.is_empty()) {
        (false, _) => "done".to_owned(),
        (true, true) => "nothing changed".to_owned(),
        (true, false) => counts.join(", "),
    }
}
