//! Rules of the field, as text in and text out. A site here is a few lines: a file's head, then its updates, on one day
//! (1 March 2022, UTC) unless a date stands before the time.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test's own input is right, or the test is wrong")]

mod answered;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use snapbox::{assert_data_eq, str};

use super::*;
use crate::model::{
    Brand, Component, Evidence, FollowUp, Impact, Incident, IncidentStatus, MaintenanceStatus, Markdown, Promise, Rfo,
    SiteUrl, ThemeFiles, Update, Window, Zone,
};

#[test]
fn impact_decides_the_state() {
    check(
        "incident major imap pop\ninvestigating 11:20\nidentified 11:40\n",
        "12:00",
        str![[r#"
overall partial_outage
imap partial_outage: open 1
pop partial_outage: open 1
smtp operational
1: ongoing identified from 11:20
  11:20 imap=partial_outage pop=partial_outage
  11:40

"#]],
    );
}

#[test]
fn an_update_whose_time_is_in_the_future_counts_at_once() {
    check(
        "incident major imap\ninvestigating 11:20\nresolved 12:05\n",
        "12:00",
        str![[r#"
overall operational
imap operational; last trouble ended 12:05
pop operational
smtp operational
1: over resolved from 11:20 to 12:05
  11:20 imap=partial_outage
  12:05 imap=operational

"#]],
    );
}

#[test]
fn an_attribute_changes_one_component_and_leaves_the_others() {
    check(
        "incident critical imap pop\ninvestigating 11:20\nmonitoring 11:50 pop=operational\n",
        "12:00",
        str![[r#"
overall major_outage
imap major_outage: open 1
pop operational: open 1
smtp operational
1: ongoing monitoring from 11:20
  11:20 imap=major_outage pop=major_outage
  11:50 pop=operational

"#]],
    );
}

#[test]
fn resolving_clears_everything_and_the_end_is_the_first_of_the_last_resolved() {
    check(
        "incident minor imap\ninvestigating 10:00\nresolved 10:30 \nresolved 11:00\n",
        "12:00",
        str![[r#"
overall operational
imap operational; last trouble ended 10:30
pop operational
smtp operational
1: over resolved from 10:00 to 10:30
  10:00 imap=degraded_performance
  10:30 imap=operational
  11:00

"#]],
    );
}

#[test]
fn an_incident_that_opens_again_is_as_bad_as_before() {
    check(
        "incident major imap\ninvestigating 10:00\nresolved 10:30\nidentified 11:00\n",
        "12:00",
        str![[r#"
overall partial_outage
imap partial_outage: open 1
pop operational
smtp operational
1: ongoing identified from 10:00
  10:00 imap=partial_outage
  10:30 imap=operational
  11:00 imap=partial_outage

"#]],
    );
}

#[test]
fn an_incident_that_names_no_component_still_counts() {
    check(
        "incident major\ninvestigating 10:00\n",
        "12:00",
        str![[r#"
overall partial_outage
imap operational
pop operational
smtp operational
1: ongoing investigating from 10:00
  10:00

"#]],
    );
}

#[test]
fn the_worst_of_several_wins() {
    check(
        "incident minor imap\ninvestigating 10:00\n\nincident critical imap\ninvestigating 11:00\n",
        "12:00",
        str![[r#"
overall major_outage
imap major_outage: open 2 1
pop operational
smtp operational
1: ongoing investigating from 10:00
  10:00 imap=degraded_performance
2: ongoing investigating from 11:00
  11:00 imap=major_outage

"#]],
    );
}

#[test]
fn planned_work_changes_nothing_before_it_starts() {
    let site = "maintenance smtp 13:00-14:00\nscheduled 09:00\n";
    check(
        site,
        "12:59:59",
        str![[r#"
overall operational
imap operational
pop operational
smtp operational
1: upcoming scheduled from 13:00
  09:00
due 13:00 MaintenanceStarts

"#]],
    );
    check(
        site,
        "13:00",
        str![[r#"
overall under_maintenance
imap operational
pop operational
smtp under_maintenance: open 1
1: ongoing in_progress from 13:00
  09:00
due 14:00 MaintenanceEnds

"#]],
    );
    check(
        site,
        "14:00",
        str![[r#"
overall operational
imap operational
pop operational
smtp operational
1: over completed from 13:00 to 14:00
  09:00

"#]],
    );
}

#[test]
fn planned_work_that_somebody_says_goes_on_goes_on() {
    let site = "maintenance smtp 13:00-14:00\nscheduled 09:00\nin_progress 14:05\n";
    check(
        site,
        "14:30",
        str![[r#"
overall under_maintenance
imap operational
pop operational
smtp under_maintenance: open 1
1: ongoing in_progress from 14:05
  09:00
  14:05 smtp=under_maintenance

"#]],
    );
}

#[test]
fn work_that_was_called_off_holds_nothing() {
    check(
        "maintenance smtp 13:00-14:00\nscheduled 09:00\ncancelled 10:00\n",
        "13:30",
        str![[r#"
overall operational
imap operational
pop operational
smtp operational
1: over cancelled from 10:00 to 10:00
  09:00
  10:00

"#]],
    );
}

#[test]
fn a_promised_update_is_overdue_until_somebody_writes() {
    let promised = "incident minor imap next=11:00\ninvestigating 10:00\n";
    check(
        promised,
        "10:30",
        str![[r#"
overall degraded_performance
imap degraded_performance: open 1
pop operational
smtp operational
1: ongoing investigating from 10:00, next update by 11:00
  10:00 imap=degraded_performance
due 11:00 NextUpdate

"#]],
    );
    check(
        promised,
        "11:01",
        str![[r#"
overall degraded_performance
imap degraded_performance: open 1
pop operational
smtp operational
1: ongoing investigating from 10:00, next update OVERDUE since 11:00
  10:00 imap=degraded_performance

"#]],
    );
    let kept = format!("{promised}identified 11:20\n");
    check(
        &kept,
        "11:30",
        str![[r#"
overall degraded_performance
imap degraded_performance: open 1
pop operational
smtp operational
1: ongoing identified from 10:00
  10:00 imap=degraded_performance
  11:20

"#]],
    );
}

#[test]
fn announcements_and_withdrawn_alarms_touch_no_component() {
    check(
        "info imap\nnote 10:00\n\nfalse_alarm imap\nnote 10:10\n",
        "12:00",
        str![[r#"
overall operational
imap operational
pop operational
smtp operational
1: over note from 10:00
  10:00
2: over note from 10:10 to 10:10
  10:10

"#]],
    );
}

#[test]
fn an_announcement_is_news_for_seven_days() {
    let site = site("info imap\nnote 10:00\n");
    assert_eq!(derive(&site, at("2022-03-08T09:59:59Z")).announcements, [0]);
    assert_eq!(derive(&site, at("2022-03-08T10:00:00Z")).announcements, [0; 0]);
}

#[test]
fn the_archive_files_by_the_sites_own_month() {
    let mut site = site("incident minor imap\ninvestigating 2022-02-28T23:30:00Z\nresolved 10:00\n");
    site.config.zone = Zone { name: "Europe/Oslo".to_owned(), tz: TimeZone::get("Europe/Oslo").unwrap() };
    let months: Vec<String> = derive(&site, at("2022-03-02T00:00:00Z")).months.keys().map(Month::to_string).collect();
    assert_eq!(months, ["2022-03"]);
}

#[test]
fn a_promise_in_a_report_is_overdue_the_day_after() {
    let mut site = site("incident minor imap\ninvestigating 10:00\nresolved 10:30\n");
    let follow_up = |due: &str, done: Option<&str>| FollowUp {
        what: Markdown::new("x"),
        due: Some(due.parse().unwrap()),
        done: done.map(|day| day.parse().unwrap()),
        link: None,
        dropped: None,
        owner: None,
        due_before: Vec::new(),
    };
    site.rfos.push(Rfo {
        slug: Slug::new("i1").unwrap(),
        aliases: Vec::new(),
        source: "r.md".to_owned(),
        incident: Some(Slug::new("i1").unwrap()),
        title: "Why".to_owned(),
        published: PostedAt::Day("2022-03-03".parse().unwrap()),
        cause: None,
        started: None,
        ended: None,
        duration: None,
        authors: Vec::new(),
        follow_ups: vec![
            follow_up("2022-03-04", None),
            follow_up("2022-03-05", None),
            follow_up("2022-03-04", Some("2022-03-07")),
            follow_up("2022-03-04", Some("2022-03-04")),
        ],
        body: Markdown::default(),
        evidence: Evidence::None,
        edits: Vec::new(),
    });
    let derived = derive(&site, at("2022-03-05T12:00:00Z"));
    use FollowUpState::{Done, DoneLate, Due, Overdue};
    assert_eq!(derived.rfos[0].follow_ups, [Overdue, Due, DoneLate(3), Done]);
    assert_eq!(derived.incidents[0].rfo, Some(0));
    assert_eq!(derived.due.map(|due| (due.at, due.reason)), Some((at("2022-03-06T00:00:00Z"), DueReason::FollowUp)));
}

fn check(text: &str, now: &str, expected: impl snapbox::IntoData) {
    let site = site(text);
    assert_data_eq!(told(&site, &derive(&site, at(now))), expected);
}

/// What a reader of the result would say of it.
fn told(site: &Site, derived: &Derived) -> String {
    let mut out = format!("overall {}\n", derived.overall.word());
    let numbers = |list: &[usize]| list.iter().map(|index| format!(" {}", index + 1)).collect::<String>();
    for (component, facts) in site.config.components.iter().zip(&derived.components) {
        out += &format!("{} {}", component.id, facts.state.word());
        if !facts.because.is_empty() {
            out += &format!(": open{}", numbers(&facts.because));
        }
        if let Some(ended) = facts.last_trouble_ended {
            out += &format!("; last trouble ended {}", clock(ended));
        }
        out += "\n";
    }
    for (number, (incident, facts)) in site.incidents.iter().zip(&derived.incidents).enumerate() {
        let phase = format!("{:?}", facts.phase).to_lowercase();
        out += &format!("{}: {phase} {} from {}", number + 1, facts.stage.word(), clock(facts.started));
        out += &facts.ended.map_or(String::new(), |ended| format!(" to {}", clock(ended)));
        if let Some(next) = facts.next_update {
            out += if next.overdue { ", next update OVERDUE since " } else { ", next update by " };
            out += &clock(Moment::At(next.at));
        }
        out += "\n";
        for (update, changes) in incident.updates.iter().zip(&facts.changes) {
            out += &format!("  {}", clock(Moment::of(update.posted, derived.now, &site.config)));
            changes.iter().for_each(|(id, state)| out += &format!(" {id}={}", state.word()));
            out += "\n";
        }
    }
    if let Some(due) = derived.due {
        out += &format!("due {} {:?}\n", clock(Moment::At(due.at)), due.reason);
    }
    out
}

fn clock(moment: Moment) -> String {
    match moment {
        Moment::At(at) => at.strftime("%H:%M").to_string(),
        Moment::Day(day) => day.to_string(),
    }
}

pub(super) fn at(text: &str) -> Timestamp {
    if text.contains('T') {
        text.parse().unwrap()
    } else {
        let seconds = if text.matches(':').count() == 1 { ":00" } else { "" };
        format!("2022-03-01T{text}{seconds}Z").parse().unwrap()
    }
}

pub(super) fn site(text: &str) -> Site {
    let component = |id: &str| Component {
        id: Slug::new(id).unwrap(),
        name: id.to_uppercase(),
        description: None,
        group: None,
        watch: crate::model::Watch::default(),
    };
    Site {
        config: Config {
            title: "Status".to_owned(),
            url: SiteUrl::new("https://status.example").unwrap(),
            zone: Zone { name: "UTC".to_owned(), tz: TimeZone::UTC },
            language: "en".to_owned(),
            description: None,
            logo: None,
            support: None,
            links: Vec::new(),
            footer: None,
            brand: Brand::default(),
            components: ["imap", "pop", "smtp"].map(component).to_vec(),
            groups: Vec::new(),
            checklist: Vec::new(),
            promise: Promise::default(),
            show_edits: crate::model::ShowEdits::Mark,
            accounts: None,
            monitoring: crate::model::MonitoringConfig::default(),
            publishing: Default::default(),
            channels: Vec::new(),
            channels_left_out: Vec::new(),
            show_deliveries: false,
        },
        incidents: text
            .trim_end()
            .split("\n\n")
            .filter(|part| !part.is_empty())
            .enumerate()
            .map(|(index, part)| incident(index + 1, part))
            .collect(),
        rfos: Vec::new(),
        pictures: Vec::new(),
        links: crate::model::LinkTargets::default(),
        theme: ThemeFiles::default(),
        monitoring: crate::model::Monitoring::default(),
        detections: Vec::new(),
        deliveries: Default::default(),
        commit: None,
    }
}

fn incident(number: usize, text: &str) -> Incident {
    let mut lines = text.lines();
    let mut incident = Incident {
        slug: Slug::new(&format!("i{number}")).unwrap(),
        aliases: Vec::new(),
        source: format!("incidents/i{number}.md"),
        kind: Kind::Incident,
        title: format!("Incident {number}"),
        components: Vec::new(),
        impact: Impact::None,
        affected: None,
        accounts: None,
        works: None,
        meanwhile: None,
        covers: Vec::new(),
        next_update: None,
        started: None,
        rfo_waived: None,
        rfo_due: None,
        intro: None,
        updates: Vec::new(),
    };
    let mut committed = None;
    for word in lines.next().unwrap().split(' ') {
        match word {
            "incident" => {}
            "maintenance" => incident.kind = Kind::Maintenance(Window { starts: None, ends: None }),
            "info" => incident.kind = Kind::Info,
            "false_alarm" => incident.kind = Kind::FalseAlarm,
            "minor" => incident.impact = Impact::Minor,
            "major" => incident.impact = Impact::Major,
            "critical" => incident.impact = Impact::Critical,
            _ if word.starts_with("next=") => incident.next_update = Some(at(&word[5..])),
            _ if word.starts_with("committed=") => committed = Some(Evidence::Committed(at(&word[10..]))),
            _ if word.starts_with("started=") => incident.started = Some(at(&word[8..])),
            _ if word.starts_with("covers=") => incident.covers.push(Slug::new(&word[7..]).unwrap()),
            _ if word.starts_with("slug=") => incident.slug = Slug::new(&word[5..]).unwrap(),
            _ => match word.split_once('-') {
                Some((starts, ends)) => {
                    incident.kind = Kind::Maintenance(Window { starts: Some(at(starts)), ends: Some(at(ends)) });
                }
                None => incident.components.push(Slug::new(word).unwrap()),
            },
        }
    }
    incident.updates = lines.enumerate().map(|(index, line)| update(index, line)).collect();
    if let (Some(evidence), Some(first)) = (committed, incident.updates.first_mut()) {
        first.evidence = evidence;
    }
    incident
}

fn update(index: usize, line: &str) -> Update {
    let mut words = line.split_whitespace();
    let stage = words.next().unwrap();
    let of_incident = IncidentStatus::ALL.into_iter().find(|status| status.word() == stage).map(Stage::Incident);
    let of_work = MaintenanceStatus::ALL.into_iter().find(|status| status.word() == stage).map(Stage::Maintenance);
    let posted = PostedAt::Written(at(words.next().unwrap()));
    let state = |word: &str| {
        let (id, state) = word.split_once('=').unwrap();
        let known = ComponentState::ALL.into_iter().find(|known| known.word() == state);
        (Slug::new(id).unwrap(), known.unwrap_or_else(|| panic!("no state `{state}`")))
    };
    Update {
        id: index.to_string(),
        stage: of_incident.or(of_work).unwrap_or(Stage::Note),
        posted,
        body: Markdown::default(),
        states: words.map(state).collect(),
        line: 1,
        next: None,
        evidence: Evidence::None,
        edits: Vec::new(),
    }
}
