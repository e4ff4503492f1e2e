//! `upfront.toml` → [`Config`]: TOML 1.1 (<https://toml.io/en/v1.1.0>), read with the place of each value, then checked.
//!
//! Every mistake is told, not only the first. What would make the site say something else than the operator means (a
//! component that is missing, an address that is none) stops the build before anything is touched; what can be left out
//! (a key nobody knows, a picture) is told and left out. Later code sees only the [`Config`], and need not doubt it.

mod address;
mod brand;
mod channels;
mod components;
mod detection;
mod feeds;
mod monitor_name;
mod monitoring;
mod notice;
mod numbers;
mod places;
mod promise;
mod publish;
mod reader;
mod secret;
mod uptime;
mod values;
mod watch;
mod words;

use std::path::Path;
use std::sync::Arc;

use toml::Spanned;
use toml::de::DeTable;

use self::monitoring::Private;
use self::reader::{Reader, Section};
use super::files::{self, Unread};
use crate::diag::{Code, Diagnostic, Loaded, Severity, Source};
use crate::model::{Config, Link, Markdown, ShowEdits, SiteUrl, Zone};

/// The file's name.
const FILE: &str = "upfront.toml";

/// No config that a person wrote is larger, in bytes.
const CONFIG_BYTES_MAX: u64 = 1 << 20;

/// How many links, lines of a checklist or groups there may be.
const LIST_MAX: usize = 1000;

/// The longest text of any key, in characters.
const TEXT_MAX: usize = 2000;

pub(super) const KEYS: [&str; 29] = [
    "title",
    "url",
    "time_zone",
    "language",
    "description",
    "logo",
    "support",
    "footer",
    "checklist",
    "component",
    "group",
    "link",
    "brand",
    "promise",
    "show_edits",
    "accounts",
    "feed",
    "detection",
    "notice",
    "uptime",
    "places",
    "publish",
    "mirror",
    "verify",
    "sign",
    "offline_copy",
    "channel",
    "show_deliveries",
    // Editors write the address of the schema here.
    "$schema",
];
/// A length of time that is not negative.
pub(super) fn duration(text: &str) -> Option<jiff::SignedDuration> {
    values::duration_of(text).filter(|duration| !duration.is_negative())
}

pub(super) const LINK_KEYS: [&str; 2] = ["name", "url"];
pub(super) const SHOW_EDITS: [(&str, ShowEdits); 2] = [("mark", ShowEdits::Mark), ("full", ShowEdits::Full)];

#[cfg(test)]
pub(super) use {
    brand::KEYS as BRAND_KEYS, channels::KEYS as CHANNEL_KEYS, components::COMPONENT_KEYS, components::GROUP_KEYS,
    detection::keys as detection_keys, feeds::KEYS as FEED_KEYS, notice::KEYS as NOTICE_KEYS,
    promise::KEYS as PROMISE_KEYS, publish::CA_KEY, publish::MIRROR_KEYS, publish::SIGN_KEYS, publish::TARGET_KEYS,
    publish::VERIFY_KEYS, uptime::KEYS as UPTIME_KEYS,
};

/// Reads and checks the config of the site in `root`.
///
/// # Errors
///
/// Everything that is wrong with it, each mistake with its place, where at least one cannot be passed over.
pub fn read(root: &Path) -> Result<Loaded<Config>, Vec<Diagnostic>> {
    let nowhere = || Arc::new(Source::new(FILE, ""));
    let bytes = match files::read_guarded(root, &root.join(FILE), CONFIG_BYTES_MAX) {
        Ok(bytes) => bytes,
        Err(Unread::Io(error)) if error.kind() == std::io::ErrorKind::NotFound => {
            let told = Diagnostic::error(Code::CONFIG_MISSING, "there is no `upfront.toml` in this folder");
            return Err(vec![told.cure("`upfront init` begins a site; `-C <folder>` names another folder")]);
        }
        Err(unread) => {
            return Err(vec![unread.telling(CONFIG_BYTES_MAX).outcome("nothing is built").at(&nowhere(), 0..0)]);
        }
    };
    match String::from_utf8(bytes) {
        Ok(text) => check(&text, Private::read(root)),
        Err(error) => {
            let valid_len = error.utf8_error().valid_up_to();
            let text = String::from_utf8_lossy(error.as_bytes()).into_owned();
            let told = Diagnostic::error(Code::CONFIG_SYNTAX, "this is not UTF-8").cure("save the file as UTF-8");
            Err(vec![told.at(&Arc::new(Source::new(FILE, text)), valid_len..valid_len)])
        }
    }
}

/// As [`read`], of a text.
fn check(text: &str, private: Private) -> Result<Loaded<Config>, Vec<Diagnostic>> {
    let (table, syntax) = DeTable::parse_recoverable(text);
    let source = Arc::new(Source::new(FILE, secret::masked(text, table.get_ref())));
    let mut reader = Reader::new(&source);
    let config = site(&mut reader, &table, private);
    let mut diagnostics: Vec<Diagnostic> = syntax.iter().map(|error| syntax_error(error, &source)).collect();
    let told = reader.into_diagnostics();
    if diagnostics.is_empty() {
        diagnostics = told;
    } else {
        // What could not be read may only seem to be missing.
        diagnostics.extend(told.into_iter().filter(|told| told.code != Code::CONFIG_KEY_MISSING));
    }
    diagnostics.sort_by(|a, b| a.sort_key().cmp(&b.sort_key()));
    match config {
        Some(value) if diagnostics.iter().all(|told| told.severity < Severity::Error) => {
            Ok(Loaded { value, diagnostics })
        }
        _ => Err(diagnostics),
    }
}

fn syntax_error(error: &toml::de::Error, source: &Arc<Source>) -> Diagnostic {
    let span = error.span().unwrap_or(0..0);
    let message = error.message().lines().next().unwrap_or_default().to_owned();
    Diagnostic::error(Code::CONFIG_SYNTAX, format!("this is not TOML: {message}"))
        .cure("look at quotes, brackets and commas: text stands in `\"`, and each key on a line of its own")
        .outcome("nothing is built")
        .at(source, span)
}

/// `None` where what must be there is not; each mistake has then been told.
fn site(reader: &mut Reader<'_>, table: &Spanned<DeTable<'_>>, private: Private) -> Option<Config> {
    let site = reader.section(table.get_ref(), 0..0, "the config", &KEYS, &["title", "url", "component"]);
    let title = reader.required_text(&site, "title", "what readers call the page: `title = \"Fjordpost status\"`");
    let url = url(reader, &site);
    let zone = zone(reader, &site);
    let language = language(reader, &site);
    let description = reader.text(&site, "description").map(|text| text.value);
    let logo = reader.text(&site, "logo").map(|text| text.value);
    let support = support(reader, &site);
    let footer = reader.paragraph(&site, "footer").map(|text| Markdown::new(text.value));
    let checklist = reader.texts(&site, "checklist");
    let links = links(reader, &site);
    let brand = brand::read(reader, &site);
    let promise = promise::read(reader, &site);
    let show_edits = words::one_of(reader, &site, "show_edits", &SHOW_EDITS).unwrap_or_default();
    let accounts = accounts(reader, &site);
    let mut publishing = publish::read(reader, &site);
    let (mut channels, mut channels_left_out) = (Vec::new(), Vec::new());
    let parts = components::ids(table.get_ref());
    let known = channels::Known { site_zone: zone.as_ref(), parts: &parts };
    channels::read(reader, &site, &known, &mut channels, &mut channels_left_out);
    let show_deliveries =
        reader.leniently("built, without the deliveries", |reader| reader.flag(&site, "show_deliveries"));
    let (monitoring, feeds) = monitoring::read(reader, &site, &language, private, |reader, section| {
        publish::targets(reader, section, &mut publishing);
        channels::read(reader, section, &known, &mut channels, &mut channels_left_out);
    });
    let (components, groups) = components::read(reader, &site, &feeds);
    Some(Config {
        title: title?,
        url: url?,
        zone: zone?,
        language,
        description,
        logo,
        support,
        links,
        footer,
        brand,
        components,
        groups,
        checklist,
        promise,
        show_edits,
        accounts,
        monitoring,
        publishing,
        channels,
        channels_left_out,
        show_deliveries: show_deliveries.unwrap_or(false),
    })
}

fn url(reader: &mut Reader<'_>, site: &Section<'_, '_>) -> Option<SiteUrl> {
    let cure = "the address it is published at, such as `https://status.fjordpost.example`";
    if !site.has("url") {
        reader.missing(site, "url", cure);
        return None;
    }
    let text = reader.text(site, "url")?;
    let url = SiteUrl::new(&text.value);
    if url.is_none() {
        reader.value_error(&text.span, format!("`{}` is not the address of a site", text.value), cure);
    }
    url
}

fn zone(reader: &mut Reader<'_>, site: &Section<'_, '_>) -> Option<Zone> {
    let Some(text) = reader.text(site, "time_zone") else { return values::zone("UTC") };
    let zone = values::zone(&text.value);
    if zone.is_none() {
        let cure = values::zone_cure(&text.value);
        reader.value_error(&text.span, format!("no time zone is called `{}`", text.value), cure);
    }
    zone
}

fn language(reader: &mut Reader<'_>, site: &Section<'_, '_>) -> String {
    let english = "en".to_owned();
    let Some(text) = reader.text(site, "language") else { return english };
    if values::is_language(&text.value) {
        return text.value;
    }
    let message = format!("`{}` is not the tag of a language", text.value);
    reader.value_error(&text.span, message, "a tag of BCP 47, such as `en`, `nb` or `pt-BR`");
    english
}

fn support(reader: &mut Reader<'_>, site: &Section<'_, '_>) -> Option<String> {
    let text = reader.text(site, "support")?;
    if values::is_outer_link(&text.value) {
        return Some(text.value);
    }
    let cure = match text.value.contains('@') {
        true => format!("write `mailto:{}`", text.value.trim_start_matches("mailto:")),
        false => "an address that begins with `https://` or `mailto:`".to_owned(),
    };
    reader.value_error(&text.span, format!("`{}` is not an address that a link may have", text.value), cure);
    None
}

fn links(reader: &mut Reader<'_>, site: &Section<'_, '_>) -> Vec<Link> {
    let mut links = Vec::new();
    for table in reader.tables(site, "link", &LINK_KEYS, &LINK_KEYS) {
        let name = reader.required_text(&table, "name", "what the link says: `name = \"Our website\"`");
        let cure = "an address that begins with `https://`, `mailto:` or, for a page of the site, `/`";
        let url = reader.required_spanned(&table, "url", cure);
        let (Some(name), Some(url)) = (name, url) else { continue };
        if values::is_outer_link(&url.value) || values::is_site_path(&url.value) {
            links.push(Link { name, url: url.value });
        } else {
            reader.value_error(&url.span, format!("`{}` is not an address that a link may have", url.value), cure);
        }
    }
    links
}

/// How many accounts there are, where the config says so.
fn accounts(reader: &mut Reader<'_>, site: &Section<'_, '_>) -> Option<u64> {
    numbers::count(reader, site, "accounts", 1..=u32::MAX).map(u64::from)
}

/// The limits of a `[detection]` table that holds those lines.
#[cfg(test)]
pub(super) fn detection_of(lines: &str) -> Option<crate::model::DetectionLimits> {
    let site = "title = \"T\"\nurl = \"https://status.example\"\n[[component]]\nname = \"IMAP\"\n";
    let config = check(&format!("{site}[detection]\n{lines}"), Private::default()).ok()?;
    config.diagnostics.is_empty().then_some(config.value.monitoring.limits)
}

#[cfg(test)]
mod tests;
