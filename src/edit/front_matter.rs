//! One key of a front matter, set or removed.
//!
//! TOML (<https://toml.io/en/v1.1.0>) stands between `+++`, YAML (<https://yaml.org/spec/1.2.2/>) between `---`. In
//! TOML the place of a value is asked of the parser. In YAML it is found by its line, since root keys stand at the
//! beginning of one; a root in flow style (`{a: b}`) is left alone.

use std::ops::Range;

use toml_edit::Document;

use super::text::{line_ending, lines, start};

/// The front matter cannot be read, so that nothing in it may be changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unreadable;

/// Sets a key to a value, which is written as it is given. A file without front matter gets one.
///
/// # Errors
///
/// [`Unreadable`] where the front matter is broken.
///
/// # Example
///
/// ```
/// use upfront::edit::set_key;
///
/// let text = set_key("+++\ntitle = 'Slow' # yes\n+++\n", "accounts", "12").unwrap();
/// assert_eq!(text, "+++\ntitle = 'Slow' # yes\naccounts = 12\n+++\n");
/// ```
pub fn set_key(text: &str, key: &str, value: &str) -> Result<String, Unreadable> {
    // TOML and YAML know no line that ends in a lone carriage return.
    let eol = if line_ending(text) == "\r\n" { "\r\n" } else { "\n" };
    match find(text) {
        Found::None => {
            let (mark, body) = text.split_at(start(text));
            let gap = if body.is_empty() { "" } else { eol };
            Ok([mark, "+++", eol, key, " = ", value, eol, "+++", eol, gap, body].concat())
        }
        Found::Unclosed => Err(Unreadable),
        Found::Toml(inside) => match toml_place(&text[inside.clone()], key)? {
            Toml::Value { value: at, .. } => Ok(splice(text, inside.start, at, value)),
            Toml::Absent { line_end } => {
                Ok(splice(text, inside.start, line_end..line_end, &[key, " = ", value, eol].concat()))
            }
        },
        Found::Yaml(inside) => match yaml_place(&text[inside.clone()], key)? {
            Some(place) => Ok(splice(text, inside.start, place.value, &[" ", value].concat())),
            None => Ok(splice(text, inside.end, 0..0, &[key, ": ", value, eol].concat())),
        },
    }
}

/// Removes a key with its line. A file that does not have it stays as it is.
///
/// # Errors
///
/// [`Unreadable`] where the front matter is broken.
pub fn remove_key(text: &str, key: &str) -> Result<String, Unreadable> {
    match find(text) {
        Found::None => Ok(text.to_owned()),
        Found::Unclosed => Err(Unreadable),
        Found::Toml(inside) => match toml_place(&text[inside.clone()], key)? {
            Toml::Value { lines, .. } => Ok(splice(text, inside.start, lines, "")),
            Toml::Absent { .. } => Ok(text.to_owned()),
        },
        Found::Yaml(inside) => match yaml_place(&text[inside.clone()], key)? {
            Some(place) => Ok(splice(text, inside.start, place.lines, "")),
            None => Ok(text.to_owned()),
        },
    }
}

/// Where the Markdown begins: past byte order mark and front matter.
pub fn body_start(text: &str) -> usize {
    match find(text) {
        Found::None | Found::Unclosed => start(text),
        Found::Toml(inside) | Found::Yaml(inside) => {
            inside.end + lines(&text[inside.end..]).next().map_or(0, |(_, line)| line.len())
        }
    }
}

/// The stretch between the fences, whole lines.
enum Found {
    None,
    Unclosed,
    Toml(Range<usize>),
    Yaml(Range<usize>),
}

fn find(text: &str) -> Found {
    let begin = start(text);
    let mut rows = lines(&text[begin..]).map(|(at, line)| (begin + at, line)).skip_while(|(_, l)| l.trim().is_empty());
    let Some((at, first)) = rows.next() else { return Found::None };
    let opening = first.trim_end();
    if opening != "+++" && opening != "---" {
        return Found::None;
    }
    let inside = at + first.len();
    let closes = |line: &str| line == opening || (opening == "---" && line == "...");
    match rows.find(|(_, line)| closes(line.trim_end())) {
        None => Found::Unclosed,
        Some((end, _)) if opening == "+++" => Found::Toml(inside..end),
        Some((end, _)) => Found::Yaml(inside..end),
    }
}

enum Toml {
    Value {
        value: Range<usize>,
        /// From the beginning of its first line to the end of its last one.
        lines: Range<usize>,
    },
    /// A new root key may stand at this byte.
    Absent { line_end: usize },
}

fn toml_place(inside: &str, key: &str) -> Result<Toml, Unreadable> {
    let document = Document::parse(inside).map_err(|_| Unreadable)?;
    let root = document.as_table();
    if let Some((name, item)) = root.get_key_value(key) {
        let value = item.as_value().and_then(|value| value.span()).ok_or(Unreadable)?;
        let begin = name.span().ok_or(Unreadable)?.start;
        let first = inside[..begin].rfind('\n').map_or(0, |at| at + 1);
        return Ok(Toml::Value { lines: first..line_end(inside, value.end), value });
    }
    let ends = root.iter().filter_map(|(_, item)| item.as_value()?.span()).map(|span| span.end);
    Ok(Toml::Absent { line_end: ends.max().map_or(0, |end| line_end(inside, end)) })
}

struct Yaml {
    /// All behind the colon, a comment excepted.
    value: Range<usize>,
    lines: Range<usize>,
}

fn yaml_place(inside: &str, key: &str) -> Result<Option<Yaml>, Unreadable> {
    let significant = |line: &&str| !line.trim().is_empty() && !line.starts_with('#');
    let first = inside.lines().find(significant).unwrap_or_default();
    if first.starts_with(['{', '[', '<', '%', '\t']) || super::has_conflict_markers(inside) {
        return Err(Unreadable);
    }
    if lines(inside).filter(|(_, line)| after_key(line, key).is_some()).count() > 1 {
        return Err(Unreadable);
    }
    let mut rows = lines(inside).peekable();
    while let Some((at, line)) = rows.next() {
        let Some(rest) = after_key(line, key) else { continue };
        let value = at + line.len() - rest.len();
        let mut lines_end = at + line.len();
        let mut value_end = value + without_comment(rest).len();
        // A value that goes on in further, indented lines goes with its key.
        let goes_on = |line: &str| line.starts_with([' ', '\t']) && !line.trim().is_empty();
        while let Some((at, line)) = rows.next_if(|(_, line)| goes_on(line)) {
            lines_end = at + line.len();
            value_end = at + line.trim_end().len();
        }
        return Ok(Some(Yaml { value: value..value_end, lines: at..lines_end }));
    }
    Ok(None)
}

/// What stands behind `key:` at the beginning of a line.
fn after_key<'a>(line: &'a str, key: &str) -> Option<&'a str> {
    let unquoted = line.strip_prefix(['"', '\'']).unwrap_or(line);
    let rest = unquoted.strip_prefix(key)?;
    let rest = rest.strip_prefix(['"', '\'']).unwrap_or(rest).trim_start_matches(' ').strip_prefix(':')?;
    rest.starts_with([' ', '\t', '\r', '\n']).then_some(rest)
}

fn without_comment(rest: &str) -> &str {
    let end = rest.find(" #").or_else(|| rest.find("\t#")).unwrap_or(rest.len());
    rest[..end].trim_end()
}

fn line_end(text: &str, from: usize) -> usize {
    text[from..].find('\n').map_or(text.len(), |at| from + at + 1)
}

/// `text` with the bytes `range`, counted from `base`, replaced.
fn splice(text: &str, base: usize, range: Range<usize>, with: &str) -> String {
    [&text[..base + range.start], with, &text[base + range.end..]].concat()
}
