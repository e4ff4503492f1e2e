//! Values out of TOML tables, each with its place; and what is wrong with them, gathered.

use std::ops::Range;
use std::sync::Arc;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::{LIST_MAX, TEXT_MAX, values};
use crate::diag::{Code, Diagnostic, Severity, Source, nearest};

/// Gathers what is to be told.
pub(super) struct Reader<'s> {
    source: &'s Arc<Source>,
    diagnostics: Vec<Diagnostic>,
}

/// A table of the config, whose keys have been looked at.
pub(super) struct Section<'t, 'i> {
    table: &'t DeTable<'i>,
    /// Where it begins.
    span: Range<usize>,
    /// How it is called: "the config", "`[[component]]`".
    name: &'static str,
    /// Keys that are missing only because they are misspelt, which has been told.
    misspelt: Vec<&'static str>,
}

impl Section<'_, '_> {
    pub(super) fn has(&self, key: &str) -> bool {
        self.table.contains_key(key)
    }

    pub(super) fn span(&self) -> Range<usize> {
        self.span.clone()
    }
}

/// A value and its place.
#[derive(Clone, Debug)]
pub(super) struct At<T> {
    pub value: T,
    pub span: Range<usize>,
}

impl<'s> Reader<'s> {
    pub(super) fn new(source: &'s Arc<Source>) -> Reader<'s> {
        Reader { source, diagnostics: Vec::new() }
    }

    pub(super) fn into_diagnostics(self) -> Vec<Diagnostic> {
        self.diagnostics
    }

    pub(super) fn tell(&mut self, told: Diagnostic, span: &Range<usize>) {
        self.diagnostics.push(told.at(self.source, span.clone()));
    }

    /// What was told of another file.
    pub(super) fn tell_all(&mut self, told: Vec<Diagnostic>) {
        self.diagnostics.extend(told);
    }

    /// Reads what can be left out: no mistake in it stops the build.
    pub(super) fn leniently<T>(&mut self, outcome: &str, read: impl FnOnce(&mut Self) -> T) -> T {
        let before = self.diagnostics.len();
        let value = read(self);
        let stopping = |told: &&mut Diagnostic| told.severity == Severity::Error;
        for told in self.diagnostics.iter_mut().skip(before).filter(stopping) {
            told.severity = Severity::Warning;
            told.outcome = Some(outcome.to_owned());
        }
        value
    }

    /// How many mistakes were told so far that are more than warnings; see [`Reader::leniently`].
    pub(super) fn errors(&self) -> usize {
        self.diagnostics.iter().filter(|told| told.severity == Severity::Error).count()
    }

    /// A value that stops the build.
    pub(super) fn value_error(&mut self, span: &Range<usize>, message: String, cure: impl Into<String>) {
        self.tell(Diagnostic::error(Code::CONFIG_VALUE, message).cure(cure).outcome("nothing is built"), span);
    }

    /// Takes a table, and tells of keys that it should not have. One that must be there and is only misspelt stops the
    /// build, and is told once.
    pub(super) fn section<'t, 'i>(
        &mut self,
        table: &'t DeTable<'i>,
        span: Range<usize>,
        name: &'static str,
        keys: &[&'static str],
        required: &[&'static str],
    ) -> Section<'t, 'i> {
        self.section_beside(table, span, name, keys, required, &[])
    }

    /// As [`Reader::section`], of a table in which other keys stand that somebody else reads.
    pub(super) fn section_beside<'t, 'i>(
        &mut self,
        table: &'t DeTable<'i>,
        span: Range<usize>,
        name: &'static str,
        keys: &[&'static str],
        required: &[&'static str],
        others: &[&str],
    ) -> Section<'t, 'i> {
        let mut misspelt = Vec::new();
        for (key, _) in table.iter() {
            let (text, at) = (key.get_ref().as_ref(), key.span());
            if keys.contains(&text) || others.contains(&text) {
                continue;
            }
            let near = nearest(text, keys.iter().copied().filter(|known| !table.contains_key(*known)));
            let message = format!("{name} has no key `{}`", values::clean(text, 60));
            let cure = match near {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("it knows {}", list(keys)),
            };
            match required.iter().copied().find(|&key| near == Some(key)) {
                Some(required) => {
                    misspelt.push(required);
                    let told = Diagnostic::error(Code::UNKNOWN_KEY, message).cure(cure);
                    self.tell(told.outcome("nothing is built"), &at);
                }
                None => {
                    let told = Diagnostic::warning(Code::UNKNOWN_KEY, message).cure(cure);
                    self.tell(told.outcome("built, without this"), &at);
                }
            }
        }
        Section { table, span, name, misspelt }
    }

    /// That a key is not there which must be.
    pub(super) fn missing(&mut self, section: &Section<'_, '_>, key: &str, cure: &str) {
        if !section.misspelt.contains(&key) {
            let told = Diagnostic::error(Code::CONFIG_KEY_MISSING, format!("{} has no `{key}`", section.name));
            self.tell(told.cure(cure).outcome("nothing is built"), &section.span);
        }
    }

    /// One line of text, cleaned; `None` where there is none, or it is empty, or no text.
    pub(super) fn text(&mut self, section: &Section<'_, '_>, key: &str) -> Option<At<String>> {
        let value = section.table.get(key)?;
        let text = self.string(value, key)?;
        self.bounded(value, values::line(text), key)
    }

    /// Text that may have several lines.
    pub(super) fn paragraph(&mut self, section: &Section<'_, '_>, key: &str) -> Option<At<String>> {
        let value = section.table.get(key)?;
        let text = self.string(value, key)?;
        self.bounded(value, values::clean(text, usize::MAX), key)
    }

    /// Text that must be there.
    pub(super) fn required_text(&mut self, section: &Section<'_, '_>, key: &str, cure: &str) -> Option<String> {
        self.required_spanned(section, key, cure).map(|text| text.value)
    }

    pub(super) fn required_spanned(&mut self, section: &Section<'_, '_>, key: &str, cure: &str) -> Option<At<String>> {
        let Some(value) = section.table.get(key) else {
            self.missing(section, key, cure);
            return None;
        };
        let text = self.text(section, key);
        if text.is_none() && value.get_ref().is_str() {
            let told = Diagnostic::error(Code::CONFIG_KEY_MISSING, format!("`{key}` is empty")).cure(cure);
            self.tell(told.outcome("nothing is built"), &value.span());
        }
        text
    }

    /// A list of texts.
    pub(super) fn texts(&mut self, section: &Section<'_, '_>, key: &str) -> Vec<String> {
        let texts = self.spanned_texts(section, key, "a list of texts, such as `[\"Call the on-call lead\"]`");
        texts.unwrap_or_default().into_iter().map(|text| text.value).collect()
    }

    /// A list of texts, each with its place. `None` where there is no list.
    pub(super) fn spanned_texts(
        &mut self,
        section: &Section<'_, '_>,
        key: &str,
        expected: &str,
    ) -> Option<Vec<At<String>>> {
        let value = section.table.get(key)?;
        let DeValue::Array(list) = value.get_ref() else {
            self.wrong_type(value, key, expected);
            return None;
        };
        let mut texts = Vec::new();
        for value in list.iter().take(LIST_MAX) {
            if let Some(text) = self.string(value, key) {
                texts.extend(self.bounded(value, values::line(text), key));
            }
        }
        Some(texts)
    }

    /// A table under that key.
    pub(super) fn table<'t, 'i>(
        &mut self,
        section: &Section<'t, 'i>,
        key: &'static str,
        keys: &[&'static str],
    ) -> Option<Section<'t, 'i>> {
        let value = section.table.get(key)?;
        match value.get_ref() {
            DeValue::Table(table) => Some(self.section(table, value.span(), bracketed(key), keys, &[])),
            _ => {
                self.wrong_type(value, key, &format!("a table: `[{key}]` on a line of its own, its keys below"));
                None
            }
        }
    }

    /// A table inside one, whose own keys are told as `name`'s. What is no table is passed over.
    pub(super) fn inner_table<'t, 'i>(
        &mut self,
        section: &Section<'t, 'i>,
        key: &str,
        name: &'static str,
        keys: &[&'static str],
    ) -> Option<Section<'t, 'i>> {
        let value = section.table.get(key)?;
        let table = value.get_ref().as_table()?;
        Some(self.section(table, value.span(), name, keys, &[]))
    }

    /// The tables of a list: `[[component]]`.
    pub(super) fn tables<'t, 'i>(
        &mut self,
        section: &Section<'t, 'i>,
        key: &'static str,
        keys: &[&'static str],
        required: &[&'static str],
    ) -> Vec<Section<'t, 'i>> {
        let Some(value) = section.table.get(key) else { return Vec::new() };
        let expected = format!("a list: write `[[{key}]]` before each");
        let DeValue::Array(list) = value.get_ref() else {
            self.wrong_type(value, key, &expected);
            return Vec::new();
        };
        if list.len() > LIST_MAX {
            self.value_error(&value.span(), format!("there are more than {LIST_MAX} `[[{key}]]`"), "take some out");
        }
        let mut tables = Vec::new();
        for value in list.iter().take(LIST_MAX) {
            match value.get_ref() {
                DeValue::Table(table) => {
                    tables.push(self.section(table, value.span(), bracketed(key), keys, required));
                }
                _ => self.wrong_type(value, key, &expected),
            }
        }
        tables
    }

    /// `true` or `false`.
    pub(super) fn flag(&mut self, section: &Section<'_, '_>, key: &str) -> Option<bool> {
        let value = section.table.get(key)?;
        match value.get_ref() {
            DeValue::Boolean(yes) => Some(*yes),
            _ => {
                self.wrong_type(value, key, "`true` or `false`");
                None
            }
        }
    }

    /// The value of a key as it stands.
    pub(super) fn any<'t, 'i>(&self, section: &Section<'t, 'i>, key: &str) -> Option<&'t Spanned<DeValue<'i>>> {
        section.table.get(key)
    }

    pub(super) fn wrong_type(&mut self, value: &Spanned<DeValue<'_>>, key: &str, expected: &str) {
        let found = match value.get_ref() {
            DeValue::String(_) => "text",
            DeValue::Integer(_) | DeValue::Float(_) => "a number",
            DeValue::Boolean(_) => "true or false",
            DeValue::Datetime(_) => "a time",
            DeValue::Array(_) => "a list",
            DeValue::Table(_) => "a table",
        };
        let told = Diagnostic::error(Code::WRONG_TYPE, format!("`{key}` is {found}")).cure(format!("it is {expected}"));
        self.tell(told.outcome("nothing is built"), &value.span());
    }

    fn string<'t>(&mut self, value: &'t Spanned<DeValue<'_>>, key: &str) -> Option<&'t str> {
        if let DeValue::String(text) = value.get_ref() {
            return Some(text);
        }
        self.wrong_type(value, key, &format!("text in quotes: `{key} = \"…\"`"));
        None
    }

    fn bounded(&mut self, value: &Spanned<DeValue<'_>>, text: String, key: &str) -> Option<At<String>> {
        if text.chars().count() > TEXT_MAX {
            let message = format!("`{key}` is longer than {TEXT_MAX} characters");
            self.value_error(&value.span(), message, "make it shorter");
            return None;
        }
        (!text.is_empty()).then(|| At { value: text, span: value.span() })
    }
}

pub(super) fn bracketed(key: &'static str) -> &'static str {
    match key {
        "component" => "`[[component]]`",
        "group" => "`[[group]]`",
        "link" => "`[[link]]`",
        "brand" => "`[brand]`",
        "promise" => "`[promise]`",
        "feed" => "`[[feed]]`",
        "detection" => "`[detection]`",
        "notice" => "`[notice]`",
        "places" => "`[places]`",
        "uptime" => "`[uptime]`",
        "publish" => "`[[publish]]`",
        "mirror" => "`[[mirror]]`",
        "channel" => "`[[channel]]`",
        "verify" => "`[verify]`",
        "sign" => "`[sign]`",
        other => other,
    }
}

fn list(keys: &[&str]) -> String {
    let quoted: Vec<String> = keys.iter().filter(|key| !key.starts_with('$')).map(|key| format!("`{key}`")).collect();
    match quoted.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, others)) => format!("{} and {last}", others.join(", ")),
        None => "none".to_owned(),
    }
}
