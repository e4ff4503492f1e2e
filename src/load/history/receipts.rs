//! Publishing receipts: `history/receipts.ndjson`, a line a publishing that brought something new.
//!
//! ```json
//! {"v":1,"at":"2026-03-24T10:53:10Z","url":"https://status.example","live":["incidents/2026-03-24-imap/#u-20260324-1052-investigating"]}
//! ```
//!
//! `live` is what was fetched from that address then and had not been seen there before: updates by the page of their incident
//! (under its first name) and their anchor, reports by their page. Of several lines about the same the earliest counts, so two
//! files that git has put together line by line, in any order and with any repetition, say the same as one.

use std::collections::BTreeMap;
use std::path::Path;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Bad, lines, read};
use crate::diag::Loaded;

/// Where they are.
pub(crate) const PATH: &str = "history/receipts.ndjson";

/// The longest file: a hundred thousand publishings.
const BYTES_MAX: u64 = 64 << 20;

/// The only version there is so far.
const VERSION: u32 = 1;

/// A line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Receipt {
    v: u32,
    /// When it was fetched.
    pub at: Timestamp,
    /// The address of the site that was fetched.
    pub url: String,
    pub live: Vec<String>,
}

impl Receipt {
    pub fn new(at: Timestamp, url: &str, live: Vec<String>) -> Receipt {
        Receipt { v: VERSION, at, url: url.to_owned(), live }
    }

    /// With its line feed.
    pub fn line(&self) -> String {
        serde_json::to_string(self).unwrap_or_default() + "\n"
    }
}

/// When each update and report was first seen live, by its address in the site.
pub(crate) fn read_receipts(root: &Path) -> Loaded<BTreeMap<String, Timestamp>> {
    match read(root, PATH, BYTES_MAX) {
        Ok(bytes) => fold(&bytes),
        Err(told) => Loaded { value: BTreeMap::new(), diagnostics: told.into_iter().collect() },
    }
}

/// What the lines say together.
pub(crate) fn fold(bytes: &[u8]) -> Loaded<BTreeMap<String, Timestamp>> {
    let mut bad = Bad::new(PATH);
    let mut first: BTreeMap<String, Timestamp> = BTreeMap::new();
    for (number, line) in lines(bytes) {
        match serde_json::from_slice::<Receipt>(line) {
            Ok(receipt) if receipt.v == VERSION => {
                for address in receipt.live {
                    first.entry(address).and_modify(|at| *at = receipt.at.min(*at)).or_insert(receipt.at);
                }
            }
            Ok(receipt) => {
                bad.tell(number, line, format!("this is of version {}, which a newer program wrote", receipt.v))
            }
            Err(_) => bad.tell(number, line, "this is no receipt".to_owned()),
        }
    }
    Loaded { value: first, diagnostics: bad.finish() }
}

/// The address of an update in the site.
pub(crate) fn of_update(first_slug: &str, id: &str) -> String {
    format!("incidents/{first_slug}/#u-{id}")
}

/// The address of a report in the site.
pub(crate) fn of_rfo(slug: &str) -> String {
    format!("rfo/{slug}/")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn receipt(at: &str, live: &[&str]) -> String {
        let at = at.parse().unwrap_or(Timestamp::MIN);
        Receipt::new(at, "https://status.example", live.iter().map(|&address| address.to_owned()).collect()).line()
    }

    #[test]
    fn the_earliest_line_counts_in_any_order() {
        let (a, b) = (receipt("2026-03-24T10:53:10Z", &["a", "b"]), receipt("2026-03-24T10:50:00Z", &["b"]));
        let told = |text: String| {
            fold(text.as_bytes()).value.into_iter().map(|(at, when)| format!("{at} {when}")).collect::<Vec<_>>()
        };
        let expected = ["a 2026-03-24T10:53:10Z", "b 2026-03-24T10:50:00Z"];
        assert_eq!(told([a.as_str(), &b].concat()), expected);
        assert_eq!(told([b.as_str(), &a, &b].concat()), expected);
    }

    #[test]
    fn what_cannot_be_used_is_told_and_the_rest_counts() {
        let text = [
            "<<<<<<< ours\n",
            &receipt("2026-03-24T10:53:10Z", &["a"]),
            "{\"v\":2,\"at\":\"2026-03-24T10:53:10Z\",\"url\":\"\",\"live\":[\"b\"]}\n{\"v\":1,\"at\":\"soon\"",
        ];
        let loaded = fold(text.concat().as_bytes());
        assert_eq!(loaded.value.len(), 1);
        let told: Vec<&str> = loaded.diagnostics.iter().map(|told| told.message.as_str()).collect();
        assert_eq!(
            told,
            [
                "a merge was not finished here",
                "this is of version 2, which a newer program wrote",
                "this is no receipt"
            ]
        );
    }
}
