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

use super::keys::{is_known_key, is_own_key};
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
    opened: Opened,
    closed: Closed,
}

#[derive(Debug)]
enum Opened {
    Rightly(Range<usize>),
    /// By a line that was to be a fence: `--`.
    By(Range<usize>),
    No,
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
        let end = if let Closed::No = self.closed { ", and on a line of its own below the last key" } else { "" };
        let (span, message, place) = match &self.opened {
            Opened::Rightly(opened) => return self.tell_end(opened.clone(), tell),
            Opened::By(span) => (span.clone(), "this line does not begin front matter, and keys follow", "instead"),
            Opened::No => {
                let start = self.inner.start;
                (start..start, "front matter begins without a line above it", "above this line")
            }
        };
        let cure = format!("write `{fence}` {place}{end}");
        tell.error(Code::FRONT_MATTER_UNCLOSED, span.clone(), message).cure(cure).outcome("read as front matter");
        if let Closed::By(_) = self.closed {
            self.tell_end(span, tell);
        }
    }

    fn tell_end(&self, opened: Range<usize>, tell: &mut Teller) {
        let fence = self.language.fence();
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
                tell.error(Code::FRONT_MATTER_UNCLOSED, opened, "front matter begins here and does not end")
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
            scan.is_front_matter().then(|| scan.into_block(Opened::Rightly(start..start + first.trim_end().len())))
        }
        _ => match broken_fence(first) {
            Some(language) => find_behind_broken_fence(text, start, first, language),
            None => find_without_opener(text, start, first),
        },
    }
}

/// `--`, and a key of ours in the next line.
fn find_behind_broken_fence(text: &str, start: usize, first: &str, language: Language) -> Option<Block> {
    let opened = Opened::By(start..start + first.trim_end().len());
    let start = start + first.len();
    let below = text.get(start..)?.lines().next()?;
    key_of(below).filter(|key| is_known_key(key))?;
    let scan = Scan::of(text, start, language);
    if scan.is_closed_without_doubt() {
        return Some(scan.into_block(opened));
    }
    let run = KeyRun::of(text, start);
    (run.own_keys > 0 && run.is_ended).then(|| run.into_block(language, start, opened))
}

/// Keys at the very top, the first of them one of ours: somebody lost the first line, or never knew of it.
fn find_without_opener(text: &str, start: usize, first: &str) -> Option<Block> {
    let key = key_of(first).filter(|key| is_known_key(key))?;
    let language = if key_separator(first) == Some('=') { Language::Toml } else { Language::Yaml };
    let scan = Scan::of(text, start, language);
    if scan.is_closed_without_doubt() {
        return Some(scan.into_block(Opened::No));
    }
    let run = KeyRun::of(text, start);
    // `Impact: all of IMAP` may begin a text; nobody begins one with `impact: major`.
    let is_key = key.starts_with(char::is_lowercase);
    let is_front_matter = match run.own_keys {
        0 => false,
        1 => is_key && is_own_key(key) && run.is_ended,
        _ => is_key || run.has_title,
    };
    is_front_matter.then(|| run.into_block(language, start, Opened::No))
}

/// Keys in a row that no fence ends.
#[derive(Debug)]
struct KeyRun {
    end: usize,
    own_keys: usize,
    has_title: bool,
    /// By a blank line, a status heading or the end of the file, rather than by prose.
    is_ended: bool,
}

impl KeyRun {
    fn of(text: &str, start: usize) -> KeyRun {
        let mut run = KeyRun { end: start, own_keys: 0, has_title: false, is_ended: true };
        let mut context = Context::default();
        for (at, line) in lines(text.get(start..).unwrap_or_default()) {
            if status::is_status_heading(line) {
                return run;
            }
            match context.look(line) {
                Look::Blank => return run,
                Look::Key { .. } if key_separator(line).is_some() => {
                    let key = key_of(line).unwrap_or_default();
                    run.own_keys += usize::from(is_own_key(key));
                    run.has_title |= key.eq_ignore_ascii_case("title");
                }
                Look::More => {}
                Look::Key { .. } | Look::Prose => {
                    run.is_ended = false;
                    return run;
                }
            }
            run.end = start + at + line.len();
        }
        run
    }

    fn into_block(self, language: Language, start: usize, opened: Opened) -> Block {
        Block { language, inner: start..self.end, body: self.end, opened, closed: Closed::No }
    }
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
    /// Whether a line below a blank one may be a sentence as well as a key: `Status: mail is back`.
    has_sentence: bool,
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
            has_sentence: false,
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
            if scan.keys > 0 && scan.prose.is_none() && broken_fence(line) == Some(language) {
                scan.fence = Some((at..at + line.len(), false));
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
        let is_below_blank = context.after_blank;
        match context.look(line) {
            Look::Key { known } => {
                self.has_sentence |= is_below_blank && line.starts_with(char::is_uppercase);
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

    /// Whether all down to a fence can only be keys.
    fn is_closed_without_doubt(&self) -> bool {
        self.fence.is_some() && self.prose.is_none() && !self.has_sentence
    }

    fn into_block(self, opened: Opened) -> Block {
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

/// The language of a line that was to be a fence: too short, or with a dash that a phone made of it.
fn broken_fence(line: &str) -> Option<Language> {
    match line.trim_end() {
        "++" => Some(Language::Toml),
        "--" | "—" | "–" | "—-" | "–-" => Some(Language::Yaml),
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
