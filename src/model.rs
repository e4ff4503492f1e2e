//! The words of a status page as types: what a site *is*, once read.
//!
//! Everybody knows this room and it knows nobody: no file, no clock, no HTML. A type here cannot hold nonsense, so
//! that the later steps need not doubt it: a [`Slug`] is safe in a path, an [`Interval`] is never empty, and a
//! [`ComponentState`] is ordered, so that "worst of" is `max`.
//!
//! The types are `Hash` because a page that depends on nothing but values whose hash is unchanged need not be made
//! again (see [`crate::write`]); they are not `Serialize`, so that nothing leaves the program by accident.

mod channel;
mod component;
mod config;
mod delivery;
mod incident;
mod interval;
mod links;
mod monitoring;
mod publish;
mod rfo;
mod site;
mod slug;

pub use channel::{Alarm, Audience, Channel, ChannelKeys, ChannelKind, Choice, NewsKind, Quiet, When};
pub use component::{Component, ComponentState, Group};
pub use config::{Brand, Config, Link, Pair, Promise, RfoPromise, ShowEdits, SiteUrl, Within, Zone};
pub use delivery::{Deliveries, Delivery, DeliveryState};
pub use incident::{
    Accounts, Edit, Evidence, Impact, Incident, IncidentStatus, Kind, MaintenanceStatus, Markdown, PostedAt, Stage,
    Update, Window,
};
pub use interval::Interval;
pub use links::{LinkTargets, Target, path_of};
pub use monitoring::{
    Brownout, Check, CheckStatus, DAY_MS, DAY_S, DayInterval, DayRow, DayState, Detection, DetectionKind,
    DetectionLimits, Feed, FeedKind, FeedReading, FeedState, Heartbeat, HeldBack, Histogram, MonitorId, MonitorRef,
    Monitoring, MonitoringConfig, NoticeTexts, Notices, Origin, Outage, Places, Secret, Secrets, Series, Span,
    UptimeRule, Watch, day_of_ms, day_start_ms,
};
pub use publish::{Destination, Mirror, PublishTarget, Publishing, S3, Signing, VerifyRules};
pub use rfo::{FollowUp, Rfo};
pub use site::{Picture, Site, ThemeFiles};
pub use slug::Slug;
