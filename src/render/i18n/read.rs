//! Reads the files of texts, and finds what is wrong with them.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use toml::de::{DeTable, DeValue};

use super::{I18n, Message, Pattern, Piece, T};
use crate::diag::{Code, Diagnostic, Source, nearest};
use crate::model::ThemeFiles;

/// The built-in English, which every other file falls back to.
const ENGLISH: &str = include_str!("../../../theme/i18n/en.toml");

pub(super) fn read(files: &ThemeFiles, language: &str) -> Result<(I18n, Vec<Diagnostic>), Vec<Diagnostic>> {
    let mut errors = Vec::new();
    let mut warnings = Vec::new();
    let mut texts: BTreeMap<String, Message> = BTreeMap::new();
    let english = Source::new("theme/i18n/en.toml", ENGLISH);
    for (name, _, message) in parse(&Arc::new(english), &mut errors) {
        texts.insert(name, message);
    }
    for source in overrides(files, language, &mut errors) {
        for (name, span, message) in parse(&source, &mut errors) {
            let Some(known) = texts.get_mut(&name) else {
                warnings.push(unknown_key(&source, span, &name, texts.keys()));
                continue;
            };
            match unknown_place(known, &message) {
                Some(place) => errors.push(unknown_place_told(&source, span, &name, &place, known)),
                None => *known = message,
            }
        }
    }
    let mut messages = Vec::with_capacity(T::ALL.len());
    for (_, name) in T::ALL {
        match texts.remove(*name) {
            Some(message) => messages.push(message),
            None => errors.push(
                Diagnostic::error(Code::THEME_TEXT, format!("the built-in texts lack `{name}`"))
                    .cure("this is a mistake in upfront itself; please report it"),
            ),
        }
    }
    let i18n = I18n { messages, rest: texts, language: language.to_owned() };
    if errors.is_empty() { Ok((i18n, warnings)) } else { Err(errors) }
}

/// The site's own files, in the order in which they override: English, the language, the language of that region.
fn overrides(files: &ThemeFiles, language: &str, errors: &mut Vec<Diagnostic>) -> Vec<Arc<Source>> {
    let primary = language.split('-').next().unwrap_or(language);
    let mut names = vec!["en", primary, language];
    names.dedup();
    let mut sources = Vec::new();
    for name in names {
        let path = format!("i18n/{name}.toml");
        let Some(bytes) = files.0.get(&path).filter(|bytes| bytes.as_slice() != ENGLISH.as_bytes()) else { continue };
        match std::str::from_utf8(bytes) {
            Ok(text) => sources.push(Arc::new(Source::new(format!("theme/{path}"), text))),
            Err(_) => {
                let source = Arc::new(Source::new(format!("theme/{path}"), ""));
                errors.push(
                    Diagnostic::error(Code::THEME_TEXT, "this file is not UTF-8")
                        .at(&source, 0..0)
                        .cure("save it as UTF-8"),
                );
            }
        }
    }
    sources
}

/// All texts of a file, with their places in it.
fn parse(source: &Arc<Source>, errors: &mut Vec<Diagnostic>) -> Vec<(String, Range<usize>, Message)> {
    let (table, problems) = DeTable::parse_recoverable(source.text());
    for problem in problems {
        let span = problem.span().unwrap_or(0..0);
        errors.push(
            Diagnostic::error(Code::THEME_TEXT, problem.message().to_owned())
                .at(source, span)
                .cure("expected `key = \"text\"`"),
        );
    }
    let mut texts = Vec::new();
    for (key, value) in table.get_ref() {
        let message = match value.get_ref() {
            DeValue::String(text) => pattern(text).map(Message::Plain),
            DeValue::Table(forms) => plural(forms),
            _ => Err("a text is expected here".to_owned()),
        };
        match message {
            Ok(message) => texts.push((key.get_ref().to_string(), key.span(), message)),
            Err(wrong) => errors.push(
                Diagnostic::error(Code::THEME_TEXT, format!("`{}`: {wrong}", key.get_ref()))
                    .at(source, value.span())
                    .cure("write `\"text with a {place}\"` or `{ one = \"…\", other = \"…\" }`"),
            ),
        }
    }
    texts
}

fn plural(forms: &DeTable<'_>) -> Result<Message, String> {
    let form = |name: &str| match forms.get(name).map(|form| form.get_ref()) {
        Some(DeValue::String(text)) => pattern(text),
        _ => Err(format!("the form `{name}` is missing")),
    };
    Ok(Message::Plural { one: form("one")?, other: form("other")? })
}

fn pattern(text: &str) -> Result<Pattern, String> {
    let mut pieces = Vec::new();
    let mut literal = String::new();
    let mut rest = text;
    while let Some(at) = rest.find('{') {
        literal.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        if let Some(after) = rest.strip_prefix('{') {
            literal.push('{');
            rest = after;
            continue;
        }
        let (name, after) = rest.split_once('}').ok_or("an opening brace is not closed")?;
        if name.is_empty() || !name.bytes().all(|b| b.is_ascii_lowercase() || b == b'_') {
            return Err(format!("`{{{name}}}` is no name of a place"));
        }
        if !literal.is_empty() {
            pieces.push(Piece::Text(std::mem::take(&mut literal)));
        }
        pieces.push(Piece::Place(name.to_owned()));
        rest = after;
    }
    literal.push_str(rest);
    if !literal.is_empty() {
        pieces.push(Piece::Text(literal));
    }
    Ok(Pattern(pieces))
}

/// A place that `message` has and `known`, which the program fills, has not.
fn unknown_place(known: &Message, message: &Message) -> Option<String> {
    let known: Vec<&str> = known.patterns().into_iter().flat_map(Pattern::places).collect();
    let mut places = message.patterns().into_iter().flat_map(Pattern::places);
    places.find(|place| *place != "count" && !known.contains(place)).map(str::to_owned)
}

fn unknown_key<'a>(
    source: &Arc<Source>,
    span: Range<usize>,
    name: &str,
    known: impl Iterator<Item = &'a String>,
) -> Diagnostic {
    let cure = match nearest(name, known.map(String::as_str)) {
        Some(near) => format!("did you mean `{near}`?"),
        None => "take it out".to_owned(),
    };
    Diagnostic::warning(Code::THEME_TEXT, format!("no text is called `{name}`")).at(source, span).cure(cure)
}

fn unknown_place_told(
    source: &Arc<Source>,
    span: Range<usize>,
    name: &str,
    place: &str,
    known: &Message,
) -> Diagnostic {
    let mut places: Vec<String> =
        known.patterns().into_iter().flat_map(Pattern::places).map(|place| format!("`{{{place}}}`")).collect();
    places.sort();
    places.dedup();
    let cure = match places.as_slice() {
        [] => "nothing is filled in here".to_owned(),
        places => format!("what is filled in here is {}", places.join(", ")),
    };
    Diagnostic::error(Code::THEME_TEXT, format!("`{name}` has no place called `{{{place}}}`"))
        .at(source, span)
        .cure(cure)
}
