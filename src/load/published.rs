//! Receipts of what was seen live are the best evidence there is of when an update was public.

use std::path::Path;

use super::Posts;
use super::history::receipts::{self, read_receipts};
use crate::diag::Diagnostic;
use crate::model::{Edit, Evidence, PostedAt};
use jiff::{SignedDuration, Timestamp};

/// A receipt so much earlier than the heading is one of something else, or of another clock.
const EARLIER_MAX: SignedDuration = SignedDuration::from_mins(1);

/// Gives each update and report its receipt. Of its changes only those count that came after it.
pub(super) fn fill(root: &Path, posts: &mut Posts<'_>, diagnostics: &mut Vec<Diagnostic>) {
    let receipts = read_receipts(root);
    diagnostics.extend(receipts.diagnostics);
    let first = receipts.value;
    if first.is_empty() {
        return;
    }
    for incident in &mut posts.incidents {
        let slugs: Vec<String> = incident.aliases.iter().chain([&incident.slug]).map(ToString::to_string).collect();
        for update in &mut incident.updates {
            let seen = slugs.iter().filter_map(|slug| first.get(&receipts::of_update(slug, &update.id)));
            if let Some(at) = seen.min().copied().filter(|at| is_believed(*at, update.posted)) {
                publish(at, &mut update.evidence, &mut update.edits);
            }
        }
    }
    for report in &mut posts.reports {
        let rfo = &mut report.rfo;
        let slugs = rfo.aliases.iter().chain([&rfo.slug]);
        let seen = slugs.filter_map(|slug| first.get(&receipts::of_rfo(slug.as_str())));
        if let Some(at) = seen.min().copied() {
            publish(at, &mut rfo.evidence, &mut rfo.edits);
        }
    }
}

fn publish(at: Timestamp, evidence: &mut Evidence, edits: &mut Vec<Edit>) {
    *evidence = Evidence::Published(at);
    edits.retain(|edit| edit.at > at);
}

fn is_believed(at: Timestamp, posted: PostedAt) -> bool {
    match posted {
        PostedAt::Written(written) => written.duration_since(at) <= EARLIER_MAX,
        PostedAt::FromGit(_) | PostedAt::Day(_) | PostedAt::Unknown => true,
    }
}
