//! The draft of a notice, for operators who want to approve the words first: a file that a person publishes by moving it
//! out of `drafts/`.

use std::io;
use std::path::Path;

use jiff::tz::TimeZone;

use super::{NewIncident, file, heading, new_incident};
use crate::model::{Incident, PostedAt};

/// Writes `incidents/drafts/<id>.md` and returns its path; `None` where there is already something of that name. What a
/// person has changed, or taken away and put elsewhere, is never written over.
///
/// # Errors
///
/// As the system says.
pub fn write_draft(root: &Path, notice: &Incident, zone: &TimeZone) -> io::Result<Option<String>> {
    let path = format!("incidents/drafts/{}.md", notice.slug);
    let written = file::create(root, &path, draft(notice, zone).as_bytes())?;
    Ok(written.then_some(path))
}

/// The text of the file: the first word of the notice, and that it is about it.
pub fn draft(notice: &Incident, zone: &TimeZone) -> String {
    let first = notice.updates.first();
    let heading = first.map_or(String::new(), |first| match first.posted {
        PostedAt::Written(at) | PostedAt::FromGit(at) => {
            heading(first.stage, &at.to_zoned_datetime(zone.clone()), &first.states)
        }
        PostedAt::Day(_) | PostedAt::Unknown => super::stage_title(first.stage),
    });
    new_incident(&NewIncident {
        title: &notice.title,
        components: &notice.components,
        impact: Some(notice.impact),
        covers: std::slice::from_ref(&notice.slug),
        heading: &heading,
        words: first.map_or("", |first| &first.body.text),
        ..NewIncident::default()
    })
}
