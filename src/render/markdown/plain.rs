//! What people wrote → plain text, for places where there is no markup: descriptions, the calendar, Statuspage's API.

use pulldown_cmark::{CodeBlockKind, Event, Tag, TagEnd};

use super::writer::{is_comment, without_comments};
use super::{is_plain, with_events};
use crate::model::Markdown;
use crate::render::escape;

/// The longest first sentence, in characters.
const SENTENCE_CHARS_MAX: usize = 200;

/// The words alone. Blocks are parted by an empty line, items and rows by a line end; a link's address is left out.
pub(in crate::render) fn plain(markdown: &Markdown) -> String {
    let mut text = Plain::default();
    if is_plain(&markdown.text) {
        for paragraph in markdown.text.split("\n\n") {
            text.part("\n\n");
            text.push(&paragraph.trim_matches('\n').replace('\n', " "));
        }
    } else {
        with_events(markdown, |event| text.event(event));
    }
    text.out.truncate(text.out.trim_end().len());
    text.out
}

/// The first sentence as one line of plain text, at most 200 characters: a longer one is cut between two words and
/// ends with `…`.
pub fn first_sentence(markdown: &Markdown) -> String {
    let text = plain(markdown);
    let paragraph = text.split("\n\n").next().unwrap_or_default();
    let line = paragraph.split_whitespace().collect::<Vec<_>>().join(" ");
    let sentence = line.get(..sentence_end(&line)).unwrap_or(&line);
    shorten(sentence)
}

/// Where the first sentence ends: after a full stop before a space and a word that does not begin small ("e.g. webmail").
fn sentence_end(line: &str) -> usize {
    for (at, c) in line.char_indices() {
        let end = at + c.len_utf8();
        let rest = line.get(end..).unwrap_or_default();
        let goes_on = rest.strip_prefix(' ').is_none_or(|next| next.starts_with(char::is_lowercase));
        match c {
            '。' | '！' | '？' => return end,
            '.' | '!' | '?' if !goes_on => return end,
            _ => {}
        }
    }
    line.len()
}

fn shorten(sentence: &str) -> String {
    let Some((limit, _)) = sentence.char_indices().nth(SENTENCE_CHARS_MAX) else { return sentence.to_owned() };
    let (head, tail) = sentence.split_at(limit);
    // One word that is longer than everything has to be cut all the same.
    let words = match head.rfind(' ') {
        Some(end) if !tail.starts_with(' ') => head.get(..end).unwrap_or(head),
        _ => head,
    };
    format!("{}…", words.trim_end_matches([' ', ',', ';', ':', '-', '–', '—']))
}

#[derive(Default)]
struct Plain {
    out: String,
    /// For each list that is open, the number of its next item.
    lists: Vec<Option<u64>>,
    raw: Option<String>,
    /// Whether an item has just begun, so that its paragraph needs no empty line.
    fresh: bool,
}

impl Plain {
    /// Begins a new block, parted by `gap` from what stands before.
    fn part(&mut self, gap: &str) {
        if self.fresh {
            self.fresh = false;
            return;
        }
        self.out.truncate(self.out.trim_end().len());
        if !self.out.is_empty() {
            self.out.push_str(gap);
        }
    }

    fn push(&mut self, text: &str) {
        self.fresh = false;
        escape::clean_into(&mut self.out, text);
    }

    fn event(&mut self, event: Event<'_>) {
        match event {
            Event::Start(tag) => self.start(tag),
            Event::End(tag) => self.end(tag),
            Event::Text(text) | Event::Code(text) => self.push(&text),
            Event::Html(text) => match &mut self.raw {
                Some(raw) => raw.push_str(&text),
                None => self.push(&text),
            },
            Event::InlineHtml(tag) if is_comment(&tag) => {}
            Event::InlineHtml(tag) => self.push(&tag),
            Event::SoftBreak => self.push(" "),
            Event::HardBreak => self.push("\n"),
            Event::Rule => self.part("\n\n"),
            Event::InlineMath(text) | Event::DisplayMath(text) | Event::FootnoteReference(text) => self.push(&text),
            Event::TaskListMarker(_) => {}
        }
    }

    fn start(&mut self, tag: Tag<'_>) {
        match tag {
            Tag::Paragraph | Tag::Heading { .. } | Tag::BlockQuote(_) | Tag::Table(_) => self.part("\n\n"),
            Tag::CodeBlock(CodeBlockKind::Fenced(_) | CodeBlockKind::Indented) => self.part("\n\n"),
            Tag::HtmlBlock => {
                self.part("\n\n");
                self.raw = Some(String::new());
            }
            Tag::List(first) => {
                self.part(if self.lists.is_empty() { "\n\n" } else { "\n" });
                self.lists.push(first);
            }
            Tag::Item => self.item(),
            Tag::TableRow => self.part("\n"),
            _ => {}
        }
    }

    fn item(&mut self) {
        let at_start = self.out.is_empty() || self.out.ends_with('\n');
        if !at_start {
            self.part("\n");
        }
        match self.lists.last_mut() {
            Some(Some(number)) => {
                let label = format!("{number}. ");
                *number = number.saturating_add(1);
                self.out.push_str(&label);
            }
            _ => self.out.push_str("- "),
        }
        self.fresh = true;
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::List(_) => {
                self.lists.pop();
                self.fresh = false;
            }
            TagEnd::TableCell => self.push(" "),
            TagEnd::HtmlBlock => {
                let raw = without_comments(&self.raw.take().unwrap_or_default());
                self.push(raw.trim());
            }
            _ => {}
        }
    }
}
