//! No input makes the program panic: any config, and any post on its whole way to pages, feeds and calendar, at any time.

use std::collections::BTreeMap;

use jiff::Timestamp;
use proptest::collection::vec;
use proptest::prelude::*;
use upfront::check::{self, Checked};
use upfront::derive::derive;
use upfront::load::{load, read_source};
use upfront::render::{Theme, render};
use upfront::write::memory;

use crate::site_test::TestSite;

/// Pieces of configs: whole, broken and cut.
const CONFIG_PIECES: &[&str] = &[
    "title = \"A\"\n",
    "title = ",
    "url = \"https://a.example\"\n",
    "url = \"https://\u{202e}\"\n",
    "time_zone = \"Europe/Oslo\"\n",
    "time_zone = \"\"\n",
    "language = \"\u{0}\"\n",
    "language = \"../..\"\n",
    "logo = \"theme/../../x\"\n",
    "logo = \".\"\n",
    "[[component]]\n",
    "[component]\n",
    "id = \"imap\"\n",
    "id = \"\"\n",
    "name = \"IMAP\"\n",
    "name = [1, {a = 2}]\n",
    "group = \"Mail\"\n",
    "group = \"imap\"\n",
    "[[group]]\n",
    "[brand]\n",
    "paper = [\"#fff\"]\n",
    "paper = [\"#ééé\", \"#\"]\n",
    "ink = { light = \"#000\" }\n",
    "voice = \"\"\n",
    "[promise]\n",
    "rebuild = \"5m\"\n",
    "rebuild = \"99999999999999999999d\"\n",
    "next_update = \"-1s\"\n",
    "[[link]]\n",
    "checklist = [\"a\", 1]\n",
    "footer = \"[a](b) ![c](d)\"\n",
    "x = 9999-99-99\n",
    "\"\"\"",
    "'''",
    "\u{feff}",
    "\r",
    "[[",
    "]]",
    "= ",
    "{",
    "#",
];

/// Pieces of posts: what front matter, headings and Markdown are made of, with extremes.
const POST_PIECES: &[&str] = &[
    "+++\n",
    "---\n",
    "title = \"A\"\n",
    "title: A\n",
    "kind = \"maintenance\"\n",
    "kind = \"info\"\n",
    "kind = \"false_alarm\"\n",
    "starts = 9999-12-31T23:59:59Z\n",
    "starts = 2022-03-29T02:00:00Z\n",
    "ends = 0001-01-01T00:00:00Z\n",
    "ends = 9999-12-31\n",
    "started = -9999-01-01\n",
    "next_update = 9999-12-30T22:00:00Z\n",
    "date = 0000-01-01\n",
    "accounts = 9223372036854775807\n",
    "accounts = \"1-2\"\n",
    "components = [\"imap\"]\n",
    "impact = \"critical\"\n",
    "affected = \"\u{202e}\"\n",
    "aliases = [\"..\", \"x\", \"\"]\n",
    "rfo_for = \"x\"\n",
    "published = 9999-12-31\n",
    "[[follow_up]]\n",
    "what = \"A\"\n",
    "due = 9999-12-31\n",
    "due = 0001-01-01\n",
    "done = 9999-12-31\n",
    "## Investigating",
    "## Resolved",
    "## Scheduled",
    "## Completed",
    " · 2022-03-29 11:20",
    " · 9999-12-31 23:59",
    " · 0001-01-01 00:00",
    " -9999-01-01",
    " 14:05",
    " 24:00 XYZ",
    " { imap=operational }",
    " { imap=",
    "\n",
    "\n\n",
    "Words.\n",
    "![a](b.png)",
    "[a](javascript:b)",
    "[x](x.md#y)",
    "[^1]",
    "[^1]: n\n",
    "| a |\n|--|\n| b |\n",
    "```\n",
    "> ",
    "- ",
    "1. ",
    "<b>",
    "<!--",
    "&#x202e;",
    "{{ a }}",
    "{% if %}",
    "\r\n",
    "\u{0}",
    "\u{1b}",
    "é",
    "日",
    "\u{301}",
    "<<<<<<< a\n",
    "=======\n",
    ">>>>>>> b\n",
];

/// Moments at which a site may be built: a usual one, and the ends of time.
const MOMENTS: &[&str] =
    &["2022-03-29T12:18:00Z", "-009999-01-02T01:59:59Z", "9999-12-30T22:00:00.999999999Z", "0000-01-01T00:00:00Z"];

fn bytes_of(pieces: &'static [&'static str]) -> impl Strategy<Value = Vec<u8>> {
    let pieces = || vec(prop::sample::select(pieces), 0..30).prop_map(|pieces| pieces.concat().into_bytes());
    // One byte in the middle is any byte, which makes half of them no UTF-8.
    let struck = (pieces(), any::<prop::sample::Index>(), any::<u8>()).prop_map(|(mut bytes, at, byte)| {
        if !bytes.is_empty() {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        bytes
    });
    prop_oneof![6 => pieces(), 2 => struck, 1 => vec(any::<u8>(), 0..200)]
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(400) })]

    #[test]
    fn no_config_makes_it_panic(is_sound in any::<bool>(), pieces in bytes_of(CONFIG_PIECES)) {
        let site = TestSite::new(&[("incidents/x.md", "Slow.\n")]);
        // Below a sound beginning, pieces often make a config that is used.
        let sound = "title = \"A\"\nurl = \"https://a.example\"\ncomponent = [{ id = \"web\", name = \"Web\" }]\n";
        site.write("upfront.toml", [if is_sound { sound.as_bytes() } else { b"" }, &pieces].concat());
        match load(&site.root()) {
            Ok(loaded) => pages(&site, &loaded.value, "2022-03-29T12:18:00Z"),
            Err(told) => prop_assert!(!told.is_empty()),
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(150) })]

    #[test]
    fn no_post_makes_it_panic_on_its_way_to_the_reader(
        post in bytes_of(POST_PIECES),
        other in bytes_of(POST_PIECES),
        report in bytes_of(POST_PIECES),
        now in prop::sample::select(MOMENTS),
    ) {
        let site = TestSite::new(&[]);
        site.write("incidents/x.md", &post);
        site.write("incidents/y/index.md", &other);
        site.write("incidents/y/rfo.md", &report);
        let loaded = load(&site.root());
        prop_assert!(loaded.is_ok());
        if let Ok(loaded) = loaded {
            pages(&site, &loaded.value, now);
        }
    }
}

/// Makes everything that a build and a check make. A theme cannot be wrong here, for there is none but the built-in one.
fn pages(site: &TestSite, loaded: &upfront::model::Site, now: &str) {
    let now: Timestamp = now.parse().unwrap();
    let derived = derive(loaded, now);
    check::future(loaded, now, |path| read_source(&site.root(), path));
    let Ok(theme) = Theme::new(&loaded.theme, &loaded.config) else { return };
    let outputs = render(loaded, &derived, &theme);
    let files = memory::collect(&outputs, &mut memory::Cache::default());
    let files = files.unwrap_or_else(|error| panic!("{:?}", error.0));
    let sources = loaded.incidents.iter().map(|incident| incident.source.clone());
    let sources: BTreeMap<_, _> =
        sources.filter_map(|path| Some((path.clone(), read_source(&site.root(), &path)?))).collect();
    check::check(&Checked { site: loaded, derived: &derived, sources: &sources, files: &files });
}
