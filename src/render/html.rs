//! HTML that is known to be safe.

use std::fmt;

use serde::{Serialize, Serializer};

use super::escape::html_into;

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
        html_into(&mut html, text);
        Html(html)
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
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
