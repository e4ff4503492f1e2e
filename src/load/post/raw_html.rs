//! HTML in a post: it is shown as text, and its comments are left out. Both are told, since the first is seldom meant and
//! a comment that is not closed takes with it what stands below (<https://spec.commonmark.org/0.31.2/#html-blocks>).

use std::ops::Range;

use pulldown_cmark::{Event, Parser, Tag, TagEnd};

use super::teller::{Teller, quoted};
use crate::diag::Code;

/// Tells of the Markdown that begins at `body` in `text`: of each comment without an end, and once of other HTML.
pub(super) fn tell(text: &str, body: usize, tell: &mut Teller) {
    let markdown = text.get(body..).unwrap_or_default();
    // Hardly any post holds the sign, and only with it can there be HTML.
    if !markdown.contains('<') {
        return;
    }
    let mut shown: Option<Range<usize>> = None;
    let mut block: Option<usize> = None;
    for (event, range) in Parser::new(markdown).into_offset_iter() {
        match event {
            Event::Start(Tag::HtmlBlock) => block = Some(range.start),
            Event::End(TagEnd::HtmlBlock) => {
                let start = block.take().unwrap_or(range.start);
                let (html, open) = of_block(markdown, start..range.end);
                shown = shown.or(html);
                if let Some(open) = open {
                    unclosed(body + open, tell);
                }
            }
            Event::InlineHtml(tag) if !tag.starts_with("<!--") => shown = shown.or(Some(range)),
            _ => {}
        }
    }
    if let Some(span) = shown {
        let html = markdown.get(span.clone()).unwrap_or_default();
        tell.note(Code::RAW_HTML, span.start + body..span.end + body, format!("{} is shown as text", quoted(html)))
            .cure("write Markdown, such as `**bold**`; what is meant as text may stand between backticks");
    }
}

/// The first HTML of a block that is no comment, and where a comment begins that has no end.
fn of_block(markdown: &str, span: Range<usize>) -> (Option<Range<usize>>, Option<usize>) {
    let block = markdown.get(span.clone()).unwrap_or_default();
    let mut shown = None;
    let mut at = 0;
    loop {
        let rest = block.get(at..).unwrap_or_default();
        let comment = rest.find("<!--");
        let before = rest.get(..comment.unwrap_or(rest.len())).unwrap_or_default();
        let words = before.trim();
        if shown.is_none() && !words.is_empty() {
            let start = span.start + at + (before.len() - before.trim_start().len());
            let line = words.lines().next().unwrap_or_default();
            shown = Some(start..start + line.len());
        }
        let Some(comment) = comment else { return (shown, None) };
        match rest.get(comment..).and_then(|comment| comment.find("-->")) {
            Some(end) => at += comment + end + "-->".len(),
            None => return (shown, Some(span.start + at + comment)),
        }
    }
}

fn unclosed(at: usize, tell: &mut Teller) {
    tell.warning(Code::RAW_HTML, at..at + "<!--".len(), "this comment has no end")
        .cure("write `-->` where it ends")
        .outcome("published, without what stands below it");
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::diag::Source;

    /// What is told of a text, a line each: where, how bad, what.
    #[track_caller]
    fn check(text: &str, expected: &str) {
        let source = Arc::new(Source::new("a.md", text));
        let mut teller = Teller::new(&source);
        tell(text, 0, &mut teller);
        let line = |told: crate::diag::Diagnostic| {
            let span = told.place.map(|place| place.span).unwrap_or_default();
            format!("{} {} {}", text.get(span).unwrap_or_default(), told.severity.word(), told.message)
        };
        let lines: Vec<String> = teller.into_diagnostics().into_iter().map(line).collect();
        assert_eq!(lines.join("\n"), expected, "{text}");
    }

    #[test]
    fn html_that_is_shown_as_text_is_told_once() {
        check("It is <b>slow</b> and <i>late</i>.", "<b> note `<b>` is shown as text");
        check("<div class=\"x\">\nSlow.\n</div>\n", "<div class=\"x\"> note `<div class=\"x\">` is shown as text");
        check("<!-- why --> <br>\n", "<br> note `<br>` is shown as text");
    }

    #[test]
    fn what_is_no_html_is_not_told() {
        check("1 < 2, see <https://example.com>, `<b>` and \\<b>.\n\n    <b>\n\n```\n<!-- x\n```\n", "");
        check("Slow. <!-- ask Kari -->\n\n<!--\nnothing\n\n## Resolved\n-->\nMore.", "");
    }

    #[test]
    fn a_comment_without_an_end_is_told_where_it_begins() {
        check("Slow.\n\n<!-- ask Kari\n\nMore.\n", "<!-- warning this comment has no end");
        check("<!-- a --> <!-- b ->\n\nMore.", "<!-- warning this comment has no end");
        check("Slow <!-- in a line", "");
    }
}
