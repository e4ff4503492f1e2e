//! A site's own theme files, through the real program.

use snapbox::{assert_data_eq, str};

use crate::site_test::TestSite;

const NOW: &str = "--now 2022-04-20T12:00:00Z";

#[test]
fn a_text_that_nobody_asks_for_is_told_by_build_and_check() {
    let site = TestSite::new(&[("theme/i18n/en.toml", "histroy = \"Past\"\n")]);
    assert_data_eq!(
        site.run(&format!("check --format concise {NOW}")).all(),
        str![[r#"
status 1
stdout:
theme/i18n/en.toml:1:1: warning[theme-text]: no text is called `histroy`; did you mean `history`?

"#]]
    );
    let built = site.run(&format!("build {NOW}"));
    assert_eq!(built.status, Some(0));
    assert!(built.stderr.contains("warning[theme-text]: no text is called `histroy`"), "{}", built.all());
    assert_eq!(site.run(&format!("build --strict {NOW}")).status, Some(1));
}

/// The paths of all assets that are a logo.
fn logos(site: &TestSite) -> Vec<String> {
    let assets = std::fs::read_dir(site.path("public/assets")).unwrap();
    let names = assets.map(|file| file.unwrap().file_name().into_string().unwrap());
    names.filter(|name| name.contains("logo")).collect()
}

#[test]
fn a_logo_is_published_once_wherever_it_lies() {
    for (path, config) in [("theme/static/logo.svg", "./theme/static/logo.svg"), ("logo.svg", "logo.svg")] {
        let site = TestSite::new(&[(path, "<svg xmlns=\"http://www.w3.org/2000/svg\"/>")]);
        site.write("upfront.toml", format!("logo = \"{config}\"\n{}", site.read("upfront.toml")));
        site.run(&format!("build {NOW}"));
        let logos = logos(&site);
        assert!(matches!(logos.as_slice(), [name] if name.starts_with("logo-")), "{logos:?}");
        assert!(site.read("public/index.html").contains(&format!("assets/{}", logos[0])));
    }
}

#[test]
fn a_language_without_texts_is_told_and_pages_say_that_they_are_english() {
    let site = TestSite::new(&[]);
    site.write("upfront.toml", format!("language = \"nb-NO\"\n{}", site.read("upfront.toml")));
    assert_data_eq!(
        site.run(&format!("check --format concise {NOW}")).all(),
        str![[r#"
status 1
stdout:
upfront.toml:1:13: warning[theme-text]: there are no texts in `nb-NO`; write them in `theme/i18n/nb.toml`, as upfront's own `theme/i18n/en.toml` has them, or take this line out (the site's own words are English, and its pages say so)

"#]]
    );
    site.run(&format!("build {NOW}"));
    let english = |path| site.read(path).contains("\"en\"");
    assert!(site.read("public/index.html").contains("<html lang=\"en\"") && english("public/feed.json"));
    site.write("theme/i18n/nb.toml", "history = \"Historikk\"\n");
    assert_eq!(site.run(&format!("check {NOW}")).status, Some(0));
    site.run(&format!("build {NOW}"));
    assert!(site.read("public/index.html").contains("<html lang=\"nb-NO\""));
}
