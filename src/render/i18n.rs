//! Every word that the site says by itself, from `theme/i18n/<language>.toml`.
//!
//! A file is flat TOML: a key and its text. `{name}` in a text is a place that the program fills; the opening brace
//! itself is written `{{`. A text that depends on a number is a pair, `{ one = "…", other = "…" }`, chosen by `{count}`.
//!
//! English is built in and complete. The site's own `theme/i18n/en.toml`, and then the file of its language, override it
//! key by key, so that a site that wants another word writes that one word. A key that nobody asks for, or a place that
//! a text has no value for, is told with its line.
//!
//! What it does not do: plural forms beyond one and other (CLDR has six), and gender.

mod key;
mod read;

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::Html;
use super::escape::html_into;
use crate::diag::Diagnostic;
use crate::model::ThemeFiles;
pub(in crate::render) use key::T;

/// The texts of one language.
#[derive(Clone, Debug, Hash)]
pub(in crate::render) struct I18n {
    /// In the order of [`T`].
    messages: Vec<Message>,
    /// Texts that only templates and the script ask for.
    rest: BTreeMap<String, Message>,
    language: String,
}

/// A text, once read.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Message {
    Plain(Pattern),
    Plural { one: Pattern, other: Pattern },
}

/// A text in pieces: what stands there, and what is filled in.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
struct Pattern(Vec<Piece>);

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Piece {
    Text(String),
    Place(String),
}

impl I18n {
    /// The texts of `language`, and what is worth telling about the site's own files.
    ///
    /// # Errors
    ///
    /// What makes a file unusable: it is not TOML, a value is no text, a brace is not closed.
    pub(in crate::render) fn new(
        files: &ThemeFiles,
        language: &str,
    ) -> Result<(I18n, Vec<Diagnostic>), Vec<Diagnostic>> {
        read::read(files, language)
    }

    /// A BCP 47 tag, for `lang`.
    pub(in crate::render) fn language(&self) -> &str {
        &self.language
    }

    /// A text without places to fill.
    pub(in crate::render) fn word(&self, key: T) -> String {
        self.text(key, &[])
    }

    /// A text, filled.
    pub(in crate::render) fn text(&self, key: T, args: &[(&str, &str)]) -> String {
        let mut out = String::with_capacity(64);
        self.message(key).pattern(None).fill(&mut out, |out, name| push(out, name, args));
        out
    }

    /// A text that depends on a number, which also fills `{count}`.
    pub(in crate::render) fn count(&self, key: T, count: u64, args: &[(&str, &str)]) -> String {
        let mut out = String::with_capacity(64);
        let number = self.number(count);
        self.message(key).pattern(Some(count)).fill(&mut out, |out, name| match name {
            "count" => out.push_str(&number),
            _ => push(out, name, args),
        });
        out
    }

    /// A text, filled with HTML; what stands around is escaped.
    pub(in crate::render) fn html(&self, key: T, args: &[(&str, &Html)]) -> Html {
        let mut out = String::with_capacity(64);
        for piece in &self.message(key).pattern(None).0 {
            match piece {
                Piece::Text(text) => html_into(&mut out, text),
                Piece::Place(name) => {
                    out.push_str(args.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value.as_str()));
                }
            }
        }
        Html::trusted(out)
    }

    /// A whole number, its thousands grouped.
    pub(in crate::render) fn number(&self, number: u64) -> String {
        let digits = number.to_string();
        if digits.len() < 4 {
            return digits;
        }
        let group = self.word(T::number_group);
        let mut out = String::with_capacity(digits.len() * 2);
        for (at, digit) in digits.chars().enumerate() {
            if at > 0 && (digits.len() - at).is_multiple_of(3) {
                out.push_str(&group);
            }
            out.push(digit);
        }
        out
    }

    /// A share in hundredths of a percent, without needless decimals and rounded down to one.
    pub(in crate::render) fn percent(&self, hundredths: u32) -> String {
        let mut number = self.number(u64::from(hundredths / 100));
        let tenths = hundredths % 100 / 10;
        if tenths > 0 {
            let _ = write!(number, "{}{tenths}", self.word(T::number_decimal));
        }
        self.text(T::percent, &[("number", &number)])
    }

    /// A text as it is written, for those who fill it themselves.
    pub(in crate::render) fn pattern(&self, key: T) -> String {
        self.message(key).pattern(None).source()
    }

    /// All texts without places to fill, for the templates: `{{ t.history }}`.
    pub(in crate::render) fn plain_texts(&self) -> BTreeMap<&str, String> {
        let known = T::ALL.iter().zip(&self.messages).map(|((_, name), message)| (*name, message));
        let all = known.chain(self.rest.iter().map(|(name, message)| (name.as_str(), message)));
        all.filter_map(|(name, message)| Some((name, message.plain()?))).collect()
    }

    /// The texts of the script as they are written, places and all. `js_` is left out of their names.
    pub(in crate::render) fn script_texts(&self) -> BTreeMap<&str, String> {
        let of_script = self.rest.iter().filter_map(|(name, message)| Some((name.strip_prefix("js_")?, message)));
        of_script.map(|(name, message)| (name, message.pattern(None).source())).collect()
    }

    fn message(&self, key: T) -> &Message {
        static NOTHING: Message = Message::Plain(Pattern(Vec::new()));
        self.messages.get(key as usize).unwrap_or(&NOTHING)
    }
}

impl Message {
    fn pattern(&self, count: Option<u64>) -> &Pattern {
        match self {
            Message::Plain(pattern) => pattern,
            Message::Plural { one, .. } if count == Some(1) => one,
            Message::Plural { other, .. } => other,
        }
    }

    /// The text, where it is one and has no place to fill.
    fn plain(&self) -> Option<String> {
        match self {
            Message::Plain(Pattern(pieces)) => match pieces.as_slice() {
                [] => Some(String::new()),
                [Piece::Text(text)] => Some(text.clone()),
                _ => None,
            },
            Message::Plural { .. } => None,
        }
    }

    fn patterns(&self) -> Vec<&Pattern> {
        match self {
            Message::Plain(pattern) => vec![pattern],
            Message::Plural { one, other } => vec![one, other],
        }
    }
}

impl Pattern {
    fn fill(&self, out: &mut String, mut place: impl FnMut(&mut String, &str)) {
        for piece in &self.0 {
            match piece {
                Piece::Text(text) => out.push_str(text),
                Piece::Place(name) => place(out, name),
            }
        }
    }

    /// As it stands in the file.
    fn source(&self) -> String {
        let mut out = String::with_capacity(64);
        self.fill(&mut out, |out, name| {
            out.push('{');
            out.push_str(name);
            out.push('}');
        });
        out
    }

    fn places(&self) -> impl Iterator<Item = &str> {
        self.0.iter().filter_map(|piece| match piece {
            Piece::Place(name) => Some(name.as_str()),
            Piece::Text(_) => None,
        })
    }
}

fn push(out: &mut String, name: &str, args: &[(&str, &str)]) {
    out.push_str(args.iter().find(|(key, _)| *key == name).map_or("", |(_, value)| value));
}

#[cfg(test)]
mod tests;
