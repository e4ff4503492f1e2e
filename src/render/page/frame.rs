//! What stands around every page: head, header and foot. They depend on nothing but theme, config, the page's depth and
//! where in the navigation it stands, so they are printed once for each of these and not once for each page.

use std::collections::BTreeMap;
use std::sync::Mutex;

use jiff::Timestamp;
use serde::Serialize;

use super::CSP;
use super::pen::{Link, Pen};
use crate::model::{Config, Mirror};
use crate::render::Html;
use crate::render::i18n::T;
use crate::render::markdown::{self, LinkContext};
use crate::render::offline;
use crate::render::output::{Key, RenderError};
use crate::render::targets::Targets;
use crate::render::theme::Theme;

/// What pages may share: theme and config, and what follows from them. The one thing more are the targets of links: a
/// page whose text may name one has [`Targets::key`] in its input.
pub(in crate::render) struct Shared<'a> {
    pub config: &'a Config,
    pub theme: &'a Theme,
    pub targets: Targets<'a>,
    frames: Mutex<BTreeMap<(String, Nav, Place), Frame>>,
}

/// The constant parts of a page, as Tera's own values, which are cheap to give to each page.
#[derive(Clone, Serialize)]
pub(super) struct Frame {
    head: tera::Value,
    header: tera::Value,
    footer: tera::Value,
}

/// What only pages of open things know: when they were built, and from what.
#[derive(Clone, Copy, Hash)]
pub(super) struct Live<'a> {
    pub now: Timestamp,
    pub commit: Option<&'a str>,
}

/// Where a page stands in the navigation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Nav {
    Status,
    History,
    Reports,
    Response,
    Subscribe,
    Nowhere,
}

/// Whether a page is the one that the navigation leads to, or one below it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Place {
    Itself,
    Below,
}

#[derive(Serialize)]
struct View<'a> {
    lang: &'a str,
    csp: &'static str,
    css: String,
    js: String,
    /// The script that keeps a copy for readers without a connection.
    offline: Option<String>,
    paper_light: &'a str,
    paper_dark: &'a str,
    site: &'a str,
    /// The name without its last word, and that word, which is set lighter.
    name: &'a str,
    name_last: &'a str,
    home: String,
    logo: Option<String>,
    nav: Vec<Link>,
    feeds: Vec<Link>,
    feed_atom: String,
    feed_rss: String,
    feed_json: String,
    more: Vec<Link>,
    links: Vec<Link>,
    /// Other copies of the site.
    mirrors: Vec<Link>,
    footer: Option<Html>,
}

impl<'a> Shared<'a> {
    pub(super) fn new(config: &'a Config, theme: &'a Theme, targets: Targets<'a>) -> Shared<'a> {
        Shared { config, theme, targets, frames: Mutex::default() }
    }

    /// Of all that is in here, except the targets.
    pub(super) fn key(&self) -> Key {
        self.theme.key()
    }

    /// Printed once for each depth and place, and then only copied.
    pub(super) fn frame(&self, root: &str, nav: Nav, place: Place) -> Result<Frame, RenderError> {
        let at = (root.to_owned(), nav, place);
        let known = self.frames.lock().ok().and_then(|frames| frames.get(&at).cloned());
        if let Some(known) = known {
            return Ok(known);
        }
        let made = frame(self.config, self.theme, root, nav, place)?;
        if let Ok(mut frames) = self.frames.lock() {
            frames.insert(at, made.clone());
        }
        Ok(made)
    }
}

fn frame(config: &Config, theme: &Theme, root: &str, nav: Nav, place: Place) -> Result<Frame, RenderError> {
    let view = view(config, theme, root, nav, place);
    let print = |template| {
        theme.print(template, &view).map(|html| tera::Value::safe_string(String::from_utf8_lossy(&html).trim()))
    };
    Ok(Frame {
        head: print("layouts/head.html")?,
        header: print("layouts/header.html")?,
        footer: print("layouts/footer.html")?,
    })
}

fn view<'a>(config: &'a Config, theme: &'a Theme, root: &'a str, nav: Nav, place: Place) -> View<'a> {
    let i18n = &theme.i18n;
    let url = |path: &str| if root.is_empty() && path.is_empty() { "./".to_owned() } else { format!("{root}{path}") };
    let link = |path: &str, key: T| Link::new(url(path), Html::text(&i18n.word(key)));
    let here = |item: Nav, path: &str, key: T| {
        let current = (item == nav).then_some(if place == Place::Itself { "page" } else { "true" });
        Link { current, ..link(path, key) }
    };
    let (name, name_last) = config.title.rsplit_once(' ').unwrap_or((&config.title, ""));
    View {
        lang: i18n.language(),
        csp: CSP,
        css: url(&theme.assets().css),
        js: url(&theme.assets().js),
        offline: offline::is_on(config).then(|| url(offline::SCRIPT)),
        paper_light: &theme.assets().paper[0],
        paper_dark: &theme.assets().paper[1],
        site: &config.title,
        name,
        name_last,
        home: url(""),
        logo: theme.assets().logo.as_deref().map(url),
        nav: vec![
            here(Nav::Status, "", T::nav_status),
            here(Nav::History, "history/", T::nav_history),
            here(Nav::Reports, "rfo/", T::nav_reports),
            here(Nav::Response, "response/", T::nav_response),
            here(Nav::Subscribe, "subscribe/", T::nav_subscribe),
        ],
        feeds: vec![
            link("subscribe/", T::nav_subscribe),
            link("feed.atom", T::feed_atom),
            link("feed.rss", T::feed_rss),
            link("feed.json", T::feed_json),
            link("calendar.ics", T::calendar),
        ],
        feed_atom: url("feed.atom"),
        feed_rss: url("feed.rss"),
        feed_json: url("feed.json"),
        more: vec![
            link("history/", T::nav_history),
            link("rfo/", T::nav_reports),
            link("response/", T::nav_response),
            link("promises/", T::promises),
            link("maintenance/", T::kind_maintenance),
            link("api/v2/summary.json", T::api),
        ],
        links: config.links.iter().map(|link| Link::new(outside(root, &link.url), Html::text(&link.name))).collect(),
        mirrors: config.publishing.mirrors.iter().map(mirror).collect(),
        footer: config.footer.as_ref().map(|text| {
            let resolve = |_: &str, _: &str| None;
            markdown::html(text, &LinkContext { root, own: "", source: "upfront.toml", heading: 3, resolve: &resolve })
        }),
    }
}

/// Another copy of the site, by its name or else its host.
fn mirror(mirror: &Mirror) -> Link {
    let name = mirror.name.as_deref().unwrap_or(mirror.url.authority());
    Link::new(format!("{}/", mirror.url), Html::text(name))
}

/// A link of the config: a whole URL, or a path of the site.
pub(super) fn outside(root: &str, url: &str) -> String {
    let has_scheme = url.starts_with("https:") || url.starts_with("http:") || url.starts_with("mailto:");
    if has_scheme { url.to_owned() } else { format!("{root}{}", url.trim_start_matches('/')) }
}

impl Pen<'_> {
    pub(super) fn frame(&self, nav: Nav, place: Place) -> Result<Frame, RenderError> {
        self.shared.frame(self.root, nav, place)
    }
}
