//! The theme: templates, texts and assets, checked before anything is made with them.

use crate::diag::Diagnostic;
use crate::model::{Config, ThemeFiles};

/// A theme that can be used: its templates parse, its texts are complete, its assets have their hashed names.
pub struct Theme {}

impl Theme {
    /// # Errors
    ///
    /// Everything that is wrong with the theme, each with its place. A theme cannot be half right: nothing is built.
    pub fn new(files: &ThemeFiles, config: &Config) -> Result<Theme, Vec<Diagnostic>> {
        let _ = (files, config);
        unimplemented!()
    }
}
