//! The names of monitors.

use std::fmt;
use std::sync::Arc;

use crate::model::Slug;

/// The longest id, in bytes.
const LEN_MAX: usize = 128;

/// A monitor's id inside its feed: `[A-Za-z0-9_][A-Za-z0-9._/-]{0,127}`.
///
/// Names of foreign systems go through [`MonitorId::escaped`]: every other byte becomes `_` and two hexadecimal digits,
/// and `_` itself becomes `__`, so that the name can be had back. The parts of a name of several (host and service) are
/// joined with `/`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MonitorId(Arc<str>);

impl MonitorId {
    /// `None` unless `text` is an id as it stands. `_` may stand in it, since escapes are made of it.
    pub fn new(text: &str) -> Option<MonitorId> {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"._/-".contains(&byte);
        let good = text.len() <= LEN_MAX
            && text.bytes().next().is_some_and(|first| first.is_ascii_alphanumeric() || first == b'_')
            && text.bytes().all(plain);
        good.then(|| MonitorId(text.into()))
    }

    /// The id of a foreign system's own names, one for each part. `None` where nothing is left or it would be too long.
    ///
    /// # Example
    ///
    /// ```
    /// use upfront::model::MonitorId;
    ///
    /// let id = MonitorId::escaped(&["imap_01", "Backup age (passive)"]).unwrap();
    /// assert_eq!(id.as_str(), "imap__01/Backup_20age_20_28passive_29");
    /// ```
    pub fn escaped(parts: &[&str]) -> Option<MonitorId> {
        use fmt::Write as _;

        let mut id = String::new();
        for part in parts {
            if !id.is_empty() {
                id.push('/');
            }
            for byte in part.bytes() {
                match byte {
                    b'_' => id.push_str("__"),
                    b'.' | b'-' if !id.is_empty() => id.push(char::from(byte)),
                    byte if byte.is_ascii_alphanumeric() => id.push(char::from(byte)),
                    byte => {
                        let _ = write!(id, "_{byte:02x}");
                    }
                }
            }
        }
        MonitorId::new(&id)
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for MonitorId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A monitor among all feeds, written `nodeping:imap-ssl`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MonitorRef {
    /// The id of the feed.
    pub feed: Slug,
    pub monitor: MonitorId,
}

impl fmt::Display for MonitorRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.feed, self.monitor)
    }
}
