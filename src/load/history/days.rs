//! Sealed days: `history/days/<yyyy>/<mm>/<dd>.ndjson`, a [row](super::row) a line.
//!
//! Ten years of fifty monitors are 3650 files and 182,500 rows. They are read on all cores, names are shared, and
//! latencies are read only where something still shows them.

use std::path::Path;

use jiff::civil::Date;
use rayon::prelude::*;

use super::row::{self, Names};
use super::{Bad, lines, names, read};
use crate::diag::{Diagnostic, Loaded};
use crate::model::DayRow;

/// The longest file: 5000 monitors of a dozen collectors.
const FILE_BYTES_MAX: u64 = 64 << 20;

/// Files that one thread reads after another, and whose rows share their names.
const AT_A_TIME: usize = 64;

/// All rows by day, monitor, shard, each of the three once; those of `latency_from` and later with their latencies.
pub(crate) fn read_days(root: &Path, latency_from: Date) -> Loaded<Vec<DayRow>> {
    let days = days(root);
    let read = |days: &[Date]| {
        let mut names = Names::default();
        let mut all = Loaded { value: Vec::new(), diagnostics: Vec::new() };
        for &day in days {
            let Loaded { value, diagnostics } = read_day(root, day, day >= latency_from, &mut names);
            all.value.extend(value);
            all.diagnostics.extend(diagnostics);
        }
        all
    };
    let parts: Vec<Loaded<Vec<DayRow>>> = days.par_chunks(AT_A_TIME).map(read).collect();
    let mut rows = Vec::with_capacity(parts.iter().map(|part| part.value.len()).sum());
    let mut diagnostics: Vec<Diagnostic> = Vec::new();
    for part in parts {
        rows.extend(part.value);
        diagnostics.extend(part.diagnostics);
    }
    Loaded { value: rows, diagnostics }
}

/// The path of a day's file.
pub(crate) fn path_of(day: Date) -> String {
    format!("history/days/{:04}/{:02}/{:02}.ndjson", day.year(), day.month(), day.day())
}

/// The days that have a file, in order.
fn days(root: &Path) -> Vec<Date> {
    let number = |name: &str, width: usize| -> Option<i16> {
        name.parse().ok().filter(|_| name.len() == width && name.bytes().all(|byte| byte.is_ascii_digit()))
    };
    let part = |name: &str| number(name, 2).and_then(|part| i8::try_from(part).ok());
    let mut days = Vec::new();
    for year in names(root, "history/days") {
        let Some(year_number) = number(&year, 4) else { continue };
        for month in names(root, &format!("history/days/{year}")) {
            let Some(month_number) = part(&month) else { continue };
            for name in names(root, &format!("history/days/{year}/{month}")) {
                let day = name.strip_suffix(".ndjson").and_then(part);
                days.extend(day.and_then(|day| Date::new(year_number, month_number, day).ok()));
            }
        }
    }
    days
}

fn read_day(root: &Path, day: Date, latency: bool, names: &mut Names) -> Loaded<Vec<DayRow>> {
    let path = path_of(day);
    let bytes = match read(root, &path, FILE_BYTES_MAX) {
        Ok(bytes) => bytes,
        Err(told) => return Loaded { value: Vec::new(), diagnostics: told.into_iter().collect() },
    };
    let mut bad = Bad::new(&path);
    let mut rows = Vec::with_capacity(bytes.len() / 320);
    for (number, line) in lines(&bytes) {
        match row::parse(line, latency, names) {
            Ok(row) if row.day == day => rows.push(row),
            Ok(row) => bad.tell(number, line, format!("this row is of {}, not of the file's day", row.day)),
            Err(why) => bad.tell(number, line, why),
        }
    }
    unique(&mut rows);
    rows.shrink_to_fit();
    Loaded { value: rows, diagnostics: bad.finish() }
}

/// Sorts rows, and keeps of each day, monitor and shard the one that weighs most.
pub(crate) fn unique(rows: &mut Vec<DayRow>) {
    if rows.is_sorted_by(|a, b| row::key(a) < row::key(b)) {
        return;
    }
    rows.sort_by(|a, b| row::key(a).cmp(&row::key(b)).then_with(|| row::weigh(b, a)));
    rows.dedup_by(|a, b| row::key(a) == row::key(b));
}
