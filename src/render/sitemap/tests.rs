//! The sitemap, byte by byte.

use snapbox::{IntoData as _, assert_data_eq, str};

use super::*;
use crate::render::fixture::{at, fixture, made};

fn page(path: &str) -> Page {
    Page { path: path.to_owned(), modified: None }
}

#[test]
fn pages_stand_in_order_with_their_last_change() {
    let fixture = fixture();
    let pages = vec![Page { path: "incidents/a/".to_owned(), modified: Some(at("2022-03-29T22:05:00Z")) }, page("")];
    let outputs = outputs(&fixture.site, pages);
    assert_data_eq!(
        made(&outputs, "sitemap.xml"),
        str![[r#"
<?xml version="1.0" encoding="utf-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
<url><loc>https://status.fjordpost.example/</loc></url>
<url><loc>https://status.fjordpost.example/incidents/a/</loc><lastmod>2022-03-29T22:05:00Z</lastmod></url>
</urlset>

"#]]
        .raw()
    );
    assert_data_eq!(
        made(&outputs, "robots.txt"),
        str![[r#"
User-agent: *
Allow: /

Sitemap: https://status.fjordpost.example/sitemap.xml

"#]]
        .raw()
    );
}

#[test]
fn too_many_pages_are_split_and_none_is_lost() {
    let fixture = fixture();
    let outputs = split(&fixture.site, vec![page("a/"), page("b/"), page("c/")], 2);
    assert_data_eq!(
        made(&outputs, "sitemap.xml"),
        str![[r#"
<?xml version="1.0" encoding="utf-8"?>
<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
<sitemap><loc>https://status.fjordpost.example/sitemap-1.xml</loc></sitemap>
<sitemap><loc>https://status.fjordpost.example/sitemap-2.xml</loc></sitemap>
</sitemapindex>

"#]]
        .raw()
    );
    assert_eq!(made(&outputs, "sitemap-1.xml").matches("<loc>").count(), 2);
    assert!(made(&outputs, "sitemap-2.xml").contains("/c/</loc>"));
    assert_eq!(split(&fixture.site, vec![page("a/"), page("b/")], 2).len(), 1);
}
