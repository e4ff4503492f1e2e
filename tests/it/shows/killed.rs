//! SIGKILL while the real program builds two versions of a site in turn into one folder.
//!
//! Whatever the moment, a reader finds every file whole, of one version or the other, and no link that leads nowhere;
//! and the next build makes exactly what an undisturbed one makes.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::{Component, Path};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::site_test::TestSite;

const MOMENTS: u32 = 40;
const INCIDENTS: usize = 300;

type Files = BTreeMap<String, Vec<u8>>;

#[cfg(unix)]
#[test]
fn killed_at_any_moment_the_site_is_whole_and_the_next_build_finishes() {
    let place = TestSite::new(&[]);
    let versions = ["a", "b"];
    let undisturbed = versions.map(|version| {
        write_site(&place, version);
        build(&place, version, &format!("alone-{version}/public"));
        place.files(&format!("alone-{version}/public"))
    });
    assert_ne!(undisturbed[0], undisturbed[1]);
    build(&place, "b", "out/public");
    let began = Instant::now();
    build(&place, "a", "out/public");
    let lasts = began.elapsed();

    let mut seed = u64::from(std::process::id());
    let mut between = 0;
    for moment in 0..MOMENTS {
        // The site that stands is that of the other version.
        let version = usize::from(moment % 2 == 0);
        // Most of a build is reading and rendering: every second moment lies where files are put in place.
        let is_renaming = moment % 4 > 1;
        let after = lasts.mul_f64(random(&mut seed) * if is_renaming { 0.02 } else { 1.1 });
        kill(&place, versions[version], is_renaming, after);
        let found = place.files("out/public");
        assert_eq!(wrong(&found, &undisturbed), None, "killed at moment {moment}, after {after:?}");
        between += u32::from(!undisturbed.contains(&found));

        build(&place, versions[version], "out/public");
        assert!(place.files("out/public") == undisturbed[version], "the build after moment {moment}");
        let mut beside: Vec<_> =
            fs::read_dir(place.path("out")).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        beside.sort();
        assert_eq!(beside, [".public.upfront", "public"], "after moment {moment}");
    }
    println!("{between} of {MOMENTS} were among the renames");
}

/// One version: every third incident only in one of them, every second with other words.
fn write_site(place: &TestSite, version: &str) {
    let is_a = version == "a";
    place.write(
        &format!("{version}/upfront.toml"),
        format!("{}[[component]]\nname = \"POP\"\n", place.read("upfront.toml")),
    );
    for n in 0..INCIDENTS {
        if n % 3 == usize::from(is_a) {
            continue;
        }
        let (month, day) = (1 + n % 12, 1 + n % 28);
        let near =
            (n + 1..).find(|near| near % 3 != usize::from(is_a)).map(|near| near % INCIDENTS).unwrap_or_default();
        let mut text = format!("+++\ncomponents = [\"{}\"]\n+++\n\n", ["imap", "pop"][n % 2]);
        let words = if n % 2 == 0 { version } else { "both" };
        let _ = writeln!(
            text,
            "## Investigating · 2025-{month:02}-{day:02} 11:20\nSlow: {words}. See [another]({near}.md).\n"
        );
        let _ = writeln!(text, "## Resolved · 2025-{month:02}-{day:02} 12:20\nFast again: {words}.");
        place.write(&format!("{version}/incidents/{n}.md"), text);
    }
}

fn upfront(place: &TestSite, version: &str, out: &str) -> Command {
    let out = place.path(out);
    fs::create_dir_all(out.parent().unwrap()).unwrap();
    let mut command = place.command("build --quiet --now 2026-11-24T12:00:00Z");
    command.arg("--site").arg(place.path(version)).arg("--out").arg(out);
    command
}

fn build(place: &TestSite, version: &str, out: &str) {
    let built = place.ended(&mut upfront(place, version, out));
    assert_eq!(built.status, Some(0), "{}", built.stderr);
}

/// Kills a build so long after it began, or after it began to put files in place.
fn kill(place: &TestSite, version: &str, is_renaming: bool, after: Duration) {
    let path = place.path("out/.public.upfront");
    let list = || fs::metadata(&path).and_then(|list| list.modified()).unwrap();
    let before = list();
    let mut command = upfront(place, version, "out/public");
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    // The list is written before the first file is put in place.
    while is_renaming && list() == before && child.try_wait().unwrap().is_none() {}
    std::thread::sleep(after);
    // It may have ended already, which is a moment as well.
    let _ = child.kill();
    child.wait().unwrap();
}

/// What a reader finds wrong, if anything.
fn wrong(found: &Files, versions: &[Files; 2]) -> Option<String> {
    for (path, bytes) in found {
        let of: Vec<_> = versions.iter().filter_map(|version| version.get(path)).collect();
        if !of.contains(&bytes) {
            return Some(format!("`{path}` is {}", if of.is_empty() { "a stray" } else { "torn" }));
        }
    }
    let mut seen = BTreeSet::new();
    let mut ahead = vec![("nothing".to_owned(), "index.html".to_owned())];
    while let Some((from, path)) = ahead.pop() {
        let Some(bytes) = found.get(&path) else {
            return Some(format!("`{from}` links to `{path}`, which is not there"));
        };
        if seen.insert(path.clone()) && path.ends_with(".html") {
            let text = std::str::from_utf8(bytes).unwrap();
            ahead.extend(links(&path, text).into_iter().map(|link| (path.clone(), link)));
        }
    }
    assert!(seen.len() > INCIDENTS / 3, "{}", seen.len());
    None
}

/// The files of the site to which a page links.
fn links(page: &str, text: &str) -> BTreeSet<String> {
    let addresses = [" href=\"", " src=\""].into_iter().flat_map(|name| text.split(name).skip(1));
    let addresses = addresses.filter_map(|rest| rest.split(['"', '#', '?']).next());
    let inner = addresses.filter(|address| !address.is_empty() && !address.contains(':'));
    inner.map(|address| resolve(page, address)).collect()
}

fn resolve(page: &str, address: &str) -> String {
    let folder = Path::new(page).parent().unwrap();
    let mut path = std::path::PathBuf::new();
    for part in folder.join(address).components() {
        match part {
            Component::ParentDir => drop(path.pop()),
            Component::Normal(part) => path.push(part),
            Component::CurDir | Component::RootDir | Component::Prefix(_) => {}
        }
    }
    if address.ends_with('/') || address.ends_with('.') {
        path.push("index.html");
    }
    path.to_str().unwrap().to_owned()
}

/// From 0 up to 1, by a linear congruence: moments must differ, no more.
fn random(seed: &mut u64) -> f64 {
    *seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    f64::from(u32::try_from(*seed >> 32).unwrap_or_default()) / f64::from(u32::MAX)
}
