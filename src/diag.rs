//! What a person should hear about what they wrote.
//!
//! A mistake in content is never an `Err`: it is a [`Diagnostic`] beside the value that could be saved ([`Loaded`]).
//! There is one type for all of them, and one reporter for each reader ([`report`]): people, editors and logs,
//! programs, the annotations of a pull request.
//!
//! Each diagnostic has a code in kebab-case that stays the same once released; what is wrong, in the writer's words;
//! the place; the cure; and what became of the post. Lower case, no full stop, names in backticks. One mistake, one message.

mod code;
mod nearest;
pub mod report;
mod source;

use std::ops::Range;
use std::sync::Arc;

pub use code::Code;
pub use nearest::nearest;
pub use source::{LineColumn, Source};

/// A value, and all that its writer should hear about it.
#[derive(Clone, Debug)]
pub struct Loaded<T> {
    pub value: T,
    pub diagnostics: Vec<Diagnostic>,
}

/// How much it matters. `check` and `build --strict` fail on errors and warnings, never on notes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Worth knowing; nothing needs to be done.
    Note,
    /// What was written can be read, but is probably not what was meant.
    Warning,
    /// Something written could not be used as it stands.
    Error,
}

impl Severity {
    /// Whether `check` and `build --strict` fail on it.
    pub fn fails(self) -> bool {
        match self {
            Severity::Note => false,
            Severity::Warning | Severity::Error => true,
        }
    }

    /// What stands before the code, and in JSON.
    pub fn word(self) -> &'static str {
        match self {
            Severity::Note => "note",
            Severity::Warning => "warning",
            Severity::Error => "error",
        }
    }
}

/// One mistake, told once.
#[derive(Clone, Debug)]
pub struct Diagnostic {
    pub code: Code,
    pub severity: Severity,
    /// What is wrong and, where that helps, what was found: "no component is called `impa`".
    pub message: String,
    /// Where. `None` only for what has no file, such as an option on the command line.
    pub place: Option<Place>,
    /// What was expected or how to put it right, shown at the place: "did you mean `imap`?".
    pub cure: String,
    /// What became of it: "published, without this component".
    pub outcome: Option<String>,
}

/// A stretch of a file, in bytes.
#[derive(Clone, Debug)]
pub struct Place {
    pub source: Arc<Source>,
    pub span: Range<usize>,
}

impl Diagnostic {
    pub fn error(code: Code, message: impl Into<String>) -> Diagnostic {
        Diagnostic::new(Severity::Error, code, message.into())
    }

    pub fn warning(code: Code, message: impl Into<String>) -> Diagnostic {
        Diagnostic::new(Severity::Warning, code, message.into())
    }

    pub fn note(code: Code, message: impl Into<String>) -> Diagnostic {
        Diagnostic::new(Severity::Note, code, message.into())
    }

    /// Where it is.
    #[must_use]
    pub fn at(mut self, source: &Arc<Source>, span: Range<usize>) -> Diagnostic {
        self.place = Some(Place { source: Arc::clone(source), span });
        self
    }

    /// How to put it right.
    #[must_use]
    pub fn cure(mut self, cure: impl Into<String>) -> Diagnostic {
        self.cure = cure.into();
        self
    }

    /// What became of the post.
    #[must_use]
    pub fn outcome(mut self, outcome: impl Into<String>) -> Diagnostic {
        self.outcome = Some(outcome.into());
        self
    }

    fn new(severity: Severity, code: Code, message: String) -> Diagnostic {
        Diagnostic { code, severity, message, place: None, cure: String::new(), outcome: None }
    }

    /// The order in which diagnostics are told: by file, then by place in it, then by code.
    pub fn sort_key(&self) -> (&str, usize, &'static str) {
        let (path, offset) = self.place.as_ref().map_or(("", 0), |p| (p.source.path(), p.span.start));
        (path, offset, self.code.as_str())
    }
}
