//! A copy for readers without a connection, where the config wants it (`offline_copy`): a service worker
//! (<https://www.w3.org/TR/service-workers/>) that asks the network first, and shows the last copy of the front page and of
//! what is under way with its age above it.
//!
//! Both scripts lie at the root: a worker has power over what lies beside it and below, and its address must stay.

use std::collections::BTreeMap;

use super::i18n::{I18n, T};
use super::machine::text;
use super::output::{Class, Output};
use super::theme::Theme;
use crate::derive::Derived;
use crate::model::{Config, Site};

/// Without lines that are comments.
const WORKER: &str = include_str!("offline/worker.js");
const PAGE: &str = include_str!("offline/page.js");

/// The script that every page then has.
pub(in crate::render) const SCRIPT: &str = "offline.js";

pub(in crate::render) fn is_on(config: &Config) -> bool {
    config.publishing.offline_copy
}

/// `/sw.js` and `/offline.js`; nothing where it is off.
pub(in crate::render) fn outputs<'a>(site: &'a Site, derived: &'a Derived, theme: &'a Theme) -> Vec<Output<'a>> {
    if !is_on(&site.config) {
        return Vec::new();
    }
    let worker = text("sw.js", Class::Index, None, move || worker(site, derived, theme));
    let page = text(SCRIPT, Class::Asset, None, || bare(PAGE));
    worker.into_iter().chain(page).collect()
}

fn worker(site: &Site, derived: &Derived, theme: &Theme) -> String {
    let json = |value: &serde_json::Value| value.to_string();
    let words = json(&words(&theme.i18n));
    let files = json(&files(site, derived, theme).into());
    let language = json(&theme.i18n.language().into());
    format!("\"use strict\";\nconst T={words}, FILES={files}, LANG={language};\n{}", bare(WORKER))
}

/// The worker's words, and those of the page's own script for lengths of time.
fn words(i18n: &I18n) -> serde_json::Value {
    let of_script = i18n.script_texts();
    let shared = ["min", "h", "days", "ago", "now"].into_iter().filter_map(|name| of_script.get_key_value(name));
    let own = [("offline_title", i18n.pattern(T::offline_title)), ("offline_text", i18n.pattern(T::offline_text))];
    let shared = shared.map(|(name, text)| ((*name).to_owned(), text.clone()));
    let words: BTreeMap<String, String> = shared.chain(own.map(|(name, text)| (name.to_owned(), text))).collect();
    serde_json::json!(words)
}

/// From the site's root. No build's time is in it, so that the worker changes only with what it keeps.
fn files(site: &Site, derived: &Derived, theme: &Theme) -> Vec<String> {
    let assets = theme.assets();
    let under_way = derived.open.iter().chain(&derived.maintenance_active);
    let pages = under_way.filter_map(|&index| Some(format!("incidents/{}/", site.incidents.get(index)?.slug)));
    let own =
        [assets.css.clone(), assets.js.clone(), assets.icon(derived.overall.word()).to_owned(), SCRIPT.to_owned()];
    ["./".to_owned()].into_iter().chain(own).chain(assets.logo.clone()).chain(pages).collect()
}

fn bare(script: &str) -> String {
    let lines = script.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with("//"));
    lines.flat_map(|line| [line, "\n"]).collect()
}
