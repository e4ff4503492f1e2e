//! What a link in somebody's text may lead to.
//!
//! Everything here is hostile until it is proven to be one of four: `http` or `https` with a host, `mailto`, a path of
//! the site (`/maintenance/`), or a file beside the post that became a page or a picture of the site. All else (other
//! schemes, `//host`, backslashes, control characters, `..` in a site path) is no link. The rules follow the
//! URL standard where it is lenient (<https://url.spec.whatwg.org/#concept-basic-url-parser>): a browser drops tabs and line
//! feeds inside a URL and reads `\` as `/`, so neither may come near one.

use std::collections::BTreeSet;
use std::fmt::Write as _;

/// What links and pictures of one text are seen from.
#[derive(Clone, Copy)]
pub(in crate::render) struct LinkContext<'a> {
    /// From the page to the site's root: empty, `../../`, or the site's address with `/` at its end where the text
    /// leaves the site (feeds).
    pub root: &'a str,
    /// The page on which the text has its place, from the site's root: `incidents/2022-03-29-imap/`.
    pub own: &'a str,
    /// The file it was written in, from the site's source: `incidents/2022-03-29-imap.md`.
    pub source: &'a str,
    /// The level of a heading that was written `##`: 3 makes it an `h3`.
    pub heading: u8,
    pub resolve: &'a Resolve<'a>,
}

/// Where the file that `href` names, seen from the file `source`, stands in the site: a page (`incidents/…/`) or
/// a picture (`incidents/…/graph.png`), from the site's root. `None` for what is not published.
pub(in crate::render) type Resolve<'a> = dyn Fn(&str, &str) -> Option<String> + Sync + 'a;

impl LinkContext<'_> {
    /// Whether the text leaves the site: every link is then absolute, and helps for pages are left out.
    pub fn is_feed(&self) -> bool {
        self.root.starts_with("http")
    }
}

/// Where a link leads, escaped as a URL (not yet for HTML).
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::render) enum Href {
    /// To another site, or to a mail program.
    Out(String),
    /// Within the site.
    Own(String),
}

/// What `target` leads to, or `None` where it must not be a link. `sections` are the ids on the page that a fragment
/// may name besides those of updates.
pub(in crate::render) fn href(target: &str, context: &LinkContext<'_>, sections: &BTreeSet<String>) -> Option<Href> {
    let target = target.trim_matches(' ');
    if target.is_empty() || target.chars().any(|c| c.is_control() || c == '\\') {
        return None;
    }
    if let Some(scheme) = scheme(target) {
        return outside(scheme, target).then(|| Href::Out(encode(target, is_url_char)));
    }
    if let Some(fragment) = target.strip_prefix('#') {
        return anchor(fragment, sections).map(|id| own(context, context.own, Some(&id)));
    }
    if let Some(path) = target.strip_prefix('/') {
        let climbs = path.split(['/', '?', '#']).any(|part| matches!(percent_decode(part).as_str(), "." | ".."));
        return (!path.starts_with('/') && !climbs).then(|| Href::Own(rooted(context, &encode(path, is_url_char))));
    }
    let (file, fragment) = target.split_once('#').map_or((target, None), |(file, fragment)| (file, Some(fragment)));
    let path = (context.resolve)(context.source, &percent_decode(file))?;
    // A heading's anchor on the git host is none here; an update's is.
    let id = fragment.and_then(|fragment| anchor(fragment, &BTreeSet::new()));
    Some(own(context, &path, id.as_deref()))
}

/// The URL of a picture of the site, or `None` for any other: no page makes a reader's browser ask another host.
pub(in crate::render) fn picture(target: &str, context: &LinkContext<'_>) -> Option<String> {
    if target.starts_with('/') || scheme(target).is_some() || target.chars().any(|c| c.is_control() || c == '\\') {
        return None;
    }
    let path = (context.resolve)(context.source, &percent_decode(target))?;
    (!path.ends_with('/')).then(|| rooted(context, &encode(&path, is_path_char)))
}

/// Whether where a link leads may depend on other files of the site. A page or feed made from a text for which this
/// is false depends on nothing but the text.
pub(in crate::render) fn may_name_files(text: &str) -> bool {
    let elsewhere = |rest: &str| {
        let rest = rest.trim_start_matches(['<', ' ']);
        !["http://", "https://", "mailto:", "/", "#"].iter().any(|start| rest.starts_with(start))
    };
    let brackets = memchr::memchr_iter(b']', text.as_bytes());
    let mut after = brackets.filter_map(|at| text.get(at + 1..));
    after.any(|rest| rest.starts_with(':') || rest.strip_prefix('(').is_some_and(elsewhere))
}

/// The scheme, if the text begins with one. Whatever a browser could take for one is one.
fn scheme(target: &str) -> Option<&str> {
    let (scheme, _) = target.split_once(':')?;
    let plain = |c: char| c.is_ascii_alphanumeric() || "+-.".contains(c);
    (scheme.starts_with(|c: char| c.is_ascii_alphabetic()) && scheme.chars().all(plain)).then_some(scheme)
}

fn outside(scheme: &str, target: &str) -> bool {
    let rest = target.get(scheme.len() + 1..).unwrap_or_default();
    if scheme.eq_ignore_ascii_case("mailto") {
        return rest.contains('@');
    }
    let web = scheme.eq_ignore_ascii_case("http") || scheme.eq_ignore_ascii_case("https");
    // Without both slashes a browser reads the rest as a path of the page's own host.
    web && rest.strip_prefix("//").is_some_and(|host| !host.is_empty() && !host.starts_with(['/', '?', '#', ':']))
}

/// The id that a fragment names: an update's, or a section's with or without our prefix.
fn anchor(fragment: &str, sections: &BTreeSet<String>) -> Option<String> {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    if !fragment.chars().all(plain) {
        return None;
    }
    if fragment.starts_with("u-") || sections.contains(fragment) {
        return Some(fragment.to_owned());
    }
    let prefixed = format!("s-{}", fragment.to_ascii_lowercase());
    sections.contains(&prefixed).then_some(prefixed)
}

fn own(context: &LinkContext<'_>, path: &str, id: Option<&str>) -> Href {
    let mut url = rooted(context, &encode(path, is_path_char));
    if let Some(id) = id {
        url.push('#');
        url.push_str(id);
    }
    Href::Own(url)
}

/// With a root of no characters a path could begin with a scheme or a slash: `./` takes that meaning away.
fn rooted(context: &LinkContext<'_>, path: &str) -> String {
    let root = if context.root.is_empty() { "./" } else { context.root };
    format!("{root}{path}")
}

fn is_path_char(c: char) -> bool {
    c.is_ascii_alphanumeric() || "-._~!$()*+,;=:@/".contains(c)
}

fn is_url_char(c: char) -> bool {
    is_path_char(c) || "?#&%[]".contains(c)
}

/// Writes every other character as its bytes, `%C3%A5`.
fn encode(url: &str, keep: impl Fn(char) -> bool) -> String {
    let mut out = String::with_capacity(url.len());
    for c in url.chars() {
        if keep(c) {
            out.push(c);
        } else {
            for byte in c.encode_utf8(&mut [0; 4]).bytes() {
                let _ = write!(out, "%{byte:02X}");
            }
        }
    }
    out
}

fn percent_decode(text: &str) -> String {
    if !text.contains('%') {
        return text.to_owned();
    }
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        let code = match tail {
            [high, low, ..] if *first == b'%' => hex(*high).zip(hex(*low)),
            _ => None,
        };
        match (code, tail) {
            (Some((high, low)), [_, _, after @ ..]) => {
                bytes.push(high << 4 | low);
                rest = after;
            }
            _ => {
                bytes.push(*first);
                rest = tail;
            }
        }
    }
    String::from_utf8(bytes).unwrap_or_else(|_| text.to_owned())
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).and_then(|value| u8::try_from(value).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn resolve(_: &str, href: &str) -> Option<String> {
        match href {
            "other.md" => Some("incidents/other/".to_owned()),
            "a graph.png" => Some("incidents/imap/a graph.png".to_owned()),
            _ => None,
        }
    }

    fn context(root: &str) -> LinkContext<'_> {
        LinkContext { root, own: "incidents/imap/", source: "incidents/imap.md", heading: 3, resolve: &resolve }
    }

    #[track_caller]
    fn check(target: &str, expected: &str) {
        let sections = BTreeSet::from(["s-cause".to_owned()]);
        let href = href(target, &context(""), &sections);
        let text = match &href {
            Some(Href::Out(url)) => format!("out {url}"),
            Some(Href::Own(url)) => format!("own {url}"),
            None => "no link".to_owned(),
        };
        assert_eq!(text, expected, "{target:?}");
    }

    #[test]
    fn the_web_and_mail_are_reached() {
        check("https://example.com/a?b=c&d#e", "out https://example.com/a?b=c&d#e");
        check("HTTP://example.com", "out HTTP://example.com");
        check("https://example.com/å \"b\"", "out https://example.com/%C3%A5%20%22b%22");
        check("mailto:help@example.com", "out mailto:help@example.com");
    }

    #[test]
    fn nothing_else_is_a_link() {
        for target in [
            "javascript:alert(1)",
            "JaVaScRiPt:alert(1)",
            " javascript:alert(1)",
            "java\tscript:alert(1)",
            "java\nscript:alert(1)",
            "\u{1}javascript:alert(1)",
            "data:text/html,x",
            "vbscript:x",
            "file:///etc/passwd",
            "//evil.example",
            "/\\evil.example",
            "\\\\evil.example",
            "https:evil",
            "https:\\\\evil",
            "https://",
            "https:///x",
            "mailto:",
            "/../x",
            "/a/%2e%2e/x",
            "unknown.md",
            "#nowhere",
            "#s-\"x",
            "",
        ] {
            check(target, "no link");
        }
    }

    #[test]
    fn a_site_path_is_seen_from_the_page() {
        check("/maintenance/", "own ./maintenance/");
        check("/", "own ./");
        check("/javascript:alert(1)", "own ./javascript:alert(1)");
        let href = href("/maintenance/", &context("../../"), &BTreeSet::new());
        assert_eq!(href, Some(Href::Own("../../maintenance/".to_owned())));
    }

    #[test]
    fn a_post_is_named_by_its_file() {
        check("other.md", "own ./incidents/other/");
        check("other.md#u-20220329-0920-identified", "own ./incidents/other/#u-20220329-0920-identified");
        check("other.md#some-heading", "own ./incidents/other/");
    }

    #[test]
    fn a_fragment_stays_on_its_page() {
        check("#u-1", "own ./incidents/imap/#u-1");
        check("#cause", "own ./incidents/imap/#s-cause");
        check("#s-cause", "own ./incidents/imap/#s-cause");
    }

    #[test]
    fn only_pictures_of_the_site_are_shown() {
        assert_eq!(picture("a%20graph.png", &context("")).as_deref(), Some("./incidents/imap/a%20graph.png"));
        for target in ["https://evil.example/x.png", "//evil.example/x.png", "other.md", "/x.png", "data:image/png,x"] {
            assert_eq!(picture(target, &context("")), None, "{target}");
        }
    }

    #[test]
    fn a_text_without_relative_links_depends_on_no_file() {
        assert!(!may_name_files("plain [a](https://x.example) [b](/history/) [c](#u-1) ![d](http://x.example/y.png)"));
        assert!(may_name_files("see [a](other.md)"));
        assert!(may_name_files("see [a]\n\n[a]: other.md"));
    }
}
