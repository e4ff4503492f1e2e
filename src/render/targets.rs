//! Which file of the source stands where in the site, so that a link that works on the git host works on the page too:
//! `[the report](rfo.md)` or `![graph](graph.png)`, written beside the file.

use super::output::Key;
use crate::model::{LinkTargets, Site};

/// Where the files of a site stand in it. Knows of the site nothing else, so that a page whose key holds
/// [`Targets::key`] its texts may have it.
#[derive(Clone, Copy)]
pub(in crate::render) struct Targets<'a> {
    links: &'a LinkTargets,
    key: Key,
}

impl<'a> Targets<'a> {
    pub(in crate::render) fn new(site: &'a Site) -> Targets<'a> {
        Targets { links: &site.links, key: Key::of(&site.links) }
    }

    /// The path from the site's root of what `href`, written in the file `source`, names; `None` for what is not
    /// published.
    pub(in crate::render) fn resolve(&self, source: &str, href: &str) -> Option<String> {
        self.links.resolve(source, href).map(|target| target.to_string())
    }

    /// The fingerprint of all that is known here.
    pub(in crate::render) fn key(&self) -> Key {
        self.key
    }
}
