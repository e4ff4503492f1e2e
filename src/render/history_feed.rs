//! `/history.atom` and `/history.rss` exactly as Statuspage makes them: an entry an incident, which moves up with every update,
//! and markup that programs take apart. Its words and its quoting are part of the format and stay as they are.
//!
//! Our own feed ([`super::feed`]) is the better one to read: an entry an update, with its true time. Times here are in UTC whatever the
//! page's zone, because the programs that parse them know no other.

use std::cmp::Reverse;
use std::fmt::Write as _;

use jiff::Timestamp;

use super::escape::{attribute_into, text_into};
use super::machine::{Source, fill, rfc3339, text};
use super::markdown;
use super::output::{Class, Output};
use crate::derive::{IncidentFacts, Moment};
use crate::model::{Incident, IncidentStatus, Kind, MaintenanceStatus, Slug, Stage, Update, Window};

/// As many as Statuspage gives.
const ENTRIES_MAX: usize = 25;

/// Both feeds.
pub(in crate::render) fn outputs<'a>(source: Source<'a>) -> Vec<Output<'a>> {
    let atom = text("history.atom", Class::Index, None, move || atom(source));
    let rss = text("history.rss", Class::Index, None, move || rss(source));
    atom.into_iter().chain(rss).collect()
}

/// An incident of the feed.
struct Listed<'a> {
    incident: &'a Incident,
    /// What its entry is known by.
    known_by: &'a Slug,
    published: Timestamp,
    updated: Timestamp,
}

/// What the entry of an incident is known by: the first slug, or that of the notice whose entry it goes on with.
fn known_by<'a>(source: Source<'_>, incident: &'a Incident, facts: &'a IncidentFacts) -> &'a Slug {
    let at = |update: &Update| {
        Moment::of(update.posted, source.derived.now, &source.site.config).timestamp(&source.site.config)
    };
    let first = |incident: &Incident| incident.updates.first().map(at);
    let before = |notice: &&Incident| first(notice) <= first(incident);
    facts.taken_over.first().filter(before).map_or(incident.first_slug(), |notice| &notice.slug)
}

/// The newest by `published`: planned work by its start, all else by its latest update.
fn newest(source: Source<'_>) -> Vec<Listed<'_>> {
    let config = &source.site.config;
    let both = source.site.incidents.iter().zip(&source.derived.incidents);
    let mut all: Vec<_> = both
        .map(|(incident, facts)| {
            let updated = facts.updated.timestamp(config);
            let published = match incident.kind {
                Kind::Maintenance(window) => window.starts.unwrap_or(updated),
                Kind::Incident | Kind::Notice | Kind::Info | Kind::FalseAlarm => updated,
            };
            Listed { incident, known_by: known_by(source, incident, facts), published, updated }
        })
        .collect();
    all.sort_by_key(|listed| (Reverse(listed.published), listed.incident.first_slug()));
    all.truncate(ENTRIES_MAX);
    all
}

fn atom(source: Source<'_>) -> String {
    let config = &source.site.config;
    let host = source.host();
    let entries = newest(source);
    let updated = entries.iter().map(|listed| listed.updated).max();
    let mut xml = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<feed xml:lang=\"");
    attribute_into(&mut xml, &config.language);
    let _ = write!(xml, "\" xmlns=\"http://www.w3.org/2005/Atom\">\n  <id>tag:{host},2005:/history</id>\n");
    let _ = writeln!(xml, "  <link rel=\"alternate\" type=\"text/html\" href=\"{}\"/>", config.url);
    let _ = writeln!(xml, "  <link rel=\"self\" type=\"application/atom+xml\" href=\"{}/history.atom\"/>", config.url);
    element(&mut xml, "  ", "title", &title(source));
    element(&mut xml, "  ", "updated", &rfc3339(updated.unwrap_or(Timestamp::UNIX_EPOCH)));
    xml.push_str("  <author>\n");
    element(&mut xml, "    ", "name", &config.title);
    xml.push_str("  </author>\n");
    for Listed { incident, known_by, published, updated } in entries {
        let _ = write!(xml, "  <entry>\n    <id>tag:{host},2005:Incident/{}</id>\n", number(known_by));
        element(&mut xml, "    ", "published", &rfc3339(published));
        element(&mut xml, "    ", "updated", &rfc3339(updated));
        let _ = writeln!(xml, "    <link rel=\"alternate\" type=\"text/html\" href=\"{}\"/>", url(source, incident));
        element(&mut xml, "    ", "title", &incident.title);
        xml.push_str("    <content type=\"html\">");
        attribute_into(&mut xml, &content(source, incident));
        xml.push_str("</content>\n  </entry>\n");
    }
    xml.push_str("</feed>\n");
    xml
}

fn rss(source: Source<'_>) -> String {
    let config = &source.site.config;
    let entries = newest(source);
    let newest = entries.first().map_or(Timestamp::UNIX_EPOCH, |listed| listed.published);
    let mut xml = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    xml.push_str("<rss version=\"2.0\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\">\n  <channel>\n");
    element(&mut xml, "    ", "title", &title(source));
    element(&mut xml, "    ", "link", config.url.as_str());
    element(&mut xml, "    ", "description", "Statuspage");
    element(&mut xml, "    ", "pubDate", &date(newest));
    for Listed { incident, known_by, published, .. } in entries {
        xml.push_str("    <item>\n");
        element(&mut xml, "      ", "title", &incident.title);
        element(&mut xml, "      ", "description", &content(source, incident));
        element(&mut xml, "      ", "pubDate", &date(published));
        element(&mut xml, "      ", "link", &url(source, incident));
        let renamed = known_by != incident.first_slug();
        let guid = if renamed { source.url(&format!("incidents/{known_by}/")) } else { url(source, incident) };
        element(&mut xml, "      ", "guid", &guid);
        xml.push_str("    </item>\n");
    }
    xml.push_str("  </channel>\n</rss>\n");
    xml
}

/// `Wed, 03 Jun 2026 07:28:39 +0000`, as recorded.
fn date(at: Timestamp) -> String {
    at.strftime("%a, %d %b %Y %H:%M:%S +0000").to_string()
}

fn title(source: Source<'_>) -> String {
    fill(&source.words.history_title, &[("site", &source.site.config.title)])
}

fn url(source: Source<'_>, incident: &Incident) -> String {
    source.url(&format!("incidents/{}/", incident.slug))
}

/// A number that is for ever the same for the same incident.
fn number(known_by: &Slug) -> u32 {
    let hash = blake3::hash(known_by.as_str().as_bytes());
    hash.as_bytes().iter().take(4).fold(0, |number, &byte| number << 8 | u32::from(byte))
}

/// The updates, newest first, as Statuspage's HTML.
fn content(source: Source<'_>, incident: &Incident) -> String {
    let mut html = String::new();
    if let Kind::Maintenance(window) = incident.kind {
        scheduled(&mut html, window);
    }
    let mut before = None;
    let mut parts = Vec::new();
    for update in &incident.updates {
        parts.push(paragraph(source, update, before == Some(update.stage)));
        before = Some(update.stage);
    }
    parts.reverse();
    html.push_str(&parts.join(" "));
    html
}

fn scheduled(html: &mut String, window: Window) {
    let Some(starts) = window.starts else { return };
    let _ = write!(html, "<p><strong>THIS IS A SCHEDULED EVENT {}, {}", day(starts), time(starts));
    let same_day = |ends: &Timestamp| starts.strftime("%F").to_string() == ends.strftime("%F").to_string();
    match window.ends {
        None => html.push_str(" UTC"),
        Some(ends) if same_day(&ends) => {
            let _ = write!(html, " - {} UTC", time(ends));
        }
        Some(ends) => {
            let _ = write!(html, " UTC &nbsp;-&nbsp; {}, {} UTC", day(ends), time(ends));
        }
    }
    html.push_str("</strong></p> ");
}

fn paragraph(source: Source<'_>, update: &Update, repeats: bool) -> String {
    let config = &source.site.config;
    let at = Moment::of(update.posted, source.derived.now, config).timestamp(config);
    let mut body = String::new();
    text_into(&mut body, &markdown::plain(&update.body));
    let body = body.replace('\n', "<br />");
    let label = if repeats { "Update" } else { label(update.stage) };
    format!("<p> <small>{}, {} UTC</small><br> <strong>{label}</strong> - {body} </p>", day(at), time(at))
}

fn day(at: Timestamp) -> String {
    format!("{} <var data-var='date'>{}</var>", at.strftime("%b"), at.strftime("%e"))
}

fn time(at: Timestamp) -> String {
    format!("<var data-var='time'>{}</var>", at.strftime("%H:%M"))
}

fn label(stage: Stage) -> &'static str {
    match stage {
        Stage::Incident(IncidentStatus::Investigating) => "Investigating",
        Stage::Incident(IncidentStatus::Identified) => "Identified",
        Stage::Incident(IncidentStatus::Monitoring) => "Monitoring",
        Stage::Incident(IncidentStatus::Resolved) | Stage::Note => "Resolved",
        Stage::Maintenance(MaintenanceStatus::Scheduled) => "Scheduled",
        Stage::Maintenance(MaintenanceStatus::InProgress) => "In progress",
        Stage::Maintenance(MaintenanceStatus::Verifying) => "Verifying",
        Stage::Maintenance(MaintenanceStatus::Completed | MaintenanceStatus::Cancelled) => "Completed",
    }
}

fn element(xml: &mut String, indent: &str, name: &str, text: &str) {
    let _ = write!(xml, "{indent}<{name}>");
    attribute_into(xml, text);
    let _ = writeln!(xml, "</{name}>");
}

#[cfg(test)]
mod tests;
