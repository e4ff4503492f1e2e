//! What a change does to a file, byte for byte.

#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use proptest::prelude::*;
use pulldown_cmark::{Event, Parser, TagEnd};

use super::*;

const HEADING: &str = "Resolved · 2026-11-24 04:00";

/// `»` and `«` stand around what is added; the rest is the file as it was.
fn check_update(place: Place, expected: &str) {
    let (before, rest) = expected.split_once('»').unwrap();
    let (_, after) = rest.split_once('«').unwrap();
    let text = [before, after].concat();
    assert_eq!(add_update(&text, place, HEADING, "All good."), expected.replace(['»', '«'], ""));
}

#[test]
fn an_update_goes_to_the_end_and_keeps_the_files_habits() {
    for expected in [
        "»## Resolved · 2026-11-24 04:00\nAll good.\n«",
        "\u{feff}»## Resolved · 2026-11-24 04:00\nAll good.\n«",
        "Slow.\n»\n## Resolved · 2026-11-24 04:00\nAll good.\n«",
        "Slow.»\n\n## Resolved · 2026-11-24 04:00\nAll good.«",
        "Slow.\n\n\n»## Resolved · 2026-11-24 04:00\nAll good.\n«",
        "Slow.\r\n»\r\n## Resolved · 2026-11-24 04:00\r\nAll good.\r\n«",
        "Slow.\r»\r## Resolved · 2026-11-24 04:00\rAll good.\r«",
        "+++\ntitle = 'Slow'\n+++\n»\n## Resolved · 2026-11-24 04:00\nAll good.\n«",
    ] {
        check_update(Place::Last, expected);
    }
}

#[test]
fn the_newest_update_stands_first_where_it_did_before() {
    check_update(
        Place::BeforeLine(4),
        "+++\n+++\n\n»## Resolved · 2026-11-24 04:00\nAll good.\n\n«## Monitoring · 03:30\nBetter.\n\n## Investigating · 03:00\nSlow.\n",
    );
    check_update(
        Place::BeforeLine(2),
        "Intro.\n»\n## Resolved · 2026-11-24 04:00\nAll good.\n\n«## Monitoring\nBetter.\n",
    );
    // A line that is not there any more: at the end, rather than nowhere.
    check_update(Place::BeforeLine(99), "Slow.\n»\n## Resolved · 2026-11-24 04:00\nAll good.\n«");
}

#[test]
fn link_definitions_stay_at_the_end() {
    let update = "»## Resolved · 2026-11-24 04:00\nAll good.\n\n«";
    check_update(Place::Last, &format!("See [here].\n\n{update}[here]: /a\n[there]: /b\n"));
    check_update(Place::Last, &format!("See [here].\n\n{update}[here]: /a\n\n  [there]: /b"));
    // Part of a paragraph, and so no definition.
    check_update(Place::Last, "See\n[here]: /a\n»\n## Resolved · 2026-11-24 04:00\nAll good.\n«");
}

#[test]
fn what_was_left_open_does_not_swallow_the_update() {
    let update = "\n\n## Resolved · 2026-11-24 04:00\nAll good.\n«";
    for (open, closing) in [
        ("```\nlog", "```"),
        ("````sh\nlog\n```", "````"),
        ("~~~\n\n[a]: /b", "~~~"),
        ("<!-- to do", "-->"),
        ("<pre>\nlog", "</pre>"),
    ] {
        check_update(Place::Last, &format!("{open}\n»{closing}{update}"));
    }
    for closed in ["```\nlog\n```", "- a list\n  ```\n  log", "> ```\n> log", "`` ` ``"] {
        check_update(Place::Last, &format!("{closed}\n»\n## Resolved · 2026-11-24 04:00\nAll good.\n«"));
    }
}

#[test]
fn a_fence_left_open_in_the_words_is_closed_before_the_older_updates() {
    let text = add_update("## Monitoring\nBetter.\n", Place::BeforeLine(1), HEADING, "\n```\nlog\n\n");
    assert_eq!(text, format!("## {HEADING}\n```\nlog\n```\n\n## Monitoring\nBetter.\n"));
}

#[test]
fn words_take_the_files_line_endings() {
    let text = add_update("Slow.\r\n", Place::Last, HEADING, "One.\nTwo.  \r\n\r\nThree.\n\n");
    assert_eq!(text, format!("Slow.\r\n\r\n## {HEADING}\r\nOne.\r\nTwo.\r\n\r\nThree.\r\n"));
}

#[test]
fn words_without_a_heading_go_on_as_a_paragraph() {
    assert_eq!(add_update("We moved.\n", Place::Last, "", "It went well."), "We moved.\n\nIt went well.\n");
}

#[test]
fn plain_words_get_a_heading_behind_front_matter_and_title() {
    let check = |text: &str, expected: &str| assert_eq!(add_heading(text, "Investigating"), expected);
    check("Slow.\n", "## Investigating\nSlow.\n");
    check("\u{feff}\r\nSlow.\r\n", "\u{feff}\r\n## Investigating\r\nSlow.\r\n");
    check("+++\n+++\n\nSlow.\n", "+++\n+++\n\n## Investigating\nSlow.\n");
    check("# Mail is slow\n\nWe look.\n", "# Mail is slow\n\n## Investigating\nWe look.\n");
}

#[test]
fn headings_are_known_in_both_forms() {
    let text = "## Resolved\nAll good.\nMonitoring\n---\nBetter.\n";
    assert_eq!((0..9).filter(|&line| is_heading(text, line)).collect::<Vec<u32>>(), [1, 3]);
}

fn check_key(text: &str, set: Result<&str, Unreadable>, removed: Result<&str, Unreadable>) {
    assert_eq!(set_key(text, "next_update", "NEW").as_deref(), set.as_ref().map(|text| *text), "set in {text:?}");
    assert_eq!(remove_key(text, "next_update").as_deref(), removed.as_ref().map(|text| *text), "removed from {text:?}");
}

#[test]
fn a_key_is_set_and_removed_in_toml() {
    let check = |text, set, removed| check_key(text, Ok(set), Ok(removed));
    check(
        "+++\n# why\nnext_update = 2026-11-24T03:00:00+01:00 # soon\ntitle   = 'Slow'\n+++\nText.\n",
        "+++\n# why\nnext_update = NEW # soon\ntitle   = 'Slow'\n+++\nText.\n",
        "+++\n# why\ntitle   = 'Slow'\n+++\nText.\n",
    );
    check(
        "\u{feff}+++\r\ntitle = 'Slow' # yes\r\n\r\n[x]\r\na = 1\r\n+++\r\n",
        "\u{feff}+++\r\ntitle = 'Slow' # yes\r\nnext_update = NEW\r\n\r\n[x]\r\na = 1\r\n+++\r\n",
        "\u{feff}+++\r\ntitle = 'Slow' # yes\r\n\r\n[x]\r\na = 1\r\n+++\r\n",
    );
    check(
        "+++\ncomponents = [\n  'imap', # the one\n]\n+++\n",
        "+++\ncomponents = [\n  'imap', # the one\n]\nnext_update = NEW\n+++\n",
        "+++\ncomponents = [\n  'imap', # the one\n]\n+++\n",
    );
    check("+++\n\"next_update\" = '3:00'\n+++", "+++\n\"next_update\" = NEW\n+++", "+++\n+++");
    check("+++\n+++\n", "+++\nnext_update = NEW\n+++\n", "+++\n+++\n");
}

#[test]
fn a_key_is_set_and_removed_in_yaml() {
    let check = |text, set, removed| check_key(text, Ok(set), Ok(removed));
    check(
        "---\nnext_update: 2026-11-24T03:00:00+01:00 # soon\ntitle:   Slow\n---\nText.\n",
        "---\nnext_update: NEW # soon\ntitle:   Slow\n---\nText.\n",
        "---\ntitle:   Slow\n---\nText.\n",
    );
    check(
        "---\r\ntitle: Slow\r\nnext_update:\r\n  2026-11-24\r\nimpact: minor\r\n...\r\n",
        "---\r\ntitle: Slow\r\nnext_update: NEW\r\nimpact: minor\r\n...\r\n",
        "---\r\ntitle: Slow\r\nimpact: minor\r\n...\r\n",
    );
    check(
        "---\nmeanwhile: |\n  next_update: none\n---\n",
        "---\nmeanwhile: |\n  next_update: none\nnext_update: NEW\n---\n",
        "---\nmeanwhile: |\n  next_update: none\n---\n",
    );
}

#[test]
fn a_file_without_front_matter_gets_one_only_where_a_key_is_set() {
    check_key("Slow.\n", Ok("+++\nnext_update = NEW\n+++\n\nSlow.\n"), Ok("Slow.\n"));
    check_key(
        "\u{feff}Slow.\r\n",
        Ok("\u{feff}+++\r\nnext_update = NEW\r\n+++\r\n\r\nSlow.\r\n"),
        Ok("\u{feff}Slow.\r\n"),
    );
}

#[test]
fn broken_front_matter_is_left_alone() {
    for text in [
        "+++\ntitle = Slow\n+++\n",
        "+++\ntitle = 'Slow'\n\nText.\n",
        "+++\nnext_update = 1\nnext_update = 2\n+++\n",
        "+++\n<<<<<<< HEAD\nimpact = 'minor'\n=======\n>>>>>>> main\n+++\n",
        "---\n{title: Slow}\n---\n",
        "---\n",
    ] {
        check_key(text, Err(Unreadable), Err(Unreadable));
    }
}

fn resolved(next_update: NextUpdate<'_>) -> Change<'_> {
    Change { first_heading: None, place: Place::Last, heading: HEADING, words: "Også på nett.", next_update }
}

#[test]
fn an_update_stands_in_the_file_even_if_its_front_matter_is_broken() {
    let changed = apply(b"+++\ntitle = Slow\n+++\nText.\n", &resolved(NextUpdate::Set("NEW"))).unwrap();
    assert!(changed.front_matter_left);
    let text = String::from_utf8(changed.bytes).unwrap();
    assert_eq!(text, format!("+++\ntitle = Slow\n+++\nText.\n\n## {HEADING}\nOgså på nett.\n"));
}

#[test]
fn every_encoding_is_kept() {
    // Latin-1: the byte E5 stays, and what is added is right in any 8-bit encoding.
    let changed = apply(b"P\xe5 nett.\n", &resolved(NextUpdate::Keep)).unwrap();
    assert_eq!(changed.bytes, b"P\xe5 nett.\n\n## Resolved - 2026-11-24 04:00\nOgs&#229; p&#229; nett.\n");

    let utf16: Vec<u8> = "\u{feff}Slow.\r\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let changed = apply(&utf16, &resolved(NextUpdate::Keep)).unwrap();
    let expected = format!("\u{feff}Slow.\r\n\r\n## {HEADING}\r\nOgså på nett.\r\n");
    assert_eq!(changed.bytes, expected.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>());

    assert_eq!(apply(b"\xff\xfeS", &resolved(NextUpdate::Keep)), None, "half a character cannot be given back");
}

#[test]
fn a_new_file_holds_only_what_was_given() {
    let text = new_incident(&NewIncident {
        title: "\"Slow\"  mail\n",
        heading: "Investigating · 2026-11-24 03:12",
        words: "We are looking into it.",
        ..NewIncident::default()
    });
    assert_eq!(
        text,
        "+++\ntitle = '\"Slow\" mail'\n+++\n\n## Investigating · 2026-11-24 03:12\nWe are looking into it.\n"
    );
}

#[test]
fn a_heading_says_the_offset_only_in_the_hour_that_exists_twice() {
    let check = |at: &str, expected: &str| {
        let stage = crate::model::Stage::Maintenance(crate::model::MaintenanceStatus::InProgress);
        assert_eq!(heading(stage, &at.parse().unwrap(), &[], None), expected);
    };
    check("2026-10-25T01:30:00+02:00[Europe/Oslo]", "In progress · 2026-10-25 01:30");
    check("2026-10-25T02:30:00+01:00[Europe/Oslo]", "In progress · 2026-10-25 02:30+01:00");
}

#[test]
fn a_heading_keeps_what_was_promised() {
    let zone = jiff::tz::TimeZone::get("Europe/Oslo").unwrap();
    let zoned = |at: &str| at.parse::<jiff::Timestamp>().unwrap().to_zoned_datetime(zone.clone());
    let stage = crate::model::Stage::Incident(crate::model::IncidentStatus::Identified);
    let check = |at: &str, next: &str, expected: &str| {
        assert_eq!(heading(stage, &zoned(at), &[], Some(&zoned(next))), expected);
    };
    check("2026-03-24T17:40:00Z", "2026-03-24T18:30:00Z", "Identified · 2026-03-24 18:40 { next=19:30 }");
    check("2026-03-24T22:40:00Z", "2026-03-24T23:30:00Z", "Identified · 2026-03-24 23:40 { next=00:30 }");
    check(
        "2026-03-24T22:40:00Z",
        "2026-03-26T07:00:00Z",
        "Identified · 2026-03-24 23:40 { next=2026-03-26T08:00+01:00 }",
    );
    // Clocks go forward in between.
    check(
        "2026-03-29T00:30:00Z",
        "2026-03-29T01:30:00Z",
        "Identified · 2026-03-29 01:30 { next=2026-03-29T03:30+02:00 }",
    );
}

/// Files as they come: pieces that matter here, in any order.
fn any_file() -> impl Strategy<Value = Vec<u8>> {
    let pieces = prop::sample::select(vec![
        "+++\n",
        "---\n",
        "---\r\n",
        "next_update = 2026-11-24T03:00:00Z\n",
        "next_update: 3\n",
        "title = 'x'\n",
        "[t]\n",
        "\u{feff}",
        "## Resolved · 2026-11-24\n",
        "Words.\n",
        "Words.\r\n",
        "\n",
        "\r\n",
        "\r",
        " ",
        "```\n",
        "~~~~\n",
        "<!--\n",
        "[a]: /b\n",
        "- list\n",
        "> quote\n",
        "<<<<<<< a\n",
        ">>>>>>> b\n",
        "å",
        "\t",
        "\\",
        "`",
    ]);
    let text = prop::collection::vec(pieces, 0..14).prop_map(|pieces| pieces.concat().into_bytes());
    prop_oneof![4 => text, 1 => prop::collection::vec(any::<u8>(), 0..60)]
}

proptest! {
    /// Take out what was added, and the file is as it was.
    #[test]
    fn an_update_keeps_every_other_byte(file in any_file(), line in 0_u32..9, words in "[ -~\n`]{1,40}") {
        let place = if line == 0 { Place::Last } else { Place::BeforeLine(line) };
        let change = Change { first_heading: None, place, heading: HEADING, words: &words, next_update: NextUpdate::Keep };
        if let Some(changed) = apply(&file, &change) {
            prop_assert!(changed.bytes.len() > file.len());
            let added = changed.bytes.len() - file.len();
            let kept = (0..=file.len()).any(|at| {
                changed.bytes[..at] == file[..at] && changed.bytes[at + added..] == file[at..]
            });
            prop_assert!(kept, "{:?}", String::from_utf8_lossy(&changed.bytes));
        }
    }

    /// Whatever stands in a file, the update's heading is a heading.
    #[test]
    fn an_update_is_never_swallowed(file in any_file()) {
        if let Ok(text) = String::from_utf8(file) {
            // As it is read: every kind of line ending is one.
            let text = text.replace("\r\n", "\n").replace('\r', "\n");
            let changed = add_update(&text, Place::Last, "Resolved", "All good.");
            let mut events = Parser::new(&changed[front_matter::body_start(&changed)..]);
            let found = events.any(|event| event == Event::Text("Resolved".into()));
            let is_heading = matches!(events.next(), Some(Event::End(TagEnd::Heading(_))));
            prop_assert!(found && is_heading, "{changed:?}");
        }
    }

    /// A key that was set and removed again leaves the file as it was.
    #[test]
    fn a_key_set_and_removed_leaves_no_trace(file in any_file()) {
        if let Ok(text) = String::from_utf8(file) {
            let without = remove_key(&text, "next_update");
            let twice = without.clone().and_then(|text| set_key(&text, "next_update", "2026-11-24T04:00:00Z"))
                .and_then(|text| remove_key(&text, "next_update"));
            if let (Ok(before), Ok(after)) = (without, twice) {
                // A block that was made for the key stays.
                let has_new_block = after.trim_start_matches('\u{feff}').starts_with("+++");
                prop_assert!(before == after || has_new_block);
            }
        }
    }
}
