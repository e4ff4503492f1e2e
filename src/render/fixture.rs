//! A small site by hand, for the tests of this room: everything that programs read is made from it.

#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use super::keys::Keys;
use super::machine::{FeedWords, Source};
use super::output::Output;
use super::targets::Targets;
use crate::derive::uptime::{Bar, BarClass, LatencyDay, Slice, SliceKind, Span, Sum, Uptime, Window};
use crate::derive::{ComponentFacts, Derived, IncidentFacts, Moment, Month, Phase, RfoFacts};
use crate::model::{
    Brand, Component, ComponentState, Config, Detection, DetectionKind, Evidence, Group, Impact, Incident,
    IncidentStatus, Interval, Kind, MaintenanceStatus, Markdown, Places, PostedAt, Promise, Rfo, Site, SiteUrl, Slug,
    Stage, ThemeFiles, Update, Zone,
};

/// What an outside world might send: everything that has a meaning in XML, iCalendar or JSON, or that misleads.
pub(crate) const HOSTILE: &str = "<b>&\"']]>; \\n,\u{202e}\u{1}\u{ffff} {title} ☃😀";

pub(crate) struct Fixture {
    pub site: Site,
    pub derived: Derived,
    pub(super) words: FeedWords,
}

impl Fixture {
    pub(super) fn source(&self) -> Source<'_> {
        Source { site: &self.site, derived: &self.derived, words: &self.words, targets: Targets::new(&self.site) }
    }

    pub(super) fn keys(&self) -> Keys {
        Keys::of(&self.site, &self.derived)
    }

    /// Gives a component three days of uptime, half an hour and half a second of it lost.
    pub fn measured(&mut self, id: &str) {
        let place = self.site.config.components.iter().position(|component| component.id.as_str() == id).unwrap();
        self.derived.components[place].uptime = Some(Arc::new(uptime()));
    }

    /// The uptime of a component that was measured, to be changed.
    pub fn uptime(&mut self, id: &str) -> &mut Uptime {
        let place = self.site.config.components.iter().position(|component| component.id.as_str() == id).unwrap();
        Arc::get_mut(self.derived.components[place].uptime.as_mut().unwrap()).unwrap()
    }
}

/// The text of the output at that path.
#[track_caller]
pub(super) fn made(outputs: &[Output<'_>], path: &str) -> String {
    let output = outputs.iter().find(|output| output.path.as_str() == path);
    String::from_utf8(crate::write::bytes(output.unwrap()).unwrap()).unwrap()
}

pub(crate) fn slug(text: &str) -> Slug {
    Slug::new(text).unwrap()
}

pub(crate) fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// A site on which, at noon of 30 March 2022: an attack is over and has a report, mail is slow, and work is planned.
pub(crate) fn fixture() -> Fixture {
    let now = at("2022-03-30T12:00:00Z");
    let incidents = vec![attack(), slow(), moved_work(), planned_work(), alarm()];
    let rfos = vec![report()];
    let facts: Vec<_> = incidents.iter().map(|incident| facts(incident, now)).collect();
    let config = config();
    let newest = |id: &Slug| {
        let mut touched: Vec<usize> = (0..incidents.len())
            .filter(|&index| incidents[index].components.contains(id) && facts[index].phase != Phase::Upcoming)
            .collect();
        touched.sort_by_key(|&index| std::cmp::Reverse(facts[index].started.timestamp(&config)));
        touched
    };
    let components = config.components.iter().map(|component| {
        let state = match component.id.as_str() {
            "imap" => ComponentState::DegradedPerformance,
            _ => ComponentState::Operational,
        };
        ComponentFacts {
            state,
            because: Vec::new(),
            history: newest(&component.id),
            last_trouble_ended: None,
            watched: None,
            uptime: None,
        }
    });
    let derived = Derived {
        now,
        components: components.collect(),
        overall: ComponentState::DegradedPerformance,
        group_uptime: Vec::new(),
        unexplained: Vec::new(),
        silent_since: None,
        open: vec![1],
        maintenance_active: Vec::new(),
        maintenance_upcoming: vec![3],
        announcements: Vec::new(),
        months: BTreeMap::from([
            (Month { year: 2021, month: 12 }, vec![2]),
            (Month { year: 2022, month: 3 }, vec![1, 0, 4]),
        ]),
        reports: vec![0],
        due: None,
        promises: crate::derive::promises::Ledger::default(),
        record: crate::derive::response::Record::default(),
        rfos: vec![RfoFacts {
            incident: Some(0),
            published: Moment::At(at("2022-03-30T10:00:00Z")),
            follow_ups: vec![],
        }],
        incidents: facts,
    };
    let site = Site {
        config,
        incidents,
        rfos,
        pictures: Vec::new(),
        links: crate::model::LinkTargets::default(),
        theme: ThemeFiles::default(),
        monitoring: crate::model::Monitoring::default(),
        detections: Vec::new(),
        deliveries: Default::default(),
        commit: None,
    };
    Fixture { site, derived, words: words() }
}

fn config() -> Config {
    let component = |id: &str, name: &str, group: Option<&str>| Component {
        id: slug(id),
        name: name.to_owned(),
        description: None,
        group: group.map(slug),
        watch: crate::model::Watch::default(),
    };
    Config {
        title: "Fjordpost status".to_owned(),
        url: SiteUrl::new("https://status.fjordpost.example").unwrap(),
        zone: Zone { name: "Europe/Oslo".to_owned(), tz: TimeZone::get("Europe/Oslo").unwrap() },
        language: "en".to_owned(),
        description: None,
        logo: None,
        support: None,
        links: Vec::new(),
        footer: None,
        brand: Brand::default(),
        components: vec![
            component("imap", "IMAP", Some("mail")),
            component("pop", "POP", Some("mail")),
            component("web", "Website", None),
        ],
        groups: vec![Group { id: slug("mail"), name: "Mail".to_owned(), description: None }],
        checklist: Vec::new(),
        promise: Promise::default(),
        show_edits: crate::model::ShowEdits::Mark,
        accounts: None,
        monitoring: crate::model::MonitoringConfig::default(),
        publishing: Default::default(),
        channels: Vec::new(),
        channels_left_out: Vec::new(),
        show_deliveries: false,
    }
}

pub(crate) fn update(id: &str, stage: Stage, posted: PostedAt, body: &str) -> Update {
    Update {
        id: id.to_owned(),
        stage,
        posted,
        body: Markdown::new(body),
        states: Vec::new(),
        line: 1,
        next: None,
        evidence: Evidence::None,
        edits: Vec::new(),
    }
}

pub(crate) fn incident(name: &str, kind: Kind, title: &str, components: &[&str], updates: Vec<Update>) -> Incident {
    Incident {
        slug: slug(name),
        aliases: Vec::new(),
        source: format!("incidents/{name}.md"),
        kind,
        title: title.to_owned(),
        components: components.iter().map(|id| slug(id)).collect(),
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
        updates,
    }
}

fn attack() -> Incident {
    use IncidentStatus::{Identified, Investigating, Resolved};
    let update = |id, status, posted, body| update(id, Stage::Incident(status), PostedAt::Written(at(posted)), body);
    let updates = vec![
        update(
            "20220329-0920-investigating",
            Investigating,
            "2022-03-29T09:20:00Z",
            "Some of you can't log in. We look into it.",
        ),
        update(
            "20220329-1012-identified",
            Identified,
            "2022-03-29T10:12:00Z",
            "Somebody tries *many* passwords; see [planned work](/maintenance/).\n\nUse webmail < IMAP.",
        ),
        update("20220329-2205-resolved", Resolved, "2022-03-29T22:05:00Z", "All logins work."),
    ];
    Incident {
        aliases: vec![slug("2022-03-29-logins")],
        impact: Impact::Major,
        ..incident("2022-03-29-imap-logins", Kind::Incident, "IMAP logins failing", &["imap", "pop"], updates)
    }
}

fn slow() -> Incident {
    let stage = Stage::Incident(IncidentStatus::Investigating);
    let day = PostedAt::Day(Date::new(2022, 3, 30).unwrap());
    let updates = vec![update("20220330-investigating", stage, day, HOSTILE)];
    Incident { impact: Impact::Minor, ..incident("2022-03-30-slow", Kind::Incident, HOSTILE, &["imap"], updates) }
}

fn moved_work() -> Incident {
    use MaintenanceStatus::{Cancelled, Scheduled};
    let window = crate::model::Window { starts: Some(at("2021-12-31T22:30:00Z")), ends: None };
    let posted = |text| PostedAt::Written(at(text));
    let updates = vec![
        update(
            "20211220-0900-scheduled",
            Stage::Maintenance(Scheduled),
            posted("2021-12-20T09:00:00Z"),
            "We move the website.",
        ),
        update("20211230-0900-cancelled", Stage::Maintenance(Cancelled), posted("2021-12-30T09:00:00Z"), "Called off."),
    ];
    incident("2021-12-31-move", Kind::Maintenance(window), "Website moves", &["web"], updates)
}

fn planned_work() -> Incident {
    let window =
        crate::model::Window { starts: Some(at("2022-04-02T22:00:00Z")), ends: Some(at("2022-04-03T02:00:00Z")) };
    let stage = Stage::Maintenance(MaintenanceStatus::Scheduled);
    let body = "We replace the disks of all POP servers, one after the other; each is away for about five minutes.\n\nNo mail is lost.";
    let updates = vec![update("20220328-0800-scheduled", stage, PostedAt::FromGit(at("2022-03-28T08:00:00Z")), body)];
    incident("2022-04-03-disks", Kind::Maintenance(window), "New disks, faster POP", &["pop"], updates)
}

fn alarm() -> Incident {
    let posted = PostedAt::Written(at("2022-03-01T12:00:00Z"));
    let updates = vec![update("20220301-1200-note", Stage::Note, posted, "A check was wrong.")];
    incident("2022-03-01-alarm", Kind::FalseAlarm, "Website not reached", &["web"], updates)
}

fn report() -> Rfo {
    Rfo {
        slug: slug("2022-03-29-imap-logins"),
        aliases: Vec::new(),
        source: "incidents/2022-03-29-imap-logins/rfo.md".to_owned(),
        incident: Some(slug("2022-03-29-imap-logins")),
        title: "Password attack on IMAP".to_owned(),
        published: PostedAt::Written(at("2022-03-30T10:00:00Z")),
        cause: None,
        started: None,
        ended: None,
        duration: None,
        authors: Vec::new(),
        follow_ups: Vec::new(),
        body: Markdown::new("It began at night. More below.\n\n## Cause\nWeak limits."),
        evidence: Evidence::None,
        edits: Vec::new(),
    }
}

/// A detection of the website, under way since 9:02.
pub(crate) fn detection(id: &str) -> Detection {
    Detection {
        id: slug(id),
        components: vec![slug("web")],
        kind: DetectionKind::Down,
        start: at("2022-04-01T09:02:00Z"),
        detected: at("2022-04-01T09:05:00Z"),
        outages: Vec::new(),
        places: Places::default(),
        recovering: None,
        end: None,
        closed: None,
        openings: vec![at("2022-04-01T09:05:00Z")],
        unstable: false,
        published: Some(at("2022-04-01T09:06:00Z")),
        held_back: None,
        covered_by: None,
        withdrawn: false,
        thresholds: String::new(),
        revision: 1,
    }
}

fn facts(incident: &Incident, now: Timestamp) -> IncidentFacts {
    let config = config();
    let moment = |update: &Update| Moment::of(update.posted, now, &config);
    let (first, last) = (incident.updates.first().unwrap(), incident.updates.last().unwrap());
    let planned = match incident.kind {
        Kind::Maintenance(window) => window.starts,
        _ => None,
    };
    let phase = match planned {
        _ if last.stage.is_end() => Phase::Over,
        Some(starts) if starts > now => Phase::Upcoming,
        _ => Phase::Ongoing,
    };
    let change = |update: &Update| {
        let state = if update.stage.is_end() { ComponentState::Operational } else { incident.impact.state() };
        incident.components.iter().map(|id| (id.clone(), state)).collect()
    };
    IncidentFacts {
        phase,
        stage: last.stage,
        started: planned.map_or(moment(first), Moment::At),
        ended: (phase == Phase::Over).then(|| moment(last)),
        changes: incident.updates.iter().map(change).collect(),
        states: Vec::new(),
        worst: incident.impact.state(),
        rfo: (incident.slug.as_str() == "2022-03-29-imap-logins").then_some(0),
        next_update: None,
        updated: moment(last),
        detections: Vec::new(),
        measured: None,
        taken_over: Vec::new(),
        response: None,
        owed: crate::derive::promises::Owed::No,
        length: None,
    }
}

/// A moment so many days after `start`.
pub(crate) fn days_after(start: &str, days: i64) -> Timestamp {
    at(start) + SignedDuration::from_hours(24 * days)
}

fn uptime() -> Uptime {
    let lost_ms = 1_800_500;
    let day_ms = 86_400_000;
    let sum = |days: i64, not_monitored_days: i64| Sum {
        window_ms: days * day_ms,
        up_ms: (days - not_monitored_days) * day_ms - lost_ms,
        trouble_ms: lost_ms,
        not_monitored_ms: not_monitored_days * day_ms,
        lost: i128::from(lost_ms) * 1000,
        results: 1440,
        failing: 31,
        ..Sum::default()
    };
    let now = at("2022-03-30T12:00:00Z");
    let window = |span, days, not_monitored_days| Window {
        span,
        start: now - SignedDuration::from_hours(24 * days),
        end: now,
        sum: sum(days, not_monitored_days),
    };
    let slice = Slice {
        interval: Interval::new(at("2022-03-29T22:00:00Z"), at("2022-03-29T22:30:00.5Z")).unwrap(),
        what: SliceKind::Trouble,
        weight: 1000,
        of: Some(slug("2022-03-29-imap-logins")),
    };
    Uptime {
        windows: vec![window(Span::Hours24, 1, 0), window(Span::Days7, 7, 4)],
        bars: vec![Bar {
            day: Date::new(2022, 3, 30).unwrap(),
            class: BarClass::Partial,
            sum: sum(1, 0),
            sparse: false,
            incidents: vec![0],
        }],
        latency: vec![LatencyDay {
            day: Date::new(2022, 3, 29).unwrap(),
            count: 1409,
            p50_us: 12_000,
            p95_us: 20_500,
            p99_us: 41_000,
        }],
        slices: vec![slice],
    }
}

fn words() -> FeedWords {
    let word = str::to_owned;
    FeedWords {
        feed_title: word("{site}: {name}"),
        promises: word("Promises"),
        promise_made: word("Promised"),
        promise_done: word("Done"),
        promise_overdue: word("Overdue"),
        promise_due: word("Due {day}."),
        entry_title: word("{title}: {stage}"),
        history_title: word("{site} - Incident History"),
        reports: word("Reports"),
        report: word("Report"),
        maintenance: word("Maintenance"),
        investigating: word("Investigating"),
        identified: word("Identified"),
        monitoring: word("Monitoring"),
        resolved: word("Resolved"),
        scheduled: word("Scheduled"),
        in_progress: word("In progress"),
        verifying: word("Verifying"),
        completed: word("Completed"),
        cancelled: word("Cancelled"),
        announcement: word("Announcement"),
        false_alarm: word("False alarm"),
        noticed: word("Noticed by our checks"),
        impact_none: word("No impact"),
        impact_minor: word("Minor impact"),
        impact_major: word("Major impact"),
        impact_critical: word("Critical impact"),
        operational: word("Operational"),
        under_maintenance: word("Under maintenance"),
        degraded_performance: word("Degraded performance"),
        partial_outage: word("Partial outage"),
        major_outage: word("Major outage"),
        uptime_days: word("{name}, 90\u{a0}days"),
        percent: word("{number}\u{a0}%"),
        number_decimal: word(","),
    }
}

/// Panics at a field that the schema does not name, or that it wants and that is not there.
#[track_caller]
pub(super) fn assert_described(value: &serde_json::Value, schema: &serde_json::Value, root: &serde_json::Value) {
    let resolved = |schema: &serde_json::Value| match schema["$ref"].as_str() {
        Some(reference) => root.pointer(reference.trim_start_matches('#')).unwrap().clone(),
        None => schema.clone(),
    };
    let choice = schema["anyOf"].as_array().and_then(|choices| choices.first());
    let schema = resolved(choice.unwrap_or(schema));
    match value {
        serde_json::Value::Object(fields) => {
            for (name, field) in fields {
                let described = &schema["properties"][name];
                assert!(!described.is_null(), "{name} is not in the schema");
                assert_described(field, described, root);
            }
            for wanted in schema["required"].as_array().into_iter().flatten() {
                assert!(fields.contains_key(wanted.as_str().unwrap()), "{wanted} is not in the file");
            }
        }
        serde_json::Value::Array(items) => items.iter().for_each(|item| assert_described(item, &schema["items"], root)),
        _ => {}
    }
}
