//! One thing that is not as it should be.

use crate::diag::{Code, Diagnostic, Severity};

/// What was expected, and what was found instead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    pub code: Code,
    pub severity: Severity,
    /// An address, or a host.
    pub at: String,
    pub expected: String,
    pub found: String,
    pub cure: String,
}

impl Finding {
    pub(super) fn error(code: Code, at: impl Into<String>) -> Finding {
        Finding::new(Severity::Error, code, at.into())
    }

    pub(super) fn warning(code: Code, at: impl Into<String>) -> Finding {
        Finding::new(Severity::Warning, code, at.into())
    }

    pub(super) fn note(code: Code, at: impl Into<String>) -> Finding {
        Finding::new(Severity::Note, code, at.into())
    }

    fn new(severity: Severity, code: Code, at: String) -> Finding {
        Finding { code, severity, at, expected: String::new(), found: String::new(), cure: String::new() }
    }

    #[must_use]
    pub(super) fn expected(mut self, expected: impl Into<String>) -> Finding {
        self.expected = expected.into();
        self
    }

    /// May hold what a host says: it is kept short, and in one line.
    #[must_use]
    pub(super) fn found(mut self, found: impl AsRef<str>) -> Finding {
        self.found = found.as_ref().chars().map(|c| if c.is_control() { ' ' } else { c }).take(300).collect();
        self
    }

    #[must_use]
    pub(super) fn cure(mut self, cure: impl Into<String>) -> Finding {
        self.cure = cure.into();
        self
    }

    /// As everything else that a person should hear.
    pub fn told(&self) -> Diagnostic {
        let message = format!("{}: expected {}, found {}", self.at, self.expected, self.found);
        let told = match self.severity {
            Severity::Error => Diagnostic::error(self.code, message),
            Severity::Warning => Diagnostic::warning(self.code, message),
            Severity::Note => Diagnostic::note(self.code, message),
        };
        told.cure(self.cure.clone())
    }
}
