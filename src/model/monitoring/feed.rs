//! Where results come from.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};

use super::MonitorId;
use crate::model::Slug;

/// One `[[feed]]` of the config.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Feed {
    /// Its monitors are written `<id>:<monitor>`.
    pub id: Slug,
    pub kind: FeedKind,
    pub from: Origin,
    /// How often its monitors run, where the source does not say.
    pub interval: Option<SignedDuration>,
    /// How long an answer may take as a whole.
    pub timeout: SignedDuration,
    pub secrets: Secrets,
    /// A monitor of something outside the provider: while it fails as well, the source itself is suspect.
    pub canary: Option<MonitorId>,
    /// What only this kind of source needs (`slug`, `query`, `report` …), as its adapter documents.
    pub options: BTreeMap<String, String>,
}

/// Whose shape a feed has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FeedKind {
    /// Our own: `docs/feeds.md`.
    Upfront,
    Nodeping,
    Nagios,
    Livestatus,
    Checkmk,
    Icinga2,
    UptimeKuma,
    Gatus,
    Prometheus,
    Alertmanager,
    Healthchecks,
    Uptimerobot,
    Pingdom,
    Betterstack,
    Zabbix,
    Statuspage,
    Upptime,
}

impl FeedKind {
    pub const ALL: [FeedKind; 17] = [
        FeedKind::Upfront,
        FeedKind::Nodeping,
        FeedKind::Nagios,
        FeedKind::Livestatus,
        FeedKind::Checkmk,
        FeedKind::Icinga2,
        FeedKind::UptimeKuma,
        FeedKind::Gatus,
        FeedKind::Prometheus,
        FeedKind::Alertmanager,
        FeedKind::Healthchecks,
        FeedKind::Uptimerobot,
        FeedKind::Pingdom,
        FeedKind::Betterstack,
        FeedKind::Zabbix,
        FeedKind::Statuspage,
        FeedKind::Upptime,
    ];

    /// The word in the config.
    pub fn word(self) -> &'static str {
        match self {
            FeedKind::Upfront => "upfront",
            FeedKind::Nodeping => "nodeping",
            FeedKind::Nagios => "nagios",
            FeedKind::Livestatus => "livestatus",
            FeedKind::Checkmk => "checkmk",
            FeedKind::Icinga2 => "icinga2",
            FeedKind::UptimeKuma => "uptime-kuma",
            FeedKind::Gatus => "gatus",
            FeedKind::Prometheus => "prometheus",
            FeedKind::Alertmanager => "alertmanager",
            FeedKind::Healthchecks => "healthchecks",
            FeedKind::Uptimerobot => "uptimerobot",
            FeedKind::Pingdom => "pingdom",
            FeedKind::Betterstack => "betterstack",
            FeedKind::Zabbix => "zabbix",
            FeedKind::Statuspage => "statuspage",
            FeedKind::Upptime => "upptime",
        }
    }
}

/// Where the bytes of a feed are.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Origin {
    /// A path from the site's root, or an absolute one; a folder stands for all files in it.
    File(String),
    /// `http` or `https`; for Livestatus also `unix:/path` and `tcp://host:port`.
    Url(String),
    /// Given to `record` on standard input.
    Stdin,
    /// Nobody asks for it: `record` alone puts something into its log.
    Log,
}

/// Where a secret is kept. Its value is never part of the config, and never printed.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Secret {
    /// The name of an environment variable.
    Env(String),
    /// A file, from the site's root or absolute; white space around its text does not count.
    File(String),
}

/// The secrets of a feed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Secrets {
    pub token: Option<Secret>,
    pub user: Option<String>,
    pub password: Option<Secret>,
}

/// What became of reading one feed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FeedReading {
    pub feed: Slug,
    pub state: FeedState,
    /// When its collector asked and was answered, by time; from the log.
    pub heartbeats: Vec<Heartbeat>,
}

/// Whether what a feed says can be relied on now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FeedState {
    /// It answered.
    Read {
        /// When it was made, where it says so.
        generated: Option<Timestamp>,
        /// From this moment on nothing in it holds any more.
        expires: Option<Timestamp>,
    },
    /// Not asked in this run; the log says what is known.
    FromLog,
    /// It could not be read: why, in a few words that hold no secret.
    Failed(String),
}

/// "I asked, and it answered": tells *nothing changed* from *nothing known*.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Heartbeat {
    /// Unix time in ms.
    pub at_ms: i64,
    /// How often it asks, in seconds.
    pub every_s: u32,
    /// How many monitors it heard of.
    pub monitors: u32,
}
