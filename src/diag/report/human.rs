//! For people: the line that is meant, and what is wrong with it, drawn below.

use std::fmt::Write as _;
use std::ops::Range;

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};

use super::{Report, shown};
use crate::diag::{Diagnostic, Place, Severity};

/// More than this nobody reads at once.
const SHOWN_MAX: usize = 50;

/// In characters: of a longer line only the part around the place is shown.
const WIDTH: usize = 120;

/// In bytes: nobody looks for a place in a longer line by eye.
const LINE_LEN_MAX: usize = 20_000;

pub(super) fn render(report: &Report<'_>) -> String {
    let mut text = String::new();
    // Where not all can be shown, what could not be used goes before what is only worth knowing.
    let mut shown = report.diagnostics.clone();
    if shown.len() > SHOWN_MAX {
        shown.sort_by_key(|diagnostic| std::cmp::Reverse(diagnostic.severity));
        shown.truncate(SHOWN_MAX);
    }
    for diagnostic in shown {
        let _ = writeln!(text, "{}\n", draw(diagnostic, report.path(diagnostic)));
    }
    if let Some(more) = report.diagnostics.len().checked_sub(SHOWN_MAX).filter(|&more| more > 0) {
        let _ = writeln!(text, "… and {more} more: `upfront check --format concise` shows all of them\n");
    }
    text
}

/// What has no place and no code, in the same dress: "error: …", and below it what to do.
pub fn sentence(what: &str, cure: Option<&str>) -> String {
    let cure = cure.map(|cure| Level::HELP.no_name().message(shown(cure)));
    let group = Group::with_title(Level::ERROR.primary_title(shown(what))).elements(cure);
    format!("{}\n", renderer().render(&[group]))
}

fn draw(diagnostic: &Diagnostic, path: Option<String>) -> String {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Note => Level::NOTE,
    };
    let title = level.primary_title(shown(&diagnostic.message)).id(diagnostic.code.as_str());
    let mut cure = Some(shown(&diagnostic.cure)).filter(|cure| !cure.is_empty());
    let mut group = Group::with_title(title);
    if let (Some(place), Some(path)) = (&diagnostic.place, path) {
        let at = place.source.line_column(place.span.start);
        group = match Shown::of(place) {
            Shown::Line { text, span } => {
                let label = AnnotationKind::Primary.span(span).label(cure.take());
                group.element(Snippet::source(text).path(path).line_start(at.line).annotation(label))
            }
            Shown::Unseen => group.element(Origin::path(path).line(at.line).char_column(at.column)),
            Shown::NoText => group.element(Origin::path(path)),
        };
    }
    let outcome = diagnostic.outcome.as_deref().map(|outcome| Level::NOTE.no_name().message(shown(outcome)));
    let cure = cure.map(|cure| Level::HELP.no_name().message(cure));
    renderer().render(&[group.elements(cure).elements(outcome)])
}

fn renderer() -> Renderer {
    Renderer::styled().decor_style(DecorStyle::Ascii).term_width(WIDTH)
}

/// What is shown of the file. A place that goes on over several lines is shown by its first.
enum Shown {
    /// The line, fit for a terminal, with the place in its bytes. Each character stands for one of the file's, so that
    /// columns are the same.
    Line { text: String, span: Range<usize> },
    /// The line is no line that a person wrote, or is private.
    Unseen,
    /// The file has no text to show: a picture, a file that is missing.
    NoText,
}

impl Shown {
    fn of(place: &Place) -> Shown {
        let text = place.source.text();
        if place.source.is_unseen() {
            return Shown::Unseen;
        }
        if text.is_empty() {
            return Shown::NoText;
        }
        let start = floor(text, place.span.start);
        let (before, after) = text.split_at(start);
        let before = before.rsplit('\n').next().unwrap_or_default();
        let after = after.split('\n').next().unwrap_or_default();
        let after = after.strip_suffix('\r').unwrap_or(after);
        if before.len() + after.len() > LINE_LEN_MAX {
            return Shown::Unseen;
        }
        let length = floor(after, place.span.end.saturating_sub(start));
        let (inside, after) = after.split_at(length);

        let mut line = shown(before);
        let span_start = line.len();
        line.push_str(&shown(inside));
        let span_end = line.len();
        line.push_str(&shown(after));
        Shown::Line { text: line, span: span_start..span_end }
    }
}

/// The nearest character boundary at or before `offset`.
fn floor(text: &str, offset: usize) -> usize {
    let mut offset = offset.min(text.len());
    while !text.is_char_boundary(offset) {
        offset -= 1;
    }
    offset
}
