//! One line each: what editors (errorformat, problem matchers) and logs expect.

use std::fmt::Write as _;

use super::{Report, one_line};

pub(super) fn render(report: &Report<'_>) -> String {
    let mut text = String::new();
    for diagnostic in &report.diagnostics {
        if let (Some(path), Some(place)) = (report.path(diagnostic), &diagnostic.place) {
            let at = place.source.line_column(place.span.start);
            let _ = write!(text, "{path}:{}:{}: ", at.line, at.column);
        }
        let (severity, code) = (diagnostic.severity.word(), diagnostic.code);
        let _ = writeln!(text, "{severity}[{code}]: {}", one_line(diagnostic));
    }
    text
}
