//! Whether what is served was made by who holds the key.

use super::{Asked, Finding, First, Signed, address, age, get};
use crate::diag::Code;
use crate::net::{Answer, Line};
use crate::seal::{self, ENDING, SIGNED, SUMS};

/// The page's own key.
const KEY_FILE: &str = "minisign.pub";

pub(super) fn look(line: &dyn Line, first: &First, asked: &Asked<'_>, findings: &mut Vec<Finding>) -> Signed {
    let key = asked.public_key;
    if first.front.is_err() {
        return Signed::Not;
    }
    let own = match key {
        Some(_) => None,
        None => own_key(line, first),
    };
    let Some(known) = key.or(own.as_deref()) else { return Signed::Not };
    let wrong: Vec<Finding> =
        SIGNED.into_iter().filter_map(|name| one(line, first, (known, asked.site_url), name)).collect();
    let is_wrong = !wrong.is_empty();
    findings.extend(wrong);
    match (is_wrong, own) {
        (true, _) => Signed::Wrong,
        (false, None) => Signed::Right,
        (false, Some(own)) => {
            let finding = Finding::note(Code::SERVED_SIGNATURE, address(&first.url, KEY_FILE));
            let finding = finding.expected("a key that is known from elsewhere").found(format!("`{own}`"));
            findings.push(finding.cure("who can change the page can change this key: give the right one with `--key`"));
            Signed::ByItsOwn
        }
    }
}

fn own_key(line: &dyn Line, first: &First) -> Option<String> {
    let answer = get(line, &first.url, KEY_FILE).ok().filter(|answer| answer.status == 200)?;
    let text = String::from_utf8(answer.body).ok()?;
    text.lines().map(str::trim).find(|line| line.starts_with("RW") && line.len() == 56).map(str::to_owned)
}

/// What is wrong with one signature.
fn one(line: &dyn Line, first: &First, (key, site_url): (&str, Option<&str>), name: &str) -> Option<Finding> {
    let served = if name == SUMS { &first.sums } else { &first.status };
    // That it is missing was said already.
    let served = served.as_ref().ok().filter(|answer| answer.status == 200)?;
    let path = format!("{name}{ENDING}");
    let found = match get(line, &first.url, &path) {
        Err(trouble) => format!("none: {}", trouble.why),
        Ok(Answer { status, .. }) if status != 200 => format!("none: status {status}"),
        Ok(signature) => match seal::verify(key, &served.body, &String::from_utf8_lossy(&signature.body)) {
            Err(why) => format!("one that does not hold: {why}"),
            Ok(comment) => said_wrong(first, site_url, name, &comment)?,
        },
    };
    let finding = Finding::error(Code::SERVED_SIGNATURE, address(&first.url, &path));
    let finding = finding.expected(format!("a signature of `{name}` by `{key}`")).found(found);
    Some(finding.cure("build with the key (`[sign]`) and publish again; if you did, somebody else changed the page"))
}

/// A right signature of something else: another file, another site, another build. One key may sign several sites.
fn said_wrong(first: &First, site_url: Option<&str>, name: &str, comment: &str) -> Option<String> {
    let field = |key: &str| comment.split('\t').find_map(|part| part.strip_prefix(key)?.strip_prefix(':'));
    let at = field("timestamp").and_then(|at| jiff::Timestamp::from_second(at.parse().ok()?).ok());
    if field("file").is_some_and(|file| file != name) {
        return Some(format!("one of the file `{}`", field("file").unwrap_or_default()));
    }
    match (field("url"), site_url.map(str::to_owned).or_else(|| first.site_url())) {
        (Some(signed), Some(own)) if signed.trim_end_matches('/') != own => {
            return Some(format!("one of the site {signed}"));
        }
        (Some(_) | None, _) => {}
    }
    match (at, first.built) {
        (Some(at), Some(built)) if at.as_second() != built.as_second() => {
            Some(format!("one of another build, of {}", age::told(at)))
        }
        (Some(_) | None, _) => None,
    }
}
