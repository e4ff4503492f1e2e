//! Finds the front matter of a file and reads it.
//!
//! ```text
//! +++                         ---
//! title = "Mail is slow"      title: Mail is slow
//! +++                         ---                      (or `...`)
//! ```
//!
//! The first is TOML ([`toml_block`]), the second YAML ([`yaml_block`]). Where the strict reader finds a mistake, each
//! key is read by itself, and the lines at fault by [`lenient`], which knows what people do at night: quotes of a phone, no
//! quotes, a fence that was forgotten. A text is never taken for front matter and lost: where `---` is only a line
//! above prose, or a block ends in prose, that is text.

mod lenient;
mod toml_block;
mod yaml_block;

use std::collections::BTreeMap;
use std::ops::Range;

use super::keys::is_known_key;
use super::status;
use super::teller::{Teller, quoted};
use super::text::lines;
use super::value::Table;
use crate::diag::Code;

/// Longer blocks are read key by key only, which bounds what the strict readers can be made to do.
const STRICT_LEN_MAX: usize = 64 * 1024;

/// How a block is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Language {
    Toml,
    Yaml,
}

impl Language {
    fn name(self) -> &'static str {
        match self {
            Language::Toml => "TOML",
            Language::Yaml => "YAML",
        }
    }

    fn fence(self) -> &'static str {
        match self {
            Language::Toml => "+++",
            Language::Yaml => "---",
        }
    }

    fn other(self) -> Language {
        match self {
            Language::Toml => Language::Yaml,
            Language::Yaml => Language::Toml,
        }
    }

    fn read(self, block: &str, offset: usize) -> Result<Table, Range<usize>> {
        match self {
            _ if block.len() > STRICT_LEN_MAX => Err(offset..offset),
            Language::Toml => toml_block::read(block, offset),
            Language::Yaml => yaml_block::read(block, offset),
        }
    }
}

/// The front matter of a file, empty if it has none, and where the body begins.
pub(super) fn read(text: &str, tell: &mut Teller) -> (Table, usize) {
    let Some(block) = find(text) else { return (Table::default(), 0) };
    block.tell_fences(tell);
    let inner = text.get(block.inner.clone()).unwrap_or_default();
    let mut table = read_block(block.language, inner, block.inner.start, tell);
    drop_duplicates(&mut table, tell);
    (table, block.body)
}

/// Strictly; else strictly in the other language; else key by key.
fn read_block(language: Language, inner: &str, offset: usize, tell: &mut Teller) -> Table {
    let first_mistake = match language.read(inner, offset) {
        Ok(table) => return table,
        Err(first_mistake) => first_mistake,
    };
    let other = language.other();
    if let Ok(table) = other.read(inner, offset)
        && !table.entries.is_empty()
    {
        let message =
            format!("{} stands between `{}`, which marks {}", other.name(), language.fence(), language.name());
        tell.warning(Code::FRONT_MATTER_SYNTAX, first_mistake, message)
            .cure(format!("write `{}` above and below it", other.fence()))
            .outcome(format!("read as {}", other.name()));
        return table;
    }
    lenient::read(language, inner, offset, tell)
}

/// The first of two equal keys wins: it is the one that people see.
fn drop_duplicates(table: &mut Table, tell: &mut Teller) {
    let mut seen: BTreeMap<String, ()> = BTreeMap::new();
    table.entries.retain(|entry| {
        let is_first = seen.insert(entry.key.clone(), ()).is_none();
        if !is_first {
            tell.error(
                Code::FRONT_MATTER_DUPLICATE,
                entry.key_span.clone(),
                format!("{} stands twice", quoted(&entry.key)),
            )
            .cure("keep one of the two")
            .outcome("published with the first one");
        }
        is_first
    });
}

/// Where a block stands.
#[derive(Debug)]
struct Block {
    language: Language,
    /// Between the fences.
    inner: Range<usize>,
    /// Where the Markdown begins.
    body: usize,
    opened: Option<Range<usize>>,
    closed: Closed,
}

#[derive(Debug)]
enum Closed {
    Rightly,
    /// By the other language's fence, or one that is too long.
    By(Range<usize>),
    No,
}

impl Block {
    fn tell_fences(&self, tell: &mut Teller) {
        let fence = self.language.fence();
        if self.opened.is_none() {
            let start = self.inner.start;
            tell.error(Code::FRONT_MATTER_UNCLOSED, start..start, "front matter begins without a line above it")
                .cure(format!("write `{fence}` above this line"))
                .outcome("read as front matter");
        }
        match &self.closed {
            Closed::Rightly => {}
            Closed::By(span) => {
                tell.warning(
                    Code::FRONT_MATTER_UNCLOSED,
                    span.clone(),
                    "front matter ends with another line than it began",
                )
                .cure(format!("write `{fence}`"))
                .outcome("read as the end of the front matter");
            }
            Closed::No => {
                let end = self.inner.end;
                tell.error(
                    Code::FRONT_MATTER_UNCLOSED,
                    self.opened.clone().unwrap_or(end..end),
                    "front matter begins here and does not end",
                )
                .cure(format!("write `{fence}` on a line of its own below the last key"))
                .outcome("published; all from the first line that is no key on is text");
            }
        }
    }
}

/// The block at the top of a file.
fn find(text: &str) -> Option<Block> {
    let mut rest = lines(text).skip_while(|(_, line)| line.trim().is_empty());
    let (start, first) = rest.next()?;
    match fence(first) {
        Some((language, true)) => {
            let scan = Scan::of(text, start + first.len(), language);
            scan.is_front_matter().then(|| scan.into_block(Some(start..start + first.trim_end().len())))
        }
        _ => find_without_opener(text, start, first),
    }
}

/// Keys at the very top, the first of them one of ours, and a fence below: somebody lost the first line.
fn find_without_opener(text: &str, start: usize, first: &str) -> Option<Block> {
    if !key_of(first).is_some_and(is_known_key) {
        return None;
    }
    let language = if key_separator(first) == Some('=') { Language::Toml } else { Language::Yaml };
    let scan = Scan::of(text, start, language);
    (scan.fence.is_some() && scan.prose.is_none()).then(|| scan.into_block(None))
}

/// What the lines below the first fence look like.
#[derive(Debug)]
struct Scan {
    language: Language,
    start: usize,
    /// The first line that would be a closing fence, and whether it is exactly ours.
    fence: Option<(Range<usize>, bool)>,
    /// The first line that cannot be front matter.
    prose: Option<usize>,
    /// Whether a key follows that line, so that it is a slip rather than the start of the text.
    key_after_prose: bool,
    /// The end of the last line that has a key, or goes on with its value.
    last_key_end: usize,
    known_keys: usize,
    keys: usize,
    is_cut_by_heading: bool,
}

impl Scan {
    fn of(text: &str, start: usize, language: Language) -> Scan {
        let mut scan = Scan {
            language,
            start,
            fence: None,
            prose: None,
            key_after_prose: false,
            last_key_end: start,
            known_keys: 0,
            keys: 0,
            is_cut_by_heading: false,
        };
        let mut context = Context::default();
        for (at, line) in lines(text.get(start..).unwrap_or_default()) {
            let at = at + start;
            if let Some((fence_language, is_plain)) = fence(line) {
                let is_own =
                    is_plain && fence_language == language || language == Language::Yaml && line.trim_end() == "...";
                scan.fence = Some((at..at + line.len(), is_own));
                break;
            }
            if status::is_status_heading(line) {
                scan.prose.get_or_insert(at);
                scan.is_cut_by_heading = true;
                break;
            }
            scan.line(at, line, &mut context);
        }
        scan
    }

    fn line(&mut self, at: usize, line: &str, context: &mut Context) {
        match context.look(line) {
            Look::Key { known } => {
                self.keys += 1;
                self.known_keys += usize::from(known);
                if self.prose.is_some() {
                    self.key_after_prose |= known;
                } else {
                    self.last_key_end = at + line.len();
                }
            }
            Look::More if self.prose.is_none() => self.last_key_end = at + line.len(),
            Look::More | Look::Blank => {}
            Look::Prose => {
                self.prose.get_or_insert(at);
            }
        }
    }

    /// `+++` means nothing else. `---` may be a line between paragraphs: it opens front matter only above a key that we or
    /// other tools know, or above nothing but another fence.
    fn is_front_matter(&self) -> bool {
        let is_empty = self.fence.is_some() && self.prose.is_none() && self.keys == 0;
        self.language == Language::Toml || self.known_keys > 0 || is_empty
    }

    fn into_block(self, opened: Option<Range<usize>>) -> Block {
        let Scan { language, start, fence, prose, key_after_prose, last_key_end, .. } = self;
        let is_closed = !self.is_cut_by_heading
            && (prose.is_none() || key_after_prose || language == Language::Toml && self.keys > 0);
        match fence {
            Some((fence, is_own)) if is_closed => {
                let closed = if is_own { Closed::Rightly } else { Closed::By(fence.start..fence.end) };
                Block { language, inner: start..fence.start, body: fence.end, opened, closed }
            }
            _ => Block { language, inner: start..last_key_end, body: last_key_end, opened, closed: Closed::No },
        }
    }
}

/// What a line may be, seen after those before it.
enum Look {
    Key {
        known: bool,
    },
    /// A comment, a list item, a line within a long text or list.
    More,
    Blank,
    Prose,
}

#[derive(Default)]
struct Context {
    /// The quotes that end the long text we are in.
    long_text: Option<&'static str>,
    in_list: bool,
    /// A key without value, or an item below one: items may follow.
    items_may_follow: bool,
    after_blank: bool,
}

impl Context {
    fn look(&mut self, line: &str) -> Look {
        let trimmed = line.trim();
        if let Some(quotes) = self.long_text {
            if trimmed.contains(quotes) {
                self.long_text = None;
            }
            return Look::More;
        }
        if trimmed.is_empty() {
            self.after_blank = true;
            return Look::Blank;
        }
        let after_blank = std::mem::take(&mut self.after_blank);
        if self.in_list {
            self.in_list = !trimmed.ends_with(']');
            if !trimmed.contains(char::is_whitespace)
                || trimmed.ends_with(',')
                || trimmed.starts_with(['"', '\'', ']', '#'])
            {
                return Look::More;
            }
            self.in_list = false;
        }
        // First, for an item of a list in YAML may hold keys of its own, and is no new key of the block.
        if self.items_may_follow && (trimmed.starts_with("- ") || line.starts_with([' ', '\t'])) {
            return Look::More;
        }
        if let Some(key) = key_of(line) {
            let known = is_known_key(key);
            // `Note: mail is back` below a blank line is a sentence; a key of ours is a key.
            if !after_blank || known && key_separator(line).is_some() {
                self.open_value(line);
                return Look::Key { known };
            }
        }
        let is_comment = trimmed.starts_with('#') && !trimmed.starts_with("##") && !after_blank;
        if is_comment || lenient::table_header(trimmed).is_some() {
            return Look::More;
        }
        Look::Prose
    }

    fn open_value(&mut self, line: &str) {
        let value = line.split_once(['=', ':']).map_or("", |(_, value)| value.trim());
        self.long_text = ["\"\"\"", "'''"].into_iter().find(|quotes| value.matches(quotes).count() == 1);
        self.in_list = value.starts_with('[') && !value.contains(']');
        self.items_may_follow = value.is_empty() || value.starts_with(['|', '>']);
    }
}

/// The language whose fence a line is, and whether it is exactly that.
fn fence(line: &str) -> Option<(Language, bool)> {
    let line = line.trim_end();
    match line {
        "+++" => Some((Language::Toml, true)),
        "---" | "..." => Some((Language::Yaml, line == "---")),
        _ if line.len() > 3 && line.bytes().all(|byte| byte == b'+') => Some((Language::Toml, false)),
        _ if line.len() > 3 && line.bytes().all(|byte| byte == b'-') => Some((Language::Yaml, false)),
        _ => None,
    }
}

/// The key that a line begins with: before `=` or `:`, or one of ours before a space where the sign was forgotten.
fn key_of(line: &str) -> Option<&str> {
    let line = line.trim();
    let len = line.find(|c: char| !(c.is_alphanumeric() || "_-.".contains(c))).unwrap_or(line.len());
    let (key, rest) = line.split_at_checked(len).filter(|(key, _)| !key.is_empty())?;
    let is_separated = match rest.trim_start().chars().next() {
        Some('=') => true,
        Some(':') => rest.trim_start().len() == 1 || rest.trim_start()[1..].starts_with([' ', '\t', '"', '[']),
        _ => is_known_key(key) && key.contains(|c: char| c.is_lowercase()) && !key.starts_with(char::is_uppercase),
    };
    is_separated.then_some(key)
}

/// The sign behind the key.
fn key_separator(line: &str) -> Option<char> {
    let rest = line.trim().trim_start_matches(|c: char| c.is_alphanumeric() || "_-.".contains(c)).trim_start();
    rest.chars().next().filter(|c| "=:".contains(*c))
}
