//! Posts that had another address before their file was renamed, for `check`: an address that was published is for ever,
//! and one line in the post keeps it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::{files, git};
use crate::diag::{Code, Diagnostic};
use crate::model::{Site, Slug};

/// Tells of each post whose file was renamed, as far as git knows, and which does not name its old slug among its
/// aliases. Whether it was published under that name nobody knows, so it is a note.
pub fn moved_posts(root: &Path, site: &Site) -> Vec<Diagnostic> {
    let mut old_names: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (old, new) in git::renames(root) {
        old_names.entry(new).or_default().push(old);
    }
    if old_names.is_empty() {
        return Vec::new();
    }
    let incidents = site.incidents.iter().map(|post| (&post.source, &post.slug, &post.aliases));
    let rfos = site.rfos.iter().map(|post| (&post.source, &post.slug, &post.aliases));
    let told = of_kind(root, "incidents", incidents.collect(), &old_names);
    told.into_iter().chain(of_kind(root, "rfo", rfos.collect(), &old_names)).collect()
}

type Post<'a> = (&'a String, &'a Slug, &'a Vec<Slug>);

/// All posts that share a folder of the site.
fn of_kind(
    root: &Path,
    folder: &str,
    posts: Vec<Post<'_>>,
    old_names: &BTreeMap<String, Vec<String>>,
) -> Vec<Diagnostic> {
    let taken: BTreeSet<&Slug> = posts.iter().flat_map(|(_, slug, aliases)| aliases.iter().chain([*slug])).collect();
    let moved = posts.iter().filter_map(|(source, slug, aliases)| {
        // A slug that does not come from the file's name, as a report's may not, did not change with it.
        slug_of(source).filter(|of_name| of_name == *slug)?;
        let mut lost = earlier_slugs(source, old_names);
        lost.retain(|old| !taken.contains(old));
        Some((*source, *aliases, lost)).filter(|(.., lost)| !lost.is_empty())
    });
    moved.map(|(source, aliases, lost)| told(root, folder, source, aliases, &lost)).collect()
}

/// The slugs that a file had under its earlier names, the oldest first, each once.
fn earlier_slugs(source: &str, old_names: &BTreeMap<String, Vec<String>>) -> Vec<Slug> {
    let mut names = vec![source];
    let mut seen = 0;
    while let Some(name) = names.get(seen) {
        seen += 1;
        for old in old_names.get(*name).into_iter().flatten() {
            if !names.contains(&old.as_str()) {
                names.push(old);
            }
        }
    }
    let mut slugs: Vec<Slug> = Vec::new();
    for slug in names.iter().skip(1).rev().filter_map(|name| slug_of(name)) {
        if !slugs.contains(&slug) {
            slugs.push(slug);
        }
    }
    slugs
}

fn slug_of(path: &str) -> Option<Slug> {
    Slug::from_text(files::published_stem(path)?)
}

fn told(root: &Path, folder: &str, source: &str, aliases: &[Slug], lost: &[Slug]) -> Diagnostic {
    let text = files::source_again(root, source);
    let all: Vec<String> = aliases.iter().chain(lost).map(|slug| format!("\"{slug}\"")).collect();
    let sign = if text.text().starts_with("---") { ":" } else { " =" };
    let pages: Vec<String> = lost.iter().map(|slug| format!("`/{folder}/{slug}/`")).collect();
    let verb = if lost.len() == 1 { "leads" } else { "lead" };
    Diagnostic::note(
        Code::ADDRESS_CHANGED,
        format!("this file was renamed, and {} {verb} nowhere", pages.join(" and ")),
    )
    .cure(format!("write `aliases{sign} [{}]` into its front matter", all.join(", ")))
    .at(&text, 0..0)
}
