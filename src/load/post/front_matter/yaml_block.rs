//! YAML 1.2 (<https://yaml.org/spec/1.2.2/>) with the core schema, from the parser's events.
//!
//! Not read: anchors and aliases (a few lines of them can stand for gigabytes), tags, keys that are no plain words,
//! more than one document. Nesting and the number of events are bounded.

use std::ops::Range;

use saphyr_parser::{Event, Parser, ScalarStyle, Span};

use super::super::value::{Entry, Table, Value, ValueKind};

const DEPTH_MAX: usize = 16;
const EVENTS_MAX: usize = 20_000;

/// Reads a whole block; `offset` is where it stands in the file.
///
/// # Errors
///
/// The place of the first mistake, or of what is not read.
pub(super) fn read(block: &str, offset: usize) -> Result<Table, Range<usize>> {
    let places = Places::new(block, offset);
    let mut stack: Vec<Open> = Vec::new();
    for event in Parser::new_from_str(block).take(EVENTS_MAX) {
        let (event, span) = event.map_err(|error| places.at(error.marker().index()))?;
        let span = places.span(span);
        let done = match event {
            Event::Scalar(text, style, 0, None) => Some(Value::new(span, scalar(&text, style))),
            Event::SequenceStart(0, None) if stack.len() < DEPTH_MAX => {
                stack.push(Open::List(span.start, Vec::new()));
                None
            }
            Event::MappingStart(0, None) if stack.len() < DEPTH_MAX => {
                stack.push(Open::Table(span.start, Table::default(), None));
                None
            }
            Event::SequenceEnd | Event::MappingEnd => stack.pop().map(|open| open.close(span.end)),
            Event::Nothing | Event::StreamStart | Event::DocumentStart(_) => None,
            // An empty document; one with a value has been returned.
            Event::StreamEnd | Event::DocumentEnd => return Ok(Table::default()),
            Event::Scalar(..) | Event::SequenceStart(..) | Event::MappingStart(..) | Event::Alias(_) => {
                return Err(span);
            }
        };
        if let Some(value) = done {
            match (stack.last_mut(), value.kind) {
                (Some(open), kind) => open.put(Value::new(value.span, kind))?,
                (None, ValueKind::Table(table)) => return Ok(table),
                (None, ValueKind::Empty) => return Ok(Table::default()),
                (None, _) => return Err(value.span),
            }
        }
    }
    Err(places.at(0))
}

/// A list or mapping that is not closed yet, with its start.
enum Open {
    List(usize, Vec<Value>),
    /// And the key that waits for its value.
    Table(usize, Table, Option<(String, Range<usize>)>),
}

impl Open {
    fn put(&mut self, value: Value) -> Result<(), Range<usize>> {
        match self {
            Open::List(_, items) => items.push(value),
            Open::Table(_, table, key) => match key.take() {
                Some((key, key_span)) => table.entries.push(Entry { key, key_span, value }),
                None => match value.as_words() {
                    Some(words) => *key = Some((words, value.span)),
                    None => return Err(value.span),
                },
            },
        }
        Ok(())
    }

    fn close(self, end: usize) -> Value {
        match self {
            Open::List(start, items) => Value::new(start..end.max(start), ValueKind::List(items)),
            Open::Table(start, table, _) => Value::new(start..end.max(start), ValueKind::Table(table)),
        }
    }
}

/// The core schema's words; quoted text is always text.
fn scalar(text: &str, style: ScalarStyle) -> ValueKind {
    if style != ScalarStyle::Plain {
        return ValueKind::Text(text.to_owned());
    }
    match text {
        "" | "~" | "null" | "Null" | "NULL" => ValueKind::Empty,
        "true" | "True" | "TRUE" => ValueKind::Bool(true),
        "false" | "False" | "FALSE" => ValueKind::Bool(false),
        _ => match text.parse() {
            Ok(number) if !text.starts_with('+') => ValueKind::Integer(number),
            _ if text.parse::<f64>().is_ok() && text.starts_with(|c: char| c.is_ascii_digit()) => {
                ValueKind::Float(text.to_owned())
            }
            _ => ValueKind::Text(text.to_owned()),
        },
    }
}

/// The parser counts characters; places are bytes of the file.
struct Places {
    /// The byte of each character; empty for ASCII, where they are equal.
    bytes: Vec<usize>,
    len: usize,
    offset: usize,
}

impl Places {
    fn new(block: &str, offset: usize) -> Places {
        let bytes = if block.is_ascii() { Vec::new() } else { block.char_indices().map(|(at, _)| at).collect() };
        Places { bytes, len: block.len(), offset }
    }

    fn byte(&self, index: usize) -> usize {
        let byte = if self.bytes.is_empty() { index } else { self.bytes.get(index).copied().unwrap_or(self.len) };
        byte.min(self.len) + self.offset
    }

    fn at(&self, index: usize) -> Range<usize> {
        self.byte(index)..self.byte(index)
    }

    fn span(&self, span: Span) -> Range<usize> {
        let start = self.byte(span.start.index());
        start..self.byte(span.end.index()).max(start)
    }
}
