//! What `upfront check` says beyond what reading finds: mistakes that stop nothing, and that a build has no time to look
//! for.
//!
//! Pure functions of a site, of what holds at one moment, of the text of its files and of the pages made from them. Each
//! part is one question: times in the [`future()`] (a build asks it too), `overdue` updates, open incidents that name
//! no component (`no_component`), posts about notices that nobody knows (`covers`), reports whose dates contradict their incident (`rfo_dates`, and `rfo_text` in their words), `links` that lead nowhere,
//! and what looks `private`. All of it is advice: nothing here changes what is published.

mod covers;
mod future;
mod links;
mod locate;
mod no_component;
mod overdue;
mod private;
mod rfo_dates;
mod rfo_text;

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::derive::Derived;
use crate::diag::{Diagnostic, Source};
use crate::model::Site;

pub use future::future;
pub(crate) use links::percent_decoded;

/// What is looked at.
pub struct Checked<'a> {
    pub site: &'a Site,
    pub derived: &'a Derived,
    /// The text of each incident and report, by its path in the site.
    pub sources: &'a BTreeMap<String, Arc<Source>>,
    /// Every file of the built site, by its path in it.
    pub files: &'a BTreeMap<String, Arc<[u8]>>,
}

impl Checked<'_> {
    /// A place in a file of the site; the file alone where its text could not be read.
    fn source(&self, path: &str) -> Arc<Source> {
        self.sources.get(path).cloned().unwrap_or_else(|| Arc::new(Source::new(path, "")))
    }
}

/// Everything, in no particular order.
pub fn check(checked: &Checked<'_>) -> Vec<Diagnostic> {
    let mut diagnostics = overdue::check(checked);
    diagnostics.extend(no_component::check(checked));
    diagnostics.extend(covers::check(checked));
    diagnostics.extend(rfo_dates::check(checked));
    diagnostics.extend(rfo_text::check(checked));
    diagnostics.extend(links::check(checked));
    diagnostics.extend(private::check(checked));
    diagnostics
}
