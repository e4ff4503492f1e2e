//! What git shows of when an update was public, and of what was changed since. Whatever is done to a history, nothing claims
//! more than the commits that are there.
#![expect(clippy::unwrap_used, reason = "a test may stop at what it takes for granted")]

use std::fmt::Write as _;
use std::fs;

use jiff::Timestamp;
use snapbox::{assert_data_eq, str};
use upfront::model::{Edit, Evidence, Site};

use crate::site_test::{TestSite, run_git};

const FILE: &str = "incidents/2022-03-29-slow.md";
const FIRST: &str = "## Investigating · 2022-03-29T09:20Z\nSome of you can't log in. We are looking into it.\n";
const SECOND: &str = "\n## Identified · 2022-03-29T10:00Z\nA disk of the login database is full. We make room.\n";
const THIRD: &str = "\n## Resolved · 2022-03-29T12:00Z\nThere is room again, and every login works.\n";

fn repository() -> TestSite {
    let site = TestSite::new(&[]);
    site.git_init();
    site.commit_at("2022-03-01T00:00:00Z");
    site
}

/// The file with one update more in each commit, each ten minutes late.
fn three_commits(site: &TestSite) {
    for (text, at) in [
        (FIRST.to_owned(), "2022-03-29T09:30:00Z"),
        ([FIRST, SECOND].concat(), "2022-03-29T10:10:00Z"),
        ([FIRST, SECOND, THIRD].concat(), "2022-03-29T12:10:00Z"),
    ] {
        site.write(FILE, text);
        site.commit_at(at);
    }
}

/// One line an update: its id, what shows when it was public, and its changes.
fn told(site: &Site) -> String {
    let mut out = String::new();
    for incident in &site.incidents {
        writeln!(out, "{}", incident.slug).unwrap();
        for update in &incident.updates {
            writeln!(out, "  {}: {}{}", update.id, evidence(update.evidence), edits(&update.edits)).unwrap();
            if let Some(next) = update.next {
                writeln!(out, "    next {next}").unwrap();
            }
        }
    }
    for rfo in &site.rfos {
        writeln!(out, "report {}: {}{}", rfo.slug, evidence(rfo.evidence), edits(&rfo.edits)).unwrap();
        for follow_up in &rfo.follow_ups {
            let before = follow_up.due_before.iter().map(|(day, at)| format!(", first {day} at {at}"));
            let due = follow_up.due.map(|day| day.to_string()).unwrap_or_default();
            writeln!(out, "  {}: due {due}{}", follow_up.what.text, before.collect::<String>()).unwrap();
        }
    }
    out
}

fn evidence(evidence: Evidence) -> String {
    match evidence {
        Evidence::None => "as written".to_owned(),
        Evidence::MovedIn { in_git_since } => format!("as written, in git since {in_git_since}"),
        Evidence::Committed(at) => format!("committed {at}"),
        Evidence::Published(at) => format!("published {at}"),
    }
}

fn edits(edits: &[Edit]) -> String {
    let edit = |edit: &Edit| match (&edit.before, &edit.after) {
        (Some(before), Some(after)) => format!("; edited {}: {} -> {}", edit.at, before.text, after.text),
        _ => format!("; edited {}", edit.at),
    };
    edits.iter().map(edit).collect()
}

#[track_caller]
fn check(site: &TestSite, expected: snapbox::data::Inline) {
    let first = told(&site.site());
    assert_data_eq!(&first, expected);
    // From the cache, and without it.
    assert_eq!(told(&site.site()), first);
    fs::remove_dir_all(site.path(".git/upfront")).unwrap();
    assert_eq!(told(&site.site()), first);
}

#[test]
fn each_update_is_known_from_the_commit_that_brought_it() {
    let site = repository();
    three_commits(&site);
    check(
        &site,
        str![[r#"
2022-03-29-slow
  20220329-0920-investigating: committed 2022-03-29T09:30:00Z
  20220329-1000-identified: committed 2022-03-29T10:10:00Z
  20220329-1200-resolved: committed 2022-03-29T12:10:00Z

"#]],
    );
}

#[test]
fn a_rebase_claims_only_the_time_at_which_the_branch_had_it() {
    let site = repository();
    site.git(&["checkout", "--quiet", "-b", "topic"]);
    three_commits(&site);
    site.git(&["checkout", "--quiet", "main"]);
    site.write("incidents/2022-03-20-other.md", FIRST.replace("03-29", "03-20"));
    site.commit_at("2022-03-20T10:00:00Z");
    site.git(&["checkout", "--quiet", "topic"]);
    site.git_at("2022-03-29T15:00:00Z", &["rebase", "--quiet", "main"]);
    check(
        &site,
        str![[r#"
2022-03-20-other
  20220320-0920-investigating: committed 2022-03-20T10:00:00Z
2022-03-29-slow
  20220329-0920-investigating: committed 2022-03-29T15:00:00Z
  20220329-1000-identified: committed 2022-03-29T15:00:00Z
  20220329-1200-resolved: committed 2022-03-29T15:00:00Z

"#]],
    );
}

#[test]
fn a_squash_claims_only_its_own_time() {
    let site = repository();
    site.git(&["checkout", "--quiet", "-b", "topic"]);
    three_commits(&site);
    site.git(&["checkout", "--quiet", "main"]);
    site.git_at("2022-03-29T15:00:00Z", &["merge", "--quiet", "--squash", "topic"]);
    site.commit_at("2022-03-29T15:00:00Z");
    check(
        &site,
        str![[r#"
2022-03-29-slow
  20220329-0920-investigating: committed 2022-03-29T15:00:00Z
  20220329-1000-identified: committed 2022-03-29T15:00:00Z
  20220329-1200-resolved: committed 2022-03-29T15:00:00Z

"#]],
    );
}

#[test]
fn renames_keep_what_was_known_even_where_git_sees_none() {
    let site = repository();
    three_commits(&site);
    site.rename(FILE, "incidents/2022/2022-03-29-slow/index.md");
    site.commit_at("2022-03-30T00:00:00Z");
    // So much is written anew that git takes it for another file; its slug is the same.
    let other = "\n## Resolved · 2022-03-30T09:00Z\nOnce more, and more than was there before.\n".repeat(20);
    fs::remove_file(site.path("incidents/2022/2022-03-29-slow/index.md")).unwrap();
    site.write("incidents/archive/2022-03-29-slow.md", [FIRST, SECOND, THIRD, &other].concat());
    site.commit_at("2022-03-31T00:00:00Z");
    let told = told(&site.site());
    let known: Vec<&str> = told.lines().take(4).collect();
    assert_data_eq!(
        known.join("\n"),
        str![[r#"
2022-03-29-slow
  20220329-0920-investigating: committed 2022-03-29T09:30:00Z
  20220329-1000-identified: committed 2022-03-29T10:10:00Z
  20220329-1200-resolved: committed 2022-03-29T12:10:00Z
"#]]
    );
}

#[test]
fn a_file_that_was_deleted_and_comes_again_keeps_what_was_known() {
    let site = repository();
    three_commits(&site);
    fs::remove_file(site.path(FILE)).unwrap();
    site.commit_at("2022-04-01T00:00:00Z");
    site.write("incidents/2022/2022-03-29-slow.md", [FIRST, SECOND, THIRD].concat());
    site.commit_at("2022-04-02T00:00:00Z");
    check(
        &site,
        str![[r#"
2022-03-29-slow
  20220329-0920-investigating: committed 2022-03-29T09:30:00Z
  20220329-1000-identified: committed 2022-03-29T10:10:00Z
  20220329-1200-resolved: committed 2022-03-29T12:10:00Z

"#]],
    );
}

#[test]
fn a_shallow_clone_knows_nothing_of_what_came_before_it() {
    let site = repository();
    three_commits(&site);
    site.write("incidents/2022-04-01-other.md", FIRST.replace("03-29", "04-01"));
    site.commit_at("2022-04-01T09:21:00Z");
    let clone = site.path("../clone");
    let url = format!("file://{}", site.root().canonicalize().unwrap().display());
    let depth = |depth: &str| ["clone", "--quiet", depth, &url, &clone.display().to_string()].map(str::to_owned);
    let args = depth("--depth=2");
    run_git(&site.root(), "2022-04-02T00:00:00Z", &args.iter().map(String::as_str).collect::<Vec<_>>());
    assert_data_eq!(
        told(&upfront::load::load(&clone).unwrap().value),
        str![[r#"
2022-03-29-slow
  20220329-0920-investigating: as written
  20220329-1000-identified: as written
  20220329-1200-resolved: as written
2022-04-01-other
  20220401-0920-investigating: committed 2022-04-01T09:21:00Z

"#]]
    );
    // Once the rest is there, all is known: what was read of less does not stand in the way.
    run_git(&clone, "2022-04-02T00:00:00Z", &["fetch", "--quiet", "--unshallow"]);
    assert_eq!(told(&upfront::load::load(&clone).unwrap().value), told(&site.site()));
}

#[test]
fn headings_that_were_dated_back_do_not_change_when_they_were_committed() {
    let site = repository();
    site.write(FILE, FIRST);
    site.commit_at("2022-03-29T18:00:00Z");
    // An update between, as if it had been there all day; and a whole post of last month.
    site.write(FILE, [FIRST, SECOND].concat());
    site.write("incidents/2022-02-28-earlier.md", FIRST.replace("03-29", "02-28"));
    site.commit_at("2022-03-29T19:00:00Z");
    site.write("incidents/2022-02-28-earlier.md", [FIRST, SECOND].concat().replace("03-29", "02-28"));
    site.commit_at("2022-03-29T20:00:00Z");
    check(
        &site,
        str![[r#"
2022-02-28-earlier
  20220228-0920-investigating: as written, in git since 2022-03-29T19:00:00Z
  20220228-1000-identified: committed 2022-03-29T20:00:00Z
2022-03-29-slow
  20220329-0920-investigating: committed 2022-03-29T18:00:00Z
  20220329-1000-identified: committed 2022-03-29T19:00:00Z

"#]],
    );
}

#[test]
fn changes_are_told_and_an_update_keeps_its_id() {
    let site = repository();
    three_commits(&site);
    let edited = [FIRST, SECOND, THIRD].concat().replace("Some of you", "Nearly all of you");
    site.write(FILE, &edited);
    site.commit_at("2022-03-29T13:00:00Z");
    let retimed = edited.replace("10:00Z", "10:25Z").replace("12:00Z", "12:00Z { imap=operational }");
    site.write(FILE, &retimed);
    site.commit_at("2022-03-29T14:00:00Z");
    // Newest first, and other white space: nothing is said anew.
    let first = "## Investigating · 2022-03-29T09:20Z\nNearly all of you can't log in.\nWe are looking into it.\n";
    let turned = [THIRD, &SECOND.replace("10:00Z", "10:25Z"), "\n", first].concat();
    site.write(FILE, turned);
    site.commit_at("2022-03-29T15:00:00Z");
    check(
        &site,
        str![[r#"
2022-03-29-slow
  20220329-0920-investigating: committed 2022-03-29T09:30:00Z; edited 2022-03-29T13:00:00Z
  20220329-1000-identified: committed 2022-03-29T10:10:00Z; edited 2022-03-29T14:00:00Z
  20220329-1200-resolved: committed 2022-03-29T12:10:00Z

"#]],
    );
    site.write("upfront.toml", format!("show_edits = \"full\"\n{}", site.read("upfront.toml")));
    check(
        &site,
        str![[r#"
2022-03-29-slow
  20220329-0920-investigating: committed 2022-03-29T09:30:00Z; edited 2022-03-29T13:00:00Z: Some of you can't log in. We are looking into it. -> Nearly all of you can't log in. We are looking into it.
  20220329-1000-identified: committed 2022-03-29T10:10:00Z; edited 2022-03-29T14:00:00Z: A disk of the login database is full. We make room. -> A disk of the login database is full. We make room.
  20220329-1200-resolved: committed 2022-03-29T12:10:00Z

"#]],
    );
}

#[test]
fn what_is_moved_in_may_be_put_in_order_for_a_week() {
    let site = repository();
    site.write("incidents/2021-03-29-slow.md", FIRST.replace("2022", "2021"));
    site.commit_at("2022-03-29T18:00:00Z");
    site.write("incidents/2021-03-29-slow.md", FIRST.replace("2022", "2021").replace("Some", "Many"));
    site.commit_at("2022-03-30T18:00:00Z");
    assert_data_eq!(
        told(&site.site()),
        str![[r#"
2021-03-29-slow
  20210329-0920-investigating: as written, in git since 2022-03-29T18:00:00Z

"#]]
    );
    site.write("incidents/2021-03-29-slow.md", FIRST.replace("2022", "2021").replace("Some", "Few"));
    site.commit_at("2022-04-30T18:00:00Z");
    check(
        &site,
        str![[r#"
2021-03-29-slow
  20210329-0920-investigating: as written, in git since 2022-03-29T18:00:00Z; edited 2022-04-30T18:00:00Z

"#]],
    );
}

#[test]
fn a_promised_next_word_stays_on_record_when_the_next_promise_replaces_it() {
    let site = repository();
    let with = |next: &str, text: &str| format!("+++\nnext_update = {next}\n+++\n{text}");
    site.write(FILE, with("2022-03-29T09:50:00Z", FIRST));
    site.commit_at("2022-03-29T09:21:00Z");
    // Put off in silence: what was promised was promised.
    site.write(FILE, with("2022-03-29T09:59:00Z", FIRST));
    site.commit_at("2022-03-29T09:49:00Z");
    site.write(FILE, with("2022-03-29T11:00:00Z", &[FIRST, SECOND].concat()));
    site.commit_at("2022-03-29T10:01:00Z");
    site.write(FILE, [FIRST, SECOND, THIRD].concat());
    site.commit_at("2022-03-29T12:01:00Z");
    check(
        &site,
        str![[r#"
2022-03-29-slow
  20220329-0920-investigating: committed 2022-03-29T09:21:00Z
    next 2022-03-29T09:50:00Z
  20220329-1000-identified: committed 2022-03-29T10:01:00Z
    next 2022-03-29T11:00:00Z
  20220329-1200-resolved: committed 2022-03-29T12:01:00Z

"#]],
    );
}

#[test]
fn a_promise_keeps_the_days_that_it_had() {
    let site = repository();
    site.write(FILE, [FIRST, THIRD].concat());
    let report = |due: &str, what: &str| {
        format!(
            "+++\nrfo_for = \"2022-03-29-slow\"\npublished = 2022-04-04\n[[follow_up]]\nwhat = \"{what}\"\n{due}\n+++\nThe disk was full.\n"
        )
    };
    let steps = [
        ("due = 2022-04-30", "Watch the disks of all login databases", "2022-04-04T10:00:00Z"),
        ("due = 2022-05-31", "Watch the disks of all login databases", "2022-04-28T10:00:00Z"),
        ("due = 2022-06-30", "Watch the disks of all of the login databases", "2022-05-30T10:00:00Z"),
        (
            "due = 2022-06-30\ndone = 2022-06-20",
            "Watch the disks of all of the login databases",
            "2022-06-20T10:00:00Z",
        ),
    ];
    for (due, what, at) in steps {
        site.write("incidents/2022-04-04-report.md", report(due, what));
        site.commit_at(at);
    }
    assert_data_eq!(
        told(&site.site()),
        str![[r#"
2022-03-29-slow
  20220329-0920-investigating: committed 2022-04-04T10:00:00Z
  20220329-1200-resolved: committed 2022-04-04T10:00:00Z
report 2022-03-29-slow: committed 2022-04-04T10:00:00Z
  Watch the disks of all of the login databases: due 2022-06-30, first 2022-04-30 at 2022-04-04T10:00:00Z, first 2022-05-31 at 2022-04-28T10:00:00Z

"#]]
    );
}

#[test]
fn a_history_that_was_rewritten_or_a_cache_that_is_torn_is_read_anew() {
    let site = repository();
    three_commits(&site);
    let whole = told(&site.site());
    let cache = site.path(".git/upfront/evidence");
    let bytes = fs::read(&cache).unwrap();
    for torn in [&bytes[..bytes.len() / 2], &bytes[1..], &[bytes.as_slice(), b"x"].concat(), b""] {
        fs::write(&cache, torn).unwrap();
        assert_eq!(told(&site.site()), whole);
    }
    let meddled = String::from_utf8(bytes).unwrap().replace("1648546200", "1648546100");
    fs::write(&cache, meddled).unwrap();
    assert_eq!(told(&site.site()), whole);
    site.git(&["reset", "--quiet", "--hard", "HEAD~2"]);
    site.write(FILE, [FIRST, SECOND].concat());
    site.commit_at("2022-03-29T16:00:00Z");
    check(
        &site,
        str![[r#"
2022-03-29-slow
  20220329-0920-investigating: committed 2022-03-29T09:30:00Z
  20220329-1000-identified: committed 2022-03-29T16:00:00Z

"#]],
    );
}

#[test]
fn a_repository_that_cannot_be_written_is_read_all_the_same() {
    let site = repository();
    three_commits(&site);
    // A file where the folder would be.
    fs::write(site.path(".git/upfront"), "").unwrap();
    assert!(told(&site.site()).contains("committed 2022-03-29T09:30:00Z"));
}

/// Commits one after the other with a build between each two, or none: the same is known in the end.
#[test]
fn reading_what_is_new_comes_to_the_same_as_reading_all() {
    let texts = [FIRST, SECOND, THIRD];
    for seed in 0_u64..12 {
        let mut state = seed * 7919 + 1;
        let mut random = |below: u64| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) % below
        };
        let site = repository();
        for step in 0..8 {
            let name = ["a", "b"][random(2) as usize];
            let path = format!("incidents/{}{name}.md", ["", "2022/", "_"][random(3) as usize]);
            for old in ["", "2022/", "_"] {
                fs::remove_file(site.path(&format!("incidents/{old}{name}.md"))).ok();
            }
            if random(6) > 0 {
                let mut text: Vec<String> = (0..1 + random(3) as usize)
                    .map(|at| texts[at].replace("of", ["of", "for"][random(2) as usize]))
                    .collect();
                if random(3) == 0 {
                    text.reverse();
                }
                site.write(&path, text.concat());
            }
            site.write("step", step.to_string());
            let at: Timestamp = "2022-03-29T09:30:00Z".parse().unwrap();
            site.commit_at(&(at + jiff::SignedDuration::from_hours(step)).to_string());
            if random(2) == 0 {
                site.site();
            }
        }
        let gone_on = told(&site.site());
        fs::remove_dir_all(site.path(".git/upfront")).unwrap();
        assert_eq!(gone_on, told(&site.site()), "seed {seed}");
    }
}

const CONFIG: &str = "title = \"Test\"\nurl = \"https://status.example\"\ntime_zone = \"Europe/Oslo\"\nshow_edits = \"full\"\n\
                      [[component]]\nname = \"IMAP\"\n";

#[test]
fn a_receipt_goes_before_a_commit_and_what_was_changed_before_it_is_no_change() {
    let site = repository();
    site.write("upfront.toml", CONFIG);
    three_commits(&site);
    site.write(FILE, [FIRST, SECOND, THIRD].concat().replace("Some", "Many").replace("A disk", "One disk"));
    site.commit_at("2022-03-29T12:20:00Z");
    let receipt = |at: &str, live: &str| {
        format!(
            "{{\"v\":1,\"at\":\"{at}\",\"url\":\"https://status.example\",\"live\":[\"incidents/2022-03-29-slow/#u-{live}\"]}}\n"
        )
    };
    let lines = [
        // Seen before the change, twice; and after it.
        receipt("2022-03-29T09:41:00Z", "20220329-0920-investigating"),
        receipt("2022-03-29T09:31:00Z", "20220329-0920-investigating"),
        receipt("2022-03-29T12:30:00Z", "20220329-1000-identified"),
        // Earlier than it was written: of something else.
        receipt("2022-03-29T11:00:00Z", "20220329-1200-resolved"),
        receipt("2022-03-29T11:00:00Z", "20220329-1200-nothing"),
    ];
    site.write("history/receipts.ndjson", lines.concat());
    check(
        &site,
        str![[r#"
2022-03-29-slow
  20220329-0920-investigating: published 2022-03-29T09:31:00Z; edited 2022-03-29T12:20:00Z: Some of you can't log in. We are looking into it. -> Many of you can't log in. We are looking into it.
  20220329-1000-identified: published 2022-03-29T12:30:00Z
  20220329-1200-resolved: committed 2022-03-29T12:10:00Z

"#]],
    );
    // Under another name.
    site.write(FILE, format!("+++\naliases = [\"2022-03-29-old\"]\n+++\n{FIRST}"));
    site.write("history/receipts.ndjson", lines.concat().replace("2022-03-29-slow", "2022-03-29-old"));
    assert!(told(&site.site()).contains("published 2022-03-29T09:31:00Z"));
}

#[test]
fn a_git_that_does_not_answer_is_told_and_the_news_gets_out() {
    let site = repository();
    three_commits(&site);
    let built = site.ended(site.command("build --now 2022-03-30T00:00:00Z").env("PATH", "/nonexistent"));
    assert_eq!(built.status, Some(0));
    assert!(built.stderr.contains("git could not be asked when posts were written"), "{}", built.stderr);
}
