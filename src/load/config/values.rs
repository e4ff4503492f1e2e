//! What single values of the config may be: text, zones, languages, links, lengths of time.

use jiff::tz::TimeZoneDatabase;
use jiff::{SignedDuration, Span, SpanRelativeTo};

use crate::diag::nearest;
use crate::model::Zone;

/// Text without control characters (but line breaks) and without characters that turn the direction of what stands
/// around them (<https://www.unicode.org/reports/tr9/#Explicit_Directional_Embeddings>), of at most so many characters.
pub(super) fn clean(text: &str, len_max: usize) -> String {
    let turns =
        |c: char| matches!(c, '\u{200e}' | '\u{200f}' | '\u{061c}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let kept = |c: &char| *c == '\n' || !(c.is_control() || turns(*c));
    text.trim().chars().filter(kept).take(len_max).collect()
}

/// As [`clean`], on one line, with single spaces.
pub(super) fn line(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    clean(&words.join(" "), usize::MAX)
}

/// The zone of that IANA name, from the bundled database: the machine's own must not matter.
pub(super) fn zone(name: &str) -> Option<Zone> {
    let tz = TimeZoneDatabase::bundled().get(name).ok()?;
    // `Etc/Unknown` has no name: it is there to say that a zone is not known.
    let name = tz.iana_name()?.to_owned();
    Some(Zone { name, tz })
}

/// The zone that was probably meant: of that city, or of a similar name.
pub(super) fn zone_cure(name: &str) -> String {
    let database = TimeZoneDatabase::bundled();
    let known: Vec<String> = database.available().map(|known| known.as_str().to_owned()).collect();
    let city = known.iter().find(|known| {
        known
            .rsplit_once('/')
            .is_some_and(|(_, city)| city.replace('_', " ").eq_ignore_ascii_case(&name.replace('_', " ")))
    });
    match city.map(String::as_str).or_else(|| nearest(name, known.iter().map(String::as_str))) {
        Some(near) => format!("did you mean `{near}`?"),
        None => "a name of the IANA database, such as `Europe/Oslo`".to_owned(),
    }
}

/// `[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*`: well-formed after BCP 47 (<https://www.rfc-editor.org/info/bcp47>), near enough.
pub(super) fn is_language(tag: &str) -> bool {
    let mut parts = tag.split('-');
    let first = parts.next().unwrap_or_default();
    tag.len() <= 64
        && (2..=8).contains(&first.len())
        && first.bytes().all(|byte| byte.is_ascii_alphabetic())
        && parts.all(|part| (1..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric()))
}

/// `http`, `https` or `mailto`, with something behind it, and nothing that ends an attribute or a line.
pub(super) fn is_outer_link(url: &str) -> bool {
    let lower = url.to_ascii_lowercase();
    let rest = if let Some(address) = lower.strip_prefix("mailto:") {
        address.split_once('@').filter(|(name, host)| !name.is_empty() && !host.is_empty()).map(|_| address)
    } else {
        let rest = lower.strip_prefix("https://").or_else(|| lower.strip_prefix("http://"));
        rest.filter(|rest| rest.starts_with(|c: char| c.is_alphanumeric() || c == '['))
    };
    rest.is_some() && is_url_text(url)
}

/// A path of the site: `/maintenance/`.
pub(super) fn is_site_path(url: &str) -> bool {
    url.starts_with('/') && !url.starts_with("//") && is_url_text(url) && !url.split('/').any(|part| part == "..")
}

fn is_url_text(url: &str) -> bool {
    !url.chars()
        .any(|c| c.is_whitespace() || c.is_control() || matches!(c, '"' | '\'' | '<' | '>' | '\\' | '`' | '{' | '}'))
}

/// From a minute to a year: "5m", "30 min", "2h", "1 day"; a day has 24 hours.
pub(super) fn duration(text: &str) -> Option<SignedDuration> {
    let bounds = SignedDuration::from_mins(1)..=SignedDuration::from_hours(366 * 24);
    duration_of(text).filter(|duration| bounds.contains(duration))
}

/// Of any length.
pub(super) fn duration_of(text: &str) -> Option<SignedDuration> {
    let span: Span = text.parse().ok()?;
    span.to_duration(SpanRelativeTo::days_are_24_hours()).ok()
}
