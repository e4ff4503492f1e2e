//! Words of a language: plurals, numbers, and what a file may leave out.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on should say where")]

use std::collections::BTreeSet;

use snapbox::{IntoData as _, assert_data_eq, str};

use super::*;
use crate::render::page::tests::sample::theme_files;

fn texts(files: &[(&str, &str)], language: &str) -> Result<(I18n, Vec<Diagnostic>), Vec<Diagnostic>> {
    let mut theme = ThemeFiles::default();
    for (path, text) in files {
        theme.0.insert((*path).to_owned(), text.as_bytes().to_vec());
    }
    I18n::new(&theme, language)
}

/// What is told of the site's own `theme/i18n/en.toml`, a line each.
fn told(text: &str) -> String {
    let diagnostics = match texts(&[("i18n/en.toml", text)], "en") {
        Ok((_, warnings)) => warnings,
        Err(errors) => errors,
    };
    let line = |diagnostic: &Diagnostic| {
        let place = diagnostic.place.as_ref().unwrap();
        let at = place.source.line_column(place.span.start);
        format!(
            "{}:{}:{}: {}: {}\n",
            place.source.path(),
            at.line,
            at.column,
            diagnostic.message.lines().next().unwrap_or_default(),
            diagnostic.cure
        )
    };
    diagnostics.iter().map(line).collect()
}

#[test]
fn every_text_is_asked_for_and_every_one_that_is_asked_for_is_there() {
    let (english, _) = texts(&[], "en").unwrap();
    let files = theme_files();
    let mut asked = BTreeSet::new();
    for (path, bytes) in &files.0 {
        let text = std::str::from_utf8(bytes).unwrap();
        let words = |start: &str| -> BTreeSet<String> {
            let found = text.match_indices(start).map(|(at, _)| &text[at + start.len()..]);
            let name =
                |rest: &str| rest.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).next().map(str::to_owned);
            found.filter_map(name).collect()
        };
        if path.starts_with("templates/") {
            asked.extend(words("t."));
        } else if path.starts_with("static/js/") {
            asked.extend(words("T.").into_iter().map(|name| format!("js_{name}")));
        }
    }
    // Those of notices are read with the config.
    asked.extend(crate::load::NOTICE_KEYS.map(str::to_owned));
    let unused: Vec<&String> = english.rest.keys().filter(|name| !asked.contains(*name)).collect();
    assert!(unused.is_empty(), "nobody asks for {unused:?}");
    let missing: Vec<&String> =
        asked.iter().filter(|name| name.starts_with("js_") && !english.rest.contains_key(*name)).collect();
    assert!(missing.is_empty(), "the script asks for {missing:?}");
}

#[test]
fn a_site_changes_one_word_and_keeps_the_others() {
    let (i18n, warnings) = texts(&[("i18n/en.toml", "all_operational = \"Everything works\"\n")], "en").unwrap();
    assert!(warnings.is_empty());
    assert_eq!(i18n.word(T::all_operational), "Everything works");
    assert_eq!(i18n.word(T::history), "History");
}

#[test]
fn a_language_falls_back_to_its_region_less_form_and_then_to_english() {
    let files = [
        ("i18n/de.toml", "history = \"Verlauf\"\nreports = \"Berichte\"\n"),
        ("i18n/de-AT.toml", "reports = \"Reporte\"\n"),
    ];
    let (i18n, _) = texts(&files, "de-AT").unwrap();
    let words = [T::history, T::reports, T::subscribe].map(|key| i18n.word(key));
    assert_eq!(words, ["Verlauf", "Reporte", "Subscribe"]);
    assert_eq!(i18n.language(), "de-AT");
}

#[test]
fn a_mistake_in_a_text_is_told_with_its_place() {
    let check = |text, message: snapbox::data::Inline| assert_data_eq!(told(text), message.raw());
    check(
        "histroy = \"Verlauf\"\n",
        str![[r#"
theme/i18n/en.toml:1:1: no text is called `histroy`: did you mean `history`?

"#]],
    );
    check(
        "\nas_of = \"As of {tim}.\"\n",
        str![[r#"
theme/i18n/en.toml:2:1: `as_of` has no place called `{tim}`: what is filled in here is `{time}`

"#]],
    );
    check(
        "as_of = \"As of {time.\"\n",
        str![[r#"
theme/i18n/en.toml:1:9: `as_of`: an opening brace is not closed: write `"text with a {place}"` or `{ one = "…", other = "…" }`

"#]],
    );
    check(
        "as_of = 3\n",
        str![[r#"
theme/i18n/en.toml:1:9: `as_of`: a text is expected here: write `"text with a {place}"` or `{ one = "…", other = "…" }`

"#]],
    );
    check(
        "updates = { one = \"one\" }\n",
        str![[r#"
theme/i18n/en.toml:1:11: `updates`: the form `other` is missing: write `"text with a {place}"` or `{ one = "…", other = "…" }`

"#]],
    );
    check(
        "as_of \"x\"\n",
        str![[r#"
theme/i18n/en.toml:1:7: key with no value, expected `=`: expected `key = "text"`

"#]],
    );
}

#[test]
fn numbers_are_grouped_with_a_thin_space_that_does_not_break() {
    let (i18n, _) = texts(&[], "en").unwrap();
    let numbers = [0, 999, 1000, 34_000, 1_234_567].map(|number| i18n.number(number));
    assert_eq!(numbers, ["0", "999", "1\u{202f}000", "34\u{202f}000", "1\u{202f}234\u{202f}567"]);
    assert_eq!(
        [1200, 1250, 1259, 5].map(|share| i18n.percent(share)),
        ["12\u{a0}%", "12.5\u{a0}%", "12.5\u{a0}%", "0\u{a0}%"]
    );
}

#[test]
fn one_has_a_form_of_its_own() {
    let (i18n, _) = texts(&[], "en").unwrap();
    assert_eq!(i18n.count(T::updates, 1, &[]), "1 update");
    assert_eq!(i18n.count(T::updates, 0, &[]), "0 updates");
}

#[test]
fn a_text_around_html_is_escaped() {
    let (i18n, _) = texts(&[("i18n/en.toml", "as_of = \"<b>{time}&{{\"\n")], "en").unwrap();
    let html = i18n.html(T::as_of, &[("time", &Html::trusted("<time>now</time>"))]);
    assert_eq!(html.as_str(), "&lt;b&gt;<time>now</time>&amp;{");
}
