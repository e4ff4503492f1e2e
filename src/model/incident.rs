//! What staff write while something happens: incidents, maintenance, announcements and withdrawn alarms.

use jiff::Timestamp;
use jiff::civil::Date;

#[cfg(doc)]
use super::Detection;
use super::{ComponentState, Slug};

/// One incident file, read. Maintenance, announcements and false alarms are incidents of another [`Kind`]: they share
/// the file format, the URL space and most of the page.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Incident {
    /// Where it stands: `/incidents/<slug>/`.
    pub slug: Slug,
    /// Slugs that it had before; their URLs redirect. The first one made its id, which feeds keep for ever.
    pub aliases: Vec<Slug>,
    /// The file, from the site's root, with `/` between the parts.
    pub source: String,
    pub kind: Kind,
    pub title: String,
    /// Ids of the components it touches, in the config's order, each once; a group stands for all of its components.
    pub components: Vec<Slug>,
    pub impact: Impact,
    /// For whom, in a few plain words: "About 12 % of accounts".
    pub affected: Option<String>,
    pub accounts: Option<Accounts>,
    /// What still works (a sentence, inline Markdown).
    pub works: Option<Markdown>,
    /// What readers can do meanwhile (a sentence or two, Markdown).
    pub meanwhile: Option<Markdown>,
    /// Ids of notices that it is outright said to be about.
    pub covers: Vec<Slug>,
    /// When the writer promised to write again.
    pub next_update: Option<Timestamp>,
    /// When the impact began, where the writer says so (`started`); otherwise it began with the first update.
    pub started: Option<Timestamp>,
    /// Why no report is owed, though one would be (`rfo_waived`).
    pub rfo_waived: Option<String>,
    /// By when the report was promised (`rfo_due`), whatever the config says.
    pub rfo_due: Option<Date>,
    /// Text before the first status heading of a file that has such headings.
    pub intro: Option<Markdown>,
    /// Oldest first. Never empty: a file without any text has one update without words.
    pub updates: Vec<Update>,
}

impl Incident {
    /// What its id in feeds, calendar and API is made from: the first slug it was published under.
    pub fn first_slug(&self) -> &Slug {
        self.aliases.first().unwrap_or(&self.slug)
    }
}

/// What an incident file is about.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A disturbance.
    Incident,
    /// Planned work.
    Maintenance(Window),
    /// An announcement without impact.
    Info,
    /// An alarm that was none: it says why.
    FalseAlarm,
    /// No person wrote it: what monitors saw, published by the program itself. Its slug is the id of its [`Detection`].
    Notice,
}

/// When planned work is to be done. Either end may be missing in the file, and is then unknown. Never ends before it starts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Window {
    pub starts: Option<Timestamp>,
    pub ends: Option<Timestamp>,
}

/// How bad a disturbance is, for readers. Ordered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Impact {
    None,
    Minor,
    Major,
    Critical,
}

impl Impact {
    pub const ALL: [Impact; 4] = [Impact::None, Impact::Minor, Impact::Major, Impact::Critical];

    /// The word in files, CSS and JSON.
    pub fn word(self) -> &'static str {
        match self {
            Impact::None => "none",
            Impact::Minor => "minor",
            Impact::Major => "major",
            Impact::Critical => "critical",
        }
    }

    /// The state that it puts a component in, unless an update says otherwise.
    pub fn state(self) -> ComponentState {
        match self {
            Impact::None => ComponentState::Operational,
            Impact::Minor => ComponentState::DegradedPerformance,
            Impact::Major => ComponentState::PartialOutage,
            Impact::Critical => ComponentState::MajorOutage,
        }
    }
}

/// How many accounts a disturbance touches. An estimate stays one: nothing is computed from it here.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Accounts {
    Exactly(u64),
    /// Both ends included; the first is not greater.
    Between(u64, u64),
    /// A share in hundredths of a percent: 1250 is 12.5 %.
    Share(u32),
}

/// One step of a timeline, under one heading of the file.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Update {
    /// Its anchor on the page and the tail of its id in feeds: stage and UTC time, unique in its incident, such as
    /// `20220329-0920-investigating`.
    pub id: String,
    pub stage: Stage,
    pub posted: PostedAt,
    pub body: Markdown,
    /// Component states set from this update on (heading attributes), in the order written.
    pub states: Vec<(Slug, ComponentState)>,
    /// The line of its heading in the file, from 1.
    pub line: u32,
    /// When the next word was promised in it: of its heading (`{ next=14:30 }`), else the `next_update` that stood in the
    /// file when git first saw it.
    pub next: Option<Timestamp>,
    pub evidence: Evidence,
    /// Changes of its text after it was published, oldest first.
    pub edits: Vec<Edit>,
}

/// What shows, beside the writer's own word, that something was public: the best there is. Neither proves that it was not
/// public before.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Evidence {
    /// Nothing but the writer's word. So it is without git, in a shallow clone that begins later, and where the whole file came
    /// into git more than a week after the day that it names, at `in_git_since`: it was moved in from elsewhere.
    #[default]
    None,
    MovedIn {
        in_git_since: Timestamp,
    },
    /// The time of the commit (the committer's clock) that first held it on this branch.
    Committed(Timestamp),
    /// A publishing receipt: it was fetched from the site's address at that time.
    Published(Timestamp),
}

/// A change of an update's text after it was published.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Edit {
    /// The time of the commit that brought it.
    pub at: Timestamp,
    /// The text before it, as it stood in the file; kept only where the site shows it (`show_edits = "full"`).
    pub before: Option<Markdown>,
    /// The text after it; as above.
    pub after: Option<Markdown>,
}

/// How we know when an update was posted. Only `Written` is the writer's own word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PostedAt {
    /// The heading's own time.
    Written(Timestamp),
    /// The minute of the commit that brought it.
    FromGit(Timestamp),
    /// Only a day, in the site's zone: of the heading, the front matter or the file's name.
    Day(Date),
    /// Nothing says. Whoever must place it in time takes the day of the build.
    Unknown,
}

/// Which step of its life an update brings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Stage {
    Incident(IncidentStatus),
    Maintenance(MaintenanceStatus),
    /// An announcement or the withdrawal of an alarm has no stages.
    Note,
}

impl Stage {
    /// The word in files, CSS and JSON.
    pub fn word(self) -> &'static str {
        match self {
            Stage::Incident(status) => status.word(),
            Stage::Maintenance(status) => status.word(),
            Stage::Note => "note",
        }
    }

    /// Whether nothing is expected to follow.
    pub fn is_end(self) -> bool {
        match self {
            Stage::Incident(status) => status == IncidentStatus::Resolved,
            Stage::Maintenance(status) => {
                matches!(status, MaintenanceStatus::Completed | MaintenanceStatus::Cancelled)
            }
            Stage::Note => true,
        }
    }
}

/// Statuspage's four words for a disturbance.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum IncidentStatus {
    Investigating,
    Identified,
    Monitoring,
    Resolved,
}

impl IncidentStatus {
    pub const ALL: [IncidentStatus; 4] = [
        IncidentStatus::Investigating,
        IncidentStatus::Identified,
        IncidentStatus::Monitoring,
        IncidentStatus::Resolved,
    ];

    /// The word in CSS and JSON.
    pub fn word(self) -> &'static str {
        match self {
            IncidentStatus::Investigating => "investigating",
            IncidentStatus::Identified => "identified",
            IncidentStatus::Monitoring => "monitoring",
            IncidentStatus::Resolved => "resolved",
        }
    }
}

/// Statuspage's four words for planned work, and the one it lacks: work that was called off.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MaintenanceStatus {
    Scheduled,
    InProgress,
    Verifying,
    Completed,
    Cancelled,
}

impl MaintenanceStatus {
    pub const ALL: [MaintenanceStatus; 5] = [
        MaintenanceStatus::Scheduled,
        MaintenanceStatus::InProgress,
        MaintenanceStatus::Verifying,
        MaintenanceStatus::Completed,
        MaintenanceStatus::Cancelled,
    ];

    /// The word in CSS and JSON.
    pub fn word(self) -> &'static str {
        match self {
            MaintenanceStatus::Scheduled => "scheduled",
            MaintenanceStatus::InProgress => "in_progress",
            MaintenanceStatus::Verifying => "verifying",
            MaintenanceStatus::Completed => "completed",
            MaintenanceStatus::Cancelled => "cancelled",
        }
    }
}

/// Text as a person wrote it, in CommonMark (<https://spec.commonmark.org/0.31.2/>). It becomes HTML only in
/// [`crate::render`]; control and bidirectional formatting characters are already gone.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Markdown {
    pub text: String,
    /// Link reference definitions of the whole file that this part of it may refer to; usually empty.
    pub definitions: String,
}

impl Markdown {
    pub fn new(text: impl Into<String>) -> Markdown {
        Markdown { text: text.into(), definitions: String::new() }
    }
}
