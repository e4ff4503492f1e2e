//! The value of a secret, read at the moment it is needed and kept nowhere.

use std::env::{self, VarError};
use std::fs;
use std::io::Read as _;
use std::path::Path;

use crate::model::Secret;

/// No token is longer, in bytes.
const SECRET_BYTES_MAX: u64 = 64 << 10;

/// The secret without white space around it. A file's path is from the site's folder `root`. It may have several lines:
/// who sends it in a header must look.
///
/// # Errors
///
/// Why there is none, with what to do; the text holds no secret.
pub fn secret(root: &Path, secret: &Secret) -> Result<String, String> {
    let value = match secret {
        Secret::Env(name) => env::var(name).map_err(|error| match error {
            VarError::NotPresent => {
                format!("the environment variable `{name}` is not set: set it where `upfront` runs")
            }
            VarError::NotUnicode(_) => format!("the environment variable `{name}` holds no text"),
        })?,
        Secret::File(path) => file(&root.join(path)).ok_or_else(|| {
            format!("`{path}` is no file of text that can be read: check its path, and whether we may read it")
        })?,
    };
    let value = value.trim();
    match (value.is_empty(), secret) {
        (false, _) => Ok(value.to_owned()),
        (true, Secret::Env(name)) => Err(format!("the environment variable `{name}` is empty")),
        (true, Secret::File(path)) => Err(format!("`{path}` is empty")),
    }
}

fn file(path: &Path) -> Option<String> {
    // Secrets are often links into a store; what they lead to must be a file all the same.
    fs::metadata(path).ok().filter(fs::Metadata::is_file)?;
    let mut bytes = Vec::new();
    fs::File::open(path).ok()?.take(SECRET_BYTES_MAX).read_to_end(&mut bytes).ok()?;
    String::from_utf8(bytes).ok()
}
