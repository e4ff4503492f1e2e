//! `upfront init`: a folder becomes a site that builds. It asks three questions on a terminal, and never writes over a file.

use std::io::{self, BufRead as _, IsTerminal as _};
use std::path::{Path, PathBuf};
use std::{env, fs};

use jiff::tz::{TimeZone, db};

use super::one_of;
use super::push::{command_line, in_git, upfront};
use super::{Edge, Failure, Status};
use crate::cli;
use crate::edit::{self, NewIncident, new_incident, toml_string};
use crate::model::{SiteUrl, Slug};

const DEFAULT_TITLE: &str = "Service status";
const DEFAULT_URL: &str = "https://status.example.com";
const DEFAULT_COMPONENT: &str = "Website";

const CONFIG: &str = include_str!("init/upfront.toml");
const WORKFLOW: &str = include_str!("init/publish.yml");
const GITIGNORE: &str = "/public/\n/.public.*\n/upfront.private.toml\n# On a branch of its own, so that machines stand in nobody's way: git worktree add history history\n/history/\n";
/// What several machines wrote, git may put together in any order.
const GITATTRIBUTES: &str = "history/**/*.ndjson merge=union\n";

/// Runs the command.
///
/// # Errors
///
/// Where the folder is a site already, an answer cannot be used, or a file could not be written.
pub fn run(edge: &Edge, args: &cli::Init) -> Result<Status, Failure> {
    let folder = args.folder.clone().unwrap_or_else(|| edge.root().to_owned());
    if folder.join("upfront.toml").exists() {
        let failure = Failure::new(format!("{} is a site already: it has an upfront.toml", folder.display()));
        return Err(failure.cure("edit that file, or name another folder"));
    }
    let answers = Answers::of(edge, args)?;
    let cannot = |error: io::Error| Failure::new(format!("{} could not be made: {error}", folder.display()));
    fs::create_dir_all(&folder).map_err(cannot)?;
    for (path, text) in answers.files(edge) {
        let made = edit::file::create(&folder, &path, text.as_bytes());
        match made.map_err(|error| Failure::new(format!("{path} could not be written: {error}")))? {
            true => edge.print(&format!("{path}\n"))?,
            false => edge.warn(&kept(&path)),
        }
    }
    edge.say(&zone_told(&answers.zone, args.time_zone.is_some()))?;
    edge.say(&next_steps(&folder))?;
    Ok(Status::Fine)
}

/// What a site needs to know, checked.
#[derive(Clone, Debug)]
struct Answers {
    title: String,
    url: SiteUrl,
    zone: String,
    components: Vec<(Slug, String)>,
}

impl Answers {
    fn of(edge: &Edge, args: &cli::Init) -> Result<Answers, Failure> {
        let asks = io::stdin().is_terminal();
        let zone = match &args.time_zone {
            Some(name) => known_zone(name).ok_or_else(|| {
                let failure = Failure::new(format!("no time zone is called `{name}`"));
                failure.cure(nearest_zone(name))
            })?,
            None => machine_zone(),
        };
        let answer = |given: Option<String>, flag: &str, question: &str, default: &str| match given {
            Some(given) => Ok(given),
            None if asks => question_line(edge, question, default),
            None => {
                edge.warn(&format!("note: without {flag} it is {default}; change it in upfront.toml\n"));
                Ok(default.to_owned())
            }
        };
        let title = answer(args.title.clone(), "--title", "What do readers call the page?", DEFAULT_TITLE)?;
        let url = answer(args.url.clone(), "--url", "At which address will it stand?", DEFAULT_URL)?;
        let components = (!args.components.is_empty()).then(|| args.components.join(","));
        let question = "What does it report on? Names with commas between them:";
        let components = answer(components, "--component", question, DEFAULT_COMPONENT)?;
        let url = read_url(&url)?;
        if let Some(note) = url.note {
            edge.note(&note);
        }
        Ok(Answers {
            title: title.split_whitespace().collect::<Vec<_>>().join(" "),
            url: url.url,
            zone,
            components: read_components(&components),
        })
    }

    /// Paths with the text that stands there.
    fn files(&self, edge: &Edge) -> Vec<(String, String)> {
        let zone = TimeZone::get(&self.zone).unwrap_or(TimeZone::UTC);
        let today = edge.now.to_zoned_datetime(zone).date();
        let hello = new_incident(&NewIncident {
            title: "This page is open",
            kind: Some("info"),
            words: "From now on you read here when something is broken, what works all the same, and when you will hear \
                    from us again.",
            ..NewIncident::default()
        });
        vec![
            ("upfront.toml".to_owned(), self.config()),
            (format!("incidents/{today}-this-page-is-open.md"), hello),
            (".gitignore".to_owned(), GITIGNORE.to_owned()),
            (".gitattributes".to_owned(), GITATTRIBUTES.to_owned()),
            (".github/workflows/publish.yml".to_owned(), WORKFLOW.replace("{version}", env!("CARGO_PKG_VERSION"))),
        ]
    }

    fn config(&self) -> String {
        let components = self.components.iter().map(|(id, name)| {
            format!("[[component]]\nid = {}\nname = {}\n", toml_string(id.as_str()), toml_string(name))
        });
        CONFIG
            .replace("{components}", &components.collect::<Vec<_>>().join("\n"))
            .replace("{zone}", &toml_string(&self.zone))
            .replace("{url}", &toml_string(self.url.as_str()))
            // Last, since somebody may call a page "{url}".
            .replace("{title}", &toml_string(&self.title))
    }
}

fn question_line(edge: &Edge, question: &str, default: &str) -> Result<String, Failure> {
    edge.warn(&format!("{question} [{default}] "));
    let mut line = String::new();
    io::stdin()
        .lock()
        .read_line(&mut line)
        .map_err(|error| Failure::new(format!("the terminal could not be read: {error}")))?;
    let line = line.trim();
    Ok(if line.is_empty() { default.to_owned() } else { line.to_owned() })
}

/// An address as it was read, and what is to be said of that.
#[derive(Clone, Debug)]
struct Address {
    url: SiteUrl,
    note: Option<String>,
}

/// An address; nobody types `https://`. A host without a dot is a slip: readers could not reach it.
fn read_url(text: &str) -> Result<Address, Failure> {
    let text = text.trim();
    let is_whole = text.contains("://");
    let full = if is_whole { text.to_owned() } else { format!("https://{text}") };
    let url = SiteUrl::new(&full).filter(|url| url.authority().trim_matches('.').contains('.')).ok_or_else(|| {
        Failure::new(format!("`{text}` is no address for a page")).cure(format!("write it like {DEFAULT_URL}"))
    })?;
    let note = (!is_whole).then(|| format!("note: the address is read as {}", url.as_str()));
    Ok(Address { url, note })
}

/// Names with an id for each, all different.
fn read_components(text: &str) -> Vec<(Slug, String)> {
    let mut components: Vec<(Slug, String)> = Vec::new();
    for name in text.split(',').map(str::trim).filter(|name| !name.is_empty()) {
        let base = Slug::from_text(name).map_or_else(|| "component".to_owned(), |slug| slug.to_string());
        let ids = (1..).map(|n| if n == 1 { base.clone() } else { format!("{base}-{n}") });
        let free = ids.filter_map(|id| Slug::from_text(&id)).find(|id| components.iter().all(|(taken, _)| taken != id));
        if let Some(id) = free {
            components.push((id, name.to_owned()));
        }
    }
    if components.is_empty() {
        return read_components(DEFAULT_COMPONENT);
    }
    components
}

fn known_zone(name: &str) -> Option<String> {
    let found = db().available().find(|zone| zone.as_str().eq_ignore_ascii_case(name))?;
    Some(found.as_str().to_owned())
}

fn nearest_zone(name: &str) -> String {
    let names: Vec<String> = db().available().map(|zone| zone.as_str().to_owned()).collect();
    // "Oslo" is what people remember of "Europe/Oslo".
    let city = |zone: &&String| zone.rsplit('/').next().is_some_and(|city| city.eq_ignore_ascii_case(name));
    match names.iter().find(city) {
        Some(zone) => format!("did you mean `{zone}`?"),
        None => match crate::diag::nearest(name, names.iter().map(String::as_str)) {
            Some(_) => one_of(name, names.iter().map(String::as_str)),
            None => "write it like Europe/Oslo or UTC".to_owned(),
        },
    }
}

/// The zone of the machine, only as the default of a question: what is built never depends on it.
fn machine_zone() -> String {
    // `TZ` may also hold a rule, `CET-1CEST`, which names no place.
    let from_env = env::var("TZ").ok().and_then(|zone| known_zone(zone.trim_start_matches(':')));
    let from_link = || {
        let target = fs::read_link(Path::new("/etc/localtime")).ok()?;
        target.to_str()?.split_once("zoneinfo/").and_then(|(_, zone)| known_zone(zone))
    };
    let zone = from_env.or_else(from_link);
    zone.filter(|zone| !zone.starts_with("Etc/")).unwrap_or_else(|| "UTC".to_owned())
}

fn kept(path: &str) -> String {
    let add = match path {
        ".gitignore" => "; put /public/, /.public.*, /upfront.private.toml and /history/ into it",
        _ => "",
    };
    format!("note: {path} is there already and stays as it is{add}\n")
}

fn zone_told(zone: &str, is_given: bool) -> String {
    let why = if is_given { "" } else { ", as far as this machine knows; if not, change time_zone in upfront.toml" };
    format!("\nTimes are in {zone}{why}.\n")
}

fn next_steps(folder: &Path) -> String {
    let here = env::current_dir().ok().and_then(|here| here.canonicalize().ok());
    let same = folder.canonicalize().ok() == here;
    let root = if same { PathBuf::from(".") } else { folder.to_owned() };
    let upfront = upfront(&root);
    // The workflow publishes the branch `main`, whatever git calls a first branch by itself.
    let git = if in_git(&root) {
        String::new()
    } else {
        let init = command_line(&root, &["init", "-b", "main"]);
        format!("  {init}   # once, if it is to be published by git\n")
    };
    format!(
        "\nNext:\n{git}  {upfront} build   # the site, in public/\n  {upfront} serve   # the same, shown while you write\n  \
         {upfront} new \"Mail is slow\" -m \"We are looking into it.\"   # the first post\n"
    )
}

#[cfg(test)]
mod tests;
