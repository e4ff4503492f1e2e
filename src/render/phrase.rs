//! Phrases that people wrote, as a page shows them: a figure and its unit stay on one line.

use super::Html;
use super::escape::html_into;

/// What may stand behind a figure and means nothing without it.
const UNITS: [&str; 14] = ["%", "‰", "°C", "ms", "s", "min", "h", "kB", "MB", "GB", "TB", "Mbit/s", "Gbit/s", "€"];

/// Text, with the space between a figure and `%` or another unit made one that does not break.
pub(in crate::render) fn phrase(text: &str) -> Html {
    let mut html = String::with_capacity(text.len() + 8);
    let mut rest = text;
    while let Some(at) = rest.find(' ') {
        let (before, after) = (&rest[..at], &rest[at + 1..]);
        html_into(&mut html, before);
        let keeps = before.ends_with(|c: char| c.is_ascii_digit()) && begins_with_unit(after);
        html.push(if keeps { '\u{a0}' } else { ' ' });
        rest = after;
    }
    html_into(&mut html, rest);
    Html::trusted(html)
}

fn begins_with_unit(text: &str) -> bool {
    let ends = |rest: &str| !rest.starts_with(|c: char| c.is_alphanumeric() || c == '/');
    UNITS.iter().any(|unit| text.strip_prefix(unit).is_some_and(ends))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, html: &str) {
        assert_eq!(phrase(text).as_str(), html, "{text}");
    }

    #[test]
    fn a_figure_keeps_its_unit() {
        check("About 12 % of accounts", "About 12\u{a0}% of accounts");
        check("Files over 10 MB, for 5 min.", "Files over 10\u{a0}MB, for 5\u{a0}min.");
        check("Half, or 50 %", "Half, or 50\u{a0}%");
    }

    #[test]
    fn all_else_stays_as_it_is_and_escaped() {
        check("12 minutes, 3 hosts, a % of <b>", "12 minutes, 3 hosts, a % of &lt;b&gt;");
        check(" 12  % ", " 12  % ");
        check("", "");
    }
}
