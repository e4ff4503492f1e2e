//! `[notice]`: what upfront says by itself, in words that the operator approved beforehand.
//!
//! A site in one language writes the texts below `[notice]`. Tables of other languages, `[notice.nb]`, may stand beside
//! them: the one of the site's own language goes before, so that a change of `language` changes these words as well.

use toml::de::DeValue;

use super::reader::{At, Reader, Section};
use super::values;
use crate::diag::{Code, Diagnostic, nearest};
use crate::model::NoticeTexts;

pub(in crate::load) const KEYS: [&str; 9] = [
    "title_down",
    "title_partial",
    "title_degraded",
    "title_unstable",
    "investigating",
    "monitoring",
    "resolved",
    "places",
    "places_unknown",
];

/// What is filled in when a notice is written, and in what stands for `{places}`.
const PLACEHOLDERS: [&str; 5] = ["component", "start", "end", "duration", "places"];
const PLACEHOLDERS_OF_PLACES: [&str; 2] = ["failing", "count"];

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
        placeholders(reader, &text, if key == "places" { &PLACEHOLDERS_OF_PLACES } else { &PLACEHOLDERS });
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
        places: text("places"),
        places_unknown: text("places_unknown"),
        // How lists and lengths of time are put together is a matter of the language: the theme's.
        ..NoticeTexts::default()
    }
}

/// Readers would see a placeholder that nothing fills.
fn placeholders(reader: &mut Reader<'_>, text: &At<String>, known: &[&str]) {
    for part in text.value.split('{').skip(1) {
        let Some((name, _)) = part.split_once('}') else { continue };
        if known.contains(&name) {
            continue;
        }
        let message = format!("nothing is filled in for `{{{name}}}`");
        let cure = match nearest(name, known.iter().copied()) {
            Some(near) => format!("did you mean `{{{near}}}`?"),
            None => {
                let known: Vec<String> = known.iter().map(|name| format!("`{{{name}}}`")).collect();
                format!("it knows {}", known.join(", "))
            }
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
        places: own.places.or(other.places),
        places_unknown: own.places_unknown.or(other.places_unknown),
        ..other
    }
}
