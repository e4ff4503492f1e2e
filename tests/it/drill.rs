//! A rehearsed outage, through the real program.

use snapbox::{assert_data_eq, str};

use crate::site_test::TestSite;

const NOW: &str = "--now 2026-11-24T11:00:00Z";

const CONFIG: &str = r#"
title = "Fjordpost status"
url = "https://status.fjordpost.example"
time_zone = "Europe/Oslo"
checklist = ["Tell support"]

[promise]
first_post = "10m"
next_update = "30m"

[[component]]
id = "smtp"
name = "Sending"

[[component]]
id = "imap"
name = "IMAP"

[[feed]]
id = "own"
url = "https://checks.fjordpost.example/"

[[channel]]
id = "list"
kind = "mastodon"
url = "https://toots.fjordpost.example"
token_env = "NOBODY_HAS_SET_IT"

[[channel]]
id = "boss"
kind = "command"
audience = "staff"
when = "unconfirmed"
after = "5m"
command = "touch ../boss-was-called"

[[channel]]
id = "practice"
kind = "command"
drill = true
command = "cat >> practice.txt"
"#;

fn site() -> TestSite {
    let site = TestSite::new(&[("incidents/2026-11-24-slow.md", "Mail is slow.\n")]);
    site.write("upfront.toml", CONFIG);
    site
}

#[test]
fn a_drill_plays_from_the_first_failing_check_to_the_last_word() {
    let site = site();
    let ran = site.run(&format!("drill -c imap --hands-off {NOW}"));
    assert_data_eq!(
        ran.all(),
        str![[r#"
status 0
stdout:
12:00  a drill begins: `imap` fails from 12:01 on
12:05  list would be told: DRILL: IMAP: our checks fail: Noticed by our checks
12:05  practice is told: DRILL: IMAP: our checks fail: Noticed by our checks
12:05  the page says by itself that the checks fail; no person has confirmed it
12:09  a made-up person posts (investigating): A person is looking into it.
         1. Tell support
         2. Write again by 12:39 CET, even if there is nothing new
12:09  list would be told: DRILL: IMAP: our checks fail: Investigating
12:09  practice is told: DRILL: IMAP: our checks fail: Investigating
12:22  the checks are good again
12:22  a made-up person posts (monitoring): Our checks are good again. We keep an eye on it.
         1. Tell support
         2. Write again by 12:52 CET, even if there is nothing new
12:22  list would be told: DRILL: IMAP: our checks fail: Monitoring
12:22  practice is told: DRILL: IMAP: our checks fail: Monitoring
12:35  nothing failed for the whole hold: as far as the monitors know it is over
12:35  a made-up person posts (resolved): It works again.
         1. Tell support
12:35  list would be told: DRILL: IMAP: our checks fail: Resolved
12:35  practice is told: DRILL: IMAP: our checks fail: Resolved

The checks failed from 12:01 to 12:21.

                      took          promised
detected              3 min
notice on the page    3 min 30 s
first word            5 min         10 min        kept
updates on time       2 of 2        30 min        kept
longest silence       13 min
end told after        14 min

list                  would be told 12:05, 12:09, 12:22, 12:35
practice              told 12:05, 12:09, 12:22, 12:35

"#]]
    );
    // Nothing of it is left, but what the channel that is for it was told.
    let files: Vec<String> = site.files("").into_keys().collect();
    assert_eq!(files, ["incidents/2026-11-24-slow.md", "practice.txt", "upfront.toml"]);
    let told = site.read("practice.txt");
    assert!(told.matches("This is a test. Nothing is wrong.").count() >= 4, "{told}");
    assert_eq!(told.matches("This is a drill: the link leads nowhere").count(), 8, "{told}");
    assert!(!site.root().parent().unwrap().join("boss-was-called").exists());
}

#[test]
fn nobody_answers_and_it_is_said_who_would_be_called_and_what_was_missed() {
    let site = site();
    let ran = site.run(&format!("drill --hands-off --answer-after never --json {NOW}"));
    assert_eq!(ran.status, Some(1), "{}", ran.all());
    let score: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(score["missed"], serde_json::json!(["first_word"]), "{score:#}");
    assert_eq!(score["first_word"], serde_json::Value::Null);
    let messages = score["messages"].as_array().unwrap();
    let of = |channel: &str| -> Vec<&str> {
        let own = messages.iter().filter(|one| one["channel"] == channel);
        own.map(|one| one["at"].as_str().unwrap()).collect()
    };
    assert_eq!(of("boss"), ["2026-11-24T11:10:00Z", "2026-11-24T11:35:00Z"]);
    assert!(messages.iter().all(|one| (one["channel"] == "practice") == (one["how"] == "sent")), "{score:#}");
}

#[test]
fn a_late_answer_misses_the_promise() {
    let ran = site().run(&format!("drill --hands-off --answer-after 15m {NOW}"));
    assert_eq!(ran.status, Some(1));
    assert!(ran.stdout.contains("first word            16 min        10 min        missed"), "{}", ran.stdout);
}

#[test]
fn readers_see_a_drill_only_where_they_are_to_and_marked() {
    let site = site();
    site.run(&format!("drill --hands-off --public {NOW}"));
    assert_data_eq!(
        site.read("incidents/2026-11-24-drill-1200.md"),
        str![[r#"
+++
title = "Drill: Sending"
kind = "info"
+++

This is a drill. Nothing is wrong. Drill, 12:09 (investigating): A person is looking into it.

Drill, 12:22 (monitoring): Our checks are good again. We keep an eye on it.

Drill, 12:35 (resolved): It works again.

"#]]
    );
    assert_eq!(site.run("check").status, Some(0));
}

#[test]
fn what_it_played_with_is_kept_where_that_is_wanted() {
    let site = site();
    let kept = site.run(&format!("drill --hands-off --keep ../kept {NOW}"));
    assert_eq!(kept.status, Some(0), "{}", kept.all());
    let kept = site.root().parent().unwrap().join("kept");
    assert!(kept.join("incidents/2026-11-24-drill.md").exists());
    assert!(kept.join("history/notices.ndjson").exists());
    // Never over what is there.
    assert_eq!(site.run(&format!("drill --hands-off --keep ../kept {NOW}")).status, Some(2));
}

#[test]
fn somebody_has_to_be_there_to_answer() {
    assert_data_eq!(
        site().run("drill").all(),
        str![[r#"
status 2
stderr:
error: nobody is at a terminal to answer the drill
 |
 = add --hands-off to have a made-up person answer it

"#]]
    );
    assert_eq!(site().run("drill --speed 0").status, Some(2));
    assert_eq!(site().run("drill -c imapp --hands-off").status, Some(2));
}

#[test]
fn a_channel_for_drills_hears_nothing_else() {
    let site = site();
    let ran = site.run("announce practice --dry-run --now 2026-11-24T11:00:00Z");
    assert_data_eq!(
        ran.stdout,
        str![[r#"
Nothing new to announce.

"#]]
    );
}

#[test]
fn a_channel_that_has_no_words_for_a_drill_is_not_said_to_be_told() {
    let site = site();
    let hook = "kind = \"webhook\"\nurl = \"http://127.0.0.1:9/\"\nformat = \"statuspage\"\ndrill = true";
    site.write("upfront.toml", format!("{CONFIG}\n[[channel]]\nid = \"hook\"\n{hook}\n"));
    let ran = site.run(&format!("drill --hands-off {NOW}"));
    assert!(ran.stdout.contains("12:05  hook is not told (nothing was sent: "), "{}", ran.all());
    assert!(ran.stdout.contains("\nhook                  not told 12:05"), "{}", ran.all());
    // Outside of drills it has words for it.
    site.write("upfront.toml", format!("{CONFIG}\n[[channel]]\nid = \"hook\"\n{}\n", hook.replace("drill = true", "")));
    let ran = site.run(&format!("drill --hands-off {NOW}"));
    assert!(ran.stdout.contains("12:09  hook would be told: "), "{}", ran.all());
}

/// Stopped with Ctrl-C it leaves nothing behind either.
#[cfg(unix)]
#[test]
fn stopped_it_leaves_nothing_behind() {
    let site = site();
    let tmp = site.path("tmp");
    std::fs::create_dir(&tmp).unwrap();
    let mut command = site.command("drill --hands-off --speed 1");
    let child = command.env("TMPDIR", &tmp).stdout(std::process::Stdio::piped()).spawn().unwrap();
    let count = || std::fs::read_dir(&tmp).unwrap().count();
    let until = std::time::Instant::now() + std::time::Duration::from_secs(20);
    while count() == 0 && std::time::Instant::now() < until {
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    assert_eq!(count(), 1);
    let pid = child.id().to_string();
    assert!(std::process::Command::new("kill").args(["-INT", &pid]).status().unwrap().success());
    let ended = child.wait_with_output().unwrap();
    assert_eq!(ended.status.code(), Some(1));
    // Of what had not begun nothing was kept.
    let said = String::from_utf8(ended.stdout).unwrap();
    assert!(said.contains("The checks were to fail from"), "{said}");
    assert!(said.contains("first word            not yet       10 min\n"), "{said}");
    assert_eq!(count(), 0);
}
