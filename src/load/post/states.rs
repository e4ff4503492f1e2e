//! Heading attributes: `{ imap=degraded_performance pop=operational next=14:30 }`.

use std::ops::Range;

use super::components::Names;
use super::teller::{Teller, quoted};
use super::word::{Near, did_you_mean, fold, near};
use crate::diag::Code;
use crate::model::{ComponentState, Slug};

/// Short forms that people write.
const SHORT: [(&str, ComponentState); 14] = [
    ("up", ComponentState::Operational),
    ("ok", ComponentState::Operational),
    ("fine", ComponentState::Operational),
    ("fixed", ComponentState::Operational),
    ("resolved", ComponentState::Operational),
    ("maintenance", ComponentState::UnderMaintenance),
    ("degraded", ComponentState::DegradedPerformance),
    ("slow", ComponentState::DegradedPerformance),
    ("minor", ComponentState::DegradedPerformance),
    ("partial", ComponentState::PartialOutage),
    ("major", ComponentState::MajorOutage),
    ("critical", ComponentState::MajorOutage),
    ("down", ComponentState::MajorOutage),
    ("outage", ComponentState::MajorOutage),
];

/// What stands behind a heading.
#[derive(Debug, Default)]
pub(super) struct Attributes {
    /// States set from this update on; a group stands for all of its components.
    pub states: Vec<(Slug, ComponentState)>,
    /// Where it says when the next word comes.
    pub next: Option<Range<usize>>,
}

/// Reads the attributes that stand at `span` in `text`. A component that is called `next` keeps its name.
pub(super) fn read(text: &str, span: Range<usize>, names: &Names<'_>, tell: &mut Teller) -> Attributes {
    let mut states: Vec<(Slug, ComponentState)> = Vec::new();
    let mut next = None;
    for (name, state) in pairs(text.get(span.clone()).unwrap_or_default()) {
        let place = |part: &Range<usize>| part.start + span.start..part.end + span.start;
        let word = |part: &Range<usize>| text.get(place(part)).unwrap_or_default();
        if is_next(word(&name)) && names.find(word(&name)).is_none() {
            next = Some(place(&state));
            continue;
        }
        let Some(components) = names.find(word(&name)) else {
            names.tell_unknown(word(&name), place(&name), "published, without this state", tell);
            continue;
        };
        let Some(state) = read_state(word(&state), place(&state), tell) else { continue };
        for component in components {
            match states.iter_mut().find(|(id, _)| *id == component) {
                Some(entry) => entry.1 = state,
                None => states.push((component, state)),
            }
        }
    }
    Attributes { states, next }
}

fn is_next(word: &str) -> bool {
    matches!(fold(word).as_str(), "next" | "nextupdate" | "nextword")
}

fn read_state(word: &str, span: Range<usize>, tell: &mut Teller) -> Option<ComponentState> {
    let folded = fold(word);
    let known = ComponentState::ALL.into_iter().find(|state| fold(state.word()) == folded);
    if let Some(state) = known.or_else(|| SHORT.iter().find(|(short, _)| *short == folded).map(|(_, state)| *state)) {
        return Some(state);
    }
    let words = || ComponentState::ALL.into_iter().map(ComponentState::word);
    let meant = match near(word, words()) {
        Near::Surely(found) => ComponentState::ALL.into_iter().find(|state| state.word() == found),
        Near::Perhaps(_) | Near::No => None,
    };
    let outcome = match meant {
        Some(state) => format!("read as `{}`", state.word()),
        None => "published, without this state".to_owned(),
    };
    tell.error(Code::UNKNOWN_WORD, span, format!("no state is called {}", quoted(word)))
        .cure(did_you_mean(word, ComponentState::ALL.iter().map(|state| state.word())))
        .outcome(outcome);
    meant
}

/// `a=b`, `a: b`, `a = b`, apart by blanks or commas. A word that is no pair is passed over, as Markdown does with it.
fn pairs(text: &str) -> impl Iterator<Item = (Range<usize>, Range<usize>)> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let sign = at + text.get(at..)?.find(['=', ':'])?;
        let name = last_word(text, at..sign);
        let value = first_word(text, sign + 1);
        at = value.end;
        Some((name, value))
    })
}

fn is_blank(c: char) -> bool {
    c.is_whitespace() || ",;\"'“”{}".contains(c)
}

fn last_word(text: &str, range: Range<usize>) -> Range<usize> {
    let before = text.get(range.clone()).unwrap_or_default().trim_end_matches(is_blank);
    let start = before.char_indices().rev().find(|(_, c)| is_blank(*c)).map_or(0, |(at, c)| at + c.len_utf8());
    range.start + start..range.start + before.len()
}

fn first_word(text: &str, from: usize) -> Range<usize> {
    let after = text.get(from..).unwrap_or_default();
    let trimmed = after.trim_start_matches(is_blank);
    let start = from + after.len() - trimmed.len();
    let len = trimmed.find(|c: char| is_blank(c) || c == '=').unwrap_or(trimmed.len());
    start..start + len
}
