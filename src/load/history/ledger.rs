//! The ledger `history/notices.ndjson`: every detection as it was known at some moment, a [line](super::entry) each.
//!
//! Of lines about the same detection the greatest by (`rev`, text) counts. So two files that git has put together line by
//! line, in any order and with any repetition, say the same as one.

use std::collections::BTreeMap;
use std::path::Path;

use super::{Bad, entry, lines, read};
use crate::diag::Loaded;
use crate::model::{Detection, Slug};

/// Where it is.
pub(crate) const PATH: &str = "history/notices.ndjson";

/// The longest ledger: more than a hundred thousand lines.
const BYTES_MAX: u64 = 64 << 20;

/// Every detection, by id.
pub(crate) fn read_ledger(root: &Path) -> Loaded<Vec<Detection>> {
    match read(root, PATH, BYTES_MAX) {
        Ok(bytes) => fold(&bytes),
        Err(told) => Loaded { value: Vec::new(), diagnostics: told.into_iter().collect() },
    }
}

/// What the lines of a ledger say together.
pub(crate) fn fold(bytes: &[u8]) -> Loaded<Vec<Detection>> {
    let mut bad = Bad::new(PATH);
    let mut known: BTreeMap<Slug, (Detection, &[u8])> = BTreeMap::new();
    for (number, line) in lines(bytes) {
        let detection = match entry::parse(line) {
            Ok(detection) => detection,
            Err(why) => {
                bad.tell(number, line, why);
                continue;
            }
        };
        match known.get_mut(&detection.id) {
            Some(known) if (known.0.revision, known.1) >= (detection.revision, line) => {}
            Some(known) => *known = (detection, line),
            None => drop(known.insert(detection.id.clone(), (detection, line))),
        }
    }
    Loaded { value: known.into_values().map(|(detection, _)| detection).collect(), diagnostics: bad.finish() }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn line(id: u8, revision: u8, monitors_failed: u8) -> String {
        format!(
            "{{\"v\":1,\"id\":\"d-{id}\",\"rev\":{revision},\"components\":[],\"kind\":\"down\",\
             \"start\":\"2026-11-24T11:02:00Z\",\"detected\":\"2026-11-24T11:05:00Z\",\"openings\":[],\
             \"places\":[{monitors_failed},9],\"thresholds\":\"\",\"outages\":[]}}\n"
        )
    }

    fn folded(text: &str) -> Vec<(String, u32, u16)> {
        let of = |detection: Detection| (detection.id.to_string(), detection.revision, detection.places.failing);
        fold(text.as_bytes()).value.into_iter().map(of).collect()
    }

    #[test]
    fn the_greatest_revision_counts() {
        let text = [line(1, 2, 5), line(2, 0, 1), line(1, 1, 9)].concat();
        assert_eq!(folded(&text), [("d-1".to_owned(), 2, 5), ("d-2".to_owned(), 0, 1)]);
    }

    #[test]
    fn what_a_merge_left_is_told_once_and_a_torn_line_as_well_and_the_rest_counts() {
        let text = ["<<<<<<< ours\n", &line(1, 0, 1), "=======\n", &line(2, 0, 1), ">>>>>>> theirs\n", "{\"v\":1,\"id"];
        let loaded = fold(text.concat().as_bytes());
        assert_eq!(loaded.value.len(), 2);
        let told: Vec<&str> = loaded.diagnostics.iter().map(|told| told.message.as_str()).collect();
        assert_eq!(told, ["a merge was not finished here", "this is no JSON"]);
    }

    proptest! {
        #[test]
        fn any_order_and_repetition_of_lines_is_the_same((ordered, shuffled) in
            prop::collection::vec((0_u8..3, 0_u8..3, 0_u8..3), 0..20).prop_flat_map(|lines| {
                let twice = [lines.clone(), lines.clone()].concat();
                (Just(lines), Just(twice).prop_shuffle())
            })
        ) {
            let text = |lines: Vec<(u8, u8, u8)>| lines.into_iter().map(|(a, b, c)| line(a, b, c)).collect::<String>();
            prop_assert_eq!(folded(&text(ordered)), folded(&text(shuffled)));
        }
    }
}
