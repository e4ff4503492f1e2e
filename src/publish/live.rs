//! What is really served: pages fetched through their public address.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use jiff::SignedDuration;

use crate::net::{Call, Line};

/// How long one page may take.
const TIMEOUT: SignedDuration = SignedDuration::from_secs(15);

/// How long all pages may take together before no further one is asked for.
const ALL_MAX: Duration = Duration::from_secs(30);

/// Of these addresses (`incidents/<slug>/#u-<id>`, `rfo/<slug>/`) those that are served now, each by the page it stands on:
/// `pages` are pairs of an address as receipts know it and where it is read now.
pub fn live(line: &dyn Line, site_url: &str, pages: &[(String, String)]) -> Vec<String> {
    let mut fetched: BTreeMap<&str, Option<Vec<u8>>> = BTreeMap::new();
    let mut live = Vec::new();
    let begun = Instant::now();
    for (address, read_at) in pages {
        let (path, anchor) = read_at.split_once('#').unwrap_or((read_at, ""));
        if begun.elapsed() > ALL_MAX && !fetched.contains_key(path) {
            continue;
        }
        let page = fetched.entry(path).or_insert_with(|| page(line, site_url, path));
        if page.as_ref().is_some_and(|page| has_anchor(page, anchor)) {
            live.push(address.clone());
        }
    }
    live
}

fn page(line: &dyn Line, site_url: &str, path: &str) -> Option<Vec<u8>> {
    let answer = line.call(&fresh(&format!("{site_url}/{path}"))).ok()?;
    answer.is_good().then_some(answer.body)
}

/// A request that no cache on the way may answer with something old.
pub fn fresh(url: &str) -> Call {
    Call::new("GET", url, TIMEOUT).header("cache-control", "no-cache").header("pragma", "no-cache")
}

fn has_anchor(page: &[u8], anchor: &str) -> bool {
    anchor.is_empty() || memchr::memmem::find(page, format!("id=\"{anchor}\"").as_bytes()).is_some()
}
