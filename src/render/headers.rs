//! What hosts should do beyond giving out files: `_headers` and `_redirects`, as Netlify and Cloudflare Pages read them
//! (<https://docs.netlify.com/routing/headers/>, <https://developers.cloudflare.com/pages/configuration/headers/>).
//! Other hosts ignore them, and the site works all the same.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use super::machine::text;
use super::output::{Class, Output, SitePath};
use crate::model::{Site, Slug};

/// What any page of any site may read, and for how long a copy holds. Both hosts know a name in the place of one
/// part of a path, and a star only at the end.
const OPEN: [&str; 27] = [
    "/api/*",
    "/badge/*",
    "/data/*",
    "/status.json",
    "/status.schema.json",
    "/status.json.minisig",
    "/SHA256SUMS",
    "/SHA256SUMS.minisig",
    "/uptime.schema.json",
    "/feed.atom",
    "/feed.rss",
    "/feed.json",
    "/history.atom",
    "/history.rss",
    "/calendar.ics",
    "/rfo/feed.atom",
    "/components/:id/feed.json",
    "/components/:id/feed.atom",
    "/components/:id/feed.rss",
    "/components/:id/calendar.ics",
    "/components/:id/uptime.json",
    "/components/:id/uptime.csv",
    "/groups/:id/feed.json",
    "/groups/:id/feed.atom",
    "/groups/:id/feed.rss",
    "/groups/:id/uptime.json",
    "/incidents/:slug/feed.atom",
];

/// `/_headers` and `/_redirects`. `security` goes with every answer.
pub(in crate::render) fn outputs<'a>(site: &'a Site, security: &[(&str, String)]) -> Vec<Output<'a>> {
    let headers = headers(security);
    let headers = text("_headers", Class::Index, None, move || headers.clone());
    let redirects = text("_redirects", Class::Index, None, move || rules(site));
    // Whoever checks a signature with `minisign -V` needs the key as a file.
    let key = site.config.publishing.sign.as_ref().and_then(|sign| {
        text("minisign.pub", Class::Index, None, move || crate::seal::public_key_file(&sign.public_key))
    });
    headers.into_iter().chain(redirects).chain(key).collect()
}

/// The pages that have moved: the file at the old address, and the path of the new one from the site's root. An old
/// address that is somebody's own now is not redirected.
pub(in crate::render) fn redirects(site: &Site) -> Vec<(SitePath, String)> {
    moved(site).into_iter().filter_map(|(old, new)| Some((SitePath::new(format!("{old}index.html"))?, new))).collect()
}

/// Old and new paths, each with a slash at its end.
fn moved(site: &Site) -> Vec<(String, String)> {
    let incident = |slug: &Slug| format!("incidents/{slug}/");
    let report = |slug: &Slug| format!("rfo/{slug}/");
    let mut taken: BTreeSet<String> = site.incidents.iter().map(|i| incident(&i.slug)).collect();
    taken.extend(site.rfos.iter().map(|rfo| report(&rfo.slug)));
    let mut moves = Vec::new();
    let mut add = |old: String, new: String| {
        if taken.insert(old.clone()) {
            moves.push((old, new));
        }
    };
    for moved in &site.incidents {
        for old in &moved.aliases {
            add(incident(old), incident(&moved.slug));
        }
    }
    // What covers a detection stands at the address of its notice.
    let by_first: BTreeMap<_, _> = site.incidents.iter().map(|one| (one.first_slug(), &one.slug)).collect();
    for detection in &site.detections {
        if let Some(now) = detection.covered_by.as_ref().and_then(|by| by_first.get(by)) {
            add(incident(&detection.id), incident(now));
        }
    }
    let renamed = site.incidents.iter().filter(|incident| !incident.aliases.is_empty());
    let renamed: BTreeMap<_, _> = renamed.map(|incident| (&incident.slug, &incident.aliases)).collect();
    for rfo in &site.rfos {
        // A report moves with its incident.
        let with = renamed.get(&rfo.slug).into_iter().copied().flatten();
        for old in rfo.aliases.iter().chain(with) {
            add(report(old), report(&rfo.slug));
        }
    }
    moves
}

fn headers(security: &[(&str, String)]) -> String {
    let mut out = String::from("/*\n");
    for (name, value) in security {
        // A line end would begin a header of somebody else's choice.
        let value: String = value.chars().filter(|c| !c.is_control()).collect();
        let _ = writeln!(out, "  {name}: {value}");
    }
    out.push_str("/assets/*\n  Cache-Control: public, max-age=31536000, immutable\n");
    for path in OPEN {
        let _ = writeln!(out, "{path}\n  Access-Control-Allow-Origin: *\n  Cache-Control: public, max-age=60");
    }
    out
}

fn rules(site: &Site) -> String {
    let base = site.config.url.base_path();
    let mut out = String::new();
    for (old, new) in moved(site) {
        let _ = writeln!(out, "{base}{old} {base}{new} 301");
        if old.starts_with("incidents/") {
            let _ = writeln!(out, "{base}{old}feed.atom {base}{new}feed.atom 301");
        }
    }
    out
}

#[cfg(test)]
mod tests;
