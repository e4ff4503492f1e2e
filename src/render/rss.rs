//! RSS 2.0 (<https://www.rssboard.org/rss-specification>), for readers that know nothing newer. `atom:link` names the feed
//! itself, as the RSS Board's best practice asks.

use jiff::Timestamp;
use jiff::fmt::rfc2822::DateTimePrinter;

use super::escape::{attribute_into, text_into};
use super::feed::{Entry, Feed};

/// The feed as an RSS document.
pub(in crate::render) fn write(feed: &Feed<'_>) -> String {
    let mut xml =
        String::with_capacity(feed.entries.iter().map(|entry| entry.content.len() + 512).sum::<usize>() + 1024);
    xml.push_str("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n");
    xml.push_str("<rss version=\"2.0\" xmlns:atom=\"http://www.w3.org/2005/Atom\">\n<channel>\n");
    element(&mut xml, "title", &feed.title);
    element(&mut xml, "link", &feed.page_url);
    element(&mut xml, "description", feed.description);
    element(&mut xml, "language", feed.language);
    element(&mut xml, "lastBuildDate", &rfc822(feed.updated()));
    xml.push_str("<atom:link rel=\"self\" type=\"application/rss+xml\" href=\"");
    attribute_into(&mut xml, &feed.stem_url);
    xml.push_str(".rss\"/>\n");
    for entry in feed.entries {
        write_item(&mut xml, entry);
    }
    xml.push_str("</channel>\n</rss>\n");
    xml
}

/// A date as RSS wants it, `Tue, 29 Mar 2022 09:20:00 GMT`.
fn rfc822(at: Timestamp) -> String {
    DateTimePrinter::new().timestamp_to_rfc9110_string(&at).unwrap_or_default()
}

fn write_item(xml: &mut String, entry: &Entry) {
    xml.push_str("<item>\n");
    element(xml, "title", &entry.title);
    element(xml, "link", &entry.url);
    xml.push_str("<guid isPermaLink=\"false\">");
    text_into(xml, &entry.id);
    xml.push_str("</guid>\n");
    element(xml, "pubDate", &rfc822(entry.at));
    for category in &entry.categories {
        element(xml, "category", &category.label);
    }
    element(xml, "description", &entry.content);
    xml.push_str("</item>\n");
}

fn element(xml: &mut String, name: &str, text: &str) {
    xml.push('<');
    xml.push_str(name);
    xml.push('>');
    text_into(xml, text);
    xml.push_str("</");
    xml.push_str(name);
    xml.push_str(">\n");
}
