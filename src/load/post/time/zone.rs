//! What is written behind a time: `CET`, `+02:00`.
//!
//! Abbreviations are no standard: `IST` is India, Israel and Ireland. What the site's own zone calls its time comes first,
//! then those that mean one thing all over the world; the rest is told and not guessed.

use jiff::civil::DateTime;
use jiff::tz::{Offset, TimeZone};
use jiff::{SignedDuration, Timestamp};

use crate::model::Zone;

/// What an abbreviation stands for at some local time.
pub(super) enum Abbreviation {
    Is(Offset),
    /// And why: a message.
    Doubtful(String),
}

/// Abbreviations with one meaning, in minutes east of UTC.
const KNOWN: &[(&str, i32)] = &[
    ("WET", 0),
    ("WEST", 60),
    ("CET", 60),
    ("CEST", 120),
    ("MEZ", 60),
    ("MESZ", 120),
    ("EET", 120),
    ("EEST", 180),
    ("MSK", 180),
    ("EST", -300),
    ("EDT", -240),
    ("CDT", -300),
    ("MST", -420),
    ("MDT", -360),
    ("PST", -480),
    ("PDT", -420),
    ("AKST", -540),
    ("AKDT", -480),
    ("HST", -600),
    ("JST", 540),
    ("KST", 540),
    ("HKT", 480),
    ("SGT", 480),
    ("AWST", 480),
    ("ACST", 570),
    ("ACDT", 630),
    ("AEST", 600),
    ("AEDT", 660),
    ("NZST", 720),
    ("NZDT", 780),
    ("SAST", 120),
    ("EAT", 180),
    ("WAT", 60),
    ("PKT", 300),
    ("NPT", 345),
];

/// Abbreviations with several meanings; outside a zone that uses one of them nobody can tell.
const AMBIGUOUS: &[&str] =
    &["IST", "CST", "BST", "AST", "ADT", "GST", "ECT", "SST", "WST", "AMT", "ET", "CT", "MT", "PT"];

/// Whether a word behind a time is meant as a zone: known, or capitals that end in the T of "time".
pub(super) fn is_abbreviation(word: &str) -> bool {
    let known = |list: &str| list.eq_ignore_ascii_case(word) && (word.len() > 2 || word == list);
    let looks_like_one = match word.len() {
        3 => word.ends_with('T'),
        4 => word.ends_with("ST") || word.ends_with("DT"),
        _ => false,
    } && word.bytes().all(|byte| byte.is_ascii_uppercase());
    looks_like_one || KNOWN.iter().any(|(name, _)| known(name)) || AMBIGUOUS.iter().any(|name| known(name))
}

/// What `name` means at `local` on this site.
pub(super) fn abbreviation(name: &str, local: DateTime, site: &Zone) -> Abbreviation {
    let name = name.to_ascii_uppercase();
    let offsets = own_offsets(&name, local, &site.tz);
    if let Some(&offset) =
        offsets.iter().find(|offset| offset.to_timestamp(local).is_ok_and(|at| site.tz.to_offset(at) == **offset))
    {
        return Abbreviation::Is(offset);
    }
    if !offsets.is_empty() {
        return Abbreviation::Doubtful(format!("clocks in {} do not show `{name}` at that time", site.name));
    }
    if let Some((_, minutes)) = KNOWN.iter().find(|(known, _)| *known == name)
        && let Ok(offset) = Offset::from_seconds(minutes * 60)
    {
        return Abbreviation::Is(offset);
    }
    let is_ambiguous = AMBIGUOUS.contains(&name.as_str());
    Abbreviation::Doubtful(match is_ambiguous {
        true => format!("`{name}` stands for several zones"),
        false => format!("no zone is known as `{name}`"),
    })
}

/// The offsets that the zone itself calls by that name within half a year of the time.
fn own_offsets(name: &str, local: DateTime, tz: &TimeZone) -> Vec<Offset> {
    let Ok(middle) = Offset::UTC.to_timestamp(local) else { return Vec::new() };
    let half_year = SignedDuration::from_hours(183 * 24);
    let hours = SignedDuration::from_hours(26);
    let mut found = Vec::new();
    // Both sides of a change of clocks at the time itself, and the other half of the year.
    for away in [-hours, hours, -half_year, half_year] {
        let Ok(moment) = middle.checked_add(away) else { continue };
        let info = tz.to_offset_info(moment);
        if info.abbreviation() == name && !found.contains(&info.offset()) {
            found.push(info.offset());
        }
    }
    found
}

/// What tells one side of a change of clocks from the other: the abbreviation if it is made of letters, else the offset.
pub(super) fn name_or_offset(offset: Offset, moment: Timestamp, site: &Zone) -> String {
    let info = site.tz.to_offset_info(moment);
    match info.abbreviation() {
        name if name.bytes().all(|byte| byte.is_ascii_uppercase()) => name.to_owned(),
        _ => offset_text(offset),
    }
}

/// `+02:00`.
pub(super) fn offset_text(offset: Offset) -> String {
    let seconds = offset.seconds();
    let sign = if seconds < 0 { '-' } else { '+' };
    let minutes = seconds.abs() / 60;
    format!("{sign}{:02}:{:02}", minutes / 60, minutes % 60)
}
