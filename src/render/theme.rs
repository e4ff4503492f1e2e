//! The theme: templates, texts and assets, checked before anything is made with them.
//!
//! A theme is a folder of files (see [`ThemeFiles`]): `templates/` are Tera 2 (<https://keats.github.io/tera/>), where
//! every name ends escaped text, whatever its name and whatever filter it uses; `i18n/` holds every word; `static/css/`
//! becomes one style sheet and `static/js/` one script; `static/shapes/` are the shapes of states and `static/icons/`
//! the pictures in a browser's tab; all else in `static/` is published under `assets/` as it is.

mod assets;
mod templates;

use std::collections::BTreeMap;
use std::sync::RwLock;

use serde::Serialize;

use super::html::Html;

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
    states: States,
}

/// States as the component `<state>` prints them, by `data-state`, shape and label: there are few, and they stand on
/// every page many times.
type States = RwLock<BTreeMap<(&'static str, &'static str), BTreeMap<String, Html>>>;

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
        // An override of this component that cannot be printed is told now, and not once for each page.
        templates.state("operational", "operational", "").map_err(|error| vec![*error.0])?;
        let key = Key::of(&(files, config));
        Ok(Theme { templates, i18n, assets, words, key, warnings, states: States::default() })
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
    pub(in crate::render) fn print(&self, template: &str, view: &impl Serialize) -> Result<Vec<u8>, RenderError> {
        self.templates.print(template, view)
    }

    /// Prints a view with a template of plain text, such as `announce/text.txt`; nothing is escaped in it.
    ///
    /// # Errors
    ///
    /// As [`Theme::print`].
    pub(in crate::render) fn print_text(&self, template: &str, view: &impl Serialize) -> Result<String, RenderError> {
        self.templates.print_text(template, view)
    }

    /// Whether the theme has such a template.
    pub fn has_template(&self, template: &str) -> bool {
        self.templates.has(template)
    }

    /// A state with its shape and word, as the component `<state>` prints it.
    pub(in crate::render) fn state(&self, state: &'static str, shape: &'static str, label: &str) -> Html {
        if let Ok(states) = self.states.read()
            && let Some(html) = states.get(&(state, shape)).and_then(|labels| labels.get(label))
        {
            return html.clone();
        }
        // It was printed once when the theme was loaded, so it can be printed; the word alone would still be true.
        let html = self.templates.state(state, shape, label).unwrap_or_else(|_| Html::text(label));
        if let Ok(mut states) = self.states.write() {
            states.entry((state, shape)).or_default().insert(label.to_owned(), html.clone());
        }
        html
    }

    /// Style sheet, script, icons and what else the theme brings.
    pub(in crate::render) fn outputs(&self) -> Vec<Output<'_>> {
        self.assets.outputs()
    }

    /// The style sheet's text.
    pub(in crate::render) fn css(&self) -> String {
        let file = self.assets.files.iter().find(|(path, _)| path.as_str() == self.assets.css);
        file.map_or(String::new(), |(_, bytes)| String::from_utf8_lossy(bytes).into_owned())
    }

    pub(in crate::render) fn assets(&self) -> &Assets {
        &self.assets
    }
}

#[cfg(test)]
mod tests;
