//! `upfront verify`: what readers really get, at the site's own address and at every other one.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::thread;

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::{Edge, Failure, Status};
use crate::cli;
use crate::diag::report::Report;
use crate::diag::{Code, Diagnostic, Loaded, Severity};
use crate::load;
use crate::model::{Config, SiteUrl, VerifyRules};
use crate::net::Web;
use crate::publish::built::Built;
use crate::verify::dns::Resolver;
use crate::verify::{self, Asked, Finding, First, Looked, Names, Signed};

/// The longest file that is fetched, in bytes.
const FILE_BYTES_MAX: u64 = 64 << 20;

/// While a new build is published, a look may see a part of each: so often it is looked again.
const LOOKS_MAX: usize = 3;

/// So many findings of one kind are told to people; programs get all.
const SAME_MAX: usize = 4;

pub(super) fn run(edge: &Edge, args: &cli::Verify) -> Result<Status, Failure> {
    let config = config(edge, args)?;
    let urls = urls(args, config.as_ref())?;
    let rules = rules(args, config.as_ref());
    let resolver = Resolver::new(rules.name_server.as_deref());
    let web = Web::new(edge.root(), rules.ca_file.as_deref()).map_err(|trouble| Failure::new(trouble.why))?;
    let web = web.bytes_max(FILE_BYTES_MAX);
    let key = key(args)?;
    let asked = Asked {
        now: edge.now_or(args.now, &TimeZone::UTC),
        root: edge.root(),
        rules: &rules,
        site_url: None,
        public_key: key.as_deref(),
        rebuild: None,
        is_full: args.full,
        names: resolver.as_ref().map(|names| names as &(dyn Names + Sync)).map_err(String::as_str),
    };
    let mut firsts: Vec<First> = together(&urls, |url| First::look(&web, url));
    let mut looked = look(edge, args, &web, config.as_ref(), &firsts, &asked);
    for _ in 1..LOOKS_MAX {
        let is_error = |one: &Looked| one.findings.iter().any(|finding| finding.severity == Severity::Error);
        if !looked.iter().any(is_error) {
            break;
        }
        // Everything may have been seen of a build that was just being published.
        let again: Vec<First> = together(&urls, |url| First::look(&web, url));
        if again.iter().zip(&firsts).all(|(again, first)| again.is_same_build(first)) {
            break;
        }
        firsts = again;
        looked = look(edge, args, &web, config.as_ref(), &firsts, &asked);
    }
    let now = asked.now;
    match args.json {
        true => edge.print(&format!("{:#}\n", report(&looked, now)))?,
        false => {
            edge.say(&human(&looked, now))?;
            tell(edge, &looked);
        }
    }
    Ok(if looked.iter().all(Looked::is_fine) { Status::Fine } else { Status::FoundProblems })
}

/// Looks at every copy, and holds it against the newest build. `asked` is what is asked of copies of anybody's site.
fn look(
    edge: &Edge,
    args: &cli::Verify,
    web: &Web,
    config: Option<&Config>,
    firsts: &[First],
    asked: &Asked<'_>,
) -> Vec<Looked> {
    // What is in `upfront.toml` is true of the site's own copies, and of nobody else's.
    let ours = config.filter(|config| firsts.iter().any(|first| is_ours(config, first)));
    let folder = ours.and_then(|_| Built::read(&args.out.clone().unwrap_or_else(|| edge.inside("public"))).ok());
    // Somebody else's page at our address is no measure for ours, nor ours for it.
    let right: Vec<&First> = firsts.iter().filter(|first| !config.is_some_and(|ours| is_taken(ours, first))).collect();
    let newest = verify::newest(folder.as_ref(), &right);
    together(firsts, |first| {
        let config = config.filter(|config| is_ours(config, first));
        let sign = config.and_then(|config| config.publishing.sign.as_ref());
        let asked = Asked {
            site_url: config.map(|config| config.url.as_str()),
            public_key: asked.public_key.or(sign.map(|sign| sign.public_key.as_str())),
            rebuild: config.and_then(|config| config.promise.rebuild),
            ..*asked
        };
        // Copies of two sites have nothing to do with each other.
        let of_same = |newest: &&verify::Newest<'_>| {
            !config.is_some_and(|config| is_taken(config, first))
                && (firsts.len() == 1 || first.site_url().is_none() || newest_of(newest, first, firsts, ours))
        };
        verify::look(web, first, newest.as_ref().filter(of_same), &asked)
    })
}

/// The site's config. Of other people's sites one needs none.
fn config(edge: &Edge, args: &cli::Verify) -> Result<Option<Config>, Failure> {
    match load::load_config(edge.root()) {
        Ok(Loaded { value, diagnostics }) => {
            edge.tell(&diagnostics);
            Ok(Some(value))
        }
        Err(told) if !args.urls.is_empty() && told.iter().all(|one| one.code == Code::CONFIG_MISSING) => Ok(None),
        Err(told) => Err(Failure::Mistakes(told)),
    }
}

fn urls(args: &cli::Verify, config: Option<&Config>) -> Result<Vec<SiteUrl>, Failure> {
    let given = args.urls.iter().map(|given| {
        let cure = "give it like this: `https://status.fjordpost.example`";
        SiteUrl::new(given).ok_or_else(|| Failure::new(format!("`{given}` is no address of a site")).cure(cure))
    });
    let mut urls: Vec<SiteUrl> = given.collect::<Result<_, _>>()?;
    if let (true, Some(config)) = (urls.is_empty(), config) {
        urls = known(config).cloned().collect();
    }
    let mut seen = BTreeSet::new();
    urls.retain(|url| seen.insert(url.to_string()));
    Ok(urls)
}

/// Every address of the site's own.
fn known(config: &Config) -> impl Iterator<Item = &SiteUrl> {
    let publishing = &config.publishing;
    let mirrors = publishing.mirrors.iter().map(|mirror| &mirror.url);
    let targets = publishing.targets.iter().filter_map(|target| target.url.as_ref());
    [&config.url].into_iter().chain(mirrors).chain(targets)
}

/// By its address, or because it says so itself.
fn is_ours(config: &Config, first: &First) -> bool {
    is_known(config, first) || first.site_url().as_deref() == Some(config.url.as_str())
}

fn is_known(config: &Config, first: &First) -> bool {
    known(config).any(|url| *url == first.url)
}

/// Whether there is somebody else's page at an address of ours.
fn is_taken(config: &Config, first: &First) -> bool {
    is_known(config, first) && first.site_url().is_some_and(|said| said != config.url.as_str())
}

/// Whether the newest build is of the same site as this copy.
fn newest_of(newest: &verify::Newest<'_>, first: &First, firsts: &[First], ours: Option<&Config>) -> bool {
    match newest.folder {
        Some(_) => ours.is_some_and(|config| is_ours(config, first)),
        None => firsts.iter().any(|one| one.url.as_str() == newest.at && one.site_url() == first.site_url()),
    }
}

fn rules(args: &cli::Verify, config: Option<&Config>) -> VerifyRules {
    let mut rules = config.map(|config| config.publishing.verify.clone()).unwrap_or_default();
    rules.hosts.extend(args.host.iter().cloned());
    rules
}

/// The key's line, or what stands in its file.
fn key(args: &cli::Verify) -> Result<Option<String>, Failure> {
    let Some(given) = &args.key else { return Ok(None) };
    let is_key = |text: &&str| text.len() == 56 && text.starts_with("RW");
    let file = std::fs::read_to_string(given).unwrap_or_default();
    let line = [given.as_str()].into_iter().chain(file.lines()).map(str::trim).find(is_key).map(str::to_owned);
    let cure = "give the line `RW…` that `minisign -G` or `upfront key` printed, or the file that holds it";
    line.map(Some).ok_or_else(|| Failure::new(format!("`{given}` is no public key of minisign")).cure(cure))
}

/// Does it for all of them at the same time, and answers in their order.
fn together<T: Sync, R: Send>(all: &[T], one: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let one = &one;
    thread::scope(|scope| {
        let running: Vec<_> = all.iter().map(|each| scope.spawn(move || one(each))).collect();
        running.into_iter().filter_map(|running| running.join().ok()).collect()
    })
}

/// A line a copy:
///
/// ```text
/// https://status.fjordpost.example  built 2m ago, 57 of 214 files, signed, certificate for 61 days: nothing wrong
/// ```
fn human(looked: &[Looked], now: Timestamp) -> String {
    let width = looked.iter().map(|one| one.url.as_str().len()).max().unwrap_or_default();
    let mut text = String::new();
    for one in looked {
        let mut parts: Vec<String> = one.built.map(|built| built_ago(now, built)).into_iter().collect();
        let (seen, all) = one.files;
        if seen > 0 {
            parts.push(format!("{seen} of {} files", all.max(seen)));
        }
        parts.extend(match one.signed {
            Signed::Right => Some("signed".to_owned()),
            Signed::ByItsOwn => Some("signed by its own key".to_owned()),
            Signed::Wrong | Signed::Not => None,
        });
        parts.extend(one.certificate_ends.map(|ends| format!("certificate for {} days", days_left(ends, now).max(0))));
        let parts = if parts.is_empty() { "not reached".to_owned() } else { parts.join(", ") };
        let _ = writeln!(text, "{:<width$}  {parts}: {}", one.url.as_str(), counts(&one.findings));
    }
    text
}

fn built_ago(now: Timestamp, built: Timestamp) -> String {
    let age = now.duration_since(built).max(SignedDuration::ZERO);
    // Nobody counts the minutes of last week.
    let age = if age.as_hours() >= 48 { SignedDuration::from_hours(age.as_hours()) } else { age };
    if age.is_zero() { "built just now".to_owned() } else { format!("built {age:#} ago") }
}

fn days_left(ends: Timestamp, now: Timestamp) -> i64 {
    ends.duration_since(now).as_secs().div_euclid(86_400)
}

fn counts(findings: &[Finding]) -> String {
    let count = |severity| findings.iter().filter(|finding| finding.severity == severity).count();
    let counts: Vec<String> = [Severity::Error, Severity::Warning, Severity::Note]
        .into_iter()
        .filter_map(|severity| match count(severity) {
            0 => None,
            1 => Some(format!("1 {}", severity.word())),
            n => Some(format!("{n} {}s", severity.word())),
        })
        .collect();
    if counts.is_empty() { "nothing wrong".to_owned() } else { counts.join(", ") }
}

/// On standard error: errors first, and in the end the counts of all copies, also of what is not shown.
fn tell(edge: &Edge, looked: &[Looked]) {
    let is_shown = |severity: Severity| !edge.global.quiet || severity.fails();
    let all: Vec<Finding> =
        looked.iter().flat_map(|one| &one.findings).filter(|one| is_shown(one.severity)).cloned().collect();
    if all.is_empty() {
        return;
    }
    let told = told(looked);
    let shown: String = [Severity::Error, Severity::Warning, Severity::Note]
        .into_iter()
        .filter(|severity| is_shown(*severity))
        .map(|severity| Report::new(told.iter().filter(|one| one.severity == severity), edge.root()).human())
        .collect();
    edge.warn(&format!("{shown}{}\n", counts(&all)));
}

/// For people: of many alike the first few, and how many more there are.
fn told(looked: &[Looked]) -> Vec<Diagnostic> {
    let mut told = Vec::new();
    for one in looked {
        for same in one.findings.chunk_by(|a, b| (a.code, a.severity) == (b.code, b.severity)) {
            let more = same.len().saturating_sub(SAME_MAX);
            for (n, finding) in same.iter().take(SAME_MAX).enumerate() {
                let diagnostic = finding.told();
                let is_last = more > 0 && n + 1 == SAME_MAX;
                told.push(if is_last { diagnostic.outcome(format!("and {more} more like this")) } else { diagnostic });
            }
        }
    }
    told
}

/// What `--json` prints. A contract, as in `diag::report::json`.
fn report(looked: &[Looked], now: Timestamp) -> Value {
    let finding = |finding: &Finding| {
        json!({
            "code": finding.code.as_str(), "severity": finding.severity.word(), "at": finding.at,
            "expected": finding.expected, "found": finding.found, "cure": finding.cure,
        })
    };
    let copy = |one: &Looked| {
        json!({
            "url": one.url.as_str(),
            "fine": one.is_fine(),
            "built": one.built.map(|built| built.to_string()),
            "files_looked_at": one.files.0, "files": one.files.1.max(one.files.0),
            "signed": match one.signed {
                Signed::Not => "no",
                Signed::Right => "yes",
                Signed::ByItsOwn => "by_its_own_key",
                Signed::Wrong => "wrong",
            },
            "certificate_days": one.certificate_ends.map(|ends| days_left(ends, now)),
            "findings": one.findings.iter().map(finding).collect::<Vec<_>>(),
        })
    };
    json!({
        "version": 1,
        "now": now.to_string(),
        "fine": looked.iter().all(Looked::is_fine),
        "copies": looked.iter().map(copy).collect::<Vec<_>>(),
    })
}
