//! Reads `git log --raw -z` as it comes: commits, and for each file that one touched its old and new blob.
//!
//! The format (<https://git-scm.com/docs/diff-format#_raw_output_format>), `␀` for a zero byte:
//!
//! ```text
//! \x01<hash> <seconds> <parents>␀\n                                  our own --format
//! :<old mode> <new mode> <old blob> <new blob> <status>␀<path>␀      A, M, D, T
//! :<old mode> <new mode> <old blob> <new blob> R<score>␀<old>␀<new>␀
//! ```

use std::io::{self, BufRead, BufReader, Read};

/// A history larger than this is not read to its end.
const LOG_BYTES_MAX: u64 = 4 << 30;

/// No path that a system knows is longer.
const PART_BYTES_MAX: usize = 64 << 10;

/// Where a commit begins.
pub(super) const MARK: u8 = 1;

/// A commit, with what it changed against its first parent.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Commit {
    pub hash: String,
    /// The committer's time, in seconds since 1970.
    pub at: i64,
    pub first_parent: Option<String>,
    pub changes: Vec<Change>,
}

/// What a commit did to a file.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Change {
    /// Its path before and after; one of them where it was added or deleted.
    pub old: Option<String>,
    /// With the blob that it is now.
    pub new: Option<(String, String)>,
    pub old_blob: String,
}

/// Commits, one after the other.
pub(super) struct Commits<R> {
    log: BufReader<R>,
    part: Vec<u8>,
    read: u64,
    next: Option<Commit>,
}

impl<R: Read> Commits<R> {
    pub fn new(log: R) -> Commits<R> {
        Commits { log: BufReader::with_capacity(1 << 16, log), part: Vec::new(), read: 0, next: None }
    }

    /// The next commit; `None` at the end.
    ///
    /// # Errors
    ///
    /// Where the log cannot be read, or is larger than anybody's history of incidents.
    pub fn next(&mut self) -> io::Result<Option<Commit>> {
        while self.part()? {
            let part = self.part.strip_prefix(b"\n").unwrap_or(&self.part);
            if let Some(header) = part.strip_prefix(&[MARK]) {
                let begun = self.next.replace(commit(header));
                if begun.is_some() {
                    return Ok(begun);
                }
            } else if let Some(meta) = part.strip_prefix(b":") {
                let meta = String::from_utf8_lossy(meta).into_owned();
                let first = self.path()?;
                let second = if meta.contains([RENAMED, COPIED]) { Some(self.path()?) } else { None };
                let (Some(commit), Some(change)) = (&mut self.next, change(&meta, first, second)) else { continue };
                commit.changes.push(change);
            }
        }
        Ok(self.next.take())
    }

    fn path(&mut self) -> io::Result<Option<String>> {
        self.part()?;
        Ok(std::str::from_utf8(&self.part).ok().map(str::to_owned))
    }

    /// Reads up to the next zero byte; whether there was anything.
    fn part(&mut self) -> io::Result<bool> {
        self.part.clear();
        let read = (&mut self.log).take(PART_BYTES_MAX as u64).read_until(0, &mut self.part)?;
        self.read += read as u64;
        if self.read > LOG_BYTES_MAX || self.part.len() >= PART_BYTES_MAX {
            return Err(io::Error::other("its history is too large"));
        }
        if self.part.last() == Some(&0) {
            self.part.pop();
        }
        Ok(read > 0)
    }
}

const RENAMED: char = 'R';
const COPIED: char = 'C';

fn commit(header: &[u8]) -> Commit {
    let header = String::from_utf8_lossy(header);
    let mut words = header.split_whitespace();
    Commit {
        hash: words.next().unwrap_or_default().to_owned(),
        at: words.next().and_then(|seconds| seconds.parse().ok()).unwrap_or(0),
        first_parent: words.next().map(str::to_owned),
        changes: Vec::new(),
    }
}

/// Regular files only: what a link or a submodule names is no post.
fn change(meta: &str, first: Option<String>, second: Option<Option<String>>) -> Option<Change> {
    let mut words = meta.split(' ');
    let (old_mode, new_mode) = (words.next()?, words.next()?);
    let (old_blob, new_blob) = (words.next()?, words.next()?);
    let is_file = |mode: &str| mode.starts_with("100");
    let (old, new) = match second {
        // What was copied stays where it was.
        Some(new) => (first.filter(|_| meta.contains(RENAMED)), new),
        None => (first.clone(), first),
    };
    Some(Change {
        old: old.filter(|_| is_file(old_mode)),
        new: new.filter(|_| is_file(new_mode)).map(|path| (path, new_blob.to_owned())),
        old_blob: old_blob.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use snapbox::{assert_data_eq, str};

    use super::*;

    fn check(log: &str, expected: impl snapbox::IntoData) {
        let mut commits = Commits::new(log.as_bytes());
        let mut heard = String::new();
        while let Ok(Some(commit)) = commits.next() {
            heard += &format!("{} {} {}\n", commit.hash, commit.at, commit.first_parent.unwrap_or_default());
            for Change { old, new, old_blob } in commit.changes {
                heard += &format!("  {old:?} {old_blob} -> {new:?}\n");
            }
        }
        assert_data_eq!(heard, expected);
    }

    #[test]
    fn files_are_added_changed_renamed_and_deleted() {
        check(
            "\u{1}c1 60 \0\n:000000 100644 00 aa A\0incidents/a b.md\0\u{1}c2 120 c1\0\u{1}c3 180 c2 c9\0\n\
             :100644 100644 aa bb M\0incidents/a b.md\0:100644 100644 bb bb R100\0incidents/a b.md\0incidents/\n:x.md\0\
             :100644 000000 cc 00 D\0incidents/c.md\0",
            str![[r#"
c1 60 
  None 00 -> Some(("incidents/a b.md", "aa"))
c2 120 c1
c3 180 c2
  Some("incidents/a b.md") aa -> Some(("incidents/a b.md", "bb"))
  Some("incidents/a b.md") bb -> Some(("incidents//n:x.md", "bb"))
  Some("incidents/c.md") cc -> None

"#]],
        );
    }

    #[test]
    fn links_and_submodules_are_no_posts() {
        check(
            "\u{1}c1 60 \0\n:000000 120000 00 aa A\0incidents/a.md\0:000000 160000 00 bb A\0incidents/b\0\
             :100644 120000 cc dd T\0incidents/c.md\0",
            str![[r#"
c1 60 
  None 00 -> None
  None 00 -> None
  Some("incidents/c.md") cc -> None

"#]],
        );
    }

    #[test]
    fn what_is_torn_or_endless_ends() {
        check(
            "\u{1}c1 60 \0\n:000000 100644 00",
            str![[r#"
c1 60 

"#]],
        );
        assert!(Commits::new(io::repeat(b'x')).next().is_err());
    }
}
