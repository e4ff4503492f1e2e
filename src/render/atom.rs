//! Atom (RFC 4287, <https://www.rfc-editor.org/rfc/rfc4287>).

use super::escape::{attribute_into, text_into};
use super::feed::{Entry, Feed};
use super::machine::rfc3339;

/// The feed as an Atom document.
pub(in crate::render) fn write(feed: &Feed<'_>) -> String {
    let room = feed.entries.iter().map(|entry| entry.content.len() * 5 / 4 + 1024).sum::<usize>();
    let mut xml = String::with_capacity(room + 1024);
    let self_url = format!("{}.atom", feed.stem_url);
    xml.push_str("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"");
    attribute_into(&mut xml, feed.language);
    xml.push_str("\">\n");
    element(&mut xml, "  ", "id", &self_url);
    element(&mut xml, "  ", "title", &feed.title);
    element(&mut xml, "  ", "updated", &rfc3339(feed.updated()));
    link(&mut xml, "  ", "self", "application/atom+xml", &self_url);
    link(&mut xml, "  ", "alternate", "text/html", &feed.page_url);
    xml.push_str("  <author><name>");
    text_into(&mut xml, feed.author);
    xml.push_str("</name></author>\n");
    for entry in feed.entries {
        write_entry(&mut xml, entry);
    }
    xml.push_str("</feed>\n");
    xml
}

fn write_entry(xml: &mut String, entry: &Entry) {
    let at = rfc3339(entry.at);
    xml.push_str("  <entry>\n");
    element(xml, "    ", "id", &entry.id);
    element(xml, "    ", "title", &entry.title);
    element(xml, "    ", "published", &at);
    element(xml, "    ", "updated", &at);
    link(xml, "    ", "alternate", "text/html", &entry.url);
    for category in &entry.categories {
        xml.push_str("    <category term=\"");
        attribute_into(xml, &category.term);
        xml.push_str("\" label=\"");
        attribute_into(xml, &category.label);
        xml.push_str("\"/>\n");
    }
    xml.push_str("    <content type=\"html\">");
    text_into(xml, &entry.content);
    xml.push_str("</content>\n  </entry>\n");
}

fn element(xml: &mut String, indent: &str, name: &str, text: &str) {
    xml.push_str(indent);
    xml.push('<');
    xml.push_str(name);
    xml.push('>');
    text_into(xml, text);
    xml.push_str("</");
    xml.push_str(name);
    xml.push_str(">\n");
}

fn link(xml: &mut String, indent: &str, rel: &str, kind: &str, url: &str) {
    xml.push_str(indent);
    xml.push_str("<link rel=\"");
    xml.push_str(rel);
    xml.push_str("\" type=\"");
    xml.push_str(kind);
    xml.push_str("\" href=\"");
    attribute_into(xml, url);
    xml.push_str("\"/>\n");
}
