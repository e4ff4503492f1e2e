//! A site with what its monitors say, for every command that shows or judges it.

use std::path::Path;

use jiff::Timestamp;

use super::Edge;
use crate::cli::Moment;
use crate::derive;
use crate::diag::{Diagnostic, Loaded};
use crate::load::{self, Ask, LogWindow};
use crate::model::Site;

/// A site as of a moment: read, its feeds asked, its detections found.
pub(super) struct Observed {
    pub site: Site,
    pub now: Timestamp,
    pub diagnostics: Vec<Diagnostic>,
}

/// Reads the site. With `network` feeds that have an address are asked; otherwise the raw log says what is known of them.
///
/// # Errors
///
/// As [`load::load`].
pub(super) fn observe(edge: &Edge, now: Option<Moment>, network: bool) -> Result<Observed, Vec<Diagnostic>> {
    let loaded = load::load(edge.root())?;
    let now = edge.now_or(now, &loaded.value.config.zone.tz);
    Ok(observe_at(edge.root(), loaded, now, network))
}

/// As [`observe`], of a site that was read already.
pub(super) fn observe_at(root: &Path, loaded: Loaded<Site>, now: Timestamp, network: bool) -> Observed {
    let (mut site, mut diagnostics) = (loaded.value, loaded.diagnostics);
    let ask = Ask { now, network, stdin: None, log: LogWindow::Open };
    let answers = load::read_feeds(root, &site.config, &ask);
    diagnostics.extend(answers.diagnostics);
    let monitoring = load::read_monitoring(root, &site.config, &ask, answers.value);
    diagnostics.extend(monitoring.diagnostics);
    site.monitoring = monitoring.value;
    Observed { site: derive::observe(site, now), now, diagnostics }
}
