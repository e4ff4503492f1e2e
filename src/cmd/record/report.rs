//! What `upfront record` says in the end: a few lines for people, or JSON.

use serde_json::{Value, json};

use super::What;
use crate::diag::Diagnostic;
use crate::model::{DayRow, Detection, Site, Slug};
use crate::record::{self, Logged, Noted, Sealed};

/// What came of a run.
#[derive(Default)]
pub(in crate::cmd) struct Report {
    pub feeds: Vec<FeedReport>,
    pub noted: Vec<Noted>,
    pub sealed: Vec<Sealed>,
    /// Paths of new drafts.
    pub drafts: Vec<String>,
    /// The monitors may say something else in a moment.
    pub undecided: bool,
}

/// What came of one feed. Neither logged nor failed: nobody asked it.
pub(in crate::cmd) struct FeedReport {
    pub feed: Slug,
    pub logged: Option<Logged>,
    /// Results of days that are closed for good.
    pub late: u64,
    pub failed: Option<String>,
}

impl Report {
    pub fn human(&self, site: &Site) -> String {
        let mut lines: Vec<String> = self.feeds.iter().map(|feed| feed.human(site)).collect();
        lines.extend(self.happened(site));
        lines.iter().map(|line| format!("{line}\n")).collect()
    }

    /// What is new, but for results: a line each.
    pub fn happened(&self, site: &Site) -> Vec<String> {
        let told = self.noted.iter().filter(|noted| noted.what != What::Corrected);
        let mut lines: Vec<String> =
            told.map(|noted| format!("{} {}{}", word(noted.what), noted.id, said_of(site, &noted.id))).collect();
        if let (Some(first), Some(last)) = (self.sealed.first(), self.sealed.last()) {
            let days = if first == last { first.day.to_string() } else { format!("{} to {}", first.day, last.day) };
            lines.push(format!("sealed {days}"));
        }
        lines.extend(self.drafts.iter().map(|path| format!("draft {path}: move it out of drafts/ to publish it")));
        lines
    }

    pub fn json(&self, site: &Site) -> Value {
        let noted = |noted: &Noted| json!({"id": noted.id.as_str(), "what": word(noted.what)});
        let sealed = |sealed: &Sealed| json!({"day": sealed.day.to_string(), "rows": sealed.rows});
        json!({
            "feeds": self.feeds.iter().map(|feed| feed.json(site)).collect::<Vec<_>>(),
            "detections": self.noted.iter().map(noted).collect::<Vec<_>>(),
            "sealed": self.sealed.iter().map(sealed).collect::<Vec<_>>(),
            "drafts": self.drafts,
            "undecided": self.undecided,
        })
    }
}

impl FeedReport {
    /// Finds out what came too late, and what to say of it.
    pub fn count_late(&mut self, days: &[DayRow]) -> Option<Diagnostic> {
        self.late = record::late(&self.feed, self.logged.as_ref()?, days);
        record::late_telling(&self.feed, self.late)
    }

    fn human(&self, site: &Site) -> String {
        let feed = &self.feed;
        match (&self.failed, &self.logged) {
            (Some(why), _) => format!("{feed}: no data, {why}"),
            (None, None) => format!("{feed}: not asked, it comes on standard input when it is named"),
            (None, Some(logged)) => {
                let results = if logged.new == 1 { "new result" } else { "new results" };
                let newest = newest(logged, site).map_or(String::new(), |newest| format!(", newest {newest}"));
                format!("{feed}: {} {results}{newest}", logged.new)
            }
        }
    }

    fn json(&self, site: &Site) -> Value {
        let logged = self.logged.as_ref();
        json!({
            "id": self.feed.as_str(),
            "asked": logged.is_some() || self.failed.is_some(),
            "new": logged.map(|logged| logged.new),
            "late": logged.map(|_| self.late),
            "newest": logged.and_then(|logged| newest_at(logged, site)).map(|at| at.timestamp().to_string()),
            "failed": self.failed,
        })
    }
}

fn word(what: What) -> &'static str {
    match what {
        What::Opened => "opened",
        What::Closed => "closed",
        What::Corrected => "corrected",
    }
}

/// Its notice's title, or why it has none.
fn said_of(site: &Site, id: &Slug) -> String {
    let Some(detection) = site.detections.iter().find(|detection| detection.id == *id) else { return String::new() };
    if let Some(notice) = site.incidents.iter().find(|incident| incident.slug == *id) {
        return format!(": {}", notice.title);
    }
    format!(": {}, {}", components(site, detection), why_silent(detection))
}

fn components(site: &Site, detection: &Detection) -> String {
    let name = |id: &Slug| site.config.component(id).map_or_else(|| id.to_string(), |component| component.name.clone());
    detection.components.iter().map(name).collect::<Vec<_>>().join(", ")
}

fn why_silent(detection: &Detection) -> String {
    use crate::model::HeldBack;

    if let Some(slug) = &detection.covered_by {
        return format!("covered by {slug}");
    }
    match &detection.held_back {
        Some(HeldBack::Maintenance(slug)) => format!("in the maintenance {slug}"),
        Some(HeldBack::Incident(slug)) => format!("evidence for {slug}"),
        Some(HeldBack::Parent(id)) => format!("part of {id}"),
        Some(HeldBack::SuspectSource(feed)) => format!("the feed {feed} itself has trouble"),
        Some(HeldBack::TooMany) => "too many of them today for a notice each".to_owned(),
        Some(HeldBack::Draft) => "waits for a person's words".to_owned(),
        Some(HeldBack::Off) => "notices are off".to_owned(),
        None => "not published".to_owned(),
    }
}

/// In the site's zone.
fn newest_at(logged: &Logged, site: &Site) -> Option<jiff::ZonedDateTime> {
    let at = jiff::Timestamp::from_millisecond(logged.newest_ms?).ok()?;
    Some(at.to_zoned_datetime(site.config.zone.tz.clone()))
}

fn newest(logged: &Logged, site: &Site) -> Option<String> {
    newest_at(logged, site).map(|at| format!("{:02}:{:02}", at.hour(), at.minute()))
}
