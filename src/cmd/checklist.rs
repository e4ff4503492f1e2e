//! What the operator wants done when somebody has posted: printed at the moment it is needed.

use jiff::ZonedDateTime;

use crate::model::{Config, Slug};

/// For those who have not written their own into `checklist` of `upfront.toml`.
const BUILT_IN: [&str; 3] = [
    "Publish it now; details can follow",
    "Send the link to support and to whoever answers the phone",
    "Call somebody if you are alone with it",
];

/// The list, with the post's address and the time of the next update.
pub fn checklist(config: &Config, slug: &Slug, next_update: Option<&ZonedDateTime>) -> String {
    format!("It will stand at {}/incidents/{slug}/\n\n{}", config.url, items(config, next_update))
}

/// The list alone, a line each.
pub fn items(config: &Config, next_update: Option<&ZonedDateTime>) -> String {
    let mut items: Vec<String> =
        if config.checklist.is_empty() { BUILT_IN.map(str::to_owned).to_vec() } else { config.checklist.clone() };
    if let Some(at) = next_update {
        items.push(format!("Write again by {}, even if there is nothing new", at.strftime("%H:%M %Z")));
    }
    (1..).zip(&items).map(|(number, item)| format!("{number}. {item}\n")).collect()
}
