//! Keys whose value is one of a few words.

use super::reader::{Reader, Section};
use crate::diag::{Code, Diagnostic, nearest};
use crate::model::Notices;

pub(in crate::load) const NOTICES: [(&str, Notices); 3] =
    [("on", Notices::On), ("draft", Notices::Draft), ("off", Notices::Off)];

/// `notices = "draft"`. Another word stops the build: nobody wants published what was to be looked at first.
pub(super) fn notices(reader: &mut Reader<'_>, section: &Section<'_, '_>) -> Option<Notices> {
    one_of(reader, section, "notices", &NOTICES)
}

/// The meaning of the word under that key; a word that is none of these is told.
pub(super) fn one_of<T: Copy>(
    reader: &mut Reader<'_>,
    section: &Section<'_, '_>,
    key: &str,
    words: &[(&'static str, T)],
) -> Option<T> {
    let text = reader.text(section, key)?;
    let meant = words.iter().find(|(word, _)| *word == text.value).map(|&(_, meaning)| meaning);
    if meant.is_none() {
        let known = words.iter().map(|&(word, _)| word);
        let cure = match nearest(&text.value, known.clone()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => {
                let known: Vec<String> = known.map(|word| format!("`{word}`")).collect();
                format!("one of {}", known.join(", "))
            }
        };
        let told = Diagnostic::error(Code::CONFIG_VALUE, format!("`{key}` cannot be `{}`", text.value)).cure(cure);
        reader.tell(told.outcome("nothing is built"), &text.span);
    }
    meant
}
