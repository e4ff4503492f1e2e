//! `upfront key`: a new pair of keys to sign the site with.

use std::fs::{self, OpenOptions};
use std::io::{ErrorKind, Write as _};
use std::path::Path;

use super::{Edge, Failure, Status};
use crate::cli;
use crate::seal;

/// Writes the secret key, for its owner's eyes alone and never over another file, and prints what belongs into the config.
pub(super) fn run(edge: &Edge, args: &cli::Key) -> Result<Status, Failure> {
    let file = &args.file;
    let shown = file.display();
    let (secret, public) = seal::new_key().map_err(Failure::new)?;
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let written =
        options.open(file).and_then(|mut file| file.write_all(secret.as_bytes()).and_then(|()| file.sync_all()));
    written.map_err(|error| match error.kind() {
        ErrorKind::AlreadyExists => Failure::new(format!("`{shown}` is there already, and is left as it is"))
            .cure("name a new file; what is signed with an old key is believed only by who has its public key"),
        _ => Failure::new(format!("`{shown}` cannot be written: {error}")),
    })?;
    edge.print(&format!(
        "[sign]\npublic_key = {}\nkey_file = {}\n",
        toml_edit::Value::from(public),
        toml_edit::Value::from(from_root(edge.root(), file))
    ))?;
    edge.note(&format!(
        "Put these lines into upfront.toml, and keep `{shown}` to yourself: out of git, with a copy in a safe place. \
         Where CI builds, make a secret of what is in it, and write `key_env = \"<its variable>\"` instead of `key_file`."
    ));
    Ok(Status::Fine)
}

/// As the config names files: from the site's folder, or else absolute.
fn from_root(root: &Path, file: &Path) -> String {
    let file = fs::canonicalize(file).unwrap_or_else(|_| file.to_owned());
    let inside = fs::canonicalize(root).ok().and_then(|root| file.strip_prefix(root).ok().map(Path::to_owned));
    inside.unwrap_or(file).to_string_lossy().into_owned()
}
