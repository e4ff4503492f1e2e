//! Status headings → updates: their order, their times, their stages, their ids.
//!
//! Oldest-first and newest-first files are both read: full times decide which it is, else the stages, else bare times.
//! A bare time takes the day of the update before it in time, and the next day where it would be earlier than that.

use std::collections::BTreeMap;
use std::ops::Range;

use jiff::civil::{Date, Time};
use jiff::{SignedDuration, Timestamp};

use super::heading::Heading;
use super::status::{Status, Word};
use super::teller::{Teller, quoted};
use super::time::{Context, NIGHT_MAX, Resolved, Written};
use super::{Untimed, UntimedDay};
use crate::diag::Code;
use crate::model::{
    ComponentState, Config, Evidence, IncidentStatus, Kind, MaintenanceStatus, Markdown, PostedAt, Slug, Stage, Update,
};

/// An update as its heading and text say it, before the others are looked at.
#[derive(Debug)]
pub(super) struct Draft<'a> {
    pub heading: &'a Heading<'a>,
    pub status: Status,
    pub states: Vec<(Slug, ComponentState)>,
    /// Where it says when the next word comes.
    pub next: Option<Range<usize>>,
    pub body: Markdown,
    /// From 1.
    pub line: u32,
}

/// What dates an update whose heading does not.
#[derive(Clone, Copy, Debug)]
pub(super) struct Dates {
    /// The key `date`.
    pub front_matter: Option<PostedAt>,
    pub file_name: Option<Date>,
}

impl Dates {
    fn front_matter_day(&self, config: &Config) -> Option<Date> {
        match self.front_matter? {
            PostedAt::Written(at) | PostedAt::FromGit(at) => Some(config.zone.tz.to_datetime(at).date()),
            PostedAt::Day(day) => Some(day),
            PostedAt::Unknown => None,
        }
    }

    /// When something without any time of its own was posted, and whether git may know better.
    pub(super) fn posted(&self) -> (PostedAt, Option<UntimedDay>) {
        match (self.front_matter, self.file_name) {
            (Some(PostedAt::Day(day)), _) => (PostedAt::Day(day), Some(UntimedDay::FrontMatter(day))),
            (Some(posted), _) => (posted, None),
            (None, Some(day)) => (PostedAt::Day(day), Some(UntimedDay::FileName(day))),
            (None, None) => (PostedAt::Unknown, Some(UntimedDay::None)),
        }
    }
}

/// The updates of a file that has status headings, oldest first and with ids, and those that git may date.
pub(super) fn build(
    mut drafts: Vec<Draft<'_>>,
    dates: Dates,
    kind: &Kind,
    config: &Config,
    tell: &mut Teller,
) -> (Vec<Update>, Vec<Untimed>) {
    if is_newest_first(&drafts) {
        drafts.reverse();
    }
    let posted = Clockwork { dates, config, before: None, before_day: None }.posted(&drafts, tell);
    let mut stage = first_stage(kind);
    let mut updates = Vec::with_capacity(drafts.len());
    for (draft, (posted, untimed)) in drafts.into_iter().zip(posted) {
        stage = stage_of(&draft, stage, kind, tell);
        let Draft { heading, status, states, next: _, body, line } = draft;
        let body = with_unread(&status.written, heading, body, tell);
        let untimed = untimed.map(|day| (day, Some(heading.line.to_owned())));
        updates.push((
            Update {
                id: String::new(),
                stage,
                posted,
                body,
                states,
                line,
                next: None,
                evidence: Evidence::None,
                edits: Vec::new(),
            },
            untimed,
        ));
    }
    sort(&mut updates, |(update, _)| update.posted);
    let untimed = updates.iter_mut().enumerate().filter_map(|(update, (_, untimed))| {
        untimed.take().map(|(day, heading_line)| Untimed { update, day, heading_line })
    });
    let untimed = untimed.collect();
    let mut updates: Vec<Update> = updates.into_iter().map(|(update, _)| update).collect();
    assign_ids(&mut updates, said);
    (updates, untimed)
}

/// Words of a heading that are neither status nor time go to the start of the text: nothing written is lost.
fn with_unread(written: &Written, heading: &Heading<'_>, mut body: Markdown, tell: &mut Teller) -> Markdown {
    if written.unread.is_empty() {
        return body;
    }
    let span = heading.text_at..heading.text_at + heading.text.len();
    tell.warning(Code::HEADING_REST, span, format!("{} is neither a status nor a time", quoted(&written.unread)))
        .cure("write it below the heading")
        .outcome("published as the start of the text");
    let gap = if body.text.is_empty() { "" } else { "\n\n" };
    body.text = format!("{}{gap}{}", written.unread, body.text);
    body
}

/// Whether the file has its latest update at the top.
fn is_newest_first(drafts: &[Draft<'_>]) -> bool {
    let full = |draft: &Draft<'_>| Some((draft.status.written.date?, draft.status.written.time));
    let rank = |draft: &Draft<'_>| match draft.status.word {
        Word::Same => None,
        Word::Investigating | Word::Scheduled => Some(0),
        Word::Identified | Word::InProgress => Some(1),
        Word::Monitoring | Word::Verifying => Some(2),
        Word::Resolved | Word::Completed | Word::Cancelled => Some(3),
    };
    let mut in_afternoon = Afternoon::default();
    let bare = |draft: &Draft<'_>| {
        let written = &draft.status.written;
        in_afternoon.read(written).map_or(written.time, |read| read.time)
    };
    let descents = [trend(drafts, full), trend(drafts, rank), trend(drafts, bare)];
    descents.into_iter().find(|&trend| trend != 0).is_some_and(|trend| trend < 0)
}

/// How often a value rises from one draft to the next that has one, less how often it falls.
fn trend<T: PartialOrd>(drafts: &[Draft<'_>], value: impl FnMut(&Draft<'_>) -> Option<T>) -> i64 {
    let mut before: Option<T> = None;
    let mut trend = 0;
    for now in drafts.iter().filter_map(value) {
        if let Some(before) = &before {
            trend += i64::from(*before < now) - i64::from(*before > now);
        }
        before = Some(now);
    }
    trend
}

/// Knows that `1:20` below `1:10 pm` is after noon too.
#[derive(Debug, Default)]
struct Afternoon {
    /// The time before, if it is one with `pm`.
    before: Option<Time>,
}

impl Afternoon {
    /// The time with `pm`, if it can only mean that. Each written time is to be shown once, in its order.
    fn read(&mut self, written: &Written) -> Option<Written> {
        const GAP_MAX: SignedDuration = SignedDuration::from_hours(2);
        let read = self.before.zip(written.in_afternoon()).filter(|(before, read)| {
            let gap = read.time.map(|time| time.duration_since(*before));
            !written.has_day() && gap.is_some_and(|gap| gap.is_positive() && gap <= GAP_MAX)
        });
        let read = read.map(|(_, read)| read);
        if written.time.is_some() {
            let now = read.as_ref().unwrap_or(written);
            self.before = now.time.filter(|_| now.is_afternoon == Some(true));
        }
        read
    }
}

/// Works out times, oldest first.
struct Clockwork<'a> {
    dates: Dates,
    config: &'a Config,
    /// The update before, as far as it is known.
    before: Option<Timestamp>,
    before_day: Option<Date>,
}

type Posted = (PostedAt, Option<UntimedDay>);

impl Clockwork<'_> {
    fn posted(mut self, drafts: &[Draft<'_>], tell: &mut Teller) -> Vec<Posted> {
        let mut posted = Vec::with_capacity(drafts.len());
        let mut in_afternoon = Afternoon::default();
        for (index, draft) in drafts.iter().enumerate() {
            let read = in_afternoon.read(&draft.status.written);
            if let Some(read) = &read {
                tell_afternoon(&draft.status, read, tell);
            }
            let written = read.as_ref().unwrap_or(&draft.status.written);
            let now = self.one(index, &draft.status, written, drafts, tell);
            match now.0 {
                PostedAt::Written(at) | PostedAt::FromGit(at) => {
                    self.before = Some(at);
                    self.before_day = Some(self.config.zone.tz.to_datetime(at).date());
                }
                PostedAt::Day(day) => self.before_day = Some(day),
                PostedAt::Unknown => {}
            }
            posted.push(now);
        }
        posted
    }

    fn one(&self, index: usize, status: &Status, written: &Written, drafts: &[Draft<'_>], tell: &mut Teller) -> Posted {
        if written.is_empty() && written.problem.is_none() {
            return self.without_time(index);
        }
        let day = self.before_day.or_else(|| self.dates.front_matter_day(self.config)).or(self.dates.file_name);
        let mut context = Context { day, not_before: self.before };
        if !written.has_day() && written.time.is_some() && written.problem.is_none() {
            context.day = self.day_of_bare_time(index, status, written, context, drafts, tell);
            if context.day.is_none() {
                tell_no_day(status, tell);
                return (PostedAt::Unknown, Some(UntimedDay::None));
            }
        }
        match written.resolve(&self.config.zone, context, status.written_at, tell) {
            Resolved::At(at) => (PostedAt::Written(at), None),
            Resolved::Day(day) => (PostedAt::Day(day), Some(UntimedDay::Written(day))),
            Resolved::Unknown => (PostedAt::Unknown, Some(UntimedDay::None)),
        }
    }

    /// The file's name dates what nothing else does, unless a later day has been written before.
    fn without_time(&self, index: usize) -> Posted {
        let dates = if index == 0 { self.dates } else { Dates { front_matter: None, ..self.dates } };
        match (self.before_day, dates.file_name) {
            (Some(before), Some(day)) if before > day => (PostedAt::Unknown, Some(UntimedDay::None)),
            _ => dates.posted(),
        }
    }

    fn day_of_bare_time(
        &self,
        index: usize,
        status: &Status,
        written: &Written,
        context: Context,
        drafts: &[Draft<'_>],
        tell: &mut Teller,
    ) -> Option<Date> {
        let Some(day) = context.day else {
            return if index == 0 { self.day_of_next(drafts) } else { None };
        };
        let Some(before) = self.before else { return Some(day) };
        let mut scratch = tell.scratch();
        let mut moment = |day| {
            let context = Context { day: Some(day), ..context };
            match written.resolve(&self.config.zone, context, status.written_at, &mut scratch) {
                Resolved::At(at) => Some(at),
                Resolved::Day(_) | Resolved::Unknown => None,
            }
        };
        if moment(day).is_none_or(|at| at >= before) {
            return Some(day);
        }
        let next = day.tomorrow().ok()?;
        let gap = moment(next).map_or(SignedDuration::ZERO, |at| at.duration_since(before));
        if gap > NIGHT_MAX {
            let time = written.time.map(|time| time.strftime("%H:%M").to_string()).unwrap_or_default();
            tell.warning(
                Code::TIME_ORDER,
                status.span.clone(),
                format!("`{time}` is earlier than the update before it"),
            )
            .cure(format!("write the day too: `{next} {time}` or `{day} {time}`"))
            .outcome(format!("read as {next} {time}"));
        }
        Some(next)
    }

    /// For bare times at the start of a file: the day of the first update that has one, or the day before that.
    fn day_of_next(&self, drafts: &[Draft<'_>]) -> Option<Date> {
        let dated = drafts.iter().position(|draft| draft.status.written.date.is_some())?;
        let mut day = drafts.get(dated)?.status.written.date?;
        let mut later = drafts.get(dated)?.status.written.time;
        for draft in drafts.get(..dated)?.iter().rev() {
            let Some(time) = draft.status.written.time else { continue };
            if later.is_some_and(|later| time > later) {
                day = day.yesterday().ok()?;
            }
            later = Some(time);
        }
        Some(day)
    }
}

fn tell_afternoon(status: &Status, read: &Written, tell: &mut Teller) {
    let span = status.written.span.start + status.written_at..status.written.span.end + status.written_at;
    let shown = |time: Option<Time>| time.map(|time| time.strftime("%H:%M").to_string()).unwrap_or_default();
    let (written, meant) = (shown(status.written.time), shown(read.time));
    tell.warning(Code::TIME_ORDER, span, format!("`{written}` is earlier than the update before it, which has `pm`"))
        .cure(format!("write `{meant}`"))
        .outcome(format!("read as {meant}"));
}

fn tell_no_day(status: &Status, tell: &mut Teller) {
    tell.error(
        Code::TIME_MISSING,
        status.span.clone(),
        "a time without a day, and nothing else in the file says which",
    )
    .cure(format!("write it as `## {} · 2022-03-29 11:20`", status.word.shown()))
    .outcome("published, without that time");
}

fn first_stage(kind: &Kind) -> Stage {
    match kind {
        Kind::Incident | Kind::Notice => Stage::Incident(IncidentStatus::Investigating),
        Kind::Maintenance(_) => Stage::Maintenance(MaintenanceStatus::Scheduled),
        Kind::Info | Kind::FalseAlarm => Stage::Note,
    }
}

/// The stage that a word means in a file of this kind; a word of the other kind is read as its counterpart, and told.
fn stage_of(draft: &Draft<'_>, before: Stage, kind: &Kind, tell: &mut Teller) -> Stage {
    let word = draft.status.word;
    let (stage, belongs) = match kind {
        _ if word == Word::Same => return before,
        Kind::Info | Kind::FalseAlarm => return Stage::Note,
        Kind::Incident | Kind::Notice => {
            let (status, belongs) = incident_status(word);
            (Stage::Incident(status), belongs)
        }
        Kind::Maintenance(_) => {
            let (status, belongs) = maintenance_status(word);
            (Stage::Maintenance(status), belongs)
        }
    };
    if !belongs {
        let what = if matches!(kind, Kind::Incident) { "an incident" } else { "maintenance" };
        tell.warning(Code::STAGE_KIND, draft.status.span.clone(), format!("`{}` is no status of {what}", word.shown()))
            .cure(format!("write `{}`, or set `kind`", capitalised(stage.word())))
            .outcome(format!("read as `{}`", capitalised(stage.word())));
    }
    stage
}

fn capitalised(word: &str) -> String {
    let mut chars = word.chars();
    let first = chars.next().map(|first| first.to_ascii_uppercase());
    first.into_iter().chain(chars).map(|c| if c == '_' { ' ' } else { c }).collect()
}

/// And whether the word is one of an incident's own.
fn incident_status(word: Word) -> (IncidentStatus, bool) {
    match word {
        Word::Investigating | Word::Same => (IncidentStatus::Investigating, true),
        Word::Identified => (IncidentStatus::Identified, true),
        Word::Monitoring => (IncidentStatus::Monitoring, true),
        Word::Resolved => (IncidentStatus::Resolved, true),
        Word::Scheduled => (IncidentStatus::Investigating, false),
        Word::InProgress => (IncidentStatus::Identified, false),
        Word::Verifying => (IncidentStatus::Monitoring, false),
        Word::Completed | Word::Cancelled => (IncidentStatus::Resolved, false),
    }
}

/// And whether the word is one of maintenance's own.
fn maintenance_status(word: Word) -> (MaintenanceStatus, bool) {
    match word {
        Word::Scheduled | Word::Same => (MaintenanceStatus::Scheduled, true),
        Word::InProgress => (MaintenanceStatus::InProgress, true),
        Word::Verifying => (MaintenanceStatus::Verifying, true),
        Word::Completed => (MaintenanceStatus::Completed, true),
        Word::Cancelled => (MaintenanceStatus::Cancelled, true),
        Word::Investigating | Word::Identified => (MaintenanceStatus::InProgress, false),
        Word::Monitoring => (MaintenanceStatus::Verifying, false),
        Word::Resolved => (MaintenanceStatus::Completed, false),
    }
}

/// Sorts updates oldest first, and gives each its id: stage and time, as exactly as that is known, with `-2`, `-3` … where
/// two would be the same. To be called again when git has supplied times.
pub(in super::super) fn assign_ids(updates: &mut Vec<Update>, first: impl Fn(&Update) -> (Stage, PostedAt)) {
    sort(updates, |update| update.posted);
    let mut taken: BTreeMap<(Stage, Exactness), u32> = BTreeMap::new();
    for update in updates {
        let (stage, posted) = first(update);
        let exactness = Exactness::of(posted);
        let count = taken.entry((stage, exactness)).or_default();
        *count += 1;
        let word = stage.word();
        let mut id = match posted {
            PostedAt::Written(at) | PostedAt::FromGit(at) => {
                let at = jiff::tz::Offset::UTC.to_datetime(at);
                let (date, time) = (at.date(), at.time());
                format!(
                    "{:04}{:02}{:02}-{:02}{:02}-{word}",
                    date.year(),
                    date.month(),
                    date.day(),
                    time.hour(),
                    time.minute()
                )
            }
            PostedAt::Day(day) => format!("{:04}{:02}{:02}-{word}", day.year(), day.month(), day.day()),
            PostedAt::Unknown => word.to_owned(),
        };
        if *count > 1 {
            id = format!("{id}-{count}");
        }
        update.id = id;
    }
}

/// What an update says of itself.
pub(super) fn said(update: &Update) -> (Stage, PostedAt) {
    (update.stage, update.posted)
}

/// How exactly a time is known, and the time that an id shows of it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Exactness {
    /// Since 1970.
    Minute(i64),
    Day(Date),
    Nothing,
}

impl Exactness {
    fn of(posted: PostedAt) -> Exactness {
        match posted {
            PostedAt::Written(at) | PostedAt::FromGit(at) => Exactness::Minute(at.as_second().div_euclid(60)),
            PostedAt::Day(day) => Exactness::Day(day),
            PostedAt::Unknown => Exactness::Nothing,
        }
    }
}

/// Sorts oldest first, stably. What is known less exactly than to the minute stays behind the one before it if that can be
/// right: an update of some day stays behind one of that day's evening.
fn sort<T>(items: &mut Vec<T>, posted: impl Fn(&T) -> PostedAt) {
    let mut before: Option<i64> = None;
    let keys: Vec<i64> = items
        .iter()
        .map(|item| {
            let key = sort_key(posted(item), before);
            before = Some(key);
            key
        })
        .collect();
    if keys.is_sorted() {
        return;
    }
    let mut keyed: Vec<(i64, T)> = keys.into_iter().zip(items.drain(..)).collect();
    keyed.sort_by_key(|(key, _)| *key);
    items.extend(keyed.into_iter().map(|(_, item)| item));
}

/// Seconds since 1970.
fn sort_key(posted: PostedAt, before: Option<i64>) -> i64 {
    match posted {
        PostedAt::Written(at) | PostedAt::FromGit(at) => at.as_second(),
        PostedAt::Unknown => before.unwrap_or(i64::MIN),
        PostedAt::Day(day) => {
            let span = whole_day(day);
            before.filter(|before| span.contains(before)).unwrap_or(span.start)
        }
    }
}

/// The day wherever on Earth it is, in seconds since 1970.
fn whole_day(day: Date) -> Range<i64> {
    const HOUR: i64 = 3600;
    let midnight = jiff::tz::Offset::UTC.to_timestamp(day.at(0, 0, 0, 0)).map_or(0, |at| at.as_second());
    midnight - 14 * HOUR..midnight + 36 * HOUR
}
