//! Whole builds against the floor, as a table of ratios in Markdown: `cargo bench --bench table`.
//!
//! The *floor* is what no builder can do without: read the same files, run pulldown-cmark over them, write as many files
//! of the same bytes to the same paths. Everything runs as a process of its own, in turns, on a memory file system; what is
//! compared is CPU time, user and system, as the kernel counts it for children that have ended (`man 5 proc_pid_stat`:
//! `cutime`, `cstime`), so Linux alone can print this table.
//!
//! `cargo bench --bench table -- 1000 100000` measures those sizes instead of 100, 1,000 and 10,000.

#![allow(clippy::expect_used, clippy::panic, reason = "a benchmark that fails should stop")]

#[path = "../corpus/mod.rs"]
mod corpus;
mod floor;
mod measure;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use measure::{cpu_time, peak_kib};

/// What one size cost, on average.
struct Row {
    posts: usize,
    files: usize,
    bytes: u64,
    floor: Duration,
    build: Duration,
    edit: Duration,
    peak_kib: u64,
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    if let [mode, site, built, fresh] = arguments.as_slice()
        && mode == "floor"
    {
        let spent = floor::run(Path::new(site), Path::new(built), Path::new(fresh)).expect("a floor");
        return println!("{}", spent.as_nanos());
    }
    let mut sizes: Vec<usize> = arguments.iter().filter_map(|argument| argument.parse().ok()).collect();
    if sizes.is_empty() {
        sizes = vec![100, 1_000, 10_000];
    }
    println!("| posts | files | MiB | floor | build | build ÷ floor | edit ÷ build | CPU per post | peak MiB |");
    println!("|--:|--:|--:|--:|--:|--:|--:|--:|--:|");
    let mut per_post = None;
    for posts in sizes {
        let row = measure(posts);
        let own = row.build.as_secs_f64() / posts as f64;
        println!("{}", print(&row, own / *per_post.get_or_insert(own)));
    }
    println!("\nbuild ÷ floor may be 4.0, edit ÷ build 0.33. CPU per post is against the first row.");
}

fn print(row: &Row, per_post: f64) -> String {
    let ratio = |a: Duration, b: Duration| a.as_secs_f64() / b.as_secs_f64();
    format!(
        "| {} | {} | {:.1} | {:.0} ms | {:.0} ms | {:.2} | {:.2} | {per_post:.2} × | {:.0} |",
        row.posts,
        row.files,
        row.bytes as f64 / 1_048_576.0,
        row.floor.as_secs_f64() * 1000.0,
        row.build.as_secs_f64() * 1000.0,
        ratio(row.build, row.floor),
        ratio(row.edit, row.build),
        row.peak_kib as f64 / 1024.0,
    )
}

/// Rounds of floor, build, edit, until enough CPU time is spent to be exact about it.
fn measure(posts: usize) -> Row {
    let memory = Path::new("/dev/shm");
    let scratch = if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() }.expect("a folder");
    let site = scratch.path().join("site");
    corpus::generate(&site, posts).expect("a site");
    let edited = site.join(corpus::file_to_edit(posts));
    let original = fs::read_to_string(&edited).expect("a post");

    let peak_kib = peak_kib(&mut build(&site, &site.join("public")));
    let built = site.join("public");
    let (files, bytes) = floor::count(&built).expect("what was built");

    let mut spent = [Duration::ZERO; 3];
    let mut rounds = 0;
    while rounds < 3 || (spent[0] < Duration::from_millis(500) && rounds < 100) {
        let fresh = tempfile::tempdir_in(scratch.path()).expect("a folder");
        let floor_out: PathBuf = fresh.path().join("floor");
        spent[0] += floor(&site, &built, &floor_out);
        fs::remove_dir_all(floor_out).expect("the floor's files");
        let out = fresh.path().join("public");
        spent[1] += cpu_time(&mut build(&site, &out));
        fs::write(&edited, format!("{original}Said {rounds} times.\n")).expect("an edit");
        spent[2] += cpu_time(&mut build(&site, &out));
        fs::write(&edited, &original).expect("the post as it was");
        rounds += 1;
    }
    let [floor, build, edit] = spent.map(|spent| spent / rounds);
    Row { posts, files, bytes, floor, build, edit, peak_kib }
}

fn build(site: &Path, out: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_upfront"));
    command.arg("-C").arg(site).args(["--quiet", "build", "--now", corpus::NOW, "--out"]).arg(out);
    command
}

fn floor(site: &Path, built: &Path, fresh: &Path) -> Duration {
    let mut command = Command::new(std::env::current_exe().expect("this program"));
    let output = command.arg("floor").args([site, built, fresh]).output().expect("a floor");
    let told = String::from_utf8_lossy(&output.stdout);
    Duration::from_nanos(told.trim().parse().unwrap_or_else(|_| panic!("the floor said {told:?}")))
}
