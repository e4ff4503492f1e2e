//! What a place of files must be able to do, and how a site is sent to one.

use std::path::Path;

use super::built::{Built, remembered};
use super::plan::{self, SENT};
use super::{How, Sent};
use crate::net::Trouble;

/// A place of files: a folder, a host, a bucket.
pub trait Store {
    /// The bytes of a file there; `None` where there is none.
    ///
    /// # Errors
    ///
    /// Where that cannot be found out.
    fn read(&self, path: &str) -> Result<Option<Vec<u8>>, Trouble>;

    /// Puts files of the site there, each whole at every moment; in any order.
    ///
    /// # Errors
    ///
    /// Where one of them could not be put there; others may have been.
    fn put(&self, built: &Built, paths: &[String]) -> Result<(), Trouble>;

    /// Puts one file there that is not of the site.
    ///
    /// # Errors
    ///
    /// Where it could not.
    fn put_bytes(&self, path: &str, bytes: &[u8]) -> Result<(), Trouble>;

    /// Takes files away, and folders in which nothing is left; what is not there is no matter.
    ///
    /// # Errors
    ///
    /// Where one of them could not be taken away.
    fn remove(&self, built: &Built, paths: &[String]) -> Result<(), Trouble>;
}

/// Makes the place equal to the site, but for what others put there.
///
/// # Errors
///
/// Where not everything could be done.
pub fn send(built: &Built, store: &dyn Store, how: How) -> Result<Sent, Trouble> {
    let known = store.read(SENT)?;
    let sent = known.as_deref().map(String::from_utf8_lossy).map(|text| remembered(&text)).unwrap_or_default();
    let plan = plan::plan(built, &plan::trusted(sent.clone(), how));
    let done = plan.sent();
    if plan.is_nothing() || how == How::Rehearse {
        return Ok(done);
    }
    store.put_bytes(SENT, plan::under_way(built, &sent, &plan).as_bytes())?;
    for step in &plan.put {
        store.put(built, step)?;
    }
    if !plan.remove.is_empty() {
        store.remove(built, &plan.remove)?;
    }
    store.put_bytes(SENT, plan::done(built).as_bytes())?;
    Ok(done)
}

/// Refuses a folder of this machine that is, holds or lies in what a person wrote, or in what was built.
///
/// # Errors
///
/// Which of them it is.
pub fn refuse(folder: &Path, root: &Path, built: &Built, shown: &str) -> Result<(), Trouble> {
    /// Of a site's own folder.
    const SOURCES: [&str; 5] = ["incidents", "theme", "history", "drafts", ".git"];
    let root = root.canonicalize().unwrap_or_else(|_| root.to_owned());
    if folder.starts_with(&built.folder) || built.folder.starts_with(folder) {
        return Err(Trouble::new(format!("`{shown}` is, holds or lies in the folder that was built")));
    }
    let is_source = root.starts_with(folder)
        || folder.join("upfront.toml").exists()
        || SOURCES.iter().any(|name| folder.starts_with(root.join(name)));
    if is_source {
        return Err(Trouble::new(format!("`{shown}` is, holds or lies in the source of a site")));
    }
    Ok(())
}
