//! Whether every file is whole, and of the newest build.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use jiff::Timestamp;

use super::{Asked, Finding, First, Newest, address, age, first, get, headers, words};
use crate::diag::Code;
use crate::net::{Answer, Line, Trouble};
use crate::publish::built::{is_seal, parse, sum};
use crate::seal::SUMS;

/// How many files are asked for at a time.
const WORKERS: usize = 8;

/// Of what is not looked at for its own sake, so many are, evenly spread; others each time.
const SAMPLE: usize = 20;

/// A site has a handful of assets; more are somebody's own theme.
const ASSETS_MAX: usize = 40;

/// Answers how many files were looked at, and how many there are.
pub(super) fn look(
    line: &(dyn Line + Sync),
    first: &First,
    newest: Option<&Newest<'_>>,
    asked: &Asked<'_>,
    findings: &mut Vec<Finding>,
) -> (usize, usize) {
    let url = &first.url;
    let at = |path: &str| address(url, path);
    if let Err(trouble) = &first.front {
        findings.push(missing(at("index.html"), Err(trouble)));
        return (0, 0);
    }
    let newer = newest.filter(|newest| first.built.is_some_and(|built| built < newest.built));
    findings.extend(newer.and_then(|newest| {
        let (theirs, ours) = age::told_apart(first.built?, newest.built);
        let (found, expected) =
            (format!("the one of {theirs}"), format!("the build of {ours}, which is in {}", newest.at));
        Some(old(url.as_str().to_owned(), expected).found(found))
    }));
    // What is served of an old build should be whole all the same.
    let same = newest.filter(|newest| Some(newest.built) == first.built || first.built.is_none());
    let listing = listing(first, same, findings);
    let bytes = |path: &str| same.and_then(|newest| newest.folder)?.bytes(path).ok();
    let judge = |path: &str, answer: &Result<Answer, Trouble>| -> Vec<Finding> {
        let at = at(path);
        let good = match answer {
            Ok(answer) if answer.status == 200 => answer,
            Ok(answer) => return vec![missing(at, Ok(answer))],
            Err(trouble) => return vec![missing(at, Err(trouble))],
        };
        let mut findings = headers::judge(path, &at, good, headers::keep_at_most(first, asked));
        findings.extend(match listing.get(path) {
            Some(known) if *known == sum(&good.body) => None,
            Some(_) => Some(wrong(path, at, &good.body, bytes(path).as_deref(), (first, asked))),
            None => foreign(path, at, &good.body),
        });
        findings
    };
    findings.extend(judge("index.html", &first.front));
    findings.extend(judge("status.json", &first.status));
    findings.extend(first.front.as_ref().ok().and_then(|front| headers::security(&at("index.html"), front)));
    findings.extend(first.status.as_ref().ok().and_then(|status| headers::open(&at("status.json"), status)));
    // Of a host that gives out nothing, that was said.
    let is_ours = |body: &[u8]| {
        let is_begun = bytes("index.html").is_some_and(|ours| !body.is_empty() && ours.starts_with(body));
        first::mark(body).is_some() || is_begun
    };
    let is_up = first.front.as_ref().is_ok_and(|front| front.status == 200 && is_ours(&front.body));
    let paths = if is_up { chosen(&listing, first, asked) } else { Vec::new() };
    findings.extend(each(&paths, |path| judge(path, &get(line, url, path))));
    (paths.len() + 3, listing.len() + 1)
}

/// What the copy lists; where that cannot be used, what the newest build lists.
fn listing(first: &First, same: Option<&Newest<'_>>, findings: &mut Vec<Finding>) -> BTreeMap<String, String> {
    let at = address(&first.url, SUMS);
    let newest = same.and_then(|newest| Some((newest, parse(std::str::from_utf8(&newest.sums).ok()?)?)));
    match (&first.sums, first.listing()) {
        (Ok(answer), _) if answer.status != 200 => findings.push(missing(at, Ok(answer))),
        (Err(trouble), _) => findings.push(missing(at, Err(trouble))),
        (Ok(answer), Some(own)) => match &newest {
            Some((newest, _)) if newest.sums == answer.body => return own,
            Some((newest, theirs)) if newest.sums.starts_with(&answer.body) => {
                findings.push(cut_off(at, answer.body.len(), Some(newest.sums.len())));
                return theirs.clone();
            }
            Some((newest, theirs)) => {
                findings.push(
                    Finding::error(Code::SERVED_CHANGED, at)
                        .expected(format!("the list of files of {}", newest.at))
                        .found("another one, though it is of the same minute")
                        .cure("publish again, to all places from one build"),
                );
                return theirs.clone();
            }
            None => return own,
        },
        (Ok(answer), None) => findings.push(no_list(at, &answer.body, newest.as_ref().map(|(newest, _)| *newest))),
    }
    newest.map(|(_, listing)| listing).unwrap_or_default()
}

/// Half a list, or something else.
fn no_list(at: String, served: &[u8], newest: Option<&Newest<'_>>) -> Finding {
    let begins = served.split(|&byte| byte == b'\n').next().unwrap_or_default();
    let is_list = std::str::from_utf8(begins).ok().and_then(parse).is_some_and(|listing| !listing.is_empty());
    let of = newest.filter(|newest| newest.sums.starts_with(served)).map(|newest| newest.sums.len());
    match is_list || of.is_some() {
        true => cut_off(at, served.len(), of),
        false => Finding::error(Code::SERVED_CHANGED, at)
            .expected("a list of files")
            .found("something else")
            .cure("let the host give out every file of the folder as it is"),
    }
}

/// So many pages of incidents are fetched where it is not known which of them matter.
const PAGES_MAX: usize = 20;

/// The files that are fetched beyond the front page and the status for programs.
fn chosen(listing: &BTreeMap<String, String>, first: &First, asked: &Asked<'_>) -> Vec<String> {
    let rest: Vec<&String> = listing
        .keys()
        .filter(|path| !is_hosts_own(path) && !is_seal(path) && *path != "index.html" && *path != "status.json")
        .collect();
    if asked.is_full {
        return rest.into_iter().cloned().collect();
    }
    let is_page = |path: &&&String| path.starts_with("incidents/") && path.ends_with("/index.html");
    let open = match first.says().is_object() {
        true => open_pages(first),
        // What is open cannot be known; those that are named after the last days may be.
        false => rest.iter().rev().filter(is_page).take(PAGES_MAX).copied().cloned().collect(),
    };
    let step = rest.len().div_ceil(SAMPLE).max(1);
    let assets = rest.iter().filter(|path| path.starts_with("assets/")).take(ASSETS_MAX);
    let chosen = rest.iter().skip(begin(asked.now, step)).step_by(step).chain(assets).copied().cloned();
    let known = open.into_iter().filter(|path| listing.is_empty() || listing.contains_key(path));
    chosen.chain(known).collect::<BTreeSet<_>>().into_iter().collect()
}

/// Where the sample begins: below `step`, and changing also between looks that are an hour or a day apart.
fn begin(now: Timestamp, step: usize) -> usize {
    // The golden ratio's multiples, without what is before the point, fall evenly between 0 and 1 (Knuth, The Art of Computer Programming 3, 6.4).
    let part = now.as_second().cast_unsigned().wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 32;
    usize::try_from((part.saturating_mul(u64::try_from(step).unwrap_or(1))) >> 32).unwrap_or_default()
}

/// What a host reads itself, or gives out under another address.
fn is_hosts_own(path: &str) -> bool {
    path.starts_with(['_', '.']) || matches!(path, "404.html" | "CNAME")
}

/// The pages of what is under way or to come.
fn open_pages(first: &First) -> Vec<String> {
    let says = first.says();
    let base = format!("{}/", first.site_url().unwrap_or_default());
    let entries = ["incidents", "maintenance"].into_iter().filter_map(|key| says[key].as_array()).flatten();
    let open = entries.filter(|entry| entry["ended"].is_null() && entry["kind"] != "info");
    open.filter_map(|entry| Some(format!("{}index.html", entry["url"].as_str()?.strip_prefix(&base)?))).collect()
}

/// Does it for each path, several at a time.
fn each(paths: &[String], judge: impl Fn(&str) -> Vec<Finding> + Sync) -> Vec<Finding> {
    let (next, found) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    thread::scope(|scope| {
        for _ in 0..WORKERS.min(paths.len()) {
            scope.spawn(|| {
                while let Some(path) = paths.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let judged = judge(path);
                    if let Ok(mut found) = found.lock() {
                        found.extend(judged);
                    }
                }
            });
        }
    });
    found.into_inner().unwrap_or_default()
}

/// Why bytes are not those that are listed. `ours` are the right ones, where this machine has them.
fn wrong(path: &str, at: String, served: &[u8], ours: Option<&[u8]>, (first, asked): (&First, &Asked<'_>)) -> Finding {
    let is_page = path.ends_with(".html");
    let has_end = served.trim_ascii_end().ends_with(b"</html>");
    let is_cut = ours.is_some_and(|ours| ours.starts_with(served))
        || (is_page && !has_end)
        || (path.ends_with(".json")
            && served.starts_with(b"{")
            && serde_json::from_slice::<serde::de::IgnoredAny>(served).is_err());
    if is_cut {
        return cut_off(at, served.len(), ours.map(<[u8]>::len));
    }
    match (first::mark(served), first.built) {
        (Some(mark), Some(built)) if mark != built => {
            let (mark, built) = age::told_apart(mark, built);
            old(at, format!("the page of the build of {built}")).found(format!("that of {mark}"))
        }
        (Some(_), Some(_)) if is_other(served, ours, asked) => Finding::error(Code::SERVED_CHANGED, at)
            .expected("the page with the words it was built with")
            .found("one of the same build that says something else")
            .cure("see who can change what the host serves, then send every file again: `upfront publish --all`"),
        (Some(_), Some(_)) => Finding::warning(Code::SERVED_CHANGED, at)
            .expected("the page as it was built")
            .found("the same build's, changed on its way")
            .cure(
                "switch off what the host does to pages (hiding mail addresses, adding scripts, making files smaller)",
            ),
        (Some(_) | None, _) => Finding::error(Code::SERVED_CHANGED, at)
            .expected(format!("the file that `{SUMS}` lists"))
            .found("other bytes")
            .cure("send every file again: `upfront publish --all`"),
    }
}

/// Whether readers are told something else. Where the right page is not at hand, a page that is signed must be as it was.
fn is_other(served: &[u8], ours: Option<&[u8]>, asked: &Asked<'_>) -> bool {
    ours.map_or(asked.public_key.is_some(), |ours| words::of(ours) != words::of(served))
}

/// What can be seen of a file that no list names.
fn foreign(path: &str, at: String, served: &[u8]) -> Option<Finding> {
    let is_ours = match path {
        "index.html" => first::mark(served).is_some(),
        "status.json" => first::built(served).is_some(),
        _ => true,
    };
    let finding = Finding::error(Code::SERVED_CHANGED, at).expected("what upfront made").found("something else");
    (!is_ours).then(|| finding.cure("see whose page this is: where the name leads, and what the host serves for it"))
}

fn old(at: String, expected: String) -> Finding {
    let cure = "publish again (`upfront publish`); where that changed nothing, empty the host's cache";
    Finding::error(Code::SERVED_OLD, at).expected(expected).cure(cure)
}

fn cut_off(at: String, got: usize, of: Option<usize>) -> Finding {
    let found = of.map_or(format!("{got} bytes, without the end"), |of| format!("the first {got} of {of} bytes"));
    let cure = "send every file again: `upfront publish --all`";
    Finding::error(Code::SERVED_CUT_OFF, at).expected("the whole file").found(found).cure(cure)
}

fn missing(at: String, answer: Result<&Answer, &Trouble>) -> Finding {
    let (found, cure) = match answer {
        Ok(answer) => match answer.header("location") {
            Some(to) => (
                format!("status {}, which leads to {to}", answer.status),
                "give the address at which it is really read",
            ),
            None => (
                format!("status {}", answer.status),
                "publish again; where that changed nothing, see what the host hides",
            ),
        },
        Err(trouble) => {
            (format!("nothing: {}", trouble.why), "see whether the host is up, and its name and certificate are right")
        }
    };
    Finding::error(Code::SERVED_MISSING, at).expected("status 200").found(found).cure(cure)
}
