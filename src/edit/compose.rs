//! The text of a new incident file, and of the heading that begins an update.

use jiff::{SignedDuration, ZonedDateTime};
use toml_edit::value;

use crate::model::{ComponentState, Impact, MaintenanceStatus, Slug, Stage};

/// What somebody said on the command line, checked. Only what was given is written.
#[derive(Clone, Debug, Default)]
pub struct NewIncident<'a> {
    pub title: &'a str,
    /// The word for `kind`; `None` for an incident, which needs none.
    pub kind: Option<&'a str>,
    pub components: &'a [Slug],
    pub impact: Option<Impact>,
    pub affected: Option<&'a str>,
    /// The notices that it is about.
    pub covers: &'a [Slug],
    /// RFC 3339, as the three below.
    pub started: Option<String>,
    pub starts: Option<String>,
    pub ends: Option<String>,
    pub next_update: Option<String>,
    /// Without `## `; empty for an announcement, which has no stages.
    pub heading: &'a str,
    pub words: &'a str,
}

/// The whole file.
pub fn new_incident(new: &NewIncident<'_>) -> String {
    let mut front = String::new();
    let mut line = |key: &str, text: &str| front.extend([key, " = ", text, "\n"]);
    line("title", &toml_string(new.title));
    if let Some(kind) = new.kind {
        line("kind", &toml_string(kind));
    }
    let mut list = |key: &str, ids: &[Slug]| {
        if !ids.is_empty() {
            let ids: Vec<String> = ids.iter().map(|id| toml_string(id.as_str())).collect();
            line(key, &format!("[{}]", ids.join(", ")));
        }
    };
    list("components", new.components);
    list("covers", new.covers);
    if let Some(impact) = new.impact {
        line("impact", &toml_string(impact.word()));
    }
    if let Some(affected) = new.affected {
        line("affected", &toml_string(affected));
    }
    let times =
        [("started", &new.started), ("starts", &new.starts), ("ends", &new.ends), ("next_update", &new.next_update)];
    for (key, at) in times {
        if let Some(at) = at {
            line(key, at);
        }
    }
    let start = format!("+++\n{front}+++\n");
    super::add_update(&start, super::Place::Last, new.heading, new.words)
}

/// A heading, without `## `: the stage, the minute in the site's zone, the states it sets, and when the next word is promised,
/// which stays on record there when the next promise takes its place in the front matter.
///
/// In the hour that a clock shows twice, the offset stands behind the time.
pub fn heading(
    stage: Stage,
    at: &ZonedDateTime,
    states: &[(Slug, ComponentState)],
    next: Option<&ZonedDateTime>,
) -> String {
    let twice = at.time_zone().to_ambiguous_zoned_datetime(at.datetime()).is_ambiguous();
    let format = if twice { "%Y-%m-%d %H:%M%:z" } else { "%Y-%m-%d %H:%M" };
    let mut heading = format!("{} · {}", stage_title(stage), at.strftime(format));
    let states = states.iter().map(|(id, state)| format!("{id}={}", state.word()));
    let next = next.map(|next| format!("next={}", next_after(next, at)));
    let attributes: Vec<String> = states.chain(next).collect();
    if !attributes.is_empty() {
        heading += &format!(" {{ {} }}", attributes.join(" "));
    }
    heading
}

/// The clock alone where it can only be the next time that it shows that.
fn next_after(next: &ZonedDateTime, at: &ZonedDateTime) -> String {
    let ahead = next.timestamp().duration_since(at.timestamp());
    let is_near = ahead.is_positive() && ahead < SignedDuration::from_hours(23) && next.offset() == at.offset();
    next.strftime(if is_near { "%H:%M" } else { "%Y-%m-%dT%H:%M%:z" }).to_string()
}

/// The word as people write it in a heading.
pub fn stage_title(stage: Stage) -> String {
    if stage == Stage::Maintenance(MaintenanceStatus::InProgress) {
        return "In progress".to_owned();
    }
    let mut letters = stage.word().chars();
    letters.next().map(|first| first.to_ascii_uppercase()).into_iter().chain(letters).collect()
}

/// Quoted and escaped; on one line.
pub fn toml_string(text: &str) -> String {
    value(text.split_whitespace().collect::<Vec<_>>().join(" ")).to_string()
}
