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

/// Other news on the front page, though every other file is right.
#[test]
fn a_front_page_that_says_something_else_is_an_error() {
    let (site, key) = signed();
    let of = |from: &'static str, to: &'static str| {
        let folder = site.path("public");
        Server::new(move |asked| match asked.path.as_str() {
            "/" => Answer::well_served(&folder, asked)
                .changed(|bytes| String::from_utf8(bytes).unwrap().replace(from, to).into()),
            _ => Answer::well_served(&folder, asked),
        })
    };
    let other = of("Logins fail", "All is well");
    let told = "status 1\nserved-changed /: the page with the words it was built with | one of the same build that says \
                something else\n";
    assert_eq!(found(&site, &other, ""), told);
    let ran = site.run(&format!("verify {} {NOW}", other.url("127.0.0.1")));
    assert!(ran.stdout.ends_with("files: 1 error\n"), "{}", ran.all());
    // What a host adds is a warning where the page is at hand to see it, and an error for whoever has the key alone.
    let script = of("</body>", "<script src=\"https://ads.example/\"></script></body>");
    assert!(found(&site, &script, "").contains("the same build's, changed on its way"));
    let stranger = TestSite::new(&[]);
    assert!(found(&stranger, &script, &format!("--key {key}")).contains("says something else"));
    assert!(found(&stranger, &script, "").contains("the same build's, changed on its way"));
}

#[test]
fn errors_come_first_and_every_finding_is_counted() {
    let site = built("");
    let folder = site.path("public");
    let host = Server::new(move |asked| match asked.path.ends_with('/') || asked.path.ends_with(".json") {
        true => Answer::well_served(&folder, asked).without("cache-control").without("content-type"),
        false => Answer::well_served(&folder, asked).without("content-type"),
    });
    let ran = site.run(&format!("verify {} {NOW} --full", host.url("127.0.0.1")));
    let lines: Vec<&str> = ran.stderr.lines().collect();
    let place = |begins: &str| lines.iter().position(|line| line.starts_with(begins)).unwrap();
    let last_error = lines.iter().rposition(|line| line.starts_with("error")).unwrap();
    assert!(last_error < place("note"), "{}", ran.stderr);
    // Only the first few of a kind are shown.
    assert!(ran.stdout.trim_end().ends_with(&format!(": {}", lines.last().unwrap())), "{}", ran.all());
    assert!(ran.stderr.contains(" more like this"), "{}", ran.stderr);
}

#[test]
fn two_builds_of_a_minute_are_told_apart() {
    let site = built("");
    assert_eq!(site.run("build --now 2026-11-25T12:00:20Z").status, Some(0));
    assert_eq!(site.run("build --now 2026-11-25T12:00:05Z --out ../old").status, Some(0));
    let old = host(&site, |has, asked| has.old(asked));
    config(&site, &format!("[[mirror]]\nurl = \"{}\"", old.url("127.0.0.1")));
    let told = found(&site, &old, "");
    assert!(
        told.contains("12:00:20 UTC, which is in ") && told.ends_with("the one of 2026-11-25 12:00:05 UTC\n"),
        "{told}"
    );
}
