//! What changes while it is looked at, or is somebody else's by now.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::sync::atomic::{AtomicUsize, Ordering};

use snapbox::{assert_data_eq, str};

use super::signed::signed;
use super::{Has, NOW, built, config, found, host};
use crate::server::{Answer, Server};
use crate::site_test::TestSite;

/// Our address, and what is served there is well made, newer, and not ours.
#[test]
fn somebody_elses_page_at_our_address_is_no_page_of_ours() {
    let (site, key) = signed();
    let theirs = TestSite::new(&[]);
    let config_of =
        |url: &str, more: &str| format!("title = \"Test\"\nurl = \"{url}\"\n{more}\n[[component]]\nname = \"IMAP\"\n");
    // With the same key, as whoever has two sites may have.
    let sign = format!("[sign]\npublic_key = \"{key}\"\nkey_file = \"{}\"", site.path("secret.key").display());
    theirs.write("upfront.toml", config_of("https://evil.example", &sign));
    assert_eq!(theirs.run("build --now 2026-11-25T12:01Z").stderr, "");
    let host = Server::new({
        let folder = theirs.path("public");
        move |asked| Answer::well_served(&folder, asked)
    });
    let url = host.url("127.0.0.1");
    let sign = format!("[sign]\npublic_key = \"{key}\"");
    site.write("upfront.toml", config_of(&url, &sign));
    assert_data_eq!(
        found(&site, &host, "").replace(&key, "[KEY]"),
        str![[r#"
status 1
served-changed /status.json: the status of  | that of https://evil.example
served-signature /SHA256SUMS.minisig: a signature of `SHA256SUMS` by `[KEY]` | one of the site https://evil.example
served-signature /status.json.minisig: a signature of `status.json` by `[KEY]` | one of the site https://evil.example

"#]]
    );
    let ran = site.run(&format!("verify {NOW}"));
    assert!(!ran.stdout.contains("signed"), "{}", ran.all());
    // As a mirror it is no measure for the right one either.
    let good = super::host(&site, Has::newest);
    config(&site, &format!("[[mirror]]\nurl = \"{url}\"\n{sign}"));
    let ran = site.run(&format!("verify {} {url} {NOW}", good.url("127.0.0.1")));
    let is_good = format!("{}  built 2m ago,", good.url("127.0.0.1"));
    let line = ran.stdout.lines().find(|line| line.starts_with(&is_good)).unwrap();
    assert!(line.ends_with("signed: nothing wrong") && ran.status == Some(1), "{}", ran.all());
}

/// Nobody can keep to the files that are never looked at.
#[test]
fn other_files_are_looked_at_each_time() {
    let site = built("");
    for n in 0..90 {
        let text =
            format!("+++\ncomponents = [\"imap\"]\n+++\n## Resolved · 2026-10-{:02} 11:50 UTC\nOver.\n", n % 28 + 1);
        site.write(&format!("incidents/past-{n}.md"), text);
    }
    assert_eq!(site.run("build --now 2026-11-25T12:00Z").status, Some(0));
    let host = host(&site, Has::newest);
    let mut seen = Vec::new();
    for hour in 12..18 {
        let before = host.asked().len();
        site.run(&format!("verify {} --now 2026-11-25T{hour}:02Z", host.url("127.0.0.1")));
        let asked = host.asked().into_iter().skip(before).map(|asked| asked.path);
        seen.push(asked.filter(|path| path.starts_with("/incidents/past-")).collect::<BTreeSet<String>>());
    }
    let all: BTreeSet<&String> = seen.iter().flatten().collect();
    assert!(all.len() > 2 * seen[0].len(), "{} of {}", seen[0].len(), all.len());
}

/// Every moment at which the host may go on to the next build.
#[test]
fn a_build_that_is_published_meanwhile_is_no_fault() {
    let (site, _) = signed();
    let folders = (site.path("../old"), site.path("public"));
    let all = host(&site, Has::newest);
    assert_eq!(found(&site, &all, ""), "status 0\n");
    let mut wrong = String::new();
    for moment in 1..=all.asked().len() {
        let (old, new) = folders.clone();
        let count = AtomicUsize::new(0);
        let host = Server::new(move |asked| {
            let is_old = count.fetch_add(1, Ordering::Relaxed) < moment;
            Answer::well_served(if is_old { &old } else { &new }, asked)
        });
        let told = found(&site, &host, "");
        if told != "status 0\n" {
            let _ = writeln!(wrong, "after {moment} answers: {told}");
        }
    }
    assert_eq!(wrong, "");
}

/// Hosts know `.pub` from other programs.
#[test]
fn a_key_may_have_any_type_but_that_of_a_page() {
    let typed = |kind: &'static str| {
        let (site, _) = signed();
        let folder = site.path("public");
        let host = Server::new(move |asked| match asked.path.ends_with(".pub") {
            true => Answer::well_served(&folder, asked).without("content-type").header("content-type", kind),
            false => Answer::well_served(&folder, asked),
        });
        found(&site, &host, "--full")
    };
    for kind in ["application/vnd.exstream-package", "application/x-mspublisher", "text/plain"] {
        assert_eq!(typed(kind), "status 0\n", "{kind}");
    }
    assert!(typed("text/html").contains("served-type /minisign.pub: "));
}
