//! `upfront verify`: hosts on the loopback interface that serve the site well, and hosts that lie in every way.

mod moving;
mod signed;
mod wire;

use std::fs;
use std::path::PathBuf;

use snapbox::{assert_data_eq, str};

use crate::server::{Answer, Asked, Server};
use crate::site_test::TestSite;

const INCIDENT: &str = "+++\ncomponents = [\"imap\"]\n+++\n## Investigating · 2026-11-25 11:50 UTC\nLogins fail.\n";
const NOW: &str = "--now 2026-11-25T12:02Z";

fn config(site: &TestSite, more: &str) {
    let head = "title = \"Test\"\nurl = \"https://status.example\"\ntime_zone = \"Europe/Oslo\"\n";
    site.write("upfront.toml", format!("{head}{more}\n[[component]]\nname = \"IMAP\"\n"));
}

/// Built twice: what was served before lies beside it in `old`.
fn built(more: &str) -> TestSite {
    let site = TestSite::new(&[("incidents/logins-fail.md", INCIDENT)]);
    config(&site, more);
    assert_eq!(site.run("build --now 2026-11-25T11:55Z --out ../old").status, Some(0));
    let ran = site.run("build --now 2026-11-25T12:00Z");
    assert_eq!(ran.status, Some(0), "{}", ran.all());
    site
}

/// What a host has: the new build and the one before.
struct Has {
    new: PathBuf,
    old: PathBuf,
}

impl Has {
    fn newest(&self, asked: &Asked) -> Answer {
        Answer::well_served(&self.new, asked)
    }

    fn old(&self, asked: &Asked) -> Answer {
        Answer::well_served(&self.old, asked)
    }
}

type Lie = fn(&Has, &Asked) -> Answer;

fn host(site: &TestSite, lie: Lie) -> Server {
    let has = Has { new: site.path("public"), old: site.path("../old") };
    Server::new(move |asked| lie(&has, asked))
}

/// Every finding on a line.
fn found(site: &TestSite, host: &Server, arguments: &str) -> String {
    let url = host.url("127.0.0.1");
    let ran = site.run(&format!("verify {url} {NOW} --json {arguments}"));
    let report: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap_or_else(|_| panic!("{}", ran.all()));
    let mut text = format!("status {}\n", ran.status.unwrap());
    for finding in report["copies"][0]["findings"].as_array().unwrap() {
        let of = |key: &str| finding[key].as_str().unwrap();
        text += &format!("{} {}: {} | {}\n", of("code"), of("at"), of("expected"), of("found"));
    }
    text.replace(&url, "").replace(site.root().to_str().unwrap().trim_end_matches('/'), "[SITE]")
}

fn lies(lie: Lie) -> String {
    let site = built("");
    let host = host(&site, lie);
    config(&site, &format!("[[mirror]]\nurl = \"{}\"", host.url("127.0.0.1")));
    found(&site, &host, "")
}

#[test]
fn a_host_that_serves_the_newest_build_well_is_told_nothing() {
    let site = built("[promise]\nrebuild = \"5m\"");
    let good = host(&site, Has::newest);
    let url = good.url("127.0.0.1");
    let said = |arguments: &str| site.run(&format!("verify {url} {arguments}")).all().replace(&url, "[URL]");
    assert_data_eq!(
        said(NOW),
        str![[r#"
status 0
stdout:
[URL]  built 2m ago, [..] files: nothing wrong

"#]]
    );
    let full = said(&format!("{NOW} --full"));
    assert!(full.contains("files: nothing wrong") && full.starts_with("status 0\n"), "{full}");
    // Late is what is later than the page itself says before it warns its readers.
    assert!(said("--now 2026-11-25T12:10Z").contains("nothing wrong"));
    assert_data_eq!(
        said("--now 2026-11-25T12:11Z"),
        str![[r#"
status 1
stdout:
[URL]  built 11m ago, [..] files: 1 error
stderr:
error[build-old]: [URL]: expected a build of the last 5m, as promised (`[promise] rebuild`), found one of 2026-11-25 12:00 UTC
 |
 = see why nothing builds and publishes any more; readers are warned that the page is old

1 error

"#]]
    );
    // Whoever has none of the site's files can see as much.
    let stranger = TestSite::new(&[]);
    fs::remove_file(stranger.path("upfront.toml")).unwrap();
    assert_eq!(stranger.run(&format!("verify {url} {NOW}")).status, Some(0));
    assert_eq!(stranger.run(&format!("verify {url} --now 2026-11-25T12:11Z")).status, Some(1));
    assert_data_eq!(
        stranger.run("verify").all(),
        str![[r#"
status 2
stderr:
error[config-missing]: there is no `upfront.toml` in this folder
 |
 = `upfront init` begins a site; `-C <folder>` names another folder

1 error

"#]]
    );
}

#[test]
fn an_old_build_is_told() {
    assert_data_eq!(
        lies(|has, asked| has.old(asked)),
        str![[r#"
status 1
served-old : the build of 2026-11-25 12:00 UTC, which is in [SITE]/public | the one of 2026-11-25 11:55 UTC

"#]]
    );
    // The front page alone hangs in a cache.
    assert_data_eq!(
        lies(|has, asked| if asked.path == "/" { has.old(asked) } else { has.newest(asked) }),
        str![[r#"
status 1
served-old /: the page of the build of 2026-11-25 12:00 UTC | that of 2026-11-25 11:55 UTC

"#]]
    );
}

#[test]
fn a_truncated_file_is_told() {
    assert_data_eq!(
        lies(|has, asked| match asked.path.as_str() {
            "/" | "/status.json" | "/SHA256SUMS" | "/incidents/logins-fail/" =>
                has.newest(asked).changed(|mut bytes| {
                    bytes.truncate(400);
                    bytes
                }),
            _ => has.newest(asked),
        }),
        str![[r#"
status 1
served-cut-off /: the whole file | the first 400 of [..] bytes
served-cut-off /SHA256SUMS: the whole file | the first 400 of [..] bytes
served-cut-off /incidents/logins-fail/: the whole file | the first 400 of [..] bytes
served-cut-off /status.json: the whole file | the first 400 of [..] bytes

"#]]
    );
}

#[test]
fn a_file_that_is_not_there_or_elsewhere_is_told() {
    assert_data_eq!(
        lies(|has, asked| match asked.path.as_str() {
            "/incidents/logins-fail/" => Answer::status(404),
            "/status.json" => Answer::status(302).header("location", "https://other.example/status.json"),
            _ => has.newest(asked),
        }),
        str![[r#"
status 1
served-missing /incidents/logins-fail/: status 200 | status 404
served-missing /status.json: status 200 | status 302, which leads to https://other.example/status.json

"#]]
    );
    assert_data_eq!(
        lies(|_, _| Answer::status(503)),
        str![[r#"
status 1
served-missing /: status 200 | status 503
served-missing /SHA256SUMS: status 200 | status 503
served-missing /status.json: status 200 | status 503

"#]]
    );
    assert_data_eq!(
        lies(|_, _| Answer::of("<html>Parked</html>")),
        str![[r#"
status 1
served-changed /: the file that `SHA256SUMS` lists | other bytes
served-changed /SHA256SUMS: a list of files | something else
served-changed /status.json: the file that `SHA256SUMS` lists | other bytes
served-type /: `content-type: text/html; charset=utf-8` | none
served-type /status.json: `content-type: application/json; charset=utf-8` | none
served-cache /: to be kept for at most 10m | no `cache-control`: each browser decides for itself
served-cache /status.json: to be kept for at most 10m | no `cache-control`: each browser decides for itself
served-header /: the headers that `_headers` lists | no `Content-Security-Policy`, `Permissions-Policy`, `Referrer-Policy`, `X-Content-Type-Options`
served-header /status.json: `access-control-allow-origin: *` | none

"#]]
    );
}

#[test]
fn a_file_that_was_changed_on_its_way_is_told() {
    assert_data_eq!(
        lies(|has, asked| match asked.path.as_str() {
            "/" => has.newest(asked).changed(|bytes| {
                String::from_utf8(bytes)
                    .unwrap()
                    .replace("</body>", "<script src=\"https://ads.example/\"></script></body>")
                    .into()
            }),
            path if path.ends_with(".css") => has.newest(asked).changed(|bytes| [&bytes[..], b"/* more */"].concat()),
            _ => has.newest(asked),
        }),
        str![[r#"
status 1
served-changed /assets/upfront-[..].css: the file that `SHA256SUMS` lists | other bytes
served-changed /: the page as it was built | the same build's, changed on its way

"#]]
    );
}

#[test]
fn a_wrong_content_type_is_told() {
    assert_data_eq!(
        lies(|has, asked| match asked.path.as_str() {
            "/" => has.newest(asked).without("content-type").header("content-type", "text/html; charset=iso-8859-1"),
            "/status.json" => has.newest(asked).without("content-type").header("content-type", "text/html"),
            path if path.ends_with(".css") => has.newest(asked).without("content-type"),
            path if path.ends_with(".js") =>
                has.newest(asked).without("content-type").header("content-type", "application/javascript"),
            _ => has.newest(asked),
        }),
        str![[r#"
status 1
served-type /: `content-type: text/html; charset=utf-8` | `text/html; charset=iso-8859-1`
served-type /assets/upfront-[..].css: `content-type: text/css; charset=utf-8` | none
served-type /status.json: `content-type: application/json; charset=utf-8` | `text/html`

"#]]
    );
}

#[test]
fn missing_headers_and_copies_that_are_kept_for_too_long_are_told() {
    assert_data_eq!(
        lies(|has, asked| has.newest(asked).without("x-content-type-options").without("referrer-policy")),
        str![[r#"
status 0
served-header /: the headers that `_headers` lists | no `Referrer-Policy`, `X-Content-Type-Options`

"#]]
    );
    assert_data_eq!(
        lies(|has, asked| match asked.path.as_str() {
            "/" => has.newest(asked).without("cache-control").header("cache-control", "public, max-age=86400"),
            "/status.json" => has.newest(asked).without("cache-control").without("access-control-allow-origin"),
            "/incidents/logins-fail/" =>
                has.newest(asked).without("cache-control").header("cache-control", "max-age=600"),
            _ => has.newest(asked),
        }),
        str![[r#"
status 1
served-cache /: to be kept for at most 10m | `cache-control: public, max-age=86400`: readers may see old news for so long
served-cache /status.json: to be kept for at most 10m | no `cache-control`: each browser decides for itself
served-header /status.json: `access-control-allow-origin: *` | none

"#]]
    );
}

#[test]
fn a_mirror_that_lags_behind_is_told_by_its_name() {
    let site = built("");
    let (good, lags) = (host(&site, Has::newest), host(&site, |has, asked| has.old(asked)));
    config(&site, &format!("[[mirror]]\nurl = \"{}\"\nname = \"Mirror\"", lags.url("127.0.0.1")));
    let stranger = TestSite::new(&[]);
    let urls = format!("{} {}", good.url("127.0.0.1"), lags.url("127.0.0.1"));
    // With the built folder or without, and whatever the order.
    for ran in [site.run(&format!("verify {urls} {NOW}")), stranger.run(&format!("verify {urls} {NOW}"))] {
        assert_eq!(ran.status, Some(1));
        let told = ran.all().replace(&good.url("127.0.0.1"), "[GOOD]").replace(&lags.url("127.0.0.1"), "[LAGS]");
        assert!(told.contains("[GOOD]  built 2m ago,") && told.contains("files: nothing wrong\n"), "{told}");
        assert!(
            told.contains("error[served-old]: [LAGS]: expected the build of 2026-11-25 12:00 UTC, which is in "),
            "{told}"
        );
    }
    // A folder that was built before what is served is no measure.
    assert_eq!(site.run("build --now 2026-11-25T11:00Z").status, Some(0));
    let ran = site.run(&format!("verify {} {NOW}", lags.url("127.0.0.1")));
    assert_eq!(ran.status, Some(0), "{}", ran.all());
}
