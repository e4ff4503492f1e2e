//! What was read of a file, in a few lines that a person can compare with the file. For tests and fuzzing.

use std::fmt::Write as _;

use jiff::Timestamp;

use super::{Parsed, PostFile, Role, UntimedDay, parse};
use crate::diag::Loaded;
use crate::model::{Accounts, Config, Incident, Kind, Markdown, PostedAt, Rfo, Slug};

/// Reads one file as `load` does, and says what was read. Not a stable format.
#[doc(hidden)]
pub fn read_post(path: &str, bytes: &[u8], config: &Config) -> Loaded<String> {
    let loaded = parse_at(path, bytes, config);
    let mut lines = String::new();
    // Writing to a string cannot fail.
    let _ = match &loaded.value {
        Parsed::HeldBack => writeln!(lines, "held back"),
        Parsed::Incident(incident, untimed) => incident_lines(&mut lines, incident, config).and_then(|()| {
            untimed.iter().try_for_each(|untimed| {
                let day = match untimed.day {
                    UntimedDay::Written(day) => format!("{day} in the heading"),
                    UntimedDay::FrontMatter(day) => format!("{day} in the front matter"),
                    UntimedDay::FileName(day) => format!("{day} in the file's name"),
                    UntimedDay::None => "nothing".to_owned(),
                };
                let line = untimed.heading_line.as_deref().unwrap_or("the whole file");
                writeln!(lines, "git may date update {} ({line}): {day}", untimed.update + 1)
            })
        }),
        Parsed::Rfo(rfo, _, _) => rfo_lines(&mut lines, rfo, config),
    };
    Loaded { value: lines, diagnostics: loaded.diagnostics }
}

/// One incident, maintenance or announcement as `load` reads it from these bytes at this path; `None` for a report or a file
/// that is held back. Git is not asked, so what only it dates has the day of the file's name.
pub fn read_incident(path: &str, bytes: &[u8], config: &Config) -> Option<Incident> {
    match parse_at(path, bytes, config).value {
        Parsed::Incident(incident, _) => Some(incident),
        Parsed::Rfo(..) | Parsed::HeldBack => None,
    }
}

fn parse_at(path: &str, bytes: &[u8], config: &Config) -> Loaded<Parsed> {
    let name = path.rsplit('/').next().unwrap_or(path);
    let folder = path.rsplit('/').nth(1).unwrap_or_default();
    let stem = name.strip_suffix(".md").unwrap_or(name);
    let (stem, role) = match name {
        "rfo.md" => (folder, Role::RfoOf(folder)),
        "index.md" => (folder, Role::Post),
        _ => (stem, Role::Post),
    };
    parse(&PostFile { path, stem, role, bytes }, config)
}

fn incident_lines(out: &mut String, incident: &Incident, config: &Config) -> std::fmt::Result {
    let kind = match &incident.kind {
        Kind::Incident => "incident",
        Kind::Notice => "notice",
        Kind::Maintenance(_) => "maintenance",
        Kind::Info => "info",
        Kind::FalseAlarm => "false alarm",
    };
    writeln!(out, "{kind} {}: {}", incident.slug, incident.title)?;
    if let Kind::Maintenance(window) = &incident.kind {
        option(out, "starts", window.starts.map(|at| time(at, config)))?;
        option(out, "ends", window.ends.map(|at| time(at, config)))?;
    }
    writeln!(out, "impact: {}", incident.impact.word())?;
    list(out, "components", &incident.components)?;
    list(out, "aliases", &incident.aliases)?;
    list(out, "covers", &incident.covers)?;
    option(out, "affected", incident.affected.clone())?;
    let accounts = incident.accounts.as_ref().map(|accounts| match accounts {
        Accounts::Exactly(number) => number.to_string(),
        Accounts::Between(from, to) => format!("{from} to {to}"),
        Accounts::Share(share) => format!("{}.{:02} %", share / 100, share % 100),
    });
    option(out, "accounts", accounts)?;
    option(out, "works", incident.works.as_ref().map(text))?;
    option(out, "meanwhile", incident.meanwhile.as_ref().map(text))?;
    option(out, "next update", incident.next_update.map(|at| time(at, config)))?;
    option(out, "started", incident.started.map(|at| time(at, config)))?;
    option(out, "report due", incident.rfo_due.map(|day| day.to_string()))?;
    option(out, "no report", incident.rfo_waived.clone())?;
    option(out, "intro", incident.intro.as_ref().map(text))?;
    for update in &incident.updates {
        writeln!(out, "{} {}: {}", update.stage.word(), posted(update.posted, config), text(&update.body))?;
        option(out, "  next", update.next.map(|at| time(at, config)))?;
        for (component, state) in &update.states {
            writeln!(out, "  {component} is {}", state.word())?;
        }
    }
    Ok(())
}

fn rfo_lines(out: &mut String, rfo: &Rfo, config: &Config) -> std::fmt::Result {
    writeln!(out, "report {}: {}", rfo.slug, rfo.title)?;
    option(out, "incident", rfo.incident.as_ref().map(Slug::to_string))?;
    list(out, "aliases", &rfo.aliases)?;
    writeln!(out, "published {}", posted(rfo.published, config))?;
    option(out, "cause", rfo.cause.clone())?;
    option(out, "started", rfo.started.map(|at| time(at, config)))?;
    option(out, "ended", rfo.ended.map(|at| time(at, config)))?;
    option(out, "duration", rfo.duration.map(|length| format!("{length:#}")))?;
    if !rfo.authors.is_empty() {
        writeln!(out, "authors: {}", rfo.authors.join(", "))?;
    }
    for follow_up in &rfo.follow_ups {
        write!(out, "follow-up: {}", text(&follow_up.what))?;
        let day = |out: &mut String, name, day: Option<_>| {
            day.map_or(Ok(()), |day: jiff::civil::Date| write!(out, "; {name} {day}"))
        };
        day(out, "due", follow_up.due)?;
        day(out, "done", follow_up.done)?;
        let words = |name: &str, words: &Option<String>| {
            words.as_ref().map_or_else(String::new, |words| format!("; {name} {words}"))
        };
        write!(out, "{}{}", words("by", &follow_up.owner), words("dropped:", &follow_up.dropped))?;
        writeln!(out, "{}", follow_up.link.as_ref().map_or_else(String::new, |link| format!("; {link}")))?;
    }
    writeln!(out, "{}", text(&rfo.body))
}

fn option(out: &mut String, name: &str, value: Option<String>) -> std::fmt::Result {
    value.map_or(Ok(()), |value| writeln!(out, "{name}: {value}"))
}

fn list(out: &mut String, name: &str, slugs: &[Slug]) -> std::fmt::Result {
    let words: Vec<_> = slugs.iter().map(Slug::as_str).collect();
    if words.is_empty() { Ok(()) } else { writeln!(out, "{name}: {}", words.join(", ")) }
}

/// Line ends as ` ⏎ `.
fn text(markdown: &Markdown) -> String {
    let mut shown =
        if markdown.text.is_empty() { "(no text)".to_owned() } else { markdown.text.replace('\n', " ⏎ ") };
    if !markdown.definitions.is_empty() {
        let _ = write!(shown, " (with {})", markdown.definitions.trim_end().replace('\n', ", "));
    }
    shown
}

fn posted(posted: PostedAt, config: &Config) -> String {
    match posted {
        PostedAt::Written(at) | PostedAt::FromGit(at) => format!("at {}", time(at, config)),
        PostedAt::Day(day) => format!("on {day}"),
        PostedAt::Unknown => "at some time".to_owned(),
    }
}

fn time(at: Timestamp, config: &Config) -> String {
    at.to_zoned_datetime(config.zone.tz.clone()).strftime("%Y-%m-%dT%H:%M:%S%:z").to_string()
}
