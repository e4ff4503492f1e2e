//! Rows of sealed days: read as they were written, and what is no row is told.
#![expect(clippy::unwrap_used, reason = "the rows are right")]

use proptest::prelude::*;

use super::*;

const ROW: &str = concat!(
    r#"{"v":1,"d":"2026-11-24","m":"nodeping:imap-ssl","sh":"oslo-1","n":1438,"f":69,"#,
    r#""iv":[[36728,40868,"d",1000],[57600,61200,"x"]],"#,
    r#""lat":{"n":178,"sum":201344120,"min":61020,"max":4980112,"h":[205,3,1,12,1,40,2,123]}}"#,
    "\n"
);

fn read(line: &str) -> Result<DayRow, String> {
    parse(line.trim_end().as_bytes(), true, &mut Names::default())
}

fn written(row: &DayRow) -> String {
    let mut line = Vec::new();
    write(&mut line, row);
    String::from_utf8(line).unwrap()
}

#[test]
fn what_the_format_shows_is_read_and_written_the_same() {
    let row = read(ROW).unwrap();
    assert_eq!(row.latency.as_ref().unwrap().buckets, [(205, 3), (206, 12), (207, 40), (209, 123)]);
    assert_eq!(written(&row), ROW);
}

#[test]
fn latencies_can_be_passed_over() {
    let row = parse(ROW.trim_end().as_bytes(), false, &mut Names::default()).unwrap();
    assert_eq!(row, DayRow { latency: None, ..read(ROW).unwrap() });
}

#[test]
fn keys_of_tomorrow_are_passed_over() {
    assert_eq!(read(&ROW.replace("\"n\":1438", "\"new\":{\"a\":[1]},\"n\":1438")), read(ROW));
}

#[track_caller]
fn refused(from: &str, to: &str, expected: &str) {
    assert_eq!(read(&ROW.replacen(from, to, 1)).unwrap_err(), expected);
}

#[test]
fn a_row_that_cannot_be_true_is_refused() {
    refused(r#""v":1"#, r#""v":2"#, "this is version 2, of which nothing is known here");
    refused("2026-11-24", "2026-11-31", "`d` is no day");
    refused("nodeping:imap-ssl", "imap-ssl", "`m` is no monitor: it is written `feed:monitor`");
    refused("oslo-1", "../oslo", "`sh` is no collector");
    refused("\"f\":69", "\"f\":1439", "1439 of 1438 results failed");
    refused("57600", "40000", "`iv` is not in order, or longer than a day");
    refused("61200", "86401", "`iv` is not in order, or longer than a day");
    refused("36728", "40868", "`iv` is not in order, or longer than a day");
    refused("\"x\"", "\"y\"", "a value is not of its kind, or a key is missing");
    refused("\"n\":178", "\"n\":179", "`lat` does not add up");
    refused("[205", "[460", "`lat` does not add up");
    refused("{", "", "this is no object of JSON");
    refused("}}", "", "this is no JSON");
}

#[test]
fn of_two_rows_the_one_that_saw_more_counts_then_the_text() {
    let (row, more) = (read(ROW).unwrap(), read(&ROW.replace("\"n\":1438", "\"n\":1439")).unwrap());
    assert!(weigh(&row, &more).is_lt());
    assert!(weigh(&row, &read(&ROW.replace("\"x\"", "\"?\"")).unwrap()).is_gt());
}

proptest! {
    #[test]
    fn every_row_is_read_as_it_was_written(
        values in prop::collection::vec(any::<u32>(), 0..50),
        cuts in prop::collection::btree_set(0_u32..=DAY_S, 0..12),
        imported: bool,
    ) {
        let cuts: Vec<u32> = cuts.into_iter().collect();
        let codes = ["d", "p", "g", "x", "n", "?"];
        let intervals = cuts.chunks_exact(2).zip(codes).map(|(cut, code)| DayInterval {
            from_s: cut[0], to_s: cut[1], state: DayState::from_code(code).unwrap(), weight: 1000,
        });
        let latency = Some(Histogram::of(values)).filter(|latency| !latency.is_empty());
        let row = DayRow { intervals: intervals.collect(), latency, imported, ..read(ROW).unwrap() };
        prop_assert_eq!(read(&written(&row)), Ok(row));
    }

    #[test]
    fn no_line_makes_it_panic(line in ".{0,80}", at in 0_usize..250, byte: u8) {
        let _ = read(&line);
        let mut bytes = ROW.trim_end().as_bytes().to_vec();
        if let Some(slot) = bytes.get_mut(at) {
            *slot = byte;
        }
        let _ = parse(&bytes, true, &mut Names::default());
    }
}
