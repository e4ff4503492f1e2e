//! Words that a writer almost wrote.

use crate::diag::nearest;

/// What a word that is none of those expected was probably meant to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Near<'a> {
    /// So near that it is read as that: one slip of the finger, two in a long word.
    Surely(&'a str),
    /// Near enough to ask.
    Perhaps(&'a str),
    No,
}

/// Finds the nearest candidate.
pub(super) fn near<'a>(typed: &str, candidates: impl IntoIterator<Item = &'a str>) -> Near<'a> {
    // Longer than any of our words: a sentence, for which no edit distance need be computed.
    if typed.len() > 64 {
        return Near::No;
    }
    match nearest(typed, candidates) {
        None => Near::No,
        Some(found) => {
            let (typed, folded) = (fold(typed), fold(found));
            let slips_max = if typed.chars().count() >= 7 { 2 } else { 1 };
            if strsim::osa_distance(&typed, &folded) <= slips_max { Near::Surely(found) } else { Near::Perhaps(found) }
        }
    }
}

/// A word without regard to case and separators.
pub(super) fn fold(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// The cure for a word that is none of those expected.
pub(super) fn did_you_mean<'a>(typed: &str, candidates: impl Iterator<Item = &'a str> + Clone) -> String {
    match near(typed, candidates.clone()) {
        Near::Surely(found) | Near::Perhaps(found) => format!("did you mean `{found}`?"),
        Near::No => {
            const SHOWN_MAX: usize = 16;
            let words: Vec<_> = candidates.take(SHOWN_MAX).map(|word| format!("`{word}`")).collect();
            format!("write one of {}", words.join(", "))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_slip_is_surely_meant_and_three_are_asked() {
        assert_eq!(near("titel", ["title"]), Near::Surely("title"));
        assert_eq!(near("Next-Updaet", ["next_update"]), Near::Surely("next_update"));
        assert_eq!(near("status", ["starts"]), Near::Perhaps("starts"));
        assert_eq!(near("layout", ["title", "kind"]), Near::No);
    }
}
