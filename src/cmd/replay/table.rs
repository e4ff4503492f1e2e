//! The table, for people: a component a paragraph, a threshold a row.

use std::fmt::Write as _;

use jiff::SignedDuration;

use super::{Report, length, per_month_tenths};
use crate::derive::replay::{Replayed, Thresholds, Trial};

pub(super) fn report(report: &Report) -> String {
    let mut text = String::new();
    let several = report.arguments.components.len() > 1;
    for row in &report.rows {
        if row.component.is_some() || several {
            component(&mut text, report, row);
        }
    }
    text += "* as the site has it now\n";
    text
}

/// `4.2`, and how long that is otherwise.
pub(super) fn days(length: SignedDuration) -> String {
    let tenths = length.as_hours().max(0).saturating_mul(10) / 24;
    format!("{}.{}", tenths / 10, tenths % 10)
}

/// `3m`, `1h 30m`, `45s`.
pub(super) fn short(length: SignedDuration) -> String {
    format!("{length:#}").replace(' ', "")
}

fn component(text: &mut String, report: &Report, row: &Replayed) {
    let heard = length(row.heard);
    let name = row.component.as_ref().map_or("all of them", |id| id.as_str());
    let covers = heard.map_or_else(|| "no results".to_owned(), |heard| format!("results of {} days", days(heard)));
    let _ = writeln!(text, "{name}: {covers}");
    let mut rows = vec![head(report.arguments.real.is_some())];
    for (thresholds, trial) in report.arguments.tried.iter().zip(&row.trials) {
        rows.push(cells(thresholds, trial, heard, report.arguments.is_own(thresholds)));
    }
    aligned(text, &rows);
    text.push('\n');
}

fn head(judged: bool) -> Vec<String> {
    let mut head = vec!["", "detect_after", "hold", "notices", "a month", "median delay", "held back"];
    if judged {
        head.extend(["false", "missed"]);
    }
    head.into_iter().map(str::to_owned).collect()
}

fn cells(thresholds: &Thresholds, trial: &Trial, heard: Option<SignedDuration>, own: bool) -> Vec<String> {
    let month = per_month_tenths(trial.notices, heard).map(|tenths| format!("{}.{}", tenths / 10, tenths % 10));
    let mut cells = vec![
        if own { "*" } else { "" }.to_owned(),
        short(thresholds.detect_after),
        short(thresholds.hold),
        trial.notices.to_string(),
        month.unwrap_or_else(|| "–".to_owned()),
        trial.delay.map_or_else(|| "–".to_owned(), short),
        trial.held_back.to_string(),
    ];
    if let Some(judged) = trial.judged {
        let percent = judged.false_notices.saturating_mul(100).checked_div(trial.notices);
        let share = percent.map_or_else(String::new, |percent| format!(" ({percent} %)"));
        cells.push(format!("{}{share}", judged.false_notices));
        cells.push(format!("{} of {}", judged.missed, judged.real));
    }
    cells
}

fn aligned(text: &mut String, rows: &[Vec<String>]) {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let width = |column: usize| rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count()).max();
    let widths: Vec<usize> = (0..columns).map(|column| width(column).unwrap_or(0)).collect();
    for row in rows {
        let cells = row.iter().zip(&widths).map(|(cell, &width)| format!("{cell:>width$}"));
        let _ = writeln!(text, "{}", cells.collect::<Vec<_>>().join("  ").trim_end());
    }
}
