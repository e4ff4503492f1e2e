//! One input, one output: whatever the folder, the zone, the language, the user, the cores and the order of a folder's
//! files. And a build that has nothing new to say writes nothing.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use snapbox::{assert_data_eq, str};

use crate::site_test::TestSite;

#[test]
fn the_same_input_gives_the_same_bytes_anywhere() {
    let repository = Path::new(env!("CARGO_MANIFEST_DIR"));
    let sites = ["minimal", "broken", "outage"].map(|name| repository.join("tests/sites").join(name));
    for (folder, now) in
        sites.iter().map(|site| (site.as_path(), "2022-03-29T12:18:00Z")).chain([(repository, "2026-11-24T11:00:00Z")])
    {
        let here = built(folder, now, false, [("TZ", "America/St_Johns"), ("LC_ALL", "C"), ("RAYON_NUM_THREADS", "1")]);
        let there =
            built(folder, now, true, [("TZ", "Asia/Kathmandu"), ("LC_ALL", "ar_EG.UTF-8"), ("RAYON_NUM_THREADS", "2")]);
        assert!(here.len() > 50, "{}: {:?}", folder.display(), here.keys());
        assert_eq!(here.keys().collect::<Vec<_>>(), there.keys().collect::<Vec<_>>(), "{}", folder.display());
        let differ: Vec<&String> = here.keys().filter(|path| here[*path] != there[*path]).collect();
        assert!(differ.is_empty(), "{}: {differ:?}", folder.display());
    }
}

#[test]
fn a_build_of_what_did_not_change_writes_nothing() {
    let site = TestSite::copy_of("outage");
    site.run("build --now 2022-03-29T12:18:00Z");
    let before = touched(&site);
    assert!(before.len() > 100);
    assert!(site.run("build --now 2022-03-29T12:18:00Z").stdout.contains("(nothing changed)"));
    assert_eq!(touched(&site), before);
}

#[test]
fn another_minute_changes_only_what_states_the_minute() {
    assert_data_eq!(
        changed("2022-03-29T12:18:00Z", "2022-03-29T12:19:00Z"),
        str![[r#"
SHA256SUMS
incidents/2022-03-29-imap-and-pop-logins-failing/index.html
index.html
response.json
response/2022-q1/index.html
response/2022/index.html
status.json

"#]]
    );
}

#[test]
fn a_promise_that_was_not_kept_changes_what_says_so() {
    assert_data_eq!(
        changed("2022-03-29T12:29:00Z", "2022-03-29T12:31:00Z"),
        str![[r#"
SHA256SUMS
incidents/2022-03-29-imap-and-pop-logins-failing/index.html
index.html
response.json
response/2022-q1/index.html
response/2022/index.html
response/index.html
status.json

"#]]
    );
}

/// The files of the site of the outage that differ between two moments, a line each.
fn changed(before: &str, after: &str) -> String {
    let site = TestSite::copy_of("outage");
    site.run(&format!("build --now {before}"));
    let old = site.files("public");
    site.run(&format!("build --now {after}"));
    let new = site.files("public");
    let paths = old.keys().chain(new.keys().filter(|path| !old.contains_key(*path)));
    paths.filter(|path| old.get(*path) != new.get(*path)).map(|path| format!("{path}\n")).collect()
}

/// A copy of a site, built. Its files are made in the order of their names or against it, which is the order in which
/// many file systems list them.
fn built(folder: &Path, now: &str, backwards: bool, environment: [(&str, &str); 3]) -> BTreeMap<String, Vec<u8>> {
    let site = TestSite::new(&[]);
    let mut files: Vec<PathBuf> = ["upfront.toml", "incidents", "theme"]
        .into_iter()
        .flat_map(|part| walkdir::WalkDir::new(folder.join(part)).sort_by_file_name())
        .filter_map(Result::ok)
        .filter(|entry| entry.file_type().is_file())
        .map(walkdir::DirEntry::into_path)
        .collect();
    if backwards {
        files.reverse();
    }
    for file in files {
        site.write(file.strip_prefix(folder).unwrap().to_str().unwrap(), fs::read(&file).unwrap());
    }
    // In git, so that whatever it knows of times takes part.
    site.git_init();
    site.commit_at("2022-03-29T09:10:00Z");
    let mut command = site.command(&format!("build --now {now}"));
    command.envs(environment).env("HOME", site.path("../home"));
    if backwards {
        command.current_dir("/").args(["--site", site.root().to_str().unwrap()]);
    }
    let built = site.ended(&mut command);
    assert_eq!(built.status, Some(0), "{}", built.stderr);
    site.files("public")
}

/// When each file and folder of the output, and the list beside it, was last changed.
fn touched(site: &TestSite) -> BTreeMap<PathBuf, SystemTime> {
    let output = walkdir::WalkDir::new(site.path("public")).into_iter().map(|entry| entry.unwrap().into_path());
    let all = output.chain([site.path(".public.upfront")]);
    all.map(|path| (path.clone(), fs::symlink_metadata(path).unwrap().modified().unwrap())).collect()
}
