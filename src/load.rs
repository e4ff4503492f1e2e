//! A folder → [`Site`]: the only reader of a site.
//!
//! Never fails on content. What stops a build is only what cannot be made right: a config that is missing or broken.
//! `load` knows no clock; what depends on the time of day is told by [`crate::derive`].
//!
//! 1. `config` reads `upfront.toml`, `theme` lays the site's own theme files over the built-in ones.
//! 2. `files` finds the posts; each is read and parsed by `post`, in parallel.
//! 3. `join` gives every page its own slug and every report its incident.
//! 4. `times` asks `git` when an update was posted whose heading does not say so, which commit first held it and which
//!    changed it since; `published` knows from receipts when it was seen live.
//! 5. `pictures` finds what published text shows, and where its relative links lead.
//!
//! No order but that of the files' paths reaches the result: not the disk's, not that of the threads.

mod config;
pub mod feed;
mod files;
mod fold;
mod git;
pub(crate) mod history;
mod join;
mod links;
mod monitoring;
mod moved;
mod pictures;
mod post;
mod published;
pub mod schema;
mod source;
mod theme;
mod times;

use std::path::Path;
use std::sync::Arc;

use rayon::prelude::*;

use self::files::{Found, POST_BYTES_MAX};
use self::join::Report;
use self::post::{Parsed, PostFile};
use self::times::{Untimed, Where};
use crate::diag::{Diagnostic, Loaded, Source};
use crate::model::{Config, Incident, Monitoring, Rfo, Site};

pub use config::read as load_config;
pub use feed::door::read_feeds;
pub use fold::Fold;
pub use history::find::log_line;
pub use links::dead_links;
pub(crate) use monitoring::set_first;
pub use monitoring::{Ask, FeedAnswer, LogWindow, read_monitoring};
pub use moved::moved_posts;
pub use post::read_incident;
#[doc(hidden)]
pub use post::read_post;
pub use source::read_source;
pub use theme::built_in as built_in_theme;
#[cfg(test)]
pub(crate) use theme::{NOTICE_KEYS, fill_notice_texts};

/// Reads the site in `root`.
///
/// # Errors
///
/// What is wrong with `upfront.toml`, each mistake with its place, where no valid config can be made of it.
pub fn load(root: &Path) -> Result<Loaded<Site>, Vec<Diagnostic>> {
    let Loaded { value: mut config, mut diagnostics } = config::read(root)?;
    // Git works on its answer while the posts are read.
    let commit = git::Commit::ask(root);
    let mut theme = take(theme::read(root), &mut diagnostics);
    theme::keep_language(root, &mut config, &theme, &mut diagnostics);
    theme::fill_notice_texts(&mut config, &theme);
    theme::take_logo(root, &mut config, &mut theme, &mut diagnostics);
    let found = take(files::find_posts(root), &mut diagnostics);
    let mut posts = take(read_posts(root, &found, &config), &mut diagnostics);
    join::unique_slugs(root, &mut posts.incidents, &mut diagnostics);
    join::reports(root, &posts.incidents, &mut posts.reports, &mut diagnostics);
    times::fill(root, &config, &mut posts, &mut diagnostics);
    published::fill(root, &mut posts, &mut diagnostics);
    let Posts { incidents, reports, .. } = posts;
    let rfos: Vec<Rfo> = reports.into_iter().map(|report| report.rfo).collect();
    let deliveries = take(history::deliveries::read_deliveries(root), &mut diagnostics);
    let (pictures, links) = take(pictures::find(root, &incidents, &rfos), &mut diagnostics);
    diagnostics.sort_by(|a, b| a.sort_key().cmp(&b.sort_key()));
    let site = Site {
        config,
        incidents,
        rfos,
        pictures,
        links,
        theme,
        monitoring: Monitoring::default(),
        detections: Vec::new(),
        deliveries,
        commit: commit.answer(),
    };
    Ok(Loaded { value: site, diagnostics })
}

/// A length of time as people write it: `90s`, `3 min`, `1h 30m`.
pub fn duration(text: &str) -> Option<jiff::SignedDuration> {
    config::duration(text)
}

/// All posts, read, in the order of their paths.
#[derive(Default)]
struct Posts<'a> {
    incidents: Vec<Incident>,
    reports: Vec<Report<'a>>,
    /// Updates and reports whose minute only git may know.
    untimed: Vec<Untimed>,
}

fn read_posts<'a>(root: &Path, found: &'a [Found], config: &Config) -> Loaded<Posts<'a>> {
    let parsed: Vec<Loaded<Parsed>> = found.par_iter().map(|found| read_file(root, found, config)).collect();
    let mut posts = Posts { incidents: Vec::with_capacity(found.len()), ..Posts::default() };
    let mut diagnostics = Vec::new();
    for (found, parsed) in found.iter().zip(parsed) {
        match take(parsed, &mut diagnostics) {
            Parsed::Incident(incident, untimed) => {
                let index = posts.incidents.len();
                posts.untimed.extend(untimed.into_iter().map(|known| Untimed { of: Where::Incident(index), known }));
                posts.incidents.push(incident);
            }
            Parsed::Rfo(rfo, untimed, rfo_for) => {
                let index = posts.reports.len();
                posts.untimed.extend(untimed.map(|known| Untimed { of: Where::Report(index), known }));
                posts.reports.push(Report { rfo, rfo_for, found });
            }
            Parsed::HeldBack => {}
        }
    }
    Loaded { value: posts, diagnostics }
}

fn read_file(root: &Path, found: &Found, config: &Config) -> Loaded<Parsed> {
    match files::read(&found.file(root), POST_BYTES_MAX) {
        Ok(bytes) => {
            post::parse(&PostFile { path: &found.path, stem: found.stem(), role: found.role(), bytes: &bytes }, config)
        }
        Err(unread) => {
            let source = Arc::new(Source::new(found.path.as_str(), ""));
            let told = unread.telling(POST_BYTES_MAX).at(&source, 0..0);
            Loaded { value: Parsed::HeldBack, diagnostics: vec![told] }
        }
    }
}

/// The value; what is to be told of it joins the rest.
fn take<T>(loaded: Loaded<T>, diagnostics: &mut Vec<Diagnostic>) -> T {
    diagnostics.extend(loaded.diagnostics);
    loaded.value
}
