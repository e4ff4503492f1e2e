//! Lengths of time, counts and shares, as people write them; each with the bounds that its key has.

use std::ops::RangeInclusive;

use jiff::SignedDuration;
use toml::Spanned;
use toml::de::DeValue;

use super::reader::{Reader, Section};
use super::values;

/// A length of time such as `"90s"`, `"3 min"` or `"1h 30m"`, at least and at most so long.
pub(super) fn duration(
    reader: &mut Reader<'_>,
    section: &Section<'_, '_>,
    key: &str,
    bounds: RangeInclusive<SignedDuration>,
) -> Option<SignedDuration> {
    let text = reader.text(section, key)?;
    let duration = values::duration_of(&text.value).filter(|duration| bounds.contains(duration));
    if duration.is_none() {
        let (min, max) = (plain(*bounds.start()), plain(*bounds.end()));
        let message = format!("`{}` is not a length of time from {min} to {max}", text.value);
        reader.value_error(&text.span, message, "such as `\"90s\"`, `\"3 min\"`, `\"2h\"` or `\"1 day\"`");
    }
    duration
}

/// A whole number, at least and at most so large.
pub(super) fn count(
    reader: &mut Reader<'_>,
    section: &Section<'_, '_>,
    key: &str,
    bounds: RangeInclusive<u32>,
) -> Option<u32> {
    let value = reader.any(section, key)?;
    let DeValue::Integer(number) = value.get_ref() else {
        reader.wrong_type(value, key, &format!("a whole number, such as `{key} = {}`", bounds.start()));
        return None;
    };
    let count = i64::from_str_radix(number.as_str(), number.radix()).ok().and_then(|number| u32::try_from(number).ok());
    let count = count.filter(|count| bounds.contains(count));
    if count.is_none() {
        let message = format!("`{key}` is not a whole number from {} to {}", bounds.start(), bounds.end());
        reader.value_error(&value.span(), message, format!("such as `{key} = {}`", bounds.start()));
    }
    count
}

/// A share from 0 to 1, `0.333` or `"33.3 %"`, in thousandths, to the nearest one.
pub(super) fn thousandths(reader: &mut Reader<'_>, section: &Section<'_, '_>, key: &str) -> Option<u32> {
    let value = reader.any(section, key)?;
    let Some(text) = written(value) else {
        reader.wrong_type(value, key, "a share, such as `0.333` or `\"33.3 %\"`");
        return None;
    };
    let share = share(text);
    if share.is_none() {
        let message = format!("`{}` is not a share from 0 to 1", values::clean(text, 40));
        reader.value_error(&value.span(), message, "such as `0.333` or `\"33.3 %\"`");
    }
    share
}

/// The text of a number, or of text.
fn written<'t>(value: &'t Spanned<DeValue<'_>>) -> Option<&'t str> {
    match value.get_ref() {
        DeValue::String(text) => Some(text),
        DeValue::Integer(number) => Some(number.as_str()),
        DeValue::Float(number) => Some(number.as_str()),
        DeValue::Boolean(_) | DeValue::Datetime(_) | DeValue::Array(_) | DeValue::Table(_) => None,
    }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it was checked to be from 0 to 1000")]
fn share(text: &str) -> Option<u32> {
    let text = text.trim();
    let (number, whole) = match text.strip_suffix('%') {
        Some(percent) => (percent.trim_end(), 100.0),
        None => (text, 1.0),
    };
    let share = number.replace('_', "").parse::<f64>().ok()? / whole * 1000.0;
    (0.0..=1000.0).contains(&share).then(|| share.round() as u32)
}

/// `90 s`, `3 min`, `24 h`: in the largest unit that it is a whole number of.
fn plain(duration: SignedDuration) -> String {
    let ms = duration.as_millis();
    for (unit_ms, unit) in [(86_400_000, "day"), (3_600_000, "h"), (60_000, "min"), (1000, "s")] {
        if ms >= unit_ms && ms % unit_ms == 0 {
            let count = ms / unit_ms;
            return format!("{count} {unit}{}", if unit == "day" && count > 1 { "s" } else { "" });
        }
    }
    format!("{ms} ms")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_is_a_number_to_one_or_a_percentage() {
        for (text, thousandths) in
            [("0.333", 333), ("33.3 %", 333), ("50%", 500), ("1", 1000), ("0", 0), ("0.3333", 333), ("100 %", 1000)]
        {
            assert_eq!(share(text), Some(thousandths), "{text}");
        }
        for text in ["50", "-0.1", "nan", "inf", "1/3", "", "%", "101 %"] {
            assert_eq!(share(text), None, "{text}");
        }
    }

    #[test]
    fn bounds_are_told_in_their_largest_unit() {
        for (ms, told) in [(1, "1 ms"), (1000, "1 s"), (90_000, "90 s"), (180_000, "3 min"), (86_400_000, "1 day")] {
            assert_eq!(plain(SignedDuration::from_millis(ms)), told);
        }
    }
}
