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
            heading(first.stage, &at.to_zoned_datetime(zone.clone()), &first.states, None)
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

#[cfg(test)]
mod tests {
    use snapbox::{assert_data_eq, str};

    use super::*;
    use crate::model::{Kind, Markdown};
    use crate::render::fixture::{fixture, slug};

    fn notice() -> Option<Incident> {
        let mut notice = fixture().site.incidents.into_iter().next()?;
        notice.slug = slug("2022-03-29-0920-imap");
        notice.kind = Kind::Notice;
        notice.title = "IMAP: our checks fail".to_owned();
        let first = notice.updates.first_mut()?;
        first.body = Markdown::new("Our checks fail since 11:17 CEST.");
        Some(notice)
    }

    #[test]
    fn a_draft_says_what_the_notice_would_and_that_it_is_about_it() {
        let zone = TimeZone::get("Europe/Oslo").unwrap_or(TimeZone::UTC);
        let text = notice().map(|notice| draft(&notice, &zone)).unwrap_or_default();
        assert_data_eq!(
            text,
            str![[r#"
+++
title = "IMAP: our checks fail"
components = ["imap", "pop"]
covers = ["2022-03-29-0920-imap"]
impact = "major"
+++

## Investigating · 2022-03-29 11:20
Our checks fail since 11:17 CEST.

"#]]
        );
    }

    #[test]
    fn what_a_person_made_of_it_is_not_written_over() -> io::Result<()> {
        let folder = tempfile::tempdir()?;
        let notice = notice().ok_or(io::ErrorKind::NotFound)?;
        let write = || write_draft(folder.path(), &notice, &TimeZone::UTC);
        assert_eq!(write()?.as_deref(), Some("incidents/drafts/2022-03-29-0920-imap.md"));
        std::fs::write(folder.path().join("incidents/drafts/2022-03-29-0920-imap.md"), "mine")?;
        assert_eq!(write()?, None);
        assert_eq!(std::fs::read(folder.path().join("incidents/drafts/2022-03-29-0920-imap.md"))?, b"mine");
        Ok(())
    }
}
