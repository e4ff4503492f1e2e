//! `[promise]`: what the operator tells readers to expect, in lengths of time and numbers of days.

use jiff::SignedDuration;

use super::reader::{Reader, Section};
use super::{values, words};
use crate::diag::{Code, Diagnostic};
use crate::model::{Impact, Promise, RfoPromise, Within};

pub(in crate::load) const KEYS: [&str; 6] = ["rebuild", "first_post", "next_update", "rfo", "rfo_impact", "rfo_outage"];

const RFO_IMPACTS: [(&str, Impact); 3] =
    [("minor", Impact::Minor), ("major", Impact::Major), ("critical", Impact::Critical)];

/// From which impact on a report is owed, unless the config says otherwise.
const IMPACT: Impact = Impact::Major;

/// After how much major outage one is owed, unless the config says otherwise.
const OUTAGE: SignedDuration = SignedDuration::from_hours(1);

/// The most days in which a report may be promised.
const DAYS_MAX: u16 = 366;

pub(super) fn read(reader: &mut Reader<'_>, site: &Section<'_, '_>) -> Promise {
    let Some(table) = reader.table(site, "promise", &KEYS) else { return Promise::default() };
    Promise {
        rebuild: duration(reader, &table, "rebuild"),
        first_post: duration(reader, &table, "first_post"),
        next_update: duration(reader, &table, "next_update"),
        rfo: rfo(reader, &table),
    }
}

fn duration(reader: &mut Reader<'_>, table: &Section<'_, '_>, key: &str) -> Option<SignedDuration> {
    let text = reader.text(table, key)?;
    let duration = values::duration(&text.value);
    if duration.is_none() {
        let message = format!("`{}` is not a length of time from a minute to a year", text.value);
        reader.value_error(&text.span, message, "such as `\"5m\"`, `\"30 min\"`, `\"2h\"` or `\"1 day\"`");
    }
    duration
}

fn rfo(reader: &mut Reader<'_>, table: &Section<'_, '_>) -> Option<RfoPromise> {
    let impact = words::one_of(reader, table, "rfo_impact", &RFO_IMPACTS);
    let outage = duration(reader, table, "rfo_outage");
    if !table.has("rfo") {
        for key in ["rfo_impact", "rfo_outage"] {
            let Some(value) = reader.any(table, key) else { continue };
            let told = Diagnostic::warning(Code::CONFIG_VALUE, format!("`{key}` does nothing without `rfo`"))
                .cure("say how soon a report comes: `rfo = \"5 working days\"`")
                .outcome("no report is owed");
            reader.tell(told, &value.span());
        }
        return None;
    }
    let text = reader.text(table, "rfo")?;
    let within = within(&text.value);
    if within.is_none() {
        let message = format!("`{}` is not a number of days from 0 to {DAYS_MAX}", text.value);
        reader.value_error(&text.span, message, "such as `\"5 working days\"` (Monday to Friday) or `\"7 days\"`");
    }
    Some(RfoPromise { within: within?, impact: impact.unwrap_or(IMPACT), outage: outage.unwrap_or(OUTAGE) })
}

/// `5 days`, `1 day`, `2 weeks`, `5 working days`, `5 business days`, `5 workdays`.
fn within(text: &str) -> Option<Within> {
    let text = text.trim().to_lowercase();
    let digits = text.find(|c: char| !c.is_ascii_digit()).filter(|&at| at > 0)?;
    let (number, unit) = text.split_at(digits);
    let number: u16 = number.parse().ok()?;
    let unit: Vec<&str> = unit.split_whitespace().collect();
    let within = match unit.as_slice() {
        ["day" | "days" | "d"] => Within::Days(number),
        ["week" | "weeks"] => Within::Days(number.checked_mul(7)?),
        ["working" | "business" | "work", "day" | "days"] | ["workday" | "workdays"] => Within::WorkingDays(number),
        _ => return None,
    };
    match within {
        Within::Days(days) | Within::WorkingDays(days) => (days <= DAYS_MAX).then_some(within),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_read_as_people_write_them() {
        use Within::{Days, WorkingDays};
        let cases = [
            ("5 working days", Some(WorkingDays(5))),
            ("1 business day", Some(WorkingDays(1))),
            ("3 Workdays", Some(WorkingDays(3))),
            ("5 days", Some(Days(5))),
            ("14d", Some(Days(14))),
            ("2 weeks", Some(Days(14))),
            ("0 days", Some(Days(0))),
            ("367 days", None),
            ("days", None),
            ("5", None),
            ("-1 days", None),
            ("9999999 weeks", None),
            ("5 moons", None),
        ];
        for (text, expected) in cases {
            assert_eq!(within(text), expected, "{text}");
        }
    }
}
