//! `upfront build` as its users meet it.

use std::fs;
use std::process::Stdio;

use snapbox::{assert_data_eq, str};

use crate::site_test::TestSite;

const OPEN: &str = "+++\ntitle = \"IMAP logins failing\"\nnext_update = 2022-03-29T14:30:00+02:00\n+++\n\n\
                    ## Investigating · 2022-03-29 11:20\nWe are looking into it.\n";
const MISSPELT: &str = "+++\ncomponents = [\"impa\"]\n+++\n\n## Investigating · 2022-03-29 11:20\nSlow.\n";

#[test]
fn a_build_ends_with_where_to_look_and_says_when_to_build_again() {
    let site = TestSite::new(&[("incidents/2022-03-29-imap.md", OPEN)]);
    let built = site.run("build --now 2022-03-29T12:18:00Z");
    assert_data_eq!(
        built.all(),
        str![[r#"
status 0
stdout:
Built 64 files in public (64 new)
Build again by 2022-03-29 14:30 CEST: the next update on "IMAP logins failing" is promised for then
  look at it   file://[SITE]/public/index.html

"#]]
    );
    assert!(site.read("public/index.html").contains("IMAP logins failing"));
    assert!(site.run("build --now 2022-03-29T12:18:00Z").stdout.contains("(nothing changed)"));
}

#[test]
fn a_picture_is_published_beneath_the_page_that_shows_it_and_again_once_it_changed() {
    let png = |tail: &str| [b"\x89PNG\r\n\x1a\n", tail.as_bytes()].concat();
    let site =
        TestSite::new(&[("incidents/imap/index.md", "## Resolved · 2022-03-29 21:05\n![Logins](A%20graph.png)\n")]);
    let published = || fs::read(site.path("public/incidents/imap/a-graph.png")).unwrap();
    site.write("incidents/imap/A graph.png", png("one"));
    site.run("build --now 2022-03-29T12:18:00Z");
    assert!(site.read("public/incidents/imap/index.html").contains("<img src=\"../../incidents/imap/a-graph.png\""));
    assert_eq!(published(), png("one"));
    site.write("incidents/imap/A graph.png", png("two"));
    let built = site.run("build --now 2022-03-29T12:18:00Z");
    assert_eq!(published(), png("two"));
    // With the list of files, which names its sum.
    assert!(built.stdout.contains("(2 changed)"), "{}", built.all());
    assert!(site.run("build --now 2022-03-29T12:18:00Z").stdout.contains("(nothing changed)"));
}

#[test]
fn the_repositorys_own_pictures_are_published() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let site = TestSite::new(&[]);
    let out = site.path("public");
    let mut build = site.command("build --now 2026-12-16T12:00:00Z --quiet");
    let built = site.ended(build.arg("-C").arg(root).arg("--out").arg(&out));
    assert_eq!(built.status, Some(0), "{}", built.all());
    let picture = "2026-03-24-mail-programs-cannot-log-in/connections.png";
    let written = fs::read(root.join("incidents/2026").join(picture)).unwrap();
    assert!(fs::read(out.join("incidents").join(picture)).unwrap() == written);
}

#[test]
fn a_mistake_is_told_and_published_and_fails_only_a_strict_build() {
    let site = TestSite::new(&[("incidents/2022-03-29-slow.md", MISSPELT)]);
    let built = site.run("build --now 2022-03-29T12:18:00Z");
    assert_eq!(built.status, Some(0));
    assert_data_eq!(
        built.stderr,
        str![[r#"
error[unknown-component]: no component is called `impa`
 --> incidents/2022-03-29-slow.md:2:15
  |
2 | components = ["impa"]
  |               ^^^^^^ did you mean `imap`?
  |
  = published, without this component

1 error in 1 file

"#]]
    );
    let strict = site.run("build --now 2022-03-29T12:18:00Z --strict");
    assert_eq!(strict.status, Some(1));
    assert!(site.read("public/index.html").contains("Slow."));
}

#[test]
fn programs_get_a_report() {
    let site = TestSite::new(&[("incidents/2022-03-29-slow.md", MISSPELT), ("incidents/2022-03-29-imap.md", OPEN)]);
    let built = site.run("build --now 2022-03-29T12:18:00Z --json");
    let report: serde_json::Value = serde_json::from_str(&built.stdout).unwrap();
    assert_eq!((&report["version"], &report["built"]), (&1.into(), &true.into()));
    assert_eq!(report["out"], "[SITE]/public");
    assert_eq!(report["due"]["at"], "2022-03-29T12:30:00Z");
    assert_eq!(report["due"]["reason"], "next_update");
    assert_eq!(report["due"]["of"], "2022-03-29-imap");
    assert_eq!(report["diagnostics"][0]["code"], "unknown-component");
    assert_eq!(report["created"], site.files("public").len());
    assert_eq!((&report["changed"], &report["removed"], &report["unchanged"]), (&0.into(), &0.into(), &0.into()));
}

#[test]
fn programs_get_a_report_of_what_could_not_be_built() {
    let report = |path: &str, text: &str| {
        let site = TestSite::new(&[]);
        site.write(path, text);
        let built = site.run("build --json");
        assert_eq!(built.status, Some(2), "{}", built.all());
        assert!(!built.stderr.is_empty());
        serde_json::from_str::<serde_json::Value>(&built.stdout).unwrap()
    };
    for (path, text, code) in [
        ("upfront.toml", "title =", "config-syntax"),
        ("theme/templates/pages/index.html", "{% if %}", "theme-template"),
    ] {
        let report = report(path, text);
        assert_eq!((&report["version"], &report["built"]), (&1.into(), &false.into()), "{path}");
        assert_eq!(report["diagnostics"][0]["code"], code);
    }
    // A file stands where the folder should be.
    let refused = report("public", "");
    assert_eq!(refused["built"], false);
    assert!(refused["error"].is_string(), "{refused:#}");
}

#[test]
fn serving_is_offered_only_where_it_would_show_what_was_built() {
    let site = TestSite::new(&[]);
    for (arguments, offered) in
        [("build", true), ("build --out elsewhere", false), ("build --now 2022-03-29T12:18:00Z", false)]
    {
        assert_eq!(site.run(arguments).stdout.contains("upfront serve"), offered, "{arguments}");
    }
}

#[test]
fn the_present_moment_is_given_as_people_write_it() {
    let site = TestSite::new(&[]);
    let now = |given: &str| {
        let mut command = site.command("build --json --now");
        let built = site.ended(command.arg(given));
        (built.status, serde_json::from_str::<serde_json::Value>(&built.stdout).unwrap_or_default()["now"].clone())
    };
    for given in ["2026-11-25T01:00:00Z", "2026-11-25T02:00+01:00", "2026-11-25T02:00", "2026-11-25 02:00"] {
        assert_eq!(now(given), (Some(0), "2026-11-25T01:00:00Z".into()), "{given}");
    }
}

#[test]
fn a_broken_config_stops_the_build_before_anything_is_touched() {
    let site = TestSite::new(&[("incidents/a.md", OPEN)]);
    site.run("build --now 2022-03-29T12:18:00Z");
    let before = site.files("public");
    site.write("upfront.toml", "title = \"Test\nurl = 7\n");
    let built = site.run("build --now 2022-03-29T12:19:00Z");
    assert_data_eq!(
        built.all(),
        str![[r#"
status 2
stderr:
error[config-syntax]: this is not TOML: invalid basic string, expected `"`
 --> upfront.toml:1:14
  |
1 | title = "Test
  |              ^ look at quotes, brackets and commas: text stands in `"`, and each key on a line of its own
  |
  = nothing is built

error[wrong-type]: `url` is a number
 --> upfront.toml:2:7
  |
2 | url = 7
  |       ^ it is text in quotes: `url = "…"`
  |
  = nothing is built

2 errors in 1 file

"#]]
    );
    assert_eq!(site.files("public"), before);
}

#[test]
fn a_broken_template_stops_the_build_before_anything_is_touched() {
    let site = TestSite::new(&[("incidents/a.md", OPEN)]);
    site.run("build --now 2022-03-29T12:18:00Z");
    let before = site.files("public");
    site.write("theme/templates/pages/index.html", "{% if %}");
    let built = site.run("build --now 2022-03-29T12:19:00Z");
    assert_eq!(built.status, Some(2), "{}", built.all());
    assert!(built.stderr.contains("error[theme-template]"), "{}", built.stderr);
    assert!(built.stderr.contains("theme/templates/pages/index.html:1:"), "{}", built.stderr);
    assert_eq!(site.files("public"), before);
}

#[test]
fn quiet_says_only_what_went_wrong() {
    let site = TestSite::new(&[("incidents/a.md", OPEN)]);
    assert_data_eq!(
        site.run("build --quiet --now 2022-03-29T12:18:00Z").all(),
        str![[r#"
status 0

"#]]
    );
    site.write("incidents/b.md", MISSPELT);
    assert!(site.run("build --quiet --now 2022-03-29T12:18:00Z").stderr.contains("no component is called `impa`"));
}

#[test]
fn the_folder_zone_language_and_user_do_not_matter() {
    let here = TestSite::new(&[("incidents/2022-03-29-imap.md", OPEN)]);
    let there = TestSite::new(&[("incidents/2022-03-29-imap.md", OPEN)]);
    here.run("build --now 2022-03-29T12:18:00Z");
    let mut command = there.command("build --now 2022-03-29T12:18:00Z --out elsewhere");
    command.envs([("TZ", "America/St_Johns"), ("LANG", "C"), ("LC_ALL", "ar_EG.UTF-8"), ("USER", "nobody")]);
    there.ended(&mut command);
    let (here, there) = (here.files("public"), there.files("elsewhere"));
    assert!(!here.is_empty());
    assert_eq!(here, there);
}

#[test]
fn nobody_reading_is_a_quiet_end() {
    let site = TestSite::new(&[("incidents/a.md", OPEN)]);
    let mut command = site.command("build --now 2022-03-29T12:18:00Z");
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), output.stderr), (Some(0), Vec::new()));
}

#[test]
fn a_lost_list_of_what_was_written_does_not_stop_the_news() {
    let site = TestSite::new(&[("incidents/imap.md", OPEN)]);
    site.run("build --now 2022-03-29T12:18:00Z");
    fs::write(site.path(".public.upfront"), "junk").unwrap();
    fs::write(site.path("incidents/imap.md"), OPEN.replace("We are looking into it.", "It is the disk.")).unwrap();
    let ran = site.run("build --now 2022-03-29T12:20:00Z");
    assert_eq!(ran.status, Some(0), "{}", ran.stderr);
    assert!(fs::read_to_string(site.path("public/index.html")).unwrap().contains("It is the disk."));
}
