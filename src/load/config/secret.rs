//! The names of secrets, and the secrets that stand in a config by mistake: those are told of and never shown.

use std::ops::Range;

use toml::de::{DeTable, DeValue};

use super::reader::{Reader, Section};
use crate::diag::{Code, Diagnostic};
use crate::model::Secret;

/// Keys under which people write the secret itself.
pub(super) const MISPLACED: [&str; 12] = [
    "token",
    "password",
    "secret",
    "key",
    "api_key",
    "access_key",
    "secret_key",
    "consumer_key",
    "consumer_secret",
    "token_secret",
    "user_key",
    "channel_key",
];

/// Keys that hold a variable's or a file's name; where the former hold something else, that may be the secret.
const ALL_KEYS: [&str; 28] = [
    "token_env",
    "token_file",
    "password_env",
    "password_file",
    "url_env",
    "url_file",
    "secret_env",
    "secret_file",
    "consumer_key_env",
    "consumer_key_file",
    "consumer_secret_env",
    "consumer_secret_file",
    "token_secret_env",
    "token_secret_file",
    "user_key_env",
    "user_key_file",
    "topic_env",
    "topic_file",
    "channel_key_env",
    "channel_key_file",
    "access_key_env",
    "access_key_file",
    "secret_key_env",
    "secret_key_file",
    "key_env",
    "key_file",
    "api_key_env",
    "api_key_file",
];

/// The secret's variable or file, where one is named.
pub(super) fn named(reader: &mut Reader<'_>, section: &Section<'_, '_>, env: &str, file: &str) -> Option<Secret> {
    let variable = reader.text(section, env);
    let path = reader.text(section, file);
    match (variable, path) {
        (Some(variable), _) if !is_variable(&variable.value) => {
            let message = format!("`{env}` is not the name of an environment variable");
            let example = format!("STATUS_{}", env.trim_end_matches("_env")).to_uppercase();
            let cure = format!("put the secret into one, and write its name here: `{env} = \"{example}\"`");
            reader.tell(Diagnostic::error(Code::FEED_SECRET, message).cure(cure), &variable.span);
            None
        }
        (Some(variable), Some(_)) => {
            let told = Diagnostic::warning(Code::CONFIG_VALUE, format!("there are both `{env}` and `{file}`"));
            let outcome = format!("built; `{env}` is used");
            reader.tell(told.cure("take one of them out").outcome(outcome), &variable.span);
            Some(Secret::Env(variable.value))
        }
        (Some(variable), None) => Some(Secret::Env(variable.value)),
        (None, path) => path.map(|path| Secret::File(path.value)),
    }
}

/// Tells of secrets that stand in the file itself. They are not used, so that nobody gets accustomed to it.
pub(super) fn misplaced(reader: &mut Reader<'_>, section: &Section<'_, '_>, feed: &str) {
    for key in MISPLACED {
        let Some(value) = reader.any(section, key) else { continue };
        let known = if key == "password" { "password_env" } else { "token_env" };
        let variable = format!("{feed}_{}", known.trim_end_matches("_env")).replace('-', "_").to_uppercase();
        let told =
            Diagnostic::warning(Code::FEED_SECRET, format!("`{key}` holds a secret, which does not belong here")).cure(
                format!(
                    "put it into the environment and name it: `{known} = \"{variable}\"`; change it if others saw it"
                ),
            );
        reader.tell(told.outcome("built, without this secret"), &value.span());
    }
}

/// `<name>_env` and `<name>_file` of each of these secrets.
pub(super) fn keys_of(names: &[&'static str]) -> Vec<&'static str> {
    ALL_KEYS.iter().copied().filter(|key| names.iter().any(|name| is_of(key, name))).collect()
}

fn is_of(key: &str, name: &str) -> bool {
    key.strip_prefix(name).is_some_and(|rest| rest == "_env" || rest == "_file")
}

/// As [`misplaced`], of a table whose secret is named by the key `known`, such as `secret_key_env`.
pub(super) fn misplaced_in(reader: &mut Reader<'_>, section: &Section<'_, '_>, known: &str, label: &str) {
    for key in MISPLACED {
        let Some(value) = reader.any(section, key) else { continue };
        let name = format!("{key}_env");
        let known = if ALL_KEYS.contains(&name.as_str()) { name.as_str() } else { known };
        let variable = format!("{label}_{}", known.trim_end_matches("_env")).replace('-', "_").to_uppercase();
        let message = format!("`{key}` holds a secret, which does not belong here");
        let cure =
            format!("put it into the environment and name it: `{known} = \"{variable}\"`; change it if others saw it");
        let told = Diagnostic::warning(Code::FEED_SECRET, message).cure(cure);
        reader.tell(told.outcome("built, without this secret"), &value.span());
    }
}

/// A text of the same length in which no secret of a feed is left. Lines and columns are those of the text itself.
pub(super) fn masked(text: &str, table: &DeTable<'_>) -> String {
    let mut shown = text.as_bytes().to_vec();
    for span in spans(text, table) {
        if let Some(bytes) = shown.get_mut(span) {
            bytes.iter_mut().filter(|byte| **byte != b'\n').for_each(|byte| *byte = b'*');
        }
    }
    // Whole characters were replaced by as many stars as they had bytes.
    String::from_utf8(shown).unwrap_or_default()
}

fn spans(text: &str, table: &DeTable<'_>) -> Vec<Range<usize>> {
    let lists = ["feed", "channel", "publish"].into_iter().filter_map(|key| table.get(key)?.get_ref().as_array());
    let listed = lists.flat_map(|list| list.iter()).filter_map(|value| value.get_ref().as_table());
    let single = table.get("sign").and_then(|value| value.get_ref().as_table());
    let tables = listed.chain(single);
    let mut spans = Vec::new();
    for (key, value) in tables.flat_map(|table| table.iter()) {
        let key = key.get_ref().as_ref();
        let bad_name = |value: &DeValue<'_>| value.as_str().is_some_and(|name| !is_variable(name.trim()));
        if MISPLACED.contains(&key) || (ALL_KEYS.contains(&key) && key.ends_with("_env") && bad_name(value.get_ref())) {
            spans.push(value.span());
        } else if key == "url" {
            let span = value.span();
            let inner = text.get(span.clone()).map(url_spans).unwrap_or_default();
            spans.extend(inner.into_iter().map(|inner| span.start + inner.start..span.start + inner.end));
        }
    }
    spans
}

/// Where in an address, as it stands in a file, secrets may be: before `@`, and behind `?`.
fn url_spans(written: &str) -> Vec<Range<usize>> {
    let start = written.find("://").map_or(0, |at| at + 3);
    let authority_end =
        written.get(start..).and_then(|rest| rest.find(['/', '?', '#'])).map_or(written.len(), |at| start + at);
    let mut spans = Vec::new();
    if let Some(at) = written.get(start..authority_end).and_then(|authority| authority.rfind('@')) {
        spans.push(start..start + at);
    }
    if let Some(at) = written.find('?') {
        let end = written.trim_end_matches(['"', '\'']).len();
        spans.push(at + 1..end.max(at + 1));
    }
    spans
}

/// A name that a shell can set.
fn is_variable(name: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    name.bytes().next().is_some_and(|first| !first.is_ascii_digit()) && name.bytes().all(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_shown_without_what_may_be_secret() {
        for (written, shown) in [
            ("\"https://a.example/x\"", "\"https://a.example/x\""),
            ("\"https://kari:pw@a.example/x?token=abc\"", "\"https://*******@a.example/x?*********\""),
            ("'http://a.example?t=æ'", "'http://a.example?****'"),
            ("\"unix:/run/live\"", "\"unix:/run/live\""),
        ] {
            let text = format!("[[feed]]\nurl = {written}\n");
            let (table, _) = DeTable::parse_recoverable(&text);
            assert_eq!(masked(&text, table.get_ref()), format!("[[feed]]\nurl = {shown}\n"));
        }
    }
}
