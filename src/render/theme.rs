//! The theme: templates, texts and assets, checked before anything is made with them.
//!
//! A theme is a folder of files (see [`ThemeFiles`]): `templates/` are Tera 2 (<https://keats.github.io/tera/>), where
//! every name ends escaped text, whatever its name and whatever filter it uses; `i18n/` holds every word; `static/css/`
//! becomes one style sheet and `static/js/` one script; `static/shapes/` are the shapes of states and `static/icons/`
//! the pictures in a browser's tab; all else in `static/` is published under `assets/` as it is.

mod assets;
mod templates;

use serde::Serialize;

use super::i18n::I18n;
use super::machine::FeedWords;
use super::output::{Key, Output, RenderError};
use super::words::feed_words;
use crate::diag::Diagnostic;
use crate::model::{Config, ThemeFiles};
use assets::Assets;
use templates::Templates;

/// A theme that can be used: its templates parse, its texts are complete, its assets have their hashed names.
pub struct Theme {
    templates: Templates,
    pub(in crate::render) i18n: I18n,
    assets: Assets,
    pub(in crate::render) words: FeedWords,
    key: Key,
    warnings: Vec<Diagnostic>,
}

impl Theme {
    /// # Errors
    ///
    /// Everything that is wrong with the theme, each with its place. A theme cannot be half right: nothing is built.
    pub fn new(files: &ThemeFiles, config: &Config) -> Result<Theme, Vec<Diagnostic>> {
        let mut errors = Vec::new();
        let (i18n, mut warnings) = I18n::new(files, &config.language)?;
        let assets = Assets::new(files, config, &i18n, &mut errors, &mut warnings);
        let templates = match Templates::new(files, &i18n) {
            Ok(templates) if errors.is_empty() => templates,
            Ok(_) => return Err(errors),
            Err(told) => {
                errors.extend(told);
                return Err(errors);
            }
        };
        let words = feed_words(&i18n);
        Ok(Theme { templates, i18n, assets, words, key: Key::of(&(files, config)), warnings })
    }

    /// What the site's own theme should put right, though the site can be built.
    pub fn warnings(&self) -> &[Diagnostic] {
        &self.warnings
    }

    /// Of all that a page takes from the theme and the config.
    pub(in crate::render) fn key(&self) -> Key {
        self.key
    }

    /// Prints a view with a template, such as `pages/index.html`.
    ///
    /// # Errors
    ///
    /// Where the template asks for what the view has not, with its place.
    pub(in crate::render) fn print(&self, template: &str, view: &impl Serialize) -> Result<String, RenderError> {
        self.templates.print(template, view)
    }

    /// Style sheet, script, icons and what else the theme brings.
    pub(in crate::render) fn outputs(&self) -> Vec<Output<'_>> {
        self.assets.outputs()
    }

    pub(in crate::render) fn assets(&self) -> &Assets {
        &self.assets
    }
}

#[cfg(test)]
mod tests;
