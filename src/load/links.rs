//! Links in published text that lead nowhere, for `check`.
//!
//! Only what can be known without the network: files of the site and its own pages. It reads all Markdown once more,
//! so a build does not do it.

use std::path::Path;

use pulldown_cmark::{Event, Parser, Tag};

use super::files;
use crate::diag::{Code, Diagnostic};
use crate::model::{Incident, Markdown, Rfo, Site, path_of};

/// What is wrong with the links of all posts. `has_file` says whether the built site has a file, by its path from
/// the site's root: `maintenance/index.html`.
pub fn dead_links(root: &Path, site: &Site, has_file: &dyn Fn(&str) -> bool) -> Vec<Diagnostic> {
    let incidents = site.incidents.iter().map(|incident| (&incident.source, incident_texts(incident)));
    let rfos = site.rfos.iter().map(|rfo| (&rfo.source, rfo_texts(rfo)));
    let mut diagnostics = Vec::new();
    for (source, texts) in incidents.chain(rfos) {
        let texts = texts.into_iter().filter(|text| text.text.contains('[') || text.text.contains('<'));
        let mut seen: Vec<String> = texts.flat_map(links).collect();
        seen.sort_unstable();
        seen.dedup();
        for href in seen {
            if let Some(told) = dead(site, source, &href, has_file) {
                let text = files::source_again(root, source);
                let span = place(text.text(), &href).map_or(0..0, |start| start..start + href.len());
                diagnostics.push(told.at(&text, span));
            }
        }
    }
    diagnostics.sort_by(|a, b| a.sort_key().cmp(&b.sort_key()));
    diagnostics
}

/// Where a link's address stands: in a link, as a definition, or at least somewhere.
fn place(text: &str, href: &str) -> Option<usize> {
    let after = |start: &str| text.find(&format!("{start}{href}")).map(|at| at + start.len());
    ["](", "](<", "]: ", "]: <"].into_iter().find_map(after).or_else(|| text.find(href))
}

fn incident_texts(incident: &Incident) -> Vec<&Markdown> {
    let facts = [&incident.intro, &incident.works, &incident.meanwhile].into_iter().flatten();
    facts.chain(incident.updates.iter().map(|update| &update.body)).collect()
}

fn rfo_texts(rfo: &Rfo) -> Vec<&Markdown> {
    std::iter::once(&rfo.body).chain(rfo.follow_ups.iter().map(|promise| &promise.what)).collect()
}

fn links(text: &Markdown) -> Vec<String> {
    let markdown = format!("{}\n\n{}", text.text, text.definitions);
    let link = |event| match event {
        Event::Start(Tag::Link { dest_url, .. }) => Some(dest_url.into_string()),
        _ => None,
    };
    Parser::new(&markdown).filter_map(link).collect()
}

fn dead(site: &Site, source: &str, href: &str, has_file: &dyn Fn(&str) -> bool) -> Option<Diagnostic> {
    let told = |message: String, cure: &str| {
        let told = Diagnostic::warning(Code::LINK_DEAD, message).cure(cure);
        Some(told.outcome("published, as text without a link"))
    };
    let path = href.split(['#', '?']).next().unwrap_or_default();
    if path.is_empty() {
        return None;
    }
    if let Some(page) = path.strip_prefix('/') {
        let file = if page.is_empty() || page.ends_with('/') { format!("{page}index.html") } else { page.to_owned() };
        let is_there = has_file(&file) || has_file(&format!("{file}/index.html"));
        return (!is_there)
            .then(|| Diagnostic::warning(Code::LINK_DEAD, format!("the site has no page `{path}`")))
            .map(|told| told.cure("pages of the site are `/incidents/<slug>/`, `/history/`, `/rfo/` and the like"));
    }
    if let Some((scheme, _)) = path.split_once(':').filter(|(scheme, _)| !scheme.contains('/')) {
        let allowed = ["http", "https", "mailto"].iter().any(|known| scheme.eq_ignore_ascii_case(known));
        let told = Diagnostic::warning(Code::LINK_SCHEME, format!("links with `{scheme}:` are not published"));
        return (!allowed)
            .then(|| told.cure("`https:`, `http:` and `mailto:` are").outcome("published, as text without a link"));
    }
    match path_of(source, href) {
        None => told(format!("`{href}` leads out of the site's folder"), "link to a file in the site's folder"),
        Some(file) if site.links.resolve("", &file).is_some() || site.links.resolve(source, path).is_some() => None,
        Some(file) if !file.rsplit('/').next().is_some_and(may_be_post) => told(
            format!("`{path}` is not published: only posts and pictures are"),
            "link to where it can be found for good, with `https://`",
        ),
        Some(_) => told(
            format!("no post is called `{path}`"),
            "write the path from this file to the other, such as `../2021/2021-05-01-slow.md`; drafts have no page",
        ),
    }
}

/// By its name: git hosts also open a post that is linked without its ending.
fn may_be_post(name: &str) -> bool {
    name.rsplit_once('.').is_none_or(|(_, ending)| matches!(&*ending.to_ascii_lowercase(), "md" | "markdown"))
}
