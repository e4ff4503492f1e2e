//! `/response/`: how fast people answer, quarter by quarter, against what the operator promised; and `/response/<period>/`,
//! every incident behind a number.

mod chart;
mod period;
mod stretch;

use std::sync::Arc;

use serde::Serialize;

use super::entry::Entry;
use super::frame::{Nav, Place, Shared};
use super::lead::Lead;
use super::pen::{About, Fact, Link, Page, Pen, anchor};
use super::tables::Table;
use super::{All, print};
use crate::derive::response::record::{Period, Standing, Stretch};
use crate::model::{Component, Kind};
use crate::render::Html;
use crate::render::i18n::T;
use crate::render::keys::Keys;
use crate::render::output::{Class, Output, RenderError};

pub(in crate::render) use period::alone;
pub(super) use stretch::columns;

/// So many of the longest silences are listed.
const SILENCES_MAX: usize = 5;

/// How far back the longest silences are looked for, in hours: a year.
const SILENCES_HOURS: i64 = 365 * 24;

#[derive(Serialize)]
struct View {
    page: Page,
    lead: Lead,
    chart: Option<chart::Chart>,
    quarters: Option<Table>,
    years: Vec<Link>,
    components: Option<Table>,
    silences: Vec<Silence>,
    promises: Option<Promises>,
    /// What is to be known of the numbers.
    notes: Vec<String>,
    alarms: Option<String>,
}

#[derive(Serialize)]
struct Silence {
    title: Html,
    length: String,
    note: Html,
}

#[derive(Serialize)]
struct Promises {
    text: String,
    link: Link,
}

pub(super) fn add<'a>(outputs: &mut Vec<Output<'a>>, shared: &Arc<Shared<'a>>, all: All<'a>, keys: &Keys) {
    let own = Arc::clone(shared);
    outputs.extend(super::page("response/index.html", Class::Index, move || make(&own, all)));
    period::add(outputs, shared, all, keys);
}

fn make(shared: &Shared<'_>, all: All<'_>) -> Result<Vec<u8>, RenderError> {
    let pen = Pen::new(shared, "../");
    let title = pen.word(T::response);
    let record = &all.derived.record;
    let mut lines = vec![Html::text(&pen.word(T::response_lead))];
    if record.quarters.is_empty() {
        lines.push(Html::text(&pen.word(T::response_empty)));
    }
    let quarters = (!record.quarters.is_empty()).then(|| {
        let heads = record.quarters.iter().map(|standing| {
            let link = pen.link(&path(standing.period), &Html::text(&pen.period(standing.period)));
            if standing.so_far { pen.html(T::period_so_far, &[("period", &link)]) } else { link }
        });
        let stretches: Vec<&Stretch> = record.quarters.iter().map(|standing| &standing.all).collect();
        Table::new(
            pen.word(T::response_caption),
            pen.word(T::response_quarter),
            heads.collect(),
            columns(&pen, &stretches),
        )
    });
    let view = View {
        chart: chart::chart(&pen, &record.quarters),
        quarters,
        years: record
            .years
            .iter()
            .map(|year| Link::new(pen.url(&path(year.period)), Html::text(&pen.period(year.period))))
            .collect(),
        components: components(&pen, all),
        silences: silences(&pen, all),
        promises: promises(&pen, all),
        notes: notes(&pen, all),
        alarms: alarms(&pen, all),
        page: pen.page(About {
            frame: pen.frame(Nav::Response, Place::Itself)?,
            title: &title,
            description: pen.word(T::response_lead),
            path: "response/",
            state: "none",
            og_type: "website",
            live: None,
            feed: None,
        }),
        lead: Lead { title: title.clone(), lines, facts: facts(&pen, all), ..Lead::default() },
    };
    print(shared, "pages/response.html", &view)
}

/// From the site's root.
fn path(period: Period) -> String {
    format!("response/{period}/")
}

/// The three numbers of the last 90 days, or of the newest year with any.
fn facts(pen: &Pen<'_>, all: All<'_>) -> Vec<Fact> {
    let record = &all.derived.record;
    let recent = record.recent.as_ref().filter(|recent| recent.first_word.is_some());
    let year = record.years.iter().find(|year| year.all.first_word.is_some());
    let (stretch, of) = match (recent, year) {
        (Some(recent), _) => (recent, pen.word(T::response_90_days)),
        (None, Some(year)) => (&year.all, pen.period(year.period)),
        (None, None) => return promise_fact(pen, all).into_iter().collect(),
    };
    let promise = &pen.config().promise;
    let note = |key: T, promised: Option<jiff::SignedDuration>| {
        let note = pen.text(key, &[("of", &of)]);
        let note = match promised.map(|promised| pen.clock.duration(promised)) {
            Some(promised) => pen.text(T::response_we_promise, &[("note", &note), ("promised", &promised)]),
            None => note,
        };
        Some(Html::text(&note))
    };
    let first_word = stretch.first_word.as_ref().map(|stats| {
        let main = Html::text(&pen.clock.duration(stats.median));
        pen.fact(T::record_first_word, main, note(T::response_median, promise.first_post))
    });
    let silence = stretch.silence.as_ref().map(|stats| {
        let main = Html::text(&pen.text(T::response_at_most, &[("length", &pen.clock.duration(stats.worst))]));
        pen.fact(T::response_silence, main, note(T::response_silence_of, promise.next_update))
    });
    [first_word, silence, promise_fact(pen, all)].into_iter().flatten().collect()
}

fn promise_fact(pen: &Pen<'_>, all: All<'_>) -> Option<Fact> {
    let tally = all.derived.promises.all;
    let decided = tally.kept + tally.late + tally.overdue;
    (tally.count() > 0).then(|| {
        let main = pen.text(
            T::response_kept,
            &[
                ("kept", &pen.clock.i18n.number(u64::from(tally.kept))),
                ("of", &pen.clock.i18n.number(u64::from(decided))),
            ],
        );
        pen.fact(T::promises, Html::text(&main), Some(Html::text(&pen.tally(tally, false))))
    })
}

/// Of the newest year.
fn components(pen: &Pen<'_>, all: All<'_>) -> Option<Table> {
    let year = all.derived.record.years.first()?;
    by_component(pen, year, pen.text(T::response_components_caption, &[("period", &pen.period(year.period))]))
}

/// A row for each component that something happened to; `None` where nothing did.
fn by_component(pen: &Pen<'_>, standing: &Standing, caption: String) -> Option<Table> {
    let both = pen.config().components.iter().zip(&standing.components);
    let told: Vec<_> =
        both.filter(|(_, stretch)| !stretch.incidents.is_empty() || !stretch.unposted.is_empty()).collect();
    if told.is_empty() {
        return None;
    }
    let link = |component: &Component| pen.link(&format!("components/{}/", component.id), &Html::text(&component.name));
    let heads = told.iter().map(|(component, _)| link(component)).collect();
    let stretches: Vec<&Stretch> = told.iter().map(|(_, stretch)| *stretch).collect();
    Some(Table::new(caption, pen.word(T::response_component), heads, columns(pen, &stretches)))
}

/// The longest silences while something was open, of the last year.
fn silences(pen: &Pen<'_>, all: All<'_>) -> Vec<Silence> {
    let from = all.derived.now.checked_sub(jiff::SignedDuration::from_hours(SILENCES_HOURS)).unwrap_or(all.derived.now);
    let gaps = all.derived.incidents.iter().enumerate().flat_map(|(index, facts)| {
        let gaps = facts.response.as_ref().map(|response| response.gaps.as_slice()).unwrap_or_default();
        gaps.iter().filter(move |gap| gap.from >= from).map(move |gap| (index, gap))
    });
    let mut gaps: Vec<_> = gaps.filter(|(_, gap)| gap.length.as_mins() > 0).collect();
    gaps.sort_by_key(|(index, gap)| (std::cmp::Reverse(gap.length), *index));
    gaps.truncate(SILENCES_MAX);
    let silence = |(index, gap): (usize, &crate::derive::response::Gap)| {
        let entry = all.entry(index)?;
        let id = &entry.incident.updates.get(gap.update)?.id;
        let moment = crate::derive::Moment::At;
        let range = match gap.to {
            Some(to) => pen.clock.range_full(moment(gap.from), moment(to)),
            None => pen.html(
                T::record_silence_open,
                &[("from", &pen.clock.full(moment(gap.from), crate::render::time::Own::No))],
            ),
        };
        let promised = gap.promised.map(|promised| {
            let day = pen.clock.day_of(moment(gap.from));
            let time = pen.clock.near(moment(promised.at), day, crate::render::time::Own::No);
            pen.html(if promised.named { T::record_named } else { T::response_due_by }, &[("time", &time)])
        });
        Some(Silence {
            title: anchor(&pen.url(&format!("{}#u-{id}", entry.path())), &Html::text(&entry.incident.title)),
            length: pen.clock.duration(gap.length),
            note: pen.notes(&[Some(range), promised].into_iter().flatten().collect::<Vec<_>>()),
        })
    };
    gaps.into_iter().filter_map(silence).collect()
}

fn promises(pen: &Pen<'_>, all: All<'_>) -> Option<Promises> {
    let tally = all.derived.promises.all;
    (tally.count() > 0).then(|| Promises {
        text: pen.tally(tally, true),
        link: Link::new(pen.url("promises/"), Html::text(&pen.word(T::promises_all))),
    })
}

/// By what the numbers are known, and what counts in them.
fn notes(pen: &Pen<'_>, all: All<'_>) -> Vec<String> {
    let mut notes = Vec::new();
    let (mut proven, mut of, mut unposted) = (0_usize, 0_usize, 0_usize);
    for year in &all.derived.record.years {
        proven += year.all.proven.n as usize;
        of += year.all.proven.of as usize;
        unposted += year.all.unposted.len();
    }
    if of > 0 {
        notes.push(pen.count(T::response_proven, of, &[("proven", &pen.number(proven))]));
    }
    if unposted > 0 {
        notes.push(pen.count(T::response_unposted, unposted, &[]));
    }
    notes
}

/// How many notices there were, and how many were withdrawn.
fn alarms(pen: &Pen<'_>, all: All<'_>) -> Option<String> {
    let published = all.site.detections.iter().filter(|detection| detection.published.is_some());
    let (mut count, mut withdrawn, mut confirmed) = (0_usize, 0_usize, 0_usize);
    for detection in published {
        count += 1;
        withdrawn += usize::from(detection.withdrawn);
        confirmed += usize::from(detection.covered_by.is_some() && !detection.withdrawn);
    }
    (count > 0).then(|| {
        pen.count(
            T::response_alarms,
            count,
            &[("confirmed", &pen.number(confirmed)), ("withdrawn", &pen.number(withdrawn))],
        )
    })
}

impl Pen<'_> {
    /// `2026 Q1`, `2026`
    pub(super) fn period(&self, period: Period) -> String {
        match period.quarter {
            Some(quarter) => {
                self.text(T::quarter, &[("quarter", &quarter.to_string()), ("year", &period.year.to_string())])
            }
            None => period.year.to_string(),
        }
    }

    /// `12 kept, 2 late, 1 overdue`; with `all` how many there are at all before it.
    pub(super) fn tally(&self, tally: crate::derive::promises::Tally, all: bool) -> String {
        let keys = [
            (T::promises_kept, tally.kept),
            (T::promises_late, tally.late),
            (T::promises_overdue, tally.overdue),
            (T::promises_not_due, tally.open),
            (T::promises_dropped, tally.dropped),
        ];
        let told = keys.into_iter().filter(|(_, count)| *count > 0);
        let told: Vec<String> = told.map(|(key, count)| self.count(key, count as usize, &[])).collect();
        let states = told.join(&self.word(T::list_separator));
        if all { self.count(T::report_promises, tally.count() as usize, &[("states", &states)]) } else { states }
    }
}

/// What an incident came to, in a line: first word, longest silence, late updates, its report.
fn line(pen: &Pen<'_>, entry: Entry<'_>) -> Option<Html> {
    let response = entry.facts.response.as_ref().filter(|_| entry.incident.kind == Kind::Incident)?;
    let word =
        response.first_after.map(|length| pen.text(T::line_first_word, &[("length", &pen.clock.duration(length))]));
    let silence =
        response.longest_silence().map(|gap| pen.text(T::line_silence, &[("length", &pen.clock.duration(gap.length))]));
    let kept = response.kept();
    let late = (kept.n > 0)
        .then(|| pen.count(T::line_late, kept.of as usize, &[("late", &pen.clock.i18n.number(u64::from(kept.n)))]));
    let texts = [word, silence, late].into_iter().flatten().map(|text| Html::text(&text));
    let parts: Vec<Html> = texts.chain(pen.owed_note(&entry)).collect();
    (!parts.is_empty()).then(|| pen.notes(&parts))
}

impl Pen<'_> {
    /// How its report stands, where that is worth a word in a list.
    pub(super) fn owed_note(&self, entry: &Entry<'_>) -> Option<Html> {
        use crate::derive::promises::Owed;
        let due = |key: T, day: jiff::civil::Date| self.html(key, &[("day", &self.clock.date(day))]);
        match &entry.facts.owed {
            Owed::No | Owed::Running | Owed::Waived(_) => None,
            Owed::Due(day) => Some(due(T::note_report_due, *day)),
            Owed::Overdue(day) => Some(due(T::note_report_overdue, *day)),
            Owed::Published { on, .. } => {
                let report = entry.report.map(|(report, _)| self.url(&format!("rfo/{}/", report.slug)))?;
                let text = self.html(T::note_report_published, &[("day", &self.clock.date(*on))]);
                Some(anchor(&report, &text))
            }
        }
    }
}
