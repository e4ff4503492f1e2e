//! Which headings start an update, and what they say.
//!
//! ```text
//! ## Monitoring · 2022-03-29 21:05 { imap=degraded_performance }
//! ```
//!
//! A second-level heading that begins with a status word starts an update. Taken too, and told where it is not what
//! docs/writing.md says: words in common use (`Fixed`, `Update`), words with a slip of the finger, other levels with both a
//! status word and a time, a time alone, a time before its word. A heading that is none of these is text; where it, or a
//! line of its own, has little but a status or a time in it, that is told.

use std::ops::Range;

use memchr::memmem;

use super::heading::Heading;
use super::teller::{Teller, quoted};
use super::time::{Written, scan, trim_separators};
use super::word::{Near, near};
use crate::diag::Code;

/// A status word, before the kind of the file says what it means there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Word {
    Investigating,
    Identified,
    Monitoring,
    Resolved,
    Scheduled,
    InProgress,
    Verifying,
    Completed,
    Cancelled,
    /// "Update", or only a time: the stage stays.
    Same,
}

impl Word {
    /// As it stands in a heading.
    pub(super) fn shown(self) -> &'static str {
        match self {
            Word::Investigating => "Investigating",
            Word::Identified => "Identified",
            Word::Monitoring => "Monitoring",
            Word::Resolved => "Resolved",
            Word::Scheduled => "Scheduled",
            Word::InProgress => "In progress",
            Word::Verifying => "Verifying",
            Word::Completed => "Completed",
            Word::Cancelled => "Cancelled",
            Word::Same => "Update",
        }
    }
}

/// The words of docs/writing.md; they need nothing behind them.
const WORDS: [(&str, Word); 12] = [
    ("investigating", Word::Investigating),
    ("identified", Word::Identified),
    ("monitoring", Word::Monitoring),
    ("resolved", Word::Resolved),
    ("scheduled", Word::Scheduled),
    ("in progress", Word::InProgress),
    ("in_progress", Word::InProgress),
    ("in-progress", Word::InProgress),
    ("inprogress", Word::InProgress),
    ("verifying", Word::Verifying),
    ("completed", Word::Completed),
    ("cancelled", Word::Cancelled),
];

/// Words of everyday speech: a heading of text may begin with them, so the heading must end or a time must follow.
const SYNONYMS: [(&str, Word); 13] = [
    ("update", Word::Same),
    ("canceled", Word::Cancelled),
    ("fixed", Word::Resolved),
    ("solved", Word::Resolved),
    ("closed", Word::Resolved),
    ("restored", Word::Resolved),
    ("recovered", Word::Resolved),
    ("mitigated", Word::Monitoring),
    ("started", Word::InProgress),
    ("done", Word::Completed),
    ("finished", Word::Completed),
    ("planned", Word::Scheduled),
    ("called off", Word::Cancelled),
];

/// English words that are near a status word and mean themselves, unless a time follows.
const REAL_WORDS: [&str; 10] = [
    "schedule",
    "monitor",
    "resolve",
    "resolves",
    "complete",
    "identify",
    "verify",
    "cancel",
    "reschedule",
    "unscheduled",
];

/// A heading that starts an update.
#[derive(Debug)]
pub(super) struct Status {
    pub word: Word,
    pub written: Written,
    /// Where the text that `written` was read from stands in the file.
    pub written_at: usize,
    /// What stands between `{` and `}`, in bytes of the file.
    pub attributes: Option<Range<usize>>,
    /// The heading's text in the file.
    pub span: Range<usize>,
}

/// Whether a line of front matter is in truth the heading of the first update.
pub(super) fn is_status_heading(line: &str) -> bool {
    let Some(rest) = line.strip_prefix("##") else { return false };
    !rest.starts_with('#') && take_word(rest.trim(), &WORDS).is_some()
}

/// Reads a heading as the start of an update; tells what had to be guessed. `None` if it is text.
pub(super) fn read(heading: &Heading<'_>, tell: &mut Teller) -> Option<Status> {
    let (text, attributes) = split_attributes(heading.text);
    let start = text.find(char::is_alphanumeric)?;
    let at = heading.text_at + start;
    let text = text[start..].trim_end_matches(['*', '_', '`', ' ']);
    let attributes = attributes.map(|inner| inner.start + heading.text_at..inner.end + heading.text_at);
    let mut reader = Reader { heading, text, at, tell };
    let Some((word, written, written_at)) = reader.word_first().or_else(|| reader.time_first()) else {
        reader.tell_suspect();
        return None;
    };
    let span = heading.text_at..heading.text_at + heading.text.len();
    Some(Status { word, written, written_at, attributes, span })
}

/// The text before `{`, and the stretch between it and `}`.
fn split_attributes(text: &str) -> (&str, Option<Range<usize>>) {
    let Some(open) = text.rfind('{') else { return (text, None) };
    let inner = text[open + 1..].trim_end();
    let inner = inner.strip_suffix('}').unwrap_or(inner);
    if inner.contains('}') || !inner.contains(['=', ':']) {
        return (text, None);
    }
    (text[..open].trim_end(), Some(open + 1..open + 1 + inner.len()))
}

/// The word that a text begins with, and its length.
fn take_word(text: &str, words: &[(&str, Word)]) -> Option<(Word, usize)> {
    words.iter().find_map(|(name, word)| {
        let start = text.get(..name.len())?;
        let ends = !text[name.len()..].starts_with(|c: char| c.is_alphanumeric() || c == '_');
        (start.eq_ignore_ascii_case(name) && ends).then_some((*word, name.len()))
    })
}

struct Reader<'a, 't> {
    heading: &'a Heading<'a>,
    /// The heading from its first letter or digit, without attributes.
    text: &'a str,
    at: usize,
    tell: &'t mut Teller,
}

impl Reader<'_, '_> {
    fn word_first(&mut self) -> Option<(Word, Written, usize)> {
        if let Some((word, len)) = take_word(self.text, &WORDS) {
            let written = scan(&self.text[len..]);
            let is_time = written.time.is_some();
            if self.heading.level == 2 && !self.heading.lacks_space {
                return Some((word, written, self.at + len));
            }
            let ends = self.heading.lacks_space && self.heading.level == 2 && written.unread.is_empty();
            (is_time || ends).then(|| self.tell_level(word, len))?;
            return Some((word, written, self.at + len));
        }
        match take_word(self.text, &SYNONYMS) {
            Some((word, len)) if self.is_proper() => self.synonym(word, len),
            Some((word, len)) if self.heading.level == 2 => {
                let written = self.time_right_behind(len)?;
                self.tell_level(word, len);
                Some((word, written, self.at + len))
            }
            Some(_) => None,
            None => self.near_word(),
        }
    }

    /// Whether it is written as docs/writing.md says, but for its words.
    fn is_proper(&self) -> bool {
        self.heading.level == 2 && !self.heading.lacks_space
    }

    /// What stands behind the first `len` bytes, if that begins with a time of day.
    fn time_right_behind(&self, len: usize) -> Option<Written> {
        let rest = &self.text[len..];
        let written = scan(rest);
        let gap = rest.get(..written.span.start).unwrap_or_default();
        (written.time.is_some() && trim_separators(gap.trim_matches(['*', '_'])).is_empty()).then_some(written)
    }

    fn tell_level(&mut self, word: Word, len: usize) {
        let span = self.heading.span.start..self.at + len;
        let message = match self.heading.lacks_space {
            true => "a space is missing behind `#`, so that this is no heading".to_owned(),
            false => format!("a status heading of level {}, where level 2 is meant", self.heading.level),
        };
        self.tell
            .warning(Code::HEADING_LEVEL, span, message)
            .cure(format!("write `## {}`", word.shown()))
            .outcome("read as a status heading");
    }

    fn synonym(&mut self, word: Word, len: usize) -> Option<(Word, Written, usize)> {
        let rest = &self.text[len..];
        let written = scan(rest);
        let is_update_with_words = word == Word::Same && rest.trim_start().starts_with([':', '·', '-', '–', '—']);
        if !(written.unread.is_empty() || written.time.is_some() || is_update_with_words) {
            return None;
        }
        if !matches!(word, Word::Same | Word::Cancelled) {
            let found = quoted(&self.text[..len]);
            self.tell
                .note(Code::HEADING_WORD, self.at..self.at + len, format!("{found} is read as `{}`", word.shown()))
                .cure(format!("write `{}`", word.shown()));
        }
        Some((word, written, self.at + len))
    }

    /// A status word with a slip of the finger.
    fn near_word(&mut self) -> Option<(Word, Written, usize)> {
        let len = self.text.find(|c: char| !c.is_alphabetic()).unwrap_or(self.text.len());
        let typed = &self.text[..len];
        if !(5..=20).contains(&len) {
            return None;
        }
        let is_proper = self.is_proper();
        let found = match near(typed, WORDS.iter().map(|(name, _)| *name)) {
            Near::Surely(found) => found,
            Near::Perhaps(found) if is_proper => found,
            Near::Perhaps(_) | Near::No => return None,
        };
        let is_real_word = REAL_WORDS.iter().any(|real| real.eq_ignore_ascii_case(typed));
        let written = if is_proper {
            let written = scan(&self.text[len..]);
            let rest = self.text[len..].trim_start();
            let is_marked = rest.is_empty() || rest.starts_with(['·', '-', '–', '—', ':', '@']);
            Some(written).filter(|written| written.time.is_some() || is_marked && !is_real_word)?
        } else {
            // A second slip in the same line: only a time right behind the word makes it sure.
            self.time_right_behind(len).filter(|_| !is_real_word)?
        };
        let (word, _) = take_word(found, &WORDS)?;
        let end = self.at + len;
        let (span, cure) = match is_proper {
            true => (self.at..end, format!("did you mean `{}`?", word.shown())),
            false => (self.heading.span.start..end, format!("write `## {}`", word.shown())),
        };
        self.tell
            .warning(Code::HEADING_WORD, span, format!("no status is called {}", quoted(typed)))
            .cure(cure)
            .outcome(format!("read as `{}`", word.shown()));
        Some((word, written, end))
    }

    /// `## 2022-03-29 11:20`, alone or with the word behind it.
    fn time_first(&mut self) -> Option<(Word, Written, usize)> {
        if self.heading.level != 2 || self.heading.lacks_space || !self.text.starts_with(|c: char| c.is_ascii_digit()) {
            return None;
        }
        let mut written = scan(self.text);
        if written.time.is_none() || written.span.start != 0 {
            return None;
        }
        let word = match take_word(&written.unread, &WORDS).or_else(|| take_word(&written.unread, &SYNONYMS)) {
            Some((word, len)) if len == written.unread.len() => word,
            None if written.unread.is_empty() => Word::Same,
            _ => return None,
        };
        let time = self.text.get(written.span.clone()).unwrap_or_default();
        let message = match word {
            Word::Same => "a time without a status word",
            _ => "the status word stands behind its time",
        };
        self.tell
            .warning(Code::HEADING_WORD, self.at..self.at + self.text.len(), message)
            .cure(format!("write `## {} · {time}`", word.shown()))
            .outcome(if word == Word::Same {
                "published as an update of the same status"
            } else {
                "read all the same"
            });
        written.unread.clear();
        Some((word, written, self.at))
    }

    /// A heading that stays text, though little but a time stands in it.
    fn tell_suspect(&mut self) {
        let written = scan(self.text);
        let time = self.text.get(written.span.clone()).unwrap_or_default();
        if written.time.is_none()
            || !time.contains(':')
            || !(1..=2).contains(&written.unread.split_whitespace().count())
        {
            return;
        }
        let meant = meant_word(&written.unread);
        if meant.is_none() && self.heading.level != 2 {
            return;
        }
        let cure = match meant {
            Some(word) => format!("write `## {} · {time}`", word.shown()),
            None => format!("let it begin with a status: `## Resolved · {time}`"),
        };
        let span = self.heading.span.start..self.at + self.text.len();
        tell_suspect(span, &cure, self.tell);
    }
}

/// Tells of paragraphs that begin with a line of nothing but a status and a time: `**Resolved** 01:40`.
pub(super) fn tell_suspect_paragraphs(text: &str, body: usize, tell: &mut Teller) {
    let markdown = text.get(body..).unwrap_or_default();
    let mut shelter = Shelter::default();
    let (mut seen, mut next) = (0, 0);
    for blank in [0].into_iter().chain(memmem::find_iter(markdown.as_bytes(), b"\n\n").map(|at| at + 2)) {
        // Many blank lines in a row are looked at once.
        if blank < next {
            continue;
        }
        let rest = markdown.get(blank..).unwrap_or_default();
        let start = blank + rest.bytes().take_while(|&byte| byte == b'\n').count();
        next = start + 1;
        let mut lines = markdown.get(start..).unwrap_or_default().lines();
        let Some((line, (word, time))) = lines.next().and_then(|line| Some((line, suspect_line(line)?))) else {
            continue;
        };
        let is_underlined = lines.next().is_some_and(|below| below.starts_with(['=', '-']));
        shelter.pass(markdown.get(seen..start).unwrap_or_default());
        seen = start;
        if !is_underlined && !shelter.holds() {
            let cure = format!("write `## {} · {time}`", word.shown());
            tell_suspect(start + body..start + body + line.trim_end().len(), &cure, tell);
        }
    }
}

/// The status and the time that are all of a line.
fn suspect_line(line: &str) -> Option<(Word, &str)> {
    const LEN_MAX: usize = 60;
    let is_worth_a_look = line.len() <= LEN_MAX
        && line.starts_with(|c: char| c.is_ascii_alphabetic() || c == '*' || c == '_')
        && line.bytes().any(|byte| byte.is_ascii_digit());
    if !is_worth_a_look {
        return None;
    }
    let written = scan(line);
    written.time?;
    let word = meant_word(written.unread.trim_matches(|c: char| !c.is_alphanumeric()))?;
    Some((word, line.get(written.span)?))
}

/// The status that a text of one word, or nearly so, means.
fn meant_word(text: &str) -> Option<Word> {
    if let Some((word, len)) = take_word(text, &WORDS).or_else(|| take_word(text, &SYNONYMS)) {
        return (len == text.len()).then_some(word);
    }
    if text.len() < 5 || !text.chars().all(char::is_alphabetic) {
        return None;
    }
    match near(text, WORDS.iter().map(|(name, _)| *name)) {
        Near::Surely(found) => take_word(found, &WORDS).map(|(word, _)| word),
        Near::Perhaps(_) | Near::No => None,
    }
}

fn tell_suspect(span: Range<usize>, cure: &str, tell: &mut Teller) {
    tell.warning(Code::HEADING_WORD, span, "this looks like an update, and is none")
        .cure(cure)
        .outcome("published as text");
}

/// Whether we are within fenced code or a comment, roughly: enough to keep quiet about what stands there.
#[derive(Default)]
struct Shelter {
    in_code: bool,
    in_comment: bool,
}

impl Shelter {
    fn pass(&mut self, text: &str) {
        for line in text.lines() {
            let is_fence = line.trim_start().starts_with("```") || line.trim_start().starts_with("~~~");
            self.in_code ^= is_fence && !self.in_comment;
            let mark = |mark: &str| line.rfind(mark);
            match (mark("<!--"), mark("-->")) {
                (Some(open), close) if close.is_none_or(|close| close < open) => self.in_comment = !self.in_code,
                (_, Some(_)) => self.in_comment = false,
                _ => {}
            }
        }
    }

    fn holds(&self) -> bool {
        self.in_code || self.in_comment
    }
}
