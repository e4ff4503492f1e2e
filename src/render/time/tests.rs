//! Times and lengths as readers see them, in zones with their switches.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on should say where")]

use super::*;
use crate::model::ThemeFiles;

/// Says something with a clock of that zone; no-break spaces are shown as `_`.
#[track_caller]
fn check(zone: &str, say: impl Fn(Clock<'_>) -> String, text: &str) {
    let (i18n, _) = I18n::new(&ThemeFiles::default(), "en").unwrap();
    let tz = TimeZone::get(zone).unwrap();
    let said = say(Clock { i18n: &i18n, tz: &tz });
    assert_eq!(said.replace('\u{a0}', "_").replace('\u{2060}', ""), text);
}

fn at(text: &str) -> Moment {
    Moment::At(text.parse().unwrap())
}

fn plain(html: &Html) -> String {
    html.as_str().split('<').map(|piece| piece.split_once('>').map_or(piece, |(_, text)| text)).collect()
}

#[test]
fn every_time_has_its_zone() {
    let say = |clock: Clock<'_>| plain(&clock.full(at("2022-03-29T12:18:59Z"), Own::No));
    check("Europe/Oslo", say, "29_March 2022, 14:18_CEST");
    check("America/New_York", say, "29_March 2022, 08:18_EDT");
    check("UTC", say, "29_March 2022, 12:18_UTC");
    check("Europe/Istanbul", say, "29_March 2022, 15:18_UTC+03:00");
    check("Asia/Kathmandu", say, "29_March 2022, 18:03_UTC+05:45");
    check("America/Sao_Paulo", say, "29_March 2022, 09:18_UTC-03:00");
}

#[test]
fn a_time_element_has_the_offset_and_asks_for_the_readers_own_time() {
    let say = |clock: Clock<'_>| clock.as_of("2022-03-29T12:18:00Z".parse().unwrap()).as_str().to_owned();
    let html = "<time datetime=\"2022-03-29T14:18+02:00\" data-own>14:18_CEST, Tuesday 29_March 2022</time>";
    check("Europe/Oslo", say, html);
}

#[test]
fn of_a_day_only_the_day_is_said() {
    let day = Moment::Day("2022-03-29".parse().unwrap());
    let say = |clock: Clock<'_>| clock.full(day, Own::Beside).as_str().to_owned();
    check("Europe/Oslo", say, "<time datetime=\"2022-03-29\">29_March 2022</time>");
}

#[test]
fn a_date_stands_with_a_time_only_where_it_is_another() {
    let near = |time: &'static str| {
        move |clock: Clock<'_>| plain(&clock.near(at(time), "2022-03-29".parse().unwrap(), Own::No))
    };
    check("Europe/Oslo", near("2022-03-29T12:18:00Z"), "14:18_CEST");
    check("Europe/Oslo", near("2022-03-29T22:05:00Z"), "30_March 00:05_CEST");
    check("Europe/Oslo", near("2021-03-29T12:18:00Z"), "29_March 2021, 14:18_CEST");
}

#[test]
fn a_range_says_what_both_ends_share_once() {
    let range = |from: &'static str, to: &'static str| move |clock: Clock<'_>| plain(&clock.range(at(from), at(to)));
    let within_a_day = range("2022-03-29T09:04:00Z", "2022-03-29T21:10:00Z");
    check("Europe/Oslo", within_a_day, "Tuesday 29_March 2022, 11:04–23:10_CEST");
    let over_midnight = range("2022-03-29T09:00:00Z", "2022-03-29T22:05:00Z");
    let text = "Tuesday 29_March 2022, 11:00_CEST to Wednesday 30_March 2022, 00:05_CEST";
    check("Europe/Oslo", over_midnight, text);
}

#[test]
fn a_range_in_full_says_its_day_once() {
    let full = |from: Moment, to: Moment| move |clock: Clock<'_>| plain(&clock.range_full(from, to));
    let (start, end) = (at("2022-03-29T09:00:00Z"), at("2022-03-29T12:00:00Z"));
    let day = Moment::Day("2022-03-29".parse().unwrap());
    check("Europe/Oslo", full(start, end), "29_March 2022, 11:00–14:00_CEST");
    check("Europe/Oslo", full(day, end), "29_March 2022, 14:00_CEST");
    check("Pacific/Auckland", full(start, end), "29_March 2022, 22:00_NZDT to 30_March 2022, 01:00_NZDT");
}

#[test]
fn where_clocks_change_within_a_range_both_zones_are_said() {
    let say = |clock: Clock<'_>| plain(&clock.range(at("2022-03-27T00:30:00Z"), at("2022-03-27T01:30:00Z")));
    check("Europe/Oslo", say, "Sunday 27_March 2022, 01:30_CET to Sunday 27_March 2022, 03:30_CEST");
}

#[test]
fn lengths_are_as_exact_as_they_need_be() {
    let lengths = [
        (0, "less than a minute"),
        (1, "1_min"),
        (59, "59_min"),
        (60, "1_h"),
        (198, "3_h_18_min"),
        (47 * 60 + 59, "47_h_59_min"),
        (48 * 60, "2_days"),
        (52 * 60 + 10, "2_days_4_h"),
        (13 * 24 * 60 + 60, "13_days"),
    ];
    for (minutes, text) in lengths {
        check("UTC", |clock| clock.length(minutes), text);
    }
}

#[test]
fn a_length_agrees_with_the_times_it_stands_between() {
    let say = |clock: Clock<'_>| clock.between(at("2022-03-29T09:00:59Z"), at("2022-03-29T09:18:00Z")).unwrap();
    check("UTC", say, "18_min");
}

#[test]
fn the_future_is_in_and_the_past_is_ago() {
    let now: Timestamp = "2022-03-29T12:18:00Z".parse().unwrap();
    let relative = |time: &'static str| move |clock: Clock<'_>| plain(&clock.relative(time.parse().unwrap(), now));
    check("UTC", relative("2022-03-29T12:30:00Z"), "in_12_min");
    check("UTC", relative("2022-03-29T12:07:00Z"), "11_min_ago");
    check("UTC", relative("2022-03-29T12:18:30Z"), "now");
}

#[test]
fn as_plain_text_a_range_within_a_day_says_the_day_once() {
    let range = |from: &'static str, to: &'static str| move |clock: Clock<'_>| clock.range_text(at(from), at(to));
    let within_a_day = range("2024-01-01T06:56:00Z", "2024-01-01T08:28:00Z");
    check("Europe/Oslo", within_a_day, "1_January 2024, 07:56–09:28_CET");
    let over_midnight = range("2022-03-29T09:00:00Z", "2022-03-29T22:05:00Z");
    check("Europe/Oslo", over_midnight, "29_March 2022, 11:00_CEST to 30_March 2022, 00:05_CEST");
}
