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

/// Appends `text` for a page: an element's content, or an attribute's value in quotes of either kind.
pub(in crate::render) fn html_into(out: &mut String, text: &str) {
    push(out, text, |c| match c {
        '&' => Some("&amp;"),
        '<' => Some("&lt;"),
        '>' => Some("&gt;"),
        '"' => Some("&quot;"),
        '\'' => Some("&#39;"),
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
    let mut done = 0;
    let mut from = 0;
    while let Some(at) = suspect(text, from) {
        let Some(c) = text.get(at..).and_then(|rest| rest.chars().next()) else { break };
        from = at + c.len_utf8();
        let replaced = escape(c).or_else(|| is_forbidden(c).then_some(""));
        if let Some(replaced) = replaced {
            out.push_str(text.get(done..at).unwrap_or_default());
            out.push_str(replaced);
            done = from;
        }
    }
    out.push_str(text.get(done..).unwrap_or_default());
}

/// The next place from `from` on where a character stands that may be escaped or forbidden. Nearly all text has none, and
/// is then only looked through byte by byte.
fn suspect(text: &str, from: usize) -> Option<usize> {
    let bytes = text.as_bytes().get(from..)?;
    bytes.iter().position(|&byte| IS_SUSPECT[usize::from(byte)]).map(|at| from + at)
}

/// Of each byte, whether it is or begins a character that [`push`] must look at: ASCII controls and HTML's own, and the
/// first bytes of U+0080–U+00BF, U+2000–U+2FFF and U+F000–U+FFFF.
const IS_SUSPECT: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = 0;
    while byte < 256 {
        table[byte] = matches!(byte as u8, 0..=0x1f | 0x7f | b'&' | b'<' | b'>' | b'"' | b'\'' | 0xc2 | 0xe2 | 0xef);
        byte += 1;
    }
    table
};

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
        let mut page = String::new();
        html_into(&mut page, "a<b> & \"c\" 'd'\n\u{202e}");
        assert_eq!(page, "a&lt;b&gt; &amp; &quot;c&quot; &#39;d&#39;\n");
    }

    #[test]
    fn what_would_mislead_or_break_xml_is_gone() {
        let mut out = String::new();
        text_into(&mut out, "a\u{202e}b\u{0}c\u{85}d\u{ffff}e\u{2066}f\u{feff}\tg\nh\u{200f}i😀");
        assert_eq!(out, "abcdef\tg\nh\u{200f}i😀");
    }

    #[test]
    fn every_character_that_is_forbidden_begins_with_a_byte_that_is_looked_at() {
        for c in (0..=u32::from(char::MAX)).filter_map(char::from_u32).filter(|&c| is_forbidden(c)) {
            assert!(suspect(&c.to_string(), 0) == Some(0), "{c:?}");
        }
    }
}
