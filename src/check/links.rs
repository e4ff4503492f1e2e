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
            let link = |fragment: String| Link { page, url: url.clone(), span: attribute.span.clone(), fragment };
            match base.target(page, &url) {
                Target::Elsewhere => {}
                Target::Inside { path, fragment } => match file_of(checked, &path) {
                    Some(file) if !fragment.is_empty() => to.entry(file).or_default().push(link(fragment)),
                    Some(_) => {}
                    None => dead.push((link(fragment), Dead::Page)),
                },
            }
        }
    }
    for (file, links) in to {
        let anchors = checked.files.get(&file).map(|bytes| anchors(&file, bytes)).unwrap_or_default();
        let gone = links.into_iter().filter(|link| link.fragment != "top" && !anchors.contains(link.fragment.as_str()));
        dead.extend(gone.map(|link| (link, Dead::Anchor)));
    }
    Telling::new(checked).tell(dead)
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
        let mut told: BTreeSet<(&str, String)> = BTreeSet::new();
        let mut told_urls: BTreeSet<String> = BTreeSet::new();
        let mut diagnostics = Vec::new();
        let (written, elsewhere): (Vec<_>, Vec<_>) = dead
            .into_iter()
            .map(|(link, why)| (self.in_source(&link), link, why))
            .partition(|(place, ..)| place.is_some());
        for (place, link, why) in written.into_iter().chain(elsewhere) {
            let (source, span) = match place {
                Some((source, span)) => {
                    if !told.insert((self.sources.get(link.page).copied().unwrap_or_default(), link.url.clone())) {
                        continue;
                    }
                    told_urls.insert(link.url.clone());
                    (source, span)
                }
                None if told_urls.insert(link.url.clone()) => (self.page(link.page), link.span.clone()),
                None => continue,
            };
            diagnostics.push(self.diagnostic(&link, &why).at(&source, span));
        }
        diagnostics
    }

    /// The link in the file that the page was made from.
    fn in_source(&self, link: &Link<'_>) -> Option<(Arc<Source>, Range<usize>)> {
        let source = self.checked.sources.get(*self.sources.get(link.page)?)?;
        let spellings = target::spellings(&link.url);
        let span = spellings.iter().find_map(|url| locate::link(source.text(), url))?;
        Some((Arc::clone(source), span))
    }

    /// The page itself, where no file of the writer's is to blame.
    fn page(&self, page: &str) -> Arc<Source> {
        let text = self.checked.files.get(page).map(|bytes| String::from_utf8_lossy(bytes)).unwrap_or_default();
        Arc::new(Source::new(format!("public/{page}"), text))
    }

    fn diagnostic(&self, link: &Link<'_>, why: &Dead) -> Diagnostic {
        let (what, cure) = match why {
            Dead::Page => (format!("the link `{}` leads nowhere", link.url), self.page_cure(&link.url)),
            Dead::Anchor => (
                format!("the link `{}` leads to a page without that anchor", link.url),
                "open the page, and copy the link that stands at the update's time".to_owned(),
            ),
        };
        Diagnostic::warning(Code::LINK_DEAD, what).cure(cure).outcome("published as it is")
    }

    fn page_cure(&self, url: &str) -> String {
        let last = url.split(['#', '?']).next().unwrap_or(url).trim_end_matches('/');
        let last = last.rsplit('/').next().unwrap_or(last);
        let name = last.strip_suffix(".md").or_else(|| last.strip_suffix(".html")).unwrap_or(last);
        match nearest(name, self.checked.site.incidents.iter().map(|incident| incident.slug.as_str())) {
            Some(slug) => format!("did you mean `/incidents/{slug}/`?"),
            None => "is the file there, and is it no draft?".to_owned(),
        }
    }
}
