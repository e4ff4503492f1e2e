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
    let distance_max = (folded.chars().count().div_ceil(3)).max(1);
    let mut best: Option<(usize, &str)> = None;
    for candidate in candidates {
        let distance = strsim::osa_distance(&folded, &fold(candidate));
        if distance <= distance_max && best.is_none_or(|(least, _)| distance < least) {
            best = Some((distance, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}

fn fold(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}
