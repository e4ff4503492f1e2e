//! The report afterwards (reason for outage), and what it promises.

use jiff::civil::Date;

use super::{Markdown, PostedAt, Slug};

/// A report, from `rfo.md` beside an incident's `index.md` or from a file with `rfo_for`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Rfo {
    /// Where it stands: `/rfo/<slug>/`; its incident's slug where it has one.
    pub slug: Slug,
    /// Slugs that it had before; their URLs redirect.
    pub aliases: Vec<Slug>,
    /// The file, from the site's root.
    pub source: String,
    /// The slug of the incident it explains; `None` where the file names none that exists.
    pub incident: Option<Slug>,
    pub title: String,
    pub published: PostedAt,
    /// A few words: "Password attack".
    pub cause: Option<String>,
    pub authors: Vec<String>,
    pub follow_ups: Vec<FollowUp>,
    pub body: Markdown,
}

/// A promise in a report.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct FollowUp {
    /// What will be done (inline Markdown).
    pub what: Markdown,
    pub due: Option<Date>,
    /// The day it was done; `None` while it is open.
    pub done: Option<Date>,
    /// An `http`, `https` or relative link to the evidence.
    pub link: Option<String>,
}
