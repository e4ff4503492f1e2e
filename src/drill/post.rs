//! What a person says in a drill, as files in the copy; and, where readers are to see the drill, marked in the real site.

use std::io;
use std::path::Path;

use jiff::ZonedDateTime;

use crate::edit::{self, Change, NewIncident, NextUpdate, Place, heading, new_incident};
use crate::model::{Config, Incident, IncidentStatus, Kind, Site, Slug, Stage};

/// Words with their stage.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Words {
    pub status: Option<IncidentStatus>,
    pub text: String,
}

impl Words {
    /// `monitoring: It works for most.`; without a stage before it, it stays as it is.
    pub fn read(line: &str) -> Words {
        let stages = IncidentStatus::ALL.into_iter();
        let said = line.split_once(':').and_then(|(word, text)| {
            let status = stages.clone().find(|status| status.word() == word.trim().to_lowercase())?;
            Some((Some(status), text))
        });
        let (status, text) = said.unwrap_or((None, line));
        Words { status, text: text.trim().to_owned() }
    }
}

/// Posts them: the first words make an incident that covers the notice, further ones are updates to it. Answers the stage.
///
/// # Errors
///
/// As the system says.
pub fn post(root: &Path, site: &Site, words: &Words, now: &ZonedDateTime) -> io::Result<(Slug, IncidentStatus)> {
    let posted = site.incidents.iter().find(|incident| incident.kind == Kind::Incident);
    match posted {
        None => first(root, site, words, now),
        Some(incident) => update(root, site, incident, words, now),
    }
}

/// By when the next word is promised, where one is.
fn next(config: &Config, status: IncidentStatus, now: &ZonedDateTime) -> Option<ZonedDateTime> {
    let after = config.promise.next_update.filter(|_| status != IncidentStatus::Resolved)?;
    now.checked_add(after).ok()
}

/// As front matter has it.
fn written(at: &ZonedDateTime) -> String {
    at.strftime("%Y-%m-%dT%H:%M:00%:z").to_string()
}

fn first(root: &Path, site: &Site, words: &Words, now: &ZonedDateTime) -> io::Result<(Slug, IncidentStatus)> {
    let status = words.status.unwrap_or(IncidentStatus::Investigating);
    let notice = site.incidents.iter().find(|incident| incident.kind == Kind::Notice);
    let missing = || io::Error::new(io::ErrorKind::NotFound, "there is no notice to write about");
    let notice = notice.ok_or_else(missing)?;
    let next = next(&site.config, status, now);
    let slug = Slug::from_text(&format!("{}-drill", now.date())).ok_or_else(missing)?;
    let text = new_incident(&NewIncident {
        title: &notice.title,
        components: &notice.components,
        impact: Some(notice.impact),
        covers: std::slice::from_ref(&notice.slug),
        started: notice.started.map(|at| written(&at.to_zoned_datetime(now.time_zone().clone()))),
        next_update: next.as_ref().map(written),
        heading: &heading(Stage::Incident(status), now, &[], next.as_ref()),
        words: &words.text,
        ..NewIncident::default()
    });
    edit::file::create(root, &format!("incidents/{slug}.md"), text.as_bytes())?;
    Ok((slug, status))
}

fn update(
    root: &Path,
    site: &Site,
    incident: &Incident,
    words: &Words,
    now: &ZonedDateTime,
) -> io::Result<(Slug, IncidentStatus)> {
    let before = incident.updates.last().and_then(|update| match update.stage {
        Stage::Incident(status) => Some(status),
        Stage::Maintenance(_) | Stage::Note => None,
    });
    let status = words.status.or(before).unwrap_or(IncidentStatus::Investigating);
    let next = next(&site.config, status, now);
    let promised = next.as_ref().map(written);
    let change = Change {
        first_heading: None,
        place: Place::Last,
        heading: &heading(Stage::Incident(status), now, &[], next.as_ref()),
        words: &words.text,
        next_update: promised.as_deref().map_or(NextUpdate::Remove, NextUpdate::Set),
    };
    let bytes = edit::file::read(root, &incident.source)?;
    let changed = edit::apply(&bytes, &change).ok_or_else(|| io::Error::other("the file is no text"))?;
    edit::file::replace(root, &incident.source, &changed.bytes)?;
    Ok((incident.slug.clone(), status))
}

/// What readers of the real page are told before everything else.
pub const PUBLIC: &str = "This is a drill. Nothing is wrong.";

/// Adds words to the announcement of a drill in the real site, and makes it where it is not there. Answers its path.
///
/// # Errors
///
/// As the system says.
pub fn tell_public(root: &Path, name: &str, words: &str, now: &ZonedDateTime) -> io::Result<String> {
    let stamp = now.strftime("%Y-%m-%d-drill-%H%M").to_string();
    let path = format!("incidents/{stamp}.md");
    let text = new_incident(&NewIncident {
        title: &format!("Drill: {name}"),
        kind: Some("info"),
        heading: "",
        words: &format!("{PUBLIC} {words}"),
        ..NewIncident::default()
    });
    if !edit::file::create(root, &path, text.as_bytes())? {
        add_public(root, &path, words)?;
    }
    Ok(path)
}

/// Adds words to it.
///
/// # Errors
///
/// As the system says.
pub fn add_public(root: &Path, path: &str, words: &str) -> io::Result<()> {
    let bytes = edit::file::read(root, path)?;
    let change = Change { first_heading: None, place: Place::Last, heading: "", words, next_update: NextUpdate::Keep };
    let changed = edit::apply(&bytes, &change).ok_or_else(|| io::Error::other("the file is no text"))?;
    edit::file::replace(root, path, &changed.bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stage_may_stand_before_the_words() {
        for (line, status, text) in [
            ("We look into it.", None, "We look into it."),
            ("Monitoring: it works", Some(IncidentStatus::Monitoring), "it works"),
            ("resolved :  All good: really", Some(IncidentStatus::Resolved), "All good: really"),
            ("Note: this is no stage", None, "Note: this is no stage"),
        ] {
            assert_eq!(Words::read(line), Words { status, text: text.to_owned() }, "{line}");
        }
    }
}
