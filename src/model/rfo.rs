//! The report afterwards (reason for outage), and what it promises.

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};

use super::{Edit, Evidence, Markdown, PostedAt, Slug};

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
    /// When the impact began and ended, and how long it lasted, where the report says so itself.
    pub started: Option<Timestamp>,
    pub ended: Option<Timestamp>,
    pub duration: Option<SignedDuration>,
    pub authors: Vec<String>,
    pub follow_ups: Vec<FollowUp>,
    pub body: Markdown,
    pub evidence: Evidence,
    /// Changes of its text after it was published, oldest first.
    pub edits: Vec<Edit>,
}

/// A promise in a report.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct FollowUp {
    /// What will be done (inline Markdown).
    pub what: Markdown,
    pub due: Option<Date>,
    /// The day it was done; `None` while it is open.
    pub done: Option<Date>,
    /// Why it will not be done any more.
    pub dropped: Option<String>,
    /// The team that does it: "Network".
    pub owner: Option<String>,
    /// The days that were promised before `due`, oldest first, each with the time of the commit that brought it. Known from git.
    pub due_before: Vec<(Date, Timestamp)>,
    /// An `http`, `https` or relative link to the evidence.
    pub link: Option<String>,
}
