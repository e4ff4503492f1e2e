//! `upfront report`: the record of a quarter or a year as one file for customers, or as data.

use std::fs;

use super::observed::{Observed, observe};
use super::{Edge, Failure, Status};
use crate::cli;
use crate::derive::response::record::Period;
use crate::derive::{self, Derived, Moment};
use crate::model::Site;
use crate::render::{self, Theme};

pub(super) fn run(edge: &Edge, args: &cli::Report) -> Result<Status, Failure> {
    // Nobody is asked: what is over stands in history.
    let Observed { site, now, diagnostics } = observe(edge, args.now, false)?;
    let derived = derive::derive(&site, now);
    edge.tell(&diagnostics);
    let period = period(&args.period, &site, &derived)?;
    let theme = Theme::new(&site.theme, &site.config)?;
    let none = || nothing(&args.period, &derived);
    let text = if args.json {
        render::period_data(&site, &derived, &theme, period).ok_or_else(none)?
    } else {
        let html = render::period_page(&site, &derived, &theme, period).ok_or_else(none)?;
        String::from_utf8_lossy(&html.map_err(|error| Failure::Mistakes(vec![*error.0]))?).into_owned()
    };
    match &args.out {
        None => edge.print(&text)?,
        Some(out) => {
            fs::write(out, text)
                .map_err(|error| Failure::new(format!("{} could not be written: {error}", out.display())))?;
            edge.say(&format!("Wrote {}\n", out.display()))?;
        }
    }
    Ok(Status::Fine)
}

/// `2026-q1`, `2026Q1`, `q1 2026`, `2026`, or by its place before now.
fn period(word: &str, site: &Site, derived: &Derived) -> Result<Period, Failure> {
    let quarter = Period::quarter_of(Moment::At(derived.now).day(&site.config));
    let year = Period { quarter: None, ..quarter };
    let folded: String = word.to_lowercase().chars().filter(char::is_ascii_alphanumeric).collect();
    let named = match folded.as_str() {
        "thisquarter" | "quarter" => Some(quarter),
        "lastquarter" => Some(quarter.before()),
        "thisyear" | "year" => Some(year),
        "lastyear" => Some(year.before()),
        _ => written(&folded),
    };
    named.ok_or_else(|| nothing(word, derived))
}

fn written(folded: &str) -> Option<Period> {
    let (year, quarter) = match (folded.split_once('q'), folded.strip_prefix('q')) {
        (_, Some(rest)) if rest.len() == 5 => (rest.get(1..)?, rest.get(..1)),
        (Some((year, quarter)), _) => (year, Some(quarter)),
        (None, _) => (folded, None),
    };
    let year = year.parse().ok().filter(|year| (1..=9999).contains(year))?;
    let quarter = match quarter {
        Some(quarter) => Some(quarter.parse().ok().filter(|quarter| (1..=4).contains(quarter))?),
        None => None,
    };
    Some(Period { year, quarter })
}

fn nothing(word: &str, derived: &Derived) -> Failure {
    let record = &derived.record;
    let (Some(newest), Some(oldest)) = (record.quarters.first(), record.quarters.last()) else {
        return Failure::new(format!("there is no record of `{word}`")).cure("the site has no incident yet");
    };
    Failure::new(format!("there is no record of `{word}`")).cure(format!(
        "write a quarter from `{}` to `{}`, or a year such as `{}`",
        oldest.period, newest.period, newest.period.year
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn periods_are_read_as_people_write_them() {
        let cases = [
            ("2026q1", Some((2026, Some(1)))),
            ("q42025", Some((2025, Some(4)))),
            ("2026", Some((2026, None))),
            ("2026q5", None),
            ("2026q", None),
            ("q1", None),
            ("spring", None),
            ("", None),
        ];
        for (text, expected) in cases {
            let expected = expected.map(|(year, quarter)| Period { year, quarter });
            assert_eq!(written(text), expected, "{text}");
        }
    }
}
