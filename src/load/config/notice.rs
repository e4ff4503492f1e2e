//! `[notice]`: what upfront says by itself, in words that the operator approved beforehand.
//!
//! A site in one language writes the texts below `[notice]`. Tables of other languages, `[notice.nb]`, may stand beside
//! them: the one of the site's own language goes before, so that a change of `language` changes these words as well.

use toml::de::DeValue;

use super::reader::{At, Reader, Section};
use super::values;
use crate::diag::{Code, Diagnostic, nearest};
use crate::model::NoticeTexts;

pub(in crate::load) const KEYS: [&str; 7] =
    ["title_down", "title_partial", "title_degraded", "title_unstable", "investigating", "monitoring", "resolved"];

/// What is filled in when a notice is written.
const PLACEHOLDERS: [&str; 5] = ["component", "start", "end", "duration", "places"];

/// `language` is the site's.
pub(super) fn read(reader: &mut Reader<'_>, site: &Section<'_, '_>, language: &str) -> NoticeTexts {
    let Some(value) = reader.any(site, "notice") else { return NoticeTexts::default() };
    let DeValue::Table(table) = value.get_ref() else {
        reader.wrong_type(value, "notice", "a table: `[notice]` on a line of its own, its keys below");
        return NoticeTexts::default();
    };
    let of_language = |key: &str, value: &DeValue<'_>| value.is_table() && values::is_language(key);
    let others = table.iter().filter(|(key, value)| of_language(key.get_ref(), value.get_ref()));
    let languages: Vec<&str> = others.map(|(key, _)| key.get_ref().as_ref()).collect();
    let section = reader.section_beside(table, value.span(), "`[notice]`", &KEYS, &[], &languages);
    let mut texts = texts(reader, &section);
    for tag in languages {
        let Some(inner) = reader.inner_table(&section, tag, "`[notice]`", &KEYS) else { continue };
        let own = self::texts(reader, &inner);
        if tag.eq_ignore_ascii_case(language) {
            texts = own_first(own, texts);
        }
    }
    texts
}

fn texts(reader: &mut Reader<'_>, section: &Section<'_, '_>) -> NoticeTexts {
    let mut text = |key| {
        let text = reader.paragraph(section, key)?;
        placeholders(reader, &text);
        Some(text.value)
    };
    NoticeTexts {
        title_down: text("title_down"),
        title_partial: text("title_partial"),
        title_degraded: text("title_degraded"),
        title_unstable: text("title_unstable"),
        investigating: text("investigating"),
        monitoring: text("monitoring"),
        resolved: text("resolved"),
    }
}

/// Readers would see a placeholder that nothing fills.
fn placeholders(reader: &mut Reader<'_>, text: &At<String>) {
    for part in text.value.split('{').skip(1) {
        let Some((name, _)) = part.split_once('}') else { continue };
        if PLACEHOLDERS.contains(&name) {
            continue;
        }
        let message = format!("nothing is filled in for `{{{name}}}`");
        let cure = match nearest(name, PLACEHOLDERS) {
            Some(near) => format!("did you mean `{{{near}}}`?"),
            None => "it knows `{component}`, `{start}`, `{end}`, `{duration}` and `{places}`".to_owned(),
        };
        let told = Diagnostic::error(Code::CONFIG_VALUE, message).cure(cure);
        reader.tell(told.outcome("nothing is built"), &text.span);
    }
}

fn own_first(own: NoticeTexts, other: NoticeTexts) -> NoticeTexts {
    NoticeTexts {
        title_down: own.title_down.or(other.title_down),
        title_partial: own.title_partial.or(other.title_partial),
        title_degraded: own.title_degraded.or(other.title_degraded),
        title_unstable: own.title_unstable.or(other.title_unstable),
        investigating: own.investigating.or(other.investigating),
        monitoring: own.monitoring.or(other.monitoring),
        resolved: own.resolved.or(other.resolved),
    }
}
