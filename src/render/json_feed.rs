//! JSON Feed 1.1 (<https://www.jsonfeed.org/version/1.1/>).

use serde::Serialize;

use super::feed::{Entry, Feed, clean};
use super::machine::rfc3339;

/// The feed as a JSON document.
pub(in crate::render) fn write(feed: &Feed<'_>) -> String {
    json(&Document {
        version: "https://jsonfeed.org/version/1.1",
        title: clean(&feed.title),
        home_page_url: &feed.page_url,
        feed_url: format!("{}.json", feed.stem_url),
        description: clean(feed.description),
        language: feed.language,
        authors: [Author { name: clean(feed.author), url: &feed.page_url }],
        items: feed.entries.iter().map(item).collect(),
    })
}

/// JSON that people can read, too, with a line end. Only for types whose serialization cannot fail: no maps with
/// other keys than strings.
pub(in crate::render) fn json(value: &impl Serialize) -> String {
    let mut json = serde_json::to_string_pretty(value).unwrap_or_default();
    json.push('\n');
    json
}

#[derive(Serialize)]
struct Document<'a> {
    version: &'a str,
    title: String,
    home_page_url: &'a str,
    feed_url: String,
    description: String,
    language: &'a str,
    authors: [Author<'a>; 1],
    items: Vec<Item<'a>>,
}

#[derive(Serialize)]
struct Author<'a> {
    name: String,
    url: &'a str,
}

#[derive(Serialize)]
struct Item<'a> {
    id: &'a str,
    url: &'a str,
    title: &'a str,
    content_html: &'a str,
    date_published: String,
    date_modified: String,
    tags: Vec<&'a str>,
}

fn item(entry: &Entry) -> Item<'_> {
    let at = rfc3339(entry.at);
    Item {
        id: &entry.id,
        url: &entry.url,
        title: &entry.title,
        content_html: &entry.content,
        date_published: at.clone(),
        date_modified: at,
        tags: entry.categories.iter().map(|category| category.label.as_str()).collect(),
    }
}
