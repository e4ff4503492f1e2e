//! What pages promise, on a made-up site (see [`sample`]).

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on should say where")]

pub(in crate::render) mod sample;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use crate::derive::Derived;
use crate::model::Site;
use crate::render::render;
use sample::{site, theme};

const OUTAGE: &str = "2022-03-29T12:18:00Z";
const QUIET: &str = "2022-04-12T07:40:00Z";

/// Every file of the site, by path.
fn files(site: &Site, derived: &Derived) -> BTreeMap<String, Vec<u8>> {
    let theme = theme(site);
    let outputs = render(site, derived, &theme);
    let make = |output: &crate::render::Output<'_>| (output.path.to_string(), (output.make)().unwrap());
    outputs.iter().map(make).collect()
}

fn pages(now: &str) -> BTreeMap<String, String> {
    let (site, derived) = site(now);
    let pages = files(&site, &derived).into_iter().filter(|(path, _)| path.ends_with(".html"));
    pages.map(|(path, bytes)| (path, String::from_utf8(bytes).unwrap())).collect()
}

/// Writes the sample to the folders that `UPFRONT_SAMPLE` names, for looking at.
#[test]
#[ignore = "writes files"]
fn write_sample() {
    let Some(root) = std::env::var_os("UPFRONT_SAMPLE") else { return };
    let times =
        [("outage", OUTAGE), ("overdue", "2022-03-29T12:41:00Z"), ("work", "2022-04-20T00:20:00Z"), ("quiet", QUIET)];
    for (name, now) in times {
        let (site, derived) = site(now);
        for (path, bytes) in files(&site, &derived) {
            let path = Path::new(&root).join(name).join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, bytes).unwrap();
        }
    }
}
