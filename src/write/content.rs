//! The bytes of an output, whether they are made or copied.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::Path;
use std::sync::Arc;

use crate::diag::{Code, Diagnostic, Source};
use crate::render::{Content, Output, RenderError};

/// What is copied was looked at when the site was read, and was not longer than this. It may have grown since.
const COPIED_BYTES_MAX: u64 = 16 << 20;

/// The bytes that stand in a file of the site.
///
/// # Errors
///
/// A page that cannot be made, or a picture that can no longer be read.
pub fn bytes(output: &Output<'_>) -> Result<Vec<u8>, RenderError> {
    match &output.content {
        Content::Made(make) => make(),
        // Its bytes hang on those of all the others; see `stage`.
        Content::Sealed(_) => Ok(Vec::new()),
        Content::Copied(file) => read(file).map_err(|error| RenderError(Box::new(gone(file, &error)))),
    }
}

fn read(file: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(file)?.take(COPIED_BYTES_MAX + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > COPIED_BYTES_MAX { Err(io::ErrorKind::FileTooLarge.into()) } else { Ok(bytes) }
}

fn gone(file: &Path, error: &io::Error) -> Diagnostic {
    let source = Arc::new(Source::new(file.to_string_lossy(), ""));
    Diagnostic::error(Code::PICTURE, format!("this picture could be read a moment ago, and now cannot: {error}"))
        .at(&source, 0..0)
        .cure("build again")
}
