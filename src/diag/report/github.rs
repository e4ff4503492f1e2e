//! Annotations of a pull request: GitHub's workflow commands
//! (<https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands>).
//!
//! The escapes are those of the runner's own toolkit
//! (<https://github.com/actions/toolkit/blob/main/packages/core/src/command.ts>): text that came from a file cannot
//! begin another command.

use std::fmt::Write as _;

use super::{Report, one_line};
use crate::diag::Severity;

pub(super) fn render(report: &Report<'_>) -> String {
    let mut text = String::new();
    for diagnostic in &report.diagnostics {
        text.push_str(match diagnostic.severity {
            Severity::Error => "::error ",
            Severity::Warning => "::warning ",
            Severity::Note => "::notice ",
        });
        if let (Some(path), Some(place)) = (report.path(diagnostic), &diagnostic.place) {
            let (start, end) = (place.source.line_column(place.span.start), place.source.line_column(place.span.end));
            let _ = write!(text, "file={},line={},col={},", property(&path), start.line, start.column);
            // GitHub takes an end column only where the line is the same.
            let _ = match end.line == start.line {
                true => write!(text, "endColumn={},", end.column),
                false => write!(text, "endLine={},", end.line),
            };
        }
        let code = property(diagnostic.code.as_str());
        let _ = writeln!(text, "title={code}::{}", data(&one_line(diagnostic)));
    }
    text
}

fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
