//! Reads `git log --patch --unified=0` as it comes: no more than one line is in memory, and a line only up to a bound.
//!
//! The format (<https://git-scm.com/docs/diff-format#generate_patch_text_with_p>):
//!
//! ```text
//! commit <hash> <seconds>          our own --format
//!
//! diff --git a/<old> b/<new>
//! new file mode 100644             or: deleted file mode, rename from <old>, rename to <new>, index …
//! --- a/<old>
//! +++ b/<new>
//! @@ -<line>[,<count>] +<line>[,<count>] @@ …
//! -<removed>
//! +<added>
//! \ No newline at end of file
//! ```
//!
//! A hunk says how many lines it has, so that a removed line `-- a/x` is never taken for a header.

use std::io::{self, BufRead, BufReader, Read};

use jiff::Timestamp;

/// What of a line is kept, in bytes. No heading is so long; a picture without line breaks is longer.
const LINE_BYTES_MAX: usize = 4096;

/// A history larger than this is not read to its end.
const LOG_BYTES_MAX: u64 = 4 << 30;

/// Hears what the log says, in its order.
pub(super) trait Listener {
    fn commit(&mut self, hash: &str, at: Option<Timestamp>);
    /// A file's changes begin. Both paths are the same unless it was renamed.
    fn file(&mut self, change: &Change);
    fn hunk(&mut self, hunk: Hunk);
    /// A line that the hunk took out; its number in the old file.
    fn removed(&mut self, line: u64, text: &str);
    /// A line that the hunk brought; its number in the new file.
    fn added(&mut self, line: u64, text: &str);
    /// The file's changes end.
    fn file_end(&mut self);
}

/// What happened to a file as a whole.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Change {
    pub old: String,
    pub new: String,
    pub is_new: bool,
    pub is_deleted: bool,
}

/// The line numbers of a hunk, from 1. A count of 0 means: after that line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Hunk {
    pub old_line: u64,
    pub old_count: u64,
    pub new_line: u64,
    pub new_count: u64,
}

/// # Errors
///
/// Where the log cannot be read, or is larger than anybody's history of incidents.
pub(super) fn read(log: impl Read, listener: &mut impl Listener) -> io::Result<()> {
    let mut lines = Lines { log: BufReader::with_capacity(1 << 16, log), line: Vec::new(), read: 0 };
    let mut file = FileSection::default();
    while let Some(line) = lines.next()? {
        if let Some(rest) = line.strip_prefix("commit ") {
            file.end(listener);
            let (hash, seconds) = rest.split_once(' ').unwrap_or((rest, ""));
            let at = seconds.trim().parse().ok().and_then(|seconds| Timestamp::from_second(seconds).ok());
            listener.commit(hash, at);
        } else if let Some(names) = line.strip_prefix("diff --git ") {
            file.end(listener);
            let name = same_name(names);
            file.change = Some(Change { old: name.clone(), new: name, ..Change::default() });
        } else if let Some(hunk) = line.strip_prefix("@@ ").and_then(parse_hunk) {
            file.begin(listener);
            listener.hunk(hunk);
            read_hunk(&mut lines, hunk, listener)?;
        } else if let Some(change) = file.change.as_mut().filter(|_| !file.told) {
            read_header(&line, change);
        }
    }
    file.end(listener);
    Ok(())
}

/// The file whose lines are read; told before its first hunk, when its headers are known.
#[derive(Default)]
struct FileSection {
    change: Option<Change>,
    told: bool,
}

impl FileSection {
    fn begin(&mut self, listener: &mut impl Listener) {
        if let Some(change) = self.change.as_ref().filter(|_| !self.told) {
            listener.file(change);
            self.told = true;
        }
    }

    fn end(&mut self, listener: &mut impl Listener) {
        self.begin(listener);
        if self.change.take().is_some() {
            listener.file_end();
        }
        self.told = false;
    }
}

fn read_header(line: &str, change: &mut Change) {
    if let Some(old) = line.strip_prefix("rename from ") {
        change.old = unquote(old);
    } else if let Some(new) = line.strip_prefix("rename to ") {
        change.new = unquote(new);
    } else if line.starts_with("new file mode ") {
        change.is_new = true;
    } else if line.starts_with("deleted file mode ") {
        change.is_deleted = true;
    }
}

fn read_hunk(lines: &mut Lines<impl Read>, hunk: Hunk, listener: &mut impl Listener) -> io::Result<()> {
    let (mut old, mut new) = (0, 0);
    while old < hunk.old_count || new < hunk.new_count {
        let Some(line) = lines.next()? else { return Ok(()) };
        if let Some(text) = line.strip_prefix('-') {
            listener.removed(hunk.old_line + old, text);
            old += 1;
        } else if let Some(text) = line.strip_prefix('+') {
            listener.added(hunk.new_line + new, text);
            new += 1;
        } else if !line.starts_with('\\') {
            old += 1;
            new += 1;
        }
    }
    Ok(())
}

/// `-12,0 +13,2 @@ …`
fn parse_hunk(text: &str) -> Option<Hunk> {
    let mut words = text.split(' ');
    let (old_line, old_count) = parse_range(words.next()?.strip_prefix('-')?)?;
    let (new_line, new_count) = parse_range(words.next()?.strip_prefix('+')?)?;
    Some(Hunk { old_line, old_count, new_line, new_count })
}

fn parse_range(text: &str) -> Option<(u64, u64)> {
    match text.split_once(',') {
        Some((line, count)) => Some((line.parse().ok()?, count.parse().ok()?)),
        None => Some((text.parse().ok()?, 1)),
    }
}

/// The name of a file that was not renamed, from `a/<name> b/<name>`. Where it was, its other headers say so.
fn same_name(names: &str) -> String {
    let half = names.len() / 2;
    let (Some(old), Some(new)) = (names.get(..half), names.get(half + 1..)) else { return String::new() };
    let old = unquote(old);
    let new = unquote(new);
    match (old.strip_prefix("a/"), new.strip_prefix("b/")) {
        (Some(old), Some(new)) if old == new => old.to_owned(),
        _ => String::new(),
    }
}

/// A path as git prints it: in double quotes with C's escapes where it holds a control character, `"` or `\`.
fn unquote(path: &str) -> String {
    let Some(inner) = path.strip_prefix('"').and_then(|path| path.strip_suffix('"')) else { return path.to_owned() };
    let mut bytes = Vec::with_capacity(inner.len());
    let mut rest = inner.bytes();
    while let Some(byte) = rest.next() {
        if byte != b'\\' {
            bytes.push(byte);
            continue;
        }
        bytes.push(match rest.next() {
            Some(b'n') => b'\n',
            Some(b't') => b'\t',
            Some(b'r') => b'\r',
            Some(b'a') => 7,
            Some(b'b') => 8,
            Some(b'v') => 11,
            Some(b'f') => 12,
            Some(first @ b'0'..=b'3') => {
                let octal = |digit: Option<u8>| digit.map_or(0, |digit| digit.wrapping_sub(b'0') & 7);
                (first - b'0') * 64 + octal(rest.next()) * 8 + octal(rest.next())
            }
            Some(other) => other,
            None => b'\\',
        });
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Lines of bounded length; what is longer is cut, not kept.
struct Lines<R> {
    log: BufReader<R>,
    line: Vec<u8>,
    read: u64,
}

impl<R: Read> Lines<R> {
    fn next(&mut self) -> io::Result<Option<String>> {
        self.line.clear();
        let mut ended = false;
        let before = self.read;
        while !ended {
            let chunk = self.log.fill_buf()?;
            if chunk.is_empty() {
                break;
            }
            let (part, used) = match chunk.iter().position(|&byte| byte == b'\n') {
                Some(at) => (&chunk[..at], at + 1),
                None => (chunk, chunk.len()),
            };
            ended = used > part.len();
            let room = LINE_BYTES_MAX - self.line.len();
            self.line.extend_from_slice(&part[..part.len().min(room)]);
            self.read += used as u64;
            self.log.consume(used);
        }
        if self.read > LOG_BYTES_MAX {
            return Err(io::Error::other("its history is too large"));
        }
        Ok((self.read > before).then(|| String::from_utf8_lossy(&self.line).into_owned()))
    }
}

#[cfg(test)]
mod tests {
    use snapbox::{assert_data_eq, str};

    use super::*;

    #[derive(Default)]
    struct Heard(String);

    impl Listener for Heard {
        fn commit(&mut self, hash: &str, at: Option<Timestamp>) {
            self.0 += &format!("{hash} {}\n", at.map_or("?".to_owned(), |at| at.to_string()));
        }
        fn file(&mut self, change: &Change) {
            let Change { old, new, is_new, is_deleted } = change;
            self.0 += &format!("  {old:?} -> {new:?} new={is_new} deleted={is_deleted}\n");
        }
        fn hunk(&mut self, hunk: Hunk) {
            self.0 += &format!("    {hunk:?}\n");
        }
        fn removed(&mut self, line: u64, text: &str) {
            self.0 += &format!("    -{line} {text}\n");
        }
        fn added(&mut self, line: u64, text: &str) {
            self.0 += &format!("    +{line} {text}\n");
        }
        fn file_end(&mut self) {
            self.0 += "  end\n";
        }
    }

    fn check(log: &str, expected: impl snapbox::IntoData) {
        let mut heard = Heard::default();
        let read = read(log.as_bytes(), &mut heard);
        assert!(read.is_ok());
        assert_data_eq!(heard.0, expected);
    }

    #[test]
    fn a_removed_rule_is_not_taken_for_a_header() {
        check(
            "commit abc 0\n\ndiff --git a/x y.md b/x y.md\nindex 1..2 100644\n--- a/x y.md\t\n+++ b/x y.md\t\n\
             @@ -1,2 +1 @@ ## Resolved\n--- a/other.md\n-diff --git a/z b/z\n+commit 1 1\n\\ No newline at end of file\n",
            str![[r#"
abc 1970-01-01T00:00:00Z
  "x y.md" -> "x y.md" new=false deleted=false
    Hunk { old_line: 1, old_count: 2, new_line: 1, new_count: 1 }
    -1 -- a/other.md
    -2 diff --git a/z b/z
    +1 commit 1 1
  end

"#]],
        );
    }

    #[test]
    fn renames_empty_files_and_odd_names_are_understood() {
        check(
            "commit abc 60\n\ndiff --git a/a.md b/b b/c.md\nsimilarity index 100%\nrename from a.md\nrename to b b/c.md\n\
             diff --git a/empty.md b/empty.md\nnew file mode 100644\nindex 0..1\n\
             diff --git \"a/t\\tab\\303\\270.md\" \"b/t\\tab\\303\\270.md\"\ndeleted file mode 100644\n",
            str![[r#"
abc 1970-01-01T00:01:00Z
  "a.md" -> "b b/c.md" new=false deleted=false
  end
  "empty.md" -> "empty.md" new=true deleted=false
  end
  "t/tabø.md" -> "t/tabø.md" new=false deleted=true
  end

"#]],
        );
    }

    #[test]
    fn no_line_is_kept_longer_than_its_bound() {
        let log = format!("commit {}\n", "x".repeat(3 * LINE_BYTES_MAX));
        let mut heard = Heard::default();
        assert!(read(log.as_bytes(), &mut heard).is_ok());
        assert!(heard.0.len() <= LINE_BYTES_MAX + 8);
    }
}
