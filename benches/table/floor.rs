//! What no builder can do without, in one thread and nothing else.
//!
//! The files written have the paths and sizes of the built site; their bytes come from one buffer, so that reading the
//! site's own is not counted against anybody.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use pulldown_cmark::{Options, Parser, html};

/// Writes the size and path of each file beneath `built` into the file `sizes`. How many there are, and their bytes.
pub fn list(built: &Path, sizes: &Path) -> io::Result<(usize, u64)> {
    let mut list = io::BufWriter::new(File::create(sizes)?);
    let (mut count, mut bytes) = (0, 0);
    for file in files(built)? {
        let size = fs::metadata(&file)?.len();
        writeln!(list, "{size} {}", file.strip_prefix(built).unwrap_or(&file).display())?;
        count += 1;
        bytes += size;
    }
    list.flush()?;
    Ok((count, bytes))
}

/// Reads, parses and writes.
pub fn run(site: &Path, sizes: &Path, fresh: &Path) -> io::Result<()> {
    let mut page = String::new();
    for file in files(&site.join("incidents"))? {
        let text = fs::read_to_string(file)?;
        page.clear();
        html::push_html(&mut page, Parser::new_ext(&text, Options::ENABLE_TABLES));
        std::hint::black_box(&page);
    }
    let sizes = fs::read_to_string(sizes)?;
    let sizes: Vec<(usize, &str)> = sizes
        .lines()
        .filter_map(|line| line.split_once(' '))
        .filter_map(|(size, path)| Some((size.parse().ok()?, path)))
        .collect();
    let buffer = vec![b'x'; sizes.iter().map(|(size, _)| *size).max().unwrap_or(0)];
    let mut last_folder = None;
    for (size, path) in sizes {
        let path = fresh.join(path);
        if path.parent() != last_folder.as_deref() {
            last_folder = path.parent().map(Path::to_owned);
            last_folder.iter().try_for_each(fs::create_dir_all)?;
        }
        File::create_new(path)?.write_all(&buffer[..size])?;
    }
    Ok(())
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
