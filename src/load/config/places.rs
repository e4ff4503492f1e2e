//! `[places]`: what readers may know of the places that monitors check from. What is not named stays private.

use std::collections::BTreeMap;

use toml::de::DeValue;

use super::reader::{Reader, Section};
use super::{LIST_MAX, values};

/// The longest name of a place, in characters.
const NAME_CHARS_MAX: usize = 60;

/// Adds the places of one file: `osl = "Oslo"`. A code that is there already keeps its name.
pub(super) fn read(reader: &mut Reader<'_>, site: &Section<'_, '_>, places: &mut BTreeMap<String, String>) {
    let Some(value) = reader.any(site, "places") else { return };
    reader.leniently("built, without this place", |reader| {
        let DeValue::Table(table) = value.get_ref() else {
            reader.wrong_type(value, "places", "a table: `[places]`, and below it `osl = \"Oslo\"`");
            return;
        };
        for (code, name) in table.iter() {
            let DeValue::String(text) = name.get_ref() else {
                reader.wrong_type(name, &values::clean(code.get_ref(), 60), "the place's name: `osl = \"Oslo\"`");
                continue;
            };
            if places.len() < LIST_MAX {
                let name: String = values::line(text).chars().take(NAME_CHARS_MAX).collect();
                places.entry(code.get_ref().trim().to_owned()).or_insert(name);
            }
        }
    });
}
