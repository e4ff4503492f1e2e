//! A new update in a file.

use pulldown_cmark::{Event, HeadingLevel, Parser, Tag, TagEnd};

use super::front_matter;
use super::text::{line_ending, lines, start};

/// Where in a file the new update goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// At the end (files whose oldest update stands first).
    Last,
    /// Before this line, counted from 1 (files whose newest update stands first).
    BeforeLine(u32),
}

/// Puts an update into a file: `heading` (without `## `; none where empty) and `words`.
///
/// Link reference definitions at the end of a file stay there. A code block that somebody forgot to close would swallow
/// the update, so that it is closed first.
///
/// # Example
///
/// ```
/// use upfront::edit::{Place, add_update};
///
/// let text = add_update("Mail is slow.", Place::Last, "Resolved · 2026-11-24 04:00", "It is fast again.");
/// assert_eq!(text, "Mail is slow.\n\n## Resolved · 2026-11-24 04:00\nIt is fast again.");
/// ```
pub fn add_update(text: &str, place: Place, heading: &str, words: &str) -> String {
    let eol = line_ending(text);
    let body = front_matter::body_start(text);
    let at = match place {
        Place::Last => end_of_updates(text, body),
        Place::BeforeLine(line) => line_start(text, line).filter(|&at| at >= body).unwrap_or(text.len()),
    };
    let (before, after) = text.split_at(at);
    let at_end = after.trim().is_empty();

    let mut added = gap(before, eol);
    if let Some(closing) = left_open(before.get(body..).unwrap_or_default()) {
        // The closing belongs directly below what it closes.
        added.clear();
        if !ends_line(before, eol) {
            added += eol;
        }
        added.extend([&closing, eol, eol]);
    }
    added += &block(heading, words, eol);
    // A file without a newline at its end keeps to that; one that has nothing yet gets one.
    if !at_end {
        added += &eol.repeat(2);
    } else if ends_line(before, eol) || before.len() == start(text) {
        added += eol;
    }
    [before, &added, after].concat()
}

/// Puts `heading` (without `## `) before words that have none: at the beginning, behind front matter and a title.
pub fn add_heading(text: &str, heading: &str) -> String {
    let eol = line_ending(text);
    let body = front_matter::body_start(text);
    let mut at = text.len();
    for (begin, line) in lines(&text[body..]) {
        if !line.trim().is_empty() && !line.starts_with("# ") {
            at = body + begin;
            break;
        }
    }
    let (before, after) = text.split_at(at);
    [before, "## ", heading, eol, after].concat()
}

/// Whether a heading stands in this line (counted from 1), in either of Markdown's two forms.
pub fn is_heading(text: &str, line: u32) -> bool {
    let Some(at) = line_start(text, line) else { return false };
    let mut rest = lines(&text[at..]).map(|(_, line)| line.trim());
    let (first, second) = (rest.next().unwrap_or_default(), rest.next().unwrap_or_default());
    let is_underline = |mark| second.len() >= 2 && second.chars().all(|c| c == mark);
    first.starts_with('#') || is_underline('-') || is_underline('=')
}

/// Whether a merge was left unfinished in this text.
pub fn has_conflict_markers(text: &str) -> bool {
    let has = |marker| lines(text).any(|(_, line)| line.starts_with(marker));
    has("<<<<<<< ") && has(">>>>>>> ")
}

fn block(heading: &str, words: &str, eol: &str) -> String {
    let mut lines: Vec<&str> = Vec::new();
    let heading = format!("## {heading}");
    if heading.len() > 3 {
        lines.push(&heading);
    }
    // From any line ending to the file's own.
    let words = words.replace("\r\n", "\n").replace('\r', "\n");
    let words = words.trim_end().trim_start_matches(['\n', ' ', '\t']);
    lines.extend(words.split('\n').map(str::trim_end));
    let closing = left_open(words);
    lines.extend(closing.as_deref());
    while lines.last().is_some_and(|line| line.is_empty()) {
        lines.pop();
    }
    lines.join(eol)
}

/// A lone carriage return ends a line only in a file where all lines end so.
fn ends_line(text: &str, eol: &str) -> bool {
    text.ends_with('\n') || (eol == "\r" && text.ends_with('\r'))
}

/// What must stand between `before` and a new block, so that there is a blank line.
fn gap(before: &str, eol: &str) -> String {
    let text = &before[start(before)..];
    if text.is_empty() {
        return String::new();
    }
    if !ends_line(text, eol) {
        return eol.repeat(2);
    }
    let last = lines(text).last().map_or("", |(_, line)| line);
    if last.trim().is_empty() { String::new() } else { eol.to_owned() }
}

/// The end of the file, or where the link reference definitions at its end begin. They begin a block only after a
/// blank line; otherwise they are part of a paragraph.
fn end_of_updates(text: &str, body: usize) -> usize {
    let mut found = None;
    let mut definitions = None;
    for (begin, line) in lines(&text[body..]).collect::<Vec<_>>().into_iter().rev() {
        if is_definition(line) {
            definitions = Some(begin);
        } else if line.trim().is_empty() {
            found = definitions.or(found);
        } else {
            break;
        }
        if begin == 0 {
            found = definitions.or(found);
        }
    }
    match found.map(|begin| body + begin) {
        Some(at) if left_open(&text[body..at]).is_none() => at,
        _ => text.len(),
    }
}

fn is_definition(line: &str) -> bool {
    let unindented = line.trim_start_matches(' ');
    line.len() - unindented.len() <= 3
        && unindented.strip_prefix('[').and_then(|rest| rest.split_once("]:")).is_some_and(|(label, target)| {
            !label.trim().is_empty() && !label.contains(']') && !target.trim().is_empty()
        })
}

/// The line that closes what `markdown` leaves open and what would swallow a heading after it: a code fence, a comment.
fn left_open(markdown: &str) -> Option<String> {
    if takes_heading(markdown, "") {
        return None;
    }
    closings(markdown).into_iter().find(|closing| takes_heading(markdown, closing))
}

/// Asked of the parser itself, since a fence in a list or a quotation ends with these, and needs no closing.
fn takes_heading(markdown: &str, closing: &str) -> bool {
    let gap = if markdown.ends_with(['\n', '\r']) { "" } else { "\n" };
    let probe = format!("{markdown}{gap}{closing}\n\n## x\n");
    let mut depth = 0_usize;
    let mut top_heading = false;
    for event in Parser::new(&probe) {
        match event {
            Event::Start(Tag::Heading { level: HeadingLevel::H2, .. }) => {
                top_heading = depth == 0;
                depth += 1;
            }
            Event::Start(_) => {
                top_heading = false;
                depth += 1;
            }
            Event::End(TagEnd::Heading(_)) => depth = depth.saturating_sub(1),
            Event::End(_) => {
                top_heading = false;
                depth = depth.saturating_sub(1);
            }
            _ => {}
        }
    }
    top_heading
}

fn closings(markdown: &str) -> Vec<String> {
    let fence = |mark: char| {
        let runs = markdown.split(['\n', '\r']).map(|line| line.trim_start_matches([' ', '>']));
        let longest = runs.map(|line| line.len() - line.trim_start_matches(mark).len()).max().unwrap_or_default();
        String::from(mark).repeat(longest.max(3))
    };
    let html = ["-->", "?>", "]]>", "</pre>", "</script>", "</style>", "</textarea>"].map(str::to_owned);
    let closings: Vec<String> = [fence('`'), fence('~')].into_iter().chain(html).collect();
    // The parser does not end every line at a lone carriage return.
    let once_more = closings.iter().map(|closing| format!("\n{closing}")).collect();
    [closings, once_more].concat()
}

/// Where a line begins; the first is line 1.
fn line_start(text: &str, line: u32) -> Option<usize> {
    let index = usize::try_from(line).ok()?.checked_sub(1)?;
    lines(text).nth(index).map(|(begin, _)| begin)
}
