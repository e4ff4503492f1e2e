//! What a page is written with: words, times and links as they are right on that page.

use std::cell::Cell;
use std::fmt::Write as _;

use serde::Serialize;

use super::frame::{Frame, Live, Shared};
use super::mark::SHAPES;
use crate::model::{Accounts, Config, Slug};
use crate::render::Html;
use crate::render::escape::html_into;
use crate::render::i18n::T;
use crate::render::markdown::LinkContext;
use crate::render::time::Clock;

/// The level of the highest heading in a text: all of them stand below one of the page's own.
const HEADING: u8 = 3;

/// Writes one page. Remembers which shapes it drew, so that the page carries these and no others.
pub(super) struct Pen<'a> {
    pub shared: &'a Shared<'a>,
    pub clock: Clock<'a>,
    /// From this page to the site's root: `""`, `"../"`, `"../../"` …
    pub root: &'a str,
    shapes: Cell<u32>,
}

/// What every page's template needs beside the page's own facts.
#[derive(Serialize)]
pub(super) struct Page {
    lang: String,
    frame: Frame,
    title: String,
    description: String,
    canonical: String,
    og_type: &'static str,
    /// The value of `data-state`: it colours the page's head.
    state: &'static str,
    icon: String,
    sprite: Html,
    made: Html,
    /// When it was built, for pages that say so.
    built: Option<String>,
    rebuild_s: Option<u64>,
    rebuild: Option<String>,
    /// A feed of this page's own.
    feed: Option<String>,
}

/// What a page says of itself.
pub(super) struct About<'a> {
    pub frame: Frame,
    pub title: &'a str,
    pub description: String,
    /// From the site's root: `history/`.
    pub path: &'a str,
    pub state: &'static str,
    pub og_type: &'static str,
    pub live: Option<&'a Live<'a>>,
    pub feed: Option<String>,
}

/// A link in a list.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Link {
    pub href: String,
    pub text: Html,
    /// A figure that stands behind it.
    pub count: Option<String>,
    /// The value of `aria-current`.
    pub current: Option<&'static str>,
}

/// A fact with its name, in the lead of a page.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Fact {
    pub term: String,
    pub main: Html,
    pub small: Option<Html>,
    /// Draws `main` as a state.
    pub mark: Option<super::mark::Mark>,
}

impl Link {
    pub(super) fn new(href: String, text: Html) -> Link {
        Link { href, text, count: None, current: None }
    }
}

impl<'a> Pen<'a> {
    pub(super) fn new(shared: &'a Shared<'a>, root: &'a str) -> Pen<'a> {
        let clock = Clock { i18n: &shared.theme.i18n, tz: &shared.config.zone.tz };
        Pen { shared, clock, root, shapes: Cell::new(0) }
    }

    pub(super) fn config(&self) -> &'a Config {
        self.shared.config
    }

    /// A path of the site, as seen from this page. The front page is `""`.
    pub(super) fn url(&self, path: &str) -> String {
        match (self.root, path) {
            ("", "") => "./".to_owned(),
            (root, path) => format!("{root}{path}"),
        }
    }

    pub(super) fn word(&self, key: T) -> String {
        self.clock.i18n.word(key)
    }

    pub(super) fn text(&self, key: T, args: &[(&str, &str)]) -> String {
        self.clock.i18n.text(key, args)
    }

    pub(super) fn count(&self, key: T, count: usize, args: &[(&str, &str)]) -> String {
        self.clock.i18n.count(key, u64::try_from(count).unwrap_or(u64::MAX), args)
    }

    pub(super) fn html(&self, key: T, args: &[(&str, &Html)]) -> Html {
        self.clock.i18n.html(key, args)
    }

    pub(super) fn number(&self, number: usize) -> String {
        self.clock.i18n.number(u64::try_from(number).unwrap_or(u64::MAX))
    }

    /// `<a href>`; the path is one of the site's own.
    pub(super) fn link(&self, path: &str, text: &Html) -> Html {
        anchor(&self.url(path), text)
    }

    /// Names of components, in the config's order, as text.
    pub(super) fn names(&self, ids: &[Slug]) -> String {
        let names: Vec<&str> = ids.iter().filter_map(|id| Some(self.config().component(id)?.name.as_str())).collect();
        names.join(&self.word(T::list_separator))
    }

    /// Parts with a comma between them.
    pub(super) fn listed(&self, parts: impl Iterator<Item = Html>) -> Html {
        let separator = Html::text(&self.word(T::list_separator));
        let texts: Vec<String> = parts.map(|part| part.as_str().to_owned()).collect();
        Html::trusted(texts.join(separator.as_str()))
    }

    /// Parts with ` · ` between them.
    pub(super) fn notes(&self, parts: &[Html]) -> Html {
        let separator = self.word(T::note_separator);
        let mut html = String::new();
        for part in parts.iter().filter(|part| !part.is_empty()) {
            if !html.is_empty() {
                html_into(&mut html, &separator);
            }
            html.push_str(part.as_str());
        }
        Html::trusted(html)
    }

    /// How many accounts, in words.
    pub(super) fn accounts(&self, accounts: &Accounts) -> String {
        let i18n = self.clock.i18n;
        match accounts {
            Accounts::Exactly(count) => i18n.count(T::accounts_exactly, *count, &[]),
            Accounts::Between(from, to) => {
                i18n.text(T::accounts_between, &[("from", &i18n.number(*from)), ("to", &i18n.number(*to))])
            }
            Accounts::Share(share) => i18n.text(T::accounts_share, &[("percent", &i18n.percent(*share))]),
        }
    }

    pub(super) fn fact(&self, term: T, main: Html, small: Option<Html>) -> Fact {
        Fact { term: self.word(term), main, small, mark: None }
    }

    /// Remembers that a shape was drawn.
    pub(super) fn drawn(&self, shape: &str) {
        if let Some(bit) = SHAPES.iter().position(|known| *known == shape) {
            self.shapes.set(self.shapes.get() | 1 << bit);
        }
    }

    /// What `make` makes of a text of the page at `own`, from the file `source`, with its links as they are from here.
    pub(super) fn with_links<R>(&self, own: &str, source: &str, make: impl Fn(&LinkContext<'_>) -> R) -> R {
        let resolve = |source: &str, href: &str| self.shared.targets.resolve(source, href);
        make(&LinkContext { root: self.root, own, source, heading: HEADING, resolve: &resolve })
    }

    /// Closes the page: to be called last, when all shapes have been drawn.
    pub(super) fn page(&self, about: About<'_>) -> Page {
        let config = self.config();
        let assets = self.shared.theme.assets();
        let rebuild = config.promise.rebuild.filter(|_| about.live.is_some());
        Page {
            lang: self.clock.i18n.language().to_owned(),
            title: self.text(T::page_title, &[("page", about.title), ("site", &config.title)]),
            description: about.description,
            canonical: format!("{}/{}", config.url, about.path),
            og_type: about.og_type,
            state: about.state,
            icon: self.url(assets.icon(about.state)),
            sprite: self.sprite(),
            made: self.made(about.live),
            built: about.live.map(|live| self.clock.iso(live.now)),
            rebuild_s: rebuild.and_then(|every| u64::try_from(every.as_secs()).ok()),
            rebuild: rebuild.map(|every| self.clock.duration(every)),
            feed: about.feed,
            frame: about.frame,
        }
    }

    fn made(&self, live: Option<&Live<'_>>) -> Html {
        let Some(live) = live else { return Html::text(&self.word(T::made_with)) };
        let time = self.clock.full(crate::derive::Moment::At(live.now), crate::render::time::Own::No);
        match live.commit {
            None => self.html(T::built, &[("time", &time)]),
            Some(commit) => {
                let commit = Html::trusted(format!("<code>{}</code>", Html::text(commit)));
                self.html(T::built_from, &[("time", &time), ("commit", &commit)])
            }
        }
    }

    /// The shapes that this page drew, for its `<use>` elements.
    fn sprite(&self) -> Html {
        let mut html = String::new();
        let drawn = SHAPES.iter().enumerate().filter(|(bit, _)| self.shapes.get() & (1 << bit) != 0);
        for (_, name) in drawn {
            let inside = self.shared.theme.assets().shape(name);
            let _ = write!(html, "<symbol id=\"s-{name}\" viewBox=\"0 0 16 16\">{inside}</symbol>");
        }
        Html::trusted(html)
    }
}

/// `<a href>` around HTML.
pub(super) fn anchor(href: &str, text: &Html) -> Html {
    let mut html = String::with_capacity(href.len() + text.as_str().len() + 16);
    html.push_str("<a href=\"");
    html_into(&mut html, href);
    html.push_str("\">");
    html.push_str(text.as_str());
    html.push_str("</a>");
    Html::trusted(html)
}
