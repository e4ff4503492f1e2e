//! `[[channel]]`: where news is announced, and how staff are called.
//!
//! A channel that cannot be used is told and left out; the others hear the news. Channels may stand in
//! `upfront.private.toml` as well, which a public repository does not hold.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use jiff::SignedDuration;
use jiff::civil::Time;
use toml::de::{DeTable, DeValue};

use super::reader::{Reader, Section, bracketed};
use super::{LIST_MAX, feeds, numbers, secret, values, words};
use crate::diag::nearest;
use crate::model::{Alarm, Audience, Channel, ChannelKind, Choice, Impact, NewsKind, Quiet, Secret, Slug, When, Zone};

/// What every kind of channel knows.
pub(in crate::load) const KEYS: [&str; 15] = [
    "id",
    "kind",
    "audience",
    "components",
    "impact",
    "news",
    "language",
    "template",
    "timeout",
    "drill",
    "when",
    "after",
    "again",
    "quiet",
    "quiet_zone",
];

const WITHOUT: &str = "built; nothing is sent to this channel";
const TIMEOUT_DEFAULT: SignedDuration = SignedDuration::from_secs(20);

const IMPACTS: [(&str, Impact); 4] =
    [("none", Impact::None), ("minor", Impact::Minor), ("major", Impact::Major), ("critical", Impact::Critical)];

#[derive(Clone, Copy)]
enum For {
    Public,
    Staff,
}

/// What a channel may refer to.
pub(super) struct Known<'a> {
    /// Where quiet hours count that name no zone.
    pub site_zone: Option<&'a Zone>,
    /// Ids of components and groups.
    pub parts: &'a BTreeSet<String>,
}

/// Adds the channels of one file, and the names of those that cannot be used.
pub(super) fn read(
    reader: &mut Reader<'_>,
    site: &Section<'_, '_>,
    known: &Known<'_>,
    channels: &mut Vec<Channel>,
    left_out: &mut Vec<String>,
) {
    let Some(value) = reader.any(site, "channel") else { return };
    reader.leniently(WITHOUT, |reader| {
        let DeValue::Array(list) = value.get_ref() else {
            reader.wrong_type(value, "channel", "a list: write `[[channel]]` before each");
            return;
        };
        for value in list.iter() {
            let DeValue::Table(table) = value.get_ref() else {
                reader.wrong_type(value, "channel", "a list: write `[[channel]]` before each");
                continue;
            };
            if channels.len() >= LIST_MAX {
                return;
            }
            let before = reader.errors();
            let channel = channel(reader, table, value.span(), known, channels);
            // What is told of it holds: half a channel would send to the wrong people, or what they did not want.
            match channel.filter(|_| reader.errors() == before) {
                Some(channel) => channels.push(channel),
                None => left_out.push(name_of(table)),
            }
        }
    });
}

/// What people call it who wrote it.
pub(super) fn name_of(table: &DeTable<'_>) -> String {
    let text = |key: &str| table.get(key)?.get_ref().as_str().map(|text| values::clean(text, 60));
    text("id").or_else(|| text("kind")).unwrap_or_else(|| "one without an id".to_owned())
}

fn channel(
    reader: &mut Reader<'_>,
    table: &DeTable<'_>,
    span: Range<usize>,
    known_parts: &Known<'_>,
    others: &[Channel],
) -> Option<Channel> {
    let kind = kind(reader, table);
    let keys = kind.map(ChannelKind::keys);
    let named: Vec<&'static str> = keys.map(|keys| secret::keys_of(keys.secrets)).unwrap_or_default();
    let mut known: Vec<&'static str> = KEYS.into_iter().chain(named).collect();
    known.extend(keys.map_or(&[][..], |keys| keys.options));
    // Of a kind that nobody knows it is not known either which keys belong to it.
    let others_keys: Vec<&str> = match kind {
        Some(_) => secret::MISPLACED.to_vec(),
        None => table.iter().map(|(key, _)| key.get_ref().as_ref()).collect(),
    };
    let section = reader.section_beside(table, span, bracketed("channel"), &known, &[], &others_keys);
    let id = id(reader, &section, others);
    let kind = kind?;
    let keys = kind.keys();
    let label = id.as_ref().map_or(kind.word(), Slug::as_str).to_owned();
    let likely = keys.secrets.first().map_or_else(|| "token_env".to_owned(), |name| format!("{name}_env"));
    secret::misplaced_in(reader, &section, &likely, &label);
    let secrets: BTreeMap<String, Secret> = keys
        .secrets
        .iter()
        .filter_map(|name| {
            Some((
                (*name).to_owned(),
                secret::named(reader, &section, &format!("{name}_env"), &format!("{name}_file"))?,
            ))
        })
        .collect();
    let options = options(reader, &section, keys.options);
    let is_whole = required(reader, &section, kind, &options, &secrets);
    let audience = audience(reader, &section, known_parts.site_zone)?;
    let choice = choice(reader, &section, known_parts.parts)?;
    let length = SignedDuration::from_secs(1)..=SignedDuration::from_secs(300);
    let timeout =
        reader.leniently("built; 20 s is taken", |reader| numbers::duration(reader, &section, "timeout", length));
    let timeout = timeout.unwrap_or(TIMEOUT_DEFAULT);
    let language = reader.text(&section, "language").map(|text| text.value);
    let template = reader.text(&section, "template").map(|text| text.value);
    let drill = reader.flag(&section, "drill");
    // A word that cannot be read must not make a rehearsal's channel a real one.
    let drill = if section.has("drill") { drill? } else { false };
    let id = id.filter(|_| is_whole)?;
    Some(Channel { id, kind, options, secrets, audience, choice, language, template, timeout, drill })
}

fn id(reader: &mut Reader<'_>, section: &Section<'_, '_>, others: &[Channel]) -> Option<Slug> {
    let id = reader.required_spanned(section, "id", "a short name of your own: `id = \"mail\"`")?;
    let Some(slug) = Slug::new(&id.value) else {
        let message = format!("`{}` cannot be the id of a channel", id.value);
        reader.value_error(&id.span, message, "lower-case letters, digits and `-`, such as `mail`");
        return None;
    };
    if others.iter().any(|other| other.id == slug) {
        let message = format!("another channel already has the id `{slug}`");
        let cure = "give one of them another `id`; what was sent is remembered by it";
        reader.value_error(&id.span, message, cure);
        return None;
    }
    Some(slug)
}

fn kind(reader: &mut Reader<'_>, table: &DeTable<'_>) -> Option<ChannelKind> {
    let words = ChannelKind::ALL.map(ChannelKind::word);
    let all = || format!("one of {}", words.map(|word| format!("`{word}`")).join(", "));
    let Some(value) = table.get("kind") else {
        let span = table.iter().next().map_or(0..0, |(key, _)| key.span());
        let told = crate::diag::Diagnostic::error(crate::diag::Code::CONFIG_KEY_MISSING, "`[[channel]]` has no `kind`");
        reader.tell(told.cure(all()), &span);
        return None;
    };
    let DeValue::String(text) = value.get_ref() else {
        reader.wrong_type(value, "kind", "text in quotes: `kind = \"email\"`");
        return None;
    };
    let known = ChannelKind::ALL.into_iter().find(|kind| kind.word() == text.trim());
    if known.is_none() {
        let cure = match nearest(text, words) {
            Some(near) => format!("did you mean `{near}`?"),
            None => all(),
        };
        reader.value_error(&value.span(), format!("no kind of channel is called `{}`", values::clean(text, 60)), cure);
    }
    known
}

fn options(reader: &mut Reader<'_>, section: &Section<'_, '_>, keys: &[&'static str]) -> BTreeMap<String, String> {
    let mut options = BTreeMap::new();
    for &key in keys {
        let Some(value) = reader.any(section, key) else { continue };
        match feeds::option_text(value.get_ref()) {
            Some(text) => drop(options.insert(key.to_owned(), text)),
            None => reader.wrong_type(value, key, &format!("text in quotes: `{key} = \"…\"`")),
        }
    }
    options
}

/// Whether everything is there that the kind needs.
fn required(
    reader: &mut Reader<'_>,
    section: &Section<'_, '_>,
    kind: ChannelKind,
    options: &BTreeMap<String, String>,
    secrets: &BTreeMap<String, Secret>,
) -> bool {
    let keys = kind.keys();
    let mut is_whole = true;
    for wanted in keys.required {
        let there = |name: &str| options.get(name).is_some_and(|text| !text.is_empty()) || secrets.contains_key(name);
        if wanted.split('|').any(there) {
            continue;
        }
        is_whole = false;
        let name = wanted.split('|').next().unwrap_or(wanted);
        let named = match keys.secrets.contains(&name) {
            true => format!("{name}_env"),
            false => name.to_owned(),
        };
        // A variable with a bad name has been told.
        if !section.has(&named) {
            reader.missing(
                section,
                &named,
                &format!("a channel of kind `{}` needs it: `{named} = \"…\"`", kind.word()),
            );
        }
    }
    is_whole
}

fn choice(reader: &mut Reader<'_>, section: &Section<'_, '_>, parts: &BTreeSet<String>) -> Option<Choice> {
    let texts = match section.has("components") {
        true => reader.spanned_texts(section, "components", "a list of ids: `components = [\"imap\"]`")?,
        false => Vec::new(),
    };
    let mut components = Vec::new();
    for text in texts {
        match Slug::from_text(&text.value).filter(|id| parts.contains(id.as_str())) {
            Some(id) => components.push(id),
            None => {
                let cure = match nearest(&text.value, parts.iter().map(String::as_str)) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => "the id of a component or a group".to_owned(),
                };
                let message = format!("no component or group has the id `{}`", values::clean(&text.value, 60));
                reader.value_error(&text.span, message, cure);
            }
        }
    }
    let impact = words::one_of(reader, section, "impact", &IMPACTS).unwrap_or(Impact::None);
    let known = NewsKind::ALL.map(|kind| (kind.word(), kind));
    let news = many_of(reader, section, "news", &known)?.unwrap_or_else(|| NewsKind::ALL.to_vec());
    Some(Choice { components, impact, news })
}

fn audience(reader: &mut Reader<'_>, section: &Section<'_, '_>, site_zone: Option<&Zone>) -> Option<Audience> {
    let audience = words::one_of(reader, section, "audience", &[("public", For::Public), ("staff", For::Staff)]);
    // A misspelt word must not make a staff channel public.
    let audience = if section.has("audience") { audience? } else { For::Public };
    match audience {
        For::Public => {
            for key in ["when", "after", "again", "quiet", "quiet_zone"] {
                let Some(value) = reader.any(section, key) else { continue };
                let message = format!("`{key}` belongs to a channel with `audience = \"staff\"`");
                reader.value_error(&value.span(), message, "write that, or take it out");
                return None;
            }
            Some(Audience::Public)
        }
        For::Staff => {
            let known = When::ALL.map(|when| (when.word(), when));
            if !section.has("when") {
                reader.missing(section, "when", "what they are called for: `when = \"unconfirmed\"`");
                return None;
            }
            let when = many_of(reader, section, "when", &known)??;
            let length = |to| SignedDuration::ZERO..=SignedDuration::from_hours(to);
            let after = numbers::duration(reader, section, "after", length(24 * 31)).unwrap_or(SignedDuration::ZERO);
            let again = numbers::duration(
                reader,
                section,
                "again",
                SignedDuration::from_mins(1)..=SignedDuration::from_hours(24 * 31),
            );
            Some(Audience::Staff(Alarm { when, after, again, quiet: quiet(reader, section, site_zone) }))
        }
    }
}

/// One word or a list of them. `None` where one is unknown; `Some(None)` where nothing is said.
fn many_of<T: Copy>(
    reader: &mut Reader<'_>,
    section: &Section<'_, '_>,
    key: &str,
    known: &[(&'static str, T)],
) -> Option<Option<Vec<T>>> {
    let Some(value) = reader.any(section, key) else { return Some(None) };
    if value.get_ref().is_str() {
        return words::one_of(reader, section, key, known).map(|one| Some(vec![one]));
    }
    let texts = reader.spanned_texts(section, key, &format!("a list of words: `{key} = [\"…\"]`"))?;
    let mut found = Vec::new();
    for text in texts {
        match known.iter().find(|(word, _)| *word == text.value) {
            Some(&(_, meaning)) => found.push(meaning),
            None => {
                let words = || known.iter().map(|&(word, _)| word);
                let cure = match nearest(&text.value, words()) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => {
                        format!("one of {}", words().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", "))
                    }
                };
                reader.value_error(&text.span, format!("`{key}` cannot hold `{}`", text.value), cure);
                return None;
            }
        }
    }
    Some((!found.is_empty()).then_some(found))
}

/// `quiet = "22:00-07:00"`, in `quiet_zone` or the site's zone.
fn quiet(reader: &mut Reader<'_>, section: &Section<'_, '_>, site_zone: Option<&Zone>) -> Option<Quiet> {
    let text = reader.text(section, "quiet")?;
    let zone = match reader.text(section, "quiet_zone") {
        None => site_zone.cloned(),
        Some(name) => {
            let zone = values::zone(&name.value);
            if zone.is_none() {
                let cure = values::zone_cure(&name.value);
                reader.value_error(&name.span, format!("no time zone is called `{}`", name.value), cure);
            }
            zone
        }
    };
    let hours = text.value.split_once(['-', '–']).and_then(|(from, to)| Some((time(from)?, time(to)?)));
    if hours.is_none() {
        let message = format!("`{}` are no hours of a day", text.value);
        reader.value_error(&text.span, message, "such as `quiet = \"22:00-07:00\"`");
    }
    let (from, to) = hours?;
    Some(Quiet { from, to, zone: zone? })
}

fn time(text: &str) -> Option<Time> {
    let (hour, minute) = text.trim().split_once(':')?;
    Time::new(hour.parse().ok()?, minute.parse().ok()?, 0, 0).ok()
}
