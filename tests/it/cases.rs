//! The cases of `tests/cases/*.md`: what somebody wrote, what is read of it, what is said about it.
//!
//! A case is a block ```` ````markdown <path> [zone] ````, followed by a block `read` and a block `said`. The blocks between
//! are compared as they are; `SNAPSHOTS=overwrite cargo test --test it cases` writes them anew.

#![expect(clippy::unwrap_used, reason = "a case that is not written as it must be stops its test")]

use std::fs;
use std::path::Path;

use jiff::tz::TimeZone;
use snapbox::{Data, assert_data_eq};
use upfront::diag::{Diagnostic, Severity};
use upfront::load::read_post;
use upfront::model::{Brand, Component, Config, Group, Promise, SiteUrl, Slug, Zone};

#[test]
fn every_case_is_read_and_told_as_it_says() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    assert!(!files.is_empty());
    for file in files {
        let text = fs::read_to_string(&file).unwrap();
        assert_data_eq!(with_results(&text), Data::read_from(&file, None).raw());
    }
}

/// The file with its results made anew.
fn with_results(text: &str) -> String {
    let mut made = String::new();
    let mut rest = text;
    while let Some(start) = rest.find("\n````markdown ") {
        let (before, block) = rest.split_at(start + 1);
        let (head, body) = block.split_once('\n').unwrap();
        let (input, _) = body.split_once("````\n").unwrap();
        let mut words = head.split(' ').skip(1);
        let path = words.next().unwrap();
        let loaded = read_post(path, input.as_bytes(), &config(words.next().unwrap_or("Europe/Oslo")));
        made.push_str(before);
        made.push_str(&format!("{head}\n{input}````\n\n```read\n{}```\n", loaded.value));
        if !loaded.diagnostics.is_empty() {
            let said: String = loaded.diagnostics.iter().map(said).collect();
            made.push_str(&format!("\n```said\n{said}```\n"));
        }
        rest = &body[input.len() + "````\n".len()..];
        // What was there before: both blocks, up to the prose of the next case.
        for name in ["\n```read\n", "\n```said\n"] {
            if let Some(old) = rest.strip_prefix(name) {
                rest = old.split_once("```\n").unwrap().1;
            }
        }
    }
    made + rest
}

fn said(told: &Diagnostic) -> String {
    let severity = match told.severity {
        Severity::Note => "note",
        Severity::Warning => "warning",
        Severity::Error => "error",
    };
    let place = told.place.as_ref().unwrap();
    let at = place.source.line_column(place.span.start);
    let outcome = told.outcome.as_ref().map_or_else(String::new, |outcome| format!("\n  = {outcome}"));
    format!("{}:{}: {severity}[{}]: {}\n  {}{outcome}\n", at.line, at.column, told.code, told.message, told.cure)
}

/// A mail provider with a group of three components and one beside it.
fn config(zone: &str) -> Config {
    let slug = |text| Slug::new(text).unwrap();
    let component = |id, name: &str, group: Option<&str>| Component {
        id: slug(id),
        name: name.to_owned(),
        description: None,
        group: group.map(|group| Slug::new(group).unwrap()),
        watch: upfront::model::Watch::default(),
    };
    Config {
        title: "Fjordpost".to_owned(),
        url: SiteUrl::new("https://status.fjordpost.example").unwrap(),
        zone: Zone { name: zone.to_owned(), tz: TimeZone::get(zone).unwrap() },
        language: "en".to_owned(),
        description: None,
        logo: None,
        support: None,
        links: Vec::new(),
        footer: None,
        brand: Brand::default(),
        components: vec![
            component("imap", "IMAP", Some("mail")),
            component("pop", "POP", Some("mail")),
            component("smtp", "Sending mail", Some("mail")),
            component("webmail", "Webmail", None),
        ],
        groups: vec![Group { id: slug("mail"), name: "Mail".to_owned(), description: None }],
        checklist: Vec::new(),
        promise: Promise::default(),
        show_edits: upfront::model::ShowEdits::Mark,
        accounts: None,
        monitoring: upfront::model::MonitoringConfig::default(),
        publishing: upfront::model::Publishing::default(),
        channels: Vec::new(),
        channels_left_out: Vec::new(),
        show_deliveries: false,
    }
}
