//! Tera's templates, made safe, and its errors, made ours.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use serde::Serialize;
use tera::{Context, ErrorKind, Kwargs, State, Tera, Value};

use crate::diag::{Code, Diagnostic, Source, nearest};
use crate::model::ThemeFiles;
use crate::render::Html;
use crate::render::escape::html_into;
use crate::render::i18n::I18n;
use crate::render::output::RenderError;

/// Templates that parse and know each other. What ends in `.txt` is plain text, where nothing is escaped; all else is HTML,
/// and neither may include the other.
pub(super) struct Templates {
    tera: Tera,
    text: Tera,
    sources: BTreeMap<String, Arc<Source>>,
}

impl Templates {
    pub(super) fn new(files: &ThemeFiles, i18n: &I18n) -> Result<Templates, Vec<Diagnostic>> {
        let mut errors = Vec::new();
        let sources = sources(files, &mut errors);
        let texts = i18n.plain_texts();
        for source in sources.values() {
            unknown_texts(source, &texts, &mut errors);
        }
        let mut tera = Tera::default();
        // Every name ends in nothing: everything is escaped. `safe` would be a way around it, so it does nothing.
        tera.autoescape_on([""]);
        tera.set_escape_fn(|text, out| {
            let mut html = String::with_capacity(text.len() + 8);
            html_into(&mut html, text);
            out.write_all(html.as_bytes())
        });
        tera.register_filter("safe", |value: Value, _: Kwargs, _: &State<'_>| value);
        tera.global_context().insert("t", &texts);
        let mut text = Tera::default();
        text.autoescape_on(Vec::<&'static str>::new());
        text.global_context().insert("t", &texts);
        for (tera, is_text) in [(&mut tera, false), (&mut text, true)] {
            let named = sources.iter().filter(|(name, _)| name.ends_with(".txt") == is_text);
            if let Err(error) = tera.add_raw_templates(named.map(|(name, source)| (name, source.text()))) {
                errors.extend(told(&error, &sources));
            }
        }
        if errors.is_empty() { Ok(Templates { tera, text, sources }) } else { Err(errors) }
    }

    pub(super) fn has(&self, template: &str) -> bool {
        self.sources.contains_key(template)
    }

    pub(super) fn print_text(&self, template: &str, view: &impl Serialize) -> Result<String, RenderError> {
        let mut text = Vec::new();
        let printed = Context::from_serialize(view).and_then(|view| self.text.render_to(template, &view, &mut text));
        printed.map_err(|error| self.error(&error))?;
        Ok(String::from_utf8_lossy(&text).into_owned())
    }

    pub(super) fn print(&self, template: &str, view: &impl Serialize) -> Result<Vec<u8>, RenderError> {
        // Most pages fit, so that nothing is copied while they grow.
        let mut page = Vec::with_capacity(12 * 1024);
        let printed = Context::from_serialize(view).and_then(|view| self.tera.render_to(template, &view, &mut page));
        printed.map(|()| page).map_err(|error| self.error(&error))
    }

    /// Prints the component `<state>`.
    pub(super) fn state(&self, state: &str, shape: &str, label: &str) -> Result<Html, RenderError> {
        let mut context = Context::new();
        context.insert("mark", &BTreeMap::from([("state", state), ("shape", shape), ("label", label)]));
        let printed = self.tera.render_component("state", &context, None, true);
        printed.map(|html| Html::trusted(html.trim())).map_err(|error| self.error(&error))
    }

    fn error(&self, error: &tera::Error) -> RenderError {
        let first = told(error, &self.sources).into_iter().next();
        RenderError(Box::new(first.unwrap_or_else(|| Diagnostic::error(Code::THEME_TEMPLATE, error.to_string()))))
    }
}

fn sources(files: &ThemeFiles, errors: &mut Vec<Diagnostic>) -> BTreeMap<String, Arc<Source>> {
    let mut sources = BTreeMap::new();
    for (path, bytes) in &files.0 {
        let Some(name) = path.strip_prefix("templates/") else { continue };
        match std::str::from_utf8(bytes) {
            Ok(text) => {
                sources.insert(name.to_owned(), Arc::new(Source::new(format!("theme/{path}"), text)));
            }
            Err(_) => errors.push(
                Diagnostic::error(Code::THEME_TEMPLATE, "this template is not UTF-8")
                    .at(&Arc::new(Source::new(format!("theme/{path}"), "")), 0..0)
                    .cure("save it as UTF-8"),
            ),
        }
    }
    sources
}

/// Finds each `t.name` that is no text. Tera would find it only when a page that prints it is made.
fn unknown_texts(source: &Arc<Source>, texts: &BTreeMap<&str, String>, errors: &mut Vec<Diagnostic>) {
    for (name, span) in asked_texts(source.text()) {
        if !texts.contains_key(name) {
            let cure = match nearest(name, texts.keys().copied()) {
                Some(near) => format!("did you mean `t.{near}`?"),
                None => "the texts without places to fill in i18n/en.toml can be asked for".to_owned(),
            };
            errors.push(
                Diagnostic::error(Code::THEME_TEMPLATE, format!("no text is called `{name}`"))
                    .at(source, span)
                    .cure(cure),
            );
        }
    }
}

/// Each `t.name` of a template, and where its name stands.
pub(super) fn asked_texts(template: &str) -> impl Iterator<Item = (&str, Range<usize>)> {
    let bytes = template.as_bytes();
    let word = |at: usize| bytes.get(at).is_some_and(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.'));
    template.match_indices("t.").filter_map(move |(at, _)| {
        let start = at + 2;
        let len = template[start..].find(|c: char| !(c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_'))?;
        let free = at == 0 || !word(at - 1);
        (free && len > 0 && in_tag(&template[..at])).then(|| (&template[start..start + len], start..start + len))
    })
}

/// Whether what follows `before` stands inside `{{ }}` or `{% %}`.
fn in_tag(before: &str) -> bool {
    let opened = before.rfind("{{").max(before.rfind("{%"));
    let closed = before.rfind("}}").max(before.rfind("%}"));
    opened > closed
}

fn told(error: &tera::Error, sources: &BTreeMap<String, Arc<Source>>) -> Vec<Diagnostic> {
    match error.kind() {
        ErrorKind::SyntaxError(report) | ErrorKind::RenderingError(report) => {
            vec![at_name(report.message(), report.filename(), report.span().range.clone(), sources)]
        }
        ErrorKind::Msg(reports) if reports.starts_with("error: ") => {
            reports.split("\n\n").filter_map(|report| from_report(report, sources)).collect()
        }
        ErrorKind::MissingParent { current, parent } => {
            let message = format!("there is no template `{parent}` to extend");
            let text = sources.get(current).map_or("", |source| source.text());
            let start = text.find(parent.as_str()).unwrap_or(0);
            vec![at_name(&message, current, start..start + parent.len().min(text.len() - start), sources)]
        }
        kind => vec![
            Diagnostic::error(Code::THEME_TEMPLATE, lower_first(&kind.to_string()))
                .cure("look at the templates that extend or include it"),
        ],
    }
}

/// Tera gives what it finds in several templates as one text, so the places have to be read from it.
fn from_report(report: &str, sources: &BTreeMap<String, Arc<Source>>) -> Option<Diagnostic> {
    let mut lines = report.lines();
    let message = lines.next()?.strip_prefix("error: ")?;
    let place = lines.next()?.trim_start().strip_prefix("--> ")?;
    let mut parts = place.rsplitn(3, ':');
    let column: usize = parts.next()?.parse().ok()?;
    let line: usize = parts.next()?.parse().ok()?;
    let name = parts.next()?;
    let text = sources.get(name).map_or("", |source| source.text());
    let line_start: usize = text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
    let start =
        line_start + text[line_start..].chars().take(column.saturating_sub(1)).map(char::len_utf8).sum::<usize>();
    Some(at_name(message, name, start..start + 1, sources))
}

fn at_name(message: &str, name: &str, span: Range<usize>, sources: &BTreeMap<String, Arc<Source>>) -> Diagnostic {
    let diagnostic = Diagnostic::error(Code::THEME_TEMPLATE, lower_first(message));
    match sources.get(name) {
        Some(source) => diagnostic.at(source, span).cure("see the built-in template of the same name"),
        None => diagnostic.cure(format!("in the template {name}")),
    }
}

fn lower_first(message: &str) -> String {
    let mut chars = message.chars();
    chars.next().map_or_else(String::new, |first| first.to_lowercase().chain(chars).collect())
}
