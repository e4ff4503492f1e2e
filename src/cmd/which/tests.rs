//! What somebody types, and what is taken for it.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::*;
use crate::derive::{IncidentFacts, Moment};
use crate::model::{
    Component, ComponentState, Config, Evidence, Impact, IncidentStatus, Markdown, PostedAt, SiteUrl, Slug, Stage,
    ThemeFiles, Update, Zone,
};

/// Four incidents, of which the last two are open.
const SLUGS: [(&str, &str); 4] = [
    ("2026-01-10-imap-slow", "IMAP is slow"),
    ("2026-02-20-webmail-down", "Webmail cannot be reached"),
    ("2026-11-24-imap-logins-failing", "IMAP logins failing"),
    ("2026-11-24-sending-delayed", "Sending is delayed"),
];

pub fn slug(text: &str) -> Slug {
    Slug::from_text(text).unwrap_or_else(|| unreachable!("a slug of the test"))
}

/// A site of these incidents, the last `open` of which are open.
pub fn site(slugs: &[(&str, &str)], open: usize) -> (Site, Derived) {
    let incidents: Vec<Incident> = slugs.iter().map(|(name, title)| incident(name, title)).collect();
    let first_open = incidents.len() - open;
    let facts = (0..incidents.len()).map(|index| facts(index, index >= first_open)).collect();
    let derived = Derived {
        now: Timestamp::UNIX_EPOCH,
        incidents: facts,
        rfos: Vec::new(),
        components: Vec::new(),
        overall: ComponentState::Operational,
        group_uptime: Vec::new(),
        unexplained: Vec::new(),
        silent_since: None,
        open: (first_open..incidents.len()).collect(),
        maintenance_active: Vec::new(),
        maintenance_upcoming: Vec::new(),
        announcements: Vec::new(),
        months: std::collections::BTreeMap::new(),
        reports: Vec::new(),
        due: None,
        promises: crate::derive::promises::Ledger::default(),
        record: crate::derive::response::Record::default(),
    };
    let site = Site {
        config: config(),
        incidents,
        rfos: Vec::new(),
        pictures: Vec::new(),
        links: crate::model::LinkTargets::default(),
        theme: ThemeFiles::default(),
        monitoring: crate::model::Monitoring::default(),
        detections: Vec::new(),
        deliveries: Default::default(),
        commit: None,
    };
    (site, derived)
}

fn config() -> Config {
    let component = |id: &str, name: &str| Component {
        id: slug(id),
        name: name.to_owned(),
        description: None,
        group: Some(slug("mail")),
        watch: crate::model::Watch::default(),
    };
    Config {
        title: "Status".to_owned(),
        url: SiteUrl::new("https://status.fjordpost.example").unwrap_or_else(|| unreachable!("an address of the test")),
        zone: Zone { name: "UTC".to_owned(), tz: TimeZone::UTC },
        language: "en".to_owned(),
        description: None,
        logo: None,
        support: None,
        links: Vec::new(),
        footer: None,
        brand: crate::model::Brand::default(),
        components: vec![component("imap", "IMAP"), component("smtp", "Sending")],
        groups: vec![crate::model::Group { id: slug("mail"), name: "Mail".to_owned(), description: None }],
        checklist: Vec::new(),
        promise: crate::model::Promise::default(),
        show_edits: crate::model::ShowEdits::Mark,
        accounts: None,
        monitoring: crate::model::MonitoringConfig::default(),
        publishing: Default::default(),
        channels: Vec::new(),
        channels_left_out: Vec::new(),
        show_deliveries: false,
    }
}

fn incident(name: &str, title: &str) -> Incident {
    Incident {
        slug: slug(name),
        aliases: Vec::new(),
        source: format!("incidents/{name}.md"),
        kind: Kind::Incident,
        title: title.to_owned(),
        components: Vec::new(),
        impact: Impact::Major,
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
        updates: vec![Update {
            id: "x".to_owned(),
            stage: Stage::Incident(IncidentStatus::Investigating),
            posted: PostedAt::Unknown,
            body: Markdown::new("Slow."),
            states: Vec::new(),
            line: 1,
            next: None,
            evidence: Evidence::None,
            edits: Vec::new(),
        }],
    }
}

fn facts(index: usize, is_open: bool) -> IncidentFacts {
    let at =
        Timestamp::from_second(i64::try_from(index).unwrap_or_default()).map_or(Moment::At(Timestamp::MIN), Moment::At);
    let status = if is_open { IncidentStatus::Identified } else { IncidentStatus::Resolved };
    IncidentFacts {
        phase: if is_open { Phase::Ongoing } else { Phase::Over },
        stage: Stage::Incident(status),
        started: at,
        ended: (!is_open).then_some(at),
        changes: Vec::new(),
        states: Vec::new(),
        worst: ComponentState::PartialOutage,
        rfo: None,
        next_update: None,
        updated: at,
        detections: Vec::new(),
        measured: None,
        taken_over: Vec::new(),
        response: None,
        owed: crate::derive::promises::Owed::No,
        length: None,
    }
}

fn check(open: usize, query: Option<&str>, purpose: Purpose, expected: &str) {
    let (site, derived) = site(&SLUGS, open);
    let found = match which(&site, &derived, query, purpose) {
        Ok(index) => site.incidents[index].slug.to_string(),
        Err(Failure::Said { what, cure }) => format!("{what}: {}", cure.unwrap_or_default()),
        Err(other) => format!("{other:?}"),
    };
    assert_eq!(found, expected);
}

#[test]
fn a_slug_a_path_or_a_part_will_do() {
    for query in ["2026-02-20-webmail-down", "webmail", "incidents/2026-02-20-webmail-down.md", "CANNOT BE", "2026-02"]
    {
        check(2, Some(query), Purpose::Update, "2026-02-20-webmail-down");
    }
}

#[test]
fn of_several_the_open_one_is_meant_and_for_a_report_the_one_that_is_over() {
    check(2, Some("imap"), Purpose::Update, "2026-11-24-imap-logins-failing");
    check(2, Some("imap"), Purpose::Report, "2026-01-10-imap-slow");
}

#[test]
fn without_a_name_the_only_open_one_is_meant() {
    check(1, None, Purpose::Update, "2026-11-24-sending-delayed");
    check(2, None, Purpose::Report, "2026-02-20-webmail-down");
}

#[test]
fn where_several_fit_they_are_listed() {
    let list = "one of\n  2026-11-24-sending-delayed  Sending is delayed\n  2026-11-24-imap-logins-failing  IMAP logins failing";
    check(2, None, Purpose::Update, &format!("2 are open: say which: {list}"));
    check(2, Some("2026-11"), Purpose::Update, &format!("2 incidents fit `2026-11`: {list}"));
}

#[test]
fn a_typo_gets_the_nearest_slug() {
    check(
        2,
        Some("sending-delaid"),
        Purpose::Update,
        "no incident fits `sending-delaid`: did you mean `2026-11-24-sending-delayed`?",
    );
    check(2, Some("dns"), Purpose::Update, "no incident fits `dns`: give a slug or a part of a title");
}
