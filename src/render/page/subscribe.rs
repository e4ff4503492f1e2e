//! `/subscribe/`: every way to hear of it, none of which asks for an address.

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
    everything: Vec<Link>,
    calendar: Vec<Link>,
    components: Vec<Feeds>,
    signed: Option<Signed>,
}

/// With which key the site is signed, and how one checks it.
#[derive(Serialize)]
struct Signed {
    text: Html,
    command: String,
}

/// The feeds of one component or group.
#[derive(Serialize)]
struct Feeds {
    name: Link,
    feeds: Vec<Link>,
}

pub(super) fn add<'a>(outputs: &mut Vec<Output<'a>>, shared: &Arc<Shared<'a>>) {
    let shared = Arc::clone(shared);
    outputs.extend(super::page("subscribe/index.html", Class::Index, move || make(&shared)));
}

fn make(shared: &Shared<'_>) -> Result<Vec<u8>, RenderError> {
    let pen = Pen::new(shared, "../");
    let config = pen.config();
    let title = pen.word(T::subscribe);
    let groups = config.groups.iter().map(|group| (format!("groups/{}/", group.id), &group.name));
    let components =
        config.components.iter().map(|component| (format!("components/{}/", component.id), &component.name));
    let view = View {
        everything: feeds(&pen, ""),
        calendar: vec![Link::new(pen.url("calendar.ics"), Html::text(&pen.word(T::calendar)))],
        components: groups
            .chain(components)
            .map(|(path, name)| Feeds { name: Link::new(pen.url(&path), Html::text(name)), feeds: feeds(&pen, &path) })
            .collect(),
        signed: config.publishing.sign.as_ref().map(|sign| signed(&pen, &sign.public_key)),
        page: pen.page(About {
            frame: pen.frame(Nav::Subscribe, Place::Itself)?,
            title: &title,
            description: pen.text(T::subscribe_description, &[("site", &config.title)]),
            path: "subscribe/",
            state: "none",
            og_type: "website",
            live: None,
            feed: None,
        }),
        lead: Lead { title: title.clone(), lines: vec![Html::text(&pen.word(T::subscribe_lead))], ..Lead::default() },
    };
    print(shared, "pages/subscribe.html", &view)
}

fn signed(pen: &Pen<'_>, key: &str) -> Signed {
    let file = Html::trusted(format!("<a href=\"{}\"><code>{}</code></a>", pen.url("minisign.pub"), Html::text(key)));
    let url = &pen.config().url;
    Signed {
        text: pen.html(T::signed_text, &[("key", &file)]),
        command: format!(
            "curl -sSO {url}/status.json -O {url}/status.json.minisig && minisign -Vm status.json -P {key}"
        ),
    }
}

fn feeds(pen: &Pen<'_>, path: &str) -> Vec<Link> {
    let feed = |name: &str, key| Link::new(pen.url(&format!("{path}feed.{name}")), Html::text(&pen.word(key)));
    vec![feed("atom", T::feed_atom), feed("rss", T::feed_rss), feed("json", T::feed_json)]
}
