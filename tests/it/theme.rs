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
