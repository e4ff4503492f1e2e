//! `upfront check`: everything that a build would say, and what only [`crate::check`] looks for.
//!
//! For people it is said on standard error as a build does, and the summary is the result; the other formats are the
//! result themselves. What stops a build (the config, the theme) is told in the same format.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use super::observed::{Observed, observe};
use super::{Edge, Failure, Status};
use crate::check::{self, Checked};
use crate::cli::{self, Format, Moment};
use crate::diag::report::Report;
use crate::diag::{Code, Diagnostic, Source};
use crate::model::Site;
use crate::render::{self, Theme};
use crate::write::memory;
use crate::{derive, load};

/// Says everything that is wrong with the site.
pub(super) fn run(edge: &Edge, args: &cli::Check) -> Result<Status, Failure> {
    let format = if args.json { Format::Json } else { args.format };
    let (diagnostics, failed) = match everything(edge, args.now) {
        Ok(diagnostics) => (diagnostics, Status::FoundProblems),
        Err(diagnostics) => (diagnostics, Status::CouldNotRun),
    };
    let report = Report::new(&diagnostics, edge.root());
    match format {
        Format::Human => {
            edge.tell(&diagnostics);
            if diagnostics.is_empty() {
                edge.say(&format!("{}\n", report.summary()))?;
            }
        }
        Format::Concise => edge.print(&report.concise())?,
        Format::Json => edge.print(&format!("{:#}\n", report.json()))?,
        Format::Github => edge.print(&report.github())?,
    }
    Ok(if report.fails() { failed } else { Status::Fine })
}

/// All diagnostics; as an error where nothing can be built.
fn everything(edge: &Edge, now: Option<Moment>) -> Result<Vec<Diagnostic>, Vec<Diagnostic>> {
    let root = edge.root();
    let Observed { site, now, mut diagnostics } = observe(edge, now, false)?;
    let derived = derive::derive(&site, now);
    diagnostics.extend(check::future(&site, now, |path| load::read_source(root, path)));
    let theme = Theme::new(&site.theme, &site.config)?;
    diagnostics.extend_from_slice(theme.warnings());
    let outputs = render::render(&site, &derived, &theme);
    let files = memory::collect(&outputs, &mut memory::Cache::default()).map_err(|error| vec![*error.0])?;
    let sources = sources(root, &site);
    let checked = Checked { site: &site, derived: &derived, sources: &sources, files: &files };
    let checks = check::check(&checked);
    // Links that the renderer left out are not in the pages; of those that are, the pages know more.
    let told: BTreeSet<_> = checks.iter().map(place).collect();
    let dead = load::dead_links(root, &site, &|path| files.contains_key(path));
    diagnostics.extend(dead.into_iter().filter(|dead| !told.contains(&place(dead))));
    diagnostics.extend(checks);
    diagnostics.extend(load::moved_posts(root, &site));
    Ok(diagnostics)
}

/// Where something is told, and of what kind it is.
fn place(diagnostic: &Diagnostic) -> (Code, Option<(String, usize)>) {
    let at = diagnostic.place.as_ref().map(|place| (place.source.path().to_owned(), place.span.start));
    (diagnostic.code, at)
}

/// The text of every incident and report.
fn sources(root: &Path, site: &Site) -> BTreeMap<String, Arc<Source>> {
    let incidents = site.incidents.iter().map(|incident| &incident.source);
    let paths = incidents.chain(site.rfos.iter().map(|rfo| &rfo.source));
    paths.filter_map(|path| Some((path.clone(), load::read_source(root, path)?))).collect()
}
