//! What a browser gets for a path: a pure function of what is shown.
//!
//! A path is only ever looked up in the map of the site's files, so nothing else on the disk can be asked for. Pages get
//! a script before their end that reloads them when they change, and where the writer made mistakes a small bar that
//! counts them; both come from `/-/`, so that the site's own content security policy allows them.

use std::fmt::Write as _;
use std::sync::Arc;

use anstream::adapter::strip_str;

use super::site::{File, Shown};
use crate::check::percent_decoded;
use crate::diag::Diagnostic;
use crate::diag::report::Report;
use crate::publish::media::content_type;
use crate::render::Html;

/// What is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) content_type: &'static str,
    /// Where to go instead.
    pub(super) location: Option<String>,
    /// The same tag, the same bytes.
    pub(super) tag: String,
    pub(super) body: Arc<[u8]>,
}

impl Answer {
    fn new(status: u16, content_type: &'static str, body: impl Into<Arc<[u8]>>) -> Answer {
        let body = body.into();
        Answer { status, content_type, location: None, tag: tag(&body), body }
    }

    /// A page, with the script that reloads it. The tag is that of the page without the script, which holds it.
    fn page(status: u16, html: Vec<u8>) -> Answer {
        let end = html.windows(b"</body>".len()).rposition(|window| window == b"</body>").unwrap_or(html.len());
        let tag = tag(&html);
        let script = format!("<script src=\"/-/reload.js\" data-tag=\"{tag}\"></script>");
        let mut body = html;
        body.splice(end..end, script.into_bytes());
        Answer { status, content_type: HTML, location: None, tag, body: body.into() }
    }

    /// A plain sentence.
    pub(super) fn text(status: u16, text: &str) -> Answer {
        Answer::new(status, "text/plain; charset=utf-8", text.as_bytes())
    }

    fn redirect(location: String) -> Answer {
        Answer { location: Some(location), ..Answer::text(302, "It is elsewhere.\n") }
    }
}

fn tag(bytes: &[u8]) -> String {
    blake3::hash(bytes).to_hex().chars().take(32).collect()
}

const HTML: &str = "text/html; charset=utf-8";
const BROKEN: &str = "The site cannot be built";
const SCRIPT: &str = include_str!("reload.js");
const STYLE: &str = include_str!("serve.css");

/// The answer to a `GET` of a path, with its query.
pub(super) fn answer(shown: &Shown<'_>, url: &str) -> Answer {
    let (path, query) = url.split_once('?').map_or((url, None), |(path, query)| (path, Some(query)));
    match path {
        "/-/reload.js" => return Answer::new(200, "text/javascript; charset=utf-8", SCRIPT.as_bytes()),
        "/-/serve.css" => return Answer::new(200, "text/css; charset=utf-8", STYLE.as_bytes()),
        "/-/diagnostics" => return page(shown, 200, "What is wrong", shown.diagnostics),
        _ => {}
    }
    let path = percent_decoded(path);
    let with_query = |path: String| query.map_or_else(|| path.clone(), |query| format!("{path}?{query}"));
    let Some(inside) = path.strip_prefix(shown.base) else {
        // The site may live under a path of its host; the rest of the host is not ours to show.
        let base = shown.base;
        return match path == "/" || format!("{path}/") == base {
            true => Answer::redirect(with_query(base.to_owned())),
            false => not_found(shown),
        };
    };
    let is_folder = inside.is_empty() || inside.ends_with('/');
    let file = if is_folder { format!("{inside}index.html") } else { inside.to_owned() };
    let is_page = content_type(&file) == HTML;
    match shown.file(&file) {
        Some(file) => match file.bytes() {
            Ok(bytes) if is_page => site_page(shown, 200, bytes),
            Ok(bytes) => Answer::new(200, content_type(inside), Arc::clone(bytes)),
            Err(mistake) => page(shown, 500, BROKEN, std::slice::from_ref(mistake)),
        },
        None if !is_folder && shown.file(&format!("{file}/index.html")).is_some() => {
            Answer::redirect(with_query(format!("{}/", encoded(&path))))
        }
        None => not_found(shown),
    }
}

fn not_found(shown: &Shown<'_>) -> Answer {
    if shown.files.is_none() {
        return page(shown, 500, BROKEN, shown.diagnostics);
    }
    match shown.file("404.html").map(File::bytes) {
        Some(Ok(bytes)) => site_page(shown, 404, bytes),
        Some(Err(_)) | None => Answer::text(404, "There is nothing here.\n"),
    }
}

/// A page of the site, with the bar.
fn site_page(shown: &Shown<'_>, status: u16, bytes: &[u8]) -> Answer {
    let end = bytes.windows(b"</body>".len()).rposition(|window| window == b"</body>").unwrap_or(bytes.len());
    let (before, after) = bytes.split_at(end);
    Answer::page(status, [before, bar(shown).as_bytes(), after].concat())
}

/// "2 errors in 1 file", as a link to the page that shows them.
fn bar(shown: &Shown<'_>) -> String {
    let failing = shown.diagnostics.iter().filter(|diagnostic| diagnostic.severity.fails());
    let report = Report::new(failing, ".".as_ref());
    if report.is_empty() {
        return String::new();
    }
    format!(
        "<link rel=\"stylesheet\" href=\"/-/serve.css\">\
         <aside class=\"upfront-serve-bar\" aria-label=\"upfront serve\"><a href=\"/-/diagnostics\">{}</a></aside>",
        report.summary()
    )
}

/// A page of our own, with diagnostics.
fn page(shown: &Shown<'_>, status: u16, title: &str, diagnostics: &[Diagnostic]) -> Answer {
    let report = Report::new(diagnostics, ".".as_ref());
    let mut html = String::from("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
    let _ = write!(
        html,
        "<meta name=\"viewport\" content=\"width=device-width\">\n<title>{title}</title>\n\
         <link rel=\"stylesheet\" href=\"/-/serve.css\">\n</head>\n<body class=\"upfront-serve\">\n<main>\n\
         <h1>{title}</h1>\n<p>{}. This page goes on by itself when that changes.</p>\n<pre>{}</pre>\n",
        report.summary(),
        Html::text(&strip_str(&report.human()).to_string()),
    );
    let _ = write!(
        html,
        "<p><a href=\"{}\">To the front page</a></p>\n</main>\n</body>\n</html>\n",
        Html::text(shown.base)
    );
    Answer::page(status, html.into_bytes())
}

/// A path as it may stand in a header.
fn encoded(path: &str) -> String {
    let mut url = String::with_capacity(path.len());
    for byte in path.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'-' | b'.' | b'_' | b'~' => url.push(char::from(byte)),
            _ => {
                let _ = write!(url, "%{byte:02X}");
            }
        }
    }
    url
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "the paths are right")]
pub(super) mod tests {
    use std::sync::Arc;

    use super::Answer;
    use crate::cmd::serve::site::Shown;
    use crate::diag::{Code, Diagnostic, Source};
    use crate::render::{Class, Content, Output, RenderError, SitePath};

    /// A file of that text.
    pub(in crate::cmd::serve) fn output(path: &str, text: &'static str) -> Output<'static> {
        let path = SitePath::new(path).unwrap();
        Output { path, class: Class::Leaf, key: None, content: Content::made(|| Ok(text.as_bytes().to_vec())) }
    }

    /// A site of a few files, in which each holds what stands behind its path.
    fn answer(base: &str, diagnostics: &[Diagnostic], url: &str) -> Answer {
        let outputs = [
            output("index.html", "<body>front</body>"),
            output("404.html", "<body>nothing</body>"),
            output("incidents/a/index.html", "<body>a</body>"),
            output("incidents/a/two words.png", "png"),
            output("feed.atom", "<feed/>"),
        ];
        super::answer(&Shown::new(base, diagnostics, &outputs), url)
    }

    fn mistake() -> Diagnostic {
        let source = Arc::new(Source::new("upfront.toml", "title = <b>\n"));
        Diagnostic::error(Code::CONFIG_SYNTAX, "a value is expected").at(&source, 8..11).cure("put it in quotes")
    }

    fn body(answer: &Answer) -> String {
        String::from_utf8_lossy(&answer.body).into_owned()
    }

    #[track_caller]
    fn check(base: &str, url: &str, expected: &str) {
        let answer = answer(base, &[], url);
        let what = match &answer.location {
            Some(location) => format!("-> {location}"),
            None => {
                let script = format!("<script src=\"/-/reload.js\" data-tag=\"{}\"></script>", answer.tag);
                body(&answer).replace(&script, "")
            }
        };
        assert_eq!(format!("{} {}: {what}", answer.status, answer.content_type), expected, "{url}");
    }

    #[test]
    fn a_folder_is_its_index_and_a_missing_slash_is_put_right() {
        check("/", "/", "200 text/html; charset=utf-8: <body>front</body>");
        check("/", "/incidents/a/?x=1", "200 text/html; charset=utf-8: <body>a</body>");
        check("/", "/incidents/a?x=1", "302 text/plain; charset=utf-8: -> /incidents/a/?x=1");
        check("/", "/incidents/a/two%20words.png", "200 image/png: png");
        check("/", "/feed.atom", "200 application/atom+xml; charset=utf-8: <feed/>");
    }

    #[test]
    fn what_is_not_there_is_the_sites_own_404() {
        for url in ["/nothing", "/incidents/", "/../Cargo.toml", "/%2e%2e/Cargo.toml", "//etc/passwd", "/.git/config"] {
            check("/", url, "404 text/html; charset=utf-8: <body>nothing</body>");
        }
    }

    #[test]
    fn a_site_under_a_path_is_served_under_it() {
        check("/status/", "/status/", "200 text/html; charset=utf-8: <body>front</body>");
        check("/status/", "/", "302 text/plain; charset=utf-8: -> /status/");
        check("/status/", "/status", "302 text/plain; charset=utf-8: -> /status/");
        check("/status/", "/status/incidents/a", "302 text/plain; charset=utf-8: -> /status/incidents/a/");
        check("/status/", "/feed.atom", "404 text/html; charset=utf-8: <body>nothing</body>");
    }

    #[test]
    fn mistakes_are_counted_on_each_page_and_shown_on_one() {
        let answer = |url| answer("/", &[mistake()], url);
        assert!(body(&answer("/")).contains("<a href=\"/-/diagnostics\">1 error in 1 file</a>"));
        let page = answer("/-/diagnostics");
        assert_eq!(page.status, 200);
        assert!(body(&page).contains("1 | title = &lt;b&gt;"), "{}", body(&page));
        assert_eq!(body(&answer("/feed.atom")), "<feed/>");
    }

    #[test]
    fn a_page_has_another_tag_once_it_or_the_mistakes_change() {
        let tag = |diagnostics: &[Diagnostic]| answer("/", diagnostics, "/").tag;
        assert_eq!(tag(&[]), tag(&[]));
        assert_ne!(tag(&[]), tag(&[mistake()]));
    }

    #[test]
    fn notes_get_no_bar() {
        let answer = answer("/", &[Diagnostic::note(Code::GIT_SHALLOW, "cut off")], "/");
        assert!(!body(&answer).contains("<aside"));
    }

    #[test]
    fn a_broken_config_is_shown_in_place_of_everything() {
        let mistakes = [mistake()];
        for url in ["/", "/incidents/a/", "/nothing"] {
            let page = super::answer(&Shown::broken("/", &mistakes), url);
            assert_eq!(page.status, 500, "{url}");
            assert!(body(&page).contains("put it in quotes") && body(&page).contains("reload.js"), "{url}");
        }
    }

    #[test]
    fn a_page_that_cannot_be_made_says_why() {
        let path = SitePath::new("index.html").unwrap();
        let content = Content::made(|| Err(RenderError(Box::new(mistake()))));
        let outputs = [Output { path, class: Class::Front, key: None, content }];
        let page = super::answer(&Shown::new("/", &[], &outputs), "/");
        assert_eq!(page.status, 500);
        assert!(body(&page).contains("put it in quotes"), "{}", body(&page));
    }
}
