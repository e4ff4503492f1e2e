//! What to send and what to remove, in which order. Pure.

use std::collections::BTreeMap;

use super::built::{Built, is_seal};
use super::{How, Sent};

/// Where a place keeps what was sent to it, beside the site. It holds nothing that the site does not.
pub const SENT: &str = ".upfront-sent";

/// A digit of the sum of a file that may be there or not.
const UNKNOWN: &str = "0";

/// What to do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// Paths in steps: each step is there before the next one begins.
    pub put: Vec<Vec<String>>,
    /// Afterwards.
    pub remove: Vec<String>,
    pub new: usize,
}

impl Plan {
    pub fn is_nothing(&self) -> bool {
        self.put.is_empty() && self.remove.is_empty()
    }

    /// In files.
    pub fn sent(&self) -> Sent {
        let put: usize = self.put.iter().map(Vec::len).sum();
        Sent { new: self.new, changed: put.saturating_sub(self.new), removed: self.remove.len(), is_known: true }
    }
}

/// Which step of an upload a file belongs to: what is linked comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Step {
    Asset,
    Leaf,
    Index,
    Front,
    Seal,
}

fn step(path: &str) -> Step {
    let ending = path.rsplit_once('.').map_or("", |(_, ending)| ending);
    match path {
        _ if is_seal(path) => Step::Seal,
        "index.html" | "status.json" => Step::Front,
        _ if path.starts_with("assets/") => Step::Asset,
        _ if matches!(ending, "png" | "jpg" | "jpeg" | "gif" | "webp" | "avif" | "svg" | "ico" | "woff2" | "pdf") => {
            Step::Asset
        }
        // Two parts and a file: a page of its own. `incidents/` has no list beneath itself.
        _ if path.starts_with("incidents/") => Step::Leaf,
        _ if path.starts_with("rfo/") && path.matches('/').count() > 1 => Step::Leaf,
        _ => Step::Index,
    }
}

/// Compares what is to be there with what was sent there before.
pub fn plan(built: &Built, sent: &BTreeMap<String, String>) -> Plan {
    let mut steps: BTreeMap<Step, Vec<String>> = BTreeMap::new();
    let mut new = 0;
    for (path, sum) in &built.files {
        let before = sent.get(path);
        if before != Some(sum) {
            new += usize::from(before.is_none());
            steps.entry(step(path)).or_default().push(path.clone());
        }
    }
    let mut remove: Vec<String> = sent.keys().filter(|path| !built.files.contains_key(*path)).cloned().collect();
    // What links goes before what it links to.
    remove.sort_by_key(|path| std::cmp::Reverse(step(path)));
    Plan { put: steps.into_values().collect(), remove, new }
}

/// What of the place's own word is believed: where all is sent again, only which files there are.
pub fn trusted(mut sent: BTreeMap<String, String>, how: How) -> BTreeMap<String, String> {
    if how == How::All {
        sent.values_mut().for_each(|sum| *sum = UNKNOWN.repeat(64));
    }
    sent
}

/// What to write down at the place before anything is sent: everything that may be there if we are killed. Of what is about to
/// be replaced nothing is claimed.
pub fn under_way(built: &Built, sent: &BTreeMap<String, String>, plan: &Plan) -> String {
    let mut all = sent.clone();
    for path in plan.put.iter().flatten() {
        all.insert(path.clone(), UNKNOWN.repeat(64));
    }
    debug_assert!(plan.put.iter().flatten().all(|path| built.files.contains_key(path)));
    written(&all)
}

/// What to write down at the place afterwards.
pub fn done(built: &Built) -> String {
    written(&built.files)
}

fn written(files: &BTreeMap<String, String>) -> String {
    files.iter().map(|(path, sum)| format!("{sum}  {path}\n")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(names: &[&str]) -> BTreeMap<String, String> {
        let pair = |name: &&str| {
            let (path, sum) = name.split_once('=').unwrap_or((name, "a"));
            (path.to_owned(), sum.repeat(64))
        };
        names.iter().map(pair).collect()
    }

    #[test]
    fn what_is_linked_goes_first_and_removals_go_last() {
        let built = Built {
            folder: "/".into(),
            files: files(&[
                "index.html=b",
                "status.json=b",
                "assets/x.css=a",
                "assets/y.css",
                "incidents/one/index.html",
                "incidents/two/index.html=a",
                "history/index.html",
                "rfo/index.html",
                "rfo/one/index.html",
                "SHA256SUMS",
                "status.json.minisig",
                "CNAME=a",
            ]),
        };
        let sent = files(&[
            "index.html=a",
            "assets/x.css=a",
            "incidents/two/index.html=a",
            "incidents/old/index.html",
            "assets/old.css",
            "CNAME=a",
            "status.json=a",
        ]);
        let plan = plan(&built, &sent);
        let steps: Vec<String> = plan.put.iter().map(|step| step.join(" ")).collect();
        assert_eq!(
            steps,
            [
                "assets/y.css",
                "incidents/one/index.html rfo/one/index.html",
                "history/index.html rfo/index.html",
                "index.html status.json",
                "SHA256SUMS status.json.minisig",
            ]
        );
        assert_eq!(plan.remove, ["incidents/old/index.html", "assets/old.css"]);
        assert_eq!(plan.sent(), Sent { new: 7, changed: 2, removed: 2, is_known: true });
        // Killed now, the next one knows everything that may be there, and sends again what is not sure.
        let known = super::super::built::parse(&under_way(&built, &sent, &plan)).unwrap_or_default();
        let next = super::plan(&built, &known);
        assert_eq!(next.remove, plan.remove);
        assert_eq!(next.put, plan.put);
        let known = super::super::built::parse(&done(&built)).unwrap_or_default();
        assert!(super::plan(&built, &known).is_nothing());
        let all = super::plan(&built, &trusted(known, How::All)).sent();
        assert_eq!(all, Sent { new: 0, changed: built.files.len(), removed: 0, is_known: true });
    }
}
