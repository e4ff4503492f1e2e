//! Writes the benchmarks' site: `cargo run --release --example corpus -- 10000 /dev/shm/site`.

#[path = "../benches/corpus/mod.rs"]
mod corpus;

use std::path::Path;
use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [posts, folder] = arguments.as_slice() else { return usage() };
    let Ok(posts) = posts.parse() else { return usage() };
    match corpus::generate(Path::new(folder), posts) {
        Ok(()) => {
            println!("{posts} posts in {folder}; build them with --now {}", corpus::NOW);
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("could not write {folder}: {error}");
            ExitCode::from(2)
        }
    }
}

fn usage() -> ExitCode {
    eprintln!("usage: corpus POSTS FOLDER");
    ExitCode::from(2)
}
