//! The text of a file once more, for whoever wants to show a place in it after the site was read.

use std::fs::File;
use std::io::Read as _;
use std::path::Path;
use std::sync::Arc;

use crate::diag::Source;

/// Longer files are held back when the site is read, so nobody asks for them.
const LEN_MAX: u64 = 16 * 1024 * 1024;

/// The text of one of the site's files: `path` is from `root`, with `/` between its parts. Bytes that are not UTF-8 are
/// replaced. `None` where it cannot be read.
pub fn read_source(root: &Path, path: &str) -> Option<Arc<Source>> {
    let mut bytes = Vec::new();
    File::open(root.join(path)).ok()?.take(LEN_MAX).read_to_end(&mut bytes).ok()?;
    Some(Arc::new(Source::new(path, String::from_utf8_lossy(&bytes))))
}
