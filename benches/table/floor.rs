//! What no builder can do without, in one thread and nothing else.
//!
//! The files written have the paths and the bytes of the built site. These are read into memory beforehand, and only what
//! follows is counted: the process tells its own CPU time.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use pulldown_cmark::{Options, Parser, html};

/// How many files are beneath `built`, and their bytes.
pub fn count(built: &Path) -> io::Result<(usize, u64)> {
    let files = files(built)?;
    let bytes = files.iter().map(|file| Ok(fs::metadata(file)?.len())).sum::<io::Result<u64>>()?;
    Ok((files.len(), bytes))
}

/// Reads, parses and writes; the CPU time that this took.
pub fn run(site: &Path, built: &Path, fresh: &Path) -> io::Result<Duration> {
    let outputs: Vec<(PathBuf, Vec<u8>)> = files(built)?
        .into_iter()
        .map(|file| Ok((fresh.join(file.strip_prefix(built).unwrap_or(&file)), fs::read(&file)?)))
        .collect::<io::Result<_>>()?;
    let before = own_cpu_time()?;
    let mut page = String::new();
    for file in files(&site.join("incidents"))? {
        let text = fs::read_to_string(file)?;
        page.clear();
        html::push_html(&mut page, Parser::new_ext(&text, Options::ENABLE_TABLES));
        std::hint::black_box(&page);
    }
    let mut last_folder = None;
    for (path, bytes) in &outputs {
        if path.parent() != last_folder {
            last_folder = path.parent();
            last_folder.iter().try_for_each(fs::create_dir_all)?;
        }
        File::create_new(path)?.write_all(bytes)?;
    }
    Ok(own_cpu_time()? - before)
}

/// Nanoseconds that this thread has run (`/proc/self/schedstat`, <https://docs.kernel.org/scheduler/sched-stats.html>).
fn own_cpu_time() -> io::Result<Duration> {
    let text = fs::read_to_string("/proc/self/schedstat")?;
    let nanoseconds = text.split(' ').next().and_then(|field| field.parse().ok());
    nanoseconds.map(Duration::from_nanos).ok_or_else(|| io::Error::other("/proc/self/schedstat is not what it was"))
}

/// All files beneath, by path.
fn files(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let files = walkdir::WalkDir::new(folder).sort_by_file_name().into_iter();
    let mut paths = Vec::new();
    for file in files {
        let file = file?;
        if file.file_type().is_file() {
            paths.push(file.into_path());
        }
    }
    Ok(paths)
}
