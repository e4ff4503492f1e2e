//! What a file in `incidents/` is, by its name.
//!
//! A draft is a draft by its place or name, so that no mistake inside it can publish it; and a post whose name is a
//! little wrong (`slow.md.txt`, as Windows saves it) is still published, and told.

use crate::diag::{Code, Diagnostic};

const MARKDOWN: [&str; 4] = ["md", "markdown", "mdown", "mkd"];

/// Endings that lie beside posts and are no posts, even where their name begins with a date.
const BESIDE: [&str; 17] = [
    "png", "jpg", "jpeg", "gif", "webp", "avif", "svg", "pdf", "csv", "json", "toml", "yaml", "yml", "css", "js",
    "zip", "log",
];

/// What editors, merges and systems leave behind.
const LEFTOVERS: [&str; 8] = ["swp", "swo", "orig", "bak", "tmp", "rej", "old", "part"];

/// What a name says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Named {
    /// So many bytes of the name stand before its ending.
    Post {
        stem_len: usize,
    },
    /// A post whose name is not quite right.
    OddPost {
        stem_len: usize,
        oddity: Oddity,
    },
    /// Begins with a date as posts do, but nothing that is published ends so.
    Lost,
    Other,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Oddity {
    Txt,
    NoEnding,
}

/// Whether it is to be passed over in silence, folder or file: drafts, dot files, leftovers, notes to colleagues.
pub(super) fn is_passed_over(name: &str) -> bool {
    let (stem, ending) = split(name);
    name.starts_with(['.', '_'])
        || name.eq_ignore_ascii_case("drafts")
        || name.ends_with('~')
        || (name.starts_with('#') && name.ends_with('#'))
        || LEFTOVERS.iter().any(|leftover| ending.eq_ignore_ascii_case(leftover))
        || ["README", "CONTRIBUTING", "LICENSE", "Thumbs"].iter().any(|word| {
            // `README.en.md` too.
            stem.split('.').next().is_some_and(|first| first.eq_ignore_ascii_case(word))
        })
}

pub(super) fn of(name: &str) -> Named {
    let (stem, ending) = split(name);
    let is_markdown = |ending: &str| MARKDOWN.iter().any(|known| ending.eq_ignore_ascii_case(known));
    if is_markdown(ending) {
        return Named::Post { stem_len: stem.len() };
    }
    let dated = begins_with_date(name);
    if ending.eq_ignore_ascii_case("txt") {
        let (inner, inner_ending) = split(stem);
        if is_markdown(inner_ending) {
            return Named::OddPost { stem_len: inner.len(), oddity: Oddity::Txt };
        }
        if dated {
            return Named::OddPost { stem_len: stem.len(), oddity: Oddity::Txt };
        }
    }
    match dated {
        true if ending.is_empty() => Named::OddPost { stem_len: stem.len(), oddity: Oddity::NoEnding },
        true if !BESIDE.iter().any(|known| ending.eq_ignore_ascii_case(known)) => Named::Lost,
        _ => Named::Other,
    }
}

impl Named {
    /// What its writer should hear.
    pub(super) fn telling(self) -> Option<Diagnostic> {
        let told = |message: &str, outcome: &str| {
            let told = Diagnostic::warning(Code::FILE_NAME, message);
            Some(told.cure("let the name end in `.md`").outcome(outcome))
        };
        match self {
            Named::OddPost { oddity: Oddity::Txt, .. } => told("this post's name ends in `.txt`", "published"),
            Named::OddPost { oddity: Oddity::NoEnding, .. } => told("this post's name has no ending", "published"),
            Named::Lost => told("this looks like a post, but its name does not end as one", "not published"),
            Named::Post { .. } | Named::Other => None,
        }
    }
}

/// The name before its ending, and the ending without the dot. `2026-11-24 v1.2 rollout` has none: an ending is one
/// short word of letters and digits, and has a letter.
fn split(name: &str) -> (&str, &str) {
    match name.rsplit_once('.') {
        Some((stem, ending))
            if !stem.is_empty()
                && (1..=8).contains(&ending.len())
                && ending.bytes().all(|byte| byte.is_ascii_alphanumeric())
                && ending.bytes().any(|byte| byte.is_ascii_alphabetic()) =>
        {
            (stem, ending)
        }
        _ => (name, ""),
    }
}

/// `2026-11-24`, `2026_11_24`, `2026.11.24` or `20261124`, and no further digit.
fn begins_with_date(name: &str) -> bool {
    let digits: Vec<u8> = name.bytes().filter(|byte| !b"-_.".contains(byte)).take(9).collect();
    let date = digits.get(..8).is_some_and(|date| date.iter().all(u8::is_ascii_digit));
    date && !digits.get(8).is_some_and(u8::is_ascii_digit)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(name: &str, expected: &str) {
        let found = match of(name) {
            _ if is_passed_over(name) => "passed over".to_owned(),
            Named::Post { stem_len } => format!("post {}", &name[..stem_len]),
            Named::OddPost { stem_len, .. } => format!("odd {}", &name[..stem_len]),
            Named::Lost => "lost".to_owned(),
            Named::Other => "other".to_owned(),
        };
        assert_eq!(found, expected, "{name}");
    }

    #[test]
    fn markdown_has_several_endings() {
        check("2026-11-24-slow.md", "post 2026-11-24-slow");
        check("slow.MD", "post slow");
        check("a.markdown", "post a");
        check("v1.2.mkd", "post v1.2");
        check("ünïcode name.mdown", "post ünïcode name");
    }

    #[test]
    fn a_name_that_is_a_little_wrong_is_still_a_post() {
        check("slow.md.txt", "odd slow");
        check("2026-11-24-slow.txt", "odd 2026-11-24-slow");
        check("2026-11-24-slow", "odd 2026-11-24-slow");
        check("20261124 v1.2 rollout", "odd 20261124 v1.2 rollout");
        check("2026-11-24-slow.docx", "lost");
        check("2026-11-24-slow.rtf", "lost");
    }

    #[test]
    fn what_lies_beside_posts_is_no_post() {
        for name in ["notes.txt", "2026-11-24-graph.png", "graph.svg", "Makefile", "202611241.html"] {
            check(name, "other");
        }
    }

    #[test]
    fn drafts_and_leftovers_are_passed_over() {
        for name in [
            "_slow.md",
            "drafts",
            "Drafts",
            ".slow.md.swp",
            "slow.md~",
            "slow.md.orig",
            "#slow.md#",
            "README.md",
            "readme",
            "README.en.md",
            "CONTRIBUTING.rst",
            ".gitkeep",
        ] {
            check(name, "passed over");
        }
        check("draft-ideas.md", "post draft-ideas");
        check("readme-is-down.md", "post readme-is-down");
    }
}
