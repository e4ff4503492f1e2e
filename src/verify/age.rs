//! How old the build is, beside what was promised.

use jiff::SignedDuration;

use super::{Asked, Finding, First};
use crate::diag::Code;

/// A build may be twice as old as was promised before anything is said: the page itself warns its readers then too.
const TIMES: i32 = 2;

/// How far another machine's clock may be ahead.
const AHEAD_MAX: SignedDuration = SignedDuration::from_mins(5);

pub(super) fn judge(first: &First, asked: &Asked<'_>) -> Option<Finding> {
    let built = first.built?;
    let age = asked.now.duration_since(built);
    let told = |finding: Finding| finding.found(format!("one of {}", told(built)));
    if age < -AHEAD_MAX {
        let finding = Finding::error(Code::BUILD_OLD, first.url.as_str()).expected("a build of the past");
        return Some(told(finding).cure("set the clock of the machine that builds, or of this one"));
    }
    let promised = asked.rebuild.or_else(|| first.rebuild_s().map(SignedDuration::from_secs))?;
    if promised.is_zero() || age <= promised.saturating_mul(TIMES) {
        return None;
    }
    let finding = Finding::error(Code::BUILD_OLD, first.url.as_str())
        .expected(format!("a build of the last {promised:#}, as promised (`[promise] rebuild`)"))
        .cure("see why nothing builds and publishes any more; readers are warned that the page is old");
    Some(told(finding))
}

/// `2022-03-29 11:53 UTC`
pub(super) fn told(at: jiff::Timestamp) -> String {
    at.strftime("%Y-%m-%d %H:%M UTC").to_string()
}

/// Two moments; with seconds where they are in the same minute.
pub(super) fn told_apart(a: jiff::Timestamp, b: jiff::Timestamp) -> (String, String) {
    let with_s = |at: jiff::Timestamp| at.strftime("%Y-%m-%d %H:%M:%S UTC").to_string();
    if told(a) == told(b) { (with_s(a), with_s(b)) } else { (told(a), told(b)) }
}
