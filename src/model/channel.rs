//! Channels: where news is announced, and who is called when nobody acts.

use std::collections::BTreeMap;

use jiff::SignedDuration;
use jiff::civil::Time;

use super::{Impact, Secret, Slug, Zone};

/// `[[channel]]`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Channel {
    pub id: Slug,
    pub kind: ChannelKind,
    /// Keys that only its kind knows, as text. A list is joined with commas; `true` is `on`.
    pub options: BTreeMap<String, String>,
    /// Its secrets by name: `token`, `password`, `url` …
    pub secrets: BTreeMap<String, Secret>,
    pub audience: Audience,
    pub choice: Choice,
    /// A language of the theme, where it is not the site's.
    pub language: Option<String>,
    /// A template of the theme in place of the kind's own, such as `announce/short.txt`.
    pub template: Option<String>,
    /// How long one request may take.
    pub timeout: SignedDuration,
    /// It is for `upfront drill`, and hears nothing else.
    pub drill: bool,
}

/// What speaks to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ChannelKind {
    Email,
    Webhook,
    Mastodon,
    Bluesky,
    X,
    Matrix,
    Slack,
    Mattermost,
    Discord,
    Teams,
    Telegram,
    Discourse,
    Ntfy,
    Pushover,
    Irc,
    Command,
}

/// For whom a channel is.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Audience {
    /// Each new update, once.
    Public,
    /// Nothing but alarms.
    Staff(Alarm),
}

/// When staff are called.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Alarm {
    /// Never empty.
    pub when: Vec<When>,
    /// How long it must have been so.
    pub after: SignedDuration,
    /// How often it is said again while it is still so; once where that is not said.
    pub again: Option<SignedDuration>,
    /// When the person on call sleeps: what comes then waits for its end.
    pub quiet: Option<Quiet>,
}

/// Hours of a day in a zone; over midnight where `from` is the later one.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Quiet {
    pub from: Time,
    pub to: Time,
    pub zone: Zone,
}

/// What is wrong when staff are called.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum When {
    /// A detection that no person has confirmed, explained or withdrawn.
    Unconfirmed,
    /// A promised next word has not come.
    UpdateOverdue,
    /// A report is owed and its day has come.
    RfoDue,
    /// A follow-up's day has come.
    PromiseDue,
    /// A feed, or all of them, are not heard of.
    FeedSilent,
    /// The last build failed.
    BuildFailed,
    /// Publishing failed, or what is served is not what was built.
    PublishFailed,
}

/// What of the news a channel wants.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Choice {
    /// Only what concerns one of these components or groups; everything where it is empty.
    pub components: Vec<Slug>,
    /// Disturbances only from this impact on.
    pub impact: Impact,
    /// Never empty.
    pub news: Vec<NewsKind>,
}

/// What kind of news.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NewsKind {
    Incident,
    Maintenance,
    Announcement,
    /// What monitors say by themselves.
    Notice,
    Report,
    /// A promise of a report that was kept.
    FollowUp,
}

impl NewsKind {
    pub const ALL: [NewsKind; 6] = [
        NewsKind::Incident,
        NewsKind::Maintenance,
        NewsKind::Announcement,
        NewsKind::Notice,
        NewsKind::Report,
        NewsKind::FollowUp,
    ];

    /// As the config writes it.
    pub fn word(self) -> &'static str {
        match self {
            NewsKind::Incident => "incident",
            NewsKind::Maintenance => "maintenance",
            NewsKind::Announcement => "announcement",
            NewsKind::Notice => "notice",
            NewsKind::Report => "report",
            NewsKind::FollowUp => "follow_up",
        }
    }
}

impl When {
    pub const ALL: [When; 7] = [
        When::Unconfirmed,
        When::UpdateOverdue,
        When::RfoDue,
        When::PromiseDue,
        When::FeedSilent,
        When::BuildFailed,
        When::PublishFailed,
    ];

    /// As the config writes it.
    pub fn word(self) -> &'static str {
        match self {
            When::Unconfirmed => "unconfirmed",
            When::UpdateOverdue => "update_overdue",
            When::RfoDue => "rfo_due",
            When::PromiseDue => "promise_due",
            When::FeedSilent => "feed_silent",
            When::BuildFailed => "build_failed",
            When::PublishFailed => "publish_failed",
        }
    }
}

/// What a kind of channel asks of its `[[channel]]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChannelKeys {
    /// Plain keys.
    pub options: &'static [&'static str],
    /// Of each there is `<name>_env` and `<name>_file`.
    pub secrets: &'static [&'static str],
    /// What must be there, plain or secret; `a|b` for one of both.
    pub required: &'static [&'static str],
}

impl ChannelKind {
    pub const ALL: [ChannelKind; 16] = [
        ChannelKind::Email,
        ChannelKind::Webhook,
        ChannelKind::Mastodon,
        ChannelKind::Bluesky,
        ChannelKind::X,
        ChannelKind::Matrix,
        ChannelKind::Slack,
        ChannelKind::Mattermost,
        ChannelKind::Discord,
        ChannelKind::Teams,
        ChannelKind::Telegram,
        ChannelKind::Discourse,
        ChannelKind::Ntfy,
        ChannelKind::Pushover,
        ChannelKind::Irc,
        ChannelKind::Command,
    ];

    /// As the config writes it.
    pub fn word(self) -> &'static str {
        match self {
            ChannelKind::Email => "email",
            ChannelKind::Webhook => "webhook",
            ChannelKind::Mastodon => "mastodon",
            ChannelKind::Bluesky => "bluesky",
            ChannelKind::X => "x",
            ChannelKind::Matrix => "matrix",
            ChannelKind::Slack => "slack",
            ChannelKind::Mattermost => "mattermost",
            ChannelKind::Discord => "discord",
            ChannelKind::Teams => "teams",
            ChannelKind::Telegram => "telegram",
            ChannelKind::Discourse => "discourse",
            ChannelKind::Ntfy => "ntfy",
            ChannelKind::Pushover => "pushover",
            ChannelKind::Irc => "irc",
            ChannelKind::Command => "command",
        }
    }

    /// The keys of that kind.
    pub fn keys(self) -> ChannelKeys {
        let (options, secrets, required): (&[&str], &[&str], &[&str]) = match self {
            ChannelKind::Email => (
                &["host", "port", "tls", "user", "from", "to", "reply_to", "list_id", "unsubscribe", "ca_file"],
                &["password"],
                &["host", "from", "to"],
            ),
            ChannelKind::Webhook => (&["url", "format", "ca_file"], &["url", "secret", "token"], &["url"]),
            ChannelKind::Mastodon => (&["url", "visibility", "ca_file"], &["token"], &["url", "token"]),
            ChannelKind::Bluesky => (&["url", "user", "ca_file"], &["password"], &["user", "password"]),
            ChannelKind::X => (
                &["url", "ca_file"],
                &["consumer_key", "consumer_secret", "token", "token_secret"],
                &["consumer_key", "consumer_secret", "token", "token_secret"],
            ),
            ChannelKind::Matrix => (&["url", "room", "ca_file"], &["token"], &["url", "room", "token"]),
            ChannelKind::Slack => (&["url", "channel", "ca_file"], &["url", "token"], &["url|token"]),
            ChannelKind::Mattermost => (&["url", "channel", "ca_file"], &["url"], &["url"]),
            ChannelKind::Discord => (&["url", "ca_file"], &["url"], &["url"]),
            ChannelKind::Teams => (&["url", "ca_file"], &["url"], &["url"]),
            ChannelKind::Telegram => (&["url", "chat", "ca_file"], &["token"], &["chat", "token"]),
            ChannelKind::Discourse => {
                (&["url", "category", "tags", "user", "ca_file"], &["token"], &["url", "user", "token"])
            }
            ChannelKind::Ntfy => (&["url", "topic", "priority", "ca_file"], &["topic", "token"], &["topic"]),
            ChannelKind::Pushover => (&["url", "priority", "ca_file"], &["token", "user_key"], &["token", "user_key"]),
            ChannelKind::Irc => (
                &["host", "port", "tls", "nick", "channel", "user", "ca_file"],
                &["password", "channel_key"],
                &["host", "nick", "channel"],
            ),
            ChannelKind::Command => (&["command"], &[], &["command"]),
        };
        ChannelKeys { options, secrets, required }
    }
}
