//! One object of a feed or log, as it stands in JSON: every key that any of them knows.

use std::borrow::Cow;
use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, Error, Visitor};

/// All keys are optional here; which must be there depends on what it is, and [`super::taker`] knows.
///
/// A key that stands twice is refused by serde, and unknown ones are passed over without recursion, however deep they are.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Object<'a> {
    #[serde(borrow)]
    pub monitor: Text<'a>,
    #[serde(borrow)]
    pub at: Text<'a>,
    #[serde(borrow)]
    pub status: Text<'a>,
    pub latency_ms: Option<f64>,
    #[serde(borrow)]
    pub location: Text<'a>,
    #[serde(borrow)]
    pub message: Text<'a>,
    pub confirmed: Option<bool>,
    pub unconfirmed: Option<bool>,
    pub rev: Option<u16>,
    #[serde(borrow)]
    pub from: Text<'a>,
    #[serde(borrow)]
    pub to: Text<'a>,
    #[serde(borrow)]
    pub feed: Text<'a>,
    pub every_s: Option<u32>,
    pub monitors: Option<u32>,
    #[serde(borrow)]
    pub id: Text<'a>,
    #[serde(borrow)]
    pub name: Text<'a>,
    pub interval_s: Option<f64>,
    #[serde(borrow)]
    pub parents: Option<Vec<Text<'a>>>,
    pub paused: Option<bool>,
}

/// Text that is borrowed where it has no escapes; `None` for a key that is missing or `null`.
#[derive(Debug, Default)]
pub(super) struct Text<'a>(Option<Cow<'a, str>>);

impl Text<'_> {
    pub(super) fn get(&self) -> Option<&str> {
        self.0.as_deref()
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Text<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Text<'a>, D::Error> {
        deserializer.deserialize_any(TextVisitor)
    }
}

struct TextVisitor;

impl<'de> Visitor<'de> for TextVisitor {
    type Value = Text<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("text")
    }

    fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Text<'de>, E> {
        Ok(Text(Some(Cow::Borrowed(text))))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Text<'de>, E> {
        Ok(Text(Some(Cow::Owned(text.to_owned()))))
    }

    fn visit_unit<E: Error>(self) -> Result<Text<'de>, E> {
        Ok(Text(None))
    }
}
