//! Bytes → a document, or what they are instead.

use std::fmt;
use std::sync::Arc;

use serde::de::{Deserialize as _, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

use crate::diag::{Code, Diagnostic, LineColumn, Source};
use crate::load::feed::Payload;

/// How many values a document may have: small objects take a quarter of a kilobyte of memory each.
const VALUES_MAX: usize = 2_000_000;

/// What the error says then; serde hands on nothing but texts.
const MANY: &str = "too many values";

/// The document, or `None` where it is none; why has then been told.
pub(in crate::load::feed) fn parse(payload: &Payload, diagnostics: &mut Vec<Diagnostic>) -> Option<Value> {
    let text = match readable(payload) {
        Ok(text) => text,
        Err(told) => {
            diagnostics.push(told);
            return None;
        }
    };
    let mut counted = Counted { values: 0, twice: None };
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let read = Node(&mut counted).deserialize(&mut deserializer).and_then(|node| {
        deserializer.end()?;
        Ok(node)
    });
    match read {
        Ok(node) => {
            diagnostics.extend(counted.twice.map(|twice| twice.told(payload)));
            node
        }
        Err(error) => {
            diagnostics.push(told(payload, text, &error));
            None
        }
    }
}

/// A place in a feed, whose text is not shown.
pub(in crate::load::feed) fn place(told: Diagnostic, name: &str, at: LineColumn) -> Diagnostic {
    let at = LineColumn { line: at.line.max(1), column: at.column.max(1) };
    told.at(&Arc::new(Source::unseen(name, at)), 0..0)
}

/// A feed as a whole.
pub(in crate::load::feed) fn whole(told: Diagnostic, name: &str) -> Diagnostic {
    told.at(&Arc::new(Source::new(name, "")), 0..0)
}

/// What is told of a text that serde_json could not read.
pub(in crate::load::feed) fn told(payload: &Payload, text: &str, error: &serde_json::Error) -> Diagnostic {
    what(text, error).told(payload, LineColumn { line: error.line(), column: error.column() })
}

/// The same as a clause, for what is only part of an answer.
pub(in crate::load::feed) fn said(text: &str, error: &serde_json::Error) -> String {
    what(text, error).message
}

/// The text of an answer.
///
/// # Errors
///
/// What is told of bytes that cannot be a document at all: a web page, another encoding, nothing.
pub(in crate::load::feed) fn readable(payload: &Payload) -> Result<&str, Diagnostic> {
    readable_bytes(&payload.bytes).map_err(|(what, at)| what.told(payload, at))
}

/// The line and column behind these bytes.
pub(in crate::load::feed) fn line_column(before: &[u8]) -> LineColumn {
    let line_start = memchr::memrchr(b'\n', before).map_or(0, |at| at + 1);
    LineColumn {
        line: memchr::memchr_iter(b'\n', before).count() + 1,
        column: String::from_utf8_lossy(before.get(line_start..).unwrap_or_default()).chars().count() + 1,
    }
}

/// What the bytes are instead of a document.
struct What {
    message: String,
    cure: &'static str,
}

impl What {
    fn new(message: impl Into<String>, cure: &'static str) -> What {
        What { message: message.into(), cure }
    }

    fn told(self, payload: &Payload, at: LineColumn) -> Diagnostic {
        let told = Diagnostic::error(Code::FEED_SYNTAX, self.message).cure(self.cure);
        place(told.outcome("nothing of it is used"), &payload.name, at)
    }
}

fn readable_bytes(bytes: &[u8]) -> Result<&str, (What, LineColumn)> {
    const AS_UTF8: &str = "write it as UTF-8";

    let start = LineColumn { line: 1, column: 1 };
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    if bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") {
        return Err((What::new("this is UTF-16, not UTF-8", AS_UTF8), start));
    }
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let (before, _) = bytes.split_at(error.valid_up_to());
        let message = if error.error_len().is_none() {
            "this is cut off in the middle of a character"
        } else {
            "this is not UTF-8"
        };
        (What::new(message, AS_UTF8), line_column(before))
    })?;
    match text.trim_start().chars().next() {
        None => Err((What::new("this is empty", "the source answered nothing: ask it by hand"), start)),
        Some('<') => {
            let cure = "the address leads to a page for people, often one to log in at: check `url` and the secrets";
            Err((What::new("this is a web page, not JSON", cure), start))
        }
        Some(_) => Ok(text),
    }
}

fn what(text: &str, error: &serde_json::Error) -> What {
    let said = error.to_string();
    if error.is_data() && !said.starts_with(MANY) {
        return What::new(without_value(without_place(&said)), "");
    }
    if error.is_eof() {
        return What::new("this is cut off: it ends in the middle", "ask again, or raise `timeout`");
    }
    if said.starts_with("recursion limit exceeded") {
        return What::new("lists and objects stand in each other more than 128 deep", "no source answers so");
    }
    if said.starts_with(MANY) {
        return What::new("there are more than 2 million values in it", "ask the source for less at once");
    }
    if let Some(word) = no_number(text, error) {
        let message = format!("this is not JSON: `{word}` is no number in it");
        return What::new(message, "have the source leave out the key, or say `null`");
    }
    What::new(format!("this is not JSON: {}", without_place(&said)), "check the kind of the feed, and its address")
}

/// `NaN` or `Infinity`, where that is what stands at the place of the error.
fn no_number(text: &str, error: &serde_json::Error) -> Option<&'static str> {
    let line = text.split('\n').nth(error.line().checked_sub(1)?)?;
    let mut start = error.column().saturating_sub(2).min(line.len());
    while !line.is_char_boundary(start) {
        start -= 1;
    }
    let near: String = line.get(start..)?.chars().take(12).collect();
    ["NaN", "Infinity"].into_iter().find(|word| near.contains(word))
}

/// serde_json puts the place into its sentence; ours stands elsewhere.
fn without_place(said: &str) -> &str {
    said.rfind(" at line ").and_then(|end| said.get(..end)).unwrap_or(said)
}

/// What serde found and expected: it also shows the value, which may be private.
fn without_value(said: &str) -> String {
    let expected = said.rfind(", expected ").and_then(|at| said.get(at..));
    match (said.split_once(": "), expected) {
        (Some(("invalid type" | "invalid value", found)), Some(expected)) => {
            let found = found.split([' ', ',']).next().unwrap_or_default();
            format!("found {}, expected {}", plain(found), plain(expected.trim_start_matches(", expected ")))
        }
        _ => said.replace("duplicate field", "there are two of"),
    }
}

/// Serde's words for kinds of values, in ours.
fn plain(word: &str) -> &str {
    match word {
        "string" => "text",
        "integer" | "floating" | "f64" => "a number",
        "u16" | "u32" => "a whole number that is not negative",
        "boolean" | "a boolean" => "`true` or `false`",
        "null" => "`null`",
        "sequence" | "a sequence" => "a list",
        "map" => "an object",
        other => other,
    }
}

/// What is counted while a document is read.
struct Counted {
    values: usize,
    twice: Option<Twice>,
}

/// Keys that stand twice in an object.
struct Twice {
    /// The first of them. Only short names of keys: a longer one may be anything.
    key: String,
    objects: usize,
}

/// A longer key is no word of a format.
const KEY_CHARS_SHOWN_MAX: usize = 40;

impl Twice {
    fn told(self, payload: &Payload) -> Diagnostic {
        let key: String = self.key.chars().take(KEY_CHARS_SHOWN_MAX).collect();
        let outcome = match self.objects {
            1 => "the object it stands in is left out, since either could be meant".to_owned(),
            many => format!("{many} objects of that sort are left out, since either could be meant"),
        };
        let told = Diagnostic::warning(Code::FEED_SYNTAX, format!("the key `{key}` stands twice in one object"));
        whole(told.outcome(outcome), &payload.name)
    }
}

/// A value; `None` for an object that has a key twice.
struct Node<'a>(&'a mut Counted);

impl<'de> DeserializeSeed<'de> for Node<'_> {
    type Value = Option<Value>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Option<Value>, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Node<'_> {
    type Value = Option<Value>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Option<Value>, E> {
        Ok(Some(Value::Bool(value)))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Option<Value>, E> {
        Ok(Some(Value::Number(value.into())))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Option<Value>, E> {
        Ok(Some(Value::Number(value.into())))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Option<Value>, E> {
        Ok(Some(Number::from_f64(value).map_or(Value::Null, Value::Number)))
    }

    fn visit_str<E>(self, value: &str) -> Result<Option<Value>, E> {
        Ok(Some(Value::String(value.to_owned())))
    }

    fn visit_string<E>(self, value: String) -> Result<Option<Value>, E> {
        Ok(Some(Value::String(value)))
    }

    fn visit_unit<E>(self) -> Result<Option<Value>, E> {
        Ok(Some(Value::Null))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Option<Value>, A::Error> {
        let mut values = Vec::new();
        while let Some(value) = list.next_element_seed(Node(self.0))? {
            self.0.one_more::<A::Error>()?;
            values.extend(value);
        }
        Ok(Some(Value::Array(values)))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Option<Value>, A::Error> {
        let mut members = Map::new();
        let mut twice = None;
        while let Some(key) = object.next_key_seed(Key)? {
            self.0.one_more::<A::Error>()?;
            let value = object.next_value_seed(Node(self.0))?.unwrap_or_default();
            if members.contains_key(&key) {
                twice.get_or_insert(key);
            } else {
                members.insert(key, value);
            }
        }
        let Some(key) = twice else { return Ok(Some(Value::Object(members))) };
        self.0.twice.get_or_insert(Twice { key, objects: 0 }).objects += 1;
        Ok(None)
    }
}

/// The name of a member.
struct Key;

impl<'de> DeserializeSeed<'de> for Key {
    type Value = String;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<String, D::Error> {
        String::deserialize(deserializer)
    }
}

impl Counted {
    fn one_more<E: serde::de::Error>(&mut self) -> Result<(), E> {
        self.values += 1;
        if self.values > VALUES_MAX { Err(E::custom(MANY)) } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests;
