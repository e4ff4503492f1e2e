//! What is told of an answer that is no document.

use snapbox::{assert_data_eq, str};

use super::*;

/// What was read, and what was told, with its place.
fn check(bytes: &[u8], expected: impl snapbox::IntoData) {
    assert_data_eq!(read(bytes), expected);
}

fn read(bytes: &[u8]) -> String {
    let payload = Payload { name: "feed.json".into(), request: String::new(), bytes: bytes.to_vec(), asked_ms: 0 };
    let mut diagnostics = Vec::new();
    let mut said = match parse(&payload, &mut diagnostics) {
        Some(value) => format!("{value}\n"),
        None => "nothing\n".to_owned(),
    };
    for told in diagnostics {
        let at = told.place.map(|place| place.source.line_column(0));
        let at = at.map_or_else(String::new, |at| format!("{}:{}", at.line, at.column));
        said += &format!("{at} {}[{}]: {}\n", told.severity.word(), told.code, told.message);
    }
    said
}

#[test]
fn a_document_is_read_whatever_its_values() {
    check(
        b"\xef\xbb\xbf {\"a\": [1, -2, 2.5, \"x\", null, true]} \n",
        str![[r#"
{"a":[1,-2,2.5,"x",null,true]}

"#]],
    );
}

#[test]
fn a_web_page_is_called_one() {
    check(
        b"\n<!DOCTYPE html><title>Log in</title>",
        str![[r#"
nothing
1:1 error[feed-syntax]: this is a web page, not JSON

"#]],
    );
}

#[test]
fn nothing_at_all_is_told() {
    check(
        b" \n",
        str![[r#"
nothing
1:1 error[feed-syntax]: this is empty

"#]],
    );
}

#[test]
fn half_a_document_is_told_with_the_place_where_it_ends() {
    check(
        b"{\n \"a\": [1,",
        str![[r#"
nothing
2:9 error[feed-syntax]: this is cut off: it ends in the middle

"#]],
    );
}

#[test]
fn other_encodings_are_told() {
    check(
        b"\xff\xfe{\0}\0",
        str![[r#"
nothing
1:1 error[feed-syntax]: this is UTF-16, not UTF-8

"#]],
    );
    check(
        b"{\n\"\xc3\xa5\xe5\": 1}",
        str![[r#"
nothing
2:3 error[feed-syntax]: this is not UTF-8

"#]],
    );
}

#[test]
fn what_is_no_number_is_told_by_its_name() {
    check(
        b"{\"rt\": NaN}",
        str![[r#"
nothing
1:8 error[feed-syntax]: this is not JSON: `NaN` is no number in it

"#]],
    );
    check(
        b"[1,\n-Infinity]",
        str![[r#"
nothing
2:2 error[feed-syntax]: this is not JSON: `Infinity` is no number in it

"#]],
    );
}

#[test]
fn a_hundred_thousand_brackets_do_no_harm() {
    check(
        &b"[".repeat(100_000),
        str![[r#"
nothing
1:128 error[feed-syntax]: lists and objects stand in each other more than 128 deep

"#]],
    );
}

#[test]
fn an_object_with_a_key_twice_is_left_out_and_the_key_told() {
    check(
        br#"{"jobs": [{"id": 1, "status": "up", "status": "down"}, {"id": 2}]}"#,
        str![[r#"
{"jobs":[{"id":2}]}
1:1 warning[feed-syntax]: the key `status` stands twice in one object

"#]],
    );
    check(
        br#"{"a": 1, "a": 1}"#,
        str![[r#"
nothing
1:1 warning[feed-syntax]: the key `a` stands twice in one object

"#]],
    );
}

#[test]
fn a_document_of_too_many_values_is_refused() {
    let mut bytes = b"[".to_vec();
    bytes.extend(b"0,".repeat(VALUES_MAX));
    bytes.extend(b"0]");
    check(
        &bytes,
        str![[r#"
nothing
1:4000003 error[feed-syntax]: there are more than 2 million values in it

"#]],
    );
}

#[test]
fn no_value_of_the_document_is_told() {
    let said = read(b"{\"message\": \"secret\" \"x\"}");
    assert!(said.contains("this is not JSON") && !said.contains("secret"), "{said}");
}
