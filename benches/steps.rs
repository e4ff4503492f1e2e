//! The four steps one by one, and the whole: `cargo bench --bench steps`. Sites and output lie in memory.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a benchmark that fails should stop")]

mod corpus;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, OnceLock};

use divan::counter::{BytesCount, ItemsCount};
use divan::{Bencher, black_box};
use jiff::Timestamp;
use rayon::prelude::*;
use tempfile::TempDir;
use upfront::model::Site;
use upfront::render::{Content, Output, Theme};

const SIZES: [usize; 3] = [100, 1_000, 10_000];

fn main() {
    divan::main();
    // The sites lie in a static, which nobody drops.
    drop(SCRATCH.lock().expect("nobody panicked").take());
}

static SCRATCH: Mutex<Option<TempDir>> = Mutex::new(None);

/// A folder on a memory file system where there is one.
fn scratch() -> PathBuf {
    let mut scratch = SCRATCH.lock().expect("nobody panicked");
    let new = || {
        let memory = Path::new("/dev/shm");
        if memory.is_dir() { TempDir::new_in(memory) } else { TempDir::new() }
    };
    scratch.get_or_insert_with(|| new().expect("a folder")).path().to_owned()
}

/// The site of that size; made once.
fn folder(posts: usize) -> PathBuf {
    static MADE: OnceLock<Mutex<BTreeMap<usize, PathBuf>>> = OnceLock::new();
    let mut made = MADE.get_or_init(Mutex::default).lock().expect("nobody panicked");
    let make = || {
        let folder = scratch().join(format!("site-{posts}"));
        corpus::generate(&folder, posts).expect("a site");
        folder
    };
    made.entry(posts).or_insert_with(make).clone()
}

fn now() -> Timestamp {
    corpus::NOW.parse().expect("a time")
}

fn site(posts: usize) -> Site {
    upfront::load::load(&folder(posts)).expect("a site").value
}

fn build(root: &Path, out: &Path) -> upfront::write::Written {
    let site = upfront::load::load(root).expect("a site").value;
    let derived = upfront::derive::derive(&site, now());
    let theme = Theme::new(&site.theme, &site.config).expect("a theme");
    let outputs = upfront::render::render(&site, &derived, &theme);
    upfront::write::write(root, out, &outputs, "bench", &|_, _| {}).expect("a build")
}

#[divan::bench(args = SIZES, max_time = 5)]
fn load(bencher: Bencher<'_, '_>, posts: usize) {
    let folder = folder(posts);
    bencher.counter(ItemsCount::new(posts)).bench(|| upfront::load::load(&folder));
}

#[divan::bench(args = SIZES, max_time = 5)]
fn derive(bencher: Bencher<'_, '_>, posts: usize) {
    let site = site(posts);
    bencher.counter(ItemsCount::new(posts)).bench(|| upfront::derive::derive(&site, now()));
}

#[divan::bench(args = SIZES, max_time = 5)]
fn render(bencher: Bencher<'_, '_>, posts: usize) {
    let site = site(posts);
    let derived = upfront::derive::derive(&site, now());
    let theme = Theme::new(&site.theme, &site.config).expect("a theme");
    bencher.counter(ItemsCount::new(posts)).bench(|| {
        let outputs = upfront::render::render(&site, &derived, &theme);
        outputs.par_iter().map(|output| black_box(upfront::write::bytes(output).expect("a page")).len()).sum::<usize>()
    });
}

#[divan::bench(args = SIZES, max_time = 5)]
fn write(bencher: Bencher<'_, '_>, posts: usize) {
    let site = site(posts);
    let derived = upfront::derive::derive(&site, now());
    let theme = Theme::new(&site.theme, &site.config).expect("a theme");
    let outputs = upfront::render::render(&site, &derived, &theme);
    let made: Vec<Vec<u8>> = outputs.iter().map(|output| upfront::write::bytes(output).expect("a page")).collect();
    let ready: Vec<Output<'_>> = outputs
        .iter()
        .zip(&made)
        .map(|(output, bytes)| Output {
            path: output.path.clone(),
            class: output.class,
            key: output.key,
            content: Content::made(|| Ok(bytes.clone())),
        })
        .collect();
    let root = folder(posts);
    bencher
        .counter(BytesCount::new(made.iter().map(Vec::len).sum::<usize>()))
        .with_inputs(Fresh::new)
        .bench_values(|fresh| (upfront::write::write(&root, &fresh.out(), &ready, "bench", &|_, _| {}), fresh));
}

#[divan::bench(args = SIZES, max_time = 10)]
fn whole(bencher: Bencher<'_, '_>, posts: usize) {
    let root = folder(posts);
    bencher
        .counter(ItemsCount::new(posts))
        .with_inputs(Fresh::new)
        .bench_values(|fresh| (build(&root, &fresh.out()), fresh));
}

#[divan::bench(args = SIZES, max_time = 10)]
fn one_edit(bencher: Bencher<'_, '_>, posts: usize) {
    let root = folder(posts);
    let fresh = Fresh::new();
    build(&root, &fresh.out());
    let file = root.join(corpus::file_to_edit(posts));
    let original = fs::read_to_string(&file).expect("a post");
    let mut edit = 0;
    bencher
        .with_inputs(|| {
            edit += 1;
            fs::write(&file, format!("{original}Said {edit} times.\n")).expect("an edit");
        })
        .bench_local_values(|()| build(&root, &fresh.out()));
    fs::write(&file, original).expect("the post as it was");
}

/// A folder in which no site stands yet.
struct Fresh(TempDir);

impl Fresh {
    fn new() -> Fresh {
        Fresh(TempDir::new_in(scratch()).expect("a folder"))
    }

    fn out(&self) -> PathBuf {
        self.0.path().join("public")
    }
}
