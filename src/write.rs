//! Outputs → a folder: the only writer of a site.
//!
//! What it promises: every file is whole at every moment, old or new; no link dangles in between; only files whose bytes
//! changed are written; a file that it did not write is never touched; an error leaves the old site as it was.

use std::path::Path;

use crate::render::{Output, RenderError};

/// What a build did to the folder.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Written {
    pub created: usize,
    pub changed: usize,
    pub removed: usize,
    pub unchanged: usize,
}

/// Why nothing was written: the folder is as it was before.
#[derive(Debug)]
pub enum WriteError {
    /// The output folder is, holds or lies in the source, or is none.
    Refused(String),
    Render(RenderError),
    Io {
        doing: String,
        error: std::io::Error,
    },
}

/// Makes the folder `out` equal to `outputs`. `root` is the site's source, which `out` must not be, hold or lie in
/// (except as its own subfolder, such as `public`). `built_by` names the program that made the outputs: keys of
/// another one are not trusted.
///
/// # Errors
///
/// See [`WriteError`]; nothing has been changed then.
pub fn write(
    root: &Path,
    out: &Path,
    outputs: &[Output<'_>],
    built_by: &str,
    progress: &(dyn Fn(usize, usize) + Sync),
) -> Result<Written, WriteError> {
    let _ = (root, out, outputs, built_by, progress);
    unimplemented!()
}
