//! What upfront shows to whoever tries it: one sentence is a post, a broken one is a post too, and the site depends on
//! its input alone, however and whenever it is built.

mod killed;
mod same;

use snapbox::{assert_data_eq, str};

use crate::site_test::TestSite;

const FILE: &str = "incidents/2026-11-24-slow.md";
const NOW: &str = "--now 2026-11-24T12:00:00Z";

#[test]
fn one_sentence_in_a_file_is_on_the_front_page_with_its_day() {
    let site = TestSite::new(&[]);
    let mut command = std::process::Command::new("sh");
    command.args(["-c", "printf 'Mail is slow. We are looking into it.' > incidents/2026-11-24-slow.md"]);
    assert!(command.current_dir(site.root()).status().unwrap().success());
    let built = site.run(&format!("build {NOW}"));
    assert_eq!((built.status, built.stderr.as_str()), (Some(0), ""));
    assert_data_eq!(
        lead(&site),
        str![[r#"
Degraded performance Slow As of 13:00 CET, Tuesday 24 November 2026. Since 24 November Next update no time promised Investigating latest update, 24 November Mail is slow. We are looking into it. Its page and 1 update Follow this incident
"#]]
    );
}

#[test]
fn once_it_is_committed_it_has_the_minute_as_well() {
    let site = TestSite::new(&[(FILE, "Mail is slow. We are looking into it.")]);
    site.git_init();
    site.commit_at("2026-11-24T11:42:30Z");
    let built = site.run(&format!("build {NOW}"));
    assert_eq!((built.status, built.stderr.as_str()), (Some(0), ""));
    assert_data_eq!(
        lead(&site),
        str![
            "Degraded performance Slow As of 13:00 CET, Tuesday 24 November 2026. Since 12:42 CET, for 18 min Next update no time promised Investigating latest update, 12:42 CET Mail is slow. We are looking into it. Its page and 1 update Follow this incident"
        ]
    );
}

#[test]
fn front_matter_that_is_never_closed() {
    broken(
        "+++\nimpact = \"major\"\n\nMail is slow. We are looking into it.\n",
        str![[r#"
incidents/2026-11-24-slow.md:1:1: error[front-matter-unclosed]: front matter begins here and does not end; write `+++` on a line of its own below the last key (published; all from the first line that is no key on is text)

"#]],
    );
}

#[test]
fn front_matter_in_the_quotes_of_a_phone() {
    broken(
        "+++\ntitle = “Mail is slow”\n+++\nMail is slow. We are looking into it.\n",
        str![[r#"
incidents/2026-11-24-slow.md:2:1: error[front-matter-syntax]: `title = “Mail is slow”` is not TOML as it stands; write `title = "Mail is slow"` (read as that)

"#]],
    );
}

#[test]
fn a_component_that_does_not_exist() {
    broken(
        "---\ncomponents: [impa]\n---\nMail is slow. We are looking into it.\n",
        str![[r#"
incidents/2026-11-24-slow.md:2:14: error[unknown-component]: no component is called `impa`; did you mean `imap`? (published, without this component)

"#]],
    );
}

#[test]
fn a_key_that_does_not_exist() {
    broken(
        "+++\nafected = \"Everybody\"\n+++\nMail is slow. We are looking into it.\n",
        str![[r#"
incidents/2026-11-24-slow.md:2:1: warning[unknown-key]: no key is called `afected`; did you mean `affected`? (read as `affected`)

"#]],
    );
}

#[test]
fn an_impact_that_does_not_exist() {
    broken(
        "+++\nimpact = \"huge\"\n+++\nMail is slow. We are looking into it.\n",
        str![[r#"
incidents/2026-11-24-slow.md:2:10: error[unknown-word]: no impact is called `huge`; write one of `none`, `minor`, `major`, `critical` (published as `minor`)

"#]],
    );
}

#[test]
fn a_number_that_is_none() {
    broken(
        "+++\naccounts = [true]\n+++\nMail is slow. We are looking into it.\n",
        str![[r#"
incidents/2026-11-24-slow.md:2:12: error[wrong-type]: `accounts` is a list, where a number such as 4100, "3000-4100" or "12 %" is expected; write a number such as 4100, "3000-4100" or "12 %" (published, without it)

"#]],
    );
}

#[test]
fn a_file_in_another_encoding() {
    broken(
        b"Mail is slow f\xf8r alle. We are looking into it.\n",
        str![[r#"
incidents/2026-11-24-slow.md:1:15: warning[file-encoding]: this file is not UTF-8; it was read as Windows-1252; save it as UTF-8 (published; look whether letters outside ASCII are right)

"#]],
    );
}

#[test]
fn a_merge_that_was_not_finished() {
    broken(
        "<<<<<<< HEAD\nMail is slow.\n=======\nMail is very slow.\n>>>>>>> main\nWe are looking into it.\n",
        str![[r#"
incidents/2026-11-24-slow.md:1:1: error[merge-conflict]: a merge was not finished here; keep the lines that are right, and delete the others and the markers (published, with both sides)

"#]],
    );
}

#[test]
fn a_status_word_that_is_misspelt() {
    broken(
        "## Investigatng · 2026-11-24 12:12\nMail is slow. We are looking into it.\n",
        str![[r#"
incidents/2026-11-24-slow.md:1:4: warning[heading-word]: no status is called `Investigatng`; did you mean `Investigating`? (read as `Investigating`)

"#]],
    );
}

#[test]
fn a_time_that_does_not_exist() {
    broken(
        "## Investigating · 2026-11-24 25:12\nMail is slow. We are looking into it.\n",
        str![[r#"
incidents/2026-11-24-slow.md:1:20: error[time-syntax]: there is no time `25:12`; write a time as `2022-03-29 11:20` (published, without that time)

"#]],
    );
}

/// The file so broken is on the front page all the same; `told` is every mistake with its place and its cure.
#[track_caller]
fn broken(text: impl AsRef<[u8]>, told: snapbox::data::Inline) {
    let site = TestSite::new(&[]);
    site.write(FILE, text);
    let checked = site.run(&format!("check --format concise {NOW}"));
    assert_data_eq!(checked.stdout, told);
    assert_eq!(checked.status, Some(1));
    let built = site.run(&format!("build {NOW}"));
    assert_eq!(built.status, Some(0), "{}", built.stderr);
    assert!(built.stderr.contains(FILE), "{}", built.stderr);
    let lead = lead(&site);
    assert!(lead.contains("slow") && lead.contains("We are looking into it."), "{lead}");
    let strict = site.run(&format!("build --strict {NOW}"));
    assert_eq!(strict.status, Some(1), "{}", strict.stderr);
}

/// What stands first on the front page, without markup.
fn lead(site: &TestSite) -> String {
    let page = site.read("public/index.html");
    let (_, lead) = page.split_once("<div class=\"lead\">").unwrap();
    let (lead, _) = lead.split_once("<section class=\"sec\"").unwrap();
    let mut text = String::new();
    for part in lead.split('<') {
        text.push_str(part.split_once('>').map_or(part, |(_, text)| text));
        text.push(' ');
    }
    let words: Vec<&str> = text.split_whitespace().collect();
    words.join(" ").replace(" .", ".").replace(" ,", ",")
}
