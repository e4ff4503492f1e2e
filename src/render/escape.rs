//! Text for HTML and XML: escaped, and without the characters that neither may hold or that mislead a reader.
//!
//! `load` has already cleaned what it read; this is the second fence, because Markdown's character references
//! (`&#x202e;`) bring such characters back after that.

/// Appends `text` for an element's content.
pub(in crate::render) fn text_into(out: &mut String, text: &str) {
    push(out, text, |c| match c {
        '&' => Some("&amp;"),
        '<' => Some("&lt;"),
        '>' => Some("&gt;"),
        _ => None,
    });
}

/// Appends `text` for an attribute's value in double or single quotes. Good for content as well.
pub(in crate::render) fn attribute_into(out: &mut String, text: &str) {
    push(out, text, |c| match c {
        '&' => Some("&amp;"),
        '<' => Some("&lt;"),
        '>' => Some("&gt;"),
        '"' => Some("&quot;"),
        '\'' => Some("&#39;"),
        // Attribute values are normalised by XML parsers; a reference survives.
        '\n' => Some("&#10;"),
        '\t' => Some("&#9;"),
        _ => None,
    });
}

/// Appends `text` as it is, without the forbidden characters: for formats that escape by themselves.
pub(in crate::render) fn clean_into(out: &mut String, text: &str) {
    push(out, text, |_| None);
}

/// Whether a character has no business in anything that leaves the program: controls except tab and line feed, what
/// XML 1.0 forbids (<https://www.w3.org/TR/xml/#charsets>), and the formatting characters that can show text in
/// another order than it has (<https://www.unicode.org/reports/tr9/#Directional_Formatting_Characters>). The marks
/// LRM, RLM and ALM only help and stay.
pub(in crate::render) fn is_forbidden(c: char) -> bool {
    match c {
        '\t' | '\n' => false,
        '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => true,
        '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}' => true,
        c => c.is_control(),
    }
}

fn push(out: &mut String, text: &str, escape: impl Fn(char) -> Option<&'static str>) {
    out.reserve(text.len());
    let mut rest = text;
    loop {
        let stop = rest.char_indices().find_map(|(at, c)| match escape(c) {
            Some(escaped) => Some((at, c, escaped)),
            None => is_forbidden(c).then_some((at, c, "")),
        });
        let Some((at, c, escaped)) = stop else { break };
        let (before, after) = rest.split_at(at);
        out.push_str(before);
        out.push_str(escaped);
        rest = after.strip_prefix(c).unwrap_or_default();
    }
    out.push_str(rest);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_keeps_quotes_and_attributes_do_not() {
        let (mut content, mut attribute) = (String::new(), String::new());
        text_into(&mut content, "a<b> & \"c\"");
        attribute_into(&mut attribute, "a<b> & \"c\" 'd'\n");
        assert_eq!(content, "a&lt;b&gt; &amp; \"c\"");
        assert_eq!(attribute, "a&lt;b&gt; &amp; &quot;c&quot; &#39;d&#39;&#10;");
    }

    #[test]
    fn what_would_mislead_or_break_xml_is_gone() {
        let mut out = String::new();
        text_into(&mut out, "a\u{202e}b\u{0}c\u{85}d\u{ffff}e\u{2066}f\u{feff}\tg\nh\u{200f}i😀");
        assert_eq!(out, "abcdef\tg\nh\u{200f}i😀");
    }
}
