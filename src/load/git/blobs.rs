//! Contents of blobs, from one `git cat-file --batch` (<https://git-scm.com/docs/git-cat-file#_batch_output>).

use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Stdio};

use super::git;
use crate::load::files::POST_BYTES_MAX;

/// So many are asked for before any answer is read: what waits in the pipe must fit into it, on any system.
pub(super) const BATCH_MAX: usize = 256;

/// The program that knows them, and its two pipes.
pub(super) struct Blobs {
    child: Child,
    stdin: Option<ChildStdin>,
    stdout: BufReader<ChildStdout>,
}

impl Blobs {
    pub fn open(root: &Path) -> io::Result<Blobs> {
        let mut child = git(root).args(["cat-file", "--batch"]).stdin(Stdio::piped()).spawn()?;
        let (Some(stdin), Some(stdout)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(io::Error::other("no pipe"));
        };
        Ok(Blobs { child, stdin: Some(stdin), stdout: BufReader::with_capacity(1 << 16, stdout) })
    }

    /// The content of each, at most [`BATCH_MAX`]; `None` where it is not there, no blob, or larger than any post.
    pub fn read(&mut self, ids: &[&str]) -> io::Result<Vec<Option<Vec<u8>>>> {
        let asked: String = ids.iter().flat_map(|id| [id, "\n"]).collect();
        let stdin = self.stdin.as_mut().ok_or(io::ErrorKind::BrokenPipe)?;
        stdin.write_all(asked.as_bytes())?;
        stdin.flush()?;
        ids.iter().map(|_| self.answer()).collect()
    }

    fn answer(&mut self) -> io::Result<Option<Vec<u8>>> {
        let mut header = String::new();
        if (&mut self.stdout).take(4096).read_line(&mut header)? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        // `<id> missing` has no content behind it.
        let mut words = header.split_whitespace().skip(1);
        let (Some(kind), Some(size)) = (words.next(), words.next()) else { return Ok(None) };
        let size: u64 = size.parse().map_err(io::Error::other)?;
        let mut content = (&mut self.stdout).take(size + 1);
        if kind != "blob" || size > POST_BYTES_MAX {
            io::copy(&mut content, &mut io::sink())?;
            return Ok(None);
        }
        let mut bytes = Vec::with_capacity(usize::try_from(size + 1).unwrap_or(0));
        content.read_to_end(&mut bytes)?;
        bytes.pop();
        Ok(Some(bytes))
    }
}

impl Drop for Blobs {
    fn drop(&mut self) {
        // Without input it ends by itself.
        self.stdin = None;
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
