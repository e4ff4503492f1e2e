//! Themes: overrides, mistakes in them, and what assets are called.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on should say where")]

use snapbox::{IntoData as _, assert_data_eq, str};

use super::*;
use crate::render::page::tests::sample::{config, theme_files};

/// What is told of a theme in which `path` is `text`, a line each.
fn told(path: &str, text: &str) -> String {
    let mut files = theme_files();
    files.0.insert(path.to_owned(), text.as_bytes().to_vec());
    let Err(errors) = Theme::new(&files, &config()) else { return "nothing".to_owned() };
    let line = |diagnostic: &Diagnostic| match &diagnostic.place {
        Some(place) => {
            let at = place.source.line_column(place.span.start);
            format!("{}:{}:{}: {}: {}\n", place.source.path(), at.line, at.column, diagnostic.message, diagnostic.cure)
        }
        None => format!("{}: {}\n", diagnostic.message, diagnostic.cure),
    };
    errors.iter().map(line).collect()
}

#[test]
fn the_built_in_theme_has_no_mistake() {
    assert!(Theme::new(&theme_files(), &config()).is_ok_and(|theme| theme.warnings().is_empty()));
}

#[test]
fn a_mistake_in_a_template_is_told_with_its_place() {
    let check =
        |text, message: snapbox::data::Inline| assert_data_eq!(told("templates/pages/index.html", text), message.raw());
    check(
        "<p>\n{% if x %}",
        str![[r#"
theme/templates/pages/index.html:2:9: unexpected end of input: see the built-in template of the same name

"#]],
    );
    check(
        "<p>{{ <stat mark /> }}",
        str![[r#"
theme/templates/pages/index.html:1:7: unknown component `stat`: see the built-in template of the same name

"#]],
    );
    check(
        "<p>\n  {{ t.histroy }}",
        str![[r#"
theme/templates/pages/index.html:2:8: no text is called `histroy`: did you mean `t.history`?

"#]],
    );
    check(
        "{{ a | upercase }}\n{{ <stat mark /> }}",
        str![[r#"
theme/templates/pages/index.html:1:8: unknown filter `upercase`: see the built-in template of the same name
theme/templates/pages/index.html:2:4: unknown component `stat`: see the built-in template of the same name

"#]],
    );
    check(
        "{% extends \"layouts/none.html\" %}",
        str![[r#"
theme/templates/pages/index.html:1:13: there is no template `layouts/none.html` to extend: see the built-in template of the same name

"#]],
    );
}

#[test]
fn a_shape_that_is_no_svg_is_told() {
    assert_data_eq!(told("static/shapes/due.svg", "<path/>"), str![[r#"
theme/static/shapes/due.svg:1:1: a shape is one `svg` element and nothing around it: write `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16">…</svg>`

"#]].raw());
}

#[derive(Serialize)]
struct View {
    text: &'static str,
    html: crate::render::Html,
}

#[test]
fn escaping_cannot_be_switched_off() {
    let mut files = theme_files();
    files.0.insert("templates/own.html".to_owned(), b"{{ text | safe }} {{ html }}".to_vec());
    files.0.insert("templates/own.txt".to_owned(), b"{{ text }}".to_vec());
    let theme = Theme::new(&files, &config()).map_err(|_| "theme").unwrap();
    let view = View { text: "<b>", html: crate::render::Html::trusted("<i>") };
    assert_eq!(theme.print("own.html", &view).map_err(|_| "print").unwrap(), b"&lt;b&gt; <i>");
    assert!(theme.print("own.txt", &view).is_err(), "no page is made of a template for text");
    assert_eq!(theme.print_text("own.txt", &view).map_err(|_| "print").unwrap(), "<b>");
}

#[test]
fn a_name_that_a_view_does_not_have_is_told_with_its_place() {
    let mut files = theme_files();
    files.0.insert("templates/own.html".to_owned(), b"\n{{ missing }}".to_vec());
    let theme = Theme::new(&files, &config()).map_err(|_| "theme").unwrap();
    let view = View { text: "", html: crate::render::Html::default() };
    let RenderError(diagnostic) = theme.print("own.html", &view).unwrap_err();
    let place = diagnostic.place.unwrap();
    assert_eq!((place.source.path(), place.source.line_column(place.span.start).line), ("theme/templates/own.html", 2));
}

#[test]
fn a_logo_outside_the_theme_is_told_and_the_site_is_built() {
    let mut config = config();
    config.logo = Some("../secret.png".to_owned());
    let theme = Theme::new(&theme_files(), &config).map_err(|_| "theme").unwrap();
    assert_eq!(theme.assets().logo, None);
    assert_eq!(theme.warnings().len(), 1);
}
