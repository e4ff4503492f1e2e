//! Keys and text → an [`Rfo`], the report afterwards.

use std::ops::Range;

use jiff::civil::Date;
use jiff::{SignedDuration, Span, SpanRelativeTo};

use super::heading;
use super::incident::{LINE_CHARS_MAX, Preface, TITLE_CHARS_MAX, aliases, date, is_draft, moment};
use super::keys::{FOLLOW_UP_KEYS, Keys, RFO_KEYS, tell_type};
use super::name;
use super::teller::{Teller, quoted};
use super::time::{Context, Resolved, read_value};
use super::timeline::Dates;
use super::value::{Table, ValueKind};
use super::{Parsed, Post, RfoFor, Role, Untimed, UntimedDay};
use crate::diag::Code;
use crate::model::{Evidence, FollowUp, Markdown, PostedAt, Rfo, Slug};

/// Reads a report. Its slug is that of the incident it names, else that of its own name.
pub(super) fn read(post: &Post<'_>, table: Table, tell: &mut Teller) -> Parsed {
    let mut keys = Keys::of(table, RFO_KEYS, tell);
    if is_draft(&mut keys, tell) {
        return Parsed::HeldBack;
    }
    let name = name::read(post.file.stem, tell);
    let rfo_for = keys.words("rfo_for", tell);
    let folder = match post.file.role {
        Role::Post => None,
        Role::RfoOf(folder) => Some(folder),
    };
    let incident = rfo_for.as_ref().map(|(word, _)| word.as_str()).or(folder).and_then(incident_slug);
    let Some(slug) = incident.clone().or_else(|| name::slug(folder.unwrap_or(post.file.stem), tell)) else {
        return Parsed::HeldBack;
    };
    let headings = heading::find(post.text, post.body);
    let preface = Preface::of(post, &headings.list, None);
    let title = keys.line("title", TITLE_CHARS_MAX, tell).or_else(|| preface.heading()).unwrap_or_else(|| {
        match name.title(post.config) {
            words if words.is_empty() => format!("Report: {slug}"),
            words => format!("Report: {words}"),
        }
    });
    // The folder's day is the incident's, not the report's.
    let file_name = if folder.is_none() { name.day } else { None };
    let date_key = date(&mut keys, "date", post, tell);
    let front_matter = date(&mut keys, "published", post, tell).or(date_key);
    let (published, untimed) = Dates { front_matter, file_name }.posted();
    let body = preface.text(&title, &headings.definitions);
    if body.text.is_empty() {
        tell.warning(Code::FILE_EMPTY, post.body..post.body, "this report has no text")
            .cure("write what happened, why, and what will be done")
            .outcome("published, with its title alone");
    }
    let named = name.day.or(match published {
        PostedAt::Day(day) => Some(day),
        PostedAt::Written(at) | PostedAt::FromGit(at) => Some(post.config.zone.tz.to_datetime(at).date()),
        PostedAt::Unknown => None,
    });
    let started = moment(&mut keys, "started", named, post, tell);
    let after = started.map(|at| post.config.zone.tz.to_datetime(at).date()).or(named);
    let ended = moment(&mut keys, "ended", after, post, tell);
    let rfo = Rfo {
        slug,
        aliases: aliases(&mut keys, tell),
        source: post.file.path.to_owned(),
        incident,
        title,
        published,
        cause: keys.line("cause", LINE_CHARS_MAX, tell),
        started,
        ended,
        duration: duration(&mut keys, tell),
        authors: keys.list("authors", tell).into_iter().map(|(author, _)| author).collect(),
        follow_ups: follow_ups(&mut keys, published, post, tell),
        body,
        evidence: Evidence::None,
        edits: Vec::new(),
    };
    let rfo_for = rfo_for.map(|(written, span)| RfoFor { written, place: tell.place(span) });
    Parsed::Rfo(rfo, untimed.map(untimed_report), rfo_for)
}

/// How long it lasted, as the report says: `"13 h 5 min"`, `"90m"`.
fn duration(keys: &mut Keys, tell: &mut Teller) -> Option<SignedDuration> {
    let (text, span) = keys.words("duration", tell)?;
    let length = text.parse::<Span>().ok().and_then(|span| span.to_duration(SpanRelativeTo::days_are_24_hours()).ok());
    let length = length.filter(SignedDuration::is_positive);
    if length.is_none() {
        tell.error(Code::WRONG_TYPE, span, format!("{} is not a length of time", quoted(&text)))
            .cure("write it as `\"13 h 5 min\"`")
            .outcome("published, without it");
    }
    length
}

/// A slug, a file's name or the page's address.
fn incident_slug(written: &str) -> Option<Slug> {
    let last = written.trim().trim_end_matches('/').rsplit('/').next().unwrap_or_default();
    Slug::from_text(last.strip_suffix(".md").unwrap_or(last))
}

fn untimed_report(day: UntimedDay) -> Untimed {
    Untimed { update: 0, day, heading_line: None }
}

fn follow_ups(keys: &mut Keys, published: PostedAt, post: &Post<'_>, tell: &mut Teller) -> Vec<FollowUp> {
    let published = match published {
        PostedAt::Written(at) | PostedAt::FromGit(at) => Some(post.config.zone.tz.to_datetime(at).date()),
        PostedAt::Day(day) => Some(day),
        PostedAt::Unknown => None,
    };
    let tables = keys.tables("follow_up", tell);
    tables.into_iter().filter_map(|(table, span)| follow_up(table, span, published, post, tell)).collect()
}

fn follow_up(
    table: Table,
    span: Range<usize>,
    published: Option<Date>,
    post: &Post<'_>,
    tell: &mut Teller,
) -> Option<FollowUp> {
    let mut keys = Keys::of(table, FOLLOW_UP_KEYS, tell);
    let what = keys.markdown("what", tell);
    let due = day(&mut keys, "due", published, post, tell);
    let done = done(&mut keys, published, post, tell);
    let link = link(&mut keys, tell);
    let owner = keys.line("owner", LINE_CHARS_MAX, tell);
    let dropped_at = keys.value_span("dropped");
    let dropped = keys.line("dropped", LINE_CHARS_MAX, tell);
    if let (Some(span), Some(done), true) = (dropped_at, done, dropped.is_some()) {
        tell.warning(Code::WRONG_TYPE, span, "a follow-up is done and dropped at once")
            .cure("take one of the two out")
            .outcome(format!("published as done on {done}"));
    }
    let Some(what) = what else {
        tell.error(Code::WRONG_TYPE, span, "a follow-up does not say what will be done")
            .cure("write `what = \"…\"` in it")
            .outcome("published, without this follow-up");
        return None;
    };
    Some(FollowUp { what: Markdown::new(what), due, done, dropped, owner, due_before: Vec::new(), link })
}

/// A day; the time of day does not matter.
fn day(keys: &mut Keys, key: &str, published: Option<Date>, post: &Post<'_>, tell: &mut Teller) -> Option<Date> {
    let (text, span) = keys.words(key, tell)?;
    let context = Context { day: published, not_before: None };
    match read_value(&text, &post.config.zone, context, span.start, tell) {
        Resolved::Day(day) => Some(day),
        Resolved::At(at) => Some(post.config.zone.tz.to_datetime(at).date()),
        Resolved::Unknown => None,
    }
}

/// `done = true` says that it is done and not when: the day of the report, or of its being due, is the best we know.
fn done(keys: &mut Keys, published: Option<Date>, post: &Post<'_>, tell: &mut Teller) -> Option<Date> {
    let is_done = match keys.peek("done") {
        Some(ValueKind::Bool(is_done)) => *is_done,
        Some(ValueKind::Text(text)) if text.eq_ignore_ascii_case("yes") => true,
        Some(ValueKind::Text(text)) if text.eq_ignore_ascii_case("no") => false,
        _ => return day(keys, "done", published, post, tell),
    };
    let value = keys.take("done")?;
    if !is_done {
        return None;
    }
    let outcome = match published {
        Some(day) => format!("published as done on {day}, the day of the report"),
        None => "published as not done: nothing says when".to_owned(),
    };
    tell.warning(Code::WRONG_TYPE, value.span, "`done` says that it is done, and not when")
        .cure("write the day: `done = 2022-04-12`")
        .outcome(outcome);
    published
}

fn link(keys: &mut Keys, tell: &mut Teller) -> Option<String> {
    let value = keys.take("link")?;
    let ValueKind::Text(link) = &value.kind else {
        tell_type("link", &value, "text", tell);
        return None;
    };
    let link = link.trim();
    if is_allowed_link(link) {
        return Some(link.to_owned());
    }
    tell.error(Code::LINK_SCHEME, value.span, format!("{} is no link that is published", quoted(link)))
        .cure("write one that begins with `https://`, or a path of this site")
        .outcome("published, without it");
    None
}

/// `http`, `https`, or a path: `//host` and `scheme:` are none.
fn is_allowed_link(link: &str) -> bool {
    if link.is_empty() || link.contains(|c: char| c.is_whitespace() || c == '\\' || c.is_control()) {
        return false;
    }
    let lower = link.get(..8).unwrap_or(link).to_ascii_lowercase();
    if lower.starts_with("https://") || lower.starts_with("http://") {
        return true;
    }
    let first = link.split(['/', '?', '#']).next().unwrap_or_default();
    !link.starts_with("//") && !first.contains(':')
}
