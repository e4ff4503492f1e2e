//! `/404.html`, which hosts show for any address that leads nowhere: its links begin at the base path of the site's URL,
//! because it is shown at any depth.

use std::sync::Arc;

use serde::Serialize;

use super::frame::{Nav, Place, Shared};
use super::lead::Lead;
use super::pen::{About, Link, Page, Pen};
use super::print;
use crate::render::Html;
use crate::render::i18n::T;
use crate::render::output::{Class, Output, RenderError};

#[derive(Serialize)]
struct View {
    page: Page,
    lead: Lead,
    links: Vec<Link>,
}

pub(super) fn add<'a>(outputs: &mut Vec<Output<'a>>, shared: &Arc<Shared<'a>>) {
    let shared = Arc::clone(shared);
    outputs.extend(super::page("404.html", Class::Index, move || make(&shared)));
}

fn make(shared: &Shared<'_>) -> Result<Vec<u8>, RenderError> {
    let root = shared.config.url.base_path();
    let pen = Pen::new(shared, &root);
    let (title, line) = (pen.word(T::not_found), pen.word(T::not_found_lead));
    let link = |path: &str, key| Link::new(pen.url(path), Html::text(&pen.word(key)));
    let view = View {
        links: vec![link("", T::nav_status), link("history/", T::nav_history), link("rfo/", T::nav_reports)],
        page: pen.page(About {
            frame: pen.frame(Nav::Nowhere, Place::Below)?,
            title: &title,
            description: line.clone(),
            path: "404.html",
            state: "none",
            og_type: "website",
            live: None,
            feed: None,
        }),
        lead: Lead { title: title.clone(), lines: vec![Html::text(&line)], ..Lead::default() },
    };
    print(shared, "pages/not_found.html", &view)
}
