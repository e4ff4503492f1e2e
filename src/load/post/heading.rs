//! The headings at the top level of a file's Markdown (CommonMark, <https://spec.commonmark.org/0.31.2/#atx-headings>).
//!
//! What stands in code, quotes, lists and HTML is none. Most files can be read line by line: where no line could open
//! code or HTML, a line at the left margin with `#` and a space *is* a heading, whatever stands around it. All other
//! files go through pulldown-cmark; a property test holds the two to the same result.

use memchr::{memchr3, memmem};
use std::ops::Range;

use pulldown_cmark::{Event, HeadingLevel, Parser, Tag, TagEnd};

use super::text::lines;

/// A heading, as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Heading<'a> {
    /// 1 to 6.
    pub level: u8,
    /// All of it, with its line end, in bytes of the file.
    pub span: Range<usize>,
    /// The line or lines of it exactly as they stand, without the last line end.
    pub line: &'a str,
    /// Its text without `#`; may still hold Markdown.
    pub text: &'a str,
    /// Where that stands in the file.
    pub text_at: usize,
    /// `##Resolved`: by the standard it is a paragraph. Whoever takes it for a heading must tell.
    pub lacks_space: bool,
}

/// The headings of a file, and what its links may refer to.
#[derive(Debug, Default)]
pub(super) struct Headings<'a> {
    /// In the order of the file.
    pub list: Vec<Heading<'a>>,
    /// Link reference definitions, a line each, in the order of the file.
    pub definitions: String,
}

/// Finds the headings of the Markdown that begins at `body` in `text`.
pub(super) fn find(text: &str, body: usize) -> Headings<'_> {
    let markdown = text.get(body..).unwrap_or_default();
    if is_plain(markdown) {
        return Headings { list: find_by_line(text, body).collect(), definitions: String::new() };
    }
    find_by_parser(text, body, markdown)
}

/// Whether each heading can be told by its line alone.
fn is_plain(markdown: &str) -> bool {
    let bytes = markdown.as_bytes();
    let has = |needle: &[u8]| memmem::find(bytes, needle).is_some();
    if memchr3(b'`', b'~', b'<', bytes).is_some() && (has(b"```") || has(b"~~~") || has(b"<")) || has(b"]:") {
        return false;
    }
    markdown.lines().all(|line| {
        let indented = line.trim_start();
        let is_shifted = indented.len() < line.len() && indented.starts_with('#');
        let rule = line.trim().bytes().next().filter(|byte| b"=-".contains(byte));
        let is_underline = rule.is_some_and(|rule| line.trim().bytes().all(|byte| byte == rule));
        !is_shifted && !is_underline
    })
}

fn find_by_line(text: &str, body: usize) -> impl Iterator<Item = Heading<'_>> {
    lines(text.get(body..).unwrap_or_default())
        .filter(|(_, line)| line.starts_with('#'))
        .filter_map(move |(at, line)| from_line(line, at + body))
}

/// The heading that a line at the left margin is.
fn from_line(line: &str, at: usize) -> Option<Heading<'_>> {
    let hashes = line.bytes().take_while(|&byte| byte == b'#').count();
    let level = u8::try_from(hashes).ok().filter(|level| (1..=6).contains(level))?;
    let rest = &line[hashes..];
    let lacks_space = match rest.chars().next() {
        None | Some(' ' | '\t' | '\n') => false,
        Some(c) if c.is_alphanumeric() || "*_".contains(c) => true,
        Some(_) => return None,
    };
    let text = without_closing(rest.trim());
    let blanks = if text.is_empty() { 0 } else { rest.len() - rest.trim_start().len() };
    let text_at = at + hashes + blanks;
    Some(Heading { level, span: at..at + line.len(), line: line.trim_end_matches('\n'), text, text_at, lacks_space })
}

/// Without the `#`s that may stand behind a heading.
fn without_closing(text: &str) -> &str {
    let before = text.trim_end_matches('#');
    if before.is_empty() || before.ends_with([' ', '\t']) { before.trim_end() } else { text }
}

fn find_by_parser<'a>(text: &'a str, body: usize, markdown: &'a str) -> Headings<'a> {
    let parser = Parser::new(markdown);
    let definitions = definitions(&parser, markdown);
    let mut list = Vec::new();
    let mut depth = 0usize;
    for (event, range) in parser.into_offset_iter() {
        match event {
            Event::Start(tag) => {
                if depth == 0 {
                    let range = range.start + body..range.end + body;
                    match tag {
                        Tag::Heading { level, .. } => list.extend(from_parser(text, level, range)),
                        Tag::Paragraph => list.extend(lacking_space(text, range)),
                        _ => {}
                    }
                }
                depth += 1;
            }
            Event::End(TagEnd::Paragraph | TagEnd::Heading(_)) | Event::End(_) => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    Headings { list, definitions }
}

/// The parser keeps them in a map without order.
fn definitions(parser: &Parser<'_>, markdown: &str) -> String {
    let mut spans: Vec<_> =
        parser.reference_definitions().iter().map(|(_, definition)| definition.span.clone()).collect();
    spans.sort_by_key(|span| span.start);
    let mut definitions = String::new();
    for span in spans {
        definitions.push_str(markdown.get(span).unwrap_or_default().trim());
        definitions.push('\n');
    }
    definitions
}

fn from_parser(text: &str, level: HeadingLevel, range: Range<usize>) -> Option<Heading<'_>> {
    let slice = text.get(range.clone())?;
    let indent = slice.len() - slice.trim_start().len();
    let start = range.start + indent;
    let written = slice.trim();
    if written.starts_with('#')
        && let Some(mut heading) = from_line(written, start)
        && !heading.lacks_space
    {
        heading.span = range;
        heading.line = slice.trim_end_matches('\n');
        return Some(heading);
    }
    // Setext: the last line is the underline.
    let (above, _) = written.rsplit_once('\n')?;
    Some(Heading {
        level: level as u8,
        span: range,
        line: slice.trim_end_matches('\n'),
        text: above.trim(),
        text_at: start,
        lacks_space: false,
    })
}

/// Lines of a paragraph that would be headings with a space.
fn lacking_space(text: &str, range: Range<usize>) -> impl Iterator<Item = Heading<'_>> {
    let start = range.start;
    lines(text.get(range).unwrap_or_default())
        .filter(|(_, line)| line.starts_with('#'))
        .filter_map(move |(at, line)| from_line(line, at + start))
        .filter(|heading| heading.lacks_space)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn check(markdown: &str, expected: &[(u8, &str)]) {
        let found = find(markdown, 0).list;
        let found: Vec<_> = found.iter().map(|heading| (heading.level, heading.text)).collect();
        assert_eq!(found, expected, "{markdown}");
    }

    #[test]
    fn headings_of_both_kinds_are_found() {
        check("# One\n## Two ##\n###\tThree #x\ntext\n", &[(1, "One"), (2, "Two"), (3, "Three #x")]);
        check("One\n===\n\nTwo\n---\n", &[(1, "One"), (2, "Two")]);
        check("  ## Shifted\n", &[(2, "Shifted")]);
    }

    #[test]
    fn what_stands_in_something_else_is_none() {
        check("```\n## No\n```\n## Yes\n", &[(2, "Yes")]);
        check("> ## No\n\n- ## No\n\n## Yes\n", &[(2, "Yes")]);
        check("<!--\n## No\n-->\n\n## Yes\n", &[(2, "Yes")]);
        check("    ## No\n\n## Yes\n", &[(2, "Yes")]);
        check("####### No\n#No-heading\n", &[(1, "No-heading")]);
    }

    #[test]
    fn definitions_of_the_whole_file_are_kept() {
        let headings = find("## A\n[x][1]\n\n## B\ntext\n\n[1]: https://a.example \"t\"\n[2]: /b\n", 0);
        assert_eq!(headings.definitions, "[1]: https://a.example \"t\"\n[2]: /b\n");
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(2000) })]

        #[test]
        fn reading_by_line_and_by_parser_is_the_same(
            pieces in proptest::collection::vec(
                prop::sample::select(vec![
                    "#", "## ", "##x", "\n", "\n\n", "a", " ", "    ", "\t", "- ", "> ", "1. ", "*", "---", "=", "\\", "`", "[a]", "(b)",
                ]),
                0..40,
            )
        ) {
            let markdown = pieces.concat();
            if is_plain(&markdown) {
                let proper = |heading: &Heading<'_>| !heading.lacks_space;
                let by_line: Vec<_> = find_by_line(&markdown, 0).filter(proper).map(|h| (h.level, h.text.to_owned(), h.text_at)).collect();
                let by_parser: Vec<_> = find_by_parser(&markdown, 0, &markdown).list.iter()
                    .filter(|heading| proper(heading)).map(|h| (h.level, h.text.to_owned(), h.text_at)).collect();
                prop_assert_eq!(by_line, by_parser);
            }
        }
    }
}
