//! `upfront.toml`, checked: later steps see only this.

use std::fmt;
use std::hash::{Hash, Hasher};

use jiff::SignedDuration;
use jiff::tz::TimeZone;

use super::{Channel, Component, Group, Impact, Markdown, MonitoringConfig, Publishing, Slug};

/// The configuration of a site. Made by `load`, which gathers every mistake; nothing in it needs to be doubted.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Config {
    pub title: String,
    pub url: SiteUrl,
    pub zone: Zone,
    /// A BCP 47 tag such as `en`; names the file in `theme/i18n/`.
    pub language: String,
    pub description: Option<String>,
    /// A picture shown beside the name, from the site's root, such as `theme/static/logo.svg`.
    pub logo: Option<String>,
    /// Where a reader goes for whom it is broken all the same.
    pub support: Option<String>,
    /// Further links in the foot of every page.
    pub links: Vec<Link>,
    /// A line or two in the foot of every page.
    pub footer: Option<Markdown>,
    pub brand: Brand,
    /// In the order that readers see; never empty.
    pub components: Vec<Component>,
    /// In the order of their first component.
    pub groups: Vec<Group>,
    /// What the operator wants done, printed to whoever writes (`new`, `update`).
    pub checklist: Vec<String>,
    pub promise: Promise,
    pub show_edits: ShowEdits,
    /// How many accounts there are in all: what a share of them is a share of.
    pub accounts: Option<u64>,
    pub monitoring: MonitoringConfig,
    pub publishing: Publishing,
    /// In the order of the files, which is the order in which they hear the news.
    pub channels: Vec<Channel>,
    /// Names of channels that have mistakes, to which nothing is sent.
    pub channels_left_out: Vec<String>,
    /// Whether incident pages say which channel had which update when.
    pub show_deliveries: bool,
}

impl Config {
    /// The component of that id.
    pub fn component(&self, id: &Slug) -> Option<&Component> {
        self.components.iter().find(|component| component.id == *id)
    }
}

/// A name and where it leads: `http`, `https`, `mailto` or a path of the site.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Link {
    pub name: String,
    pub url: String,
}

/// The five tokens that re-brand a site; what is `None` keeps the theme's own value.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Brand {
    pub paper: Option<Pair>,
    pub ink: Option<Pair>,
    pub brand: Option<Pair>,
    /// A CSS font family list, for what people wrote.
    pub voice: Option<String>,
    /// A CSS font family list, for what the machine states.
    pub plain: Option<String>,
}

/// A colour as `#rrggbb`, for light and for dark.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Pair {
    pub light: String,
    pub dark: String,
}

/// What the operator promises readers.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Promise {
    /// How often the site is rebuilt; the page says so itself when that is overdue.
    pub rebuild: Option<SignedDuration>,
    /// How soon after an update the next one comes; `update` writes `next_update` from it.
    pub next_update: Option<SignedDuration>,
    /// How soon after a detection (else after its start) an incident has its first word by a person.
    pub first_post: Option<SignedDuration>,
    /// How soon after its end a serious incident has its report; without it none is owed.
    pub rfo: Option<RfoPromise>,
}

/// Which incidents a report is owed for, and by when.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct RfoPromise {
    /// Counted from the day on which the incident ended.
    pub within: Within,
    /// Owed from this impact on (`rfo_impact`).
    pub impact: Impact,
    /// Owed as well where a component was in major outage for so long together (`rfo_outage`).
    pub outage: SignedDuration,
}

/// A number of days in the site's zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Within {
    Days(u16),
    /// Monday to Friday; no calendar of holidays is known.
    WorkingDays(u16),
}

/// What readers see of changes to what was published. That and when there was one is always shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum ShowEdits {
    /// Only that, and when (`"mark"`).
    #[default]
    Mark,
    /// What it said before as well (`"full"`).
    Full,
}

/// The address the site is published at, without the slash at its end: `https://status.fjordpost.example`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct SiteUrl(String);

impl SiteUrl {
    /// `None` unless it is an `http` or `https` URL with a host and without query or fragment.
    pub fn new(text: &str) -> Option<SiteUrl> {
        let text = text.trim_end_matches('/');
        let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"))?;
        let host = rest.split('/').next().unwrap_or_default();
        let plain = |c: char| c.is_ascii_alphanumeric() || "-._~:/[]%".contains(c);
        (!host.is_empty() && rest.chars().all(plain)).then(|| SiteUrl(text.to_owned()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The host and port: `status.fjordpost.example`.
    pub fn authority(&self) -> &str {
        let rest = self.0.split_once("://").map_or("", |(_, rest)| rest);
        rest.split('/').next().unwrap_or_default()
    }

    /// The path under which the site lives, with a slash at both ends: `/`, or `/status/` for a project page.
    pub fn base_path(&self) -> String {
        let rest = self.0.split_once("://").map_or("", |(_, rest)| rest);
        match rest.split_once('/') {
            Some((_, path)) => format!("/{path}/"),
            None => "/".to_owned(),
        }
    }
}

impl fmt::Display for SiteUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A time zone of the bundled IANA database, known by its name.
#[derive(Clone, Debug)]
pub struct Zone {
    /// Such as `Europe/Oslo`.
    pub name: String,
    pub tz: TimeZone,
}

impl PartialEq for Zone {
    fn eq(&self, other: &Zone) -> bool {
        self.name == other.name
    }
}

impl Eq for Zone {}

impl Hash for Zone {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.name.hash(state);
    }
}

impl Config {
    /// The group of that id.
    pub fn group(&self, id: &Slug) -> Option<&Group> {
        self.groups.iter().find(|group| group.id == *id)
    }
}
