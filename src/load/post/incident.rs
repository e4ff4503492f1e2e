//! Keys and headings → an [`Incident`].

use std::ops::Range;

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};

use super::components::Names;
use super::heading::{self, Heading};
use super::keys::{INCIDENT_KEYS, Keys, one_line, tell_type};
use super::name;
use super::states::{self, Attributes};
use super::status::{self, Word};
use super::teller::{Teller, quoted};
use super::time::{Context, Resolved, read_value};
use super::timeline::{self, Dates, Draft};
use super::value::{Table, ValueKind};
use super::word::{Near, did_you_mean, fold, near};
use super::{Parsed, Post, Untimed};
use crate::diag::Code;
use crate::model::{
    Accounts, Evidence, Impact, Incident, IncidentStatus, Kind, MaintenanceStatus, Markdown, PostedAt, Slug, Stage,
    Update, Window,
};

/// The longest title, and the longest plain line, in characters.
pub(super) const TITLE_CHARS_MAX: usize = 200;
pub(super) const LINE_CHARS_MAX: usize = 500;

/// Reads an incident, maintenance, an announcement or a withdrawn alarm.
pub(super) fn read(post: &Post<'_>, table: Table, tell: &mut Teller) -> Parsed {
    let mut keys = Keys::of(table, INCIDENT_KEYS, tell);
    if is_draft(&mut keys, tell) {
        return Parsed::HeldBack;
    }
    let text = post.text.get(post.body..).unwrap_or_default();
    if text.trim().is_empty() && keys.say_nothing() {
        // An editor on the web makes a file before anybody has written in it.
        tell.warning(Code::FILE_EMPTY, post.body..post.body, "this file is empty")
            .cure("write one sentence; that is enough")
            .outcome("held back; everything else is published");
        return Parsed::HeldBack;
    }
    let name = name::read(post.file.stem, tell);
    let Some(slug) = name::slug(post.file.stem, tell) else { return Parsed::HeldBack };
    let found = heading::find(post.text, post.body);
    let drafts = drafts(post, &found.list, &found.definitions, tell);
    status::tell_suspect_paragraphs(post.text, post.body, tell);
    let preface = Preface::of(post, &found.list, drafts.first().map(|draft| draft.heading.span.start));
    let title = title(&mut keys, &preface, || name.title(post.config), tell);
    let kind = kind(&mut keys, &drafts, post, tell);
    let dates = Dates { front_matter: date(&mut keys, "date", post, tell), file_name: name.day };
    let intro = preface.text(&title, &found.definitions);
    let (updates, untimed, intro) = if drafts.is_empty() {
        let (update, untimed) = only_update(post, intro, &kind, dates, tell);
        (vec![update], untimed.into_iter().collect(), None)
    } else {
        let nexts: Vec<(u32, Range<usize>)> =
            drafts.iter().filter_map(|draft| Some((draft.line, draft.next.clone()?))).collect();
        let (mut updates, untimed) = timeline::build(drafts, dates, &kind, post.config, tell);
        for (line, span) in nexts {
            if let Some(update) = updates.iter_mut().find(|update| update.line == line) {
                update.next = next_of_heading(span, update.posted, post, tell);
            }
        }
        if is_first_word(&intro, &kind, &updates) {
            let (updates, untimed) = with_first_word(only_update(post, intro, &kind, dates, tell), updates, untimed);
            (updates, untimed, None)
        } else {
            (updates, untimed, (!intro.text.is_empty()).then_some(intro))
        }
    };
    let last = updates.last().map_or(PostedAt::Unknown, |update| update.posted);
    let incident = Incident {
        slug,
        aliases: aliases(&mut keys, tell),
        source: post.file.path.to_owned(),
        impact: impact(&mut keys, &kind, tell),
        kind,
        title,
        components: components(&mut keys, post, tell),
        affected: keys.line("affected", LINE_CHARS_MAX, tell),
        accounts: accounts(&mut keys, tell),
        works: keys.markdown("works", tell).map(Markdown::new),
        meanwhile: keys.markdown("meanwhile", tell).map(Markdown::new),
        covers: slugs("covers", "notice", &mut keys, tell),
        next_update: next_update(&mut keys, last, post, tell),
        started: moment(&mut keys, "started", day_of(last, post), post, tell),
        rfo_waived: rfo_waived(&mut keys, tell),
        rfo_due: rfo_due(&mut keys, day_of(last, post), post, tell),
        intro,
        updates,
    };
    Parsed::Incident(incident, untimed)
}

/// Whether the text above all headings is the first update of a disturbance: somebody posted it as the whole file, and the
/// next one wrote `## Resolved` below. Its permalink and its time were public, so it stays what it was. Where a heading says
/// Investigating, that is the first word, and the text above an introduction.
fn is_first_word(above: &Markdown, kind: &Kind, updates: &[Update]) -> bool {
    let investigating = Stage::Incident(IncidentStatus::Investigating);
    *kind == Kind::Incident && !above.text.is_empty() && updates.iter().all(|update| update.stage != investigating)
}

fn with_first_word(
    (first, first_untimed): (Update, Option<Untimed>),
    updates: Vec<Update>,
    untimed: Vec<Untimed>,
) -> (Vec<Update>, Vec<Untimed>) {
    let later = untimed.into_iter().map(|untimed| Untimed { update: untimed.update + 1, ..untimed });
    let untimed = first_untimed.into_iter().chain(later).collect();
    let mut updates: Vec<Update> = [first].into_iter().chain(updates).collect();
    timeline::assign_ids(&mut updates, timeline::said);
    (updates, untimed)
}

/// A draft is one by its place or name, so that a slip in its front matter cannot publish it. Still, who writes
/// `draft = true` wants it held back.
pub(super) fn is_draft(keys: &mut Keys, tell: &mut Teller) -> bool {
    let Some(value) = keys.take("draft") else { return false };
    let is_draft = match &value.kind {
        ValueKind::Bool(is_draft) => *is_draft,
        ValueKind::Text(text) => !matches!(fold(text).as_str(), "false" | "no" | "0"),
        _ => true,
    };
    if is_draft {
        tell.warning(Code::DRAFT_KEY, value.span, "a draft is a draft by its place or name")
            .cure("move the file to `drafts/`, or let its name begin with `_`")
            .outcome("held back");
    }
    is_draft
}

/// The headings that start an update, each with the text below it.
fn drafts<'a>(post: &Post<'a>, headings: &'a [Heading<'a>], definitions: &str, tell: &mut Teller) -> Vec<Draft<'a>> {
    let names = Names(post.config);
    let mut drafts: Vec<Draft<'a>> = Vec::new();
    let (mut line, mut counted) = (1, 0);
    let mut starts: Vec<usize> = Vec::new();
    for heading in headings {
        let Some(status) = status::read(heading, tell) else { continue };
        let before = post.text.get(counted..heading.span.start).unwrap_or_default();
        line += before.bytes().filter(|&byte| byte == b'\n').count();
        counted = heading.span.start;
        let read = |span| states::read(post.text, span, &names, tell);
        let Attributes { states, next } = status.attributes.clone().map(read).unwrap_or_default();
        let line = u32::try_from(line).unwrap_or(u32::MAX);
        starts.push(heading.span.start);
        drafts.push(Draft { heading, status, states, next, body: Markdown::default(), line });
    }
    let ends = starts.into_iter().skip(1).chain([post.text.len()]);
    for (draft, end) in drafts.iter_mut().zip(ends) {
        draft.body = markdown(post.text.get(draft.heading.span.end..end).unwrap_or_default(), definitions);
    }
    drafts
}

/// A part of the file, with the definitions that it may refer to.
pub(super) fn markdown(text: &str, definitions: &str) -> Markdown {
    // Spaces at the start mean something in Markdown, blank lines do not.
    let text = text.trim_end();
    let first = text.len() - text.trim_start().len();
    let line_start = text.get(..first).and_then(|blank| blank.rfind('\n')).map_or(0, |at| at + 1);
    let text = text.get(line_start..).unwrap_or_default();
    let definitions = if text.contains('[') { definitions.to_owned() } else { String::new() };
    Markdown { text: text.to_owned(), definitions }
}

/// What stands above the first status heading, or the whole text if there is none.
pub(super) struct Preface<'a> {
    text: &'a str,
    /// The first `# Heading` in it: its words, and where it stands in `text`.
    heading: Option<(String, Range<usize>)>,
}

impl<'a> Preface<'a> {
    pub(super) fn of(post: &Post<'a>, headings: &[Heading<'_>], end: Option<usize>) -> Preface<'a> {
        let range = post.body..end.unwrap_or(post.text.len());
        let heading = headings
            .iter()
            .take_while(|heading| heading.span.start < range.end)
            .find(|heading| heading.level == 1 && !heading.lacks_space && !heading.text.is_empty())
            .map(|heading| (plain(heading.text), heading.span.start - range.start..heading.span.end - range.start));
        Preface { text: post.text.get(range).unwrap_or_default(), heading }
    }

    /// Without the heading that became the title, or only repeats it.
    pub(super) fn text(&self, title: &str, definitions: &str) -> Markdown {
        match &self.heading {
            Some((words, span)) if words == title => {
                let before = self.text.get(..span.start).unwrap_or_default().trim_end();
                let after = self.text.get(span.end..).unwrap_or_default();
                if before.is_empty() {
                    return markdown(after, definitions);
                }
                markdown(&format!("{before}\n\n{}", after.trim_start_matches('\n')), definitions)
            }
            _ => markdown(self.text, definitions),
        }
    }

    pub(super) fn heading(&self) -> Option<String> {
        self.heading.as_ref().map(|(words, _)| words.clone())
    }
}

/// The words of a heading without the signs of emphasis.
fn plain(text: &str) -> String {
    bounded_quietly(one_line(&text.replace(['*', '`'], "")))
}

fn bounded_quietly(text: String) -> String {
    if text.len() <= TITLE_CHARS_MAX { text } else { text.chars().take(TITLE_CHARS_MAX).collect() }
}

fn title(keys: &mut Keys, preface: &Preface<'_>, from_name: impl FnOnce() -> String, tell: &mut Teller) -> String {
    keys.line("title", TITLE_CHARS_MAX, tell)
        .or_else(|| preface.heading())
        .filter(|title| !title.is_empty())
        .or_else(|| Some(from_name()).filter(|title| !title.is_empty()))
        .unwrap_or_else(|| "Incident".to_owned())
}

/// A file without status headings is one update.
fn only_update(
    post: &Post<'_>,
    body: Markdown,
    kind: &Kind,
    dates: Dates,
    tell: &mut Teller,
) -> (Update, Option<Untimed>) {
    if body.text.is_empty() {
        tell.warning(Code::FILE_EMPTY, post.body..post.body, "this file has no text")
            .cure("write one sentence; that is enough")
            .outcome("published, with its title alone");
    }
    let stage = match kind {
        Kind::Incident | Kind::Notice => Stage::Incident(IncidentStatus::Investigating),
        Kind::Maintenance(_) => Stage::Maintenance(MaintenanceStatus::Scheduled),
        Kind::Info | Kind::FalseAlarm => Stage::Note,
    };
    let (posted, untimed) = dates.posted();
    let lines_before = post.text.get(..post.body).unwrap_or_default().bytes().filter(|&byte| byte == b'\n').count();
    let line = u32::try_from(lines_before + 1).unwrap_or(u32::MAX);
    let update = Update {
        id: String::new(),
        stage,
        posted,
        body,
        states: Vec::new(),
        line,
        next: None,
        evidence: Evidence::None,
        edits: Vec::new(),
    };
    let mut updates = vec![update];
    timeline::assign_ids(&mut updates, timeline::said);
    let update = updates.swap_remove(0);
    (update, untimed.map(|day| Untimed { update: 0, day, heading_line: None }))
}

/// The kind that is written, or else the one that the rest of the file can only mean.
fn kind(keys: &mut Keys, drafts: &[Draft<'_>], post: &Post<'_>, tell: &mut Teller) -> Kind {
    let written = keys.words("kind", tell).map(|(word, span)| kind_of_word(&word, span, tell));
    let planned_key = ["starts", "ends"].into_iter().find_map(|key| keys.key_span(key));
    let window = window(keys, post, tell);
    if let Some(kind) = written {
        if let (Some(span), false) = (planned_key, matches!(kind, Kind::Maintenance(_))) {
            tell.warning(Code::STAGE_KIND, span, "`starts` and `ends` belong to maintenance")
                .cure("set `kind = \"maintenance\"`, or say `started`")
                .outcome("published, without them");
        }
        return if let Kind::Maintenance(_) = kind { Kind::Maintenance(window) } else { kind };
    }
    // Planned work must not appear as a disturbance because a line was forgotten, nor a disturbance as planned work.
    let scheduled =
        drafts.iter().find(|draft| draft.status.word == Word::Scheduled).map(|draft| draft.status.span.clone());
    let starts = planned_key.clone().filter(|_| window.starts.is_some() && !is_disturbance(keys, drafts));
    if let Some(span) = starts.or(scheduled) {
        tell.warning(Code::STAGE_KIND, span, "this belongs to maintenance, and the file does not say that it is some")
            .cure("write `kind = \"maintenance\"` above it")
            .outcome("published as maintenance");
        return Kind::Maintenance(window);
    }
    if let Some(span) = planned_key {
        tell.warning(Code::STAGE_KIND, span, "`starts` and `ends` belong to maintenance")
            .cure("set `kind = \"maintenance\"`, or say `started`")
            .outcome("published as an incident, without them");
    }
    Kind::Incident
}

/// Whether the impact or a heading says that something went wrong.
fn is_disturbance(keys: &Keys, drafts: &[Draft<'_>]) -> bool {
    let has_impact = keys.peek("impact").is_some_and(|impact| match impact {
        ValueKind::Text(word) => !matches!(fold(word).as_str(), "" | "none" | "no" | "nothing" | "false" | "ok"),
        _ => false,
    });
    let is_of_incident =
        |word| matches!(word, Word::Investigating | Word::Identified | Word::Monitoring | Word::Resolved);
    has_impact || drafts.iter().any(|draft| is_of_incident(draft.status.word))
}

const NO_WINDOW: Window = Window { starts: None, ends: None };

fn kind_of_word(word: &str, span: Range<usize>, tell: &mut Teller) -> Kind {
    const WORDS: [&str; 4] = ["incident", "maintenance", "info", "false_alarm"];
    let kind = |word: &str| match word {
        "incident" | "outage" | "disruption" => Some(Kind::Incident),
        "maintenance" | "planned" | "scheduled" | "plannedwork" => Some(Kind::Maintenance(NO_WINDOW)),
        "info" | "information" | "announcement" | "notice" | "news" => Some(Kind::Info),
        "falsealarm" | "falsepositive" => Some(Kind::FalseAlarm),
        _ => None,
    };
    if let Some(kind) = kind(&fold(word)) {
        return kind;
    }
    let meant = match near(word, WORDS) {
        Near::Surely(found) | Near::Perhaps(found) => kind(&fold(found)),
        Near::No => None,
    };
    let meant = meant.unwrap_or(Kind::Incident);
    let shown = match meant {
        Kind::Incident | Kind::Notice => "an incident",
        Kind::Maintenance(_) => "maintenance",
        Kind::Info => "an announcement",
        Kind::FalseAlarm => "a false alarm",
    };
    tell.error(Code::UNKNOWN_WORD, span, format!("no kind is called {}", quoted(word)))
        .cure(did_you_mean(word, WORDS.into_iter()))
        .outcome(format!("published as {shown}"));
    meant
}

/// The time of planned work.
fn window(keys: &mut Keys, post: &Post<'_>, tell: &mut Teller) -> Window {
    let starts = boundary(keys, "starts", None, post, tell);
    let span = keys.value_span("ends");
    let ends = boundary(keys, "ends", starts, post, tell);
    if let (Some(starts), Some(ends), Some(span)) = (starts, ends, span)
        && ends <= starts
    {
        tell.error(Code::TIME_ORDER, span, "`ends` is not after `starts`")
            .cure("put one of them right")
            .outcome("published, without an end");
        return Window { starts: Some(starts), ends: None };
    }
    Window { starts, ends }
}

/// One end of planned work. A day alone is its first moment, or its last for the end; a bare time behind `after` takes its day.
fn boundary(
    keys: &mut Keys,
    key: &str,
    after: Option<Timestamp>,
    post: &Post<'_>,
    tell: &mut Teller,
) -> Option<Timestamp> {
    let (text, span) = keys.words(key, tell)?;
    let tz = &post.config.zone.tz;
    let day = after.map(|after| tz.to_datetime(after).date());
    match read_after(&text, span, day, after, post, tell) {
        Resolved::At(at) => Some(at),
        Resolved::Day(day) => {
            let day = if key == "ends" { day.tomorrow().ok()? } else { day };
            tz.to_ambiguous_timestamp(day.at(0, 0, 0, 0)).compatible().ok()
        }
        Resolved::Unknown => None,
    }
}

/// Reads a time; a bare one that would be before `after` is of the next day.
fn read_after(
    text: &str,
    span: Range<usize>,
    day: Option<Date>,
    after: Option<Timestamp>,
    post: &Post<'_>,
    tell: &mut Teller,
) -> Resolved {
    let at = inner_start(post.text, &span, text);
    let zone = &post.config.zone;
    let mut context = Context { day, not_before: after };
    let bare = super::time::scan(text);
    if !bare.has_day() && bare.time.is_some() {
        let Some(day) = day else {
            tell.error(Code::TIME_SYNTAX, span, format!("{} has no day", quoted(text)))
                .cure("write a time as `2022-03-29 11:20`")
                .outcome("published, without it");
            return Resolved::Unknown;
        };
        let mut scratch = tell.scratch();
        if let (Resolved::At(at), Some(after)) = (bare.resolve(zone, context, at, &mut scratch), after)
            && at < after
        {
            context.day = day.tomorrow().ok();
        }
    }
    read_value(text, zone, context, at, tell)
}

/// Where a value's text begins inside its quotes.
fn inner_start(text: &str, span: &Range<usize>, value: &str) -> usize {
    let written = text.get(span.clone()).unwrap_or_default();
    span.start + written.find(value).unwrap_or(0)
}

/// A day or a time of the front matter.
pub(super) fn date(keys: &mut Keys, key: &str, post: &Post<'_>, tell: &mut Teller) -> Option<PostedAt> {
    let (text, span) = keys.words(key, tell)?;
    match read_after(&text, span, None, None, post, tell) {
        Resolved::At(at) => Some(PostedAt::Written(at)),
        Resolved::Day(day) => Some(PostedAt::Day(day)),
        Resolved::Unknown => None,
    }
}

/// A moment of the front matter. A day alone is no moment.
pub(super) fn moment(
    keys: &mut Keys,
    key: &str,
    day: Option<Date>,
    post: &Post<'_>,
    tell: &mut Teller,
) -> Option<Timestamp> {
    let (text, span) = keys.words(key, tell)?;
    match read_after(&text, span.clone(), day, None, post, tell) {
        Resolved::At(at) => Some(at),
        Resolved::Day(day) => {
            tell_no_time(key, day, span, tell);
            None
        }
        Resolved::Unknown => None,
    }
}

/// By which day the report comes; the time of day does not matter.
fn rfo_due(keys: &mut Keys, day: Option<Date>, post: &Post<'_>, tell: &mut Teller) -> Option<Date> {
    let (text, span) = keys.words("rfo_due", tell)?;
    match read_after(&text, span, day, None, post, tell) {
        Resolved::Day(day) => Some(day),
        Resolved::At(at) => Some(post.config.zone.tz.to_datetime(at).date()),
        Resolved::Unknown => None,
    }
}

/// Why no report is owed. Readers are told, so a bare `true` waives nothing.
fn rfo_waived(keys: &mut Keys, tell: &mut Teller) -> Option<String> {
    if let Some(ValueKind::Bool(is_waived)) = keys.peek("rfo_waived") {
        let is_waived = *is_waived;
        let value = keys.take("rfo_waived")?;
        if is_waived {
            tell.error(Code::WRONG_TYPE, value.span, "`rfo_waived` does not say why no report is owed")
                .cure("write the reason, which readers see: `rfo_waived = \"One disk, and we knew it\"`")
                .outcome("published, and the report stays owed");
        }
        return None;
    }
    keys.line("rfo_waived", LINE_CHARS_MAX, tell)
}

fn tell_no_time(key: &str, day: Date, span: Range<usize>, tell: &mut Teller) {
    tell.error(Code::TIME_SYNTAX, span, format!("`{key}` has a day and no time"))
        .cure(format!("write `{key} = {day}T11:20`"))
        .outcome("published, without it");
}

/// A bare time is of the last update's day, or of the next day where it would be before that update.
fn next_update(keys: &mut Keys, last: PostedAt, post: &Post<'_>, tell: &mut Teller) -> Option<Timestamp> {
    let (text, span) = keys.words("next_update", tell)?;
    let after = match last {
        PostedAt::Written(at) | PostedAt::FromGit(at) => Some(at),
        PostedAt::Day(_) | PostedAt::Unknown => None,
    };
    match read_after(&text, span.clone(), day_of(last, post), after, post, tell) {
        Resolved::At(at) => Some(at),
        Resolved::Day(day) => {
            tell_no_time("next_update", day, span, tell);
            None
        }
        Resolved::Unknown => None,
    }
}

/// `next=19:30`, a whole time, or how long from the update's own time: `next=30m`.
fn next_of_heading(span: Range<usize>, posted: PostedAt, post: &Post<'_>, tell: &mut Teller) -> Option<Timestamp> {
    let text = post.text.get(span.clone()).unwrap_or_default();
    let after = match posted {
        PostedAt::Written(at) | PostedAt::FromGit(at) => Some(at),
        PostedAt::Day(_) | PostedAt::Unknown => None,
    };
    if let (Some(after), Ok(length)) = (after, text.parse::<SignedDuration>())
        && length.is_positive()
    {
        return after.checked_add(length).ok();
    }
    match read_after(text, span.clone(), day_of(posted, post), after, post, tell) {
        Resolved::At(at) => Some(at),
        Resolved::Day(day) => {
            tell.error(Code::TIME_SYNTAX, span, "`next` has a day and no time")
                .cure(format!("write `next={day}T11:20`"))
                .outcome("published, without it");
            None
        }
        Resolved::Unknown => None,
    }
}

fn day_of(posted: PostedAt, post: &Post<'_>) -> Option<Date> {
    match posted {
        PostedAt::Written(at) | PostedAt::FromGit(at) => Some(post.config.zone.tz.to_datetime(at).date()),
        PostedAt::Day(day) => Some(day),
        PostedAt::Unknown => None,
    }
}

pub(super) fn aliases(keys: &mut Keys, tell: &mut Teller) -> Vec<Slug> {
    slugs("aliases", "page", keys, tell)
}

/// The names of pages, as they stand in their addresses; a whole address is read as one. `of` says of what.
fn slugs(key: &str, of: &str, keys: &mut Keys, tell: &mut Teller) -> Vec<Slug> {
    const SLUGS_MAX: usize = 100;
    let mut slugs: Vec<Slug> = Vec::new();
    for (word, span) in keys.list(key, tell).into_iter().take(SLUGS_MAX) {
        let slug = Slug::new(&word).or_else(|| {
            let slug = Slug::from_text(word.trim_matches('/').rsplit('/').next().unwrap_or_default());
            let told = tell.warning(Code::FILE_NAME, span, format!("{} is no name of a {of}", quoted(&word)));
            match &slug {
                Some(slug) => told.cure(format!("write `{slug}`")).outcome(format!("read as `{slug}`")),
                None => told.cure("write letters, digits and `-`").outcome("published, without it"),
            };
            slug
        });
        slugs.extend(slug.filter(|slug| !slugs.contains(slug)));
    }
    slugs
}

/// In the config's order, each once.
fn components(keys: &mut Keys, post: &Post<'_>, tell: &mut Teller) -> Vec<Slug> {
    let names = Names(post.config);
    let mut found: Vec<Slug> = Vec::new();
    for (word, span) in keys.list("components", tell) {
        match names.find(&word) {
            Some(ids) => ids.into_iter().for_each(|id| {
                if !found.contains(&id) {
                    found.push(id)
                }
            }),
            None => names.tell_unknown(&word, span, "published, without this component", tell),
        }
    }
    if found.len() < 2 {
        return found;
    }
    let all = post.config.components.iter().map(|component| &component.id);
    all.filter(|id| found.contains(id)).cloned().collect()
}

/// An unknown impact counts as minor, so that nothing that disturbs readers is called nothing.
fn impact(keys: &mut Keys, kind: &Kind, tell: &mut Teller) -> Impact {
    let default = if let Kind::Incident = kind { Impact::Minor } else { Impact::None };
    let Some((word, span)) = keys.words("impact", tell) else { return default };
    let folded = fold(&word);
    if let Some(impact) = Impact::ALL.into_iter().find(|impact| impact.word() == folded) {
        return impact;
    }
    let synonym = match folded.as_str() {
        "no" | "nothing" | "false" | "ok" => Some(Impact::None),
        "low" | "small" | "notice" | "degraded" | "slow" => Some(Impact::Minor),
        "medium" | "high" | "big" | "disrupted" | "partial" => Some(Impact::Major),
        "severe" | "total" | "down" | "outage" | "all" => Some(Impact::Critical),
        _ => None,
    };
    if let Some(impact) = synonym {
        tell.note(Code::UNKNOWN_WORD, span, format!("{} is read as `{}`", quoted(&word), impact.word()))
            .cure(format!("write `{}`", impact.word()));
        return impact;
    }
    let words = || Impact::ALL.into_iter().map(Impact::word);
    let meant = match near(&word, words()) {
        Near::Surely(found) => Impact::ALL.into_iter().find(|impact| impact.word() == found),
        Near::Perhaps(_) | Near::No => None,
    };
    let impact = meant.unwrap_or(Impact::Minor).max(Impact::Minor);
    tell.error(Code::UNKNOWN_WORD, span, format!("no impact is called {}", quoted(&word)))
        .cure(did_you_mean(&word, Impact::ALL.iter().map(|impact| impact.word())))
        .outcome(format!("published as `{}`", impact.word()));
    impact
}

fn accounts(keys: &mut Keys, tell: &mut Teller) -> Option<Accounts> {
    let value = keys.take("accounts")?;
    let accounts = match &value.kind {
        ValueKind::Integer(number) => u64::try_from(*number).ok().map(Accounts::Exactly),
        ValueKind::Text(text) => accounts_of_text(text),
        _ => None,
    };
    if accounts.is_none() {
        tell_type("accounts", &value, "a number such as 4100, \"3000-4100\" or \"12 %\"", tell);
    }
    accounts
}

/// `4100`, `4 100`, `4,100`, `3000-4100`, `12.5 %`; "about" and "accounts" may stand around it.
fn accounts_of_text(text: &str) -> Option<Accounts> {
    let is_word = |c: char| c.is_alphabetic() || c.is_whitespace() || "~≈.".contains(c);
    let text = text.trim_matches(is_word);
    if let Some(share) = text.strip_suffix('%') {
        let share = share.trim().replace(',', ".");
        let (whole, part) = share.split_once('.').unwrap_or((&share, "0"));
        let is_number = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        if !is_number(whole) || !is_number(part) || part.len() > 2 {
            return None;
        }
        let hundredths = part.parse::<u32>().ok()? * if part.len() == 1 { 10 } else { 1 };
        let share = whole.parse::<u32>().ok()?.checked_mul(100)?.checked_add(hundredths)?;
        return (share <= 10_000).then_some(Accounts::Share(share));
    }
    let (from, to) = match text.split_once(['-', '–', '—']).or_else(|| text.split_once(" to ")) {
        None => return thousands(text).map(Accounts::Exactly),
        Some((from, to)) => (thousands(from)?, thousands(to)?),
    };
    Some(Accounts::Between(from.min(to), from.max(to)))
}

/// A whole number whose digits may stand in groups of three.
fn thousands(text: &str) -> Option<u64> {
    let mut groups = text.trim().split([' ', '\u{a0}', '\u{202f}', ',', '.', '\'', '_']);
    let first = groups.next().filter(|first| !first.is_empty())?;
    let mut digits = first.to_owned();
    for group in groups {
        if group.len() != 3 || first.len() > 3 {
            return None;
        }
        digits.push_str(group);
    }
    digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| digits.parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accounts_may_be_written_as_people_count() {
        for (text, expected) in [
            ("4100", Some(Accounts::Exactly(4100))),
            ("4 100", Some(Accounts::Exactly(4100))),
            ("4,100", Some(Accounts::Exactly(4100))),
            ("about 4100 accounts", Some(Accounts::Exactly(4100))),
            ("3000-4100", Some(Accounts::Between(3000, 4100))),
            ("4,100 – 3,000", Some(Accounts::Between(3000, 4100))),
            ("12 %", Some(Accounts::Share(1200))),
            ("12.5%", Some(Accounts::Share(1250))),
            ("about 0,25 %", Some(Accounts::Share(25))),
            ("101 %", None),
            ("many", None),
            ("41,00", None),
        ] {
            assert_eq!(accounts_of_text(text), expected, "{text}");
        }
    }
}
