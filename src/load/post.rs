//! One incident or report file → what could be read of it, and what its writer should hear.
//!
//! The format is that of `docs/writing.md`: optional front matter (TOML between `+++`, YAML between `---`), then
//! CommonMark in which second-level headings that begin with a status word start an update. The writer is on call at
//! 3 in the morning, perhaps with a phone: a mistake is told with its place and its cure, and never costs the post.
//!
//! The way of a file through this room:
//!
//! 1. [`text`]: bytes become text; what is no text is held back.
//! 2. [`front_matter`]: the block is found and read into [`value`]s, strictly if possible, else line by line.
//! 3. [`heading`]: the headings at the top level of the Markdown; [`status`]: which of them start an update.
//! 4. [`time`]: what the headings say about when.
//! 5. [`incident`] and [`rfo`]: keys and headings become the model's types.
//!
//! Nothing here reads a file, a clock or git. No bytes make it panic, and all of it is linear in the size of the file.

mod components;
mod front_matter;
mod heading;
mod incident;
mod keys;
mod name;
mod raw_html;
mod rfo;
mod states;
mod status;
mod summary;
mod teller;
#[cfg(test)]
mod tests;
mod text;
mod time;
mod timeline;
mod value;
mod word;

use jiff::civil::Date;

use crate::diag::{Loaded, Place};
use crate::model::{Config, Incident, Rfo};

#[cfg(test)]
pub(super) use keys::{FOLLOW_UP_KEYS, INCIDENT_KEYS, RFO_KEYS};
#[doc(hidden)]
pub use summary::{read_incident, read_post};
pub(super) use timeline::assign_ids;

/// One file as found, before it is understood.
#[derive(Clone, Copy, Debug)]
pub(super) struct PostFile<'a> {
    /// From the site's root, with `/` between the parts.
    pub path: &'a str,
    /// The name of the file or its folder, as on disk, without `.md`.
    pub stem: &'a str,
    pub role: Role<'a>,
    pub bytes: &'a [u8],
}

/// What a file's place says that it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role<'a> {
    /// An incident, or a report if its front matter has `rfo_for`.
    Post,
    /// `rfo.md` in an incident's folder of this name.
    RfoOf(&'a str),
}

/// What it turned out to be.
#[derive(Clone, Debug)]
pub(super) enum Parsed {
    /// With its updates of which the file says no minute.
    Incident(Incident, Vec<Untimed>),
    /// A report; [`Rfo::incident`] is the slug that the file or its folder names, whether or not it exists.
    Rfo(Rfo, Option<Untimed>, Option<RfoFor>),
    /// Nothing is published: a draft, or no text. The diagnostics say why.
    HeldBack,
}

/// The incident that a report names, as its writer wrote it.
#[derive(Clone, Debug)]
pub(super) struct RfoFor {
    pub written: String,
    pub place: Place,
}

/// An update or a report for which the file says no minute: git may know it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Untimed {
    /// The update's index; 0 for a report.
    pub update: usize,
    pub day: UntimedDay,
    /// The heading's line exactly as it stands in the file; `None` for a file without status heading and for a report.
    pub heading_line: Option<String>,
}

/// What says the day of an [`Untimed`] update. A day that the writer gave in the heading or the front matter is the
/// writer's word: git may only add a minute of the same day. A file name's day is weaker.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum UntimedDay {
    Written(Date),
    FrontMatter(Date),
    FileName(Date),
    None,
}

/// Reads one file.
pub(super) fn parse(file: &PostFile, config: &Config) -> Loaded<Parsed> {
    let decoded = match text::decode(file.path, file.bytes) {
        Ok(decoded) => decoded,
        Err(held_back) => return Loaded { value: Parsed::HeldBack, diagnostics: vec![held_back] },
    };
    let mut tell = decoded.tell;
    let text = decoded.blanked.as_deref().unwrap_or_else(|| decoded.source.text());
    let (keys, body) = front_matter::read(text, &mut tell);
    let post = Post { file, config, text, body };
    let is_rfo = file.role != Role::Post || keys::names_report(&keys);
    raw_html::tell(text, body, &mut tell);
    let value = if is_rfo { rfo::read(&post, keys, &mut tell) } else { incident::read(&post, keys, &mut tell) };
    Loaded { value, diagnostics: tell.into_diagnostics() }
}

/// A file whose text is known.
#[derive(Clone, Copy, Debug)]
struct Post<'a> {
    file: &'a PostFile<'a>,
    config: &'a Config,
    /// The whole text; spans are bytes of it.
    text: &'a str,
    /// Where the Markdown begins.
    body: usize,
}
