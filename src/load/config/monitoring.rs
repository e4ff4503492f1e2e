//! The tables about monitoring, of `upfront.toml` and of `upfront.private.toml` beside it.
//!
//! The private file is for public repositories: what would tell strangers how the provider watches itself (feeds'
//! addresses, the codes of places, staff channels) stands there, outside of git. It holds `[[feed]]`, `[places]`, `[[publish]]`
//! and `[[channel]]`, nothing else, and a mistake in it never stops a build. Each id of a feed and each place is there once in both together; `upfront.toml`
//! goes before.

use std::path::Path;
use std::sync::Arc;

use toml::de::DeTable;

use super::feeds::Feeds;
use super::files::{self, Unread};
use super::reader::{Reader, Section};
use super::{CONFIG_BYTES_MAX, detection, notice, places, secret, syntax_error, uptime};
use crate::diag::{Code, Diagnostic, Severity, Source};
use crate::model::MonitoringConfig;

/// The private file's name.
pub(super) const PRIVATE_FILE: &str = "upfront.private.toml";

const PRIVATE_KEYS: [&str; 5] = ["feed", "places", "publish", "channel", "$schema"];

/// What `upfront.private.toml` holds, where there is one.
#[derive(Debug, Default)]
pub(super) struct Private {
    text: Option<String>,
    diagnostics: Vec<Diagnostic>,
}

impl Private {
    /// Reads the file of the site in `root`.
    pub(super) fn read(root: &Path) -> Private {
        let tell = |told: Diagnostic| {
            let told = Diagnostic { severity: Severity::Warning, ..told }.outcome("built, without what is in it");
            Private { text: None, diagnostics: vec![told.at(&Arc::new(Source::new(PRIVATE_FILE, "")), 0..0)] }
        };
        match files::read_guarded(root, &root.join(PRIVATE_FILE), CONFIG_BYTES_MAX).map(String::from_utf8) {
            Ok(Ok(text)) => Private { text: Some(text), diagnostics: Vec::new() },
            Ok(Err(_)) => {
                tell(Diagnostic::warning(Code::CONFIG_SYNTAX, "this is not UTF-8").cure("save the file as UTF-8"))
            }
            Err(Unread::Io(error)) if error.kind() == std::io::ErrorKind::NotFound => Private::default(),
            Err(unread) => tell(unread.telling(CONFIG_BYTES_MAX)),
        }
    }

    #[cfg(test)]
    pub(super) fn of(text: &str) -> Private {
        Private { text: Some(text.to_owned()), diagnostics: Vec::new() }
    }

    /// Adds its feeds and places; `others` read what else it holds.
    fn add(
        self,
        feeds: &mut Feeds,
        config: &mut MonitoringConfig,
        others: impl FnOnce(&mut Reader<'_>, &Section<'_, '_>),
    ) -> Vec<Diagnostic> {
        let mut diagnostics = self.diagnostics;
        let Some(text) = self.text else { return diagnostics };
        let (table, syntax) = DeTable::parse_recoverable(&text);
        let source = Arc::new(Source::new(PRIVATE_FILE, secret::masked(&text, table.get_ref())));
        let mut reader = Reader::new(&source);
        let section = reader.section(table.get_ref(), 0..0, "`upfront.private.toml`", &PRIVATE_KEYS, &[]);
        feeds.read(&mut reader, &section);
        places::read(&mut reader, &section, &mut config.places);
        others(&mut reader, &section);
        let lost = |error| syntax_error(error, &source).outcome("built, with what could be read of it");
        diagnostics.extend(syntax.iter().map(lost).map(|told| Diagnostic { severity: Severity::Warning, ..told }));
        // What could not be read may only seem to be missing.
        let seems = |told: &Diagnostic| !syntax.is_empty() && told.code == Code::CONFIG_KEY_MISSING;
        diagnostics.extend(reader.into_diagnostics().into_iter().filter(|told| !seems(told)));
        diagnostics
    }
}

/// All of both files but what components say; also the feeds that components may name. `others` read what else the private
/// file holds.
pub(super) fn read(
    reader: &mut Reader<'_>,
    site: &Section<'_, '_>,
    language: &str,
    private: Private,
    others: impl FnOnce(&mut Reader<'_>, &Section<'_, '_>),
) -> (MonitoringConfig, Feeds) {
    let mut config = MonitoringConfig::default();
    let mut feeds = Feeds::default();
    feeds.read(reader, site);
    places::read(reader, site, &mut config.places);
    let told = private.add(&mut feeds, &mut config, others);
    reader.tell_all(told);
    (config.limits, config.notices) = detection::read(reader, site);
    config.texts = notice::read(reader, site, language);
    config.uptime = uptime::read(reader, site);
    config.feeds.clone_from(&feeds.feeds);
    (config, feeds)
}
