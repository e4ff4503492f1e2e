//! Each test shows the source and what is said about it, as its reader sees it.

use std::path::Path;
use std::sync::Arc;

use anstream::adapter::strip_str;
use snapbox::{assert_data_eq, str};

use super::Report;
use crate::diag::{Code, Diagnostic, LineColumn, Source};

const INCIDENT: &str = "+++\ntitle = \"IMAP logins failing\"\ncomponents = [\"impa\", \"pop\"]\n+++\n\n## Investigatng\nSome of you can't log in.\n";

/// The place of `what` in a file of that text.
fn place(path: &str, text: &str, what: &str) -> (Arc<Source>, std::ops::Range<usize>) {
    let start = text.rfind(what).unwrap_or(text.len());
    (Arc::new(Source::new(path, text)), start..start + what.len())
}

fn unknown_component() -> Diagnostic {
    let (source, span) = place("incidents/2022-03-29-imap.md", INCIDENT, "impa");
    Diagnostic::error(Code::UNKNOWN_COMPONENT, "no component is called `impa`")
        .at(&source, span)
        .cure("did you mean `imap`?")
        .outcome("published, without this component")
}

fn unknown_word() -> Diagnostic {
    let (source, span) = place("incidents/2022-03-29-imap.md", INCIDENT, "Investigatng");
    Diagnostic::warning(Code::HEADING_WORD, "no stage is called `Investigatng`")
        .at(&source, span)
        .cure("did you mean `Investigating`?")
}

fn without_place() -> Diagnostic {
    Diagnostic::note(Code::GIT_SHALLOW, "git's history is cut off").cure("fetch all of it: `git fetch --unshallow`")
}

fn human(diagnostics: &[Diagnostic]) -> String {
    strip_str(&Report::new(diagnostics, Path::new(".")).human()).to_string()
}

fn check_human(text: &str, what: &str, expected: snapbox::data::Inline) {
    let (source, span) = place("incidents/x.md", text, what);
    let diagnostic = Diagnostic::error(Code::TIME_SYNTAX, "this is no time").at(&source, span).cure("write 14:05");
    assert_data_eq!(human(&[diagnostic]), expected);
}

#[test]
fn people_see_the_line_the_cure_and_the_outcome() {
    assert_data_eq!(
        human(&[unknown_component()]),
        str![[r#"
error[unknown-component]: no component is called `impa`
 --> incidents/2022-03-29-imap.md:3:16
  |
3 | components = ["impa", "pop"]
  |                ^^^^ did you mean `imap`?
  |
  = published, without this component


"#]]
    );
}

#[test]
fn all_are_told_by_file_and_place_whatever_the_order_they_were_found_in() {
    assert_data_eq!(
        human(&[unknown_word(), unknown_component(), without_place()]),
        str![[r#"
note[git-shallow]: git's history is cut off
 |
 = fetch all of it: `git fetch --unshallow`

error[unknown-component]: no component is called `impa`
 --> incidents/2022-03-29-imap.md:3:16
  |
3 | components = ["impa", "pop"]
  |                ^^^^ did you mean `imap`?
  |
  = published, without this component

warning[heading-word]: no stage is called `Investigatng`
 --> incidents/2022-03-29-imap.md:6:4
  |
6 | ## Investigatng
  |    ^^^^^^^^^^^^ did you mean `Investigating`?


"#]]
    );
}

#[test]
fn a_long_line_is_cut_around_the_place() {
    let line = format!("{} 25:99 {}\n", "word ".repeat(40), "word ".repeat(40));
    check_human(
        &line,
        "25:99",
        str![[r#"
error[time-syntax]: this is no time
 --> incidents/x.md:1:202
  |
1 | ...word word word word word word word word word  25:99 word word word word word word word word word word word wor...
  |                                                  ^^^^^ write 14:05


"#]],
    );
}

#[test]
fn a_place_longer_than_the_line_has_room_for_is_cut() {
    check_human(
        &"x".repeat(5_000),
        &"x".repeat(5_000),
        str![[r#"
error[time-syntax]: this is no time
 --> incidents/x.md:1:1
  |
1 | xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx...xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx
  | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^...^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ write 14:05


"#]],
    );
}

#[test]
fn a_line_that_nobody_wrote_is_not_shown() {
    check_human(
        &format!("{}25:99", "x".repeat(50_000)),
        "25:99",
        str![[r#"
error[time-syntax]: this is no time
--> incidents/x.md:1:50001
 = write 14:05


"#]],
    );
}

#[test]
fn a_place_of_several_lines_is_shown_by_its_first() {
    check_human(
        "before\r\nfirst of two\r\nsecond\r\n",
        "first of two\r\nsecond",
        str![[r#"
error[time-syntax]: this is no time
 --> incidents/x.md:2:1
  |
2 | first of two
  | ^^^^^^^^^^^^ write 14:05


"#]],
    );
}

#[test]
fn a_place_at_the_end_of_the_file_is_shown() {
    check_human(
        "before\nlast",
        "",
        str![[r#"
error[time-syntax]: this is no time
 --> incidents/x.md:2:5
  |
2 | last
  |     ^ write 14:05


"#]],
    );
    check_human(
        "before\nlast\n",
        "",
        str![[r#"
error[time-syntax]: this is no time
 --> incidents/x.md:3:1
  |
3 |
  | ^ write 14:05


"#]],
    );
}

#[test]
fn characters_that_would_act_on_a_terminal_are_shown_instead() {
    check_human(
        "\u{1b}[2J \u{9b}31m 25:99 \u{202e}gnp.exe\u{202c}\u{7}",
        "25:99",
        str![[r#"
error[time-syntax]: this is no time
 --> incidents/x.md:1:11
  |
1 | ␛[2J �31m 25:99 �gnp.exe�␇
  |           ^^^^^ write 14:05


"#]],
    );
}

#[test]
fn a_file_without_text_is_only_named() {
    let diagnostic = Diagnostic::error(Code::FILE_NOT_TEXT, "this is a picture, not Markdown")
        .at(&Arc::new(Source::new("incidents/photo.md", "")), 0..0)
        .cure("call it `photo.png`")
        .outcome("held back");
    assert_data_eq!(
        human(&[diagnostic]),
        str![[r#"
error[file-not-text]: this is a picture, not Markdown
--> incidents/photo.md
 = call it `photo.png`
 = held back


"#]]
    );
}

#[test]
fn a_place_in_a_private_file_is_told_and_its_text_is_not() {
    let source = Arc::new(Source::unseen("feed.json", LineColumn { line: 3, column: 14 }));
    let diagnostic = Diagnostic::error(Code::FEED_SHAPE, "`at` is no time").at(&source, 0..0).cure("write 14:05");
    assert_data_eq!(
        human(&[diagnostic]),
        str![[r#"
error[feed-shape]: `at` is no time
--> feed.json:3:14
 = write 14:05


"#]]
    );
}

#[test]
fn fifty_are_drawn_and_the_rest_counted() {
    let many = vec![unknown_component(); 52];
    let text = human(&many);
    assert_eq!(text.matches("error[unknown-component]").count(), 50);
    assert!(text.ends_with("… and 2 more: `upfront check --format concise` shows all of them\n\n"), "{text}");
}

#[test]
fn editors_get_one_line_each() {
    let diagnostics = [unknown_word(), unknown_component(), without_place()];
    assert_data_eq!(
        Report::new(&diagnostics, Path::new("./")).concise(),
        str![[r#"
note[git-shallow]: git's history is cut off; fetch all of it: `git fetch --unshallow`
incidents/2022-03-29-imap.md:3:16: error[unknown-component]: no component is called `impa`; did you mean `imap`? (published, without this component)
incidents/2022-03-29-imap.md:6:4: warning[heading-word]: no stage is called `Investigatng`; did you mean `Investigating`?

"#]]
    );
}

#[test]
fn paths_lead_there_from_the_working_folder() {
    assert_data_eq!(
        Report::new(&[unknown_component()], Path::new("demo/")).concise(),
        str![[r#"
demo/incidents/2022-03-29-imap.md:3:16: error[unknown-component]: no component is called `impa`; did you mean `imap`? (published, without this component)

"#]]
    );
}

#[test]
fn programs_get_one_object() {
    let diagnostics = [unknown_component(), without_place()];
    let json = Report::new(&diagnostics, Path::new("demo")).json();
    assert_data_eq!(
        format!("{json:#}"),
        str![[r#"
{
  "version": 1,
  "errors": 1,
  "warnings": 0,
  "notes": 1,
  "diagnostics": [
    {
      "code": "git-shallow",
      "severity": "note",
      "message": "git's history is cut off",
      "file": null,
      "line": null,
      "column": null,
      "end_line": null,
      "end_column": null,
      "cure": "fetch all of it: `git fetch --unshallow`",
      "outcome": null
    },
    {
      "code": "unknown-component",
      "severity": "error",
      "message": "no component is called `impa`",
      "file": "incidents/2022-03-29-imap.md",
      "line": 3,
      "column": 16,
      "end_line": 3,
      "end_column": 20,
      "cure": "did you mean `imap`?",
      "outcome": "published, without this component"
    }
  ]
}
"#]]
    );
}

#[test]
fn a_pull_request_is_annotated() {
    let diagnostics = [unknown_word(), unknown_component(), without_place()];
    assert_data_eq!(
        Report::new(&diagnostics, Path::new(".")).github(),
        str![[r#"
::notice title=git-shallow::git's history is cut off; fetch all of it: `git fetch --unshallow`
::error file=incidents/2022-03-29-imap.md,line=3,col=16,endColumn=20,title=unknown-component::no component is called `impa`; did you mean `imap`? (published, without this component)
::warning file=incidents/2022-03-29-imap.md,line=6,col=4,endColumn=16,title=heading-word::no stage is called `Investigatng`; did you mean `Investigating`?

"#]]
    );
}

#[test]
fn text_of_a_file_cannot_begin_a_workflow_command() {
    let (source, span) = place("incidents/100 %, a:b.md", "x\n", "x");
    let hostile =
        Diagnostic::error(Code::UNKNOWN_WORD, "no kind is called `x\r\n::set-env name=A::50%`").at(&source, span);
    assert_data_eq!(
        Report::new(&[hostile], Path::new(".")).github(),
        str![[r#"
::error file=incidents/100 %25%2C a%3Ab.md,line=1,col=1,endColumn=2,title=unknown-word::no kind is called `x␍ ::set-env name=A::50%25`

"#]]
    );
}

#[test]
fn the_summary_counts_by_severity_and_file() {
    let check = |diagnostics: &[Diagnostic], expected: &str| {
        assert_eq!(Report::new(diagnostics, Path::new(".")).summary(), expected);
    };
    check(&[], "nothing wrong");
    check(&[without_place()], "1 note");
    check(&[unknown_component()], "1 error in 1 file");
    let (source, span) = place("incidents/other.md", INCIDENT, "impa");
    let elsewhere = unknown_component().at(&source, span);
    check(&[unknown_component(), elsewhere, unknown_word()], "2 errors, 1 warning in 2 files");
}

#[test]
fn codes_are_unique_and_kebab_case() {
    let mut codes: Vec<&str> = Code::ALL.iter().map(|(code, _)| code.as_str()).collect();
    for code in &codes {
        assert!(code.chars().all(|c| c.is_ascii_lowercase() || c == '-'), "{code}");
    }
    let count = codes.len();
    codes.sort_unstable();
    codes.dedup();
    assert_eq!(codes.len(), count);
}
