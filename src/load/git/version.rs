//! One version of a post, as far as its history matters: its updates and what it promised. Read by the same code that
//! reads posts for the page, so that the updates of both are the same.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::load::files;
use crate::load::post::{self, Parsed, PostFile, Role};
use crate::model::{Config, Incident, IncidentStatus, MaintenanceStatus, PostedAt, Rfo, Stage};

/// A version.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Version {
    pub is_rfo: bool,
    /// In the order of the file. The text of a report is one.
    pub updates: Vec<Said>,
    /// The place of the newest of them, and when the file promises the next, in seconds since 1970.
    pub newest: usize,
    pub next: Option<i64>,
    /// What a report promises, and by when.
    pub promises: Vec<(String, Option<Date>)>,
}

/// An update in one version.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Said {
    pub stage: StageCode,
    pub when: When,
    /// Of its text without regard to white space.
    pub hash: u64,
    /// Kept only while the history is read.
    #[serde(skip)]
    pub text: Option<String>,
}

/// When an update says that it was posted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(super) enum When {
    /// Seconds since 1970.
    At(i64),
    /// The noon of the day, UTC.
    Day(i64),
    Unsaid,
}

/// A stage as a number that the cache may hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(super) struct StageCode(u8);

const NOTE: u8 = 100;
const REPORT: u8 = 101;

impl StageCode {
    fn of(stage: Stage) -> StageCode {
        let place = |found: Option<usize>| found.and_then(|at| u8::try_from(at).ok()).unwrap_or(NOTE);
        StageCode(match stage {
            Stage::Incident(status) => place(IncidentStatus::ALL.iter().position(|known| *known == status)),
            Stage::Maintenance(status) => 10 + place(MaintenanceStatus::ALL.iter().position(|known| *known == status)),
            Stage::Note => NOTE,
        })
    }

    /// `None` for a report.
    pub fn stage(self) -> Option<Stage> {
        match self.0 {
            NOTE => Some(Stage::Note),
            at @ 0..10 => IncidentStatus::ALL.get(usize::from(at)).map(|&status| Stage::Incident(status)),
            at @ 10..20 => MaintenanceStatus::ALL.get(usize::from(at - 10)).map(|&status| Stage::Maintenance(status)),
            _ => None,
        }
    }
}

impl Version {
    /// Of a file that was committed; `None` where nothing of it is published.
    pub fn read(path: &str, bytes: &[u8], config: &Config) -> Option<Version> {
        let (stem, is_rfo) = files::published_post(path)?;
        let role = if is_rfo { Role::RfoOf(stem) } else { Role::Post };
        match post::parse(&PostFile { path, stem, role, bytes }, config).value {
            Parsed::Incident(incident, _) => Some(Version::of_incident(&incident).0),
            Parsed::Rfo(rfo, _, _) => Some(Version::of_rfo(&rfo)),
            Parsed::HeldBack => None,
        }
    }

    /// With, for each of its updates, the place among the incident's own.
    pub fn of_incident(incident: &Incident) -> (Version, Vec<usize>) {
        let mut order: Vec<usize> = (0..incident.updates.len()).collect();
        order.sort_by_key(|&at| incident.updates.get(at).map(|update| update.line));
        let said = |&at: &usize| {
            let update = incident.updates.get(at)?;
            Some(Said {
                stage: StageCode::of(update.stage),
                when: when(update.posted),
                hash: hash(&update.body.text),
                text: Some(update.body.text.clone()),
            })
        };
        let version = Version {
            is_rfo: false,
            updates: order.iter().filter_map(said).collect(),
            newest: order.iter().enumerate().max_by_key(|(_, at)| **at).map_or(0, |(place, _)| place),
            next: incident.next_update.map(Timestamp::as_second),
            promises: Vec::new(),
        };
        (version, order)
    }

    pub fn of_rfo(rfo: &Rfo) -> Version {
        let said = Said {
            stage: StageCode(REPORT),
            when: when(rfo.published),
            hash: hash(&rfo.body.text),
            text: Some(rfo.body.text.clone()),
        };
        Version {
            is_rfo: true,
            updates: vec![said],
            newest: 0,
            next: None,
            promises: rfo.follow_ups.iter().map(|follow_up| (follow_up.what.text.clone(), follow_up.due)).collect(),
        }
    }
}

fn when(posted: PostedAt) -> When {
    match posted {
        PostedAt::Written(at) | PostedAt::FromGit(at) => When::At(at.as_second()),
        PostedAt::Day(day) => jiff::tz::Offset::UTC
            .to_timestamp(day.at(12, 0, 0, 0))
            .map_or(When::Unsaid, |noon| When::Day(noon.as_second())),
        PostedAt::Unknown => When::Unsaid,
    }
}

fn hash(text: &str) -> u64 {
    let mut hasher = blake3::Hasher::new();
    for word in text.split_whitespace() {
        hasher.update(word.as_bytes()).update(b" ");
    }
    let mut bytes = [0; 8];
    hasher.finalize_xof().fill(&mut bytes);
    u64::from_le_bytes(bytes)
}
