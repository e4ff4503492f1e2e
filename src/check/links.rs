//! Links that lead nowhere: every `href` and `src` of every page is followed, within the site and to the anchor.
//!
//! It looks at the pages as they will be published, because only they say what became of a link; and then finds the
//! link again in the file that the page was made from, because that is where it is put right. Links to other sites are
//! not followed: that needs the network.

mod html;
mod target;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::Arc;

use pulldown_cmark::{Event, Parser, Tag};

use self::target::{Base, Target};
use super::{Checked, locate};
use crate::diag::{Code, Diagnostic, Source, nearest};

pub(crate) use self::target::percent_decoded;

/// A link of a page to some place in the site.
struct Link<'a> {
    page: &'a str,
    /// As it stands in the page, without HTML escapes.
    url: String,
    /// In the page.
    span: Range<usize>,
    /// Where it leads, in the site.
    path: String,
    fragment: String,
}

/// What is wrong with a link.
enum Dead {
    Page,
    Anchor,
}

pub(super) fn check(checked: &Checked<'_>) -> Vec<Diagnostic> {
    let base = Base::new(&checked.site.config.url);
    // By the file they lead to, so that each file's anchors are gathered once.
    let mut to: BTreeMap<String, Vec<Link<'_>>> = BTreeMap::new();
    let mut dead: Vec<(Link<'_>, Dead)> = Vec::new();
    for (page, html) in pages(checked) {
        for attribute in html::attributes(html).filter(|attribute| matches!(attribute.name, "href" | "src")) {
            let url = html::unescaped(attribute.value);
            let Target::Inside { path, fragment } = base.target(page, &url) else { continue };
            let file = file_of(checked, &path);
            if file.is_some() && fragment.is_empty() {
                continue;
            }
            let link = Link { page, url, span: attribute.span, path, fragment };
            match file {
                Some(file) => to.entry(file).or_default().push(link),
                None => dead.push((link, Dead::Page)),
            }
        }
    }
    for (file, links) in to {
        let anchors = checked.files.get(&file).map(|bytes| anchors(&file, bytes)).unwrap_or_default();
        let gone = links.into_iter().filter(|link| link.fragment != "top" && !anchors.contains(link.fragment.as_str()));
        dead.extend(gone.map(|link| (link, Dead::Anchor)));
    }
    let telling = Telling::new(checked);
    let mut diagnostics = telling.tell(dead);
    diagnostics.extend(lost_sections(checked, &telling));
    diagnostics
}

/// Every page, with its text.
fn pages<'a>(checked: &'a Checked<'_>) -> impl Iterator<Item = (&'a str, &'a str)> {
    let pages = checked.files.iter().filter(|(path, _)| path.ends_with(".html"));
    pages.filter_map(|(path, bytes)| Some((path.as_str(), std::str::from_utf8(bytes).ok()?)))
}

/// The file that a server sends for a path: itself, or its folder's index.
fn file_of(checked: &Checked<'_>, path: &str) -> Option<String> {
    let index = match path {
        "" => "index.html".to_owned(),
        folder if folder.ends_with('/') => format!("{folder}index.html"),
        file if checked.files.contains_key(file) => return Some(file.to_owned()),
        folder => format!("{folder}/index.html"),
    };
    checked.files.contains_key(&index).then_some(index)
}

fn anchors<'a>(file: &str, bytes: &'a [u8]) -> BTreeSet<&'a str> {
    let html = if file.ends_with(".html") || file.ends_with(".svg") { std::str::from_utf8(bytes).ok() } else { None };
    html.into_iter()
        .flat_map(html::attributes)
        .filter(|attribute| attribute.name == "id")
        .map(|attribute| attribute.value)
        .collect()
}

/// Finds the file to blame, and tells each link once.
struct Telling<'a> {
    checked: &'a Checked<'a>,
    /// The source of each page that has one.
    sources: BTreeMap<String, &'a str>,
}

impl<'a> Telling<'a> {
    fn new(checked: &'a Checked<'a>) -> Telling<'a> {
        let site = checked.site;
        let incidents = site.incidents.iter().map(|i| (format!("incidents/{}/index.html", i.slug), i.source.as_str()));
        let rfos = site.rfos.iter().map(|rfo| (format!("rfo/{}/index.html", rfo.slug), rfo.source.as_str()));
        Telling { checked, sources: incidents.chain(rfos).collect() }
    }

    /// A link that is told in the file it was written in is not told again for each list that repeats the text; what
    /// the theme or the config wrote into every page is told once.
    fn tell(&self, dead: Vec<(Link<'_>, Dead)>) -> Vec<Diagnostic> {
        let mut places: BTreeSet<(String, usize)> = BTreeSet::new();
        let mut targets: BTreeSet<(String, String)> = BTreeSet::new();
        let (written, elsewhere): (Vec<_>, Vec<_>) = dead
            .into_iter()
            .map(|(link, why)| (self.in_source(&link), link, why))
            .partition(|(place, ..)| place.is_some());
        let mut diagnostics = Vec::new();
        for (place, link, why) in written.into_iter().chain(elsewhere) {
            let target = (link.path.clone(), link.fragment.clone());
            let (source, span) = match place {
                Some((source, span)) => {
                    targets.insert(target);
                    if !places.insert((source.path().to_owned(), span.start)) {
                        continue;
                    }
                    (source, span)
                }
                None if targets.insert(target) => (self.page(link.page), link.span.clone()),
                None => continue,
            };
            let url = source.text().get(span.clone()).unwrap_or(&link.url);
            diagnostics.push(self.diagnostic(url, &link, &why).at(&source, span));
        }
        diagnostics
    }

    /// The link in the file that the page was made from.
    fn in_source(&self, link: &Link<'_>) -> Option<(Arc<Source>, Range<usize>)> {
        let source = self.checked.sources.get(*self.sources.get(link.page)?)?;
        let spellings = target::spellings(&link.url, &link.path, &link.fragment);
        let span = spellings.iter().find_map(|url| locate::link(source.text(), url))?;
        Some((Arc::clone(source), span))
    }

    /// The page itself, where no file of the writer's is to blame.
    fn page(&self, page: &str) -> Arc<Source> {
        let text = self.checked.files.get(page).map(|bytes| String::from_utf8_lossy(bytes)).unwrap_or_default();
        Arc::new(Source::new(format!("public/{page}"), text))
    }

    fn diagnostic(&self, url: &str, link: &Link<'_>, why: &Dead) -> Diagnostic {
        let (what, cure) = match why {
            Dead::Page => (format!("the link `{url}` leads nowhere"), self.page_cure(&link.path)),
            Dead::Anchor => (
                format!("the link `{url}` leads to a page without that anchor"),
                "open the page, and copy the link that stands at the update's time".to_owned(),
            ),
        };
        Diagnostic::warning(Code::LINK_DEAD, what).cure(cure).outcome("published as it is")
    }

    fn page_cure(&self, path: &str) -> String {
        let path = path.trim_end_matches('/');
        let name = path.rsplit('/').next().unwrap_or(path);
        match nearest(name, self.checked.site.incidents.iter().map(|incident| incident.slug.as_str())) {
            Some(slug) => format!("did you mean `/incidents/{slug}/`?"),
            None => "is the file there, and is it no draft?".to_owned(),
        }
    }
}

/// Links within a post to a section that it does not have: the renderer leaves them out, so no page tells of them.
fn lost_sections(checked: &Checked<'_>, telling: &Telling<'_>) -> Vec<Diagnostic> {
    let mut diagnostics = Vec::new();
    for (page, source) in &telling.sources {
        let Some(source) = checked.sources.get(*source).filter(|source| source.text().contains("](#")) else {
            continue;
        };
        let anchors = checked.files.get(page).map(|bytes| anchors(page, bytes)).unwrap_or_default();
        for (event, span) in Parser::new(source.text()).into_offset_iter() {
            let Event::Start(Tag::Link { dest_url, .. }) = event else { continue };
            let Some(fragment) = dest_url.strip_prefix('#').filter(|fragment| !fragment.starts_with("u-")) else {
                continue;
            };
            let section = format!("s-{}", fragment.to_ascii_lowercase());
            if anchors.contains(fragment) || anchors.contains(section.as_str()) {
                continue;
            }
            let at = source.text().get(span.clone()).and_then(|link| link.rfind(&*dest_url)).unwrap_or(0);
            let told = Diagnostic::warning(Code::LINK_DEAD, format!("this post has no section `{dest_url}`"));
            diagnostics.push(
                told.at(source, span.start + at..span.start + at + dest_url.len())
                    .cure("link to a heading of this post, or to an update by its anchor, `#u-…`")
                    .outcome("published, as text without a link"),
            );
        }
    }
    diagnostics
}
