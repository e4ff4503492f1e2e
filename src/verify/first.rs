//! The first look at a copy: what it says that it is.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde_json::Value;

use super::get;
use crate::model::SiteUrl;
use crate::net::{Answer, Line, Trouble};
use crate::publish::built::parse;
use crate::seal::SUMS;

/// The list of files, the status for programs and the front page, as they are served.
#[derive(Debug)]
pub struct First {
    pub url: SiteUrl,
    pub sums: Result<Answer, Trouble>,
    pub status: Result<Answer, Trouble>,
    pub front: Result<Answer, Trouble>,
    /// When it was built, as its `status.json` says.
    pub built: Option<Timestamp>,
}

impl First {
    pub fn look(line: &dyn Line, url: &SiteUrl) -> First {
        let front = get(line, url, "index.html");
        // A host that cannot be reached at all is not waited for twice more.
        let or_same = |path: &str| match &front {
            Err(trouble) => Err(trouble.clone()),
            Ok(_) => get(line, url, path),
        };
        let (sums, status) = (or_same(SUMS), or_same("status.json"));
        let said = status.as_ref().ok().filter(|answer| answer.is_good());
        let built = said.and_then(|answer| built(&answer.body));
        First { url: url.clone(), sums, status, front, built }
    }

    /// Whether nothing was published between this look and an earlier one at the same copy.
    pub fn is_same_build(&self, earlier: &First) -> bool {
        let parts = |first: &First| {
            let body = |answer: &Result<Answer, Trouble>| answer.as_ref().ok().map(|answer| answer.body.clone());
            (first.built, body(&first.sums), first.front.as_ref().ok().and_then(|front| mark(&front.body)))
        };
        parts(self) == parts(earlier)
    }

    /// The host, without a port.
    pub fn host(&self) -> String {
        super::host_of(self.url.authority()).to_owned()
    }

    /// What is in `status.json`; null where nothing is.
    pub fn says(&self) -> Value {
        self.status.as_ref().map_or(Value::Null, Answer::json)
    }

    /// The address that the site takes for its own.
    pub fn site_url(&self) -> Option<String> {
        self.says()["page"]["url"].as_str().map(|url| url.trim_end_matches('/').to_owned())
    }

    /// Its list of files; `None` where it has none that can be read.
    pub fn listing(&self) -> Option<BTreeMap<String, String>> {
        let answer = self.sums.as_ref().ok().filter(|answer| answer.is_good())?;
        // A line that has no end may be half of one.
        let is_whole = answer.body.ends_with(b"\n");
        parse(std::str::from_utf8(&answer.body).ok()?).filter(|listing| is_whole && !listing.is_empty())
    }

    /// The promise that the front page holds, in seconds.
    pub fn rebuild_s(&self) -> Option<i64> {
        let page = self.front.as_ref().ok()?;
        attribute(&page.body, "data-rebuild")?.parse().ok()
    }
}

/// When a build was made, as its `status.json` says.
pub(super) fn built(status: &[u8]) -> Option<Timestamp> {
    serde_json::from_slice::<Value>(status).ok()?["built"].as_str()?.parse().ok()
}

/// When a page was built, as it says itself.
pub(super) fn mark(page: &[u8]) -> Option<Timestamp> {
    attribute(page, "data-built")?.parse().ok()
}

fn attribute<'a>(page: &'a [u8], name: &str) -> Option<&'a str> {
    let begins = format!("{name}=\"");
    let rest = page.get(memchr::memmem::find(page, begins.as_bytes())? + begins.len()..)?;
    std::str::from_utf8(rest.get(..memchr::memchr(b'"', rest)?)?).ok()
}
