//! The writer's commands through the real program: what is printed, what stands in the files, how it ends.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use snapbox::{assert_data_eq, str};
use tempfile::TempDir;

/// 03:12 in Oslo.
const NOW: &str = "2026-11-24T02:12:00Z";

const CONFIG: &str = r#"
title = "Fjordpost status"
url = "https://status.fjordpost.example"
time_zone = "Europe/Oslo"
checklist = ["Tell support"]

[promise]
next_update = "30m"

[[component]]
id = "imap"
name = "IMAP"
group = "Mail"

[[component]]
id = "smtp"
name = "Sending"
group = "Mail"
"#;

/// A folder that goes away with the test.
struct Place {
    temp: TempDir,
}

/// How a command ended.
struct Ran {
    status: i32,
    stdout: String,
    stderr: String,
}

impl Place {
    fn empty() -> Place {
        Place { temp: tempfile::tempdir().unwrap() }
    }

    fn site() -> Place {
        let place = Place::empty();
        place.write("upfront.toml", CONFIG);
        place
    }

    fn path(&self) -> PathBuf {
        self.temp.path().join("site")
    }

    fn write(&self, path: &str, text: impl AsRef<[u8]>) {
        let path = self.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn read(&self, path: &str) -> String {
        fs::read_to_string(self.path().join(path)).unwrap()
    }

    fn files(&self, folder: &str) -> Vec<String> {
        let mut names: Vec<String> = fs::read_dir(self.path().join(folder))
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    fn run(&self, args: &[&str]) -> Ran {
        self.run_with(args, "", "")
    }

    /// `editor` is a shell script that gets the file as `$1`.
    fn run_with(&self, args: &[&str], stdin: &str, editor: &str) -> Ran {
        fs::create_dir_all(self.path()).unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_upfront"));
        command.args(args).current_dir(self.path());
        command.env_remove("VISUAL").env_remove("EDITOR").env("TMPDIR", self.temp.path()).env("TZ", "Asia/Tokyo");
        if !editor.is_empty() {
            let script = self.temp.path().join("editor.sh");
            fs::write(&script, editor).unwrap();
            command.env("EDITOR", format!("sh {}", script.display()));
        }
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        // A command that does not want our words may be gone already.
        let _ = child.stdin.take().unwrap().write_all(stdin.as_bytes());
        ran(child.wait_with_output().unwrap())
    }

    fn git(&self, args: &[&str]) -> String {
        git(&self.path(), args)
    }

    /// The site in git, with a remote to push to.
    fn with_remote(self) -> Place {
        let remote = self.temp.path().join("remote.git");
        git(self.temp.path(), &["init", "-q", "--bare", "-b", "main", remote.to_str().unwrap()]);
        self.git(&["init", "-q", "-b", "main"]);
        self.git(&["config", "user.name", "Kari"]);
        self.git(&["config", "user.email", "kari@fjordpost.example"]);
        self.git(&["config", "commit.gpgsign", "false"]);
        self.git(&["add", "."]);
        self.git(&["commit", "-q", "-m", "Begin"]);
        self.git(&["remote", "add", "origin", remote.to_str().unwrap()]);
        self.git(&["push", "-q", "-u", "origin", "main"]);
        self
    }
}

fn git(folder: &Path, args: &[&str]) -> String {
    let output = Command::new("git").arg("-C").arg(folder).args(args).output().unwrap();
    assert!(output.status.success(), "git {args:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn ran(output: Output) -> Ran {
    let text = |bytes| String::from_utf8(bytes).unwrap();
    Ran { status: output.status.code().unwrap_or(-1), stdout: text(output.stdout), stderr: text(output.stderr) }
}

#[test]
fn init_leaves_a_site_that_builds() {
    let place = Place::empty();
    let made = place.run(&["init", "--title", "Fjordpost", "--url", "status.fjordpost.example", "--component", "IMAP"]);
    assert_eq!(made.status, 0, "{}", made.stderr);
    for told in ["upfront build", "upfront serve", "git init -b main", "Times are in Asia/Tokyo, as far as"] {
        assert!(made.stdout.contains(told), "{told}: {}", made.stdout);
    }
    assert!(made.stderr.contains("read as https://status.fjordpost.example\n"), "{}", made.stderr);
    assert_eq!(place.files("."), [".gitattributes", ".github", ".gitignore", "incidents", "upfront.toml"]);
    assert!(place.read("upfront.toml").contains("time_zone = \"Asia/Tokyo\""));
    assert!(!place.read(".github/workflows/publish.yml").contains("{version}"));

    let built = place.run(&["build"]);
    assert_eq!((built.status, built.stderr.contains("error")), (0, false), "{}", built.stderr);
    assert!(place.read("public/index.html").contains("This page is open"));
    assert_eq!(place.run(&["check"]).status, 0);
}

#[test]
fn init_says_what_it_assumed_and_never_writes_over_a_file() {
    let place = Place::empty();
    place.write(".gitignore", "mine\n");
    let made = place.run(&["init"]);
    assert_eq!(made.status, 0, "{}", made.stderr);
    for told in ["without --title", "without --url", "without --component", ".gitignore is there already"] {
        assert!(made.stderr.contains(told), "{told}: {}", made.stderr);
    }
    assert_eq!(place.read(".gitignore"), "mine\n");

    let again = place.run(&["init"]);
    assert_eq!(again.status, 2);
    assert!(again.stderr.contains("is a site already"), "{}", again.stderr);
}

#[test]
fn init_offers_the_zone_that_was_meant() {
    let place = Place::empty();
    let made = place.run(&["init", "--time-zone", "Oslo"]);
    assert_eq!(made.status, 2);
    assert!(made.stderr.contains("did you mean `Europe/Oslo`?"), "{}", made.stderr);
    assert!(place.files(".").is_empty(), "nothing was made");
}

#[test]
fn one_sentence_is_a_post() {
    let place = Place::site();
    let ran = place.run(&["new", "IMAP logins failing", "-c", "IMAP", "-i", "major", "-m", "We look.", "--now", NOW]);
    assert_eq!(ran.status, 0, "{}", ran.stderr);
    assert_data_eq!(
        ran.stdout,
        str![[r#"
incidents/2026-11-24-imap-logins-failing.md
It will stand at https://status.fjordpost.example/incidents/2026-11-24-imap-logins-failing/

1. Tell support
2. Write again by 03:42 CET, even if there is nothing new

This site is not in git, so nothing sends it: build it, and publish the folder as you always do.

"#]]
    );
    assert_data_eq!(
        place.read("incidents/2026-11-24-imap-logins-failing.md"),
        str![[r#"
+++
title = "IMAP logins failing"
components = ["imap"]
impact = "major"
next_update = 2026-11-24T03:42:00+01:00
+++

## Investigating · 2026-11-24 03:12 { next=03:42 }
We look.

"#]]
    );
}

#[test]
fn without_words_editor_and_terminal_the_news_gets_out_all_the_same() {
    let place = Place::site();
    let ran = place.run(&["new", "Slow", "--now", NOW]);
    assert_eq!(ran.status, 0);
    assert!(ran.stderr.contains("it says: We are looking into it."), "{}", ran.stderr);
    assert!(place.read("incidents/2026-11-24-slow.md").ends_with("03:12 { next=03:42 }\nWe are looking into it.\n"));
}

#[test]
fn an_unknown_component_costs_the_post_only_that_component() {
    let place = Place::site();
    let ran = place.run(&["new", "Slow", "-c", "impa", "-c", "smtp", "-m", "We look.", "--now", NOW]);
    assert_eq!(ran.status, 1);
    let told = "warning: no component is called `impa` (did you mean `imap`?); written without it\n";
    assert!(ran.stderr.ends_with(told), "{}", ran.stderr);
    assert!(place.read("incidents/2026-11-24-slow.md").contains("components = [\"smtp\"]"));
}

#[test]
fn with_status_1_the_last_word_of_a_push_is_that_it_is_published() {
    let place = Place::site().with_remote();
    let ran = place.run(&["new", "Slow", "-c", "impa", "-m", "We look.", "--push", "--now", NOW]);
    assert_eq!(ran.status, 1);
    assert!(ran.stderr.ends_with("the post is published all the same\n"), "{}", ran.stderr);
    assert_eq!(place.git(&["log", "-1", "--format=%s", "origin/main"]), "Slow: Investigating\n");
}

#[test]
fn what_is_only_good_to_know_is_a_note_that_quiet_leaves_out() {
    let place = Place::site();
    let first = place.run(&["new", "Slow", "-m", "We look.", "--now", NOW]);
    assert!(first.stderr.contains("note: it names no component") && first.stderr.contains("add -c imap"));
    let named = place.run(&["new", "Slower", "-c", "imap", "-m", "We look.", "--now", NOW]);
    assert!(named.stderr.contains("note: already open: Slow"), "{}", named.stderr);
    assert!(!named.stderr.contains("names no component"), "{}", named.stderr);
    assert_eq!(place.run(&["new", "Slowest", "-q", "-m", "We look.", "--now", NOW]).stderr, "");
}

#[test]
fn all_mistakes_of_a_command_line_are_told_at_once() {
    let place = Place::site();
    place.write("incidents/2026-11-24-slow.md", "Slow.\n");
    let typos = ["-t", "identifed", "-s", "imap=operationel", "-s", "smtp", "-n", "soon", "-m", "Still.", "--now", NOW];
    let ran = place.run(&[&["update"], &typos[..]].concat());
    assert_eq!(ran.status, 2);
    for told in
        ["did you mean `identified`?", "did you mean `operational`?", "`smtp` sets no state", "`soon` is no time"]
    {
        assert!(ran.stderr.contains(told), "{told}: {}", ran.stderr);
    }
    assert_eq!(place.read("incidents/2026-11-24-slow.md"), "Slow.\n");

    let ran = place.run(&["new", "Slow", "-i", "mayor", "-k", "incidnt", "-n", "soon", "-m", "We look.", "--now", NOW]);
    assert_eq!(ran.status, 2);
    for told in ["did you mean `major`?", "did you mean `incident`?", "`soon` is no time"] {
        assert!(ran.stderr.contains(told), "{told}: {}", ran.stderr);
    }
}

#[test]
fn what_is_over_is_opened_again_only_on_purpose() {
    let place = Place::site();
    let old = "## Resolved · 2026-11-24 02:50\nFast.\n";
    place.write("incidents/2026-11-24-slow.md", old);
    for args in [["resolve", "slow"], ["update", "slow"]] {
        let ran = place.run(&[&args[..], &["-m", "Slow again.", "--now", NOW]].concat());
        assert_eq!(ran.status, 2, "{args:?}");
        assert!(ran.stderr.contains("  upfront update 2026-11-24-slow -t investigating\n"), "{}", ran.stderr);
        assert_eq!(place.read("incidents/2026-11-24-slow.md"), old);
    }
    let ran = place.run(&["update", "slow", "-t", "investigating", "-m", "Slow again.", "--now", NOW]);
    assert_eq!(ran.status, 0, "{}", ran.stderr);
}

#[test]
fn a_broken_config_does_not_silence_the_writer() {
    let place = Place::site();
    place.write("upfront.toml", "title = \n");
    let ran = place.run(&["new", "Slow", "-c", "imap", "-m", "We look.", "--now", NOW]);
    assert_eq!(ran.status, 1, "{}", ran.stderr);
    let post = place.read("incidents/2026-11-24-slow.md");
    assert!(post.contains("## Investigating · 2026-11-24 02:12 UTC\n"), "{post}");

    let ran = place.run(&["new", "Slower", "-m", "We look.", "--now", "2026-11-24 03:12"]);
    assert_eq!(
        (ran.status, ran.stderr.contains("add Z or an offset: --now 2026-11-24T03:12Z")),
        (2, true),
        "{}",
        ran.stderr
    );
}

#[test]
fn a_second_post_of_the_same_name_stands_beside_the_first() {
    let place = Place::site();
    for words in ["First.", "Second."] {
        assert_eq!(place.run(&["new", "Slow", "-m", words, "--now", NOW]).status, 0);
    }
    assert_eq!(place.files("incidents"), ["2026-11-24-slow-2.md", "2026-11-24-slow.md"]);
    assert!(place.read("incidents/2026-11-24-slow.md").contains("First."));
}

#[test]
fn words_come_from_standard_input_or_the_editor() {
    let place = Place::site();
    let ran = place.run_with(&["new", "Piped", "-m", "-", "--now", NOW], "It is slow.\r\nVery.\r\n", "");
    assert_eq!(ran.status, 0, "{}", ran.stderr);
    assert!(place.read("incidents/2026-11-24-piped.md").ends_with("It is slow.\nVery.\n"));

    let script = r##"grep -q "Investigating: Typed" "$1" && sed -i "1i # Not a comment" "$1""##;
    let ran = place.run_with(&["new", "Typed", "--now", NOW], "", script);
    assert_eq!(ran.status, 0, "{}", ran.stderr);
    assert!(place.read("incidents/2026-11-24-typed.md").ends_with("03:12 { next=03:42 }\n# Not a comment\n"));

    let ran = place.run_with(&["new", "Empty", "--now", NOW], "", "true");
    assert_eq!(ran.status, 2);
    assert!(ran.stderr.contains("there are no words"), "{}", ran.stderr);
    assert!(!place.path().join("incidents/2026-11-24-empty.md").exists());
}

#[test]
fn typed_words_are_kept_when_something_fails_afterwards() {
    let place = Place::site();
    // A file stands where the folder should be.
    place.write("incidents", "");
    let ran = place.run_with(&["new", "Slow", "--now", NOW], "", r#"sed -i "1i Long and careful words." "$1""#);
    assert_eq!(ran.status, 2);
    let kept = ran.stderr.split("your words are kept in ").nth(1).unwrap_or_else(|| unreachable!("{}", ran.stderr));
    let kept = fs::read_to_string(kept.split_whitespace().next().unwrap()).unwrap();
    assert!(kept.starts_with("Long and careful words."), "{kept}");
}

#[test]
fn maintenance_takes_its_times_as_people_type_them() {
    let place = Place::site();
    let ran = place.run(&["new", "Disks", "-k", "maintenance", "-m", "New disks.", "--now", NOW]);
    assert_eq!(
        (ran.status, ran.stderr.contains("--starts \"2026-12-01 02:00\" --ends 04:00")),
        (2, true),
        "{}",
        ran.stderr
    );

    let times = ["--starts", "2026-12-01 02:00", "--ends", "04:00"];
    let ran =
        place.run(&[&["new", "Disks", "-k", "maintenance", "-m", "New disks.", "--now", NOW], &times[..]].concat());
    assert_eq!(ran.status, 0, "{}", ran.stderr);
    assert_data_eq!(
        place.read("incidents/2026-11-24-disks.md"),
        str![[r#"
+++
title = "Disks"
kind = "maintenance"
starts = 2026-12-01T02:00:00+01:00
ends = 2026-12-01T04:00:00+01:00
+++

## Scheduled · 2026-11-24 03:12
New disks.

"#]]
    );
}

#[test]
fn update_takes_the_open_incident_and_keeps_every_other_byte() {
    let place = Place::site();
    let old = "\u{feff}+++\r\ntitle = 'Mail is slow' # why\r\nimpact = \"major\"\r\n+++\r\n\r\n## Investigating · 2026-11-24 02:50\r\nSlow.";
    place.write("incidents/2026-11-24-slow.md", old);
    let args = ["update", "-t", "monitoring", "-s", "imap=operational", "-m", "Better.", "--now", NOW];
    let ran = place.run(&args);
    assert_eq!(ran.status, 0, "{}", ran.stderr);
    let expected = old.replace("\"major\"\r\n", "\"major\"\r\nnext_update = 2026-11-24T03:42:00+01:00\r\n")
        + "\r\n\r\n## Monitoring · 2026-11-24 03:12 { imap=operational next=03:42 }\r\nBetter.";
    assert_eq!(place.read("incidents/2026-11-24-slow.md"), expected);

    let ran = place.run(&["resolve", "slow", "-m", "Fast.", "--now", "2026-11-24T03:00:00Z"]);
    assert_eq!(ran.status, 0, "{}", ran.stderr);
    assert!(ran.stdout.contains("upfront rfo 2026-11-24-slow"), "{}", ran.stdout);
    let resolved = place.read("incidents/2026-11-24-slow.md");
    assert!(!resolved.contains("next_update"), "{resolved}");
    assert!(resolved.ends_with("Better.\r\n\r\n## Resolved · 2026-11-24 04:00\r\nFast."), "{resolved}");
}

#[test]
fn the_one_sentence_of_a_file_stays_an_update_of_its_own() {
    let place = Place::site();
    place.write("incidents/2026-11-24-slow.md", "Mail is slow.\n");
    assert_eq!(place.run(&["resolve", "-m", "Fast.", "--now", NOW]).status, 0);
    let text = place.read("incidents/2026-11-24-slow.md");
    assert_eq!(text, "## Investigating · 2026-11-24\nMail is slow.\n\n## Resolved · 2026-11-24 03:12\nFast.\n");
}

#[test]
fn broken_front_matter_does_not_stop_an_update() {
    let place = Place::site();
    let old = "+++\ntitle = Mail is slow\n+++\nSlow.\n";
    place.write("incidents/2026-11-24-slow.md", old);
    let ran = place.run(&["update", "slow", "-m", "Still.", "--now", NOW]);
    assert_eq!(ran.status, 0, "{}", ran.stderr);
    assert!(ran.stderr.contains("front matter of incidents/2026-11-24-slow.md cannot be read"), "{}", ran.stderr);
    assert!(
        place
            .read("incidents/2026-11-24-slow.md")
            .ends_with("## Investigating · 2026-11-24 03:12 { next=03:42 }\nStill.\n")
    );
}

#[test]
fn where_several_are_open_they_are_listed_and_nothing_is_written() {
    let place = Place::site();
    for name in ["imap", "smtp"] {
        place.write(&format!("incidents/2026-11-24-{name}-slow.md"), "Slow.\n");
    }
    let ran = place.run(&["update", "-m", "Still.", "--now", NOW]);
    assert_eq!(ran.status, 2);
    assert!(ran.stderr.contains("2 are open: say which"), "{}", ran.stderr);
    for line in ["  2026-11-24-imap-slow  ", "  2026-11-24-smtp-slow  "] {
        assert!(ran.stderr.lines().any(|told| told.starts_with(line)), "{}", ran.stderr);
    }
    assert_eq!(place.read("incidents/2026-11-24-imap-slow.md"), "Slow.\n");
    assert_eq!(place.run(&["update", "smtp", "-m", "Still.", "--now", NOW]).status, 0);
}

#[test]
fn push_commits_this_file_alone_and_sends_it() {
    let place = Place::site().with_remote();
    place.write("other.txt", "staged by somebody");
    place.git(&["add", "other.txt"]);
    let ran = place.run(&["new", "Mail's slow", "-m", "We look.", "--push", "--now", NOW]);
    assert_eq!(ran.status, 0, "{}", ran.stderr);
    assert_eq!(place.git(&["log", "-1", "--format=%s", "origin/main"]), "Mail's slow: Investigating\n");
    assert_eq!(place.git(&["show", "--name-only", "--format=", "HEAD"]), "incidents/2026-11-24-mails-slow.md\n");
    assert_eq!(place.git(&["diff", "--cached", "--name-only"]), "other.txt\n");
}

#[test]
fn what_a_failed_push_leaves_to_do_is_said() {
    let place = Place::site().with_remote();
    fs::remove_dir_all(place.temp.path().join("remote.git")).unwrap();
    let ran = place.run(&["new", "Slow", "-m", "We look.", "--push", "--now", NOW]);
    assert_eq!(ran.status, 1);
    assert!(ran.stderr.contains("`git push` failed"), "{}", ran.stderr);
    assert!(ran.stderr.contains("is safe; left to do:") && ran.stderr.ends_with("  git push\n"), "{}", ran.stderr);
    assert!(place.read("incidents/2026-11-24-slow.md").contains("We look."));
}

#[test]
fn without_push_the_commands_are_printed() {
    let place = Place::site().with_remote();
    let ran = place.run(&["new", "Mail's slow", "-m", "We look.", "--now", NOW]);
    let commands = "To publish it:\n  git add -- incidents/2026-11-24-mails-slow.md\n  \
                    git commit -m 'Mail'\\''s slow: Investigating' -- incidents/2026-11-24-mails-slow.md\n  git push\n";
    assert!(ran.stdout.ends_with(commands), "{}", ran.stdout);
}

#[test]
fn a_report_begins_as_a_draft_that_no_page_shows() {
    let place = Place::site();
    place.write(
        "incidents/2026-11-20-slow.md",
        "+++\nimpact = \"major\"\n+++\n## Investigating · 2026-11-20 03:00\nMail is slow. We look.\n\n## Resolved · 2026-11-20 04:00\nFast.\n",
    );
    let ran = place.run(&["rfo", "-m", "A disk was full.", "--now", NOW]);
    assert_eq!(ran.status, 0, "{}", ran.stderr);
    let draft = "incidents/_2026-11-20-slow-rfo.md";
    assert!(ran.stdout.contains(&format!("git mv -- {draft} incidents/2026-11-20-slow-rfo.md")), "{}", ran.stdout);
    let text = place.read(draft);
    assert!(text.contains("| 2026-11-20 03:00 CET | Investigating: Mail is slow. | post |"), "{text}");
    assert!(text.contains("## In short\n\nA disk was full.\n"), "{text}");

    assert_eq!(place.run(&["build", "--now", NOW]).status, 0);
    assert!(!place.path().join("public/rfo/2026-11-20-slow").exists());
    fs::rename(place.path().join(draft), place.path().join("incidents/2026-11-20-slow-rfo.md")).unwrap();
    assert_eq!(place.run(&["build", "--now", NOW]).status, 0);
    assert!(place.read("public/rfo/2026-11-20-slow/index.html").contains("A disk was full."));

    let again = place.run(&["rfo", "slow", "--now", NOW]);
    assert_eq!(again.status, 2);
    assert!(again.stderr.contains("has a report"), "{}", again.stderr);
}

#[cfg(unix)]
#[test]
fn nothing_is_written_through_a_link_out_of_the_site() {
    let place = Place::site();
    fs::create_dir(place.temp.path().join("elsewhere")).unwrap();
    std::os::unix::fs::symlink(place.temp.path().join("elsewhere"), place.path().join("incidents")).unwrap();
    let ran = place.run(&["new", "Slow", "-m", "We look.", "--now", NOW]);
    assert_eq!(ran.status, 2);
    assert!(ran.stderr.contains("it leads out of the site"), "{}", ran.stderr);
    assert_eq!(fs::read_dir(place.temp.path().join("elsewhere")).unwrap().count(), 0);
}

#[cfg(unix)]
#[test]
fn a_changed_file_keeps_its_permissions_and_a_new_one_is_readable() {
    use std::os::unix::fs::PermissionsExt as _;
    let place = Place::site();
    place.write("incidents/2026-11-24-slow.md", "Slow.\n");
    let mode = |name: &str| fs::metadata(place.path().join(name)).unwrap().permissions().mode() & 0o777;
    let file = place.path().join("incidents/2026-11-24-slow.md");
    fs::set_permissions(&file, fs::Permissions::from_mode(0o640)).unwrap();
    assert_eq!(place.run(&["update", "-m", "Still.", "--now", NOW]).status, 0);
    assert_eq!(mode("incidents/2026-11-24-slow.md"), 0o640);
    assert_eq!(place.run(&["new", "Other", "-m", "We look.", "--now", NOW]).status, 0);
    assert_eq!(mode("incidents/2026-11-24-other.md") & 0o400, 0o400);
    assert_ne!(mode("incidents/2026-11-24-other.md"), 0o600, "other people of the machine could not read it");
}

#[test]
fn two_who_write_at_once_both_have_their_words_in_the_file() {
    let place = Place::site();
    place.write("incidents/2026-11-24-slow.md", "## Investigating · 2026-11-24 03:00\nMail is slow.\n");
    std::thread::scope(|scope| {
        for writer in 0..6 {
            let place = &place;
            scope.spawn(move || {
                let ran = place.run(&["update", "slow", "-m", &format!("Word {writer}."), "--now", NOW]);
                assert_eq!(ran.status, 0, "{}", ran.stderr);
            });
        }
    });
    let text = place.read("incidents/2026-11-24-slow.md");
    for writer in 0..6 {
        assert!(text.contains(&format!("Word {writer}.")), "{text}");
    }
}

#[test]
fn an_update_that_would_change_what_a_broken_post_says_is_refused_and_its_words_are_kept() {
    let place = Place::site();
    let broken = "+++\ntitle = \"Real title\"\ncomponents=[\"imap\"]\n\nhello";
    place.write("incidents/2026-05-01-un.md", broken);
    let ran = place.run(&["resolve", "un", "-m", "All is well.", "--now", NOW]);
    assert_eq!(ran.status, 2, "{}", ran.stderr);
    assert!(ran.stderr.contains("is so broken that an update would change what else it says"), "{}", ran.stderr);
    assert_eq!(place.read("incidents/2026-05-01-un.md"), broken);
}

#[test]
fn an_update_that_would_not_be_the_last_is_refused_with_what_to_write() {
    let place = Place::site();
    let undated = "## Resolved 10:00\nAll is well.\n";
    place.write("incidents/2026-05-01-f.md", undated);
    let ran = place.run(&["update", "f", "-t", "monitoring", "-m", "Not yet.", "--now", "2026-06-01T12:00:00Z"]);
    assert_eq!(ran.status, 2, "{}", ran.stderr);
    assert!(ran.stderr.contains("would not be the last one"), "{}", ran.stderr);
    assert_eq!(place.read("incidents/2026-05-01-f.md"), undated);
}
