//! The list of pages for search engines (<https://www.sitemaps.org/protocol.html>) and `robots.txt` (RFC 9309).

use jiff::Timestamp;

use super::escape::text_into;
use super::machine::{rfc3339, text};
use super::output::{Class, Output};
use crate::model::Site;

/// The most addresses of one file, by the protocol.
const URLS_MAX: usize = 50_000;

/// A page that may be found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::render) struct Page {
    /// From the site's root: empty, or with a slash at its end.
    pub path: String,
    /// When what it states last changed; `None` where that is not known.
    pub modified: Option<Timestamp>,
}

/// `/sitemap.xml`, which lists its parts where there are too many pages for one, and `/robots.txt`.
pub(in crate::render) fn outputs<'a>(site: &'a Site, mut pages: Vec<Page>) -> Vec<Output<'a>> {
    pages.sort_by(|a, b| a.path.cmp(&b.path));
    split(site, pages, URLS_MAX).into_iter().chain(robots(site)).collect()
}

fn split<'a>(site: &'a Site, mut pages: Vec<Page>, urls_max: usize) -> Vec<Output<'a>> {
    if pages.len() <= urls_max {
        return text("sitemap.xml", Class::Index, None, move || urls(site, &pages)).into_iter().collect();
    }
    let mut parts = Vec::new();
    while !pages.is_empty() {
        let rest = pages.split_off(pages.len().min(urls_max));
        parts.push(std::mem::replace(&mut pages, rest));
    }
    let count = parts.len();
    let parts = parts.into_iter().zip(1..).filter_map(|(pages, number)| {
        text(format!("sitemap-{number}.xml"), Class::Leaf, None, move || urls(site, &pages))
    });
    parts.chain(text("sitemap.xml", Class::Index, None, move || index(site, count))).collect()
}

fn urls(site: &Site, pages: &[Page]) -> String {
    let mut xml = String::with_capacity(pages.len() * 128 + 256);
    xml.push_str("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n");
    xml.push_str("<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n");
    for page in pages {
        xml.push_str("<url><loc>");
        text_into(&mut xml, site.config.url.as_str());
        xml.push('/');
        text_into(&mut xml, &page.path);
        xml.push_str("</loc>");
        if let Some(modified) = page.modified {
            xml.push_str("<lastmod>");
            xml.push_str(&rfc3339(modified));
            xml.push_str("</lastmod>");
        }
        xml.push_str("</url>\n");
    }
    xml.push_str("</urlset>\n");
    xml
}

fn index(site: &Site, count: usize) -> String {
    let mut xml = String::from("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n");
    xml.push_str("<sitemapindex xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n");
    for number in 1..=count {
        xml.push_str("<sitemap><loc>");
        text_into(&mut xml, site.config.url.as_str());
        xml.push_str(&format!("/sitemap-{number}.xml</loc></sitemap>\n"));
    }
    xml.push_str("</sitemapindex>\n");
    xml
}

/// Everybody may read everything, the API too: Statuspage's own `robots.txt` forbids it, and polite programs obey.
fn robots(site: &Site) -> Option<Output<'_>> {
    text("robots.txt", Class::Index, None, move || {
        format!("User-agent: *\nAllow: /\n\nSitemap: {}/sitemap.xml\n", site.config.url)
    })
}

#[cfg(test)]
mod tests;
