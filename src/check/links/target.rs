//! Where a link leads: URL references (<https://www.rfc-editor.org/rfc/rfc3986#section-5>), as far as a site needs them.

use crate::model::SiteUrl;

/// Where the site lives.
pub(super) struct Base {
    /// With a slash at both ends.
    path: String,
    /// The site's own address, with a slash at its end.
    own: String,
}

#[derive(Debug, PartialEq, Eq)]
pub(super) enum Target {
    /// Not in this site: another host, or another path of this one.
    Elsewhere,
    /// A path in the site, without the slash before it, and the anchor without its `#`; both decoded.
    Inside { path: String, fragment: String },
}

impl Base {
    pub(super) fn new(url: &SiteUrl) -> Base {
        Base { path: url.base_path(), own: format!("{url}/") }
    }

    /// Where `url` leads from the page at that path of the site.
    pub(super) fn target(&self, page: &str, url: &str) -> Target {
        let (url, fragment) = url.split_once('#').unwrap_or((url, ""));
        let url = url.split_once('?').map_or(url, |(before, _)| before);
        let absolute = if url.is_empty() {
            format!("{}{page}", self.path)
        } else if let Some(inside) = url.strip_prefix(&self.own) {
            format!("{}{inside}", self.path)
        } else if has_scheme(url) || url.starts_with("//") {
            return Target::Elsewhere;
        } else if url.starts_with('/') {
            url.to_owned()
        } else {
            let folder = page.rsplit_once('/').map_or("", |(folder, _)| folder);
            let slash = if folder.is_empty() { "" } else { "/" };
            format!("{}{folder}{slash}{url}", self.path)
        };
        match without_dots(&absolute).strip_prefix(&self.path) {
            Some(path) => Target::Inside { path: percent_decoded(path), fragment: percent_decoded(fragment) },
            None => Target::Elsewhere,
        }
    }
}

/// The ways in which a writer may have put a link that became `url`, and leads to that path of the site and that
/// anchor: a page is linked by its path or by its file, a picture by its name. The likeliest first.
pub(super) fn spellings(url: &str, path: &str, fragment: &str) -> Vec<String> {
    let anchor = if fragment.is_empty() { String::new() } else { format!("#{fragment}") };
    let bare = path.trim_end_matches('/');
    let name = bare.rsplit('/').next().unwrap_or(bare);
    let mut spellings =
        vec![url.to_owned(), percent_decoded(url), format!("/{path}{anchor}"), format!("/{bare}{anchor}")];
    for file in [name.to_owned(), format!("{name}.md")] {
        spellings.extend(["", "./", "../"].map(|before| format!("{before}{file}{anchor}")));
    }
    spellings.push(anchor);
    spellings
}

fn has_scheme(url: &str) -> bool {
    url.split_once(':').is_some_and(|(scheme, _)| {
        scheme.starts_with(|c: char| c.is_ascii_alphabetic())
            && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.'))
    })
}

/// Section 5.2.4 of the RFC. What would leave the root stays at it.
fn without_dots(path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/').skip(1) {
        match part {
            "." => {}
            ".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    let is_folder = path.ends_with("/.") || path.ends_with("/..");
    format!("/{}{}", parts.join("/"), if is_folder && !parts.is_empty() { "/" } else { "" })
}

/// Without percent-encoding; what is no UTF-8 then stays as it is.
pub(crate) fn percent_decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [byte, after @ ..] = rest {
        rest = after;
        let digit = |at: usize| after.get(at).and_then(|&byte| char::from(byte).to_digit(16));
        match (byte, digit(0), digit(1)) {
            (b'%', Some(high), Some(low)) => {
                bytes.push(u8::try_from(high * 16 + low).unwrap_or(b'%'));
                rest = after.get(2..).unwrap_or_default();
            }
            _ => bytes.push(*byte),
        }
    }
    String::from_utf8(bytes).unwrap_or_else(|_| text.to_owned())
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "the URLs are right")]
mod tests {
    use super::{Base, Target};
    use crate::model::SiteUrl;

    /// `path#fragment`, or `elsewhere`.
    fn check(page: &str, url: &str, expected: &str) {
        let base = Base::new(&SiteUrl::new("https://fjordpost.example/status").unwrap());
        let found = match base.target(page, url) {
            Target::Elsewhere => "elsewhere".to_owned(),
            Target::Inside { path, fragment } => format!("{path}#{fragment}"),
        };
        assert_eq!(found, expected, "{url} on {page}");
    }

    #[test]
    fn a_link_is_followed_from_its_page() {
        check("incidents/a/index.html", "../b/#u-1", "incidents/b/#u-1");
        check("incidents/a/index.html", "photo.png", "incidents/a/photo.png#");
        check("incidents/a/index.html", "#u-1", "incidents/a/index.html#u-1");
        check("index.html", "./?q=1#x", "#x");
        check("index.html", "/status/feed.atom", "feed.atom#");
        check("index.html", "https://fjordpost.example/status/rfo/", "rfo/#");
        check("a/index.html", "b%20c.png#d%C3%A9", "a/b c.png#dé");
        check("a/index.html", "..", "#");
    }

    #[test]
    fn what_is_not_in_the_site_is_elsewhere() {
        for url in [
            "https://x.example/",
            "//x.example/",
            "mailto:a@b.example",
            "/",
            "/other/",
            "../../x",
            "https://fjordpost.example/statusx",
        ] {
            check("index.html", url, "elsewhere");
        }
    }
}
