//! What front matter says, whatever language it says it in, with the place of each word.

use std::ops::Range;

/// Keys and values in the order of the file; no key stands twice once [`super::front_matter`] has read it.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Table {
    pub entries: Vec<Entry>,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) struct Entry {
    pub key: String,
    /// In bytes of the file.
    pub key_span: Range<usize>,
    pub value: Value,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) struct Value {
    /// In bytes of the file.
    pub span: Range<usize>,
    pub kind: ValueKind,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum ValueKind {
    Text(String),
    Integer(i64),
    /// As written: it is never computed with.
    Float(String),
    Bool(bool),
    /// A date, a time or both, as written; [`super::time`] reads it.
    Time(String),
    List(Vec<Value>),
    Table(Table),
    /// YAML's `null`, or nothing at all.
    Empty,
}

impl Value {
    pub(super) fn new(span: Range<usize>, kind: ValueKind) -> Value {
        Value { span, kind }
    }

    /// What it is, for a message.
    pub(super) fn type_name(&self) -> &'static str {
        match self.kind {
            ValueKind::Text(_) => "text",
            ValueKind::Integer(_) | ValueKind::Float(_) => "a number",
            ValueKind::Bool(_) => "true or false",
            ValueKind::Time(_) => "a time",
            ValueKind::List(_) => "a list",
            ValueKind::Table(_) => "a table",
            ValueKind::Empty => "nothing",
        }
    }

    /// A single value as the writer would write it in running text; `None` for lists, tables and nothing.
    pub(super) fn as_words(&self) -> Option<String> {
        match &self.kind {
            ValueKind::Text(text) | ValueKind::Float(text) | ValueKind::Time(text) => Some(text.clone()),
            ValueKind::Integer(number) => Some(number.to_string()),
            ValueKind::Bool(value) => Some(value.to_string()),
            ValueKind::List(_) | ValueKind::Table(_) | ValueKind::Empty => None,
        }
    }
}
