//! The draft of a report. What its writer should think of stands in comments of the front matter, since a comment in
//! Markdown would be published.

use jiff::ZonedDateTime;
use jiff::civil::Date;

use super::compose::toml_string;

/// What is known when a report is begun.
#[derive(Clone, Debug)]
pub struct NewReport<'a> {
    /// The slug of the incident, where the file's place does not say it.
    pub rfo_for: Option<&'a str>,
    /// The incident's title.
    pub title: &'a str,
    /// In the site's zone.
    pub today: Date,
    /// In a few sentences; empty where the writer will say it in the file.
    pub summary: &'a str,
    /// Oldest first.
    pub events: &'a [Event],
}

/// One row of the record of events.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// In the site's zone, or only the day.
    pub at: Result<ZonedDateTime, Date>,
    /// Plain words on one line.
    pub what: String,
    /// Where that is known from: "post", "checks".
    pub known_from: &'static str,
}

/// The whole file.
pub fn new_report(new: &NewReport<'_>) -> String {
    let rfo_for = new.rfo_for.map_or(String::new(), |slug| format!("rfo_for = {}\n", toml_string(slug)));
    let due = new.today.saturating_add(jiff::Span::new().days(30));
    let summary = new.summary.trim();
    let gap = if summary.is_empty() { "" } else { "\n\n" };
    let title = toml_string(&format!("Why it happened, and what we change: {}", new.title));
    let today = new.today;
    format!(
        "+++\n\
         # In short: what happened, to whom, for how long, and whether it can happen again. Root cause: why it could happen, and\n\
         # why it took that long; no names, no blame. What we change: only what will be done, each with a date, as a follow-up.\n\
         {rfo_for}title = {title}\n\
         # published = {today}\n\
         # cause = \"Password attack\"   # in a few words\n\
         # authors = [\"The operations team\"]\n\
         \n\
         # [[follow_up]]\n\
         # what = \"Every server gets the same limits, compared each morning\"\n\
         # due = {due}\n\
         # done = {due}   # once it is\n\
         +++\n\
         \n\
         ## In short\n\n{summary}{gap}\
         ## Record of events\n\n{}\n\
         ## Root cause\n\n\
         ## What we change\n",
        table(new.events)
    )
}

fn table(events: &[Event]) -> String {
    let mut table = String::from("| Time | What happened | Known from |\n| --- | --- | --- |\n");
    let mut day = None;
    for event in events {
        let (date, time) = match &event.at {
            Ok(at) => (at.date(), at.strftime("%H:%M %Z").to_string()),
            Err(day) => (*day, String::new()),
        };
        // The day stands where it changes, as in a diary.
        let date = (day.replace(date) != Some(date)).then(|| date.to_string());
        let time = [date.as_deref(), Some(time.as_str())];
        let time: Vec<&str> = time.into_iter().flatten().filter(|part| !part.is_empty()).collect();
        table += &format!("| {} | {} | {} |\n", time.join(" "), escaped(&event.what), event.known_from);
    }
    table
}

/// As text in a cell, whatever Markdown would make of it.
fn escaped(words: &str) -> String {
    let mut out = String::with_capacity(words.len());
    for c in words.chars() {
        match c {
            '\\' | '|' | '*' | '_' | '[' | ']' | '<' | '>' | '`' | '~' | '&' => out.extend(['\\', c]),
            _ => out.push(c),
        }
    }
    out
}
