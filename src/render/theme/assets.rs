//! Style sheet, script, shapes and icons: put together once, named by what is in them.
//!
//! A name with a hash may be cached for ever: `assets/upfront-1a2b3c4d.css` never changes. The style sheet and the
//! script are made smaller only in ways that cannot change their meaning: comments, indentation and line ends go.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::Arc;

use crate::diag::{Code, Diagnostic, Source};
use crate::model::{Config, Pair, ThemeFiles};
use crate::render::i18n::I18n;
use crate::render::output::{Class, Content, Output, SitePath};

/// The order of the style sheet's parts: layers and tokens first. What a theme adds comes after, by name.
const CSS_ORDER: [&str; 6] = ["layers", "tokens", "reset", "base", "states", "layout"];

/// The theme's own paper, as in `static/css/tokens.css`.
const PAPER: [&str; 2] = ["#fbfaf6", "#141517"];

/// Files to publish, and the names that pages need.
pub(in crate::render) struct Assets {
    pub files: Vec<(SitePath, Vec<u8>)>,
    /// Path of the style sheet, from the site's root.
    pub css: String,
    /// Path of the script, from the site's root.
    pub js: String,
    /// Path of the picture beside the name.
    pub logo: Option<String>,
    /// Path of the picture in a browser's tab, by state.
    icons: BTreeMap<String, String>,
    /// What stands inside each shape's `svg`.
    shapes: BTreeMap<String, String>,
    /// The colour of paper, light and dark.
    pub paper: [String; 2],
}

impl Assets {
    pub(super) fn new(
        files: &ThemeFiles,
        config: &Config,
        i18n: &I18n,
        errors: &mut Vec<Diagnostic>,
        warnings: &mut Vec<Diagnostic>,
    ) -> Assets {
        let paper = config.brand.paper.as_ref();
        let mut assets = Assets {
            files: Vec::new(),
            css: String::new(),
            js: String::new(),
            logo: None,
            icons: BTreeMap::new(),
            shapes: BTreeMap::new(),
            paper: [paper.map_or(PAPER[0], |pair| &pair.light), paper.map_or(PAPER[1], |pair| &pair.dark)]
                .map(str::to_owned),
        };
        assets.css = assets.add("upfront", "css", style_sheet(files, config, errors).into_bytes());
        assets.js = assets.add("upfront", "js", script(files, i18n, errors).into_bytes());
        let logo = config.logo.as_deref().and_then(|path| path.strip_prefix("theme/static/"));
        for (path, bytes) in &files.0 {
            let Some(path) = path.strip_prefix("static/") else { continue };
            match path.split_once('/') {
                Some(("css" | "js", _)) => {}
                Some(("shapes", name)) => assets.add_shape(name, bytes, errors),
                Some(("icons", name)) => assets.add_icon(name, bytes),
                // It gets a name with a hash.
                _ if Some(path) == logo => {}
                _ => assets.files.extend(SitePath::new(format!("assets/{path}")).map(|path| (path, bytes.clone()))),
            }
        }
        assets.logo = config.logo.as_ref().and_then(|path| assets.add_logo(path, files, warnings));
        assets
    }

    pub(super) fn outputs(&self) -> Vec<Output<'_>> {
        let files = self.files.iter().map(|(path, bytes)| (path.clone(), bytes));
        files
            .map(|(path, bytes)| Output {
                path,
                class: Class::Asset,
                key: None,
                content: Content::made(|| Ok(bytes.clone())),
            })
            .collect()
    }

    /// The tab's picture for a state; of an unknown state that of `none`.
    pub(in crate::render) fn icon(&self, state: &str) -> &str {
        self.icons.get(state).or_else(|| self.icons.get("none")).map_or("", String::as_str)
    }

    /// What stands inside the `svg` of a shape.
    pub(in crate::render) fn shape(&self, name: &str) -> &str {
        self.shapes.get(name).map_or("", String::as_str)
    }

    fn add(&mut self, name: &str, extension: &str, bytes: Vec<u8>) -> String {
        let hash = blake3::hash(&bytes).to_hex();
        let path = format!("assets/{name}-{}.{extension}", &hash[..8]);
        self.files.extend(SitePath::new(&*path).map(|path| (path, bytes)));
        path
    }

    fn add_shape(&mut self, name: &str, bytes: &[u8], errors: &mut Vec<Diagnostic>) {
        let Some(name) = name.strip_suffix(".svg") else { return };
        let text = String::from_utf8_lossy(bytes);
        let inside = text.split_once('>').and_then(|(_, rest)| rest.rsplit_once("</svg>")).map(|(inside, _)| inside);
        match inside {
            Some(inside) if text.trim_start().starts_with("<svg") => {
                self.shapes.insert(name.to_owned(), inside.trim().to_owned());
            }
            _ => errors.push(
                Diagnostic::error(Code::THEME_TEMPLATE, "a shape is one `svg` element and nothing around it")
                    .at(&Arc::new(Source::new(format!("theme/static/shapes/{name}.svg"), text.as_ref())), 0..0)
                    .cure("write `<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 16 16\">…</svg>`"),
            ),
        }
    }

    fn add_icon(&mut self, name: &str, bytes: &[u8]) {
        let Some((state, extension)) = name.rsplit_once('.') else { return };
        let path = self.add(&format!("state-{state}"), extension, bytes.to_vec());
        self.icons.insert(state.to_owned(), path);
    }

    fn add_logo(&mut self, path: &str, files: &ThemeFiles, warnings: &mut Vec<Diagnostic>) -> Option<String> {
        let in_theme = path.strip_prefix("theme/").unwrap_or(path);
        let bytes = files.0.get(in_theme).or_else(|| files.0.get(&format!("static/{in_theme}")));
        let extension = in_theme.rsplit_once('.').map(|(_, extension)| extension.to_ascii_lowercase());
        let known = extension.filter(|e| ["svg", "png", "jpg", "jpeg", "gif", "webp", "avif"].contains(&e.as_str()));
        match (bytes, known) {
            (Some(bytes), Some(extension)) => Some(self.add("logo", &extension, bytes.clone())),
            _ => {
                warnings.push(
                    Diagnostic::warning(Code::CONFIG_VALUE, format!("there is no picture `{path}` in the theme"))
                        .cure("put it in theme/static/ and write `logo = \"theme/static/logo.svg\"`")
                        .outcome("built without a logo"),
                );
                None
            }
        }
    }
}

fn style_sheet(files: &ThemeFiles, config: &Config, errors: &mut Vec<Diagnostic>) -> String {
    let parts = texts(files, "static/css/", ".css", errors);
    let first = CSS_ORDER.iter().filter_map(|name| parts.get(*name));
    let rest = parts.iter().filter(|(name, _)| !CSS_ORDER.contains(name)).map(|(_, text)| text);
    let mut css = first.chain(rest).fold(String::new(), |css, text| joined(css, &smaller_css(text)));
    css.push_str(&brand(config));
    css
}

/// The tokens of the config, in the layer of the theme's own and after them, so that they win, except in print.
fn brand(config: &Config) -> String {
    let brand = &config.brand;
    let colours = [("paper", &brand.paper), ("ink", &brand.ink), ("brand", &brand.brand)];
    let of = |side: fn(&Pair) -> &String| -> String {
        colours.iter().fold(String::new(), |mut css, (name, pair)| {
            if let Some(pair) = pair {
                let _ = write!(css, "--{name}:{};", side(pair));
            }
            css
        })
    };
    let (mut light, dark) = (of(|pair| &pair.light), of(|pair| &pair.dark));
    for (name, fonts) in [("voice", &brand.voice), ("plain", &brand.plain)] {
        // A font list that could end its declaration is not one.
        if let Some(fonts) = fonts.as_ref().filter(|fonts| !fonts.contains(['{', '}', ';', '<', '\\', '/', '\n'])) {
            let _ = write!(light, "--{name}:{fonts};");
        }
    }
    let mut css = String::new();
    if !light.is_empty() {
        let _ = write!(css, ":root{{{light}}}");
    }
    if !dark.is_empty() {
        let _ = write!(css, "@media (prefers-color-scheme:dark){{:root{{{dark}}}}}");
    }
    if css.is_empty() { css } else { format!("@layer tokens{{{css}}}") }
}

/// The theme's scripts by name, after the words that they say.
fn script(files: &ThemeFiles, i18n: &I18n, errors: &mut Vec<Diagnostic>) -> String {
    let words = serde_json::to_string(&i18n.script_texts()).unwrap_or_else(|_| "{}".to_owned());
    let mut js = format!("\"use strict\";const T={words};\n");
    for text in texts(files, "static/js/", ".js", errors).values() {
        for line in text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with("//")) {
            js.push_str(line);
            js.push('\n');
        }
    }
    js
}

fn texts<'a>(
    files: &'a ThemeFiles,
    folder: &str,
    extension: &str,
    errors: &mut Vec<Diagnostic>,
) -> BTreeMap<&'a str, &'a str> {
    let mut texts = BTreeMap::new();
    for (path, bytes) in &files.0 {
        let Some(name) = path.strip_prefix(folder).and_then(|name| name.strip_suffix(extension)) else { continue };
        match std::str::from_utf8(bytes) {
            Ok(text) => {
                texts.insert(name, text);
            }
            Err(_) => errors.push(
                Diagnostic::error(Code::THEME_TEMPLATE, "this file is not UTF-8")
                    .at(&Arc::new(Source::new(format!("theme/{path}"), "")), 0..0)
                    .cure("save it as UTF-8"),
            ),
        }
    }
    texts
}

/// Puts a file behind the others. Where both are of one layer, and of nothing else, they become one block of it.
fn joined(mut css: String, next: &str) -> String {
    const LAYER: &str = "@layer components{";
    let last = css.rfind("@layer").map_or("", |at| &css[at..]);
    match next.strip_prefix(LAYER) {
        Some(rest) if last.starts_with(LAYER) && is_one_block(last) && is_one_block(next) => {
            css.pop();
            css.push_str(rest);
        }
        _ => css.push_str(next),
    }
    css
}

/// Whether the first brace is closed by the last character. A brace in a string makes it no block: it then stays as it is.
fn is_one_block(css: &str) -> bool {
    let mut depth = 0_usize;
    let mut ends = css.char_indices().filter_map(|(at, c)| {
        match c {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            _ => return None,
        }
        (depth == 0).then_some(at + 1)
    });
    ends.next() == Some(css.len())
}

/// Without comments, and without white space where it means nothing. Strings stay as they are.
fn smaller_css(css: &str) -> String {
    let mut out = String::with_capacity(css.len());
    let mut rest = css;
    while let Some(c) = rest.chars().next() {
        if let Some(comment) = rest.strip_prefix("/*") {
            rest = comment.split_once("*/").map_or("", |(_, after)| after);
        } else if c == '"' || c == '\'' {
            let end = end_of_string(rest, c);
            out.push_str(&rest[..end]);
            rest = &rest[end..];
        } else if let Some(end) = end_of_url(rest) {
            out.push_str(&rest[..end]);
            rest = &rest[end..];
        } else if c.is_ascii_whitespace() {
            rest = rest.trim_ascii_start();
            let before = out.chars().next_back().is_none_or(|last| matches!(last, '{' | '}' | ';' | ',' | ':' | '>'));
            let after = rest.starts_with(['{', '}', ';', ',', '>']) || rest.is_empty();
            if !before && !after && !rest.starts_with("/*") {
                out.push(' ');
            }
        } else {
            if c == '}' && out.ends_with(';') {
                out.pop();
            }
            out.push(c);
            rest = &rest[c.len_utf8()..];
        }
    }
    out
}

/// Behind the quote that ends the string at the start of `css`; a backslash takes the next character with it.
fn end_of_string(css: &str, quote: char) -> usize {
    let mut chars = css.char_indices().skip(1);
    while let Some((at, c)) = chars.next() {
        if c == '\\' {
            chars.next();
        } else if c == quote {
            return at + c.len_utf8();
        }
    }
    css.len()
}

/// Behind an address without quotes, in which `/*` begins no comment.
fn end_of_url(css: &str) -> Option<usize> {
    let inside = css.strip_prefix("url(")?;
    let is_quoted = inside.trim_ascii_start().starts_with(['"', '\'']);
    let len = inside.find(')').filter(|_| !is_quoted)?;
    Some("url(".len() + len + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(css: &str, smaller: &str) {
        assert_eq!(smaller_css(css), smaller);
    }

    #[test]
    fn neighbours_of_one_layer_become_one_block_of_it() {
        let join = |a: &str, b: &str| joined(a.to_owned(), b);
        let (a, b) = ("@layer components{.a{x:y}}", "@layer components{.b{x:y}}");
        assert_eq!(join(a, b), "@layer components{.a{x:y}.b{x:y}}");
        assert_eq!(join(&join("@layer base{p{x:y}}", a), b), "@layer base{p{x:y}}@layer components{.a{x:y}.b{x:y}}");
        for (a, b) in [
            ("@layer base{.a{x:y}}", b),
            ("@layer components{.a{x:y}}@media print{.a{x:z}}", b),
            ("@layer components{.a{x:\"}\"}}", b),
            (a, "@layer components{.b{x:y}}.c{x:y}"),
        ] {
            assert_eq!(join(a, b), [a, b].concat());
        }
    }

    #[test]
    fn css_loses_only_what_means_nothing() {
        check("a { color: red; }\n", "a{color:red}");
        check("/* why */\n.a > .b,\n.c .d { margin: 0 1px }", ".a>.b,.c .d{margin:0 1px}");
        check("a::before { content: \"  {;} \"; }", "a::before{content:\"  {;} \"}");
        check("a { inline-size: calc(1px + 2px) /* x */ }", "a{inline-size:calc(1px + 2px)}");
        check("@media (min-width: 60rem) { a :hover { x: y } }", "@media (min-width:60rem){a :hover{x:y}}");
        check("/* not closed", "");
        check(r#"a { content: "\"" } b { content: "/*" } .c { x: y }"#, r#"a{content:"\""}b{content:"/*"}.c{x:y}"#);
        check(".a { b: url(x/*.png) } .c { x: y }", ".a{b:url(x/*.png)}.c{x:y}");
    }
}
