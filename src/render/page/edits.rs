//! What was changed of a text after it was published: always that and when, and what it said before where the site shows it.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;
use similar::{ChangeTag, TextDiff};

use super::pen::Pen;
use crate::derive::Moment;
use crate::model::Edit;
use crate::render::Html;
use crate::render::i18n::T;
use crate::render::markdown;
use crate::render::time::Own;

/// So many words stand on each side of a change.
const AROUND_MAX: usize = 6;

/// A difference longer than this is not printed; in characters of both texts.
const COMPARED_MAX: usize = 20_000;

/// A change.
#[derive(Serialize)]
pub(super) struct Edited {
    /// `Edited 12:41 CEST`
    when: Html,
    /// The words that are gone and those that came.
    difference: Option<Html>,
}

impl Pen<'_> {
    /// The changes of a text on a page about `day`, oldest first.
    pub(super) fn edits(&self, edits: &[Edit], day: Date) -> Vec<Edited> {
        edits.iter().map(|edit| self.edited(edit, day)).collect()
    }

    fn edited(&self, edit: &Edit, day: Date) -> Edited {
        let when = self.html(T::edited, &[("time", &self.time_of(edit.at, day))]);
        let texts = edit.before.as_ref().zip(edit.after.as_ref());
        let texts = texts.map(|(before, after)| (markdown::plain(before), markdown::plain(after)));
        let difference = texts.filter(|(before, after)| before.len() + after.len() <= COMPARED_MAX);
        Edited { when, difference: difference.and_then(|(before, after)| self.difference(&before, &after)) }
    }

    fn time_of(&self, at: Timestamp, day: Date) -> Html {
        self.clock.near(Moment::At(at), day, Own::No)
    }

    /// `We know of <del>some</del> <ins>4 100</ins> accounts …`; `None` where no word changed.
    fn difference(&self, before: &str, after: &str) -> Option<Html> {
        let diff = TextDiff::from_words(before, after);
        let mut runs: Vec<(ChangeTag, String)> = Vec::new();
        for change in diff.iter_all_changes() {
            match runs.last_mut() {
                Some((tag, text)) if *tag == change.tag() => text.push_str(change.value()),
                _ => runs.push((change.tag(), change.value().to_owned())),
            }
        }
        if runs.iter().all(|(tag, text)| *tag == ChangeTag::Equal || text.trim().is_empty()) {
            return None;
        }
        let last = runs.len().saturating_sub(1);
        let mut html = String::new();
        for (index, (tag, text)) in runs.iter().enumerate() {
            match tag {
                ChangeTag::Equal => {
                    html.push_str(Html::text(&around(text, index > 0, index < last)).as_str());
                }
                ChangeTag::Delete => {
                    self.marked(&mut html, "del", T::edited_was, text);
                    // What takes its place does not stick to it.
                    if index < last && !html.ends_with(' ') {
                        html.push(' ');
                    }
                }
                ChangeTag::Insert => self.marked(&mut html, "ins", T::edited_now, text),
            }
        }
        Some(Html::trusted(html))
    }

    /// Those who cannot see the line through a word hear that it is gone.
    fn marked(&self, html: &mut String, element: &str, spoken: T, text: &str) {
        let (core, spoken) = (text.trim(), self.word(spoken));
        let lead = if text.starts_with(char::is_whitespace) { " " } else { "" };
        let trail = if text.ends_with(char::is_whitespace) { " " } else { "" };
        let (core, spoken) = (Html::text(core), Html::text(&spoken));
        html.push_str(&format!(
            "{lead}<{element}><span class=\"hide\">{} </span>{}</{element}>{trail}",
            spoken.as_str(),
            core.as_str()
        ));
    }
}

/// What did not change, shortened to a few words beside what did.
fn around(text: &str, change_before: bool, change_after: bool) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    let head = if change_before { AROUND_MAX } else { 0 };
    let tail = if change_after { AROUND_MAX } else { 0 };
    let pad = |shown: String| {
        let lead = if text.starts_with(char::is_whitespace) { " " } else { "" };
        let trail = if text.ends_with(char::is_whitespace) { " " } else { "" };
        format!("{lead}{shown}{trail}")
    };
    if words.len() <= head + tail {
        return pad(words.join(" "));
    }
    let (first, last) = (words.get(..head), words.get(words.len() - tail..));
    let parts = [first.unwrap_or_default().join(" "), "…".to_owned(), last.unwrap_or_default().join(" ")];
    pad(parts.iter().filter(|part| !part.is_empty()).map(String::as_str).collect::<Vec<_>>().join(" "))
}
