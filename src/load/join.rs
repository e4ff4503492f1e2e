//! Gives every page its own address, and every report its incident.
//!
//! Of two that would have the same, the first in the order of paths keeps it; so the same files always come out the same.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::files::{self, Found};
use super::post::RfoFor;
use crate::diag::{Code, Diagnostic, nearest};
use crate::model::{Incident, Rfo, Slug};

/// For so many reports whose incident is not found, the nearest name is looked for; it takes a look at every incident.
const NEAREST_MAX: usize = 20;

/// A report before it is known what it explains.
pub(super) struct Report<'a> {
    pub rfo: Rfo,
    pub rfo_for: Option<RfoFor>,
    pub found: &'a Found,
}

/// Gives later incidents another slug where two would have the same, and takes out aliases that are somebody's address.
pub(super) fn unique_slugs(root: &Path, incidents: &mut [Incident], diagnostics: &mut Vec<Diagnostic>) {
    let slugs: Vec<Slug> = incidents.iter().map(|incident| incident.slug.clone()).collect();
    for (index, first, slug) in renamed(&slugs, BTreeSet::new()) {
        let first = incidents.get(first).map_or(String::new(), |first| first.source.clone());
        if let Some(incident) = incidents.get_mut(index) {
            diagnostics.push(slug_taken(root, &incident.source, &format!("`{first}`"), &slug));
            incident.slug = slug;
        }
    }
    let live: BTreeSet<Slug> = match incidents.iter().any(|incident| !incident.aliases.is_empty()) {
        true => incidents.iter().map(|incident| incident.slug.clone()).collect(),
        false => return,
    };
    let mut taken = BTreeSet::new();
    for incident in incidents {
        let (own, source) = (&incident.slug, &incident.source);
        incident.aliases.retain(|alias| unique_alias(root, alias, own, source, &live, &mut taken, diagnostics));
    }
}

fn unique_alias(
    root: &Path,
    alias: &Slug,
    own: &Slug,
    source: &str,
    live: &BTreeSet<Slug>,
    taken: &mut BTreeSet<Slug>,
    diagnostics: &mut Vec<Diagnostic>,
) -> bool {
    if alias == own {
        return false;
    }
    if !live.contains(alias) && taken.insert(alias.clone()) {
        return true;
    }
    let told = Diagnostic::warning(Code::SLUG_TAKEN, format!("another post already has the address `{alias}`"))
        .cure("take it out of `aliases`")
        .outcome("published, without this alias");
    diagnostics.push(at_text(root, source, ["aliases", alias.as_str()], told));
    false
}

/// For each slug that stands before it: its index, that of the first to have it, and a new slug.
fn renamed(slugs: &[Slug], reserved: BTreeSet<Slug>) -> Vec<(usize, usize, Slug)> {
    let mut order: Vec<usize> = (0..slugs.len()).collect();
    order.sort_by_key(|&index| (slugs.get(index), index));
    let mut doubles = Vec::new();
    let mut first = 0;
    for pair in order.windows(2) {
        let &[before, index] = pair else { continue };
        match slugs.get(before) == slugs.get(index) {
            true if doubles.last().is_none_or(|&(last, _)| last != before) => {
                first = before;
                doubles.push((index, first));
            }
            true => doubles.push((index, first)),
            false => {}
        }
    }
    let own: Vec<(usize, usize)> = (0..slugs.len())
        .filter(|&index| slugs.get(index).is_some_and(|slug| reserved.contains(slug)))
        .map(|index| (index, index))
        .collect();
    if doubles.is_empty() && own.is_empty() {
        return Vec::new();
    }
    doubles.extend(own);
    doubles.sort_unstable();
    doubles.dedup_by_key(|&mut (index, _)| index);
    let mut taken = reserved;
    taken.extend(slugs.iter().cloned());
    let mut next: BTreeMap<&Slug, u32> = BTreeMap::new();
    let mut renamed = Vec::with_capacity(doubles.len());
    for (index, first) in doubles {
        let Some(slug) = slugs.get(index) else { continue };
        let number = next.entry(slug).or_insert(2);
        if let Some(free) = free_slug(slug, number, &mut taken) {
            renamed.push((index, first, free));
        }
    }
    renamed
}

/// `slug-2` or the next that is free; counts on from `number`, so that a thousand of one name take a thousand steps.
fn free_slug(slug: &Slug, number: &mut u32, taken: &mut BTreeSet<Slug>) -> Option<Slug> {
    loop {
        let tail = format!("-{number}");
        let base_len = slug.as_str().len().min(100 - tail.len());
        let base = slug.as_str().get(..base_len)?.trim_end_matches('-');
        let free = Slug::new(&format!("{base}{tail}"))?;
        *number = number.checked_add(1)?;
        if taken.insert(free.clone()) {
            return Some(free);
        }
    }
}

fn slug_taken(root: &Path, source: &str, first: &str, slug: &Slug) -> Diagnostic {
    let told = Diagnostic::warning(Code::SLUG_TAKEN, format!("{first} already has the address of this post"))
        .cure("give the file another name")
        .outcome(format!("published as `{slug}`"));
    at_text(root, source, [], told)
}

/// Joins each report with its incident: the one in its own folder, or the one that `rfo_for` names. What finds none, or
/// finds it taken, is published on its own.
pub(super) fn reports(
    root: &Path,
    incidents: &[Incident],
    reports: &mut [Report<'_>],
    diagnostics: &mut Vec<Diagnostic>,
) {
    if reports.is_empty() {
        return;
    }
    let names = Names::new(incidents);
    let mut explained: BTreeMap<usize, String> = BTreeMap::new();
    let mut misses = 0;
    for report in reports.iter_mut() {
        // What the file names may not exist.
        report.rfo.incident = None;
        match names.incident_of(report) {
            Some(index) if !explained.contains_key(&index) => {
                explained.insert(index, report.rfo.source.clone());
                if let Some(incident) = incidents.get(index) {
                    report.rfo.slug = incident.slug.clone();
                    report.rfo.incident = Some(incident.slug.clone());
                }
            }
            Some(index) => {
                let first = explained.get(&index).map_or("", String::as_str);
                diagnostics.push(taken(root, report, first));
            }
            None => {
                misses += 1;
                diagnostics.push(names.missing(root, report, misses <= NEAREST_MAX));
            }
        }
    }
    own_slugs(reports);
    no_years(root, reports, diagnostics);
    own_aliases(root, reports, diagnostics);
}

/// Reports without an incident stand under the name of their own file, which no other report may have.
fn own_slugs(reports: &mut [Report<'_>]) {
    for report in reports.iter_mut().filter(|report| report.rfo.incident.is_none()) {
        if let Some(own) = Slug::from_text(report.found.stem()) {
            report.rfo.slug = own;
        }
    }
    let joined = reports.iter().filter_map(|report| report.rfo.incident.clone()).collect();
    let alone: Vec<usize> = (0..reports.len())
        .filter(|&index| reports.get(index).is_some_and(|report| report.rfo.incident.is_none()))
        .collect();
    let slugs: Vec<Slug> =
        alone.iter().filter_map(|&index| reports.get(index)).map(|report| report.rfo.slug.clone()).collect();
    for (index, _, slug) in renamed(&slugs, joined) {
        if let Some(report) = alone.get(index).and_then(|&index| reports.get_mut(index)) {
            // That it stands alone was told already.
            report.rfo.slug = slug;
        }
    }
}

/// `/rfo/2022/` is the archive of that year: a report that would stand there gets another address.
fn no_years(root: &Path, reports: &mut [Report<'_>], diagnostics: &mut Vec<Diagnostic>) {
    if !reports.iter().any(|report| is_year(&report.rfo.slug)) {
        return;
    }
    let mut taken: BTreeSet<Slug> = reports.iter().map(|report| report.rfo.slug.clone()).collect();
    for Report { rfo, .. } in reports.iter_mut().filter(|report| is_year(&report.rfo.slug)) {
        if let Some(free) = free_slug(&rfo.slug, &mut 2, &mut taken) {
            let told =
                Diagnostic::warning(Code::SLUG_TAKEN, format!("`/rfo/{}/` is the archive of that year", rfo.slug))
                    .cure("give the post another name, with words in it")
                    .outcome(format!("published as `{free}`"));
            diagnostics.push(at_text(root, &rfo.source, [], told));
            rfo.slug = free;
        }
    }
}

fn is_year(slug: &Slug) -> bool {
    slug.as_str().parse::<i16>().is_ok_and(|year| year.to_string() == slug.as_str())
}

fn own_aliases(root: &Path, reports: &mut [Report<'_>], diagnostics: &mut Vec<Diagnostic>) {
    if reports.iter().all(|report| report.rfo.aliases.is_empty()) {
        return;
    }
    let mut live: BTreeSet<Slug> = reports.iter().map(|report| report.rfo.slug.clone()).collect();
    // Years are the archive's.
    live.extend(reports.iter().flat_map(|report| &report.rfo.aliases).filter(|alias| is_year(alias)).cloned());
    let mut taken = BTreeSet::new();
    for Report { rfo, .. } in reports {
        let (own, source) = (&rfo.slug, &rfo.source);
        rfo.aliases.retain(|alias| unique_alias(root, alias, own, source, &live, &mut taken, diagnostics));
    }
}

/// Every name that an incident answers to, with its index.
struct Names<'a> {
    slugs: BTreeMap<&'a str, usize>,
    aliases: BTreeMap<&'a str, usize>,
    /// By the path of the file.
    sources: BTreeMap<&'a str, usize>,
    /// By the name of the file, or of its folder where that is `index.md`, without ending.
    stems: BTreeMap<&'a str, usize>,
    /// By the folder of an `index.md`.
    folders: BTreeMap<&'a str, usize>,
}

impl<'a> Names<'a> {
    fn new(incidents: &'a [Incident]) -> Names<'a> {
        let mut names = Names {
            slugs: BTreeMap::new(),
            aliases: BTreeMap::new(),
            sources: BTreeMap::new(),
            stems: BTreeMap::new(),
            folders: BTreeMap::new(),
        };
        for (index, incident) in incidents.iter().enumerate() {
            names.slugs.insert(incident.slug.as_str(), index);
            names.sources.insert(&incident.source, index);
            for alias in &incident.aliases {
                names.aliases.insert(alias.as_str(), index);
            }
            let folder = files::folder_of(&incident.source);
            let stem = stem_of(&incident.source);
            if stem.eq_ignore_ascii_case("index") {
                names.folders.entry(folder).or_insert(index);
                names.stems.entry(folder.rsplit('/').next().unwrap_or(folder)).or_insert(index);
            } else {
                names.stems.entry(stem).or_insert(index);
            }
        }
        names
    }

    fn incident_of(&self, report: &Report<'_>) -> Option<usize> {
        match &report.rfo_for {
            Some(rfo_for) => self.named(rfo_for.written.trim()),
            // `rfo.md` beside `index.md`; or in a folder beside the incident's file, with its name.
            None => {
                let folder = report.found.folder();
                let beside = self.folders.get(folder).copied();
                beside.or_else(|| self.sources.get(format!("{folder}.md").as_str()).copied())
            }
        }
    }

    /// The incident of a slug, an alias, or a file's name with or without folders and ending.
    fn named(&self, name: &str) -> Option<usize> {
        let stem = stem_of(name.trim_end_matches('/'));
        let folder = files::folder_of(name);
        let get = |map: &BTreeMap<&str, usize>, name: &str| map.get(name).copied();
        get(&self.slugs, name)
            .or_else(|| get(&self.aliases, name))
            .or_else(|| get(&self.sources, name.trim_start_matches("./")))
            .or_else(|| get(&self.stems, stem))
            .or_else(|| get(&self.stems, folder.rsplit('/').next().filter(|_| stem == "index")?))
            .or_else(|| get(&self.slugs, Slug::from_text(name)?.as_str()))
    }

    fn missing(&self, root: &Path, report: &Report<'_>, look_for_nearest: bool) -> Diagnostic {
        let Some(RfoFor { written: name, place }) = &report.rfo_for else {
            let told = Diagnostic::warning(Code::RFO_INCIDENT, "no incident stands in the folder of this report")
                .cure("name the incident's file `index.md`, or add `rfo_for = \"<its slug>\"`")
                .outcome("published on its own");
            return at_text(root, &report.rfo.source, [], told);
        };
        let near = look_for_nearest
            .then(|| nearest(name, self.slugs.keys().chain(self.aliases.keys()).copied()))
            .flatten()
            .map_or_else(
                || "write the incident's slug: the name of its file, without `.md`".to_owned(),
                |near| format!("did you mean `{near}`?"),
            );
        let told = Diagnostic::warning(Code::RFO_INCIDENT, format!("no incident is called `{name}`"))
            .cure(near)
            .outcome("published on its own");
        told.at(&place.source, place.span.clone())
    }
}

/// The name of a file, without folders and ending.
fn stem_of(path: &str) -> &str {
    let name = path.rsplit('/').next().unwrap_or(path);
    match name.rsplit_once('.') {
        Some((stem, "md" | "markdown" | "mdown" | "mkd" | "MD" | "txt")) => stem.strip_suffix(".md").unwrap_or(stem),
        _ => name,
    }
}

fn taken(root: &Path, report: &Report<'_>, first: &str) -> Diagnostic {
    let told = Diagnostic::warning(Code::RFO_TAKEN, format!("`{first}` is already the report on this incident"))
        .cure("join the two files, or take this one's `rfo_for` out")
        .outcome("published on its own");
    match &report.rfo_for {
        Some(RfoFor { place, .. }) => told.at(&place.source, place.span.clone()),
        None => at_text(root, &report.rfo.source, [], told),
    }
}

/// At the last of those words, each sought behind the one before it, or at the file's beginning. Mistakes are few, so
/// the file is read once more rather than every file kept.
fn at_text<const N: usize>(root: &Path, path: &str, words: [&str; N], told: Diagnostic) -> Diagnostic {
    let source = files::source_again(root, path);
    let mut span = 0..0;
    for word in words {
        let Some(at) = source.text().get(span.end..).and_then(|rest| rest.find(word)) else { break };
        let start = span.end + at;
        span = start..start + word.len();
    }
    told.at(&source, span)
}
