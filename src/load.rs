//! A folder → [`Site`]: the only reader of a site.
//!
//! Never fails on content. What stops a build is only what cannot be made right: a config that is missing or broken.
//! `load` knows no clock; what depends on the time of day is told by [`crate::derive`].

mod post;
pub mod schema;
mod source;

#[doc(hidden)]
pub use post::read_post;

use std::path::Path;

use crate::diag::{Diagnostic, Loaded};
use crate::model::Site;

pub use source::read_source;

/// Reads the site in `root`.
///
/// # Errors
///
/// What is wrong with `upfront.toml`, each mistake with its place, where no valid config can be made of it.
pub fn load(root: &Path) -> Result<Loaded<Site>, Vec<Diagnostic>> {
    let _ = root;
    unimplemented!()
}
