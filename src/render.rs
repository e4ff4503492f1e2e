//! `Derived → Outputs`: every page, feed and asset, as values. Pure: no file, no clock.
//!
//! [`render`] makes a list of [`Output`]s, each with its path and a function that makes its bytes. [`crate::write`] calls
//! the functions in parallel and takes the bytes as they come, so memory is bounded; and it does not call at all where
//! an output's [`Key`] is that of the last build.

mod alarm;
mod api_v2;
mod atom;
mod badge;
mod calendar;
mod data;
mod escape;
mod feed;
#[cfg(test)]
pub(crate) mod fixture;
mod headers;
mod history_feed;
mod html;
mod i18n;
mod json_feed;
mod keys;
mod links;
mod machine;
mod markdown;
mod message;
mod offline;
mod output;
mod page;
mod phrase;
mod pictures;
mod record_data;
mod rss;
mod sitemap;
mod targets;
mod theme;
mod time;
mod uptime_data;
mod words;

pub use alarm::say_alarm;
pub use html::Html;
pub use markdown::first_sentence;
pub use message::{Said, message_next, message_page, message_subject, message_text, say, say_test};
pub use output::{Class, Content, Key, MakeSealed, Output, RenderError, SitePath, Sums};
pub use theme::Theme;

use crate::derive::Derived;
use crate::derive::response::record::Period;
use crate::model::Site;
use keys::Keys;
use targets::Targets;

/// Everything that the site consists of, in no particular order; no path stands twice.
pub fn render<'a>(site: &'a Site, derived: &'a Derived, theme: &'a Theme) -> Vec<Output<'a>> {
    let targets = Targets::new(site);
    let keys = Keys::of(site, derived);
    let mut outputs = page::outputs(site, derived, theme, targets, &keys);
    let pages = page::to_be_found(site, derived, &outputs);
    outputs.extend(pictures::outputs(site));
    let source = machine::Source { site, derived, words: &theme.words, targets };
    outputs.extend(offline::outputs(site, derived, theme));
    outputs.extend(machine::outputs(source, &keys, pages, &security()));
    outputs
}

/// The record of a quarter or a year as one HTML file for customers: without script, with its style in it, with links to the
/// site. `None` where the record has no such period.
///
/// # Errors
///
/// Where a template of the theme cannot print it.
pub fn period_page(
    site: &Site,
    derived: &Derived,
    theme: &Theme,
    period: Period,
) -> Option<Result<Vec<u8>, RenderError>> {
    page::period_alone(site, derived, theme, Targets::new(site), &Keys::of(site, derived), period)
}

/// The same as data (JSON), with the period before it; `None` where the record has no such period.
pub fn period_data(site: &Site, derived: &Derived, theme: &Theme, period: Period) -> Option<String> {
    let source = machine::Source { site, derived, words: &theme.words, targets: Targets::new(site) };
    record_data::period_data(source, period)
}

/// The names of headers that every answer should have, where the host lets a site choose them.
pub const SECURITY_HEADERS: [&str; 4] =
    ["Content-Security-Policy", "Referrer-Policy", "X-Content-Type-Options", "Permissions-Policy"];

/// The same with their values.
fn security() -> [(&'static str, String); 4] {
    let [policy, referrer, sniffing, permissions] = SECURITY_HEADERS;
    [
        (policy, format!("{}; frame-ancestors 'none'", page::CSP)),
        (referrer, "no-referrer".to_owned()),
        (sniffing, "nosniff".to_owned()),
        (permissions, "interest-cohort=()".to_owned()),
    ]
}
