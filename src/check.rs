//! What only `upfront check` says: mistakes that stop nothing, and that a build has no time to look for.
//!
//! Pure functions of a site, of what holds at one moment, of the text of its files and of the pages made from them. Each
//! part is one question: [`overdue`] updates, reports whose [`rfo_dates`] contradict their incident, [`links`] that lead
//! nowhere, and what looks [`private`]. All of it is advice: nothing here changes what is published.

mod links;
mod locate;
mod overdue;
mod private;
mod rfo_dates;

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::derive::Derived;
use crate::diag::{Code, Diagnostic, Source};
use crate::model::Site;

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
    diagnostics.extend(rfo_dates::check(checked));
    diagnostics.extend(links::check(checked));
    diagnostics.extend(private::check(checked));
    diagnostics
}

/// What a build said and [`check`] said, each once: of an overdue update `check` knows the place better.
pub fn together(built: Vec<Diagnostic>, checked: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let mut all = built;
    if checked.iter().any(|diagnostic| diagnostic.code == Code::UPDATE_OVERDUE) {
        all.retain(|diagnostic| diagnostic.code != Code::UPDATE_OVERDUE);
    }
    all.extend(checked);
    all
}
