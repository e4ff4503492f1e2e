//! What pages promise of monitors, on the made-up site with them (see [`watched`](super::watched)).

use std::collections::BTreeMap;
use std::sync::Arc;

use snapbox::{IntoData as _, assert_data_eq, str};

use super::sample::{at, slug};
use super::watched::watched;
use super::{attributes, check_link, files, keyed_files, lead, seen};
use crate::derive::uptime::{BarClass, Uptime};
use crate::derive::{Derived, Disagreement};
use crate::model::{ComponentState, Kind, Site};

const OUTAGE: &str = "2022-03-29T12:18:00Z";
const QUIET: &str = "2022-04-12T07:40:00Z";
const ALONE: &str = "2022-03-25T03:17:00Z";

const BAD_TUESDAY: &str = "incidents/2022-03-29-imap-logins-failing/index.html";

fn page(now: &str, path: &str) -> String {
    files(&watched(now)).remove(path).unwrap()
}

/// The page at `path` of the quiet site, after a change.
fn changed(path: &str, change: impl Fn(&mut Site, &mut Derived)) -> String {
    let (mut site, mut derived) = watched(QUIET);
    change(&mut site, &mut derived);
    files(&(site, derived)).remove(path).unwrap()
}

#[test]
fn a_notice_that_stands_alone_is_the_headline_and_says_that_no_person_confirmed_it() {
    let html = page(ALONE, "index.html");
    assert_data_eq!(
        seen(&html, "<div class=\"lead lead--machine\">", "</section>"),
        str![[r#"
Major outage
imap: outage
As of 04:17 CET, Friday 25 March 2022.
Touched
IMAP
Since
04:12 CET, for 5 min
our checks saw it at 04:15 CET from 3 of 5 places
Confirmed
not by a person yet
Noticed by our checks
04:15 CET
Our checks noticed this at 04:15 CET from 3 of 5 places. A person has not confirmed this yet.
What the checks measured
Follow this incident
"#]]
        .raw()
    );
}

#[test]
fn what_a_person_wrote_about_comes_before_what_only_monitors_see() {
    let html = page(OUTAGE, "index.html");
    assert!(html.contains("<div class=\"lead\">"));
    assert_data_eq!(
        seen(&html, "<h2 id=\"noticed\">", "</section>"),
        str![[r#"
Not confirmed
Noticed by our checks
14:11 CEST
calendar: degraded performance.
Our checks noticed this at 14:11 CEST from 3 of 5 places. A person has not confirmed this yet.
It may or may not belong to what is under way above.
What the checks measured
Follow this incident
"#]]
        .raw()
    );
    assert!(lead(&html).contains("IMAP and POP logins failing, and 1 more"));
}

#[test]
fn an_outage_that_nobody_explained_stands_on_the_front_page_and_in_the_history() {
    assert_data_eq!(
        seen(&page(OUTAGE, "index.html"), "<h2 id=\"unexplained\">", "</section>"),
        str![[r#"
Not explained yet
IMAP: outage of 6 min Not explained yet
25 March 04:12 CET · our checks saw it from 3 of 5 places
"#]]
        .raw()
    );
    let history = page(QUIET, "history/2022-03/index.html");
    assert!(history.contains("<li class=\"row machine\" data-state=\"detected\" data-c=\"imap\" data-k=\"notice\">"));
    assert!(history.contains("2\u{a0}noticed by our checks"));
    assert!(history.contains("<option value=\"notice\">"));
}

#[test]
fn an_incident_says_when_it_was_detected_and_when_a_person_confirmed_it() {
    let html = page(QUIET, BAD_TUESDAY);
    assert_data_eq!(
        seen(&html, "<dt>Detected", "</div>"),
        str![[r#"
11:02 CEST
by our checks from 3 of 5 places; a person confirmed it at 11:06 CEST
"#]]
        .raw()
    );
    assert_data_eq!(
        seen(&html, "<ol class=\"tl\">", "</li>"),
        str![[r#"
Noticed by our checks 11:02 CEST
IMAP, POP. Our checks noticed this at 11:02 CEST from 3 of 5 places. A person confirmed it at 11:06 CEST.
IMAP first failed at 10:59 CEST, POP first failed at 11:04 CEST
"#]]
        .raw()
    );
}

#[test]
fn an_incident_is_held_against_what_was_measured() {
    let evidence = |html: &str| seen(html, "<h2 id=\"evidence\">", "<svg class=\"plot\"");
    assert_data_eq!(
        evidence(&page(QUIET, BAD_TUESDAY)),
        str![[r#"
Checks and words
do they agree?
Checks measured IMAP 10:59–23:10 CEST (12 h 11 min), POP 11:04–21:30 CEST (10 h 26 min); the post says 11:00 CEST to 30 March 00:05 CEST. The two differ at the end by 55 min. The post covers every outage the checks saw.
"#]].raw()
    );
    let after = changed(BAD_TUESDAY, |site, derived| {
        let mut one = site.detections[0].clone();
        one.id = slug("2022-03-30-0100-imap");
        one.start = at("2022-03-30T01:00:00Z");
        one.end = Some(at("2022-03-30T01:11:00Z"));
        derived.unexplained.push(site.detections.len());
        site.detections.push(one);
    });
    let told = evidence(&after).replace('\u{a0}', " ");
    assert!(
        told.contains("1 outage outside the post, 30 March 03:00–03:11 CEST (11 min), is not explained yet."),
        "{told}"
    );
}

#[test]
fn people_and_monitors_who_disagree_are_both_heard() {
    let disagree = |derived: &mut Derived, disagreement| {
        let told = derived.incidents.iter_mut().find(|facts| facts.rfo.is_some() && facts.measured.is_some()).unwrap();
        told.measured.as_mut().unwrap().disagreement = Some(disagreement);
        derived.components[0].state = ComponentState::MajorOutage;
        derived.overall = ComponentState::MajorOutage;
    };
    let of_incident = changed(BAD_TUESDAY, |_, derived| disagree(derived, Disagreement::AllGood));
    assert!(of_incident.contains("<strong>Checks disagree: all of them are good.</strong>"));
    let front = changed("index.html", |_, derived| disagree(derived, Disagreement::StillFailing));
    assert_data_eq!(
        seen(&front, "<div class=\"lead lead--machine\">", "<section"),
        str![[r#"
Major outage
Our checks see trouble: IMAP
As of 09:40 CEST, Tuesday 12 April 2022. Our checks run every minute from 5 places.
“IMAP and POP logins failing”: Checks disagree: still failing from 3 of 5 places.
Broken for you all the same? Tell support: one report is enough to make us look.
"#]]
        .raw()
    );
}

#[test]
fn an_alarm_that_was_none_is_withdrawn_visibly() {
    let html = changed("incidents/2022-02-09-alarm/index.html", |site, derived| {
        let at = site.incidents.iter().position(|incident| incident.kind == Kind::FalseAlarm).unwrap();
        let measured = derived.incidents.iter().find_map(|facts| facts.measured.clone());
        derived.incidents[at].measured = measured;
    });
    let lead = seen(&html, "<div class=\"lead\">", "</div>");
    assert!(lead.contains("False alarm\nWebmail: alarm withdrawn\n"), "{lead}");
    assert!(lead.contains("Withdrawn: our checks noticed something at 25\u{a0}March 2022, 04:15"), "{lead}");
}

#[test]
fn silence_is_said_and_not_taken_for_good_news() {
    let html = changed("index.html", |_, derived| {
        derived.silent_since = Some(at("2022-04-12T07:02:00Z"));
        for component in &mut derived.components {
            component.watched.as_mut().unwrap().silent = true;
        }
    });
    assert_data_eq!(
        seen(&html, "<main id=\"main\">", "</h1>"),
        str![[r#"
Our checks are silent.
No result has come since 09:02 CEST. Components show “No data”: we don&#39;t know, so we don&#39;t say “operational”.
No data
Nothing is reported, and our checks are silent
"#]]
        .raw()
    );
    let components = seen(&html, "<h2 id=\"components\">", "</section>");
    assert!(!components.contains("\nOperational"), "{components}");
}

#[test]
fn a_row_of_days_is_summed_up_and_its_marked_days_lead_to_what_happened() {
    let html = page(QUIET, "index.html");
    let row = html.split("<li class=\"comp\">").nth(1).unwrap();
    let label = attributes(row, "aria-label").next().unwrap();
    assert_data_eq!(
        label,
        str![
            "IMAP, the last 90 days: 1 day with an hour or more lost, 1 day with up to an hour lost, 2 days with up to 5 minutes lost or slow, 2 days without data, 1 day with maintenance, 83 operational"
        ]
    );
    assert_data_eq!(
        seen(row, "<details class=\"small\">", "</details>"),
        str![[r#"
99.70 % in 90 days, 7 days marked
30 March: degraded performance, 5 min
29 March: disturbed for 12 h 10 min, counted as 6 h 5 min down: IMAP and POP logins failing
25 March: down 6 min: not explained yet
16 February: degraded performance, 20 min: Slow folder lists
14 to 15 February: no data, 30 h 2 min
1 February: maintenance, 35 min
"#]]
        .raw()
    );
}

#[test]
fn a_mark_is_as_tall_as_its_day_was_bad_and_the_drawing_is_small() {
    let html = page(QUIET, "index.html");
    let row = html.split("<li class=\"comp\">").nth(1).unwrap();
    let svg = row.split_once("<svg viewBox=\"0 0 449 30\"").unwrap().1.split_once("</svg>").unwrap().0;
    assert!(svg.contains("<path data-state=\"major_outage\" d=\"M377 30v-30\"/>"), "{svg}");
    assert!(svg.contains("<path data-state=\"no_data\" d=\"M162 30v-2m5 2v-2\"/>"), "{svg}");
    assert!(svg.len() < 1700, "{} bytes", svg.len());
}

#[test]
fn days_before_anything_was_measured_are_not_marks() {
    let html = page(QUIET, "index.html");
    let row = html.split("<li class=\"comp\">").nth(7).unwrap();
    assert_data_eq!(
        seen(row, "<details class=\"small\">", "</details>"),
        str![[r#"
Measured 44 % of 90 days, 1 day marked
29 March: degraded performance, 20 min: New cables in Bergen
13 January to 3 March: not measured yet
"#]]
        .raw()
    );
}

#[test]
fn a_component_shows_each_day_and_its_numbers_beside_the_time_that_they_are_made_of() {
    let html = page(QUIET, "components/imap/index.html");
    assert_eq!(html.matches("<span class=\"hide\"><time").count(), 90);
    assert!(html.contains(
        "<li data-state=\"under_maintenance\" title=\"1\u{a0}February: maintenance, 35\u{a0}min\"><span class=\"hide\">"
    ));
    assert_data_eq!(
        lead(&html),
        str![[r#"
Operational
IMAP
Reading mail with a mail program or a phone. Part of Mail.
The last trouble ended 30 March 2022, 00:05 CEST.
24 hours
100 %
1 440 checks from 5 places
90 days
99.70 %
down 6 h 11 min, 30 h 2 min without data
1 year
99.70 %
down 6 h 11 min, 30 h 2 min without data
"#]]
        .raw()
    );
    assert_data_eq!(
        seen(&html, "<th scope=\"row\">90", "</tr>"),
        str![[r#"
days
99.70 %
6 h 11 min
30 h 2 min
270 of 129 600
"#]]
        .raw()
    );
}

#[test]
fn a_component_says_what_its_checks_say_now() {
    let now = |path: &str| seen(&page(OUTAGE, path), "<h2 id=\"checks\">", "</section>");
    assert_data_eq!(
        now("components/imap/index.html"),
        str![[r#"
What the checks say now
State
Major outage
Since
10:59 CEST
from 3 of 5 places
Last result
14:18 CEST
"#]]
        .raw()
    );
    assert!(now("components/smtp/index.html").contains("A check fails; not long enough to say more"));
    assert!(now("components/site/index.html").contains("No data"));
}

#[test]
fn answer_times_are_a_drawing_and_a_sentence_and_a_table() {
    let html = page(QUIET, "components/imap/index.html");
    let label = attributes(html.split_once("<h2 id=\"latency\">").unwrap().1, "aria-label").next().unwrap();
    assert_data_eq!(
        label.replace('\u{a0}', " "),
        str![
            "Answer time on 88 days: on most days half of all answers came within 38 ms and 19 of 20 within 85 ms. The slowest day was 23 March, when 19 of 20 came within 158 ms."
        ]
    );
    assert_eq!(html.matches("data-l=\"99 of 100\"").count(), 88);
}

#[test]
fn the_rule_is_told_with_the_weights_of_the_site() {
    let (mut site, derived) = watched(QUIET);
    site.config.monitoring.uptime.partial = 1000;
    let html = files(&(site, derived)).remove("uptime/index.html").unwrap();
    assert!(html.contains("A partial outage: 100\u{a0}% of the time is lost."));
    assert!(!files(&super::sample::site(QUIET)).contains_key("uptime/index.html"));
}

#[test]
fn feeds_and_data_say_that_no_person_wrote_a_notice() {
    let files = files(&watched(OUTAGE));
    let atom = &files["incidents/2022-03-29-1208/feed.atom"];
    assert!(atom.contains(": Noticed by our checks</title>"), "{atom}");
    assert!(atom.contains("<category term=\"notice\" label=\"Noticed by our checks\"/>"), "{atom}");
    assert!(
        files["status.json"].contains("\"kind\": \"notice\"") || files["status.json"].contains("\"kind\":\"notice\"")
    );
    let statuses = &files["api/v2/incidents.json"];
    assert!(statuses.contains("\"investigating\"") && !statuses.contains("notice"), "{statuses}");
}

#[test]
fn every_link_leads_somewhere() {
    for now in [OUTAGE, QUIET, ALONE] {
        let files = files(&watched(now));
        for (path, html) in files.iter().filter(|(path, _)| path.ends_with(".html")) {
            // These files are not made by pages.
            for link in attributes(html, "href").filter(|link| !link.starts_with("uptime.")) {
                check_link(&files, path, link);
            }
        }
    }
}

#[test]
fn no_code_of_a_place_and_no_monitor_is_named() {
    for (path, text) in files(&watched(OUTAGE)).iter().filter(|(path, _)| !path.ends_with(".css")) {
        for secret in ["own:imap", "osl", "ams"] {
            assert!(!text.contains(secret), "{path}: {secret}");
        }
    }
}

#[test]
fn a_key_stands_for_the_bytes() {
    let (site, before) = watched(OUTAGE);
    let mut known = BTreeMap::new();
    let changes: [fn(&mut Site, &mut Derived); 4] = [
        |_, _| {},
        |site, _| site.detections[1].places.failing = 4,
        |site, _| site.detections[1].outages[0].start = at("2022-03-29T08:00:00Z"),
        |_, derived| {
            derived
                .incidents
                .iter_mut()
                .filter_map(|facts| facts.measured.as_mut())
                .for_each(|measured| measured.places.of = 9)
        },
    ];
    for change in changes {
        let (mut site, mut derived) = (site.clone(), before.clone());
        change(&mut site, &mut derived);
        for (path, (key, bytes)) in keyed_files(&site, &derived) {
            let Some(key) = key else { continue };
            let first = known.entry((path.clone(), key.0)).or_insert_with(|| bytes.clone());
            assert_eq!(*first, bytes, "{path}");
        }
    }
}

#[test]
fn a_page_about_what_is_over_keeps_its_bytes() {
    let (site, derived) = watched(QUIET);
    let mut later = derived.clone();
    later.now = at("2022-04-12T07:41:00Z");
    let (before, after) = (keyed_files(&site, &derived), keyed_files(&site, &later));
    let changed = before.iter().filter(|(path, (_, bytes))| path.ends_with(".html") && after[*path].1 != *bytes);
    assert_eq!(changed.map(|(path, _)| path.as_str()).collect::<Vec<_>>(), ["index.html"]);
}

#[test]
fn a_site_without_monitors_says_nothing_of_them() {
    for (path, html) in files(&super::sample::site(QUIET)).iter().filter(|(path, _)| path.ends_with(".html")) {
        // The response record draws how fast people answered, with monitors or without.
        let plot = if path.starts_with("response/") { "our checks saw" } else { "class=\"plot\"" };
        for word in ["class=\"bar\"", "uptime/", "Our checks", plot] {
            assert!(!html.contains(word), "{path}: {word}");
        }
    }
}

#[test]
fn days_without_numbers_are_shown_without_one() {
    let html = changed("index.html", |_, derived| {
        let mut uptime = Uptime::clone(derived.components[2].uptime.as_deref().unwrap());
        uptime.windows.clear();
        uptime.bars.iter_mut().for_each(|bar| {
            bar.class = BarClass::None;
            bar.incidents.clear();
            bar.sum = crate::derive::uptime::Sum { window_ms: 1, not_monitored_ms: 1, ..Default::default() };
        });
        derived.components[2].uptime = Some(Arc::new(uptime));
    });
    let row = html.split("<li class=\"comp\">").nth(3).unwrap();
    let told = seen(row, "<summary>", "</details>");
    assert_eq!(told, "90\u{a0}days: no disturbance\n13\u{a0}January to 12\u{a0}April: not measured yet");
}
