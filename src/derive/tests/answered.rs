//! How incidents were answered, which reports are owed, and what that comes to over time.

use jiff::SignedDuration;
use jiff::civil::Date;
use proptest::prelude::*;

use super::*;
use crate::derive::promises::Owed;
use crate::derive::response::record::{Period, cause_key};
use crate::derive::response::{Posted, PostedBy, Stats};
use crate::model::{Accounts, RfoPromise, Within};

/// With a first word in 10 min, the next in 30, and a report in two working days.
fn promising(text: &str) -> Site {
    let mut site = site(text);
    site.config.promise = Promise {
        rebuild: None,
        next_update: Some(SignedDuration::from_mins(30)),
        first_post: Some(SignedDuration::from_mins(10)),
        rfo: Some(RfoPromise {
            within: Within::WorkingDays(2),
            impact: Impact::Major,
            outage: SignedDuration::from_hours(1),
        }),
    };
    site
}

fn posted(posted: &Posted) -> String {
    let by = match posted.by {
        PostedBy::Receipt => "receipt",
        PostedBy::Commit => "commit",
        PostedBy::Written(None) => "written",
        PostedBy::Written(Some(_)) => "moved in",
    };
    let written = posted.written.map(|at| format!(", written {}", clock(Moment::At(at))));
    format!("{} by {by}{}", clock(posted.at), written.unwrap_or_default())
}

/// The first incident's answer, in lines.
fn answer(site: &Site, now: &str) -> String {
    let derived = derive(site, at(now));
    let facts = &derived.incidents[0];
    let Some(response) = &facts.response else { return "none\n".to_owned() };
    let length = |length: SignedDuration| format!("{} min", length.as_mins());
    let mut out = String::new();
    if let Some(word) = &response.first_word {
        out += &format!("first word {} after {}\n", posted(word), response.first_after.map_or("?".to_owned(), length));
    }
    for (index, gap) in response.gaps.iter().enumerate() {
        let to = gap.to.map_or("now".to_owned(), |to| clock(Moment::At(to)));
        let promised = gap.promised.map(|promised| {
            format!(", {} {}", if promised.named { "named" } else { "by" }, clock(Moment::At(promised.at)))
        });
        let late = gap.late.map_or(String::new(), |late| format!(", late {}", length(late)));
        let longest = if response.longest == Some(index) { " *" } else { "" };
        out += &format!("{} to {to}{}{late}{longest}\n", clock(Moment::At(gap.from)), promised.unwrap_or_default());
    }
    let kept = response.kept();
    out + &format!("late {} of {}\n", kept.n, kept.of)
}

#[test]
fn silence_is_measured_between_updates_until_the_end() {
    assert_data_eq!(
        answer(
            &promising(
                "incident major imap started=11:00\ninvestigating 11:20\nidentified 11:50\nmonitoring 13:00\nresolved 13:10\n"
            ),
            "20:00"
        ),
        str![[r#"
first word 11:20 by written after 20 min
11:20 to 11:50, by 11:50
11:50 to 13:00, by 12:20, late 40 min *
13:00 to 13:10, by 13:30
late 1 of 3

"#]]
    );
}

#[test]
fn what_is_open_is_silent_until_now() {
    let site = promising("incident major imap next=12:00\ninvestigating 11:20\nidentified 11:50\n");
    assert_data_eq!(
        answer(&site, "12:00"),
        str![[r#"
first word 11:20 by written after 0 min
11:20 to 11:50, by 11:50 *
11:50 to now, named 12:00
late 0 of 1

"#]]
    );
    assert_data_eq!(
        answer(&site, "12:01"),
        str![[r#"
first word 11:20 by written after 0 min
11:20 to 11:50, by 11:50 *
11:50 to now, named 12:00, late 1 min
late 1 of 2

"#]]
    );
}

#[test]
fn between_the_end_and_a_new_beginning_there_is_no_silence() {
    assert_data_eq!(
        answer(
            &promising(
                "incident major imap\ninvestigating 08:00\nresolved 08:20\ninvestigating 15:00\nresolved 15:30\nresolved 18:00\n"
            ),
            "20:00"
        ),
        str![[r#"
first word 08:00 by written after 0 min
08:00 to 08:20, by 08:30
15:00 to 15:30, by 15:30 *
late 0 of 2

"#]]
    );
}

#[test]
fn what_is_dated_in_the_future_or_only_by_its_day_ends_no_silence() {
    let mut site = promising("incident major imap\ninvestigating 08:00\nidentified 22:00\n");
    assert_data_eq!(
        answer(&site, "09:00"),
        str![[r#"
first word 08:00 by written after 0 min
08:00 to now, by 08:30, late 30 min *
late 1 of 1

"#]]
    );
    site.incidents[0].updates[1].posted = PostedAt::Day("2022-03-01".parse().unwrap());
    assert_data_eq!(
        answer(&site, "20:00"),
        str![[r#"
first word 08:00 by written after 0 min
late 0 of 0

"#]]
    );
}

#[test]
fn an_update_counts_as_posted_at_the_later_of_heading_and_evidence() {
    let mut site =
        promising("incident major imap\ninvestigating 11:00\nidentified 11:20\nmonitoring 11:40\nresolved 12:00\n");
    let updates = &mut site.incidents[0].updates;
    updates[0].evidence = Evidence::Published(at("11:09"));
    updates[1].evidence = Evidence::Committed(at("11:35"));
    updates[2].evidence = Evidence::Committed(at("11:30"));
    updates[3].evidence = Evidence::MovedIn { in_git_since: at("2022-06-01T00:00:00Z") };
    let derived = derive(&site, at("20:00"));
    let response = derived.incidents[0].response.clone().unwrap();
    let told: Vec<String> = response.posted.iter().map(posted).collect();
    assert_eq!(told, ["11:09 by receipt", "11:35 by commit, written 11:20", "11:40 by commit", "12:00 by moved in"]);
}

#[test]
fn planned_work_and_announcements_have_no_answer() {
    assert_eq!(answer(&promising("maintenance 10:00-11:00 imap\nscheduled 09:00\n"), "20:00"), "none\n");
    assert_eq!(answer(&promising("info\nnote 09:00\n"), "20:00"), "none\n");
}

fn owed(site: &Site, now: &str) -> String {
    match &derive(site, at(now)).incidents[0].owed {
        Owed::No => "no".to_owned(),
        Owed::Waived(why) => format!("waived: {why}"),
        Owed::Running => "running".to_owned(),
        Owed::Due(day) => format!("due {day}"),
        Owed::Overdue(day) => format!("overdue {day}"),
        Owed::Published { on, due, late_days } => format!("published {on}, due {due:?}, late {late_days:?}"),
    }
}

#[test]
fn a_report_is_owed_after_what_was_serious() {
    // 1 March 2022 is a Tuesday.
    let over = "investigating 11:00\nresolved 11:30\n";
    assert_eq!(owed(&promising(&format!("incident major imap\n{over}")), "12:00"), "due 2022-03-03");
    assert_eq!(owed(&promising(&format!("incident major imap\n{over}")), "2022-03-03T23:59:00Z"), "due 2022-03-03");
    assert_eq!(owed(&promising(&format!("incident major imap\n{over}")), "2022-03-04T00:00:00Z"), "overdue 2022-03-03");
    assert_eq!(owed(&promising(&format!("incident minor imap\n{over}")), "12:00"), "no");
    assert_eq!(owed(&promising("incident major imap\ninvestigating 11:00\n"), "12:00"), "running");
    assert_eq!(owed(&site(&format!("incident critical imap\n{over}")), "12:00"), "no");
    // A minor one in which a component was out for an hour in all, by its posts.
    let out = |until: &str| {
        format!(
            "incident minor imap\ninvestigating 11:00 imap=major_outage\nmonitoring {until} imap=operational\nresolved 14:00\n"
        )
    };
    assert_eq!(owed(&promising(&out("11:59")), "15:00"), "no");
    assert_eq!(owed(&promising(&out("12:00")), "15:00"), "due 2022-03-03");
}

#[test]
fn working_days_pass_over_the_weekend() {
    let mut site =
        promising("incident major imap\ninvestigating 2022-03-03T11:00:00Z\nresolved 2022-03-03T12:00:00Z\n");
    assert_eq!(owed(&site, "2022-03-03T13:00:00Z"), "due 2022-03-07");
    site.config.promise.rfo.as_mut().unwrap().within = Within::Days(2);
    assert_eq!(owed(&site, "2022-03-03T13:00:00Z"), "due 2022-03-05");
    site.incidents[0].rfo_due = Some("2022-03-20".parse().unwrap());
    assert_eq!(owed(&site, "2022-03-03T13:00:00Z"), "due 2022-03-20");
    site.incidents[0].rfo_waived = Some("The same disk.".to_owned());
    assert_eq!(owed(&site, "2022-03-30T13:00:00Z"), "waived: The same disk.");
}

fn report(of: &str, published: &str, cause: &str) -> Rfo {
    Rfo {
        slug: Slug::new(of).unwrap(),
        aliases: Vec::new(),
        source: format!("incidents/{of}/rfo.md"),
        incident: Slug::new(of),
        title: "Why".to_owned(),
        published: PostedAt::Day(published.parse().unwrap()),
        cause: Some(cause.to_owned()),
        started: None,
        ended: None,
        duration: None,
        authors: Vec::new(),
        follow_ups: Vec::new(),
        body: Markdown::default(),
        evidence: Evidence::None,
        edits: Vec::new(),
    }
}

#[test]
fn a_report_that_came_is_early_or_late() {
    let mut site = promising("incident major imap\ninvestigating 11:00\nresolved 11:30\n");
    site.rfos.push(report("i1", "2022-03-02", "Disk"));
    assert_eq!(owed(&site, "2022-03-09T00:00:00Z"), "published 2022-03-02, due Some(2022-03-03), late None");
    site.rfos[0].published = PostedAt::Day("2022-03-07".parse().unwrap());
    assert_eq!(owed(&site, "2022-03-09T00:00:00Z"), "published 2022-03-07, due Some(2022-03-03), late Some(4)");
}

#[test]
fn a_quarter_has_what_began_in_it_and_sums_it_up() {
    let mut site = promising(
        "incident major imap started=2022-01-10T10:00:00Z\ninvestigating 2022-01-10T10:05:00Z\nresolved 2022-01-10T11:00:00Z\n\n\
         incident minor pop started=2022-03-31T23:00:00Z\ninvestigating 2022-03-31T23:40:00Z\nresolved 2022-04-01T01:00:00Z\n\n\
         incident minor imap started=2022-04-02T10:00:00Z\ninvestigating 2022-04-02T10:00:00Z\n",
    );
    site.incidents[0].accounts = Some(Accounts::Between(100, 200));
    site.incidents[1].accounts = Some(Accounts::Share(1000));
    site.rfos.push(report("i1", "2022-01-11", "Full  disk"));
    site.rfos.push(report("i2", "2022-04-04", "full disk"));
    let record = derive(&site, at("2022-04-02T12:00:00Z")).record;
    let quarters: Vec<String> = record.quarters.iter().map(|standing| standing.period.to_string()).collect();
    assert_eq!(quarters, ["2022-q2", "2022-q1"]);
    let (open, first) = (&record.quarters[0], &record.quarters[1]);
    assert!(open.so_far && !first.so_far);
    assert_eq!((&open.all.incidents, &first.all.incidents), (&vec![2], &vec![1, 0]));
    let words = first.all.first_word.unwrap();
    assert_eq!((words.median.as_secs(), words.worst.as_mins(), words.in_time.unwrap().n), (1350, 40, 1));
    assert_eq!((first.all.minutes, open.all.minutes), (180, 120));
    // 100 to 200 accounts for an hour; of a share nothing is known until the config says of how many.
    let accounts = first.all.accounts;
    assert_eq!((accounts.least, accounts.most, accounts.counted, accounts.unsaid), (6000, 12000, 1, 1));
    site.config.accounts = Some(1000);
    let accounts = derive(&site, at("2022-04-02T12:00:00Z")).record.quarters[1].all.accounts;
    assert_eq!((accounts.least, accounts.most, accounts.counted), (6000 + 12000, 12000 + 12000, 2));
    assert_eq!(first.all.causes, [("full disk".to_owned(), 2)]);
    assert_eq!((first.components[0].incidents.len(), first.components[1].incidents.len()), (1, 1));
    assert_eq!(record.years[0].all.incidents, [2, 1, 0]);
    assert_eq!(cause_key(" Full\tDISK "), "full disk");
}

#[test]
fn a_year_with_a_typing_mistake_makes_no_thousand_of_quarters() {
    let site = promising("incident minor imap\ninvestigating 0202-03-01T10:00:00Z\nresolved 0202-03-01T11:00:00Z\n");
    assert_eq!(derive(&site, at("12:00")).record.quarters.len(), 100);
}

#[test]
fn quarters_follow_each_other() {
    let day = |text: &str| text.parse::<Date>().unwrap();
    let quarter = Period::quarter_of(day("2022-01-01"));
    assert_eq!((quarter.to_string(), quarter.before().to_string()), ("2022-q1".to_owned(), "2021-q4".to_owned()));
    assert!(quarter.contains(day("2022-03-31")) && !quarter.contains(day("2022-04-01")));
    assert_eq!(Period::quarter_of(day("2022-12-31")).first_day(), day("2022-10-01"));
}

proptest! {
    #[test]
    fn stats_are_what_counting_says(lengths in prop::collection::vec(0_i64..100_000, 0..12), promised in 0_i64..100_000) {
        let mut durations: Vec<SignedDuration> = lengths.iter().map(|&s| SignedDuration::from_secs(s)).collect();
        let stats = Stats::of(&mut durations, Some(SignedDuration::from_secs(promised)));
        prop_assert_eq!(stats.is_none(), lengths.is_empty());
        if let Some(stats) = stats {
            let mut sorted = lengths.clone();
            sorted.sort_unstable();
            let (low, high) = (sorted[(sorted.len() - 1) / 2], sorted[sorted.len() / 2]);
            prop_assert_eq!(stats.median.as_secs(), low + (high - low) / 2);
            prop_assert_eq!(stats.worst.as_secs(), sorted[sorted.len() - 1]);
            let kept = lengths.iter().filter(|&&s| s / 60 <= promised / 60).count();
            prop_assert_eq!(stats.in_time.unwrap().n as usize, kept);
        }
    }

    #[test]
    fn no_order_of_times_makes_it_panic_or_a_silence_negative(times in prop::collection::vec((0_i64..100_000, 0_i64..100_000, 0_u8..4, any::<bool>()), 1..8), now in 0_i64..100_000) {
        let mut site = promising("incident major imap\ninvestigating 08:00\n");
        let first = site.incidents[0].updates[0].clone();
        site.incidents[0].updates = times.iter().map(|&(written, seen, kind, ends)| {
            let base = at("00:00");
            let moment = |seconds: i64| base + SignedDuration::from_secs(seconds);
            let evidence = match kind {
                0 => Evidence::None,
                1 => Evidence::Committed(moment(seen)),
                2 => Evidence::Published(moment(seen)),
                _ => Evidence::MovedIn { in_git_since: moment(seen) },
            };
            let status = if ends { IncidentStatus::Resolved } else { IncidentStatus::Identified };
            Update { posted: PostedAt::Written(moment(written)), evidence, stage: Stage::Incident(status), ..first.clone() }
        }).collect();
        let derived = derive(&site, at("00:00") + SignedDuration::from_secs(now));
        let response = derived.incidents[0].response.as_ref().unwrap();
        prop_assert!(response.gaps.iter().all(|gap| !gap.length.is_negative()));
        prop_assert!(response.first_after.is_none_or(|length| !length.is_negative()));
        // Nothing claims more than its evidence.
        for (update, posted) in site.incidents[0].updates.iter().zip(&response.posted) {
            let PostedAt::Written(written) = update.posted else { unreachable!("all are") };
            prop_assert!(posted.at.timestamp(&site.config) >= written);
            if let Evidence::Committed(seen) | Evidence::Published(seen) = update.evidence {
                prop_assert!(posted.at.timestamp(&site.config) >= seen);
            }
        }
    }
}
