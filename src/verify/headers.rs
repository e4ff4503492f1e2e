//! The headers of an answer.

use jiff::SignedDuration;

use super::{Asked, Finding, First};
use crate::diag::Code;
use crate::net::Answer;
use crate::publish::media::{cache_control, content_type};
use crate::render::SECURITY_HEADERS;

/// How long a page may be kept where nothing was promised. GitHub Pages asks for as much.
const KEEP_DEFAULT: SignedDuration = SignedDuration::from_mins(10);

/// How long a browser may show a page without asking again.
pub(super) fn keep_at_most(first: &First, asked: &Asked<'_>) -> SignedDuration {
    let promised = asked.rebuild.or_else(|| first.rebuild_s().map(SignedDuration::from_secs));
    promised.filter(|promised| !promised.is_zero()).unwrap_or(KEEP_DEFAULT)
}

pub(super) fn judge(path: &str, at: &str, answer: &Answer, keep_at_most: SignedDuration) -> Vec<Finding> {
    let kind = kind(path, at, answer);
    let is_news = path.ends_with(".html") || path == "status.json";
    kind.into_iter().chain(is_news.then(|| cache(path, at, answer, keep_at_most)).flatten()).collect()
}

fn kind(path: &str, at: &str, answer: &Answer) -> Option<Finding> {
    let expected = content_type(path);
    let found = answer.header("content-type");
    if found.is_some_and(|found| is_kind(path, found)) {
        return None;
    }
    let finding = Finding::error(Code::SERVED_TYPE, at)
        .expected(format!("`content-type: {expected}`"))
        .cure("tell the host what files of this ending are; browsers and feed readers go by it");
    Some(finding.found(found.map_or("none".to_owned(), |found| format!("`{found}`"))))
}

/// Whether programs take it for what it is.
fn is_kind(path: &str, found: &str) -> bool {
    let found = found.to_ascii_lowercase();
    let (kind, parameters) = found.split_once(';').unwrap_or((&found, ""));
    let kind = kind.trim();
    // A page says itself that it is UTF-8, so a host need not; but it must not say another one.
    let charset = parameters.split(';').find_map(|one| one.trim().strip_prefix("charset="));
    let is_utf8 = charset.is_none_or(|charset| charset.trim_matches('"') == "utf-8");
    let expected = content_type(path).split(';').next().unwrap_or_default();
    let is_kind = kind == expected
        || match path.rsplit_once('.').map_or("", |(_, ending)| ending) {
            "js" => kind == "application/javascript" || kind == "application/x-javascript",
            "json" => kind == "application/feed+json" || kind == "application/schema+json",
            "atom" | "rss" | "xml" => kind.ends_with("/xml") || kind.ends_with("+xml"),
            "ico" => kind.starts_with("image/"),
            "webmanifest" => kind == "application/json",
            "html" | "css" | "ics" | "svg" | "png" | "jpg" | "jpeg" | "gif" | "webp" | "avif" | "woff2" | "pdf" => {
                false
            }
            // Nobody opens a key or a signature in a browser; hosts take them for files of other programs.
            "pub" | "minisig" => return kind != "text/html" && kind != "application/xhtml+xml",
            // What has no known ending is plain text or bytes, as hosts like.
            _ => kind == "application/octet-stream" || (kind.starts_with("text/") && kind != "text/html"),
        };
    is_kind && is_utf8
}

fn cache(path: &str, at: &str, answer: &Answer, keep_at_most: SignedDuration) -> Option<Finding> {
    let expected = |most: SignedDuration| format!("to be kept for at most {most:#}");
    let cure = format!("have the host send `cache-control: {}`", cache_control(path));
    let Some(found) = answer.header("cache-control") else {
        let finding = Finding::note(Code::SERVED_CACHE, at).expected(expected(keep_at_most));
        return Some(finding.found("no `cache-control`: each browser decides for itself").cure(cure));
    };
    let lower = found.to_ascii_lowercase();
    let has = |word: &str| lower.split(',').any(|part| part.trim() == word);
    if has("no-store") || has("no-cache") {
        return None;
    }
    let seconds = |name: &str| lower.split(',').find_map(|part| part.trim().strip_prefix(name)?.parse::<i64>().ok());
    let longest = seconds("max-age=").into_iter().chain(seconds("s-maxage=")).max()?;
    if SignedDuration::from_secs(longest) <= keep_at_most && !has("immutable") {
        return None;
    }
    let finding = Finding::warning(Code::SERVED_CACHE, at).expected(expected(keep_at_most));
    Some(finding.found(format!("`cache-control: {found}`: readers may see old news for so long")).cure(cure))
}

/// What makes a page harder to misuse, where the host lets a site choose it.
pub(super) fn security(at: &str, answer: &Answer) -> Option<Finding> {
    let lacking = SECURITY_HEADERS.into_iter().filter(|name| {
        let found = answer.header(&name.to_ascii_lowercase());
        let is_right = |found: &str| *name != "X-Content-Type-Options" || found.trim().eq_ignore_ascii_case("nosniff");
        !found.is_some_and(is_right)
    });
    let lacking: Vec<&str> = lacking.collect();
    if lacking.is_empty() || answer.status != 200 {
        return None;
    }
    let finding = Finding::note(Code::SERVED_HEADER, at).expected("the headers that `_headers` lists");
    let finding = finding.found(format!("no {}", super::listed(lacking)));
    Some(finding.cure("copy them from `_headers` into the host's own configuration, where it has one"))
}

/// Whether programs in other pages may read the status.
pub(super) fn open(at: &str, answer: &Answer) -> Option<Finding> {
    if answer.status != 200 || answer.header("access-control-allow-origin").is_some_and(|found| found.trim() == "*") {
        return None;
    }
    let finding = Finding::note(Code::SERVED_HEADER, at).expected("`access-control-allow-origin: *`");
    let found = answer.header("access-control-allow-origin").map_or("none".to_owned(), |found| format!("`{found}`"));
    Some(finding.found(found).cure("without it no other page can read the status with a script"))
}
