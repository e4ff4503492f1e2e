//! `[brand]`: three colours, each for light and for dark, and two lists of fonts.

use std::ops::Range;

use toml::Spanned;
use toml::de::DeValue;

use super::reader::{Reader, Section};
use crate::diag::{Code, Diagnostic};
use crate::model::{Brand, Pair};

pub(in crate::load) const KEYS: [&str; 5] = ["paper", "ink", "brand", "voice", "plain"];

/// The built-in theme's own colours (`theme/static/css/`), for what the config leaves as it is.
const PAPER: [Rgb; 2] = [Rgb([0xfb, 0xfa, 0xf6]), Rgb([0x14, 0x15, 0x17])];
const INK: [Rgb; 2] = [Rgb([0x1d, 0x1b, 0x18]), Rgb([0xe4, 0xe0, 0xd8])];
const BRAND: [Rgb; 2] = [Rgb([0x1a, 0x4a, 0x5e]), Rgb([0x92, 0xc7, 0xdc])];

/// Muted text and lines are mixed from the two, so they need more room than WCAG's 7:1.
const INK_RATIO_MIN: f64 = 12.0;
/// WCAG 2.2, 1.4.3: it colours text.
const BRAND_RATIO_MIN: f64 = 4.5;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Rgb([u8; 3]);

/// For light and for dark, and where it stands.
type Colours = ([Rgb; 2], Range<usize>);

pub(super) fn read(reader: &mut Reader<'_>, site: &Section<'_, '_>) -> Brand {
    let Some(table) = reader.table(site, "brand", &KEYS) else { return Brand::default() };
    let paper = colours(reader, &table, "paper", PAPER);
    let ink = colours(reader, &table, "ink", INK);
    let brand = colours(reader, &table, "brand", BRAND);
    contrast(reader, "ink", &ink, INK, &paper, INK_RATIO_MIN);
    contrast(reader, "brand", &brand, BRAND, &paper, BRAND_RATIO_MIN);
    let pair = |colours: Option<Colours>| {
        colours.map(|([light, dark], _)| Pair { light: light.to_string(), dark: dark.to_string() })
    };
    Brand {
        paper: pair(paper),
        ink: pair(ink),
        brand: pair(brand),
        voice: fonts(reader, &table, "voice"),
        plain: fonts(reader, &table, "plain"),
    }
}

/// `"#1a4a5e"` is for light alone; `["#1a4a5e", "#92c7dc"]` or `{ light = …, dark = … }` for both.
fn colours(reader: &mut Reader<'_>, table: &Section<'_, '_>, key: &str, own: [Rgb; 2]) -> Option<Colours> {
    let value = reader.any(table, key)?;
    let [mut light, mut dark] = own.map(Some);
    match value.get_ref() {
        DeValue::String(_) => light = colour(reader, value, key),
        DeValue::Array(list) if list.len() == 2 => {
            light = list.first().and_then(|value| colour(reader, value, key));
            dark = list.last().and_then(|value| colour(reader, value, key));
        }
        DeValue::Table(pair) => {
            for (word, value) in pair.iter() {
                match word.get_ref().as_ref() {
                    "light" => light = colour(reader, value, key),
                    "dark" => dark = colour(reader, value, key),
                    other => {
                        let told = Diagnostic::warning(Code::UNKNOWN_KEY, format!("`{key}` has no `{other}`"));
                        let told = told.cure("it has `light` and `dark`").outcome("built, without this");
                        reader.tell(told, &word.span());
                    }
                }
            }
        }
        _ => {
            reader.wrong_type(value, key, "a colour such as `\"#1a4a5e\"`, or two: `[\"<light>\", \"<dark>\"]`");
            return None;
        }
    }
    Some(([light?, dark?], value.span()))
}

fn colour(reader: &mut Reader<'_>, value: &Spanned<DeValue<'_>>, key: &str) -> Option<Rgb> {
    let DeValue::String(text) = value.get_ref() else {
        reader.wrong_type(value, key, "a colour such as `\"#1a4a5e\"`");
        return None;
    };
    let colour = Rgb::parse(text.trim());
    if colour.is_none() {
        let text = super::values::clean(text, 40);
        reader.value_error(&value.span(), format!("`{text}` is not a colour"), "write it as `#1a4a5e` or `#145`");
    }
    colour
}

fn contrast(
    reader: &mut Reader<'_>,
    key: &str,
    colours: &Option<Colours>,
    own: [Rgb; 2],
    paper: &Option<Colours>,
    ratio_min: f64,
) {
    let Some((_, span)) = colours.as_ref().or(paper.as_ref()) else { return };
    let on = paper.as_ref().map_or(PAPER, |(paper, _)| *paper);
    let colours = colours.as_ref().map_or(own, |(colours, _)| *colours);
    for ((colour, paper), scheme) in colours.into_iter().zip(on).zip(["light", "dark"]) {
        let ratio = colour.ratio(paper);
        if ratio < ratio_min {
            let message = format!("`{key}` {colour} on `paper` {paper} has a contrast of {}:1 ({scheme})", down(ratio));
            let told = Diagnostic::warning(Code::CONTRAST, message)
                .cure(format!("take colours further apart: {ratio_min}:1 or more, so that everybody can read it"));
            reader.tell(told.outcome("built with these colours"), span);
        }
    }
}

/// One decimal, rounded down, so that 11.99 is not told as 12.
fn down(ratio: f64) -> f64 {
    (ratio * 10.0).floor() / 10.0
}

impl Rgb {
    /// `#rgb` or `#rrggbb`.
    fn parse(text: &str) -> Option<Rgb> {
        let hex = text.strip_prefix('#').filter(|hex| hex.bytes().all(|byte| byte.is_ascii_hexdigit()))?;
        let channel = |at: usize| match hex.len() {
            3 => u8::from_str_radix(hex.get(at..=at)?, 16).ok().map(|half| half * 17),
            6 => u8::from_str_radix(hex.get(2 * at..2 * at + 2)?, 16).ok(),
            _ => None,
        };
        Some(Rgb([channel(0)?, channel(1)?, channel(2)?]))
    }

    /// <https://www.w3.org/TR/WCAG22/#dfn-relative-luminance>
    fn luminance(self) -> f64 {
        let [red, green, blue] = self.0.map(|channel| {
            let share = f64::from(channel) / 255.0;
            if share <= 0.04045 { share / 12.92 } else { ((share + 0.055) / 1.055).powf(2.4) }
        });
        0.2126 * red + 0.7152 * green + 0.0722 * blue
    }

    /// <https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio>
    fn ratio(self, other: Rgb) -> f64 {
        let (a, b) = (self.luminance(), other.luminance());
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }
}

impl std::fmt::Display for Rgb {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let [red, green, blue] = self.0;
        write!(f, "#{red:02x}{green:02x}{blue:02x}")
    }
}

/// A CSS font family list that cannot end the declaration it stands in.
fn fonts(reader: &mut Reader<'_>, table: &Section<'_, '_>, key: &str) -> Option<String> {
    let text = reader.text(table, key)?;
    let plain = |c: char| c.is_alphanumeric() || matches!(c, ' ' | ',' | '-' | '"' | '\'');
    let closed = |quote: char| text.value.matches(quote).count() % 2 == 0;
    let both = text.value.contains('"') && text.value.contains('\'');
    if text.value.chars().all(plain) && closed('"') && closed('\'') && !both {
        return Some(text.value);
    }
    let message = format!("`{}` is not a list of fonts", text.value);
    reader.value_error(&text.span, message, "names with commas between, such as `Charter, \"Noto Serif\", serif`");
    None
}
