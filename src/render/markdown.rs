//! What people wrote → HTML that is safe, and plain text.
//!
//! The format is CommonMark (<https://spec.commonmark.org/0.31.2/>) with tables and ~~strikethrough~~. Everything in it is
//! hostile, and this is the wall:
//!
//! - raw HTML is shown as the text that it is; its comments are left out, as on the git host;
//! - a link leads to `http`, `https`, `mailto` or within the site, and is otherwise only its text ([`links`]);
//! - a picture is one of the site's own, or a link to it: reading a page asks no other host;
//! - headings keep their order below the page's own, whatever the writer's levels were.
//!
//! The events of the parser are walked once and written as HTML directly ([`writer`]); nothing is ever searched and
//! replaced in HTML. Not supported: footnotes, task lists, smart punctuation, bare URLs as links.

mod plain;
mod sections;
mod writer;

use std::collections::BTreeSet;

use pulldown_cmark::{BrokenLink, CowStr, Event, Options, Parser};

use super::escape;
use super::html::Html;
use super::links;
use crate::model::Markdown;

use writer::Writer;

pub(in crate::render) use links::LinkContext;
pub use plain::first_sentence;
pub(in crate::render) use plain::plain;
pub(in crate::render) use sections::{SectionHeading, sections};

/// An update's text has no sections of its own.
static NO_SECTIONS: BTreeSet<String> = BTreeSet::new();

/// The text as blocks: paragraphs, lists, tables, code.
pub(in crate::render) fn html(markdown: &Markdown, context: &LinkContext<'_>) -> Html {
    if is_plain(&markdown.text) {
        return paragraphs(&markdown.text);
    }
    let mut writer = Writer::blocks(context, &NO_SECTIONS, markdown.text.len());
    with_events(markdown, |event| writer.event(event));
    writer.finish()
}

/// The text as one line of inline HTML, for a place inside a sentence or a paragraph: what stood in blocks is joined by spaces.
pub(in crate::render) fn inline(markdown: &Markdown, context: &LinkContext<'_>) -> Html {
    let mut writer = Writer::inline(context, &NO_SECTIONS, markdown.text.len());
    with_events(markdown, |event| writer.event(event));
    writer.finish()
}

/// Calls `each` for every event of the text; a reference that the text does not define itself is looked up among the
/// definitions of its file.
fn with_events<'a>(markdown: &'a Markdown, each: impl FnMut(Event<'a>)) {
    let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH;
    if markdown.definitions.is_empty() {
        Parser::new_ext(&markdown.text, options).for_each(each);
        return;
    }
    // Not appended to the text: after an unclosed code fence they would be part of the code.
    let definitions = Parser::new(&markdown.definitions);
    let look_up = |link: BrokenLink<'a>| -> Option<(CowStr<'a>, CowStr<'a>)> {
        let found = definitions.reference_definitions().get(&link.reference)?;
        let own = |text: &CowStr<'_>| CowStr::from(text.to_string());
        Some((own(&found.dest), found.title.as_ref().map_or(CowStr::Borrowed(""), own)))
    };
    Parser::new_with_broken_link_callback(&markdown.text, options, Some(look_up)).for_each(each);
}

/// Whether the text is paragraphs without any markup, as most updates are: then no parser is needed. May say no too often.
fn is_plain(text: &str) -> bool {
    let markup = |b: u8| {
        matches!(b, b'\\' | b'`' | b'*' | b'_' | b'[' | b']' | b'<' | b'&' | b'~' | b'|') || (b < b' ' && b != b'\n')
    };
    let opens = |line: &str| match line.as_bytes() {
        [first, .., last] => is_opening(*first) || *last == b' ',
        [first] => is_opening(*first),
        [] => false,
    };
    !text.bytes().any(markup) && !text.split('\n').any(opens)
}

/// Whether a line that begins so may be something else than text.
fn is_opening(first: u8) -> bool {
    matches!(first, b' ' | b'#' | b'>' | b'-' | b'+' | b'=' | b':' | b'0'..=b'9')
}

fn paragraphs(text: &str) -> Html {
    let mut html = String::with_capacity(text.len() + 16);
    let mut open = false;
    for line in text.split('\n') {
        match (line.is_empty(), open) {
            (true, true) => {
                html.push_str("</p>\n");
                open = false;
            }
            (true, false) => {}
            (false, true) => {
                html.push('\n');
                escape::text_into(&mut html, line);
            }
            (false, false) => {
                html.push_str("<p>");
                escape::text_into(&mut html, line);
                open = true;
            }
        }
    }
    if open {
        html.push_str("</p>\n");
    }
    Html::trusted(html)
}

#[cfg(test)]
mod tests;
