//! Reads broken front matter key by key: each key strictly if that works, else as a tired person meant it.
//!
//! Told and read: words and lists without quotes, quotes of a phone (“ ” ‘ ’ « »), a quote or bracket that was never
//! closed, commas at the end, `:` for `=` and the other way round or neither, tabs before a key. A line in which no key
//! can be found is told and left out. Each line is looked at once.

use std::ops::Range;

use super::super::keys::{is_known_key, is_list_key};
use super::super::teller::{Teller, quoted};
use super::super::text::lines;
use super::super::value::{Entry, Table, Value, ValueKind};
use super::{Language, key_of, key_separator};
use crate::diag::Code;

/// More keys than that are no front matter; it bounds what is searched for each of them.
const PIECES_MAX: usize = 2_000;

/// Reads a block that stands at `offset` in the file.
pub(super) fn read(language: Language, block: &str, offset: usize, tell: &mut Teller) -> Table {
    let mut reader = Reader { language, block, offset, tell, root: Table::default(), section: None };
    for (count, piece) in pieces(language, block).into_iter().enumerate() {
        if count == PIECES_MAX {
            let end = offset + block.len();
            let message = format!("front matter has more than {PIECES_MAX} lines that begin a key");
            reader
                .tell
                .error(Code::FRONT_MATTER_SYNTAX, end..end, message)
                .cure("write the text below it")
                .outcome("published, without the rest of the front matter");
            break;
        }
        reader.piece(piece);
    }
    reader.root
}

/// The name in `[name]` or `[[name]]`, and whether it is the latter.
pub(super) fn table_header(line: &str) -> Option<(&str, bool)> {
    let line = line.trim();
    let (inner, is_list) = match line.strip_prefix("[[").and_then(|rest| rest.strip_suffix("]]")) {
        Some(inner) => (inner, true),
        None => (line.strip_prefix('[')?.strip_suffix(']')?, false),
    };
    let name = inner.trim();
    let is_name = !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || "_-.".contains(c));
    (is_name && name.starts_with(|c: char| c.is_alphabetic())).then_some((name, is_list))
}

/// A stretch of the block that is read by itself.
enum Piece {
    Header(Range<usize>),
    /// A key and its value.
    Key(Range<usize>),
    /// A line that belongs to nothing.
    Stray(Range<usize>),
}

/// What the lines so far leave open.
enum Open<'a> {
    Nothing,
    /// A text that goes on until these quotes.
    LongText(&'a str),
    List,
}

/// Cuts the block into pieces.
fn pieces(language: Language, block: &str) -> Vec<Piece> {
    let last_quotes = [("\"\"\"", block.rfind("\"\"\"")), ("'''", block.rfind("'''"))];
    let mut pieces: Vec<Piece> = Vec::new();
    let mut open = Open::Nothing;
    for (start, line) in lines(block) {
        let end = start + line.len();
        let trimmed = line.trim();
        let starts_key = key_of(line).is_some_and(|key| !line.starts_with([' ', '\t', '-']) || is_known_key(key));
        match open {
            Open::LongText(quotes) => {
                extend(&mut pieces, end);
                if trimmed.contains(quotes) {
                    open = Open::Nothing;
                }
                continue;
            }
            Open::List if !starts_key => {
                extend(&mut pieces, end);
                if trimmed.contains(']') {
                    open = Open::Nothing;
                }
                continue;
            }
            Open::List | Open::Nothing => open = Open::Nothing,
        }
        if trimmed.is_empty() || trimmed.starts_with('#') {
            // Blank lines belong to a long text in YAML; elsewhere they do no harm.
            continue;
        }
        if table_header(trimmed).is_some() {
            pieces.push(Piece::Header(start..end));
        } else if starts_key {
            pieces.push(Piece::Key(start..end));
            let value = line.split_once(['=', ':']).map_or("", |(_, value)| value.trim());
            let long = last_quotes
                .iter()
                .find(|(quotes, last)| value.matches(quotes).count() == 1 && last.is_some_and(|last| last >= end));
            open = match long {
                Some((quotes, _)) => Open::LongText(quotes),
                None if value.starts_with('[') && !value.contains(']') => Open::List,
                None => Open::Nothing,
            };
        } else if language == Language::Yaml && line.starts_with([' ', '\t', '-']) && !pieces.is_empty() {
            extend(&mut pieces, end);
        } else {
            pieces.push(Piece::Stray(start..end));
        }
    }
    pieces
}

/// Lets the last piece go on until `end`.
fn extend(pieces: &mut [Piece], end: usize) {
    if let Some(Piece::Header(range) | Piece::Key(range) | Piece::Stray(range)) = pieces.last_mut() {
        range.end = end;
    }
}

struct Reader<'a> {
    language: Language,
    block: &'a str,
    offset: usize,
    tell: &'a mut Teller,
    root: Table,
    /// The table that a header began: keys go to the last entry of the root.
    section: Option<Section>,
}

#[derive(Clone, Copy, PartialEq)]
enum Section {
    Table,
    List,
}

impl Reader<'_> {
    fn piece(&mut self, piece: Piece) {
        let (Piece::Header(range) | Piece::Key(range) | Piece::Stray(range)) = &piece;
        let text = self.block.get(range.clone()).unwrap_or_default();
        let at = range.start + self.offset;
        match piece {
            Piece::Header(_) => self.header(text, at),
            Piece::Key(_) => match self.language.read(text, at) {
                Ok(table) => self.put(table.entries),
                Err(_) => self.loose_key(text, at),
            },
            Piece::Stray(_) => {
                let span = trimmed_span(text, at);
                let example = self.line("key", "\"value\"");
                self.tell
                    .error(Code::FRONT_MATTER_SYNTAX, span, format!("{} has no key", quoted(text)))
                    .cure(format!("write `{example}`, or put it below the front matter"))
                    .outcome("published, without this line");
            }
        }
    }

    fn header(&mut self, text: &str, at: usize) {
        let Some((name, is_list)) = table_header(text) else { return };
        let span = trimmed_span(text, at);
        let table = Value::new(span.clone(), ValueKind::Table(Table::default()));
        self.section = Some(if is_list { Section::List } else { Section::Table });
        // The section's table is the last entry of the root, so an earlier list of that name moves there.
        if let Some(found) = self.root.entries.iter().position(|entry| entry.key == name)
            && is_list
        {
            let mut entry = self.root.entries.remove(found);
            if let ValueKind::List(items) = &mut entry.value.kind {
                items.push(table);
                self.root.entries.push(entry);
                return;
            }
            self.root.entries.insert(found, entry);
        }
        let kind = if is_list { ValueKind::List(vec![table]) } else { table.kind };
        let value = Value::new(span.clone(), kind);
        self.root.entries.push(Entry { key: name.to_owned(), key_span: span, value });
    }

    fn put(&mut self, entries: Vec<Entry>) {
        let root = &mut self.root;
        let kind = root.entries.last_mut().map(|entry| &mut entry.value.kind);
        let table = match (self.section, kind) {
            (Some(Section::Table), Some(ValueKind::Table(table))) => table,
            (Some(Section::List), Some(ValueKind::List(items))) => match items.last_mut().map(|item| &mut item.kind) {
                Some(ValueKind::Table(table)) => table,
                _ => return,
            },
            _ => root,
        };
        table.entries.extend(entries);
    }

    /// A key whose value cannot be read as it stands.
    fn loose_key(&mut self, text: &str, at: usize) {
        let Some(key) = key_of(text) else { return };
        let indent = text.len() - text.trim_start().len();
        let key_start = at + indent;
        let after_key = indent + key.len();
        let rest = text.get(after_key..).unwrap_or_default();
        let value_start = match key_separator(text) {
            Some(_) => after_key + rest.find(['=', ':']).map_or(0, |found| found + 1),
            None => after_key,
        };
        let written = text.get(value_start..).unwrap_or_default();
        let value = loose_value(written, at + value_start, is_list_key(key));
        let meant = self.line(key, &shown(&value, self.language));
        let line = text.lines().next().unwrap_or_default();
        self.tell
            .error(
                Code::FRONT_MATTER_SYNTAX,
                key_start..at + line.trim_end().len(),
                format!("{} is not {} as it stands", quoted(text), self.language.name()),
            )
            .cure(format!("write `{meant}`"))
            .outcome("read as that");
        let entry = Entry { key: key.to_owned(), key_span: key_start..key_start + key.len(), value };
        self.put(vec![entry]);
    }

    /// A key and a value as they should stand.
    fn line(&self, key: &str, value: &str) -> String {
        match self.language {
            Language::Toml => format!("{key} = {value}"),
            Language::Yaml => format!("{key}: {value}"),
        }
    }
}

const OPENING: &str = "\"'“„‘‚’”«»`";
const CLOSING: &str = "\"'“”‘’»«`";

/// A value as somebody meant it who knows no quotes.
fn loose_value(written: &str, at: usize, is_list: bool) -> Value {
    let span = trimmed_span(written, at);
    let text = written.trim().trim_end_matches([',', ';']).trim_end();
    if let Some(quotes) = ["\"\"\"", "'''"].into_iter().find(|quotes| text.starts_with(quotes)) {
        let inner = text.trim_start_matches(quotes).trim_end_matches(quotes);
        return Value::new(span, ValueKind::Text(inner.trim().to_owned()));
    }
    let bracketed = text.strip_prefix('[');
    if bracketed.is_none() && !(is_list && has_comma_outside_quotes(text)) {
        return Value::new(span, loose_scalar(text.lines().next().unwrap_or_default()));
    }
    let inner = bracketed.unwrap_or(text);
    let inner_at = span.start + (text.len() - inner.len());
    let inner = inner.rsplit_once(']').map_or(inner, |(inner, _)| inner);
    let items = split_at_commas(inner)
        .filter(|item| !inner[item.clone()].trim().is_empty())
        .map(|item| {
            let text = &inner[item.clone()];
            Value::new(trimmed_span(text, inner_at + item.start), loose_scalar(text.trim()))
        })
        .collect();
    Value::new(span, ValueKind::List(items))
}

fn loose_scalar(text: &str) -> ValueKind {
    let text = text.trim();
    if let Some(open) = text.chars().next().filter(|c| OPENING.contains(*c)) {
        let rest = &text[open.len_utf8()..];
        return ValueKind::Text(inside_quotes(open, rest).trim().to_owned());
    }
    let text = match text.find(" #") {
        Some(comment) => text[..comment].trim_end(),
        None => text,
    };
    // A quote at the end alone: the first one is missing.
    let text = text.strip_suffix(['"', '”', '“']).unwrap_or(text).trim_end();
    match text {
        "" => ValueKind::Empty,
        "true" => ValueKind::Bool(true),
        "false" => ValueKind::Bool(false),
        _ => match text.parse() {
            Ok(number) => ValueKind::Integer(number),
            Err(_) => ValueKind::Text(text.to_owned()),
        },
    }
}

/// What stands between quotes; all of it if they are not closed.
fn inside_quotes(open: char, rest: &str) -> &str {
    let closes =
        |c: char| if open.is_ascii() { c == open || open == '"' && "”“".contains(c) } else { CLOSING.contains(c) };
    let is_end = |after: &str| {
        let after = after.trim_start().trim_start_matches([',', ']', ';']).trim_start();
        after.is_empty() || after.starts_with('#')
    };
    let end = rest.char_indices().filter(|&(_, c)| closes(c)).map(|(at, c)| (at, at + c.len_utf8()));
    // Only the first and the last can be meant; looking behind each would cost too much on a line full of quotes.
    let (mut first, mut last) = (None, None);
    for found in end {
        first.get_or_insert(found);
        last = Some(found);
    }
    for (at, after) in [first, last].into_iter().flatten() {
        if is_end(&rest[after..]) {
            return &rest[..at];
        }
    }
    rest
}

fn has_comma_outside_quotes(text: &str) -> bool {
    split_at_commas(text).nth(1).is_some()
}

/// The stretches between commas (or line ends) that stand outside quotes.
fn split_at_commas(text: &str) -> impl Iterator<Item = Range<usize>> {
    let mut start = 0;
    let mut quote: Option<char> = None;
    let mut chars = text.char_indices();
    let mut is_done = false;
    std::iter::from_fn(move || {
        if is_done {
            return None;
        }
        for (at, c) in chars.by_ref() {
            match quote {
                None if c == ',' || c == '\n' => {
                    let item = start..at;
                    start = at + 1;
                    return Some(item);
                }
                None if "\"'".contains(c) => quote = Some(c),
                // A quote that nobody closed ends with its line.
                Some(_) if c == '\n' => quote = None,
                Some(open) if open == c => quote = None,
                _ => {}
            }
        }
        is_done = true;
        Some(start..text.len())
    })
}

/// A value as it should have been written.
fn shown(value: &Value, language: Language) -> String {
    match &value.kind {
        ValueKind::Text(text) if text.contains('\n') => format!("\"\"\"{text}\"\"\""),
        ValueKind::Text(text) | ValueKind::Float(text) if looks_like_time(text) && language == Language::Toml => {
            text.clone()
        }
        ValueKind::Text(text) | ValueKind::Float(text) | ValueKind::Time(text) => {
            if text.contains('"') && !text.contains('\'') {
                format!("'{text}'")
            } else {
                format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
            }
        }
        ValueKind::Integer(number) => number.to_string(),
        ValueKind::Bool(value) => value.to_string(),
        ValueKind::List(items) => {
            let items: Vec<_> = items.iter().map(|item| shown(item, language)).collect();
            format!("[{}]", items.join(", "))
        }
        ValueKind::Table(_) | ValueKind::Empty => "\"\"".to_owned(),
    }
}

/// Whether TOML takes the text for a date as it stands.
fn looks_like_time(text: &str) -> bool {
    text.len() >= 10 && toml_datetime(text)
}

fn toml_datetime(text: &str) -> bool {
    text.parse::<toml::value::Datetime>().is_ok()
}

/// Where the text stands without the blanks around it.
fn trimmed_span(text: &str, at: usize) -> Range<usize> {
    let start = at + text.len() - text.trim_start().len();
    start..start + text.trim().len()
}
