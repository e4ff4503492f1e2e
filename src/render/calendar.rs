//! The calendar of planned work: iCalendar (RFC 5545, <https://www.rfc-editor.org/rfc/rfc5545>) with the names of RFC 7986.
//!
//! Strict where clients are: CRLF, lines of at most 75 octets, text escaped, times in UTC. `DTSTAMP` is the time of the last
//! update, not of the build, so that the file changes only with the plans. No alarms, and no time is marked busy.

use jiff::{SignedDuration, Timestamp};

use super::escape::is_forbidden;
use super::machine::{Source, fill, text};
use super::markdown;
use super::output::{Class, Output};
use crate::derive::{IncidentFacts, Phase};
use crate::model::{Component, Incident, Kind, MaintenanceStatus, Stage};

/// How long work that is over stays, in hours: 90 days.
const PAST_MAX: SignedDuration = SignedDuration::from_hours(90 * 24);

/// The longest line without its end, in octets.
const LINE_LEN_MAX: usize = 75;

/// `/calendar.ics`, and one for each component.
pub(in crate::render) fn outputs<'a>(source: Source<'a>) -> Vec<Output<'a>> {
    let config = &source.site.config;
    let name = fill(&source.words.feed_title, &[("site", &config.title), ("name", &source.words.maintenance)]);
    let all = text("calendar.ics", Class::Index, None, move || write(source, "calendar.ics", &name, None));
    let components = config.components.iter().filter_map(|component| {
        let path = format!("components/{}/calendar.ics", component.id);
        let name = fill(&source.words.feed_title, &[("site", &config.title), ("name", &component.name)]);
        text(path.clone(), Class::Index, None, move || write(source, &path, &name, Some(component)))
    });
    all.into_iter().chain(components).collect()
}

fn write(source: Source<'_>, path: &str, name: &str, component: Option<&Component>) -> String {
    let mut ics = Lines(String::with_capacity(4096));
    ics.line("BEGIN", "VCALENDAR");
    ics.line("VERSION", "2.0");
    ics.line("PRODID", "-//upfront//status page//EN");
    ics.line("CALSCALE", "GREGORIAN");
    ics.line("METHOD", "PUBLISH");
    ics.text("NAME", name);
    ics.text("X-WR-CALNAME", name);
    ics.line("SOURCE;VALUE=URI", &source.url(path));
    ics.line("REFRESH-INTERVAL;VALUE=DURATION", "PT1H");
    ics.line("X-PUBLISHED-TTL", "PT1H");
    let mut planned: Vec<_> = source.site.incidents.iter().zip(&source.derived.incidents).collect();
    planned.retain(|(incident, facts)| {
        starts(incident).is_some()
            && is_recent(source, incident, facts)
            && component.is_none_or(|component| incident.components.contains(&component.id))
    });
    planned.sort_by_key(|(incident, _)| (starts(incident), incident.first_slug()));
    for (incident, facts) in &planned {
        write_event(source, &mut ics, incident, facts);
    }
    if planned.is_empty() {
        ics.nothing();
    }
    ics.line("END", "VCALENDAR");
    ics.0
}

fn starts(incident: &Incident) -> Option<Timestamp> {
    match &incident.kind {
        Kind::Maintenance(window) => window.starts,
        Kind::Incident | Kind::Notice | Kind::Info | Kind::FalseAlarm => None,
    }
}

fn ends(incident: &Incident) -> Option<Timestamp> {
    match &incident.kind {
        // An event's end must be later than its start.
        Kind::Maintenance(window) => window.ends.filter(|&ends| window.starts.is_none_or(|starts| starts < ends)),
        Kind::Incident | Kind::Notice | Kind::Info | Kind::FalseAlarm => None,
    }
}

fn is_recent(source: Source<'_>, incident: &Incident, facts: &IncidentFacts) -> bool {
    let over = match facts.phase {
        Phase::Upcoming | Phase::Ongoing => return true,
        Phase::Over => facts.ended.map(|ended| ended.timestamp(&source.site.config)),
    };
    let last = over.max(ends(incident)).max(starts(incident));
    last.is_some_and(|last| source.derived.now.duration_since(last) <= PAST_MAX)
}

fn write_event(source: Source<'_>, ics: &mut Lines, incident: &Incident, facts: &IncidentFacts) {
    let Some(starts) = starts(incident) else { return };
    let updated = utc(facts.updated.timestamp(&source.site.config));
    let cancelled = facts.stage == Stage::Maintenance(MaintenanceStatus::Cancelled);
    ics.line("BEGIN", "VEVENT");
    ics.line("UID", &format!("{}@{}", incident.first_slug(), source.host()));
    ics.line("DTSTAMP", &updated);
    ics.line("LAST-MODIFIED", &updated);
    ics.line("SEQUENCE", &incident.updates.len().saturating_sub(1).to_string());
    ics.line("STATUS", if cancelled { "CANCELLED" } else { "CONFIRMED" });
    ics.line("TRANSP", "TRANSPARENT");
    ics.line("DTSTART", &utc(starts));
    if let Some(ends) = ends(incident) {
        ics.line("DTEND", &utc(ends));
    }
    ics.text("SUMMARY", &incident.title);
    let said = incident.updates.iter().rev().map(|update| markdown::plain(&update.body)).find(|text| !text.is_empty());
    if let Some(said) = said {
        ics.text("DESCRIPTION", &said);
    }
    ics.line("URL", &source.url(&format!("incidents/{}/", incident.slug)));
    let components = incident.components.iter().filter_map(|id| source.site.config.component(id));
    let names: Vec<_> = components.map(|component| escaped(&component.name)).collect();
    if !names.is_empty() {
        ics.line("CATEGORIES", &names.join(","));
    }
    ics.line("END", "VEVENT");
}

/// Form 2 of RFC 5545, 3.3.5: `20220329T092000Z`.
fn utc(at: Timestamp) -> String {
    at.strftime("%Y%m%dT%H%M%SZ").to_string()
}

/// Text as RFC 5545, 3.3.11 wants it.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' => out.push_str("\\n"),
            '\\' | ';' | ',' => out.extend(['\\', c]),
            c if is_forbidden(c) => {}
            c => out.push(c),
        }
    }
    out
}

/// Content lines, folded (RFC 5545, 3.1).
struct Lines(String);

impl Lines {
    fn text(&mut self, name: &str, text: &str) {
        self.line(name, &escaped(text));
    }

    /// A property whose value needs no escape.
    fn line(&mut self, name: &str, value: &str) {
        let mut len = 0;
        for c in name.chars().chain([':']).chain(value.chars()) {
            // A character is not cut, though the RFC would have it.
            if len + c.len_utf8() > LINE_LEN_MAX {
                self.0.push_str("\r\n ");
                len = 1;
            }
            self.0.push(c);
            len += c.len_utf8();
        }
        self.0.push_str("\r\n");
    }

    /// What a calendar without events holds: the RFC wants at least one component, and strict parsers insist.
    fn nothing(&mut self) {
        self.line("BEGIN", "VTIMEZONE");
        self.line("TZID", "Etc/UTC");
        self.line("BEGIN", "STANDARD");
        self.line("DTSTART", "19700101T000000");
        self.line("TZOFFSETFROM", "+0000");
        self.line("TZOFFSETTO", "+0000");
        self.line("END", "STANDARD");
        self.line("END", "VTIMEZONE");
    }
}

#[cfg(test)]
mod tests;
