//! `/maintenance/`: planned work under way, to come, and done.

use std::sync::Arc;

use serde::Serialize;

use super::entry::Row;
use super::frame::{Nav, Place, Shared};
use super::lead::Lead;
use super::pen::{About, Link, Page, Pen};
use super::{All, print};
use crate::derive::Phase;
use crate::model::Kind;
use crate::render::Html;
use crate::render::i18n::T;
use crate::render::output::{Class, Output, RenderError};

/// How much past work the page shows; the rest is in the history.
const DONE_MAX: usize = 20;

#[derive(Serialize)]
struct View {
    page: Page,
    lead: Lead,
    active: Vec<Row>,
    planned: Vec<Row>,
    done: Vec<Row>,
    calendar: Vec<Link>,
    history: Vec<Link>,
}

pub(super) fn add<'a>(outputs: &mut Vec<Output<'a>>, shared: &Arc<Shared<'a>>, all: All<'a>) {
    let shared = Arc::clone(shared);
    outputs.extend(super::page("maintenance/index.html", Class::Index, move || make(&shared, all)));
}

fn make(shared: &Shared<'_>, all: All<'_>) -> Result<Vec<u8>, RenderError> {
    let pen = Pen::new(shared, "../");
    let derived = all.derived;
    let past = derived.months.values().rev().flat_map(|indexes| all.entries(indexes));
    let done =
        past.filter(|entry| matches!(entry.incident.kind, Kind::Maintenance(_)) && entry.facts.phase == Phase::Over);
    let title = pen.word(T::kind_maintenance);
    let lead = pen.word(T::maintenance_lead);
    let view = View {
        active: all.entries(&derived.maintenance_active).map(|entry| pen.planned_row(entry)).collect(),
        planned: all.entries(&derived.maintenance_upcoming).map(|entry| pen.planned_row(entry)).collect(),
        done: done.take(DONE_MAX).map(|entry| pen.component_row(entry)).collect(),
        calendar: vec![Link::new(pen.url("calendar.ics"), Html::text(&pen.word(T::maintenance_calendar)))],
        history: vec![Link::new(pen.url("history/"), Html::text(&pen.word(T::all_history)))],
        page: pen.page(About {
            frame: pen.frame(Nav::History, Place::Below)?,
            title: &title,
            description: lead.clone(),
            path: "maintenance/",
            state: "none",
            og_type: "website",
            live: None,
            feed: None,
        }),
        lead: Lead { title: title.clone(), lines: vec![Html::text(&lead)], ..Lead::default() },
    };
    print(shared, "pages/maintenance.html", &view)
}
