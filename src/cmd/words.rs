//! The words of a post: from `-m`, standard input, an editor, or one line on the terminal. Once somebody has typed them,
//! they are never lost: [`Spoken`] keeps them in a file if what follows fails.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::io::{self, BufRead as _, IsTerminal as _, Read as _, Write as _};
use std::path::Path;
use std::process::Command;

use tempfile::{NamedTempFile, TempPath};

use super::{Edge, Failure};
use crate::cli::Words;

/// What git calls scissors: everything from this line on is not part of the post.
const SCISSORS: &str = "# ------------------------ >8 ------------------------";

/// Words, and the file that keeps them until they stand where they belong.
#[derive(Debug)]
pub struct Spoken {
    pub text: String,
    scratch: Option<TempPath>,
}

/// What is asked of the writer.
#[derive(Clone, Copy, Debug)]
pub struct Question<'a> {
    /// What this is about, for the editor: "Investigating: IMAP logins failing".
    pub about: &'a str,
    /// One sentence that will do where nobody can be asked.
    pub default: Option<&'a str>,
}

impl Spoken {
    /// The words are safe: nothing needs to be kept. A scratch file goes away.
    pub fn done(self) {}

    /// Something failed after the words were typed: says where they are kept.
    pub fn kept(self, failure: Failure) -> Failure {
        let path = match self.scratch {
            Some(path) => path.keep().ok(),
            None => scratch(&self.text).and_then(|file| file.into_temp_path().keep().map_err(io::Error::from)).ok(),
        };
        match (failure, path) {
            (Failure::Said { what, cure }, Some(path)) => {
                let kept = format!("your words are kept in {}", path.display());
                Failure::Said { what, cure: Some(cure.map_or(kept.clone(), |cure| format!("{cure}; {kept}"))) }
            }
            (failure, _) => failure,
        }
    }
}

/// Asks for the words, in the way that fits.
///
/// # Errors
///
/// Where there are none, or the editor could not be run.
pub fn ask(edge: &Edge, given: &Words, question: Question<'_>) -> Result<Spoken, Failure> {
    let spoken = match given.message.as_deref() {
        Some("-") => from_stdin()?,
        Some(text) => Spoken { text: text.to_owned(), scratch: None },
        None => match editor() {
            Some(editor) => from_editor(&editor, question)?,
            None if io::stdin().is_terminal() => from_terminal(edge, question)?,
            None => from_nobody(edge, question)?,
        },
    };
    if spoken.text.trim().is_empty() {
        return Err(
            Failure::new("there are no words to post").cure("one sentence is enough: -m \"We are looking into it.\"")
        );
    }
    Ok(spoken)
}

/// The editor somebody chose, as a shell command.
pub fn editor() -> Option<OsString> {
    ["VISUAL", "EDITOR"].into_iter().filter_map(env::var_os).find(|editor| !editor.is_empty())
}

/// Opens a file in an editor and waits. The editor may come with arguments (`code --wait`), so that a shell reads it.
///
/// # Errors
///
/// Where it cannot be started, or ends with an error.
pub fn open_editor(editor: &OsString, file: &Path) -> Result<(), Failure> {
    let mut command = if cfg!(unix) {
        let mut shell = Command::new("sh");
        let mut script = editor.clone();
        script.push(" \"$@\"");
        shell.arg("-c").arg(script).arg("sh");
        shell
    } else {
        Command::new(editor)
    };
    let name = editor.to_string_lossy();
    let cure = "set EDITOR to one that works, or use -m";
    match command.arg(file).status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(Failure::new(format!("the editor `{name}` ended with {status}")).cure(cure)),
        Err(error) => Err(Failure::new(format!("the editor `{name}` could not be started: {error}")).cure(cure)),
    }
}

fn from_stdin() -> Result<Spoken, Failure> {
    let mut bytes = Vec::new();
    io::stdin()
        .read_to_end(&mut bytes)
        .map_err(|error| Failure::new(format!("standard input could not be read: {error}")))?;
    Ok(Spoken { text: String::from_utf8_lossy(&bytes).into_owned(), scratch: None })
}

fn from_editor(editor: &OsString, question: Question<'_>) -> Result<Spoken, Failure> {
    let template = template(question);
    let file = scratch(&template).map_err(|error| Failure::new(format!("no file for the editor: {error}")))?;
    let path = file.into_temp_path();
    let opened = open_editor(editor, &path);
    let typed = fs::read(&path).unwrap_or_default();
    let text = without_template(&String::from_utf8_lossy(&typed), &template);
    let spoken = Spoken { text, scratch: Some(path) };
    match opened {
        Ok(()) => Ok(spoken),
        Err(failure) if spoken.text.trim().is_empty() => Err(failure),
        Err(failure) => Err(spoken.kept(failure)),
    }
}

fn from_terminal(edge: &Edge, question: Question<'_>) -> Result<Spoken, Failure> {
    let default = question.default.map_or(String::new(), |default| format!(" [{default}]"));
    edge.warn(&format!("{}\nWhat should it say? One sentence is enough.{default}\n> ", question.about));
    let mut line = String::new();
    io::stdin()
        .lock()
        .read_line(&mut line)
        .map_err(|error| Failure::new(format!("the terminal could not be read: {error}")))?;
    let text = if line.trim().is_empty() { question.default.unwrap_or_default().to_owned() } else { line };
    Ok(Spoken { text, scratch: None })
}

fn from_nobody(edge: &Edge, question: Question<'_>) -> Result<Spoken, Failure> {
    let Some(default) = question.default else {
        return Err(Failure::new("there are no words to post")
            .cure("give them with -m \"…\", pipe them to -m -, or set EDITOR"));
    };
    edge.warn(&format!("note: no words were given, so it says: {default}\n"));
    Ok(Spoken { text: default.to_owned(), scratch: None })
}

/// A file of the user's alone (mode 600), which outlives even a killed program.
fn scratch(text: &str) -> io::Result<NamedTempFile> {
    let mut file = tempfile::Builder::new().prefix("upfront-").suffix(".md").tempfile()?;
    file.write_all(text.as_bytes())?;
    file.flush()?;
    Ok(file)
}

fn template(question: Question<'_>) -> String {
    format!(
        "\n{SCISSORS}\n# {}\n# Write above the line, in Markdown; one sentence is enough. Nothing below it is published.\n\
         # What do readers notice? What works all the same? What can they do meanwhile? When will you write again?\n\
         # Leave it empty to post nothing.\n",
        question.about.split_whitespace().collect::<Vec<_>>().join(" ")
    )
}

/// What was typed: all above the scissors, and no line of the template, should somebody have deleted the scissors. No
/// other line that begins with `#` is taken out: it may be a heading.
fn without_template(typed: &str, template: &str) -> String {
    let typed = typed.strip_prefix('\u{feff}').unwrap_or(typed);
    let ours: Vec<&str> = template.lines().filter(|line| !line.is_empty()).collect();
    let above = typed.lines().take_while(|line| line.trim_end() != SCISSORS);
    let kept: Vec<&str> = above.filter(|line| !ours.contains(&line.trim_end())).collect();
    kept.join("\n").trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(edited: &str, words: &str) {
        let template = template(Question { about: "Investigating: Mail is slow", default: None });
        assert_eq!(without_template(&edited.replace("{}", &template), &template), words);
    }

    #[test]
    fn what_stands_above_the_scissors_is_the_post() {
        check("Mail is slow.\n\n### What works\nWebmail.{}", "Mail is slow.\n\n### What works\nWebmail.");
        check("{}", "");
        check("Mail is slow.{}more below\n", "Mail is slow.");
    }

    #[test]
    fn the_template_is_never_published_even_without_scissors() {
        let template = template(Question { about: "Investigating: Mail is slow", default: None });
        let edited = format!("Mail is slow.{}", template.replace(&format!("{SCISSORS}\n"), ""));
        assert_eq!(without_template(&edited, &template), "Mail is slow.");
    }
}
