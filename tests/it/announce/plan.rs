//! Which news goes where, and when not: small sites, what was sent before, and the plan as text.

use snapbox::{IntoData, assert_data_eq, str};
use upfront::announce::{news, plan};
use upfront::derive;
use upfront::model::{Evidence, Site};

use crate::site_test::TestSite;

const CONFIG: &str = "title = \"Test\"\nurl = \"https://status.example\"\ntime_zone = \"Europe/Oslo\"\n\
    [[group]]\nid = \"mail\"\nname = \"Mail\"\n\
    [[component]]\nname = \"IMAP\"\ngroup = \"mail\"\n[[component]]\nname = \"POP\"\ngroup = \"mail\"\n\
    [[component]]\nname = \"Web\"\n";

const HOOK: &str = "[[channel]]\nid = \"hook\"\nkind = \"webhook\"\nurl = \"https://hooks.example\"\n";
const MAIL: &str = "[[channel]]\nid = \"mail\"\nkind = \"email\"\nhost = \"smtp.example\"\nfrom = \"a@b.example\"\nto = \"c@b.example\"\n";
const TOOT: &str =
    "[[channel]]\nid = \"toot\"\nkind = \"mastodon\"\nurl = \"https://social.example\"\ntoken_env = \"TOKEN\"\n";

/// Of 24 March 2026, in UTC; Oslo is an hour ahead.
fn at(clock: &str) -> String {
    format!("2026-03-24T{clock}:00Z")
}

/// A post `logins-fail` about IMAP: a head, then `HH:MM Stage` a line.
fn post(head: &str, updates: &[&str]) -> String {
    let mut text = format!("+++\ntitle = \"Logins fail\"\n{head}\n+++\n");
    for update in updates {
        let (clock, stage) = update.split_once(' ').unwrap();
        text += &format!("## {stage} · 2026-03-24 {clock} UTC\nIt is so.\n");
    }
    text
}

fn imap(updates: &[&str]) -> String {
    post("components = [\"imap\"]\nimpact = \"major\"", updates)
}

/// What was sent before: `HH:MM channel state key`, the key without the incident's address; a claim is by `other-run`.
fn before(lines: &[&str]) -> String {
    let line = |line: &&str| {
        let [clock, channel, state, tail] = line.splitn(4, ' ').collect::<Vec<_>>()[..] else { panic!("{line}") };
        let clock = if clock.contains('T') { clock.to_owned() } else { at(clock) };
        let news = if tail.starts_with("rfo/") { tail.to_owned() } else { format!("incidents/logins-fail/#{tail}") };
        format!(r#"{{"v":1,"at":"{clock}","news":"{news}","channel":"{channel}","state":"{state}","by":"other-run"}}"#)
            + "\n"
    };
    lines.iter().map(line).collect()
}

fn planned(posts: &[(&str, &str)], channels: &str, deliveries: &[&str], now: &str) -> String {
    planned_where(posts, channels, deliveries, now, false)
}

/// `ours`: whether an earlier claim is one of this machine.
fn planned_where(posts: &[(&str, &str)], channels: &str, deliveries: &[&str], now: &str, ours: bool) -> String {
    let test = TestSite::new(posts);
    test.write("upfront.toml", format!("{CONFIG}{channels}"));
    test.write("history/deliveries.ndjson", before(deliveries));
    planned_of(&test.site(), now, ours)
}

fn planned_of(site: &Site, now: &str, ours: bool) -> String {
    let derived = derive::derive(site, now.parse().unwrap());
    let news = news::news(site, &derived);
    let plan = plan::plan(site, &derived, &news, &site.deliveries, &|_| ours);
    let mut out = String::new();
    for item in &plan.send {
        let late = if item.late { ", late" } else { "" };
        let superseded = if item.superseded { ", superseded" } else { "" };
        out += &format!("{} {}{late}{superseded}\n", site.config.channels[item.channel].id, news[item.news].key);
    }
    plan.unsure.iter().for_each(|(key, channel)| out += &format!("{channel} unsure {key}\n"));
    plan.given_up.iter().for_each(|(key, channel)| out += &format!("{channel} given up {key}\n"));
    out + &plan.again_at.map_or(String::new(), |at| format!("again at {at}\n"))
}

fn check(updates: &[&str], channels: &str, deliveries: &[&str], now: &str, expected: impl IntoData) {
    let text = imap(updates);
    assert_data_eq!(planned(&[("incidents/logins-fail.md", &text)], channels, deliveries, &at(now)), expected);
}

#[test]
fn newest_first_and_what_is_old_is_late() {
    check(
        &["11:00 Investigating", "11:20 Identified", "11:55 Monitoring"],
        &format!("{HOOK}{MAIL}"),
        &[],
        "12:00",
        str![[r#"
hook incidents/logins-fail/#u-20260324-1155-monitoring
mail incidents/logins-fail/#u-20260324-1155-monitoring
hook incidents/logins-fail/#u-20260324-1120-identified, late, superseded
mail incidents/logins-fail/#u-20260324-1120-identified, late, superseded
hook incidents/logins-fail/#u-20260324-1100-investigating, late, superseded
mail incidents/logins-fail/#u-20260324-1100-investigating, late, superseded

"#]],
    );
}

#[test]
fn a_new_channel_hears_how_it_is_and_the_last_hour_but_not_the_last_day() {
    let updates = ["08:00 Investigating", "09:00 Identified", "10:00 Monitoring"];
    check(
        &updates,
        HOOK,
        &[],
        "12:00",
        str![[r#"
hook incidents/logins-fail/#u-20260324-1000-monitoring, late

"#]],
    );
    // And the next run does not make up for it.
    let sent = ["12:00 hook sent u-20260324-1000-monitoring"];
    check(
        &updates,
        HOOK,
        &sent,
        "12:05",
        str![[r#"
"#]],
    );
    // What came out since then is told, however late.
    let more = [&updates[..], &["15:00 Resolved"]].concat();
    check(
        &more,
        HOOK,
        &sent,
        "17:00",
        str![[r#"
hook incidents/logins-fail/#u-20260324-1500-resolved, late

"#]],
    );
    // Of an incident that is over it hears nothing.
    check(
        &["08:00 Investigating", "10:00 Resolved"],
        HOOK,
        &[],
        "12:00",
        str![[r#"
"#]],
    );
}

#[test]
fn what_was_sent_is_not_sent_again_whatever_was_edited() {
    let sent = ["11:01 hook sent u-20260324-1100-investigating", "11:00 hook claimed u-20260324-1100-investigating"];
    check(
        &["11:00 Investigating"],
        HOOK,
        &sent,
        "11:10",
        str![[r#"
"#]],
    );
    // Even where a later claim stands behind it.
    let again = [&sent[..], &["11:05 hook claimed u-20260324-1100-investigating"]].concat();
    check(
        &["11:00 Investigating"],
        HOOK,
        &again,
        "11:30",
        str![[r#"
"#]],
    );
}

#[test]
fn an_older_one_that_comes_after_a_newer_one_says_so() {
    let sent = ["11:31 hook sent u-20260324-1130-identified"];
    check(
        &["11:00 Investigating", "11:30 Identified"],
        HOOK,
        &sent,
        "11:40",
        str![[r#"
hook incidents/logins-fail/#u-20260324-1100-investigating, late, superseded

"#]],
    );
}

#[test]
fn a_claim_without_an_answer_is_another_ones_for_ten_minutes_and_then_depends_on_the_channel() {
    let claims: Vec<String> = ["hook", "mail", "toot"]
        .iter()
        .map(|channel| format!("11:00 {channel} claimed u-20260324-1100-investigating"))
        .collect();
    let claims: Vec<&str> = claims.iter().map(String::as_str).collect();
    let channels = format!("{HOOK}{MAIL}{TOOT}");
    let text = imap(&["11:00 Investigating"]);
    let posts = [("incidents/logins-fail.md", &*text)];
    let mut out = String::new();
    for (what, now, ours) in [
        ("at once, by another machine", "11:05", false),
        ("at once, by this machine", "11:05", true),
        ("later", "11:30", false),
        ("when Mastodon has forgotten the key", "11:56", false),
        ("another machine's clock is ahead", "10:59", false),
        ("the clock went back", "10:40", false),
    ] {
        out += &format!("-- {what}\n{}", planned_where(&posts, &channels, &claims, &at(now), ours));
    }
    // A day later it is no news any more, and still nobody knows.
    out += &format!("-- a day later\n{}", planned(&posts, &channels, &claims, "2026-03-25T12:00:00Z"));
    assert_data_eq!(
        out,
        str![[r#"
-- at once, by another machine
-- at once, by this machine
hook incidents/logins-fail/#u-20260324-1100-investigating
toot incidents/logins-fail/#u-20260324-1100-investigating
mail unsure incidents/logins-fail/#u-20260324-1100-investigating
-- later
hook incidents/logins-fail/#u-20260324-1100-investigating, late
toot incidents/logins-fail/#u-20260324-1100-investigating, late
mail unsure incidents/logins-fail/#u-20260324-1100-investigating
-- when Mastodon has forgotten the key
hook incidents/logins-fail/#u-20260324-1100-investigating, late
mail unsure incidents/logins-fail/#u-20260324-1100-investigating
toot unsure incidents/logins-fail/#u-20260324-1100-investigating
-- another machine's clock is ahead
-- the clock went back
hook incidents/logins-fail/#u-20260324-1100-investigating
toot incidents/logins-fail/#u-20260324-1100-investigating
mail unsure incidents/logins-fail/#u-20260324-1100-investigating
-- a day later
hook unsure incidents/logins-fail/#u-20260324-1100-investigating
mail unsure incidents/logins-fail/#u-20260324-1100-investigating
toot unsure incidents/logins-fail/#u-20260324-1100-investigating

"#]]
    );
}

#[test]
fn what_failed_is_tried_again_after_longer_and_longer_pauses_and_given_up_after_a_day() {
    let mut lines: Vec<String> = Vec::new();
    let mut out = String::new();
    let text = imap(&["11:00 Investigating"]);
    let posts = [("incidents/logins-fail.md", &*text)];
    for minute in [0, 2, 5, 10] {
        for state in ["claimed", "failed"] {
            lines.push(format!("11:{minute:02} mail {state} u-20260324-1100-investigating"));
        }
        let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
        out += &planned(&posts, MAIL, &lines, &at(&format!("11:{minute:02}")));
    }
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    for now in [at("11:18"), at("10:00"), "2026-03-25T10:59:00Z".to_owned(), "2026-03-25T11:01:00Z".to_owned()] {
        out += &format!("-- {now}\n{}", planned(&posts, MAIL, &lines, &now));
    }
    // And then it is quiet.
    let over = [&lines[..], &["2026-03-25T11:01:00Z mail given_up u-20260324-1100-investigating"]].concat();
    out += &format!("-- after that\n{}", planned(&posts, MAIL, &over, "2026-03-25T11:02:00Z"));
    // Another channel had no trouble, and is not told of it.
    out += &format!("-- elsewhere\n{}", planned(&posts, HOOK, &lines, "2026-03-25T11:01:00Z"));
    assert_data_eq!(
        out,
        str![[r#"
again at 2026-03-24T11:01:00Z
again at 2026-03-24T11:04:00Z
again at 2026-03-24T11:09:00Z
again at 2026-03-24T11:18:00Z
-- 2026-03-24T11:18:00Z
mail incidents/logins-fail/#u-20260324-1100-investigating
-- 2026-03-24T10:00:00Z
mail incidents/logins-fail/#u-20260324-1100-investigating
-- 2026-03-25T10:59:00Z
mail incidents/logins-fail/#u-20260324-1100-investigating, late
-- 2026-03-25T11:01:00Z
mail given up incidents/logins-fail/#u-20260324-1100-investigating
-- after that
-- elsewhere

"#]]
    );
}

#[test]
fn each_channel_chooses_components_groups_impact_and_kinds() {
    let chosen = |id: &str, choice: &str| {
        format!("[[channel]]\nid = \"{id}\"\nkind = \"webhook\"\nurl = \"https://hooks.example\"\n{choice}\n")
    };
    let channels = [
        chosen("all", ""),
        chosen("imap", "components = [\"imap\"]"),
        chosen("group", "components = [\"mail\"]"),
        chosen("web", "components = [\"web\"]"),
        chosen("critical", "impact = \"critical\""),
        chosen("minor", "impact = \"minor\""),
        chosen("work", "news = \"maintenance\""),
        chosen("reports", "news = [\"report\", \"follow_up\"]"),
    ]
    .concat();
    let incident = imap(&["11:50 Investigating"]);
    let work = "+++\ntitle = \"Work\"\nkind = \"maintenance\"\ncomponents = [\"web\"]\n\
                starts = 2026-03-25 10:00:00\nends = 2026-03-25 11:00:00\n+++\n## Scheduled · 2026-03-24 11:51 UTC\nSoon.\n";
    let info = "+++\ntitle = \"Prices\"\nkind = \"info\"\n+++\n## 2026-03-24 11:52 UTC\nNew ones.\n";
    let alarm = "+++\ntitle = \"False alarm\"\nkind = \"false_alarm\"\ncomponents = [\"pop\"]\n+++\n\
                 ## Resolved · 2026-03-24 11:53 UTC\nNothing was wrong.\n";
    let rfo = "+++\nrfo_for = \"logins-fail\"\npublished = 2026-03-24T11:54:00Z\n[[follow_up]]\nwhat = \"Two disks\"\n\
               due = 2026-04-01\ndone = 2026-03-24\n+++\nWhy it was so.\n";
    let posts = [
        ("incidents/logins-fail.md", &*incident),
        ("incidents/upgrade.md", work),
        ("incidents/prices.md", info),
        ("incidents/alarm.md", alarm),
        ("incidents/why.md", rfo),
    ];
    let heard: Vec<String> = ["all", "imap", "group", "web", "critical", "minor", "work", "reports"]
        .iter()
        .map(|id| format!("09:00 {id} sent rfo/another/"))
        .collect();
    let heard: Vec<&str> = heard.iter().map(String::as_str).collect();
    let plan = planned(&posts, &channels, &heard, &at("12:00"));
    let mut by_channel: Vec<&str> = plan.lines().collect();
    by_channel.sort_unstable();
    assert_data_eq!(
        by_channel.join("\n"),
        str![[r#"
all incidents/alarm/#u-20260324-1153-note
all incidents/logins-fail/#u-20260324-1150-investigating, superseded
all incidents/prices/#u-20260324-1152-note
all incidents/upgrade/#u-20260324-1151-scheduled
all rfo/logins-fail/
all rfo/logins-fail/#follow-up-a03c447e9f22
critical incidents/prices/#u-20260324-1152-note
critical incidents/upgrade/#u-20260324-1151-scheduled
group incidents/alarm/#u-20260324-1153-note
group incidents/logins-fail/#u-20260324-1150-investigating, superseded
group incidents/prices/#u-20260324-1152-note
group rfo/logins-fail/
group rfo/logins-fail/#follow-up-a03c447e9f22
imap incidents/logins-fail/#u-20260324-1150-investigating, superseded
imap incidents/prices/#u-20260324-1152-note
imap rfo/logins-fail/
imap rfo/logins-fail/#follow-up-a03c447e9f22
minor incidents/logins-fail/#u-20260324-1150-investigating, superseded
minor incidents/prices/#u-20260324-1152-note
minor incidents/upgrade/#u-20260324-1151-scheduled
minor rfo/logins-fail/
minor rfo/logins-fail/#follow-up-a03c447e9f22
reports rfo/logins-fail/
reports rfo/logins-fail/#follow-up-a03c447e9f22
web incidents/prices/#u-20260324-1152-note
web incidents/upgrade/#u-20260324-1151-scheduled
work incidents/upgrade/#u-20260324-1151-scheduled
"#]]
    );
}

#[test]
fn planned_work_begins_and_ends_by_the_clock_unless_somebody_says_so() {
    let work = |more: &str| {
        format!(
            "+++\ntitle = \"Work\"\nkind = \"maintenance\"\ncomponents = [\"web\"]\n\
             starts = 2026-03-24 12:00:00\nends = 2026-03-24 12:30:00\n+++\n## Scheduled · 2026-03-23 08:00 UTC\nSoon.\n{more}"
        )
    };
    let mut out = String::new();
    let silent = work("");
    for clock in ["10:50", "11:01", "11:31"] {
        out += &format!(
            "-- {clock}\n{}",
            planned(&[("incidents/upgrade.md", &silent)], HOOK, &["09:00 hook sent x"], &at(clock))
        );
    }
    let said = work("## In progress · 2026-03-24 11:02 UTC\nWe begin.\n");
    out += &format!(
        "-- said\n{}",
        planned(&[("incidents/upgrade.md", &said)], HOOK, &["09:00 hook sent x"], &at("11:31"))
    );
    assert_data_eq!(
        out,
        str![[r#"
-- 10:50
-- 11:01
hook incidents/upgrade/#begins-20260324T1100Z
-- 11:31
hook incidents/upgrade/#ends-20260324T1130Z
-- said
hook incidents/upgrade/#ends-20260324T1130Z
hook incidents/upgrade/#u-20260324-1102-in_progress, superseded

"#]]
    );
}

#[test]
fn a_day_without_a_time_is_told_on_that_day_and_once() {
    let text = "+++\ntitle = \"Logins fail\"\ncomponents = [\"imap\"]\n+++\n## Investigating · 2026-03-24\nIt is so.\n";
    let posts = [("incidents/logins-fail.md", text)];
    let mut out = String::new();
    for now in ["2026-03-24T09:00:00Z", "2026-03-25T09:00:00Z", "2026-03-26T00:00:00Z"] {
        out += &format!("-- {now}\n{}", planned(&posts, HOOK, &["2026-03-20T09:00:00Z hook sent x"], now));
    }
    assert_data_eq!(
        out,
        str![[r#"
-- 2026-03-24T09:00:00Z
hook incidents/logins-fail/#u-20260324-investigating
-- 2026-03-25T09:00:00Z
hook incidents/logins-fail/#u-20260324-investigating, late
-- 2026-03-26T00:00:00Z

"#]]
    );
}

#[test]
fn what_is_old_or_moved_in_is_no_news() {
    let old = imap(&["11:00 Investigating"]).replace("2026-03-24", "2026-03-01");
    let posts = [("incidents/logins-fail.md", &*old)];
    assert_eq!(planned(&posts, HOOK, &["2026-03-20T09:00:00Z hook sent x"], &at("12:00")), "");
}

fn hook(choice: &str) -> String {
    format!("{HOOK}{choice}\n")
}

#[test]
fn whoever_heard_of_it_hears_the_end_though_it_turned_out_smaller_or_elsewhere() {
    let minor = post("components = [\"web\"]\nimpact = \"minor\"", &["11:00 Investigating", "11:50 Resolved"]);
    let posts = [("incidents/logins-fail.md", &*minor)];
    let mut out = String::new();
    for choice in ["impact = \"major\"", "components = [\"imap\"]", "news = \"maintenance\""] {
        for state in ["sent", "unsure", "failed"] {
            let told = format!("11:01 hook {state} u-20260324-1100-investigating");
            out += &format!("-- {choice}, {state}\n{}", planned(&posts, &hook(choice), &[&told], &at("12:00")));
        }
    }
    let expected = r#"-- impact = "major", sent
hook incidents/logins-fail/#u-20260324-1150-resolved
-- impact = "major", unsure
hook incidents/logins-fail/#u-20260324-1150-resolved
-- impact = "major", failed
hook incidents/logins-fail/#u-20260324-1100-investigating, late
-- components = ["imap"], sent
hook incidents/logins-fail/#u-20260324-1150-resolved
-- components = ["imap"], unsure
hook incidents/logins-fail/#u-20260324-1150-resolved
-- components = ["imap"], failed
hook incidents/logins-fail/#u-20260324-1100-investigating, late
-- news = "maintenance", sent
-- news = "maintenance", unsure
-- news = "maintenance", failed
hook incidents/logins-fail/#u-20260324-1100-investigating, late
"#;
    assert_eq!(out, expected);
}

#[test]
fn that_it_was_a_false_alarm_is_told_to_whoever_heard_of_it_and_not_to_one_of_another_choice() {
    let text = "+++\ntitle = \"Logins fail\"\nkind = \"false_alarm\"\ncomponents = [\"imap\"]\n+++\n\
                ## Resolved · 2026-03-24 11:53 UTC\nNothing was wrong.\n";
    let posts = [("incidents/logins-fail.md", text)];
    let (told, other) = ("11:01 hook sent u-20260324-1100-investigating", "09:00 hook sent rfo/another/");
    for (choice, heard, expected) in [
        ("", told, true),
        ("", other, true),
        ("impact = \"critical\"", told, true),
        ("impact = \"critical\"", other, false),
        ("news = \"notice\"", told, true),
        ("news = \"notice\"", other, false),
    ] {
        let expected = if expected { "hook incidents/logins-fail/#u-20260324-1153-note\n" } else { "" };
        assert_eq!(planned(&posts, &hook(choice), &[heard], &at("12:00")), expected, "{choice}, {heard}");
    }
}

#[test]
fn an_old_site_that_comes_into_git_announces_what_is_under_way_and_nothing_else() {
    let day = |day: &str, stages: &[&str]| imap(stages).replace("2026-03-24", day);
    let posts = [
        ("incidents/a.md", day("2026-03-20", &["10:00 Investigating", "11:00 Resolved"])),
        ("incidents/b.md", day("2026-03-23", &["10:00 Investigating"])),
        // Over, and written in the last hour.
        ("incidents/c.md", day("2026-03-24", &["11:10 Investigating", "11:40 Resolved"])),
    ];
    let posts: Vec<(&str, &str)> = posts.iter().map(|(path, text)| (*path, &**text)).collect();
    let under_way = "hook incidents/b/#u-20260323-1000-investigating, late\n";
    assert_eq!(planned_in_git(&posts, HOOK, &[], &at("12:00"), &at("11:59")), under_way);
    // And the next run does not make up for it.
    let sent = ["12:00 hook sent rfo/another/"];
    assert_eq!(planned_in_git(&posts, HOOK, &sent, &at("12:05"), &at("11:59")), under_way);
    // What comes in later is news to a channel that knows the site.
    assert_eq!(planned_in_git(&posts[..1], HOOK, &sent, &at("12:05"), &at("12:04")).lines().count(), 2);
}

/// As if all had come into git at that moment.
fn planned_in_git(posts: &[(&str, &str)], channels: &str, deliveries: &[&str], now: &str, committed: &str) -> String {
    let test = TestSite::new(posts);
    test.write("upfront.toml", format!("{CONFIG}{channels}"));
    test.write("history/deliveries.ndjson", before(deliveries));
    let mut site = test.site();
    for update in site.incidents.iter_mut().flat_map(|incident| &mut incident.updates) {
        update.evidence = Evidence::Committed(committed.parse().unwrap());
    }
    planned_of(&site, now, false)
}

#[test]
fn work_that_was_put_off_after_it_began_is_announced_when_it_really_begins() {
    let work = |starts: &str| {
        format!(
            "+++\ntitle = \"Work\"\nkind = \"maintenance\"\ncomponents = [\"web\"]\n\
             starts = 2026-03-24 {starts}\nends = 2026-03-24 15:00:00\n+++\n## Scheduled · 2026-03-23 08:00 UTC\nSoon.\n"
        )
    };
    // Oslo is an hour ahead: it was to begin at 11:00, and begins at 12:00.
    let (first, second) = (work("12:00:00"), work("13:00:00"));
    let new = "hook incidents/logins-fail/#begins-20260324T1200Z\n";
    for (text, told, now, expected) in [
        (&second, "11:00 hook sent begins-20260324T1100Z", "11:30", ""),
        (&second, "11:00 hook sent begins-20260324T1100Z", "12:01", new),
        // As it was written down before.
        (&second, "11:00 hook sent begins", "12:01", new),
        (&first, "11:00 hook sent begins", "11:01", ""),
        (&first, "11:00 hook sent begins-20260324T1100Z", "11:01", ""),
    ] {
        let plan = planned(&[("incidents/logins-fail.md", text)], HOOK, &[told], &at(now));
        assert_eq!(plan, expected, "{told}, {now}");
    }
}
