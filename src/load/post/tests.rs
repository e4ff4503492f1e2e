//! Promises about every file: nothing makes the parser panic, nothing takes it more than a moment, no text is lost.

use jiff::civil::date;
use jiff::tz::TimeZone;
use proptest::prelude::*;

use super::*;
use crate::model::{
    Brand, Component, Evidence, IncidentStatus, Markdown, PostedAt, Promise, SiteUrl, Slug, Stage, Update, Zone,
};

pub(super) fn config() -> Option<Config> {
    let imap = Component {
        id: Slug::new("imap")?,
        name: "IMAP".to_owned(),
        description: None,
        group: None,
        watch: crate::model::Watch::default(),
    };
    Some(Config {
        title: "Fjordpost".to_owned(),
        url: SiteUrl::new("https://status.fjordpost.example")?,
        zone: Zone { name: "Europe/Oslo".to_owned(), tz: TimeZone::get("Europe/Oslo").ok()? },
        language: "en".to_owned(),
        description: None,
        logo: None,
        support: None,
        links: Vec::new(),
        footer: None,
        brand: Brand::default(),
        components: vec![imap],
        groups: Vec::new(),
        checklist: Vec::new(),
        promise: Promise::default(),
        show_edits: crate::model::ShowEdits::Mark,
        accounts: None,
        monitoring: crate::model::MonitoringConfig::default(),
        publishing: Default::default(),
        channels: Vec::new(),
        channels_left_out: Vec::new(),
        show_deliveries: false,
    })
}

fn read(bytes: &[u8]) -> Loaded<String> {
    read_post("incidents/2022-03-29-x.md", bytes, &config().expect_config())
}

/// A test's config is made of constants; this says so without `unwrap` at each place.
trait ExpectConfig {
    fn expect_config(self) -> Config;
}

impl ExpectConfig for Option<Config> {
    #[expect(clippy::expect_used, reason = "made of constants")]
    fn expect_config(self) -> Config {
        self.expect("a config of constants")
    }
}

/// What people write, and what breaks parsers.
fn pieces() -> impl Strategy<Value = String> {
    const PIECES: &[&str] = &[
        "+++\n",
        "---\n",
        "...\n",
        "\n",
        "\n\n",
        " ",
        "\t",
        "title = ",
        "title: ",
        "impact",
        "components = [",
        "]",
        "\"",
        "\"\"\"",
        "'''",
        "“",
        "”",
        "imap",
        "pop, ",
        "= ",
        ": ",
        "# ",
        "## ",
        "##",
        "### ",
        "Resolved",
        "Investigating",
        "resolvd",
        "in progress",
        "Update",
        " · ",
        " – ",
        "2022-03-29",
        "2022-03-27",
        "2022-02-30",
        " 11:20",
        " 02:30",
        "24:00",
        "99:99",
        "T",
        "Z",
        "+02:00",
        "CEST",
        "IST",
        "[Europe/Oslo]",
        "{ imap=down }",
        "{",
        "}",
        "imap: ",
        "[[follow_up]]\n",
        "rfo_for = \"x\"\n",
        "due = ",
        "&a ",
        "*a",
        "- ",
        "|\n",
        "> ",
        "```\n",
        "<!--",
        "<<<<<<< a\n",
        "=======\n",
        "|||||||\n",
        ">>>>>>> b\n",
        "[a]: /b\n",
        "[a]",
        "日本",
        "é",
        "\u{202e}",
        "\0",
        "\r",
        "29 March 2022",
        "Mar 29th",
        "3/4/22",
        "12 %",
        "4,100",
        "accounts = ",
        "next_update = ",
        "starts = ",
        "ends = ",
        "1120",
        "am",
        "true",
        "kind = \"maintenance\"\n",
        "date = ",
    ];
    proptest::collection::vec(prop::sample::select(PIECES), 0..60).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(1500) })]

    #[test]
    fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        read(&bytes);
    }

    #[test]
    fn no_text_makes_it_panic(text in pieces()) {
        let loaded = read(text.as_bytes());
        for told in loaded.diagnostics {
            let Some(place) = told.place else { continue };
            prop_assert!(place.source.text().get(place.span.clone()).is_some(), "{} {:?} in {text:?}", told.code, place.span);
            prop_assert!(!told.cure.is_empty() && !told.message.is_empty());
        }
    }

    #[test]
    fn no_word_below_the_front_matter_is_lost(words in proptest::collection::vec("[a-z]{3,9}[.!]?", 1..8), head in pieces()) {
        let sentence = words.join(" ");
        let loaded = read(format!("{head}\n+++\n\n\n{sentence} zzz\n").as_bytes());
        let is_shown = loaded.value.contains(&sentence) || loaded.value.starts_with("held back");
        prop_assert!(is_shown, "{:?} {}", head, loaded.value);
    }
}

#[test]
fn hostile_files_end() {
    let brackets = "[".repeat(100_000);
    let deep_yaml = format!("---\ntitle: {brackets}\n---\nx\n");
    let deep_toml = format!("+++\ntitle = {brackets}\n+++\nx\n");
    let lines = "[\n".repeat(20_000);
    let bomb = "---\na: &a [x,x,x,x]\nb: &b [*a,*a,*a,*a]\ntitle: [*b,*b,*b,*b]\n---\nx\n".to_owned();
    for text in [
        deep_yaml,
        deep_toml,
        format!("---\ntitle: {}\n---\nx", "{a: ".repeat(100_000)),
        format!("---\ntitle: x\n{}---\nx", "- ".repeat(100_000)),
        format!("+++\ntitle = \"\"\"\n{lines}+++\nx"),
        format!("---\ntitle:\n{lines}"),
        bomb,
        "## Resolved\n".repeat(80_000),
        "## Resolvd 11:20\n".repeat(10_000),
        "## Resolved 12:00\n## Investigating 11:00\n".repeat(25_000),
        "title = \"\"\"\n".repeat(30_000),
        format!("+++\n{}+++\n", "title = \"\"\"\n".repeat(30_000)),
        format!("+++\n{}+++\n", "a = [\n".repeat(20_000)),
        format!("+++\n{}", "impact = x\n".repeat(20_000)),
        format!("+++\n{}+++\n", "[[follow_up]]\nwhat = x\n".repeat(10_000)),
        format!("## Resolved {}", "11:20 ".repeat(100_000)),
        format!("## Resolved {{ {} }}", "imap=down ".repeat(100_000)),
        format!("## Resolved {}", "{=".repeat(100_000)),
        "<<<<<<< a\n=======\n>>>>>>> b\n".repeat(30_000),
        "<<<<<<< a\n".repeat(80_000),
        format!("+++\ntitle = {}\n+++\n", "\"".repeat(300_000)),
        format!("+++\ncomponents = {}\n+++\n", "imap,".repeat(200_000)),
        format!("{}\n## Resolved\n", "> ".repeat(100_000)),
        "[a]: /b\n".repeat(100_000),
    ] {
        let loaded = read(text.as_bytes());
        assert!(!loaded.value.is_empty());
        assert!(loaded.diagnostics.len() <= 100);
    }
}

fn update(posted: PostedAt) -> Update {
    let stage = Stage::Incident(IncidentStatus::Investigating);
    Update {
        id: String::new(),
        stage,
        posted,
        body: Markdown::default(),
        states: Vec::new(),
        line: 1,
        next: None,
        evidence: Evidence::None,
        edits: Vec::new(),
    }
}

#[test]
fn an_id_says_stage_and_time_as_exactly_as_it_is_known() {
    let minute = "2022-03-29T09:20:00Z".parse().map(PostedAt::Written);
    let day = PostedAt::Day(date(2022, 3, 29));
    let posted = [minute.clone().unwrap_or(day), minute.unwrap_or(day), day, PostedAt::Unknown];
    let mut updates: Vec<Update> = posted.into_iter().map(update).collect();
    assign_ids(&mut updates, super::timeline::said);
    let ids: Vec<_> = updates.iter().map(|update| update.id.as_str()).collect();
    assert_eq!(
        ids,
        ["20220329-0920-investigating", "20220329-0920-investigating-2", "20220329-investigating", "investigating"]
    );
}

#[test]
fn times_from_git_put_updates_in_order_again() {
    let at = |text: &str| text.parse().map_or(PostedAt::Unknown, PostedAt::FromGit);
    let mut updates =
        vec![update(PostedAt::Unknown), update(at("2022-03-29T12:00:00Z")), update(at("2022-03-29T11:00:00Z"))];
    assign_ids(&mut updates, super::timeline::said);
    let ids: Vec<_> = updates.iter().map(|update| update.id.as_str()).collect();
    assert_eq!(ids, ["investigating", "20220329-1100-investigating", "20220329-1200-investigating"]);
}
