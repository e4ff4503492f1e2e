//! For programs. The shape is a contract: fields are added, never renamed or removed, without a new `version`.

use serde::Serialize;

use super::Report;
use crate::diag::{Diagnostic, Severity};

/// `line` and `column` count from 1, columns in characters; `end_column` is the first one after it.
#[derive(Serialize)]
struct Entry<'a> {
    code: &'a str,
    severity: &'a str,
    message: &'a str,
    file: Option<&'a str>,
    line: Option<usize>,
    column: Option<usize>,
    end_line: Option<usize>,
    end_column: Option<usize>,
    cure: Option<&'a str>,
    outcome: Option<&'a str>,
}

pub(super) fn render(report: &Report<'_>) -> serde_json::Value {
    let diagnostics: Vec<Entry<'_>> = report.diagnostics.iter().map(|diagnostic| entry(diagnostic)).collect();
    serde_json::json!({
        "version": 1,
        "errors": report.count(Severity::Error),
        "warnings": report.count(Severity::Warning),
        "notes": report.count(Severity::Note),
        "diagnostics": diagnostics,
    })
}

fn entry(diagnostic: &Diagnostic) -> Entry<'_> {
    let place = diagnostic.place.as_ref();
    let start = place.map(|place| place.source.line_column(place.span.start));
    let end = place.map(|place| place.source.line_column(place.span.end));
    Entry {
        code: diagnostic.code.as_str(),
        severity: diagnostic.severity.word(),
        message: &diagnostic.message,
        file: place.map(|place| place.source.path()),
        line: start.map(|at| at.line),
        column: start.map(|at| at.column),
        end_line: end.map(|at| at.line),
        end_column: end.map(|at| at.column),
        cure: Some(diagnostic.cure.as_str()).filter(|cure| !cure.is_empty()),
        outcome: diagnostic.outcome.as_deref(),
    }
}
