//! Which files of a site are read, and how: bounded, never outside the site's folder, never what would block.
//!
//! [`find_posts`] walks `incidents/` and sorts what it finds into posts, drafts and the rest by name alone; nothing is
//! opened. [`read`] and [`read_guarded`] take the bytes. A device, socket or FIFO is never opened, since reading one may
//! wait for ever; a link is followed only to a regular file inside the site.

mod name;

use std::borrow::Cow;
use std::fs::{self, File, FileType};
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use walkdir::{DirEntry, WalkDir};

use self::name::Named;
use super::post::Role;
use crate::diag::{Code, Diagnostic, Loaded, Source};

/// The largest post that is read, in bytes. The longest report anybody wrote by hand is a hundredth of it.
pub(super) const POST_BYTES_MAX: u64 = 4 << 20;

/// How deep below `incidents/` posts are looked for.
const DEPTH_MAX: usize = 16;

/// A file that holds a post, by its name.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Found {
    /// From the site's root, with `/` between its parts.
    pub path: String,
    /// Where that is not the path itself: a name that is not UTF-8, or what a link leads to.
    on_disk: Option<PathBuf>,
    is_rfo: bool,
    /// Where in `path` the name that makes the slug stands: the file's without its ending, or the folder's.
    stem: (usize, usize),
}

impl Found {
    /// The name of the file without its ending, or of its folder where the file is `index.md` or `rfo.md`.
    pub(super) fn stem(&self) -> &str {
        self.path.get(self.stem.0..self.stem.1).unwrap_or_default()
    }

    pub(super) fn role(&self) -> Role<'_> {
        if self.is_rfo { Role::RfoOf(self.stem()) } else { Role::Post }
    }

    /// The folder it lies in, from the site's root.
    pub(super) fn folder(&self) -> &str {
        folder_of(&self.path)
    }

    /// The file to open.
    pub(super) fn file(&self, root: &Path) -> PathBuf {
        self.on_disk.clone().unwrap_or_else(|| root.join(&self.path))
    }
}

/// Whether a post of that path is published: not as a draft, a leftover or something else.
pub(super) fn is_published(path: &str) -> bool {
    let mut parts = path.strip_prefix("incidents/").into_iter().flat_map(|inner| inner.split('/')).peekable();
    parts.peek().is_some()
        && !parts.any(name::is_passed_over)
        && matches!(name::of(path.rsplit('/').next().unwrap_or(path)), Named::Post { .. } | Named::OddPost { .. })
}

/// The name that makes the slug of the post of that path, where such a path is published; see [`Found::stem`].
pub(super) fn published_stem(path: &str) -> Option<&str> {
    let (Named::Post { stem_len } | Named::OddPost { stem_len, .. }) = name::of(path.rsplit('/').next()?) else {
        return None;
    };
    let ((start, end), _) = stem(path, stem_len);
    path.get(start..end).filter(|_| is_published(path))
}

/// As [`published_stem`], with whether the file is the report in an incident's folder.
pub(super) fn published_post(path: &str) -> Option<(&str, bool)> {
    let (Named::Post { stem_len } | Named::OddPost { stem_len, .. }) = name::of(path.rsplit('/').next()?) else {
        return None;
    };
    let ((start, end), is_rfo) = stem(path, stem_len);
    path.get(start..end).filter(|_| is_published(path)).map(|stem| (stem, is_rfo))
}

/// Where in a path the name that makes the slug stands, and whether that is a folder's because the file is its report.
fn stem(path: &str, stem_len: usize) -> ((usize, usize), bool) {
    let folder = folder_of(path);
    let start = folder.len() + 1;
    let word = path.get(start..start + stem_len).unwrap_or_default();
    // Only a folder of its own lends its name: not `incidents/` itself.
    let folder_name = folder.rsplit_once('/').map(|(above, _)| (above.len() + 1, folder.len()));
    let is_rfo = folder_name.is_some() && word.eq_ignore_ascii_case("rfo");
    let is_index = word.eq_ignore_ascii_case("index");
    (folder_name.filter(|_| is_rfo || is_index).unwrap_or((start, start + stem_len)), is_rfo)
}

/// The folder of a path from the site's root.
pub(super) fn folder_of(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// All posts in `incidents/`, in the order of their paths, and what their writers should hear about the others.
/// Drafts, dot files and editors' backups are passed over in silence.
pub(super) fn find_posts(root: &Path) -> Loaded<Vec<Found>> {
    let mut walk = Walk { root, posts: Vec::new(), diagnostics: Vec::new() };
    match fs::symlink_metadata(root.join("incidents")) {
        Err(_) => walk.tell(
            Diagnostic::note(Code::FILE_UNREADABLE, "there is no folder `incidents`")
                .cure("posts go there: `upfront new \"IMAP logins failing\"` writes one"),
            "incidents",
        ),
        Ok(meta) if meta.is_symlink() && inside(root, &root.join("incidents")).is_none() => {
            walk.tell(outside_link("incidents"), "incidents");
        }
        Ok(_) => walk.run(),
    }
    walk.posts.sort_by(|a, b| a.path.cmp(&b.path));
    Loaded { value: walk.posts, diagnostics: walk.diagnostics }
}

struct Walk<'a> {
    root: &'a Path,
    posts: Vec<Found>,
    diagnostics: Vec<Diagnostic>,
}

impl Walk<'_> {
    fn run(&mut self) {
        let folder = self.root.join("incidents");
        let mut entries = WalkDir::new(folder).max_depth(DEPTH_MAX).into_iter();
        while let Some(entry) = entries.next() {
            match entry {
                Ok(entry) if entry.depth() == 0 => {}
                Ok(entry) if name::is_passed_over(&entry.file_name().to_string_lossy()) => {
                    if entry.file_type().is_dir() {
                        entries.skip_current_dir();
                    }
                }
                Ok(entry) => self.entry(&entry),
                Err(error) => self.walk_error(&error),
            }
        }
    }

    fn entry(&mut self, entry: &DirEntry) {
        let Some((path, lossy)) = self.path_of(entry.path()) else { return };
        let kind = entry.file_type();
        if kind.is_file() {
            self.file(path, lossy.then(|| entry.path().to_owned()));
        } else if kind.is_symlink() {
            self.link(path, entry.path());
        } else if !kind.is_dir() {
            self.tell(
                Diagnostic::warning(Code::FILE_UNREADABLE, format!("this is {}, not a file", kind_of(kind)))
                    .cure("take it out of `incidents/`")
                    .outcome("not opened"),
                &path,
            );
        } else if entry.depth() == DEPTH_MAX {
            self.tell(
                Diagnostic::warning(Code::FILE_UNREADABLE, format!("folders lie more than {DEPTH_MAX} deep"))
                    .cure("move its posts nearer to `incidents/`")
                    .outcome("what lies in it is not published"),
                &path,
            );
        }
    }

    /// A regular file, or a link to one inside the site.
    fn file(&mut self, path: String, on_disk: Option<PathBuf>) {
        let folder = folder_of(&path);
        let file_name = path.get(folder.len() + 1..).unwrap_or_default();
        let named = name::of(file_name);
        let told = named.telling();
        let stem_len = match named {
            Named::Post { stem_len } | Named::OddPost { stem_len, .. } => stem_len,
            Named::Lost | Named::Other => {
                if let Some(told) = told {
                    self.tell(told, &path);
                }
                return;
            }
        };
        if path.contains('\u{fffd}') && on_disk.is_some() {
            self.tell(
                Diagnostic::warning(Code::FILE_NAME, "this file's name is not UTF-8")
                    .cure("rename it, with plain letters")
                    .outcome("published"),
                &path,
            );
        }
        if let Some(told) = told {
            self.tell(told, &path);
        }
        let (stem, is_rfo) = stem(&path, stem_len);
        self.posts.push(Found { path, on_disk, is_rfo, stem });
    }

    fn link(&mut self, path: String, link: &Path) {
        match inside(self.root, link) {
            None => self.tell(outside_link(&path), &path),
            Some(target) => match fs::metadata(&target) {
                Ok(meta) if meta.is_file() => self.file(path, Some(target)),
                _ => self.tell(
                    Diagnostic::warning(Code::FILE_LINK_OUTSIDE, "this link does not lead to a file")
                        .cure("put the files themselves here: folders are not entered through links")
                        .outcome("not followed"),
                    &path,
                ),
            },
        }
    }

    fn walk_error(&mut self, error: &walkdir::Error) {
        let path = error.path().and_then(|path| self.path_of(path)).map_or("incidents".to_owned(), |(path, _)| path);
        self.tell(unreadable(error.io_error()), &path);
    }

    /// From the site's root with `/`, and whether the name had to be changed to be text.
    fn path_of(&self, path: &Path) -> Option<(String, bool)> {
        let inner = path.strip_prefix(self.root).ok()?;
        let mut text = String::with_capacity(inner.as_os_str().len());
        let mut lossy = false;
        for part in inner.components() {
            if !text.is_empty() {
                text.push('/');
            }
            let part = part.as_os_str().to_string_lossy();
            lossy |= matches!(part, Cow::Owned(_));
            text.push_str(&part);
        }
        Some((text, lossy))
    }

    fn tell(&mut self, diagnostic: Diagnostic, path: &str) {
        self.diagnostics.push(diagnostic.at(&Arc::new(Source::new(path, "")), 0..0));
    }
}

/// What a device and the like are called.
fn kind_of(kind: FileType) -> &'static str {
    #[cfg(unix)]
    {
        use std::os::unix::fs::FileTypeExt as _;
        if kind.is_fifo() {
            return "a FIFO";
        }
        if kind.is_socket() {
            return "a socket";
        }
    }
    let _ = kind;
    "a device"
}

fn outside_link(path: &str) -> Diagnostic {
    let name = path.rsplit('/').next().unwrap_or(path);
    Diagnostic::error(Code::FILE_LINK_OUTSIDE, format!("`{name}` is a link that leads out of the site, or to nothing"))
        .cure("put the file itself here")
        .outcome("not followed")
}

/// What to say of a file that cannot be read.
pub(super) fn unreadable(error: Option<&io::Error>) -> Diagnostic {
    let why = error.map_or("a link leads back to where it stands".to_owned(), |error| match error.kind() {
        io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
        io::ErrorKind::NotFound => "it is gone".to_owned(),
        _ => error.to_string(),
    });
    Diagnostic::error(Code::FILE_UNREADABLE, format!("this cannot be read: {why}"))
        .cure("check that it is still there and may be read")
        .outcome("not published")
}

/// Why a file was not read.
#[derive(Debug)]
pub(super) enum Unread {
    TooLarge(u64),
    NoFile,
    Outside,
    Io(io::Error),
}

impl From<io::Error> for Unread {
    fn from(error: io::Error) -> Unread {
        Unread::Io(error)
    }
}

impl Unread {
    /// What to say of it.
    pub(super) fn telling(&self, bytes_max: u64) -> Diagnostic {
        match self {
            Unread::TooLarge(bytes) => Diagnostic::error(
                Code::FILE_TOO_LARGE,
                format!("this file is too large: {} MiB", bytes.div_ceil(1 << 20)),
            )
            .cure(format!("at most {} MiB are read; is it what its name says?", bytes_max >> 20))
            .outcome("held back"),
            Unread::NoFile => Diagnostic::error(Code::FILE_UNREADABLE, "this is not a file")
                .cure("put a regular file here")
                .outcome("not opened"),
            Unread::Outside => {
                Diagnostic::error(Code::FILE_LINK_OUTSIDE, "this link leads out of the site, or to nothing")
                    .cure("put the file itself here")
                    .outcome("not followed")
            }
            Unread::Io(error) => unreadable(Some(error)),
        }
    }
}

/// The bytes of a regular file. Its size is asked of the open file, so that nothing larger than `bytes_max` is ever
/// read, even where it grows meanwhile.
pub(super) fn read(path: &Path, bytes_max: u64) -> Result<Vec<u8>, Unread> {
    let file = File::open(path)?;
    let meta = file.metadata()?;
    if !meta.is_file() {
        return Err(Unread::NoFile);
    }
    if meta.len() > bytes_max {
        return Err(Unread::TooLarge(meta.len()));
    }
    // One byte more than there should be: the last read then finds the end without growing the buffer.
    let mut bytes = Vec::with_capacity(usize::try_from(meta.len()).unwrap_or(0) + 1);
    file.take(bytes_max + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > bytes_max {
        return Err(Unread::TooLarge(bytes.len() as u64));
    }
    Ok(bytes)
}

/// As [`read`], for a file that was not walked to: a link may lead only to somewhere inside the site, and what is no
/// regular file is not opened.
pub(super) fn read_guarded(root: &Path, path: &Path, bytes_max: u64) -> Result<Vec<u8>, Unread> {
    let meta = fs::symlink_metadata(path)?;
    let target = inside(root, path).ok_or(Unread::Outside)?;
    if !meta.is_file() && !fs::metadata(&target)?.is_file() {
        return Err(Unread::NoFile);
    }
    read(&target, bytes_max)
}

/// What `path` really is, links followed, where that lies inside the site.
pub(super) fn inside(root: &Path, path: &Path) -> Option<PathBuf> {
    let root = root.canonicalize().ok()?;
    path.canonicalize().ok().filter(|target| target.starts_with(&root))
}

/// The text of a file, read once more to show a place in it. Empty where that fails.
pub(super) fn source_again(root: &Path, path: &str) -> Arc<Source> {
    let bytes = read_guarded(root, &root.join(path), POST_BYTES_MAX).unwrap_or_default();
    Arc::new(Source::new(path, String::from_utf8_lossy(&bytes)))
}
