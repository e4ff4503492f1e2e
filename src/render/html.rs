//! HTML that is known to be safe.

use std::fmt;

use serde::{Serialize, Serializer};

/// HTML that needs no escape any more. Made only in `render`: by the Markdown renderer, and by putting escaped text
/// together. In a template it is printed as it is; a plain string is always escaped.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Html(String);

impl Html {
    /// Takes HTML that the caller has made of constants and escaped text only.
    pub(in crate::render) fn trusted(html: impl Into<String>) -> Html {
        Html(html.into())
    }

    /// Text, escaped for content and for attribute values in double or single quotes.
    pub fn text(text: &str) -> Html {
        let mut html = String::with_capacity(text.len() + 8);
        escape_into(&mut html, text);
        Html(html)
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// Appends `text`, escaped.
pub(in crate::render) fn escape_into(html: &mut String, text: &str) {
    let mut rest = text;
    while let Some(at) = rest.find(['&', '<', '>', '"', '\'']) {
        let (before, after) = rest.split_at(at);
        html.push_str(before);
        html.push_str(match after.as_bytes().first() {
            Some(b'&') => "&amp;",
            Some(b'<') => "&lt;",
            Some(b'>') => "&gt;",
            Some(b'"') => "&quot;",
            _ => "&#39;",
        });
        rest = after.get(1..).unwrap_or_default();
    }
    html.push_str(rest);
}

impl fmt::Display for Html {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Serialize for Html {
    /// As Tera's own safe string, which its escaping leaves alone.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        tera::Value::safe_string(&self.0).serialize(serializer)
    }
}
