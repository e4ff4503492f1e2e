//! `/response/<period>/`: a quarter or a year on one page, each number beside that of the period before, and every incident
//! behind it. `upfront report` prints the same.

use std::sync::Arc;

use serde::Serialize;

use super::{by_component, line, path, stretch};
use crate::derive::response::record::{Period, Standing, Stretch};
use crate::derive::uptime::{Span, Sum};
use crate::model::{Detection, Slug};
use crate::render::Html;
use crate::render::i18n::T;
use crate::render::keys::Keys;
use crate::render::output::{Class, Output, RenderError};
use crate::render::page::entry::Rows;
use crate::render::page::frame::{Nav, Place, Shared};
use crate::render::page::lead::Lead;
use crate::render::page::pen::{About, Fact, Link, Page, Pen, anchor};
use crate::render::page::tables::{Column, Table};
use crate::render::page::{All, keyed, print};
use crate::render::time::Own;

/// All that the page may look at.
#[derive(Hash)]
struct Input<'a> {
    standing: &'a Standing,
    before: Option<&'a Standing>,
    incidents: Rows<'a>,
    unposted: Vec<&'a Detection>,
    /// Of each component that was measured in it: how much of the time it was up, and in the period before.
    uptime: Vec<(&'a Slug, Sum, Option<Sum>)>,
    earlier: Option<Period>,
    later: Option<Period>,
}

#[derive(Serialize)]
struct View {
    page: Page,
    report: Report,
}

/// What is told of a period.
#[derive(Serialize)]
struct Report {
    lead: Lead,
    numbers: Table,
    incidents: Vec<Item>,
    unposted: Vec<Item>,
    components: Option<Table>,
    causes: Vec<String>,
    uptime: Option<Table>,
    around: Vec<Link>,
}

#[derive(Serialize)]
struct Item {
    title: Html,
    note: Html,
    line: Option<Html>,
}

pub(super) fn add<'a>(outputs: &mut Vec<Output<'a>>, shared: &Arc<Shared<'a>>, all: All<'a>, keys: &Keys) {
    let record = &all.derived.record;
    for standings in [&record.quarters, &record.years] {
        for (at, standing) in standings.iter().enumerate() {
            let input = input(all, keys, standings, at, standing);
            let path = format!("{}index.html", path(standing.period));
            outputs.extend(keyed(&path, Class::Leaf, shared, input, make));
        }
    }
}

fn input<'a>(all: All<'a>, keys: &Keys, standings: &'a [Standing], at: usize, standing: &'a Standing) -> Input<'a> {
    let before = standings.get(at + 1);
    let later = at.checked_sub(1).and_then(|later| standings.get(later));
    Input {
        before,
        incidents: Rows::new(all, keys, &standing.all.incidents),
        unposted: standing.all.unposted.iter().filter_map(|&index| all.site.detections.get(index)).collect(),
        uptime: uptime(all, standing.period),
        earlier: before.map(|standing| standing.period),
        later: later.map(|standing| standing.period),
        standing,
    }
}

fn uptime(all: All<'_>, period: Period) -> Vec<(&Slug, Sum, Option<Sum>)> {
    let span = |period: Period| match period.quarter {
        Some(quarter) => Span::Quarter(period.year, quarter.cast_signed()),
        None => Span::Year(period.year),
    };
    let components = all.site.config.components.iter().zip(&all.derived.components);
    let measured = components.filter_map(|(component, facts)| {
        let uptime = facts.uptime.as_deref()?;
        let before = uptime.window(span(period.before())).map(|window| window.sum);
        Some((&component.id, uptime.window(span(period))?.sum, before))
    });
    measured.collect()
}

fn make(shared: &Shared<'_>, input: &Input<'_>) -> Result<Vec<u8>, RenderError> {
    let pen = Pen::new(shared, "../../");
    let report = told(&pen, input);
    let title = report.lead.title.clone();
    let view = View {
        page: pen.page(About {
            frame: pen.frame(Nav::Response, Place::Below)?,
            title: &title,
            description: pen.word(T::response_lead),
            path: &path(input.standing.period),
            state: "none",
            og_type: "website",
            live: None,
            feed: None,
        }),
        report,
    };
    print(shared, "pages/period.html", &view)
}

#[derive(Serialize)]
struct Alone {
    page: Page,
    css: Html,
    report: Report,
    made: Html,
}

/// The page of a period as one file: its style is in it, it has no script, and its links lead to the site. `None` where the
/// record has no such period.
///
/// # Errors
///
/// Where a template of the theme cannot print it.
pub(in crate::render) fn alone(
    shared: &Shared<'_>,
    all: All<'_>,
    keys: &Keys,
    period: Period,
) -> Option<Result<Vec<u8>, RenderError>> {
    let record = &all.derived.record;
    let standings = if period.quarter.is_some() { &record.quarters } else { &record.years };
    let at = standings.iter().position(|standing| standing.period == period)?;
    let input = input(all, keys, standings, at, standings.get(at)?);
    let root = format!("{}/", shared.config.url);
    let pen = Pen::new(shared, &root);
    let mut report = told(&pen, &input);
    report.around.clear();
    let title = report.lead.title.clone();
    let link = anchor(&root, &Html::text(shared.config.url.authority()));
    let day = pen.clock.as_of(all.derived.now);
    let made = pen.html(T::record_made, &[("site", &link), ("time", &day)]);
    let page = shared.frame("", Nav::Response, Place::Below).map(|frame| {
        pen.page(About {
            frame,
            title: &title,
            description: String::new(),
            path: &path(period),
            state: "none",
            og_type: "website",
            live: None,
            feed: None,
        })
    });
    let view =
        page.map(|page| Alone { page, css: Html::trusted(shared.theme.css().replace("</", "<\\/")), report, made });
    Some(view.and_then(|view| print(shared, "pages/record.html", &view)))
}

fn told(pen: &Pen<'_>, input: &Input<'_>) -> Report {
    let period = pen.period(input.standing.period);
    let key = if input.standing.so_far { T::period_title_so_far } else { T::period_title };
    let title = pen.text(key, &[("period", &period)]);
    let around = [(input.earlier, T::period_earlier), (input.later, T::period_later)];
    let around = around.into_iter().filter_map(|(period, key)| {
        let period = period?;
        Some(Link::new(pen.url(&path(period)), Html::text(&pen.text(key, &[("period", &pen.period(period))]))))
    });
    let all = Link::new(pen.url("response/"), Html::text(&pen.word(T::response_all)));
    Report {
        lead: Lead { title, facts: facts(pen, &input.standing.all), ..Lead::default() },
        numbers: numbers(pen, input),
        incidents: input
            .incidents
            .iter()
            .map(|entry| Item {
                title: anchor(&pen.url(&entry.path()), &Html::text(&entry.incident.title)),
                note: note(pen, &entry),
                line: line(pen, entry),
            })
            .collect(),
        unposted: input.unposted.iter().map(|detection| unposted(pen, detection)).collect(),
        components: by_component(pen, input.standing, pen.word(T::response_caption)),
        causes: input
            .standing
            .all
            .causes
            .iter()
            .map(|(cause, count)| pen.count(T::period_cause, *count as usize, &[("cause", cause)]))
            .collect(),
        uptime: uptime_table(pen, input),
        around: around.chain([all]).collect(),
    }
}

fn facts(pen: &Pen<'_>, stretch: &Stretch) -> Vec<Fact> {
    let incidents = stretch.incidents.len() + stretch.unposted.len();
    let lasted = (stretch.minutes > 0)
        .then(|| Html::text(&pen.text(T::period_lasted, &[("length", &pen.clock.length(stretch.minutes))])));
    let mut facts = vec![pen.fact(T::response_incidents, Html::text(&pen.number(incidents)), lasted)];
    facts.extend(stretch.first_word.as_ref().map(|stats| {
        let worst = pen.text(T::period_worst, &[("length", &pen.clock.duration(stats.worst))]);
        pen.fact(T::response_word_median, Html::text(&pen.clock.duration(stats.median)), Some(Html::text(&worst)))
    }));
    let accounts = pen.account_minutes(&stretch.accounts);
    facts.extend(accounts.map(|(text, unsaid)| {
        pen.fact(T::period_accounts, Html::text(&text), unsaid.map(|unsaid| Html::text(&unsaid)))
    }));
    facts
}

fn note(pen: &Pen<'_>, entry: &crate::render::page::entry::Entry<'_>) -> Html {
    let facts = entry.facts;
    let when = match facts.ended.filter(|ended| *ended != facts.started) {
        Some(ended) => pen.clock.range(facts.started, ended),
        None => pen.clock.full(facts.started, Own::No),
    };
    let impact = Html::text(&pen.word(crate::render::page::mark::impact_word(entry.incident.impact)));
    let names = Html::text(&pen.names(&entry.incident.components));
    let length = facts.length.map(|length| Html::text(&pen.clock.duration(length)));
    let parts = [Some(when), length, Some(impact), (!names.is_empty()).then_some(names)];
    pen.notes(&parts.into_iter().flatten().collect::<Vec<_>>())
}

fn unposted(pen: &Pen<'_>, detection: &Detection) -> Item {
    let names = pen.names(&detection.components);
    let moment = crate::derive::Moment::At;
    let (title, when) = match detection.end {
        Some(end) => {
            let length = pen.clock.duration(end.duration_since(detection.start));
            let title = pen.text(T::outage_of, &[("components", &names), ("duration", &length)]);
            (title, pen.clock.range(moment(detection.start), moment(end)))
        }
        None => {
            (pen.text(T::outage_short, &[("components", &names)]), pen.clock.full(moment(detection.start), Own::No))
        }
    };
    Item {
        title: anchor(&pen.url(&format!("incidents/{}/", detection.id)), &Html::text(&title)),
        note: pen.notes(&[when, Html::text(&pen.saw_it(detection.places))]),
        line: None,
    }
}

/// Each number beside that of the period before.
fn numbers(pen: &Pen<'_>, input: &Input<'_>) -> Table {
    let standings: Vec<&Standing> = [input.standing].into_iter().chain(input.before).collect();
    let stretches: Vec<&Stretch> = standings.iter().map(|standing| &standing.all).collect();
    let more = |title: T, of: &dyn Fn(&Stretch) -> Option<String>| Column {
        title: pen.word(title),
        cells: stretches.iter().map(|stretch| of(stretch).map(|text| Html::text(&text))).collect(),
    };
    let minutes = |stretch: &Stretch| (stretch.minutes > 0).then(|| pen.clock.length(stretch.minutes));
    let promises = |stretch: &Stretch| (stretch.promises.count() > 0).then(|| pen.tally(stretch.promises, false));
    let mut lines = stretch::columns(pen, &stretches);
    lines.push(more(T::period_minutes, &minutes));
    lines.push(more(T::period_accounts, &|stretch| pen.account_minutes(&stretch.accounts).map(|(text, _)| text)));
    lines.push(more(T::period_promises, &promises));
    lines.retain(|line| line.cells.iter().any(Option::is_some));
    // Read across: a line for each number, a column for each period.
    let heads = lines.iter().map(|line| Html::text(&line.title)).collect();
    let columns = standings.iter().enumerate().map(|(at, standing)| Column {
        title: pen.period(standing.period),
        cells: lines.iter().map(|line| line.cells.get(at).cloned().flatten()).collect(),
    });
    Table::new(pen.word(T::period_caption), pen.word(T::period_number), heads, columns.collect())
}

fn uptime_table(pen: &Pen<'_>, input: &Input<'_>) -> Option<Table> {
    if input.uptime.is_empty() {
        return None;
    }
    let name =
        |id: &Slug| pen.config().component(id).map_or_else(|| id.to_string(), |component| component.name.clone());
    let heads =
        input.uptime.iter().map(|(id, _, _)| pen.link(&format!("components/{id}/"), &Html::text(&name(id)))).collect();
    let cell = |text: Option<String>| text.map(|text| Html::text(&text));
    let column = |title: String, cells: Vec<Option<Html>>| Column { title, cells };
    let columns = vec![
        column(
            pen.period(input.standing.period),
            input.uptime.iter().map(|(_, sum, _)| cell(pen.uptime(sum))).collect(),
        ),
        column(pen.word(T::period_lost), input.uptime.iter().map(|(_, sum, _)| cell(pen.lost(sum))).collect()),
        column(
            pen.period(input.standing.period.before()),
            input.uptime.iter().map(|(_, _, before)| cell(before.as_ref().and_then(|sum| pen.uptime(sum)))).collect(),
        ),
    ];
    Some(Table::new(pen.word(T::period_uptime_caption), pen.word(T::response_component), heads, columns))
}
