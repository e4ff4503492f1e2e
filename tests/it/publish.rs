//! `upfront publish`: to real folders, branches, programs and a host on the loopback interface.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use snapbox::{assert_data_eq, str};

use crate::server::{Answer, Server};
use crate::site_test::{TestSite, run_git};

/// Written this very minute: only what came out in the last day is looked for.
#[expect(clippy::disallowed_methods, reason = "the program's own clock cannot be set here")]
fn incident() -> String {
    let at = Timestamp::now().strftime("%Y-%m-%d %H:%M UTC");
    format!("+++\ncomponents = [\"imap\"]\n+++\n## Investigating · {at}\nLogins fail.\n")
}

/// A site at that address, with an incident of that time.
fn site(url: &str, publish: &str) -> TestSite {
    let site = TestSite::new(&[("incidents/logins-fail.md", &incident())]);
    config(&site, url, publish);
    site
}

fn config(site: &TestSite, url: &str, publish: &str) {
    let head = "time_zone = \"Europe/Oslo\"\n[[component]]\nname = \"IMAP\"\n";
    site.write("upfront.toml", format!("title = \"Test\"\nurl = \"{url}\"\n{head}{publish}"));
}

/// What others put beside the site at a place must not matter to it.
fn same_files(served: &Path, site: &TestSite) {
    let mut diff = Command::new("diff");
    diff.arg("-r").args([".upfront-sent", ".nojekyll", ".git", "CNAME"].iter().flat_map(|name| ["-x", name]));
    let output = diff.arg(served).arg(site.path("public")).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
}

#[test]
fn a_folder_gets_what_changed_is_looked_at_and_what_is_live_is_written_down() {
    let site = site("http://127.0.0.1:9", "");
    let web = site.outside("web", "").with_extension("d");
    fs::create_dir(&web).unwrap();
    fs::write(web.join("CNAME"), "status.example").unwrap();
    let host = Server::of_folder(&web);
    let place = format!("[[publish]]\nid = \"web\"\nkind = \"folder\"\npath = \"{}\"\n", web.display());
    config(&site, &host.url("127.0.0.1"), &place);

    let said = |ran: String| ran.replace(&host.url("127.0.0.1"), "[URL]");
    assert_data_eq!(
        said(site.run("publish --build").all()),
        str![[r#"
status 0
stdout:
web       [..] new; served at [URL]
1 update was seen live for the first time, and written down

"#]]
    );
    same_files(&web, &site);
    let receipts = site.read("history/receipts.ndjson");
    assert!(receipts.contains("incidents/logins-fail/#u-20"), "{receipts}");

    // Nothing new: nothing is sent, and nothing is written down twice.
    assert_data_eq!(
        said(site.run("publish").all()),
        str![[r#"
status 0
stdout:
web       nothing changed; served at [URL]

"#]]
    );
    assert_eq!(site.read("history/receipts.ndjson"), receipts);

    // What is gone goes there as well; what others put there stays.
    fs::remove_file(site.path("incidents/logins-fail.md")).unwrap();
    assert!(site.run("build").status == Some(0));
    let rehearsed = site.run("publish --dry-run").stdout;
    assert!(rehearsed.contains("would be sent:") && rehearsed.contains(" removed"), "{rehearsed}");
    assert!(web.join("incidents/logins-fail/index.html").exists());
    assert_eq!(site.run("publish").status, Some(0));
    same_files(&web, &site);
    assert!(!web.join("incidents/logins-fail").exists(), "no empty folder stays");
    assert_eq!(fs::read_to_string(web.join("CNAME")).unwrap(), "status.example");
}

#[test]
fn who_serves_the_old_build_or_half_a_page_is_told() {
    let site = site("http://127.0.0.1:9", "");
    let web = site.outside("web", "").with_extension("d");
    // The page is new only when it was asked for three times.
    let asked = Arc::new(AtomicUsize::new(0));
    let host = {
        let (web, asked) = (web.clone(), Arc::clone(&asked));
        Server::new(move |call| {
            assert_eq!(call.header("cache-control"), Some("no-cache"), "{call:?}");
            let n = asked.fetch_add(1, Ordering::Relaxed);
            if n < 3 { Answer::of("{\"page\":{\"name\":\"of yesterday\"}}") } else { Answer::file(&web, call) }
        })
    };
    let place = |settle: &str| {
        format!("[[publish]]\nid = \"web\"\nkind = \"folder\"\npath = \"{}\"\nsettle = \"{settle}\"\n", web.display())
    };
    config(&site, &host.url("127.0.0.1"), &place("30s"));
    let ran = site.run("publish --build");
    assert_eq!(ran.status, Some(0), "{}", ran.all());
    assert!(ran.stderr.contains("web: waiting until") && asked.load(Ordering::Relaxed) > 3, "{}", ran.all());

    let told = |answer: fn(&Path, &str) -> Answer| {
        let web = web.clone();
        let host = Server::new(move |call| answer(&web, call.path.split('?').next().unwrap_or_default()));
        config(&site, &host.url("127.0.0.1"), &place("1s"));
        let ran = site.run("publish --build");
        assert_eq!(ran.status, Some(1), "{}", ran.all());
        ran.stdout.replace(&host.url("127.0.0.1"), "[URL]").split_once("; but ").unwrap().1.to_owned()
    };
    assert_eq!(told(|_, _| Answer::of("{}")), "[URL]/status.json is still another build's\n");
    assert_eq!(told(|_, _| Answer::status(503)), "[URL]/status.json answers 503\n");
    assert_eq!(
        told(|web, path| match path {
            "/" => Answer::of(fs::read(web.join("index.html")).unwrap()[..900].to_owned()),
            _ => Answer::of(fs::read(web.join(path.trim_start_matches('/'))).unwrap()),
        }),
        "[URL]/ is the new one, but cut off\n"
    );
    assert!(
        !site.path("history/receipts.ndjson").exists() || site.read("history/receipts.ndjson").lines().count() == 1
    );
}

#[test]
fn a_branch_is_pushed_to_never_by_force_and_not_without_need() {
    let site = site("https://status.example", "");
    let remote = site.outside("pages", "").with_extension("git");
    run_git(&site.root(), "", &["init", "-q", "--bare", remote.to_str().unwrap()]);
    let place = format!(
        "[[publish]]\nid = \"pages\"\nkind = \"git\"\nremote = \"{}\"\nbranch = \"pages\"\nurl = \"http://127.0.0.1:9\"\n",
        remote.display()
    );
    config(&site, "https://status.example", &place);
    let ran = site.run("publish --build --no-wait");
    assert_data_eq!(
        ran.all(),
        str![[r#"
status 0
stdout:
pages     [..] new

"#]]
    );
    let git = |arguments: &[&str]| run_git(&remote, "2026-11-25T11:00Z", arguments);
    let head = git(&["rev-parse", "pages"]);
    assert_eq!(site.run("publish --no-wait").stdout, "pages     nothing changed\n");
    assert_eq!(git(&["rev-parse", "pages"]), head, "nothing changed, so there is no commit");

    // Somebody else commits there meanwhile; it stays.
    let clone = site.outside("clone", "").with_extension("d");
    run_git(&site.root(), "", &["clone", "-q", "-b", "pages", remote.to_str().unwrap(), clone.to_str().unwrap()]);
    fs::write(clone.join("CNAME"), "status.example").unwrap();
    run_git(&clone, "2026-11-25T11:00Z", &["add", "CNAME"]);
    run_git(&clone, "2026-11-25T11:00Z", &["commit", "-q", "-m", "Name"]);
    run_git(&clone, "", &["push", "-q"]);
    site.write("incidents/logins-fail.md", incident().replace("fail.", "fail for all."));
    assert!(site.run("publish --build --no-wait").stdout.contains("changed"));
    run_git(&clone, "", &["pull", "-q"]);
    assert!(clone.join("CNAME").exists() && clone.join(".nojekyll").exists());
    same_files(&clone, &site);
}

#[test]
fn a_place_that_fails_or_hangs_keeps_no_other_waiting() {
    let site = site("https://status.example", "");
    let web = site.outside("web", "").with_extension("d");
    let place = format!(
        "[[publish]]\nid = \"broken\"\nkind = \"command\"\ncommand = \"echo no space left >&2; exit 3\"\n\
         [[publish]]\nid = \"hangs\"\nkind = \"command\"\ncommand = \"sleep 60 & sleep 60\"\ntimeout = \"1s\"\n\
         [[publish]]\nid = \"gone\"\nkind = \"git\"\nremote = \"{0}.git\"\nbranch = \"pages\"\n\
         [[publish]]\nid = \"own\"\nkind = \"command\"\ncommand = \"cp -r \\\"$UPFRONT_FOLDER\\\" {0}\"\n",
        web.display()
    );
    config(&site, "https://status.example", &place);
    let begun = Instant::now();
    let ran = site.run("publish --build --no-wait");
    assert!(begun.elapsed() < Duration::from_secs(30));
    assert_eq!(ran.status, Some(1), "{}", ran.all());
    let lines: Vec<&str> = ran.stdout.lines().collect();
    assert_eq!(lines[0], "broken    failed: the command ended with exit status 3: no space left");
    assert_eq!(lines[1], "hangs     failed: it took longer than 1 s and was stopped");
    assert!(lines[2].starts_with("gone      failed: "), "{}", lines[2]);
    assert_eq!(lines[3], "own       done");
    same_files(&web, &site);
}

#[test]
fn what_cannot_be_published_is_told_with_a_cure() {
    let site = site("https://status.example", "");
    assert_data_eq!(
        site.run("publish --build").all(),
        str![[r#"
status 2
stderr:
error: no place to publish to is known
 |
 = add `[[publish]]` to `upfront.toml`, or to `upfront.private.toml`; see docs/publishing.md

"#]]
    );
    config(&site, "https://status.example", "[[publish]]\nid = \"web\"\nkind = \"folder\"\npath = \"../web\"\n");
    assert_data_eq!(
        site.run("publish wbe").all(),
        str![[r#"
status 2
stderr:
error: no place to publish to is called `wbe`
 |
 = did you mean `web`?

"#]]
    );
    // Never a folder that is not a whole build.
    fs::remove_dir_all(site.path("public")).unwrap();
    assert_data_eq!(
        site.run("publish").all(),
        str![[r#"
status 2
stderr:
error: there is no built site in `public`: build it first (`upfront build`)

"#]]
    );
    site.write("public/index.html", "<html>");
    assert_data_eq!(
        site.run("publish").all(),
        str![[r#"
status 2
stderr:
error: there is no built site in `public`: build it first (`upfront build`)

"#]]
    );
    assert_eq!(site.run("build --out other").status, Some(0));
    fs::write(site.path("other/index.html"), "<html>").unwrap();
    assert_data_eq!(
        site.run("publish --out other").all(),
        str![[r#"
status 1
stdout:
web       failed: `index.html` is not as it was built: another build is under way, or it was changed

"#]]
    );
    assert!(!site.path("../web/index.html").exists());
}

/// Real `rsync`, here from folder to folder; over ssh it is tried with the browser tests.
#[test]
fn rsync_brings_a_site_in_steps_and_takes_away_what_is_gone() {
    if Command::new("rsync").arg("--version").output().is_err() {
        eprintln!("skipped: there is no rsync");
        return;
    }
    let site = site("https://status.example", "");
    let web = site.outside("web", "").with_extension("d");
    let place = format!("[[publish]]\nid = \"mirror\"\nkind = \"rsync\"\nto = \"{}/\"\n", web.display());
    config(&site, "https://status.example", &place);
    let ran = site.run("publish --build --no-wait");
    assert!(ran.status == Some(0) && ran.stdout.ends_with(" new\n"), "{}", ran.all());
    same_files(&web, &site);
    fs::write(web.join("own.txt"), "of somebody else").unwrap();
    fs::remove_file(site.path("incidents/logins-fail.md")).unwrap();
    let ran = site.run("publish --build --no-wait");
    assert!(ran.stdout.contains(" removed"), "{}", ran.all());
    assert!(web.join("own.txt").exists());
    fs::remove_file(web.join("own.txt")).unwrap();
    same_files(&web, &site);
}

/// Whoever is killed half-way leaves no page that links to nothing, and the next one finishes the work.
#[test]
fn killed_at_any_moment_no_reader_meets_half_a_site() {
    let site = site("https://status.example", "");
    let web = site.outside("web", "").with_extension("d");
    let place = format!("[[publish]]\nid = \"web\"\nkind = \"folder\"\npath = \"{}\"\n", web.display());
    config(&site, "https://status.example", &place);
    for round in 0..20_u32 {
        let text = incident().replace("fail.", &format!("fail since {round}."));
        site.write(&format!("incidents/2026-11-25-number-{round}.md"), &text);
        if round > 0 {
            fs::remove_file(site.path(&format!("incidents/2026-11-25-number-{}.md", round - 1))).unwrap();
        }
        assert_eq!(site.run("build").status, Some(0));
        let mut child = site.command("publish --no-wait --quiet").spawn().unwrap();
        thread::sleep(Duration::from_micros(u64::from(round) * 1500));
        let _ = child.kill();
        let _ = child.wait();
        if let Ok(front) = fs::read_to_string(web.join("index.html")) {
            assert!(front.trim_end().ends_with("</html>"), "a page is whole, old or new");
            for link in front.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next()) {
                let is_page =
                    link.ends_with(".css") || link.starts_with("incidents/") || link.starts_with("./incidents/");
                let link = link.trim_start_matches("./").split('#').next().unwrap_or_default();
                let path = web.join(if link.ends_with('/') { format!("{link}index.html") } else { link.to_owned() });
                assert!(!is_page || path.exists(), "{link} of the front page is missing in round {round}");
            }
        }
    }
    assert_eq!(site.run("publish --no-wait").status, Some(0));
    same_files(&web, &site);
}

#[test]
fn a_folder_that_cannot_be_written_is_told() {
    let site = site("https://status.example", "");
    let web = site.outside("web", "").with_extension("d");
    fs::create_dir(&web).unwrap();
    fs::set_permissions(&web, fs::Permissions::from_mode(0o500)).unwrap();
    if fs::write(web.join("try"), "").is_ok() {
        eprintln!("skipped: this user may write everywhere");
        return;
    }
    let place = format!("[[publish]]\nid = \"web\"\nkind = \"folder\"\npath = \"{}\"\n", web.display());
    config(&site, "https://status.example", &place);
    let ran = site.run("publish --build --no-wait");
    assert_eq!(ran.status, Some(1), "{}", ran.all());
}

#[test]
fn a_folder_of_the_source_is_refused_and_a_name_that_no_address_holds_is_told() {
    let site = site("https://status.example", "");
    for path in ["incidents", "history/pages", ".", "public", "public/copy"] {
        let place = format!("[[publish]]\nid = \"web\"\nkind = \"folder\"\npath = \"{path}\"\n");
        config(&site, "https://status.example", &place);
        let ran = site.run("publish --build --no-wait");
        assert!(ran.status == Some(1) && ran.stdout.contains("is, holds or lies in"), "{path}: {}", ran.all());
    }
    assert!(!site.path("incidents/index.html").exists() && !site.path("history/pages").exists());
    config(&site, "https://status.example", "[[publish]]\nid = \"web\"\nkind = \"folder\"\npath = \"../web\"\n");
    site.write("public/extra/a:b.txt", "text");
    let ran = site.run("publish --no-wait");
    assert!(ran.status == Some(2) && ran.stderr.contains("extra/a:b.txt"), "{}", ran.all());
}
