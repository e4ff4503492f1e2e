//! The report for programs.

use serde_json::{Value, json};

use super::{Report, length, per_month_tenths};
use crate::derive::replay::{Replayed, Thresholds, Trial};

pub(super) fn report(report: &Report) -> Value {
    json!({
        "version": 1,
        "now": report.now.to_string(),
        "from": report.arguments.from.map(|from| from.to_string()),
        "covered_s": report.heard().map(|heard| heard.as_secs()),
        "warning": report.warning(),
        "components": report.rows.iter().filter(|row| row.component.is_some()).map(|row| one(report, row)).collect::<Vec<_>>(),
        "all": report.rows.last().map(|row| one(report, row)),
    })
}

fn one(report: &Report, row: &Replayed) -> Value {
    let tried = report.arguments.tried.iter().zip(&row.trials);
    json!({
        "component": row.component.as_ref().map(|id| id.as_str()),
        "first_result": row.heard.map(|(first, _)| first.to_string()),
        "last_result": row.heard.map(|(_, last)| last.to_string()),
        "thresholds": tried.map(|(thresholds, trial)| tried_one(report, row, thresholds, trial)).collect::<Vec<_>>(),
    })
}

fn tried_one(report: &Report, row: &Replayed, thresholds: &Thresholds, trial: &Trial) -> Value {
    let tenths = per_month_tenths(trial.notices, length(row.heard));
    json!({
        "detect_after_s": thresholds.detect_after.as_secs(),
        "hold_s": thresholds.hold.as_secs(),
        "own": report.arguments.is_own(thresholds),
        "notices": trial.notices,
        "notices_a_month": tenths.map(|tenths| serde_json::Number::from_f64(tenths as f64 / 10.0)),
        "held_back": trial.held_back,
        "median_delay_s": trial.delay.map(|delay| delay.as_secs()),
        "false_notices": trial.judged.map(|judged| judged.false_notices),
        "real": trial.judged.map(|judged| judged.real),
        "missed": trial.judged.map(|judged| judged.missed),
    })
}
