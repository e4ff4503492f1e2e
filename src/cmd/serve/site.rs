//! The site in memory: the four steps, with the last one into a map.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::Timestamp;

use crate::diag::{Diagnostic, Loaded};
use crate::model::Site;
use crate::render::{self, Theme};
use crate::write::memory::{self, Cache};
use crate::{check, derive, load};

/// Every file of the site by its path.
pub(super) type Files = BTreeMap<String, Arc<[u8]>>;

/// What is shown at one moment.
#[derive(Clone, Debug)]
pub(super) struct Shown {
    /// The path under which the site lives, with a slash at both ends.
    base: String,
    files: Files,
    diagnostics: Vec<Diagnostic>,
    /// Nothing could be built: the files are those of before.
    broken: bool,
}

impl Shown {
    pub(super) fn new(base: String, files: Files, diagnostics: Vec<Diagnostic>, broken: bool) -> Shown {
        Shown { base, files, diagnostics, broken }
    }

    pub(super) fn base(&self) -> &str {
        &self.base
    }

    pub(super) fn files(&self) -> &Files {
        &self.files
    }

    pub(super) fn diagnostics(&self) -> &[Diagnostic] {
        &self.diagnostics
    }

    pub(super) fn is_broken(&self) -> bool {
        self.broken
    }
}

/// Builds again and again, and keeps what did not change.
pub(super) struct Builder {
    root: PathBuf,
    cache: Cache,
    /// What was built last, and where it lives.
    base: String,
    files: Files,
}

impl Builder {
    pub(super) fn new(root: &Path) -> Builder {
        Builder { root: root.to_owned(), cache: Cache::default(), base: "/".to_owned(), files: Files::new() }
    }

    /// The site as of `now`, and when it changes by itself.
    pub(super) fn build(&mut self, now: Timestamp) -> (Shown, Option<Timestamp>) {
        match self.try_build(now) {
            Ok((diagnostics, due)) => (Shown::new(self.base.clone(), self.files.clone(), diagnostics, false), due),
            Err(diagnostics) => (Shown::new(self.base.clone(), self.files.clone(), diagnostics, true), None),
        }
    }

    fn try_build(&mut self, now: Timestamp) -> Result<(Vec<Diagnostic>, Option<Timestamp>), Vec<Diagnostic>> {
        let Loaded { value: site, mut diagnostics } = load::load(&self.root)?;
        let derived = derive::derive(&site, now);
        diagnostics.extend(check::future(&site, now, |path| load::read_source(&self.root, path)));
        self.files = self.files_of(&site, &derived)?;
        self.base = site.config.url.base_path();
        Ok((diagnostics, derived.due.map(|due| due.at)))
    }

    fn files_of(&mut self, site: &Site, derived: &derive::Derived) -> Result<Files, Vec<Diagnostic>> {
        let theme = Theme::new(&site.theme, &site.config)?;
        let outputs = render::render(site, derived, &theme);
        memory::collect(&outputs, &mut self.cache).map_err(|error| vec![*error.0])
    }
}
