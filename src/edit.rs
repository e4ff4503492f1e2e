//! Changes to the writer's own files, which keep every other byte.
//!
//! The files are plain Markdown that people edit by hand, in editors of every kind. So a change here is an insertion
//! or the replacement of one value, never "read, change, print again": line endings, byte order mark, a missing last
//! newline, comments, quotes and the order of keys stay as they are. Everything in this room but [`mod@file`] and
//! [`write_draft`] is a pure function from text to text.
//!
//! Not here: what an incident file *means*. That is [`crate::load`]'s alone; it tells in which line an update stands,
//! and this room works with that line.

mod compose;
mod draft;
pub mod file;
mod front_matter;
mod report;
mod text;
mod update;

pub use compose::{NewIncident, heading, new_incident, stage_title, toml_string};
pub use draft::{draft, write_draft};
pub use front_matter::{Unreadable, body_start, remove_key, set_key};
pub use report::{Event, NewReport, new_report};
pub use text::Text;
pub use update::{Place, add_heading, add_update, has_conflict_markers, is_heading};

/// What an update changes in a file.
#[derive(Clone, Copy, Debug)]
pub struct Change<'a> {
    /// A heading for the words that stand in the file so far, where they have none: with a second update in the file,
    /// they would otherwise no longer be one.
    pub first_heading: Option<&'a str>,
    pub place: Place,
    /// Without `## `; empty for words that simply go on.
    pub heading: &'a str,
    pub words: &'a str,
    pub next_update: NextUpdate<'a>,
}

/// What becomes of the key `next_update`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NextUpdate<'a> {
    Keep,
    /// An RFC 3339 date and time with offset, which TOML and YAML both know without quotes.
    Set(&'a str),
    Remove,
}

/// A file after a change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Changed {
    pub bytes: Vec<u8>,
    /// The front matter could not be read, so that it was left alone; the update stands in the file all the same.
    pub front_matter_left: bool,
}

/// Makes a change. `None` where the file is no text that could be given back byte for byte.
pub fn apply(bytes: &[u8], change: &Change<'_>) -> Option<Changed> {
    let file = Text::decode(bytes)?;
    let (heading, words) = (file.insertable(change.heading), file.insertable(change.words));
    // From the end to the beginning, so that the line in `place` is still where `load` saw it.
    let mut text = add_update(file.as_str(), change.place, &heading, &words);
    if let Some(first) = change.first_heading {
        text = add_heading(&text, &file.insertable(first));
    }
    let edited = match change.next_update {
        NextUpdate::Keep => Ok(text.clone()),
        NextUpdate::Set(value) => set_key(&text, "next_update", value),
        NextUpdate::Remove => remove_key(&text, "next_update"),
    };
    let front_matter_left = edited.is_err();
    Some(Changed { bytes: file.encode(&edited.unwrap_or(text)), front_matter_left })
}

#[cfg(test)]
mod tests;
