//! `upfront announce`, with real servers on the loopback interface: who hears what, once.

mod irc;
mod killed;
mod lines;
mod mail;
mod plan;
mod webhook;

use std::time::{Duration, Instant};

use jiff::{SignedDuration, Timestamp};

use crate::site_test::{Ran, TestSite};

const HEAD: &str = "title = \"Fjordpost status\"\nurl = \"https://status.example\"\ntime_zone = \"Europe/Oslo\"\n\
    [[component]]\nname = \"IMAP\"\n";

/// A heading of that stage, so many minutes ago.
#[expect(clippy::disallowed_methods, reason = "the program's own clock cannot be set here")]
fn heading(stage: &str, minutes_ago: i64) -> String {
    let at = Timestamp::now() - SignedDuration::from_mins(minutes_ago);
    format!("## {stage} · {}\n", at.strftime("%Y-%m-%d %H:%M UTC"))
}

/// A site with these channels and one incident, two minutes old.
fn site(channels: &str) -> TestSite {
    let site = TestSite::new(&[]);
    site.write("upfront.toml", format!("{HEAD}{channels}"));
    site.write("secret", "key-s3cret\n");
    write(&site, "Logins fail.\n");
    site
}

/// The incident with that text.
fn write(site: &TestSite, text: &str) {
    let head = "+++\ntitle = \"IMAP logins failing\"\ncomponents = [\"imap\"]\nimpact = \"major\"\n+++\n";
    site.write("incidents/imap.md", format!("{head}{}{text}", heading("Investigating", 2)));
}

/// Announces without looking whether the page is live.
fn announce(site: &TestSite) -> Ran {
    site.run("announce --wait 0s")
}

/// What the ledger says, a line a step, without its times.
fn ledger(site: &TestSite) -> String {
    let text = std::fs::read_to_string(site.path("history/deliveries.ndjson")).unwrap_or_default();
    let word = |line: &str, key: &str| {
        let value: serde_json::Value = serde_json::from_str(line).unwrap();
        value[key].as_str().unwrap_or_default().to_owned()
    };
    text.lines()
        .map(|line| {
            let stage = word(line, "news");
            let stage = stage.rsplit('-').next().unwrap();
            format!("{} {stage} {}\n", word(line, "channel"), word(line, "state"))
        })
        .collect()
}

/// Waits until it is so, or a minute.
fn until(what: &str, mut is_so: impl FnMut() -> bool) {
    let end = Instant::now() + Duration::from_secs(60);
    while !is_so() {
        assert!(Instant::now() < end, "{what}");
        std::thread::sleep(Duration::from_millis(10));
    }
}
