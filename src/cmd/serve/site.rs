//! The site as it is shown: the four steps but for the last, and each file made when somebody asks for it.
//!
//! Making the pages is most of the work of a build, and a writer looks at one or two of them: with a thousand incidents a
//! change is shown several times sooner than if all were made first.

use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::cmd::observed::{Observed, observe_at};
use crate::diag::Diagnostic;
use crate::render::{self, Output, Theme};
use crate::{check, derive, load, write};

/// What is shown at one moment.
pub(super) struct Shown<'a> {
    /// The path under which the site lives, with a slash at both ends.
    pub(super) base: &'a str,
    pub(super) diagnostics: &'a [Diagnostic],
    /// Every file of the site by its path; `None` where nothing can be built.
    pub(super) files: Option<BTreeMap<&'a str, File<'a>>>,
}

/// A file that is made at most once, when it is first asked for.
pub(super) struct File<'a> {
    output: &'a Output<'a>,
    made: OnceCell<Result<Arc<[u8]>, Diagnostic>>,
}

impl<'a> File<'a> {
    fn new(output: &'a Output<'a>) -> File<'a> {
        File { output, made: OnceCell::new() }
    }

    /// # Errors
    ///
    /// What is wrong with the template or the picture that it is made from.
    pub(super) fn bytes(&self) -> Result<&Arc<[u8]>, &Diagnostic> {
        let make = || write::bytes(self.output).map(Arc::from).map_err(|error| *error.0);
        self.made.get_or_init(make).as_ref()
    }
}

impl<'a> Shown<'a> {
    pub(super) fn new(base: &'a str, diagnostics: &'a [Diagnostic], outputs: &'a [Output<'a>]) -> Shown<'a> {
        let files = outputs.iter().map(|output| (output.path.as_str(), File::new(output))).collect();
        Shown { base, diagnostics, files: Some(files) }
    }

    pub(super) fn broken(base: &'a str, diagnostics: &'a [Diagnostic]) -> Shown<'a> {
        Shown { base, diagnostics, files: None }
    }

    pub(super) fn file(&self, path: &str) -> Option<&File<'a>> {
        self.files.as_ref()?.get(path)
    }
}

/// Reads the site in `root`, and shows it as of `now`, which gets the site's zone, to `show`, with the moment at which it changes by itself. `base` is
/// where it lived before, for where that can no longer be read.
pub(super) fn with_site<T>(
    root: &Path,
    now: impl FnOnce(&TimeZone) -> Timestamp,
    base: &mut String,
    show: impl FnOnce(&Shown<'_>, Option<Timestamp>) -> T,
) -> T {
    let loaded = match load::load(root) {
        Ok(loaded) => loaded,
        Err(mistakes) => return show(&Shown::broken(base, &mistakes), None),
    };
    *base = loaded.value.config.url.base_path();
    let now = now(&loaded.value.config.zone.tz);
    // Nobody's address is asked at each save of a file: the log says what is known.
    let Observed { site, mut diagnostics, .. } = observe_at(root, loaded, now, false);
    let derived = derive::derive(&site, now);
    diagnostics.extend(check::future(&site, now, |path| load::read_source(root, path)));
    match Theme::new(&site.theme, &site.config) {
        Ok(theme) => {
            diagnostics.extend_from_slice(theme.warnings());
            let outputs = render::render(&site, &derived, &theme);
            show(&Shown::new(base, &diagnostics, &outputs), derived.due.map(|due| due.at))
        }
        Err(mistakes) => show(&Shown::broken(base, &mistakes), None),
    }
}
