//! `[[feed]]`: where results come from, and how their secrets are called.
//!
//! A feed that cannot be used is told and left out: it is then as silent as one that does not answer, and the news gets
//! out. Feeds may stand in `upfront.private.toml` as well, which a public repository does not hold.

use std::collections::BTreeMap;
use std::ops::Range;

use jiff::SignedDuration;
use toml::de::{DeTable, DeValue};

use super::reader::{At, Reader, Section, bracketed};
use super::{LIST_MAX, address, monitor_name, numbers, secret, values};
use crate::diag::{Code, Diagnostic, nearest};
use crate::model::{Feed, FeedKind, MonitorId, Origin, Secrets, Slug};

/// What every kind of feed knows.
pub(in crate::load) const KEYS: [&str; 13] = [
    "id",
    "kind",
    "url",
    "file",
    "interval",
    "timeout",
    "token_env",
    "token_file",
    "user",
    "password_env",
    "password_file",
    "canary",
    "ca_file",
];

const TIMEOUT_DEFAULT: SignedDuration = SignedDuration::from_secs(10);

/// What became of a feed, and of a key of one.
const WITHOUT_FEED: &str = "built, without this feed";
const WITHOUT_KEY: &str = "built, without this";

/// The feeds that were read so far.
#[derive(Debug, Default)]
pub(super) struct Feeds {
    /// In the order of the files.
    pub feeds: Vec<Feed>,
    /// Every id that was written, also of feeds that are left out: what they lack is told once.
    pub ids: BTreeMap<String, Named>,
}

/// Whether a feed of that id can be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Named {
    Kept(FeedKind),
    LeftOut,
}

impl Feeds {
    /// Reads the feeds of one file.
    pub(super) fn read(&mut self, reader: &mut Reader<'_>, site: &Section<'_, '_>) {
        let Some(value) = reader.any(site, "feed") else { return };
        let DeValue::Array(list) = value.get_ref() else {
            reader.leniently(WITHOUT_FEED, |reader| {
                reader.wrong_type(value, "feed", "a list: write `[[feed]]` before each");
            });
            return;
        };
        for value in list.iter() {
            if self.ids.len() >= LIST_MAX {
                let told =
                    Diagnostic::warning(Code::CONFIG_VALUE, format!("there are more than {LIST_MAX} `[[feed]]`"));
                reader.tell(told.cure("take some out").outcome("built, without this and all below"), &value.span());
                return;
            }
            match value.get_ref() {
                DeValue::Table(table) => self.take(reader, table, value.span()),
                _ => reader.leniently(WITHOUT_FEED, |reader| {
                    reader.wrong_type(value, "feed", "a list: write `[[feed]]` before each");
                }),
            }
        }
    }

    fn take(&mut self, reader: &mut Reader<'_>, table: &DeTable<'_>, span: Range<usize>) {
        let kind = reader.leniently(WITHOUT_FEED, |reader| kind(reader, table));
        let known: Vec<&str> = KEYS.iter().chain(kind.map_or(&[][..], options)).copied().collect();
        // Of a kind that nobody knows it is not known either which keys belong to it.
        let others: Vec<&str> = match kind {
            Some(_) => secret::MISPLACED.to_vec(),
            None => table.iter().map(|(key, _)| key.get_ref().as_ref()).collect(),
        };
        let section = reader.section_beside(table, span, bracketed("feed"), &known, &[], &others);
        let id = reader.leniently(WITHOUT_FEED, |reader| self.id(reader, &section));
        let feed = kind.zip(id.as_ref()).and_then(|(kind, id)| feed(reader, &section, kind, id));
        if let Some(id) = id {
            let named = feed.as_ref().map_or(Named::LeftOut, |feed| Named::Kept(feed.kind));
            self.ids.insert(id.value, named);
        }
        self.feeds.extend(feed);
    }

    /// `None` where it is missing, cannot be one, or another feed has it.
    fn id(&self, reader: &mut Reader<'_>, section: &Section<'_, '_>) -> Option<At<String>> {
        let id = reader.required_spanned(section, "id", "a short name of your own: `id = \"nodeping\"`")?;
        if Slug::new(&id.value).is_none() {
            let near = Slug::from_text(&id.value).map(|near| format!("write `{near}`"));
            let cure = near.unwrap_or_else(|| "lower-case letters, digits and `-`, such as `nodeping`".to_owned());
            let message = format!("`{}` cannot be the id of a feed", id.value);
            reader.value_error(&id.span, message, cure);
            return None;
        }
        if self.ids.contains_key(&id.value) {
            let message = format!("another feed already has the id `{}`", id.value);
            reader.value_error(&id.span, message, "give one of them another `id`; monitors are named with it");
            return None;
        }
        Some(id)
    }
}

/// What only feeds of that kind know, as their adapters in `load/feed/adapter/` document it.
pub(in crate::load) fn options(kind: FeedKind) -> &'static [&'static str] {
    match kind {
        FeedKind::Nodeping => &["checks", "backfill", "report"],
        FeedKind::Nagios => &["alerts"],
        FeedKind::Livestatus => &["history"],
        FeedKind::UptimeKuma => &["slug"],
        FeedKind::Gatus => &["suites"],
        FeedKind::Prometheus => &["query", "latency", "step", "ask", "place", "label", "down", "degraded"],
        FeedKind::Alertmanager => &["for", "label", "down", "degraded"],
        FeedKind::Healthchecks => &["version"],
        FeedKind::Pingdom => &["checks"],
        FeedKind::Zabbix => &["severity"],
        FeedKind::Upfront
        | FeedKind::Checkmk
        | FeedKind::Icinga2
        | FeedKind::Uptimerobot
        | FeedKind::Betterstack
        | FeedKind::Statuspage
        | FeedKind::Upptime => &[],
    }
}

/// Our own where nothing is said; `None` for a word that is none of them.
fn kind(reader: &mut Reader<'_>, table: &DeTable<'_>) -> Option<FeedKind> {
    let Some(value) = table.get("kind") else { return Some(FeedKind::Upfront) };
    let DeValue::String(text) = value.get_ref() else {
        reader.wrong_type(value, "kind", "text in quotes: `kind = \"nodeping\"`");
        return None;
    };
    let known = FeedKind::ALL.into_iter().find(|kind| kind.word() == text.trim());
    if known.is_none() {
        let words = FeedKind::ALL.map(FeedKind::word);
        let cure = match nearest(text, words) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("one of {}", words.map(|word| format!("`{word}`")).join(", ")),
        };
        reader.value_error(&value.span(), format!("no kind of feed is called `{}`", values::clean(text, 60)), cure);
    }
    known
}

fn feed(reader: &mut Reader<'_>, section: &Section<'_, '_>, kind: FeedKind, id: &At<String>) -> Option<Feed> {
    let from = reader.leniently(WITHOUT_FEED, |reader| origin(reader, section, kind))?;
    let slug = Slug::new(&id.value)?;
    reader.leniently(WITHOUT_KEY, |reader| {
        let seconds = |from, to| SignedDuration::from_secs(from)..=SignedDuration::from_secs(to);
        Some(Feed {
            id: slug,
            kind,
            from,
            interval: numbers::duration(reader, section, "interval", seconds(1, 31 * 86_400)),
            timeout: numbers::duration(reader, section, "timeout", seconds(1, 300)).unwrap_or(TIMEOUT_DEFAULT),
            secrets: secrets(reader, section, &id.value),
            canary: canary(reader, section, kind),
            options: own_options(reader, section, kind),
        })
    })
}

/// Where it is; `None` where that cannot be used.
fn origin(reader: &mut Reader<'_>, section: &Section<'_, '_>, kind: FeedKind) -> Option<Origin> {
    let (url, file) = (reader.text(section, "url"), reader.text(section, "file"));
    match (url, file) {
        (Some(url), Some(_)) => {
            let message = "a feed has `url` or `file`, not both".to_owned();
            reader.value_error(&url.span, message, "take one of them out");
            None
        }
        (Some(url), None) => match address::mistake(&url.value, kind) {
            None => Some(Origin::Url(url.value)),
            Some((message, cure)) => {
                reader.value_error(&url.span, message, cure);
                None
            }
        },
        (None, Some(file)) if file.value == "-" => Some(Origin::Stdin),
        (None, Some(file)) => Some(Origin::File(file.value)),
        // What is there and no text has been told.
        (None, None) => (!section.has("url") && !section.has("file")).then_some(Origin::Log),
    }
}

fn secrets(reader: &mut Reader<'_>, section: &Section<'_, '_>, id: &str) -> Secrets {
    secret::misplaced(reader, section, id);
    Secrets {
        token: secret::named(reader, section, "token_env", "token_file"),
        user: reader.text(section, "user").map(|user| user.value),
        password: secret::named(reader, section, "password_env", "password_file"),
    }
}

fn canary(reader: &mut Reader<'_>, section: &Section<'_, '_>, kind: FeedKind) -> Option<MonitorId> {
    let text = reader.text(section, "canary")?;
    let id = monitor_name::id(kind, &text.value);
    if id.is_none() {
        reader.value_error(&text.span, format!("`{}` cannot be the name of a monitor", text.value), monitor_name::CURE);
    }
    id
}

/// Keys of one kind alone, as text. A list is joined with commas; `true` is `on`.
fn own_options(reader: &mut Reader<'_>, section: &Section<'_, '_>, kind: FeedKind) -> BTreeMap<String, String> {
    let mut options = BTreeMap::new();
    for &key in self::options(kind).iter().chain(&["ca_file"]) {
        let Some(value) = reader.any(section, key) else { continue };
        match option_text(value.get_ref()) {
            Some(text) => drop(options.insert(key.to_owned(), text)),
            None => reader.wrong_type(value, key, &format!("text in quotes: `{key} = \"…\"`")),
        }
    }
    options
}

/// A value as text: a list joined with commas, `true` as `on`.
pub(super) fn option_text(value: &DeValue<'_>) -> Option<String> {
    match value {
        DeValue::String(text) => Some(values::line(text)),
        DeValue::Integer(number) => Some(number.as_str().to_owned()),
        DeValue::Float(number) => Some(number.as_str().to_owned()),
        DeValue::Boolean(yes) => Some(if *yes { "on" } else { "off" }.to_owned()),
        DeValue::Array(list) => {
            let texts: Option<Vec<String>> = list.iter().map(|value| option_text(value.get_ref())).collect();
            texts.map(|texts| texts.join(","))
        }
        DeValue::Datetime(_) | DeValue::Table(_) => None,
    }
}
