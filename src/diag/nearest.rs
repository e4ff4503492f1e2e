//! The nearest valid name, for "did you mean".

/// The candidate that `typed` was probably meant to be: equal but for case and separators, or else within an edit
/// distance of a third of the length. Of equals the first wins.
///
/// # Example
///
/// ```
/// use upfront::diag::nearest;
///
/// assert_eq!(nearest("impa", ["smtp", "imap"]), Some("imap"));
/// assert_eq!(nearest("Next-Update", ["next_update"]), Some("next_update"));
/// assert_eq!(nearest("webmail", ["smtp", "imap"]), None);
/// ```
pub fn nearest<'a>(typed: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let folded = fold(typed);
    let folded_len = folded.chars().count();
    let distance_max = folded_len.div_ceil(3).max(1);
    let mut best: Option<(usize, &str)> = None;
    for candidate in candidates {
        let candidate_folded = fold(candidate);
        // The distance is at least the difference in length, which costs nothing to know.
        if candidate_folded.chars().count().abs_diff(folded_len) > distance_max {
            continue;
        }
        let distance = strsim::osa_distance(&folded, &candidate_folded);
        if distance <= distance_max && best.is_none_or(|(least, _)| distance < least) {
            best = Some((distance, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}

fn fold(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}
