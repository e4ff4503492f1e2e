//! A made-up site for pages to be looked at: a bad Tuesday, and what stands around it.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use crate::derive::{Derived, derive};
use crate::model::{
    Accounts, Brand, Component, Config, Evidence, FollowUp, Group, Impact, Incident, IncidentStatus, Kind, Link,
    MaintenanceStatus, Markdown, PostedAt, Promise, Rfo, Site, SiteUrl, Slug, Stage, ThemeFiles, Update, Window, Zone,
};
use crate::render::Theme;

pub(in crate::render) fn slug(text: &str) -> Slug {
    Slug::new(text).unwrap()
}

pub(in crate::render) fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// The built-in theme, as it stands in the repository.
pub(in crate::render) fn theme_files() -> ThemeFiles {
    fn collect(root: &Path, folder: &Path, files: &mut BTreeMap<String, Vec<u8>>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                collect(root, &path, files);
            } else {
                let name = path.strip_prefix(root).unwrap().to_str().unwrap().replace('\\', "/");
                files.insert(name, fs::read(&path).unwrap());
            }
        }
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("theme");
    let mut files = BTreeMap::new();
    collect(&root, &root, &mut files);
    ThemeFiles(files)
}

pub(in crate::render) fn theme(site: &Site) -> Theme {
    Theme::new(&site.theme, &site.config).map_err(|errors| format!("{errors:?}")).unwrap()
}

pub(in crate::render) fn config() -> Config {
    let component = |id: &str, name: &str, group: &str, description: &str| Component {
        id: slug(id),
        name: name.to_owned(),
        description: Some(description.to_owned()),
        group: Slug::new(group),
        watch: crate::model::Watch::default(),
    };
    let group = |id: &str, name: &str| Group { id: slug(id), name: name.to_owned(), description: None };
    Config {
        title: "Fjordpost status".to_owned(),
        url: SiteUrl::new("https://status.fjordpost.example").unwrap(),
        zone: Zone { name: "Europe/Oslo".to_owned(), tz: TimeZone::get("Europe/Oslo").unwrap() },
        language: "en".to_owned(),
        description: None,
        logo: None,
        support: Some("https://fjordpost.example/help".to_owned()),
        links: vec![Link { name: "Fjordpost".to_owned(), url: "https://fjordpost.example".to_owned() }],
        footer: Some(Markdown::new("Fjordpost AS, Bergen.")),
        brand: Brand::default(),
        components: vec![
            component("imap", "IMAP", "mail", "Reading mail with a mail program or a phone."),
            component("pop", "POP", "mail", "Fetching mail with a mail program."),
            component("smtp", "Sending (SMTP)", "mail", "Sending mail with a mail program or a phone."),
            component("mx", "Receiving", "mail", "Mail from others to you."),
            component("webmail", "Webmail", "web", "Mail in the browser."),
            component("calendar", "Calendar and contacts", "web", "In the browser and on phones."),
            component("site", "Website and sign-up", "web", "fjordpost.example and new accounts."),
        ],
        groups: vec![group("mail", "Mail"), group("web", "Web")],
        checklist: Vec::new(),
        promise: Promise { rebuild: Some(SignedDuration::from_mins(5)), next_update: None, ..Promise::default() },
        show_edits: crate::model::ShowEdits::Mark,
        accounts: None,
        monitoring: crate::model::MonitoringConfig::default(),
        publishing: Default::default(),
        channels: Vec::new(),
        channels_left_out: Vec::new(),
        show_deliveries: false,
    }
}

pub(in crate::render) fn incident(slug_text: &str, title: &str, impact: Impact, components: &[&str]) -> Incident {
    Incident {
        slug: slug(slug_text),
        aliases: Vec::new(),
        source: format!("incidents/{slug_text}.md"),
        kind: Kind::Incident,
        title: title.to_owned(),
        components: components.iter().map(|id| slug(id)).collect(),
        impact,
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
    }
}

impl Incident {
    pub(in crate::render) fn told(mut self, status: IncidentStatus, time: &str, text: &str) -> Incident {
        self.push(Stage::Incident(status), PostedAt::Written(at(time)), text);
        self
    }

    pub(in crate::render) fn planned(mut self, status: MaintenanceStatus, time: &str, text: &str) -> Incident {
        self.push(Stage::Maintenance(status), PostedAt::Written(at(time)), text);
        self
    }

    pub(in crate::render) fn noted(mut self, kind: Kind, time: &str, text: &str) -> Incident {
        self.kind = kind;
        self.push(Stage::Note, PostedAt::Written(at(time)), text);
        self
    }

    fn push(&mut self, stage: Stage, posted: PostedAt, text: &str) {
        let id = match posted {
            PostedAt::Written(at) | PostedAt::FromGit(at) => {
                format!("{}-{}", at.strftime("%Y%m%d-%H%M"), stage.word())
            }
            PostedAt::Day(day) => format!("{day}-{}", stage.word()),
            PostedAt::Unknown => format!("x-{}", stage.word()),
        };
        let line = u32::try_from(self.updates.len()).unwrap() + 1;
        self.updates.push(Update {
            id,
            stage,
            posted,
            body: Markdown::new(text),
            states: Vec::new(),
            line,
            next: None,
            evidence: Evidence::None,
            edits: Vec::new(),
        });
    }
}

const MINUTES: [(&str, &str); 16] = [
    (
        "10:55",
        "No change. The filter at our network provider lets fewer attempts through; logins still fail for the same accounts.",
    ),
    ("11:30", "Two fresh login servers are up. We move accounts to them one network at a time."),
    (
        "11:58",
        "The login servers are flooded with attempts from outside. Your password is safe, and your mail keeps arriving; it waits for you on the server. We are moving logins to fresh servers one network at a time. About a third is done.",
    ),
    ("12:29", "Half are moved. The slow calendar noticed at 14:11 has the same cause and is over."),
    ("13:05", "The attack has grown; moved accounts fail again now and then. We slow down to keep what works."),
    ("13:45", "No change. Webmail, sending and receiving are not touched."),
    ("14:20", "A third login server is being set up."),
    ("15:00", "It takes longer than we said at 16:20: a certificate was missing."),
    ("15:20", "The third server is up. We test it with our own accounts first."),
    ("16:02", "The tests went well. We move accounts again, 400 at a time. We should have written by 17:50; sorry."),
    ("16:40", "Two thirds are moved."),
    ("17:20", "Four fifths are moved."),
    ("18:00", "POP works for all accounts we tried."),
    ("18:30", "The last accounts are being moved."),
    ("18:31", "Nearly there."),
    ("18:45", "Done; we look at what is left."),
];

/// The bad Tuesday, until `now`.
fn tuesday(now: Timestamp) -> Incident {
    use IncidentStatus::{Identified, Investigating, Monitoring, Resolved};
    let mut told = incident("2022-03-29-imap-logins-failing", "IMAP and POP logins failing", Impact::Major, &["imap", "pop"])
        .told(Investigating, "2022-03-29T09:06:00Z", "Some of you can’t log in with IMAP or POP. We are looking into it. Webmail works.")
        .told(Investigating, "2022-03-29T09:20:00Z", "The login servers answer too slowly. Leave your mail program as it is; the fault is ours. POP now fails for nearly everybody who is affected.")
        .told(Investigating, "2022-03-29T09:45:00Z", "We see far more login attempts than usual, from thousands of addresses. No account has been broken into.")
        .told(Identified, "2022-03-29T10:20:00Z", "It is an attack: somebody tries stolen passwords from other sites. Two of six login servers can’t keep up. About 12 % of accounts live on these two.");
    for (time, text) in MINUTES {
        told = told.told(Identified, &format!("2022-03-29T{time}:00Z"), text);
    }
    told = told
        .told(Monitoring, "2022-03-29T19:05:00Z", "Logins work again for most. POP is back for all; IMAP may need a second try. We watch through the night.")
        .told(Resolved, "2022-03-29T22:05:00Z", "All logins work, and have for 55 minutes. We owe you a report on why, and give it by Tuesday 5 April. Thank you for your patience; it was a long day to be without mail.");
    told.updates.retain(|update| matches!(update.posted, PostedAt::Written(at) if at <= now));
    told.started = Some(at("2022-03-29T09:00:00Z"));
    told.aliases = vec![slug("2022-03-29-logins")];
    told.affected = Some("About 12 % of accounts".to_owned());
    told.accounts = Some(Accounts::Exactly(4100));
    told.works = Some(Markdown::new("Webmail, sending and receiving work. No mail is lost."));
    told.meanwhile = Some(Markdown::new(
        "Use webmail: same address, same password.\n\nLeave your mail program as it is. Don't change the password or set the account up anew: the fault is ours, not your computer's.",
    ));
    told.next_update = Some(at("2022-03-29T12:30:00Z"));
    told
}

fn work(slug_text: &str, title: &str, components: &[&str], starts: &str, ends: &str, text: &str) -> Incident {
    let mut work = incident(slug_text, title, Impact::None, components);
    work.kind = Kind::Maintenance(Window { starts: Some(at(starts)), ends: Some(at(ends)) });
    let announced = at(starts).checked_sub(SignedDuration::from_hours(14 * 24)).unwrap().to_string();
    work.planned(MaintenanceStatus::Scheduled, &announced, text)
}

/// Everything there is, as of `now`.
pub(in crate::render) fn site(now: &str) -> (Site, Derived) {
    use IncidentStatus::{Investigating, Resolved};
    let now = at(now);
    let mut incidents = vec![
        incident("2021-11-06-large-providers", "Mail to large providers refused", Impact::Critical, &["smtp"])
            .told(Investigating, "2021-11-06T08:00:00Z", "Mail to some large providers is refused.")
            .told(Resolved, "2021-11-06T17:00:00Z", "They take our mail again."),
        incident("2022-02-09-alarm", "Webmail: alarm withdrawn", Impact::None, &["webmail"]).noted(
            Kind::FalseAlarm,
            "2022-02-09T02:22:00Z",
            "One check’s own line was down. Webmail was not touched.",
        ),
        incident("2022-02-16-folders", "Slow folder lists", Impact::Minor, &["imap"])
            .told(Investigating, "2022-02-16T18:12:00Z", "Folder lists are slow.")
            .told(Resolved, "2022-02-16T18:30:00Z", "Folder lists were slow for 18 minutes. Nothing was lost."),
        incident("2022-03-08-sent-mail", "Sent mail delayed", Impact::Major, &["smtp"])
            .told(Investigating, "2022-03-08T07:40:00Z", "Sent mail waits in our queue.")
            .told(Resolved, "2022-03-08T10:50:00Z", "The queue is empty again. All mail has left."),
        incident("2022-03-25-price", "Larger mailboxes from April", Impact::None, &[]).noted(
            Kind::Info,
            "2022-03-25T09:00:00Z",
            "From 1 April every mailbox has 20 GB. You need not do anything.",
        ),
        work(
            "2022-03-23-sign-in",
            "New sign-in page for webmail",
            &["webmail"],
            "2022-03-23T01:00:00Z",
            "2022-03-23T01:40:00Z",
            "You sign in on a new page. Your password stays.",
        ),
        work(
            "2022-03-29-cables",
            "New cables in Bergen",
            &["site"],
            "2022-03-29T12:00:00Z",
            "2022-03-29T13:00:00Z",
            "The website may be slow for some minutes.",
        ),
        work(
            "2022-04-20-database",
            "Database upgrade, webmail read-only",
            &["webmail", "calendar"],
            "2022-04-20T00:00:00Z",
            "2022-04-20T00:45:00Z",
            "You can read mail; settings can't be changed. IMAP and sending are not touched.",
        ),
        tuesday(now),
        incident("2022-03-29-calendar", "Calendar is slow", Impact::Minor, &["calendar"])
            .told(Investigating, "2022-03-29T12:11:00Z", "The calendar answers slowly. We look into it.")
            .told(Resolved, "2022-03-29T12:32:00Z", "It is as fast as before."),
        incident("2022-04-08-late", "Sent mail delayed again <b>", Impact::Minor, &["smtp"])
            .told(Investigating, "2022-04-08T14:05:00Z", "Sent mail is delayed.")
            .told(Resolved, "2022-04-08T14:31:00Z", "Some mail left up to 26 minutes late. Nothing was lost."),
    ];
    for incident in &mut incidents {
        incident.updates.retain(|update| matches!(update.posted, PostedAt::Written(at) if at <= now));
    }
    incidents.retain(|incident| !incident.updates.is_empty());
    incidents.sort_by(|a, b| a.source.cmp(&b.source));
    let site = Site {
        config: config(),
        incidents,
        rfos: vec![provider_report(), report("2022-03-29-imap-logins-failing")],
        pictures: Vec::new(),
        links: crate::model::LinkTargets::default(),
        theme: theme_files(),
        monitoring: crate::model::Monitoring::default(),
        detections: Vec::new(),
        deliveries: Default::default(),
        commit: Some("4e1f0c2".to_owned()),
    };
    let site = Site {
        rfos: site.rfos.into_iter().filter(|rfo| matches!(rfo.published, PostedAt::Written(at) if at <= now)).collect(),
        ..site
    };
    let derived = derive(&site, now);
    (site, derived)
}

fn report(of: &str) -> Rfo {
    let promise = |what: &str, due: &str, done: Option<&str>| FollowUp {
        what: Markdown::new(what),
        due: due.parse().ok(),
        done: done.and_then(|day| day.parse().ok()),
        link: None,
        dropped: None,
        owner: None,
        due_before: Vec::new(),
    };
    Rfo {
        slug: slug(of),
        aliases: Vec::new(),
        source: format!("incidents/{of}/rfo.md"),
        incident: Some(slug(of)),
        title: "Why logins failed on 29 March, and what we change".to_owned(),
        published: PostedAt::Written(at("2022-04-04T10:00:00Z")),
        cause: Some("Password attack".to_owned()),
        started: None,
        ended: None,
        duration: None,
        authors: vec!["the operations team".to_owned()],
        follow_ups: vec![
            promise("Turn the attempt limit on for all login servers", "2022-03-31", Some("2022-03-30")),
            promise("Check every morning that all servers have the same settings", "2022-04-05", Some("2022-04-07")),
            promise("Announce every login change to mail programs a week ahead", "2022-04-10", None),
            promise("Second login cluster in Bergen, tested by a switch-over", "2022-04-30", None),
        ],
        body: Markdown::new(
            "## In short\n\nFor thirteen hours, one account in eight could not log in with a mail program. Somebody tried millions of passwords stolen elsewhere against our login servers. Four of the six turned the flood away. Two did not, because a setting that limits attempts was missing on them, and everybody whose account lives on those two was locked out.\n\nNo account was broken into, no mail was lost, and webmail worked throughout. That it took thirteen hours and not one is our fault: we had no spare login servers ready, and building them by hand took the day.\n\n## Root cause\n\nEach login server counts failed attempts and slows down whoever fails too often. When two servers were replaced in February, they were built from an older description that did not have this limit.\n\n## What we change\n\nAll servers are now built from one description and compared every morning.",
        ),
        evidence: Evidence::None,
        edits: Vec::new(),
    }
}

fn provider_report() -> Rfo {
    Rfo {
        slug: slug("2021-11-06-large-providers"),
        aliases: vec![slug("2021-refused")],
        incident: Some(slug("2021-11-06-large-providers")),
        title: "Mail to large providers refused".to_owned(),
        published: PostedAt::Written(at("2021-11-10T10:00:00Z")),
        authors: Vec::new(),
        follow_ups: Vec::new(),
        ..report("2021-11-06-large-providers")
    }
}
