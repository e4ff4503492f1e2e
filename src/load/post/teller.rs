//! Gathers the diagnostics of one file, with their places, and bounds their number.

use std::ops::Range;
use std::sync::Arc;

use crate::diag::{Code, Diagnostic, Place, Source};

/// A file of a hundred thousand broken lines is one mistake, and nobody reads a hundred thousand messages.
const TOLD_MAX: usize = 100;

/// The diagnostics of one file so far.
#[derive(Debug)]
pub(super) struct Teller {
    source: Arc<Source>,
    told: Vec<Diagnostic>,
    untold: usize,
}

impl Teller {
    pub(super) fn new(source: &Arc<Source>) -> Teller {
        Teller { source: Arc::clone(source), told: Vec::new(), untold: 0 }
    }

    pub(super) fn error(&mut self, code: Code, span: Range<usize>, message: impl Into<String>) -> Telling<'_> {
        self.tell(Diagnostic::error(code, message), span)
    }

    pub(super) fn warning(&mut self, code: Code, span: Range<usize>, message: impl Into<String>) -> Telling<'_> {
        self.tell(Diagnostic::warning(code, message), span)
    }

    pub(super) fn note(&mut self, code: Code, span: Range<usize>, message: impl Into<String>) -> Telling<'_> {
        self.tell(Diagnostic::note(code, message), span)
    }

    /// A place in this file.
    pub(super) fn place(&self, span: Range<usize>) -> Place {
        Place { source: Arc::clone(&self.source), span }
    }

    /// One for the same file, for trying out what is not to be told.
    pub(super) fn scratch(&self) -> Teller {
        Teller::new(&self.source)
    }

    /// All that was told, in the order of the file.
    pub(super) fn into_diagnostics(mut self) -> Vec<Diagnostic> {
        self.told.sort_by_key(|told| told.place.as_ref().map_or(0, |place| place.span.start));
        if self.untold > 0
            && let Some(last) = self.told.last_mut()
        {
            let more = format!("{} more mistakes in this file are not listed", self.untold);
            last.outcome =
                Some(last.outcome.take().map_or_else(|| more.clone(), |outcome| format!("{outcome}; {more}")));
        }
        self.told
    }

    fn tell(&mut self, diagnostic: Diagnostic, span: Range<usize>) -> Telling<'_> {
        if self.told.len() >= TOLD_MAX {
            self.untold += 1;
            return Telling(None);
        }
        self.told.push(diagnostic.at(&self.source, span));
        Telling(self.told.last_mut())
    }
}

/// A diagnostic that was just told, to be completed.
pub(super) struct Telling<'a>(Option<&'a mut Diagnostic>);

impl Telling<'_> {
    /// How to put it right.
    pub(super) fn cure(self, cure: impl Into<String>) -> Self {
        self.with(|diagnostic| diagnostic.cure = cure.into())
    }

    /// What became of the post.
    pub(super) fn outcome(self, outcome: impl Into<String>) -> Self {
        self.with(|diagnostic| diagnostic.outcome = Some(outcome.into()))
    }

    fn with(mut self, change: impl FnOnce(&mut Diagnostic)) -> Self {
        if let Some(diagnostic) = self.0.as_deref_mut() {
            change(diagnostic);
        }
        self
    }
}

/// A file's words for a message: one line, bounded, in backticks.
pub(super) fn quoted(text: &str) -> String {
    const CHARS_MAX: usize = 60;
    let line = text.lines().next().unwrap_or_default().trim();
    let mut shown: String = line.chars().take(CHARS_MAX).map(|c| if c == '`' { '\'' } else { c }).collect();
    if line.chars().nth(CHARS_MAX).is_some() || text.trim().len() > line.len() {
        shown.push('…');
    }
    format!("`{shown}`")
}

/// A diagnostic for a file of which nothing could be read.
pub(super) fn held_back(path: &str, code: Code, message: String, cure: &str) -> Diagnostic {
    let source = Arc::new(Source::new(path, ""));
    let told = Diagnostic::error(code, message).at(&source, 0..0).cure(cure);
    told.outcome("held back; everything else is published")
}
