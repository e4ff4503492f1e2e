//! Where a relative link in a post leads: to the page of another post, or to a picture.

use std::collections::BTreeMap;
use std::fmt;

use super::Slug;

/// What files of a site link to, as they stand on disk and on the git host: `2022-03-01-other.md`,
/// `../2021/x/index.md#resolved`, `graph.png`.
///
/// Answers only for files that are published: a draft or a file outside the site is nobody's target.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct LinkTargets {
    posts: BTreeMap<String, Post>,
    /// By the slug that shows it and the picture's path from the site's root: its published name.
    pictures: BTreeMap<(Slug, String), String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Post {
    target: Target,
    /// Beneath whose page the post's pictures are published.
    pictures_at: Slug,
}

/// Where a link leads.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Target {
    /// `/incidents/<slug>/`
    Incident(Slug),
    /// `/rfo/<slug>/`
    Rfo(Slug),
    /// `/incidents/<incident>/<name>`
    Picture { incident: Slug, name: String },
}

/// The path from the site's root: `incidents/2022-03-29-imap/`.
impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Target::Incident(slug) => write!(f, "incidents/{slug}/"),
            Target::Rfo(slug) => write!(f, "rfo/{slug}/"),
            Target::Picture { incident, name } => write!(f, "incidents/{incident}/{name}"),
        }
    }
}

impl LinkTargets {
    /// Makes a post's page known under its path. `pictures_at` is the slug beneath which its pictures are published.
    pub fn add_post(&mut self, path: String, target: Target, pictures_at: Slug) {
        self.posts.insert(path, Post { target, pictures_at });
    }

    /// Makes a picture known that the post of that slug shows.
    pub fn add_picture(&mut self, incident: Slug, path: String, name: String) {
        self.pictures.insert((incident, path), name);
    }

    /// Where `path`, written in the post `source` (its path from the site's root), leads. What stood behind `#` or `?`
    /// is the caller's, and `%20` is decoded. `None` for what leaves the site or is not published.
    pub fn resolve(&self, source: &str, path: &str) -> Option<Target> {
        let path = joined(source, path)?;
        self.post(&path).map(|post| post.target.clone()).or_else(|| {
            let incident = self.posts.get(source)?.pictures_at.clone();
            let key = (incident, path);
            let name = self.pictures.get(&key)?.clone();
            Some(Target::Picture { incident: key.0, name })
        })
    }

    /// The post of that path; also where the ending is left out, or only its folder named, as git hosts allow.
    fn post(&self, path: &str) -> Option<&Post> {
        self.posts
            .get(path)
            .or_else(|| self.posts.get(&format!("{path}/index.md")))
            .or_else(|| self.posts.get(&format!("{path}.md")))
    }
}

/// The path from the site's root that a relative link means: its folder joined, `.` and `..` worked out, `%20`
/// decoded. `None` for links of other kinds, and for paths that leave the site.
pub fn path_of(source: &str, href: &str) -> Option<String> {
    let end = href.find(['#', '?']).unwrap_or(href.len());
    let href = &href[..end];
    let has_scheme = href.split('/').next().is_some_and(|first| first.contains(':'));
    if href.is_empty() || href.starts_with(['/', '\\']) || has_scheme {
        return None;
    }
    joined(source, &percent_decode(href)?)
}

fn joined(source: &str, path: &str) -> Option<String> {
    let folder = source.rsplit_once('/').map_or("", |(folder, _)| folder);
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    (!parts.is_empty()).then(|| parts.join("/"))
}

/// `None` where what comes out is not UTF-8 or holds a NUL. A `%` that begins no escape stands for itself.
fn percent_decode(text: &str) -> Option<String> {
    if !text.contains('%') {
        return Some(text.to_owned());
    }
    let bytes = text.as_bytes();
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let two = bytes.get(at + 1..at + 3).filter(|two| two.iter().all(u8::is_ascii_hexdigit));
        let escaped = two.filter(|_| byte == b'%');
        match escaped.and_then(|hex| u8::from_str_radix(std::str::from_utf8(hex).ok()?, 16).ok()) {
            Some(value) => {
                decoded.push(value);
                at += 3;
            }
            None => {
                decoded.push(byte);
                at += 1;
            }
        }
    }
    String::from_utf8(decoded).ok().filter(|text| !text.contains('\0'))
}

#[cfg(test)]
#[expect(clippy::expect_used, reason = "a test may stop at what it takes for granted")]
mod tests {
    use super::*;

    fn check(source: &str, href: &str, expected: Option<&str>) {
        assert_eq!(path_of(source, href).as_deref(), expected, "{href} in {source}");
    }

    #[test]
    fn a_relative_link_is_seen_from_its_own_folder() {
        check("incidents/a.md", "b.md", Some("incidents/b.md"));
        check("incidents/a.md", "./b.md#resolved", Some("incidents/b.md"));
        check("incidents/2022/a/index.md", "../../2021/x/index.md?plain=1", Some("incidents/2021/x/index.md"));
        check("incidents/a.md", "two%20words.png", Some("incidents/two words.png"));
        check("incidents/a.md", "100%.png", Some("incidents/100%.png"));
    }

    #[test]
    fn what_is_no_path_of_the_site_is_none() {
        for href in ["https://example.org/a.md", "mailto:a@example.org", "/maintenance/", "#top", "", "//host/x"] {
            check("incidents/a.md", href, None);
        }
        check("incidents/a.md", "../../etc/passwd", None);
        check("incidents/a.md", "%2e%2e/%2e%2e/etc/passwd", None);
        check("incidents/a.md", "..", None);
        check("incidents/a.md", "a%00.png", None);
    }

    #[test]
    fn a_link_to_a_file_a_folder_or_a_bare_name_finds_its_page() {
        let slug = |text| Slug::from_text(text).expect("a slug");
        let mut links = LinkTargets::default();
        links.add_post("incidents/a.md".to_owned(), Target::Incident(slug("a")), slug("a"));
        links.add_post("incidents/b/index.md".to_owned(), Target::Incident(slug("b")), slug("b"));
        links.add_post("incidents/b/rfo.md".to_owned(), Target::Rfo(slug("b")), slug("b"));
        links.add_picture(slug("b"), "incidents/b/graph.png".to_owned(), "graph.png".to_owned());
        let resolve = |source, href| links.resolve(source, href);
        assert_eq!(resolve("incidents/a.md", "b/"), Some(Target::Incident(slug("b"))));
        assert_eq!(resolve("incidents/a.md", "b/rfo.md"), Some(Target::Rfo(slug("b"))));
        assert_eq!(resolve("incidents/b/rfo.md", "../a"), Some(Target::Incident(slug("a"))));
        let graph = Target::Picture { incident: slug("b"), name: "graph.png".to_owned() };
        assert_eq!(resolve("incidents/b/rfo.md", "graph.png"), Some(graph));
        assert_eq!(resolve("incidents/a.md", "b/graph.png"), None, "published only beneath who shows it");
        assert_eq!(resolve("incidents/a.md", "_draft.md"), None);
    }
}
