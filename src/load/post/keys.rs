//! The keys of front matter, and their values taken one by one with what is wrong about them told.
//!
//! A key that is almost one of ours is read as that; any other is told and left out.

use std::ops::Range;

use super::teller::{Teller, quoted};
use super::value::{Entry, Table, Value, ValueKind};
use super::word::{Near, did_you_mean, fold, near};
use crate::diag::Code;

pub(in crate::load) const INCIDENT_KEYS: &[&str] = &[
    "title",
    "kind",
    "components",
    "impact",
    "affected",
    "accounts",
    "works",
    "meanwhile",
    "covers",
    "next_update",
    "started",
    "rfo_due",
    "rfo_waived",
    "starts",
    "ends",
    "date",
    "aliases",
    "draft",
];

pub(in crate::load) const RFO_KEYS: &[&str] = &[
    "rfo_for",
    "title",
    "published",
    "cause",
    "started",
    "ended",
    "duration",
    "authors",
    "follow_up",
    "date",
    "aliases",
    "draft",
];

pub(in crate::load) const FOLLOW_UP_KEYS: &[&str] = &["what", "due", "done", "link", "owner", "dropped"];

/// What other tools leave: read as nothing, but enough to know front matter by.
const FOREIGN_KEYS: &[&str] = &[
    "layout",
    "tags",
    "categories",
    "category",
    "status",
    "severity",
    "description",
    "summary",
    "author",
    "slug",
    "section",
    "permalink",
    "type",
    "resolved",
    "resolvedWhen",
    "informational",
    "pin",
    "weight",
    "lang",
    "id",
];

/// Whether the word is a key of ours or of another tool, or almost one of ours.
pub(super) fn is_known_key(key: &str) -> bool {
    let lists = [INCIDENT_KEYS, RFO_KEYS, FOLLOW_UP_KEYS, FOREIGN_KEYS];
    if lists.iter().any(|list| list.contains(&key)) {
        return true;
    }
    let folded = fold(key);
    is_own_key(key) || lists.iter().any(|list| list.iter().any(|known| fold(known) == folded))
}

/// Whether the word is a key of ours, or almost one.
pub(super) fn is_own_key(key: &str) -> bool {
    matches!(near(key, INCIDENT_KEYS.iter().chain(RFO_KEYS).copied()), Near::Surely(_))
}

/// Whether the key's value is a list, so that commas part it.
pub(super) fn is_list_key(key: &str) -> bool {
    matches!(near(key, ["components", "covers", "authors", "aliases"]), Near::Surely(_))
}

/// Whether front matter says that the file is a report.
pub(super) fn names_report(table: &Table) -> bool {
    table.entries.iter().any(|entry| fold(&entry.key) == "rfofor")
}

/// A table whose keys are all known, to be taken from.
pub(super) struct Keys {
    entries: Vec<Entry>,
}

/// A word of a list, and where it stands.
pub(super) type Item = (String, Range<usize>);

impl Keys {
    /// Tells of unknown keys and leaves them out.
    pub(super) fn of(table: Table, known: &[&'static str], tell: &mut Teller) -> Keys {
        let mut keys = Keys { entries: Vec::with_capacity(table.entries.len()) };
        let (ours, others): (Vec<_>, Vec<_>) =
            table.entries.into_iter().partition(|entry| known.contains(&entry.key.as_str()));
        keys.entries.extend(ours);
        for mut entry in others {
            let meant = match near(&entry.key, known.iter().copied()) {
                Near::Surely(found) if !keys.has(found) => Some(found),
                Near::Surely(_) | Near::Perhaps(_) | Near::No => None,
            };
            let telling = tell
                .warning(Code::UNKNOWN_KEY, entry.key_span.clone(), format!("no key is called {}", quoted(&entry.key)))
                .cure(did_you_mean(&entry.key, known.iter().copied()));
            match meant {
                Some(found) => {
                    telling.outcome(format!("read as `{found}`"));
                    entry.key = found.to_owned();
                    keys.entries.push(entry);
                }
                None => {
                    telling.outcome("published, without it");
                }
            }
        }
        keys
    }

    pub(super) fn has(&self, key: &str) -> bool {
        self.entries.iter().any(|entry| entry.key == key)
    }

    /// Whether no key has a value.
    pub(super) fn say_nothing(&self) -> bool {
        self.entries.iter().all(|entry| match &entry.value.kind {
            ValueKind::Empty => true,
            ValueKind::Text(text) => text.trim().is_empty(),
            ValueKind::List(items) => items.is_empty(),
            _ => false,
        })
    }

    /// Where the key itself stands.
    pub(super) fn key_span(&self, key: &str) -> Option<Range<usize>> {
        self.entries.iter().find(|entry| entry.key == key).map(|entry| entry.key_span.clone())
    }

    /// Where the key's value stands.
    pub(super) fn value_span(&self, key: &str) -> Option<Range<usize>> {
        self.entries.iter().find(|entry| entry.key == key).map(|entry| entry.value.span.clone())
    }

    /// The value, without taking it.
    pub(super) fn peek(&self, key: &str) -> Option<&ValueKind> {
        self.entries.iter().find(|entry| entry.key == key).map(|entry| &entry.value.kind)
    }

    /// The value, if there is one.
    pub(super) fn take(&mut self, key: &str) -> Option<Value> {
        let index = self.entries.iter().position(|entry| entry.key == key)?;
        let value = self.entries.swap_remove(index).value;
        (value.kind != ValueKind::Empty).then_some(value)
    }

    /// A word or a number, as text of one line.
    pub(super) fn words(&mut self, key: &str, tell: &mut Teller) -> Option<Item> {
        let value = self.take(key)?;
        match value.as_words() {
            Some(words) => Some((words, value.span)),
            None => {
                tell_type(key, &value, "text", tell);
                None
            }
        }
    }

    /// Plain text of one line, at most `chars_max` long.
    pub(super) fn line(&mut self, key: &str, chars_max: usize, tell: &mut Teller) -> Option<String> {
        let value = self.take(key)?;
        if let ValueKind::Bool(_) = value.kind {
            tell_type(key, &value, "text", tell);
            return None;
        }
        let Some(words) = value.as_words().or_else(|| joined(&value)) else {
            tell_type(key, &value, "text", tell);
            return None;
        };
        let line = one_line(&words);
        (!line.is_empty()).then(|| bounded(line, key, chars_max, &value.span, tell))
    }

    /// Markdown, of any number of lines.
    pub(super) fn markdown(&mut self, key: &str, tell: &mut Teller) -> Option<String> {
        let value = self.take(key)?;
        let words = value.as_words().filter(|_| !matches!(value.kind, ValueKind::Bool(_)));
        let Some(words) = words.or_else(|| joined(&value)) else {
            tell_type(key, &value, "text", tell);
            return None;
        };
        let words = words.trim();
        (!words.is_empty()).then(|| words.to_owned())
    }

    /// A list of words; one text is parted at its commas.
    pub(super) fn list(&mut self, key: &str, tell: &mut Teller) -> Vec<Item> {
        let Some(value) = self.take(key) else { return Vec::new() };
        match value.kind {
            ValueKind::List(items) => items
                .into_iter()
                .filter_map(|item| match item.as_words() {
                    Some(words) => Some((one_line(&words), item.span)),
                    None => {
                        tell_type(key, &item, "a list of words", tell);
                        None
                    }
                })
                .filter(|(words, _)| !words.is_empty())
                .collect(),
            ValueKind::Text(text) => parted(&text, &value.span),
            _ => {
                tell_type(key, &value, "a list", tell);
                value.as_words().map(|words| (words, value.span)).into_iter().collect()
            }
        }
    }

    /// Tables in a list; one table alone is a list of one.
    pub(super) fn tables(&mut self, key: &str, tell: &mut Teller) -> Vec<(Table, Range<usize>)> {
        let Some(value) = self.take(key) else { return Vec::new() };
        let items = match value.kind {
            ValueKind::List(items) => items,
            _ => vec![value],
        };
        let mut tables = Vec::with_capacity(items.len());
        for item in items {
            match item.kind {
                ValueKind::Table(table) => tables.push((table, item.span)),
                // A promise in plain words is one all the same.
                ValueKind::Text(text) => {
                    let what = Value::new(item.span.clone(), ValueKind::Text(text));
                    let entry = Entry { key: "what".to_owned(), key_span: item.span.clone(), value: what };
                    tables.push((Table { entries: vec![entry] }, item.span));
                }
                _ => tell_type(key, &item, "a table", tell),
            }
        }
        tables
    }
}

pub(super) fn tell_type(key: &str, value: &Value, expected: &str, tell: &mut Teller) {
    tell.error(
        Code::WRONG_TYPE,
        value.span.clone(),
        format!("`{key}` is {}, where {expected} is expected", value.type_name()),
    )
    .cure(format!("write {expected}"))
    .outcome("published, without it");
}

/// A list of words as running text.
fn joined(value: &Value) -> Option<String> {
    let ValueKind::List(items) = &value.kind else { return None };
    let words: Option<Vec<_>> = items.iter().map(Value::as_words).collect();
    words.map(|words| words.join(", "))
}

/// The parts of a text between commas, each with its place as far as that can be known.
fn parted(text: &str, span: &Range<usize>) -> Vec<Item> {
    // The quotes, if the text stands in some, are the difference in length, half on each side.
    let quotes = span.len().saturating_sub(text.len()) / 2;
    let mut at = span.start + quotes;
    let mut items = Vec::new();
    for part in text.split(',') {
        let word = part.trim();
        if !word.is_empty() {
            let start = (at + part.len() - part.trim_start().len()).min(span.end);
            items.push((one_line(word), start..(start + word.len()).min(span.end)));
        }
        at += part.len() + 1;
    }
    items
}

/// Text with each run of white space as one space.
pub(super) fn one_line(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    line
}

/// The text, cut at `chars_max` characters with an ellipsis; told.
pub(super) fn bounded(text: String, key: &str, chars_max: usize, span: &Range<usize>, tell: &mut Teller) -> String {
    if text.len() <= chars_max || text.chars().count() <= chars_max {
        return text;
    }
    tell.warning(Code::VALUE_TOO_LONG, span.clone(), format!("`{key}` is longer than {chars_max} characters"))
        .cure("say the rest in the text below")
        .outcome("published, cut short");
    let mut cut: String = text.chars().take(chars_max.saturating_sub(1)).collect();
    cut.truncate(cut.trim_end().len());
    cut.push('…');
    cut
}
