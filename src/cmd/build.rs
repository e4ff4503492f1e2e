//! `upfront build`: the four steps, and what became of them.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use serde::Serialize;

use super::observed::{Observed, observe};
use super::progress::Progress;
use super::push::upfront;
use super::{BUILD_ID, Edge, Failure, Status, browser};
use crate::check;
use crate::cli;
use crate::derive::{self, Derived, Due, DueReason};
use crate::diag::report::Report;
use crate::diag::{Code, Diagnostic};
use crate::load;
use crate::model::Site;
use crate::net;
use crate::render::{self, Theme};
use crate::seal::{self, Signer};
use crate::write::{self, Written};

/// Builds the site into its folder. With `--json` a program gets its report though nothing could be built.
pub(super) fn run(edge: &Edge, args: &cli::Build) -> Result<Status, Failure> {
    let failure = match build(edge, args) {
        Err(failure) if args.json => failure,
        ended => return ended,
    };
    if let Some(report) = json_not_built(edge, &failure) {
        edge.print(&report)?;
    }
    Err(failure)
}

fn build(edge: &Edge, args: &cli::Build) -> Result<Status, Failure> {
    let progress = Progress::new(edge);
    let observed = observe(edge, args.now, !args.offline)?;
    let out = args.out.clone().unwrap_or_else(|| edge.inside("public"));
    let built = build_into(edge, observed, &out, &|done, all| progress.at(done, all));
    progress.end();
    let Built { site, derived, written, diagnostics, theme } = built?;
    let front = index_of(&out);

    edge.tell(&diagnostics);
    if args.json {
        edge.print(&json(edge, &site, &derived, &out, written, &diagnostics))?;
    } else {
        let mut text = told(&site, &derived, &out, &front, written);
        // What is served is the default folder's site, as of now.
        if args.out.is_none() && args.now.is_none() {
            let _ = writeln!(text, "  or serve it  {} serve", upfront(edge.root()));
        }
        edge.say(&text)?;
    }
    if args.open {
        browser::open(edge, &browser::file_url(&front));
    }
    let failed = args.strict && diagnostics.iter().any(|diagnostic| diagnostic.severity.fails());
    // The program ends here. Millions of strings need not be given back one by one to a system that takes them all.
    std::mem::forget((theme, derived, site));
    Ok(if failed { Status::FoundProblems } else { Status::Fine })
}

/// A site that was built.
pub(super) struct Built {
    pub site: Site,
    pub derived: Derived,
    pub written: Written,
    pub diagnostics: Vec<Diagnostic>,
    pub theme: Theme,
}

/// Derives, renders and writes what was observed.
///
/// # Errors
///
/// A theme that cannot be used, a folder that cannot be written.
pub(super) fn build_into(
    edge: &Edge,
    observed: Observed,
    out: &Path,
    progress: &(dyn Fn(usize, usize) + Sync),
) -> Result<Built, Failure> {
    let Observed { site, now, mut diagnostics } = observed;
    let derived = derive::derive(&site, now);
    diagnostics.extend(check::future(&site, derived.now, |path| load::read_source(edge.root(), path)));
    let theme = Theme::new(&site.theme, &site.config)?;
    diagnostics.extend_from_slice(theme.warnings());
    let signer = signer(edge, &site, &mut diagnostics);
    let mut outputs = render::render(&site, &derived, &theme);
    outputs.extend(seal::outputs(signer.as_ref(), now, site.config.url.as_str()));
    let written = write::write(edge.root(), out, &outputs, BUILD_ID, progress)?;
    std::mem::forget(outputs);
    Ok(Built { site, derived, written, diagnostics, theme })
}

/// What signs the build. Without a key that can be used the news gets out unsigned.
fn signer(edge: &Edge, site: &Site, diagnostics: &mut Vec<Diagnostic>) -> Option<Signer> {
    let signing = site.config.publishing.sign.as_ref()?;
    let key = signing.key.as_ref()?;
    let read = |secret| net::secret(edge.root(), secret);
    let password = signing.password.as_ref().map(read).transpose();
    let made = read(key).and_then(|text| Signer::new(&text, password?, &signing.public_key));
    made.map_err(|why| {
        let told = Diagnostic::warning(Code::SIGNING_KEY, format!("the site is not signed: {why}"));
        diagnostics.push(told.cure("see `[sign]` in docs/verify.md").outcome("built, without signatures"));
    })
    .ok()
}

/// The front page, absolute.
fn index_of(out: &Path) -> PathBuf {
    let index = out.join("index.html");
    // Only a name for people to click: where the folder's own name cannot be found out, the path as given will do.
    std::fs::canonicalize(&index).unwrap_or(index)
}

/// ```text
/// Built 214 files in public (12 new, 3 changed, 1 removed)
/// Build again by 2022-03-29 14:30 CEST: the next update on "IMAP and POP logins failing" is promised for then
///   look at it   file:///srv/status/public/index.html
/// ```
fn told(site: &Site, derived: &Derived, out: &Path, front: &Path, written: Written) -> String {
    let mut text = format!("Built {} in {} ({})\n", files(written), out.display(), counts(written));
    if let Some(due) = &derived.due {
        let at = due.at.to_zoned_datetime(site.config.zone.tz.clone());
        let _ = writeln!(text, "Build again by {}: {}", at.strftime("%Y-%m-%d %H:%M %Z"), why(site, due));
    }
    let _ = writeln!(text, "  look at it   {}", browser::file_url(front));
    text
}

fn files(written: Written) -> String {
    match written.created + written.changed + written.unchanged {
        1 => "1 file".to_owned(),
        n => format!("{n} files"),
    }
}

/// What was done, or that nothing had to be.
fn counts(written: Written) -> String {
    let counts: Vec<String> = [(written.created, "new"), (written.changed, "changed"), (written.removed, "removed")]
        .into_iter()
        .filter(|&(n, _)| n > 0)
        .map(|(n, what)| format!("{n} {what}"))
        .collect();
    if counts.is_empty() { "nothing changed".to_owned() } else { counts.join(", ") }
}

fn why(site: &Site, due: &Due) -> String {
    let title = title_of(site, due);
    match due.reason {
        DueReason::MaintenanceStarts => format!("\"{title}\" starts then"),
        DueReason::MaintenanceEnds => format!("\"{title}\" ends then"),
        DueReason::NextUpdate => format!("the next update on \"{title}\" is promised for then"),
        DueReason::Rfo => format!("the report on \"{title}\" is due then"),
        DueReason::FollowUp => format!("a follow-up of \"{title}\" is due then"),
    }
}

fn title_of(site: &Site, due: &Due) -> String {
    let title = match due.reason {
        DueReason::MaintenanceStarts | DueReason::MaintenanceEnds | DueReason::NextUpdate | DueReason::Rfo => {
            site.incidents.get(due.index).map(|incident| &incident.title)
        }
        DueReason::FollowUp => site.rfos.get(due.index).map(|rfo| &rfo.title),
    };
    crate::diag::report::shown(title.map_or("", String::as_str))
}

/// What `--json` prints. A contract, as in `diag::report::json`.
#[derive(Serialize)]
struct Json<'a> {
    version: u32,
    /// Whether the folder holds what the files say now; where not, see [`NotBuilt`].
    built: bool,
    /// The folder that was written, absolute where that is known.
    out: String,
    now: Timestamp,
    created: usize,
    changed: usize,
    removed: usize,
    unchanged: usize,
    /// When the site must be built again at the latest, though nobody writes anything.
    due: Option<JsonDue<'a>>,
    diagnostics: serde_json::Value,
}

#[derive(Serialize)]
struct JsonDue<'a> {
    at: Timestamp,
    reason: &'static str,
    /// The slug of the incident or report.
    of: Option<&'a str>,
}

fn json(
    edge: &Edge,
    site: &Site,
    derived: &Derived,
    out: &Path,
    written: Written,
    diagnostics: &[Diagnostic],
) -> String {
    let Written { created, changed, removed, unchanged } = written;
    let mut report = Report::new(diagnostics, edge.root()).json();
    let report = Json {
        version: 1,
        built: true,
        out: std::fs::canonicalize(out).unwrap_or_else(|_| out.to_owned()).to_string_lossy().into_owned(),
        now: derived.now,
        created,
        changed,
        removed,
        unchanged,
        due: derived.due.as_ref().map(|due| json_due(site, due)),
        diagnostics: report["diagnostics"].take(),
    };
    pretty(&report)
}

/// What `--json` prints where nothing could be built.
#[derive(Serialize)]
struct NotBuilt {
    version: u32,
    built: bool,
    /// What went wrong, where it has no place in a file.
    error: Option<String>,
    diagnostics: serde_json::Value,
}

/// Nothing where nobody reads it.
fn json_not_built(edge: &Edge, failure: &Failure) -> Option<String> {
    let (error, diagnostics): (_, &[Diagnostic]) = match failure {
        Failure::Mistakes(diagnostics) => (None, diagnostics),
        Failure::Said { what, .. } => (Some(what.clone()), &[]),
        // Those of a command line come before any build.
        Failure::All(_) | Failure::ClosedPipe => return None,
    };
    let mut report = Report::new(diagnostics, edge.root()).json();
    Some(pretty(&NotBuilt { version: 1, built: false, error, diagnostics: report["diagnostics"].take() }))
}

fn pretty(report: &impl Serialize) -> String {
    let mut text = serde_json::to_string_pretty(report).unwrap_or_default();
    text.push('\n');
    text
}

fn json_due<'a>(site: &'a Site, due: &Due) -> JsonDue<'a> {
    let (reason, of) = match due.reason {
        DueReason::MaintenanceStarts => ("maintenance_starts", site.incidents.get(due.index).map(|i| &i.slug)),
        DueReason::MaintenanceEnds => ("maintenance_ends", site.incidents.get(due.index).map(|i| &i.slug)),
        DueReason::NextUpdate => ("next_update", site.incidents.get(due.index).map(|i| &i.slug)),
        DueReason::Rfo => ("rfo", site.incidents.get(due.index).map(|i| &i.slug)),
        DueReason::FollowUp => ("follow_up", site.rfos.get(due.index).map(|rfo| &rfo.slug)),
    };
    JsonDue { at: due.at, reason, of: of.map(|slug| slug.as_str()) }
}
