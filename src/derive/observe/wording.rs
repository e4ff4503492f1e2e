//! The words of notices: texts that the operator approved beforehand, with what was measured filled in.
//!
//! `{component}` its name, or that of its group, or several · `{start}` the first failing result · `{places}` "3 of 5
//! places", or "at least one place" where that is not known · and once it is over `{end}` the first good result and
//! `{duration}` the time between. Times are in the site's zone, with its abbreviation. Whatever else stands in braces stays.

use std::borrow::Cow;

use jiff::Timestamp;

use crate::model::{Config, Detection, DetectionKind, NoticeTexts, Places, Slug};

/// So many components are named one by one.
const NAMED_MAX: usize = 3;

/// The title, of one line.
pub(super) fn title(config: &Config, detection: &Detection, components: &[Slug]) -> String {
    let texts = &config.monitoring.texts;
    let text = match (detection.unstable, detection.kind) {
        (true, _) => &texts.title_unstable,
        (false, DetectionKind::Down) => &texts.title_down,
        (false, DetectionKind::Partial) => &texts.title_partial,
        (false, DetectionKind::Degraded) => &texts.title_degraded,
    };
    filled(config, detection, text.as_deref(), &names(config, components))
}

/// The first word, that of each new opening, and the last two.
#[derive(Clone, Copy, Debug)]
pub(super) enum Word {
    Investigating,
    Monitoring,
    Resolved,
}

/// What is said at a stage, in Markdown.
pub(super) fn body(config: &Config, detection: &Detection, components: &[Slug], word: Word) -> String {
    let texts = &config.monitoring.texts;
    let text = match word {
        Word::Investigating => &texts.investigating,
        Word::Monitoring => &texts.monitoring,
        Word::Resolved => &texts.resolved,
    };
    filled(config, detection, text.as_deref(), &escaped(&names(config, components)))
}

fn filled(config: &Config, detection: &Detection, text: Option<&str>, component: &str) -> String {
    let texts = &config.monitoring.texts;
    let start = moment(config, detection.start, None);
    let end = detection.end.map(|end| moment(config, end, Some(detection.start))).unwrap_or_default();
    let length = detection.end.map(|end| duration(texts, detection.start, end)).unwrap_or_default();
    let places = places(texts, detection.places);
    let values =
        [("component", component), ("start", &*start), ("places", &*places), ("end", &*end), ("duration", &*length)];
    // A site whose texts nobody filled has at least the name.
    fill(text.unwrap_or("{component}"), &values)
}

fn fill(text: &str, values: &[(&str, &str)]) -> String {
    let mut out = String::with_capacity(text.len() + 64);
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(before);
        let found = after.split_once('}').and_then(|(name, after)| {
            let value = values.iter().find(|(known, _)| *known == name)?;
            Some((value.1, after))
        });
        match found {
            Some((value, after)) => {
                out.push_str(value);
                rest = after;
            }
            None => {
                out.push('{');
                rest = after;
            }
        }
    }
    out.push_str(rest);
    out
}

/// "IMAP", "IMAP and POP", the group's name where it is all of it, or three and how many more.
fn names(config: &Config, components: &[Slug]) -> String {
    let texts = &config.monitoring.texts;
    let group = components.first().and_then(|first| config.component(first)?.group.as_ref());
    let members = || config.components.iter().filter(|one| one.group.as_ref() == group);
    if let Some(group) = group
        && components.len() > 1
        && members().count() == components.len()
        && members().all(|one| components.contains(&one.id))
        && let Some(group) = config.groups.iter().find(|one| one.id == *group)
    {
        return group.name.clone();
    }
    let names: Vec<&str> =
        components.iter().map(|id| config.component(id).map_or(id.as_str(), |one| &one.name)).collect();
    let (shown, more) = names.split_at(names.len().min(NAMED_MAX));
    match (shown, more.len()) {
        (all, 0) => match all.split_last() {
            Some((last, [])) => (*last).to_owned(),
            Some((last, list)) => {
                let list = list.join(", ");
                fill(texts.list_last.as_deref().unwrap_or("{list}, {last}"), &[("list", &list), ("last", last)])
            }
            None => String::new(),
        },
        (shown, more) => {
            let (list, more) = (shown.join(", "), more.to_string());
            fill(texts.list_more.as_deref().unwrap_or("{list} (+{count})"), &[("list", &list), ("count", &more)])
        }
    }
}

fn places(texts: &NoticeTexts, places: Places) -> String {
    if places.of < 2 || places.failing == 0 {
        return texts.places_unknown.clone().unwrap_or_default();
    }
    let (failing, of) = (places.failing.to_string(), places.of.to_string());
    fill(texts.places.as_deref().unwrap_or("{failing}/{count}"), &[("failing", &failing), ("count", &of)])
}

/// `11:02 CET`; with the day before it where it is not that of `beside`.
fn moment(config: &Config, at: Timestamp, beside: Option<Timestamp>) -> String {
    let zoned = |at: Timestamp| at.to_zoned_datetime(config.zone.tz.clone());
    let at = zoned(at);
    let zone = at.strftime("%Z").to_string();
    let zone = if zone.starts_with(['+', '-']) { format!("UTC{zone}") } else { zone };
    let is_other_day = beside.is_some_and(|beside| zoned(beside).date() != at.date());
    let day = if is_other_day { format!("{} ", at.strftime("%Y-%m-%d")) } else { String::new() };
    format!("{day}{} {zone}", at.strftime("%H:%M"))
}

/// The two largest units. It is the time between the minutes that are shown, so that a reader who does the sum agrees.
fn duration(texts: &NoticeTexts, start: Timestamp, end: Timestamp) -> String {
    let minutes = end.as_second().div_euclid(60).saturating_sub(start.as_second().div_euclid(60)).max(0);
    let unit = |count: i64, text: &Option<String>, short: &'static str| -> Option<String> {
        let text = text.as_deref().map_or(Cow::Owned(format!("{{count}} {short}")), Cow::Borrowed);
        (count > 0).then(|| fill(&text, &[("count", &count.to_string())]))
    };
    let (hours, days) = (minutes / 60 % 24, minutes / (24 * 60));
    let parts = [
        unit(days, &texts.days, "d"),
        unit(hours, &texts.hours, "h"),
        unit(if days > 0 { 0 } else { minutes % 60 }, &texts.minutes, "min"),
    ];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    if parts.is_empty() { unit(1, &texts.minutes, "min").unwrap_or_default() } else { parts.join("\u{a0}") }
}

/// A name in Markdown: nothing in it is a sign.
fn escaped(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    for c in name.chars() {
        if c.is_ascii_punctuation() && !".,()&/'-".contains(c) {
            out.push('\\');
        }
        out.push(c);
    }
    out
}
