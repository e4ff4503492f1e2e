//! What readers really get of the site, and what is wrong with it.
//!
//! Each copy is fetched through its public address, as a reader or a program would, and held against what was built last:
//! the folder of this machine, or the newest copy where there is none. What is found has a code, what was expected, what
//! was found and the cure. Nothing here writes anything.
//!
//! [`First`] is what a copy says of itself; [`look`] is everything else. A part each: `files` (whole, and of which build),
//! `headers`, `signature`, `age`, `certificate`, and `fate`, which asks name servers through [`dns`].

mod age;
mod certificate;
pub mod dns;
mod fate;
mod files;
mod finding;
mod first;
mod headers;
mod signature;
mod words;

use std::collections::BTreeSet;
use std::path::Path;

use jiff::{SignedDuration, Timestamp};

use crate::diag::{Code, Severity};
use crate::model::{SiteUrl, VerifyRules};
use crate::net::{Answer, Call, Line, Trouble};
use crate::publish::built::Built;

pub use fate::Names;
pub use finding::Finding;
pub use first::First;

/// What is asked of every copy.
pub struct Asked<'a> {
    pub now: Timestamp,
    /// The folder from which `ca_file` is read.
    pub root: &'a Path,
    pub rules: &'a VerifyRules,
    /// The address that it must take for its own, where it is a copy of ours; `None` where that is not known.
    pub site_url: Option<&'a str>,
    /// With what it must be signed; `None` where that is not known.
    pub public_key: Option<&'a str>,
    /// How often the site is promised to be built; `None` where only the page may know.
    pub rebuild: Option<SignedDuration>,
    /// Every file, and not only those that matter most.
    pub is_full: bool,
    /// `Err` says why no name server can be asked.
    pub names: Result<&'a (dyn Names + Sync), &'a str>,
}

/// The newest build that is known.
pub struct Newest<'a> {
    pub built: Timestamp,
    /// Its list of files, as it stands.
    pub sums: Vec<u8>,
    /// Where it is: an address, or a folder.
    pub at: String,
    pub folder: Option<&'a Built>,
}

/// What came of one copy.
#[derive(Debug)]
pub struct Looked {
    pub url: SiteUrl,
    pub built: Option<Timestamp>,
    /// How many files were looked at, and how many there are.
    pub files: (usize, usize),
    pub signed: Signed,
    /// When its certificate ends; `None` without TLS, or where it cannot be had.
    pub certificate_ends: Option<Timestamp>,
    pub findings: Vec<Finding>,
}

/// Whether somebody stands for what is served.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signed {
    /// No key is known, and the page shows none.
    Not,
    Right,
    /// By the key that the page shows itself, which proves little.
    ByItsOwn,
    Wrong,
}

impl Looked {
    /// Whether anything is wrong, beyond what is only worth knowing.
    pub fn is_fine(&self) -> bool {
        self.findings.iter().all(|finding| !finding.severity.fails())
    }
}

/// Looks at one copy.
pub fn look(line: &(dyn Line + Sync), first: &First, newest: Option<&Newest<'_>>, asked: &Asked<'_>) -> Looked {
    let mut findings = Vec::new();
    let files = files::look(line, first, newest, asked, &mut findings);
    findings.extend(foreign(first, asked));
    let signed = signature::look(line, first, asked, &mut findings);
    let is_old = findings.iter().any(|finding| finding.code == Code::SERVED_OLD);
    findings.extend((!is_old).then(|| age::judge(first, asked)).flatten());
    let certificate_ends = certificate::look(line, &first.url, asked, &mut findings);
    findings.extend(fate::look(&first.host(), &asked.rules.hosts, asked.names));
    // What was changed is not what was signed, whoever signed it.
    let is_changed = |one: &Finding| one.code == Code::SERVED_CHANGED && one.severity == Severity::Error;
    let signed = match signed {
        Signed::Right | Signed::ByItsOwn if findings.iter().any(is_changed) => Signed::Wrong,
        Signed::Not | Signed::Right | Signed::ByItsOwn | Signed::Wrong => signed,
    };
    findings.sort_by(|a, b| (b.severity, a.code, &a.at).cmp(&(a.severity, b.code, &b.at)));
    Looked { url: first.url.clone(), built: first.built, files, signed, certificate_ends, findings }
}

/// Whether the page is that of another site, by what it says itself.
fn foreign(first: &First, asked: &Asked<'_>) -> Option<Finding> {
    let (own, said) = (asked.site_url?, first.site_url()?);
    let finding = Finding::error(Code::SERVED_CHANGED, address(&first.url, "status.json"));
    let finding = finding.expected(format!("the status of {own}")).found(format!("that of {said}"));
    (said != own).then(|| finding.cure("see whose page this is: where the name leads, and what the host serves for it"))
}

/// What was built in the folder, where it is newer than what any copy serves; else the newest copy.
pub fn newest<'a>(folder: Option<&'a Built>, firsts: &[&First]) -> Option<Newest<'a>> {
    let built = folder.and_then(|folder| {
        let built = first::built(&folder.bytes("status.json").ok()?)?;
        let sums = std::fs::read(folder.folder.join(crate::seal::SUMS)).ok()?;
        Some(Newest { built, sums, at: folder.folder.display().to_string(), folder: Some(folder) })
    });
    let served = firsts.iter().filter_map(|first| {
        let sums = first.sums.as_ref().ok().filter(|answer| answer.is_good())?.body.clone();
        Some(Newest { built: first.built?, sums, at: first.url.to_string(), folder: None })
    });
    // Of equals the first: the folder, then the site's own address.
    built.into_iter().chain(served).reduce(|best, next| if next.built > best.built { next } else { best })
}

/// The host of an address, without its port.
pub(crate) fn host_of(authority: &str) -> &str {
    if let Some(end) = authority.find(']') {
        return authority.get(1..end).unwrap_or_default();
    }
    authority.split_once(':').map_or(authority, |(host, _)| host)
}

/// A file of the site at that address, as readers ask for it.
fn address(url: &SiteUrl, path: &str) -> String {
    let path = if path == "index.html" {
        ""
    } else {
        path.strip_suffix("/index.html").map_or(path, |_| &path[..path.len() - "index.html".len()])
    };
    let mut text = format!("{url}/");
    for byte in path.bytes() {
        let is_plain = byte.is_ascii_alphanumeric() || b"-._~/!$&'()*+,;=:@".contains(&byte);
        if is_plain { text.push(byte.into()) } else { text += &format!("%{byte:02X}") }
    }
    text
}

fn get(line: &dyn Line, url: &SiteUrl, path: &str) -> Result<Answer, Trouble> {
    let call: Call = crate::publish::live::fresh(&address(url, path));
    line.call(&call)
}

/// Ids in one line: `a`, `b` and 3 more.
fn listed<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    let names: BTreeSet<&str> = names.into_iter().collect();
    let shown: Vec<String> = names.iter().take(4).map(|name| format!("`{name}`")).collect();
    match names.len().saturating_sub(shown.len()) {
        0 => shown.join(", "),
        more => format!("{} and {more} more", shown.join(", ")),
    }
}
