//! A file of the site, before it is written.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::path::PathBuf;

use crate::diag::Diagnostic;

/// One file of the site: where it goes, and how its bytes are made.
pub struct Output<'a> {
    pub path: SitePath,
    pub class: Class,
    /// Of everything that the bytes depend on. `None` where that is not known cheaply: it is then made every time.
    pub key: Option<Key>,
    pub content: Content<'a>,
}

/// What stands in a file of the site.
pub enum Content<'a> {
    /// The function makes the bytes. Pure; called at most once, on any thread.
    Made(Box<dyn Fn() -> Result<Vec<u8>, RenderError> + Send + Sync + 'a>),
    /// The bytes of that file, as they are. Whoever writes the site opens it, one at a time: all pictures of a site need
    /// not fit into memory.
    Copied(PathBuf),
    /// The function makes the bytes of what all other files have become. Called once, after them.
    Sealed(Box<MakeSealed<'a>>),
}

/// Makes a file of what all others have become.
pub type MakeSealed<'a> = dyn Fn(&Sums<'_>) -> Result<Vec<u8>, RenderError> + Send + Sync + 'a;

/// What all files of a site have become, for those that are made of it.
pub struct Sums<'s> {
    /// A line for each file: its SHA-256, two spaces, its path; sorted by path. What is sealed itself is not in it.
    pub list: &'s str,
    /// The bytes of a file that is made.
    pub bytes: &'s dyn Fn(&str) -> Option<Vec<u8>>,
    /// What the build before left there: a signature is never the same twice, and one that still holds is kept.
    pub before: &'s dyn Fn(&str) -> Option<Vec<u8>>,
}

impl<'a> Content<'a> {
    pub fn made(make: impl Fn() -> Result<Vec<u8>, RenderError> + Send + Sync + 'a) -> Content<'a> {
        Content::Made(Box::new(make))
    }
}

/// In which step of a build a file is put in place, so that no link dangles in between: what is linked comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Class {
    /// Style sheet, script, icons, pictures.
    Asset,
    /// Incidents and reports, and their feeds.
    Leaf,
    /// Lists, feeds, components, data.
    Index,
    /// `/index.html`.
    Front,
    /// What is made of all the others: the list of files and the signatures.
    Seal,
}

/// A fingerprint of values.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key(pub [u8; 16]);

impl Key {
    /// The fingerprint of everything that `value` hashes.
    pub fn of(value: &impl Hash) -> Key {
        let mut hasher = KeyHasher { buffer: Vec::with_capacity(4096) };
        value.hash(&mut hasher);
        hasher.key()
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// Gathers what is hashed first: a value is hundreds of pieces of a few bytes, and the hash function is fast only on many.
struct KeyHasher {
    buffer: Vec<u8>,
}

impl KeyHasher {
    fn key(&self) -> Key {
        let hash = blake3::hash(&self.buffer);
        let mut key = [0; 16];
        key.copy_from_slice(&hash.as_bytes()[..16]);
        Key(key)
    }
}

impl Hasher for KeyHasher {
    fn write(&mut self, bytes: &[u8]) {
        self.buffer.extend_from_slice(bytes);
    }

    fn finish(&self) -> u64 {
        let Key(key) = self.key();
        key.iter().take(8).fold(0, |number, &byte| number << 8 | u64::from(byte))
    }
}

/// A path inside the site, such as `incidents/2022-03-29-imap/index.html`. Cannot leave the output folder: it has no
/// empty, `.` or `..` part, no backslash, colon or control character, and does not begin with `/`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SitePath(String);

impl SitePath {
    /// `None` where the path could leave the output folder or is not portable.
    pub fn new(path: impl Into<String>) -> Option<SitePath> {
        let path = path.into();
        let good = |part: &str| {
            !part.is_empty()
                && part != "."
                && part != ".."
                && part.len() <= 255
                && !part.chars().any(|c| c.is_control() || matches!(c, '\\' | ':'))
        };
        path.split('/').all(good).then_some(SitePath(path))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for SitePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A page could not be made: a template of the theme cannot be used with what it was given, or a picture is gone.
#[derive(Debug)]
pub struct RenderError(pub Box<Diagnostic>);
