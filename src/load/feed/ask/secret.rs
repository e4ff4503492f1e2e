//! The value of a secret, read at the moment it is needed and kept nowhere.

use std::env::{self, VarError};
use std::fs;
use std::path::Path;

use super::trouble::{Trouble, named};
use crate::load::files;
use crate::model::Secret;

/// No token is longer, in bytes.
const SECRET_BYTES_MAX: u64 = 64 << 10;

/// The secret, without white space around it.
pub(super) fn value(root: &Path, secret: &Secret) -> Result<String, Trouble> {
    let value = match secret {
        Secret::Env(name) => env::var(name).map_err(|error| match error {
            VarError::NotPresent => Trouble::secret(
                format!("the environment variable `{name}` is not set"),
                format!("set it where `upfront` runs: `export {name}=…`"),
            ),
            VarError::NotUnicode(_) => no_text(secret),
        })?,
        Secret::File(path) => file(&root.join(path), secret)?,
    };
    let value = value.trim();
    if value.is_empty() {
        return Err(Trouble::secret(format!("there is no secret in {}", named(secret)), "put it there"));
    }
    if value.chars().any(char::is_control) {
        return Err(no_text(secret));
    }
    Ok(value.to_owned())
}

fn file(path: &Path, secret: &Secret) -> Result<String, Trouble> {
    let unread = |why: &str| {
        let cure = "check that it is a file that may be read by whoever runs `upfront`";
        Trouble::secret(format!("{} {why}", named(secret)), cure)
    };
    // Secrets are often links into a store; what they lead to must be a file all the same.
    match fs::metadata(path) {
        Ok(meta) if meta.is_file() => {}
        Ok(_) => return Err(unread("is no file")),
        Err(_) => return Err(unread("cannot be read")),
    }
    let bytes = files::read(path, SECRET_BYTES_MAX).map_err(|_| unread("cannot be read"))?;
    String::from_utf8(bytes).map_err(|_| no_text(secret))
}

fn no_text(secret: &Secret) -> Trouble {
    Trouble::secret(format!("what is in {} is not a line of text", named(secret)), "put the secret alone there")
}
