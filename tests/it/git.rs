//! When something was posted whose file does not say so: git knows.
#![expect(clippy::unwrap_used, reason = "a test may stop at what it takes for granted")]

use snapbox::{assert_data_eq, str};

use crate::site_test::{TestSite, run_git};

const SENTENCE: &str = "Mail is slow. We are looking into it.\n";

fn repository() -> TestSite {
    let site = TestSite::new(&[]);
    site.git_init();
    site.commit_at("2022-03-01T00:00:00Z");
    site
}

#[test]
fn a_sentence_has_the_minute_of_the_commit_that_brought_it() {
    let site = repository();
    site.write("incidents/2022-03-29-slow.md", SENTENCE);
    assert_data_eq!(
        site.times(),
        str![[r#"
2022-03-29-slow investigating: day 2022-03-29

"#]]
    );
    site.commit_at("2022-03-29T09:20:59Z");
    site.write("incidents/2022-03-29-slow.md", format!("{SENTENCE}Webmail works.\n"));
    site.commit_at("2022-03-29T10:00:00Z");
    assert_data_eq!(
        site.times(),
        str![[r#"
2022-03-29-slow investigating: git 2022-03-29T09:20:00Z

"#]]
    );
    let site = site.site();
    assert_eq!(site.incidents.first().unwrap().updates.first().unwrap().id, "20220329-0920-investigating");
}

#[test]
fn each_heading_has_the_minute_of_its_own_commit() {
    let site = repository();
    let mut text = String::new();
    for (at, heading) in [
        ("2022-03-29T09:20:00Z", "## Investigating"),
        ("2022-03-29T10:00:00Z", "## Identified"),
        ("2022-03-30T07:00:00Z", "## Identified"),
        ("2022-03-30T08:00:00Z", "## Resolved"),
    ] {
        text += &format!("{heading}\nWords.\n\n");
        site.write("incidents/2022-03-29-slow.md", &text);
        site.commit_at(at);
    }
    let expected = str![[r#"
2022-03-29-slow investigating: git 2022-03-29T09:20:00Z
2022-03-29-slow identified: git 2022-03-29T10:00:00Z
2022-03-29-slow identified: git 2022-03-30T07:00:00Z
2022-03-29-slow resolved: git 2022-03-30T08:00:00Z

"#]];
    assert_data_eq!(site.times(), expected.clone());
    // A correction elsewhere in the file, and a state added to a heading, post nothing anew.
    let mended = text
        .replacen("Words.", "Better words.\nAnd more.", 1)
        .replace("## Resolved", "## Resolved { imap=operational }");
    site.write("incidents/2022-03-29-slow.md", mended);
    site.commit_at("2022-03-31T00:00:00Z");
    assert_data_eq!(site.times(), expected);
}

#[test]
fn newest_first_files_are_read_oldest_first() {
    let site = repository();
    site.write("incidents/2022-03-29-slow.md", "## Monitoring\nWords.\n");
    site.commit_at("2022-03-29T09:20:00Z");
    site.write("incidents/2022-03-29-slow.md", "## Monitoring\nStill.\n\n## Monitoring\nWords.\n");
    site.commit_at("2022-03-29T10:00:00Z");
    assert_data_eq!(
        site.times(),
        str![[r#"
2022-03-29-slow monitoring: git 2022-03-29T09:20:00Z
2022-03-29-slow monitoring: git 2022-03-29T10:00:00Z

"#]]
    );
}

#[test]
fn a_written_day_is_refined_only_by_a_commit_of_that_day() {
    let site = repository();
    site.write(
        "incidents/slow.md",
        "## Investigating · 2022-03-29\nWords.\n\n## Identified · 2022-03-30\nWords.\n\n## Resolved · 2022-03-31T08:00:00Z\nWords.\n",
    );
    // In Oslo it is already the 30th.
    site.commit_at("2022-03-29T22:30:00Z");
    assert_data_eq!(
        site.times(),
        str![[r#"
slow investigating: day 2022-03-29
slow identified: git 2022-03-29T22:30:00Z
slow resolved: written 2022-03-31T08:00:00Z

"#]]
    );
}

#[test]
fn what_is_not_committed_has_its_day_at_most() {
    let site = repository();
    site.write("incidents/2022-03-29-slow.md", "## Investigating\nWords.\n");
    site.commit_at("2022-03-29T09:20:00Z");
    site.write("incidents/2022-03-29-slow.md", "## Investigating\nWords.\n\n## Resolved\nWords.\n");
    site.write("incidents/undated.md", SENTENCE);
    assert_data_eq!(
        site.times(),
        str![[r#"
2022-03-29-slow investigating: git 2022-03-29T09:20:00Z
2022-03-29-slow resolved: day 2022-03-29
undated investigating: unknown

"#]]
    );
    assert!(site.said().contains("incidents/undated.md:1:1 [time-missing]"), "{}", site.said());
}

#[test]
fn a_renamed_file_keeps_its_times() {
    let site = repository();
    site.write("incidents/2022-03-29-slwo.md", format!("## Investigating\n{}", SENTENCE.repeat(20)));
    site.commit_at("2022-03-29T09:20:00Z");
    site.rename("incidents/2022-03-29-slwo.md", "incidents/2022-03-29-slow.md");
    site.commit_at("2022-03-29T10:00:00Z");
    site.rename("incidents/2022-03-29-slow.md", "incidents/2022/2022-03-29-slow/index.md");
    site.write("incidents/2022-04-01-other.md", SENTENCE);
    site.commit_at("2022-04-01T10:00:00Z");
    assert_data_eq!(
        site.times(),
        str![[r#"
2022-04-01-other investigating: git 2022-04-01T10:00:00Z
2022-03-29-slow investigating: git 2022-03-29T09:20:00Z

"#]]
    );
}

#[test]
fn taking_a_draft_out_of_the_drafts_posts_it() {
    let site = repository();
    site.write("incidents/drafts/2022-03-29-slow.md", format!("## Investigating\n{}", SENTENCE.repeat(20)));
    site.commit_at("2022-03-29T09:20:00Z");
    site.rename("incidents/drafts/2022-03-29-slow.md", "incidents/2022-03-29-slow.md");
    site.commit_at("2022-03-29T12:00:00Z");
    assert_data_eq!(
        site.times(),
        str![[r#"
2022-03-29-slow investigating: git 2022-03-29T12:00:00Z

"#]]
    );
}

#[test]
fn a_merge_posts_what_it_brings_onto_the_branch() {
    let site = repository();
    site.git(&["checkout", "--quiet", "-b", "topic"]);
    site.write("incidents/2022-03-29-slow.md", SENTENCE);
    site.commit_at("2022-03-29T09:00:00Z");
    site.git(&["checkout", "--quiet", "main"]);
    site.write("incidents/2022-03-29-other.md", SENTENCE);
    site.commit_at("2022-03-29T09:30:00Z");
    site.git_at("2022-03-29T10:00:00Z", &["merge", "--quiet", "--no-ff", "--no-edit", "topic"]);
    assert_data_eq!(
        site.times(),
        str![[r#"
2022-03-29-other investigating: git 2022-03-29T09:30:00Z
2022-03-29-slow investigating: git 2022-03-29T10:00:00Z

"#]]
    );
}

#[test]
fn old_posts_that_were_moved_into_git_keep_their_day() {
    let site = repository();
    site.write("incidents/2019-05-01-old.md", "## Investigating\nWords.\n");
    site.commit_at("2022-03-29T09:20:00Z");
    site.write("incidents/2019-05-01-old.md", "## Investigating\nWords.\n\n## Resolved\nWords.\n");
    site.commit_at("2022-03-29T10:00:00Z");
    assert_data_eq!(
        site.times(),
        str![[r#"
2019-05-01-old investigating: day 2019-05-01
2019-05-01-old resolved: git 2022-03-29T10:00:00Z

"#]]
    );
}

#[test]
fn a_cut_off_history_is_no_evidence_and_is_told_once() {
    let site = repository();
    site.write("incidents/2022-03-29-slow.md", "## Investigating\nWords.\n");
    site.write("incidents/2022-03-29-other.md", SENTENCE);
    site.commit_at("2022-03-29T09:20:00Z");
    let clone = site.path("../clone");
    let url = format!("file://{}", site.root().canonicalize().unwrap().display());
    run_git(
        &site.root(),
        "2022-03-30T00:00:00Z",
        &["clone", "--quiet", "--depth=1", &url, &clone.display().to_string()],
    );
    let loaded = upfront::load::load(&clone).unwrap();
    let told: Vec<&str> = loaded.diagnostics.iter().map(|told| told.code.as_str()).collect();
    assert_eq!(told, ["git-shallow"]);
    let days = loaded.value.incidents.iter().flat_map(|incident| &incident.updates);
    assert!(days.map(|update| update.posted).all(|posted| matches!(posted, upfront::model::PostedAt::Day(_))));
}

#[test]
fn more_than_a_hundred_files_are_found_in_one_pass() {
    let site = repository();
    for number in 0..120 {
        site.write(&format!("incidents/2022-03-29-{number}.md"), format!("## Investigating\nNumber {number}.\n"));
    }
    site.commit_at("2022-03-29T09:20:00Z");
    site.rename("incidents/2022-03-29-7.md", "incidents/2022/2022-03-29-7.md");
    site.commit_at("2022-03-30T09:20:00Z");
    let times = site.times();
    assert_eq!(times.matches("git 2022-03-29T09:20:00Z").count(), 120, "{times}");
}

#[test]
fn a_report_has_the_minute_of_its_commit_unless_it_says_the_day() {
    let site = repository();
    site.write("incidents/2022-03-29-slow.md", "## Resolved · 2022-03-29T09:20:00Z\nWords.\n");
    site.write("incidents/2022-03-29-slow/rfo.md", "In short, it was the disk.\n");
    site.write("incidents/report.md", "+++\nrfo_for = \"2022-03-29-slow\"\npublished = 2022-04-02\n+++\nIn short.\n");
    site.commit_at("2022-04-02T10:00:00Z");
    assert_data_eq!(
        site.times(),
        str![[r#"
2022-03-29-slow resolved: written 2022-03-29T09:20:00Z
rfo 2022-03-29-slow: git 2022-04-02T10:00:00Z
rfo report: day 2022-04-02

"#]]
    );
}

#[test]
fn a_site_in_a_folder_of_a_repository_has_its_times() {
    let site = TestSite::new(&[]);
    let above = site.path("..");
    run_git(&above, "2022-03-01T00:00:00Z", &["init", "--quiet"]);
    site.write("incidents/2022-03-29-slow.md", SENTENCE);
    site.commit_at("2022-03-29T09:20:00Z");
    assert_data_eq!(
        site.times(),
        str![[r#"
2022-03-29-slow investigating: git 2022-03-29T09:20:00Z

"#]]
    );
}

#[cfg(unix)]
#[test]
fn nothing_that_a_repository_names_is_started() {
    let site = repository();
    let mark = site.path("../started");
    let script = format!("touch '{}'; cat", mark.display());
    for key in ["core.fsmonitor", "core.pager", "diff.external", "diff.x.textconv", "diff.x.command", "gpg.program"] {
        site.git(&["config", key, &script]);
    }
    site.git(&["config", "log.showSignature", "true"]);
    site.write(".gitattributes", "*.md diff=x\n");
    site.write("incidents/2022-03-29-slow.md", SENTENCE);
    site.git(&["-c", "core.fsmonitor=false", "add", "--all"]);
    site.git_at("2022-03-29T09:20:00Z", &["-c", "core.fsmonitor=false", "commit", "--quiet", "-m", "x"]);
    std::fs::remove_file(&mark).ok();
    assert_data_eq!(
        site.times(),
        str![[r#"
2022-03-29-slow investigating: git 2022-03-29T09:20:00Z

"#]]
    );
    assert!(!mark.exists());
}

#[test]
fn the_commit_is_known_only_while_the_files_are_as_committed() {
    let site = TestSite::new(&[]);
    assert_eq!(site.site().commit, None);
    site.git_init();
    assert_eq!(site.site().commit, None);
    site.commit_at("2022-03-29T09:20:00Z");
    let commit = site.git(&["rev-parse", "--short=7", "HEAD"]);
    assert_eq!(site.site().commit, Some(commit.clone()));
    site.write("public/index.html", "built");
    site.write("notes.txt", "not of the site");
    assert_eq!(site.site().commit, Some(commit));
    site.write("incidents/a.md", SENTENCE);
    assert_eq!(site.site().commit, None);
}

#[test]
fn a_post_that_was_renamed_is_told_how_it_keeps_its_old_address() {
    let site = repository();
    let check = |expected: snapbox::data::Inline| {
        assert_data_eq!(site.run("check --format concise --now 2022-04-20T12:00:00Z").stdout, expected);
    };
    let over = "+++\nimpact = \"minor\"\n+++\n\n## Resolved · 2022-03-29 21:05\nIt was slow for an hour.\n";
    site.write("incidents/a.md", over);
    site.write("incidents/_draft.md", over.replace("slow", "late"));
    site.commit_at("2022-03-30T00:00:00Z");
    check(str![[r#""#]]);
    run_git(&site.root(), "2022-03-30T00:00:00Z", &["mv", "incidents/a.md", "incidents/b.md"]);
    check(str![[r#"
incidents/b.md:1:1: note[address-changed]: this file was renamed, and `/incidents/a/` leads nowhere; write `aliases = ["a"]` into its front matter

"#]]);
    run_git(&site.root(), "2022-03-30T00:00:00Z", &["mv", "incidents/_draft.md", "incidents/late.md"]);
    site.commit_at("2022-03-31T00:00:00Z");
    site.rename("incidents/b.md", "incidents/2022/c/index.md");
    site.commit_at("2022-04-01T00:00:00Z");
    check(str![[r#"
incidents/2022/c/index.md:1:1: note[address-changed]: this file was renamed, and `/incidents/a/` and `/incidents/b/` lead nowhere; write `aliases = ["a", "b"]` into its front matter

"#]]);
    site.write("incidents/2022/c/index.md", over.replace("impact", "aliases = [\"a\"]\nimpact"));
    check(str![[r#"
incidents/2022/c/index.md:1:1: note[address-changed]: this file was renamed, and `/incidents/b/` leads nowhere; write `aliases = ["a", "b"]` into its front matter

"#]]);
    site.write("incidents/2022/c/index.md", over.replace("impact", "aliases = [\"a\", \"b\"]\nimpact"));
    check(str![[r#""#]]);
}
