//! Where in a file something that was read from it stands. Later steps have only values; this finds the text again, well
//! enough to point at it, in TOML and YAML alike.

use std::ops::Range;

/// The value of `key` at its first place from `from` on where it holds `value`: a key stands first on its line, or
/// after the `-` of a list in YAML.
pub(super) fn value(text: &str, key: &str, value: &str, from: usize) -> Option<Range<usize>> {
    let mut start = from;
    for line in text.get(from..)?.split_inclusive('\n') {
        let rest = line.trim_start().trim_start_matches("- ").trim_start();
        let is_key = rest.strip_prefix(key).is_some_and(|rest| rest.trim_start().starts_with(['=', ':']));
        if is_key && let Some(at) = line.find(value) {
            return Some(start + at..start + at + value.len());
        }
        start += line.len();
    }
    None
}

/// The whole value of `key`, without quotes and comment: the rest of its line.
pub(super) fn key(text: &str, key: &str) -> Option<Range<usize>> {
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        if let Some(rest) = line.trim_start().strip_prefix(key)
            && let Some(raw) = rest.trim_start().strip_prefix(['=', ':'])
        {
            let raw = raw.split(" #").next().unwrap_or(raw);
            let value = raw.trim().trim_matches(['"', '\'']);
            let at = line.len() - line.trim_start().len() + line.trim_start().rfind(value)?;
            return Some(start + at..start + at + value.len());
        }
        start += line.len();
    }
    None
}

/// The address of a link as it was written: `url` between characters that can stand around one.
pub(super) fn link(text: &str, url: &str) -> Option<Range<usize>> {
    if url.is_empty() {
        return None;
    }
    let before = |at: usize| text.get(..at).and_then(|text| text.chars().next_back());
    let after = |at: usize| text.get(at..).and_then(|text| text.chars().next());
    text.match_indices(url).map(|(at, _)| at..at + url.len()).find(|span| {
        before(span.start).is_none_or(|c| c.is_whitespace() || "(<\"'".contains(c))
            && after(span.end).is_none_or(|c| c.is_whitespace() || ")>\"'".contains(c))
    })
}

#[cfg(test)]
mod tests {
    use super::{key, link, value};

    const TOML: &str = "+++\nnext_update = 2022-03-29T14:30:00+02:00 # soon\n[[follow_up]]\ndue = 2022-04-01\n[[follow_up]]\ndue = \"2022-05-01\"\n+++\nSee [it](other.md).\n";

    #[test]
    fn a_value_is_found_by_its_key_in_toml_and_yaml() {
        let check = |text: &str, at: Option<std::ops::Range<usize>>, expected: &str| {
            assert_eq!(at.and_then(|at| text.get(at)), Some(expected));
        };
        check(TOML, key(TOML, "next_update"), "2022-03-29T14:30:00+02:00");
        check(TOML, value(TOML, "due", "2022-05-01", 0), "2022-05-01");
        let yaml = "---\nfollow_up:\n  - due: 2022-04-01\n    what: x\n---\n";
        check(yaml, value(yaml, "due", "2022-04-01", 0), "2022-04-01");
        assert_eq!(value(TOML, "due", "1999-01-01", 0), None);
        assert_eq!(key(TOML, "published"), None);
    }

    #[test]
    fn a_link_is_found_whole() {
        assert_eq!(link(TOML, "other.md").and_then(|at| TOML.get(at)), Some("other.md"));
        assert_eq!(link(TOML, "other"), None);
        assert_eq!(link(TOML, ""), None);
    }
}
