//! What the name of a file says: a day, a title, a slug.
//!
//! `2022-03-29-imap-logins-failing`; the day also as `20220329-`, `2022_03_29 …`, `2022.03.29-`.

use jiff::civil::Date;

use super::teller::{Teller, quoted};
use crate::diag::Code;
use crate::model::{Config, Slug};

/// The name of a file or its folder, taken apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Name {
    pub day: Option<Date>,
    /// The rest, with spaces between its words; empty where nothing is left.
    words: String,
}

/// Takes a name apart; tells of a day that does not exist.
pub(super) fn read(stem: &str, tell: &mut Teller) -> Name {
    let (day, rest) = match split_day(stem) {
        None => (None, stem),
        Some((Ok(day), rest)) => (Some(day), rest),
        Some((Err(()), rest)) => {
            tell.warning(Code::FILE_NAME, 0..0, format!("there is no day as in the file's name {}", quoted(stem)))
                .cure("rename it to begin with a day such as `2022-03-29-`")
                .outcome("published, without a day from its name");
            (None, rest)
        }
    };
    Name { day, words: super::keys::one_line(&rest.replace(['-', '_'], " ")) }
}

impl Name {
    /// The words as a title: with a capital at the beginning, and with those of components and groups whose names are
    /// known by them, such as IMAP or iCloud. "Mail" stays an ordinary word.
    pub(super) fn title(&self, config: &Config) -> String {
        let mut title = String::with_capacity(self.words.len());
        for word in self.words.split(' ') {
            if !title.is_empty() {
                title.push(' ');
            }
            match capitals(word, config) {
                Some(known) => title.push_str(known),
                None if title.is_empty() => {
                    let mut chars = word.chars();
                    title.extend(chars.next().into_iter().flat_map(char::to_uppercase));
                    title.push_str(chars.as_str());
                }
                None => title.push_str(word),
            }
        }
        title
    }
}

/// The word as the config writes it in a name, where that has capitals beyond the first letter.
fn capitals<'a>(word: &str, config: &'a Config) -> Option<&'a str> {
    let components = config.components.iter().map(|component| &component.name);
    let names = components.chain(config.groups.iter().map(|group| &group.name));
    let mut words = names.flat_map(|name| name.split(|c: char| !c.is_alphanumeric()));
    words.find(|known| known.eq_ignore_ascii_case(word) && known.chars().skip(1).any(char::is_uppercase))
}

/// The slug of a file. A name without any letter or digit that can stand in a URL gets one made of its hash, so that
/// this is never `None`.
pub(super) fn slug(stem: &str, tell: &mut Teller) -> Option<Slug> {
    if let Some(slug) = Slug::from_text(stem) {
        return Some(slug);
    }
    let slug = hashed_slug(stem)?;
    tell.warning(
        Code::FILE_NAME,
        0..0,
        format!("the file's name {} has no letter that can stand in a URL", quoted(stem)),
    )
    .cure("rename it to something such as `2022-03-29-mail-is-slow.md`")
    .outcome(format!("published as `{slug}`"));
    Some(slug)
}

/// Never `None`: the text begins with letters.
fn hashed_slug(stem: &str) -> Option<Slug> {
    let hash = blake3::hash(stem.as_bytes()).to_hex();
    Slug::from_text(&format!("incident-{}", hash.get(..8).unwrap_or_default()))
}

/// The day that a name begins with, and the rest.
fn split_day(stem: &str) -> Option<(Result<Date, ()>, &str)> {
    let bytes = stem.as_bytes();
    let is_digits =
        |range: std::ops::Range<usize>| bytes.get(range).is_some_and(|part| part.iter().all(u8::is_ascii_digit));
    let is_sign = |at: usize| bytes.get(at).is_some_and(|byte| b"-_. ".contains(byte));
    let (month, day, len) = if is_digits(0..8) {
        (4..6, 6..8, 8)
    } else if is_digits(0..4) && is_sign(4) && is_digits(5..7) && is_sign(7) && is_digits(8..10) {
        (5..7, 8..10, 10)
    } else {
        return None;
    };
    let rest = stem.get(len..)?;
    if rest.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let number = |range: std::ops::Range<usize>| stem.get(range).and_then(|part| part.parse::<i8>().ok()).ok_or(());
    let date = || {
        let year: i16 = stem.get(..4).and_then(|part| part.parse().ok()).ok_or(())?;
        let date = Date::new(year, number(month)?, number(day)?).map_err(|_| ())?;
        if (1970..2200).contains(&year) { Ok(date) } else { Err(()) }
    };
    Some((date(), rest))
}

#[cfg(test)]
#[expect(clippy::expect_used, reason = "a test may stop at what it takes for granted")]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::diag::Source;
    use crate::model::Component;

    fn config() -> Config {
        let names = ["IMAP", "Sending (SMTP)", "iCloud", "Mail", "POP"];
        let component = |name: &str| {
            Some(Component {
                id: Slug::from_text(name)?,
                name: name.to_owned(),
                description: None,
                group: None,
                watch: crate::model::Watch::default(),
            })
        };
        let config = crate::load::post::tests::config().expect("a config of constants");
        Config { components: names.iter().filter_map(|name| component(name)).collect(), ..config }
    }

    fn check(stem: &str, day: Option<&str>, title: &str, codes: &[&str]) {
        let mut tell = Teller::new(&Arc::new(Source::new("a.md", "")));
        let name = read(stem, &mut tell);
        assert_eq!(name.day.map(|day| day.to_string()).as_deref(), day, "{stem}");
        assert_eq!(name.title(&config()), title, "{stem}");
        let told: Vec<_> = tell.into_diagnostics().iter().map(|told| told.code.as_str()).collect();
        assert_eq!(told, codes, "{stem}");
    }

    #[test]
    fn a_name_may_begin_with_a_day_in_several_ways() {
        for stem in
            ["2022-03-29-mail-is-slow", "2022-03-29_mail_is_slow", "20220329-mail-is-slow", "2022_03_29 mail is slow"]
        {
            check(stem, Some("2022-03-29"), "Mail is slow", &[]);
        }
        check("mail-is-slow", None, "Mail is slow", &[]);
        check("2022-03-29", Some("2022-03-29"), "", &[]);
        check("202203290-mail", None, "202203290 mail", &[]);
        check("2022-02-30-mail", None, "Mail", &["file-name"]);
        check("østlandet-nede", None, "Østlandet nede", &[]);
    }

    #[test]
    fn words_have_the_capitals_that_the_config_gives_them() {
        check("2022-03-29-imap-and-smtp-fail", Some("2022-03-29"), "IMAP and SMTP fail", &[]);
        check("icloud-mail-is-late", None, "iCloud mail is late", &[]);
        check("no-mail-by-pop3", None, "No mail by pop3", &[]);
    }

    #[test]
    fn a_name_without_letters_for_a_url_gets_a_slug_all_the_same() {
        let mut tell = Teller::new(&Arc::new(Source::new("a.md", "")));
        let made = slug("日本", &mut tell).map(|slug| slug.to_string()).unwrap_or_default();
        assert!(made.starts_with("incident-") && made.len() == "incident-".len() + 8, "{made}");
        assert_eq!(tell.into_diagnostics().len(), 1);
    }
}
