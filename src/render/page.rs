//! One view a page: a struct with everything decided, made from `Derived`, and the template that prints it.
//!
//! What every page promises: it is whole without script and style; every link in it is relative to the site's root
//! ([`Pen::url`]), so that the site works below any path, on a mirror and from a folder; nothing in it is relative to
//! now except on the front page and on pages of what is open, so that a page whose facts stay the same keeps its bytes.
//!
//! A page with a [`Key`] is a function of its `Input` and of [`Shared`] alone. `Input` derives `Hash` and is the key;
//! [`Shared`] holds nothing that theme and config do not decide. So the key covers all that the page can look at.

mod bars;
mod component;
mod edits;
mod entry;
mod figures;
mod frame;
mod history;
mod incident;
mod index;
mod lead;
mod machine;
mod maintenance;
mod mark;
mod moved;
mod not_found;
mod pen;
mod promises;
mod report;
mod reports;
mod response;
mod rule;
mod subscribe;
mod tables;

use std::collections::{BTreeMap, BTreeSet};
use std::hash::Hash;
use std::sync::Arc;

use serde::Serialize;

use super::keys::Keys;
use super::output::{Class, Content, Key, Output, RenderError, SitePath};
use super::targets::Targets;
use super::theme::Theme;
use super::{headers, sitemap};
use crate::derive::Derived;
use crate::derive::response::record::Period;
use crate::model::Site;
use frame::Shared;

/// What a page may load, as a policy (<https://www.w3.org/TR/CSP3/>). It stands in every page and in `_headers`, which
/// adds `frame-ancestors`: that directive means nothing in a page.
pub(in crate::render) const CSP: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; \
     font-src 'self'; connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'";

/// Every HTML page of the site, and what its theme brings.
pub(in crate::render) fn outputs<'a>(
    site: &'a Site,
    derived: &'a Derived,
    theme: &'a Theme,
    targets: Targets<'a>,
    keys: &Keys,
) -> Vec<Output<'a>> {
    let shared = Arc::new(Shared::new(&site.config, theme, targets));
    let all = All { site, derived };
    let mut outputs = theme.outputs();
    incident::add(&mut outputs, &shared, all, keys);
    report::add(&mut outputs, &shared, all, keys);
    outputs.extend(index::output(&shared, all));
    maintenance::add(&mut outputs, &shared, all);
    history::add(&mut outputs, &shared, all, keys);
    reports::add(&mut outputs, &shared, all);
    component::add(&mut outputs, &shared, all, keys);
    promises::add(&mut outputs, &shared, all);
    response::add(&mut outputs, &shared, all, keys);
    rule::add(&mut outputs, &shared, all);
    subscribe::add(&mut outputs, &shared);
    not_found::add(&mut outputs, &shared);
    moved::add(&mut outputs, &shared, all);
    // A slug may be a year, and an old slug another incident's: what was added first is the page itself.
    let mut paths = BTreeSet::new();
    outputs.retain(|output| paths.insert(output.path.clone()));
    outputs
}

/// The pages that a search engine should find, with what is known of when they last changed. Redirects and the page for
/// addresses that lead nowhere are not among them.
pub(in crate::render) fn to_be_found(site: &Site, derived: &Derived, outputs: &[Output<'_>]) -> Vec<sitemap::Page> {
    let mut modified = BTreeMap::new();
    for (incident, facts) in site.incidents.iter().zip(&derived.incidents) {
        modified.insert(format!("incidents/{}/", incident.slug), facts.updated.timestamp(&site.config));
    }
    for (report, facts) in site.rfos.iter().zip(&derived.rfos) {
        modified.insert(format!("rfo/{}/", report.slug), facts.published.timestamp(&site.config));
    }
    let moved: BTreeSet<SitePath> = headers::redirects(site).into_iter().map(|(old, _)| old).collect();
    let pages = outputs.iter().filter(|output| !moved.contains(&output.path));
    pages
        .filter_map(|output| output.path.as_str().strip_suffix("index.html"))
        .map(|path| sitemap::Page { path: path.to_owned(), modified: modified.get(path).copied() })
        .collect()
}

/// The record of a period as one file of its own; see [`crate::render::period_page`].
pub(in crate::render) fn period_alone(
    site: &Site,
    derived: &Derived,
    theme: &Theme,
    targets: Targets<'_>,
    keys: &Keys,
    period: Period,
) -> Option<Result<Vec<u8>, RenderError>> {
    response::alone(&Shared::new(&site.config, theme, targets), All { site, derived }, keys, period)
}

/// All there is. Only pages without a key are made from it.
#[derive(Clone, Copy)]
struct All<'a> {
    site: &'a Site,
    derived: &'a Derived,
}

/// An output that is made every time.
fn page<'a>(
    path: &str,
    class: Class,
    make: impl Fn() -> Result<Vec<u8>, RenderError> + Send + Sync + 'a,
) -> Option<Output<'a>> {
    let path = SitePath::new(path)?;
    Some(Output { path, class, key: None, content: Content::made(make) })
}

/// An output that is made from `input` alone.
fn keyed<'a, I: Hash + Send + Sync + 'a>(
    path: &str,
    class: Class,
    shared: &Arc<Shared<'a>>,
    input: I,
    make: fn(&Shared<'a>, &I) -> Result<Vec<u8>, RenderError>,
) -> Option<Output<'a>> {
    let path = SitePath::new(path)?;
    let key = Some(Key::of(&(shared.key(), path.as_str(), &input)));
    let shared = Arc::clone(shared);
    Some(Output { path, class, key, content: Content::made(move || make(&shared, &input)) })
}

/// Prints a page's view with its template.
fn print(shared: &Shared<'_>, template: &str, view: &impl Serialize) -> Result<Vec<u8>, RenderError> {
    shared.theme.print(template, view)
}

#[cfg(test)]
pub(in crate::render) mod tests;
