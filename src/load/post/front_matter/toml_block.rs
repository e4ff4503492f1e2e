//! TOML 1.0 (<https://toml.io/en/v1.0.0>), strictly. The crate bounds nesting; we bound the size.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::super::value::{Entry, Table, Value, ValueKind};

/// Reads a whole block; `offset` is where it stands in the file.
///
/// # Errors
///
/// The place of the first mistake.
pub(super) fn read(block: &str, offset: usize) -> Result<Table, Range<usize>> {
    match DeTable::parse(block) {
        Ok(table) => Ok(to_table(table.get_ref(), block, offset)),
        Err(error) => Err(shift(error.span().unwrap_or(0..0), offset)),
    }
}

/// The crate sorts keys; duplicates are told in the order of the file.
fn to_table(table: &DeTable<'_>, block: &str, offset: usize) -> Table {
    let mut entries: Vec<Entry> = table
        .iter()
        .map(|(key, value)| Entry {
            key: key.get_ref().to_string(),
            key_span: shift(key.span(), offset),
            value: to_value(value, block, offset),
        })
        .collect();
    entries.sort_by_key(|entry| entry.key_span.start);
    Table { entries }
}

/// Recursion is bounded by the crate's own limit on nesting.
fn to_value(value: &Spanned<DeValue<'_>>, block: &str, offset: usize) -> Value {
    let as_written = || block.get(value.span()).unwrap_or_default().to_owned();
    let kind = match value.get_ref() {
        DeValue::String(text) => ValueKind::Text(text.to_string()),
        DeValue::Integer(number) => match i64::from_str_radix(number.as_str(), number.radix()) {
            Ok(number) => ValueKind::Integer(number),
            Err(_) => ValueKind::Float(as_written()),
        },
        DeValue::Float(_) => ValueKind::Float(as_written()),
        DeValue::Boolean(value) => ValueKind::Bool(*value),
        DeValue::Datetime(_) => ValueKind::Time(as_written()),
        DeValue::Array(items) => ValueKind::List(items.iter().map(|item| to_value(item, block, offset)).collect()),
        DeValue::Table(table) => ValueKind::Table(to_table(table, block, offset)),
    };
    Value::new(shift(value.span(), offset), kind)
}

fn shift(span: Range<usize>, offset: usize) -> Range<usize> {
    span.start + offset..span.end + offset
}
