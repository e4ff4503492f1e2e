//! The theme: the built-in files, each replaced by the site's own of the same path in `theme/`.
//!
//! One file is enough to change one thing. Whether a theme can be used is [`crate::render::Theme`]'s to say.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use include_dir::{Dir, include_dir};
use walkdir::WalkDir;

use super::files::{self, Unread};
use crate::diag::{Code, Diagnostic, Loaded, Source};
use crate::model::{Config, ThemeFiles};

static BUILT_IN: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/theme");

/// The folders of a theme; what lies elsewhere in `theme/` is not used.
const FOLDERS: [&str; 3] = ["templates", "static", "i18n"];

/// The largest file of a theme, in bytes. Fonts are the largest that make sense.
const FILE_BYTES_MAX: u64 = 4 << 20;

const DEPTH_MAX: usize = 8;

/// The theme that is compiled into the program.
pub fn built_in() -> ThemeFiles {
    let mut files = BTreeMap::new();
    collect(&BUILT_IN, &mut files);
    ThemeFiles(files)
}

fn collect(folder: &Dir<'static>, files: &mut BTreeMap<String, Vec<u8>>) {
    for file in folder.files() {
        // Built on Windows, its paths have backslashes.
        let path = file.path().to_string_lossy().replace('\\', "/");
        if is_theme_path(&path) {
            files.insert(path, file.contents().to_vec());
        }
    }
    for inner in folder.dirs() {
        collect(inner, files);
    }
}

fn is_theme_path(path: &str) -> bool {
    path.split_once('/').is_some_and(|(folder, _)| FOLDERS.contains(&folder))
        && !path.split('/').any(|part| part.starts_with('.') || part.ends_with('~'))
}

/// The built-in theme with the site's own files laid over it.
pub(super) fn read(root: &Path) -> Loaded<ThemeFiles> {
    let mut theme = Loaded { value: built_in(), diagnostics: Vec::new() };
    let folder = root.join("theme");
    if !folder.is_dir() {
        return theme;
    }
    if files::inside(root, &folder).is_none() {
        theme.diagnostics.push(Unread::Outside.telling(FILE_BYTES_MAX).at(&Arc::new(Source::new("theme", "")), 0..0));
        return theme;
    }
    for entry in WalkDir::new(&folder).max_depth(DEPTH_MAX).sort_by_file_name().into_iter().flatten() {
        let Some(path) = entry.path().strip_prefix(&folder).ok().and_then(Path::to_str) else { continue };
        let path = path.replace('\\', "/");
        if !entry.file_type().is_dir() {
            lay_over(root, &path, entry.path(), &mut theme);
        }
    }
    theme
}

fn lay_over(root: &Path, path: &str, file: &Path, theme: &mut Loaded<ThemeFiles>) {
    let source = || Arc::new(Source::new(format!("theme/{path}"), ""));
    if is_theme_path(path) {
        match files::read_guarded(root, file, FILE_BYTES_MAX) {
            Ok(bytes) => {
                theme.value.0.insert(path.to_owned(), bytes);
            }
            Err(unread) => {
                let told = unread.telling(FILE_BYTES_MAX).outcome("the theme goes on without it");
                theme.diagnostics.push(told.at(&source(), 0..0));
            }
        }
    } else if !path.split('/').any(|part| part.starts_with(['.', '_']) || part.ends_with('~'))
        && !path.to_ascii_lowercase().starts_with("readme")
    {
        theme.diagnostics.push(
            Diagnostic::note(Code::FILE_NAME, "no theme has a file here")
                .cure("put it into `theme/templates/`, `theme/static/` or `theme/i18n/`")
                .outcome("not used")
                .at(&source(), 0..0),
        );
    }
}

/// Makes the language English where nobody has written the site's words in another: a page must not say that it is
/// in a language that its own words are not in.
pub(super) fn keep_language(root: &Path, config: &mut Config, theme: &ThemeFiles, diagnostics: &mut Vec<Diagnostic>) {
    let language = &config.language;
    let primary = language.split('-').next().unwrap_or(language);
    if [primary, language].iter().any(|name| theme.0.contains_key(&format!("i18n/{name}.toml"))) {
        return;
    }
    let source = files::source_again(root, "upfront.toml");
    let quoted = source.text().find("language").and_then(|key| {
        let value = key + source.text().get(key..)?.find(&**language)?;
        Some(value..value + language.len())
    });
    diagnostics.push(
        Diagnostic::warning(Code::THEME_TEXT, format!("there are no texts in `{language}`"))
            .cure(format!(
                "write them in `theme/i18n/{primary}.toml`, as upfront's own `theme/i18n/en.toml` has them, or take this line out"
            ))
            .outcome("the site's own words are English, and its pages say so")
            .at(&source, quoted.unwrap_or_default()),
    );
    "en".clone_into(&mut config.language);
}

/// The keys of a theme's texts that notices are written in, which nothing else asks for.
pub(crate) const NOTICE_KEYS: [&str; 14] = [
    "notice_title_down",
    "notice_title_partial",
    "notice_title_degraded",
    "notice_title_unstable",
    "notice_investigating",
    "notice_monitoring",
    "notice_resolved",
    "notice_places",
    "notice_places_unknown",
    "notice_list_last",
    "notice_list_more",
    "notice_days",
    "notice_hours",
    "notice_minutes",
];

/// Gives notices the theme's own words wherever the config has none: those of the site's language, or else English. A file
/// that is not TOML is told when the theme is read.
pub(crate) fn fill_notice_texts(config: &mut Config, theme: &ThemeFiles) {
    let language = config.language.as_str();
    let primary = language.split('-').next().unwrap_or(language);
    let built_in = built_in();
    let mut files: Vec<&[u8]> = Vec::new();
    for name in [language, primary, "en"] {
        files.extend(theme.0.get(&format!("i18n/{name}.toml")).map(Vec::as_slice));
    }
    files.extend(built_in.0.get("i18n/en.toml").map(Vec::as_slice));
    let tables: Vec<toml::Table> =
        files.iter().filter_map(|bytes| std::str::from_utf8(bytes).ok()?.parse().ok()).collect();
    let texts = &mut config.monitoring.texts;
    let places = [
        &mut texts.title_down,
        &mut texts.title_partial,
        &mut texts.title_degraded,
        &mut texts.title_unstable,
        &mut texts.investigating,
        &mut texts.monitoring,
        &mut texts.resolved,
        &mut texts.places,
        &mut texts.places_unknown,
        &mut texts.list_last,
        &mut texts.list_more,
        &mut texts.days,
        &mut texts.hours,
        &mut texts.minutes,
    ];
    for (key, text) in NOTICE_KEYS.into_iter().zip(places) {
        if text.is_none() {
            *text = tables.iter().find_map(|table| table.get(key)?.as_str().map(str::to_owned));
        }
    }
}

/// Makes the logo one of the theme's static files, wherever in the site it lies, and says which: afterwards
/// `config.logo` is a path like `theme/static/logo.svg` that the theme holds, or `None`.
pub(super) fn take_logo(root: &Path, config: &mut Config, theme: &mut ThemeFiles, diagnostics: &mut Vec<Diagnostic>) {
    let Some(logo) = config.logo.take() else { return };
    let logo = logo.trim_start_matches("./").to_owned();
    let in_theme = logo.strip_prefix("theme/").filter(|path| theme.0.contains_key(*path));
    if in_theme.is_some_and(|path| path.starts_with("static/")) {
        config.logo = Some(logo);
        return;
    }
    let safe =
        !logo.starts_with(['/', '\\']) && !logo.split(['/', '\\']).any(|part| part == ".." || part.contains(':'));
    let read = if safe { files::read_guarded(root, &root.join(&logo), FILE_BYTES_MAX) } else { Err(Unread::Outside) };
    match read {
        Ok(bytes) => {
            let ending = logo.rsplit_once('.').map_or("svg", |(_, ending)| ending).to_ascii_lowercase();
            let path = format!("static/site-logo.{ending}");
            config.logo = Some(format!("theme/{path}"));
            theme.0.insert(path, bytes);
        }
        Err(_) => {
            let source = files::source_again(root, "upfront.toml");
            let start = source.text().find(&logo).unwrap_or(0);
            diagnostics.push(
                Diagnostic::warning(Code::CONFIG_VALUE, format!("there is no picture `{logo}` in the site's folder"))
                    .cure("write the path from the folder of `upfront.toml`, such as `theme/static/logo.svg`")
                    .outcome("the page shows no logo")
                    .at(&source, start..start + logo.len()),
            );
        }
    }
}
