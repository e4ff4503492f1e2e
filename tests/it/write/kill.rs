//! SIGKILL at forty moments spread over a build.
//!
//! A process of its own writes two versions of one site in turn, until it is killed. Whatever the moment: every file is
//! wholly of one version, every link leads somewhere, nothing else lies in the folder; and the next build makes of it
//! exactly what an undisturbed one makes. That the order of the steps is right is proved for every step in
//! `src/write/steps.rs`; here it is the real thing.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use upfront::render::{Class, Content, Key, Output, SitePath};
use upfront::write::write;

use super::files_in;

const MOMENTS: u32 = 40;
const INCIDENTS: usize = 150;
const FOLDER: &str = "UPFRONT_TEST_KILL_FOLDER";

/// All files of a version: a third of the incidents are only in one of the two. Each page names its version and all that
/// it links to, a line each, and is long enough to be torn.
fn site(version: u8) -> BTreeMap<String, (Class, String)> {
    let has = |n: &usize| n.is_multiple_of(3) || *n % 3 == usize::from(version);
    let page = |links: &[String]| format!("version {version}\n{}\n{}", links.join("\n"), "and so on. ".repeat(200));
    let css = format!("style.{version}.css");
    let incident = |n: &usize| format!("incidents/{n}/index.html");
    let mut site = BTreeMap::from([(css.clone(), (Class::Asset, page(&[])))]);
    for n in (0..INCIDENTS).filter(has) {
        let near = (n + 1..INCIDENTS).find(has).unwrap_or(0);
        // Every sixth does not change from one version to the other.
        let text = if n % 6 == 0 { "the same in both\n".to_owned() } else { page(&[css.clone(), incident(&near)]) };
        site.insert(incident(&n), (Class::Leaf, text));
    }
    let lists = (0..10).map(|list| format!("history/{list}/index.html"));
    for (list, path) in lists.clone().enumerate() {
        let links: Vec<String> = (0..INCIDENTS).filter(has).filter(|n| n % 10 == list).map(|n| incident(&n)).collect();
        site.insert(path, (Class::Index, page(&links)));
    }
    site.insert("index.html".into(), (Class::Front, page(&lists.chain([css]).collect::<Vec<_>>())));
    site
}

fn build(root: &Path, version: u8) {
    let site = site(version);
    let output = |(path, (class, text)): (&String, &(Class, String))| {
        let text = text.clone();
        let key = (*class == Class::Leaf).then(|| Key::of(&text));
        let content = Content::made(move || Ok(text.clone().into_bytes()));
        Output { path: SitePath::new(path).expect("a path"), class: *class, key, content }
    };
    let outputs: Vec<Output<'_>> = site.iter().map(output).collect();
    write(root, &root.join("public"), &outputs, "test", &|_, _| {}).expect("a build");
}

#[test]
#[ignore = "the process that the test below starts and kills"]
fn builds_until_killed() {
    let Some(root) = std::env::var_os(FOLDER) else { return };
    for version in [1, 2].into_iter().cycle() {
        println!("begin");
        build(Path::new(&root), version);
    }
}

/// Lets a process build for a while from its second or third build on, and kills it.
fn build_and_kill(root: &Path, after: Duration, builds: usize) {
    let mut child = Command::new(std::env::current_exe().expect("this program"))
        .args(["write::kill::builds_until_killed", "--exact", "--ignored", "--nocapture"])
        .env(FOLDER, root)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("a process");
    let lines = BufReader::new(child.stdout.take().expect("its output")).lines().map_while(Result::ok);
    let begun = lines.filter(|line| line.ends_with("begin")).nth(builds);
    assert!(begun.is_some(), "the process builds");
    std::thread::sleep(after);
    child.kill().expect("a process that lives");
    child.wait().expect("its end");
}

/// What is wrong with the folder, if anything. `None` as well while there is no folder yet.
fn wrong(out: &Path, versions: &[BTreeMap<String, (Class, String)>; 2]) -> Option<String> {
    let found = files_in(out);
    for (path, bytes) in found.iter().filter(|(path, _)| !path.ends_with('/')) {
        let of = versions.iter().filter_map(|version| version.get(path));
        if !of.clone().any(|(_, text)| text.as_bytes() == bytes) {
            return Some(format!("`{path}` is {}", if of.count() == 0 { "a stray" } else { "torn" }));
        }
    }
    let mut seen = BTreeSet::new();
    let mut left = if out.exists() { vec!["index.html"] } else { vec![] };
    while let Some(path) = left.pop() {
        let Some(bytes) = found.get(path) else { return Some(format!("a link to `{path}` dangles")) };
        if seen.insert(path) {
            let text = std::str::from_utf8(bytes).expect("text");
            left.extend(text.lines().filter(|line| line.ends_with(".html") || line.ends_with(".css")));
        }
    }
    None
}

#[cfg(unix)]
#[test]
fn killed_at_any_moment_the_site_is_whole_and_the_next_build_finishes() {
    let folder = tempfile::tempdir().expect("a folder");
    let (root, out) = (folder.path(), folder.path().join("public"));
    let versions = [site(1), site(2)];
    let undisturbed = [1, 2].map(|version| {
        let fresh = tempfile::tempdir().expect("a folder");
        build(fresh.path(), version);
        files_in(&fresh.path().join("public"))
    });

    build(root, 1);
    let began = Instant::now();
    build(root, 2);
    let lasts = began.elapsed();

    let mut among_the_renames = 0;
    for moment in 0..MOMENTS {
        // Every eighth is the first build of all.
        let builds = usize::from(moment % 8 != 0);
        if builds == 0 {
            std::fs::remove_dir_all(&out).expect("a folder");
        }
        build_and_kill(root, lasts * moment / MOMENTS, builds);
        assert_eq!(wrong(&out, &versions), None, "killed at moment {moment} of {MOMENTS}");
        let found = files_in(&out);
        among_the_renames += u32::from(!undisturbed.contains(&found) && !found.is_empty());

        let version = if moment % 2 == 0 { 1 } else { 2 };
        build(root, version);
        assert!(files_in(&out) == undisturbed[usize::from(version) - 1], "the build after moment {moment}");
        let beside: Vec<_> =
            std::fs::read_dir(root).expect("a folder").flatten().map(|entry| entry.file_name()).collect();
        assert_eq!(beside.len(), 2, "nothing is left beside the site and its list: {beside:?}");
    }
    println!("{among_the_renames} of {MOMENTS} were among the renames");
}
