//! Every command and example of README.md and docs/*.md: it does what the page says.
//!
//! Commands run in the order of their page, in a site that is in git and has somewhere to push to. What cannot run in a
//! test is listed in [`NOT_RUN`], each with its reason. A kind of block that nobody checks fails.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use clap::Parser as _;
use clap::error::ErrorKind;
use pulldown_cmark::{CodeBlockKind, Event, Parser, Tag, TagEnd};
use saphyr_parser::{Event as YamlEvent, Parser as YamlParser};
use snapbox::{Data, assert_data_eq};
use upfront::cli::Cli;
use upfront::load::{load_config, read_post};

use crate::site_test::{TestSite, said};

/// Page, command, and why no test runs it. An entry that no page needs any more fails.
const NOT_RUN: &[(&str, &str, &str)] = &[
    ("README.md", "cargo run --release -- build", "builds the program that this test belongs to"),
    ("README.md", "cargo test", "is what runs this test"),
    ("README.md", "cargo install --locked --path .", "builds the program that this test belongs to"),
    ("README.md", "upfront serve", "does not end by itself; the tests of `serve` run it"),
    ("docs/running.md", "upfront run", "does not end by itself; the tests of `run` run it"),
    ("docs/history.md", "upfront record", "asks feeds of the reader's own"),
    ("docs/history.md", "upfront record nodeping", "asks a feed of the reader's own"),
    ("docs/history.md", "my-check | upfront record own", "needs a check of the reader's own"),
    ("docs/performance.md", "cargo bench --bench table", "takes minutes"),
    ("docs/performance.md", "cargo bench --bench table -- 10000 100000", "takes minutes"),
    ("docs/performance.md", "cargo bench --bench steps", "takes minutes"),
    (
        "docs/performance.md",
        "cargo run --release --example corpus -- 10000 /dev/shm/many",
        "builds the program that this test belongs to",
    ),
    (
        "docs/performance.md",
        "cargo run --release -- -C /dev/shm/many build --now 2026-11-24T11:00:00Z",
        "builds the program that this test belongs to",
    ),
    (
        "docs/performance.md",
        "CARGO_PROFILE_RELEASE_STRIP=none CARGO_PROFILE_RELEASE_DEBUG=line-tables-only cargo build --release",
        "builds the program that this test belongs to",
    ),
    (
        "docs/performance.md",
        "perf record -g target/release/upfront -C /dev/shm/many build --out /dev/shm/out",
        "needs perf and a release build",
    ),
    (
        "docs/publishing.md",
        "upfront publish --build",
        "needs a place of the reader's own; the tests of `publish` run it",
    ),
    ("docs/publishing.md", "upfront publish host", "needs a place of the reader's own"),
    ("docs/publishing.md", "upfront publish --dry-run", "needs a place of the reader's own"),
    ("docs/publishing.md", "upfront publish --build --dry-run", "needs a place of the reader's own"),
    (
        "docs/publishing.md",
        "curl -X POST -H \"Authorization: Bearer $TOKEN\" https://api.github.com/repos/fjordpost/status/actions/workflows/publish.yml/dispatches -d '{\"ref\": \"main\"}'",
        "needs a network and an account",
    ),
    ("docs/verify.md", "upfront verify", "needs a site that is served; the tests of `verify` run it"),
    ("docs/verify.md", "upfront verify https://status.fjordpost.example", "needs a site that is served"),
    ("docs/verify.md", "upfront verify --full --json", "needs a site that is served"),
    ("docs/verify.md", "minisign -Vm status.json -p minisign.pub", "needs minisign; the tests of `verify` run it"),
    (
        "docs/verify.md",
        "minisign -Vm SHA256SUMS -p minisign.pub && sha256sum -c SHA256SUMS",
        "needs minisign; the tests of `verify` run it",
    ),
];

/// What every example may speak of.
const CONFIG: &str = r#"title = "Fjordpost status"
url = "https://status.fjordpost.example"
time_zone = "Europe/Oslo"

[[component]]
id = "imap"
name = "IMAP"

[[component]]
id = "pop"
name = "POP"

[[component]]
id = "webmail"
name = "Webmail"

[[component]]
id = "smtp"
name = "Sending"
"#;

#[test]
fn every_command_of_a_page_runs_in_the_order_of_the_page() {
    let mut excused = BTreeSet::new();
    for page in pages() {
        let place = Place::new();
        for step in page.blocks.iter().flat_map(steps) {
            let known = NOT_RUN.iter().find(|(of, command, _)| (*of, *command) == (&page.name, &step.command));
            match known {
                Some(known) => drop(excused.insert(known)),
                None => place.run(&page.name, &step),
            }
        }
    }
    let unused: Vec<_> = NOT_RUN.iter().filter(|entry| !excused.contains(entry)).collect();
    assert!(unused.is_empty(), "no page has these any more: {unused:#?}");
}

#[test]
fn every_command_in_a_sentence_is_one_that_upfront_knows() {
    let mut seen = 0;
    for page in pages() {
        for code in page.inline.iter().filter(|code| code.starts_with("upfront ")) {
            let words = words(code);
            // A command may be named without what it needs.
            let named = |error: &clap::Error| error.kind() == ErrorKind::MissingRequiredArgument && words.len() == 2;
            match Cli::try_parse_from(&words) {
                Err(error) if error.use_stderr() && !named(&error) => panic!("{}: `{code}`: {error}", page.name),
                _ => {}
            }
            seen += 1;
        }
    }
    assert!(seen > 10);
}

#[test]
fn every_example_of_a_config_or_of_a_file_of_the_theme_loads_without_a_word() {
    let mut seen = 0;
    for page in pages() {
        for block in page.blocks.iter().filter(|block| matches!(block.language.as_str(), "toml" | "css")) {
            let site = TestSite::new(&[]);
            site.write("upfront.toml", CONFIG);
            match file_named_in(&block.text) {
                Some(path) => site.write(path, &block.text),
                None => site.write("upfront.toml", format!("{CONFIG}\n{}", block.text)),
            }
            // The feeds of examples are nobody's.
            let built = site.run("build --offline --now 2026-11-24T12:00:00Z");
            assert_eq!((built.status, built.stderr.as_str()), (Some(0), ""), "{}:\n{}", page.name, block.text);
            seen += 1;
        }
    }
    assert!(seen > 5);
}

#[test]
fn every_example_of_a_post_is_read_without_a_word() {
    let site = TestSite::new(&[]);
    site.write("upfront.toml", CONFIG);
    let config = load_config(&site.root()).unwrap().value;
    let mut seen = 0;
    for page in pages() {
        for block in page.blocks.iter().filter(|block| block.language == "markdown") {
            let read = read_post("incidents/2026-11-24-mail-is-slow.md", block.text.as_bytes(), &config);
            assert_eq!(said(&read.diagnostics), "", "{}:\n{}", page.name, block.text);
            assert_ne!(read.value, "held back\n", "{}:\n{}", page.name, block.text);
            seen += 1;
        }
    }
    assert!(seen > 5);
}

#[test]
fn every_workflow_is_yaml_and_installs_this_version() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut workflows: Vec<(String, String)> = Vec::new();
    let table = fs::read_to_string(root.join("docs/publishing.md")).unwrap();
    for entry in fs::read_dir(root.join("docs/recipes")).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        assert!(table.contains(&format!("(recipes/{name})")), "docs/publishing.md does not name {name}");
        if name.ends_with(".yml") {
            workflows.push((name, fs::read_to_string(&path).unwrap()));
        }
    }
    assert!(!workflows.is_empty());
    let own = ".github/workflows/publish.yml";
    workflows.push((own.to_owned(), fs::read_to_string(root.join(own)).unwrap()));
    let made = Place::new();
    made.run_alone("upfront init made --title A --url https://a.example --component B --time-zone Etc/UTC");
    let text = fs::read_to_string(made.site.path("made/.github/workflows/publish.yml")).unwrap();
    workflows.push(("upfront init".to_owned(), text));
    for (name, text) in workflows {
        let mut scalars = Vec::new();
        for event in YamlParser::new_from_str(&text) {
            match event {
                Ok((YamlEvent::Scalar(value, ..), _)) => scalars.push(value.into_owned()),
                Ok(_) => {}
                Err(error) => panic!("{name}: {error}\n{text}"),
            }
        }
        if let Some(key) = scalars.iter().position(|scalar| scalar == "UPFRONT_VERSION") {
            assert_eq!(scalars[key + 1], env!("CARGO_PKG_VERSION"), "{name}");
        }
    }
}

#[test]
fn services_and_the_container_call_the_program_as_it_is() {
    let recipe =
        |name: &str| fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/recipes").join(name)).unwrap();
    let mut calls = Vec::new();
    for name in ["upfront.service", "upfront-publish.service"] {
        let text = recipe(name);
        let lines = text.lines().filter_map(|line| line.strip_prefix("Exec")?.split_once("/usr/local/bin/"));
        calls.extend(lines.map(|(_, call)| words(call)));
    }
    let text = recipe("Containerfile");
    let arguments: Vec<String> =
        serde_json::from_str(text.lines().last().unwrap().strip_prefix("CMD ").unwrap()).unwrap();
    calls.push(std::iter::once("upfront".to_owned()).chain(arguments).collect());
    assert_eq!(calls.len(), 5);
    for call in calls {
        assert!(Cli::try_parse_from(&call).is_ok(), "{call:?}");
    }
}

#[test]
fn the_example_of_status_json_has_the_fields_of_the_real_one() {
    let site = TestSite::copy_of("outage");
    site.run("build --now 2022-03-29T12:18:00Z");
    let real = fields(&serde_json::from_str(&site.read("public/status.json")).unwrap());
    let mut seen = 0;
    for page in pages() {
        for block in page.blocks.iter().filter(|block| block.language == "json") {
            // What the example leaves out is planned work and the report, which the text below it describes.
            let left_out =
                |field: &String| field.starts_with(".maintenance[]") || field.starts_with(".incidents[].rfo.");
            let real: BTreeSet<String> = real.iter().filter(|field| !left_out(field)).cloned().collect();
            assert_eq!(fields(&serde_json::from_str(&block.text).unwrap()), real, "{}", page.name);
            seen += 1;
        }
    }
    assert_eq!(seen, 1);
}

#[test]
fn every_row_of_a_day_is_read_without_a_word() {
    let mut seen = 0;
    for page in pages() {
        for block in page.blocks.iter().filter(|block| block.language == "ndjson" && block.text.contains("\"sh\":")) {
            let site = TestSite::new(&[]);
            site.write("history/days/2026/11/24.ndjson", &block.text);
            let ran = site.run("check --format concise --now 2026-11-27T00:00Z");
            assert!(!ran.stdout.contains("history/"), "{}: {}", page.name, ran.stdout);
            seen += 1;
        }
    }
    assert_eq!(seen, 1);
}

#[test]
fn no_block_is_of_a_kind_that_nobody_checks() {
    // Without a language: the drawing of the rooms, of the theme's folders, and what a diagnostic looks like.
    let known = ["console", "sh", "toml", "css", "markdown", "yaml", "json", "ndjson", ""];
    for page in pages() {
        for block in &page.blocks {
            assert!(known.contains(&block.language.as_str()), "{}: ```{}\n{}", page.name, block.language, block.text);
        }
    }
}

/// A page of the documentation.
struct Page {
    /// From the root of the repository.
    name: String,
    blocks: Vec<Block>,
    /// Code in sentences.
    inline: Vec<String>,
}

struct Block {
    language: String,
    text: String,
}

/// A command, and what the page says that it prints.
struct Step {
    command: String,
    output: String,
}

fn pages() -> Vec<Page> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let docs = fs::read_dir(root.join("docs")).unwrap().map(|entry| entry.unwrap().path());
    let mut files: Vec<PathBuf> = docs.filter(|path| path.extension().is_some_and(|ending| ending == "md")).collect();
    files.push(root.join("README.md"));
    files.sort();
    assert!(files.len() > 8);
    files.iter().map(|file| page(file.strip_prefix(root).unwrap(), &fs::read_to_string(file).unwrap())).collect()
}

fn page(name: &Path, text: &str) -> Page {
    let mut page = Page { name: name.display().to_string(), blocks: Vec::new(), inline: Vec::new() };
    let mut inside = false;
    for event in Parser::new(text) {
        match event {
            Event::Start(Tag::CodeBlock(kind)) => {
                let language = match kind {
                    CodeBlockKind::Fenced(language) => language.into_string(),
                    CodeBlockKind::Indented => String::new(),
                };
                page.blocks.push(Block { language, text: String::new() });
                inside = true;
            }
            Event::End(TagEnd::CodeBlock) => inside = false,
            Event::Text(text) if inside => page.blocks.last_mut().unwrap().text.push_str(&text),
            Event::Code(code) => page.inline.push(code.into_string()),
            _ => {}
        }
    }
    page
}

/// The commands of a block. In `console` each begins with `$ `, and what it prints follows; in `sh` each line is one.
fn steps(block: &Block) -> Vec<Step> {
    let mut steps: Vec<Step> = Vec::new();
    for line in block.text.lines() {
        let command = match block.language.as_str() {
            "console" => line.strip_prefix("$ "),
            "sh" => Some(line),
            _ => return steps,
        };
        match (command, steps.last_mut()) {
            (Some(command), _) => steps.push(Step { command: command.to_owned(), output: String::new() }),
            (None, Some(step)) => step.output += &format!("{line}\n"),
            (None, None) => panic!("a block of commands begins with `$ `:\n{}", block.text),
        }
    }
    steps
}

/// What the first line says that a file is called: `# upfront.toml`, `/* theme/static/css/ours.css */`.
fn file_named_in(text: &str) -> Option<&str> {
    let first = text.lines().next()?;
    let name = first.strip_prefix("# ").or_else(|| first.strip_prefix("/* ")?.strip_suffix(" */"))?;
    (!name.contains(' ')).then_some(name)
}

/// As a shell would: words between spaces, and quotes around some.
fn words(command: &str) -> Vec<String> {
    let quoted = command.split('"').enumerate();
    let parts = quoted.flat_map(|(n, part)| match n % 2 {
        0 => part.split_whitespace().collect(),
        _ => vec![part],
    });
    parts.map(str::to_owned).collect()
}

/// Every field of a value by its path, such as `.incidents[].title`.
fn fields(value: &serde_json::Value) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut ahead = vec![(String::new(), value)];
    while let Some((path, value)) = ahead.pop() {
        if let Some(object) = value.as_object() {
            ahead.extend(object.iter().map(|(key, value)| (format!("{path}.{key}"), value)));
        }
        ahead.extend(value.as_array().into_iter().flatten().map(|value| (format!("{path}[]"), value)));
        found.insert(path);
    }
    found.retain(|path| !path.ends_with("[]"));
    found
}

/// Where commands run: a site in git, with somewhere to push to.
struct Place {
    site: TestSite,
    /// Where the next command runs: `cd` stays in force.
    folder: std::cell::RefCell<PathBuf>,
}

impl Place {
    fn new() -> Place {
        let site = TestSite::new(&[]);
        site.write("upfront.toml", CONFIG);
        site.git_init();
        for (key, value) in
            [("user.name", "Kari"), ("user.email", "kari@fjordpost.example"), ("commit.gpgsign", "false")]
        {
            site.git(&["config", key, value]);
        }
        site.commit_at("2026-01-01T00:00:00Z");
        site.git(&["init", "--quiet", "--bare", "--initial-branch=main", "../remote.git"]);
        site.git(&["remote", "add", "origin", "../remote.git"]);
        site.git(&["push", "--quiet", "--set-upstream", "origin", "main"]);
        fs::create_dir(site.path("../home")).unwrap();
        let folder = std::cell::RefCell::new(site.root());
        Place { site, folder }
    }

    #[track_caller]
    fn run_alone(&self, command: &str) {
        self.run("a test", &Step { command: command.to_owned(), output: String::new() });
    }

    /// Runs one command, which must end well and print what the page shows.
    #[track_caller]
    fn run(&self, page: &str, step: &Step) {
        let here = self.site.path("../here");
        // In a subshell, `cd` would not stay.
        let script = format!("{}\nended=$?; pwd > '{}'; exit $ended", step.command, here.display());
        let bin = Path::new(env!("CARGO_BIN_EXE_upfront")).parent().unwrap();
        let path = std::env::join_paths(
            std::iter::once(bin.to_owned()).chain(std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default())),
        );
        let output = Command::new("bash")
            .args(["-c", &script])
            .current_dir(self.folder.borrow().as_path())
            .env_clear()
            .envs([("TZ", "Asia/Kathmandu"), ("LANG", "tr_TR.UTF-8"), ("GIT_CONFIG_SYSTEM", "/dev/null")])
            .env("HOME", self.site.path("../home"))
            .env("PATH", path.unwrap())
            .stdin(std::process::Stdio::null())
            .output()
            .unwrap();
        let (printed, told) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        assert!(output.status.success(), "{page}: $ {}\n{printed}{told}", step.command);
        if !step.output.is_empty() {
            assert_data_eq!(printed.into_owned(), Data::text(&step.output));
        }
        *self.folder.borrow_mut() = fs::read_to_string(here).unwrap().trim_end().into();
    }
}

#[test]
fn a_page_that_shows_what_a_command_prints_is_held_to_it() {
    let block =
        Block { language: "console".to_owned(), text: "$ cd incidents\n$ basename $PWD\nincidents\n".to_owned() };
    let place = Place::new();
    for step in steps(&block) {
        place.run("a test", &step);
    }
    let wrong = Step { command: "echo three".to_owned(), output: "two\n".to_owned() };
    let held = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| place.run("a test", &wrong)));
    assert!(held.is_err());
}

/// Whoever looks for a key of `[detection]` finds what it is for.
#[test]
fn every_key_of_detection_is_explained() {
    let schema = crate::site_test::TestSite::new(&[]).run("schema config").stdout;
    let schema: serde_json::Value = serde_json::from_str(&schema).unwrap();
    let keys = schema.pointer("/properties/detection/properties").and_then(serde_json::Value::as_object).unwrap();
    assert!(keys.len() > 25, "{keys:?}");
    let page = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/detection.md")).unwrap();
    let missing: Vec<&String> = keys.keys().filter(|key| !page.contains(&format!("`{key}`"))).collect();
    assert!(missing.is_empty(), "docs/detection.md does not speak of {missing:?}");
}
