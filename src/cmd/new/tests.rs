//! What is understood of the command line, and what a file is called.

#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use super::super::which::tests::site;
use super::*;

fn args(title: &str) -> cli::New {
    cli::New {
        title: title.to_owned(),
        words: cli::Words { message: None, push: false },
        components: Vec::new(),
        impact: None,
        affected: None,
        kind: "incident".to_owned(),
        starts: None,
        ends: None,
        next_update: None,
        now: None,
    }
}

fn now() -> ZonedDateTime {
    "2026-11-24T03:12:00+01:00[Europe/Oslo]".parse().unwrap()
}

fn said(args: &cli::New) -> String {
    match read(args, None, &now()) {
        Err(Failure::All(mistakes)) => mistakes.into_iter().map(told).collect::<Vec<_>>().join("\n"),
        other => format!("{other:?}"),
    }
}

fn told(mistake: Failure) -> String {
    match mistake {
        Failure::Said { what, cure } => format!("{what}: {}", cure.unwrap_or_default()),
        other => format!("{other:?}"),
    }
}

#[test]
fn a_typo_gets_the_nearest_word_before_anything_is_typed() {
    assert_eq!(
        said(&cli::New { impact: Some("mayor".to_owned()), ..args("Slow") }),
        "no impact is called `mayor`: did you mean `major`?"
    );
    assert_eq!(
        said(&cli::New { kind: "maintenence".to_owned(), ..args("Slow") }),
        "no kind is called `maintenence`: did you mean `maintenance`?"
    );
    assert!(said(&args(" \n")).starts_with("there is no title"));
}

#[test]
fn an_unknown_component_costs_only_itself() {
    let (site, _) = site(&[], 0);
    let given = ["imap,Mail", "IMAP", "impa"].map(str::to_owned);
    let (ids, unknown) = read_components(&given, Some(&site.config));
    assert_eq!(ids.iter().map(Slug::as_str).collect::<Vec<_>>(), ["imap", "mail"]);
    assert_eq!(unknown, ["warning: no component is called `impa` (did you mean `imap`?)"]);
}

#[test]
fn maintenance_needs_both_times_and_a_bare_end_counts_from_the_start() {
    let work = |starts: Option<&str>, ends: Option<&str>| cli::New {
        kind: "maintenance".to_owned(),
        starts: starts.map(str::to_owned),
        ends: ends.map(str::to_owned),
        ..args("Disks")
    };
    assert!(said(&work(Some("02:00"), None)).starts_with("maintenance needs --starts and --ends: for example"));
    let asked = read(&work(Some("2026-12-01 22:00"), Some("02:00")), None, &now()).unwrap();
    assert_eq!(when::written(&asked.ends.unwrap()), "2026-12-02T02:00:00+01:00");
    let asked = read(&work(Some("2026-12-01 22:00"), Some("3h")), None, &now()).unwrap();
    assert_eq!(when::written(&asked.ends.unwrap()), "2026-12-02T01:00:00+01:00");
    assert!(said(&work(Some("2026-12-01 22:00"), Some("2026-12-01 21:00"))).starts_with("the work would end"));
    let backwards = "the work starts at 22:00 and would end before that: if the next day is meant, write --ends \"2026-12-02 21:00\"";
    assert_eq!(said(&work(Some("2026-12-01 22:00"), Some("21:00"))), backwards);
    assert!(read(&work(Some("2026-12-01 22:00"), Some("10:00")), None, &now()).is_ok(), "twelve hours are a night");
    assert!(read(&work(Some("2026-12-01 02:00"), Some("20:00")), None, &now()).is_ok(), "a whole day's work");
    assert!(said(&cli::New { starts: Some("02:00".to_owned()), ..args("Slow") }).starts_with("only maintenance"));
}

#[test]
fn a_file_is_called_by_day_and_title_and_then_by_number() {
    let first = |title: &str| slugs(title, NewKind::FalseAlarm, &now()).next().unwrap().to_string();
    assert_eq!(first("IMAP logins failing!"), "2026-11-24-imap-logins-failing");
    assert_eq!(first("日本"), "2026-11-24-false-alarm");
    assert_eq!(slugs("Slow", NewKind::Incident, &now()).nth(1).unwrap().as_str(), "2026-11-24-slow-2");
    assert!(first(&"word ".repeat(60)).ends_with("-word"));
}

#[test]
fn a_folder_a_year_is_kept_to_where_there_is_one() {
    let (mut site, _) = site(&[("2026-01-10-slow", "Slow"), ("2026-01-11-slow", "Slow")], 0);
    assert_eq!(folder(Some(&site), &now()), "incidents");
    for incident in &mut site.incidents {
        incident.source = incident.source.replace("incidents/", "incidents/2026/");
    }
    assert_eq!(folder(Some(&site), &now()), "incidents/2026");
}
