//! Diagnostics as text: one type, and one file for each kind of reader.
//!
//! `human` draws the place, `concise` gives one line each for editors and logs, `json` is for programs, `github`
//! annotates a pull request. All tell the same diagnostics in the same order ([`Diagnostic::sort_key`]), whatever the
//! order in which they were found; none says anything that another one leaves out.
//!
//! What a file holds never reaches a terminal or a log as it is: characters that would move the cursor, colour the
//! screen or turn the direction of the text are replaced by visible ones. Only `json`, which escapes them, keeps them.

mod concise;
mod github;
mod human;
mod json;

use std::path::Path;

use super::{Diagnostic, Severity};

pub use human::sentence;

/// Diagnostics in the order in which they are told.
pub struct Report<'a> {
    diagnostics: Vec<&'a Diagnostic>,
    /// What stands before each path, so that it leads there from the working folder; with its `/`, or empty.
    prefix: String,
}

impl<'a> Report<'a> {
    /// `root` is the site's folder as the user gave it.
    pub fn new(diagnostics: impl IntoIterator<Item = &'a Diagnostic>, root: &Path) -> Report<'a> {
        let mut diagnostics: Vec<&Diagnostic> = diagnostics.into_iter().collect();
        diagnostics.sort_by(|a, b| a.sort_key().cmp(&b.sort_key()));
        let prefix = match root.to_string_lossy().trim_end_matches('/') {
            "." => String::new(),
            root => format!("{root}/"),
        };
        Report { diagnostics, prefix }
    }

    pub fn is_empty(&self) -> bool {
        self.diagnostics.is_empty()
    }

    /// Whether `check` and `build --strict` fail on any of them.
    pub fn fails(&self) -> bool {
        self.diagnostics.iter().any(|diagnostic| diagnostic.severity.fails())
    }

    /// For people: the place drawn, with colours as ANSI escapes, which `anstream` takes out where nobody can see them.
    /// At most fifty, then how many more there are.
    pub fn human(&self) -> String {
        human::render(self)
    }

    /// `file:line:column: severity[code]: message; cure (outcome)`, a line each.
    pub fn concise(&self) -> String {
        concise::render(self)
    }

    /// An object with a `version`, the number of each severity and the list of `diagnostics`. Paths are the site's own.
    pub fn json(&self) -> serde_json::Value {
        json::render(self)
    }

    /// Workflow commands, a line each.
    pub fn github(&self) -> String {
        github::render(self)
    }

    /// "3 errors, 1 warning in 2 files"; "nothing wrong" where there are none.
    pub fn summary(&self) -> String {
        let counts: Vec<String> = [Severity::Error, Severity::Warning, Severity::Note]
            .into_iter()
            .filter_map(|severity| match self.count(severity) {
                0 => None,
                1 => Some(format!("1 {}", severity.word())),
                n => Some(format!("{n} {}s", severity.word())),
            })
            .collect();
        let mut files: Vec<&str> =
            self.diagnostics.iter().filter_map(|d| d.place.as_ref()).map(|place| place.source.path()).collect();
        // They are sorted by file.
        files.dedup();
        match (counts.is_empty(), files.len()) {
            (true, _) => "nothing wrong".to_owned(),
            (false, 0) => counts.join(", "),
            (false, 1) => format!("{} in 1 file", counts.join(", ")),
            (false, n) => format!("{} in {n} files", counts.join(", ")),
        }
    }

    fn count(&self, severity: Severity) -> usize {
        self.diagnostics.iter().filter(|diagnostic| diagnostic.severity == severity).count()
    }

    /// The path as it leads there from the working folder, fit for a terminal.
    fn path(&self, diagnostic: &Diagnostic) -> Option<String> {
        let place = diagnostic.place.as_ref()?;
        Some(shown(&format!("{}{}", self.prefix, place.source.path())))
    }
}

/// Text that does nothing to a terminal or a log: on one line, and each character that is not for show replaced.
pub fn shown(text: &str) -> String {
    text.chars().map(shown_char).collect()
}

/// What stands for a character: itself, or one visible character for each that would act instead of being seen.
fn shown_char(c: char) -> char {
    match c {
        '\n' | '\t' => ' ',
        // Control Pictures, <https://www.unicode.org/charts/PDF/U2400.pdf>.
        '\0'..='\u{1f}' => char::from_u32(0x2400 + u32::from(c)).unwrap_or(char::REPLACEMENT_CHARACTER),
        '\u{7f}' => '\u{2421}',
        // C1 controls (U+009B begins an escape sequence like ESC [), line separators, and all that steers direction
        // or is not seen: a name could be made to read as another (<https://trojansource.codes>).
        '\u{80}'..='\u{9f}'
        | '\u{ad}'
        | '\u{61c}'
        | '\u{180e}'
        | '\u{200b}'..='\u{200f}'
        | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}'
        | '\u{feff}'
        | '\u{fff9}'..='\u{fffb}'
        | '\u{e0000}'..='\u{e007f}' => char::REPLACEMENT_CHARACTER,
        c => c,
    }
}

/// The message with its cure and outcome on one line: `message; cure (outcome)`.
fn one_line(diagnostic: &Diagnostic) -> String {
    let mut line = diagnostic.message.clone();
    if !diagnostic.cure.is_empty() {
        line.push_str("; ");
        line.push_str(&diagnostic.cure);
    }
    if let Some(outcome) = &diagnostic.outcome {
        line.push_str(" (");
        line.push_str(outcome);
        line.push(')');
    }
    shown(&line)
}

#[cfg(test)]
mod tests;
